"""Which nodes hang together in loops, and in what order to take them. Linear time, no recursion."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from argmap.strengths.links import Numbers

NO: Final = -1  # number yet
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
    found = _search(len(nodes), place[source[core]], place[target[core]])
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


def levels(number: Numbers, source: Numbers, target: Numbers) -> Numbers:
    """Return each component's level: one above the highest component that leads into it."""
    size = int(number.max(initial=-1)) + 1
    before, after = number[source], number[target]
    across = before != after
    before, after = before[across], after[across]
    entered = np.zeros(size, dtype=np.intp)
    entered[after] = 1
    level = entered.tolist()
    # Arrows that start where nothing leads in are done with; the rest go in topological order.
    deep = entered[before] > 0
    before, after = before[deep], after[deep]
    order = np.argsort(after, kind="stable")
    for low, high in zip(before[order].tolist(), after[order].tolist(), strict=True):
        if level[low] >= level[high]:
            level[high] = level[low] + 1
    return np.asarray(level, dtype=np.intp)
