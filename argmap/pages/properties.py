"""A note's properties -> the rows of the small table on its page."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from argmap.claims.options import ClaimOptions
from argmap.markdown.wikilink import PATTERN, read
from argmap.pages.prose import href

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argmap.pages.cards import Deck

_ELSEWHERE = {"tags", "tag", "aliases", "alias", "cssclasses", "cssclass", "position"}
_LONGEST, _MOST = 1_000, 50  # characters of a value, values of a list


def properties(deck: Deck, path: str) -> tuple[tuple[str, Markup], ...]:
    """Return names and values, those left out that the page shows elsewhere."""
    note = deck.report.vault.notes[path]
    return tuple(
        (_name(deck, str(key)), _value(deck, path, value))
        for key, value in note.properties.items()
        if str(key).lower() not in _ELSEWHERE
    )


def _name(deck: Deck, key: str) -> str:
    """Return a property's name; of ours, what the page's language calls it."""
    ours = ClaimOptions(aliases=deck.report.settings.markup.aliases).fields().get(key.casefold())
    word = f"field.{ours}"
    if key.casefold() == "claim":
        return deck.words("role.claim")
    return deck.words(word) if ours and deck.words(word) != word else key


def _value(deck: Deck, path: str, value: Any) -> Markup:
    if isinstance(value, list):
        shown = [_value(deck, path, item) for item in value[:_MOST]]
        return Markup(", ").join([*shown, *(["…"] if len(value) > _MOST else [])])
    if isinstance(value, bool):
        return escape(deck.words("yes" if value else "no"))
    if isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False, default=str)
        return Markup("<code>{}</code>").format(text[:_LONGEST])
    if value is None:
        return Markup("–")
    return Markup("").join(_text(deck, path, str(value)[:_LONGEST]))


def _text(deck: Deck, path: str, text: str) -> Iterator[Markup]:
    """Yield a text with its links: to notes, or, if it is one, to an address."""
    if text.startswith(("https://", "http://")) and " " not in text:
        yield Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(text)
        return
    with suppress(ValueError):
        text = deck.words.day(date.fromisoformat(text))
    done = 0
    for found in PATTERN.finditer(text):
        link = read(found[1])
        if link:
            yield escape(text[done : found.start()])
            to = href(deck, path, link.target, link.subpath)
            kind = "unresolved" if to is None else "pageless"
            opened = Markup('<a href="{}">{}</a>') if to else Markup('<span class="{}">{}</span>')
            yield opened.format(to or kind, link.text)
            done = found.end()
    yield escape(text[done:])
