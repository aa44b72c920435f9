"""The pages for everyone: what axe-core finds, in both themes, on every kind of page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from argmap.pages import write_site
from argmap.pages.names import check_page, claim_page, note_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

DEBATE = "debate/slm-ili-llm.html"
MOMENTS = {
    "map": "",
    "panel": "argmap.select('market')",
    "evidence": "argmap.select('trio')",
    "list": "argmap.select(null); argmap.show('list')",
    "past": "argmap.goTo(3)",
    "what if": "argmap.goTo(null); argmap.setWhatIf('trio', 'pass')",
    "menu": "document.querySelector('.menu').open = true",
}


@pytest.fixture(scope="module")
def site(made: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site of the report made by hand."""
    out = tmp_path_factory.mktemp("everyone") / "site"
    write_site(made.report(), out)
    return out


def found(page: Page) -> list[str]:
    """Return what axe-core holds against a page, minor matters left out."""
    # It would read the style sheets anew by a request, which a page from a file cannot make.
    violations = Axe().run(page, options={"preload": False}).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html']}"
        for one in violations
        if one["impact"] in {"serious", "critical", "moderate"}
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_a_reader_out(
    made: ModuleType, site: Path, visit: Callable[..., Page], scheme: str
) -> None:
    """axe-core finds nothing serious on any kind of page, nor in any state of a debate's."""
    page = visit(site / "index.html", color_scheme=scheme, bypass_csp=True)
    trouble = {}
    pages = ["index.html", "checks.html", "tags.html", "sources.html", "problems.html",
             claim_page("market"), note_page(made.NOTE), check_page("trio")]  # fmt: skip
    for name in pages:
        page.goto((site / name).as_uri())
        trouble[name] = found(page)
    page.goto((site / DEBATE).as_uri())
    page.wait_for_selector("html.ready", state="attached")
    for name, script in MOMENTS.items():
        page.evaluate(script)
        trouble[name] = found(page)
    assert {name: said for name, said in trouble.items() if said} == {}


def test_nothing_keeps_a_reader_with_a_phone_out(
    made: ModuleType, site: Path, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """The same on a phone, where also nothing is wider than the screen; and in a long index."""
    many = tmp_path / "many"
    write_site(made.many(8), many)
    phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    page = visit(site / "index.html", **phone, is_mobile=True, bypass_csp=True)
    trouble, wide = {}, []
    pages = [site / name for name in ("index.html", "checks.html", "tags.html", "sources.html",
             "problems.html", claim_page("market"), note_page(made.NOTE), check_page("trio"),
             DEBATE)]  # fmt: skip
    for path in [*pages, many / "index.html"]:
        page.goto(path.as_uri())
        trouble[str(path)] = found(page)
        wide += [path] if page.evaluate("innerWidth") > 390 else []
    page.goto((site / DEBATE).as_uri())
    page.wait_for_selector("html.ready", state="attached")
    for name, script in {"map": "argmap.show('map')", **MOMENTS}.items():
        page.evaluate(script)
        trouble[name] = found(page)
        wide += [name] if page.evaluate("innerWidth") > 390 else []
    assert {name: said for name, said in trouble.items() if said} == {}
    assert wide == []


def test_calm_where_calm_is_asked_for(site: Path, visit: Callable[..., Page]) -> None:
    """With reduced motion the map jumps to its place without a flight."""
    page = visit(site / DEBATE, reduced_motion="reduce")
    page.keyboard.press("0")
    first = page.evaluate("argmap.network.getScale()")
    page.wait_for_timeout(120)
    assert page.evaluate("argmap.network.getScale()") == first


def test_changes_are_told(site: Path, visit: Callable[..., Page]) -> None:
    """A live region says what a moment shows, for who does not see the map."""
    page = visit(site / DEBATE)
    page.evaluate("argmap.goTo(5)")
    assert "подтверждено" in str(page.locator(".live").text_content())


def test_without_scripts_the_list_is_there(site: Path, visit: Callable[..., Page]) -> None:
    """A browser without scripts shows the list with every claim, and links that lead on."""
    context = visit(site / "index.html").context.browser
    assert context
    page = context.new_page(java_script_enabled=False)
    page.goto((site / DEBATE).as_uri())
    page.locator(".item.claim").first.wait_for(state="visible")
    page.locator('.item[data-id="market"] a').first.click()
    assert "Агентов строят" in page.locator("h1").inner_text()
    page.close()
