"""``> [!claim]- Title``: a quote whose first line names its kind; it nests and it folds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown_it.common.utils import mdTrim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

_HEAD = re.compile(r"\[!([^\]\[\n]+)\]([+-]?)[ \t]*")


def title(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Take the first line of a quote as a callout's title, whatever block might follow it.

    It is a block of its own, so that below it a list, a table or code begins afresh.
    """
    if silent or not state.tokens or state.tokens[-1].type != "blockquote_open":
        return False
    pos = state.bMarks[start] + state.tShift[start]
    head = _HEAD.match(state.src, pos, state.eMarks[start])
    if not head or state.is_code_block(start):
        return False
    kind = head[1].partition("|")[0].strip().lower()
    quote = state.tokens[-1]
    quote.type = "callout_open"
    quote.meta = {"callout": kind, "fold": head[2]}
    text = mdTrim(state.src[head.end() : state.eMarks[start]])
    _push_title(state, text or kind.capitalize(), start, written=bool(text))
    state.line = start + 1
    return True


def _push_title(state: StateBlock, text: str, line: int, *, written: bool) -> None:
    opening = state.push("callout_title_open", "div", 1)
    opening.map = [line, line + 1]
    opening.attrs = {"class": "callout-title"}
    opening.meta = {"written": written}
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = text, [line, line + 1], []
    state.push("callout_title_close", "div", -1)


def close(state: StateCore) -> None:
    """Turn the ends of callouts into ends of callouts, and choose their HTML."""
    opened: list[Token] = []
    for token in state.tokens:
        if token.type in ("blockquote_open", "callout_open"):
            opened.append(token)
        elif token.type == "blockquote_close":
            opening = opened.pop()
            if opening.type == "callout_open":
                token.type = "callout_close"
                token.tag = opening.tag = "details" if opening.meta["fold"] else "div"
                _dress(opening)


def _dress(opening: Token) -> None:
    opening.attrs = {"class": "callout", "data-callout": opening.meta["callout"]}
    if opening.meta["fold"] == "+":
        opening.attrs["open"] = "open"


def render_title(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
) -> str:
    """Return the title's tag: in a folded callout it is what one clicks."""
    token = tokens[idx]
    step = -1 if token.nesting > 0 else -3
    token.tag = "summary" if tokens[idx + step].tag == "details" else "div"
    return self.renderToken(tokens, idx, options, env)


def plugin(md: MarkdownIt) -> None:
    """Add the rules."""
    md.block.ruler.before("table", "callout_title", title)
    md.core.ruler.after("block", "callout", close)
    md.add_render_rule("callout_title_open", render_title)
    md.add_render_rule("callout_title_close", render_title)
