"""Deck -> the pages beside the debates: a board of all checks, tags, and sources."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from argmap.pages import details, views
from argmap.pages.addresses import href, note_href
from argmap.pages.cards import outcome_word
from argmap.pages.markup import less_ours
from argmap.pages.names import above, slug
from argmap.pages.state import ages

if TYPE_CHECKING:
    from argmap.pages.cards import Card, Deck, EvidenceCard
    from argmap.pages.details import Citation
    from argmap.report import EvidenceReport

RUNS = 24  # outcomes in a strip
WORST_FIRST = ("error", "fail", "unknown", "pass")
_LICENCE = re.compile(
    r"\b(CC(?:[ -](?:BY|0|SA|NC|ND)(?:[ -]\d\.\d)?)+|CC0|ODbL(?:[ -]\d\.\d)?|ODC-By|OGL\S*)"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One run of a strip."""

    x: int
    outcome: str
    title: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check of the board."""

    card: EvidenceCard
    href: str
    claims: tuple[tuple[str, str], ...]  # text and address
    bars: tuple[Bar, ...]
    dated: str  # ISO
    age: str
    due: str  # ISO
    due_day: str
    due_word: str
    overdue: bool
    notices: tuple[str, ...]
    aging: dict[str, str]  # when it is to be judged anew, by the reader's clock


@dataclass(slots=True)
class TagGroup:
    """A tag with what carries it; what stands below it has a group of its own."""

    name: str
    anchor: str
    depth: int
    notes: list[tuple[str, str]] = field(default_factory=list)
    claims: list[tuple[Card, str]] = field(default_factory=list)
    count: int = 0  # with what stands below it


@dataclass(slots=True)
class SourceGroup:
    """A source with the evidence that rests on it."""

    citation: Citation
    anchor: str
    evidence: list[tuple[EvidenceCard, str, str]] = field(default_factory=list)


def order(deck: Deck) -> list[str]:
    """Return all checks, those that need looking at first."""
    found = [item for item in deck.report.evidence.values() if item.kind == "check"]
    found.sort(key=lambda item: (WORST_FIRST.index(item.now.outcome), item.text, item.id))
    return [item.id for item in found]


def line(deck: Deck, check: str) -> CheckLine:
    """Return a check's line of the board."""
    item = deck.report.evidence[check]
    words = deck.words
    aging = ages(deck, item.id)
    due, due_word = _due(item, aging)
    dated = item.now.dated
    return CheckLine(
        card=deck[item.id],  # type: ignore[arg-type]
        href=href(deck, item.id),
        claims=tuple((deck.title(claim), href(deck, claim)) for claim in item.claims),
        bars=_bars(deck, item),
        dated=dated.isoformat() if dated else "",
        age=words.count((deck.report.as_of - dated).days, "day") if dated else "",
        due=due,
        due_day=words.day(date.fromisoformat(due)) if due else "",
        due_word=words(due_word),
        overdue=bool(due) and date.fromisoformat(due) < deck.report.as_of,
        notices=tuple(details.notices(deck, item.id)),
        aging=aging,
    )


def _due(item: EvidenceReport, aging: dict[str, str]) -> tuple[str, str]:
    """Return by when a check is to be renewed, and what happens then."""
    if item.now.due:
        return item.now.due.isoformat(), "fetch_on"
    if "stale" in aging:
        return aging["stale"], "stale_on"
    return aging.get("unknown", ""), "expires_on"


def _bars(deck: Deck, item: EvidenceReport) -> tuple[Bar, ...]:
    last = item.series[-RUNS:]
    words, start = deck.words, RUNS - len(last)
    return tuple(
        Bar(
            (start + number) * 7,
            point.outcome,
            f"{words.day(point.as_of)}: {outcome_word(point.outcome, words)}",
        )
        for number, point in enumerate(last)
    )


def tags(deck: Deck) -> list[TagGroup]:
    """Return all tags in the order of their names, so that each stands below what holds it."""
    vault = deck.report.vault
    groups: dict[str, TagGroup] = {}
    members: dict[str, set[str]] = {}

    def group(tag: str, member: str) -> TagGroup:
        for part in above(tag):
            groups.setdefault(part, TagGroup(part, slug(part), part.count("/")))
            members.setdefault(part, set()).add(member)
        return groups[tag]

    for path in sorted(deck.noted):
        for tag in less_ours(deck, vault.notes[path].tags):
            group(tag, path).notes.append((vault.notes[path].title, note_href(deck, path)))
    for key in sorted(deck.report.claims):
        for tag in deck.report.claims[key].claim.tags:
            group(tag, key).claims.append((deck[key], href(deck, key)))
    for name, one in groups.items():
        one.count = len(members[name])
    return [groups[name] for name in sorted(groups)]


def sources(deck: Deck) -> list[SourceGroup]:
    """Return all sources, those on which most rests first."""
    groups: dict[str, SourceGroup] = {}
    for key in sorted(deck.report.evidence):
        item = deck.report.evidence[key]
        for citation in details.citations(deck, key):
            one = groups.setdefault(citation.text, SourceGroup(citation, slug(citation.text)))
            claim = deck.title(item.claims[0]) if item.claims else ""
            one.evidence.append((deck[key], href(deck, key), claim))  # type: ignore[arg-type]
    return sorted(groups.values(), key=lambda one: (-len(one.evidence), one.citation.text))


def credits_in_short(attributions: list[str]) -> list[str]:
    """Return the sources whose licence asks to be named, each as name and licence."""
    found: dict[str, None] = {}
    for text in attributions:
        licence = _LICENCE.search(text)
        if licence:
            name = re.split(r" \(|,", text)[0].strip()
            found[f"{name}, {licence[1]}"] = None
    return list(found)


def attributions(deck: Deck) -> list[str]:
    """Return whose data all debates read."""
    named = (text for debate in deck.report.debates for text in views.attributions(deck, debate))
    return sorted(dict.fromkeys(named))
