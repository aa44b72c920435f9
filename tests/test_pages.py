"""The site as files: words, layout, JSON, and a folder that is replaced all at once."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, PackageLoader

from argmap.evidence.model import Value
from argmap.pages import SiteError, board, find, publish, state, write_site
from argmap.pages.cards import deal, effect
from argmap.pages.data import graph_json
from argmap.pages.layout import Picture, place
from argmap.pages.names import claim_page, slug
from argmap.pages.plan import Block, Line
from argmap.pages.render import compiled, render
from argmap.pages.views import rows, sentence
from argmap.pages.words import Words
from argmap.report import Edge

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.project import Project
    from argmap.report import Report

_spec = importlib.util.spec_from_file_location("made", Path(__file__).parent / "made.py")
assert _spec
assert _spec.loader
made = sys.modules.setdefault("made", importlib.util.module_from_spec(_spec))
_spec.loader.exec_module(made)

RU, EN = Words("ru"), Words("en")


# ---- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1 довод за"), (2, "2 довода за"), (5, "5 доводов за"), (11, "11 доводов за"),
     (21, "21 довод за"), (112, "112 доводов за"), (104, "104 довода за")],
)  # fmt: skip
def test_russian_counts(number: int, said: str) -> None:
    """A noun stands in the form its number asks for."""
    assert RU.count(number, "pro").replace("\u00a0", " ") == said


def test_numbers_and_dates() -> None:
    """Numbers and dates are written as the language writes them; zero has no sign."""
    assert (RU.signed(-0.666), EN.signed(0.5), RU.signed(-0.001)) == ("−0,67", "+0.50", "0,00")
    assert RU.day(date(2026, 10, 9)) == "9\u00a0окт.\u00a02026"
    assert EN.day(date(2026, 10, 9)) == "9\u00a0Oct\u00a02026"
    assert RU.amount(Value(4.4, 4.4, "%")) == "4,4\u00a0%"
    assert RU.amount(Value(0.3, 0.3, "USD/Mtok")) == "0,3\u00a0$/млн ток."
    assert RU.amount(None) == "?"


def test_statuses_and_outcomes_never_share_a_word() -> None:
    """A check is never "refuted" and a claim never "failed"."""
    claims = {RU(status) for status in ("supported", "refuted", "contested", "unknown")}
    checks = {RU(outcome) for outcome in ("pass", "fail", "o.unknown", "error")}
    assert claims == {"подтверждено", "опровергнуто", "спорно", "нет данных"}
    assert checks == {"прошла", "не прошла", "не узнать", "ошибка"}


def test_both_languages_know_the_same_words() -> None:
    """Each key of one language is there in the other."""
    from argmap.pages import words

    assert words._RU.keys() == words._EN.keys()
    assert words._FORMS["ru"].keys() == words._FORMS["en"].keys()


def test_the_sentence_says_what_stands() -> None:
    """The head of a debate says its status, what speaks for it, and how it was."""
    report = made.report()
    head, rest = sentence(deal(report), report.debates[0])
    assert head == "Вывод спорен"
    assert rest.replace("\u00a0", " ") == (
        "3 довода за, из них устоял 1; 3 источника. Когда писалась заметка — подтверждён."
    )


# ---- what a line says ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "carries", "look"),
    [("supports", (0.2, 0.5), "for"), ("supports", (0.0, 0.5), "idle"),
     ("attacks", (-0.5, -0.2), "against"), ("attacks", (-0.5, 0.0), "idle"),
     ("tests", (-1.0, 1.0), "idle"), ("tests", (-1.0, -1.0), "against"),
     ("undercuts", (0.3, 0.5), "undercut"), ("undercuts", (0.0, 0.0), "undercut-idle")],
)  # fmt: skip
def test_a_line_shows_what_it_does(kind: Any, carries: tuple[float, float], look: str) -> None:
    """Only what surely adds to its target's sum is drawn as speaking for or against it."""
    assert effect(Edge("a", kind, "b", 1.0, carries)) == look


