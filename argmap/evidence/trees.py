"""Formulas that were parsed before, by their text: plain data, made trees when asked for."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from argmap.evidence.expression import Expr
from argmap.evidence.quantity import NUMBER, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from argmap.evidence.quantity import Units


class Trees:
    """What formulas mean in some units. That follows from their text alone, so it may be kept."""

    def __init__(self) -> None:
        self.known: dict[str, Expr] = {}
        self.packed: Mapping[str, Any] = {}  # of an earlier run

    def begin(self, packed: Mapping[str, Any]) -> None:
        """Know what an earlier run kept, and nothing else."""
        self.known, self.packed = {}, packed

    def get(self, text: str) -> Expr | None:
        """Return a formula's tree; None where it was never parsed."""
        if text not in self.known and text in self.packed:
            self.known[text] = _unpacked(self.packed[text])
        return self.known.get(text)

    def news(self) -> dict[str, Any] | None:
        """Return all that was asked for, as JSON has it; None where that is what was kept."""
        if self.known.keys() == self.packed.keys():
            return None
        packed = self.packed
        return {text: packed.get(text) or _packed(tree) for text, tree in self.known.items()}


@lru_cache(maxsize=16)
def trees_of(_units: Units) -> Trees:
    """Return the formulas that were parsed with these units."""
    return Trees()


_MADE: dict[str, Callable[..., Any]] = {
    "NUMBER": lambda: NUMBER,  # asked for by identity
    "tuple": lambda *some: some,
    "frozenset": lambda *some: frozenset(some),
    **{kind.__name__: kind for kind in (Fraction, Unit, *Expr.__args__)},
}


def _packed(value: Any) -> Any:
    """Return what JSON can say: what it cannot, as a list that begins with a name of _MADE."""
    if value is NUMBER:
        return ["NUMBER"]
    if isinstance(value, Fraction):
        return ["Fraction", value.numerator, value.denominator]
    if isinstance(value, tuple | frozenset):
        some = value if isinstance(value, tuple) else sorted(value)
        return [type(value).__name__, *map(_packed, some)]
    if is_dataclass(value):
        own = (getattr(value, field.name) for field in fields(value))
        return [type(value).__name__, *map(_packed, own)]
    return value


def _unpacked(data: Any) -> Any:
    return _MADE[data[0]](*map(_unpacked, data[1:])) if isinstance(data, list) else data
