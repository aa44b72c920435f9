"""Deck -> what each page says, ready for its template: counts, sentences, rows, sums, relations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from argmap.pages import charts
from argmap.pages.cards import EPSILON, effect, total
from argmap.pages.names import claim_page, debate_page, note_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from argmap.claims.model import Source
    from argmap.evidence.model import Observation
    from argmap.explain import Term
    from argmap.pages.cards import Card, ClaimCard, Deck, Effect, EvidenceCard
    from argmap.report import ClaimReport, DebateReport, Edge, Turn
    from argmap.strengths import Interval

STATUSES = ("supported", "refuted", "contested", "unknown")
OUTCOMES = ("pass", "fail", "unknown", "error")
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Count:
    """One icon of a page's head, with how many there are and what that means in words."""

    icon: str
    word: str
    number: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list view: a card below what it bears on."""

    depth: int
    card: Card | None
    text: str
    effect: Effect | str
    again: bool = False
    href: str = ""
    join: bool = False


@dataclass(frozen=True, slots=True)
class Summand:
    """One line of "why": what an incoming relation adds to the sum."""

    id: str
    icon: str
    text: str
    notes: str
    value: str
    tone: str
    href: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation of a claim, seen from the claim."""

    id: str
    icon: str
    word: str
    text: str
    effect: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A claim on one date."""

    label: str
    date: str
    status: str
    word: str
    strength: str


@dataclass(frozen=True, slots=True)
class TurnLine:
    """When a status changed, and what turned it."""

    date: str
    icon: str
    word: str
    cause: str
    cause_id: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A source as a page shows it; without an address where it has none that is safe to open."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One measure that a check read."""

    name: str
    value: str
    date: str
    source: Citation | None
    stale: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A claim's history: steps on an axis, the two moments that matter, pixels of the chart."""

    steps: tuple[charts.Step, ...]
    written: float | None
    written_label: str
    now_label: str


def counts_of_claims(deck: Deck, debate: DebateReport) -> list[Count]:
    """Return how many claims have which status."""
    found = [deck.report.claims[claim].now.status for claim in debate.claims]
    return [Count(status, deck.words(status), found.count(status)) for status in STATUSES]


def counts_of_checks(deck: Deck, debate: DebateReport) -> list[Count]:
    """Return how many checks came to which outcome."""
    found = [
        deck.report.evidence[item].now.outcome
        for item in debate.evidence
        if deck.report.evidence[item].kind == "check"
    ]
    return [
        Count(
            "o-unknown" if outcome == "unknown" else outcome,
            deck.words("o.unknown" if outcome == "unknown" else outcome),
            found.count(outcome),
        )
        for outcome in OUTCOMES
    ]


def count_of_judgements(deck: Deck, debate: DebateReport) -> Count:
    """Return how many judgements and citations there are."""
    number = sum(deck.report.evidence[item].kind != "check" for item in debate.evidence)
    return Count("judgement", deck.words("judgement"), number)


def role_of_main(deck: Deck, debate: DebateReport) -> str:
    """Return "Вывод" or "Тезис": what the debate is about."""
    role = deck.report.claims[debate.main].claim.role
    return deck.words(f"role.{'thesis' if role == 'thesis' else 'conclusion'}")


def sentence(deck: Deck, debate: DebateReport) -> tuple[str, str]:
    """Return what stands, in one sentence: its beginning (with the status), and the rest."""
    words, main = deck.words, deck.report.claims[debate.main]
    head = f"{role_of_main(deck, debate)} {words(f'is.{main.now.status}')}"
    parts = [part for kind in ("pro", "con") if (part := _standing(deck, debate.main, kind))]
    parts.append(words.count(len(sources_of(deck, debate)), "source"))
    rest = f"{'; '.join(parts)}."
    if main.then is not None:
        rest += f" {words('written_at')}\u00a0— {words(f'is.{main.then.status}')}."
    return head, rest


def _standing(deck: Deck, main: str, kind: str) -> str:
    """Return "3 довода за, из них устоял 1", empty where there are none."""
    relations = {"supports"} if kind == "pro" else {"attacks"}
    sources = [
        source
        for edge in deck.incoming.get(main, ())
        if edge.kind in relations
        for source in _claims_behind(deck, edge.source)
    ]
    if not sources:
        return ""
    stand = sum(deck.report.claims[source].now.status == "supported" for source in sources)
    text = deck.words.count(len(sources), kind)
    if len(sources) == 1:
        return f"{text} ({deck.words(deck.report.claims[sources[0]].now.status)})"
    return f"{text}, {deck.words('one_of_them' if stand == 1 else 'many_of_them')} {stand}"


