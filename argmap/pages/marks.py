"""What stands before the lines of a note: an icon for each claim and each piece of evidence."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from argmap.pages.addresses import href

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argmap.pages.cards import Deck


def marks_of(deck: Deck, path: str) -> dict[int, str]:
    """Return a note's icons, by the line of the file they stand in."""
    return {line: _icons(deck, keys) for line, keys in _lines(deck, path).items()}


def _lines(deck: Deck, path: str) -> dict[int, list[str]]:
    """Return what is to be marked, by its line in the file."""
    places = {i.claim.id: i.claim.span.line for i in deck.by_note.get(path, ())}
    own = set(places.values())  # an inferred claim's citation stands in its line: one icon will do
    places |= {key: line for key, line in deck.evidence_in.get(path, ()) if line not in own}
    lines: dict[int, list[str]] = {}
    for key, line in sorted(places.items(), key=lambda place: (place[1], place[0])):
        lines.setdefault(line, []).append(key)
    return lines


def _icons(deck: Deck, keys: Sequence[str]) -> str:
    """Return the icons of what stands in a line, as links to the claims' pages."""
    found = []
    for key in keys:
        card, to = deck[key], href(deck, key)
        kind = "claim" if key in deck.report.claims else "evidence"
        icon = f'<svg class="i i-{card.icon}" role="img" aria-label="{escape(card.word)}">'
        icon += f'<use href="#i-{card.icon}"/></svg>'
        opening = f'<a class="mark {kind}" href="../{escape(to)}" title="{escape(card.word)}">'
        found.append(f"{opening}{icon}</a>" if to else icon)
    return "".join(found)
