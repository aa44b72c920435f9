"""A debate -> where its cards and lines stand. pygraphviz's `dot` orders them; the rest is here.

The picture is a grid of columns as wide as a card. Claims stand in rows, what they lead to above
them; the evidence of a claim hangs below it, beside the claims of the next row. `dot` says in which
order the claims of a row and the evidence of the row above stand, so that few lines cross; a row
that is too wide becomes two. Lines run between the columns.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import ceil, sqrt
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CARD = 304  # width of a claim's card
INDENT = 40  # of evidence below its claim: the lanes of its lines run there
EVIDENCE_HEIGHT = 106
MORE_HEIGHT = 34
STACK_GAP = 13
COLUMN = CARD + 40
UNDER = 26  # between a claim and its evidence
UNDER_LINES = 52  # the same, where lines from other claims arrive
ROW_GAP = 84
JOIN_GAP = 58  # more room above a row in which premises are joined
JOIN_HEIGHT, JOIN_WIDTH = 26, 92
WIDEST = 5  # columns of a debate that fits a screen
SHOWN = 3  # evidence cards of a claim that has more than SHOWN + 1

Kind = Literal["supports", "attacks", "contradicts", "undercuts", "premise", "tests"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Block:
    """A claim with the evidence that hangs below it."""

    id: str
    height: int
    evidence: tuple[str, ...] = ()
    aside: bool = False  # an undercutter: it stands beside what it hits


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


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole layout."""

    boxes: dict[str, Box]
    routes: tuple[Route, ...]
    stacks: tuple[Stack, ...]


def place(blocks: Sequence[Block], lines: Sequence[Line], top: Sequence[str] = ()) -> Picture:
    """Return where everything stands. `top` are claims that stand in the first row."""
    frame = _Frame(tuple(blocks), tuple(lines), tuple(top))
    rows = _rows(frame)
    _stand(frame, rows, _columns(frame, rows))
    return Picture(frame.boxes, tuple(_routes(frame)), tuple(frame.stacks))


@dataclass(slots=True)
class _Frame:
    """What is known so far, while the layout is made."""

    blocks: tuple[Block, ...]
    lines: tuple[Line, ...]
    top: tuple[str, ...]
    boxes: dict[str, Box] = field(default_factory=dict)
    stacks: list[Stack] = field(default_factory=list)
    by_id: dict[str, Block] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)  # evidence -> the claim it hangs below
    joins: dict[str, tuple[str, ...]] = field(default_factory=dict)  # argument -> premises
    leads: dict[str, list[str]] = field(default_factory=dict)  # claim -> claims it bears on

    def __post_init__(self) -> None:
        self.by_id = {block.id: block for block in self.blocks}
        self.owner = {item: block.id for block in self.blocks for item in block.evidence}
        premises: dict[str, list[str]] = defaultdict(list)
        for line in self.lines:
            if line.kind == "premise":
                premises[line.target].append(line.source)
        self.joins = {join: tuple(sources) for join, sources in premises.items()}
        self.leads = self._leads()

    def _leads(self) -> dict[str, list[str]]:
        leads: dict[str, list[str]] = {block.id: [] for block in self.blocks}
        concludes = {line.source: line.target for line in self.lines if line.source in self.joins}
        for line in self.lines:
            target = self.owner.get(line.target, line.target)
            target = concludes.get(target, target)
            if line.source in leads and target in leads and target != line.source:
                leads[line.source].append(target)
        return leads


def _rows(frame: _Frame) -> list[list[str]]:
    """Return the claims row by row, no row wider than the picture."""
    widest = max(WIDEST, ceil(sqrt(len(frame.blocks) * 1.6)))
    rows: list[list[str]] = []
    hanging = 0
    for full in _ranks(frame):
        rank = [claim for claim in full if not _hits(frame, claim)]
        if not rank:
            continue
        room = max(2, widest - hanging)
        size = ceil(len(rank) / ceil(len(rank) / room))
        for start in range(0, len(rank), size):
            rows.append(rank[start : start + size])
        hanging = sum(bool(frame.by_id[claim].evidence) for claim in rows[-1])
    return rows


def _hits(frame: _Frame, claim: str) -> list[str]:
    """Return the evidence that an undercutter hits, empty for a claim that stands in a row."""
    if not frame.by_id[claim].aside:
        return []
    lines = [line for line in frame.lines if line.source == claim and line.kind == "undercuts"]
    return [line.target for line in lines if frame.owner.get(line.target, claim) != claim]


