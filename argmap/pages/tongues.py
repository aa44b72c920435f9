"""Texts in two languages at once, and the one of them that a page is in.

Where the config names no language, pages are filled once, with both texts of every word, number and
date between marks; the pages in either language are then cut from that. What follows is English
unless it says otherwise.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Language = Literal["en", "ru"]

LANGUAGES: Final[tuple[Language, ...]] = ("en", "ru")
FOLDERS: Final = {"en": "", "ru": "ru/"}  # of the site, where it is in both
# No text has these: Unicode keeps them for a program's own use.
_OPEN, _BETWEEN, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
# Neither text holds what ends a string or begins a tag, so that nothing a note says can reach from
# one place of a page to another.
_SIDE = rf'([^{_OPEN}-{_CLOSE}<>"\n]*)'
_PAIR = re.compile(f"{_OPEN}{_SIDE}{_BETWEEN}{_SIDE}{_CLOSE}")
_MARKS = dict.fromkeys(map(ord, (_OPEN, _BETWEEN, _CLOSE)))


def both(english: str, russian: str) -> str:
    """Return one text that is two."""
    return english if english == russian else f"{_OPEN}{english}{_BETWEEN}{russian}{_CLOSE}"


def spoken(text: str, language: str) -> str:
    """Return a text in one language."""
    if _marked(text):
        text = _PAIR.sub(r"\2" if language == "ru" else r"\1", text)
    return text.translate(_MARKS) if _marked(text) else text


def _marked(text: str) -> bool:
    return _OPEN in text or _BETWEEN in text or _CLOSE in text
