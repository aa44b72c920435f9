"""Report -> GraphML, for networkx, yEd, Gephi: plain attributes on nodes and edges."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from argmap.exchange.parts import clean, groups, names, relations

if TYPE_CHECKING:
    from argmap.exchange.parts import Item
    from argmap.report import DebateReport, Report

    Attributes = dict[str, str | int | float | bool]


def graphml(report: Report) -> str:
    """Return one directed graph; a node's id is argmap's, edges are numbered."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        title=clean(report.settings.title), as_of=report.as_of.isoformat()
    )
    found = [(item, debate) for debate, members in groups(report) for item in members]
    name = names(item.id for item, _ in found)
    for item, debate in found:
        graph.add_node(name[item.id], **_node(report, item, debate))
    for number, edge in enumerate(relations(report)):
        graph.add_edge(
            name[edge.source], name[edge.target], f"e{number}", kind=edge.kind, weight=edge.weight
        )
    buffer = BytesIO()
    nx.write_graphml_xml(graph, buffer)  # the other writer needs lxml, and writes other bytes
    return buffer.getvalue().decode()


def _node(report: Report, item: Item, debate: DebateReport | None) -> Attributes:
    attributes: Attributes = {"kind": item.kind, "label": item.text}
    if debate:
        attributes["debate"] = clean(debate.id)
    if item.kind == "claim":
        attributes |= _claim(report, item.id)
    elif item.kind == "evidence":
        attributes |= _evidence(report, item.id)
    else:
        argument = report.arguments[item.id]
        attributes |= {"note": clean(argument.note), "line": argument.span.line}
    return attributes


def _claim(report: Report, id_: str) -> Attributes:
    said = report.claims[id_]
    lo, hi = (round(end, 9) + 0.0 for end in said.now.strength)
    return {
        "status": said.now.status,
        "lo": lo,
        "hi": hi,
        "marks": ", ".join(said.marks),
        "role": said.claim.role,
        "attributed": clean(said.claim.attributed.text) if said.claim.attributed else "",
        "tags": clean(", ".join(said.claim.tags)),
        "note": clean(said.claim.note),
        "line": said.claim.span.line,
    }


def _evidence(report: Report, id_: str) -> Attributes:
    said = report.evidence[id_]
    return {
        "evidence": said.kind,
        "outcome": said.now.outcome,
        "shown": clean(said.now.shown),
        "source": clean("; ".join(source.text or source.url for source in said.sources)),
        "dated": said.now.dated.isoformat() if said.now.dated else "",
        "stale": said.now.stale,
        "note": clean(said.note),
        "line": said.span.line,
    }
