"""The rules that find claims in plain text, one function a rule, over the words of words.py.

Each yields what it finds; `inferred.py` decides what of it counts and how it hangs together.
Better nothing than nonsense: a rule wants words that argue, and a form that lists or labels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from argmap.claims.fields import of_link
from argmap.claims.found import (
    STOPS,
    Found,
    FoundRole,
    Part,
    Rule,
    head_of,
    is_statement,
    opened,
    pairs,
    plain,
    sentence_case,
    whole,
)
from argmap.claims.model import Source
from argmap.claims.sentences import capitalised, first_sentence, without_stop
from argmap.claims.words import (
    ANNOUNCING,
    BEFORE,
    BELIEF,
    DECIDES,
    DENIAL,
    DISPUTES,
    NESTED,
    NO_LEAD_IN,
    ORDINAL,
    REPORTS,
    SOMEBODY_SAYS,
    STATED,
    STEP,
    THEREFORE,
    Dispute,
    Label,
    Words,
    folded,
)
from argmap.notes import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from argmap.claims.words import LeadIn
    from argmap.notes import Block, BlockKind, Link, Note

_LONGEST_LEAD_IN = 25  # words; a longer paragraph that ends in a colon is prose
_LONGEST_LINE = 1000  # characters, of a lead-in
_LONGEST_LABEL = 60  # characters, with the blanks after it
_MOST_LINKS = 20  # in a paragraph that disputes a thesis
_MARKS = " \t-–—•*#0123456789.)"  # a number or the like before a heading's words
_MORE = re.compile(r"[,;.!?](?=\s)")
_GAP = r"(?:[^.!?]|\.(?=\S)|(?<=\bal)\.|(?<=\bдр)\.){0,60}?"  # between words of one sentence
_NUMBER = re.compile(r"\d+[.)]\s*")
_CELL = re.compile(r"(?<!\\)\|")


# Lead-ins: words that open a list, a column or sections of arguments


def lead_in(note: Note, words: Words) -> Iterator[Found]:
    """Find the items of a list right below words that announce arguments.

    The items open in bold, or, where the words are plain enough, each is a statement.
    """
    disputes = cache(lambda: next(disputed_thesis(note, words), None) is not None)
    for before, block in pairs(note):
        for found in _items(before, block, words, disputes) if before else ():
            yield found
            yield from _answers(found)


def _items(
    before: Block, block: Block, words: Words, disputes: Callable[[], bool] = bool
) -> list[Found]:
    """Return what the items of a list say, by the first lead-in above that takes them all.

    Where the note `disputes` a thesis, the note's own reasons are against it.
    """
    for lead in _lead_ins(before, words) if block.kind == "list" else ():
        items = [found for item in block.children if (found := _item(item, lead))]
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
    if kind == "heading" or text.endswith(":"):
        yield from (lead for lead in words.lead_ins if _leads_in(text, lead, kind))


def _is_bold_line(block: Block) -> bool:
    line = block.markdown.strip()
    return line[:2] in ("**", "__") and line.endswith(line[:2]) and line.count(line[:2]) == 2  # noqa: PLR2004


def _leads_in(text: str, lead: LeadIn, kind: BlockKind) -> bool:
    """Say whether a line is the words of a lead-in, or announces them and says no more after."""
    if lead.whole:
        return lead.pattern.fullmatch(_without_before(text).rstrip(STOPS)) is not None
    found = lead.pattern.search(text)
    if found is None or _MORE.search(text, found.end()):
        return False
    before = _without_before(text[: found.start()].rpartition(". ")[2])
    return not before or (kind == "paragraph" and ANNOUNCING.search(before) is not None)


def _without_before(text: str) -> str:
    text = text.lstrip(_MARKS)
    while step := BEFORE.match(text):
        text = text[step.end() :]
    return text


def _item(item: Block, lead: LeadIn) -> Found | None:
    """Return the claim an item makes: its bold words, else its first sentence."""
    parts = opened(item)
    head = head_of(item)
    if parts is None:
        if lead.bold or head is None or item.info or not is_statement(head.markdown):
            return None
        parts = whole(head).sentence()
    said, rest = parts
    return Found(
        "lead-in", lead.side, said, said.text, item, needs=lead.needs,
        cited=tuple(_cited(item, rest)),
    )  # fmt: skip


def _cited(item: Block, rest: Part) -> Iterator[Part]:
    """Yield what an item says beyond its claim: the rest of its paragraph, and what is below."""
    if rest.markdown.strip():
        yield rest
    for child in item.children[1:]:
        if child.kind == "list":
            below = [sub for sub in child.children if _nested_label(sub) is None]
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


def table(note: Note, words: Words) -> Iterator[Found]:
    """Find the cells of a table with a column for and a column against."""
    for block in note.blocks:
        rows = list(_rows(block)) if block.kind == "table" else []
        sides = [_side_of(cell.markdown, words) for cell in rows[0]] if rows else []
        if {lead.side for lead in sides if lead} != {"pro", "con"}:
            continue
        for row in rows[2:]:
            for cell, lead in zip(row, sides, strict=False):
                if lead and is_statement(cell.markdown):
                    yield Found("table", lead.side, cell, cell.text, block, needs="thesis")


def _rows(block: Block) -> Iterator[list[Part]]:
    """Yield a table's rows as their cells; the second is the line below the header."""
    at = 0
    for line in block.markdown.split("\n"):
        cells: list[Part] = []
        start = at
        for found in [*_CELL.finditer(line), None]:
            end = at + (found.start() if found else len(line))
            text = block.markdown[start:end]
            kept = start + len(text) - len(text.lstrip())
            if text.strip() or cells:
                cells.append(Part(block, kept, kept + len(text.strip())))
            start = end + 1
        yield cells
        at += len(line) + 1


