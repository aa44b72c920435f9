"""A bare ``https://…`` in the text is a link, as Obsidian shows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argmap.markdown import link

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_SCHEME = re.compile(r"(?<![\w])https?$", re.IGNORECASE)
_REST = re.compile(r"://[^\s<>\[\]`|]+")
_TAIL = ".,;:!?'\"*_~»”…"


def rule(state: StateInline, silent: bool) -> bool:
    """Read an address from its colon on: the text rule has already taken the scheme."""
    if state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.src, max(0, state.pos - 6), state.pos)
    rest = scheme and _REST.match(state.src, state.pos, state.posMax)
    if not scheme or not rest:
        return False
    address = scheme[0] + trimmed(rest[0])
    href = state.md.normalizeLink(address)
    if address == f"{scheme[0]}://" or not state.md.validateLink(href):
        return False
    if not silent:
        if not state.pending.endswith(scheme[0]):
            return False
        state.pending = state.pending[: -len(scheme[0])]
        _push(state, address, href, scheme.start())
    state.pos += len(address) - len(scheme[0])
    return True


def trimmed(rest: str) -> str:
    """Leave a sentence's own punctuation out of an address, and a `)` nothing opened."""
    end, surplus = len(rest), rest.count(")") - rest.count("(")
    while end:
        if rest[end - 1] == ")" and surplus > 0:
            surplus -= 1
        elif rest[end - 1] not in _TAIL:
            break
        end -= 1
    return rest[:end]


def _push(state: StateInline, address: str, href: str, pos: int) -> None:
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": href}
    opening.markup, opening.info = "linkify", "auto"
    link.describe(opening, href, pos)
    text = state.push("text", "", 0)
    text.content = address
    closing = state.push("link_close", "a", -1)
    closing.markup, closing.info = "linkify", "auto"


def plugin(md: MarkdownIt) -> None:
    """Add the rule."""
    md.inline.ruler.before("escape", "address", rule)
