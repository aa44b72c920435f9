"""What notes and sheets say, joined: one networkx MultiDiGraph, and the debates in it.

Nodes are ids, with `kind` ("claim", "evidence", "argument"), `credence` and `window`. Edges point
from what speaks to what it speaks of, with `kind` (argmap.report.EdgeKind), `weight` and `span`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from argmap.claims.model import ALWAYS, Target
from argmap.source import Hints, Problem, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    import networkx as nx

    from argmap.claims.model import Argument, Claim, Evidence, NoteClaims, Relation
    from argmap.evidence.model import Check
    from argmap.notes import Note
    from argmap.vault import Vault

_TARGETS = {  # what each relation may point to
    "supports": ("claim",),
    "attacks": ("claim",),
    "tests": ("claim",),
    "contradicts": ("claim",),
    "undercuts": ("evidence", "argument"),
    "premise": ("argument",),
}
_FOR = ("supports", "tests")
_DROWNS = 1000  # a relation that weighs more leaves the others no say
_MOST_CANDIDATES = 4


@dataclass(frozen=True, slots=True)
class Debate:
    """Claims that hang together."""

    id: str
    title: str
    main: str
    thesis: str
    note: str
    then: date | None  # the date of its note
    claims: tuple[str, ...]
    evidence: tuple[str, ...]
    arguments: tuple[str, ...]


Readers: TypeAlias = (
    "Mapping[tuple[str, str], Sequence[str]]"  # by (note's id or "", measure): its checks
)


class Names:
    """Every id and measure, and every unambiguous shortening: `market`, `SLM#market`."""

    def __init__(self, ids: Iterable[str], readers: Readers | None = None) -> None:
        """Index `ids`; `readers` maps measures to the checks that read them."""
        self.ids = tuple(ids)
        self.readers = readers or {}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for id_ in self.ids:
            for name in _shortenings(id_):
                self._by_name[name.casefold()].append(id_)

    def find(
        self, name: str, note: str = "", fits: Callable[[str], bool] = lambda _: True
    ) -> list[str]:
        """Return the ids that `name` may mean, of those that fit.

        Those of the note with id `note` go first, then one that is called just so.
        """
        name = name.strip().removeprefix("^").casefold()
        found = [id_ for id_ in self._by_name.get(name, []) if fits(id_)]
        own = [id_ for id_ in found if id_ == note or id_.startswith(f"{note}#")] if note else []
        exact = [id_ for id_ in found if id_.casefold() == name]
        return own or exact or found

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield every name, as `find` looks it up, with each id that it may mean."""
        return ((name, id_) for name, ids in self._by_name.items() for id_ in ids)

    def reading(self, measure: str, note: str = "") -> Sequence[str]:
        """Return the checks that read a measure: the note's own of that name before the global."""
        measure = measure.strip()
        return self.readers.get((note, measure)) or self.readers.get(("", measure), ())

    def suggest(self, name: str) -> str:
        """Return the hint for a name that means nothing."""
        return self._hints.of(name)

    @cached_property
    def _hints(self) -> Hints:
        ids = sorted({n for id_ in self.ids for n in (id_, id_.rpartition("#")[2])})
        return Hints([*ids, *sorted({measure for _, measure in self.readers})])


def _shortenings(id_: str) -> Iterator[str]:
    # The last `#`: a note's path may hold one, a block id or slug does not.
    path, mark, fragment = id_.rpartition("#") if "#" in id_ else (id_, "", "")
    if fragment:
        yield fragment
    parts = path.split("/")
    for i in range(len(parts)):
        yield "/".join(parts[i:]) + mark + fragment


@dataclass(frozen=True, slots=True)
class ArgumentMap:
    """The whole project's claims and evidence, joined."""

    graph: nx.MultiDiGraph[str]
    claims: Mapping[str, Claim]
    evidence: Mapping[str, Evidence]  # what notes hold: judged, cited, and inline checks
    checks: Mapping[str, Check]  # everything that runs: the sheets' and the notes'
    arguments: Mapping[str, Argument]
    debates: tuple[Debate, ...]
    names: Names

    def on(self, day: date) -> nx.MultiDiGraph[str]:
        """Return the part that counts on this day: outside its window an item is left out.

        With a premise goes its argument, which needs them all.
        """
        left_out = {n for n, data in self.graph.nodes(data=True) if not data["window"].holds(day)}
        if not left_out:
            return self.graph
        left_out |= {
            to for _, to, kind in self.graph.edges(left_out, keys=True) if kind == "premise"
        }
        part = self.graph.copy()
        part.remove_nodes_from(left_out)
        return part

    def within(self, debates: Iterable[Debate]) -> ArgumentMap:
        """Return the map of some debates alone; nothing of another bears on them."""
        own = {id_ for one in debates for id_ in (*one.claims, *one.evidence, *one.arguments)}
        graph = self.graph.__class__()
        graph.add_nodes_from((id_, data) for id_, data in self.graph.nodes(data=True) if id_ in own)
        for source, target, key, data in self.graph.edges(list(graph), keys=True, data=True):
            graph.add_edge(source, target, key, **data)
        return replace(
            self,
            graph=graph,
            checks={id_: check for id_, check in self.checks.items() if id_ in own},
            evidence={id_: item for id_, item in self.evidence.items() if id_ in own},
        )


