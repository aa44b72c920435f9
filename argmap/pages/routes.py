"""Cards that stand -> how the lines between them run: round the cards, in the gaps of the grid."""

from __future__ import annotations

from collections import defaultdict
from math import inf
from typing import TYPE_CHECKING

from argmap.pages.plan import CARD, COLUMN, INDENT, Box, Line, Plan, Point, Route, Stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LANES = 4  # own lanes for a claim's evidence; more share the last
GUTTER = COLUMN - CARD
AROUND = 4  # how near to a card a line may not come
BAND = 120  # cards are looked up by bands as high as this


def routes(plan: Plan, boxes: dict[str, Box], stacks: Sequence[Stack]) -> Iterator[Route]:
    """Yield how each line runs whose two ends stand somewhere."""
    hidden = {item for stack in stacks for item in stack.hidden}
    cards = {key: box for key, box in boxes.items() if key not in hidden}
    streets = _Streets(plan, boxes, cards)
    lanes: dict[str, int] = defaultdict(int)
    for line in plan.lines:
        if line.source not in boxes or line.target not in boxes:
            continue
        if plan.owner.get(line.source) == line.target:
            yield _lane(line, boxes, lanes)
        elif streets.rises(line):
            yield streets.upward(line)
        else:
            yield streets.sideways(line)


def _lane(line: Line, boxes: dict[str, Box], lanes: dict[str, int]) -> Route:
    """Run from evidence into the lane at its left and up to its claim."""
    source, target = boxes[line.source], boxes[line.target]
    number = min(lanes[line.target], LANES - 1)
    lanes[line.target] += 1
    x, y = target.x + INDENT - 11 - 8 * number, source.middle[1]
    return Route(line, ((source.x, y), (x, y), (x, target.bottom)), "lane")


