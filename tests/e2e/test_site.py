"""The site in a real browser, opened from files as a reader would."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from argmap.pages import write_site
from argmap.pages.names import claim_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

DEBATE = "debate/slm-ili-llm.html"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
EVIL = "\"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'`"


@pytest.fixture(scope="module")
def site(made: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site of the report made by hand."""
    out = tmp_path_factory.mktemp("made") / "site"
    write_site(made.report(), out)
    return out


def node(page: Page, key: str) -> dict[str, Any]:
    """Return a card's data, as the map holds it."""
    found: dict[str, Any] = page.evaluate(
        "id => { const n = argmap.network.body.data.nodes.get(id);"
        " return {status: n.status, outcome: n.outcome, color: n.color, hidden: !!n.hidden}; }",
        key,
    )
    return found


def seen(page: Page, where: str) -> str:
    """Return the text a reader sees, spaces made plain."""
    return page.locator(where).inner_text().replace("\u00a0", " ")


def click_card(page: Page, key: str) -> None:
    """Bring a card to the middle of the map and click it."""
    spot = page.evaluate(
        "id => { const {x, y} = argmap.network.getPosition(id);"
        " argmap.network.moveTo({position: {x, y}});"
        " const dom = argmap.network.canvasToDOM({x, y});"
        " const box = document.getElementById('map').getBoundingClientRect();"
        " return [box.left + dom.x, box.top + dom.y]; }",
        key,
    )
    page.mouse.click(*spot)


def test_a_status_has_its_colour(site: Path, visit: Callable[..., Page]) -> None:
    """Each claim's card wears the colour of its status; a check's card is neutral."""
    page = visit(site / DEBATE)
    assert node(page, "thesis")["color"] == "#0b7a75"
    assert node(page, "market") | {"hidden": 0} == {
        "status": "refuted", "outcome": "", "color": "#c0352b", "hidden": 0,
    }  # fmt: skip
    assert node(page, "conclusion")["status"] == "contested"
    assert node(page, "economics")["status"] == "unknown"
    assert node(page, "trio")["outcome"] == "fail"
    assert node(page, "trio")["color"] == node(page, "active")["color"]


