"""The site in a real browser, opened from files as a reader would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from argmap.pages import write_site
from argmap.pages.names import claim_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from playwright.sync_api import Page

    from argmap.project import Project

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


def test_the_browser_s_way_back_is_the_reader_s(site: Path, visit: Callable[..., Page]) -> None:
    """Back leads to the claim that was looked at before, and from the first out of its panel."""
    page = visit(site / DEBATE)
    click_card(page, "market")
    page.locator("#panel .ties a", has_text="Самостоятельный хостинг").click()
    assert page.evaluate("argmap.state.selected") == "blind"
    page.go_back()
    page.wait_for_function("argmap.state.selected === 'market'")
    assert "Агентов строят" in page.locator("#panel h2").inner_text()
    page.go_back()
    page.wait_for_function("argmap.state.selected === null")
    assert page.locator("#panel").is_hidden()


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


# ---- hostile notes, through the whole of it ------------------------------------------------------

VECTORS = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "<svg onload=alert(3)><animate onbegin=alert(4) attributeName=x></svg>",
    "<iframe srcdoc='<script>parent.alert(5)</script>'></iframe>",
    "<math><mtext><style><img src=x onerror=alert(6)></style></mtext></math>",
    "<link rel=stylesheet href=http://evil.example/x.css><base href=http://evil.example/>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<form action=http://evil.example/><button formaction=javascript:alert(7)>x</button></form>",
    "<details open ontoggle=alert(8)><summary>x</summary></details>",
    "<p style=\"background:url('http://evil.example/y.png')\">x</p>",
    '"onfocus=alert(9) autofocus x="',
    "{{7*7}} {% raw %} ${alert(10)} `alert(11)` '-alert(12)-'",
    "&lt;script&gt;alert(13)&lt;/script&gt; &#60;img src=x onerror=alert(14)&#62;",
    "<!--><script>alert(15)</script--> ]]><script>alert(16)</script>",
    "\u2028alert(17)\u2029 \u202egnihton",
)
LINKS = (
    "[x](javascript:alert(20))", "[x](JaVaScRiPt&colon;alert(21))", "<javascript:alert(22)>",
    "[x](data:text/html,<script>alert(23)</script>)", "![x](http://evil.example/a.png)",
    "![[http://evil.example/b.png]]", "[[x|<img src=y onerror=alert(24)>]]",
    "[x](vbscript:alert(25))", '[x](http://evil.example/"onclick="alert(26))',
)  # fmt: skip


def hostile_notes() -> dict[str, str]:
    """Return notes that are hostile wherever one can write: each vector a claim with evidence."""
    lines = [
        f"- Claim {number} {text} #claim ^c{number}\n"
        f"    - Evidence {text} #evidence (source:: {text}) (judged:: 2026-01-05) ^e{number}\n"
        f"    - Check {text} #evidence (check:: share >= 25 %)\n"
        + (f"    - Pro {text} (supports:: [[#^c0]]) #claim ^p{number}" if number else "")
        for number, text in enumerate(VECTORS)
    ]
    head = f"---\naliases: ['{VECTORS[0]}']\ntags: [spam/onerror]\nx: '{VECTORS[1]}'\n---\n"
    return {
        "Evil <b onclick=alert(0)>.md": head + "\n".join([*lines, *LINKS]) + "\n",
        "Other.md": "\n\n".join([*VECTORS, *LINKS, "- [[Evil]] wins #claim (attacks:: [[#^y]]) ^x",
                                 "- It does not #claim ^y"]) + "\n",
    }  # fmt: skip


SHEET = f"""\
measures:
  share:
    value: 20 %
    source: {VECTORS[0]}
    url: javascript:alert(30)
    note: "{VECTORS[2]}"
    as_of: 2026-01-05
checks:
  it-is-so:
    title: {VECTORS[1]}
    tests: x
    assert: share >= 25 %
"""
HARM = """() => [...document.querySelectorAll(':not(#map *)')].flatMap((one) => {
  const names = one.getAttributeNames();
  const odd = names.filter((name) => /^on|^style$|^srcdoc$|^formaction$/.test(name));
  const to = ['href', 'src', 'action', 'xlink:href'].map((name) => one.getAttribute(name) ?? '');
  if (to.some((url) => /^\\s*(javascript|vbscript|data:text)/i.test(url))) odd.push('address');
  if (/^(img|iframe|object|embed|base|form|style|math|animate)$/i.test(one.tagName)
      && !(one.tagName === 'FORM' && 'filters' in one.dataset)) odd.push('tag');
  if (one.tagName === 'SCRIPT' && !one.src && one.type !== 'application/json') odd.push('script');
  return odd.map((name) => name + ': ' + one.outerHTML.slice(0, 120));
})"""


def test_hostile_notes_do_no_harm(
    project: Callable[..., Project], tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """From notes and sheets to every page, its features and what is taken away: text stays text."""
    made = project(hostile_notes(), {"s.yaml": SHEET}, f"title = '''{VECTORS[1]}'''\n")
    site = tmp_path / "site"
    write_site(made.report(date(2026, 2, 1)), site)
    kinds = {path.parent.name for path in site.rglob("*.html")}
    assert {"site", "debate", "claim", "note", "check"} <= kinds
    page = visit(site / "index.html")
    found = {}
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        found[path.name] = page.evaluate(HARM)
    assert {name: odd for name, odd in found.items() if odd} == {}
    large = max((site / "debate").iterdir(), key=lambda path: path.stat().st_size)
    page.goto(large.as_uri())
    page.wait_for_selector("html.ready", state="attached")
    for key in page.evaluate("[...argmap.map.byId.keys()]")[:40]:
        page.evaluate("id => argmap.select(id)", key)
    page.evaluate(
        "argmap.map.toggle(argmap.map.claims[1]); argmap.setFocus(argmap.map.claims[0], 2)"
    )
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("onerror alert")
    page.wait_for_selector(".hits *")
    page.locator(".menu summary").click()
    page.locator('[data-by="tag"]').select_option("spam")
    assert page.evaluate(HARM) == []
    (tmp_path / "map.svg").write_text(page.evaluate("argmap.svg()"), "utf-8")
    for picture in [tmp_path / "map.svg", *sorted((site / "badge").iterdir())[:12]]:
        page.goto(picture.as_uri())
        assert page.evaluate(HARM) == []
    ET.parse(site / "feed.xml")  # noqa: S314
    page.goto((site / "index.html").as_uri() + "#q=onerror&tag=spam")
    page.wait_for_selector("ul.hits *")
    assert page.evaluate(HARM) == []
