"""Why a claim is unknown, and which missing evidence matters most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from argmap.explain.sums import incoming
from argmap.explain.ways import connected, upstream
from argmap.strengths import MARGIN, SLACK, UNEXAMINED, solve_cases

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from argmap.strengths import Case, Graph, Interval, Solution, Verdicts

NOTICED: Final = 1e-6  # a smaller difference may be that of a loop that had not settled


@dataclass(frozen=True, slots=True)
class Missing:
    """Evidence that has not come in, and what it would do to a claim."""

    evidence: str
    narrows: float  # how much narrower the claim's strength becomes, on average over its two ends
    low: Case  # the claim's strength and status where it comes out at its low end
    high: Case


def missing(graph: Graph, solution: Solution, verdicts: Verdicts, claim_id: str) -> list[Missing]:
    """Return the missing evidence that a claim's strength depends on, what narrows most first."""
    within = upstream(graph, claim_id)
    names = _missing(graph, verdicts, within)
    cases = solve_cases(graph, verdicts, _resolved(names), [claim_id], within)
    found = _narrowing(solution.strength[claim_id], list(names), [case for [case] in cases])
    return [one for one in found if one.narrows > NOTICED]


def unknown_reason(graph: Graph, solution: Solution, verdicts: Verdicts, claim_id: str) -> str:
    """Return why a claim is unknown: the id of evidence, ``too_little`` or ``loop``.

    It is the id of the missing evidence that widens the claim's strength most: that which narrows
    it most, on average, when it turns out one way or the other. Where the strength stays inside
    the margin whatever comes in, it is too little. Where everything has come in and the strength
    is open all the same, it is a loop. Empty for a claim that is not unknown.
    """
    return _reasons(graph, solution, verdicts, [claim_id]).get(claim_id, "")


def unknown_reasons(graph: Graph, solution: Solution, verdicts: Verdicts) -> dict[str, str]:
    """Return the reason of every unknown claim, as `unknown_reason` does, in much less time."""
    reasons: dict[str, str] = {}
    for claim in solution.status:
        if solution.status[claim] == "unknown" and claim not in reasons:
            together = [name for name in connected(graph, claim) if name in solution.status]
            reasons |= _reasons(graph, solution, verdicts, together)
    return reasons


def _reasons(
    graph: Graph, solution: Solution, verdicts: Verdicts, claims: Sequence[str]
) -> dict[str, str]:
    """Return the reasons of those claims that are unknown."""
    unknown = [claim for claim in claims if solution.status[claim] == "unknown"]
    within = {name for claim in unknown for name in upstream(graph, claim)}
    names = _missing(graph, verdicts, within)
    cases = solve_cases(graph, verdicts, _resolved(names), unknown, within)
    still_open = _open(graph, solution, verdicts, unknown, within)
    reasons: dict[str, str] = {}
    for place, claim in enumerate(unknown):
        own = [case[place] for case in cases]
        widest = _widest(solution.strength[claim], list(names), own)
        if not _could_turn(solution.strength[claim], own):
            reasons[claim] = "too_little"
        else:
            reasons[claim] = widest or ("loop" if claim in still_open else "too_little")
    return reasons


def _resolved(missing: Mapping[str, Interval]) -> list[Verdicts]:
    """Return two changes for each piece of missing evidence: its low end, its high one."""
    return [{name: (end, end)} for name, ends in missing.items() for end in ends]


def _widest(strength: Interval, names: Sequence[str], cases: Sequence[Case]) -> str:
    """Return the evidence that narrows a claim most; empty where none does."""
    widest = next(iter(_narrowing(strength, names, cases)), None)
    return widest.evidence if widest and widest.narrows > NOTICED else ""


def _narrowing(strength: Interval, names: Sequence[str], cases: Sequence[Case]) -> list[Missing]:
    """Return what each piece of evidence does, what narrows most first; two cases for each."""
    found = [
        Missing(name, _width(strength) - (_width(low[0]) + _width(high[0])) / 2, low, high)
        for name, low, high in zip(names, cases[::2], cases[1::2], strict=True)
    ]
    return sorted(found, key=lambda one: (-round(one.narrows, 9), one.evidence))


def _width(ends: Interval) -> float:
    return ends[1] - ends[0]


def _could_turn(strength: Interval, cases: Sequence[Case]) -> bool:
    """Say whether an unknown claim could get another status by what is missing."""
    low, high = strength
    beyond = low <= SLACK - MARGIN or high >= MARGIN - SLACK
    return beyond or any(status != "unknown" for _, status in cases)


def _open(
    graph: Graph, solution: Solution, verdicts: Verdicts, claims: Sequence[str], within: set[str]
) -> set[str]:
    """Return the claims that stay open with all evidence in and every claim examined."""
    behind = [n for n in claims if not solution.loop.keys().isdisjoint(upstream(graph, n))]
    if not behind:
        return set()
    examined = graph.subgraph(within).copy()
    for name, data in examined.nodes(data=True):
        if data["kind"] == "claim" and next(incoming(graph, name), None) is None:
            data["credence"] = 0.5 if data.get("credence") is None else data["credence"]
    middle = {
        name: ((low + high) / 2, (low + high) / 2)
        for name, (low, high) in _missing(graph, verdicts, within).items()
    }
    [cases] = solve_cases(examined, verdicts, [middle], behind, within)
    return {name for name, (ends, _) in zip(behind, cases, strict=True) if _width(ends) > NOTICED}


def _missing(graph: Graph, verdicts: Verdicts, within: Collection[str]) -> dict[str, Interval]:
    """Return the evidence whose verdict is not known, with the ends it lies between, by id."""
    evidence = sorted(name for name in within if graph.nodes[name]["kind"] == "evidence")
    ends = {name: verdicts.get(name, UNEXAMINED) for name in evidence}
    return {name: (low, high) for name, (low, high) in ends.items() if low < high}
