"""The arithmetic: given cases, a plain reference written from the formulas, and its laws."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from argmap.strengths import prior, solve

if TYPE_CHECKING:
    from argmap.strengths import Interval, Status

VECTORS = json.loads(Path(__file__).with_name("vectors").joinpath("strengths.json").read_text())

Nodes = dict[str, dict[str, Any]]
Edges = list[tuple[str, str, str, float]]


def debate(nodes: Nodes, edges: Edges) -> tuple[nx.MultiDiGraph, dict[str, Interval]]:
    """Return a graph and its verdicts from nodes and edges written as in the vectors."""
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    for name, data in nodes.items():
        graph.add_node(name, **{key: value for key, value in data.items() if key != "verdict"})
    for source, target, kind, weight in edges:
        graph.add_edge(source, target, kind=kind, weight=weight)
    verdicts = {name: tuple(data["verdict"]) for name, data in nodes.items() if "verdict" in data}
    return graph, verdicts


@pytest.mark.parametrize("case", VECTORS, ids=[case["name"] for case in VECTORS])
def test_vector(case: dict[str, Any]) -> None:
    """Each given case has the given strengths, within 1e-9, and the given statuses."""
    graph, verdicts = debate(case["nodes"], [tuple(edge) for edge in case["edges"]])
    solution = solve(graph, verdicts)
    assert set(solution.strength) == set(case["strengths"])
    for name, ends in case["strengths"].items():
        assert solution.strength[name] == pytest.approx(tuple(ends), abs=1e-9, rel=0)
    assert solution.status == case["status"]


# The reference: one dict a thing, one loop a sum, straight from the formulas.


def pos(x: float) -> float:
    return max(0.0, x)


class Reference:
    """The same graph, solved slowly and plainly."""

    def __init__(self, nodes: Nodes, edges: Edges) -> None:
        self.nodes = nodes
        self.kind = {name: data["kind"] for name, data in nodes.items()}
        self.pairs = [(a, b) for a, b, kind, _ in edges if kind == "contradicts"]
        self.links = [
            (a, b, "attacks" if kind == "contradicts" else kind, weight)
            for a, b, kind, weight in edges
        ] + [(b, a, "attacks", weight) for a, b, kind, weight in edges if kind == "contradicts"]
        self.scale_circles()
        self.strength: dict[str, Interval] = {}
        arrows: nx.DiGraph = nx.DiGraph()
        arrows.add_nodes_from(nodes)
        arrows.add_edges_from((a, b) for a, b, _, _ in self.links)
        condensed = nx.condensation(arrows)
        for component in nx.topological_sort(condensed):
            self.solve(condensed.nodes[component]["members"], arrows)

    def scale_circles(self) -> None:
        lifts: nx.DiGraph = nx.DiGraph()
        lifts.add_nodes_from(self.nodes)
        lifts.add_edges_from(
            (a, b) for a, b, kind, _ in self.links if kind in {"supports", "premise"}
        )
        circle = {
            name: number
            for number, members in enumerate(nx.strongly_connected_components(lifts))
            for name in members
        }

        def inside(link: tuple[str, str, str, float]) -> bool:
            return link[2] == "supports" and circle[link[0]] == circle[link[1]]

        total = dict.fromkeys(self.nodes, 0.0)
        for link in self.links:
            if inside(link):
                total[link[1]] += link[3]
        self.links = [
            (a, b, kind, weight / max(1.0, total[b]) if inside((a, b, kind, weight)) else weight)
            for a, b, kind, weight in self.links
        ]

    def solve(self, members: set[str], arrows: nx.DiGraph) -> None:
        looped = len(members) > 1 or any(arrows.has_edge(name, name) for name in members)
        for name in members:
            self.strength[name] = (0.0, 1.0) if self.kind[name] == "argument" else (-1.0, 1.0)
        for _ in range(1000 if looped else 1):
            new = {name: self.step(name) for name in members}
            moved = max(
                abs(new[name][end] - self.strength[name][end]) for name in members for end in (0, 1)
            )
            self.strength.update(new)
            if moved < 1e-9:
                break

    def step(self, name: str) -> Interval:
        if self.kind[name] == "claim":
            (f_low, f_high), (a_low, a_high) = self.sides(name)
            credence = self.nodes[name].get("credence")
            if credence is None and not any(b == name for _, b, _, _ in self.links):
                return (-1.0, 1.0)
            base = 0.0 if credence is None else (2 * credence - 1) / (1 - abs(2 * credence - 1))
            low, high = base + f_low - a_high, base + f_high - a_low
            return low / (1 + abs(low)), high / (1 + abs(high))
        left_low, left_high = self.left(name)
        if self.kind[name] == "evidence":
            low, high = self.nodes[name]["verdict"]
        else:
            premises = [
                self.strength[a] for a, b, kind, _ in self.links if (b, kind) == (name, "premise")
            ]
            low = min(pos(premise[0]) for premise in premises)
            high = min(pos(premise[1]) for premise in premises)
        forces = [low * left_low, low * left_high, high * left_low, high * left_high]
        return min(forces), max(forces)

    def left(self, name: str) -> Interval:
        def at(end: int) -> float:
            cut = 0.0
            for a, b, kind, weight in self.links:
                if (b, kind) == (name, "undercuts") and weight:
                    u = pos(self.strength[a][end])
                    cut += weight * u / (1 - u) if u < 1 else math.inf
            return max(0.0, 1 - cut)

        return at(1), at(0)

    def sides(self, name: str) -> tuple[Interval, Interval]:
        f_low = f_high = a_low = a_high = 0.0
        for a, b, kind, weight in self.links:
            if b != name or kind not in {"supports", "attacks"}:
                continue
            low, high = self.strength[a]
            pro = (weight * pos(low), weight * pos(high))
            con = (
                (weight * pos(-high), weight * pos(-low))
                if self.kind[a] == "evidence"
                else (0.0, 0.0)
            )
            if kind == "attacks":
                pro, con = con, pro
            f_low, f_high = f_low + pro[0], f_high + pro[1]
            a_low, a_high = a_low + con[0], a_high + con[1]
        return (f_low, f_high), (a_low, a_high)

    def statuses(self) -> dict[str, Status]:
        alone: dict[str, Status] = {}
        for name, kind in self.kind.items():
            if kind != "claim":
                continue
            (f_low, f_high), (a_low, a_high) = self.sides(name)
            low, high = self.strength[name]
            weaker = min(f_low, a_low)
            if weaker > 1e-9 and weaker >= 0.4 * max(f_high, a_high) - 1e-9:
                alone[name] = "contested"
            elif low >= 0.2 - 1e-9:
                alone[name] = "supported"
            elif high <= -0.2 + 1e-9:
                alone[name] = "refuted"
            else:
                alone[name] = "unknown"
        clash = {
            name
            for pair in self.pairs
            if all(alone[one] == "supported" for one in pair)
            for name in pair
        }
        return {name: "contested" if name in clash else status for name, status in alone.items()}


VERDICTS = [(1, 1), (-1, -1), (0, 0), (-1, 1), (0, 1), (0.6, 0.6), (-0.5, 0.25)]


@st.composite
def debates(draw: st.DrawFn) -> tuple[Nodes, Edges]:
    """Draw a debate: claims with evidence and arguments, loops as they come."""
    claims = [f"c{i}" for i in range(draw(st.integers(1, 6)))]
    evidence = [f"k{i}" for i in range(draw(st.integers(0, 5)))]
    arguments = [f"g{i}" for i in range(draw(st.integers(0, 2)))]
    credence = st.sampled_from([None, None, None, 0.1, 0.6, 0.9])
    nodes: Nodes = {name: {"kind": "claim", "credence": draw(credence)} for name in claims}
    nodes |= {
        name: {"kind": "evidence", "verdict": draw(st.sampled_from(VERDICTS))} for name in evidence
    }
    nodes |= {name: {"kind": "argument"} for name in arguments}
    weight = st.sampled_from([0.25, 0.5, 1.0, 1.0, 1.0, 2.0, 3.0])

    def some(sources: list[str], targets: list[str], kinds: list[str], most: int) -> Edges:
        if not sources or not targets:
            return []
        edge = st.tuples(
            st.sampled_from(sources), st.sampled_from(targets), st.sampled_from(kinds), weight
        )
        return draw(st.lists(edge, max_size=most))

    edges = some(claims, claims, ["supports", "supports", "attacks", "contradicts"], 10)
    edges += some(evidence, claims, ["supports", "attacks"], 6)
    edges += some(claims, [*evidence, *arguments], ["undercuts"], 3)
    edges += some(arguments, claims, ["supports", "attacks"], 3)
    for name in arguments:
        edges += [(draw(st.sampled_from(claims)), name, "premise", 1.0)]
        edges += some(claims, [name], ["premise"], 2)
    return nodes, edges


@settings(deadline=None, max_examples=150)
@given(debates())
def test_agrees_with_reference(drawn: tuple[Nodes, Edges]) -> None:
    """Arrays and formulas agree on any debate, loops included, to 1e-9, and on every status."""
    reference = Reference(*drawn)
    solution = solve(*debate(*drawn))
    for name, ends in reference.strength.items():
        assert solution.strength[name] == pytest.approx(ends, abs=1e-9, rel=0)
    assert solution.status == reference.statuses()
