"""Formulas in which a name occurs twice: the interval as if it were one value, which it is.

Plain interval arithmetic takes the two for independent and comes out too wide. So beside its value
each part of a formula carries, for each name in it that is an interval, bounds of its slope (the
partial derivative) and of its elasticity (the relative one: `a / a` has 0 exactly). Where a bound
has one sign the part rises or falls in that name throughout, and its ends are those at the name's
ends. Where it has not, the interval is halved a few times and each half looked at in the same way;
what is then still open stays plain. `min`, `max`, `abs` and `..` have the slopes of all they may
come to.

It is sound to the last bit: with each bound goes what rounding may have added to it, the result is
widened by that, and it never leaves what plain interval arithmetic says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from argmap.evidence.expression import Arithmetic, Call, Day, Name, Negative, Number, Today
from argmap.evidence.intervals import OPERATIONS
from argmap.evidence.model import Reason
from argmap.evidence.quantity import from_date

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from argmap.evidence.expression import Expr
    from argmap.evidence.intervals import Known
    from argmap.evidence.quantity import Interval

_ROUNDING = 2.0**-52  # twice what one operation loses of its result
_TINY = 5e-323  # what a product may lose below the smallest number
_MOST_LOOKS = 6_000  # at parts of a formula, in all: some hundredths of a second
_MOST_HALVINGS = 7

Box = dict[str, "Interval | Reason"]


class Bound(NamedTuple):
    """From `lo` to `hi` as computed; the true ends may lie `off` beyond, or `share` of themselves.

    Both hold, so the smaller counts.
    """

    lo: float
    hi: float
    off: float = 0.0
    share: float = 0.0


_ZERO, _ONE = Bound(0.0, 0.0), Bound(1.0, 1.0)
_ANY = Bound(-math.inf, math.inf, 0.0)


@dataclass(slots=True)
class _Part:
    """What a part of a formula comes to in a box, and how it moves with each wide name in it."""

    value: Bound
    slopes: dict[str, Bound] = field(default_factory=dict)
    ratios: dict[str, Bound] = field(default_factory=dict)  # elasticities


def tight(expr: Expr, of: Mapping[str, Interval | Reason], today: date) -> Known:
    """Return the interval of a formula without comparisons, each name being one value."""
    part = _Look(today).at(expr, dict(of), 0)
    return part if isinstance(part, Reason) else (part.value.lo, part.value.hi)


class _Look:
    """Looks at a formula in one box after another, so often and no more."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.left = _MOST_LOOKS

    def at(self, expr: Expr, box: Box, halved: int) -> _Part | Reason:
        self.left -= 1
        match expr:
            case Negative(of):
                part = self.at(of, box, halved)
                return part if isinstance(part, Reason) else _negated(part)
            case Call():
                return self.call(expr, box, halved)
            case Arithmetic():
                return self.arithmetic(expr, box, halved)
        return self.leaf(expr, box)

    def leaf(self, expr: Expr, box: Box) -> _Part | Reason:
        match expr:
            case Name(name):
                return _name(name, box[name])
            case Number(base) | Day(base):
                return _Part(Bound(base, base))
            case Today():
                now = from_date(self.today)
                return _Part(Bound(now, now))
        return _odd(known=False)  # not after `check_units`, but types cannot know

    def call(self, expr: Call, box: Box, halved: int) -> _Part | Reason:
        parts: list[_Part] = []
        for argument in expr.arguments:
            part = self.at(argument, box, halved)
            if isinstance(part, Reason):
                return part
            parts.append(part)
        if expr.function == "abs":
            return _absolute(parts[0])
        return _chosen(parts, least=expr.function == "min")

    def arithmetic(self, expr: Arithmetic, box: Box, halved: int) -> _Part | Reason:
        a = self.at(expr.left, box, halved)
        b = a if isinstance(a, Reason) else self.at(expr.right, box, halved)
        if isinstance(a, Reason) or isinstance(b, Reason):
            return a if isinstance(a, Reason) else b
        if expr.op == "..":
            return _hull([a, b])
        plain = OPERATIONS[expr.op](a.value[:2], b.value[:2])
        if not isinstance(plain, tuple):
            return _odd(plain)
        carried = _carried(expr.op, a.value, b.value)
        share = _share(expr.op, a.value, b.value)
        part = _moved(expr.op, a, b, _rounded(plain, carried, share))
        if self.left > 0 and any(not _alike(expr.op, a, b, part, name) for name in expr.shared):
            found = self.narrowed(expr, box, halved, _scaled(part, box))
            part.value = _within(plain, _rounded(found, carried, share)) if found else part.value
        return _scaled(part, box)

    def narrowed(self, expr: Arithmetic, box: Box, halved: int, part: _Part) -> Interval | None:
        """Return true bounds of a part that reads a name twice, None where there are no better."""
        low, high, off = dict(box), dict(box), 0.0
        for name, slope in part.slopes.items():
            ends = box[name]
            assert isinstance(ends, tuple)  # noqa: S101  only wide names have slopes
            rises = abs(slope.lo) <= slope.off or slope.lo > 0
            if rises or abs(slope.hi) <= slope.off or slope.hi < 0:
                first, last = ends if rises else ends[::-1]
                low[name], high[name] = (first, first), (last, last)
                against = slope.off - slope.lo if rises else slope.off + slope.hi
                off += max(0.0, against) * (ends[1] - ends[0])
        if low == box:
            return self.halves(expr, box, halved)
        at_low, at_high = self.at(expr, low, halved), self.at(expr, high, halved)
        if isinstance(at_low, Reason) or isinstance(at_high, Reason):
            return None
        one, other = at_low.value, at_high.value
        lo, hi = one.lo - one.off - off, other.hi + other.off + off
        return (lo, hi) if lo <= hi else (hi, lo)  # the same but for rounding

    def halves(self, expr: Arithmetic, box: Box, halved: int) -> Interval | None:
        """Look at both halves of the name that is widest for its size."""
        if halved >= _MOST_HALVINGS:
            return None
        wide = {name: ends for name in sorted(expr.shared) if _is_wide(ends := box[name])}
        name = max(wide, key=lambda name: _width(wide[name]))
        lo, hi = wide[name]
        middle = lo + (hi - lo) / 2
        parts = [
            self.at(expr, {**box, name: half}, halved + 1) for half in ((lo, middle), (middle, hi))
        ]
        values = [part.value for part in parts if isinstance(part, _Part)]
        if len(values) < len(parts):
            return None
        return min(v.lo - v.off for v in values), max(v.hi + v.off for v in values)


