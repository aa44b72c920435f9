"""Text -> Note: properties, blocks, headings, links, tags, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

from argmap import yaml
from argmap.markdown import parser, plain_text
from argmap.markdown.block_id import strip_id
from argmap.markdown.wikilink import PATTERN as WIKILINK
from argmap.markdown.wikilink import read as read_wikilink
from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token

__all__ = [
    "Block",
    "Field",
    "Link",
    "Note",
    "headings",
    "plain_text",
    "read_note",
    "read_note_bytes",
    "split_front_matter",
    "walk",
]

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
class Note:
    """One Markdown file of the vault, read."""

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

    @property
    def id(self) -> str:
        """The path without its ending: what ids of claims in this note begin with."""
        return self.path[:-3] if self.path.lower().endswith(".md") else self.path


# --- text -> Note -----------------------------------------------------------------------------


def read_note_bytes(path: str, data: bytes, prefix: str = "") -> Note:
    """Read a note from a file's bytes; one that is not UTF-8 becomes an empty note, A101."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _unreadable(path, prefix, data, error)
    return read_note(path, text, prefix)


def _unreadable(path: str, prefix: str, data: bytes, error: UnicodeDecodeError) -> Note:
    before = data[: error.start]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    problem = Problem(
        "A101", Span(_join(prefix, path), line, column), "not UTF-8", "save the note as UTF-8"
    )
    return Note(path, PurePosixPath(path).stem, "", problems=(problem,))


def read_note(path: str, text: str, prefix: str = "") -> Note:
    """Read a note. `path` is its path in the vault, `prefix` the vault's from the project's root.

    `text` of the result has no byte order mark and ends its lines with LF; lines count as in the
    file, front matter included.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    place = _join(prefix, path)
    front, body, first_line = split_front_matter(text)
    properties = _read_properties(front, place)
    blocks = _Tree(body, first_line, place).blocks()
    tags = _unique([*properties.tags, *(tag for block in walk(blocks) for tag in block.tags)])
    links = [*properties.links, *(link for block in walk(blocks) for link in block.links)]
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
        date=_date_of(properties.values, tags),
        problems=properties.problems,
    )


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Go through blocks and all they hold, in the order of the text."""
    for block in blocks:
        yield block
        yield from walk(block.children)


def headings(note: Note) -> list[Block]:
    """Return a note's headings in order; `info` is the level, `plain_text(tokens)` the text."""
    return [block for block in walk(note.blocks) if block.kind == "heading"]


def _join(prefix: str, path: str) -> str:
    return f"{prefix}/{path}" if prefix not in ("", ".") else path


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, as it was first written: case does not tell tags apart."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name.lower(), name)
    return tuple(first.values())


# --- properties -------------------------------------------------------------------------------

