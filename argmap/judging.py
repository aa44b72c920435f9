"""Outcomes -> Report: strengths and statuses then and now, marks, reasons, and what turned what."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date
from functools import cache, cached_property
from hashlib import blake2b
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from argmap.cache import own_code
from argmap.evidence.judgement import verdict
from argmap.report import (
    Basis,
    ClaimReport,
    DebateReport,
    Edge,
    EvidenceReport,
    Judged,
    Later,
    Redefined,
    Report,
    SeriesPoint,
    Turn,
)
from argmap.source import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import networkx as nx

    from argmap.evidence.model import Outcome, Result
    from argmap.explain import Term
    from argmap.graph import ArgumentMap, Debate
    from argmap.history import History, Kept, StatusPoint
    from argmap.reading import Reading
    from argmap.records import OutcomePoint, Record
    from argmap.report import EdgeKind, Mark
    from argmap.strengths import Interval, Solution, Status

Verdicts = dict[str, "Interval"]
Point = TypeVar("Point", "OutcomePoint", "StatusPoint")


@dataclass(frozen=True)
class Judgement:
    """The whole map, judged on one day."""

    day: date
    graph: nx.MultiDiGraph[str]
    results: Mapping[str, Result]
    verdicts: Verdicts
    solution: Solution
    kept: tuple[Kept, str] | None = None  # what was worked out before, and the key of this

    def of(self, claim: str) -> Judged | None:
        """Return a claim's status, None where it does not count on this day."""
        if claim not in self.solution.status:
            return None
        reason = self.reasons.get(claim, "")
        return Judged(self.solution.status[claim], self.solution.strength[claim], reason)

    @cached_property
    def reasons(self) -> Mapping[str, str]:
        """Why each unknown claim is unknown."""

        def found() -> Mapping[str, str]:
            from argmap.explain import unknown_reasons

            return unknown_reasons(self.graph, self.solution, self.verdicts)

        if self.kept is None:
            return found()
        kept, key = self.kept
        return cast("Mapping[str, str]", kept.of(f"reasons {key}", found))

    @cached_property
    def terms(self) -> Mapping[str, tuple[Term, ...]]:
        """What makes the strength of each claim, and the force of the rest."""
        from argmap.explain import bearing, terms

        return {
            id_: tuple(
                (terms if data["kind"] == "claim" else bearing)(self.graph, self.solution, id_)
            )
            for id_, data in self.graph.nodes(data=True)
        }

    @cached_property
    def carrying(self) -> Mapping[str, tuple[str, ...]]:
        """What surely speaks for each node."""
        from argmap.explain import lenders

        return {id_: lenders(terms) for id_, terms in self.terms.items() if terms}

    @cached_property
    def stale(self) -> frozenset[str]:
        """The evidence that counts though its data are older than called fresh."""
        return frozenset(
            id_
            for id_, result in self.results.items()
            if result.stale and result.outcome in ("pass", "fail")
        )

    def terms_of(self, id_: str) -> tuple[Term, ...]:
        """Return what bears on a node, strongest first."""
        return self.terms[id_]


def judge_on(
    day: date, joined: ArgumentMap, results: Mapping[str, Result], kept: Kept | None = None
) -> Judgement:
    """Solve the map as it counts on a day, with what its evidence came to on that day.

    What was solved before, with the same verdicts, is not solved again where it was `kept`.
    """
    from argmap.strengths import Solution, solve

    graph = joined.on(day)
    outcomes = {id_: result.outcome for id_, result in results.items()}
    verdicts = verdicts_of(graph, joined, outcomes)
    if kept is None:
        return Judgement(day, graph, results, verdicts, solve(graph, verdicts))
    key = _hash(_structure(graph), verdicts)
    data = kept.of(f"solution {key}", lambda: solve(graph, verdicts).data)
    return Judgement(day, graph, results, verdicts, Solution.of(data), (kept, key))


def _structure(graph: nx.MultiDiGraph[str]) -> object:
    """Return what of a graph the arithmetic reads, in its order."""
    nodes = [(id_, data["kind"], data["credence"]) for id_, data in graph.nodes(data=True)]
    edges = [(*ends, data["kind"], data["weight"]) for *ends, data in graph.edges(data=True)]
    return nodes, edges


def _hash(*what: object) -> str:
    """Return what tells this from anything else, and from what other code would make of it."""
    said = repr((own_code(), what)).encode("utf-8", "surrogatepass")
    return blake2b(said, digest_size=12).hexdigest()