def test_the_list_spells_out_everything_once() -> None:
    """The tree holds all claims and evidence; a second mention points up."""
    report = made.report()
    found = rows(deal(report), report.debates[0])
    spelt = [row.card.id for row in found if row.card and not row.again]
    assert sorted(spelt) == sorted([*report.claims, *report.evidence])
    assert found[0].text == "Будущее — за крупными экономными моделями"
    assert {row.card.id for row in found if row.card and row.again} >= {"market", "blind"}


# ---- names ---------------------------------------------------------------------------------------


@given(st.text())
def test_a_file_name_suits_every_file_system(text: str) -> None:
    """Whatever the id, its file's name is short, lower-case ASCII; two ids never share one."""
    name = slug(text)
    assert re.fullmatch(r"[a-z0-9-]{1,55}", name)
    assert slug(text + "x") != name


# ---- layout --------------------------------------------------------------------------------------


def overlaps(picture: Picture) -> list[tuple[str, str]]:
    """Return the pairs of shown cards that overlap."""
    hidden = {item for stack in picture.stacks for item in stack.hidden}
    shown = [(key, box) for key, box in picture.boxes.items() if key not in hidden]
    return [
        (one, other)
        for number, (one, a) in enumerate(shown)
        for other, b in shown[number + 1 :]
        if a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom
    ]


@st.composite
def debates(draw: st.DrawFn) -> tuple[list[Block], list[Line], list[str]]:
    """Make claims with evidence, arrows any way round, circles and undercutters among them."""
    count = draw(st.integers(1, 9))
    sizes = draw(st.lists(st.integers(0, 6), min_size=count, max_size=count))
    asides = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    blocks = [
        Block(f"c{n}", 118, tuple(f"c{n}e{k}" for k in range(size)), aside)
        for n, (size, aside) in enumerate(zip(sizes, asides, strict=True))
    ]
    claims = [block.id for block in blocks]
    items = [item for block in blocks for item in block.evidence]
    lines = [Line(item, "tests", item.partition("e")[0]) for item in items]
    ends = st.tuples(st.sampled_from(claims), st.sampled_from(claims))
    kinds: Any = st.sampled_from(["supports", "attacks", "contradicts"])
    lines += [Line(a, kind, b) for (a, b), kind in draw(st.lists(st.tuples(ends, kinds)))]
    if items:
        hits = st.tuples(st.sampled_from(claims), st.sampled_from(items))
        lines += [Line(a, "undercuts", b) for a, b in draw(st.lists(hits, max_size=3))]
    premises = draw(st.lists(st.sampled_from(claims), max_size=3, unique=True))
    lines += [Line(claim, "premise", "step") for claim in premises]
    lines += [Line("step", "supports", draw(st.sampled_from(claims)))] if premises else []
    return blocks, list(dict.fromkeys(lines)), claims[:1]


@settings(max_examples=60, deadline=None)
@given(debates())
def test_no_two_cards_overlap(debate: tuple[list[Block], list[Line], list[str]]) -> None:
    """Whatever the relations, each card has its place; the same debate is laid out the same."""
    picture = place(*debate)
    assert {item for block in debate[0] for item in (block.id, *block.evidence)} <= set(
        picture.boxes
    )
    assert overlaps(picture) == []
    assert place(*debate) == picture


def test_what_a_claim_leads_to_stands_above_it() -> None:
    """Reasons stand below the conclusion, evidence right below its claim, in a lane of its own."""
    report = made.report()
    from argmap.pages import graph

    picture = place(*graph.planned(deal(report), report.debates[0]))
    boxes = picture.boxes
    for claim in ("market", "tech", "economics"):
        assert boxes[claim].y > boxes["conclusion"].bottom
        assert boxes[claim].y > boxes["thesis"].bottom
    for item in ("trio", "small-share", "served"):
        assert boxes[item].right == boxes["market"].right
    lanes = {route.line.source: route.points[1][0] for route in picture.routes
             if route.shape == "lane" and route.line.target == "market"}  # fmt: skip
    assert len(set(lanes.values())) == len(lanes) == 3