_FRONT = re.compile(r"---[ \t]*\n(?:(.*?)\n)??---[ \t]*(?:\n|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Properties:
    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    problems: tuple[Problem, ...] = ()


def split_front_matter(text: str) -> tuple[str | None, str, int]:
    """Return the front matter (None if there is none), the rest, and the line the rest begins on.

    Front matter is what stands between a `---` on the very first line and the next one; its own
    first line is line 2.
    """
    found = _FRONT.match(text)
    if not found:
        return None, text, 1
    return found[1] or "", text[found.end() :], found[0].count("\n") + 1


def _read_properties(front: str | None, place: str) -> _Properties:
    if front is None:
        return _Properties()
    try:
        document = yaml.load(front)
    except yaml.YamlError as error:
        span = Span(place, error.line + 1, error.column)
        return _Properties(problems=(Problem("A102", span, error.message, _yaml_hint(front)),))
    if document.value is None:
        return _Properties()
    if not isinstance(document.value, dict):
        span = Span(place, 2, 1)
        problem = Problem("A102", span, "properties are not `key: value`", "one a line")
        return _Properties(problems=(problem,))
    return _properties(document, front, place)


def _yaml_hint(front: str) -> str:
    if "\t" in front:
        return "YAML is indented with spaces, not tabs"
    return "put quotes around a value that holds `: `, or begins with `@`, `[[`, `{` or a backtick"


def _properties(document: yaml.Document, front: str, place: str) -> _Properties:
    values: dict[str, Any] = document.value
    spans = {key: Span(place, line + 1, column) for (key, line, column) in _places(document)}
    duplicates = [path for path in document.duplicates if len(path) == 1]
    problems = [
        Problem("A103", spans[str(key)], f"{key!r} is given twice", "the last one counts")
        for (key,) in duplicates
    ]
    by_name = {key.lower(): value for key, value in values.items()}
    return _Properties(
        values=values,
        spans=spans,
        aliases=tuple(_texts(by_name.get("aliases"), split=r",")),
        tags=_unique(tag.removeprefix("#") for tag in _texts(by_name.get("tags"), split=r"[,\s]")),
        links=tuple(_links_in_values(document, front, place)),
        problems=tuple(problems),
    )


def _places(document: yaml.Document) -> list[tuple[str, int, int]]:
    return [
        (str(path[0]), line, column)
        for path, (line, column) in document.places.items()
        if len(path) == 1
    ]


def _texts(value: Any, split: str) -> list[str]:
    """Return a list of texts from a list, or from one text that separates them."""
    if isinstance(value, str):
        value = re.split(split, value)
    if not isinstance(value, list):
        value = [value]
    texts = [str(item).strip() for item in value if isinstance(item, str | int | float)]
    return [text for text in texts if text]


def _links_in_values(document: yaml.Document, front: str, place: str) -> Iterator[Link]:
    """Find the wikilinks in quoted values; unquoted, `[[N]]` is a list in a list."""
    lines = front.split("\n")
    for path, value in _leaves(document.value, ()):
        if "[[" not in value:
            continue
        line, column = document.values[path]
        at = column - 1
        for found in WIKILINK.finditer(value):
            link = read_wikilink(found[1])
            if not link:
                continue
            line, at = _seek(lines, line, at, found[0])
            yield Link("wikilink", link.target, link.subpath, link.text,
                       Span(place, line + 1, at + 1))  # fmt: skip
            at += len(found[0])


def _leaves(value: Any, path: yaml.Path) -> Iterator[tuple[yaml.Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _leaves(item, (*path, i))


def _seek(lines: list[str], line: int, at: int, what: str) -> tuple[int, int]:
    """Return where `what` stands at or after a place; the place itself where it was escaped."""
    found = lines[line - 1].find(what, at) if line <= len(lines) else -1
    if found >= 0:
        return line, found
    for number in range(line, len(lines)):
        found = lines[number].find(what)
        if found >= 0:
            return number + 1, found
    return line, at


# --- the date ---------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ].*)?")
_DATE_TAG = re.compile(r"(\d{4})(?:[/-]([^\W_]+)(?:[/-](\d{1,2}))?)?")
_MONTHS = (
    ("january", "январь", "января"),
    ("february", "февраль", "февраля"),
    ("march", "март", "марта"),
    ("april", "апрель", "апреля"),
    ("may", "май", "мая"),
    ("june", "июнь", "июня"),
    ("july", "июль", "июля"),
    ("august", "август", "августа"),
    ("september", "сентябрь", "сентября"),
    ("october", "октябрь", "октября"),
    ("november", "ноябрь", "ноября"),
    ("december", "декабрь", "декабря"),
)
_SHORTEST_MONTH = 3  # `Sep`; `Ma` would be March or May


def _date_of(properties: dict[str, Any], tags: Sequence[str]) -> date | None:
    for key in ("date", "created"):
        found = _day(properties.get(key))
        if found:
            return found
    dated = [(tag, _DATE_TAG.fullmatch(tag)) for tag in tags]
    parts = [(found[1], found[2], found[3]) for _, found in dated if found]
    parts.sort(key=lambda part: part[1] is None)  # a month says more than a year alone
    days = (_last_day(*part) for part in parts)
    return next((day for day in days if day), None)


def _day(value: Any) -> date | None:
    """Read `2025-09-30`, a date with a time, `2025-09` (its last day), `[[2025-09-30]]`."""
    if not isinstance(value, str | int):
        return None
    found = _DAY.fullmatch(str(value).strip().removeprefix("[[").removesuffix("]]"))
    return _last_day(found[1], found[2], found[3]) if found else None


def _last_day(year: str, month: str | None, day: str | None) -> date | None:
    from calendar import monthrange

    number = _month(month) if month else 12
    if not number or not int(year):
        return None
    last = monthrange(int(year), number)[1]
    if day is None:
        return date(int(year), number, last)
    return date(int(year), number, int(day)) if 1 <= int(day) <= last else None


def _month(word: str) -> int | None:
    if word.isdecimal():
        return int(word) if 1 <= int(word) <= len(_MONTHS) else None
    word = word.lower()
    for number, names in enumerate(_MONTHS, 1):
        if len(word) >= _SHORTEST_MONTH and any(name.startswith(word) for name in names):
            return number
    return None


# --- blocks -----------------------------------------------------------------------------------

_LIST_MARKER = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])")
_QUOTE_MARKER = re.compile(r"[ \t]*>")
_KINDS: dict[str, BlockKind] = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "callout_open": "callout",
    "blockquote_open": "quote",
    "fence": "code",
    "code_block": "code",
    "table_open": "table",
    "hr": "rule",
}


