"""Where a sentence ends, in Russian and English text or Markdown."""

from __future__ import annotations

import re
from functools import lru_cache

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'»”)*_=~]*+(?=\s)")  # each run is looked at once
_NEXT = re.compile(r"\s+[\"'«“„(\[*_=]*(\S)")
_WORD = re.compile(r"([\w.]+)$")
_NEVER_LAST = re.compile(
    r"(?:т|е|см|рис|табл|стр|напр|им|ок|тыс|руб|ср|проф|al|e\.g|i\.e|vs|cf|dr|mrs?|fig|st|approx|ca)"
)
_LONGEST_WORD = 20  # before a stop, as far as we look for an abbreviation
_REMEMBERED = 5_000  # characters of a paragraph, whose sentences each rule asks for
_OPEN = "([«“„"
_BRACKET = re.compile(r"[(\[«“„)\]»”]")


def first_sentence(text: str) -> int:
    """Return where the first sentence of `text` ends, its stop and closing quotes included.

    A stop inside brackets or quotes, in an abbreviation, after an initial, or before a lower-case
    letter ends nothing.
    """
    return next(iter(ends(text)), len(text))


def ends(text: str) -> tuple[int, ...]:
    """Return where each sentence of `text` ends that has an end before its own."""
    return _known_ends(text) if len(text) < _REMEMBERED else _found_ends(text)


@lru_cache(maxsize=512)
def _known_ends(text: str) -> tuple[int, ...]:
    return _found_ends(text)


def _found_ends(text: str) -> tuple[int, ...]:
    found = []
    depth = at = 0
    for stop in _END.finditer(text):
        depth = _depth(text, at, stop.end(), depth)
        at = stop.end()
        if depth == 0 and _ends(text, stop):
            found.append(stop.end())
    return tuple(found)


def _ends(text: str, stop: re.Match[str]) -> bool:
    following = _NEXT.match(text, stop.end())
    if following is None:
        return True
    if not (following[1].isupper() or following[1].isdigit()):
        return False
    before = text[max(0, stop.start() - _LONGEST_WORD) : stop.start()]
    return stop[0][:1] != "." or not _is_abbreviation(before)


def _is_abbreviation(before: str) -> bool:
    word = _WORD.search(before)
    if word is None or re.search(r"\d\s$", before[: word.start()]):  # after a number a unit stands
        return False
    is_initial = len(word[1]) == 1 and word[1].isalpha() and word[1].isupper()
    return is_initial or bool(_NEVER_LAST.fullmatch(word[1].lower()))


def _depth(text: str, start: int, end: int, depth: int) -> int:
    """Return how many brackets and quotes are open after a part of `text`, `depth` before it."""
    for char in _BRACKET.findall(text, start, end):
        depth += 1 if char in _OPEN else -1 if depth else 0
    return depth


def without_stop(text: str) -> str:
    """Return text without a final full stop, colon or the like; `?` and `!` stay."""
    return text.strip().rstrip(" .:;,").strip()


def capitalised(text: str) -> str:
    """Return text with its first letter large."""
    return text[:1].upper() + text[1:]
