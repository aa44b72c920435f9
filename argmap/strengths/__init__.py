"""Graph + verdicts -> strengths and statuses; no I/O. The arithmetic is docs/semantics.md's.

`solve` reads a graph; `arrays.solve_arrays` does the work, on numpy arrays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import networkx as nx

    from argmap.strengths.arrays import Arrays, Solved, Wiring

    Graph: TypeAlias = nx.MultiDiGraph[str]
    Verdicts: TypeAlias = Mapping[str, "Interval"]
    Case: TypeAlias = tuple["Interval", "Status"]

Interval = tuple[float, float]
Status = Literal["supported", "refuted", "contested", "unknown"]

MARGIN: Final = 0.2  # how far from 0 a claim is supported or refuted
SLACK: Final = 1e-9  # what rounding may cost a claim at the margin
WEAKER: Final = 0.4  # a claim is contested whose weaker side is surely this part of the stronger
NEAR_ONE: Final = 1e-12  # u / (1 - u) goes no nearer to its pole
SURE: Final = 1 - 1e-9  # how sure a credence of 1 counts as: its sum must be finite
HEAVIEST: Final = 1e9  # a greater weight counts as this, for the same reason
TOGETHER: Final = 200_000  # relations of cases solved at once: more would only cost memory
UNEXAMINED: Final[Interval] = (-1.0, 1.0)  # a claim with nothing said; evidence without a verdict


@dataclass(frozen=True, slots=True)
class Solution:
    """The strengths of a graph, and what they were made from.

    ``strength == E / (1 + |E|)`` holds exactly, at both ends, for E = `prior` + what speaks for −
    what speaks against. In a loop those two come from `used`, the strengths before the last round.
    """

    strength: dict[str, Interval]  # of claims; of evidence and arguments, their force
    status: dict[str, Status]  # of claims
    left: dict[str, Interval]  # what is left of the evidence and arguments that are undercut
    speaks_for: dict[str, Interval]  # F of each claim: the sum of what speaks for it, no prior
    speaks_against: dict[str, Interval]  # A of each claim
    prior: dict[str, float]  # of each claim, 0 where no credence is stated
    loop: dict[str, int]  # the number of its loop, for nodes in loops only
    used: dict[str, Interval]  # for nodes in loops: their strengths before the last round
    circle: dict[str, int]  # the number of its circle, for claims and arguments in circles only
    scale: dict[str, float]  # for claims whose supports from inside their circle are scaled
    circular: frozenset[str]  # claims that support themselves, by whatever way round
    clashes: tuple[tuple[str, str], ...] = ()  # claims that contradict, both supported but for that

    @property
    def data(self) -> dict[str, Any]:
        """Return it as JSON has it; `of` makes it out of that again."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return told | {"circular": sorted(self.circular)}

    @staticmethod
    def of(data: Mapping[str, Any]) -> Solution:
        """Return what was told as `data`."""
        pairs = {
            name: {id_: (low, high) for id_, (low, high) in data[name].items()} for name in _PAIRS
        }
        clashes = tuple((one, other) for one, other in data["clashes"])
        circular = frozenset(data["circular"])
        return Solution(**{**data, **pairs, "circular": circular, "clashes": clashes})


_PAIRS: Final = ("strength", "left", "speaks_for", "speaks_against", "used")


def prior(credence: float | None) -> float:
    """Return what a stated credence adds to a claim's sum: the E whose strength is 2·credence − 1.

    A credence of 0 or 1 counts as just short of it, since no finite sum is so sure.
    """
    if credence is None:
        return 0.0
    belief = min(max(2 * credence - 1, -SURE), SURE)
    return belief / (1 - abs(belief))


def weight_of(data: Mapping[str, Any]) -> float:
    """Return the weight a relation counts with: below 0 or no number is 0, a huge one is less."""
    weight = float(data.get("weight", 1.0))
    return min(max(weight, 0.0), HEAVIEST) if not math.isnan(weight) else 0.0


def settled(graph: Graph, strengths: Verdicts) -> Graph:
    """Return a graph in which some claims have a given strength, whatever bears on them.

    A strength is a point, or [-1, 1]. What a settled claim contradicts it attacks.
    """
    result = graph.copy()
    for claim, (low, high) in strengths.items():
        for other, _, key, data in list(result.in_edges(claim, keys=True, data=True)):
            result.remove_edge(other, claim, key)
            if data["kind"] == "contradicts":
                _attack(result, claim, other, data)
        for _, other, key, data in list(result.out_edges(claim, keys=True, data=True)):
            if data["kind"] == "contradicts":
                result.remove_edge(claim, other, key)
                _attack(result, claim, other, data)
        result.nodes[claim]["credence"] = (low + 1) / 2 if low == high else None
    return result


def _attack(graph: Graph, claim: str, other: str, data: Mapping[str, Any]) -> None:
    if other != claim:
        graph.add_edge(claim, other, **{**data, "kind": "attacks"})


def solve(graph: Graph, verdicts: Verdicts) -> Solution:
    """Return the strength and status of everything in a graph.

    Nodes have ``kind`` (claim, evidence or argument) and claims may have ``credence``; edges have
    ``kind`` (supports, tests, attacks, contradicts, undercuts, premise) and may have ``weight``.
    Evidence without a verdict counts as unknown either way. A relation that has no place in the
    formulas, such as an undercut claim, counts as not there.
    """
    from argmap.strengths.arrays import solve_wired, wire

    names = list(graph)
    solved = solve_wired(wire(_arrays(graph, names)), _verdicts(names, verdicts))
    return _solution(names, solved)


