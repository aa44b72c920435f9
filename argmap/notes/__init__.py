"""Text -> Note: properties, blocks, headings, links, tags, each with its place."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from argmap.markdown import plain_text
from argmap.notes.blocks import read_blocks
from argmap.notes.dates import date_of
from argmap.notes.model import (
    GENERATED,
    SYNCED,
    Block,
    BlockKind,
    Field,
    Link,
    LinkKind,
    Note,
    Place,
    headings,
    walk,
)
from argmap.notes.properties import read_properties, split_front_matter, unique
from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "GENERATED",
    "SYNCED",
    "Block",
    "BlockKind",
    "Field",
    "Link",
    "LinkKind",
    "Note",
    "Place",
    "headings",
    "place_of",
    "plain_lines",
    "plain_text",
    "read_note",
    "read_note_bytes",
    "split_front_matter",
    "walk",
]


def read_note_bytes(path: str, data: bytes, prefix: str = "") -> Note:
    """Read a note from a file's bytes; one that is not UTF-8 becomes an empty note, A101."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _unreadable(path, prefix, error)
    return read_note(path, text, prefix)


def _unreadable(path: str, prefix: str, error: UnicodeDecodeError) -> Note:
    before = plain_lines(error.object[: error.start].decode("utf-8", "replace")).split("\n")
    span = Span(place_of(prefix, path), len(before), len(before[-1]) + 1)
    problem = Problem("A101", span, "not UTF-8", "save the note as UTF-8")
    return Note(path, PurePosixPath(path).stem, "", problems=(problem,))


def read_note(path: str, text: str, prefix: str = "") -> Note:
    """Read a note. `path` is its path in the vault, `prefix` the vault's from the project's root.

    `text` of the result has no byte order mark and ends its lines with LF; lines count as in the
    file, front matter included.
    """
    text = plain_lines(text)
    place = place_of(prefix, path)
    front, body, first_line = split_front_matter(text)
    properties = read_properties(front, place)
    blocks, too_deep = read_blocks(body, first_line, place)
    every = list(walk(blocks))
    tags = unique([*properties.tags, *(tag for block in every for tag in block.tags)])
    links = [*properties.links, *(link for block in every for link in block.links)]
    return Note(
        path=path,
        title=PurePosixPath(path).stem,
        text=text,
        properties=properties.values,
        property_spans=properties.spans,
        aliases=properties.aliases,
        tags=tags,
        blocks=blocks,
        links=tuple(sorted(links, key=lambda link: (link.span.line, link.span.column))),
        date=date_of(properties.values, tags),
        problems=(*properties.problems, *too_deep),
        places=tuple(_places(every)),
        synced=properties.synced,
    )


def plain_lines(text: str) -> str:
    """Return a file's text without byte order mark, its lines ended with LF."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _places(blocks: Iterable[Block]) -> Iterator[Place]:
    for block in blocks:
        if block.kind == "heading":
            yield Place(int(block.info), plain_text(block.tokens), block.markdown, block.span)
        if block.id:
            yield Place(0, block.id, "", block.span)


def place_of(prefix: str, path: str) -> str:
    """Return a note's path from the project's root."""
    return f"{prefix}/{path}" if prefix not in ("", ".") else path
