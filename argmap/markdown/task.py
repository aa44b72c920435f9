"""``- [ ] to do``, ``- [x] done``, and any other mark Obsidian takes between the brackets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_BOX = re.compile(r"\[([^\[\]\n])\][ \t]+(?=\S)")


def rule(state: StateCore) -> None:
    """Take the box off the item's text, before its inline content is read."""
    for item, paragraph, inline in zip(
        state.tokens, state.tokens[1:], state.tokens[2:], strict=False
    ):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open":
            continue
        box = _BOX.match(inline.content)
        if box:
            inline.content = inline.content[box.end() :]
            item.meta["task"] = box[1]
            item.attrs = {**item.attrs, "class": "task", "data-task": box[1]}


def plugin(md: MarkdownIt) -> None:
    """Add the rule."""
    md.core.ruler.after("block", "tasks", rule)
