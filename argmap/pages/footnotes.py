"""Footnotes of a note: numbered as they are met, written below it, each with its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.pages.anchors import PREFIX
from argmap.pages.tokens import block, made

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_AROUND = ("footnote_block_open", "footnote_block_close", "footnote_close", "footnote_anchor")


def gathered(tokens: list[Token], prefix: str, back: str) -> list[Token]:
    """Return a note's tokens with its footnotes at the end, those written in place too.

    `prefix` tells the names of one text's footnotes from those of another on the same page; `back`
    is what the link back to the text is called.
    """
    start = next((at for at, t in enumerate(tokens) if t.type == "footnote_block_open"), None)
    told = tokens[: start if start is not None else len(tokens)]
    notes = _Footnotes(tokens[len(told) :], prefix, back)
    notes.read(told)
    return [*told, *notes.below()]


class _Footnotes:
    """The footnotes of one text, in the order they are met."""

    def __init__(self, defined: Sequence[Token], prefix: str, back: str) -> None:
        self.defined = _by_id(defined)
        self.prefix, self.back = prefix, back
        self.met: list[list[Token]] = []
        self.numbers: dict[int, int] = {}  # of those that are defined below
        self.refs: dict[int, int] = {}  # how often each is referred to

    def read(self, tokens: Sequence[Token]) -> None:
        """Take in the references in some blocks."""
        for token in tokens:
            if token.children:
                token.children = list(self._read(token.children))

    def _read(self, tokens: Sequence[Token]) -> Iterator[Token]:
        inside: list[Token] = []
        depth = 0
        for token in tokens:
            depth += token.type == "footnote_inline_open"
            if token.type == "footnote_inline_close":
                depth -= 1
                if not depth:
                    yield self._ref(self._add(_paragraph(inside[1:])))
                    inside = []
                    continue
            if depth:
                inside.append(token)
            elif token.type == "footnote_ref":
                yield self._ref(self._number(token.meta["id"]))
            else:
                if token.children and token.type != "image":
                    token.children = list(self._read(token.children))
                yield token
        yield from inside[1:]

    def _add(self, tokens: list[Token]) -> int:
        self.met.append(tokens)
        return len(self.met)

    def _number(self, id_: int) -> int:
        if id_ not in self.numbers:
            self.numbers[id_] = self._add(self.defined.get(id_, []))
        return self.numbers[id_]

    def _ref(self, number: int) -> Token:
        self.refs[number] = self.refs.get(number, 0) + 1
        again = f".{self.refs[number]}" if self.refs[number] > 1 else ""
        name = f"fn.{self.prefix}{number}"
        link = f'<a id="{name}.ref{again}" href="#{PREFIX}{name}">[{number}]</a>'
        return made(f'<sup class="footnote">{link}</sup>')

    def below(self) -> Iterator[Token]:
        """Yield the section of footnotes; those met only in another footnote come last."""
        if self.met:
            yield block('<section class="footnotes"><ol>')
        number = 0
        while number < len(self.met):
            tokens, number = self.met[number], number + 1
            self.read(tokens)
            name = f"fn.{self.prefix}{number}"
            back = f'<a href="#{PREFIX}{name}.ref" aria-label="{self.back}">\u21a9\ufe0e</a>'
            closes = bool(tokens) and tokens[-1].type == "paragraph_close"
            end = len(tokens) - closes
            yield block(f'<li id="{name}">')
            yield from (*tokens[:end], block(f" {back}"), *tokens[end:])
            yield block("</li>")
        if self.met:
            yield block("</ol></section>")


def _by_id(tokens: Sequence[Token]) -> dict[int, list[Token]]:
    """Return what each footnote holds, by the id that references have."""
    found: dict[int, list[Token]] = {}
    inside: list[Token] = []
    for token in tokens:
        if token.type == "footnote_open":
            inside = found[token.meta["id"]] = []
        elif token.type not in _AROUND:
            inside.append(token)
    return found


def _paragraph(children: list[Token]) -> list[Token]:
    from markdown_it.token import Token as Made

    inline = Made("inline", "", 0, children=children)
    return [Made("paragraph_open", "p", 1), inline, Made("paragraph_close", "p", -1)]
