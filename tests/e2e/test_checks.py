"""Checks in a browser: their pages, the board and the index; what is clicked, and what ages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from argmap.evidence.model import Ack
from argmap.pages import write_site
from argmap.pages.names import check_page, claim_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from playwright.sync_api import Page

    from argmap.project import Project
    from argmap.report import Report

    Make = Callable[..., Project]
    Visit = Callable[..., Page]

pytestmark = pytest.mark.browser

DEBATE = "debate/slm-ili-llm.html"
NOTE = """
    - Cats win #claim ^cats
        - They lead the poll #evidence (test:: poll >= 50 %) (weight:: 3) ^poll
        - Dogs are loud #pro ^loud
            - Heard #evidence (source:: a neighbour) (judged:: 2026-01-05) (expires:: 2026-05-01) ^heard
        - Dogs are strong #con ^strong
            - Pulled #evidence (source:: a sledge) (judged:: 2026-01-05) (expires:: 2026-06-01) ^pulled
"""  # noqa: E501  a note is as long as it is
OTHER = "- Tea is best #claim ^tea\n    - It wakes #evidence (test:: 1 USD < 2 USD) ^wakes\n"
SHEET = """
    measures:
      poll:
        value: 62 %
        source: the poll
        as_of: 2026-01-05
        fresh: 30d
        expires: 60d
"""
BUILT = date(2026, 1, 20)


@pytest.fixture
def site(project: Make, tmp_path: Path) -> Path:
    """Write a site of two debates, one of which ages."""
    made = project({"Cats.md": NOTE, "Tea.md": OTHER}, {"s.yaml": SHEET}, 'language = "en"\n')
    days = [BUILT - timedelta(days=7), BUILT]
    made.read().backfill(made.world(BUILT, online=False), days, lambda *_: None)
    write_site(made.report(BUILT), tmp_path / "site")
    return tmp_path / "site"


def at(page: Page, day: date, path: Path) -> None:
    """Open a page on another day."""
    page.clock.set_fixed_time(day.isoformat() + "T12:00:00")
    page.goto(path.as_uri())
    if path.parent.name == "debate":
        page.wait_for_selector("html.ready", state="attached")


def debate(site: Path, title: str) -> Path:
    """Return the page of a debate by its claim's text."""
    return next(one for one in (site / "debate").iterdir() if title in one.read_text("utf-8"))


def text(page: Page, where: str) -> str:
    """Return what is written somewhere, spaces as one."""
    return " ".join(page.locator(where).first.inner_text().replace("\u00a0", " ").split())


# ---- the check's page ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def handmade(made: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site of the report made by hand, one check of it set aside."""
    report: Report = made.report()
    ack = Ack(date(2026, 12, 31), "Опрос врёт", "Анна", date(2026, 11, 1))
    trio = report.evidence["trio"]
    aside = replace(trio, ack=ack, now=replace(trio.now, ack=ack))
    out = tmp_path_factory.mktemp("checks") / "site"
    write_site(replace(report, evidence={**report.evidence, "trio": aside}), out)
    return out


