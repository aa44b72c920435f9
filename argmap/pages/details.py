"""Deck -> what is said of one claim or one piece of evidence, in its panel and on its page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argmap.evidence.model import Value
from argmap.evidence.quantity import show
from argmap.explain import tree
from argmap.pages import charts, notes
from argmap.pages.addresses import anchor, debate_href, debate_of, href, note_href
from argmap.pages.cards import EPSILON, effect, outcome_word, total
from argmap.pages.names import badge_page, claim_page, slug, state_page
from argmap.report import UNPUBLISHED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from argmap.claims.model import Source
    from argmap.evidence.model import Observation, Result
    from argmap.explain import Branch, Term
    from argmap.pages.cards import Card, Deck, EvidenceCard
    from argmap.pages.passages import Passage
    from argmap.pages.words import Words
    from argmap.report import ClaimReport, Edge, Turn
    from argmap.source import Problem
    from argmap.strengths import Interval

_DEEPEST = 8  # levels of a sum: a chain that long carries next to nothing
_FAR = 0.1  # from a threshold: decimals of the percent say nothing more
_NAME = re.compile(r"[^\W\d]\w*")
_PUT_IN = re.compile(rf"({_NAME.pattern}) \(([^()]*)\)")


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
    below: tuple[Summand, ...] = ()  # what makes the strength of its source, in turn
    cut: str = ""  # why nothing stands below where something could
    kind: str = ""  # of the relation
    card: EvidenceCard | None = None  # what it comes from, if that is evidence


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
    cause: str  # the whole, as text
    name: str = ""  # of what turned it, and the page of that
    href: str = ""
    rest: str = ""  # what else the text says


@dataclass(frozen=True, slots=True)
class Citation:
    """A source as a page shows it; without an address where it has none that is safe to open."""

    text: str
    url: str = ""
    page: str = ""  # of a note, from the site's root


@dataclass(frozen=True, slots=True)
class Reading:
    """One measure that a check read."""

    name: str
    value: str
    date: str
    source: Citation | None
    stale: bool
    reason: str
    seen: str = ""  # the day on which its source said so
    formula: str = ""  # of one that is computed, with the values put in
    down: str = ""  # why its source did not say so anew


@dataclass(frozen=True, slots=True)
class Chart:
    """A claim's history: steps on an axis, the two moments that matter, pixels of the chart."""

    steps: tuple[charts.Step, ...]
    written: float | None
    written_label: str
    now_label: str


def why(deck: Deck, item: ClaimReport) -> list[Summand]:
    """Return the sum that makes a strength, term by term, each down to the evidence."""
    branches = tree(deck.report.terms_of, item.claim.id, _DEEPEST)
    return [_summand(deck, branch) for branch in branches]