def build(
    notes: Mapping[str, NoteClaims],
    checks: Iterable[Check],
    readers: Readers,
    vault: Vault,
) -> tuple[ArgumentMap, list[Problem]]:
    """Join what the notes (by path, in order) and the checks say.

    `checks` are all that run, inline ones under their evidence's id; `readers` maps each measure to
    the checks that read it. What cannot be resolved is a problem, and is left out.
    """
    joiner = _Joiner(notes, tuple(checks), readers, vault)
    return joiner.join(), joiner.problems


@dataclass
class _Joiner:
    notes: Mapping[str, NoteClaims]
    all_checks: tuple[Check, ...]
    readers: Readers
    vault: Vault
    problems: list[Problem] = field(default_factory=list)

    def join(self) -> ArgumentMap:
        import networkx as nx

        self.graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        self.claims: dict[str, Claim] = {}
        self.evidence: dict[str, Evidence] = {}
        self.arguments: dict[str, Argument] = {}
        self.checks: dict[str, Check] = {}
        self.held: dict[str, list[str]] = defaultdict(list)  # the claims of each note, by its id
        self.incomplete: list[str] = []  # arguments with a premise that means nothing
        self.add_nodes()
        self.names = Names(self.graph.nodes, self.readers)
        for said in self.notes.values():
            for item in said.evidence:
                self.add_bearing(item)
            for argument in said.arguments:
                self.add_premises(argument)
            for relation in said.relations:
                self.add_relation(relation)
        for check in self.checks.values():
            self.add_check_bearing(check)
        self.graph.remove_nodes_from(self.incomplete)
        for id_ in self.incomplete:
            self.arguments.pop(id_, None)
        self.leave_out_opposites()
        self.leave_out_own_conclusions()
        return ArgumentMap(
            self.graph,
            self.claims,
            self.evidence,
            self.checks,
            self.arguments,
            debates_in(self.graph, self.claims, self.vault),
            self.names,
        )

    def add_nodes(self) -> None:
        for said in self.notes.values():
            for claim in said.claims:
                if self.add_node(claim.id, "claim", claim, credence=claim.credence):
                    self.claims[claim.id] = claim
                    self.held[_note_id(claim.note)].append(claim.id)
                    self.look_at_credence(claim)
            for item in said.evidence:
                if self.add_node(item.id, "evidence", item):
                    self.evidence[item.id] = item
            for argument in said.arguments:
                if self.add_node(argument.id, "argument", argument):
                    self.arguments[argument.id] = argument
        for check in self.all_checks:
            if check.id in self.evidence or self.add_node(check.id, "evidence", check):
                self.checks[check.id] = check

    def add_node(
        self,
        id_: str,
        kind: str,
        item: Claim | Evidence | Argument | Check,
        credence: float | None = None,
    ) -> bool:
        if id_ in self.graph:
            first = self.graph.nodes[id_]["span"]
            self.problems.append(
                Problem("A203", item.span, f"the id {id_!r} is taken", f"first at {first}")
            )
            return False
        self.graph.add_node(
            id_, kind=kind, credence=credence, window=item.window or ALWAYS, span=item.span
        )
        return True

    def look_at_credence(self, claim: Claim) -> None:
        if claim.credence in (0, 1):
            message = f"{claim.id!r} has a credence of {claim.credence:g}: no evidence can move it"
            hint = f"write {abs(claim.credence - 0.1):g} for nearly sure"
            self.problems.append(Problem("A216", claim.span, message, hint))

    def add_bearing(self, item: Evidence) -> None:
        """Tie evidence of a note to the claim it stands below."""
        kind = "tests" if item.kind == "test" else "supports"
        self.add_edge(
            item.id, "attacks" if item.against else kind, item.claim, item.weight, item.span
        )

    def add_check_bearing(self, check: Check) -> None:
        """Tie a sheet's check to the claims it names; an inline check hangs by its evidence."""
        if check.id in self.evidence:
            return
        kind = "attacks" if check.against else check.bearing
        for target in check.targets:
            for id_ in self.resolve(target, check.scope, ("claim",)):
                self.add_edge(check.id, kind, id_, check.weight, check.span)

    def add_premises(self, argument: Argument) -> None:
        """Tie an argument to its premises; one that lacks a premise does not count at all."""
        for target in argument.premises:
            found = self.resolve(target, _note_id(argument.note), ("claim",))
            for id_ in found:
                if id_ in self.claims:
                    self.add_edge(id_, "premise", argument.id, 1.0, target.span)
                    continue
                self.misplaced(f"{id_!r} is a premise", id_, ("claim",), target.span)
            if not any(id_ in self.claims for id_ in found):
                self.incomplete.append(argument.id)

    def add_relation(self, relation: Relation) -> None:
        note = self.note_of(relation.source)
        kinds = _TARGETS[relation.kind]
        item = self.evidence.get(relation.source)
        is_test = item is not None and item.kind == "test" and relation.kind == "supports"
        kind = "tests" if is_test else relation.kind
        target = relation.target
        read = () if isinstance(target, str) else self.names.reading(target.text, note)
        for id_ in self.resolve(target, note, kinds, relation.span):
            if id_ not in read or not self.graph.has_edge(relation.source, id_, key=kind):
                self.add_edge(relation.source, kind, id_, relation.weight, relation.span)

    def note_of(self, id_: str) -> str:
        """Return the id of the note that holds a claim, evidence or an argument."""
        item = self.claims.get(id_) or self.evidence.get(id_) or self.arguments.get(id_)
        return _note_id(item.note) if item else id_.rpartition("#")[0]

    def add_edge(self, source: str, kind: str, target: str, weight: float, span: Span) -> None:
        """Add one relation, once; `contradicts` is the same from either side."""
        if source not in self.graph or target not in self.graph:
            return
        if self.graph.nodes[target]["kind"] not in _TARGETS[kind]:
            self.misplaced(f"{source!r} {kind} {target!r}", target, _TARGETS[kind], span)
            return
        if kind == "contradicts" and source not in self.claims:
            self.misplaced(f"{target!r} is contradicted by {source!r}", source, ("claim",), span)
        elif source == target:
            message = f"{source!r} {kind} itself"
            self.problems.append(Problem("A218", span, message, "name another; it is left out"))
        elif self.graph.has_edge(source, target, key=kind):
            self.said_twice(source, kind, target, weight, span)
        elif kind == "contradicts" and self.graph.has_edge(target, source, key=kind):
            if self.graph.edges[target, source, kind]["weight"] != weight:  # else both just say so
                self.said_twice(target, kind, source, weight, span)
        else:
            self.look_at_weight(f"{source!r} {kind} {target!r}", weight, span)
            self.graph.add_edge(source, target, key=kind, kind=kind, weight=weight, span=span)

    def said_twice(self, source: str, kind: str, target: str, weight: float, span: Span) -> None:
        """Tell of a relation that is there already; what a rule inferred is nobody's slip."""
        if source in self.claims and self.claims[source].inferred:
            return
        first = self.graph.edges[source, target, kind]
        counts = f"; its weight of {first['weight']:g} counts" if first["weight"] != weight else ""
        message = f"{source!r} {kind} {target!r} is said twice"
        self.problems.append(Problem("A214", span, message, f"first at {first['span']}{counts}"))

    def look_at_weight(self, relation: str, weight: float, span: Span) -> None:
        if weight > _DROWNS:
            hint = "1 is an ordinary reason, 3 a strong one"
            message = f"{relation} with a weight of {weight:g}: nothing else counts beside it"
            self.problems.append(Problem("A216", span, message, hint))
        elif not weight:
            message = f"{relation} with a weight of 0: it counts for nothing"
            self.problems.append(Problem("A216", span, message, "leave it out, or weigh it 1"))

    def leave_out_opposites(self) -> None:
        """Leave out both where something speaks for and against the same claim."""
        found = [
            (pro, con)
            for source, target, key in self.graph.edges(keys=True)
            if key in _FOR
            for pro in [(source, target, str(key))]
            for con in self.opposites(source, target)
        ]
        for pro, con in found:
            first, last = sorted((pro, con), key=lambda edge: self.span(*edge))
            message = f"{pro[0]!r} both {pro[2]} and {con[2]} {pro[1]!r}"
            hint = f"the other is at {self.span(*first)}; neither counts"
            self.problems.append(Problem("A215", self.span(*last), message, hint))
        for edge in dict.fromkeys(edge for pair in found for edge in pair):
            self.graph.remove_edge(*edge)

    def opposites(self, source: str, target: str) -> Iterator[tuple[str, str, str]]:
        """Yield the relations of two nodes that say the second is false."""
        ends = [(source, target, "attacks"), (source, target, "contradicts")]
        for edge in [*ends, (target, source, "contradicts")]:
            if self.graph.has_edge(*edge):
                yield edge

    def leave_out_own_conclusions(self) -> None:
        """Leave out what an argument says for one of its own premises."""
        for argument in self.arguments:
            for premise in list(self.graph.predecessors(argument)):
                edge = (argument, premise, "supports")
                if self.graph.has_edge(*edge) and self.graph.has_edge(premise, argument, "premise"):
                    message = f"{premise!r} is a premise of {argument!r} and its conclusion"
                    hint = "an argument for itself counts for nothing; it is left out"
                    self.problems.append(Problem("A218", self.span(*edge), message, hint))
                    self.graph.remove_edge(*edge)

    def span(self, source: str, target: str, kind: str) -> Span:
        span: Span = self.graph.edges[source, target, kind]["span"]
        return span

    def misplaced(self, relation: str, target: str, allowed: Sequence[str], span: Span) -> None:
        message = f"{relation}, which is {_a(self.graph.nodes[target]['kind'])}"
        hint = f"expected {' or '.join(_a(kind) for kind in allowed)}"
        self.problems.append(Problem("A205", span, message, hint))

    def resolve(
        self,
        target: Target | str,
        note: str,
        kinds: Sequence[str],
        span: Span | None = None,
    ) -> list[str]:
        """Return the ids a target means: one, none with a problem, or all checks of a measure."""
        if isinstance(target, str):
            target = Target(target, span or Span(""))
            return [target.text] if target.text in self.graph else self.by_name(target, "", kinds)
        return self.by_link(target, note) if target.link else self.by_name(target, note, kinds)

    def by_name(self, target: Target, note: str, kinds: Sequence[str]) -> list[str]:
        def fits(id_: str) -> bool:
            return self.graph.nodes[id_]["kind"] in kinds

        found = self.names.find(target.text, note, fits)
        if not found and "evidence" in kinds:
            found = [id_ for id_ in self.names.reading(target.text, note) if id_ in self.graph]
            if found:
                return found
        found = found or self.names.find(target.text, note)  # misplaced, which the caller tells
        return self.only(found, target, lambda: self.names.suggest(target.text))

    def by_link(self, target: Target, note: str) -> list[str]:
        link = target.link
        assert link is not None  # noqa: S101  the caller looked
        path = self.vault.resolve(link.target, f"{note}.md") if link.target else f"{note}.md"
        if path is None:
            return self.only([], target, lambda: "the link leads to no note")
        id_ = _note_id(path)
        if link.subpath.startswith("^"):
            block = f"{id_}#{link.subpath[1:]}"
            return self.only(
                [block] if block in self.graph else [],
                target,
                lambda: self.block_hint(id_, link.subpath),
            )
        if link.subpath:
            return self.only(
                [], target, lambda: "a heading is no claim; link to a block: [[N#^id]]"
            )
        held = [id_] if id_ in self.graph else self.held[id_]
        return self.only(held, target, lambda: f"{path} holds no claim")

    def block_hint(self, note: str, subpath: str) -> str:
        near = self.blocks[note].of(subpath[1:]) if note in self.blocks else ""
        return near or f"no claim, evidence or argument of {note}.md ends in {subpath}"

    @cached_property
    def blocks(self) -> dict[str, Hints]:
        """What the ids of each note's claims, evidence and arguments end in, by its id."""
        blocks: dict[str, list[str]] = defaultdict(list)
        for id_ in self.graph:
            note, mark, block = id_.rpartition("#")
            if mark:
                blocks[note].append(block)
        return {note: Hints(some) for note, some in blocks.items()}

    def only(self, found: list[str], target: Target, hint: Callable[[], str]) -> list[str]:
        if len(found) == 1:
            return found
        if not found:
            message = f"nothing is called {target.text!r}"
            named = hint() or "name a claim, evidence or a check, or link to it"
            self.problems.append(Problem("A201", target.span, message, named))
            return []
        listed = ", ".join(found[:_MOST_CANDIDATES]) + (
            ", …" if len(found) > _MOST_CANDIDATES else ""
        )
        message = f"{target.text!r} fits {len(found)}"
        self.problems.append(Problem("A202", target.span, message, f"one of: {listed}"))
        return []


