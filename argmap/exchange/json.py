"""Report -> JSON: the whole result, byte for byte what `site/api/graph.json` holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argmap.report import Report


def json_(report: Report) -> str:
    """Return the whole result; docs/exchange.md lists its keys."""
    from argmap.pages.data import graph_json, to_json

    return to_json(graph_json(report)).decode()