class _Tree:
    """Turns markdown-it's flat tokens into blocks that know where they stand."""

    def __init__(self, body: str, first_line: int, place: str) -> None:
        self.tokens = parser().parse(body, {"first_line": first_line})
        self.lines = body.split("\n")
        self.first_line = first_line
        self.place = place
        self.around: list[Token] = []  # the quotes and items we are in, outermost first

    def blocks(self) -> tuple[Block, ...]:
        """Return the note's blocks."""
        return self.between(0, len(self.tokens))

    def between(self, start: int, end: int) -> tuple[Block, ...]:
        """Return the blocks of a range of tokens."""
        blocks: list[Block] = []
        while start < end:
            close = self.end_of(start)
            token = self.tokens[start]
            if token.type in _TRANSPARENT:
                blocks += self.between(start + 1, close)
            elif token.type not in _SILENT:
                blocks.append(self.block(start, close))
            start = close + 1
        return tuple(blocks)

    def end_of(self, start: int) -> int:
        """Return the index of the token that closes this one (itself, if it holds nothing)."""
        depth = 0
        for at in range(start, len(self.tokens)):
            depth += self.tokens[at].nesting
            if depth <= 0:
                return at
        return len(self.tokens) - 1

    def block(self, start: int, close: int) -> Block:
        """Return the block that begins with this token."""
        token = self.tokens[start]
        kind = _KINDS.get(token.type, "other")
        span = self.span(token)
        children: tuple[Block, ...] = ()
        inline: Token | None = None
        if kind in ("heading", "paragraph"):
            inline = self.tokens[start + 1]
        elif kind in ("list", "item", "callout", "quote"):
            first = start + 1
            if kind == "callout":
                inline = self.tokens[start + 2] if self.tokens[start + 1].meta["written"] else None
                first = start + 4
            children = self.inside(token, first, close)
        found = self.found(start, close) if kind == "table" else self.found_in(inline)
        return Block(
            kind=kind,
            span=span,
            last_line=self.last_line(token, children),
            markdown=self.markdown(kind, token, inline),
            tokens=tuple(inline.children or ()) if inline else (),
            info=_info(token),
            id=token.meta.get("block_id", ""),
            links=tuple(found.links),
            tags=tuple(found.tags),
            fields=tuple(found.fields),
            children=children,
        )

    def inside(self, token: Token, first: int, close: int) -> tuple[Block, ...]:
        """Return the children of a list, an item, a quote or a callout."""
        self.around.append(token)
        children = self.between(first, close)
        self.around.pop()
        return children

    def span(self, token: Token) -> Span:
        """Return where a block begins: behind the marks of the quotes and items it stands in."""
        line = token.map[0] if token.map else 0
        text = self.lines[line] if line < len(self.lines) else ""
        pos = 0
        for outer in self.around:
            marker = _QUOTE_MARKER.match(text, pos)
            if outer.type == "list_item_open":
                begins_here = bool(outer.map) and outer.map is not None and outer.map[0] == line
                marker = _LIST_MARKER.match(text, pos) if begins_here else None
            elif outer.type not in ("blockquote_open", "callout_open"):
                marker = None
            pos = marker.end() if marker else pos
        pos += len(text[pos:]) - len(text[pos:].lstrip(" \t"))
        return Span(self.place, line + self.first_line, pos + 1)

    def last_line(self, token: Token, children: tuple[Block, ...]) -> int:
        """Return the last line, from 1, that holds something of the block."""
        if children:
            return max(child.last_line for child in children)
        start, end = token.map or (0, 1)
        while end - 1 > start and not self.lines[end - 1].strip(" \t>"):
            end -= 1
        return end - 1 + self.first_line

    def markdown(self, kind: BlockKind, token: Token, inline: Token | None) -> str:
        """Return the block's source, or what stands for it."""
        if inline:
            return strip_id(inline)
        if kind == "table" and token.map:
            return "\n".join(self.lines[token.map[0] : token.map[1]])
        return token.content

    def found(self, start: int, close: int) -> _Found:
        """Collect what all inline content of a table holds."""
        result = _Found(self.place)
        for token in self.tokens[start:close]:
            if token.type == "inline":
                result.collect(token.children or [])
        return result

    def found_in(self, inline: Token | None) -> _Found:
        """Collect what one inline token holds."""
        result = _Found(self.place)
        result.collect((inline.children or []) if inline else [])
        return result


