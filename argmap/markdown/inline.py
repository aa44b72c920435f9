"""Runs the inline rules over each block's text, and keeps that quick."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from markdown_it.token import Token

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

    Rule = Callable[[StateInline, bool], bool]

# Where a rule may find something: elsewhere the text runs on. markdown-it stops at every
# punctuation mark that any extension might want; these are the ones our rules begin with.
_STOP = re.compile(r"[\n&*<\[\\\]^_`$]|!(?=\[)|%(?=%)|==|~~|:(?=//)|(?<!\S)#|\((?=[^()\[\]\n]*::)")
_BEGINS = {  # what each rule begins with; a rule that is not here may begin anywhere
    "address": ":",
    "autolink": "<",
    "backticks": "`",
    "block_id": "^",
    "comment": "%",
    "embed": "!",
    "emphasis": "*_",
    "entity": "&",
    "escape": "\\",
    "footnote_inline": "^",
    "footnote_ref": "[",
    "highlight": "=",
    "html_inline": "<",
    "image": "!",
    "inline_field": "([",
    "link": "[",
    "math_inline": "$",
    "newline": "\n",
    "strikethrough": "~",
    "tag": "#",
    "wikilink": "[",
}
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


class _Rules(dict[tuple[str, bool], tuple["Rule", ...]]):
    """The rules that may begin with a character, in a text with or without a `::`."""

    def __init__(self, md: MarkdownIt) -> None:
        names = md.inline.ruler.get_active_rules()
        self.rules = list(zip(names, md.inline.ruler.getRules(""), strict=True))

    def __missing__(self, key: tuple[str, bool]) -> tuple[Rule, ...]:
        char, has_field = key
        self[key] = tuple(
            rule
            for name, rule in self.rules
            if char in _BEGINS.get(name, char) and (has_field or name != "line_field")
        )
        return self[key]


class _Loops:
    """What does as markdown-it's own loops, and asks only rules that may have an answer."""

    def __init__(self, md: MarkdownIt) -> None:
        self.md = md
        self.most: int = md.options["maxNesting"]

    @cached_property
    def rules(self) -> _Rules:
        return _Rules(self.md)

    def tokenize(self, state: StateInline) -> None:
        """Read the text from where the state stands to its end."""
        src, end = state.src, state.posMax
        has_field = src.find("::", state.pos, end) >= 0
        while state.pos < end:
            asked = self.rules[src[state.pos], has_field] if state.level < self.most else ()
            if not any(rule(state, False) for rule in asked):
                state.append_pending(src[state.pos])
                state.pos += 1
        if state.pending:
            state.pushPending()

    def skip(self, state: StateInline) -> None:
        """Step over one token, or one character; what is nested too deeply is stepped over."""
        pos, cache = state.pos, state.cache
        if pos in cache:
            state.pos = cache[pos]
            return
        if state.level < self.most:
            state.level += 1
            if not any(rule(state, True) for rule in self.rules[state.src[pos], False]):
                state.pos = pos + 1
            state.level -= 1
        else:
            state.pos = state.posMax
        cache[pos] = state.pos


def plugin(md: MarkdownIt) -> None:
    """Take the place of markdown-it's own step and loops."""
    loops = _Loops(md)
    md.inline.terminator_re = _STOP
    md.inline.tokenize = loops.tokenize  # type: ignore[method-assign]
    md.inline.skipToken = loops.skip  # type: ignore[method-assign]
    md.core.ruler.at("inline", read)
