"""Conclusions: below such a word, or behind it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from argmap.claims.found import STOPS, Found, Part, is_statement, pairs, sentence_case, whole
from argmap.claims.words import THEREFORE, Words, folded
from argmap.notes import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argmap.notes import Block, Note


def conclusion(note: Note, words: Words) -> Iterator[Found]:
    """Find paragraphs that open with «Вывод:», or stand right below such words."""
    for before, block in pairs(note):
        if block.kind == "callout":
            inside = block.children[0] if block.children else None
            name = _is_conclusion(plain_text(block.tokens), words)
            if name and inside and inside.kind == "paragraph":
                yield _conclusion(name, whole(inside))
        elif block.kind == "paragraph":
            if found := _opens(block, words):
                part = Part(block, found.end(), len(block.markdown))
                if part.text:
                    yield _conclusion(block.markdown[slice(*found.span("word"))], part)
            elif before and (name := _announced(before, words)):
                yield _conclusion(name, whole(block))


def _opens(block: Block, words: Words) -> re.Match[str] | None:
    found = words.opens.match(folded(block.markdown))
    bold = block.markdown.startswith(("**", "__"))
    return found if found and (bold or found["stop"] in ":.") else None


def _announced(block: Block, words: Words) -> str:
    """Return the word for a conclusion that a heading, or a line «Вывод:», consists of."""
    if block.kind not in ("heading", "paragraph"):
        return ""
    text = plain_text(block.tokens)
    is_lead_in = block.kind == "heading" or text.endswith(":")
    return _is_conclusion(text, words) if is_lead_in else ""


def _is_conclusion(text: str, words: Words) -> str:
    word = re.sub(r"^[\W\d_]+", "", text).rstrip(STOPS)
    return word if words.conclusion.fullmatch(folded(word)) else ""


def _conclusion(name: str, part: Part) -> Found:
    said, rest = part.sentence()
    detail = part.markdown[len(said.markdown) :].strip()
    return Found(
        "conclusion", "conclusion", said, sentence_case(said), said.block, name, "debate",
        detail=detail if rest.markdown else "",
    )  # fmt: skip


def therefore(note: Note, _words: Words) -> Iterator[Found]:
    """Find paragraphs that open with "Therefore" or «Следовательно»."""
    for block in note.blocks:
        found = THEREFORE.match(folded(block.markdown)) if block.kind == "paragraph" else None
        part = Part(block, found.end(), len(block.markdown)) if found else None
        if part and is_statement(part.sentence()[0].markdown, 2):
            yield replace(_conclusion("", part), rule="therefore")
