"""Ids of claims, evidence and arguments: one space a note."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

_LONGEST = 60
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_SPELT = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch . y . e yu ya"
_LATIN = {
    russian: spelt.strip(".") for russian, spelt in zip(_RUSSIAN, _SPELT.split(), strict=True)
}
_NO_LATIN = re.compile(r"[^a-z0-9-]+")


def slug(text: str) -> str:
    """Return the words of `text`, lower case, joined by hyphens; cut between words at 60."""
    kept = (
        char if char.isalnum() or unicodedata.category(char)[0] == "M" else " "
        for char in unicodedata.normalize("NFC", text).lower()
    )
    joined = "-".join("".join(kept).split())
    if len(joined) <= _LONGEST:
        return joined
    whole = joined[: _LONGEST + 1].rpartition("-")[0]
    return whole or joined[:_LONGEST]


def latin(text: str) -> str:
    """Return a slug that Obsidian takes for a block id: Latin letters, digits, hyphens."""
    words = slug("".join(_LATIN.get(char, char) for char in text.lower()))
    return _NO_LATIN.sub("", words).strip("-")


@dataclass
class Ids:
    """Hands out the ids of one note, each once."""

    note: str  # the note's id
    taken: dict[str, int] = field(default_factory=dict)  # name -> the last number behind it

    def of_text(self, text: str, kind: str) -> str:
        """Return an id made of the text (of `kind`, where the text holds no word)."""
        return self.free(slug(text) or kind)

    def free(self, name: str) -> str:
        """Return the note's id with this name, or with `-2`, `-3` behind it if it is taken."""
        found, number = name, self.taken.get(name, 0)
        while found in self.taken:
            number += 1
            found = f"{name}-{number}"
            self.taken[name] = number
        self.taken[found] = 1
        return f"{self.note}#{found}"
