"""What sync writes, held to what is published of each format: canvases, bases, settings, links."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap import yaml
from argmap.markdown import render
from argmap.obsidian import places
from argmap.obsidian.sync import planned_sync
from argmap.vault import read_vault
from argmap.vault.uri import open_uri

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from argmap.project import Project

    Make = Callable[..., Project]

DAY = date(2026, 4, 1)
NOTES = {
    "Рынок и цены.md": """
        - Малые модели «ведут»: | [так] \\ "да" #claim (supports:: [[#^bet]]) ^lead
            - Видели #evidence (source:: [[Log]]) (judged:: 2026-01-05) ^seen
            - A test: #hash, ^caret #evidence (test:: price < 1 USD) ^test
                - Not so #con ^not
        - Ставим на них #claim (contradicts:: [[b c/Other#^no]]) ^bet
    """,
    "b c/Other.md": """
        - No, never #claim (role:: thesis) ^no
        - Low #claim ^low
        - Both #argument (premises:: [[#^low]], [[Рынок и цены#^lead]]) (supports:: no) ^both
    """,
    "# odd ^ name [1].md": "- Odd: %% {{x}} %% #claim ^odd\n    - Why #pro\n",
}
SHEET = "measures: {price: {value: 2 USD, as_of: 2026-01-01, fresh: 10d}}\n"


@pytest.fixture(params=["en", "ru"])
def vault(project: Make, request: pytest.FixtureRequest) -> Path:
    """Sync a vault whose names and texts are hard to write into other formats."""
    config = f'language = "{request.param}"\n[obsidian]\nsite = "https://example.org/s"\n'
    made = project(NOTES, {"s.yaml": SHEET}, config=config)
    plan = planned_sync(made.report(DAY, online=False))
    assert plan.write() == []
    return made.settings.vault_folder


# JSON Canvas 1.0, https://jsoncanvas.org/spec/1.0/

_COLOUR = re.compile(r"[1-6]|#[0-9a-fA-F]{6}")
_SIDES = {"top", "right", "bottom", "left"}
_NODE = {"id", "type", "x", "y", "width", "height", "color"}
_OF_TYPE = {  # what a type must have, and what it may
    "text": ({"text"}, set()),
    "file": ({"file"}, {"subpath"}),
    "link": ({"url"}, set()),
    "group": (set(), {"label", "background", "backgroundStyle"}),
}
_EDGE = {"id", "fromNode", "fromSide", "fromEnd", "toNode", "toSide", "toEnd", "color", "label"}


def valid_canvas(canvas: Any) -> None:
    """Check a canvas, key by key; no key but those of the format may be in it."""
    assert canvas.keys() <= {"nodes", "edges"}
    ids = [item["id"] for item in (*canvas["nodes"], *canvas["edges"])]
    assert len(ids) == len(set(ids))
    for node in canvas["nodes"]:
        must, may = _OF_TYPE[node["type"]]
        assert node.keys() - {"color"} >= (_NODE - {"color"}) | must
        assert node.keys() <= _NODE | must | may
        assert all(type(node[key]) is int for key in ("x", "y", "width", "height"))
        assert all(type(node[key]) is str for key in node.keys() - {"x", "y", "width", "height"})
        assert _COLOUR.fullmatch(node.get("color", "1"))
        assert node["width"] > 0 < node["height"]
    nodes = {node["id"] for node in canvas["nodes"]}
    for edge in canvas["edges"]:
        assert {"id", "fromNode", "toNode"} <= edge.keys() <= _EDGE
        assert all(type(value) is str for value in edge.values())
        assert {edge["fromNode"], edge["toNode"]} <= nodes
        assert {edge.get("fromSide", "top"), edge.get("toSide", "top")} <= _SIDES
        assert {edge.get("fromEnd", "none"), edge.get("toEnd", "arrow")} <= {"none", "arrow"}
        assert _COLOUR.fullmatch(edge.get("color", "1"))


def test_canvases_are_json_canvas(vault: Path) -> None:
    """Every key is one of the format's, of its type; every line ends at cards that are there."""
    paths = sorted((vault / places.FOLDER).glob("*.canvas"))
    assert len(paths) == 2
    for path in paths:
        valid_canvas(json.loads(path.read_bytes()))


