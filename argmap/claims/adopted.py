"""The marks that make an inferred reading a marked one: edits of the note that leave its words.

An item gets its tag, its relations and a block id at the end of its claim; what it says beyond
that becomes an item of its own below it, `#evidence`. A sentence of a paragraph becomes an item.
Blanks may become line ends, a colon or dash between two items goes, a sentence that becomes an item
begins with a capital, and a label such as `Pro:` gives way to the tag that says the same.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argmap.claims.found import STOPS, Found, block_id, head_of
from argmap.claims.found import place as place_in
from argmap.claims.ids import latin, slug
from argmap.claims.inferred import infer, inferred_from
from argmap.claims.marked import read_marked
from argmap.claims.sentences import without_stop
from argmap.notes import place_of, read_note_bytes
from argmap.source import Problem, Span
from argmap.splice import Edit, OverlapError, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argmap.claims.found import Part
    from argmap.claims.inferred import Inferred
    from argmap.claims.model import Evidence, NoteClaims, Relation, Source
    from argmap.claims.options import ClaimOptions
    from argmap.notes import Block, Note

_ID_AT_END = re.compile(r"[ \t]*\^[A-Za-z0-9-]+[ \t]*$")
_ANY_ID = re.compile(r"\^([A-Za-z0-9-]+)[ \t]*$", re.MULTILINE)
_LINK = re.compile(r"\[\[[^\[\]]+\]\]|\[[^\[\]]+\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)")
_QUOTED = re.compile(r"[ \t>]*$")
_LONGEST_ID = 24


@dataclass(frozen=True, slots=True)
class Adopted:
    """A note with its claims marked: its bytes, and the new id of each claim and evidence."""

    data: bytes
    renamed: dict[str, str] = field(default_factory=dict)


def adopt_note(
    path: str, data: bytes, options: ClaimOptions, prefix: str = ""
) -> tuple[Adopted | None, list[Problem]]:
    """Return the note with the claims that its plain text implies marked, None if it cannot be.

    What is returned reads, by its marks, as what was inferred: same claims, evidence, relations.
    """
    place = Span(place_of(prefix, path))
    note = read_note_bytes(path, data, prefix)
    broken = [problem for problem in note.problems if problem.severity == "error"]
    if broken:
        return None, broken
    inferred = inferred_from(note, options)
    if reason := _no_claims(note, inferred, options):
        return None, [_refused(place, reason)]
    unmarkable = [_unmarkable(note, one) for one in inferred.found if _is_unmarkable(one)]
    if unmarkable:
        return None, unmarkable
    try:
        after = Text(data).spliced(_Marker(note, Text(data), inferred).edits())
    except OverlapError:
        return None, [_refused(place, "two of its claims share their words")]
    return _checked(note, after, options, prefix)


def _no_claims(note: Note, inferred: Inferred, options: ClaimOptions) -> str:
    if read_marked(note, options)[2]:
        return "it is marked already"
    return "" if inferred.found else "no claims are found in it"


def _is_unmarkable(one: Found) -> bool:
    return one.part.block.kind != "paragraph"


def _unmarkable(note: Note, one: Found) -> Problem:
    where = "heading" if one.part.block.kind == "heading" else "table"
    return Problem(
        "A213", one.part.span(note), f"a claim in a {where} cannot be marked there",
        "write it as a list item, then adopt again",
    )  # fmt: skip


def _refused(place: Span, reason: str) -> Problem:
    return Problem("A213", place, f"not adopted: {reason}", "nothing was written")


def _checked(
    note: Note, after: bytes, options: ClaimOptions, prefix: str
) -> tuple[Adopted | None, list[Problem]]:
    """Read what would be written; it must say what was inferred, and nothing else."""
    place = Span(place_of(prefix, note.path))
    before = infer(note, options)
    read = read_note_bytes(note.path, after, prefix)
    said, problems, _ = read_marked(read, options)
    if any(problem.code != "A212" for problem in problems) or sense(said) != sense(before):
        return None, [_refused(place, "marked so, it would say something else")]
    olds = [*_ordered(before.claims), *_ordered(before.evidence)]
    news = [*_ordered(said.claims), *_ordered(said.evidence)]
    renamed = {old.id: new.id for old, new in zip(olds, news, strict=True) if old.id != new.id}
    return Adopted(after, renamed), []


def _ordered(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=lambda item: item.span)


# What a note says, less ids, marks and places


def sense(said: NoteClaims) -> tuple[object, ...]:
    """Return what a note says as data to compare: claims in order, evidence and relations."""
    claims = _ordered(said.claims)
    at = {claim.id: number for number, claim in enumerate(claims)}
    blocks = {claim.block: number for number, claim in enumerate(claims) if claim.block}
    return (
        [(_bare(one.text), one.role, _of_source(one.attributed)) for one in claims],
        sorted(_of_evidence(one, at) for one in said.evidence),
        Counter(_of_relation(one, at, blocks) for one in said.relations),
    )


def _bare(text: str) -> str:
    return without_stop(text).strip(STOPS).casefold()


def _of_source(source: Source | None) -> tuple[str, ...]:
    if source is None:
        return ()
    link = source.link
    return (source.text, source.url, *((link.target, link.subpath) if link else ()))


def _of_evidence(one: Evidence, at: Mapping[str, int]) -> tuple[object, ...]:
    sources = tuple(map(_of_source, one.sources))
    return (at.get(one.claim, -1), _bare(one.text), one.kind, one.against, sources)


def _of_relation(one: Relation, at: Mapping[str, int], blocks: Mapping[str, int]) -> object:
    if isinstance(one.target, str):
        target = at.get(one.target)
    else:
        link, name = one.target.link, one.target.text
        target = blocks.get(link.subpath.removeprefix("^")) if link and not link.target else None
        target = at.get(f"{one.source.rpartition('#')[0]}#{name}") if link is None else target
    return (at.get(one.source), one.kind, target, one.weight)


# The edits


class _Marker:
    """Makes the edits of one note."""

    def __init__(self, note: Note, text: Text, inferred: Inferred) -> None:
        self.note = note
        self.text = text
        self.inferred = inferred
        self.lines = note.text.split("\n")
        self.taken = {name.lower() for name in _ANY_ID.findall(note.text)}
        self.ids = {one: block_id(one.block) or self.new_id(one) for one in inferred.found}

    def new_id(self, one: Found) -> str:
        """Return a block id as Obsidian takes it: Latin letters, digits, hyphens."""
        kept = latin(one.name or one.text)
        short = kept if len(kept) <= _LONGEST_ID else kept[: _LONGEST_ID + 1].rpartition("-")[0]
        base = short or one.role
        found, number = base, 1
        while found in self.taken:
            number += 1
            found = f"{base}-{number}"
        self.taken.add(found)
        return found

    def edits(self) -> list[Edit]:
        """Return all edits."""
        return [edit for one in self.inferred.found for edit in self.of(one)]

    def of(self, one: Found) -> list[Edit]:
        """Return the edits for one claim and its evidence."""
        if one.block.kind == "item":
            return self.of_item(one)
        return self.of_sentence(one)

    # Marks

    def marks(self, one: Found, *, with_id: bool) -> str:
        """Return the tag, fields and block id of a claim, a blank before each."""
        steps = [
            (kind, target)
            for source, kind, target in self.inferred.steps
            if source is one and not (one.about is target and one.rule == "nested")
        ]
        sided = one.role in ("pro", "con") and (steps or one.about)
        words = [f"#{one.role}"] if sided else ["#claim", f"(role:: {one.role})"]
        words += [f"({kind}:: {self.named(target)})" for kind, target in steps]
        if one.source:
            words.append(f"(source:: {self.cited(one)})")
        if with_id and not self.is_quoted(one):
            words.append(f"^{self.ids[one]}")
        return "".join(f" {word}" for word in words)

    def named(self, one: Found) -> str:
        """Return what a field calls a claim: by its name where no link can lead, inside quotes."""
        return slug(one.text) if self.is_quoted(one) else f"[[#^{self.ids[one]}]]"

    def is_quoted(self, one: Found) -> bool:
        """Say whether a claim stands in a quote or callout, and has no block id yet."""
        before = self.lines[one.block.span.line - 1][: one.block.span.column - 1]
        return ">" in before and not block_id(one.block)

    def cited(self, one: Found) -> str:
        """Return a thesis's source as the note has it: the link."""
        for found in _LINK.finditer(one.part.block.markdown):
            span = place_in(self.note, one.part.block, found.start())
            link = next((x for x in one.part.block.links if x.span == span), None)
            if link and one.source and one.source.text in (link.text, link.target):
                return found[0]
        return one.source.text if one.source else ""

    # Items

    def of_item(self, one: Found) -> list[Edit]:
        """Mark a list item, and what it says beyond its claim."""
        head = one.part.block
        edits = []
        if one.label != (0, 0):
            edits.append(self.edit(head, *one.label, ""))
        inside = [part for part in one.cited if part.block is head]
        others = [part for part in one.cited if part.block is not head]
        if inside:
            edits += self.split(one, inside[0])
        else:
            edits.append(self.at_end(head, self.marks(one, with_id=not block_id(one.block))))
        edits += [self.evidence(one, part) for part in others]
        return edits

    def split(self, one: Found, rest: Part) -> list[Edit]:
        """Break an item's paragraph behind its claim: what follows is evidence below it."""
        head = one.part.block
        end = _behind_emphasis(head, one.part)
        gap = head.markdown[end : rest.start]
        kept = "." if gap.lstrip(" *_").startswith(".") else ""
        marks = self.marks(one, with_id=True)
        between = f"{kept}{marks}\n{self.below(one.block)}- "
        return [self.edit(head, end, rest.start, between), self.evidence_at_end(head)]

    def evidence_at_end(self, head: Block) -> Edit:
        """Tag what now ends a paragraph; a block id there has moved to the claim."""
        at = self.position(head, len(head.markdown))
        line_end = self.line_end(at)
        found = _ID_AT_END.match(self.text.whole[at:line_end])
        return Edit(at, at + found.end() if found else at, " #evidence")

    def evidence(self, one: Found, part: Part) -> Edit:
        """Tag an item below a claim, or make one of a paragraph."""
        is_item = any(head_of(item) is part.block for item in _items(one.block))
        if is_item:
            return self.at_end(part.block, " #evidence")
        at = self.position(part.block, 0)
        end = self.position(part.block, len(part.block.markdown))
        return Edit(at, end, f"- {self.text.whole[at:end]} #evidence")

    def below(self, item: Block) -> str:
        """Return what lines below an item begin with: as far in as its text."""
        head = item.children[0]
        column = head.span.column - 1
        line = self.lines[head.span.line - 1]
        return "".join(char if char in "\t>" else " " for char in line[:column])

    # Sentences of paragraphs

    def of_sentence(self, one: Found) -> list[Edit]:
        """Make an item of a sentence, its words before and behind standing as paragraphs."""
        block, part = one.part.block, one.part
        quote = self.quote(block)
        before = block.markdown[: part.start]
        after = block.markdown[part.end :]
        edits = []
        first = part.markdown[:1]
        capital = first.upper() if len(first.upper()) == 1 else first
        if before.strip():
            start = len(before.rstrip())
            opening = f"\n{quote.rstrip()}\n{quote}- {capital}"
            edits.append(self.edit(block, start, part.start + 1, opening))
        else:
            edits.append(self.edit(block, part.start, part.start + 1, f"- {capital}"))
        if not after.strip():
            end = part.start + len(part.markdown.rstrip())
            edits.append(self.edit(block, end, end, self.marks(one, with_id=not block.id)))
            return edits
        indent = "  " if one.detail else ""
        next_ = part.end + len(after) - len(after.lstrip())
        marks = f"{self.marks(one, with_id=True)}\n{quote.rstrip()}\n{quote}{indent}"
        edits.append(self.edit(block, part.start + len(part.markdown.rstrip()), next_, marks))
        if block.id:
            edits.append(self.without_id(block))
        return edits

    def quote(self, block: Block) -> str:
        """Return the quote marks that a block's lines begin with."""
        before = self.lines[block.span.line - 1][: block.span.column - 1]
        return before if _QUOTED.match(before) else ""

    def without_id(self, block: Block) -> Edit:
        at = self.position(block, len(block.markdown))
        found = _ID_AT_END.match(self.text.whole[at : self.line_end(at)])
        return Edit(at, at + found.end() if found else at, "")

    # Places

    def at_end(self, block: Block, words: str) -> Edit:
        end = len(block.markdown.rstrip())
        return self.edit(block, end, end, words)

    def edit(self, block: Block, start: int, end: int, words: str) -> Edit:
        return Edit(self.position(block, start), self.position(block, end), words)

    def position(self, block: Block, at: int) -> int:
        span = place_in(self.note, block, at)
        return self.text.at(span.line, span.column)

    def line_end(self, at: int) -> int:
        found = re.compile(r"[\r\n]").search(self.text.whole, at)
        return found.start() if found else len(self.text.whole)


def _behind_emphasis(head: Block, part: Part) -> int:
    """Return where a claim's words end, with the marks that close their emphasis."""
    end = part.start + len(part.markdown.rstrip())
    before = head.markdown[: part.start]
    marks = before[len(before.rstrip("*_")) :] if before else ""
    closes = marks and head.markdown.startswith(marks[::-1], end)
    return end + len(marks) if closes else end


def _items(block: Block) -> Iterable[Block]:
    for child in block.children:
        if child.kind == "item":
            yield child
        yield from _items(child)
