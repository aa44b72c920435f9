"""Our own markup in a note -> what a reader of its page sees: words, dates, links to claims."""

from __future__ import annotations

import re
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from argmap.claims.options import RELATIONS, ClaimOptions
from argmap.pages.addresses import href

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from markdown_it.token import Token

    from argmap.pages.cards import Deck

_DATE = re.compile(r"(?<![0-9])\d{4}-\d{2}-\d{2}(?![0-9])")
_TARGETS = (*RELATIONS, "premises")
_SILENT = ("claim", "evidence")  # an icon stands there already


def own_tags(deck: Deck) -> Mapping[str, str]:
    """Return what this project calls our tags, each with our name for it."""
    return ClaimOptions(aliases=deck.report.settings.markup.aliases).tags()


def less_ours(deck: Deck, tags: Iterable[str]) -> tuple[str, ...]:
    """Return a note's tags, those that are our markup left out."""
    ours = own_tags(deck)
    return tuple(tag for tag in tags if tag.casefold() not in ours)


class Reader:
    """Puts our fields and tags into the page's language."""

    def __init__(self, deck: Deck, path: str) -> None:
        """Take the deck, and the note that is shown."""
        self.deck, self.path, self.words = deck, path, deck.words
        options = ClaimOptions(aliases=deck.report.settings.markup.aliases)
        self.tags, self.fields = options.tags(), options.fields()

    def translate(self, tokens: Sequence[Token]) -> None:
        """Change the tokens of a note's text in place."""
        for token in tokens:
            if token.children:
                token.children = list(self._all(token.children))

    def _all(self, tokens: Sequence[Token]) -> Iterator[Token]:
        for token in tokens:
            key = self.fields.get(str(token.meta.get("key", "")).casefold())
            if token.type == "inline_field" and key:
                yield self._field(token, key)
            elif token.type == "tag" and token.content.casefold() in self.tags:
                yield from self._tag(self.tags[token.content.casefold()])
            else:
                yield token

    def _field(self, token: Token, key: str) -> Token:
        token.meta["key"] = self.words(f"field.{key}")
        value = str(token.meta["value"])
        if key in _TARGETS:
            token.children = list(self._targets(value))
        elif key in ("check", "test"):
            token.children = list(self._check(value))
        elif key != "source":
            token.children = [_html(escape(self._said(key, value)))]
        return token

    def _tag(self, tag: str) -> Iterator[Token]:
        if tag not in _SILENT:
            yield _html(f'<span class="field">{escape(self.words(f"tag.{tag}"))}</span>')

    def _targets(self, value: str) -> Iterator[Token]:
        """Yield links with the text of what is meant; a name that means nothing as it stands."""
        for number, name in enumerate(_pieces(value)):
            if number:
                yield _html(", ")
            yield self._link(self.meant(name), name)

    def _check(self, value: str) -> Iterator[Token]:
        """Yield a link where a sheet's check is named, else the formula."""
        key = value.strip("` ")
        found = key in self.deck.report.evidence
        yield self._link(key, key) if found else _html(f"<code>{escape(key)}</code>")

    def _link(self, key: str, name: str) -> Token:
        page = href(self.deck, key) if key else ""
        text = escape(self.deck.title(key) if key else name.strip("[]"))
        if not page:
            return _html(text if key else f'<span class="unresolved unnamed">{text}</span>')
        return _html(f'<a class="internal" href="../{escape(page)}">{self.words.quoted(text)}</a>')

    def meant(self, name: str) -> str:
        """Return the id that a link or a bare name means, empty where it is not one."""
        note = self.path.removesuffix(".md")
        if name.startswith("[["):
            target, _, subpath = name.strip("[]").partition("|")[0].partition("#")
            found = self.deck.report.vault.resolve(target, self.path) if target else self.path
            if found is None:
                return ""
            name = found.removesuffix(".md") + (f"#{subpath.lstrip('^')}" if subpath else "")
            note = ""
        ids = self.deck.names.find(name, note)
        if not ids and "#" not in name:
            ids = [id_ for id_ in self.deck.report.claims if id_.startswith(f"{name}#")]
        return ids[0] if len(ids) == 1 else ""

    def _said(self, key: str, value: str) -> str:
        """Return a value of a field as the page's language writes it."""
        if key in ("weight", "credence"):
            return self.words.decimal(value)
        if key == "expect":
            return self.words(value.casefold())
        if key == "role":
            return self.words(f"role.{value.casefold()}").lower()
        return _DATE.sub(lambda found: self._day(found[0]), value)

    def _day(self, text: str) -> str:
        try:
            return self.words.day(date.fromisoformat(text))
        except ValueError:
            return text


def _pieces(value: str) -> list[str]:
    """Return the links and the names between commas of a field's value."""
    found = re.findall(r"\[\[.+?\]\]|[^,;\[\]]+", value)
    return [piece.strip() for piece in found if piece.strip()]


def _html(html: str) -> Token:
    from markdown_it.token import Token as Made

    return Made("html_inline", "", 0, content=html)
