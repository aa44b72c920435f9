"""Report -> DOT, for Graphviz: a box a claim, a cluster a debate, colours by status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.exchange.parts import COLOURS, clean, groups, items, names, relations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argmap.exchange.parts import Item
    from argmap.report import Edge, Report

_SHAPES = {"claim": "box", "evidence": "note", "argument": "ellipse"}
_EDGES = {  # colours say the kind, and so does the label
    "supports": {"color": "#00795a"},
    "tests": {"color": "#00795a"},
    "premise": {"color": "#5f6871"},
    "attacks": {"color": "#b3261e", "style": "dashed"},
    "contradicts": {"color": "#b3261e", "style": "dashed", "dir": "both"},
    "undercuts": {"color": "#8a5a00", "style": "dotted", "arrowhead": "tee"},
}
_WIDTH = 32  # characters to a line of a label


def dot(report: Report) -> str:
    """Return one directed graph; a node's name is argmap's id, its backslashes doubled."""
    return "\n".join([*_lines(report), ""])


def _lines(report: Report) -> Iterator[str]:
    name = names((item.id for item in items(report)), node_name)
    yield "digraph argmap {"
    yield f"  graph [rankdir=BT, label={_label(f'As of {report.as_of}')}, fontname=sans];"
    yield "  node [fontname=sans, style=filled, fillcolor=white];"
    yield "  edge [fontname=sans, fontsize=10];"
    for number, (debate, members) in enumerate(groups(report), 1):
        if debate:
            yield f"  subgraph cluster_{number} {{"
            yield f"    label={_label(clean(debate.title))};"
        yield from (f"    {_node(item, name[item.id])}" for item in members)
        if debate:
            yield "  }"
    yield from (f"  {_edge(edge, name)}" for edge in relations(report))
    yield "}"


def _node(item: Item, name: str) -> str:
    attributes = {"kind": item.kind, "shape": _SHAPES[item.kind]}
    if item.state:
        fill, line = COLOURS[item.colour]
        word = "status" if item.kind == "claim" else "outcome"
        attributes |= {word: item.state, "fillcolor": fill, "color": line}
    style = ', style="filled,dashed"' if item.colour == "unknown" else ""
    return f"{quoted(name)} [label={_label(item.text)}, {_listed(attributes)}{style}];"


def _edge(edge: Edge, name: Mapping[str, str]) -> str:
    label = edge.kind if edge.weight == 1 else f"{edge.kind} × {edge.weight:g}"
    attributes = {"kind": edge.kind, "label": label} | _EDGES[edge.kind]
    return f"{quoted(name[edge.source])} -> {quoted(name[edge.target])} [{_listed(attributes)}];"


def _listed(attributes: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={quoted(value)}" for key, value in attributes.items())


def node_name(id_: str) -> str:
    """Return a name for a node; Graphviz keeps those that begin with `%` to itself."""
    name = clean(id_)
    return f"·{name}" if name.startswith("%") else name


def quoted(text: str) -> str:
    r"""Return a DOT string. A backslash is written twice: one before the last quote hides it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _label(text: str) -> str:
    r"""Return a label: `\n` breaks lines, and `&` begins an entity there."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _WIDTH:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return '"' + "\\n".join(quoted(line.replace("&", "&amp;"))[1:-1] for line in lines) + '"'
