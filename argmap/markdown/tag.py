"""``#tag``, ``#a/b``: after white space or at a line's start, with at least one non-digit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

# What a tag may not contain, as found in the app.
_NAME = re.compile(r"#([^\u2000-\u206F\u2E00-\u2E7F'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\\s]+)")


def rule(state: StateInline, silent: bool) -> bool:
    """Read a tag."""
    src, pos = state.src, state.pos
    if src[pos] != "#" or state.linkLevel or (pos and not src[pos - 1].isspace()):
        return False
    found = _NAME.match(src, pos, state.posMax)
    if not found or found[1].isdecimal():
        return False
    if not silent:
        token = state.push("tag", "span", 0)
        token.content = found[1]
        token.meta = {"pos": pos}
    state.pos = found.end()
    return True


def render(
    self: RendererHTML, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: Any
) -> str:
    """Return a span that shows the tag."""
    del self
    from markdown_it.common.utils import escapeHtml

    return f'<span class="tag">#{escapeHtml(tokens[idx].content)}</span>'


def plugin(md: MarkdownIt) -> None:
    """Add the rule."""
    md.inline.ruler.before("link", "tag", rule)
    md.add_render_rule("tag", render)