def _summand(deck: Deck, branch: Branch) -> Summand:
    term = branch.term
    card = deck.cards.get(term.source)
    return Summand(
        id=term.source,
        icon=card.icon if card else "argument",
        text=deck.title(term.source),
        notes=" · ".join(_notes(deck, term, card)),
        value=deck.words.interval(term.value),
        tone=tone(term.value),
        href=href(deck, term.source),
        below=tuple(_summand(deck, inner) for inner in branch.branches),
        cut=deck.words(f"cut.{branch.cut}") if branch.cut else "",
        kind=term.kind,
        card=card if card is not None and card.kind == "evidence" else None,  # type: ignore[arg-type]
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
    return f"{deck.words('why.evidence')} {deck.words.quoted(deck.title(said))}"


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
    debate = debate_of(deck, item)
    words, found = deck.words, []
    if item.then is not None:
        found.append((words("written"), debate.then if debate else None, item.then))
    found.append((words("now"), deck.report.as_of, item.now))
    return [
        Moment(label, words.day(day), judged.status, words(judged.status),
               words.interval(judged.strength))
        for label, day, judged in found
    ]  # fmt: skip


def chart(deck: Deck, item: ClaimReport) -> Chart | None:
    """Return the history of a claim, None where there are fewer than two runs."""
    steps = charts.history(item.history, deck.report.as_of)
    if len(steps) < 2:  # noqa: PLR2004
        return None
    debate = debate_of(deck, item)
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
    name = deck.title(turn.cause) if turn.cause else deck.words("notes_changed")
    rest = "".join(f", {moved}" for moved in _moved(deck, turn))
    between = [deck.title(id_) for id_ in turn.path[1:-1]]
    if between:
        rest += f" ({deck.words('by_way_of')}: {' → '.join(between)})"
    return TurnLine(
        deck.words.day(turn.as_of), turn.after, deck.words(turn.after), name + rest, name,
        href(deck, turn.cause) if turn.cause else "", rest,
    )  # fmt: skip


def _moved(deck: Deck, turn: Turn) -> Iterator[str]:
    """Yield what the evidence that turned a claim was before and after: "30,7 % → 4,4 %"."""
    item = deck.report.evidence.get(turn.cause)
    side = item.now.left if item else None
    if item is None or side is None or side.value is None:
        return
    upto = [point for point in item.series if point.as_of <= turn.as_of]
    while upto and upto[-1].as_of == turn.as_of and upto[-1].outcome != turn.outcome_after:
        upto.pop()  # of a later run of that day
    upto = upto[-2:]
    values = [
        deck.words.amount(Value(float(point.lo), float(point.hi), point.unit or side.value.unit))
        for point in upto
        if point.lo is not None and point.hi is not None
    ]
    if len(values) > 1 and values[0] != values[1]:
        yield " → ".join(values)


def rests(deck: Deck, item: ClaimReport) -> Iterator[str]:
    """Yield what a reader should know of the ground a claim stands on."""
    basis, words = item.basis, deck.words
    if basis.one_source:
        source = basis.sources[0]
        named = words(UNPUBLISHED) if source.startswith(f"{UNPUBLISHED}-") else source
        yield f"{words('one_source')}: {named} ({words('reasons')}: {basis.reasons})"
    if basis.stale:
        yield f"{words('on_stale')}: {'; '.join(deck.title(id_) for id_ in basis.stale)}"


def citation(deck: Deck, source: Source, note: str) -> Citation:
    """Return a source that a note names: its page, or an address that a browser may open."""
    url = source.url if source.url.startswith(("https://", "http://")) else ""
    page = ""
    if source.link is not None and source.link.kind != "url":
        found = deck.report.vault.resolve(source.link.target, note)
        page = note_href(deck, found) if found else ""
    return Citation(source.text or source.url, url, page)


def citations(deck: Deck, key: str) -> list[Citation]:
    """Return the sources of evidence, those its measures name included."""
    item = deck.report.evidence[key]
    found = [citation(deck, source, item.note) for source in item.sources]
    found += [seen for reading in readings(deck, key) if (seen := reading.source)]
    return list({entry.text: entry for entry in found if entry.text}.values())


def readings(deck: Deck, key: str) -> list[Reading]:
    """Return what a check read, measure by measure."""
    result = deck.report.evidence[key].now
    # A measure that stands alone on one side is shown in the unit of that side.
    sides = {side.text: side.value for side in (result.left, result.right) if side}
    found = {seen.measure: sides.get(seen.measure) or seen.value for seen in result.observations}
    return [_reading(deck, seen, found) for seen in result.observations]


def _reading(deck: Deck, seen: Observation, found: Mapping[str, Value | None]) -> Reading:
    url = seen.url if seen.url.startswith(("https://", "http://")) else ""
    formula = seen.kind == "formula"
    return Reading(
        name=seen.measure,
        value=deck.words.amount(found[seen.measure]),
        date=deck.words.day(seen.dated) if seen.dated else "",
        source=Citation(seen.source or url, url) if (seen.source or url) and not formula else None,
        stale=seen.stale,
        reason=deck.words(f"why.{seen.reason.code}") if seen.reason else "",
        seen=deck.words.day(seen.seen) if seen.asked and seen.seen else "",
        formula=_put_in(deck.words, seen.source, found) if formula else "",
        down=seen.down,
    )


def _shown(deck: Deck, result: Result) -> str:
    """Return a check with what was seen: the formula as written, numbers as readers write them."""
    names = {seen.measure for seen in result.observations}

    def said(found: re.Match[str]) -> str:
        name, value = found.groups()
        return f"{name} ({deck.words.seen(value)})" if name in names else found[0]

    return _PUT_IN.sub(said, result.shown)


def _put_in(words: Words, formula: str, values: Mapping[str, Value | None]) -> str:
    """Return a formula with the value of each measure behind its name, as a check shows them."""

    def said(name: re.Match[str]) -> str:
        if name[0] not in values:
            return name[0]
        value = values[name[0]]
        return f"{name[0]} ({words.seen(show(value)) if value else '?'})"

    return _NAME.sub(said, " ".join(formula.split()))


def notices(deck: Deck, key: str) -> Iterator[str]:
    """Yield what a reader should know before the outcome: set aside, held back, a silent source."""
    item, words = deck.report.evidence[key], deck.words
    result = item.now
    if item.ack:
        yield ack_words(deck, key)
    if result.dates and result.found:
        found = outcome_word(result.found, words)
        yield f"{words('by_itself')}: {found} ({words.dates(result.dates, result.needed)})"
    for why_down in dict.fromkeys(seen.down for seen in result.observations if seen.down):
        yield f"{words('down_since')}: {why_down}"


def ack_words(deck: Deck, key: str) -> str:
    """Return until when a failure is set aside, by whom and why; empty where it is not."""
    words, ack = deck.words, deck.report.evidence[key].ack
    if ack is None:
        return ""
    since = f" ({words('since')} {words.day(ack.on)})" if ack.on else ""
    by = f", {words('judged_by')}: {ack.by}" if ack.by else ""
    return f"{words('set_aside_full')} {words.day(ack.until)}{since}{by}: {ack.because}"


def _distance(deck: Deck, key: str) -> str:
    """Return how far the value is from the threshold: "−82 % от порога", "−46 … +79 % …"."""
    now, words = deck.report.evidence[key].now, deck.words
    limit = now.right.value if now.right else None
    # Against a threshold that is itself an interval, both ends would be of different wholes.
    one = limit is not None and limit.lo == limit.hi
    reach = now.reach if one else None
    ends = reach or ((now.distance,) if now.distance else ())
    if not ends:
        return ""
    places = 0 if max(map(abs, ends)) >= _FAR else 1
    percent = " … ".join(words.fixed(end * 100, places, sign=bool(end)) for end in ends)
    return f"{percent}\u00a0% {words('distance' if one else 'distance.near')}"


def evidence_cards(deck: Deck, claim: str) -> list[EvidenceCard]:
    """Return the cards of a claim's evidence, each once, in the report's order."""
    keys = dict.fromkeys(
        edge.source for edge in deck.incoming.get(claim, ()) if edge.source in deck.report.evidence
    )
    return [deck[key] for key in keys]  # type: ignore[misc]


def claim_view(deck: Deck, key: str) -> dict[str, Any]:
    """Return all that is said of a claim, for its panel and its page."""
    item, words = deck.report.claims[key], deck.words
    debate = debate_of(deck, item)
    total, equation = sum_line(deck, item)
    return {
        "card": deck[key],
        "why": why(deck, item),
        "prior": words.signed(item.prior) if item.prior else "",
        "total": total,
        "equation": equation,
        "reason": reason(deck, item),
        "rests": list(rests(deck, item)),
        "moments": moments(deck, item),
        "chart": chart(deck, item),
        "turns": turns(deck, item),
        "ties": ties(deck, key),
        "evidence": [evidence_view(deck, card.id) for card in evidence_cards(deck, key)],
        "attributed": _attributed(deck, item),
        "rule": _rule(words, item.claim.inferred),
        "passage": _passage(deck, item),
        "detail": notes.fragment(deck, item.claim.note, item.claim.detail),
        "href": claim_page(key),
        "debate_href": debate_href(deck, key),
        "cite": cite(deck, key, item.claim.text, words(item.now.status)),
        "take": f"{at}&take=1" if (at := debate_href(deck, key)) else "",
        "badge": badge_page(key),
        "tags": [(tag, f"tags.html#{slug(tag)}") for tag in item.claim.tags],
        "debate_title": debate.title if debate else "",
        "state": state_page(debate.id) if debate else "",
        **_place(deck, item.claim.note, item.claim.span.path, item.claim.span.line),
    }


def cite(deck: Deck, key: str, title: str, word: str) -> dict[str, str]:
    """Return how to refer to a claim or check, as text and BibTeX; the page adds its address."""
    words, report = deck.words, deck.report
    site = report.settings.title or "argmap"
    day = words.day(report.as_of).replace("\u00a0", " ")
    stop = "" if site[-1] in ".?!…" else "."
    text = f"{title} // {site}{stop} {word}, {words('retrieved')} {day}."
    bibtex = (
        f"@misc{{argmap-{anchor(key)},\n"
        f"  title = {{{_tex(title)}}},\n"
        f"  howpublished = {{{_tex(site)}}},\n"
        f"  year = {{{report.as_of.year}}},\n"
        f"  note = {{{_tex(word)}, {words('retrieved')} {report.as_of}}},\n"
        "  url = {URL}\n}"
    )
    return {"text": text, "bibtex": bibtex}


def _tex(text: str) -> str:
    """Return a text with TeX's own characters made plain."""
    return "".join(
        f"\\{char}" if char in "#$%&_" else char for char in text if char not in "{}\\^~"
    )


def _rule(words: Words, name: str) -> str:
    """Return by which rule a claim was found in plain text; empty where it was marked."""
    return f"{words('inferred_by')} {words(f'rule.{name}')}." if name else ""


def _attributed(deck: Deck, item: ClaimReport) -> Citation | None:
    source = item.claim.attributed
    return citation(deck, source, item.claim.note) if source else None


def _passage(deck: Deck, item: ClaimReport) -> Passage | None:
    """Return where in its note a claim is said."""
    return deck.shelf.sentence(item.claim.note, item.claim.span.line, item.claim.text)


def evidence_view(deck: Deck, key: str) -> dict[str, Any]:
    """Return all that is said of evidence, for its panel and its claim's page."""
    item, words = deck.report.evidence[key], deck.words
    first, last = charts.ends(item) or (None, None)
    return {
        "card": deck[key],
        "first": words.month(first) if first else "",
        "last": words.month(last) if last else "",
        "kind": item.kind,
        "anchor": anchor(key),
        "href": href(deck, key),
        "shown": _shown(deck, item.now) if item.kind == "check" else "",
        "reason": words(f"why.{item.now.reason.code}") if item.now.reason else "",
        "notices": list(notices(deck, key)),
        "distance": _distance(deck, key),
        "hangs": item.now.hangs,
        "is_check": item.kind == "check",
        "then": _then(deck, key),
        "remark": item.remark,
        "judged": _judged(deck, key),
        "readings": readings(deck, key),
        "sources": citations(deck, key),
        "ties": ties_of_evidence(deck, key),
        **_place(deck, item.note, item.span.path, item.span.line),
    }


def _then(deck: Deck, key: str) -> str:
    """Return what a check came to when the note was written: "прошла, 30,7 %"."""
    item, words = deck.report.evidence[key], deck.words
    if item.then is None or item.kind != "check":
        return ""
    parts = [outcome_word(item.then.outcome, words)]
    if item.then.left is not None and item.then.left.value is not None:
        parts.append(words.amount(item.then.left.value))
    return ", ".join(parts)


def _judged(deck: Deck, key: str) -> str:
    item, words = deck.report.evidence[key], deck.words
    if item.judged is None:
        return ""
    text = f"{words('judged')} {words.day(item.judged)}"
    if item.judged_by:
        text += f", {words('judged_by')} {item.judged_by}"
    return text + (f"; {words('expires')} {words.day(item.expires)}" if item.expires else "")


def problems(deck: Deck) -> Iterator[tuple[Problem, dict[str, str]]]:
    """Yield what is wrong with where that is: the page of its note, and Obsidian, at the line."""
    vault = deck.report.vault.notes
    for one in deck.report.problems:
        path, line = one.span.path, one.span.line
        note = path.removeprefix(f"{deck.report.settings.vault}/")
        known = note in vault
        yield (
            one,
            {
                "page": f"{page}#L{line}" if known and (page := note_href(deck, note)) else "",
                "obsidian": notes.in_obsidian(deck, note, line) if known else "",
            },
        )


def _place(deck: Deck, note: str, path: str, line: int) -> dict[str, str]:
    """Return where something was written, with the note's page and line to link to."""
    page = note_href(deck, note)
    return {
        "place": f"{path}, {deck.words('line')} {line}" if path else "",
        "note_href": f"{page}#L{line}" if page else "",
        "obsidian": notes.in_obsidian(deck, note, line) if page else "",
    }
