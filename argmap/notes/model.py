"""What a note is once it is read: the types, and ways through them."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from markdown_it.token import Token

    from argmap.source import Problem, Span

GENERATED = "argmap-generated"  # the property, true, of every note that argmap writes
SYNCED = ("argmap", "argmap_marks", "argmap_since")  # what `obsidian sync` writes into a note
LinkKind = Literal["wikilink", "embed", "markdown", "url"]
BlockKind = Literal[
    "heading", "paragraph", "list", "item", "callout", "quote", "code", "table", "rule", "other"
]


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a note. `markdown` is ``[t](Note.md)``, `url` leads out of the vault."""

    kind: LinkKind
    target: str  # the note's name or path as written (decoded), or the address; "" is this note
    subpath: str  # after the first `#`: "Heading", "Heading#Sub", "^block", ""
    text: str  # what a reader sees
    span: Span


@dataclass(frozen=True, slots=True)
class Field:
    """A Dataview inline field. The value is source text, taken before emphasis."""

    key: str
    value: str
    span: Span  # of the key
    value_span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a note, as Obsidian divides it; lists and callouts nest.

    `markdown` is the inline source of a heading or paragraph (and of a callout's title), without
    its block id; of a code block, the code. A list item's own text is its first child, a
    paragraph. `tokens` are markdown-it-py's inline tokens of `markdown`.
    """

    kind: BlockKind
    span: Span
    last_line: int
    markdown: str = ""
    tokens: tuple[Token, ...] = ()
    info: str = ""  # heading: "1".."6"; list: "ordered" or "bullet"; callout: type, lower case;
    #                 code: the fence's info string; item: its task's mark, as in "[x]", or ""
    id: str = ""  # its block id, without ^
    links: tuple[Link, ...] = ()  # in `markdown` itself, not in children
    tags: tuple[str, ...] = ()  # likewise, without #
    fields: tuple[Field, ...] = ()  # likewise
    children: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a link with a subpath may lead in a note: a heading, or a block that has an id."""

    level: int  # of a heading, 1 to 6; 0 is a block
    text: str  # of a heading, as a reader sees it; a block's id, as written
    markdown: str  # of a heading, as written
    span: Span


@dataclass(frozen=True)
class Note:
    """One Markdown file of the vault, read. A `StoredNote` reads text and blocks when asked."""

    path: str  # in the vault, POSIX, with .md
    title: str  # the file's stem
    text: str
    properties: dict[str, Any] = field(default_factory=dict)
    property_spans: dict[str, Span] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()  # of the properties and the text, in order, each once, without #
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()  # all, in order, those in properties included
    date: date | None = None  # property `date` or `created`, else a tag such as 2025/Sep (last day)
    problems: tuple[Problem, ...] = ()
    places: tuple[Place, ...] = ()  # its headings and block ids, in order
    synced: dict[str, Any] = field(default_factory=dict)  # what argmap itself wrote into it

    @property
    def is_generated(self) -> bool:
        """Whether argmap itself wrote it, and so must not read it back."""
        return self.properties.get(GENERATED) is True

    @property
    def digest(self) -> str:
        """A hash of all it says."""
        said = (self.text, self.properties, self.aliases, self.tags, self.links, self.date)
        return blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    @property
    def id(self) -> str:
        """The path without its ending: what ids of claims in this note begin with."""
        return self.path[:-3] if self.path.lower().endswith(".md") else self.path


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Go through blocks and all they hold, in the order of the text."""
    for block in blocks:
        yield block
        yield from walk(block.children)


def headings(note: Note) -> list[Block]:
    """Return a note's headings in order; `info` is the level, `plain_text(tokens)` the text."""
    return [block for block in walk(note.blocks) if block.kind == "heading"]
