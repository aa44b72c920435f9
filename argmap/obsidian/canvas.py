"""A debate -> its map as a canvas (JSON Canvas 1.0); what a person moved or added in it stays.

Our cards and lines are known by their ids, which hang on the claims' and evidence's own. A card
keeps its place as long as somebody else has had a hand in the canvas; only in one that is as
argmap left it are all laid out anew, and only when a card came or went.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from argmap import __version__
from argmap.claims.ids import slug
from argmap.obsidian.colours import MergeError, read_json
from argmap.obsidian.links import link_to, shown
from argmap.obsidian.places import FOLDER
from argmap.obsidian.snippet import SIGNS
from argmap.pages import plan
from argmap.pages.layout import place
from argmap.pages.words import Words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from argmap.report import DebateReport, Edge, Report

Item = dict[str, Any]  # a node or an edge of a canvas
Canvas = dict[str, Any]
_PREFIX = "argmap-"
_COLOURS = {"supported": "4", "refuted": "1", "contested": "2"}  # green, red, orange
_OUTCOMES = {"pass": "✓", "fail": "✗", "unknown": "?", "error": "!"}
_HEIGHT, _LETTERS = 130, 34  # a claim's card; more for text of more than so many a line
_LINE = 24
_PLACE = ("id", "x", "y", "width", "height")
_placing = itemgetter(*_PLACE)
_GAP = 20
_ROWS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def path_of(debate: DebateReport) -> str:
    """Return where in the vault a debate's canvas is: its name in its own alphabet."""
    mark = blake2b(debate.id.encode(), digest_size=5).hexdigest()  # keeps alike names apart
    return f"{FOLDER}/{slug(debate.id) or 'map'}-{mark}.canvas"


def has_canvas(debate: DebateReport) -> bool:
    """Say whether there is anything to draw: two cards."""
    return len(debate.claims) + len(debate.evidence) > 1


def relations(report: Report) -> dict[str, list[Edge]]:
    """Return what leads from each claim, evidence and argument."""
    found: dict[str, list[Edge]] = {}
    for edge in report.edges:
        found.setdefault(edge.source, []).append(edge)
    return found


def signature(report: Report, debate: DebateReport, leading: Mapping[str, list[Edge]]) -> str:
    """Return a hash of all that a debate's canvas shows."""
    claims = [report.claims[key] for key in debate.claims]
    evidence = [report.evidence[key] for key in debate.evidence]
    keys = (*debate.claims, *debate.evidence, *debate.arguments)
    shows = [
        (
            __version__,
            report.settings.own_language,
            report.settings.vault,
            debate.main,
            debate.thesis,
        ),
        [(c.claim.id, c.claim.text, c.claim.block, c.now.status, c.marks) for c in claims],
        [(e.id, e.kind, e.text, e.now.outcome, e.now.shown) for e in evidence],
        [(key, report.arguments[key].text) for key in debate.arguments],
        [
            (e.source, e.kind, e.target, *_look(e).values())
            for key in keys
            for e in leading.get(key, ())
        ],
    ]
    return blake2b(repr(shows).encode("utf-8", "replace"), digest_size=8).hexdigest()


def read(data: bytes | None, *, surely: bool = False) -> Canvas:
    """Return a canvas, an empty one for no file. Raises MergeError where it is none.

    What is `surely` as argmap wrote it is not looked through for what a person may have broken.
    """
    if surely and data is not None:
        whole: Canvas = json.loads(data)
        return whole
    canvas = {"nodes": [], "edges": [], **read_json(data)}
    for key in ("nodes", "edges"):
        if not isinstance(canvas[key], list) or not all(
            isinstance(item, dict) and isinstance(item.get("id"), str) for item in canvas[key]
        ):
            raise MergeError(f"its {key!r} are no list of items with ids")
    return canvas


def geometry(canvas: Canvas) -> str:
    """Return where all cards of a canvas stand, as a hash."""
    try:
        places: list[Any] = list(map(_placing, canvas["nodes"]))
    except KeyError:  # a person's card, which lacks something
        places = [[node.get(key) for key in _PLACE] for node in canvas["nodes"]]
    return blake2b(json.dumps(places).encode(), digest_size=8).hexdigest()


def ours(canvas: Canvas) -> set[str]:
    """Return the ids of our cards and lines in a canvas."""
    return {item["id"] for key in ("nodes", "edges") for item in canvas[key] if _is_ours(item)}


def cards(debate: DebateReport) -> set[str]:
    """Return the ids of the cards that a debate's canvas has where nobody deleted any."""
    return set(_ids(debate).values())


