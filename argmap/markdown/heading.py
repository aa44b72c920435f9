"""How Obsidian compares headings, and the anchor that a link with a subpath leads to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_SPECIAL = re.compile(r"[!\"#$%&()*+,.:;<=>?@^`{|}~/\[\]\\\s]+")


def key(text: str) -> str:
    """Return what two headings are compared by: special characters stripped, spaces collapsed."""
    return _SPECIAL.sub(" ", text).strip().lower()


def anchor(subpath: str) -> str:
    """Return the `id` in a note's HTML that a subpath leads to: ``^block``, or the heading's own.

    Of chained headings, ``A#B``, the last one counts.
    """
    if subpath.startswith("^"):
        return subpath
    return key(subpath.rpartition("#")[2]).replace(" ", "-")


def give_anchors(state: StateCore) -> None:
    """Give each heading an `id`; of two that read the same the first has it."""
    from argmap.markdown import plain_text

    taken: set[str] = set()
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type == "heading_open":
            name = anchor(plain_text(inline.children or []).replace("#", " "))
            if name and name not in taken and "id" not in opening.attrs:
                taken.add(name)
                opening.attrs = {**opening.attrs, "id": name}


def plugin(md: MarkdownIt) -> None:
    """Add the rule."""
    md.core.ruler.after("block_ids", "heading_anchors", give_anchors)
