"""A browser for the pages' tests: the Chromium that is there, from file://, with traps."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from playwright.sync_api import Browser, Page

SOON = 120_000  # ms; nothing takes so long unless it is broken, on a slow machine either
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def made() -> ModuleType:
    """Give the module that makes a report by hand."""
    if "made" not in sys.modules:
        spec = importlib.util.spec_from_file_location("made", Path(__file__).parents[1] / "made.py")
        assert spec
        assert spec.loader
        sys.modules["made"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["made"])
    return sys.modules["made"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium for a file of tests; Playwright's own where the system has none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages; whatever goes wrong on one, or leaves it, fails the test at its end."""
    trouble: list[str] = []
    contexts = []

    def open_page(path: Path, fragment: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        context.set_default_timeout(SOON)
        contexts.append(context)
        page = context.new_page()
        _set_traps(page, trouble)
        page.goto(path.as_uri() + fragment)
        if path.parent.name == "debate":
            page.wait_for_selector("html.ready", state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []


def _set_traps(page: Page, trouble: list[str]) -> None:
    def asked(url: str) -> None:
        if not url.startswith(("file://", "data:")):
            trouble.append(f"a request to {url}")

    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: asked(request.url))
    page.on("dialog", lambda dialog: (trouble.append("a script ran"), dialog.dismiss())[0])
