"""A note -> the names of its headings and blocks on its page, which links with a subpath lead to.

Headings that read the same have names of their own: `costs`, `costs.2`. Nothing else on a page is
named so: all of them begin with `n-`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from argmap.markdown.heading import key

if TYPE_CHECKING:
    from argmap.notes import Note, Place

PREFIX = "n-"  # put before each name in a page's HTML, by what sanitises it


class Anchors:
    """The names in one note."""

    def __init__(self, note: Note) -> None:
        self.headings: dict[int, str] = {}  # by line
        seen: Counter[str] = Counter()
        for place in note.places:
            name = key(place.text or place.markdown).replace(" ", "-") if place.level else ""
            if name:
                seen[name] += 1
                numbered = f"{name}.{seen[name]}" if seen[name] > 1 else name
                self.headings[place.span.line] = numbered

    def of(self, place: Place) -> str:
        """Return the name of a heading or a block; empty for a heading without a letter."""
        return self.headings.get(place.span.line, "") if place.level else block(place.text)


def block(id_: str) -> str:
    """Return the name of a block: letter case does not tell block ids apart."""
    return f"^{id_.lower()}"
