"""A debate -> where its cards stand. pygraphviz's `dot` orders them, `routes.py` draws the lines.

The picture is a grid of columns as wide as a card. What a claim leads to stands above it; its
evidence hangs below it, beside the claims of the next rank. `dot` says in which order the claims
and evidence of a rank stand, so that few lines cross. Each claim then takes the column that is
near what it leads to and has room high up; an undercutter stands beside what it hits. That is done
for several numbers of columns, and the one that fits a screen best is kept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING, Any

from argmap.pages.plan import CARD, COLUMN, INDENT, Box, Plan, Stack
from argmap.pages.routes import routes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argmap.pages.plan import Block, Line, Route

EVIDENCE_HEIGHT = 106
MORE_HEIGHT = 34
STACK_GAP = 13
UNDER = 26  # between a claim and its evidence
UNDER_LINES = 52  # the same, where lines from other claims arrive
UNDER_JOIN = 50  # more, where premises are joined below a claim
RANK_GAP = 84
BLOCK_GAP = 44  # between the evidence of a claim and a claim below it
JOIN_HEIGHT, JOIN_WIDTH = 26, 92
SHOWN = 3  # evidence cards of a claim that has more than SHOWN + 1
SCREEN = (1392, 690)  # where a map is shown at its full size
NARROWEST, WIDEST = 2, 5


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole layout."""

    boxes: dict[str, Box]
    routes: tuple[Route, ...]
    stacks: tuple[Stack, ...]


def place(blocks: Sequence[Block], lines: Sequence[Line], top: Sequence[str] = ()) -> Picture:
    """Return where everything stands. `top` are claims that stand in the first rank."""
    plan = Plan({block.id: block for block in blocks}, tuple(lines), tuple(top))
    ranks = _ranks(plan)
    orders = _orders(plan, ranks)
    most = max(WIDEST, ceil(sqrt(len(blocks) * 1.3)))
    least = min(max(len(ranks[0]), NARROWEST, most - 4), most)
    tried = [_stood(plan, orders, columns) for columns in range(least, most + 1)]
    grid = max(tried, key=lambda grid: (round(grid.fit(), 2), -grid.columns))
    return Picture(grid.boxes, tuple(routes(plan, grid.boxes, grid.stacks)), tuple(grid.stacks))


def more(claim: str) -> str:
    """Return the id of the card that unfolds a claim's evidence."""
    return f"more:{claim}"


def _ranks(plan: Plan) -> list[list[str]]:
    """Return the claims by how far they are from what they lead to; a circle is cut somewhere."""
    rank: dict[str, int] = {claim: 0 for claim in plan.top if claim in plan.blocks}
    rank |= dict.fromkeys((claim for claim in plan.blocks if not plan.leads[claim]), 0)
    waiting = [claim for claim in plan.blocks if claim not in rank]
    while waiting:
        ready = [c for c in waiting if all(up in rank for up in plan.leads[c])]
        if not ready:  # a circle: the first that touches what is placed
            ready = [c for c in waiting if any(up in rank for up in plan.leads[c])][:1]
        for claim in ready or waiting[:1]:
            rank[claim] = 1 + max((rank[up] for up in plan.leads[claim] if up in rank), default=-1)
        waiting = [claim for claim in waiting if claim not in rank]
    found: dict[int, list[str]] = defaultdict(list)
    for claim in plan.blocks:
        if not plan.hits(claim):
            found[rank[claim]].append(claim)
    return [found[number] for number in sorted(found)] or [list(plan.blocks)]


def _orders(plan: Plan, ranks: list[list[str]]) -> list[list[str]]:
    """Return each rank's claims from left to right, as `dot` puts them."""
    if all(len(rank) == 1 for rank in ranks):
        return ranks
    where = _dot(plan, ranks)
    return [sorted(rank, key=lambda claim: (where[claim], claim)) for rank in ranks]


def _dot(plan: Plan, ranks: list[list[str]]) -> dict[str, float]:
    """Return how far right `dot` puts each claim; a claim's evidence stands in the next rank."""
    import pygraphviz

    name = {claim: f"c{n}" for n, claim in enumerate(c for rank in ranks for c in rank)}
    graph: Any = pygraphviz.AGraph(directed=True, strict=False)
    graph.graph_attr.update(nodesep=str((COLUMN - CARD) / 72), ranksep="0.5")
    graph.node_attr.update(shape="box", fixedsize="true", label="", width=str(CARD / 72), height=1)
    for number, rank in enumerate([*ranks, []]):
        hanging = [c for c in (ranks[number - 1] if number else []) if plan.blocks[c].evidence]
        graph.add_node(f"r{number}", width=0.01, height=0.01, style="invis")
        members = [*(f"{name[c]}e" for c in hanging), *(name[c] for c in rank)]
        graph.add_nodes_from(members)
        graph.add_subgraph([f"r{number}", *members], rank="same")
        if number:
            graph.add_edge(f"r{number - 1}", f"r{number}", style="invis", weight=0)
    for claim, short in name.items():
        if plan.blocks[claim].evidence:
            graph.add_edge(short, f"{short}e", weight=50)
        for up in plan.leads[claim]:
            if up in name:
                graph.add_edge(name[up], short, weight=3)
    graph.layout(prog="dot")
    return {
        claim: float(graph.get_node(short).attr["pos"].partition(",")[0])
        for claim, short in name.items()
    }


