"""Strengths straight from the formulas: one dict a thing, one loop a sum. Slow, and plain.

The tests hold the solver to it, and the benchmark measures against it. It takes nodes as
`{"c": {"kind": "claim", "credence": 0.7}, "k": {"kind": "evidence", "verdict": (-1, 1)}}` and
relations as `(source, target, kind, weight)`, "tests" written as "supports".
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import networkx as nx

Interval = tuple[float, float]
Nodes = dict[str, dict[str, Any]]
Edges = list[tuple[str, str, str, float]]


class Link(NamedTuple):
    """A relation; a contradiction has become two attacks."""

    source: str
    target: str
    kind: str
    weight: float


def pos(x: float) -> float:
    """Return the positive part."""
    return max(0.0, x)


class Reference:
    """A debate, solved on construction: `strength` of every node, `statuses()` of the claims."""

    def __init__(self, nodes: Nodes, edges: Edges) -> None:
        self.nodes = nodes
        self.kind = {name: data["kind"] for name, data in nodes.items()}
        self.pairs = [(a, b) for a, b, kind, _ in edges if kind == "contradicts"]
        links = [Link(a, b, "attacks" if k == "contradicts" else k, w) for a, b, k, w in edges]
        links += [Link(b, a, "attacks", w) for a, b, kind, w in edges if kind == "contradicts"]
        self.into: dict[str, list[Link]] = {name: [] for name in nodes}
        for link in scaled(nodes, links):
            self.into[link.target].append(link)
        self.strength: dict[str, Interval] = {
            name: (0.0, 1.0) if kind == "argument" else (-1.0, 1.0)
            for name, kind in self.kind.items()
        }
        arrows = arrows_of(nodes, links)
        condensed = nx.condensation(arrows)
        for component in nx.topological_sort(condensed):
            members = condensed.nodes[component]["members"]
            looped = len(members) > 1 or any(arrows.has_edge(name, name) for name in members)
            self.settle(members, rounds=1000 if looped else 1)

    def settle(self, members: set[str], rounds: int) -> None:
        """Go rounds until nothing moves by 1e-9: in each, all members from the last one's."""
        for _ in range(rounds):
            old = {name: self.strength[name] for name in members}
            new = {name: self.step(name) for name in members}
            self.strength.update(new)
            if all(abs(a - b) < 1e-9 for n in members for a, b in zip(old[n], new[n], strict=True)):
                break

    def step(self, name: str) -> Interval:
        """Return what a node's strength is, with all others' as they stand."""
        if self.kind[name] == "claim":
            return self.strength_of_claim(name)
        low, high = self.verdict(name)
        left_low, left_high = self.left(name)
        forces = [low * left_low, low * left_high, high * left_low, high * left_high]
        return min(forces), max(forces)

    def strength_of_claim(self, name: str) -> Interval:
        """Return E / (1 + |E|) at both ends."""
        credence = self.nodes[name].get("credence")
        if credence is None and not self.into[name]:
            return -1.0, 1.0
        b = 0.0 if credence is None else 2 * credence - 1
        (for_low, for_high), (against_low, against_high) = self.sides(name)
        low = b / (1 - abs(b)) + for_low - against_high
        high = b / (1 - abs(b)) + for_high - against_low
        return low / (1 + abs(low)), high / (1 + abs(high))

    def verdict(self, name: str) -> Interval:
        """Return what evidence came to; of an argument, its weakest premise."""
        if self.kind[name] == "evidence":
            low, high = self.nodes[name]["verdict"]
            return low, high
        links = [link for link in self.into[name] if link.kind == "premise"]
        lows, highs = zip(*(self.strength[link.source] for link in links), strict=True)
        return pos(min(lows)), pos(min(highs))

    def left(self, name: str) -> Interval:
        """Return what undercutters leave of evidence or an argument."""
        cut_low = cut_high = 0.0
        for link in self.into[name]:
            if link.kind == "undercuts" and link.weight:
                low, high = map(pos, self.strength[link.source])
                cut_low += link.weight * low / (1 - low) if low < 1 else math.inf
                cut_high += link.weight * high / (1 - high) if high < 1 else math.inf
        return pos(1 - cut_high), pos(1 - cut_low)

    def sides(self, name: str) -> tuple[Interval, Interval]:
        """Return F and A: what speaks for a claim, and what against."""
        f_low = f_high = a_low = a_high = 0.0
        for source, _, kind, weight in self.into[name]:
            low, high = self.strength[source]
            pro, con = (weight * pos(low), weight * pos(high)), (0.0, 0.0)
            if self.kind[source] == "evidence":
                con = (weight * pos(-high), weight * pos(-low))
            if kind == "attacks":
                pro, con = con, pro
            f_low, f_high = f_low + pro[0], f_high + pro[1]
            a_low, a_high = a_low + con[0], a_high + con[1]
        return (f_low, f_high), (a_low, a_high)

    def statuses(self) -> dict[str, str]:
        """Return every claim's status."""
        alone = {name: self.status(name) for name, kind in self.kind.items() if kind == "claim"}
        clash = [pair for pair in self.pairs if all(alone[one] == "supported" for one in pair)]
        return alone | {name: "contested" for pair in clash for name in pair}

    def status(self, name: str) -> str:
        """Return a claim's status, contradictions aside."""
        (f_low, f_high), (a_low, a_high) = self.sides(name)
        low, high = self.strength[name]
        weaker = min(f_low, a_low)
        if weaker > 1e-9 and weaker >= 0.4 * max(f_high, a_high) - 1e-9:
            return "contested"
        if low >= 0.2 - 1e-9:
            return "supported"
        return "refuted" if high <= -0.2 + 1e-9 else "unknown"


def arrows_of(nodes: Nodes, links: list[Link]) -> nx.DiGraph:
    """Return what leads to what."""
    arrows: nx.DiGraph = nx.DiGraph()
    arrows.add_nodes_from(nodes)
    arrows.add_edges_from((link.source, link.target) for link in links)
    return arrows


def scaled(nodes: Nodes, links: list[Link]) -> list[Link]:
    """Return the links, supports from inside a claim's circle weighing at most 1 together."""
    lifts = arrows_of(nodes, [link for link in links if link.kind in {"supports", "premise"}])
    circles = list(nx.strongly_connected_components(lifts))
    circle = {name: number for number, members in enumerate(circles) for name in members}
    total = dict.fromkeys(nodes, 0.0)

    def inside(link: Link) -> bool:
        return link.kind == "supports" and circle[link.source] == circle[link.target]

    for link in links:
        total[link.target] += link.weight * inside(link)
    return [
        link._replace(weight=link.weight / max(1.0, total[link.target])) if inside(link) else link
        for link in links
    ]
