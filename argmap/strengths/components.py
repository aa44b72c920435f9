"""Which nodes hang together in loops, and in what order to take them. Linear time, no recursion."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from argmap.strengths.links import Flags, Numbers

NO: Final = -1  # number yet
TRIES: Final = 3  # at finding loops by passes over all arrows
PASSES: Final = 30  # each way
WORTH_PASSES: Final = 2_000  # arrows; fewer are searched in less time
ENOUGH: Final = 0.95  # layers come off while each leaves less than this of the arrows


def components(count: int, source: Numbers, target: Numbers) -> Numbers:
    """Return each node's strongly connected component, numbered so that arrows never go down.

    Nodes are 0 .. count-1, arrows lead from ``source[i]`` to ``target[i]``.
    """
    number = np.full(count, NO, dtype=np.intp)
    ahead, behind, core = _peeled(number, source, target)
    nodes = np.flatnonzero(number == NO)
    place = np.zeros(count, dtype=np.intp)
    place[nodes] = np.arange(len(nodes))
    before, after = place[source[core]], place[target[core]]
    part = _contracted(len(nodes), before, after)
    before, after = part[before], part[after]
    apart = before != after
    found = _search(int(part.max(initial=-1)) + 1, before[apart], after[apart])[part]
    number[ahead] = np.arange(len(ahead))
    number[nodes] = found + len(ahead)
    number[behind] = np.arange(len(behind)) + len(ahead) + int(found.max(initial=-1)) + 1
    return number


def _peeled(number: Numbers, source: Numbers, target: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return nodes to number first and nodes to number last, in order, and the others' arrows.

    Those are in no loop: nothing leads to them, or they to nothing, but what was taken off before.
    A debate's evidence is among them, and much of its circles' surroundings; the search costs more.
    """
    ahead: list[Numbers] = []
    behind: list[Numbers] = []
    core, had = np.arange(len(source)), math.inf
    while len(core) < ENOUGH * had:
        had = len(core)
        ahead.append(_take_off(number, target[core]))
        behind.insert(0, _take_off(number, source[core]))
        core = core[(number[source[core]] == NO) & (number[target[core]] == NO)]
    return np.concatenate(ahead), np.concatenate(behind), core


def _take_off(number: Numbers, tied: Numbers) -> Numbers:
    """Return the nodes without a number that are not tied, and give them one."""
    free = number == NO
    free[tied] = False
    number[free] = 0
    return np.flatnonzero(free)


def _contracted(count: int, source: Numbers, target: Numbers) -> Numbers:
    """Return each node's part, numbered from 0: nodes of a part lead to each other.

    Most loops come out as one part each, in a few passes over all arrows at once; the search, which
    goes node by node, is left with the rest. Where passes end early, parts are only smaller.
    """
    root = np.arange(count)
    for _ in range(TRIES):
        loose = root == np.arange(count)
        arrows = np.flatnonzero(loose[source] & loose[target])
        if len(arrows) < WORTH_PASSES:
            break
        before, after = source[arrows], target[arrows]
        colour = _greatest(np.arange(count), before, after)
        same = colour[before] == colour[after]
        back = _leading(colour == np.arange(count), before[same], after[same])
        root = np.where(loose & back, colour, root)
    return np.unique(root, return_inverse=True)[1]


def _greatest(colour: Numbers, source: Numbers, target: Numbers) -> Numbers:
    """Return the greatest colour among those of a node and of nodes that lead to it."""
    for _ in range(PASSES):
        up = colour[source] > colour[target]
        if not up.any():
            break
        np.maximum.at(colour, target[up], colour[source[up]])
    return colour


def _leading(reached: Flags, source: Numbers, target: Numbers) -> Flags:
    """Return the nodes that are reached, and those that lead to them."""
    for _ in range(PASSES):
        more = reached[target] & ~reached[source]
        if not more.any():
            break
        reached[source[more]] = True
    return reached


def _search(count: int, source: Numbers, target: Numbers) -> Numbers:
    """Return components' numbers, by a search in depth against the arrows (after Pearce 2016)."""
    before = _neighbours(count, target, source)
    rank = [0] * count
    # 0: not visited; 1 .. count: visited, the earliest visit in reach; above: of a component that
    # is done, so that no test for "still open" is needed.
    visits, done = 0, count + 1
    for root in range(count):
        if not rank[root]:
            visits, done = _visit(root, before, rank, visits, done)
    return np.asarray(rank, dtype=np.intp) - (count + 1)


def _visit(
    root: int, before: tuple[list[int], list[int]], rank: list[int], visits: int, done: int
) -> tuple[int, int]:
    """Visit all that leads to a node; return how many visits and components there are now."""
    flat, start = before
    visits += 1
    rank[root] = visits
    waiting: list[int] = []
    path = [(root, visits, iter(flat[start[root] : start[root + 1]]))]
    while path:
        node, visit, rest = path[-1]
        low = rank[node]
        for other in rest:
            seen = rank[other]
            if not seen:
                visits += 1
                rank[other] = visits
                path.append((other, visits, iter(flat[start[other] : start[other + 1]])))
                break
            if seen < low:  # noqa: PLR1730 (min() would double the time of this search)
                low = seen
        else:
            path.pop()
            if low < visit:
                waiting.append(node)
                parent = path[-1][0]
                rank[parent] = min(rank[parent], low)
            else:
                low = done
                done += 1
                while waiting and rank[waiting[-1]] >= visit:
                    rank[waiting.pop()] = low
        rank[node] = low
    return visits, done


def _neighbours(count: int, of: Numbers, neighbour: Numbers) -> tuple[list[int], list[int]]:
    """Return the other ends of all nodes' arrows, node by node, and where each node's begin."""
    ends = np.cumsum(np.bincount(of, minlength=count))
    return neighbour[np.argsort(of, kind="stable")].tolist(), [0, *ends.tolist()]


def stages(number: Numbers, source: Numbers, target: Numbers) -> Numbers:
    """Return each component's stage: after those of all that lead into it.

    Components of one stage are either loops, which do not lead into each other, or none is. Loops
    come as late as they can be, so that most stand in few stages: those that rest on no other
    loop, those that rest on one, and so on. Between these come the rest, level by level.
    """
    size = int(number.max(initial=-1)) + 1
    before, after = number[source], number[target]
    inside = before == after
    loops = np.zeros(size, dtype=np.intp)
    loops[after[inside]] = 1
    before, after = before[~inside], after[~inside]
    entered = np.zeros(size, dtype=np.intp)
    entered[after] = 1
    # Arrows that start where nothing leads in are done with; the rest go in topological order.
    deep = (entered[before] | loops[before]) > 0
    before, after = before[deep], after[deep]
    order = np.argsort(after, kind="stable")
    level, under = _levels(entered, loops, before[order], after[order])
    last: int = level.max(initial=0) + 1
    stage: Numbers = np.where(loops > 0, last, level) + under * (last + 1)
    return stage


def _levels(
    entered: Numbers, loops: Numbers, before: Numbers, after: Numbers
) -> tuple[Numbers, Numbers]:
    """Return how many steps, and how many loops, the longest way to each component has."""
    level, under, loop = entered.tolist(), np.zeros_like(entered).tolist(), loops.tolist()
    for low, high in zip(before.tolist(), after.tolist(), strict=True):
        if level[low] >= level[high]:
            level[high] = level[low] + 1
        under[high] = max(under[high], under[low] + loop[low])
    return np.asarray(level, dtype=np.intp), np.asarray(under, dtype=np.intp)
