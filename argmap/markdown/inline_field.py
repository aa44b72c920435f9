"""Dataview's inline fields: ``(key:: value)``, ``[key:: value]``, ``key:: value`` on its own line.

A value is source text, taken before emphasis; its `children` are the same text read, so that a
link inside it is a link. Two fields may share a line: ``supports:: [[N]] (weight:: 2)``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

_CLOSING = {"(": ")", "[": "]"}
_BRACKET = re.compile(r"\\.|[\[\]()\n]")
# Possessive, so that a long run of blanks is gone over once; what is behind a key is stripped off.
_KEY = re.compile(r"\s*+([^\[\]()\n:]++)::")
_EMOJI = "\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff"
_WHOLE_LINE = re.compile(rf"[*_~]*+([\w{_EMOJI}][\w{_EMOJI} \t/-]*+)[*_~ \t]*+::")
_DEEPEST = 3  # fields in the values of fields
_BLOCK_ID = re.compile(r"(?:^|[ \t])\^[A-Za-z0-9-]+[ \t]*$")


@dataclass(frozen=True, slots=True)
class Found:
    """A field in a text: where its key, its value and its end are."""

    key: str
    value: str
    key_pos: int
    value_pos: int
    end: int


def bracketed(text: str, pos: int, limit: int) -> Found | None:
    """Read the field whose bracket stands at `pos`; it ends on the same line."""
    key = _KEY.match(text, pos + 1, limit)
    end = _closings(_Same(text)).get(pos, limit) if key else limit
    return _found(text, key, end, end + 1) if key and end < limit else None


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A text that only itself equals: to compare long texts from each bracket would take long."""

    text: str

    def __hash__(self) -> int:
        return id(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.text is other.text


@lru_cache(maxsize=16)
def _closings(same: _Same) -> dict[int, int]:
    """Return where each bracket of a text closes, on its own line.

    Round and square ones do not know of each other; a backslash hides what follows it. All at
    once, since a line of brackets that never close would else be read again from each of them.
    """
    closings: dict[int, int] = {}
    opened: dict[str, list[int]] = {")": [], "]": []}
    for found in _BRACKET.finditer(same.text):
        char = found[0]
        if char in _CLOSING:
            opened[_CLOSING[char]].append(found.start())
        elif char == "\n":
            opened = {")": [], "]": []}
        elif opened.get(char):
            closings[opened[char].pop()] = found.start()
    return closings


def whole_line(text: str, pos: int, limit: int) -> Found | None:
    """Read the field that fills the line from `pos`, up to a block id or a bracketed field."""
    key = _WHOLE_LINE.match(text, pos, limit)
    if not key:
        return None
    newline = text.find("\n", key.end(), limit)
    end = newline if newline >= 0 else limit
    if newline < 0 and (block_id := _BLOCK_ID.search(text, key.end(), end)):
        end = block_id.start()
    for at in range(key.end(), end):
        if text[at] in _CLOSING and text[at - 1] != "\\" and bracketed(text, at, end):
            end = at
            break
    return _found(text, key, end, end)


def _found(text: str, key: re.Match[str], value_end: int, end: int) -> Found:
    raw = text[key.end() : value_end]
    value_pos = key.end() + len(raw) - len(raw.lstrip())
    end = end if end > value_end else key.end() + len(raw.rstrip())
    return Found(key[1].strip("*_~ \t"), raw.strip(), key.start(1), value_pos, end)


def rule(state: StateInline, silent: bool) -> bool:
    """Read a field in brackets, or one that begins the line."""
    src, pos = state.src, state.pos
    if src[pos] in _CLOSING and (state.env.get("fields_around") or 0) < _DEEPEST:
        return _take(state, bracketed(src, pos, state.posMax), src[pos], silent)
    return False


def line_rule(state: StateInline, silent: bool) -> bool:
    """Read a field that fills a line of a paragraph."""
    src, pos = state.src, state.pos
    if state.level or not state.env.get("line_fields") or not _begins_line(src, pos):
        return False
    return _take(state, whole_line(src, pos, state.posMax), "", silent)


def _begins_line(src: str, pos: int) -> bool:
    while pos and src[pos - 1] in " \t":
        pos -= 1
    return not pos or src[pos - 1] == "\n"


def _take(state: StateInline, found: Found | None, bracket: str, silent: bool) -> bool:
    if not found:
        return False
    if not silent:
        token = state.push("inline_field", "span", 0)
        token.content, token.markup = found.value, bracket
        token.meta = {
            "key": found.key,
            "value": found.value,
            "pos": found.key_pos,
            "value_pos": found.value_pos,
        }
        token.children = _read_value(state, found.value)
    state.pos = found.end
    return True


def _read_value(state: StateInline, value: str) -> list[Token]:
    outside = {key: state.env.get(key) for key in ("line_fields", "ends_block", "fields_around")}
    around = (outside["fields_around"] or 0) + 1
    state.env.update({"line_fields": None, "ends_block": None, "fields_around": around})
    children: list[Token] = state.md.inline.parse(value, state.md, state.env, [])
    state.env.update(outside)
    return children


def render(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
) -> str:
    """Return the field in a span with its key, for a style sheet to mute or to hide."""
    from markdown_it.common.utils import escapeHtml

    token = tokens[idx]
    key = escapeHtml(token.meta["key"])
    value = self.renderInline(token.children or [], options, env)
    return (
        f'<span class="field" data-key="{key.lower()}">'
        f'<span class="field-key">{key}</span> {value}</span>'
    )


def plugin(md: MarkdownIt) -> None:
    """Add the rules."""
    md.inline.ruler.before("text", "line_field", line_rule)
    md.inline.ruler.before("link", "inline_field", rule)
    md.add_render_rule("inline_field", render)