def _odd(known: Any) -> Reason:
    return known if isinstance(known, Reason) else Reason("error", "a yes or no is no number")


def _is_wide(known: Interval | Reason) -> TypeGuard[Interval]:
    return isinstance(known, tuple) and known[0] < known[1]


def _width(ends: Interval) -> float:
    return (ends[1] - ends[0]) / max(abs(ends[0]), abs(ends[1]))


# Bounds


def _rounded(ends: Interval, carried: float, share: float) -> Bound:
    """Return computed ends with what rounding them adds to what is carried along."""
    most = max(abs(ends[0]), abs(ends[1]))
    off = carried + _ROUNDING * (most + carried)
    return Bound(*ends, min(math.inf, off, share * most + _TINY if share else off), share)


def _share(op: str, a: Bound, b: Bound) -> float:
    """Return how far off an outcome may be, of itself; infinite where that is not known."""
    if op in "*/":
        return (a.share + b.share + _ROUNDING) * (1 + _ROUNDING)
    second = b.lo if op == "+" else -b.hi
    alike = _has_sign(a) and _has_sign(b) and (a.lo > 0) == (second > 0)
    return max(a.share, b.share) + _ROUNDING if alike else math.inf


def _carried(op: str, a: Bound, b: Bound) -> float:
    """Return how far the operands' rounding moves a sum, difference, product or quotient."""
    if op in "+-":
        return a.off + b.off
    most_a, most_b = (max(abs(each.lo), abs(each.hi)) for each in (a, b))
    if op == "*":
        return most_a * b.off + most_b * a.off + a.off * b.off + _TINY
    least = min(abs(b.lo), abs(b.hi)) - b.off
    return (a.off + most_a / least * b.off) / least + _TINY if least > 0 else math.inf


