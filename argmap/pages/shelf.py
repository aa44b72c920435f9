"""What pages look up in the vault beside what they show: a place, a sentence, an image, a tag.

Every question has a small answer, so that a page need not be made again because of a change in a
note that answers as before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argmap.pages import passages
from argmap.pages.anchors import Anchors
from argmap.pages.names import slug

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argmap.pages.images import Images
    from argmap.pages.passages import Passage
    from argmap.vault import Vault


@dataclass
class Shelf:
    """Answers about a vault, each worked out when it is asked for."""

    vault: Vault
    images: Images
    listed: Mapping[str, str]  # tags that the site lists, by their names case folded
    _anchors: dict[str, Anchors] = field(default_factory=dict)

    def anchor(self, path: str, subpath: str) -> str:
        """Return the name, on a note's page, of the place that a subpath means; empty for none."""
        place = self.vault.find(path, subpath)
        if place is None:
            return ""
        if path not in self._anchors:
            self._anchors[path] = Anchors(self.vault.notes[path])
        return self._anchors[path].of(place)

    def subpath(self, path: str, line: int) -> str:
        """Return what leads Obsidian to a line: the block that begins there, else its heading."""
        note = self.vault.notes.get(path)
        return passages.subpath(note, line) if note else ""

    def sentence(self, path: str, line: int, text: str) -> Passage | None:
        """Return the sentence that says `text` in a line of a note."""
        note = self.vault.notes.get(path)
        return passages.in_place(note, line, text) if note else None

    def sentences(self, source: str, path: str) -> tuple[Passage, ...]:
        """Return the sentences in which a note links to another."""
        note = self.vault.notes.get(source)
        links = [link for link, to in self.vault.outlinks(source) if to == path]
        return passages.of_links(note, links) if note else ()

    def image(self, path: str) -> str:
        """Return where the site has a copy of an image, or what stands for it in the page itself.

        Empty for what is no image of the vault.
        """
        return self.images.src(path)

    def tag(self, tag: str) -> str:
        """Return where a tag is listed, from the site's root; empty where it is not."""
        name = self.listed.get(tag.casefold())
        return f"tags.html#{slug(name)}" if name else ""
