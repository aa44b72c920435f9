"""``%%…%%``: not shown, and nothing inside counts. It may span blocks, but not start in code."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from argmap.markdown import block_id

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

_FENCE = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t>]+)*(`{3,}(?=[^`]*$)|~{3,})")
_SIGNS, _TICKS = re.compile(r"\\.|`+|%%"), re.compile(r"`+")
_NOT_SPACE = re.compile(r"[^\n]")


def rule(state: StateInline, silent: bool) -> bool:
    """Read a comment that ends where it began, on one line."""
    if not state.src.startswith("%%", state.pos):
        return False
    end = state.src.find("%%", state.pos + 2, state.posMax)
    if end < 0:
        return False
    if not silent:
        token = state.push("comment", "", 0)
        token.content = state.src[state.pos + 2 : end]
        token.meta = {"pos": state.pos}
    state.pos = end + 2
    return True


def blank(state: StateCore) -> None:
    """Write spaces over each comment that spans lines, before blocks are read.

    So it may begin in one block and end in another, and every place stays what it was.
    A comment that never ends hides nothing.
    """
    if "%%" not in state.src:
        return
    found = marks(state.src)
    pieces: list[str] = []
    done = line = 0
    for start, end in zip(found[::2], found[1::2], strict=False):
        if "\n" in state.src[start:end]:
            pieces += [state.src[done:start], _NOT_SPACE.sub(" ", state.src[start : end + 2])]
            line += state.src.count("\n", done, end)
            done = end + 2
            width = _width(state.src, end)
            if width:
                pieces[-1] = pieces[-1][:-width]
                state.env.setdefault("cut", {})[line] = width
    state.src = "".join([*pieces, state.src[done:]])


def _width(text: str, end: int) -> int:
    """Return how much of a comment's last line to take off so that no code block begins."""
    begin = text.rfind("\n", 0, end) + 1
    return len(text[begin : end + 2].lstrip(" \t"))


def marks(text: str) -> list[int]:
    """Return where each `%%` outside code stands."""
    places: list[int] = []
    fence = ""
    start = 0
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not line[found.end() :].strip():
                fence = ""
        elif found and len(places) % 2 == 0:
            fence = found[1]
        elif "%%" in line:
            places += [start + at for at in _marks_in(line)]
        start += len(line) + 1
    return places


def _marks_in(line: str) -> list[int]:
    """Return where each `%%` stands that is outside code and has no backslash before it."""
    ticks: dict[int, list[int]] = {}  # by how many there are: code ends with as many as it began
    for found in _TICKS.finditer(line):
        ticks.setdefault(len(found[0]), []).append(found.start())
    places: list[int] = []
    at = 0
    while sign := _SIGNS.search(line, at):
        at = sign.end()
        if sign[0] == "%%":
            places.append(sign.start())
        elif sign[0].startswith("`"):
            ends = ticks.get(len(sign[0]), [])
            after = bisect_left(ends, at)
            at = ends[after] + len(sign[0]) if after < len(ends) else at
    return places


def plugin(md: MarkdownIt) -> None:
    """Add the rules."""
    md.core.ruler.before("block", "comments", blank)
    md.inline.ruler.before("escape", "comment", rule)
    md.add_render_rule("comment", block_id.hide)
