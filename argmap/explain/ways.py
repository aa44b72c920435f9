"""What bears on what: upstream, downstream, and the way from one node to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argmap.strengths import Graph


def upstream(graph: Graph, *names: str) -> dict[str, int]:
    """Return all that bears on some nodes, themselves included, each with its distance."""
    distance: dict[str, int] = {}
    ring, steps = list(names), 0
    while ring:
        distance.update(dict.fromkeys(ring, steps))
        found = {before: None for node in ring for before in bearers(graph, node)}
        ring, steps = [node for node in found if node not in distance], steps + 1
    return distance


def connected(graph: Graph, name: str) -> list[str]:
    """Return the nodes that hang together with one, over whatever relations."""
    seen = {name: None}
    ring = [name]
    while ring:
        near = (node for one in ring for node in (*graph.predecessors(one), *graph.successors(one)))
        ring = [node for node in dict.fromkeys(near) if node not in seen]
        seen.update(dict.fromkeys(ring))
    return list(seen)


def bearers(graph: Graph, name: str) -> Iterator[str]:
    """Yield what bears on a node directly: what leads to it, and what contradicts it."""
    yield from graph.predecessors(name)
    for _, other, data in graph.out_edges(name, data=True):
        if data["kind"] == "contradicts":
            yield other


def borne(graph: Graph, name: str) -> Iterator[str]:
    """Yield what a node bears on directly: what it leads to, and what it contradicts."""
    yield from graph.successors(name)
    for other, _, data in graph.in_edges(name, data=True):
        if data["kind"] == "contradicts":
            yield other


def path(graph: Graph, source: str, target: str) -> tuple[str, ...]:
    """Return the ids on a shortest way from a node to one it bears on, both included.

    Of several ways as short it is the one whose ids come first.
    """
    distance = upstream(graph, target)
    steps = [source]
    while steps[-1] != target:
        here = steps[-1]
        ahead = (name for name in borne(graph, here) if name in distance)
        steps.append(min(ahead, key=lambda name: (distance[name], name)))
    return tuple(steps)
