"""A debate -> its page's graph: cards and lines as a pyvis Network. pyvis lives only here."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from argmap.pages import plan
from argmap.pages.cards import effect, said_in
from argmap.pages.layout import Picture, place
from argmap.pages.plan import CARD, INDENT
from argmap.pages.words import ENGLISH, RUSSIAN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template

    from argmap.pages.cards import Card, Deck
    from argmap.report import DebateReport, Edge

OPTIONS: dict[str, Any] = {
    "autoResize": False,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"chosen": False, "shape": "custom"},
    "edges": {"chosen": False, "hidden": True, "smooth": False},
    "interaction": {
        "dragNodes": False,
        "hover": True,
        "selectConnectedEdges": False,
        "tooltipDelay": 10_000_000,
        "zoomSpeed": 0.6,
    },
}
# Of what pyvis says of each node and edge, what our page reads: it must stay light.
NODE = ("id", "label", "x", "y", "width", "height", "card")
EDGE = ("from", "to", "kind", "effect", "shape", "points")
# A claim's card: two lines of text at least, five at most. The page measures the text and wraps it;
# here it is only judged how many lines are surely enough.
HEIGHT, LINE, FEWEST, MOST = 118, 20.5, 2, 5
ROOM, LETTER = 274, 9.4  # width of a line, of a common letter
MARKS, BESIDE = 24, 48  # height of a row of marks; where those beside a status begin, less its word
_WIDE, _NARROW = frozenset("щшжмфюыЩШЖМФЮЫДmwMWQ@%—…"), frozenset(" .,:;!|'ilIjtfr()[]-")


def script() -> bytes:
    """Return the JavaScript of vis-network that pyvis brings; its CSS is not used."""
    from importlib.util import find_spec

    spec = find_spec("pyvis")  # found, not imported: most builds draw no graph anew
    assert spec and spec.origin  # noqa: S101, PT018  we depend on it
    folder = Path(spec.origin).parent / "lib"
    return next(iter(sorted(folder.glob("vis-9.1*/vis-network.min.js")))).read_bytes()


def _networks() -> Any:
    """Return pyvis's class, without the whole of IPython that it can show a graph with."""
    unused = [name for name in ("IPython", "IPython.display") if name not in sys.modules]
    for name in unused:
        sys.modules[name] = ModuleType(name)
        sys.modules[name].IFrame = None  # type: ignore[attr-defined]
    try:
        from pyvis.network import Network
    finally:
        for name in unused:
            del sys.modules[name]
    return Network


def debate_html(
    deck: Deck, debate: DebateReport, template: Template, page: Mapping[str, Any]
) -> str:
    """Return a debate's page: `template`, with what pyvis hands it and what `page` adds."""
    picture = place(*planned(deck, debate))
    network = _networks()(directed=True, cdn_resources="local")
    for key, box in picture.boxes.items():
        _add_node(network, deck, key, box)
    for stack in picture.stacks:
        card = network.get_node(stack.more)["card"]
        card["folds"] = _stack(stack)
        card["icons"] = [deck[item].icon for item in stack.hidden]
        network.get_node(stack.more)["label"] = f"{deck.words('more')} {len(stack.hidden)}"
    _add_edges(network, deck, debate, picture)
    network.set_options(json.dumps(OPTIONS))
    network.templateEnv = _Bound(template, page)
    html: str = network.generate_html("debate.html")
    return html


class _Bound:
    """What pyvis takes for a Jinja environment: one template, and our page's own values."""

    def __init__(self, template: Template, page: Mapping[str, Any]) -> None:
        self.template, self.page = template, page

    def get_template(self, _name: str) -> _Bound:
        """Return the one template."""
        return self

    def render(self, **given: Any) -> str:
        """Render it with pyvis's nodes, edges and options."""
        graph = {
            "nodes": [_brief(node, NODE) for node in given["nodes"]],
            "edges": [_brief(edge, EDGE) for edge in given["edges"]],
        }
        return self.template.render(**{**given, **graph, **self.page})


def _brief(item: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: _rounded(item[key]) for key in keys}