def _within(plain: Interval, found: Bound) -> Bound:
    """Return what was found, widened by its rounding, inside what plain arithmetic says."""
    lo, hi = max(plain[0], found.lo - found.off), min(plain[1], found.hi + found.off)
    return Bound(lo, hi, found.off, found.share)


def _computed(op: str, a: Bound, b: Bound) -> Bound:
    """Return a bound computed from bounds: of anything, where that cannot be done."""
    if a == _ZERO and op == "*":
        return _ZERO
    if math.inf in (a.hi, b.hi, a.off, b.off) or -math.inf in (a.lo, b.lo):
        return _ANY
    known = OPERATIONS[op](a[:2], b[:2])
    if not isinstance(known, tuple):
        return _ANY
    return _rounded(known, _carried(op, a, b), _share(op, a, b))


def _both(a: Bound, b: Bound) -> Bound:
    """Return what two bounds of the same thing leave: each end as the one that knows better."""
    low = a if a.lo - a.off >= b.lo - b.off else b
    high = a if a.hi + a.off <= b.hi + b.off else b
    if low is high:
        return low
    if abs(low.lo) > abs(high.hi):  # the end nearer 0 decides about the sign: keep it as it is
        lo, hi, off = low.lo - low.off, high.hi, high.off
    else:
        lo, hi, off = low.lo, high.hi + high.off, low.off
    return Bound(min(lo, hi), max(lo, hi), off, math.inf)


def _either(some: list[Bound]) -> Bound:
    return Bound(
        min(each.lo for each in some),
        max(each.hi for each in some),
        max(each.off for each in some),
        max(each.share for each in some),
    )


def _has_sign(bound: Bound) -> bool:
    return bound.lo - bound.off > 0 or bound.hi + bound.off < 0


# Parts


def _name(name: str, known: Interval | Reason) -> _Part | Reason:
    if isinstance(known, Reason):
        return known
    if known[0] == known[1]:
        return _Part(Bound(*known))
    return _Part(Bound(*known), {name: _ONE}, {name: _ONE if _has_sign(Bound(*known)) else _ANY})


def _negated(part: _Part) -> _Part:
    return _Part(_minus(part.value), {n: _minus(s) for n, s in part.slopes.items()}, part.ratios)


def _minus(bound: Bound) -> Bound:
    return Bound(-bound.hi, -bound.lo, bound.off, bound.share)


def _absolute(part: _Part) -> _Part:
    lo, hi, off, share = part.value
    if lo - off >= 0:
        return part
    if hi + off <= 0:
        return _negated(part)
    value = Bound(
        0.0 if lo <= 0 <= hi else min(abs(lo), abs(hi)), max(abs(lo), abs(hi)), off, share
    )
    slopes = {name: _either([slope, _minus(slope)]) for name, slope in part.slopes.items()}
    return _Part(value, slopes, dict.fromkeys(slopes, _ANY))


def _chosen(parts: list[_Part], *, least: bool) -> _Part:
    """Return the least or largest of some, which moves as those move that it may come to."""
    signed = parts if least else [_negated(part) for part in parts]
    ceiling = min(part.value.hi + part.value.off for part in signed)
    may = [
        part
        for part, sign in zip(parts, signed, strict=True)
        if sign.value.lo - sign.value.off <= ceiling
    ]
    choose = min if least else max
    value = Bound(
        choose(part.value.lo for part in parts),
        choose(part.value.hi for part in parts),
        max(part.value.off for part in parts),
        max(part.value.share for part in parts),
    )
    hull = _hull(may)
    return _Part(value, hull.slopes, hull.ratios)


