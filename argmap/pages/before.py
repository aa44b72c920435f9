"""What the files of the last site say of notes, claims and evidence that are as they were then.

An index and a list of everything hold something of each thing. Where one thing changed, what they
hold of the others is taken from the files that are there.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from argmap.pages import find
from argmap.pages.data import notes_in
from argmap.pages.parts import part_of, rows_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from argmap.pages.asking import Answers
    from argmap.pages.data import Record
    from argmap.pages.find import Known
    from argmap.pages.kept import Kept, Stamp

GRAPH, INDEX = "api/graph.json", "data/search.js"


class Before:
    """The last site, as far as its files are as they were written; `good` are pages and rows."""

    def __init__(self, out: Path, kept: Kept, answers: Answers, there: Mapping[str, Stamp]) -> None:
        """Take the site's folder, what is remembered of it, and its files as they are."""
        self.out, self.kept, self.answers, self.there = out, kept, answers, there
        self.good = kept.good(answers, there)

    def rows(self, path: str, kind: str) -> dict[str, str]:
        """Return the rows of a page that are as they would be made, by their names."""
        rows = rows_in(self._data(path).decode(), kind)
        return {name: row for name, row in rows.items() if part_of(path, name) in self.good}

    def _data(self, path: str) -> bytes:
        page = self.kept.pages.get(path)
        if page is None or self.there.get(path) != page.stamp:
            return b""
        return (self.out / path).read_bytes()

    @cached_property
    def _notes(self) -> set[str]:
        """The notes that are as they were."""
        notes = self.answers.deck.report.vault.notes
        return {
            path
            for path, digest in self.kept.notes.items()
            if digest and path in notes and notes[path].digest == digest
        }

    @cached_property
    def records(self) -> dict[str, Record]:
        """The records of notes for programs; those of a public site say something of others."""
        if self.answers.deck.report.public:
            return {}
        found = notes_in(self._data(GRAPH))
        if len(found) != len(self.kept.notes):
            return {}
        pairs = zip(sorted(self.kept.notes), found, strict=True)
        return {path: record for path, record in pairs if path in self._notes}

    @cached_property
    def found(self) -> Known:
        """What can be found, by which words."""
        known = find.read(self._data(INDEX))
        docs = {found: number for found, number in known.docs.items() if self._same(*found)}
        return known._replace(docs=docs)

    def _same(self, kind: str, name: str) -> bool:
        if kind == "tag":
            return True  # it is found by its name
        if kind == "note":
            return name in self._notes and not self.answers.deck.report.public
        if kind == "debate":  # it is found by its title, and by what its main claim says
            debates = self.answers.deck.debates
            asked = ("debates", name) in self.kept.same
            return asked and self._same("claim", debates[name].main)
        subject = f"card {name}"
        was = self.kept.subjects.get(subject)
        return was is not None and was.basis != "" and was.basis == self.answers.basis(subject)
