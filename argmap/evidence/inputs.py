"""A formula with the formulas it reads put in: then what they share is one value there too.

Of it: what it comes to, and which input the answer hangs on most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argmap.evidence.computed import Formula
from argmap.evidence.expression import (
    Arithmetic,
    Call,
    Compare,
    Expr,
    Logic,
    Name,
    Negative,
    all_names,
    arithmetic,
    compare,
    parts,
)
from argmap.evidence.formula import evaluate
from argmap.evidence.model import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from argmap.evidence.book import Book
    from argmap.evidence.intervals import Known
    from argmap.evidence.measure import MeasureDef
    from argmap.evidence.quantity import Interval

    Tell = Callable[[MeasureDef], Interval | Reason]

_MOST_PARTS = 400
_NOTICED = 1e-9  # of the width: less is rounding


class Opened(NamedTuple):
    """A formula that reads nothing computed, and what each of its names is.

    A name is a measure's scope and name, a line each, since scopes may differ.
    """

    expr: Expr
    of: Mapping[str, Interval | Reason]


class _TooLargeError(Exception):
    """Formulas that read each other many times over would never end."""


def opened(expr: Expr, scope: str, book: Book, tell: Tell) -> Opened | None:
    """Return a formula with all that it is computed from put in; None where that is too large."""
    opener = _Opener(book, tell)
    try:
        return Opened(opener.put(expr, scope), opener.of)
    except _TooLargeError:
        return None


class _Opener:
    def __init__(self, book: Book, tell: Tell) -> None:
        self.book = book
        self.tell = tell
        self.of: dict[str, Interval | Reason] = {}
        self.left = _MOST_PARTS

    def put(self, expr: Expr, scope: str) -> Expr:
        self.left -= 1
        if self.left < 0:
            raise _TooLargeError
        if isinstance(expr, Name):
            return self.named(expr.name, scope)
        return _made_of(expr, [self.put(part, scope) for part in parts(expr)])

    def named(self, name: str, scope: str) -> Expr:
        measure = self.book.find(name, scope)
        if measure is None:  # not after `check_units`, which knows all names
            raise KeyError(name)
        known = self.tell(measure)
        if isinstance(measure.model, Formula) and isinstance(known, tuple):
            inner = self.book.formula(measure.model.formula, measure.scope)
            return self.put(inner.expr, measure.scope)
        key = "\n".join(measure.key)
        self.of[key] = known
        return Name(key)


def _made_of(expr: Expr, some: list[Expr]) -> Expr:
    """Return an expression with other parts."""
    match expr:
        case Negative():
            return Negative(some[0])
        case Arithmetic(op):
            return arithmetic(op, some[0], some[1])
        case Compare(op):
            return compare(op, some[0], some[1])
        case Call(function):
            return Call(function, tuple(some))
        case Logic(op):
            return Logic(op, tuple(some))
    return expr


def shares(expr: Expr, scope: str, book: Book, tell: Tell) -> bool:
    """Say whether two names of a formula are computed from the same interval, or one is of it."""
    seen: set[tuple[str, str]] = set()
    for name in {each.name for each in all_names(expr)}:
        measure = book.find(name, scope)
        below = book.with_inputs([measure]) if measure else []
        wide = {each.key for each in below if not book.inputs(each) and _is_wide(tell(each))}
        if wide & seen:
            return True
        seen |= wide
    return False


def narrower(one: Known, other: Known) -> Known:
    """Return what two ways of computing the same leave: what is known, inside both intervals."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        lo, hi = max(one[0], other[0]), min(one[1], other[1])
        return (lo, hi) if lo <= hi else other
    return other if isinstance(one, Reason) else one


def hangs_on(formula: Opened, truth: Known, today: date) -> str:
    """Return the name of the input that the answer hangs on most, empty where all are single.

    Of an unknown, that is the measure that is not known. Else each interval is set to its ends: the
    one counts that narrows the difference between the two sides most.
    """
    if isinstance(truth, Reason) and truth.measure:
        return truth.measure
    wide = {key: ends for key, ends in formula.of.items() if _is_wide(ends)}
    gaps = list(_gaps(formula, truth, today))
    scores = {
        key: sum(_narrowed(gap, key, ends, formula.of, today) for gap in gaps)
        for key, ends in wide.items()
        if isinstance(ends, tuple)
    }
    most = max(scores, key=lambda key: round(scores[key], 9), default="")
    return most.rpartition("\n")[2] if most and scores[most] > _NOTICED else ""


def _is_wide(known: Interval | Reason) -> bool:
    return isinstance(known, tuple) and known[0] < known[1]


def _gaps(formula: Opened, truth: Known, today: date) -> Iterator[Expr]:
    """Yield the difference of sides of each comparison that is as open as the whole."""
    for each in _comparisons(formula.expr):
        known = evaluate(each, formula.of, today)
        gap = arithmetic("-", each.left, each.right)
        if isinstance(known, bool) != isinstance(truth, bool):
            continue
        sides = [evaluate(side, formula.of, today) for side in (each.left, each.right)]
        size = max(
            (abs(end) for side in sides if isinstance(side, tuple) for end in side), default=0
        )
        if _width(gap, formula.of, today) > _NOTICED * size:
            yield gap


def _comparisons(expr: Expr) -> Iterator[Compare]:
    if isinstance(expr, Compare):
        yield expr
    for part in parts(expr):
        yield from _comparisons(part)


def _narrowed(
    gap: Expr, key: str, ends: Interval, of: Mapping[str, Interval | Reason], today: date
) -> float:
    """Return what share of the width goes when an input is one of its ends, on average."""
    whole = _width(gap, of, today)
    left = [_width(gap, {**of, key: (end, end)}, today) for end in ends]
    return 1 - sum(left) / len(left) / whole


def _width(gap: Expr, of: Mapping[str, Interval | Reason], today: date) -> float:
    known = evaluate(gap, of, today)
    return known[1] - known[0] if isinstance(known, tuple) else 0.0
