"""``[[Note#Heading|what a reader sees]]``: before `link`, so that nothing inside is Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

# A single `]` may stand inside, another `[[` may not; the first `]]` ends it.
PATTERN = re.compile(r"\[\[(?!\[)((?:(?!\[\[|\]\]).)+)\]\]")


@dataclass(frozen=True, slots=True)
class Wikilink:
    """What stands between the brackets, taken apart."""

    target: str
    subpath: str
    text: str  # as a reader sees it
    shown: str = ""  # after `|`, as written

    @property
    def meta(self) -> dict[str, Any]:
        """What a token says of the link."""
        return {"target": self.target, "subpath": self.subpath, "text": self.text}


def read(inside: str) -> Wikilink | None:
    """Take ``Note#Heading|text`` apart; None if that names nothing."""
    name, _, shown = inside.partition("|")
    name = name.removesuffix("\\")  # as written in a table's cell
    target, _, subpath = name.partition("#")
    target, subpath, shown = target.strip(), subpath.strip(), shown.strip()
    if not target and not subpath.strip("# "):
        return None
    return Wikilink(target, subpath, shown or default_text(target, subpath), shown)


def default_text(target: str, subpath: str) -> str:
    """Return what Obsidian shows for a link without a text of its own: ``Note > Heading``."""
    parts = [target, *(part.strip() for part in subpath.split("#"))]
    return " > ".join(part for part in parts if part)


def rule(state: StateInline, silent: bool) -> bool:
    """Read a wikilink."""
    if not state.src.startswith("[[", state.pos) or state.linkLevel:
        return False
    found = PATTERN.match(state.src, state.pos, state.posMax)
    link = read(found[1]) if found else None
    if not found or not link:
        return False
    if not silent:
        token = state.push("wikilink", "a", 0)
        token.content = link.text
        token.meta = {**link.meta, "pos": state.pos}
    state.pos = found.end()
    return True


def render(
    self: RendererHTML, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Any
) -> str:
    """Return a link to where the page says the target lies, else a span."""
    del self
    from markdown_it.common.utils import escapeHtml

    token = tokens[idx]
    text = escapeHtml(token.content)
    href = leads_to(token, env)
    if not href:
        return f'<span class="{nowhere(href)}">{text}</span>'
    return f'<a class="internal" href="{escapeHtml(href)}">{text}</a>'


def leads_to(token: Token, env: Any) -> str | None:
    """Ask the page where a link's target lies."""
    href = env.get("href")
    where: str | None = href(token.meta["target"], token.meta["subpath"]) if href else None
    return where


def nowhere(href: str | None) -> str:
    """Return the class of a link that nothing opens: no such note, or one without a page."""
    return "unresolved" if href is None else "pageless"


def plugin(md: MarkdownIt) -> None:
    """Add the rule."""
    md.inline.ruler.before("link", "wikilink", rule)
    md.add_render_rule("wikilink", render)
