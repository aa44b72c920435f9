"""A line that begins with a letter, or in bold, and ends its paragraph: what most of most notes is.

It finds nothing that `paragraph` would not; it only spares such a line a dozen rules that begin
with other characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.common.utils import mdTrim

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

_ITEM = re.compile(r"(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)", re.MULTILINE)
_BEGINS = re.compile(r"(?:\*\*)?[^\W\d_]")
_CODE = 4  # columns of indent


def rule(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Read a paragraph of one line, where nothing can follow that changes what it is."""
    pos, stop = state.bMarks[start] + state.tShift[start], state.eMarks[start]
    if silent or state.sCount[start] - state.blkIndent >= _CODE:
        return False
    if not _BEGINS.match(state.src, pos, stop):
        return False
    if start + 1 < state.lineMax and not state.isEmpty(start + 1) and not _next_item(state, start):
        return False
    opening = state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.content, inline.children = mdTrim(state.src[pos:stop]), []
    inline.map = [start, start + 1]
    opening.map = [start, start + 1]
    state.push("paragraph_close", "p", -1)
    state.line = start + 1
    return True


def _next_item(state: StateBlock, start: int) -> bool:
    """Say whether the next line is an item of a list around this one."""
    column = state.sCount[start + 1]
    if not 0 <= column < state.blkIndent or column - max(state.listIndent, 0) >= _CODE:
        return False
    pos = state.bMarks[start + 1] + state.tShift[start + 1]
    return _ITEM.match(state.src, pos, state.eMarks[start + 1]) is not None


def plugin(md: MarkdownIt) -> None:
    """Add the rule before all others."""
    md.block.ruler.before("table", "prose", rule)
