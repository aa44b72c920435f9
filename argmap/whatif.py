"""Judgement -> what would be: with other outcomes and strengths, and which of them turn a claim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argmap.evidence.model import Outcome
    from argmap.explain import Changes, Missing
    from argmap.graph import ArgumentMap
    from argmap.judging import Judgement
    from argmap.report import Judged
    from argmap.strengths import Interval

OUTCOMES: tuple[Outcome, ...] = ("pass", "fail", "unknown")


@dataclass(frozen=True, slots=True)
class Supposition:
    """What is taken for granted: how evidence comes out, how strong claims are."""

    outcomes: Mapping[str, Outcome]
    strengths: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Moved:
    """A claim whose strength would be another."""

    claim: str
    before: Judged
    after: Judged

    @property
    def turned(self) -> bool:
        """Whether its status would be another, too."""
        return self.before.status != self.after.status


@dataclass(frozen=True, slots=True)
class Turning:
    """What would turn a claim, and what an unknown one waits for, what narrows it most first."""

    changes: Changes
    missing: tuple[Missing, ...]


def suppose(now: Judgement, joined: ArgumentMap, supposed: Supposition) -> Judgement:
    """Judge the same map anew, with what is supposed instead of what was found."""
    from argmap.judging import verdict_of
    from argmap.strengths import settled, solve

    verdicts = now.verdicts | {
        id_: verdict_of(joined, id_, outcome) for id_, outcome in supposed.outcomes.items()
    }
    graph = settled(now.graph, supposed.strengths) if supposed.strengths else now.graph
    solution = solve(graph, verdicts)
    return replace(now, graph=graph, verdicts=verdicts, solution=solution, kept=None)


def moved(now: Judgement, then: Judgement, supposed: Supposition) -> list[Moved]:
    """Return the claims that move, those that turn first; not those whose strength is supposed."""
    found = [one for one in _moved(now, then) if one.claim not in supposed.strengths]
    return sorted(found, key=lambda one: not one.turned)


_NOTICED = 1e-6


def _moved(now: Judgement, then: Judgement) -> Iterator[Moved]:
    for claim in now.solution.status:
        before, after = now.of(claim), then.of(claim)
        if before and after:
            ends = zip(before.strength, after.strength, strict=True)
            if before.status != after.status or any(abs(a - b) > _NOTICED for a, b in ends):
                yield Moved(claim, before, after)


def turning(now: Judgement, joined: ArgumentMap, claim: str) -> Turning:
    """Return the smallest changes of evidence that would turn a claim."""
    from argmap.explain import changes, missing
    from argmap.judging import verdict_of

    otherwise = {
        id_: {
            outcome: verdict
            for outcome in OUTCOMES
            if (verdict := verdict_of(joined, id_, outcome)) != now.verdicts[id_]
        }
        for id_ in now.verdicts
    }
    turns = changes(now.graph, now.verdicts, otherwise, claim)
    waits = now.solution.status[claim] == "unknown"
    found = missing(now.graph, now.solution, now.verdicts, claim) if waits else []
    return Turning(turns, tuple(found))
