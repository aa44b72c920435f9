"""Where the `]` of a link's text stands: markdown-it's answer, each bracket walked only once.

markdown-it walks on from every `[` anew, over all it has walked before. Here a bracket that was
found to close is stepped over in one go, and one that never closes ends every walk that meets it:
whatever stands around it cannot close either.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_Known = dict[
    tuple[int, int, bool], int
]  # (where it opens, the text's end, alone) -> where it ends
_known: WeakKeyDictionary[StateInline, _Known] = WeakKeyDictionary()
_NEVER = -1


def label_end(state: StateInline, start: int, disableNested: bool = False) -> int:  # noqa: N803
    """Return where the bracket that opens at `start` closes, -1 if it does not.

    With `disableNested` (markdown-it's name) neither does one that holds a link.
    """
    if start > state.html_terminator_last("]"):
        return _NEVER
    known = _known.setdefault(state, {})
    if (start, state.posMax, disableNested) not in known:
        before, state.pos = state.pos, start + 1
        _walk(state, [start], known, alone=disableNested)
        state.pos = before
    return known[start, state.posMax, disableNested]


def _walk(state: StateInline, opened: list[int], known: _Known, *, alone: bool) -> None:
    """Go on from the first bracket until it closes, or never will; note it for all on the way."""
    src, limit = state.src, state.posMax
    while opened and state.pos < limit:
        pos = state.pos
        if src[pos] == "]":
            known[opened.pop(), limit, alone] = pos
            state.pos += 1
            continue
        state.md.inline.skipToken(state)
        if src[pos] != "[":
            continue
        is_text = state.pos == pos + 1
        end = known.get((pos, limit, alone)) if is_text else (_NEVER if alone else state.pos - 1)
        if end is None:
            opened.append(pos)
        elif end == _NEVER:
            break
        else:
            state.pos = end + 1
    known.update(((start, limit, alone), _NEVER) for start in opened)


def plugin(md: MarkdownIt) -> None:
    """Take the place of markdown-it's own helper."""
    md.helpers = SimpleNamespace(  # type: ignore[assignment]
        **{**vars(md.helpers), "parseLinkLabel": label_end}
    )