# ---- the pages -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Every file of the site."""
    return render(made.report())


def test_same_report_same_bytes(files: dict[str, bytes]) -> None:
    """Built twice, the site is the same, byte by byte."""
    assert render(made.report()) == files


def test_no_link_is_dead(files: dict[str, bytes]) -> None:
    """Each relative link leads to a file of the site, and its fragment to a place in it."""
    for path, data in files.items():
        if not path.endswith(".html"):
            continue
        text = data.decode()
        for target in re.findall(r'(?:href|src)="([^"#:]*)(?:#[^":]*)?"', text):
            if target:
                found = (Path("/") / path).parent.joinpath(unquote(unescape(target))).resolve()
                assert str(found).lstrip("/") in files, (path, target)


def test_every_page_forbids_what_it_does_not_need(files: dict[str, bytes]) -> None:
    """No inline script or style anywhere, and a policy that says so."""
    for path, data in files.items():
        if path.endswith(".html"):
            text = unescape(data.decode())
            assert "default-src 'none'; script-src 'self'; style-src 'self'" in text, path
            assert not re.search(r"<script>|<style|\sstyle=|\son\w+=", text), path


def test_pages_speak_the_language_of_the_config() -> None:
    """With `language = "en"` no page of ours holds a Russian word of ours."""
    text = render(made.report("en"))["index.html"].decode()
    assert 'lang="en"' in text
    assert "contested" in text
    assert "спорно" not in text


def test_a_problem_is_shown_with_its_place(files: dict[str, bytes]) -> None:
    """The problems have a page of their own, which the others link to."""
    page = files["problems.html"].decode()
    assert "A306" in page
    assert "claims/market.yaml:40:13" in page
    assert "a side is missing" in page
    assert 'href="problems.html"' in files["index.html"].decode()


def test_an_empty_project_has_a_site() -> None:
    """Without claims there is an index that says so."""
    report = replace(made.report(), debates=(), claims={}, evidence={}, arguments={}, edges=())
    assert "Утверждений пока нет" in render(report)["index.html"].decode()


def test_a_note_keeps_its_text_and_loses_its_scripts() -> None:
    """Wikilinks lead to pages, missing ones are plain, and HTML that runs is gone."""
    files = render(made.report())
    page = files[note_of(made.NOTE)].decode()
    assert re.search(r'<a href="\.\./note/[\w-]+\.html"[^>]*>Малые модели</a>', page) or re.search(
        r'<a class="internal"[^>]*>Малые модели</a>', page
    )
    assert '<span class="unresolved" title="нет такой заметки или файла">Нет такой</span>' in page
    assert 'href="https://example.org/chart.png"' in page
    assert "<img" not in page


def note_of(path: str) -> str:
    """Return a note's page."""
    from argmap.pages.names import note_page

    return note_page(path)


def test_our_markup_reads_as_the_page_s_language() -> None:
    """Fields and tags of ours are words, dates and links to claims; other tags stay."""
    text = (
        "- Держать SLM у себя дороже #claim #ai (supports:: conclusion) (weight:: 0.5)\n"
        "    - Так считает автор #evidence #con (source:: [[Малые модели]]) "
        "(judged:: 2026-10-11 Иванов) (attacks:: нет-такого)\n"
    )
    report = made.report()
    note = replace(report.vault.notes[made.NOTE], text=text, tags=("claim", "ai", "con"))
    vault = made.MadeVault({**report.vault.notes, made.NOTE: note})
    page = render(replace(report, vault=vault))[note_of(made.NOTE)].decode()
    said = re.sub(r"<[^>]+>", "", page[page.index("<article") : page.index("</article")])
    said = unescape(said).replace("\u00a0", " ")
    assert "поддерживает «Будущее — за крупными экономными моделями» вес 0,5" in said
    assert "против источник Малые модели оценено 11 окт. 2026 Иванов" in said
    assert "атакует нет-такого" in said
    assert "#ai" in said
    assert "#claim" not in page
    assert f'href="../{claim_page("conclusion")}"' in page


