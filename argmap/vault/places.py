"""Where in a note a link's subpath leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.markdown.heading import key

if TYPE_CHECKING:
    from argmap.notes import Note, Place


class Places:
    """A note's headings and block ids, to be found by ``H1#H2`` or ``^id``."""

    def __init__(self, note: Note) -> None:
        self.headings = [
            (place.level, {key(place.markdown), key(place.text)}, place)
            for place in note.places
            if place.level
        ]
        self.ids: dict[str, Place] = {}
        for place in note.places:
            if not place.level:
                self.ids.setdefault(place.text.lower(), place)

    def find(self, subpath: str) -> Place | None:
        """Follow chained headings down, each below the one before; or find a block's id."""
        parts = [part.strip() for part in subpath.split("#") if part.strip()]
        if parts and parts[-1].startswith("^"):
            return self.ids.get(parts[-1][1:].lower())
        found: Place | None = None
        start, level = 0, 0
        for part in parts:
            at = self._heading(key(part), start, level)
            if at is None:
                return None
            level, _, found = self.headings[at]
            start = at + 1
        return found

    def _heading(self, wanted: str, start: int, above: int) -> int | None:
        for at in range(start, len(self.headings)):
            level, keys, _ = self.headings[at]
            if level <= above:
                return None
            if wanted in keys:
                return at
        return None
