"""Block ids that Obsidian does not find where they stand, each with what to write instead (A212).

It finds an id of Latin letters, digits and hyphens behind a blank, at the end of a paragraph or a
list's item, or on a line of its own below a larger block, blank lines around; none inside quotes,
callouts and tables.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argmap.claims.found import place
from argmap.claims.ids import latin
from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from argmap.claims.marks import Marks
    from argmap.notes import Block, Note

_AT_END = re.compile(r"(?<!\S)\^([\w-]+)[ \t]*$")
_AT_LINE_END = re.compile(r"(?<!\S)\^([\w-]+)(?=[ \t]*\n)")
_BEFORE_END = re.compile(r"(?<!\S)\^([\w-]*[^\W\d][\w-]*)(?=[^\w-])")  # digits alone are a power
_WITHOUT_BLANK = re.compile(r"(?<=[^\W\d_]{2})\^([^\W\d_][\w-]{2,})(?:[ \t]+#\S+)*[ \t]*$")
_ALONE = re.compile(r"\^([\w-]+)[ \t]*(?:\n|$)")
_TAKEN = re.compile(r"[A-Za-z0-9-]+")
_LETTERS = "use Latin letters, digits and hyphens"
_NO_PARTS = "Obsidian links to no part of a quote or callout"


def unfound_ids(note: Note, marks: Marks) -> Iterator[Problem]:
    """Yield A212 for each block id of a note that Obsidian does not find."""
    if "^" in note.text:
        finder = _Finder(note, marks)
        yield from finder.below(note.blocks)


class _Finder:
    """Goes through the marked blocks of a note; other ids are between their author and Obsidian."""

    def __init__(self, note: Note, marks: Marks) -> None:
        self.note = note
        self.marks = marks

    def below(
        self, blocks: Sequence[Block], *, ours: bool = False, quoted: bool = False
    ) -> Iterator[Problem]:
        """Go through blocks beside each other, in a marked block or not, quoted or not."""
        before: Block | None = None
        for block in blocks:
            marked = ours or self.marks.of(block) is not None
            if marked and quoted and block.id and block.kind in ("item", "paragraph"):
                yield self.inside(block)
            elif block.kind == "paragraph" and self.is_head(block):
                yield from self.misplaced(block)
            elif marked and block.kind == "callout":
                yield from self.callout(block)
            elif before and block.kind == "paragraph" and self.marks.of(before):
                yield from self.alone(block)
            inside = quoted or block.kind in ("quote", "callout")
            yield from self.below(block.children, ours=marked, quoted=inside)
            before = block

    def inside(self, block: Block) -> Problem:
        """Tell of an id in a quote or callout: no part of it can have one."""
        line, column = self.last(block, f"^{block.id}")
        hint = f"{_NO_PARTS}; put ^{block.id} below it all, blank lines around"
        span = Span(block.span.path, line, column)
        return Problem("A212", span, f"^{block.id} is no block id in here", hint)

    def is_head(self, block: Block) -> bool:
        """Say whether a paragraph is what an item or a callout says, or marked itself."""
        return block.span in self.marks.heads or self.marks.of(block) is not None

    def alone(self, block: Block) -> Iterator[Problem]:
        """Tell of what looks like an id below a marked block, and is a paragraph."""
        if found := None if block.id else _ALONE.match(block.markdown):
            name = found[1]
            hint = f"put a blank line below ^{name}" if _TAKEN.fullmatch(name) else _spelt(name)
            yield Problem("A212", block.span, f"^{name} is no block id", hint)

    def misplaced(self, block: Block) -> Iterator[Problem]:
        """Tell of an id that does not end its paragraph, or not as Obsidian takes it."""
        text = block.markdown
        shown = [token.content for token in block.tokens if token.type == "text"]
        for pattern in (_AT_LINE_END,) if block.id else (_AT_END, _BEFORE_END, _WITHOUT_BLANK):
            found = pattern.search(text)
            if found is None or not any(f"^{found[1]}" in words for words in shown):
                continue
            name = found[1]
            span = place(self.note, block, text.index("^", found.start()))
            hint = f"end the paragraph with ` ^{name}`"
            if pattern is _WITHOUT_BLANK:
                hint = f"put a blank before ^{name}"
            elif text[found.end() :].lstrip(" \t").startswith("\n"):
                hint = f"put a blank line below ^{name}, or end the paragraph with it"
            if not _TAKEN.fullmatch(name):
                hint = _spelt(name)
            yield Problem("A212", span, f"^{name} is no block id", hint)
            return

    def callout(self, block: Block) -> Iterator[Problem]:
        """Tell of an id right below a callout, without a blank line between."""
        line = self.marks.line(block.last_line + 1)
        if block.id and line.strip() == f"^{block.id}":
            span = Span(block.span.path, block.last_line + 1, line.index("^") + 1)
            hint = f"put a blank line above ^{block.id}, as Obsidian asks"
            yield Problem("A212", span, f"^{block.id} stands right below a callout", hint)

    def last(self, block: Block, what: str) -> tuple[int, int]:
        """Return line and column of the last time that something stands in a block."""
        for number in range(block.last_line, block.span.line, -1):
            if (at := self.marks.line(number).rfind(what)) >= 0:
                return number, at + 1
        return block.span.line, self.marks.line(block.span.line).rfind(what) + 1


def _spelt(name: str) -> str:
    spelt = latin(name)
    return f"{_LETTERS}: ^{spelt}" if spelt else _LETTERS