def test_a_check_of_today_says_yes_or_no() -> None:
    """`today < date` is shown as no and the date, not as today's date against another."""
    report = made.report()
    served = report.evidence["served"]
    item = replace(served, now=replace(served.now, op="<"))
    card = deal(replace(report, evidence={**report.evidence, "served": item}))["served"]
    assert (card.value, card.limit) == ("нет", "до 20\u00a0окт.\u00a02026")
    assert card.chart is None


def test_credits_stand_in_full_and_in_short(files: dict[str, bytes]) -> None:
    """Whose data it is stands in full on the index and in the list, licence and all."""
    for path in ("index.html", "debate/slm-ili-llm.html"):
        assert "OpenRouter, CC BY 4.0" in files[path].decode(), path
    told = ["OpenRouter (openrouter.ai/rankings), as of 2026-10-11, CC BY 4.0", "свои замеры"]
    assert board.credits_in_short(told) == ["OpenRouter, CC BY 4.0"]


# ---- search --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [("моделями", "модель"), ("дешёвый", "дешевого"), ("Заметки", "заметок"),
     ("models", "model"), ("Running", "runs")],
)  # fmt: skip
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    """Cases and endings of Russian and English words fall together, whatever their letter case."""
    a, b = (list(find.stems(word)) for word in (one, other))
    assert a[0][:4] == b[0][:4]
    assert one == "Заметки" or a == b