def _side_of(header: str, words: Words) -> LeadIn | None:
    text = _without_before(folded(plain(header))).rstrip(STOPS)
    return next((lead for lead in words.lead_ins if lead.pattern.fullmatch(text)), None)


# Labels: a word before a colon


def nested(note: Note, _words: Words) -> Iterator[Found]:
    """Find items with items below them that open with `Pro:`, `Con:`, «За:», «Против:»."""
    for block in note.blocks:
        for item in block.children if block.kind == "list" else ():
            yield from _tree(item)


def _tree(item: Block) -> Iterator[Found]:
    head = head_of(item)
    if head is None or item.info or not _has_answers(item) or not is_statement(head.markdown):
        return
    said, rest = whole(head).sentence()
    parent = Found("nested", "thesis", said, said.text, item, cited=tuple(_cited(item, rest)))
    if answers := list(_answers(parent)):
        yield parent
        yield from answers


def _has_answers(item: Block) -> bool:
    return any(
        _nested_label(sub)
        for child in item.children[1:]
        if child.kind == "list"
        for sub in child.children
    )


def _answers(parent: Found) -> Iterator[Found]:
    """Yield what is labelled for and against a claim in the items below it."""
    for child in parent.block.children[1:]:
        for item in child.children if child.kind == "list" else ():
            found = _nested_label(item)
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
        cited=tuple(_cited(item, rest)), label=(0, said.start),
    )  # fmt: skip
    yield found
    yield from _answers(found)


def _nested_label(item: Block) -> tuple[Label, Part] | None:
    """Return the label an item opens with, and what follows it."""
    head = head_of(item)
    found = _label(whole(head), NESTED) if head else None
    if found is None or (found[1].markdown.strip() and not is_statement(found[1].markdown, 2)):
        return None
    return found


def _label(part: Part, labels: Iterable[Label]) -> tuple[Label, Part] | None:
    """Return the label that a stretch of text opens with, and what follows it."""
    source = folded(part.markdown[:_LONGEST_LABEL])
    bold = source.startswith(("**", "__"))
    opening = re.match(r"[*_]*(?P<word>[^:*_\n.—–]{1,40}?)[*_]*\s*(?P<stop>[:.—–])[*_]*\s*", source)
    if opening is None or (opening["stop"] != ":" and not bold):
        return None
    label = next((one for one in labels if one.pattern.fullmatch(opening["word"].strip())), None)
    return (label, Part(part.block, part.start + opening.end(), part.end)) if label else None