def _stood(plan: Plan, orders: list[list[str]], columns: int) -> _Grid:
    """Return the picture with so many columns."""
    grid = _Grid(plan, columns)
    waiting = [claim for claim in plan.blocks if plan.hits(claim)]
    level = 0.0
    for number, rank in enumerate(orders):
        for at, claim in enumerate(rank):
            goal = grid.above(claim) if number else (at + 0.5) * columns / len(rank) - 0.5
            grid.put(claim, goal, level, grid.under(rank))
        ready = [c for c in waiting if all(hit in grid.boxes for hit in plan.hits(c))]
        for claim in ready:
            grid.put_beside(claim)
            waiting.remove(claim)
        level += max(plan.blocks[claim].height for claim in rank) + RANK_GAP
        level += UNDER_JOIN if any(c in plan.concludes.values() for c in rank) else 0
    for claim in waiting:
        grid.put_beside(claim)
    return grid


class _Grid:
    """Columns that fill from above."""

    def __init__(self, plan: Plan, columns: int) -> None:
        self.plan = plan
        self.columns = columns
        self.boxes: dict[str, Box] = {}
        self.stacks: list[Stack] = []
        self.floor = [0.0] * columns
        self.column: dict[str, int] = {}
        self.arrivals = {up for ups in plan.leads.values() for up in ups}

    def fit(self) -> float:
        """Return how large a screen can show it; height matters less: one pans down."""
        width = max(box.right for box in self.boxes.values()) - min(
            box.x for box in self.boxes.values()
        )
        height = max(self.floor)
        return min(SCREEN[0] / width, 1.3 * SCREEN[1] / height, 1.0)

    def above(self, claim: str) -> float:
        """Return the column in the middle of what a claim leads to."""
        found = [self.column[up] for up in self.plan.leads[claim] if up in self.column]
        return sum(found) / len(found) if found else (self.columns - 1) / 2

    def under(self, rank: Sequence[str]) -> float:
        """Return how far below the claims of a rank their evidence begins: lines pass there."""
        room = UNDER_LINES if self.arrivals & set(rank) else UNDER
        return room + (UNDER_JOIN if set(self.plan.concludes.values()) & set(rank) else 0)

    def put(self, claim: str, goal: float, level: float, under: float) -> None:
        """Place a claim near the column `goal`, at `level` or as far below as there is room."""

        def cost(column: int) -> tuple[float, int]:
            return self._top(column, level) - level + 0.3 * COLUMN * abs(column - goal), column

        column = min(range(self.columns), key=cost)
        self._hang(claim, column, self._top(column, level), under)

    def put_beside(self, claim: str) -> None:
        """Place an undercutter in the column where it comes nearest to what it hits."""
        hits = [hit for hit in self.plan.hits(claim) if hit in self.boxes]
        level = min((self.boxes[hit].y for hit in hits), default=0.0) - UNDER_LINES
        homes = {self.column[self.plan.owner[hit]] for hit in hits}

        def cost(column: int) -> tuple[float, int]:
            apart = min((abs(column - home) for home in homes), default=0)
            same = 1.4 * COLUMN if column in homes else 0
            return self._top(column, level) - level + 0.8 * COLUMN * apart + same, column

        column = min(range(self.columns), key=cost)
        self._hang(claim, column, self._top(column, level), self.under([claim]))

    def _top(self, column: int, level: float) -> float:
        floor = self.floor[column]
        return max(level, floor + BLOCK_GAP if floor else 0.0)

    def _hang(self, claim: str, column: int, y: float, under: float) -> None:
        """Place a claim and its evidence; what folds away stands where it would unfold."""
        block = self.plan.blocks[claim]
        x = column * COLUMN
        self.column[claim] = column
        self.boxes[claim] = Box(x, y, CARD, block.height)
        self.floor[column] = y + block.height
        self._join(claim)
        y += block.height + under
        folds = len(block.evidence) > SHOWN + 1
        for number, item in enumerate(block.evidence):
            if folds and number == SHOWN:
                self.boxes[more(claim)] = Box(x + INDENT, y, CARD - INDENT, MORE_HEIGHT)
                self.floor[column] = self.boxes[more(claim)].bottom
            height = EVIDENCE_HEIGHT + block.taller.get(item, 0)
            self.boxes[item] = Box(x + INDENT, y, CARD - INDENT, height)
            y += height + STACK_GAP
            if not folds or number < SHOWN:
                self.floor[column] = self.boxes[item].bottom
        if folds:
            hidden = block.evidence[SHOWN:]
            delta = sum(self.boxes[item].height + STACK_GAP for item in hidden)
            self.stacks.append(Stack(claim, hidden, more(claim), self.floor[column], delta))

    def _join(self, claim: str) -> None:
        """Place the small nodes that join premises below the claim they lead to."""
        box = self.boxes[claim]
        joins = [join for join, to in self.plan.concludes.items() if to == claim]
        for number, join in enumerate(joins):
            x = box.right - 30 - JOIN_WIDTH - number * (JOIN_WIDTH + 10)
            self.boxes[join] = Box(x, box.bottom + 26, JOIN_WIDTH, JOIN_HEIGHT)
            self.floor[self.column[claim]] = box.bottom + 26 + JOIN_HEIGHT