_TRANSPARENT = {"footnote_block_open", "footnote_open"}
_SILENT = {"block_id", "footnote_anchor"}


def _info(token: Token) -> str:
    if token.type == "heading_open":
        return token.tag.removeprefix("h")
    if token.type == "callout_open":
        return str(token.meta["callout"])
    if token.type == "list_item_open":
        return f"[{token.meta['task']}]" if "task" in token.meta else ""
    if token.type in ("bullet_list_open", "ordered_list_open"):
        return token.type.partition("_")[0]
    return token.info.strip()


class _Found:
    """The links, tags and fields of inline tokens."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.links: list[Link] = []
        self.tags: list[str] = []
        self.fields: list[Field] = []

    def collect(self, tokens: Sequence[Token]) -> None:
        """Add what these tokens say; a field's value is read as well."""
        for at, token in enumerate(tokens):
            if token.type == "tag":
                self.tags.append(token.content)
            elif token.type == "inline_field":
                self.fields.append(self.field(token))
                self.collect(token.children or [])
            elif token.type in ("wikilink", "embed", "link_open", "image"):
                self.links.append(self.link(token, tokens[at + 1 :]))

    def field(self, token: Token) -> Field:
        """Return the field a token stands for."""
        meta = token.meta
        value_span = Span(self.place, meta["value_line"], meta["value_column"])
        return Field(meta["key"], meta["value"], self.span(token), value_span)

    def link(self, token: Token, rest: Sequence[Token]) -> Link:
        """Return the link a token stands for."""
        meta = token.meta
        text = meta["text"] if "text" in meta else _text_of_link(token, rest)
        kind: LinkKind = meta.get("kind") or ("embed" if token.type == "embed" else "wikilink")
        if token.type == "image" and kind == "markdown":
            kind = "embed"
        return Link(kind, meta["target"], meta["subpath"], text, self.span(token))

    def span(self, token: Token) -> Span:
        """Return where the token stands."""
        return Span(self.place, token.meta["line"], token.meta["column"])


def _text_of_link(token: Token, rest: Sequence[Token]) -> str:
    end = next(i for i, t in enumerate(rest) if t.type == "link_close" and t.level == token.level)
    return plain_text(rest[:end])
