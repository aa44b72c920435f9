"""``==highlight==``: a pair of delimiters, as emphasis is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.rules_inline.state_inline import Delimiter

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_MARK = ord("=")


def rule(state: StateInline, silent: bool) -> bool:
    """Put down each `==` as text that may turn out to open or close a highlight."""
    if silent or not state.src.startswith("==", state.pos):
        return False
    run = state.scanDelims(state.pos, True)  # it can split a word
    if run.length != 2:  # noqa: PLR2004  # a longer run is a line, not a mark
        state.append_pending("=" * run.length)
        state.pos += run.length
        return True
    token = state.push("text", "", 0)
    token.content = "=="
    at = len(state.tokens) - 1
    state.delimiters.append(Delimiter(_MARK, 0, at, -1, run.can_open, run.can_close))
    state.pos += run.length
    return True


def pair(state: StateInline) -> None:
    """Turn the pairs that were found into tags, at every depth."""
    depths = [state.delimiters]
    depths += [meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta]
    for delimiters in depths:
        for start in delimiters:
            if start.marker == _MARK and start.end >= 0:
                _tag(state, start.token, 1)
                _tag(state, delimiters[start.end].token, -1)


def _tag(state: StateInline, at: int, nesting: int) -> None:
    token = state.tokens[at]
    token.type = "mark_open" if nesting > 0 else "mark_close"
    token.tag, token.markup, token.content = "mark", "==", ""
    token.nesting = 1 if nesting > 0 else -1


def plugin(md: MarkdownIt) -> None:
    """Add the rule and its second pass."""
    md.inline.ruler.before("emphasis", "highlight", rule)
    md.inline.ruler2.before("emphasis", "highlight", pair)
