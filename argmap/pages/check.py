"""Deck -> the page of a check: what was seen, from where, and how it came out over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argmap.pages import details, trail
from argmap.pages.addresses import debate_of, on_map
from argmap.pages.names import check_page, state_page

if TYPE_CHECKING:
    from argmap.pages.cards import Deck
    from argmap.report import EvidenceReport


def check_view(deck: Deck, key: str) -> dict[str, Any]:
    """Return all that is said of a check, for its page."""
    item = deck.report.evidence[key]
    claim = next((one for one in item.claims if one in deck.report.claims), "")
    debate = debate_of(deck, deck.report.claims[claim]) if claim else None
    return {
        **details.evidence_view(deck, key),
        "page": check_page(key),
        "cite": details.cite(deck, key, item.text, deck[key].word),
        "take": "",
        "badge": "",  # only claims have these
        "because": _because(item),
        "debate_href": on_map(deck, claim, key) if claim else "",
        "debate_title": debate.title if debate else "",
        "state": state_page(debate.id) if debate else "",
        "bearing": deck.words("o.tests" if item.is_test else "o.reason"),
        "trail": trail.trail(deck, item),
        "log": trail.log(deck, item),
        "table": trail.table(deck, item),
        "due": deck.words.day(item.now.due) if item.now.due else "",
    }


def _because(item: EvidenceReport) -> str:
    """Return what the reason of an unknown outcome names, unless the page shows it anyway."""
    reason = item.now.reason
    return reason.detail if reason and reason.code != "interval" and not item.ack else ""
