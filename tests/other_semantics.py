"""What other semantics make of a debate, written plainly: for the table in docs/semantics.md.

They give each node a degree from 0 to 1, told here as 2·degree − 1 so that 0 is "nothing either
way". A claim's base score is 1/2; that of evidence is 1 when it passed, 0 when it failed and 1/2
while it is unknown. None of them has intervals, failed tests or undercutting.

- DF-QuAD: A. Rago, F. Toni, M. Aurisicchio, P. Baroni, KR 2016.
- Euler-based: L. Amgoud, J. Ben-Naim, ECSQARU 2017.
- The mean of what stands below, as argument maps with votes have it: for 1, against −1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Degree = Callable[[float, list[float], list[float]], float]

Nodes = dict[str, dict[str, Any]]
Edges = list[tuple[str, str, str, float]]
ROUNDS = 5000


def df_quad(base: float, pro: list[float], con: list[float]) -> float:
    """Return the degree: supporters and attackers each taken together, then set off."""
    for_, against = (1 - math.prod(1 - degree for degree in side) for side in (pro, con))
    if against >= for_:
        return base - base * (against - for_)
    return base + (1 - base) * (for_ - against)


def euler_based(base: float, pro: list[float], con: list[float]) -> float:
    """Return the degree: 1 − (1 − w²)/(1 + w·e^E)."""
    energy = sum(pro) - sum(con)
    return 1 - (1 - base * base) / (1 + base * math.exp(energy))


def mean(base: float, pro: list[float], con: list[float]) -> float:
    """Return the degree: the mean of supporters' and of attackers' opposites; else its own."""
    votes = [*pro, *(1 - degree for degree in con)]
    return sum(votes) / len(votes) if votes else base


def degrees(degree: Degree, nodes: Nodes, edges: Edges) -> dict[str, float]:
    """Return what a semantics gives every node, from −1 to 1; loops go rounds from base scores."""
    base = {
        name: (sum(data["verdict"]) / 2 + 1) / 2 if data["kind"] == "evidence" else 0.5
        for name, data in nodes.items()
    }
    sides = {
        name: [[a for a, b, of, _ in edges if (b, of) == (name, kind)]
               for kind in ("supports", "attacks")]
        for name in nodes
    }  # fmt: skip
    now = dict(base)
    for _ in range(ROUNDS):
        now = {
            name: degree(base[name], *([now[one] for one in side] for side in sides[name]))
            for name in nodes
        }
    return {name: 2 * value - 1 for name, value in now.items()}


SEMANTICS: dict[str, Degree] = {"DF-QuAD": df_quad, "Euler-based": euler_based, "mean": mean}
