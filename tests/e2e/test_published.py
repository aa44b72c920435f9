"""A public debate in a browser: what stands for the hidden is there, counts, and tells nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from argmap.pages import write_site
from argmap.pages.public import public
from argmap.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

OPEN = """\
---
publish: true
---
- The roof holds #claim ^roof
    - Beams are thick #evidence (test:: beam > 10) ^beams

```yaml argmap
measures:
  beam: {value: 12}
```
"""
HIDDEN = """\
- The tenant says so #claim (supports:: [[Open#^roof]]) ^tenant
    - In a letter #evidence (source:: a letter) (judged:: 2026-01-01)
- Nails are cheap #claim (undercuts:: [[Open#^beams]]) ^nails
"""
CHEAP = """\
---
publish: true
---
- It is cheap #claim (contradicts:: [[Hidden#^dear]]) ^cheap
    - So says the bill #evidence (test:: bill < 10) (weight:: 9) ^bill
    - And there is no tax #evidence (test:: tax < 1) ^tax

```yaml argmap
measures:
  bill: {value: 3}
  tax: {value: 0}
```
"""
DEAR = """\
- It is dear #claim ^dear
    - A friend #evidence (source:: a friend) (judged:: 2026-01-01) (weight:: 9)
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Write the public site of one published note and one that is not."""
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault/Open.md").write_text(OPEN, "utf-8")
    (tmp_path / "vault/Hidden.md").write_text(HIDDEN, "utf-8")
    report = Project.open(tmp_path).report(date(2026, 2, 1), online=False, fixed=True)
    write_site(public(report), tmp_path / "site")
    return tmp_path / "site"


def test_what_stands_for_the_hidden_says_how_strong_it_is(
    site: Path, visit: Callable[..., Page]
) -> None:
    """Its card can be chosen; it has no page, no sum, and nothing to switch."""
    page = visit(site / "debate/open.html", "#unpublished-2", locale="en-GB")
    panel = page.locator("#panel .inside")
    assert "Not published" in panel.inner_text()
    assert "+0.50" in panel.inner_text()
    assert panel.locator("a, button").count() == 0


def test_what_contradicts_the_hidden_stays_contested(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Solved anew, a claim that is supported beside a hidden one it contradicts is contested."""
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault/Open.md").write_text(CHEAP, "utf-8")
    (tmp_path / "vault/Hidden.md").write_text(DEAR, "utf-8")
    report = Project.open(tmp_path).report(date(2026, 2, 1), online=False, fixed=True)
    assert report.claims["Open#cheap"].now.status == "contested"
    write_site(public(report), tmp_path / "site")
    page = visit(tmp_path / "site/debate/open.html", "#Open%23cheap", locale="en-GB")
    status = page.locator("#panel [data-now] .status")
    page.evaluate("argmap.setWhatIf('Open#tax', 'fail')")
    assert status.inner_text().strip() == "contested"
    page.evaluate("argmap.setWhatIf('Open#bill', 'fail')")
    assert status.inner_text().strip() == "refuted"


def test_what_if_counts_the_hidden(site: Path, visit: Callable[..., Page]) -> None:
    """Where a check is switched, the sum goes on with what the hidden lends."""
    page = visit(site / "debate/open.html", "#Open%23roof", locale="en-GB")
    page.evaluate("argmap.setWhatIf('Open#beams', 'fail')")
    # The undercutter may cut all of the test or nothing; the tenant lends a half.
    assert page.locator("#panel [data-now] .num").inner_text().endswith("−0.33 … +0.33")
    page.evaluate("argmap.goTo(null); argmap.select('unpublished-2')")
    assert "Not published" in page.locator("#panel h2").inner_text()
