"""Reasons that are told as such: counted, announced, or below what somebody asserts."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from argmap.claims.found import (
    Found,
    FoundRole,
    Part,
    Rule,
    apart,
    head_of,
    is_arguable,
    is_statement,
    pairs,
    sentence_case,
    whole,
)
from argmap.claims.rules.labels import because as because_of
from argmap.claims.rules.lists import item_claim
from argmap.claims.rules.opinions import disputed_thesis
from argmap.claims.words import (
    DECIDES,
    HERE_IS_WHY,
    HOWEVER,
    I_ARGUE,
    MORE_REASONS,
    ON_THE_OTHER_HAND,
    ORDINAL,
    REASON,
    STEP,
    WHY,
    LeadIn,
    folded,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from argmap.claims.words import Words
    from argmap.notes import Block, Note

_LONGEST_LINE = 1000  # characters
_REASONS = LeadIn("pro", WHY, needs="thesis")


def ordinals(note: Note, words: Words) -> Iterator[Found]:
    """Find paragraphs in a row that open with "First, …", "Second, …", «Во-первых, …»."""
    row: list[tuple[Block, re.Match[str]]] = []
    side: FoundRole | None = None
    before: Block | None = None  # what stands above the row
    for block in (*note.blocks, None):
        opening = _ordinal_of(block) if block else None
        if block and opening and (row or opening["first"]):
            row.append((block, opening))
            continue
        decided = before and DECIDES.match(folded(before.markdown))
        steps = any(STEP.match(folded(one.markdown), found.end()) for one, found in row)
        if len(row) > 1 and not steps and not decided:
            disputes = next(disputed_thesis(note, words), None) is not None
            side = side or ("con" if disputes else "pro")
            yield from (_ordinal(one, found.end(), side) for one, found in row)
        row, before = [], block


def _ordinal_of(block: Block) -> re.Match[str] | None:
    """Return what a paragraph that says something is counted by."""
    found = ORDINAL.match(folded(block.markdown)) if block.kind == "paragraph" else None
    return found if found and is_statement(block.markdown) else None


def _ordinal(block: Block, start: int, side: FoundRole) -> Found:
    said, detail = apart(*Part(block, start, len(block.markdown)).sentence())
    return Found("ordinals", side, said, sentence_case(said), block, needs="thesis", detail=detail)


def because(note: Note, _words: Words) -> Iterator[Found]:
    """Find lists whose items all open with "because", below what they are reasons for."""
    for before, block in pairs(note):
        if before is None or block.kind != "list" or before.kind not in ("heading", "paragraph"):
            continue
        heads = map(head_of, block.children)
        found = list(takewhile(bool, (because_of(head) if head else None for head in heads)))
        thesis = _last_sentence(whole(before)) if len(found) == len(block.children) else None
        if thesis and is_arguable(thesis):
            yield _thesis("because", thesis)
            for item, (label, part) in zip(block.children, filter(None, found), strict=True):
                yield _reason("because", "con" if label.role == "con" else "pro", part, item)


def why(note: Note, _words: Words) -> Iterator[Found]:
    """Find lists below "Why we should …", «Почему я вернулся …», or a line that ends "because:"."""
    argued: Block | None = None  # a list that holds reasons
    for before, block in pairs(note):
        thesis = _announced(before) if before and block.kind == "list" else None
        items = [item_claim(item, _REASONS) for item in block.children] if thesis else []
        said = [one for one in items if one and not STEP.match(folded(one.part.markdown))]
        if thesis and len(said) == len(items) > 1:
            yield _thesis("why", thesis)
            yield from (replace(one, rule="why") for one in said)
            argued = block
        elif before is argued and block.kind == "paragraph":
            yield from _other_hand(whole(block).sentence()[0], HOWEVER, "why")


def _announced(block: Block) -> Part | None:
    """Return what a heading or a line announces reasons for."""
    text = folded(block.markdown[:_LONGEST_LINE])
    if block.kind == "heading" and (asked := WHY.fullmatch(text.rstrip(" ?"))):
        part = Part(block, *asked.span("what"))
        return part if asked["chosen"] or is_arguable(part) else None
    if block.kind != "paragraph" or len(block.markdown) >= _LONGEST_LINE:
        return None
    argued = I_ARGUE.match(text)
    if argued and len(list(whole(block).sentences())) == 1:
        return Part(block, argued.end(), len(block.markdown))
    found = HERE_IS_WHY.search(text) if text.rstrip().endswith(":") else None
    said = _last_sentence(Part(block, 0, found.start())) if found else None
    return said if said and is_arguable(said) else None


def reasons(note: Note, _words: Words) -> Iterator[Found]:
    """Find sentences of a paragraph such as "The main reason is that …", "Another reason is …".

    They are for the sentence before them, in that paragraph or alone in the one above.
    """
    thesis: Part | None = None
    for before, block in pairs(note):
        if block.kind != "paragraph":
            thesis = None
            continue
        sentences = list(whole(block).sentences())
        told = [REASON.match(folded(one.markdown)) for one in sentences]
        first = next((at for at, found in enumerate(told) if found), None)
        if first is None:
            if thesis and sentences:
                yield from _other_hand(sentences[0])
            thesis = None
            continue
        above = list(whole(before).sentences()) if before and before.kind == "paragraph" else []
        thesis = sentences[first - 1] if first else above[0] if len(above) == 1 else None
        more = [MORE_REASONS.match(folded(one.markdown)) for one in sentences]
        found = [(one, a or b) for one, a, b in zip(sentences, told, more, strict=True) if a or b]
        if thesis is None or not is_arguable(thesis) or len(found) == 1:
            thesis = None
            continue
        yield _thesis("reasons", thesis)
        for one, opening in found:
            if opening:
                part = Part(block, one.start + opening.end(), one.end)
                yield _reason("reasons", "pro", part, block)
        for one in sentences[first + 1 :]:
            yield from _other_hand(one)


def _other_hand(
    sentence: Part, words: re.Pattern[str] = ON_THE_OTHER_HAND, rule: Rule = "reasons"
) -> Iterator[Found]:
    if found := words.match(folded(sentence.markdown)):
        part = Part(sentence.block, sentence.start + found.end(), sentence.end)
        yield _reason(rule, "con", part, sentence.block)


def asserted(note: Note, _words: Words) -> Iterator[Found]:
    """Find headings and sentences that say what should be, close above lists or tables.

    They are the thesis where a note has no other, and arguments for or against below.
    """
    blocks = [block for block in note.blocks if block.kind != "rule"]
    for at, block in enumerate(blocks):
        close = blocks[at + 1 : at + 3]
        listed = any(one.kind in ("list", "table") for one in close)
        title = block.kind == "heading" and at == 0
        if block.kind in ("heading", "paragraph") and (title or listed):
            sentences = list(whole(block).sentences())
            if len(sentences) == 1 and is_arguable(sentences[0]):
                yield _thesis("asserted", sentences[0])


def _last_sentence(part: Part) -> Part:
    *_, last = part.sentences()
    return last


def _thesis(rule: Rule, part: Part) -> Found:
    return Found(rule, "thesis", part, sentence_case(part), part.block, needs="debate")


def _reason(rule: Rule, side: FoundRole, part: Part, block: Block) -> Found:
    said, detail = apart(*part.sentence())
    return Found(rule, side, said, sentence_case(said), block, needs="thesis", detail=detail)
