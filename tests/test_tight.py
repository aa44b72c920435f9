"""A name that occurs twice is one value: formulas do not come out wider for it."""

from __future__ import annotations

import re
import time
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.evidence.expression import Arithmetic, Call, Name, Negative, Number
from argmap.evidence.formula import evaluate, parse
from argmap.evidence.model import Reason

if TYPE_CHECKING:
    from argmap.evidence.expression import Expr
    from argmap.evidence.intervals import Known
    from argmap.evidence.quantity import Interval

TODAY = date(2026, 11, 23)


def value(text: str, **of: Interval) -> Known:
    return evaluate(parse(text), of, TODAY)


def about(lo: float, hi: float) -> Any:
    return pytest.approx((lo, hi), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("use - use", (0, 0)),
        ("use / use", (1, 1)),
        ("use * 2 - use", (0.1, 1)),
        ("1 - use + use", (1, 1)),
        ("price / (price + cost)", (10 / 16, 20 / 25)),
        ("(price - cost) / price", (0.4, 0.75)),
        ("(price - cost) / cost", (4 / 6, 3)),
        ("price * use / (price + cost)", (1 / 16, 20 / 25)),
        ("use * (1 - use / 2)", (0.095, 0.5)),
        ("1 / (use - use / 2)", (2, 20)),
        ("abs(cost - price) / price", (0.4, 0.75)),
        ("min(price, 15) - price", (-5, 0)),
        ("(price .. 30) / price", (1, 3)),
        ("(use * price) / (use * cost)", (10 / 6, 4)),
        ("price - price / cost", (10 - 10 / 5, 20 - 20 / 6)),
    ],
)
def test_where_it_is_monotone_the_interval_is_exact(text: str, ends: tuple[float, float]) -> None:
    """It is what the formula comes to at the ends of its names, less what computers round."""
    found = value(text, use=(0.1, 1.0), price=(10.0, 20.0), cost=(5.0, 6.0))
    assert found == about(*ends)


def test_where_it_turns_around_the_interval_is_close() -> None:
    """Halving brings it near: a share times its rest is at most a quarter, not one."""
    found = value("use * (1 - use)", use=(0.0, 1.0))
    assert isinstance(found, tuple)
    assert (found[0], found[1]) == (0, pytest.approx(0.25, rel=1e-3))


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("use < use + 1", True),
        ("use + 1 < use", False),
        ("use <= use", True),
        ("use < use", False),
        ("use == use", True),
        ("use != use", False),
        ("2 * use > use", True),
        ("price * use >= cost * use", True),
        ("price - cost > price - 4", False),
        ("price - cost > price - 7", True),
    ],
)
def test_a_comparison_reads_one_value_on_both_sides(text: str, truth: bool) -> None:
    """What is so at every value of a name is so, though its interval lies across itself."""
    assert value(text, use=(0.1, 1.0), price=(10.0, 20.0), cost=(5.0, 6.0)) is truth


def test_what_may_go_either_way_stays_open() -> None:
    """One value on both sides is no licence: a use of 10 or of 100 % decides here."""
    assert value("use * 3 < use + 1", use=(0.1, 1.0)) == Reason("interval")


def test_a_long_formula_is_read_in_time(slowness: float) -> None:
    """However often a name stands there, looking again has an end."""
    text = "(" + " + ".join(["a * b / (a + c)"] * 40) + ") / (a * (b - a)) - a / c"
    begun = time.process_time()
    found = value(text, a=(1.0, 9.0), b=(10.0, 12.0), c=(1.0, 5.0))
    assert isinstance(found, tuple)
    assert time.process_time() - begun < 5 * slowness


# Laws: intervals of quarters and exact arithmetic, against the floats

ENDS = st.integers(1, 40).map(lambda n: n / 4)
POSITIVE = st.tuples(ENDS, ENDS).map(lambda ends: (min(ends), max(ends)))
SHARES = st.sampled_from([0.0, 0.25, 0.5, 1.0])