def _ranks(frame: _Frame) -> list[list[str]]:
    """Return the claims by how far they are from what they lead to; a circle is cut somewhere."""
    rank: dict[str, int] = {claim: 0 for claim in frame.top if claim in frame.by_id}
    level = {claim for claim in frame.by_id if not frame.leads[claim]}
    rank |= dict.fromkeys(level, 0)
    waiting = [claim for claim in frame.by_id if claim not in rank]
    while waiting:
        ready = [c for c in waiting if all(up in rank for up in frame.leads[c])]
        if not ready:  # a circle: the first that touches what is placed
            ready = [c for c in waiting if any(up in rank for up in frame.leads[c])][:1]
        for claim in ready or waiting[:1]:
            rank[claim] = 1 + max((rank[up] for up in frame.leads[claim] if up in rank), default=-1)
        waiting = [claim for claim in waiting if claim not in rank]
    found: dict[int, list[str]] = defaultdict(list)
    for claim in frame.by_id:
        found[rank[claim]].append(claim)
    return [found[number] for number in sorted(found)]


def _columns(frame: _Frame, rows: list[list[str]]) -> dict[str, int]:
    """Return the column of each claim, in the order that `dot` finds."""
    where = _dot(frame, rows)
    left = min(where.values(), default=0.0)
    column: dict[str, int] = {}
    above: list[str] = []
    for row in rows:
        taken = {column[claim] for claim in above if frame.by_id[claim].evidence}
        wanted = {claim: round((where[claim] - left) / COLUMN) for claim in row}
        for claim in sorted(row, key=lambda claim: (where[claim], claim)):
            column[claim] = _nearest(wanted[claim], taken)
            taken.add(column[claim])
        above = row
    return _closed(column)


def _nearest(wanted: int, taken: set[int]) -> int:
    """Return the free column nearest to the wanted one."""
    reach = range(max(taken, default=0) + wanted + 2)
    return min(
        (column for column in reach if column not in taken), key=lambda c: (abs(c - wanted), c)
    )


def _closed(column: dict[str, int]) -> dict[str, int]:
    """Return the columns without those in which nothing stands."""
    used = {old: new for new, old in enumerate(sorted(set(column.values())))}
    return {claim: used[old] for claim, old in column.items()}


def _dot(frame: _Frame, rows: list[list[str]]) -> dict[str, float]:
    """Return how far right `dot` puts each claim."""
    import pygraphviz

    if len(frame.blocks) == 1:
        return {frame.blocks[0].id: 0.0}
    straight = [claim for row in rows for claim in row]
    name = {claim: f"c{number}" for number, claim in enumerate(straight)}
    graph = pygraphviz.AGraph(directed=True, strict=False)
    graph.graph_attr.update(nodesep=str((COLUMN - CARD) / 72), ranksep="0.5")
    graph.node_attr.update(shape="box", fixedsize="true", label="", width=str(CARD / 72), height=1)
    for number, row in enumerate([*rows, []]):
        hanging = [c for c in (rows[number - 1] if number else []) if frame.by_id[c].evidence]
        graph.add_node(f"r{number}", width=0.01, height=0.01, style="invis")
        members = [*(f"{name[c]}e" for c in hanging), *(name[c] for c in row)]
        graph.add_nodes_from(members)
        graph.add_subgraph([f"r{number}", *members], rank="same")
        if number:
            graph.add_edge(f"r{number - 1}", f"r{number}", style="invis", weight=0)
    _dot_edges(graph, frame, name)
    graph.layout(prog="dot")
    return {
        claim: float(graph.get_node(short).attr["pos"].partition(",")[0])
        for claim, short in name.items()
    }


def _dot_edges(graph: object, frame: _Frame, name: dict[str, str]) -> None:
    for claim, short in name.items():
        if frame.by_id[claim].evidence:
            graph.add_edge(short, f"{short}e", weight=50)  # type: ignore[attr-defined]
    for claim, short in name.items():
        for up in frame.leads[claim]:
            if up in name:
                graph.add_edge(name[up], short, weight=3)  # type: ignore[attr-defined]


def _stand(frame: _Frame, rows: list[list[str]], column: dict[str, int]) -> None:
    """Fill in where every card stands, row by row, undercutters beside what they hit."""
    floor: dict[int, float] = defaultdict(float)
    arrivals = {up for ups in frame.leads.values() for up in ups}
    waiting = {c: hits for c in frame.by_id if (hits := _hits(frame, c))}
    top = 0.0
    for number, row in enumerate(rows):
        gap = (ROW_GAP + _room_for_joins(frame, row)) if number else 0
        below = max(floor[each] for each in _crossed(frame, row, column))
        level = max(top + gap, below + gap * 0.6)
        for claim in row:
            under = UNDER_LINES if claim in arrivals else UNDER
            _hang(frame, claim, (column[claim] * COLUMN, level), under)
            floor[column[claim]] = frame_bottom(frame, claim)
        top = max(frame.boxes[claim].bottom for claim in row)
        ready = [c for c, hits in waiting.items() if all(h in frame.boxes for h in hits)]
        for claim in ready:
            _beside(frame, claim, waiting.pop(claim), floor)
    for claim, hits in waiting.items():
        _beside(frame, claim, [hit for hit in hits if hit in frame.boxes], floor)
    _join(frame)


