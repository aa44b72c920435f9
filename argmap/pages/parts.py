"""Rows of a long page: each is made, and remembered, as if it were a page of its own."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from argmap.pages.asking import witness
from argmap.pages.tongues import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from argmap.pages.asking import Question
    from argmap.pages.cards import Deck

PLACE = "<!--rows-->"  # of the rows in their page; what people wrote is escaped, and holds none
_NAME = re.compile('[^"<]*')  # what escaped text may be
ROWS = {  # by the kind of the page: how a row begins, before its name, and how it ends
    "checks": ('<tr role="row" data-check="', "</tr>"),
    "index": ('<li data-debate="', "</li>"),
    "feed": ("<entry>\n<id>", "</entry>"),
}


class Parts:
    """The rows of a page, in order; those that are known are not made again."""

    def __init__(self, deck: Deck, kind: str, known: Collection[str]) -> None:
        """Take what rows are made of, and the names of those that are as they were."""
        self.deck, self.kind, self.known = deck, kind, known
        self.made: dict[str, str] = {}
        self.asked: dict[str, tuple[Question, ...]] = {}
        self.order: list[str] = []

    def add(self, name: str, make: Callable[[Deck], str]) -> None:
        """Add a row; `make` gives what stands after its name, a quote or tag first."""
        self.order.append(name)
        if name not in self.known:
            deck, asked = witness(self.deck)
            begin, end = ROWS[self.kind]
            self.made[name] = f"{begin}{escape(name)}{make(deck)}{end}"
            self.asked[name] = tuple(asked)

    def put(self, text: str, known: Mapping[str, str], language: str) -> bytes:
        """Return a page in a language with its rows in their place, if it is one that has rows."""
        page = spoken(text, language)
        if self.kind in ROWS:  # else a note's text may stand in it as it was written
            rows = (
                spoken(self.made[name], language) if name in self.made else known[name]
                for name in self.order
            )
            page = page.replace(PLACE, "\n".join(rows))
        return page.encode("utf-8", "replace")


def rows_in(page: str, kind: str) -> dict[str, str]:
    """Return the rows of a page by their names."""
    begin, end = ROWS[kind]
    found = (part.partition(end)[0] for part in page.split(begin)[1:])
    return {unescape(_NAME.findall(row)[0]): f"{begin}{row}{end}" for row in found}


def part_of(page: str, name: str) -> str:
    """Return under which path a row is remembered."""
    return f"{page}#{name}"


def file_of(path: str) -> str:
    """Return the file that a page, or a row of it, stands in."""
    return path.partition("#")[0]