def solve_cases(
    graph: Graph,
    verdicts: Verdicts,
    changes: Sequence[Verdicts],
    claims: Sequence[str],
    within: Collection[str],
) -> list[list[Case]]:
    """Return what claims come to in several cases: each the verdicts with some of them changed.

    Only the nodes `within` count: with the claims and all that bears on them nothing differs.
    There is a list for each change, in it a strength and a status for each claim.
    """
    from argmap.strengths.arrays import STATUSES

    return [
        [((low, high), STATUSES[code]) for low, high, code in zip(*rows, strict=True)]
        for ends, status in solve_many(graph, verdicts, changes, claims, within)
        for rows in zip(*ends.tolist(), status.tolist(), strict=True)
    ]


def solve_many(
    graph: Graph,
    verdicts: Verdicts,
    changes: Sequence[Verdicts],
    claims: Sequence[str],
    within: Collection[str],
) -> Iterator[tuple[Any, Any]]:
    """Yield the same as arrays, an even number of cases at a time; the last time perhaps an odd.

    An array of strengths has low and high ends, in each a row a case and a column a claim; one of
    statuses has their places in `arrays.STATUSES`.
    """
    from argmap.strengths.arrays import wire

    names = list(within)
    place = {name: number for number, name in enumerate(names)}
    wiring = wire(_arrays(graph, names))
    verdict = _verdicts(names, verdicts)
    wanted = [place[claim] for claim in claims]
    at_once = 2 * max(1, TOGETHER // 2 // max(1, len(wiring.links.source), len(names)))
    for first in range(0, len(changes), at_once):
        some = changes[first : first + at_once]
        moved = [{place[n]: ends for n, ends in one.items() if n in place} for one in some]
        yield _solve_copies(wiring, verdict, moved, wanted)


def _solve_copies(
    wiring: Wiring, verdict: Any, changes: Sequence[Mapping[int, Interval]], wanted: list[int]
) -> tuple[Any, Any]:
    """Solve as many copies of a graph as there are changes, side by side."""
    import numpy as np

    from argmap.strengths.arrays import solve_wired

    count = verdict.shape[1]
    verdicts = np.tile(verdict, len(changes))
    for copy, change in enumerate(changes):
        for place, pair in change.items():
            verdicts[:, copy * count + place] = pair
    solved = solve_wired(wiring.repeated(len(changes)), verdicts)
    ends = solved.strengths.ends.reshape(2, len(changes), count)[:, :, wanted]
    return ends, solved.status.reshape(len(changes), count)[:, wanted]


def _arrays(graph: Graph, names: Sequence[str]) -> Arrays:
    """Return a graph, or what of it is named, as arrays; nodes are numbered in the order named."""
    from argmap.strengths.arrays import Arrays
    from argmap.strengths.links import KINDS, RELATIONS

    place = {name: number for number, name in enumerate(names)}
    credences = [graph.nodes[name].get("credence") for name in names]
    edges: list[tuple[int, int, int, float]] = [
        (place[source], place[target], RELATIONS[data["kind"]], weight_of(data))
        for source, target, data in graph.edges(names, data=True)
        if target in place
    ]
    source, target, relation, weight = zip(*edges, strict=True) if edges else ((), (), (), ())
    return Arrays.of(
        kind=[KINDS[graph.nodes[name]["kind"]] for name in names],
        prior=[math.nan if credence is None else prior(credence) for credence in credences],
        source=source,
        target=target,
        relation=relation,
        weight=weight,
    )


def _verdicts(names: Sequence[str], verdicts: Verdicts) -> Any:
    """Return the verdicts as an array: a row of low ends, a row of high ones."""
    import numpy as np

    return np.array([verdicts.get(name, UNEXAMINED) for name in names]).reshape(-1, 2).T


def _solution(names: Sequence[str], solved: Solved) -> Solution:
    """Return what was solved under the nodes' names."""
    from argmap.strengths.arrays import STATUSES
    from argmap.strengths.links import CLAIM

    wiring, strengths = solved.wiring, solved.strengths
    claim = wiring.arrays.kind == CLAIM
    circular = wiring.circle >= 0
    looping = strengths.loop >= 0
    return Solution(
        strength=_named(names, strengths.ends.T),
        status={name: STATUSES[code] for name, code in _named(names, solved.status, claim).items()},
        left=_named(names, solved.left.T, solved.undercut),
        speaks_for=_named(names, solved.speaks_for.T, claim),
        speaks_against=_named(names, solved.speaks_against.T, claim),
        prior={
            name: 0.0 if math.isnan(stated) else stated
            for name, stated in _named(names, wiring.arrays.prior, claim).items()
        },
        loop=_named(names, strengths.loop, looping),
        used=_named(names, strengths.used.T, looping),
        circle=_named(names, wiring.circle, circular),
        scale=_named(names, wiring.scale, wiring.scale < 1),
        circular=frozenset(_named(names, wiring.circle, circular & claim)),
        clashes=tuple((names[one], names[other]) for one, other in solved.clashes.tolist()),
    )


def _named(names: Sequence[str], values: Any, which: Any = None) -> dict[str, Any]:
    """Return an array's rows by name, pairs as tuples, of some nodes or of all."""
    places = range(len(names)) if which is None else which.nonzero()[0].tolist()
    rows = values if which is None else values[which]
    return {
        names[place]: tuple(row) if isinstance(row, list) else row
        for place, row in zip(places, rows.tolist(), strict=True)
    }
