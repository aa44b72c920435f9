"""Line and column of what the inline rules found: markdown-it itself knows only a block's lines.

A rule notes its position in the inline content. A line of that content is the end of its source
line (quote marks, list markers and indents stand before it), so the two are laid end to end; only
a heading's closing `#`s and a table's cells need more.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from markdown_it.common.utils import mdTrim

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

_PREFIX_ONLY = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)]|\[\^[^\]\s]+\]:)[ \t>]+)*")


@dataclass(frozen=True, slots=True)
class Text:
    """Inline content and where each of its lines stands in the file."""

    line: int
    starts: Sequence[int]  # where each line of the content begins in it
    column: Callable[[int, int], int]  # which line, and position in it -> column from 1
    first: int  # which line of the text it begins on
    cut: dict[int, int]  # which line of the text -> how much a comment took off its beginning

    def place(self, pos: int) -> tuple[int, int]:
        """Return the line and column, from 1, of a position in the content."""
        at = bisect_right(self.starts, pos) - 1
        cut = self.cut.get(self.first + at, 0)
        return self.line + at, self.column(at, pos - self.starts[at]) + cut


def place(state: StateCore) -> None:
    """Write `line` and `column` into every token that knows its position.

    What nests so deeply that markdown-it leaves out what is in it goes into `env["too_deep"]`.
    """
    source = state.src.split("\n")
    first = state.env.get("first_line", 1)
    cut = state.env.get("cut", {})
    deepest = state.md.options["maxNesting"] - 1
    mark_lines = state.env.get("mark_lines")
    cell = 0
    for at, token in enumerate(state.tokens):
        if token.level == deepest and token.nesting > 0:
            state.env.setdefault("too_deep", token)
        if token.type == "tr_open":
            cell = 0
        if mark_lines and token.nesting >= 0 and token.map and token.tag:
            token.attrs = {**token.attrs, "data-line": token.map[0] + first}
        if token.type != "inline" or not token.map:
            continue
        in_table = state.tokens[at - 1].type in ("td_open", "th_open")
        if in_table:
            cell += 1
        if _any_placed(token.children or []):
            start = token.map[0]
            rows = source[start : token.map[1]]
            while len(rows) > token.content.count("\n") + 1 and is_blank(rows[0]):
                start, rows = start + 1, rows[1:]
            columns = _cell(rows[0], cell - 1, token) if in_table else _lines(rows, token)
            text = Text(start + first, _starts(token.content), columns, start, cut)
            _write(token.children or [], 0, text)


def _any_placed(tokens: Sequence[Token]) -> bool:
    return any("pos" in token.meta for token in tokens)


def _starts(content: str) -> list[int]:
    starts = [0]
    for line in content.split("\n")[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _write(tokens: Sequence[Token], base: int, text: Text) -> None:
    for token in tokens:
        meta: dict[str, Any] = token.meta
        if "pos" not in meta:
            continue
        meta["line"], meta["column"] = text.place(base + meta["pos"])
        if "value_pos" in meta:
            value = base + meta["value_pos"]
            meta["value_line"], meta["value_column"] = text.place(value)
            _write(token.children or [], value, text)


def _trimmed(text: str) -> str:
    """Take off the end what markdown-it takes off it."""
    return mdTrim("|" + text)[1:]


def is_blank(row: str) -> bool:
    """Say whether a row holds only what markdown-it trims: such a row is not in the content."""
    prefix = _PREFIX_ONLY.match(row)
    return not mdTrim(row[prefix.end() :] if prefix else row)


def _lines(rows: list[str], token: Token) -> Callable[[int, int], int]:
    lines = token.content.split("\n")

    @cache  # a line may hold many things
    def before(at: int) -> int:
        row, line = _trimmed(rows[at]), _trimmed(lines[at])
        if not row.endswith(line.lstrip(" ")):  # a heading that ends in `#`s
            row = _trimmed(row.rstrip("#"))
        return len(row) - len(line)

    def column(at: int, pos: int) -> int:
        return before(at) + pos + 1

    return column


def _cell(row: str, index: int, token: Token) -> Callable[[int, int], int]:
    """Return columns in a table's cell, where markdown-it has made ``|`` of each escaped bar."""
    cells = _cells(row)
    shifted = [index + 1, index] if is_blank(row[: cells[0][0][-1]]) else [index]
    fits = (at for at in shifted if at < len(cells) and cells[at][1].endswith(token.content))
    kept, text = next((cells[at] for at in fits), ([0], ""))
    shift = len(text) - len(token.content)

    def column(_at: int, pos: int) -> int:
        return kept[max(0, min(shift + pos, len(kept) - 1))] + 1

    return column


@lru_cache(maxsize=4)  # a row may hold many cells
def _cells(row: str) -> list[tuple[list[int], str]]:
    """Return for each cell which characters of the row it holds, last where it ends; its text."""
    cells: list[list[int]] = [[]]
    for at, char in enumerate(row):
        if char != "|":
            cells[-1].append(at)
        elif at and row[at - 1] == "\\":
            cells[-1][-1] = at  # the bar takes its backslash's place
        else:
            cells[-1].append(at)
            cells.append([])
    cells[-1].append(len(row))
    return [(cell, _trimmed("".join(row[i] for i in cell[:-1]))) for cell in cells]


def plugin(md: MarkdownIt) -> None:
    """Add the step, last of all."""
    md.core.ruler.push("places", place)
