"""A site in two languages: the reader's comes, at once, and can be changed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argmap.pages import write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

DEBATE = "debate/slm-ili-llm.html"


@pytest.fixture(scope="module")
def site(made: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site of the report made by hand, in no stated language."""
    out = tmp_path_factory.mktemp("language") / "site"
    write_site(made.report(language=None), out)
    return out


def spoken(page: Page) -> tuple[str, str]:
    """Return the page's language for a screen reader, and the button for a map."""
    page.wait_for_selector("html.ready", state="attached")
    return page.evaluate("document.documentElement.lang"), page.inner_text("button[data-view=map]")


@pytest.mark.parametrize(
    ("locale", "told"),
    [("ru-RU", ("ru", "Карта")), ("en-GB", ("en", "Map")), ("de-DE", ("en", "Map"))],
)
def test_the_readers_language_comes(
    site: Path, visit: Callable[..., Page], locale: str, told: tuple[str, str]
) -> None:
    """By the browser's languages; who reads neither gets English."""
    page = visit(site / DEBATE, locale=locale)
    page.wait_for_url("**/ru/debate/**" if told[0] == "ru" else "**/debate/**")
    assert spoken(page) == told


def test_a_link_into_the_other_language_leads_to_ones_own(
    site: Path, visit: Callable[..., Page]
) -> None:
    """A Russian address, sent to an English reader, shows the same view in English."""
    page = visit(site / "ru" / DEBATE, "#market&show=refuted", locale="en-GB")
    page.wait_for_url(f"**/site/{DEBATE}#market&show=refuted")
    assert spoken(page) == ("en", "Map")
    assert page.locator("#panel h2").is_visible()


def test_the_switch_is_remembered(site: Path, visit: Callable[..., Page]) -> None:
    """One click, and every page comes so, whatever the browser says; what is shown stays."""
    page = visit(site / DEBATE, "#market", locale="en-GB")
    assert spoken(page) == ("en", "Map")
    page.click("[data-language]")
    page.wait_for_url(f"**/ru/{DEBATE}#market")
    assert spoken(page) == ("ru", "Карта")
    page.goto((site / "checks.html").as_uri())
    page.wait_for_url("**/ru/checks.html")
    page.click("[data-language]")
    page.wait_for_url("**/site/checks.html")
    page.goto((site / "ru/index.html").as_uri())
    page.wait_for_url("**/site/index.html")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_numbers_and_dates_follow(site: Path, visit: Callable[..., Page]) -> None:
    """A comma and a Russian month in Russian, a point and an English one in English."""
    russian = visit(site / "ru" / DEBATE, locale="ru-RU").text_content(".stage") or ""
    english = visit(site / DEBATE, locale="en-GB").text_content(".stage") or ""
    assert "4,4" in russian
    assert "4.4" in english
    assert "нояб." in russian
    assert "Nov" in english


def test_a_site_in_one_language_has_no_switch(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Where the config says which, that is what everybody gets."""
    write_site(made.report(language="ru"), tmp_path / "site")
    page = visit(tmp_path / "site" / DEBATE, locale="en-GB")
    assert spoken(page) == ("ru", "Карта")
    assert page.locator("[data-language]").count() == 0