def drawn(
    report: Report,
    debate: DebateReport,
    leading: Mapping[str, list[Edge]],
    canvas: Canvas,
    *,
    untouched: bool,
    deleted: Collection[str] = (),
) -> Canvas:
    """Return a debate's canvas, `leading` being the report's relations.

    `canvas` is the one there is; `untouched` says that every card stands where argmap put it.
    Cards and lines that a person `deleted` stay away, and lines to such a card too.
    """
    lines = _relations(debate, leading)
    ids = _ids(debate)
    nodes = {k: node for k, node in _nodes(report, debate, ids).items() if k not in deleted}
    edges = {
        key: edge
        for key, edge in _edges(report, lines, ids).items()
        if key not in deleted and edge["fromNode"] in nodes and edge["toNode"] in nodes
    }
    theirs = [edge for edge in canvas["edges"] if not _is_ours(edge)]
    held = {edge.get(end) for edge in theirs for end in ("fromNode", "toNode")}
    there = {node["id"] for node in canvas["nodes"] if _is_ours(node)}
    boxes = {} if nodes.keys() <= there else _boxes(report, debate, lines, ids)
    if untouched and boxes:
        there = set()
    wanted = {*nodes, *held}
    kept = [
        _redrawn(node, nodes)
        for node in canvas["nodes"]
        if not _is_ours(node) or (node["id"] in there and node["id"] in wanted)
    ]
    new = [key for key in nodes if key not in there]
    return {
        **canvas,
        "nodes": kept + _placed(new, nodes, boxes, kept),
        "edges": [*_merged(edges, canvas["edges"]), *theirs],
    }


def cleaned(data: bytes | None) -> bytes | None:
    """Return a canvas without our cards and lines, None where nothing is left."""
    if data is None:
        return None
    canvas = read(data)
    after = {key: [i for i in canvas[key] if not _is_ours(i)] for key in ("nodes", "edges")}
    whole = {**canvas, **after}
    if whole == canvas:
        return data
    gone = {node["id"] for node in canvas["nodes"] if _is_ours(node)}
    whole["edges"] = [e for e in whole["edges"] if not {e.get("fromNode"), e.get("toNode")} & gone]
    return dumped(whole) if any(whole.values()) else None


def _is_ours(item: Item) -> bool:
    return bool(item["id"].startswith(_PREFIX))


def _id(*parts: str) -> str:
    return _PREFIX + blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()


# Cards


def _ids(debate: DebateReport) -> dict[str, str]:
    """Return the id of each card, by what it shows."""
    return {key: _id(key) for key in (*debate.claims, *debate.evidence, *debate.arguments)}


def _nodes(report: Report, debate: DebateReport, ids: Mapping[str, str]) -> dict[str, Item]:
    """Return our cards by id, without their places; no colour, as `None`, is a status's too."""
    words = Words(report.settings.own_language)
    cards = {key: _claim(report, words, key) for key in debate.claims}
    cards |= {key: _evidence(report, words, key) for key in debate.evidence}
    cards |= {key: _argument(report, words, key) for key in debate.arguments}
    return {ids[key]: {"id": ids[key], "type": "text", **card} for key, card in cards.items()}


def _claim(report: Report, words: Words, key: str) -> Item:
    item = report.claims[key]
    status = item.now.status
    head = " · ".join([f"**{SIGNS[status]} {words(status)}**", *(words(m) for m in item.marks)])
    where = link_to(report, key, item.claim.note.removesuffix(".md"))
    card = {"text": f"{head}\n\n{shown(item.claim.text)}\n\n{where}"}
    return card | {"color": _COLOURS.get(status)}


def _evidence(report: Report, words: Words, key: str) -> Item:
    item = report.evidence[key]
    outcome = item.now.outcome
    word = words(item.kind) if item.kind != "check" else words(_outcome_word(outcome))
    seen = f"\n\n`{shown(item.now.shown).replace('`', '')}`" if item.kind == "check" else ""
    return {"text": f"{_OUTCOMES[outcome]} *{word}*\n\n{link_to(report, key)}{seen}"}


def _outcome_word(outcome: str) -> str:
    return "o.unknown" if outcome == "unknown" else outcome


def _argument(report: Report, words: Words, key: str) -> Item:
    return {"text": f"*{words('role.argument')}*\n\n{link_to(report, key)}"}


def _redrawn(node: Item, nodes: Mapping[str, Item]) -> Item:
    """Return a card with its text and colour as they are now; all else in it stays."""
    if node["id"] not in nodes:
        return node
    new = nodes[node["id"]]
    if all(node.get(key) == new[key] for key in new):
        return node
    return _bare(node | {k: new[k] for k in new if k != "color" or not _is_painted(node)})


def _bare(item: Item) -> Item:
    return {key: value for key, value in item.items() if value is not None}


def _is_painted(item: Item) -> bool:
    """Say whether a card or line has a colour that argmap never gives: a person's own."""
    return "color" in item and item["color"] not in _COLOURS.values()


# Places


