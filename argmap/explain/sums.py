"""The terms of the sums: of claims, of arguments and of undercut evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from argmap.strengths import NEAR_ONE, Interval, weight_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from argmap.strengths import Graph, Solution

    Data: TypeAlias = Mapping[str, Any]

TermKind = Literal["supports", "attacks", "contradicts", "tests", "undercuts", "premise"]
TermsOf: TypeAlias = "Callable[[str], Sequence[Term]]"

ALL: Final[Interval] = (1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Term:
    """What one incoming relation contributes: to a claim a summand of its E.

    To an argument a premise contributes the positive part of its strength; from an argument or
    evidence an undercutter takes what is cut, a summand of what is left.
    """

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
        _term(graph, solution, source, claim_id, data) for source, data in incoming(graph, claim_id)
    ]
    return sorted(found, key=_largest_first)


def bearing(graph: Graph, solution: Solution, id_: str) -> list[Term]:
    """Return what makes the force of evidence or an argument: premises, least first, and undercuts.

    1 and the undercuts add up to what is left, where that is above 0; the least premise, or the
    verdict, times what is left is the force.
    """
    placed = {"argument": ("premise", "undercuts"), "evidence": ("undercuts",)}
    kinds = placed[graph.nodes[id_]["kind"]]
    found = [
        _inner(solution, source, id_, data)
        for source, _, data in graph.in_edges(id_, data=True)
        if data["kind"] in kinds
    ]
    return sorted(found, key=lambda term: (term.kind, term.value, term.source))


def incoming(graph: Graph, claim_id: str) -> Iterator[tuple[str, Data]]:
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
    strength = _read(solution, source, claim_id)
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


def _inner(solution: Solution, source: str, id_: str, data: Data) -> Term:
    """Return what one premise or undercutter does."""
    kind: TermKind = data["kind"]
    strength = _read(solution, source, id_)
    low, high = max(0.0, strength[0]), max(0.0, strength[1])
    weight = weight_of(data) if kind == "undercuts" else 1.0
    left = solution.left.get(source, ALL)
    value = (low, high)
    if kind == "undercuts":
        value = (0.0 - weight * odds(high), 0.0 - weight * odds(low))
    return Term(source, kind, weight, strength, left, 1.0, value)


def _read(solution: Solution, source: str, target: str) -> Interval:
    """Return the strength that a node took its source to have."""
    looped = source in solution.loop and solution.loop[source] == solution.loop.get(target)
    return solution.used[source] if looped else solution.strength[source]


def odds(strength: float) -> float:
    """Return u / (1 - u): the E whose strength is u."""
    return strength / max(1 - strength, NEAR_ONE)


def _largest_first(term: Term) -> tuple[float, str, str, float]:
    """Order terms by how much they can change the sum, equals by name."""
    effect = round(max(map(abs, term.value)), 9)
    return -effect, term.source, term.kind, term.weight


Cut = Literal["", "loop", "above", "deep"]


@dataclass(frozen=True, slots=True)
class Branch:
    """A term with what makes its source's strength in turn.

    `cut` says why there are no branches where there could be: the source is among those this
    branch hangs from (`loop`), stands in full further up (`above`), or lies too `deep`.
    """

    term: Term
    branches: tuple[Branch, ...] = ()
    cut: Cut = ""


def tree(terms_of: TermsOf, id_: str, depth: int) -> tuple[Branch, ...]:
    """Return the terms of a node, each with its source's own, `depth` levels of them.

    `terms_of` gives the terms of any node, none where it has none.
    """
    return _Trees(terms_of, {id_}).below(id_, depth, (id_,))


@dataclass(frozen=True, slots=True)
class _Trees:
    terms_of: TermsOf
    shown: set[str]  # what stands in full

    def below(self, id_: str, depth: int, path: tuple[str, ...]) -> tuple[Branch, ...]:
        return tuple(self.branch(term, depth - 1, path) for term in self.terms_of(id_))

    def branch(self, term: Term, depth: int, path: tuple[str, ...]) -> Branch:
        source = term.source
        if not self.terms_of(source):
            return Branch(term)
        if source in path:
            return Branch(term, cut="loop")
        if source in self.shown:
            return Branch(term, cut="above")
        if depth <= 0:
            return Branch(term, cut="deep")
        self.shown.add(source)
        return Branch(term, self.below(source, depth, (*path, source)))


def carriers(carrying: Mapping[str, Sequence[str]], terms: Sequence[Term]) -> tuple[str, ...]:
    """Return what a claim with these terms surely rests on: what carries, and what carries that.

    `carrying` is `lenders` of every node.
    """
    found = dict.fromkeys(term.source for term in terms if sure(term))
    ring: Iterable[str] = tuple(found)
    while ring:
        ring = {s: None for one in ring for s in carrying.get(one, ()) if s not in found}
        found.update(ring)
    return tuple(found)


def lenders(terms: Sequence[Term]) -> tuple[str, ...]:
    """Return what surely speaks for a node: a claim lends only by that."""
    return tuple(term.source for term in terms if term.value[0] > 0)


def sure(term: Term) -> bool:
    """Say whether a term surely adds something, or surely takes something."""
    return term.value[0] > 0 or term.value[1] < 0


def strongest_line(terms_of: TermsOf, id_: str) -> tuple[str, ...]:
    """Return the ids from what most surely speaks for a claim, step by step, to the claim."""
    line = [id_]
    while True:
        ahead = [t for t in terms_of(line[0]) if t.value[0] > 0 and t.source not in line]
        if not ahead:
            return tuple(line)
        line.insert(0, min(ahead, key=lambda t: (-round(t.value[0], 9), t.source)).source)
