"""Deck -> the panels of a debate's cards: in its page, or, of many, in scripts of so many each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from argmap.pages import details

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argmap.pages.cards import Deck
    from argmap.report import DebateReport

IN_PAGE = 60  # cards; the panels of more would make the page heavy
EACH = 16  # panels in a script, which is read when one of them is opened


@dataclass(frozen=True, slots=True)
class Panel:
    """What a card's panel says."""

    id: str
    kind: Literal["claim", "evidence", "unpublished"]
    item: Any


def in_page(deck: Deck, debate: DebateReport) -> list[Panel]:
    """Return the panels that stand in the debate's page: all, or none."""
    return [] if count(debate) else [_panel(deck, key) for key in _keys(debate)]


def numbers(debate: DebateReport) -> dict[str, int]:
    """Return which script holds each card's panel; empty where the page holds them."""
    keys = _keys(debate) if count(debate) else ()
    return {key: number // EACH for number, key in enumerate(keys)}


def count(debate: DebateReport) -> int:
    """Return in how many scripts the panels of a debate stand; 0 where the page holds them."""
    keys = len(_keys(debate))
    return -(-keys // EACH) if keys > IN_PAGE else 0


def script(deck: Deck, debate: DebateReport, number: int) -> list[Panel]:
    """Return the panels of one script."""
    return [_panel(deck, key) for key in _keys(debate)[number * EACH : (number + 1) * EACH]]


def _keys(debate: DebateReport) -> Sequence[str]:
    return (*debate.claims, *debate.evidence)


def _panel(deck: Deck, key: str) -> Panel:
    if key in deck.report.unpublished:
        return Panel(key, "unpublished", deck[key])
    if key in deck.report.claims:
        return Panel(key, "claim", details.claim_view(deck, key))
    return Panel(key, "evidence", details.evidence_view(deck, key))