def _claims_behind(deck: Deck, source: str) -> list[str]:
    """Return the claim itself, or the premises of an argument."""
    if source in deck.report.claims:
        return [source]
    return [edge.source for edge in deck.incoming.get(source, ()) if edge.kind == "premise"]


def sources_of(deck: Deck, debate: DebateReport) -> list[str]:
    """Return the different sources a debate's evidence rests on, sorted."""
    found: set[str] = set()
    for key in debate.evidence:
        item = deck.report.evidence[key]
        found |= {source.text or source.url for source in item.sources}
        found |= {seen.source for seen in item.now.observations if seen.kind != "formula"}
    return sorted(found - {""})


def attributions(deck: Deck, debate: DebateReport) -> list[str]:
    """Return whose data a debate's checks read, sorted."""
    read = [seen for key in debate.evidence for seen in deck.report.evidence[key].now.observations]
    return sorted({seen.source for seen in read if seen.kind != "formula"} - {""})


def rows(deck: Deck, debate: DebateReport) -> list[Row]:
    """Return the debate as a tree, line by line; what stands in two places is spelt out once."""
    roots = [debate.main, *([debate.thesis] if debate.thesis else [])]
    roots += [claim for claim in debate.claims if not _leads_on(deck, claim)]
    return list(_walk(deck, [*roots, *debate.claims]))


def _leads_on(deck: Deck, claim: str) -> bool:
    return any(edge.kind != "contradicts" for edge in deck.outgoing.get(claim, ()))


def _walk(deck: Deck, roots: list[str]) -> Iterator[Row]:
    seen: set[str] = set()
    opened = set(roots[:2])
    for number, root in enumerate(roots):
        if root in seen or (number > 1 and root in opened):
            continue
        seen.add(root)
        yield _row(deck, 0, root, "")
        waiting = [(1, edge) for edge in reversed(_below(deck, root))]
        while waiting:
            depth, edge = waiting.pop()
            again = edge.source in seen or edge.source in opened
            yield _row(deck, depth, edge.source, effect(edge), again=again)
            if not again:
                seen.add(edge.source)
                waiting += [(depth + 1, below) for below in reversed(_below(deck, edge.source))]
        opened -= {root}


def _below(deck: Deck, key: str) -> list[Edge]:
    """Return what bears on a claim, evidence or argument: evidence first, then claims."""
    found = [edge for edge in deck.incoming.get(key, ()) if edge.kind != "contradicts"]
    return sorted(found, key=lambda edge: edge.source not in deck.report.evidence)


def _row(deck: Deck, depth: int, key: str, how: Effect | str, again: bool = False) -> Row:
    depth = min(depth, DEEPEST)
    if key not in deck:
        return Row(depth, None, deck.title(key), how, again, join=True)
    return Row(depth, deck[key], deck[key].text, how, again, href=href(deck, key))


def href(deck: Deck, key: str) -> str:
    """Return the page, from the site's root, that tells of a claim or of evidence."""
    if key in deck.report.claims:
        return claim_page(key)
    item = deck.report.evidence.get(key)
    if item is not None and item.claims and item.claims[0] in deck.report.claims:
        return f"{claim_page(item.claims[0])}#{anchor(key)}"
    return ""


def anchor(key: str) -> str:
    """Return the name of an evidence's place on its claim's page."""
    return claim_page(key).removeprefix("claim/").removesuffix(".html")


def why(deck: Deck, item: ClaimReport) -> list[Summand]:
    """Return the sum that makes a strength, term by term."""
    return [_summand(deck, term) for term in item.terms]


def _summand(deck: Deck, term: Term) -> Summand:
    card = deck.cards.get(term.source)
    return Summand(
        id=term.source,
        icon=card.icon if card else "argument",
        text=deck.title(term.source),
        notes=" · ".join(_notes(deck, term, card)),
        value=deck.words.interval(term.value),
        tone=tone(term.value),
        href=href(deck, term.source),
    )


def _notes(deck: Deck, term: Term, card: Card | None) -> Iterator[str]:
    words = deck.words
    if card is not None and card.kind == "evidence":
        yield from (text for text in (card.value, card.limit, card.word) if text)  # type: ignore[union-attr]
    else:
        yield words(f"by.{term.kind}")
        yield f"{words('strength')} {words.interval(term.strength)}"
    if term.weight != 1:
        yield f"{words('weight')} {words.number(term.weight)}"
    if term.left != (1.0, 1.0):
        yield f"{words('left')} ×{_factor(deck, term.left)}"
    if term.scale != 1:
        yield f"{words('scale')} ×{words.fixed(term.scale)}"


