"""``![[Note]]``, ``![[image.png|100x145]]``: what a note shows inside itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argmap.markdown import wikilink

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

_SIZE = re.compile(r"(?:^|\|)\s*(\d+)(?:x(\d+))?\s*$")


def rule(state: StateInline, silent: bool) -> bool:
    """Read an embed."""
    if not state.src.startswith("![[", state.pos) or state.linkLevel:
        return False
    found = wikilink.PATTERN.match(state.src, state.pos + 1, state.posMax)
    link = wikilink.read(found[1]) if found else None
    if not found or not link:
        return False
    if not silent:
        token = state.push("embed", "a", 0)
        name = wikilink.default_text(link.target, link.subpath)
        token.content = without_size(link.shown) or name
        token.meta = {
            **link.meta,
            "text": token.content,
            "size": size(link.shown),
            "pos": state.pos,
        }
    state.pos = found.end()
    return True


def size(shown: str) -> tuple[int, int | None] | None:
    """Return width and height from ``100x145`` or ``100``, also at the end of ``text|100``."""
    found = _SIZE.search(shown)
    return (int(found[1][:5]), int(found[2][:5]) if found[2] else None) if found else None


def without_size(shown: str) -> str:
    """Return the text before a size: ``text`` of ``text|100``, nothing of ``100x145``."""
    return _SIZE.sub("", shown).strip()


def render(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
) -> str:
    """Return an image where the page has it, else a link."""
    token = tokens[idx]
    if "html" in token.meta:
        return f'<div class="embed">\n{token.meta["html"]}</div>\n'
    src = env["src"](token.meta["target"]) if env.get("src") else None
    return picture(src, token) if src else wikilink.render(self, tokens, idx, options, env)


def show(state: StateCore) -> None:
    """Ask the page for the HTML of each embedded note; a paragraph that is only that gives way."""
    ask = state.env.get("embed")
    if not ask:
        return
    for at, token in enumerate(state.tokens):
        children = token.children or []
        for child in children:
            if child.type == "embed":
                html = ask(child.meta["target"], child.meta["subpath"])
                child.meta |= {} if html is None else {"html": html}
        seen = [c for c in children if c.type != "block_id" and c.content.strip()]
        is_paragraph = at > 0 and state.tokens[at - 1].type == "paragraph_open"
        if is_paragraph and seen and all("html" in child.meta for child in seen):
            state.tokens[at - 1].hidden = state.tokens[at + 1].hidden = True


def picture(src: str, token: Token) -> str:
    """Return an `img` of the size that was asked for."""
    from markdown_it.common.utils import escapeHtml

    width, height = token.meta.get("size") or (None, None)
    sizes = (f' width="{width}"' if width else "") + (f' height="{height}"' if height else "")
    text = escapeHtml(token.meta["text"])
    return f'<img src="{escapeHtml(src)}" alt="{text}"{sizes}>'


def plugin(md: MarkdownIt) -> None:
    """Add the rule."""
    md.inline.ruler.before("image", "embed", rule)
    md.core.ruler.push("embeds", show)
    md.add_render_rule("embed", render)
