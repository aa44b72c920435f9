"""Runs the inline rules over each block's text, and keeps that quick."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.token import Token

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

# Where a rule may find something: elsewhere the text runs on. markdown-it stops at every
# punctuation mark that any extension might want; these are the ones our rules begin with.
_STOP = re.compile(r"[\n&*<\[\\\]^_`$]|!(?=\[)|%(?=%)|==|~~|:(?=//)|(?<!\S)#|\((?=[^()\[\]\n]*::)")
_ENDS_BLOCK = ("paragraph_open", "heading_open", "callout_title_open")


def read(state: StateCore) -> None:
    """Read every block's text; the rules learn from `env` what kind of block it is in."""
    tokens = state.tokens
    for at, token in enumerate(tokens):
        if token.type != "inline":
            continue
        if not _STOP.search(token.content) and "::" not in token.content:
            token.children = [Token("text", "", 0, content=token.content)]
            continue
        block = tokens[at - 1].type
        state.env["line_fields"] = block == "paragraph_open"
        state.env["ends_block"] = block in _ENDS_BLOCK
        token.children = state.md.inline.parse(token.content, state.md, state.env, [])


def plugin(md: MarkdownIt) -> None:
    """Take the place of markdown-it's own step."""
    md.inline.terminator_re = _STOP
    md.core.ruler.at("inline", read)