def _factor(deck: Deck, left: Interval) -> str:
    lo, hi = (deck.words.fixed(end) for end in left)
    return lo if lo == hi else f"{lo} … {hi}"


def tone(value: Interval) -> str:
    """Return whether a summand speaks for or against, or neither for sure."""
    if value[0] > EPSILON:
        return "for"
    return "against" if value[1] < -EPSILON else "idle"


def sum_line(deck: Deck, item: ClaimReport) -> tuple[str, str]:
    """Return the sum E, and how the strength follows from it: "−1,00 / (1 + 1,00)"."""
    lo, hi = total(item)
    words = deck.words
    if abs(hi - lo) < EPSILON:
        return words.signed(lo), f"{words.signed(lo)} / (1 + {words.fixed(abs(lo))})"
    return words.interval((lo, hi)), "E / (1 + |E|)"


def reason(deck: Deck, item: ClaimReport) -> str:
    """Return why a claim is unknown, in words; empty if it is not."""
    said = item.now.reason
    if not said or item.now.status != "unknown":
        return ""
    if said in {"too_little", "loop"}:
        return deck.words(f"why.{said}")
    return f"{deck.words('why.evidence')} «{deck.title(said)}»"


def ties(deck: Deck, claim: str) -> list[Tie]:
    """Return a claim's relations, outgoing first; its evidence and premises stand elsewhere."""
    out = [_tie(deck, edge, edge.target, edge.kind) for edge in deck.outgoing.get(claim, ())]
    into = [
        _tie(deck, edge, edge.source, f"by.{edge.kind}")
        for edge in deck.incoming.get(claim, ())
        if edge.source not in deck.report.evidence
        and not (edge.kind == "contradicts" and _mutual(deck, edge))
    ]
    cuts = [
        _tie(deck, edge, edge.source, "by.undercuts")
        for own in deck.incoming.get(claim, ())
        if own.source in deck.report.evidence
        for edge in deck.incoming.get(own.source, ())
    ]
    return [*out, *into, *_unique(cuts)]


def ties_of_evidence(deck: Deck, key: str) -> list[Tie]:
    """Return what evidence bears on, and what undercuts it."""
    out = [_tie(deck, edge, edge.target, edge.kind) for edge in deck.outgoing.get(key, ())]
    into = [_tie(deck, e, e.source, f"by.{e.kind}") for e in deck.incoming.get(key, ())]
    return [*out, *into]


def _mutual(deck: Deck, edge: Edge) -> bool:
    return any(
        other.kind == "contradicts" and other.target == edge.source
        for other in deck.outgoing.get(edge.target, ())
    )


def _unique(found: list[Tie]) -> list[Tie]:
    return list({tie.id: tie for tie in found}.values())


def _tie(deck: Deck, edge: Edge, other: str, word: str) -> Tie:
    how = effect(edge)
    card = deck.cards.get(other)
    return Tie(
        id=other,
        icon=card.icon if card else "argument",
        word=deck.words(word),
        text=deck.title(other),
        effect=how,
        note=deck.words("idle_now") if how in {"idle", "undercut-idle"} else "",
        href=href(deck, other),
    )


def moments(deck: Deck, item: ClaimReport) -> list[Moment]:
    """Return the claim then (when the note was written) and now."""
    debate = _debate(deck, item)
    words, found = deck.words, []
    if item.then is not None:
        found.append((words("written"), debate.then if debate else None, item.then))
    found.append((words("now"), deck.report.as_of, item.now))
    return [
        Moment(label, words.day(day), judged.status, words(judged.status),
               words.interval(judged.strength))
        for label, day, judged in found
    ]  # fmt: skip


def _debate(deck: Deck, item: ClaimReport) -> DebateReport | None:
    return next((debate for debate in deck.report.debates if debate.id == item.debate), None)


def chart(deck: Deck, item: ClaimReport) -> Chart | None:
    """Return the history of a claim, None where there are fewer than two runs."""
    steps = charts.history(item.history, deck.report.as_of)
    if len(steps) < 2:  # noqa: PLR2004
        return None
    debate = _debate(deck, item)
    then = debate.then if debate else None
    return Chart(
        steps=steps,
        written=_at(then, item, deck.report.as_of),
        written_label=deck.words.day(then),
        now_label=deck.words.day(deck.report.as_of),
    )