def _hull(parts: list[_Part]) -> _Part:
    names = sorted({name for part in parts for name in part.slopes})
    value = _either([part.value for part in parts])
    slopes = {name: _either([part.slopes.get(name, _ZERO) for part in parts]) for name in names}
    if not _has_sign(value):
        return _Part(value, slopes, dict.fromkeys(names, _ANY))
    ratios = {name: _either([part.ratios.get(name, _ZERO) for part in parts]) for name in names}
    return _Part(value, slopes, ratios)


def _moved(op: str, a: _Part, b: _Part, value: Bound) -> _Part:
    """Return a part made of two, with its slopes and elasticities."""
    names = sorted({**a.slopes, **b.slopes})
    slopes = {name: _computed("+", *_terms(op, a, b, value, name)) for name in names}
    if op in "*/":
        sign = "+" if op == "*" else "-"
        ratios = {
            name: _computed(sign, a.ratios.get(name, _ZERO), b.ratios.get(name, _ZERO))
            for name in names
        }
    else:
        ratios = {name: _ratio_of_sum(op, a, b, value, name) for name in names}
    return _Part(value, slopes, ratios)


def _terms(op: str, a: _Part, b: _Part, value: Bound, name: str) -> tuple[Bound, Bound]:
    """Return what each operand adds to the slope."""
    one, other = a.slopes.get(name, _ZERO), b.slopes.get(name, _ZERO)
    if op == "+":
        return one, other
    if op == "-":
        return one, _minus(other)
    if op == "*":
        return _computed("*", one, b.value), _computed("*", other, a.value)
    return (
        _computed("/", one, b.value),
        _minus(_computed("*", other, _computed("/", value, b.value))),
    )


def _ratio_of_sum(op: str, a: _Part, b: _Part, value: Bound, name: str) -> Bound:
    """Return e(a) + (e(b) − e(a)) · b / (a + b), which of two positive summands lies between."""
    one, other = a.ratios.get(name, _ZERO), b.ratios.get(name, _ZERO)
    if not _has_sign(value) or _ANY in (one, other):
        return _ANY
    second = b.value if op == "+" else _minus(b.value)
    between = _either([one, other])
    if _has_sign(a.value) and _has_sign(second) and (a.value.lo > 0) == (second.lo > 0):
        return between
    share = _computed("/", second, value)
    return _computed("+", one, _computed("*", _computed("-", other, one), share))


def _alike(op: str, a: _Part, b: _Part, part: _Part, name: str) -> bool:
    """Say whether both operands move the whole the same way: then plain arithmetic is tight."""
    if name not in part.slopes:
        return True
    one, other = _terms(op, a, b, part.value, name)
    return (one.lo >= 0 and other.lo >= 0) or (one.hi <= 0 and other.hi <= 0)


def _scaled(part: _Part, box: Box) -> _Part:
    """Let elasticities narrow slopes: of a part with a sign they say the same."""
    if not _has_sign(part.value):
        return _Part(part.value, part.slopes, dict.fromkeys(part.slopes, _ANY))
    slopes, ratios = {}, {}
    for name, slope in part.slopes.items():
        ends = box[name]
        x = Bound(*ends) if isinstance(ends, tuple) else _ANY
        ratio = part.ratios[name]
        if not _has_sign(x):
            slopes[name], ratios[name] = slope, _ANY
            continue
        size = _computed("/", part.value, x)
        slopes[name] = _both(slope, _computed("*", ratio, size))
        ratios[name] = _computed("/", slope, size) if ratio == _ANY else ratio
    return _Part(part.value, slopes, ratios)