def labelled(note: Note, words: Words) -> Iterator[Found]:
    """Find paragraphs, or their lines, that open with `Claim:`, `Reason:`, «Возражение:»."""
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


def _of_label(role: FoundRole, said: Part, rest: Part) -> Found:
    said, detail = _apart(said, rest)
    return Found(
        "label", role, said, sentence_case(said), said.block, needs="debate", detail=detail
    )


def _apart(said: Part, rest: Part) -> tuple[Part, str]:
    """Return a claim without its citation in brackets, and that with the rest as its detail."""
    bare = said.uncited()
    if bare.end == said.end:
        return said, rest.markdown.strip()
    return bare, said.block.markdown[bare.end : rest.end].strip()


def _labelled(before: Block | None, block: Block, words: Words) -> Iterator[tuple[Label, Part]]:
    if block.kind != "paragraph":
        return
    lines = list(_lines(block))
    found = [one for line in lines if (one := _label(line, words.labels))]
    if found and (len(found) == len(lines) or len(lines) == 1):
        yield from found
    elif first := _label(whole(block), words.labels):
        yield first
    elif before and before.kind == "heading":
        name = folded(plain_text(before.tokens)).strip(_MARKS).rstrip(STOPS)
        theses = (one for one in words.labels if one.role == "thesis")
        yield from ((one, whole(block)) for one in theses if one.pattern.fullmatch(name))


def _lines(block: Block) -> Iterator[Part]:
    at = 0
    for line in block.markdown.split("\n"):
        yield Part(block, at + len(line) - len(line.lstrip()), at + len(line))
        at += len(line) + 1


# Conclusions


def conclusion(note: Note, words: Words) -> Iterator[Found]:
    """Find paragraphs that open with «Вывод:», or stand right below such words."""
    for before, block in pairs(note):
        if block.kind == "callout":
            inside = block.children[0] if block.children else None
            name = _is_conclusion(plain_text(block.tokens), words)
            if name and inside and inside.kind == "paragraph":
                yield _conclusion(name, whole(inside))
        elif block.kind == "paragraph":
            if found := _opening(block, words):
                yield _conclusion(*found)
            elif before and not _opens(block, words) and (name := _announced(before, words)):
                yield _conclusion(name, whole(block))


def _opening(block: Block, words: Words) -> tuple[str, Part] | None:
    """Return the word that opens a conclusion and what follows it, None without either."""
    found = _opens(block, words)
    if found is None:
        return None
    part = Part(block, found.end(), len(block.markdown))
    return (block.markdown[slice(*found.span("word"))], part) if part.text else None


def _opens(block: Block, words: Words) -> re.Match[str] | None:
    found = words.opens.match(folded(block.markdown))
    bold = block.markdown.startswith(("**", "__"))
    return found if found and (bold or found["stop"] in ":.") else None


def _announced(block: Block, words: Words) -> str:
    """Return the word for a conclusion that a heading, or a line «Вывод:», consists of."""
    text = plain_text(block.tokens)
    is_lead_in = block.kind == "heading" or (block.kind == "paragraph" and text.endswith(":"))
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


# Theses that are somebody's


def disputed_thesis(note: Note, _words: Words) -> Iterator[Found]:
    """Find «оспаривает тезис [X](…) о том, что …», attributed to X."""
    for block in note.blocks:
        if block.kind != "paragraph" or not block.links:
            continue
        text = plain_text(block.tokens)
        for dispute in DISPUTES:
            if dispute.verb.search(folded(text)):
                for link in block.links[:_MOST_LINKS]:
                    if said := _disputed(text, link, dispute):
                        yield _thesis("disputed-thesis", block, said, link, dispute.name)


def _thesis(rule: Rule, block: Block, said: str, link: Link, name: str = "") -> Found:
    text = capitalised(without_stop(said))
    return Found(rule, "thesis", _where(block, said), text, block, name, source=of_link(link))


