"""docs/semantics.md says what is so: its examples, and its table of other semantics."""

from __future__ import annotations

import importlib.util
import re
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from argmap.strengths import solve

if TYPE_CHECKING:
    from argmap.strengths import Interval, Solution

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("other_semantics", HERE / "other_semantics.py")
assert _spec
assert _spec.loader
other = sys.modules["other_semantics"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(other)

PAGE = (HERE.parent / "docs" / "semantics.md").read_text("utf-8")
EXAMPLES = re.findall(r"^( *)```example\n(.*?)^ *```", PAGE, re.MULTILINE | re.DOTALL)
ROWS = re.findall(r"^\| ([^|]+) \| `([^`]+)` \| (.+) \|$", PAGE, re.MULTILINE)

Nodes = dict[str, dict[str, Any]]
Edges = list[tuple[str, str, str, float]]


def ends(text: str) -> Interval:
    """Return the interval that `[-1, 0.5]` or `0.5` writes."""
    values = [float(value) for value in text.strip("[] ").split(",")]
    return values[0], values[-1]


def read(lines: list[str]) -> tuple[Nodes, Edges, list[tuple[str, Interval, str]]]:
    """Return a debate, and what is said to follow from it."""
    nodes: Nodes = {}
    edges: Edges = []
    expected: list[tuple[str, Interval, str]] = []
    for line in lines:
        name, word, rest = line.split(maxsplit=2)
        node = nodes.setdefault(name, {"kind": "claim"})
        if word == "=>":
            value, status = re.fullmatch(r"(\[.*\]|\S+) ?(\w*)", rest).groups()
            expected.append((name, ends(value), status))
        elif word == "=":
            node |= {"kind": "evidence", "verdict": ends(rest)}
        elif word == "credence":
            node["credence"] = float(rest)
        else:
            target, weight = [*rest.split(), "1"][:2]
            nodes.setdefault(target, {"kind": "claim"})
            edges.append((name, target, word, float(weight)))
            if word == "premise":
                nodes[target]["kind"] = "argument"
    return nodes, edges, expected


def solved(nodes: Nodes, edges: Edges) -> Solution:
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    for name, data in nodes.items():
        graph.add_node(name, kind=data["kind"], credence=data.get("credence"))
    for source, target, kind, weight in edges:
        graph.add_edge(source, target, kind=kind, weight=weight)
    return solve(graph, {n: data["verdict"] for n, data in nodes.items() if "verdict" in data})


@pytest.mark.parametrize("example", [textwrap.dedent(text) for _, text in EXAMPLES])
def test_example_of_the_docs(example: str) -> None:
    """What docs/semantics.md says follows, follows."""
    nodes, edges, expected = read(example.splitlines())
    solution = solved(nodes, edges)
    assert expected
    for name, strength, status in expected:
        assert solution.strength[name] == pytest.approx(strength, abs=1e-9, rel=0)
        assert solution.status.get(name, "") == status


def said(value: Interval | float) -> str:
    """Return a number as the table has it: two digits, an interval in brackets."""
    low, high = value if isinstance(value, tuple) else (value, value)
    low_said, high_said = (f"{round(end, 2) + 0.0:.2f}".replace("-", "−") for end in (low, high))
    return low_said if low_said == high_said else f"[{low_said}, {high_said}]"


@pytest.mark.parametrize("row", ROWS, ids=[title for title, _, _ in ROWS])
def test_the_table_of_other_semantics(row: tuple[str, str, str]) -> None:
    """Each figure is what the semantics, written plainly, give for the claim c."""
    _, example, figures = row
    nodes, edges, _ = read([line.strip() for line in example.split(";")])
    found = [solved(nodes, edges).strength["c"]]
    found += [other.degrees(degree, nodes, edges)["c"] for degree in other.SEMANTICS.values()]
    assert [part.strip() for part in figures.split("|")] == list(map(said, found))


def test_the_table_is_there() -> None:
    """It has a column for each semantics, and rows to compare them by."""
    header = f"| | | argmap | {' | '.join(other.SEMANTICS)} |"
    assert header in PAGE
    assert len(ROWS) >= 10
