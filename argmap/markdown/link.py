"""``[text](Note.md)`` and ``![alt](image.png)``: CommonMark's own rules, told where they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from markdown_it.rules_inline import autolink as read_autolink
from markdown_it.rules_inline import image as read_image
from markdown_it.rules_inline import link as read_link

from argmap.markdown import embed, wikilink

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

    Rule = Callable[[StateInline, bool], bool]

_OUTSIDE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")


def is_outside(address: str) -> bool:
    """Say whether an address leads out of the vault."""
    return _OUTSIDE.match(address) is not None


def placed(read: Rule, token_type: str, attribute: str) -> Rule:
    """Wrap one of CommonMark's rules so that its token knows its position and target."""

    def rule(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        if not read(state, silent):
            return False
        if not silent:
            token = next(t for t in state.tokens[before:] if t.type == token_type)
            describe(token, str(token.attrs.get(attribute, "")), start)
        return True

    return rule


def describe(token: Token, address: str, pos: int) -> None:
    """Write into a token where it leads: out of the vault, or to a note, percent-decoded."""
    if is_outside(address):
        token.meta = {"kind": "url", "target": address, "subpath": "", "pos": pos}
        return
    path, _, subpath = address.partition("#")
    target = unquote(path).strip()
    token.meta = {"kind": "markdown", "target": target, "subpath": unquote(subpath), "pos": pos}


def image(state: StateInline, silent: bool) -> bool:
    """Read ``![alt|100](address)``."""
    from argmap.markdown import plain_text

    before = len(state.tokens)
    if not _image(state, silent):
        return False
    if not silent:
        token = next(t for t in state.tokens[before:] if t.type == "image")
        token.meta["size"] = embed.size(token.content)
        alt = plain_text(token.children or [])
        token.meta["text"] = embed.without_size(alt) or token.meta["target"]
    return True


_image = placed(read_image, "image", "src")


def render_open(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
) -> str:
    """Return the opening tag; the closing one follows suit."""
    token = tokens[idx]
    if token.meta.get("kind") == "url":
        token.attrs = {**token.attrs, "class": "external", "rel": "noopener noreferrer"}
    else:
        _render_inside(token, tokens, idx, env)
    return self.renderToken(tokens, idx, options, env)


def _render_inside(token: Token, tokens: Sequence[Token], idx: int, env: Any) -> None:
    href = wikilink.leads_to(token, env)
    if href:
        token.attrs = {"class": "internal", "href": href}
        return
    later = (tokens[at] for at in range(idx, len(tokens)))  # not copied: there may be many links
    closing = next(t for t in later if t.type == "link_close" and t.level == token.level)
    token.tag = closing.tag = "span"
    token.attrs = {"class": wikilink.nowhere(href)}


def render_image(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
) -> str:
    """Return an image of the vault, or a link to one from elsewhere: pages fetch nothing."""
    from markdown_it.common.utils import escapeHtml

    token = tokens[idx]
    token.content = token.meta["text"]
    if token.meta["kind"] == "url":
        href, text = escapeHtml(token.meta["target"]), escapeHtml(token.content)
        return f'<a class="external" rel="noopener noreferrer" href="{href}">{text}</a>'
    return embed.render(self, tokens, idx, options, env)


def plugin(md: MarkdownIt) -> None:
    """Replace CommonMark's rules by the same ones, placed."""
    md.inline.ruler.at("link", placed(read_link, "link_open", "href"))
    md.inline.ruler.at("autolink", placed(read_autolink, "link_open", "href"))
    md.inline.ruler.at("image", image)
    md.add_render_rule("link_open", render_open)
    md.add_render_rule("image", render_image)
