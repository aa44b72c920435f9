"""A note as a cache keeps it: what links and claims need, as plain data; its text stays on disk."""

from __future__ import annotations

import json
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from argmap.notes import place_of, plain_lines, split_front_matter
from argmap.notes.blocks import read_blocks
from argmap.notes.model import Block, Link, Note, Place
from argmap.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from argmap.source import Problem

Data = dict[str, Any]  # what JSON can say


def bytes_digest(data: bytes) -> str:
    """Return the hash by which the bytes of a note are known."""
    return blake2b(data, digest_size=16).hexdigest()


def pack(note: Note) -> Data:
    """Return what is kept of a note. All places in it are in its own file, so lines suffice.

    Its aliases and problems are not in it: they are wanted of all notes at once.
    """
    return {
        "properties": note.properties,
        "synced": note.synced,
        "property_spans": [(key, s.line, s.column) for key, s in note.property_spans.items()],
        "tags": note.tags,
        "links": [
            (
                k.kind,
                k.target,
                k.subpath,
                None if k.text == k.target else k.text,
                k.span.line,
                k.span.column,
            )
            for k in note.links
        ],
        "date": note.date.isoformat() if note.date else "",
        "places": [(p.level, p.text, p.markdown, p.span.line, p.span.column) for p in note.places],
    }


class StoredNote(Note):
    """A note made of what was kept of it; what is in its file is read when it is asked for."""

    def __init__(
        self,
        path: str,
        folder: Path,
        prefix: str,
        digest: str,
        packed: bytes,
        aliases: Iterable[str] = (),
        problems: tuple[Problem, ...] = (),
    ) -> None:
        """Take the note's path in the vault `folder`, which is `prefix` from the project's root.

        `digest` is of the bytes that were read, `packed` what `pack` returned, as JSON.
        """
        self.__dict__.update(
            path=path,
            folder=folder,
            prefix=prefix,
            read=digest,
            packed=packed,
            aliases=tuple(aliases),
            problems=problems,
        )

    prefix: str
    folder: Path
    read: str
    packed: bytes

    @property
    def digest(self) -> str:
        """A hash of its bytes; empty where they were found to be others since it was read."""
        return self.read

    @cached_property
    def title(self) -> str:
        """The file's stem."""
        return self.path.rpartition("/")[2][:-3]

    @cached_property
    def place(self) -> str:
        """Its path from the project's root."""
        return place_of(self.prefix, self.path)

    @cached_property
    def data(self) -> Data:
        """What was packed."""
        data: Data = json.loads(self.packed)
        return data

    @cached_property
    def properties(self) -> dict[str, Any]:
        """What stands in its front matter."""
        properties: dict[str, Any] = self.data["properties"]
        return properties

    @cached_property
    def synced(self) -> dict[str, Any]:
        """What argmap itself wrote into it."""
        synced: dict[str, Any] = self.data["synced"]
        return synced

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """The tags of its properties and its text, in order."""
        return tuple(self.data["tags"])

    @cached_property
    def text(self) -> str:
        """Its text as it is now; empty where the file has gone or is not UTF-8."""
        try:
            data = (self.folder / self.path).read_bytes()
            if bytes_digest(data) != self.read:
                self.__dict__["read"] = ""
            return plain_lines(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return ""
        except OSError:
            self.__dict__["read"] = ""
            return ""

    def __reduce__(self) -> tuple[Any, ...]:
        """Take the text along to where the file may not be, if it was read here."""
        made = (self.path, self.folder, self.prefix, self.read, self.packed)
        return _made, ((*made, self.aliases, self.problems), self.__dict__.get("text"))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of its text."""
        _, body, first_line = split_front_matter(self.text)
        return read_blocks(body, first_line, self.place)[0]

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """All its links, in order."""
        return tuple(
            Link(
                kind,
                target,
                subpath,
                target if text is None else text,
                Span(self.place, line, column),
            )
            for kind, target, subpath, text, line, column in self.data["links"]
        )

    @cached_property
    def property_spans(self) -> dict[str, Span]:
        """Where each property stands."""
        return {
            key: Span(self.place, line, column) for key, line, column in self.data["property_spans"]
        }

    @cached_property
    def date(self) -> date | None:
        """When it was written."""
        return date.fromisoformat(self.data["date"]) if self.data["date"] else None

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Its headings and block ids."""
        return tuple(
            Place(level, text, markdown, Span(self.place, line, column))
            for level, text, markdown, line, column in self.data["places"]
        )


def _made(made: tuple[Any, ...], text: str | None) -> StoredNote:
    """Return a note that was sent from another process."""
    note = StoredNote(*made)
    if text is not None:
        note.__dict__["text"] = text
    return note
