"""A formula as a tree, and what can be said of a tree without computing it.

`at` is the offset of a node's own sign in the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argmap.evidence.quantity import Unit


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; `base` is in base units, `unit` as written."""

    base: float
    unit: Unit
    written: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """A date, as seconds."""

    base: float
    at: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """The as-of date."""

    at: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """A measure."""

    name: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus."""

    of: Expr
    at: int = 0


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One of + - * / and `..`, the interval from one to the other.

    `shared` are the names that both sides read.
    """

    op: str
    left: Expr
    right: Expr
    at: int = 0
    shared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Call:
    """One of min, max, abs."""

    function: str
    arguments: tuple[Expr, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison; `end` is the offset behind its sign, `shared` what both sides read."""

    op: str
    left: Expr
    right: Expr
    at: int = 0
    end: int = 0
    shared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Logic:
    """One of and, or, not."""

    op: str
    parts: tuple[Expr, ...]
    at: int = 0


Expr = Number | Day | Today | Name | Negative | Arithmetic | Call | Compare | Logic


def arithmetic(op: str, left: Expr, right: Expr, at: int = 0) -> Arithmetic:
    """Return the node, with the names that both sides read."""
    return Arithmetic(op, left, right, at, _shared(left, right))


def compare(op: str, left: Expr, right: Expr, at: int = 0, end: int = 0) -> Compare:
    """Return the node, with the names that both sides read."""
    return Compare(op, left, right, at, end, _shared(left, right))


def _shared(left: Expr, right: Expr) -> frozenset[str]:
    one, other = ({name.name for name in all_names(side)} for side in (left, right))
    return frozenset(one & other)


def names(expr: Expr) -> tuple[Name, ...]:
    """Return the measures a formula reads, each at its first place, in order."""
    first: dict[str, Name] = {}
    for name in all_names(expr):
        first.setdefault(name.name, name)
    return tuple(first.values())


def all_names(expr: Expr) -> Iterator[Name]:
    """Yield every name of a formula in the order of the text."""
    match expr:
        case Name():
            yield expr
        case _:
            for part in parts(expr):
                yield from all_names(part)


def parts(expr: Expr) -> tuple[Expr, ...]:
    """Return what an expression is made of, from left to right."""
    match expr:
        case Negative(of):
            return (of,)
        case Arithmetic(_, left, right) | Compare(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case Logic(_, some):
            return some
    return ()


def summands(expr: Expr) -> list[Expr]:
    """Return what is of the same kind as the whole: added, subtracted, or chosen among."""
    match expr:
        case Arithmetic("+" | "-" | "..", left, right):
            return [*summands(left), *summands(right)]
        case Negative(of):
            return summands(of)
        case Call(_, some):
            return [each for part in some for each in summands(part)]
    return [expr]


def leaves(expr: Expr) -> list[Expr]:
    """Return the numbers, dates and names of an expression, from left to right."""
    return [leaf for part in parts(expr) for leaf in leaves(part)] or [expr]


def canonical(expr: Expr) -> str:
    """Return the same text for formulas that say the same: `a < b` and `b > a`."""
    some = [canonical(part) for part in parts(expr)]
    if not some:
        return _leaf(expr)
    if isinstance(expr, Compare) and expr.op in (">", ">="):
        return f"(<{expr.op[1:]} {some[1]} {some[0]})"
    return f"({sign_of(expr)} {' '.join(some)})"


def _leaf(expr: Expr) -> str:
    match expr:
        case Number(_, unit, written):
            return f"{written}{unit.text}"
        case Day(base):
            return f"day{base:.0f}"
        case Name(name):
            return name
    return "today"


def sign_of(expr: Expr) -> str:
    """Return the sign or word that joins the parts of an expression."""
    match expr:
        case Arithmetic(op) | Compare(op) | Logic(op) | Call(op):
            return op
    return "-"