def test_links_on_cards_and_dashboard_lead_to_the_blocks(vault: Path) -> None:
    """Each wikilink resolves, to a block that is there; odd names are reached by address."""
    read = read_vault(vault, "vault")
    texts = [(vault / places.DASHBOARD).read_text("utf-8")]
    for path in (vault / places.FOLDER).glob("*.canvas"):
        texts += [node["text"] for node in json.loads(path.read_bytes())["nodes"]]
    links = [found for text in texts for found in re.findall(r"\[\[([^\]|]+)\|", text)]
    assert len(links) > 10
    for link in links:
        target, _, subpath = link.partition("#")
        assert (found := read.resolve(target, places.DASHBOARD)), link
        assert not subpath or read.find(found, subpath), link
    assert any("file=%23%20odd%20%5E%20name%20%5B1%5D%23%5Eodd" in text for text in texts)
    assert not any(
        "<a" in render(text, href=lambda *_: None) for text in texts[1:] if "](" not in text
    )


# Bases, https://help.obsidian.md/bases/syntax

_COLUMN = re.compile(r"(?:file\.(?:name|ext|path|folder|size|mtime|ctime)|note\.\w+|formula\.\w+)")
_STATEMENT = re.compile(r'[\w.]+ (?:==|!=) "\w+"|file\.hasProperty\("\w+"\)')


def valid_filter(found: Any) -> None:
    """Check a statement, or an object of one of and, or, not, with a list of such."""
    if isinstance(found, str):
        assert _STATEMENT.fullmatch(found), found
        return
    ((word, rest),) = found.items()
    assert word in ("and", "or", "not")
    for one in rest:
        valid_filter(one)


def test_the_base_is_by_the_syntax_of_bases(vault: Path) -> None:
    """Its keys are the format's; filters, columns and names are of the documented forms."""
    base = yaml.load((vault / places.BASE).read_text("utf-8")).value
    assert base.keys() <= {"filters", "formulas", "properties", "summaries", "views"}
    valid_filter(base["filters"])
    for name, said in base["properties"].items():
        assert _COLUMN.fullmatch(name)
        assert said.keys() == {"displayName"}
        assert isinstance(said["displayName"], str)
    assert len({view["name"] for view in base["views"]}) == len(base["views"])
    for view in base["views"]:
        assert view.keys() <= {"type", "name", "limit", "filters", "order", "groupBy"}
        assert view["type"] in ("table", "cards", "list")
        assert all(_COLUMN.fullmatch(column) for column in view["order"])
        if "filters" in view:
            valid_filter(view["filters"])


# Settings


def test_colours_and_snippet_are_as_obsidian_writes_them(vault: Path) -> None:
    """A group has a query over our property and a colour of red, green and blue; the CSS is on."""
    graph = json.loads((vault / places.GRAPH).read_bytes())
    for group in graph["colorGroups"]:
        assert group.keys() == {"query", "color"}
        assert re.fullmatch(r"\[argmap:\w+\]", group["query"])
        assert group["color"].keys() == {"a", "rgb"}
        assert group["color"]["a"] == 1
        assert 0 <= group["color"]["rgb"] <= 0xFFFFFF
    appearance = json.loads((vault / places.APPEARANCE).read_bytes())
    assert appearance == {"enabledCssSnippets": ["argmap"]}
    css = (vault / places.SNIPPET).read_text("utf-8")
    assert css.count("{") == css.count("}")


# Addresses, https://help.obsidian.md/uri

_NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/"), min_size=1, max_size=12
).filter(lambda name: name.strip(". ") != "" and not name.lower().endswith(".md"))


@given(
    _NAMES, st.lists(_NAMES, min_size=1, max_size=3), st.sampled_from(["", "^id-1", "Два слова"])
)
def test_an_address_says_vault_file_and_place(vault: str, path: list[str], place: str) -> None:
    """Whatever is in a name, decoded as any address is, it comes out as it went in."""
    address = open_uri(vault, "/".join(path) + ".md", place)
    assert re.fullmatch(r"obsidian://open\?vault=[\w.~%-]+&file=[\w.~%-]+", address, re.ASCII)
    asked = parse_qs(urlsplit(address).query, strict_parsing=True, separator="&")
    assert asked["vault"] == [vault]
    assert asked["file"] == ["/".join(path) + (f"#{place}" if place else "")]
