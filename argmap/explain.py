"""Why this status: the terms of the sum, and which unknown matters most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from argmap.strengths import Interval


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of a claim's E: what an incoming relation contributes."""

    source: str  # id of the claim, evidence or argument it comes from
    kind: Literal["supports", "attacks", "contradicts", "tests"]
    weight: float
    strength: Interval  # of the source: a claim's strength, evidence's or an argument's force
    left: Interval  # what undercutters leave of it: [1, 1] when there are none
    scale: float  # 1, or less where a circle of supports is divided by its sum
    value: Interval  # the summand itself, with its sign
