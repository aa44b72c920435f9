"""What turned a claim between two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.explain.ways import path, upstream
from argmap.strengths import UNEXAMINED, solve_cases

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from argmap.strengths import Case, Graph, Interval, Verdicts


def cause_of(
    graph: Graph, before: Verdicts, after: Verdicts, claim_id: str
) -> tuple[str, tuple[str, ...]] | None:
    """Return the evidence that turned a claim between two sets of verdicts, and its path there.

    Preferred is evidence whose change is needed and enough, then needed, then enough: without it
    the status is what it was, with it alone what it became. Among equals, and where none is any of
    these, it is the one that moves the strength most. The path is a shortest one, both ends
    included. None where the status did not turn, or no evidence upstream changed.
    """
    if claim_id not in graph:
        return None
    within = upstream(graph, claim_id)
    changed = _changed(graph, before, after, within)
    turnings = _turnings(before, after, changed)
    cases = [case for [case] in solve_cases(graph, after, turnings, [claim_id], within)]
    old, new = cases[:2]
    if not changed or old[1] == new[1]:
        return None
    reverted, alone = cases[2::2], cases[3::2]
    ranked = zip(changed, reverted, alone, strict=True)
    cause = min((_rank(old, new, *case), name) for name, *case in ranked)[1]
    return cause, path(graph, cause, claim_id)


def _changed(graph: Graph, before: Verdicts, after: Verdicts, within: Collection[str]) -> list[str]:
    """Return the evidence whose verdict changed, in order."""
    return sorted(
        name
        for name in within
        if graph.nodes[name]["kind"] == "evidence"
        and before.get(name, UNEXAMINED) != after.get(name, UNEXAMINED)
    )


def _turnings(before: Verdicts, after: Verdicts, changed: Sequence[str]) -> list[Verdicts]:
    """Return what to change in `after`: to get before, nothing; then for each, it, all but it."""
    old = {name: before.get(name, UNEXAMINED) for name in changed}
    cases: list[Verdicts] = [old, {}]
    for name in changed:
        cases += [{name: old[name]}, {**old, name: after.get(name, UNEXAMINED)}]
    return cases


def _rank(old: Case, new: Case, reverted: Case, alone: Case) -> tuple[bool, bool, bool, float]:
    """Order changes: the one that best accounts for a turn first."""
    needed, enough = reverted[1] == old[1], alone[1] == new[1]
    moved = _apart(new[0], reverted[0]) + _apart(old[0], alone[0])
    return not (needed and enough), not needed, not enough, -round(moved, 9)


def _apart(one: Interval, other: Interval) -> float:
    """Return how far apart two intervals are, both ends counted."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1])
