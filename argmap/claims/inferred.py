"""What a plain note implies: a few strict rules over words.py. Better nothing than nonsense.

`lead-in`: a list whose items all open in bold, right below a heading or a line ending in a colon
that announces arguments. An item is a claim; what it says beyond the bold is its cited evidence.
`conclusion`: a paragraph that opens with «Вывод:», or the first one below such a heading.
`disputed-thesis`: «оспаривает тезис [X](…) о том, что …», attributed to X.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from argmap.claims.fields import of_link
from argmap.claims.ids import Ids
from argmap.claims.model import (
    Claim,
    Evidence,
    NoteClaims,
    Relation,
    RelationKind,
    SheetBlock,
    Source,
)
from argmap.claims.sentences import capitalised, first_sentence, without_stop
from argmap.claims.words import (
    ANNOUNCING,
    BEFORE,
    DISPUTES,
    NO_LEAD_IN,
    Dispute,
    Words,
    folded,
    words_with,
)
from argmap.notes import plain_text
from argmap.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from argmap.claims.options import ClaimOptions
    from argmap.claims.words import LeadIn
    from argmap.notes import Block, BlockKind, Link, Note

Rule = Literal["lead-in", "conclusion", "disputed-thesis"]

_LONGEST_LEAD_IN = 25  # words; a longer paragraph that ends in a colon is prose
_STOPS = " \t\n\xa0.:;,—–-"
_MOST_LINKS = 20  # in a paragraph that disputes a thesis
_MARKS = " \t-–—•*#0123456789.)"  # a number or the like before a heading's words
_MORE = re.compile(r"[,;.!?](?=\s)")
_GAP = r"(?:[^.!?]|\.(?=\S)|(?<=\bal)\.|(?<=\bдр)\.){0,60}?"  # between words of one sentence


@dataclass(frozen=True, slots=True)
class Found:
    """A claim that a rule found, before it has an id."""

    rule: Rule
    name: str  # what its id is made of
    text: str
    block: Block  # the paragraph or item that says it
    span: Span
    side: Literal["con", "pro", ""] = ""
    alone: bool = True  # it needs no thesis or conclusion beside it
    detail: str = ""
    cited: str = ""  # what an item says beyond its bold words
    cited_span: Span | None = None
    sources: tuple[Source, ...] = ()  # of what is cited; of a thesis, whose it is


def infer(note: Note, options: ClaimOptions, sheets: Sequence[SheetBlock] = ()) -> NoteClaims:
    """Return what the plain text of a note argues: for most notes nothing but their `sheets`."""
    words = words_with(options.words)
    thesis = next(_theses(note), None)
    items = list(_items(note, words))
    if thesis is None and not items:
        return NoteClaims(sheets=tuple(sheets))
    conclusions = list(_conclusions(note, words))
    conclusion = conclusions[-1] if conclusions else None  # a TL;DR on top gives way to the end
    if thesis is None and conclusion is None:
        items = [item for item in items if item.alone]
    return _said(note, thesis, items, conclusion, sheets)


# The rules


def _items(note: Note, words: Words) -> Iterator[Found]:
    """Apply the rule `lead-in`."""
    for before, block in _pairs(note):
        if block.kind != "list" or before is None:
            continue
        lead_in = _lead_in(before, words)
        if lead_in is None:
            continue
        opened = [(item, parts) for item in block.children if (parts := _opened(item))]
        if len(opened) == len(block.children):
            yield from (_item(note, item, parts, lead_in) for item, parts in opened)


def _lead_in(block: Block, words: Words) -> LeadIn | None:
    """Return which lead-in a heading or paragraph is."""
    text = folded(plain_text(block.tokens))
    if block.kind not in ("heading", "paragraph") or len(text.split()) > _LONGEST_LEAD_IN:
        return None
    if (block.kind == "paragraph" and not text.endswith(":")) or NO_LEAD_IN.search(text):
        return None
    return next((lead for lead in words.lead_ins if _leads_in(text, lead, block.kind)), None)


def _leads_in(text: str, lead: LeadIn, kind: BlockKind) -> bool:
    """Say whether a line is the words of a lead-in, or announces them and says no more after."""
    found = lead.pattern.search(text)
    if found is None or _MORE.search(text, found.end()):
        return False
    before = text[: found.start()].rpartition(". ")[2].lstrip(_MARKS)
    while step := BEFORE.match(before):
        before = before[step.end() :]
    return not before or (kind == "paragraph" and ANNOUNCING.search(before) is not None)


def _opened(item: Block) -> tuple[str, str] | None:
    """Return the bold words an item opens with, and the rest of that paragraph; None without."""
    head = item.children[0] if item.children else None
    if head is None or head.kind != "paragraph":
        return None
    tokens = [token for token in head.tokens if token.type != "text" or token.content.strip()]
    if not tokens or tokens[0].type != "strong_open":
        return None
    end = next((i for i, token in enumerate(tokens) if token.type == "strong_close"), 0)
    bold = re.sub(r"^\d+[.)]\s*", "", plain_text(tokens[1:end]))
    start = head.tokens.index(tokens[end]) + 1
    if not _is_statement(tokens[1:end]):
        return None
    return without_stop(bold), plain_text(head.tokens[start:])


def _is_statement(bold: Sequence[Token]) -> bool:
    """Say whether bold words say something: a link or a piece of code alone names a thing."""
    depth = 0
    for token in bold:
        depth += token.nesting if token.type.startswith("link") else 0
        if token.type == "text" and not depth and re.search(r"[^\W\d_]", token.content):
            return True
    return False


def _item(note: Note, item: Block, parts: tuple[str, str], lead_in: LeadIn) -> Found:
    bold, rest = parts
    head, *others = item.children
    rest = rest.lstrip(_STOPS)
    more = [plain_text(block.tokens) for other in others for block in _paragraphs(other)]
    links = [link for block in _paragraphs(item) for link in block.links]
    span = _rest_span(note, head) if rest else others[0].span if others else head.span
    return Found(
        "lead-in",
        bold,
        bold,
        item,
        head.span,
        lead_in.side,
        lead_in.alone,
        cited=" ".join(part for part in (rest, *more) if part),
        cited_span=span,
        sources=_sources(links),
    )


def _rest_span(note: Note, head: Block) -> Span:
    """Return where the text after the opening bold words begins."""
    source = head.markdown
    at = source.find(source[:2], 2) + 2
    while at < len(source) and source[at] in _STOPS:
        at += 1
    before, _, last = source[:at].rpartition("\n")
    if not before:
        return Span(head.span.path, head.span.line, head.span.column + at)
    line = head.span.line + source.count("\n", 0, at)
    text = note.text.split("\n")[line - 1]
    rest = source[at:].partition("\n")[0]
    return Span(head.span.path, line, max(text.find(rest), len(last)) + 1)


def _conclusions(note: Note, words: Words) -> Iterator[Found]:
    """Apply the rule `conclusion`."""
    for before, block in _pairs(note):
        if block.kind != "paragraph":
            continue
        plain = plain_text(block.tokens)
        name, said = _opening(plain, block.markdown, words)
        if said:
            yield _conclusion(name, said, _opening(block.markdown, block.markdown, words)[1], block)
        elif before and not name and (name := _announced(before, words)):
            yield _conclusion(name, plain, block.markdown, block)


def _opening(text: str, markdown: str, words: Words) -> tuple[str, str]:
    """Return the word that opens a conclusion and what follows it, both empty without one."""
    stops = ":.—–" if markdown.startswith(("**", "__")) else ":"
    pattern = rf"[*_]*(?P<word>{words.conclusion.pattern})[*_]*\s*[{stops}][*_]*\s*"
    found = re.match(pattern, folded(text))
    return (text[slice(*found.span("word"))], text[found.end() :]) if found else ("", "")


def _announced(block: Block, words: Words) -> str:
    """Return the word for a conclusion that a heading, or a line «Вывод:», consists of."""
    plain = plain_text(block.tokens)
    is_lead_in = block.kind == "heading" or (block.kind == "paragraph" and plain.endswith(":"))
    word = re.sub(r"^[\W\d_]+", "", plain).rstrip(_STOPS)
    return word if is_lead_in and words.conclusion.fullmatch(folded(word)) else ""


def _conclusion(name: str, plain: str, markdown: str, block: Block) -> Found:
    text = capitalised(without_stop(plain[: first_sentence(plain)]))
    detail = markdown[first_sentence(markdown) :].strip()
    return Found("conclusion", name, text, block, block.span, detail=detail)


def _theses(note: Note) -> Iterator[Found]:
    """Apply the rule `disputed-thesis`."""
    for block in note.blocks:
        if block.kind != "paragraph" or not block.links:
            continue
        text = plain_text(block.tokens)
        for dispute in DISPUTES:
            if dispute.verb.search(folded(text)):
                for link in block.links[:_MOST_LINKS]:
                    if said := _disputed(text, link, dispute):
                        yield Found(
                            "disputed-thesis",
                            dispute.name,
                            capitalised(without_stop(said)),
                            block,
                            block.span,
                            sources=(of_link(link),),
                        )


def _disputed(text: str, link: Link, dispute: Dispute) -> str:
    """Return the sentence after «о том, что» when this link is cited for it."""
    low = folded(text)
    cited = re.escape(" ".join(folded(link.text).split()))
    pattern = rf"{dispute.verb.pattern}({_GAP}){cited}({_GAP}){dispute.that.pattern}"
    found = re.search(pattern, low) if cited else None
    if found is None or not dispute.noun.search(found[0]):
        return ""
    rest = text[found.end() :]
    return rest[: first_sentence(rest)]


# What they come to


def _said(
    note: Note,
    thesis: Found | None,
    items: Sequence[Found],
    conclusion: Found | None,
    sheets: Sequence[SheetBlock],
) -> NoteClaims:
    """Give ids to what was found, and draw each stated step once."""
    if thesis is None and not items:
        return NoteClaims(sheets=tuple(sheets))
    found = [item for item in (thesis, *items, conclusion) if item is not None]
    found.sort(key=lambda item: item.span)
    ids = Ids(note.id)
    blocks = [_block_id(item.block) for item in found]
    named = {id(item): ids.free(block) for item, block in zip(found, blocks, strict=True) if block}
    for item in found:
        if id(item) not in named:
            named[id(item)] = ids.of_text(item.name, "claim")
    return NoteClaims(
        claims=tuple(_claim(note, item, named[id(item)]) for item in found),
        evidence=tuple(_evidence(note, item, named[id(item)], ids) for item in items if item.cited),
        relations=tuple(
            Relation(named[id(source)], kind, named[id(target)], source.span)
            for source, kind, target in _steps(thesis, items, conclusion)
        ),
        sheets=tuple(
            replace(sheet, claim=next((named[id(i)] for i in items if _holds(i, sheet)), ""))
            for sheet in sheets
        ),
    )


def _steps(
    thesis: Found | None, items: Sequence[Found], conclusion: Found | None
) -> Iterator[tuple[Found, RelationKind, Found]]:
    """Yield each relation. Where a note argues both ways, only what attacks its thesis supports
    its conclusion; without a thesis nothing says which side the conclusion takes.
    """  # noqa: D205
    both = len({item.side for item in items}) > 1
    for item in items:
        if thesis:
            yield item, "attacks" if item.side == "con" else "supports", thesis
        if conclusion and (not both or (thesis and item.side == "con")):
            yield item, "supports", conclusion
    if thesis and conclusion and not items:
        yield conclusion, "attacks", thesis


def _holds(item: Found, sheet: SheetBlock) -> bool:
    """Say whether a fence stands inside an item, and so below its claim."""
    return item.block.span.line <= sheet.span.line <= item.block.last_line


def _claim(note: Note, found: Found, id_: str) -> Claim:
    claim = Claim(
        id_,
        found.text,
        found.span,
        note.path,
        detail=found.detail,
        block=_block_id(found.block),
        inferred=found.rule,
    )
    if found.rule == "lead-in":
        return replace(claim, role=found.side or "claim")
    if found.rule == "conclusion":
        return replace(claim, role="conclusion")
    return replace(claim, role="thesis", attributed=found.sources[0])


def _evidence(note: Note, found: Found, claim: str, ids: Ids) -> Evidence:
    return Evidence(
        ids.free(f"{claim.partition('#')[2]}-cited"),
        found.cited,
        found.cited_span or found.span,
        note.path,
        claim=claim,
        sources=found.sources,
        inferred=found.rule,
    )


# Reading blocks


def _pairs(note: Note) -> Iterator[tuple[Block | None, Block]]:
    """Yield the note's blocks, each with the one before; rules between them do not count."""
    before = None
    for block in note.blocks:
        if block.kind != "rule":
            yield before, block
            before = block


def _paragraphs(block: Block) -> Iterator[Block]:
    """Yield the paragraphs in a block, itself included."""
    if block.kind == "paragraph":
        yield block
    for child in block.children:
        yield from _paragraphs(child)


def _block_id(block: Block) -> str:
    return block.id or (block.children[0].id if block.kind == "item" and block.children else "")


def _sources(links: Sequence[Link]) -> tuple[Source, ...]:
    """Return the links as sources, each once."""
    sources = {(link.target, link.subpath): of_link(link) for link in links if link.kind != "embed"}
    return tuple(sources.values())
