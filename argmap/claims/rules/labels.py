"""Labels: a word before a colon that says what follows it, in paragraphs and nested items."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from argmap.claims.found import (
    STOPS,
    Found,
    FoundRole,
    Part,
    apart,
    head_of,
    is_arguable,
    is_statement,
    pairs,
    sentence_case,
    whole,
)
from argmap.claims.words import BECAUSE, MARKS, NESTED, Label, folded
from argmap.notes import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from argmap.claims.words import Words
    from argmap.notes import Block, Note

_LONGEST_LABEL = 60  # characters, with the blanks after it
_OPENING = re.compile(r"[*_]*(?P<word>[^:*_\n.—–]{1,40}?)[*_]*\s*(?P<stop>[:.—–])[*_]*\s*")
_BECAUSE, _BUT_BECAUSE = Label("pro", BECAUSE, ""), Label("con", BECAUSE, "")


def nested(note: Note, _words: Words) -> Iterator[Found]:
    """Find items with items below them that open with `Pro:`, `Con:`, «За:», «Против:»."""
    for block in note.blocks:
        for item in block.children if block.kind == "list" else ():
            yield from _tree(item)


def _tree(item: Block) -> Iterator[Found]:
    head = head_of(item)
    labels = _labels_below(item)
    is_labelled = any(label is not _BECAUSE and label.needs != "thesis" for label in labels)
    strong = is_labelled or _BECAUSE in labels
    if head is None or item.info or not strong or not is_statement(head.markdown):
        return
    said, rest = whole(head).sentence()
    parent = Found("nested", "thesis", said, said.text, item, cited=tuple(cited_below(item, rest)))
    found = list(answers(parent))
    if found and (is_labelled or is_arguable(said)):
        yield parent
        yield from found


def _labels_below(item: Block) -> list[Label]:
    subs = (sub for child in item.children[1:] if child.kind == "list" for sub in child.children)
    return [found[0] for sub in subs if (found := nested_label(sub))]


def answers(parent: Found) -> Iterator[Found]:
    """Yield what is labelled for and against a claim in the items below it."""
    for child in parent.block.children[1:]:
        for item in child.children if child.kind == "list" else ():
            found = nested_label(item)
            if found is None:
                continue
            label, said = found
            if said.markdown.strip():
                yield from _answer(parent, label, item, said)
            else:
                for below in (sub for list_ in item.children[1:] for sub in list_.children):
                    head = head_of(below)
                    if head and is_statement(head.markdown, 2):
                        yield from _answer(parent, label, below, whole(head))


def _answer(parent: Found, label: Label, item: Block, said: Part) -> Iterator[Found]:
    role: FoundRole = "con" if label.role == "con" else "pro"
    first, rest = said.sentence()
    found = Found(
        "nested", role, first, first.text, item, about=parent,
        cited=tuple(cited_below(item, rest)), label=(0, said.start),
    )  # fmt: skip
    yield found
    yield from answers(found)


def nested_label(item: Block) -> tuple[Label, Part] | None:
    """Return the label an item opens with, and what follows it."""
    head = head_of(item)
    found = (_label(whole(head), NESTED) or because(head)) if head else None
    if found is None or (found[1].markdown.strip() and not is_statement(found[1].markdown, 2)):
        return None
    return found


def because(head: Block) -> tuple[Label, Part] | None:
    """Return what an item says after the "because" that it opens with."""
    opening = BECAUSE.match(folded(head.markdown))
    if opening is None:
        return None
    label = _BUT_BECAUSE if opening["opposed"] else _BECAUSE
    return label, Part(head, opening.end(), len(head.markdown))


def _label(part: Part, labels: Iterable[Label]) -> tuple[Label, Part] | None:
    """Return the label that a stretch of text opens with, and what follows it."""
    source = part.markdown[:_LONGEST_LABEL]
    bold = source.startswith(("**", "__"))
    if not bold and ":" not in source:
        return None
    opening = _OPENING.match(folded(source))
    if opening is None or (opening["stop"] != ":" and not bold):
        return None
    label = next((one for one in labels if one.pattern.fullmatch(opening["word"].strip())), None)
    return (label, Part(part.block, part.start + opening.end(), part.end)) if label else None


def labelled(note: Note, words: Words) -> Iterator[Found]:
    """Find paragraphs that open with `Claim:`, `Reason:`, «Возражение:».

    Or each of their lines does, or each item of a list.
    """
    objection: Found | None = None
    for before, block in _with_quotes(note):
        for label, part in _labelled(before, block, words):
            said, rest = part.sentence()
            if not is_statement(said.markdown):
                continue
            if label.role != "reply":
                found = replace(_of_label(label.role, said, rest), needs=label.needs)
                objection = found if label.role == "con" else None
                yield found
            elif objection:
                yield replace(_of_label("con", said, rest), about=objection)


def _with_quotes(note: Note) -> Iterator[tuple[Block | None, Block]]:
    """Yield the note's blocks, each with the one before; a quote as the paragraph that it is."""
    for before, block in pairs(note):
        is_one = block.kind == "quote" and len(block.children) == 1
        yield before, block.children[0] if is_one else block


def _of_label(role: FoundRole | Literal["view"], said: Part, rest: Part) -> Found:
    said, detail = apart(said, rest)
    found = Found(
        "label", "thesis", said, sentence_case(said), said.block, needs="debate", detail=detail
    )
    return replace(found, below="conclusion") if role == "view" else replace(found, role=role)


def _labelled(before: Block | None, block: Block, words: Words) -> Iterator[tuple[Label, Part]]:
    if block.kind == "list":
        heads = [head_of(item) for item in block.children]
        items = [one for head in heads if head and (one := _label(whole(head), words.labels))]
        yield from items if len(items) == len(heads) else ()
    if block.kind != "paragraph":
        return
    lines = list(_lines(block))
    found = [one for line in lines if (one := _label(line, words.labels))]
    if found and (len(found) == len(lines) or len(lines) == 1):
        yield from found
    elif first := _label(whole(block), words.labels):
        yield first
    elif before and before.kind == "heading":
        name = folded(plain_text(before.tokens)).strip(MARKS).rstrip(STOPS)
        theses = (one for one in words.labels if one.role == "thesis")
        yield from ((one, whole(block)) for one in theses if one.pattern.fullmatch(name))


def _lines(block: Block) -> Iterator[Part]:
    at = 0
    for line in block.markdown.split("\n"):
        yield Part(block, at + len(line) - len(line.lstrip()), at + len(line))
        at += len(line) + 1


def cited_below(item: Block, rest: Part) -> Iterator[Part]:
    """Yield what an item says beyond its claim: the rest of its paragraph, and what is below."""
    if rest.markdown.strip():
        yield rest
    for child in item.children[1:]:
        if child.kind == "list":
            below = [sub for sub in child.children if nested_label(sub) is None]
            yield from (whole(head) for sub in below for head in _heads(sub))
        elif child.kind == "paragraph":
            yield whole(child)


def _heads(item: Block) -> Iterator[Block]:
    """Yield the paragraphs that an item and the items below it open with."""
    head = head_of(item)
    if head and head.markdown.strip():
        yield head
    for child in item.children:
        for sub in child.children if child.kind == "list" else ():
            yield from _heads(sub)
