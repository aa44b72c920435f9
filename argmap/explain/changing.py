"""What would turn a claim: the smallest changes of evidence, one piece, then two together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from argmap.explain.ways import upstream
from argmap.strengths import solve_cases

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from argmap.strengths import Case, Graph, Interval, Status, Verdicts

    Alternatives: TypeAlias = Mapping[str, Mapping[Any, Interval]]

MOST: Final = 3_000_000  # relations of all the cases that are tried, of singles and of pairs


@dataclass(frozen=True, slots=True)
class Change:
    """One piece of evidence, or two, that would have to come out otherwise, and what follows."""

    outcomes: tuple[tuple[str, str], ...]  # evidence, and the outcome that it would have
    strength: Interval
    status: Status


@dataclass(frozen=True, slots=True)
class Changes:
    """What turns a claim: single changes, and pairs no part of which does alone."""

    single: tuple[Change, ...]
    pairs: tuple[Change, ...]
    untried: int  # how many pieces of evidence, the farthest, were too many to try


def changes(graph: Graph, verdicts: Verdicts, alternatives: Alternatives, claim_id: str) -> Changes:
    """Return the smallest changes that turn a claim, those that move its strength most first.

    `alternatives` gives, for evidence that may come out otherwise, the verdicts it may have, under
    their words. In pairs no evidence becomes unknown; where there are very many pairs, only those
    of the evidence that moves the claim most by itself are tried.
    """
    within = upstream(graph, claim_id)
    most = MOST // max(graph.subgraph(within).number_of_edges(), len(within))
    near = sorted(alternatives.keys() & within.keys(), key=lambda name: (within[name], name))
    every = [((name, word),) for name in near for word in alternatives[name]]
    single = every[:most]
    tried = _Trial(graph, verdicts, alternatives, claim_id, within)
    [now], alone = tried.of([()]), tried.of(single)
    turning = [change for change in alone if change.status != now.status]
    done = {change.outcomes for change in turning}
    waiting = [
        change.outcomes
        for change in sorted(alone, key=lambda change: _farthest(now, change))
        if change.outcomes not in done and change.outcomes[0][1] != "unknown"
    ]
    pairs = list(_pairs(waiting, most))
    together = [change for change in tried.of(pairs) if change.status != now.status]
    return Changes(
        _sorted(now, turning),
        _sorted(now, together),
        len({name for ((name, _),) in every} - {name for ((name, _),) in single}),
    )


Outcomes: TypeAlias = "tuple[tuple[str, str], ...]"


def _pairs(single: Sequence[Outcomes], most: int) -> Iterator[Outcomes]:
    """Yield pairs of changes of different evidence, of the first ones where there are too many."""
    count = len(single)
    while count * (count - 1) // 2 > most:
        count -= 1
    for (one,), (other,) in combinations(single[:count], 2):
        if one[0] != other[0]:
            yield (one, other) if one[0] < other[0] else (other, one)


@dataclass(frozen=True, slots=True)
class _Trial:
    graph: Graph
    verdicts: Verdicts
    alternatives: Alternatives
    claim: str
    within: Collection[str]

    def of(self, changes: Sequence[Outcomes]) -> list[Change]:
        """Return what the claim comes to with each of these changes."""
        moved = [
            {name: self.alternatives[name][word] for name, word in change} for change in changes
        ]
        cases = solve_cases(self.graph, self.verdicts, moved, [self.claim], self.within)
        return [_change(change, case) for change, [case] in zip(changes, cases, strict=True)]


def _change(outcomes: Outcomes, case: Case) -> Change:
    return Change(outcomes, case[0], case[1])


def _sorted(now: Change, found: Sequence[Change]) -> tuple[Change, ...]:
    return tuple(sorted(found, key=lambda change: _farthest(now, change)))


def _farthest(now: Change, change: Change) -> tuple[float, Outcomes]:
    """Order changes by how far they move the strength."""
    moved = sum(abs(a - b) for a, b in zip(now.strength, change.strength, strict=True))
    return -round(moved, 9), change.outcomes
