"""``^id`` at the end of a paragraph or list item, or on a line of its own below a larger block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

_AT_END = re.compile(r"\^([A-Za-z0-9-]+)[ \t]*$")
_ALONE = re.compile(r"\^([A-Za-z0-9-]+)[ \t]*")


def at_end(state: StateInline, silent: bool) -> bool:
    """Read an id that ends a paragraph, a heading or a title."""
    pos = state.pos
    if state.src[pos] != "^" or state.posMax < len(state.src):
        return False
    if (pos and not state.src[pos - 1].isspace()) or not state.env.get("ends_block"):
        return False
    found = _AT_END.match(state.src, pos)
    if not found:
        return False
    if not silent:
        _fill(state.push("block_id", "", 0), found[1], pos)
    state.pos = found.end()
    return True


def alone(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Read an id on a line of its own, with an empty line (or nothing) below it."""
    pos = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("^", pos) or state.is_code_block(start):
        return False
    found = _ALONE.fullmatch(state.src, pos, state.eMarks[start])
    last = start + 1 >= state.lineMax or state.isEmpty(start + 1)
    if not found or not last:
        return False
    if silent:
        return True
    token = state.push("block_id", "", 0)
    token.map = [start, start + 1]
    _fill(token, found[1], 0)
    state.line = start + 1
    return True


def _fill(token: Token, name: str, pos: int) -> None:
    token.content = name
    token.meta = {"pos": pos}


def give(state: StateCore) -> None:
    """Give each id to the block it names, as its anchor and in its `meta`."""
    opened: list[Token] = []
    latest: dict[int, Token] = {}  # by level: the block that an id on its own line would name
    for token in state.tokens:
        if token.type == "block_id":
            before = latest.get(token.level)
            if before:
                _name([*opened, before], token.content)
            continue
        if token.type == "inline":
            if token.children and token.children[-1].type == "block_id":
                _name(opened, token.children[-1].content)
            continue
        if token.nesting >= 0:
            latest[token.level] = token
        if token.nesting > 0:
            latest.pop(token.level + 1, None)
            opened.append(token)
        elif token.nesting < 0:
            opened.pop()


def _name(chain: list[Token], name: str) -> None:
    """Name the last block of a chain; a list item is named by its paragraph, a callout by title."""
    owner = chain[-1]
    outer = chain[-2] if len(chain) > 1 else None
    if outer and (outer.type, owner.type) in _NAMED_BY and "block_id" not in outer.meta:
        owner = outer
    if "block_id" not in owner.meta:
        owner.meta["block_id"] = name
        owner.attrs = {**owner.attrs, "id": "^" + name}


_NAMED_BY = {
    ("list_item_open", "paragraph_open"),
    ("callout_open", "callout_title_open"),
}


def strip_id(inline: Token) -> str:
    """Return an inline token's source without the id that ends it."""
    children = inline.children or []
    if children and children[-1].type == "block_id":
        return inline.content[: children[-1].meta["pos"]].rstrip()
    return inline.content


def hide(
    self: RendererHTML, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: Any
) -> str:
    """Return nothing: an id is an anchor, not text."""
    del self, tokens, idx
    return ""


def plugin(md: MarkdownIt) -> None:
    """Add the rules."""
    ends = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("paragraph", "block_id", alone, {"alt": ends})
    md.inline.ruler.before("link", "block_id", at_end)
    md.core.ruler.after("inline", "block_ids", give)
    md.add_render_rule("block_id", hide)