def _rounded(value: Any) -> Any:
    """Return a value with its numbers no finer than anyone could see, less what is not there."""
    if isinstance(value, float):
        short = round(value, 2)
        return int(short) if short.is_integer() else short
    if isinstance(value, dict):
        told = {key: item for key, item in value.items() if item is not None and item is not False}
        return {key: _rounded(item) for key, item in told.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value


def planned(
    deck: Deck, debate: DebateReport
) -> tuple[list[plan.Block], list[plan.Line], list[str]]:
    """Return a debate as blocks and lines for the layout."""
    owner: dict[str, str] = {}
    for claim in debate.claims:
        for edge in deck.incoming.get(claim, ()):
            if edge.source in deck.report.evidence:
                owner.setdefault(edge.source, claim)
    blocks = [
        plan.Block(
            claim,
            _height(deck[claim]),
            tuple(item for item, of in owner.items() if of == claim),
            aside={edge.kind for edge in deck.outgoing.get(claim, ())} == {"undercuts"},
            taller={
                item: more
                for item, of in owner.items()
                if of == claim and (more := _marked(deck[item]))
            },
        )
        for claim in debate.claims
    ]
    lines = [plan.Line(e.source, e.kind, e.target) for e in edges_of(deck, debate)]
    return blocks, lines, [key for key in (debate.main, debate.thesis) if key]


def _height(card: Card) -> int:
    """Return how high a claim's card is."""
    lines, used = 1, 0.0
    for word in card.text.split():
        width = sum(map(_width, word))
        if used and used + LETTER / 2 + width > ROOM:
            lines, used = lines + 1, 0.0
        used += width + (LETTER / 2 if used else 0.0)
    spare = FEWEST - lines if lines < FEWEST else 0  # a line that the text leaves to the marks
    rows = max(_marked(card) - spare * MARKS, 0)
    return round(HEIGHT + LINE * (min(max(lines, FEWEST), MOST) - FEWEST)) + rows


def _marked(card: Card) -> int:
    """Return how much higher a card is for marks that do not fit beside its status or outcome.

    It is as high in either language: the map is laid out once for both.
    """
    if not card.marked:
        return 0
    return MARKS * max(_rows(said_in(card, words)) for words in (ENGLISH, RUSSIAN))


def _rows(card: Card) -> int:
    """Return how many rows of marks there are below the first."""
    wide = CARD if card.kind == "claim" else CARD - INDENT
    dated = 0 if card.kind == "claim" else 11 + _long(card.date, 0.8)  # type: ignore[union-attr]
    left, end = BESIDE + _long(card.word, 0.93), wide - 10.0 - dated
    rows = 0
    for text in card.marked:
        width = _long(text, 0.72) + 16
        if left + width > end:
            rows, left, end = rows + 1, 14.0, wide - 10.0
        left += width + 6
    return rows


def _long(text: str, size: float) -> float:
    """Return how wide a text surely is, in letters of so much of a title's size."""
    return size * sum(map(_width, text))


def _width(letter: str) -> float:
    if letter in _NARROW:
        return LETTER / 2
    return LETTER * 1.4 if letter in _WIDE else LETTER * 1.2 if letter.isupper() else LETTER


def edges_of(deck: Deck, debate: DebateReport) -> list[Edge]:
    """Return a debate's relations, each once, a mutual contradiction once too."""
    members = {*debate.claims, *debate.evidence, *debate.arguments}
    found: dict[tuple[str, ...], Edge] = {}
    for key in (*debate.claims, *debate.evidence, *debate.arguments):
        for edge in deck.outgoing.get(key, ()):
            if edge.target in members:
                ends = sorted((edge.source, edge.target))
                pair = ends if edge.kind == "contradicts" else [edge.source, edge.target]
                found.setdefault((edge.kind, *pair), edge)
    return list(found.values())


def _add_node(network: Any, deck: Deck, key: str, box: plan.Box) -> None:
    card = deck.cards.get(key)
    small = {"kind": "join" if key in deck.report.arguments else "more"}
    data = card.data() if card else small
    x, y = box.middle
    network.add_node(
        key,
        label=_label(deck, key),
        x=round(x, 1),
        y=round(y, 1),
        width=box.width,
        height=box.height,
        card=data,
    )


def _label(deck: Deck, key: str) -> str:
    """Return the text on a card."""
    if key in deck:
        return deck[key].text or key
    return deck.words("role.argument") if key in deck.report.arguments else "+"


def _stack(stack: plan.Stack) -> dict[str, Any]:
    return {"items": stack.hidden, "below": stack.below, "delta": stack.delta}


def _add_edges(network: Any, deck: Deck, debate: DebateReport, picture: Picture) -> None:
    routes = {route.line: route for route in picture.routes}
    for edge in edges_of(deck, debate):
        route = routes.get(plan.Line(edge.source, edge.kind, edge.target))
        if route is None:
            continue
        network.add_edge(
            edge.source,
            edge.target,
            kind=edge.kind,
            effect="contradicts" if edge.kind == "contradicts" else look(deck, edge),
            shape=route.shape,
            points=[[round(x, 1), round(y, 1)] for x, y in route.points],
        )


def look(deck: Deck, edge: Edge) -> str:
    """Return the look of a line; a premise looks as its argument's conclusion does."""
    how = effect(edge)
    if how != "premise":
        return how
    onward = [effect(e) for e in deck.outgoing.get(edge.target, ()) if e.kind != "undercuts"]
    return onward[0] if onward else "idle"
