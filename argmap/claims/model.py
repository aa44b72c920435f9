"""What a note says, as data: claims, evidence, arguments and how they bear on each other.

Nothing here is resolved: a relation's target is still what the author wrote. `graph.py` resolves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from argmap.notes import Link
    from argmap.source import Span

Role = Literal["thesis", "conclusion", "pro", "con", "claim"]
RelationKind = Literal["supports", "attacks", "contradicts", "undercuts"]
EvidenceKind = Literal["check", "test", "judgement", "cited"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from: what is shown, and its address or its note."""

    text: str
    url: str = ""
    link: Link | None = None  # to a note of the vault


@dataclass(frozen=True, slots=True)
class Target:
    """What a relation points to, as written: a wikilink, or a bare name."""

    text: str
    span: Span
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """From and until when an item counts (both days included); outside it is left out."""

    from_: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Say whether the item counts on this day."""
        return (self.from_ is None or self.from_ <= day) and (
            self.until is None or day <= self.until
        )


ALWAYS = Window()


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that evidence can speak for or against."""

    id: str
    text: str
    span: Span
    note: str  # path in the vault, with .md
    role: Role = "claim"
    detail: str = ""  # what the item says beyond its first paragraph, as Markdown
    block: str = ""  # its block id in the note, without ^; empty if it has none
    inferred: str = ""  # the name of the rule that found it; empty for a marked claim
    attributed: Source | None = None  # whose thesis it is, when it is not the author's own
    credence: float | None = None
    expect: str = ""  # the status the author expects, for gates
    window: Window = ALWAYS
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What bears on a claim without being argued for."""

    id: str
    text: str
    span: Span
    note: str
    claim: str  # the id of the claim it bears on
    kind: EvidenceKind = "cited"
    against: bool = False  # speaks against the claim
    weight: float = 1.0
    formula: str = ""  # of a check or test: a formula, or the name of a sheet's check
    formula_span: Span | None = None
    sources: tuple[Source, ...] = ()
    judged: date | None = None
    judged_by: str = ""
    expires: date | None = None
    block: str = ""
    inferred: str = ""
    expect: str = ""  # the outcome the author expects of a check, for gates
    window: Window = ALWAYS


@dataclass(frozen=True, slots=True)
class Argument:
    """An inference from linked premises; its conclusion is the target of its relations."""

    id: str
    text: str
    span: Span
    note: str
    premises: tuple[Target, ...]
    block: str = ""
    window: Window = ALWAYS


@dataclass(frozen=True, slots=True)
class Relation:
    """One arrow, from an item of this note to whatever its target turns out to be.

    `target` is an id where the text itself implies it (nesting, inference), else what was written.
    """

    source: str
    kind: RelationKind
    target: Target | str
    span: Span
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class SheetBlock:
    """A fenced block ``yaml argmap`` below a claim: its text, and where that text begins."""

    text: str
    span: Span  # of the first line inside the fence
    claim: str  # id of the claim it stands below; empty at the top of a note


@dataclass(frozen=True, slots=True)
class NoteClaims:
    """All that one note says."""

    claims: tuple[Claim, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    arguments: tuple[Argument, ...] = ()
    relations: tuple[Relation, ...] = ()
    sheets: tuple[SheetBlock, ...] = field(default=())