def _note_id(path: str) -> str:
    return path.removesuffix(".md")


def _a(kind: str) -> str:
    return {"claim": "a claim", "evidence": "evidence", "argument": "an argument"}[kind]


def debates_in(
    graph: nx.MultiDiGraph[str], claims: Mapping[str, Claim], vault: Vault
) -> tuple[Debate, ...]:
    """Return the parts of the graph that hang together, in the order of their claims."""
    import networkx as nx

    place = {id_: i for i, id_ in enumerate(graph)}
    parts = [sorted(part, key=place.__getitem__) for part in nx.weakly_connected_components(graph)]
    taken: dict[str, int] = {}
    debates = []
    for part in sorted(parts, key=lambda part: place[part[0]]):
        members = tuple(id_ for id_ in part if id_ in claims)
        if not members:
            continue
        main = _main(graph, claims, part)
        note = vault.notes[claims[main].note]
        title = _title(note, claims, main)
        debates.append(
            Debate(
                id=_slug(title, taken),
                title=title,
                main=main,
                thesis=_thesis(graph, claims, members, main),
                note=note.path,
                then=note.date,
                claims=members,
                evidence=tuple(id_ for id_ in part if graph.nodes[id_]["kind"] == "evidence"),
                arguments=tuple(id_ for id_ in part if graph.nodes[id_]["kind"] == "argument"),
            )
        )
    return tuple(debates)


