"""Report -> the same report for everybody: of notes with `publish: true`, and of nothing else.

What comes out is made of what is published, piece by piece; what is not published is not taken
along, so that no page, feed or file made of it can tell. Where a published claim rests on something
that is not, a card without name or text stands for it, with what it lends: the sums still add up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from argmap.claims import ClaimOptions, read_claims
from argmap.claims.model import Claim
from argmap.config import Settings
from argmap.graph import Names, debates_in
from argmap.pages.redacted import Redactor
from argmap.report import (
    UNPUBLISHED,
    Basis,
    ClaimReport,
    DebateReport,
    Edge,
    EvidenceReport,
    Judged,
    Report,
    Turn,
)
from argmap.source import Span
from argmap.strengths import MARGIN, SLACK, WEAKER
from argmap.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from argmap.claims.model import Argument, Evidence, NoteClaims, Source
    from argmap.evidence.model import Observation, Result
    from argmap.explain import Term
    from argmap.graph import Debate
    from argmap.notes import Note
    from argmap.strengths import Interval, Status

PROPERTY = "publish"


def published(vault: Vault) -> tuple[str, ...]:
    """Return the paths of the notes that say `publish: true`, sorted."""
    return tuple(
        sorted(path for path, note in vault.notes.items() if note.properties.get(PROPERTY) is True)
    )


def public(report: Report) -> Report:
    """Return what of a report is published. Raises LeakError where a note cannot be cleaned."""
    return _Public(report).report


@dataclass(frozen=True)
class _Public:
    """A report, and what of it may be told."""

    whole: Report

    # Which notes, and what is in them

    @cached_property
    def paths(self) -> frozenset[str]:
        return frozenset(published(self.whole.vault))

    @cached_property
    def candidates(self) -> frozenset[str]:
        """The ids of all that stands in published notes, and of sheets' checks that bear on it."""
        whole = self.whole
        claims = {id_ for id_, item in whole.claims.items() if item.claim.note in self.paths}
        return frozenset(
            claims
            | {id_ for id_, item in whole.arguments.items() if item.note in self.paths}
            | {id_ for id_, item in whole.evidence.items() if self._tells(item, claims)}
        )

    def _tells(self, item: EvidenceReport, claims: set[str]) -> bool:
        home = self._home(item)
        return home in self.paths if home else not claims.isdisjoint(item.claims)

    def _home(self, item: EvidenceReport) -> str:
        """Return the note that evidence stands in, be it in a fenced sheet; empty for a sheet's."""
        if item.note:
            return item.note
        prefix = self.whole.settings.vault
        path = item.span.path if prefix in ("", ".") else item.span.path.removeprefix(f"{prefix}/")
        return path if path in self.whole.vault.notes else ""

    @cached_property
    def redactor(self) -> Redactor:
        whole = self.whole
        measures = {
            seen.measure
            for id_ in self.candidates & whole.evidence.keys()
            for seen in whole.evidence[id_].now.observations
        }
        fields = ClaimOptions.of(whole.settings).fields()
        names = Names(sorted(self.candidates))
        return Redactor(whole.vault, self.paths, fields, names, measures)

    @cached_property
    def notes(self) -> dict[str, Note]:
        notes = self.whole.vault.notes
        return {path: self.redactor.note(notes[path]) for path in sorted(self.paths)}

    @cached_property
    def anew(self) -> Mapping[str, Claim | Evidence | Argument | None]:
        """What stands in notes that were changed, read again, by its id before.

        None is what cannot be told apart there any more; it counts as not published.
        """
        found: dict[str, Claim | Evidence | Argument | None] = {}
        for path, note in self.notes.items():
            before = self.whole.vault.notes[path]
            if note is before:
                continue
            was, now = self._items(before), self._items(note)
            same = [item.span.line for item in was] == [item.span.line for item in now]
            found |= {old.id: now[n] if same else None for n, old in enumerate(was)}
        return found

    def _items(self, note: Note) -> Sequence[Claim | Evidence | Argument]:
        settings = self.whole.settings
        options = ClaimOptions.of(settings, infer=settings.infers_from(note.path))
        said: NoteClaims = read_claims(note, options)[0]
        return (*said.claims, *said.evidence, *said.arguments)

    # What it is called

    @cached_property
    def shown(self) -> Mapping[str, str]:
        """The ids of what is told, as they were and as they are."""
        lost = {id_ for id_, item in self.anew.items() if item is None}
        return {
            id_: item.id if (item := self.anew.get(id_)) else id_
            for id_ in sorted(self.candidates - lost)
        }

    @cached_property
    def hidden(self) -> Mapping[str, str]:
        """The ids of what is not told and yet bears on what is, as they were and as they are."""
        terms_of, named = self.whole.terms_of, set(self.shown.values())
        found = dict.fromkeys(
            source
            for target in sorted(self.shown)
            for source in sorted({term.source for term in terms_of(target)} - self.shown.keys())
        )
        free = (name for n in range(1, len(found) + len(named) + 1)
                if (name := f"{UNPUBLISHED}-{n}") not in named)  # fmt: skip
        return dict(zip(found, free, strict=False))

    def name(self, id_: str) -> str:
        """Return what an id is called now; empty where nothing stands for it."""
        return self.shown.get(id_) or self.hidden.get(id_, "")

    def names(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for id_ in ids if (name := self.name(id_)))

    def text(self, text: str) -> str:
        return self.redactor.text(text)

    # The report

    @cached_property
    def report(self) -> Report:
        whole = self.whole
        debates = tuple(self.debates())
        of = {
            id_: debate
            for debate in debates
            for id_ in (*debate.claims, *debate.evidence, *debate.arguments)
        }  # what is in none bears on nothing that is told
        shown = {id_: of[name] for id_, name in self.shown.items() if name in of}
        hidden = {id_: name for id_, name in self.hidden.items() if name in of}
        return Report(
            settings=Settings(
                root=Path(),
                vault="",
                title=whole.settings.title,
                language=whole.settings.language,
                markup=whole.settings.markup,
            ),
            vault=Vault(
                self.notes,
                tuple(sorted(self.redactor.attachments)),
                strict_breaks=whole.vault.strict_breaks,
            ),
            as_of=whole.as_of,
            fixed=whole.fixed,
            debates=debates,
            claims={
                **{
                    self.shown[id_]: self.claim(item, shown[id_])
                    for id_, item in whole.claims.items()
                    if id_ in shown
                },
                **{name: self.stand_in(id_, name, of[name]) for id_, name in hidden.items()},
            },
            evidence={
                self.shown[id_]: self.evidence(item, shown[id_])
                for id_, item in whole.evidence.items()
                if id_ in shown
            },
            arguments={
                self.shown[id_]: self.argument(item)
                for id_, item in whole.arguments.items()
                if id_ in shown
            },
            edges=tuple(edge for edge in self.edges if edge.target in of),
            strengths={self.name(id_): whole.strengths[id_] for id_ in (*shown, *hidden)},
            problems=(),  # they are told to the author
            runs=whole.runs,
            bearing={
                self.shown[id_]: self.terms(terms)
                for id_, terms in whole.bearing.items()
                if id_ in shown
            },
            public=True,
            unpublished={name: self.lends(id_) for id_, name in hidden.items()},
            clashing=self.clashing,
        )

    def debates(self) -> Iterator[DebateReport]:
        """Yield the debates as what is told hangs together."""
        import networkx as nx

        whole = self.whole
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for debate in whole.debates:
            for kind, ids in (
                ("claim", debate.claims), ("evidence", debate.evidence),
                ("argument", debate.arguments),
            ):  # fmt: skip
                graph.add_nodes_from((self.shown[i] for i in ids if i in self.shown), kind=kind)
        graph.add_nodes_from(self.hidden.values(), kind=UNPUBLISHED)
        for edge in self.edges:
            graph.add_edge(edge.source, edge.target, key=edge.kind)
        claims = {self.shown[id_]: self.told(item.claim)
                  for id_, item in whole.claims.items() if id_ in self.shown}  # fmt: skip
        vault = Vault(self.notes)
        before = {self.shown[id_]: debate for debate in whole.debates for id_ in debate.claims
                  if id_ in self.shown}  # fmt: skip
        for found in debates_in(graph, claims, vault):
            yield self.debate(found, before[found.main], graph)

    def debate(self, found: Debate, before: DebateReport, graph: Any) -> DebateReport:
        """Return a debate; it keeps its date where it is still dated by the same note."""
        members = {*found.claims, *found.evidence, *found.arguments}
        lending = [
            name for name in self.hidden.values() if not members.isdisjoint(graph.successors(name))
        ]
        return DebateReport(
            found.id, found.title, found.main, found.thesis, found.note,
            before.then if found.note == before.note else None,
            (*found.claims, *lending), found.evidence, found.arguments,
        )  # fmt: skip

    @cached_property
    def edges(self) -> list[Edge]:
        return [made for edge in self.whole.edges if (made := self.edge(edge))]

    def edge(self, edge: Edge) -> Edge | None:
        """Return a relation to what is told; a hidden claim that contradicts attacks."""
        source, target = edge.source, edge.target
        contradicts = edge.kind == "contradicts"
        if contradicts and source in self.shown and target in self.hidden:
            source, target = target, source
        if target not in self.shown or not self.name(source):
            return None
        made = replace(edge, source=self.name(source), target=self.shown[target])
        if not contradicts or source in self.shown:
            return made
        carries = next(
            term.value
            for term in self.whole.terms_of(target)
            if (term.source, term.kind) == (source, "contradicts")
        )
        return replace(made, kind="attacks", carries=carries)

    def terms(self, terms: Iterable[Term]) -> tuple[Term, ...]:
        return tuple(
            replace(
                term,
                source=self.name(term.source),
                kind="attacks"
                if term.kind == "contradicts" and term.source in self.hidden
                else term.kind,
            )
            for term in terms
        )

    def argument(self, item: Argument) -> Argument:
        anew = cast("Argument | None", self.anew.get(item.id))
        return replace(anew or item, span=self.span(item.note, item.span))

    # Claims

    def told(self, claim: Claim) -> Claim:
        anew = cast("Claim | None", self.anew.get(claim.id))
        return replace(anew or claim, span=self.span(claim.note, claim.span))

    def claim(self, item: ClaimReport, debate: DebateReport) -> ClaimReport:
        dated = debate.then is not None
        return ClaimReport(
            claim=self.told(item.claim),
            debate=debate.id,
            now=self.judged(item.now),
            then=self.judged(item.then) if item.then and dated else None,
            marks=tuple(mark for mark in item.marks if dated or mark != "lapsed"),
            terms=self.terms(item.terms),
            prior=item.prior,
            history=item.history,
            turns=tuple(self.turn(turn) for turn in item.turns),
            basis=self.basis(item),
        )

    def judged(self, judged: Judged) -> Judged:
        if judged.reason in ("", "too_little", "loop"):
            return judged
        return replace(judged, reason=self.name(judged.reason) or UNPUBLISHED)

    def turn(self, turn: Turn) -> Turn:
        path = self.names(turn.path)
        cause = turn.cause and (self.name(turn.cause) or UNPUBLISHED)
        if turn.cause in self.shown or not cause:
            return replace(turn, claim=self.shown[turn.claim], cause=cause, path=path)
        return Turn(self.shown[turn.claim], turn.as_of, turn.before, turn.after, cause, path=path)

    def basis(self, item: ClaimReport) -> Basis:
        basis, claim = item.basis, item.claim.id
        return Basis(
            basis.reasons,
            tuple(self.shown[id_] for id_ in basis.claims if id_ in self.shown),
            tuple(self.shown[id_] for id_ in basis.evidence if id_ in self.shown),
            tuple(self.sources((claim, *basis.claims, *basis.evidence), basis.sources)),
            tuple(self.shown[id_] for id_ in basis.stale if id_ in self.shown),
        )

    def sources(self, ids: Iterable[str], sources: Iterable[str]) -> Iterator[str]:
        """Yield as many sources as there are, without those that only hidden evidence names."""
        known = {name: name for id_ in ids if id_ in self.shown for name in self._sources(id_)}
        for id_, name in self.shown.items():
            known |= {id_: name, f"the credence of {id_}": f"the credence of {name}"}
        for number, source in enumerate(sources, 1):
            yield known.get(source) or f"{UNPUBLISHED}-{number}"

    def _sources(self, id_: str) -> Iterator[str]:
        """Yield what a published piece of evidence rests on, but for notes that are not."""
        item = self.whole.evidence.get(id_)
        if item is None:
            return
        said = [seen.url or seen.source for seen in item.now.observations]
        for source in item.sources:
            if source.link is None or not self.redactor.hides(source.link.target, item.note):
                said += [source.url, source.text, source.link.target if source.link else ""]
        yield from (name.strip() for name in said if self.text(name) == name)

    def stand_in(self, id_: str, name: str, debate: DebateReport) -> ClaimReport:
        """Return the card that stands for what is not published: its strength, and no more."""
        strength = self.whole.strengths[id_]
        item = self.whole.claims.get(id_)
        status = item.now.status if item else _status(strength)
        claim = Claim(name, "", Span(""), "")
        return ClaimReport(claim, debate.id, Judged(status, strength), None, (), (), 0.0)

    def lends(self, id_: str) -> Interval:
        low, high = self.whole.strengths[id_]
        return (max(low, 0.0), max(high, 0.0)) if id_ in self.whole.claims else (low, high)

    @cached_property
    def clashing(self) -> tuple[str, ...]:
        """The claims told that cannot be supported, beside a hidden one that they contradict."""
        whole = self.whole
        pairs = [{edge.source, edge.target} for edge in whole.edges if edge.kind == "contradicts"]
        return tuple(
            sorted(
                self.shown[one]
                for pair in pairs
                for one in pair & self.shown.keys()
                for other in pair & self.hidden.keys()
                if _alone_supported(whole.claims[other])
            )
        )

    # Evidence

    def evidence(self, item: EvidenceReport, debate: DebateReport) -> EvidenceReport:
        anew = cast("Evidence | None", self.anew.get(item.id))
        home = self._home(item)
        text = anew.text if anew else self.text(item.text)
        then = item.then if debate.then else None
        return replace(
            item,
            id=self.shown[item.id],
            text=text,
            span=self.span(home, item.span),
            claims=tuple(self.shown[id_] for id_ in item.claims if id_ in self.shown),
            now=self.result(item, item.now, text),
            then=self.result(item, then, text) if then else None,
            sources=tuple(map(self.source, anew.sources if anew else item.sources)),
            remark=self.text(item.remark),
            ack=item.ack and replace(item.ack, because=self.text(item.ack.because)),
            # What a check read before it was defined as it is may be in notes that are not told.
            series=tuple(replace(point, shown="") for point in item.series),
        )

    def source(self, source: Source) -> Source:
        link = source.link
        if link and link.kind != "url" and self.redactor.hides(link.target, ""):
            return replace(source, text=self.text(f"[[{link.target}]]"), link=None)
        return replace(source, text=self.text(source.text), url=self.address(source.url))

    def result(self, item: EvidenceReport, result: Result, text: str) -> Result:
        return replace(
            result,
            check=self.shown[item.id],
            shown=self.text(result.shown) if item.kind == "check" else text,
            reason=result.reason and replace(result.reason, detail=""),
            observations=tuple(map(self.observation, result.observations)),
            ack=result.ack and replace(result.ack, because=self.text(result.ack.because)),
        )

    def observation(self, seen: Observation) -> Observation:
        return replace(
            seen,
            source=self.text(seen.source),
            url=self.address(seen.url),
            down=self.text(seen.down),
            reason=seen.reason and replace(seen.reason, detail=""),
        )

    def address(self, url: str) -> str:
        return url if self.text(url) == url else ""

    def span(self, note: str, span: Span) -> Span:
        """Return a place in a published note; none in a sheet, which may hold more."""
        return Span(note, span.line, span.column) if note else Span("")


def _alone_supported(item: ClaimReport) -> bool:
    """Say whether a claim is supported, or would be if what it contradicts were not."""
    values = [term.value for term in item.terms]
    weaker = min(sum(max(low, 0) for low, _ in values), sum(max(-high, 0) for _, high in values))
    stronger = max(sum(max(high, 0) for _, high in values), sum(max(-low, 0) for low, _ in values))
    contested = weaker > SLACK and weaker >= WEAKER * stronger - SLACK
    return not contested and item.now.strength[0] >= MARGIN - SLACK


def _status(strength: Interval) -> Status:
    low, high = strength
    if low >= MARGIN - SLACK:
        return "supported"
    return "refuted" if high <= SLACK - MARGIN else "unknown"
