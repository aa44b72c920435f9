"""Which blocks of a note are marked, and what belongs to each.

A list item, a callout or a paragraph may be marked. A tag in the middle of a paragraph is a word of
it, one alone in a paragraph is the note's: neither marks anything, nor does one in a heading, a
table or another callout's title. `stray` finds those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from argmap.notes import plain_text, walk
from argmap.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from markdown_it.token import Token

    from argmap.notes import Block, Field, Note

Kind = Literal["claim", "evidence", "argument"]
Side = Literal["pro", "con", ""]

_SHEET = re.compile(r"ya?ml\s+argmap\b")
_BLOCK_ID_LINE = re.compile(r"[\s>]*\^[A-Za-z0-9-]+\s*")
_TASK = re.compile(r"\[.\][ \t]+")
_CALLOUT = re.compile(r"\[![^\]]*\][-+]?[ \t]*")
_TAG = re.compile(r"(?<!\S)#([^\s|#]+)")
_PREFIX = " \t>"  # what stands before the lines of a list item or a callout
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A list item, callout or paragraph that the author marked."""

    block: Block
    kind: Kind
    side: Side
    head: Block | None  # the paragraph or callout title that holds the text

    @property
    def block_id(self) -> str:
        """The id it is linked by: its own, or that of a paragraph of its own."""
        paragraphs = [child for child in self.block.children if child.kind == "paragraph"]
        return next((part.id for part in (self.block, *paragraphs) if part.id), "")