def _boxes(
    report: Report, debate: DebateReport, edges: list[Edge], ids: Mapping[str, str]
) -> dict[str, plan.Box]:
    """Return where the page's map has each card, by our id."""
    claims, evidence = set(debate.claims), set(debate.evidence)
    owner: dict[str, str] = {}
    kinds: dict[str, set[str]] = {}
    for edge in edges:
        kinds.setdefault(edge.source, set()).add(edge.kind)
        if edge.source in evidence and edge.target in claims:
            owner.setdefault(edge.source, edge.target)
    below: dict[str, list[str]] = {}
    for item in debate.evidence:
        below.setdefault(owner.get(item, ""), []).append(item)
    blocks = [
        plan.Block(
            key,
            _height(report.claims[key].claim.text),
            tuple(below.get(key, ())),
            aside=kinds.get(key) == {"undercuts"},
        )
        for key in debate.claims
    ]
    lines = [plan.Line(e.source, e.kind, e.target) for e in edges]
    top = [key for key in (debate.main, debate.thesis) if key]
    return {ids[key]: box for key, box in place(blocks, lines, top).boxes.items()}


def _height(text: str) -> int:
    return _HEIGHT + _LINE * (len(text) // _LETTERS)


def _placed(
    new: Collection[str], nodes: Mapping[str, Item], boxes: Mapping[str, plan.Box],
    kept: Iterable[Item],
) -> list[Item]:  # fmt: skip
    """Return the cards that are new, each near its place in the map, where nothing else stands."""
    placed: list[Item] = []
    if not new:
        return placed
    taken = [box for node in kept if node.get("type") != "group" and (box := _box(node))]
    for key in new:
        box = boxes.get(key, plan.Box(0, 0, plan.CARD, _HEIGHT))
        x, y, width = round(box.x), round(box.y), round(box.width)
        height = max(round(box.height), _HEIGHT)
        while below := [
            b for b in taken
            if x < b.right and b.x < x + width and y < b.bottom and b.y < y + height
        ]:  # fmt: skip
            y = round(max(b.bottom for b in below)) + _GAP
        taken.append(plan.Box(x, y, width, height))
        place = {"x": x, "y": y, "width": width, "height": height}
        placed.append(_bare(nodes[key]) | place)
    return placed


def _box(node: Item) -> plan.Box | None:
    values = [node.get(key) for key in _PLACE[1:]]
    numbers = [value for value in values if isinstance(value, int | float)]
    return plan.Box(*numbers) if len(numbers) == len(values) else None


# Lines


def _relations(debate: DebateReport, leading: Mapping[str, list[Edge]]) -> list[Edge]:
    """Return a debate's relations, each once, a mutual contradiction once too."""
    members = dict.fromkeys((*debate.claims, *debate.evidence, *debate.arguments))
    found: dict[tuple[str, ...], Edge] = {}
    for edge in (edge for key in members for edge in leading.get(key, ())):
        if edge.target in members:
            ends = [edge.source, edge.target]
            pair = sorted(ends) if edge.kind == "contradicts" else ends
            found.setdefault((edge.kind, *pair), edge)
    return list(found.values())


def _edges(report: Report, relations: Iterable[Edge], ids: Mapping[str, str]) -> dict[str, Item]:
    words = Words(report.settings.own_language)
    found = {}
    for edge in relations:
        id_ = _id(edge.kind, edge.source, edge.target)
        found[id_] = {
            "id": id_, "fromNode": ids[edge.source], "fromSide": "top",
            "toNode": ids[edge.target], "toSide": "bottom", "label": words(edge.kind),
        } | _look(edge)  # fmt: skip
    return found


def _look(edge: Edge) -> Item:
    """Return a line's colour: green where it lifts its target now, red where it lowers it."""
    lo, hi = edge.carries
    if edge.kind == "contradicts":
        return {"color": "1", "fromEnd": "arrow"}
    if edge.kind == "undercuts":
        return {"color": "2"}
    return {"color": "4"} if lo > 0 else {"color": "1"} if hi < 0 else {}


_OURS = ("id", "fromNode", "toNode", "label", "color")  # of a line; its sides may be a person's


def _merged(edges: Mapping[str, Item], there: Iterable[Item]) -> list[Item]:
    """Return our lines; where one is there, the sides that a person gave it stay."""
    found = {edge["id"]: edge for edge in there if edge["id"] in edges}
    order = [*found, *(key for key in edges if key not in found)]
    return [_as_there(found.get(key, {}), edges[key]) for key in order]


def _as_there(old: Item, new: Item) -> Item:
    kept = [key for key in old if key not in _OURS or (key == "color" and _is_painted(old))]
    theirs = {key: old[key] for key in kept}
    return {**new, **theirs}


def dumped(canvas: Canvas) -> bytes:
    """Return a canvas as Obsidian writes it: a card or line a row."""
    parts = []
    for key, value in canvas.items():
        said = _ROWS.encode(value)
        if key in ("nodes", "edges") and value:
            # `},{"` stands between two objects only: a quote inside a text has a backslash
            said = "[\n\t\t" + said[1:-1].replace('},{"', '},\n\t\t{"') + "\n\t]"
        parts.append(f"\t{_ROWS.encode(key)}:{said}")
    text = "{\n" + ",\n".join(parts) + "\n}"
    return text.encode("utf-8", "backslashreplace")