def verdict_of(joined: ArgumentMap, id_: str, outcome: Outcome) -> Interval:
    """Return what a piece of evidence says when it comes out so."""
    return verdict(outcome, is_test=_is_test(joined, id_))


def verdicts_of(
    graph: nx.MultiDiGraph[str], joined: ArgumentMap, outcomes: Mapping[str, Outcome]
) -> Verdicts:
    """Return what each piece of evidence says; one that has no outcome is unknown."""
    return {
        id_: verdict_of(joined, id_, outcomes.get(id_, "unknown"))
        for id_, data in graph.nodes(data=True)
        if data["kind"] == "evidence"
    }


def _is_test(joined: ArgumentMap, id_: str) -> bool:
    check = joined.checks.get(id_)
    return check is not None and check.bearing == "tests"


def report_on(
    reading: Reading,
    now: Judgement,
    thens: Mapping[str, Judgement],
    history: History,
    *,
    fixed: bool,
) -> Report:
    """Put together what pages and commands read.

    `thens` holds each debate's judgement at its date, by the debate's id, where that is earlier
    than now. `fixed` says that the pages are to stay at their date.
    """
    from argmap.graph import debate_on

    joined = reading.map
    past = _Past(joined, now.day, history)
    claims: dict[str, ClaimReport] = {}
    evidence: dict[str, EvidenceReport] = {}
    debates = []
    for whole in joined.debates:
        debate = debate_on(whole, now.graph, joined.claims)
        if debate is None:
            continue
        then = thens.get(debate.id)
        debates.append(_debate_report(debate, then))
        before = past.of(whole)
        seen = {id_: _evidence_report(id_, now, then, before) for id_ in debate.evidence}
        sources = {id_: tuple(_sources(item)) for id_, item in seen.items()}
        evidence |= seen
        for id_ in debate.claims:
            claims[id_] = _claim_report(id_, debate, now, then, before, sources)
    past.kept.forget_but(past.live)
    return Report(
        settings=reading.settings,
        vault=reading.vault,
        as_of=now.day,
        fixed=fixed,
        debates=tuple(debates),
        claims=claims,
        evidence=evidence,
        arguments={id_: item for id_, item in joined.arguments.items() if id_ in now.graph},
        edges=tuple(_edges(now)),
        strengths=now.solution.strength,
        problems=(
            *reading.problems,
            *history.problems,
            *_clashes(now, joined),
            *_leaning(claims.values()),
        ),
        runs=tuple(history.runs(now.day)),
        outside={
            id_: data["window"]
            for id_, data in joined.graph.nodes(data=True)
            if id_ not in now.graph
        },
        bearing={
            id_: terms for id_, terms in now.terms.items() if terms and id_ not in joined.claims
        },
    )


def _leaning(claims: Iterable[ClaimReport]) -> Iterator[Problem]:
    """Warn of claims whose reasons all come from one source: they are one reason."""
    for item in claims:
        if item.basis.one_source:
            message = f"{item.claim.id!r}: {item.basis.reasons} reasons, 1 source"
            yield Problem("A220", item.claim.span, message, f"all from {item.basis.sources[0]}")


def _clashes(now: Judgement, joined: ArgumentMap) -> Iterator[Problem]:
    """Tell of claims that contradict each other though each is supported, and why each is."""
    from argmap.explain import strongest_line

    for pair in now.solution.clashes:
        lines = [" -> ".join(strongest_line(now.terms_of, id_)) for id_ in pair]
        first, second = (joined.claims[id_] for id_ in pair)
        message = f"{first.id!r} and {second.id!r} contradict each other, and both are supported"
        hint = f"by {lines[0]}, and by {lines[1]}; say what speaks against one of them"
        yield Problem("A217", first.span, message, hint)


def _debate_report(debate: Debate, then: Judgement | None) -> DebateReport:
    return DebateReport(
        debate.id, debate.title, debate.main, debate.thesis, debate.note,
        then.day if then else debate.then, debate.claims, debate.evidence, debate.arguments,
    )  # fmt: skip


