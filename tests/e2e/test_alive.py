"""What moves on the pages: time, the reader's clock, what-if, search, focus, what is taken away."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from argmap.evidence.model import Ack
from argmap.pages import write_site
from argmap.pages.names import claim_page
from argmap.pages.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from playwright.sync_api import Page

    from argmap.project import Project
    from argmap.report import Report

pytestmark = pytest.mark.browser

DEBATE = "debate/slm-ili-llm.html"


@pytest.fixture(scope="module")
def site(made: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site of the report made by hand."""
    out = tmp_path_factory.mktemp("alive") / "site"
    write_site(made.report(), out)
    return out


def status(page: Page, key: str) -> str:
    """Return the status that a claim's card shows."""
    return str(page.evaluate("id => argmap.map.byId.get(id).card.status", key))


def row(page: Page, key: str) -> str:
    """Return what the list says of a card."""
    found = page.locator(f'.item[data-id="{key}"]:not(.again)')
    return str(found.first.text_content()).replace("\u00a0", " ")


def select(page: Page, key: str) -> None:
    """Open a card's panel."""
    page.evaluate("id => argmap.select(id)", key)


# ---- what if -------------------------------------------------------------------------------------


def what_if_report(made: ModuleType) -> Report:
    """Return the report with tests whose failure speaks against their claim."""
    report: Report = made.report()
    tests = {"trio", "small-share", "served"}
    return replace(
        report,
        evidence={
            key: replace(item, is_test=key in tests) for key, item in report.evidence.items()
        },
    )


