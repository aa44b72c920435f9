"""Arithmetic and comparison of closed intervals: what comes out is known, or says why it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.evidence.model import Reason
from argmap.evidence.quantity import Interval

if TYPE_CHECKING:
    from collections.abc import Callable

Known = Interval | bool | Reason

LARGEST = 1.7e308
ALIKE = 1e-12  # what floats lose on the way: 0.1 + 0.2 is 0.3 to a person


def _add(a: Interval, b: Interval) -> Known:
    return _finite(a[0] + b[0], a[1] + b[1])


def _subtract(a: Interval, b: Interval) -> Known:
    return _finite(a[0] - b[1], a[1] - b[0])


def _times(a: Interval, b: Interval) -> Known:
    some = (a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1])
    return _finite(min(some), max(some))


def _over(a: Interval, b: Interval) -> Known:
    if b[0] <= 0 <= b[1]:
        return Reason("division", "division by what may be 0")
    some = (a[0] / b[0], a[0] / b[1], a[1] / b[0], a[1] / b[1])
    return _finite(min(some), max(some))


def _hull(a: Interval, b: Interval) -> Known:
    return (min(a[0], b[0]), max(a[1], b[1]))


def _finite(lo: float, hi: float) -> Known:
    if -LARGEST <= lo <= hi <= LARGEST:
        return (lo, hi)
    return Reason("implausible", "too large a number to compute with")


def less(x: float, y: float) -> bool:
    """Say whether x < y by more than rounding explains."""
    return y - x > ALIKE * max(abs(x), abs(y))


def _below(a: Interval, b: Interval) -> bool | None:
    if less(a[1], b[0]):
        return True
    return None if less(a[0], b[1]) else False


def _equal(a: Interval, b: Interval) -> bool | None:
    if less(a[1], b[0]) or less(b[1], a[0]):
        return False
    return None if less(a[0], b[1]) or less(b[0], a[1]) else True


def opposite(truth: bool | None) -> bool | None:
    """Return the truth of a denial; what is open stays open."""
    return None if truth is None else not truth


# By the sign that stands for it in a formula; a comparison that is open is None.
OPERATIONS: dict[str, Callable[[Interval, Interval], Known]] = {
    "+": _add, "-": _subtract, "*": _times, "/": _over, "..": _hull,
}  # fmt: skip
COMPARISONS: dict[str, Callable[[Interval, Interval], bool | None]] = {
    "<": _below,
    ">": lambda a, b: _below(b, a),
    "<=": lambda a, b: opposite(_below(b, a)),
    ">=": lambda a, b: opposite(_below(a, b)),
    "==": _equal,
    "!=": lambda a, b: opposite(_equal(a, b)),
}