def test_a_changed_report_recolours(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Written again after a check turned, the map shows the new status; the rest stays."""
    report = made.report()
    write_site(report, tmp_path / "site")
    before = visit(tmp_path / "site" / DEBATE)
    old = {key: node(before, key) for key in report.claims}
    turned = replace(report.claims["market"], now=replace(report.claims["market"].now,
                     status="supported", strength=(0.5, 0.5)))  # fmt: skip
    trio = report.evidence["trio"]
    passed = replace(trio, now=replace(trio.now, outcome="pass"))
    changed = write_site(
        replace(
            report,
            claims={**report.claims, "market": turned},
            evidence={**report.evidence, "trio": passed},
        ),
        tmp_path / "site",
    )
    assert DEBATE in changed
    before.reload()
    assert node(before, "market") == old["market"] | {"status": "supported", "color": "#0b7a75"}
    assert node(before, "trio")["outcome"] == "pass"
    assert {k: node(before, k) for k in old if k != "market"} == {
        k: v for k, v in old.items() if k != "market"
    }


def test_the_panel_says_why(site: Path, visit: Callable[..., Page]) -> None:
    """A click on a claim opens the sum that makes its strength, then and now, and its note."""
    page = visit(site / DEBATE)
    click_card(page, "market")
    panel = page.locator("#panel")
    text = seen(page, "#panel")
    for said in ("Почему", "Sonnet, Flash и 4.1 Mini", "−0,67", "подрыв ×0,67", "Итого", "−1,00",
                 "−1,00 / (1 + 1,00)", "−0,50", "Тогда и сейчас", "подтверждено", "устарело",
                 "История", "30 сен. 2025", "строка 11", "перешло в «опровергнуто»"):  # fmt: skip
        assert said in text, said
    assert page.evaluate("location.hash") == "#market"
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert page.evaluate("location.hash") == ""


def test_a_relation_leads_on(site: Path, visit: Callable[..., Page]) -> None:
    """A relation in the panel selects what it names, an evidence's panel shows what was seen."""
    page = visit(site / DEBATE, "#market")
    page.locator("#panel .sum a", has_text="Sonnet").click()
    text = seen(page, "#panel")
    assert "не прошла" in text
    assert "4,4 %" in text
    assert "порог ≥ 25 %" in text
    assert "OpenRouter, CC BY 4.0" in text
    page.locator("#panel .ties a", has_text="Самостоятельный хостинг").click()
    assert page.evaluate("decodeURIComponent(location.hash)") == "#blind"


def test_evidence_unfolds(site: Path, visit: Callable[..., Page]) -> None:
    """More than four pieces of evidence fold into one card, which a click unfolds."""
    page = visit(site / DEBATE)
    assert node(page, "cache")["hidden"]
    click_card(page, "more:tech")
    assert not node(page, "cache")["hidden"]
    click_card(page, "more:tech")
    assert node(page, "cache")["hidden"]
    page.evaluate("argmap.select('cache')")
    assert not node(page, "cache")["hidden"]


def test_dark_is_remembered(site: Path, visit: Callable[..., Page]) -> None:
    """The theme's button turns the page and the map dark, and the next page too."""
    page = visit(site / DEBATE)
    light = node(page, "thesis")["color"]
    page.locator("[data-theme-button]").click()
    assert node(page, "thesis")["color"] != light
    page.goto((site / "index.html").as_uri())
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_keys_reach_everything(site: Path, visit: Callable[..., Page]) -> None:
    """Beside the map stands a tree: arrows walk it, Enter opens the panel, Escape goes back."""
    page = visit(site / DEBATE)
    page.locator(".item").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "Агентов строят" in page.locator("#panel h2").inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.id") == "market"


def test_the_list_says_the_same(site: Path, visit: Callable[..., Page]) -> None:
    """The list holds every claim and every piece of evidence, with outcome, value and date."""
    page = visit(site / DEBATE)
    page.get_by_role("button", name="Список").click()
    assert page.locator("#map").is_hidden()
    assert seen(page, '.item[data-id="trio"]').split("\n") == [
        "Sonnet, Flash и 4.1 Mini держат не меньше 25 %", "не прошла", "4,4 % порог ≥ 25 %",
        "9 окт. 2026",
    ]  # fmt: skip
    once = page.locator(".item[data-id]:not(.again)")
    ids = once.evaluate_all("items => items.map(item => item.dataset.id)")
    assert len(ids) == len(set(ids)) == 24


def test_a_phone_gets_the_list(site: Path, visit: Callable[..., Page]) -> None:
    """On a phone the list comes first, fits the width, and a tap opens the panel."""
    page = visit(site / DEBATE, **PHONE)
    page.locator(".list").wait_for(state="visible")
    assert page.locator("#map").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator('.item[data-id="market"]').first.tap()
    page.locator("#panel").wait_for(state="visible")
    page.get_by_role("button", name="Карта").click(force=True)


def test_every_page_keeps_to_itself(site: Path, visit: Callable[..., Page]) -> None:
    """No page, opened from a file, asks the network for anything or logs an error."""
    page = visit(site / "index.html")
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        assert page.title()


def test_a_note_shows_its_claims(site: Path, visit: Callable[..., Page]) -> None:
    """A note's page marks each claim at its line with its status, and links to its page."""
    page = visit(next(site.glob("note/*ekonom*"), next(iter(sorted(site.glob("note/*"))))))
    marks = page.locator("a.mark.claim")
    assert marks.count() >= 2
    target = marks.first.get_attribute("href")
    assert target
    assert (site / "note" / target).resolve().is_file()


def test_hostile_text_stays_text(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Markup in texts, ids, tags, titles, values, sources and properties never runs."""
    report = made.hostile(EVIL)
    write_site(report, tmp_path / "site")
    page = visit(tmp_path / "site" / "index.html")
    for path in sorted((tmp_path / "site").rglob("*.html")):
        page.goto(path.as_uri())
        assert page.locator("img, script:not([src]):not([type])").count() == 0
    page.goto(next((tmp_path / "site" / "debate").iterdir()).as_uri())
    page.wait_for_selector("html.ready", state="attached")
    for key in (*report.claims, *report.evidence):
        page.evaluate("id => argmap.select(id)", key)
        assert EVIL in page.locator("#panel h2").inner_text()
        assert page.locator("#panel img").count() == 0
    page.goto((tmp_path / "site" / claim_page(f"market{EVIL}")).as_uri())
    assert EVIL in page.locator("h1").inner_text()
