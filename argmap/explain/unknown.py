"""Why a claim is unknown, and which missing evidence matters most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from argmap.explain.sums import incoming
from argmap.explain.ways import connected, upstream
from argmap.strengths import MARGIN, SLACK, UNEXAMINED, solve_cases, solve_many

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
    if solution.status[claim_id] != "unknown":
        return ""
    return _reasons(graph, solution, verdicts, [_Part.of(graph, verdicts, [claim_id])])[claim_id]


def unknown_reasons(graph: Graph, solution: Solution, verdicts: Verdicts) -> dict[str, str]:
    """Return the reason of every unknown claim, as `unknown_reason` does, in much less time."""
    alike: dict[int, list[_Part]] = {}  # solved side by side: about as much is missing in each
    seen: set[str] = set()
    for claim in solution.status:
        if solution.status[claim] == "unknown" and claim not in seen:
            together = connected(graph, claim)
            seen.update(together)
            unknown = [name for name in together if solution.status.get(name) == "unknown"]
            part = _Part.of(graph, verdicts, unknown)
            alike.setdefault(len(part.missing).bit_length(), []).append(part)
    reasons = [_reasons(graph, solution, verdicts, parts) for parts in alike.values()]
    return {claim: reason for some in reasons for claim, reason in some.items()}


@dataclass(frozen=True, slots=True)
class _Part:
    """Unknown claims, all that bears on them, and what of that is missing, by id."""

    unknown: Sequence[str]
    within: Sequence[str]
    missing: Mapping[str, Interval]

    @classmethod
    def of(cls, graph: Graph, verdicts: Verdicts, unknown: Sequence[str]) -> _Part:
        within = upstream(graph, *unknown)
        return cls(unknown, tuple(within), _missing(graph, verdicts, within))


def _reasons(
    graph: Graph, solution: Solution, verdicts: Verdicts, parts: Sequence[_Part]
) -> dict[str, str]:
    """Return the reasons of the claims of parts that have nothing to do with each other."""
    narrows, place, turns = _narrowest(graph, solution, verdicts, parts)
    still_open = _open(graph, solution, verdicts, parts)
    named = [(part, tuple(part.missing)) for part in parts]
    claims = [(claim, names) for part, names in named for claim in part.unknown]
    reasons: dict[str, str] = {}
    for number, (claim, names) in enumerate(claims):
        if not (turns[number] or _beyond(solution.strength[claim])):
            reasons[claim] = "too_little"
        elif narrows[number] > NOTICED:
            reasons[claim] = names[place[number]]
        else:
            reasons[claim] = "loop" if claim in still_open else "too_little"
    return reasons


def _narrowest(
    graph: Graph, solution: Solution, verdicts: Verdicts, parts: Sequence[_Part]
) -> tuple[Any, Any, Any]:
    """Return for each claim how much a piece of evidence narrows it at most, and which.

    The last array says whether any of them would turn it. Case by case, a piece of evidence of
    each part comes out at its low end, then at its high one.
    """
    import numpy as np

    from argmap.strengths.arrays import STATUSES

    claims = [claim for part in parts for claim in part.unknown]
    within = [name for part in parts for name in part.within]
    most = max(len(part.missing) for part in parts)
    cases: list[dict[str, Interval]] = [{} for _ in range(2 * most)]
    for part in parts:
        for case, change in zip(cases, _resolved(part.missing), strict=False):
            case.update(change)
    width = np.diff(np.array([solution.strength[claim] for claim in claims]))[:, 0]
    narrows, place = np.zeros(len(claims)), np.zeros(len(claims), dtype=np.intp)
    turns = np.zeros(len(claims), dtype=np.bool_)
    first = 0
    for ends, status in solve_many(graph, verdicts, cases, claims, within):
        turns |= (status != STATUSES.index("unknown")).any(axis=0)
        widths = ends[1] - ends[0]
        found = np.round(width - (widths[::2] + widths[1::2]) / 2, 9)
        better = found.max(axis=0) > narrows
        narrows[better] = found.max(axis=0)[better]
        place[better] = first + found.argmax(axis=0)[better]  # of as good ones the first
        first += len(found)
    return narrows, place, turns


def _resolved(missing: Mapping[str, Interval]) -> list[Verdicts]:
    """Return two changes for each piece of missing evidence: its low end, its high one."""
    return [{name: (end, end)} for name, ends in missing.items() for end in ends]


def _narrowing(strength: Interval, names: Sequence[str], cases: Sequence[Case]) -> list[Missing]:
    """Return what each piece of evidence does, what narrows most first; two cases for each."""
    found = [
        Missing(name, _width(strength) - (_width(low[0]) + _width(high[0])) / 2, low, high)
        for name, low, high in zip(names, cases[::2], cases[1::2], strict=True)
    ]
    return sorted(found, key=lambda one: (-round(one.narrows, 9), one.evidence))


def _width(ends: Interval) -> float:
    return ends[1] - ends[0]


def _beyond(strength: Interval) -> bool:
    """Say whether an unknown claim's strength reaches beyond the margin."""
    low, high = strength
    return low <= SLACK - MARGIN or high >= MARGIN - SLACK


def _open(graph: Graph, solution: Solution, verdicts: Verdicts, parts: Sequence[_Part]) -> set[str]:
    """Return the claims that stay open with all evidence in and every claim examined."""
    looping = [part for part in parts if not solution.loop.keys().isdisjoint(part.within)]
    behind = [
        name
        for part in looping
        for name in part.unknown
        if not solution.loop.keys().isdisjoint(upstream(graph, name))
    ]
    if not behind:
        return set()
    within = [name for part in looping for name in part.within]
    examined = graph.subgraph(within).copy()
    for name, data in examined.nodes(data=True):
        if data["kind"] == "claim" and next(incoming(graph, name), None) is None:
            data["credence"] = 0.5 if data.get("credence") is None else data["credence"]
    middle = {
        name: ((low + high) / 2, (low + high) / 2)
        for part in looping
        for name, (low, high) in part.missing.items()
    }
    [cases] = solve_cases(examined, verdicts, [middle], behind, within)
    return {name for name, (ends, _) in zip(behind, cases, strict=True) if _width(ends) > NOTICED}


def _missing(graph: Graph, verdicts: Verdicts, within: Collection[str]) -> dict[str, Interval]:
    """Return the evidence whose verdict is not known, with the ends it lies between, by id."""
    evidence = sorted(name for name in within if graph.nodes[name]["kind"] == "evidence")
    ends = {name: verdicts.get(name, UNEXAMINED) for name in evidence}
    return {name: (low, high) for name, (low, high) in ends.items() if low < high}
