"""What the author marked: `#claim` items, `[!claim]` callouts, claim notes, and what is in them.

The forms are those of docs/writing.md. An item belongs to the nearest marked item around it, else
to the note's own claim.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from argmap.claims.block_ids import unfound_ids
from argmap.claims.fields import OUTCOMES, ROLES, STATUSES, Entry, Fields, of_link, of_property
from argmap.claims.ids import Ids
from argmap.claims.marks import Kind, Mark, Marks, is_sheet
from argmap.claims.model import (
    Argument,
    Claim,
    Evidence,
    EvidenceKind,
    NoteClaims,
    Relation,
    RelationKind,
    Role,
    SheetBlock,
    Source,
)
from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argmap.claims.options import ClaimOptions
    from argmap.notes import Block, Link, Note

_NO_TEXT = "…"  # what a claim without text is called, so that what hangs on it is not lost
_CONCLUDES = ("supports", "attacks")
_WHERE = {
    "heading": "in a heading",
    "table": "in a table",
    "callout": "in the title of another callout",
}
_ALIKE = 0.8  # how near a field's name must come to one of ours to be called misspelt


@dataclass(frozen=True, slots=True)
class Enclosing:
    """What the items inside a marked block belong to."""

    kind: Kind
    id: str
    claim: str  # the id of the claim that evidence in here bears on


@dataclass(frozen=True, slots=True)
class Item:
    """A marked block, read."""

    mark: Mark
    id: str
    block: str  # its block id
    text: str
    span: Span
    given: Fields
    weight: float
    own: tuple[Block, ...]  # it, and what is in it and not in a marked block inside
    said_in: Block | None  # the paragraph that gave the text, where the detail leaves it out


def read_marked(note: Note, options: ClaimOptions) -> tuple[NoteClaims, list[Problem], bool]:
    """Return what is marked in a note, the problems, and whether there is any mark at all."""
    reader = _Reader(note, options.tags(), options.fields())
    reader.read()
    reader.problems += unfound_ids(note, reader.marks)
    said = NoteClaims(
        claims=tuple(reader.claims),
        evidence=tuple(reader.evidence),
        arguments=tuple(reader.arguments),
        relations=tuple(reader.relations),
        sheets=tuple(reader.sheets),
    )
    return said, sorted(reader.problems, key=lambda problem: problem.span), reader.any_mark


@dataclass
class _Reader:
    note: Note
    tag_names: dict[str, str]
    field_names: dict[str, str]
    claims: list[Claim] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    arguments: list[Argument] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    sheets: list[SheetBlock] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    any_mark: bool = False
    last_claim: str = ""  # the last claim that nothing encloses: a sheet may stand below it

    def read(self) -> None:
        self.marks = Marks(self.note, self.tag_names, self.field_names)
        self.ids = Ids(self.note.id)
        self.links: dict[int, list[Link]] = {}
        for link in self.note.links:
            self.links.setdefault(link.span.line, []).append(link)
        self.block_ids: dict[Span, tuple[str, str]] = {}  # of a marked block: full id, block id
        self.reserve(self.note.blocks)
        self.walk(self.note.blocks, self.own_claim())

    def walk(self, blocks: Iterable[Block], around: Enclosing | None) -> None:
        for block in blocks:
            if is_sheet(block):
                self.sheet(block, around)
            elif mark := self.marks.of(block):
                self.walk(block.children, self.item(mark, around))
            else:
                self.stray(block)
                self.walk(block.children, around)

    def stray(self, block: Block) -> None:
        """Warn of a tag of ours that marks nothing where it stands."""
        for tag, span in self.marks.stray(block):
            where = _WHERE.get(block.kind, "in the middle of a paragraph")
            hint = "put it at the end of a list item or paragraph"
            if block.kind == "paragraph" and not self.marks.text(block):
                where, hint = "alone", "put it behind the words of a claim"
            self.problem("A221", span, f"#{tag} {where} marks nothing", hint)

    def problem(self, code: str, span: Span, message: str, hint: str = "") -> None:
        self.problems.append(Problem(code, span, message, hint))

    # Ids

    def reserve(self, blocks: Iterable[Block]) -> None:
        """Hand out the block ids before any slug, so that no slug takes one."""
        for block in blocks:
            if mark := self.marks.of(block):
                self.any_mark = True
                self.reserve_block_id(mark)
            self.reserve(block.children)

    def reserve_block_id(self, mark: Mark) -> None:
        name = mark.block_id
        if not name:
            return
        if name in self.ids.taken:
            full = f"{self.note.id}#{name}"
            first = next(span for span, (id_, _) in self.block_ids.items() if id_ == full)
            hint = f"first on line {first.line}"
            self.problem("A203", self.marks.place(mark), f"the id ^{name} is taken", hint)
            self.block_ids[mark.block.span] = self.ids.free(name), ""
        else:
            self.block_ids[mark.block.span] = self.ids.free(name), name

    # The note's own claim

    def own_claim(self) -> Enclosing | None:
        """Read a claim note: the property `claim`, those beside it, and fields in the text."""
        stated, entries = self.properties()
        if not stated:
            return None
        self.any_mark = True
        text = "" if stated[0].wrong or len(stated) > 1 else " ".join(stated[0].value.split())
        if not text:
            self.problem("A208", stated[0].span, "the property claim has no text")
        unmarked = (block for block in self.note.blocks if not self.marks.of(block))
        own = [part for block in unmarked for part in self.marks.own(block)]
        given = Fields([*entries, *self.entries(own)], self.problems, self.links)
        claim = replace(
            self.claim(self.note.id, text or self.note.title, stated[0].span, given, "claim"),
            detail=self.marks.detail(self.note.blocks),
            tags=self.marks.less_ours(self.note.tags),
        )
        self.claims.append(claim)
        weight = given.weight()
        self.relate(claim.id, given, weight)
        self.evidence_of_claim(claim, given, weight)
        return Enclosing("claim", claim.id, claim.id)

    def properties(self) -> tuple[list[Entry], list[Entry]]:
        """Return the property `claim`, and the other properties that are ours."""
        entries: list[Entry] = []
        for key, value in self.note.properties.items():
            is_claim = self.tag_names.get(key.casefold()) == "claim"
            name = "claim" if is_claim else self.field_names.get(key.casefold(), "")
            if name:
                span = self.note.property_spans.get(key, Span(self.note.path))
                entries += of_property(name, value, span)
        stated = [entry for entry in entries if entry.key == "claim"]
        return stated, [entry for entry in entries if entry.key != "claim"]

    # Marked items

    def item(self, mark: Mark, around: Enclosing | None) -> Enclosing | None:
        """Read one marked block; return what encloses the items inside it."""
        item = self.read_item(mark)
        self.misspelt(item)
        if mark.kind == "evidence":
            return self.evidence_item(item, around)
        if mark.kind == "argument":
            return self.argument_item(item, around)
        return self.claim_item(item, around)

    def read_item(self, mark: Mark) -> Item:
        block, said_in = mark.block, mark.head
        text = self.marks.text(said_in) if said_in else ""
        if mark.kind == "claim" and text.endswith(".") and not text.endswith(".."):
            text = text[:-1]  # a claim is shown as a title is
        own = tuple(self.marks.own(block))
        given = Fields(self.entries(own), self.problems, self.links)
        if not text and mark.kind == "evidence":
            text = next((e.value for e in given.entries if e.key in ("check", "test")), "")
            text = text or next((source.text for source in given.sources()), "")
        span = self.marks.place(mark)
        if not text:
            self.problem("A208", span, f"{_a(mark.kind)} without text")
        id_, block_id = self.block_ids.get(block.span) or (self.ids.of_text(text, mark.kind), "")
        return Item(
            mark, id_, block_id, text or _NO_TEXT, span, given, given.weight(), own, said_in
        )

    def entries(self, own: Iterable[Block]) -> list[Entry]:
        return [
            Entry(key, found.value.strip(), found.span, found.value_span)
            for key, found in self.marks.fields(own)
        ]

    def misspelt(self, item: Item) -> None:
        """Warn of a field that is nearly one of ours."""
        from difflib import get_close_matches

        for block in item.own:
            for found in block.fields:
                near = get_close_matches(found.key.casefold(), self.field_names, 1, _ALIKE)
                if near and found.key.casefold() not in self.field_names:
                    hint = f"did you mean {near[0]!r}?"
                    self.problem("A211", found.span, f"{found.key!r} is no field of ours", hint)

    # Claims

    def claim_item(self, item: Item, around: Enclosing | None) -> Enclosing:
        role: Role = item.mark.side or "claim"
        claim = replace(
            self.claim(item.id, item.text, item.span, item.given, role),
            detail=self.marks.detail(item.mark.block.children, item.said_in),
            block=item.block,
            tags=self.marks.less_ours(item.mark.head.tags if item.mark.head else ()),
        )
        self.claims.append(claim)
        self.imply(item, around)
        self.relate(item.id, item.given, item.weight)
        self.evidence_of_claim(claim, item.given, item.weight)
        if around is None:
            self.last_claim = item.id
        return Enclosing("claim", item.id, item.id)

    def claim(self, id_: str, text: str, span: Span, given: Fields, role: Role) -> Claim:
        """Return a claim with what its fields say."""
        vouched = given.all("check") or given.all("test") or given.all("judged")
        sources = () if vouched else given.sources()
        stated = cast("Role", given.choice("role", ROLES))
        return Claim(
            id_,
            text,
            span,
            self.note.path,
            role=stated or role,
            attributed=sources[0] if sources else None,
            credence=given.credence(),
            expect=given.choice("expect", STATUSES),
            window=given.window(),
        )

    def imply(self, item: Item, around: Enclosing | None) -> None:
        """Draw what nesting a #pro or #con says."""
        side = item.mark.side
        if not side:
            return
        if around is None:
            if not any(True for _ in item.given.relations()):
                hint = "put it below a claim, or name one: (supports:: …), (attacks:: …)"
                self.problem("A210", item.span, f"a #{side} that stands below no claim", hint)
        elif around.kind == "claim":
            self.relation(item, "attacks" if side == "con" else "supports", around.id)
        elif side == "con":
            self.relation(item, "undercuts", around.id)
        else:
            hint = f"put it below the claim that the {around.kind} bears on"
            self.problem("A205", item.span, f"a #pro cannot support {_a(around.kind)}", hint)

    def evidence_of_claim(self, claim: Claim, given: Fields, weight: float) -> None:
        """Read a check or judgement that stands on the claim itself: evidence for it."""
        formula = given.all("check") or given.all("test")
        if not formula and not given.all("judged"):
            return
        name = claim.id.removeprefix(claim.note.removesuffix(".md")).removeprefix("#")
        id_ = self.ids.free(f"{name}-evidence" if name else "evidence")
        text = formula[0].value if formula else claim.text
        found = self.evidence_with(id_, text, claim.span, given, given.sources())
        self.evidence.append(replace(found, claim=claim.id, weight=weight, window=claim.window))

    # Evidence

    def evidence_item(self, item: Item, around: Enclosing | None) -> Enclosing | None:
        claim = around.claim if around else ""
        if not claim and not any(True for _ in item.given.relations()):
            hint = "put it below a claim, or name one: (supports:: …)"
            self.problem("A207", item.span, "evidence that stands below no claim", hint)
            return None
        sources = item.given.sources() or self.linked(item)
        evidence = self.evidence_with(item.id, item.text, item.span, item.given, sources)
        self.evidence.append(
            replace(
                evidence,
                claim=claim,
                against=item.mark.side == "con",
                weight=item.weight,
                block=item.block,
                window=item.given.window(),
            )
        )
        self.relate(item.id, item.given, item.weight)
        return Enclosing("evidence", item.id, claim)

    def evidence_with(
        self, id_: str, text: str, span: Span, given: Fields, sources: tuple[Source, ...]
    ) -> Evidence:
        """Return evidence, for no claim yet, with what its fields say."""
        formula, judged = given.formula(), given.judged()
        if judged and not sources and not formula:
            hint = "add (source:: …); until then it counts as unknown"
            self.problem("A209", span, "a judgement without a source", hint)
        when, who = judged or (None, "")
        evidence = Evidence(
            id_,
            text,
            span,
            self.note.path,
            claim="",
            kind="judgement" if judged and sources else "cited",
            sources=sources,
            judged=when,
            judged_by=who,
            expires=given.day("expires"),
            expect=given.choice("expect", OUTCOMES),
        )
        if formula is None:
            return evidence
        kind: EvidenceKind = "test" if formula.key == "test" else "check"
        return replace(evidence, kind=kind, formula=formula.value, formula_span=formula.value_span)

    def linked(self, item: Item) -> tuple[Source, ...]:
        """Return the links in an item's own text: its sources, when no field names any."""
        values = [found for _, found in self.marks.fields(item.own)]
        return tuple(
            of_link(link)
            for block in item.own
            for link in block.links
            if link.kind != "embed"
            and not any(
                found.value_span.line == link.span.line
                and 0 <= link.span.column - found.value_span.column < len(found.value)
                for found in values
            )
        )

    # Arguments

    def argument_item(self, item: Item, around: Enclosing | None) -> Enclosing | None:
        premises = tuple(item.given.targets("premises"))
        if not premises:
            hint = "name them: (premises:: [[#^a]], [[#^b]])"
            self.problem("A206", item.span, "an argument without premises", hint)
            return None
        concludes = any(kind in _CONCLUDES for kind, _, _ in item.given.relations())
        if not concludes and (around is None or around.kind != "claim"):
            hint = "name it: (supports:: [[#^id]])"
            self.problem("A206", item.span, "an argument without a conclusion", hint)
            return None
        self.arguments.append(
            Argument(
                item.id,
                item.text,
                item.span,
                self.note.path,
                premises,
                block=item.block,
                window=item.given.window(),
            )
        )
        if not concludes and around:
            self.relation(item, "attacks" if item.mark.side == "con" else "supports", around.id)
        self.relate(item.id, item.given, item.weight)
        return Enclosing("argument", item.id, "")

    # Relations and sheets

    def relate(self, source: str, given: Fields, weight: float) -> None:
        for kind, target, span in given.relations():
            self.relations.append(Relation(source, kind, target, span, weight))

    def relation(self, item: Item, kind: RelationKind, target: str) -> None:
        self.relations.append(Relation(item.id, kind, target, item.span, item.weight))

    def sheet(self, block: Block, around: Enclosing | None) -> None:
        claim = around.claim if around else self.last_claim
        self.sheets.append(SheetBlock(block.markdown, self.marks.inside(block), claim))


def _a(kind: Kind) -> str:
    return {"claim": "a claim", "evidence": "evidence", "argument": "an argument"}[kind]
