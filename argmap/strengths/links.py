"""Codes for kinds and relations, and relations as the formulas read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Numbers = NDArray[np.intp]
    Codes = NDArray[np.int8]
    Flags = NDArray[np.bool_]

CLAIM, EVIDENCE, ARGUMENT = range(3)
SUPPORTS, ATTACKS, CONTRADICTS, UNDERCUTS, PREMISE = range(5)

KINDS: Final = {"claim": CLAIM, "evidence": EVIDENCE, "argument": ARGUMENT}
RELATIONS: Final = {
    "supports": SUPPORTS,
    "tests": SUPPORTS,  # what a failed test does is in its verdict
    "attacks": ATTACKS,
    "contradicts": CONTRADICTS,
    "undercuts": UNDERCUTS,
    "premise": PREMISE,
}


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Relations that have a place in the formulas, a row each; no contradiction is among them."""

    source: Numbers
    target: Numbers
    relation: Codes
    weight: Reals

    def taken(self, which: Flags | Numbers | slice) -> Links:
        """Return some of the links."""
        return Links(
            self.source[which], self.target[which], self.relation[which], self.weight[which]
        )

    def renumbered(self, place: Numbers) -> Links:
        """Return the links between nodes' new places."""
        return Links(place[self.source], place[self.target], self.relation, self.weight)

    def shifted(self, by: int) -> Links:
        """Return the links between nodes whose numbers are so much greater."""
        return Links(self.source + by, self.target + by, self.relation, self.weight)
