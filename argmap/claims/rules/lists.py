"""Lead-ins: words that open a list, or sections, of arguments."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from argmap.claims.found import (
    STOPS,
    Found,
    Part,
    Rule,
    head_of,
    is_statement,
    opened,
    pairs,
    whole,
)
from argmap.claims.rules.labels import answers, cited_below
from argmap.claims.rules.opinions import disputed_thesis
from argmap.claims.words import ANNOUNCING, NO_LEAD_IN, folded, without_before
from argmap.notes import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from argmap.claims.words import LeadIn, Words
    from argmap.notes import Block, BlockKind, Note

_LONGEST_LEAD_IN = 25  # words; a longer paragraph that ends in a colon is prose
_FEW = 3  # words
_LONGEST_LINE = 1000  # characters, of a lead-in
_MORE = re.compile(r"[,;.!?](?=\s)")
_NUMBER = re.compile(r"\d+[.)]\s*")


def lead_in(note: Note, words: Words) -> Iterator[Found]:
    """Find the items of a list right below words that announce arguments.

    The items open in bold, or, where the words are plain enough, each is a statement.
    """
    disputes = cache(lambda: next(disputed_thesis(note, words), None) is not None)
    for before, block in pairs(note):
        for found in _items(before, block, words, disputes) if before else ():
            yield found
            yield from answers(found)


def _items(
    before: Block, block: Block, words: Words, disputes: Callable[[], bool] = bool
) -> list[Found]:
    """Return what the items of a list say, by the first lead-in above that takes them all.

    Where the note `disputes` a thesis, the note's own reasons are against it.
    """
    for lead in _lead_ins(before, words) if block.kind == "list" else ():
        items = [found for item in block.children if (found := item_claim(item, lead))]
        if len(items) == len(block.children):
            against = lead.own and disputes()
            return [replace(item, role="con") for item in items] if against else items
    return []


def leads_nowhere(note: Note, words: Words) -> Iterator[Rule]:
    """Yield `lead-in` for each line that surely announces arguments, above something else."""
    for before, block in pairs(note):
        lead = _lead_in(before, words) if before and block.kind != "heading" else None
        listed = before and _items(before, block, words)
        if lead and not lead.needs and not listed:
            yield "lead-in"


def _lead_in(block: Block, words: Words) -> LeadIn | None:
    """Return which lead-in a heading or paragraph is."""
    return next(_lead_ins(block, words), None)


def _lead_ins(block: Block, words: Words) -> Iterator[LeadIn]:
    """Yield the lead-ins that a heading, a bold line, or one that ends in a colon may be."""
    if block.kind not in ("heading", "paragraph"):
        return
    text = folded(plain_text(block.tokens)) if len(block.markdown) < _LONGEST_LINE else ""
    kind = "heading" if _is_bold_line(block) else block.kind
    if len(text.split()) > _LONGEST_LEAD_IN or NO_LEAD_IN.search(text):
        return
    is_marked = kind == "heading" or text.endswith(":")
    is_bare = len(text.split()) <= _FEW and "\n" not in block.markdown  # «Плюсы», and no colon
    leads = (lead for lead in words.lead_ins if is_marked or (is_bare and lead.whole))
    yield from (lead for lead in leads if _leads_in(text, lead, kind))


def _is_bold_line(block: Block) -> bool:
    line = block.markdown.strip()
    return line[:2] in ("**", "__") and line.endswith(line[:2]) and line.count(line[:2]) == 2  # noqa: PLR2004


def _leads_in(text: str, lead: LeadIn, kind: BlockKind) -> bool:
    """Say whether a line is the words of a lead-in, or announces them and says no more after."""
    if lead.whole:
        return lead.pattern.fullmatch(without_before(text).rstrip(STOPS)) is not None
    found = lead.pattern.search(text)
    if found is None or _MORE.search(text, found.end()):
        return False
    before = without_before(text[: found.start()].rpartition(". ")[2])
    return not before or (kind == "paragraph" and ANNOUNCING.search(before) is not None)


def item_claim(item: Block, lead: LeadIn) -> Found | None:
    """Return the claim an item makes: its bold words, else its first sentence."""
    parts = opened(item)
    head = head_of(item)
    if parts is None:
        fewest = 2 if lead.needs == "thesis" and lead.whole else _FEW
        if lead.bold or head is None or item.info or not is_statement(head.markdown, fewest):
            return None
        parts = whole(head).sentence()
    said, rest = parts
    return Found(
        "lead-in", lead.side, said, said.text, item, needs=lead.needs,
        cited=tuple(cited_below(item, rest)),
    )  # fmt: skip


def headings(note: Note, words: Words) -> Iterator[Found]:
    """Find headings that stand, one level down, below a heading that announces arguments."""
    lead: LeadIn | None = None
    level = 0
    blocks = list(note.blocks)
    for at, block in enumerate(blocks):
        if block.kind != "heading":
            continue
        if lead and int(block.info) == level + 1 and is_statement(block.markdown, 2):
            yield _heading(blocks, at, lead)
        elif lead is None or int(block.info) <= level:
            following = blocks[at + 1] if at + 1 < len(blocks) else None
            lead = _lead_in(block, words) if following and following.kind == "heading" else None
            level = int(block.info)


def _heading(blocks: Sequence[Block], at: int, lead: LeadIn) -> Found:
    """Return the claim that a heading is; the paragraphs below it are its cited evidence."""
    block = blocks[at]
    numbered = _NUMBER.match(block.markdown)
    said = Part(block, numbered.end() if numbered else 0, len(block.markdown))
    end = next((i for i in range(at + 1, len(blocks)) if blocks[i].kind == "heading"), len(blocks))
    cited = tuple(whole(below) for below in blocks[at + 1 : end] if below.kind == "paragraph")
    return Found("headings", lead.side, said, said.text, block, needs=lead.needs, cited=cited)
