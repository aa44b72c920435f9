"""Deck -> what is said of a debate: counts, a sentence, the rows of its list, its last turn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from argmap.pages.addresses import href
from argmap.pages.cards import effect, outcome_icon, outcome_word

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from argmap.evidence.model import Observation, Outcome
    from argmap.pages.cards import Card, ClaimCard, Deck, Effect
    from argmap.report import DebateReport, Edge, Turn
    from argmap.strengths import Status

STATUSES: tuple[Status, ...] = ("supported", "refuted", "contested", "unknown")
OUTCOMES: tuple[Outcome, ...] = ("pass", "fail", "unknown", "error")
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
    under: str = ""  # id of what it bears on, the line above it in the tree


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
        Count(outcome_icon(outcome), outcome_word(outcome, deck.words), found.count(outcome))
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
    return f"{text}, {deck.words.standing(stand)}"


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
    """Return whose data a debate's checks read, what most of them read first."""
    found = Counter(
        source
        for key in debate.evidence
        for source in {
            seen.source for seen in deck.report.evidence[key].now.observations if _is_data(seen)
        }
    )
    return sorted(found, key=lambda source: (-found[source], source))


def _is_data(seen: Observation) -> bool:
    return bool(seen.source) and seen.kind != "formula"


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
            yield _row(deck, depth, edge.source, effect(edge), again, edge.target)
            if not again:
                seen.add(edge.source)
                waiting += [(depth + 1, below) for below in reversed(_below(deck, edge.source))]
        opened -= {root}


def _below(deck: Deck, key: str) -> list[Edge]:
    """Return what bears on a claim, evidence or argument: evidence first, then claims."""
    found = [edge for edge in deck.incoming.get(key, ()) if edge.kind != "contradicts"]
    return sorted(found, key=lambda edge: edge.source not in deck.report.evidence)


def _row(
    deck: Deck, depth: int, key: str, how: Effect | str, again: bool = False, under: str = ""
) -> Row:
    depth = min(depth, DEEPEST)
    if key not in deck:
        return Row(depth, None, deck.title(key), how, again, join=True, under=under)
    return Row(depth, deck[key], deck[key].text, how, again, href=href(deck, key), under=under)


def last_turn(deck: Deck, debate: DebateReport) -> Turn | None:
    """Return the newest turn of any claim of a debate; the conclusion's own goes first."""
    found = [turn for claim in debate.claims for turn in reversed(deck.report.claims[claim].turns)]
    return max(found, key=lambda turn: (turn.as_of, turn.claim == debate.main), default=None)


def days_of_data(deck: Deck, debate: DebateReport) -> list[date]:
    """Return the dates of a debate's data, oldest first."""
    return sorted(
        day
        for key in debate.evidence
        if (day := deck.report.evidence[key].now.dated or deck.report.evidence[key].judged)
    )


def title_of(deck: Deck, debate: DebateReport) -> str:
    """Return what a debate is called: as the site, where it is the only one."""
    site = deck.report.settings.title
    return site if site and len(deck.report.debates) == 1 else debate.title


def held_in(deck: Deck, debate: DebateReport) -> list[str]:
    """Return how many of a debate's checks are set aside, await data, or got no answer."""
    words, found = deck.words, [deck.report.evidence[key] for key in debate.evidence]
    counts = {
        "aside": sum(item.ack is not None for item in found),
        "waiting": sum(item.now.dates > 0 for item in found),
        "down": sum(any(seen.down for seen in item.now.observations) for item in found),
    }
    return [f"{words(name)}: {number}" for name, number in counts.items() if number]


def span_of_data(deck: Deck, debate: DebateReport) -> str:
    """Return the oldest and newest date of a debate's data."""
    dates = days_of_data(deck, debate)
    if not dates:
        return deck.words("no_date")
    first, last = deck.words.month(dates[0]), deck.words.month(dates[-1])
    return first if first == last else f"{first} – {last}"


def claim_cards(deck: Deck, note: str) -> list[ClaimCard]:
    """Return the cards of a note's claims, in the order of the note."""
    found = deck.by_note.get(note, ())
    return [deck[item.claim.id] for item in sorted(found, key=lambda item: item.claim.span)]  # type: ignore[misc]