def debate_on(
    debate: Debate, graph: nx.MultiDiGraph[str], claims: Mapping[str, Claim]
) -> Debate | None:
    """Return what of a debate counts in a graph, None where none of its claims does."""
    members, evidence, arguments = (
        tuple(id_ for id_ in ids if id_ in graph)
        for ids in (debate.claims, debate.evidence, debate.arguments)
    )
    if not members:
        return None
    left = (*members, *evidence, *arguments)
    main = debate.main if debate.main in graph else _main(graph, claims, left)
    thesis = debate.thesis if debate.thesis in graph else _thesis(graph, claims, members, main)
    return replace(
        debate, main=main, thesis=thesis, claims=members, evidence=evidence, arguments=arguments
    )


def _main(graph: nx.MultiDiGraph[str], claims: Mapping[str, Claim], part: Sequence[str]) -> str:
    """Return the conclusion; without one, the claim that most others lead to."""
    import networkx as nx

    members = [id_ for id_ in part if id_ in claims]
    concluding = [id_ for id_ in members if claims[id_].role == "conclusion"]
    if len(concluding or members) == 1:
        return (concluding or members)[0]
    leads = nx.DiGraph(
        (source, target)
        for source, target, kind in graph.edges(part, keys=True)
        if kind != "contradicts"
    )
    leads.add_nodes_from(part)
    circles = nx.condensation(leads)  # claims in one circle lead to the same
    circle = circles.graph["mapping"]
    last = [id_ for id_ in members if not circles.out_degree(circle[id_])]
    candidates = concluding or last or members
    behind = {
        number: len(nx.ancestors(circles, number)) for number in {circle[id_] for id_ in candidates}
    }
    return max(candidates, key=lambda id_: (not claims[id_].attributed, behind[circle[id_]]))


