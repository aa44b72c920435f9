"""Deck -> what others take in: an Atom feed of changes, and a badge for each claim."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from argmap.pages import details
from argmap.pages.addresses import href
from argmap.pages.icons import ICONS
from argmap.pages.tongues import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from argmap.pages.cards import ClaimCard, Deck
    from argmap.report import Turn

NEWEST = 100
HEIGHT, PAD, LETTER = 22, 8, 7.2
# Of a badge, which stands on other people's pages: white on these is readable.
COLOURS = {
    "supported": "#0b7a75",
    "refuted": "#c0352b",
    "contested": "#946000",
    "unknown": "#626b77",
}
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), " ")


def badge(deck: Deck, card: ClaimCard, language: str) -> str:
    """Return a claim's badge: its status in colour, shape and word."""
    left, word = "argmap", spoken(card.word, language)
    first = round(len(left) * LETTER + 2 * PAD)
    second = round(len(word) * LETTER + 3 * PAD + 12)
    icon = ICONS[card.status]
    colour = COLOURS[card.status]
    day = spoken(deck.words.day(deck.report.as_of), language)
    title = _escaped(_plain(f"{card.text}: {word} ({day})"))
    sign = f'<path d="{icon.sign}" fill="none" stroke="#fff" stroke-width="2.4"/>'
    ring = f'<path d="{icon.shape}" fill="none" stroke="#fff" stroke-width="2"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{first + second}" height="{HEIGHT}" '
        f'role="img" aria-label="{_escaped(word)}"><title>{title}</title>'
        f'<rect width="{first + 6}" height="{HEIGHT}" rx="4" fill="#3b4654"/>'
        f'<rect x="{first}" width="{second}" height="{HEIGHT}" rx="4" fill="{colour}"/>'
        f'<rect x="{first}" width="5" height="{HEIGHT}" fill="{colour}"/>'
        f'<g transform="translate({first + 7} 4) scale(.58)">{ring}{sign}</g>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11.5">'
        f'<text x="{PAD}" y="15">{left}</text>'
        f'<text x="{first + PAD + 16}" y="15">{_escaped(word)}</text></g></svg>\n'
    )


def newest(deck: Deck) -> dict[str, Turn]:
    """Return the newest changes of statuses by their ids in the feed, the newest first."""
    turns = sorted(
        (turn for item in deck.report.claims.values() for turn in reversed(item.turns)),
        key=lambda turn: (turn.as_of, turn.claim),
        reverse=True,
    )[:NEWEST]
    return {_of(turn): turn for turn in turns}


def atom(deck: Deck, title: str, turns: Iterable[Turn], entries: str) -> str:
    """Return a feed of changes; addresses are relative to the site."""
    words = deck.words
    last = max((turn.as_of for turn in turns), default=deck.report.as_of)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{words.code}">\n'
        f"<title>{_text(title)}</title>\n<id>{_id('argmap', title)}</id>\n"
        f"<updated>{_stamp(last)}</updated>\n<author><name>argmap</name></author>\n"
        '<link rel="self" type="application/atom+xml" href="feed.xml"/>\n'
        f'<link rel="alternate" type="text/html" href="index.html"/>\n{entries}\n</feed>\n'
    )


def entry(deck: Deck, claim: str, id_: str) -> str:
    """Return what the feed says of one change, after its id."""
    turn = next(turn for turn in deck.report.claims[claim].turns if _of(turn) == id_)
    words, line = deck.words, details.turn_line(deck, turn)
    was = words(turn.before)
    text = f"{deck.title(turn.claim)}: {was} → {line.word}"
    said = f"{line.date}. {words('because')}: {line.cause}."
    return (
        f"</id>\n<title>{_text(text)}</title>\n"
        f"<updated>{_stamp(turn.as_of)}</updated>\n"
        f'<link rel="alternate" type="text/html" href="{_escaped(href(deck, turn.claim))}"/>\n'
        f"<summary>{_text(said)}</summary>\n"
    )


def _of(turn: Turn) -> str:
    return _id(turn.claim, turn.as_of.isoformat(), turn.before, turn.after)


def _id(*parts: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, chr(31).join(_plain(part) for part in parts))}"


def _stamp(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _text(text: str) -> str:
    return _escaped(_plain(text))


def _escaped(text: str) -> str:
    """Return a text for XML, as xml.sax.saxutils does, which brings in much for it."""
    return escape(text, quote=False)


def _plain(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return text.translate(_NOT_XML).encode("utf-8", "replace").decode()
