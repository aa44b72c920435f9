"""What a layout works on: claims with their evidence, the lines between them, where each stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

CARD = 304  # width of a claim's card
INDENT = 40  # of evidence below its claim: the lanes of its lines run there
COLUMN = CARD + 40

Kind = Literal["supports", "attacks", "contradicts", "undercuts", "premise", "tests"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Block:
    """A claim with the evidence that hangs below it."""

    id: str
    height: int
    evidence: tuple[str, ...] = ()
    aside: bool = False  # an undercutter: it stands beside what it hits
    taller: Mapping[str, int] = field(default_factory=dict)  # evidence that needs more room


@dataclass(frozen=True, slots=True)
class Line:
    """A relation to draw; `source` and `target` are claims, evidence or joins."""

    source: str
    kind: Kind
    target: str


@dataclass(frozen=True, slots=True)
class Box:
    """Where a card stands: its upper left corner and size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Route:
    """How a line runs. `shape`: lane and side have square corners, curve is smooth."""

    line: Line
    points: tuple[Point, ...]
    shape: Literal["lane", "side", "curve"]


@dataclass(frozen=True, slots=True)
class Stack:
    """Evidence of a claim that is folded away, and how far it pushes what is below if shown."""

    claim: str
    hidden: tuple[str, ...]
    more: str  # id of the card "+n more"
    below: float  # what starts at or below this y moves
    delta: float


@dataclass(slots=True)
class Plan:
    """What is to be placed, and how it hangs together."""

    blocks: dict[str, Block]
    lines: tuple[Line, ...]
    top: tuple[str, ...]
    owner: dict[str, str] = field(default_factory=dict)  # evidence -> the claim it hangs below
    joins: dict[str, tuple[str, ...]] = field(default_factory=dict)  # argument -> premises
    concludes: dict[str, str] = field(default_factory=dict)  # argument -> claim
    leads: dict[str, list[str]] = field(default_factory=dict)  # claim -> claims it bears on

    def __post_init__(self) -> None:
        """Derive the rest."""
        self.owner = {item: block.id for block in self.blocks.values() for item in block.evidence}
        premises: dict[str, list[str]] = defaultdict(list)
        for line in self.lines:
            if line.kind == "premise":
                premises[line.target].append(line.source)
        self.joins = {join: tuple(sources) for join, sources in premises.items()}
        self.concludes = {
            line.source: line.target
            for line in self.lines
            if line.source in self.joins and line.target in self.blocks
        }
        self.leads = self._leads()

    def _leads(self) -> dict[str, list[str]]:
        leads: dict[str, list[str]] = {claim: [] for claim in self.blocks}
        for line in self.lines:
            target = self.owner.get(line.target, line.target)
            target = self.concludes.get(target, target)
            if line.source in leads and target in leads and target != line.source:
                leads[line.source].append(target)
        return leads

    def hits(self, claim: str) -> list[str]:
        """Return what an undercutter hits, nothing for a claim that stands in a rank."""
        if not self.blocks[claim].aside:
            return []
        lines = [line for line in self.lines if line.source == claim and line.kind == "undercuts"]
        found = [line.target for line in lines if self.owner.get(line.target, claim) != claim]
        return [hit for hit in found if hit in self.owner]