class Marks:
    """Reads marks under the names that an author may use for them."""

    def __init__(self, note: Note, tags: Mapping[str, str], fields: Mapping[str, str]) -> None:
        """Take the note, and what its author may call our tags and fields (lower case)."""
        self.tag_names = tags
        self.field_names = fields
        self.note = note

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the note's text."""
        return self.note.text.split("\n")

    @cached_property
    def heads(self) -> set[Span]:
        """Where the paragraphs stand that say what an item or a callout is."""
        return {head.span for block in walk(self.note.blocks) if (head := self.head(block))}

    def head(self, block: Block) -> Block | None:
        """Return the paragraph that says what an item, or a callout of ours without a title, is."""
        if block.kind == "item":
            first = block.children[0] if block.children else None
            return first if first and first.kind == "paragraph" else None
        if block.kind == "callout" and self.tag(block.info) and not self.text(block):
            return next((child for child in block.children if child.kind == "paragraph"), None)
        return None

    def of(self, block: Block) -> Mark | None:
        """Return how a block is marked, None if it is not."""
        head = self.head(block)
        if block.kind == "item":
            if not head or not head.tags:
                return None
            found = self._tags(head)
        elif block.kind == "callout" and self.tag(block.info):
            found = {self.tag(block.info)} | self._tags(block) | self._tags(head)
            head = head or block
        elif block.kind == "paragraph" and block.tags and self._is_marked(block):
            found = self._tags(block)
            head = block
        else:
            return None
        found.discard("")
        return Mark(block, _kind(found), _side(found), head) if found else None

    def _is_marked(self, paragraph: Block) -> bool:
        """Say whether a paragraph begins or ends with a tag of ours, and says something."""
        if paragraph.span in self.heads:
            return False
        says = [bool(plain_text([token])) for token in paragraph.tokens]
        ours = [at for at, token in enumerate(paragraph.tokens) if self._is_ours(token)]
        at_edge = ours and not (any(says[: ours[0]]) and any(says[ours[-1] :]))
        return bool(at_edge) and (any(says) or any(True for _ in self.fields([paragraph])))

    def _is_ours(self, token: Token) -> bool:
        return token.type == "tag" and bool(self.tag(token.content))

    def stray(self, block: Block) -> Iterator[tuple[str, Span]]:
        """Yield each tag of ours that marks nothing where it stands, and its place."""
        if not any(map(self.tag, block.tags)) or block.span in self.heads or self.of(block):
            return
        for token in block.tokens:
            if self._is_ours(token):
                yield (
                    token.content,
                    replace(block.span, line=token.meta["line"], column=token.meta["column"]),
                )
        for number in range(block.span.line, block.last_line + 1) if not block.tokens else ():
            for found in _TAG.finditer(self.line(number)):
                if self.tag(found[1]):
                    yield found[1], replace(block.span, line=number, column=found.start() + 1)

    def own(self, block: Block) -> Iterator[Block]:
        """Yield a block and what is in it, less what is marked itself."""
        yield block
        for child in block.children:
            if not self.of(child):
                yield from self.own(child)

    def fields(self, blocks: Iterable[Block]) -> Iterator[tuple[str, Field]]:
        """Yield the fields that are ours, each with our name for it."""
        for block in blocks:
            for found in block.fields:
                if key := self.field_names.get(found.key.casefold()):
                    yield key, found

    def place(self, mark: Mark) -> Span:
        """Return where the item's text begins."""
        if mark.block.kind == "paragraph":
            return mark.block.span
        if mark.block.kind == "item":
            span = mark.head.span if mark.head else mark.block.span
            opening = (
                _TASK.match(self.line(span.line), span.column - 1) if mark.block.info else None
            )
        else:
            span = mark.block.span
            opening = _CALLOUT.search(self.line(span.line), span.column - 1)
        return Span(span.path, span.line, opening.end() + 1) if opening else span

    def inside(self, fence: Block) -> Span:
        """Return where the first line of a fence's code begins."""
        line, first = fence.span.line + 1, fence.markdown.partition("\n")[0]
        found = self.line(line).find(first) if first.strip() else -1
        return Span(fence.span.path, line, found + 1 if found >= 0 else fence.span.column)

    def line(self, number: int) -> str:
        """Return a line of the note's text, counted from 1."""
        return self.lines[number - 1] if number <= len(self.lines) else ""

    def less_ours(self, tags: Iterable[str]) -> tuple[str, ...]:
        """Return the tags that are not ours."""
        return tuple(tag for tag in tags if not self.tag(tag))

    def text(self, block: Block) -> str:
        """Return what a block says, less our tags and all fields: plain text on one line.

        Other tags stay where words follow them: they are words of the sentence.
        """
        tokens = block.tokens
        last = max((i for i, token in enumerate(tokens) if plain_text([token])), default=-1)
        return plain_text([self._word(token) for token in tokens[: last + 1]])

    def _word(self, token: Token) -> Token:
        if token.type != "tag" or self.tag(token.content):
            return token
        return token.copy(type="text", content=f"#{token.content}")

    def detail(self, blocks: Sequence[Block], without: Block | None = None) -> str:
        """Return the Markdown of blocks, less one of them, marked ones, sheets, ids and fields."""
        if not blocks:
            return ""
        kept = dict.fromkeys(range(blocks[0].span.line, blocks[-1].last_line + 1), "")
        for line in kept:
            kept[line] = self.line(line)
        owned = [part for block in blocks for part in self._kept(block, without, kept)]
        for _, found in sorted(self.fields(owned), key=lambda pair: pair[1].span, reverse=True):
            if found.span.line in kept:
                kept[found.span.line] = _without_field(kept[found.span.line], found)
        width = min(block.span.column for block in blocks) - 1
        lines = [
            _undented(line, width) for line in kept.values() if not _BLOCK_ID_LINE.fullmatch(line)
        ]
        return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n").rstrip()

    def _kept(self, block: Block, without: Block | None, kept: dict[int, str]) -> Iterator[Block]:
        """Yield what stays of a block; take the lines of what does not out of `kept`."""
        if block is without or self.of(block) or is_sheet(block):
            for line in range(block.span.line, block.last_line + 1):
                kept.pop(line, None)
            return
        yield block
        for child in block.children:
            yield from self._kept(child, without, kept)

    def tag(self, name: str) -> str:
        """Return our name for a tag or a callout's type, empty if it is not ours."""
        return self.tag_names.get(name.casefold(), "")

    def _tags(self, block: Block | None) -> set[str]:
        return {self.tag(tag) for tag in (block.tags if block else ())}


def is_sheet(block: Block) -> bool:
    """Say whether a block is a fence ``yaml argmap``."""
    return block.kind == "code" and bool(_SHEET.match(block.info.strip()))


def _kind(tags: set[str]) -> Kind:
    return "evidence" if "evidence" in tags else "argument" if "argument" in tags else "claim"


def _side(tags: set[str]) -> Side:
    return "con" if "con" in tags else "pro" if "pro" in tags else ""


def _without_field(line: str, found: Field) -> str:
    """Cut a field out of its line: with its brackets, or the whole line."""
    start = found.span.column - 2
    if start < 0 or line[start : start + 1] not in ("(", "["):
        return ""
    end = found.value_span.column - 1 + len(found.value)
    closing = re.compile(r"\s*[)\]]").match(line, end)
    return line[:start].rstrip() + line[closing.end() if closing else end :]


def _undented(line: str, width: int) -> str:
    """Take what stands before a nested block's lines off one of them."""
    taken = 0
    while taken < min(width, len(line)) and line[taken] in _PREFIX:
        taken += 1
    return line[taken:].rstrip()