def _thesis(
    graph: nx.MultiDiGraph[str], claims: Mapping[str, Claim], members: Sequence[str], main: str
) -> str:
    """Return the thesis in dispute: marked so, else what the conclusion contradicts or attacks."""
    for id_ in members:
        if claims[id_].role == "thesis" and id_ != main:
            return id_
    for _, target, kind in graph.edges(main, keys=True):
        if kind in ("contradicts", "attacks") and target in claims:
            return target
    return next((s for s, _, kind in graph.in_edges(main, keys=True) if kind == "contradicts"), "")


def _title(note: Note, claims: Mapping[str, Claim], main: str) -> str:
    stated = note.properties.get("title")
    if isinstance(stated, str) and stated.strip():
        return stated.strip()
    return claims[main].text if claims[main].id == note.id else note.title


def _slug(title: str, taken: dict[str, int]) -> str:
    """Return a short name for files and addresses that no debate has yet.

    `taken` are those they have, each with the number that was last put behind it.
    """
    slug = "-".join(re.findall(r"\w+", title.casefold()))[:60].strip("-") or "debate"
    name, number = slug, taken.get(slug, 1)
    while name in taken:
        number += 1
        name = f"{slug}-{number}"
    taken[slug] = number
    taken.setdefault(name, 1)
    return name