class _Streets:
    """The gaps between cards, and what runs in them already."""

    def __init__(self, plan: Plan, boxes: dict[str, Box], cards: dict[str, Box]) -> None:
        self.plan, self.boxes, self.cards = plan, boxes, cards
        self.used: dict[tuple[str, float], int] = defaultdict(int)
        self.bands: dict[int, list[tuple[str, Box]]] = defaultdict(list)
        for key, box in cards.items():
            for band in range(_band(box.y - AROUND), _band(box.bottom + AROUND) + 1):
                self.bands[band].append((key, box))
        self.gutters = self._gutters()
        self.leaves = self._ports(plan.lines, source=True)
        self.arrives = self._ports(plan.lines, source=False)

    def rises(self, line: Line) -> bool:
        """Say whether a line leaves a card's upper edge for the lower edge of one above."""
        if line.kind == "undercuts":
            return False
        return self.boxes[line.source].y >= self.boxes[line.target].bottom

    def _ports(self, lines: Sequence[Line], *, source: bool) -> dict[Line, float]:
        """Return where lines leave or arrive on a card's edge, spread evenly, uncrossed."""
        found: dict[str, list[tuple[float, Line]]] = defaultdict(list)
        for line in lines:
            if line.source not in self.boxes or line.target not in self.boxes:
                continue
            if not self.rises(line) or self.plan.owner.get(line.source) == line.target:
                continue
            here, there = (line.source, line.target) if source else (line.target, line.source)
            found[here].append((self.boxes[there].middle[0], line))
        ports: dict[Line, float] = {}
        for key, ends in found.items():
            box = self.boxes[key]
            inset = min(INDENT * 1.6, box.width / 4)
            ends.sort(key=lambda end: end[0])
            for number, (_, line) in enumerate(ends, 1):
                ports[line] = box.x + inset + (box.width - 2 * inset) * number / (len(ends) + 1)
        return ports

    def upward(self, line: Line) -> Route:
        """Rise by a smooth curve where nothing is in the way, else by a gap between columns."""
        start = (self.leaves[line], self.boxes[line.source].y)
        end = (self.arrives[line], self.boxes[line.target].bottom)
        skip = {line.source, line.target}
        if self._clear(start, end, skip):
            return Route(line, (start, end), "curve")
        low = start[1] - 14 - 7 * (self._lane("low", start[1]) % 3)
        high = end[1] + 13 + 8 * (self._lane("high", end[1]) % 4)
        x = self._gutter(start, end, low, high)
        x += ((self._lane("up", x) % 5) - 2) * 6
        return Route(
            line, (start, (start[0], low), (x, low), (x, high), (end[0], high), end), "side"
        )

    def sideways(self, line: Line) -> Route:
        """Run from a card's side to a card's side, turning in the gap between two columns."""
        source, target = self.boxes[line.source], self.boxes[line.target]
        rightward, leftward = source.right <= target.x, target.right <= source.x
        start_x = source.x if leftward else source.right
        end_x = target.x if rightward else target.right
        if abs(source.middle[1] - target.middle[1]) < 1 and (rightward or leftward):
            y = source.middle[1]
            return Route(line, ((start_x, y), (end_x, y)), "side")
        gutter = (target.x // COLUMN) * COLUMN - GUTTER / 2
        if not rightward:
            gutter += COLUMN
        number = self._lane("side", gutter)
        x = gutter + (number % 4 - 1.5) * 8
        leave = source.y + source.height * (0.36 + 0.14 * (number % 4))
        arrive = target.y + min(target.height * 0.72, 78)
        return Route(line, ((start_x, leave), (x, leave), (x, arrive), (end_x, arrive)), "side")

    def _lane(self, kind: str, where: float) -> int:
        self.used[kind, where] += 1
        return self.used[kind, where] - 1

    def _gutters(self) -> list[float]:
        left = min(box.x for box in self.cards.values())
        right = max(box.right for box in self.cards.values())
        count = round((right - left + GUTTER) / COLUMN)
        return [left - GUTTER / 2 + COLUMN * number for number in range(count + 1)]

    def _gutter(self, start: Point, end: Point, low: float, high: float) -> float:
        """Return the gap to rise by: near, with few cards in the way to it and from it."""
        best = (inf, 0.0)
        for x in sorted(self.gutters, key=lambda x: (_around(start, x, end), x)):
            if _around(start, x, end) > best[0]:
                break  # those that follow are farther still
            legs = (((start[0], low), (x, low)), ((x, high), (end[0], high)))
            in_the_way = sum(self._crossed(*leg) for leg in legs)
            best = min(best, (_around(start, x, end) + 5000 * in_the_way, x))
        return best[1]

    def _crossed(self, a: Point, b: Point) -> int:
        left, right = sorted((a[0], b[0]))
        return sum(
            box.x < right and box.right > left and box.y - 3 < a[1] < box.bottom + 3
            for _, box in self.bands.get(_band(a[1]), ())
        )

    def _clear(self, start: Point, end: Point, skip: set[str]) -> bool:
        """Say whether a smooth curve between two points touches no card."""
        samples = [_along(start, end, number / 24) for number in range(1, 24)]
        return not any(
            box.x - AROUND < x < box.right + AROUND and box.y - AROUND < y < box.bottom + AROUND
            for x, y in samples
            for key, box in self.bands.get(_band(y), ())
            if key not in skip
        )


def _around(start: Point, x: float, end: Point) -> float:
    """Return how far it is sideways from one point to another by a gap."""
    return abs(x - start[0]) + abs(x - end[0])


def _band(y: float) -> int:
    return int(y // BAND)


def _along(start: Point, end: Point, t: float) -> Point:
    """Return a point of the curve that leaves and arrives upright."""
    middle = (start[1] + end[1]) / 2
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    xs, ys = (start[0], start[0], end[0], end[0]), (start[1], middle, middle, end[1])
    return (
        sum(w * x for w, x in zip(weights, xs, strict=True)),
        sum(w * y for w, y in zip(weights, ys, strict=True)),
    )