class _Past:
    """What the history says of a project, up to a day."""

    def __init__(self, joined: ArgumentMap, day: date, history: History) -> None:
        self.joined, self.day, self.history = joined, day, history
        self.kept = history.kept("changes")
        self.live: set[str] = set()  # keys of what is kept of today's debates
        self.claims, self.evidence = history.pasts("status"), history.pasts("outcome")
        self.parts = _parts(joined)

    def of(self, debate: Debate) -> _DebatePast:
        """Return the past of a debate."""
        claims = {id_: f"{self.day} {self.claims.get(id_, '')}" for id_ in debate.claims}
        evidence = {id_: f"{self.day} {self.evidence.get(id_, '')}" for id_ in debate.evidence}
        tests = [id_ for id_ in debate.evidence if _is_test(self.joined, id_)]
        key = _hash(self.parts[debate.id], tests, claims, evidence)
        self.live.add(key)
        return _DebatePast(self, debate, claims, evidence, key)


def _parts(joined: ArgumentMap) -> Mapping[str, object]:
    """Return what turns follow from, beside the history: each debate's part of the graph."""
    debate_of = {
        id_: one.id
        for one in joined.debates
        for id_ in (*one.claims, *one.evidence, *one.arguments)
    }
    parts: dict[str, list[object]] = {debate.id: [] for debate in joined.debates}
    for id_, data in joined.graph.nodes(data=True):
        if id_ in debate_of:
            window = data["window"]
            said = id_, data["kind"], data["credence"], window.from_, window.until
            parts[debate_of[id_]].append(said)
    for source, target, data in joined.graph.edges(data=True):
        if source in debate_of:
            parts[debate_of[source]].append((source, target, data["kind"], data["weight"]))
    return parts


@dataclass(frozen=True)
class _DebatePast:
    """What the history says of a debate; it is looked up only where somebody asks."""

    past: _Past
    debate: Debate
    claims: Mapping[str, str]  # what tells the past of each from any other
    evidence: Mapping[str, str]
    key: str  # of all that its turns follow from

    def history(self, claim: str) -> Later[StatusPoint]:
        """Return a claim's status in each run that tells something, oldest first."""
        return Later(
            self.claims[claim],
            lambda: _telling(self._statuses.get(claim, ()), lambda point: point.status),
        )

    def turns(self, claim: str) -> Later[Turn]:
        """Return each change of a claim's status with what turned it, as the map stands today."""
        return Later(self.key, lambda: self._turns.get(claim, ()))

    def series(self, check: str) -> Later[SeriesPoint]:
        """Return what a check saw in each run, and where its definition changed."""
        return Later(self.evidence[check], lambda: _series(self._outcomes.get(check, ())))

    @cached_property
    def _statuses(self) -> Mapping[str, Sequence[StatusPoint]]:
        return self.past.history.statuses(self.past.day, self.debate.claims)

    @cached_property
    def _outcomes(self) -> Mapping[str, Sequence[OutcomePoint]]:
        return self.past.history.outcomes(self.past.day, self.debate.evidence)

    def redefined(self, check: str) -> Later[Redefined]:
        """Return when a check came to be defined otherwise, oldest first."""
        return Later(self.key, lambda: self._redefined.get(check, ()))

    @cached_property
    def _turns(self) -> Mapping[str, Sequence[Turn]]:
        turns: dict[str, list[Turn]] = {}
        for claim, day, was, is_, cause, before, after, path, run in self._changes["turns"]:
            on = date.fromisoformat(day)
            turn = Turn(claim, on, was, is_, cause, before, after, tuple(path), run)
            turns.setdefault(claim, []).append(turn)
        return turns

    @cached_property
    def _redefined(self) -> Mapping[str, Sequence[Redefined]]:
        found: dict[str, list[Redefined]] = {}
        for check, day, *rest in self._changes["redefined"]:
            found.setdefault(check, []).append(Redefined(check, date.fromisoformat(day), *rest))
        return found

    @cached_property
    def _changes(self) -> Mapping[str, Any]:
        """What changed in the past, as data; found out once, until it or the debate is another."""

        def found() -> dict[str, Any]:
            turns = list(self._found_turns())
            checks = self.past.history.redefined(self.debate.evidence)
            new = [one for check in sorted(checks) for one in self._redefined_of(check)]
            return {
                "turns": [(turn.claim, str(turn.as_of), *astuple(turn)[2:]) for turn in turns],
                "redefined": [(one.check, str(one.as_of), *astuple(one)[2:]) for one in new],
            }

        return cast("Mapping[str, Any]", self.past.kept.of(self.key, found))

    def _redefined_of(self, check: str) -> Iterator[Redefined]:
        for was, point in pairwise(_series(self._outcomes.get(check, ()))):
            if point.changed:
                outcomes = was.outcome, point.outcome
                yield Redefined(check, point.as_of, *outcomes, was.shown, point.shown)

    def _found_turns(self) -> Iterator[Turn]:
        pairs = [
            (claim, before, after)
            for claim in self.debate.claims
            for before, after in pairwise(self._statuses.get(claim, ()))
            if before.status != after.status
        ]
        if not pairs:  # most debates: of those no map is made
            return
        runs = {point.run for _, *both in pairs for point in both}
        came = self.past.history.came(self.debate.evidence, runs)
        whole = self.past.joined.within([self.debate])
        # Many claims turn in one run: its graph and its verdicts are made once.
        graph = cache(whole.on)
        said = cache(lambda run: verdicts_of(whole.graph, whole, came.get(run, {})))
        for claim, before, after in pairs:
            id_, path = _cause(graph(after.as_of), said(before.run), said(after.run), claim)
            was, is_ = (came.get(run, {}).get(id_, "") for run in (before.run, after.run))
            stood, stands = before.status, after.status
            yield Turn(claim, after.as_of, stood, stands, id_, was, is_, path, after.run)


