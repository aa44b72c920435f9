"""Where in a note a link's subpath leads."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING

from argmap.markdown.heading import key

if TYPE_CHECKING:
    from argmap.notes import Note, Place


class Places:
    """A note's headings and block ids, to be found by ``H1#H2`` or ``^id``."""

    def __init__(self, note: Note) -> None:
        self.headings = [place for place in note.places if place.level]
        self.named: dict[str, list[int]] = {}  # where among the headings each key stands
        for at, place in enumerate(self.headings):
            for name in {key(place.markdown), key(place.text)}:
                self.named.setdefault(name, []).append(at)
        self.ids: dict[str, Place] = {}
        for place in note.places:
            if not place.level:
                self.ids.setdefault(place.text.lower(), place)

    @cached_property
    def ends(self) -> list[int]:
        """Where among the headings the section of each ends."""
        ends = [len(self.headings)] * len(self.headings)
        opened: list[int] = []
        for at, place in enumerate(self.headings):
            while opened and self.headings[opened[-1]].level >= place.level:
                ends[opened.pop()] = at
            opened.append(at)
        return ends

    def find(self, subpath: str) -> Place | None:
        """Follow chained headings down, each below the one before; or find a block's id."""
        parts = [part.strip() for part in subpath.split("#") if part.strip()]
        if parts and parts[-1].startswith("^"):
            return self.ids.get(parts[-1][1:].lower())
        found: Place | None = None
        start, end = 0, len(self.headings)
        for part in parts:
            places = self.named.get(key(part), [])
            after = bisect_left(places, start)
            if after == len(places) or places[after] >= end:
                return None
            at = places[after]
            found, start, end = self.headings[at], at + 1, self.ends[at]
        return found