def _room_for_joins(frame: _Frame, row: list[str]) -> float:
    premises = {claim for sources in frame.joins.values() for claim in sources}
    return JOIN_GAP if premises & set(row) else 0


def _crossed(frame: _Frame, row: list[str], column: dict[str, int]) -> Iterable[int]:
    """Return the columns whose cards a row must stay below: its own, and those under a join."""
    used = {column[claim] for claim in row}
    for premises in frame.joins.values():
        spans = [column[claim] for claim in premises if claim in row]
        used |= set(range(min(spans), max(spans) + 1)) if spans else set()
    return used


def _beside(frame: _Frame, claim: str, hits: list[str], floor: dict[int, float]) -> None:
    """Place an undercutter in the column where it comes nearest to what it hits."""
    goal = min((frame.boxes[hit].y for hit in hits), default=0.0) - UNDER_LINES
    home = round(min((frame.boxes[hit].x for hit in hits), default=0.0) // COLUMN)
    widest = max(floor, default=0)

    def cost(column: int) -> tuple[float, int]:
        start = max(floor.get(column, 0.0) + 1.5 * UNDER, goal)
        new = 500 if column > widest else 0
        same = 400 if column == home else 0
        return start - goal + 160 * abs(column - home) + new + same, column

    column = min(range(widest + 2), key=cost)
    y = max(floor.get(column, 0.0) + 1.5 * UNDER, goal)
    supported = any(claim in ups for ups in frame.leads.values())
    _hang(frame, claim, (column * COLUMN, y), UNDER_LINES if supported else UNDER)
    floor[column] = frame_bottom(frame, claim)


def _hang(frame: _Frame, claim: str, corner: Point, under: float) -> None:
    """Place a claim and its evidence below it; what folds away stands where it would unfold."""
    block = frame.by_id[claim]
    x, y = corner
    frame.boxes[claim] = Box(x, y, CARD, block.height)
    y += block.height + under
    folds = len(block.evidence) > SHOWN + 1
    for number, item in enumerate(block.evidence):
        if folds and number == SHOWN:
            frame.boxes[more(claim)] = Box(x + INDENT, y, CARD - INDENT, MORE_HEIGHT)
        frame.boxes[item] = Box(x + INDENT, y, CARD - INDENT, EVIDENCE_HEIGHT)
        y += EVIDENCE_HEIGHT + STACK_GAP
    if folds:
        hidden = block.evidence[SHOWN:]
        delta = len(hidden) * (EVIDENCE_HEIGHT + STACK_GAP)
        frame.stacks.append(
            Stack(claim, hidden, more(claim), frame.boxes[more(claim)].bottom, delta)
        )


def more(claim: str) -> str:
    """Return the id of the card that unfolds a claim's evidence."""
    return f"more:{claim}"


def frame_bottom(frame: _Frame, claim: str) -> float:
    """Return where a claim's block ends, folded."""
    block = frame.by_id[claim]
    if len(block.evidence) > SHOWN + 1:
        return frame.boxes[more(claim)].bottom
    return frame.boxes[block.evidence[-1] if block.evidence else claim].bottom


def _join(frame: _Frame) -> None:
    """Place the small nodes that join premises, above the premises and apart from each other."""
    taken: list[Box] = []
    for join, premises in frame.joins.items():
        boxes = [frame.boxes[claim] for claim in premises if claim in frame.boxes]
        if not boxes:
            continue
        y = min(box.y for box in boxes) - JOIN_GAP + 2
        x = sum(box.middle[0] for box in boxes) / len(boxes) - JOIN_WIDTH / 2
        while any(abs(box.x - x) < JOIN_WIDTH + 12 and abs(box.y - y) < JOIN_HEIGHT for box in taken):
            x += JOIN_WIDTH + 16
        frame.boxes[join] = Box(x, y, JOIN_WIDTH, JOIN_HEIGHT)
        taken.append(frame.boxes[join])


def _routes(frame: _Frame) -> Iterable[Route]:
    """Return how each line runs."""
    ports = _Ports(frame)
    lanes: dict[str, int] = defaultdict(int)
    gutters: dict[int, int] = defaultdict(int)
    for line in frame.lines:
        if line.source not in frame.boxes or line.target not in frame.boxes:
            continue
        source, target = frame.boxes[line.source], frame.boxes[line.target]
        if line.source in frame.owner and frame.owner[line.source] == line.target:
            yield _lane(line, source, target, lanes)
        elif source.y >= target.bottom and line.kind != "undercuts":
            yield _upward(frame, line, ports)
        else:
            yield _sideways(line, source, target, gutters)


def _lane(line: Line, source: Box, target: Box, lanes: dict[str, int]) -> Route:
    """Run from evidence into the lane at its left and up to its claim, each in a lane of its own."""
    number = min(lanes[line.target], 3)
    lanes[line.target] += 1
    x = target.x + INDENT - 11 - 8 * number
    y = source.middle[1]
    return Route(line, ((source.x, y), (x, y), (x, target.bottom)), "lane")


class _Ports:
    """Where lines leave the upper edge of a card and arrive at its lower edge, spread evenly."""

    def __init__(self, frame: _Frame) -> None:
        self.out = self._spread(frame, "source", "target", INDENT * 2)
        self.into = self._spread(frame, "target", "source", INDENT * 2)

    @staticmethod
    def _spread(frame: _Frame, end: str, other: str, margin: float) -> dict[Line, float]:
        found: dict[str, list[Line]] = defaultdict(list)
        for line in frame.lines:
            if line.source in frame.boxes and line.target in frame.boxes:
                apart = frame.boxes[line.source].y >= frame.boxes[line.target].bottom
                own = frame.owner.get(line.source) == line.target
                if apart and not own and line.kind != "undercuts":
                    found[getattr(line, end)].append(line)
        ports: dict[Line, float] = {}
        for card, lines in found.items():
            box = frame.boxes[card]
            inset = min(margin, box.width / 3)
            lines.sort(key=lambda line: frame.boxes[getattr(line, other)].middle[0])
            for number, line in enumerate(lines, 1):
                ports[line] = box.x + inset + (box.width - 2 * inset) * number / (len(lines) + 1)
        return ports


def _upward(frame: _Frame, line: Line, ports: _Ports) -> Route:
    """Rise from a card's upper edge to the lower edge of one above, round the cards between."""
    start = (ports.out[line], frame.boxes[line.source].y)
    end = (ports.into[line], frame.boxes[line.target].bottom)
    skip = {line.source, line.target}
    if start[1] - end[1] < 2 * ROW_GAP or _clear(frame, start, end, skip):
        return Route(line, (start, end), "curve")
    # Beside the target's column, on the side the line comes from.
    target = frame.boxes[line.target]
    right = start[0] > target.middle[0]
    x = target.right + 14 if right else target.x - 14
    x += (abs(hash_of(line)) % 3 - 1) * 7
    low, high = start[1] - ROW_GAP * 0.8, end[1] + UNDER_LINES * 0.9
    return Route(line, (start, (x, low), (x, high), end), "curve")


def hash_of(line: Line) -> int:
    """Return a small number that is always the same for the same line."""
    return sum(f"{line.source}|{line.target}".encode())


def _clear(frame: _Frame, start: Point, end: Point, skip: set[str]) -> bool:
    """Say whether a smooth curve between two points touches no card."""
    samples = [_along(start, end, number / 24) for number in range(1, 24)]
    hidden = {item for stack in frame.stacks for item in stack.hidden}
    return not any(
        box.x - 4 < x < box.right + 4 and box.y - 4 < y < box.bottom + 4
        for key, box in frame.boxes.items()
        if key not in skip and key not in hidden
        for x, y in samples
    )


def _along(start: Point, end: Point, t: float) -> Point:
    """Return a point of the curve that leaves and arrives upright."""
    middle = (start[1] + end[1]) / 2
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    xs, ys = (start[0], start[0], end[0], end[0]), (start[1], middle, middle, end[1])
    return (
        sum(w * x for w, x in zip(weights, xs, strict=True)),
        sum(w * y for w, y in zip(weights, ys, strict=True)),
    )


def _sideways(line: Line, source: Box, target: Box, gutters: dict[int, int]) -> Route:
    """Run from a card's side to a card's side, turning in the gap between two columns."""
    rightward = source.right <= target.x
    leftward = target.right <= source.x
    level = abs(source.middle[1] - target.middle[1]) < 1
    start_x = source.x if leftward else source.right
    end_x = target.x if rightward else target.right
    if level and (rightward or leftward):
        return Route(line, ((start_x, source.middle[1]), (end_x, source.middle[1])), "side")
    gutter = round(target.x // COLUMN) + (0 if rightward else 1)
    number = gutters[gutter]
    gutters[gutter] += 1
    x = gutter * COLUMN - (COLUMN - CARD) / 2 + (number % 4 - 1.5) * 8
    if line.kind == "undercuts" and rightward:
        x = min(x, end_x - 12)
    leave = source.y + source.height * (0.36 + 0.14 * (number % 4))
    arrive = target.y + min(target.height * 0.72, 78)
    return Route(line, ((start_x, leave), (x, leave), (x, arrive), (end_x, arrive)), "side")