def test_the_index_knows_everything_once(files: dict[str, bytes]) -> None:
    """Each debate, claim, piece of evidence, note and tag is in the search index, with its page."""
    text = files["data/search.js"].decode()
    index = json.loads(text.removeprefix("argmapIndex(").removesuffix(");\n"))
    kinds = [doc["k"] for doc in index["docs"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "debate": 1, "claim": 8, "evidence": 16, "note": 2, "tag": 5,
    }  # fmt: skip
    assert index["tags"] == ["2025", "2025/Jun", "2025/Sep", "ai", "ai/agents"]
    for doc in index["docs"]:
        assert doc["h"].partition("#")[0] in files
    places = [number for numbers in index["terms"].values() for number in numbers]
    assert set(places) <= set(range(len(kinds)))


# ---- time and age --------------------------------------------------------------------------------


def test_the_data_script_holds_every_run_once() -> None:
    """A debate's script tells each run's statuses and values, and writes only what changed.

    A status or outcome that stayed, while its numbers moved, is a 0.
    """
    report = made.report()
    data = state.state(deal(report), report.debates[0])
    assert data["runs"] == [run.isoformat() for run in made.RUNS]
    assert data["statuses"]["market"] == [
        [0, "unknown", 0.0, 0.0], [4, "supported", 0.4, 0.4], [11, "refuted", -0.5, -0.5],
    ]  # fmt: skip
    run, outcome, value, day = data["outcomes"]["trio"][0]
    assert (run, outcome, value) == (0, "pass", "61\u00a0%")
    rows = data["outcomes"]["trio"]
    assert {row[1] for row in rows[1:]} == {0, "", "fail"}
    assert [row[1] for row in rows].count("fail") == 1
    assert data["days"][day] == "1\u00a0янв.\u00a02025"
    assert [row[1] for row in data["outcomes"]["only"]] == ["unknown", "pass"]  # judged in October
    assert data["outcomes"]["toolbench"] == [[0, "unknown"]]


def test_evidence_says_when_it_ages() -> None:
    """Stale and expired by its data's dates, a judgement the day after `expires`, a date's turn."""
    report = made.report()
    trio, served = report.evidence["trio"], report.evidence["served"]
    seen = replace(trio.now.observations[0], stale_from=date(2027, 1, 8),
                   unknown_from=date(2027, 6, 1))  # fmt: skip
    later = Value(date(2026, 12, 24), date(2026, 12, 24))
    assert served.now.left
    right = replace(served.now.left, text="end", value=later)
    changed = {
        "trio": replace(trio, now=replace(trio.now, observations=(seen,))),
        "served": replace(served, now=replace(served.now, op="<", outcome="pass", right=right)),
    }
    deck = deal(replace(report, evidence={**report.evidence, **changed}))
    assert state.ages(deck, "trio") == {"stale": "2027-01-08", "unknown": "2027-06-01"}
    assert state.ages(deck, "only") == {"unknown": "2027-06-02"}
    assert state.ages(deck, "served") == {"turns": "2026-12-24", "to": "fail"}
    assert state.ages(deck, "toolbench") == {}


# ---- the board, tags and sources -----------------------------------------------------------------


def test_the_board_shows_what_failed_first() -> None:
    """All checks stand on the board, wrong and failed ones first, with their last runs."""
    deck = deal(made.report())
    lines = [board.line(deck, check) for check in board.order(deck)]
    outcomes = [line.card.outcome for line in lines]
    assert outcomes == sorted(outcomes, key=board.WORST_FIRST.index)
    trio = next(line for line in lines if line.card.id == "trio")
    assert [bar.outcome for bar in trio.bars].count("pass") == 11
    assert trio.age.replace("\u00a0", " ") == "45 дней"


def test_a_tag_stands_below_its_parent(files: dict[str, bytes]) -> None:
    """`ai/agents` is listed below `ai`, with the notes that carry it."""
    groups = {group.name: group for group in board.tags(deal(made.report()))}
    assert list(groups) == ["2025", "2025/Jun", "2025/Sep", "ai", "ai/agents"]
    assert groups["ai"].notes == []
    assert groups["ai"].count == 1
    assert groups["ai/agents"].notes[0][0] == "Экономия важнее размера"
    assert f'id="{groups["ai/agents"].anchor}"' in files["tags.html"].decode()


def test_a_source_lists_what_rests_on_it() -> None:
    """Sources stand with their evidence, those first on which most rests."""
    groups = board.sources(deal(made.report()))
    assert groups[0].citation.text == "OpenRouter, CC BY 4.0"
    belcak = next(group for group in groups if group.citation.text == "Belcak и др.")
    assert [card.id for card, _, _ in belcak.evidence] == ["cheaper", "toolbench"]


# ---- for programs --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["graph", "debates", "checks", "changes"])
def test_the_docs_name_every_key(files: dict[str, bytes], name: str) -> None:
    """docs/api.md explains each key of each JSON file, and every file says its schema."""
    docs = (Path(__file__).parents[1] / "docs/api.md").read_text("utf-8")
    data = json.loads(files[f"api/{name}.json"])
    assert data["schema"] == 1
    assert f"api/{name}.json" in docs
    for key, value in data.items():
        assert f"`{key}`" in docs, key
        for inner in value[0] if isinstance(value, list) and value else ():
            assert f"`{inner}`" in docs, (key, inner)


# ---- graph.json ----------------------------------------------------------------------------------


def test_graph_json_is_documented_and_stable(files: dict[str, bytes]) -> None:
    """The JSON holds what design and docs say, sorted, as text that a person can read."""
    data = json.loads(files["api/graph.json"])
    assert list(data) == [
        "schema", "as_of", "debates", "claims", "evidence", "arguments", "relations", "notes",
        "problems",
    ]  # fmt: skip
    market = next(claim for claim in data["claims"] if claim["id"] == "market")
    assert market == {
        "id": "market", "text": "Агентов строят на средних моделях, а не на SLM", "role": "con",
        "attributed": None, "note": made.NOTE, "line": 11, "inferred": False, "rule": None,
        "tags": [], "status": "refuted", "marks": ["lapsed"], "strength": [-0.5, -0.5],
    }  # fmt: skip
    trio = next(item for item in data["evidence"] if item["id"] == "trio")
    assert trio["outcome"] == "fail"
    assert trio["as_of"] == "2026-10-09"
    assert {"source": "blind", "kind": "undercuts", "target": "trio", "weight": 1.0} in data[
        "relations"
    ]
    assert [note["path"] for note in data["notes"]] == sorted([made.NOTE, made.PAPER])
    assert "Агентов строят" in files["api/graph.json"].decode()
    report: Report = made.report()
    assert graph_json(replace(report, edges=report.edges[::-1])) == data | {"schema": 1}


# ---- the folder ----------------------------------------------------------------------------------


def names(folder: Path) -> list[str]:
    """Return what lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    """A second build writes nothing; after one claim turned, only what shows it."""
    out = tmp_path / "site"
    report = made.report()
    assert "index.html" in write_site(report, out)
    assert write_site(report, out) == []
    vis = (out / "assets/vis-network.js").stat().st_ino
    turned = replace(report.claims["blind"], marks=("stale",))
    changed = write_site(replace(report, claims={**report.claims, "blind": turned}), out)
    assert claim_page("blind") in changed
    assert claim_page("economics") not in changed
    assert (out / "assets/vis-network.js").stat().st_ino == vis
    assert names(tmp_path) == ["site"]


def test_what_is_gone_is_taken_away(tmp_path: Path) -> None:
    """A page that the report no longer has is not left behind."""
    out = tmp_path / "site"
    publish.publish({"a.html": b"a", "b/c.html": b"c"}, out)
    assert publish.publish({"a.html": b"a"}, out) == ["b/c.html"]
    assert names(out) == [".argmap-site", "a.html"]


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_a_folder_of_ones_own_is_left_alone(tmp_path: Path, kind: str) -> None:
    """A folder that argmap did not make is refused, and stays as it is."""
    out, mine = tmp_path / "site", tmp_path / "mine"
    if kind == "folder":
        out.mkdir()
        (out / "thesis.docx").write_text("mine")
    elif kind == "file":
        out.write_text("mine")
    else:
        mine.mkdir()
        (mine / publish.MARKER).write_text("")
        out.symlink_to(mine)
    with pytest.raises(SiteError):
        publish.publish({"index.html": b""}, out)
    assert out.is_symlink() or names(tmp_path) == ["site"]
    if kind == "folder":
        assert names(out) == ["thesis.docx"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    """An empty folder may become the site."""
    (tmp_path / "site").mkdir()
    assert publish.publish({"index.html": b"x"}, tmp_path / "site")


@pytest.mark.parametrize(
    "crash",
    ["at the start", "while writing", "between the renames", "before the sweep", "while sweeping"],
)
def test_a_crash_leaves_the_last_good_site(tmp_path: Path, crash: str) -> None:
    """Whenever a build was cut off, the next one finds a whole site and clears up."""
    out, fresh, aside = (tmp_path / name for name in ("site", ".site.new", ".site.old"))
    publish.publish({"index.html": b"old"}, out)
    if crash == "at the start":
        fresh.mkdir()
    elif crash == "while writing":
        fresh.mkdir()
        (fresh / publish.MARKER).write_bytes(publish.MARKED)
        (fresh / "index.html").write_bytes(b"ha")
    elif crash == "between the renames":
        out.rename(aside)
    else:
        publish.publish({"index.html": b"older"}, aside)
        if crash == "while sweeping":
            (aside / "index.html").unlink()
    publish.publish({"index.html": b"new"}, out)
    assert (out / "index.html").read_bytes() == b"new"
    assert names(tmp_path) == ["site"]


@pytest.mark.parametrize(
    "harm", ["none", "more", "less", "other", "link", "a file for a folder", "cut off", "strange"]
)
def test_a_site_made_of_a_spare_one_is_what_it_is_to_be(tmp_path: Path, harm: str) -> None:
    """Whatever happened to the site that was, no file of it comes back, and none is missing."""
    (tmp_path / "state").mkdir()
    (tmp_path / "mine.txt").write_text("mine")
    out, spare = tmp_path / "site", tmp_path / "state" / "spare"
    files: dict[str, publish.File] = {"a.html": b"a", "b/c/d.html": b"d", "e.html": b"e"}
    publish.publish(files, out, spare=spare)
    publish.publish({**files, "a.html": b"a2", "private.html": b"p"}, out, spare=spare)
    publish.publish({**files, "a.html": b"a3"}, out, spare=spare)
    assert names(tmp_path) == ["mine.txt", "site", "state"]
    assert (spare / "private.html").read_bytes() == b"p"
    if harm == "more":
        (spare / "b" / "more").mkdir()
        (spare / "b" / "more" / "more.html").write_text("more")
    elif harm == "less":
        (spare / "e.html").unlink()
    elif harm in ("other", "link"):
        (spare / "e.html").unlink()
        if harm == "other":
            (spare / "e.html").write_text("f")
        else:
            (spare / "e.html").symlink_to(tmp_path / "mine.txt")
    elif harm == "a file for a folder":
        shutil.rmtree(spare / "b")
        (spare / "b").write_text("b")
    elif harm == "cut off":
        spare.rename(tmp_path / ".site.new")
    elif harm == "strange":
        (spare / publish.MARKER).unlink()
    kept = (out / "e.html").stat().st_ino
    publish.publish({**files, "a.html": b"a4"}, out, spare=spare)
    found = {name: (out / name).read_bytes() for name in publish.present(out)}
    assert found == {**files, "a.html": b"a4", publish.MARKER: publish.MARKED}
    assert sorted(path.name for path in out.rglob("*") if path.is_dir()) == ["b", "c"]
    assert (out / "e.html").stat().st_ino == kept
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert names(tmp_path) == ["mine.txt", "site", "state"]


def test_a_stranger_in_the_way_is_left_alone(tmp_path: Path) -> None:
    """A folder that only has the name of our new one is not swept away."""
    (tmp_path / ".site.new").mkdir()
    (tmp_path / ".site.new" / "mine.txt").write_text("mine")
    with pytest.raises(SiteError, match="in the way"):
        publish.publish({"index.html": b"new"}, tmp_path / "site")
    assert names(tmp_path / ".site.new") == ["mine.txt"]


def test_a_failed_swap_puts_the_old_site_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the new folder cannot take its place, the old one stands again."""
    out = tmp_path / "site"
    publish.publish({"index.html": b"old"}, out)
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == ".site.new":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(SiteError, match="No space left"):
        publish.publish({"index.html": b"new"}, out)
    assert (out / "index.html").read_bytes() == b"old"


def test_a_claim_page_goes_down_to_the_evidence(project: Callable[..., Project]) -> None:
    """Each term of the sum opens to what makes it in turn; what all rests on is said."""
    made = project(
        {
            "n.md": """
                - The end #claim ^end
                - A middle #claim (supports:: end) ^middle
                    - seen once #evidence (test:: price < 5 USD) ^one
                    - seen twice #evidence (test:: price < 6 USD) ^two
            """
        },
        {"s.yaml": "measures: {price: {value: 3 USD, source: The only list, as_of: 2026-01-01}}\n"},
    ).report(date(2026, 4, 1))
    page = next(
        data.decode()
        for name, data in render(made).items()
        if name.startswith("claim/") and "<h1>The end</h1>" in data.decode()
    )
    below = page.partition('<details class="below">')[2].partition("</details>")[0]
    assert below.index("seen once") < below.index("seen twice")
    middle = next(
        data.decode()
        for name, data in render(made).items()
        if name.startswith("claim/") and "<h1>A middle</h1>" in data.decode()
    )
    assert "rests on one source: The only list (reasons: 2)" in middle


def test_templates_that_were_kept_damaged_are_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A compiled template that is cut off anywhere, or that another argmap left, is as none."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    told = {"item": {"state": "data/a.js"}, "fixed": False, "base": "", "root": ""}

    def loaded() -> str:
        kept = compiled(tmp_path / "kept")
        made = Environment(
            loader=PackageLoader("argmap.pages"), bytecode_cache=kept, autoescape=True
        )
        return made.get_template("clock.html").render(told)

    said = loaded()
    (file,) = (tmp_path / "kept").iterdir()
    whole = file.read_bytes()
    for size in (0, 3, 20, 40, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:size])
        assert loaded() == said
        assert file.read_bytes() == whole
    monkeypatch.setattr("argmap.pages.render.own_code", lambda: "another")
    assert loaded() == said
    assert file.read_bytes() != whole
