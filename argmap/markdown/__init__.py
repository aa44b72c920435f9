"""Obsidian's Markdown: one parser for what notes mean and for how their pages look.

`parser()` is markdown-it-py with CommonMark, tables, strikethrough, footnotes, maths and Obsidian's
own syntax, one module a rule. Front matter is not its business: `notes.py` takes that off first.

What a rule finds is a token whose `meta` says what it is; `places` then adds `line` and `column`
(both from 1, columns count characters):

- `wikilink`, `embed`: `target`, `subpath`, `text`; `link_open`, `image`: these and `kind`
- `tag`: its name is the content
- `inline_field`: `key`, `value`, `value_line`, `value_column`; its `children` are the value, read
- `mark_open`, `mark_close`: a highlight; `comment`; `block_id`: its id is the content
- block tokens: `meta["block_id"]`; `callout_open`: `callout`, `fold`; `list_item_open`: `task`
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token


@cache
def parser() -> MarkdownIt:
    """Return the one parser.

    What it is given in `env`, all optional: `first_line`, the file's line that the text begins on;
    and what `render` takes: `href`, `src`, `embed`, `mark_lines`.
    """
    from markdown_it import MarkdownIt

    from argmap.markdown import (
        address,
        block_id,
        callout,
        comment,
        embed,
        footnote,
        heading,
        highlight,
        inline,
        inline_field,
        label,
        link,
        maths,
        places,
        prose,
        tag,
        task,
        wikilink,
    )

    md = MarkdownIt("commonmark", {"maxNesting": 100, "xhtmlOut": False})
    md.enable(["table", "strikethrough"])
    for rule in (
        inline,
        label,
        footnote,
        comment,
        callout,
        block_id,
        heading,
        task,
        wikilink,
        embed,
        link,
        address,
        inline_field,
        tag,
        highlight,
        maths,
        prose,
        places,
    ):
        md.use(rule.plugin)
    return md


def render(
    text: str,
    *,
    href: Callable[[str, str], str | None] | None = None,
    src: Callable[[str], str | None] | None = None,
    embed: Callable[[str, str], str | None] | None = None,
    change: Callable[[list[Token]], list[Token]] | None = None,
    first_line: int = 1,
    mark_lines: bool = False,
) -> str:
    """Return the HTML of a note's text (without front matter). It is NOT safe: sanitise it.

    `href(target, subpath)` says where a link leads; a link it answers with None becomes
    `<span class="unresolved">`, with "" (there, but nothing to open) `<span class="pageless">`.
    `src(target)` says where an image lies; without one an image becomes a link. `embed(target,
    subpath)` is the HTML of a note or part of one that is embedded, None for what is to be a link;
    `vault.pieces` has the Markdown to make it of. `change` may put other tokens in the place of
    those that were read. With `mark_lines` each block carries `data-line`, its line in the file.
    """
    env: dict[str, Any] = {"first_line": first_line, "mark_lines": mark_lines}
    if href:
        env["href"] = href
    if src:
        env["src"] = src
    if embed:
        env["embed"] = embed
    md = parser()
    tokens = md.parse(text, env)
    html: str = md.renderer.render(change(tokens) if change else tokens, md.options, env)
    return html


def plain_text(tokens: Sequence[Token]) -> str:
    """Return what a reader sees of inline tokens: no markup, tags, fields, ids or comments."""
    return " ".join("".join(map(_seen, tokens)).split())


def _seen(token: Token) -> str:
    if token.type in ("text", "code_inline", "text_special", "wikilink"):
        return token.content
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type in ("math_inline", "math_inline_double"):
        return token.content
    if token.type == "image":
        return plain_text(token.children or [])
    return ""