def _where(block: Block, said: str) -> Part:
    """Return where words of a block's plain text stand in its Markdown; all of it if unsure."""
    words = [re.escape(word) for word in said.split()]
    found = re.search(r"[\s*_=~]+".join(words), block.markdown)
    return Part(block, *found.span()) if found else whole(block)


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


def reported(note: Note, _words: Words) -> Iterator[Found]:
    """Find paragraphs that open with a reported opinion, and cited objections to it."""
    thesis: Found | None = None
    for block in note.blocks:
        report = _report(block) if block.kind == "paragraph" else None
        if report is None or (report.side and thesis is None):
            continue
        said = report.said
        found = Found(
            "reported", "con" if report.side else "thesis", said, sentence_case(said), block,
            needs="thesis" if report.side else "debate", source=report.source,
        )  # fmt: skip
        thesis = thesis if report.side else found
        yield found


@dataclass(frozen=True, slots=True)
class _Reported:
    side: str
    said: Part
    source: Source


def _report(block: Block) -> _Reported | None:
    """Return the opinion that a paragraph opens with, and whose it is."""
    text = folded(block.markdown)
    for report in REPORTS if block.links else ():
        if found := report.pattern.match(text):
            said = Part(block, found.end(), len(text)).sentence()[0]
            return _Reported(report.side, said, of_link(block.links[0]))
    found = SOMEBODY_SAYS.match(text)
    if found is None:
        return None
    said = Part(block, found.end(), len(text)).sentence()[0]
    cited = block.links[0] if block.links else None
    who = block.markdown[slice(*found.span("who"))]
    return _Reported("", said, of_link(cited) if cited else Source(who))


def stated(note: Note, _words: Words) -> Iterator[Found]:
    """Find paragraphs that open with "I believe that", «Предлагаю»."""
    for block in note.blocks:
        text = folded(block.markdown) if block.kind == "paragraph" else ""
        if found := STATED.match(text):
            said, rest = Part(block, found.end(), len(text)).sentence()
            if is_statement(said.markdown):
                yield Found(
                    "stated", "thesis", said, sentence_case(said), block, needs="debate",
                    detail=rest.markdown.strip(),
                )  # fmt: skip


def belief(note: Note, _words: Words) -> Iterator[Found]:
    """Find "It is often said that …. This is wrong: …"."""
    for block in note.blocks:
        text = folded(block.markdown) if block.kind == "paragraph" else ""
        opening = BELIEF.match(text)
        if opening is None:
            continue
        held = Part(block, opening.end(), len(text)).sentence()[0]
        denied = DENIAL.match(text, held.end)
        if denied:
            yield Found("belief", "thesis", held, sentence_case(held), block)
            said, detail = _apart(*Part(block, denied.end(), len(text)).sentence())
            yield Found(
                "belief", "con", said, sentence_case(said), block, needs="thesis", detail=detail
            )


def ordinals(note: Note, words: Words) -> Iterator[Found]:
    """Find paragraphs in a row that open with "First, …", "Second, …", «Во-первых, …»."""
    row: list[tuple[Block, re.Match[str]]] = []
    side: FoundRole | None = None
    before: Block | None = None  # what stands above the row
    for block in (*note.blocks, None):
        opening = ORDINAL.match(folded(block.markdown)) if block and _says(block) else None
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


def _says(block: Block) -> bool:
    return block.kind == "paragraph" and is_statement(block.markdown)


def _ordinal(block: Block, start: int, side: FoundRole) -> Found:
    said, detail = _apart(*Part(block, start, len(block.markdown)).sentence())
    return Found("ordinals", side, said, sentence_case(said), block, needs="thesis", detail=detail)


@dataclass(frozen=True, slots=True)
class Named:
    """A rule with its name."""

    name: Rule
    find: Callable[[Note, Words], Iterator[Found]]


RULES: tuple[Named, ...] = (
    Named("disputed-thesis", disputed_thesis),
    Named("lead-in", lead_in),
    Named("headings", headings),
    Named("table", table),
    Named("label", labelled),
    Named("nested", nested),
    Named("ordinals", ordinals),
    Named("stated", stated),
    Named("belief", belief),
    Named("reported", reported),
    Named("conclusion", conclusion),
    Named("therefore", therefore),
)
