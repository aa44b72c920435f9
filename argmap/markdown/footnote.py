"""``[^1]`` as markdown-it's plugin reads it, and ``^[inline]``, which stays where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline


def rule(state: StateInline, silent: bool) -> bool:
    """Read an inline footnote in place, so that what is inside keeps its position."""
    if not state.src.startswith("^[", state.pos):
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos + 1, False)
    if end < 0:
        return False
    if not silent:
        limit, state.pos, state.posMax = state.posMax, state.pos + 2, end
        opening = state.push("footnote_inline_open", "small", 1)
        opening.attrs = {"class": "footnote"}
        state.md.inline.tokenize(state)
        state.push("footnote_inline_close", "small", -1)
        state.posMax = limit
    state.pos = end + 1
    return True


def plugin(md: MarkdownIt) -> None:
    """Add both."""
    from mdit_py_plugins.footnote import footnote_plugin

    md.use(footnote_plugin, inline=False)
    md.inline.ruler.before("link", "footnote_inline", rule)