def _at(day: date | None, item: ClaimReport, as_of: date) -> float | None:
    """Return where a date lies on a chart's axis, None if it is outside."""
    first, last = item.history[0].as_of, max(item.history[-1].as_of, as_of)
    if day is None or not first <= day <= last or first == last:
        return None
    return round((day - first).days / (last - first).days, 3)


def turns(deck: Deck, item: ClaimReport) -> list[TurnLine]:
    """Return when a claim's status changed, the newest first."""
    return [turn_line(deck, turn) for turn in reversed(item.turns)]


def turn_line(deck: Deck, turn: Turn) -> TurnLine:
    """Return one turn in words."""
    cause = deck.title(turn.cause) if turn.cause else deck.words("notes_changed")
    return TurnLine(
        deck.words.day(turn.as_of), turn.after, deck.words(turn.after), cause, turn.cause
    )


def last_turn(deck: Deck, debate: DebateReport) -> Turn | None:
    """Return the newest turn of any claim of a debate; the conclusion's own goes first."""
    found = [turn for claim in debate.claims for turn in deck.report.claims[claim].turns]
    return max(found, key=lambda turn: (turn.as_of, turn.claim == debate.main), default=None)


def span_of_data(deck: Deck, debate: DebateReport) -> str:
    """Return the oldest and newest date of a debate's data."""
    dates = [
        day
        for key in debate.evidence
        if (item := deck.report.evidence[key]) and (day := item.now.dated or item.judged)
    ]
    if not dates:
        return deck.words("no_date")
    first, last = deck.words.month(min(dates)), deck.words.month(max(dates))
    return first if first == last else f"{first} – {last}"


def citation(source: Source) -> Citation:
    """Return a source, with its address if a browser may open it."""
    url = source.url if source.url.startswith(("https://", "http://")) else ""
    return Citation(source.text or source.url, url)


def citations(deck: Deck, key: str) -> list[Citation]:
    """Return the sources of evidence, those its measures name included."""
    item = deck.report.evidence[key]
    found = [citation(source) for source in item.sources]
    found += [seen for reading in readings(deck, key) if (seen := reading.source)]
    return list({entry.text: entry for entry in found if entry.text}.values())


def readings(deck: Deck, key: str) -> list[Reading]:
    """Return what a check read, measure by measure."""
    return [_reading(deck, seen) for seen in deck.report.evidence[key].now.observations]


def _reading(deck: Deck, seen: Observation) -> Reading:
    url = seen.url if seen.url.startswith(("https://", "http://")) else ""
    formula = seen.kind == "formula"
    return Reading(
        name=seen.measure,
        value=deck.words.amount(seen.value),
        date=deck.words.day(seen.dated) if seen.dated else "",
        source=Citation(seen.source or url, url) if (seen.source or url) and not formula else None,
        stale=seen.stale,
        reason=deck.words(f"why.{seen.reason.code}") if seen.reason else "",
    )


def evidence_cards(deck: Deck, claim: str) -> list[EvidenceCard]:
    """Return the cards of a claim's evidence, each once, in the report's order."""
    keys = dict.fromkeys(
        edge.source
        for edge in deck.incoming.get(claim, ())
        if edge.source in deck.report.evidence
    )
    return [deck[key] for key in keys]  # type: ignore[misc]


def claim_cards(deck: Deck, note: str) -> list[ClaimCard]:
    """Return the cards of a note's claims, in the order of the note."""
    found = [item for item in deck.report.claims.values() if item.claim.note == note]
    return [deck[item.claim.id] for item in sorted(found, key=lambda item: item.claim.span)]  # type: ignore[misc]


def debate_href(deck: Deck, claim: str) -> str:
    """Return where a claim stands on its debate's map, from the site's root."""
    from urllib.parse import quote

    item = deck.report.claims[claim]
    if not _debate(deck, item):
        return ""
    return f"{debate_page(item.debate)}#{quote(claim, safe='')}"


def note_href(deck: Deck, path: str) -> str:
    """Return the page of a note, empty where it has none."""
    return note_page(path) if path in notes_with_pages(deck) else ""


def notes_with_pages(deck: Deck) -> set[str]:
    """Return the paths of the notes that hold claims or evidence and so have a page."""
    found = {item.claim.note for item in deck.report.claims.values()}
    found |= {item.note for item in deck.report.evidence.values() if item.note}
    return found & set(deck.report.vault.notes)
