"""Markdown-it's flat tokens -> blocks that nest as Obsidian divides a note."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argmap.markdown import parser, plain_text
from argmap.markdown.block_id import strip_id
from argmap.notes.model import Block, BlockKind, Field, Link, LinkKind
from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

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


def read_blocks(
    body: str, first_line: int, place: str
) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """Return the blocks of a note's text, which begins on `first_line` of the file `place`.

    And A111 where some nest so deeply that what is in them is not read.
    """
    tree = _Tree(body, first_line, place)
    return tree.between(0, len(tree.tokens)), tuple(tree.problems())


class _Tree:
    """Turns markdown-it's flat tokens into blocks that know where they stand."""

    def __init__(self, body: str, first_line: int, place: str) -> None:
        self.env: dict[str, Any] = {"first_line": first_line}
        self.tokens = parser().parse(body, self.env)
        self.lines = body.split("\n")
        self.first_line = first_line
        self.place = place
        self.around: list[Token] = []  # the quotes and items we are in, outermost first

    def problems(self) -> Iterator[Problem]:
        """Yield A111 for the first block whose insides are left out."""
        deepest: Token | None = self.env.get("too_deep")
        if deepest:
            line = (deepest.map[0] if deepest.map else 0) + self.first_line
            message = "nested too deeply: what is inside is not read"
            yield Problem("A111", Span(self.place, line), message, "at most 49 lists, or 98 quotes")

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
        pos = len(text) - len(text[pos:].lstrip(" \t"))
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
        children = inline.children if inline else None
        if not children or (len(children) == 1 and children[0].type == "text"):
            return _NOTHING
        result = _Found(self.place)
        result.collect(children)
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
                self.links.append(self.link(token, tokens, at))

    def field(self, token: Token) -> Field:
        """Return the field a token stands for."""
        meta = token.meta
        value_span = Span(self.place, meta["value_line"], meta["value_column"])
        return Field(meta["key"], meta["value"], self.span(token), value_span)

    def link(self, token: Token, tokens: Sequence[Token], at: int) -> Link:
        """Return the link a token stands for."""
        meta = token.meta
        text = meta["text"] if "text" in meta else _text_of_link(tokens, at)
        kind: LinkKind = meta.get("kind") or ("embed" if token.type == "embed" else "wikilink")
        if token.type == "image" and kind == "markdown":
            kind = "embed"
        return Link(kind, meta["target"], meta["subpath"], text, self.span(token))

    def span(self, token: Token) -> Span:
        """Return where the token stands."""
        return Span(self.place, token.meta["line"], token.meta["column"])


_NOTHING = _Found("")  # of most blocks; nobody adds to it


def _text_of_link(tokens: Sequence[Token], at: int) -> str:
    level = tokens[at].level
    end = at + 1
    while tokens[end].type != "link_close" or tokens[end].level != level:
        end += 1
    return plain_text(tokens[at + 1 : end])
