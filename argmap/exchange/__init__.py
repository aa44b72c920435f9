"""Report -> other programs' formats, each a text; `argmap export`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.exchange.argdown import argdown
from argmap.exchange.dot import dot
from argmap.exchange.graphml import graphml
from argmap.exchange.json import json_
from argmap.exchange.jsonld import jsonld
from argmap.exchange.mermaid import mermaid

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.report import Report

__all__ = ["FORMATS"]

FORMATS: dict[str, Callable[[Report], str]] = {
    "json": json_,
    "argdown": argdown,
    "graphml": graphml,
    "dot": dot,
    "mermaid": mermaid,
    "jsonld": jsonld,
}