def _cause(
    graph: nx.MultiDiGraph[str], before: Verdicts, after: Verdicts, claim: str
) -> tuple[str, tuple[str, ...]]:
    from argmap.explain import cause_of

    return cause_of(graph, before, after, claim) or ("", ())


def _telling(points: Sequence[Point], says: Callable[[Point], object]) -> list[Point]:
    """Return the last point of each day, and of its others those that the next one turns."""
    return [
        point
        for point, after in zip_longest(points, points[1:])
        if after is None or after.as_of != point.as_of or says(after) != says(point)
    ]


def _claim_report(
    id_: str,
    debate: Debate,
    now: Judgement,
    then: Judgement | None,
    past: _DebatePast,
    sources: Mapping[str, Sequence[str]],
) -> ClaimReport:
    from argmap.strengths import prior

    joined = past.past.joined
    claim = joined.claims[id_]
    judged = cast("Judged", now.of(id_))
    basis = _basis(id_, now, sources)
    return ClaimReport(
        claim=claim,
        debate=debate.id,
        now=judged,
        then=then.of(id_) if then else None,
        marks=tuple(_marks(id_, judged, now, then, joined, basis)),
        terms=now.terms[id_],
        prior=prior(claim.credence),
        history=past.history(id_),
        turns=past.turns(id_),
        basis=basis,
    )


def _basis(id_: str, now: Judgement, sources: Mapping[str, Sequence[str]]) -> Basis:
    """Return what a claim's status rests on; a stated credence is a source of its own."""
    from argmap.explain import carriers, sure

    terms = [term for term in now.terms[id_] if _tells(term, now.solution.status[id_])]
    found = carriers(now.carrying, terms)
    evidence = tuple(name for name in found if name in sources)
    claims = tuple(name for name in found if name in now.solution.status)
    stated = [name for name in (id_, *claims) if now.solution.prior[name]]
    named = [source for name in evidence for source in sources[name]]
    return Basis(
        reasons=sum(map(sure, terms)),
        claims=claims,
        evidence=evidence,
        sources=tuple(dict.fromkeys([*named, *(f"the credence of {name}" for name in stated)])),
        stale=tuple(name for name in evidence if name in now.stale),
    )


def _tells(term: Term, status: Status) -> bool:
    """Say whether a term bears a status out; all do where both sides count."""
    low, high = term.value
    return (status != "supported" or high > 0) and (status != "refuted" or low < 0)


def _sources(item: EvidenceReport) -> Iterator[str]:
    """Yield where evidence is from: a note, an address, a file; itself where it does not say."""
    stated = [
        source.link.target if source.link and source.link.kind != "url" else source.url
        for source in item.sources
    ]
    stated += [source.text for source in item.sources if not source.url and not source.link]
    seen = [found.url or found.source for found in item.now.observations if found.kind != "formula"]
    named = [name.strip() for name in (*stated, *seen) if name.strip()]
    yield from dict.fromkeys(named or [item.id])


def _marks(
    id_: str,
    judged: Judged,
    now: Judgement,
    then: Judgement | None,
    joined: ArgumentMap,
    basis: Basis,
) -> Iterator[Mark]:
    if then and then.solution.status.get(id_) == "supported" and _lapsed(id_, judged, now):
        yield "lapsed"
    direct = now.graph.predecessors(id_)
    if basis.stale or not now.stale.isdisjoint(direct):
        yield "stale"
    if joined.claims[id_].inferred:
        yield "inferred"
    if id_ in now.solution.circular:
        yield "circular"


