"""Deck -> the addresses of its pages, from the site's root."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from argmap.pages.names import check_page, claim_page, debate_page, note_page

if TYPE_CHECKING:
    from argmap.pages.cards import Deck
    from argmap.report import ClaimReport, DebateReport


def href(deck: Deck, key: str) -> str:
    """Return the page, from the site's root, that tells of a claim or of evidence."""
    if key in deck.report.unpublished:
        return ""
    if key in deck.report.claims:
        return claim_page(key)
    item = deck.report.evidence.get(key)
    if item is not None and item.kind == "check":
        return check_page(key)
    if item is not None and item.claims and item.claims[0] in deck.report.claims:
        return f"{claim_page(item.claims[0])}#{anchor(key)}"
    return ""


def anchor(key: str) -> str:
    """Return the name of an evidence's place on its claim's page."""
    return claim_page(key).removeprefix("claim/").removesuffix(".html")


def debate_href(deck: Deck, claim: str) -> str:
    """Return where a claim stands on its debate's map, from the site's root."""
    return on_map(deck, claim, claim)


def on_map(deck: Deck, claim: str, key: str) -> str:
    """Return where a claim's debate shows it, or what bears on it, from the site's root."""
    item = deck.report.claims[claim]
    if not debate_of(deck, item):
        return ""
    return f"{debate_page(item.debate)}#{quote(key, safe='')}"


def note_href(deck: Deck, path: str) -> str:
    """Return the page of a note, empty where it has none."""
    return note_page(path) if path in deck.noted else ""


def debate_of(deck: Deck, item: ClaimReport) -> DebateReport | None:
    """Return the debate a claim belongs to."""
    return deck.debates.get(item.debate)
