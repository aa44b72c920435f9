"""Why this status: the terms of the sum, which unknown matters most, and what turned a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from argmap.strengths import MARGIN, SLACK, UNEXAMINED, Interval, solve_cases, weight_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from argmap.strengths import Case, Graph, Solution, Verdicts

    Data: TypeAlias = Mapping[str, Any]

TermKind = Literal["supports", "attacks", "contradicts", "tests"]

ALL: Final[Interval] = (1.0, 1.0)
NOTICED: Final = 1e-6  # a smaller difference may be that of a loop that had not settled


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of a claim's E: what an incoming relation contributes."""

    source: str  # id of the claim, evidence or argument it comes from
    kind: TermKind
    weight: float
    strength: Interval  # of the source: a claim's strength, evidence's or an argument's force
    left: Interval  # what undercutters leave of it: [1, 1] when there are none
    scale: float  # 1, or less where a circle of supports is divided by its sum
    value: Interval  # the summand itself, with its sign


def terms(graph: Graph, solution: Solution, claim_id: str) -> list[Term]:
    """Return the summands of a claim's E, the largest first.

    They and the claim's prior add up to E, and E / (1 + |E|) is its strength, at either end; only
    a claim that nothing is said about has no E. In a loop, a term shows its source's strength
    before the last round, which is what was summed.
    """
    found = [
        _term(graph, solution, source, claim_id, data)
        for source, data in _incoming(graph, claim_id)
    ]
    return sorted(found, key=_largest_first)


def _incoming(graph: Graph, claim_id: str) -> Iterator[tuple[str, Data]]:
    """Yield what bears on a claim, with the relation's data; a contradiction from either end."""
    for source, _, data in graph.in_edges(claim_id, data=True):
        if data["kind"] in {"supports", "tests", "attacks"} or _contradicts(graph, source, data):
            yield source, data
    for _, other, data in graph.out_edges(claim_id, data=True):
        if _contradicts(graph, other, data):
            yield other, data


def _contradicts(graph: Graph, other: str, data: Data) -> bool:
    return (data["kind"], graph.nodes[other]["kind"]) == ("contradicts", "claim")


def _term(graph: Graph, solution: Solution, source: str, claim_id: str, data: Data) -> Term:
    """Return what one relation adds to a claim's sum."""
    kind: TermKind = data["kind"]
    looped = source in solution.loop and solution.loop[source] == solution.loop.get(claim_id)
    strength = solution.used[source] if looped else solution.strength[source]
    circled = source in solution.circle and solution.circle[source] == solution.circle.get(claim_id)
    scale = solution.scale.get(claim_id, 1.0) if circled and kind in {"supports", "tests"} else 1.0
    low, high = strength
    if graph.nodes[source]["kind"] == "claim":
        low, high = max(0.0, low), max(0.0, high)
    by = weight_of(data) * scale
    # Adding 0.0 makes a negative zero positive.
    value = (-by * high, -by * low) if kind in {"attacks", "contradicts"} else (by * low, by * high)
    return Term(
        source=source,
        kind=kind,
        weight=weight_of(data),
        strength=strength,
        left=solution.left.get(source, ALL),
        scale=scale,
        value=(value[0] + 0.0, value[1] + 0.0),
    )


def _largest_first(term: Term) -> tuple[float, str, str, float]:
    """Order terms by how much they can change the sum, equals by name."""
    effect = round(max(map(abs, term.value)), 9)
    return -effect, term.source, term.kind, term.weight


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
    missing = _missing(graph, verdicts, within)
    resolved = [{name: (end, end)} for name, ends in missing.items() for end in ends]
    cases = solve_cases(graph, verdicts, resolved, unknown, within)
    still_open = _open(graph, solution, verdicts, unknown, within)
    reasons: dict[str, str] = {}
    for place, claim in enumerate(unknown):
        own = [case[place] for case in cases]
        widest = _widest(solution.strength[claim], list(missing), own)
        if not _could_turn(solution.strength[claim], own):
            reasons[claim] = "too_little"
        else:
            reasons[claim] = widest or ("loop" if claim in still_open else "too_little")
    return reasons


def _widest(strength: Interval, missing: Sequence[str], cases: Sequence[Case]) -> str:
    """Return the evidence that narrows a claim most; there are two cases for each, its ends."""
    narrowed = {
        name: _width(strength) - (_width(low[0]) + _width(high[0])) / 2
        for name, low, high in zip(missing, cases[::2], cases[1::2], strict=True)
    }
    widest = min(narrowed, key=lambda name: (-round(narrowed[name], 9), name), default="")
    return widest if widest and narrowed[widest] > NOTICED else ""


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
    if solution.loop.keys().isdisjoint(within):
        return set()
    examined = graph.subgraph(within).copy()
    for name, data in examined.nodes(data=True):
        if data["kind"] == "claim" and next(_incoming(graph, name), None) is None:
            data["credence"] = 0.5 if data.get("credence") is None else data["credence"]
    middle = {
        name: ((low + high) / 2, (low + high) / 2)
        for name, (low, high) in _missing(graph, verdicts, within).items()
    }
    [cases] = solve_cases(examined, verdicts, [middle], claims, within)
    return {name for name, (ends, _) in zip(claims, cases, strict=True) if _width(ends) > NOTICED}


def _missing(graph: Graph, verdicts: Verdicts, within: Collection[str]) -> dict[str, Interval]:
    """Return the evidence whose verdict is not known, with the ends it lies between, by id."""
    evidence = sorted(name for name in within if graph.nodes[name]["kind"] == "evidence")
    ends = {name: verdicts.get(name, UNEXAMINED) for name in evidence}
    return {name: (low, high) for name, (low, high) in ends.items() if low < high}


def upstream(graph: Graph, name: str) -> dict[str, int]:
    """Return all that bears on a node, itself included, each with its distance in relations."""
    distance = {name: 0}
    ring = [name]
    while ring:
        found = {before: None for node in ring for before in bearers(graph, node)}
        ring = [node for node in found if node not in distance]
        steps = 1 + max(distance.values())
        distance.update(dict.fromkeys(ring, steps))
    return distance


def connected(graph: Graph, name: str) -> list[str]:
    """Return the nodes that hang together with one, over whatever relations."""
    seen = {name: None}
    ring = [name]
    while ring:
        near = (node for one in ring for node in (*graph.predecessors(one), *graph.successors(one)))
        ring = [node for node in dict.fromkeys(near) if node not in seen]
        seen.update(dict.fromkeys(ring))
    return list(seen)


def bearers(graph: Graph, name: str) -> Iterator[str]:
    """Yield what bears on a node directly: what leads to it, and what contradicts it."""
    yield from graph.predecessors(name)
    for _, other, data in graph.out_edges(name, data=True):
        if data["kind"] == "contradicts":
            yield other


def borne(graph: Graph, name: str) -> Iterator[str]:
    """Yield what a node bears on directly: what it leads to, and what it contradicts."""
    yield from graph.successors(name)
    for other, _, data in graph.in_edges(name, data=True):
        if data["kind"] == "contradicts":
            yield other


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


def path(graph: Graph, source: str, target: str) -> tuple[str, ...]:
    """Return the ids on a shortest way from a node to one it bears on, both included.

    Of several ways as short it is the one whose ids come first.
    """
    distance = upstream(graph, target)
    steps = [source]
    while steps[-1] != target:
        here = steps[-1]
        ahead = (name for name in borne(graph, here) if name in distance)
        steps.append(min(ahead, key=lambda name: (distance[name], name)))
    return tuple(steps)