def _lapsed(id_: str, judged: Judged, now: Judgement) -> bool:
    """Say whether a claim that was supported fell by its evidence; an outage is nobody's news."""
    import networkx as nx

    if judged.status != "unknown":
        return judged.status in ("refuted", "contested")
    upstream = nx.ancestors(now.graph, id_)
    reasons = (now.results[e].reason for e in upstream if e in now.results)
    return not any(reason and reason.code == "outage" for reason in reasons)


def _evidence_report(
    id_: str, now: Judgement, then: Judgement | None, past: _DebatePast
) -> EvidenceReport:
    joined = past.past.joined
    check, item = joined.checks.get(id_), joined.evidence.get(id_)
    stated = item or check
    assert stated is not None  # noqa: S101  a node of evidence is one of the two
    kind: Literal["check", "judgement", "cited"] = (
        "check" if check else "judgement" if item and item.kind == "judgement" else "cited"
    )
    return EvidenceReport(
        id=id_,
        kind=kind,
        text=item.text if item else check.title if check else id_,
        span=stated.span,
        note=item.note if item else "",
        claims=tuple(
            target
            for _, target, edge in now.graph.out_edges(id_, keys=True)
            if edge in ("tests", "supports", "attacks")
        ),
        now=now.results[id_],
        then=then.results.get(id_) if then and id_ in then.graph else None,
        sources=stated.sources,
        judged=item.judged if item else None,
        judged_by=item.judged_by if item else "",
        expires=item.expires if item else None,
        expect=stated.expect,
        formula=check.formula if check else "",
        inferred=item.inferred if item else "",
        remark=check.note if check else "",
        series=past.series(id_) if check else (),
        redefined=past.redefined(id_) if check else (),
        is_test=_is_test(joined, id_),
        ack=now.results[id_].ack,
        block=item.block if item else "",
        until=joined.graph.nodes[id_]["window"].until,
    )


def _series(points: Sequence[OutcomePoint]) -> tuple[SeriesPoint, ...]:
    """Return a check's past, and where its definition changed."""
    told = _telling(points, lambda point: (point.outcome, point.definition))
    before = [None, *told]
    return tuple(
        SeriesPoint(
            point.as_of, point.dated, point.lo, point.hi, point.outcome, point.reason, point.shown,
            last is not None and last.definition != point.definition,
            point.unit, point.limit, point.found,
        )
        for last, point in zip(before, told, strict=False)
    )  # fmt: skip


def _edges(now: Judgement) -> Iterator[Edge]:
    """Yield each relation with what it carries to its target's sum now."""
    carried = {
        (term.source, id_, term.kind): term.value
        for id_ in now.solution.status
        for term in now.terms[id_]
    }
    for source, target, data in now.graph.edges(data=True):
        kind = cast("EdgeKind", data["kind"])
        value = carried.get((source, target, kind))
        if value is None:
            value = _cut(now.solution.strength[source], data["weight"], kind)
        yield Edge(source, kind, target, data["weight"], value)


def _cut(strength: Interval, weight: float, kind: EdgeKind) -> Interval:
    """Return what an undercutter cuts, between 0 and 1; a premise carries its own strength."""
    lo, hi = (max(0.0, end) for end in strength)
    if kind == "premise":
        return lo, hi
    full = 1.0  # a strength of 1 cuts anything through
    return (
        min(1.0, weight * lo / (1 - lo)) if lo < full else full,
        min(1.0, weight * hi / (1 - hi)) if hi < full else full,
    )


def records(joined: ArgumentMap, now: Judgement) -> Iterator[Record]:
    """Yield what a run leaves in the history: observations, outcomes, statuses."""
    from argmap.records import observation_record, outcome_record, short

    checked = [now.results[id_] for id_ in joined.graph if id_ in now.results and id_ in now.graph]
    observed = {(o.measure, o.definition): o for result in checked for o in result.observations}
    yield from map(observation_record, observed.values())
    yield from map(outcome_record, checked)
    for id_, status in now.solution.status.items():
        lo, hi = map(short, now.solution.strength[id_])
        yield {"record": "status", "claim": id_, "status": status, "lo": lo, "hi": hi}