def exact(expr: Expr, of: dict[str, Fraction]) -> Fraction | None:
    """Return what a formula is at a point, in fractions; None for division by 0."""
    match expr:
        case Number(base):
            return Fraction(base)
        case Name(name):
            return of[name]
        case Negative(inner):
            found = exact(inner, of)
            return None if found is None else -found
        case Call(function, arguments):
            some = [exact(each, of) for each in arguments]
            known = [each for each in some if each is not None]
            if len(known) < len(some):
                return None
            return {"min": min, "max": max, "abs": lambda all_: abs(all_[0])}[function](known)
        case Arithmetic(op, left, right):
            return _exact(op, exact(left, of), exact(right, of))
    raise TypeError(expr)


def _exact(op: str, a: Fraction | None, b: Fraction | None) -> Fraction | None:
    if a is None or b is None or (op == "/" and not b):
        return None
    return {"+": a.__add__, "-": a.__sub__, "*": a.__mul__, "/": a.__truediv__}[op](b)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        *(pairs.map(f"({{0[0]}} {sign} {{0[1]}})".format) for sign in "+-*/"),
        *(pairs.map(f"{word}({{0[0]}}, {{0[1]}})".format) for word in ("min", "max")),
        inner.map("abs({})".format),
        inner.map("(-{})".format),
    )


FORMULAS = st.recursive(st.sampled_from(["a", "a", "b", "2", "0.5"]), _larger, max_leaves=10)


@given(FORMULAS, POSITIVE, POSITIVE, SHARES, SHARES)
@settings(max_examples=500, deadline=None)
def test_every_point_lies_inside(
    text: str, a: Interval, b: Interval, of_a: float, of_b: float
) -> None:
    """Whatever the names are inside their intervals, the formula is inside what was said of it."""
    expr = parse(text)
    whole = evaluate(expr, {"a": a, "b": b}, TODAY)
    point = {"a": a[0] + of_a * (a[1] - a[0]), "b": b[0] + of_b * (b[1] - b[0])}
    if not isinstance(whole, tuple):
        return
    one = evaluate(expr, {name: (x, x) for name, x in point.items()}, TODAY)
    assert isinstance(one, tuple)
    assert whole[0] <= one[0] <= one[1] <= whole[1]
    true = exact(expr, {name: Fraction(x) for name, x in point.items()})
    assert true is not None
    slack = Fraction(1e-13) * max(1, *(abs(Fraction(end)) for end in whole))
    assert whole[0] - slack <= true <= whole[1] + slack


@given(FORMULAS, POSITIVE, POSITIVE)
@settings(max_examples=500, deadline=None)
def test_it_is_never_wider_than_two_independent_values(text: str, a: Interval, b: Interval) -> None:
    """Plain interval arithmetic, each occurrence under a name of its own, says no less."""
    count = len(re.findall(r"\ba\b", text))
    numbers = iter(range(count))
    renamed = re.sub(r"\ba\b", lambda _: f"n{next(numbers)}", text)
    of = {"b": b, **{f"n{i}": a for i in range(count)}}
    plain, whole = evaluate(parse(renamed), of, TODAY), value(text, a=a, b=b)
    if "b" not in text.replace("abs", "") and isinstance(plain, tuple):
        assert isinstance(whole, tuple)
        assert plain[0] <= whole[0] <= whole[1] <= plain[1]


RISING = {  # in a, and what it does in b
    "a / (a + b)": "falls", "(a - b) / a": "falls", "a * a / (a + b)": "falls", "a * a": "stays",
    "a - b / a": "falls", "a * (a + b)": "rises", "2 * a - min(a, b)": "falls",
    "(a + b) * a / (a * b)": "falls", "a * b / (a + b)": "rises", "a - 1 / (a + b)": "rises",
}  # fmt: skip


@given(st.sampled_from(sorted(RISING)), POSITIVE, POSITIVE)
@settings(max_examples=300, deadline=None)
def test_what_rises_throughout_is_exact(text: str, a: Interval, b: Interval) -> None:
    """It is what fractions say at the two corners, to nine digits."""
    expr = parse(text)
    first, last = b if RISING[text] == "rises" else b[::-1]
    corners = [
        exact(expr, {"a": Fraction(x), "b": Fraction(y)}) for x, y in ((a[0], first), (a[1], last))
    ]
    found = evaluate(expr, {"a": a, "b": b}, TODAY)
    assert corners[0] is not None
    assert corners[1] is not None
    assert found == pytest.approx((float(corners[0]), float(corners[1])), rel=1e-9, abs=1e-9)
