"""HTML that a person wrote into a note -> HTML that is whole in itself, and holds nothing of ours.

Each piece is cleaned where it stands, as Obsidian shows each block by itself: what it opens, it
closes. So no attribute of it reaches into the text behind it, and no class, id or image of a page
is a note's. What opens too many elements in each other is shown as it was written: a browser would
stop at some depth as well, and to clean it takes time that grows with the square of its length.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING

from argmap.pages.tokens import made

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token
    from nh3 import Cleaner

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "cite", "code", "del", "details", "div", "em", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s",
    "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th",
    "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"}, "details": {"open"}, "ol": {"start"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"},
}  # fmt: skip
SCHEMES = {"http", "https", "mailto"}
_IN_TEXT = {
    "a", "abbr", "b", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "u",
}  # fmt: skip
_DEEPEST = 100  # elements in each other, in one piece of HTML
_NEVER_DEEP = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
    "dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr",  # need no end
}  # fmt: skip
_PARTS_LINES = {"blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p", "tr"}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?=[\s/>])")
_IMAGE = re.compile(r"<img\b[^>]{0,4000}>", re.IGNORECASE)
_VALUE = r"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_SRC, _ALT = (re.compile(_VALUE.format(name=n), re.IGNORECASE) for n in ("src", "alt"))


def tame(tokens: Sequence[Token], too_deep: str) -> None:
    """Clean every piece of HTML among a note's tokens, in place.

    `too_deep` is what is said above one that is shown as source.
    """
    for token in tokens:
        if token.type == "html_block" and _is_too_deep(token.content):
            token.type, token.tag, token.info = "fence", "code", too_deep
        elif token.type == "html_block":
            token.content = _cleaner().clean(_IMAGE.sub(_linked, token.content))
        elif token.children:
            token.children = list(_tamed(token.children))


def _is_too_deep(html: str) -> bool:
    """Say whether more elements stand open in each other than a page may hold."""
    depth = 0
    for found in _TAG.finditer(html):
        if found[2].lower() not in _NEVER_DEEP:
            depth = max(0, depth - 1) if found[1] else depth + 1
        if depth > _DEEPEST:
            return True
    return False


def _tamed(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield inline tokens; what their HTML opens is closed behind the last."""
    opened: list[str] = []
    for token in tokens:
        if token.type == "html_inline":
            token.content = _tag(token.content, opened)
        elif token.children and token.type != "image":
            token.children = list(_tamed(token.children))
        yield token
    if opened:
        yield made("".join(f"</{name}>" for name in reversed(opened)))


def _tag(html: str, opened: list[str]) -> str:
    """Return a tag that may stand in a sentence; nothing for any other, or for a comment."""
    found = _TAG.match(html)
    name = found[2].lower() if found else ""
    if name == "br" or (found and name in _PARTS_LINES and not found[1]):
        return "<br>"
    if name == "img":
        return str(_cleaner().clean(_IMAGE.sub(_linked, html)))
    if not found or name not in _IN_TEXT:
        return ""
    if found[1]:
        return _closing(opened, name) if name in opened else ""
    if len(opened) >= _DEEPEST:
        return escape(html)
    opened.append(name)
    return str(_cleaner().clean(html)).removesuffix("</a>") if name == "a" else f"<{name}>"


def _closing(opened: list[str], name: str) -> str:
    """Close the innermost element of a name, and what was opened in it."""
    html = ""
    while opened:
        last = opened.pop()
        html += f"</{last}>"
        if last == name:
            break
    return html


def _linked(image: re.Match[str]) -> str:
    """Return a link to an image from elsewhere; of any other, what is said in its place."""
    src, alt = (_attribute(pattern, image[0]) for pattern in (_SRC, _ALT))
    if not src.startswith(("http://", "https://")):
        return escape(alt)
    return f'<a href="{escape(src)}">{escape(alt or src)}</a>'


def _attribute(pattern: re.Pattern[str], html: str) -> str:
    found = pattern.search(html)
    return unescape(next((value for value in found.groups() if value), "")) if found else ""


@cache
def _cleaner() -> Cleaner:
    from nh3 import Cleaner

    return Cleaner(
        tags=TAGS, attributes=ATTRIBUTES, allowed_classes={}, url_schemes=SCHEMES,
        link_rel="noreferrer", url_relative="deny",
    )  # fmt: skip
