"""Report -> Mermaid: a flowchart for Markdown pages, a subgraph a debate, a class a status."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argmap.exchange.parts import COLOURS, clean, groups, items, relations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argmap.exchange.parts import Item
    from argmap.report import Edge, Report

_SHAPES = {"claim": "[{}]", "evidence": "([{}])", "argument": "{{{{{}}}}}"}
_ARROWS = {
    "supports": "-->",
    "tests": "-->",
    "premise": "-->",
    "attacks": "-.->",
    "contradicts": "<-.->",
    "undercuts": "-.-x",
}
# Labels are Markdown and HTML to Mermaid: all but letters and digits is written as a code.
_CODED = re.compile(r"[!-/:-@\[-`{-~]")


def mermaid(report: Report) -> str:
    """Return a flowchart; nodes are numbered in the order of the report."""
    return "\n".join([*_lines(report), ""])


def _lines(report: Report) -> Iterator[str]:
    name = {item.id: f"n{number}" for number, item in enumerate(items(report), 1)}
    yield "flowchart BT"
    yield f"  %% as of {report.as_of}"
    for number, (debate, members) in enumerate(groups(report), 1):
        if debate:
            yield f"  subgraph d{number}[{label(clean(debate.title))}]"
        yield from (f"    {_node(item, name[item.id])}" for item in members)
        if debate:
            yield "  end"
    yield from (f"  {_edge(edge, name)}" for edge in relations(report))
    for status, (fill, line) in COLOURS.items():
        dashed = ",stroke-dasharray:4 3" if status == "unknown" else ""
        yield f"  classDef {status} fill:{fill},stroke:{line},color:#1a1c1e{dashed}"


def _node(item: Item, name: str) -> str:
    box = _SHAPES[item.kind].format(label(item.text))
    return f"{name}{box}:::{item.colour}" if item.colour else f"{name}{box}"


def _edge(edge: Edge, name: Mapping[str, str]) -> str:
    said = edge.kind if edge.weight == 1 else f"{edge.kind} × {edge.weight:g}"
    return f"{name[edge.source]} {_ARROWS[edge.kind]}|{label(said)}| {name[edge.target]}"


def label(text: str) -> str:
    """Return text as a label that shows just that text."""
    coded = _CODED.sub(lambda match: f"#{ord(match[0])};", text)
    return f'"{coded}"'