def test_clicks_lead_to_a_check(handmade: Path, visit: Visit) -> None:
    """From the board, and from the map by way of its panel, a click opens the check's page."""
    page = visit(handmade / "checks.html")
    page.get_by_role("link", name="Sonnet, Flash и 4.1 Mini держат").click()
    assert "отложена до 31 дек. 2026" in text(page, "[data-now]")
    assert "Опрос врёт" in text(page, ".notice")
    page.goto((handmade / DEBATE).as_uri())
    page.wait_for_selector("html.ready", state="attached")
    page.evaluate("argmap.select('trio')")
    assert "отложена" in text(page, "#panel [data-now]")
    page.get_by_role("link", name="Страница проверки").click()
    assert page.url.endswith(check_page("trio"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_check_s_page_suits_everyone(
    handmade: Path, visit: Visit, scheme: str, width: int
) -> None:
    """axe-core finds nothing on it, opened to its table, and nothing sticks out on a phone."""
    page = visit(
        handmade / check_page("trio"), color_scheme=scheme, bypass_csp=True,
        viewport={"width": width, "height": 800},
    )  # fmt: skip
    page.locator(".rows summary").click()
    assert page.locator("#runs tbody tr").count() > 10
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [
        one["id"] for one in found if one["impact"] in {"moderate", "serious", "critical"}
    ] == []


def test_the_chart_is_told_in_words(handmade: Path, visit: Visit) -> None:
    """A screen reader hears what the chart shows; its lines stay within it at any width."""
    page = visit(handmade / check_page("trio"), viewport={"width": 390, "height": 800})
    chart = page.get_by_role("img", name="История: 22 прогона")
    box, line = chart.bounding_box(), page.locator(".trail .run").first.bounding_box()
    assert box
    assert line
    assert box["x"] <= line["x"]
    assert line["x"] + line["width"] <= box["x"] + box["width"] + 1
    assert line["height"] > 60


def test_printed_it_shows_the_table(handmade: Path, visit: Visit) -> None:
    """On paper, where nothing opens, the table stands open and the buttons are gone."""
    page = visit(handmade / check_page("trio"))
    page.emulate_media(media="print")
    assert page.locator(".acts").first.is_hidden()
    page.wait_for_selector("#runs tbody tr", state="visible")


def test_hostile_text_on_a_check_s_page(made: ModuleType, tmp_path: Path, visit: Visit) -> None:
    """Markup in names, sources, remarks and reasons stays text."""
    evil: Any = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    report: Report = made.hostile(evil)
    ack = Ack(date(2027, 1, 1), evil, evil)
    evidence = {
        key: replace(
            item, ack=ack,
            now=replace(item.now, ack=ack, hangs=evil, observations=tuple(
                replace(seen, down=evil, kind="formula") for seen in item.now.observations)),
            series=tuple(replace(one, shown=evil, changed=True) for one in item.series),
        )
        for key, item in report.evidence.items()
    }  # fmt: skip
    write_site(replace(report, evidence=evidence), tmp_path / "site")
    page = visit(tmp_path / "site" / "checks.html")
    for path in sorted((tmp_path / "site" / "check").iterdir()):
        page.goto(path.as_uri())
        assert page.locator("img").count() == 0
        assert "<img src=x" in page.locator("h1").inner_text()


# ---- the reader's clock --------------------------------------------------------------------------


def test_the_index_says_what_the_debate_says(site: Path, visit: Visit) -> None:
    """A debate whose data expired since the build shows its status of today; others stay."""
    page = visit(site / "index.html")
    cats, tea = "li[data-debate]:has-text('Cats win')", "li[data-debate]:has-text('Tea is best')"
    at(page, BUILT + timedelta(days=1), site / "index.html")
    assert "supported" in text(page, f"{cats} .status")
    late = date(2026, 5, 20)
    at(page, late, debate(site, "Cats win"))
    says = page.evaluate("[argmap.state.moment.claims['Cats#cats'].status]")[0]
    assert says != "supported"
    at(page, late, site / "index.html")
    page.wait_for_selector("html.judged", state="attached")
    words = {"unknown": "no data", "contested": "contested", "refuted": "refuted"}
    assert words[says] in text(page, f"{cats} .status")
    assert "supported" in text(page, f"{tea} .status")
    page.locator("[name=kind]").select_option("claim")
    page.locator("[name=status]").select_option("supported")
    page.wait_for_selector("ul.hits a")
    assert "Cats win" not in text(page, "ul.hits")


def test_a_claim_s_sum_ages_down_to_the_evidence(site: Path, visit: Visit) -> None:
    """Terms, those below them, the total and "now" are those of the reader's day."""
    page = visit(site / "index.html")
    at(page, date(2026, 3, 20), site / claim_page("Cats#cats"))
    poll = "li[data-term='Cats#poll']"
    assert text(page, f"{poll} .num") == "−3.00 … +3.00"
    assert "cannot tell" in text(page, f"{poll} .how")
    assert text(page, ".sum .all .num") == "−3.00 … +3.00"
    at(page, date(2026, 5, 20), site / claim_page("Cats#cats"))
    loud = "li[data-term='Cats#loud']"
    assert text(page, f"{loud} > .num") == "0.00 … +0.50"
    page.locator(f"{loud} summary").click()
    assert text(page, f"{loud} [data-term='Cats#heard'] .num") == "0.00 … +1.00"
    assert text(page, ".sum > .all .num") == "−3.50 … +3.00"
    strength = text(page, ".sum > .eq > .num")
    assert strength == "−0.78 … +0.75"
    assert strength in text(page, "[data-now]")
    assert strength in text(page, ".moments li:last-child")


def test_the_panel_s_sum_is_the_page_s(site: Path, visit: Visit) -> None:
    """On the same day the map's panel shows the same terms and total as the claim's page."""
    page, late = visit(site / "index.html"), date(2026, 5, 20)
    told = []
    for path, where in (
        (debate(site, "Cats win"), "#panel .inside"),
        (site / claim_page("Cats#cats"), "section"),
    ):
        at(page, late, path)
        if where == "#panel .inside":
            page.evaluate("argmap.select('Cats#cats')")
        told.append([
            row.inner_text() for row in page.locator(f"{where} > .sum > li > .num").all()
        ])  # fmt: skip
    assert told[0] == told[1]


def test_a_check_s_page_and_the_board_age(site: Path, visit: Visit) -> None:
    """What went stale or expired since the build says so on the check's page and on the board."""
    page = visit(site / "index.html")
    at(page, date(2026, 2, 20), site / check_page("Cats#poll"))
    assert "stale data" in text(page, "[data-now]")
    at(page, date(2026, 3, 20), site / check_page("Cats#poll"))
    assert "cannot tell" in text(page, "[data-now]")
    at(page, date(2026, 3, 20), site / "checks.html")
    row = "tr:has-text('They lead the poll')"
    assert "cannot tell" in text(page, row)
    assert "stale data" in text(page, row)


def test_a_check_is_overdue_by_its_own_every(
    made: ModuleType, tmp_path: Path, visit: Visit
) -> None:
    """The day a source was to be asked again decides, not how long ago the last run was."""
    report: Report = replace(made.report("en"), fixed=False)
    due = made.AS_OF + timedelta(days=30)
    trio = report.evidence["trio"]
    fetched = replace(trio, now=replace(trio.now, due=due))
    out = tmp_path / "site"
    write_site(replace(report, evidence={**report.evidence, "trio": fetched}), out)
    page = visit(out / "checks.html")
    at(page, due, out / "checks.html")
    assert page.locator(".banner").count() == 0
    assert "overdue" not in text(page, ".board")
    at(page, due + timedelta(days=1), out / "checks.html")
    assert "Checks are due: 23 Dec 2026" in text(page, ".banner.late")
    assert "overdue" in text(page, "tr:has-text('Sonnet, Flash')")
    assert page.locator(".board .pill.late").count() == 1


# ---- large debates -------------------------------------------------------------------------------


def heavy(made: ModuleType, claims: int) -> Report:
    """Return a debate of so many claims, each with a check that has run 24 times."""
    report: Report = made.large(claims)
    series = made.share_series()
    evidence = {
        key: replace(item, text=f"Доля названных моделей не меньше порога, проверка {key}",
                     series=series)
        for key, item in report.evidence.items()
    }  # fmt: skip
    return replace(report, evidence=evidence)


def test_five_hundred_cards_are_light(made: ModuleType, tmp_path: Path, visit: Visit) -> None:
    """All that the page of 500 cards loads is at most 1.5 MB, a panel opened in it included."""
    write_site(heavy(made, 250), tmp_path / "site")
    page = visit(tmp_path / "site" / "index.html")
    loaded: set[str] = set()
    page.on("request", lambda request: loaded.add(request.url))
    page.goto((tmp_path / "site" / DEBATE).as_uri())
    page.wait_for_selector("html.ready", state="attached")
    page.evaluate("argmap.select('c7')")
    page.wait_for_selector("#panel h2:has-text('Утверждение номер 7')")
    paths = [url.removeprefix((tmp_path / "site").as_uri() + "/") for url in loaded]
    files = [tmp_path / "site" / path for path in paths if not path.startswith("data:")]
    assert any(path.parent.name == "panels" for path in files)
    assert sum(path.stat().st_size for path in files) <= 1_500_000


def test_the_panels_of_a_large_debate_open(made: ModuleType, tmp_path: Path, visit: Visit) -> None:
    """Each card has its panel; of two asked for at once the last is shown; a relation leads on."""
    write_site(made.large(50), tmp_path / "site")
    page = visit(tmp_path / "site" / DEBATE)
    page.evaluate("argmap.select('c3'); argmap.select('c45')")
    page.wait_for_selector("#panel h2:has-text('Утверждение номер 45')")
    page.locator("#panel .ties a").first.click()
    page.wait_for_selector("#panel h2:has-text('Утверждение номер 11')")
    page.evaluate("argmap.select('c49e')")
    page.wait_for_selector("#panel h2:has-text('Проверка номер 49')")
    page.reload()
    page.wait_for_selector("#panel h2:has-text('Проверка номер 49')")


def test_filters_find_marks_of_the_moment(handmade: Path, visit: Visit) -> None:
    """The filter of a mark lights what bears it, whatever words the mark is shown in."""
    page = visit(handmade / DEBATE)
    page.evaluate("document.querySelector('.menu').open = true")
    page.locator("[data-filter=inferred]").click()
    page.wait_for_selector(".item[data-id=market].miss", state="attached")
    assert "miss" not in (
        page.locator(".item[data-id=conclusion]").first.get_attribute("class") or ""
    )


TANGLE = """
    - A #claim (supports:: b, c) (credence:: 0.7) ^a
        - seen #evidence (test:: 1 < 2) (weight:: 0.625) ^e
    - B #claim (supports:: a) (weight:: 2) ^b
        - seen twice #evidence (check:: 1 < 2) ^e2
            - but not so #con (weight:: 0.4) ^cut
                - said #evidence (source:: x) (judged:: 2026-01-01) ^j
    - C #claim (supports:: a) (contradicts:: d) ^c
    - D #claim (weight:: 3) ^d
        - cited #evidence (source:: y) (weight:: 1.25) ^cited
    - Then #argument (premises:: a, b) (supports:: d) ^arg
"""
RECOUNTED = """() => {
    const claim = document.querySelector("main").dataset.claim;
    const where = ".sum .num, .sum .how, .sum .eq .dim, .sum .i";
    const said = () => [...document.querySelectorAll(where)]
        .map((one) => one.getAttribute("class") + " " + one.textContent);
    const before = said();
    argmapSums.recount(document, argmapDebate, argmapJudge.solved(argmapDebate, {}), claim);
    return [before, said()];
}"""


def test_a_page_counts_as_python_does(project: Make, tmp_path: Path, visit: Visit) -> None:
    """At the moment of the build a page's own sum is what Python wrote: circles, undercuts, all."""
    made = project({"n.md": TANGLE}, {}, 'language = "en"\n')
    report = replace(made.report(BUILT), fixed=False)
    write_site(report, tmp_path / "site")
    page = visit(tmp_path / "site" / "index.html")
    for claim in sorted(report.claims):
        page.goto((tmp_path / "site" / claim_page(claim)).as_uri())
        python, browser = page.evaluate(RECOUNTED)
        assert python == browser
        assert len(python) > 3