def test_the_map_follows_a_switched_outcome(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Switch a check: its claim, list, counts and sentence follow; one button undoes it."""
    write_site(what_if_report(made), tmp_path / "site")
    page = visit(tmp_path / "site" / DEBATE)
    select(page, "trio")
    page.get_by_role("button", name="прошла", exact=True).click()
    assert status(page, "market") == "refuted"  # it is undercut: it carries nothing either way
    select(page, "served")
    page.get_by_role("button", name="прошла", exact=True).click()
    assert status(page, "market") == "supported"
    assert "подтверждено" in row(page, "market")
    assert "прошла" in row(page, "trio")
    number = page.locator('.counts [data-filter="supported"] .number').inner_text()
    assert int(number) == sum(status(page, key) == "supported" for key in made.report().claims)
    assert "if=trio:pass,served:pass" in page.url
    page.get_by_role("button", name="Вернуть как есть").click()
    assert status(page, "market") == "refuted"
    assert "опровергнуто" in row(page, "market")
    assert "if=" not in page.url


def test_a_what_if_can_be_shared(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """The address holds what was switched: opened anew, the page shows the same."""
    write_site(what_if_report(made), tmp_path / "site")
    page = visit(tmp_path / "site" / DEBATE, "#market&if=trio:pass,served:pass,nonsense:pass")
    assert status(page, "market") == "supported"
    panel = page.locator("#panel").inner_text().replace("\u00a0", " ")
    assert "подтверждено" in panel
    assert "+1,00" in panel  # the sum too is that of the moment
    assert page.locator(".banner.whatif").count() == 1


def test_the_panel_names_what_would_turn_a_claim(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Below the sum stand the single outcomes that would turn it; a click tries one."""
    write_site(what_if_report(made), tmp_path / "site")
    page = visit(tmp_path / "site" / DEBATE, "#market")
    page.locator("#panel .turners button").first.click()
    assert status(page, "market") != "refuted"


# ---- time ----------------------------------------------------------------------------------------


def test_the_slider_shows_any_run(site: Path, visit: Callable[..., Page]) -> None:
    """The slider recolours map and list as of a run; at its end stands today."""
    page = visit(site / DEBATE)
    slider = page.get_by_label("Прогон", exact=True)
    slider.focus()
    page.keyboard.press("Home")
    assert status(page, "market") == "unknown"
    assert "нет данных" in row(page, "market")
    page.evaluate("argmap.goTo(5)")
    assert status(page, "market") == "supported"
    assert "49 %" in row(page, "trio")
    assert "run=2025-05-31" in page.url
    assert slider.get_attribute("aria-valuetext") == "31\u00a0мая\u00a02025"
    page.get_by_role("button", name="К сегодняшнему дню").click()
    assert status(page, "market") == "refuted"
    assert "4,4 %" in row(page, "trio")


def test_play_runs_to_the_end(site: Path, visit: Callable[..., Page]) -> None:
    """The play button goes from run to run and stops at today."""
    page = visit(site / DEBATE, "#run=2026-09-23")
    assert status(page, "conclusion") == "supported"
    page.get_by_role("button", name="Показать по прогонам").click()
    page.wait_for_selector(".banner.past", state="detached")
    page.wait_for_selector("[data-play]:not(.on)", state="attached")
    assert status(page, "conclusion") == "contested"


def test_what_changed_since_the_last_visit_is_marked(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """A claim that turned after a reader's last visit is marked until the reader says so."""
    report = made.report()
    write_site(report, tmp_path / "site")
    page = visit(tmp_path / "site" / DEBATE)
    assert page.locator(".banner.changes").count() == 0
    turned = replace(report.claims["market"], now=made.Judged("supported", (0.5, 0.5)))
    write_site(replace(report, claims={**report.claims, "market": turned}), tmp_path / "site")
    later = page.context.new_page()
    later.goto((tmp_path / "site" / DEBATE).as_uri())
    later.wait_for_selector("html.ready", state="attached")
    assert "было: опровергнуто" in row(later, "market")
    assert "1" in later.locator(".banner.changes span").first.inner_text()
    later.get_by_role("button", name="Понятно").click()
    assert "было" not in row(later, "market")
    later.reload()
    later.wait_for_selector("html.ready", state="attached")
    assert later.locator(".banner.changes").count() == 0


def test_another_build_recolours_in_place(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """A page that was built anew takes over: statuses and panel change, the view stays."""
    report, out = made.report(), tmp_path / "site"
    write_site(report, out)
    page = visit(out / DEBATE, "#market")
    page.evaluate("argmap.map.pan(40, 30)")
    where = (
        "() => { const {top} = document.getElementById('map').getBoundingClientRect();"
        " return argmap.network.canvasToDOM({x: 0, y: 0}).y + top; }"
    )
    view = page.evaluate(where)
    turned = replace(report.claims["market"], now=made.Judged("supported", (0.5, 0.5)))
    write_site(replace(report, claims={**report.claims, "market": turned}), out)
    html = (out / DEBATE).read_text("utf-8")
    assert page.evaluate("html => argmap.refresh(html)", html)
    assert status(page, "market") == "supported"
    assert "было: опровергнуто" in row(page, "market")
    assert "подтверждено" in page.locator("#panel [data-now]").inner_text()
    assert page.evaluate(where) == pytest.approx(view, abs=1)
    scale = page.evaluate("argmap.network.getScale()")
    less = tuple(edge for edge in report.edges if edge.source != "enough")
    write_site(replace(report, edges=less), out)
    with page.expect_navigation():
        page.evaluate("html => argmap.refresh(html)", (out / DEBATE).read_text("utf-8"))
    page.wait_for_selector("html.ready", state="attached")
    assert page.evaluate(where) == pytest.approx(view, abs=60)
    assert page.evaluate("argmap.network.getScale()") == pytest.approx(scale)
    assert page.evaluate("argmap.state.selected") == "market"


# ---- the reader's clock --------------------------------------------------------------------------


def ageing(made: ModuleType, *, fixed: bool) -> Report:
    """Return the report with a check of which the data goes stale, then expires."""
    report: Report = made.report()
    trio = report.evidence["trio"]
    seen = replace(
        trio.now.observations[0],
        stale_from=date(2026, 12, 1), unknown_from=date(2027, 2, 1),
    )  # fmt: skip
    aged = replace(trio, is_test=True, now=replace(trio.now, observations=(seen,)))
    return replace(report, fixed=fixed, evidence={**report.evidence, "trio": aged})


def at(page: Page, day: date, path: Path) -> None:
    """Open a page on another day."""
    page.clock.set_fixed_time(day.isoformat() + "T12:00:00")
    page.goto(path.as_uri())
    if path.parent.name == "debate":
        page.wait_for_selector("html.ready", state="attached")


def test_a_page_ages_by_itself(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Data that expired since the last run no longer counts, and an overdue run is said."""
    out = tmp_path / "site"
    write_site(ageing(made, fixed=False), out)
    page = visit(out / "index.html")
    at(page, made.AS_OF + timedelta(days=1), out / DEBATE)
    assert page.locator(".banner").count() == 0
    assert status(page, "market") == "refuted"
    at(page, date(2026, 12, 15), out / DEBATE)
    assert "22 дня назад" in page.locator(".banner.late").first.inner_text().replace("\u00a0", " ")
    assert "давние данные" in row(page, "trio")
    at(page, date(2027, 3, 1), out / DEBATE)
    assert "не узнать" in row(page, "trio")
    assert status(page, "market") == "unknown"
    at(page, date(2027, 3, 1), out / claim_page("market"))
    assert "нет данных" in page.locator("[data-now]").inner_text()
    at(page, date(2027, 3, 1), out / "index.html")
    assert "давние данные" in page.locator(".debates").inner_text()


ENDING = """\
---
created: 2026-01-10
---
- Cats are good #claim ^good
    - They purr #claim (supports:: [[#^good]]) ^purr
        - A study says so #evidence (source:: B) (judged:: 2026-01-05) (expires:: 2026-03-01)
    - They sleep #claim (supports:: [[#^good]]) (until:: 2026-04-01) ^sleep
        - Everybody knows #evidence (source:: B) (judged:: 2026-01-05)
    - They hunt #claim (supports:: [[#^good]]) ^hunt
        - The mice are gone #evidence (source:: B) (judged:: 2026-01-05) (until:: 2026-02-10)
        - The owner says so #evidence (source:: B) (judged:: 2026-01-05)
    - They are loud #claim (attacks:: [[#^good]]) (from:: 2026-01-01) (until:: 2026-02-20) ^loud
        - The neighbours say so #evidence (source:: B) (judged:: 2026-01-05)
- All is well #argument (premises:: [[#^purr]], [[#^sleep]]) (supports:: [[#^good]]) ^step
"""


def test_what_ends_and_what_lapses_ages_as_python_judges(
    project: Callable[..., Project], tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """On any later day the page shows the statuses, strengths and lapses of a build of that day."""
    made, built = project({"Cats.md": ENDING}, {}, 'language = "en"\n'), date(2026, 1, 20)
    write_site(made.report(built), tmp_path / "site")
    (path,) = (tmp_path / "site" / "debate").iterdir()
    page = visit(path)
    lapsed = set()
    for day in (date(2026, 2, 10), date(2026, 2, 11), date(2026, 3, 2), date(2026, 4, 2)):
        at(page, day, path)
        told = {
            node["id"]: None if node["gone"] else (node["status"], node["strength"], node["marks"])
            for node in page.evaluate("""argmap.map.claims.map(id => {
                const {status, strength, marks, gone} = argmap.map.byId.get(id).card;
                return {id, status, strength, marks: marks.includes("lapsed"), gone};
            })""")
        }
        words, real = Words("en"), made.report(day)
        lapsed |= {key for key, item in real.claims.items() if "lapsed" in item.marks}
        assert told == {
            key: (item.now.status, words.interval(item.now.strength), "lapsed" in item.marks)
            if (item := real.claims.get(key))
            else None
            for key in told
        }, day
    assert lapsed == {"Cats#purr"}
    assert "lapsed" in row(page, "Cats#purr")
    select(page, "Cats#sleep")
    assert "counts no more" in page.locator("#panel").inner_text()
    at(page, date(2026, 4, 2), tmp_path / "site" / claim_page("Cats#purr"))
    assert "lapsed" in page.locator("[data-now]").inner_text()
    at(page, date(2026, 4, 2), tmp_path / "site" / claim_page("Cats#hunt"))
    assert "counts no more" in page.locator("article.piece").first.inner_text()


def test_a_page_of_a_fixed_day_stays(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """A site built as of a day shows that day however late it is read."""
    out = tmp_path / "site"
    write_site(ageing(made, fixed=True), out)
    page = visit(out / "index.html")
    at(page, date(2030, 1, 1), out / DEBATE)
    assert status(page, "market") == "refuted"
    assert page.locator(".banner").count() == 0


# ---- search and filters --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "first"),
    [("агентами", "Агентов строят"), ("хостинга", "Самостоятельный хостинг"),
     ("дешевый", "Держать SLM"), ("qwen", "Qwen3-Next не дороже"), ("экономи", "Экономия")],
)  # fmt: skip
def test_a_word_is_found_in_any_form(
    site: Path, visit: Callable[..., Page], typed: str, first: str
) -> None:
    """Other cases, ё for е, and the beginning of a word lead to what holds the word."""
    page = visit(site / "index.html")
    page.keyboard.press("/")
    page.keyboard.type(typed)
    page.wait_for_selector("ul.hits a")
    texts = page.locator("ul.hits .what").all_inner_texts()
    assert any(text.startswith(first) for text in texts[:4]), texts
    assert page.locator(".debates").is_hidden()


def test_filters_stand_in_the_address(site: Path, visit: Callable[..., Page]) -> None:
    """Filters by kind, status, mark and tag narrow the list, and a copied address does the same."""
    page = visit(site / "index.html")
    page.get_by_label("Статус").select_option("refuted")
    page.wait_for_selector("ul.hits a")
    assert page.locator("ul.hits .what").all_inner_texts() == [
        "Агентов строят на средних моделях, а не на SLM"
    ]
    assert page.url.endswith("#status=refuted")
    again = visit(site / "index.html", "#kind=note&tag=ai")
    again.wait_for_selector("ul.hits a")
    assert again.locator("ul.hits .what").all_inner_texts() == ["Экономия важнее размера"]
    again.get_by_role("button", name="Сбросить").click()
    again.locator(".debates").wait_for(state="visible")


def test_the_map_finds_and_filters(site: Path, visit: Callable[..., Page]) -> None:
    """On the map what does not match is dimmed; a hit opens the card's panel."""
    page = visit(site / DEBATE)
    page.locator('.counts [data-filter="supported"]').click()
    lit = page.evaluate("[...argmap.map.look.lit].sort()")
    assert lit == ["blind", "tech", "thesis"]
    assert page.url.endswith("#show=supported")
    page.locator('.counts [data-filter="supported"]').click()
    page.keyboard.press("/")
    page.keyboard.type("хостинг")
    page.locator(".hits a").first.click()
    assert "Самостоятельный хостинг" in page.locator("#panel h2").inner_text()


def test_forty_debates_are_a_list(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Many debates stand in the order of what turned last, and can be put in another."""
    write_site(made.many(40), tmp_path / "site")
    page = visit(tmp_path / "site" / "index.html")
    rows = page.locator(".debates > li")
    assert rows.count() == 40
    turns = [re.search(r"(\d+)\s+нояб", text) for text in rows.all_inner_texts()]
    days = [int(found[1]) for found in turns if found]
    assert len(days) == 40
    assert days == sorted(days, reverse=True)
    page.get_by_label("Порядок").select_option("title")
    assert rows.first.get_attribute("data-title") == "SLM или экономные LLM? № 1"


def test_a_search_on_the_map_can_be_shared(site: Path, visit: Callable[..., Page]) -> None:
    """The address holds what was typed: opened anew, the same cards are lit."""
    page = visit(site / DEBATE)
    page.keyboard.press("/")
    page.keyboard.type("хостинга")
    page.wait_for_selector(".hits a")
    lit = "() => argmap.map.look.lit && [...argmap.map.look.lit].sort()"
    found = page.evaluate(lit)
    assert "blind" in found
    again = visit(site / DEBATE, "#" + page.url.partition("#")[2])
    again.wait_for_function(lit)
    assert again.evaluate(lit) == found
    assert again.locator(".hits").first.is_hidden()
    assert again.locator("[data-find] input").first.input_value() == "хостинга"


def test_what_was_unfolded_can_be_shared(site: Path, visit: Callable[..., Page]) -> None:
    """The address holds unfolded evidence."""
    page = visit(site / DEBATE)
    page.evaluate("argmap.select('cache')")
    again = visit(site / DEBATE, "#open=more:tech")
    assert again.evaluate("argmap.map.hidden('cache')") is False
    assert "open=more%3Atech" in page.url


# ---- focus and folding ---------------------------------------------------------------------------


def test_focus_shows_a_neighbourhood(site: Path, visit: Callable[..., Page]) -> None:
    """A claim's neighbourhood alone, k steps around, and a way back; no two cards overlap."""
    page = visit(site / DEBATE, "#blind")
    page.get_by_role("button", name="Окружение: 1 шаг", exact=False).click()
    shown = "argmap.map.claims.filter(id => !argmap.map.hidden(id)).sort()"
    assert page.evaluate(shown) == ["blind", "market"]
    page.get_by_role("button", name="Вся карта").click()
    assert len(page.evaluate(shown)) == 8


def test_a_branch_folds(site: Path, visit: Callable[..., Page]) -> None:
    """A claim's evidence and what leads only to it fold away, and selecting one unfolds it."""
    page = visit(site / DEBATE, "#market")
    page.get_by_role("button", name="Свернуть ветку").click()
    assert page.evaluate("['trio', 'blind'].map(argmap.map.hidden)") == [True, True]
    assert "fold=market" in page.url
    select(page, "trio")
    assert page.evaluate("argmap.map.hidden('trio')") is False


def test_a_neighbourhood_is_seen_whole(site: Path, visit: Callable[..., Page]) -> None:
    """What is told above the map takes none of the cards' room: the first stands below it."""
    page = visit(site / DEBATE, "#market")
    page.get_by_role("button", name="Окружение: 1 шаг", exact=False).click()
    page.locator(".banner.focus").wait_for()
    page.wait_for_function(
        "() => argmap.map.claims.filter(id => !argmap.map.hidden(id))"
        ".every(id => argmap.network.canvasToDOM(argmap.network.getPosition(id)).y > 40)"
    )


@pytest.mark.parametrize(
    ("width", "height", "seen"), [(1400, 900, 1), (1024, 768, 1), (390, 844, 0.3)]
)
def test_the_card_of_an_open_panel_stays_in_sight(
    site: Path, visit: Callable[..., Page], width: int, height: int, seen: float
) -> None:
    """However much room the panel and a longer head take, the whole card is left to be seen."""
    page = visit(site / DEBATE, "#view=map", viewport={"width": width, "height": height})
    for key in ("conclusion", "thesis", "tech"):
        page.evaluate("id => argmap.select(id)", key)
        page.wait_for_function(
            """([id, part]) => {
                const {network, map} = argmap, {width, height} = map.byId.get(id);
                const {x, y} = network.canvasToDOM(network.getPosition(id));
                const half = network.getScale() / 2, place = document.getElementById("map");
                return x >= width * half && x + width * half <= place.clientWidth &&
                    y >= height * half && y + height * half <= place.clientHeight * part;
            }""",
            arg=[key, seen],
        )


def test_a_folded_card_stays_under_the_pointer(site: Path, visit: Callable[..., Page]) -> None:
    """Folding a branch moves everything else, not the card that was folded."""
    page = visit(site / DEBATE)
    where = "id => argmap.network.canvasToDOM(argmap.network.getPosition(id))"
    for _ in range(2):
        before = page.evaluate(where, "tech")
        page.evaluate("argmap.map.toggle('tech')")
        assert page.evaluate(where, "tech") == pytest.approx(before)


@pytest.mark.parametrize("text", ["Широкая " * 9, "Щемящая мощь " * 5, "Немного слов", "WM" * 40])
def test_a_claims_text_is_not_cut(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page], text: str
) -> None:
    """A card is high enough for its claim, however wide its letters; only endless words are cut."""
    report = made.report()
    item = report.claims["market"]
    wide = replace(item, claim=replace(item.claim, text=text.strip()))
    write_site(replace(report, claims={**report.claims, "market": wide}), tmp_path / "site")
    page = visit(tmp_path / "site" / DEBATE)
    drawn = ET.fromstring(page.evaluate("argmap.svg()"))  # noqa: S314
    lines = [str(one.text) for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    cut = [line for line in lines if line.endswith("…") and line[:3] in text]
    assert bool(cut) == (" " not in text)


@pytest.mark.parametrize("language", ["ru", "en", None])
def test_no_mark_of_a_card_is_lost(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page], language: str | None
) -> None:
    """Each mark of a claim or a check stands on its card, whole, and the text is there too."""
    report = made.report(language)
    marks = ("lapsed", "stale", "inferred", "circular")
    claims = {key: replace(item, marks=marks) for key, item in report.claims.items()}
    claims["tech"] = replace(report.claims["tech"], marks=("inferred",))
    until = Ack(date(2027, 3, 1), "шум")
    trio = report.evidence["trio"]
    (seen,) = trio.now.observations
    now = replace(trio.now, stale=True, dates=2, needed=3, observations=(replace(seen, down="no"),))
    evidence = {**report.evidence, "trio": replace(trio, ack=until, now=now)}
    write_site(replace(report, claims=claims, evidence=evidence), tmp_path / "site")
    words = Words("ru" if language == "ru" else "en")
    page = visit(tmp_path / "site" / DEBATE)
    drawn = ET.fromstring(page.evaluate("argmap.svg()"))  # noqa: S314
    lines = [str(one.text) for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    for mark in marks:
        assert lines.count(words(mark)) >= len(claims) - 1, mark
    pills = (words("aside"), words.dates(2, 3), words("down"))
    assert all(pill in lines for pill in pills)
    assert not [line for line in lines if line.startswith("+") and line[1:].isdigit()]
    text = report.claims["conclusion"].claim.text
    assert text.replace(" ", "") in "".join(lines).replace(" ", "")


def test_a_large_map_opens_small(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Beyond 300 cards a map opens on its conclusion's neighbourhood, and whole when asked."""
    write_site(made.large(200), tmp_path / "site")
    page = visit(tmp_path / "site" / DEBATE)
    assert page.evaluate("argmap.map.count()") < 100
    page.get_by_role("button", name="Вся карта").click()
    assert page.evaluate("argmap.map.count()") == 400
    again = visit(tmp_path / "site" / DEBATE, "#" + page.url.partition("#")[2])
    assert again.evaluate("argmap.map.count()") == 400


def test_keys_move_the_map(site: Path, visit: Callable[..., Page]) -> None:
    """Plus, minus, nought and the arrows zoom, fit and pan."""
    page = visit(site / DEBATE)
    scale = page.evaluate("argmap.network.getScale()")
    page.keyboard.press("0")
    page.wait_for_function("before => argmap.network.getScale() < before", arg=scale)
    before = page.evaluate("argmap.network.getViewPosition().y")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("before => argmap.network.getViewPosition().y > before", arg=before)


def test_the_tree_folds_by_keys(site: Path, visit: Callable[..., Page]) -> None:
    """In the list, left closes a claim's branch and right opens it."""
    page = visit(site / DEBATE)
    page.evaluate("argmap.show('list')")
    page.locator(".item").first.focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator('.item[data-id="market"]').first.is_hidden()
    page.keyboard.press("ArrowRight")
    page.locator('.item[data-id="market"]').first.wait_for(state="visible")


# ---- to take away --------------------------------------------------------------------------------


def test_the_map_can_be_saved(site: Path, visit: Callable[..., Page], tmp_path: Path) -> None:
    """The map as SVG is well-formed and holds the cards' words; as PNG it is a picture."""
    page = visit(site / DEBATE)
    for kind in ("svg", "png"):
        page.locator(".menu summary").click()
        with page.expect_download() as download:
            page.locator(f'[data-save="{kind}"]').click()
        download.value.save_as(tmp_path / f"map.{kind}")
        page.keyboard.press("Escape")
    drawn = "".join(ET.parse(tmp_path / "map.svg").getroot().itertext())  # noqa: S314
    for said in ("Агентов строят", "опровергнуто", "4,4 %", "противоречит"):
        assert said in drawn.replace("\u00a0", " "), said
    assert (tmp_path / "map.png").read_bytes()[:4] == b"\x89PNG"


def test_a_claim_can_be_cited(site: Path, visit: Callable[..., Page]) -> None:
    """Copied are the claim's address, and references as text and BibTeX with that address."""
    page = visit(site / claim_page("market"), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Скопировать ссылку").click()
    page.wait_for_selector("text=Скопировано")
    address = (site / claim_page("market")).as_uri()
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.locator(".cite summary").click()
    page.locator(".cite button").last.click()
    page.wait_for_selector(".cite >> text=Скопировано")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@misc{")
    assert address in copied


def test_a_badge_is_a_picture(site: Path) -> None:
    """Each claim has a badge with its status, well-formed and with a text for who cannot see."""
    for path in (site / "badge").iterdir():
        root = ET.parse(path).getroot()  # noqa: S314
        assert root.get("aria-label")
    market = next(p for p in (site / "badge").iterdir() if "опровергнуто" in p.read_text("utf-8"))
    assert market.suffix == ".svg"


def test_the_feed_tells_changes(site: Path) -> None:
    """The Atom feed holds each change of a status once, the newest first, with its link."""
    root = ET.parse(site / "feed.xml").getroot()  # noqa: S314
    atom = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{atom}entry")
    titles = [entry.findtext(f"{atom}title") for entry in entries]
    assert titles[0] == "Будущее — за крупными экономными моделями: подтверждено → спорно"
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == len(entries) == 2
    for entry in entries:
        link = entry.find(f"{atom}link")
        assert link is not None
        assert (site / str(link.get("href"))).is_file()
    newest = json.loads((site / "api/changes.json").read_text("utf-8"))["changes"][0]
    assert (newest["claim"], newest["after"]) == ("conclusion", "contested")


def test_hostile_text_in_every_feature(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Markup in texts and ids stays text in search, time, what-if, focus, banners and pictures."""
    evil: Any = "\"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'`&=,:"
    write_site(made.hostile(evil), tmp_path / "site")
    page = visit(next((tmp_path / "site" / "debate").iterdir()))
    key = f"market{evil}"
    page.keyboard.press("/")
    page.keyboard.type("Агентов onerror")
    page.wait_for_selector(".hits a")
    page.keyboard.press("Escape")
    page.evaluate("argmap.goTo(4); argmap.goTo(null)")
    page.evaluate("id => argmap.setWhatIf(id, 'pass')", f"trio{evil}")
    page.evaluate("id => argmap.select(id)", key)
    page.evaluate("id => argmap.setFocus(id, 2)", key)
    ET.fromstring(page.evaluate("argmap.svg()"))  # noqa: S314
    address = page.url
    page.reload()
    page.wait_for_selector("html.ready", state="attached")
    assert page.url == address
    assert page.evaluate("argmap.state.selected") == key
    assert page.evaluate("id => argmap.state.whatif[id]", f"trio{evil}") == "pass"
    assert page.locator("img").count() == 0
    for name in ("index", "checks", "tags", "sources"):
        page.goto((tmp_path / "site" / f"{name}.html").as_uri())
        assert page.locator("img").count() == 0
    ET.parse(tmp_path / "site" / "feed.xml")  # noqa: S314
