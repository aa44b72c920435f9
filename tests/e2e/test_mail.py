"""A claim as one file to send: it stands alone, runs nothing, and asks nobody for anything."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner

from argmap.cli import main
from argmap.pages import write_site
from argmap.pages.letter import letter
from argmap.pages.names import claim_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def sent(made: ModuleType, tmp_path: Path) -> Path:
    """Write the conclusion of the report made by hand, with all that is near, far from any site."""
    path = tmp_path / "attached" / "claim.html"
    path.parent.mkdir()
    path.write_text(letter(made.report(), "conclusion"), "utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("scripts", [True, False])
def test_it_reads_alone(
    made: ModuleType, sent: Path, visit: Callable[..., Page], scheme: str, scripts: bool
) -> None:
    """With scripts or without, by light and by dark: the picture, the sum, the evidence."""
    page = visit(sent, color_scheme=scheme, java_script_enabled=scripts)
    report = made.report()
    assert page.inner_text("h1") == report.claims["conclusion"].claim.text
    assert page.locator(".map svg g.focus").count() == 1
    assert page.locator(".map path.line").count() >= 5
    sums = page.locator("section").first.inner_text()
    assert "Итого" in sums
    assert "4,4" in page.inner_text("body")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor") if scripts else ""
    assert paper in ("", {"light": "rgb(247, 248, 246)", "dark": "rgb(18, 21, 25)"}[scheme])


def test_links_lead_within_it_or_to_sources(sent: Path, visit: Callable[..., Page]) -> None:
    """Each link has its place in the file; there is no script, and it is small."""
    page = visit(sent)
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    within = [link[1:] for link in links if link.startswith("#")]
    assert within
    assert all(page.locator(f"[id='{name}']").count() == 1 for name in within)
    assert all(link.startswith(("#", "https://", "http://")) for link in links)
    text = sent.read_text("utf-8")
    assert "<script" not in text
    assert len(text.encode()) < 150_000


def test_cards_hold_their_text(sent: Path, visit: Callable[..., Page]) -> None:
    """No line of a card leaves it, in Cyrillic neither."""
    over = visit(sent).evaluate("""
      [...document.querySelectorAll(".map g > text.title, .map g > text:not([class])")]
        .filter((text) => {
          const card = text.parentNode.querySelector("rect").getBoundingClientRect();
          return text.getBoundingClientRect().right > card.right - 2;
        })
        .map((text) => text.textContent)
    """)
    assert over == []


def test_nothing_keeps_a_reader_out(sent: Path, visit: Callable[..., Page]) -> None:
    """axe-core finds nothing serious."""
    page = visit(sent, bypass_csp=True)
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_steps_say_how_far(made: ModuleType) -> None:
    """None: the claim and its evidence alone; more: what is tied to it."""
    sizes = [letter(made.report(), "conclusion", steps).count("<section") for steps in (0, 1, 9)]
    assert sizes[0] == 1
    assert sizes[0] < sizes[1] <= sizes[2] == len(made.report().debates[0].claims)


def test_hostile_text_stays_text(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Markup wherever a person writes text neither runs nor leaves the file."""
    evil = "<img src=https://evil.example/x onerror=alert(1)></style><script>alert(2)</script>"
    report = made.hostile(evil)
    claim = report.debates[0].main
    path = tmp_path / "evil.html"
    path.write_text(letter(replace(report), claim), "utf-8")
    page = visit(path)
    assert page.locator("img, script").count() == 0


# ---- the same from a page ------------------------------------------------------------------------


def saved(page: Page, where: Path, open_it: Callable[[], object]) -> Path:
    """Return the file that a page hands over when asked to."""
    with page.expect_download() as download:
        open_it()
    path = where / download.value.suggested_filename
    download.value.save_as(path)
    return path


def panel(page: Page, claim: str) -> Callable[[], object]:
    """Return what opens a claim's panel and asks for its file there."""

    def ask() -> None:
        page.evaluate("id => argmap.select(id)", claim)
        page.locator("[data-take]").click()

    return ask


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_panel_saves_its_claim(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page], scheme: str
) -> None:
    """A button in the panel gives one file: it opens alone, without scripts, and holds it all."""
    report = made.report()
    write_site(report, tmp_path / "site")
    page = visit(tmp_path / "site" / "debate/slm-ili-llm.html")
    before = page.evaluate("JSON.stringify(argmap.map.fold.focus)")
    path = saved(page, tmp_path, panel(page, "market"))
    assert page.evaluate("JSON.stringify(argmap.map.fold.focus)") == before
    assert path.name == claim_page("market").removeprefix("claim/")
    text = path.read_text("utf-8")
    assert not re.search(r"<(script|link|img|iframe)|\son\w+=|obsidian:|file:", text)
    file = visit(path, color_scheme=scheme, bypass_csp=True)
    assert file.inner_text("h1") == report.claims["market"].claim.text
    said = file.inner_text("body").replace("\u00a0", " ")
    for part in ("4,4 %", "−1,00 / (1 + 1,00)", "Тогда и сейчас", "9 окт. 2026", "OpenRouter",
                 "2 шага", report.claims["conclusion"].claim.text):  # fmt: skip
        assert part in said, part
    links = file.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    assert all(link.startswith(("#", "https://")) for link in links)
    within = [link[1:] for link in links if link.startswith("#")]
    assert len(within) > 8
    assert all(file.locator(f"[id='{name}']").count() == 1 for name in within)
    paper = file.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(247, 248, 246)", "dark": "rgb(18, 21, 25)"}[scheme]
    found = Axe().run(file, options={"preload": False}).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    apart = visit(path, java_script_enabled=False)
    assert apart.inner_text("h1") == report.claims["market"].claim.text


def test_a_claims_page_saves_it_too(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """On the claim's own page the same is asked for; panels that were not read yet are read."""
    report = made.large(80)
    write_site(report, tmp_path / "site")
    claim = report.debates[0].main
    page = visit(tmp_path / "site" / claim_page(claim))
    path = saved(page, tmp_path, page.get_by_text("Сохранить файлом").click)
    assert "take" not in page.url
    text = path.read_text("utf-8")
    near = page.evaluate("id => [...argmap.map.within(id, 2)]", claim)
    assert len(near) > 2
    assert all(report.claims[one].claim.text in text for one in near)


def test_a_saved_what_if_says_so(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """What was not simply so when it was saved is told at the file's head."""
    write_site(made.report(), tmp_path / "site")
    page = visit(tmp_path / "site" / "debate/slm-ili-llm.html")
    page.evaluate("argmap.setWhatIf('trio', 'pass')")
    file = visit(saved(page, tmp_path, panel(page, "market")))
    assert "Что если: исход переключён" in file.inner_text(".notice")
    page.evaluate("argmap.goTo(3)")
    file = visit(saved(page, tmp_path, panel(page, "market")))
    assert "Как было" in file.inner_text(".notice")


def test_a_saved_claim_keeps_hostile_text_as_text(
    made: ModuleType, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Markup wherever a person writes text neither runs nor leaves the file that a page made."""
    evil = "<img src=https://evil.example/x onerror=alert(1)></style><script>alert(2)</script>"
    report = made.hostile(evil)
    write_site(report, tmp_path / "site")
    page = visit(next((tmp_path / "site" / "debate").iterdir()))
    file = visit(saved(page, tmp_path, panel(page, report.debates[0].main)))
    assert file.locator("img, script, style").count() == 1  # its own style
    assert "onerror=alert" in file.inner_text("h1")


def test_the_command_writes_it(tmp_path: Path) -> None:
    """`argmap export CLAIM --format html` prints or writes the file; without a claim it says so."""
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault/A.md").write_text("- Rain falls #claim ^rain\n    - Seen #pro\n", "utf-8")
    out = tmp_path / "rain.html"
    run = CliRunner().invoke
    root = ["-C", str(tmp_path), "export", "--offline"]
    assert run(main, [*root, "rain", "--format", "html", "--output", str(out)]).exit_code == 0
    assert re.search(r"<h1>Rain falls</h1>", out.read_text("utf-8"))
    assert run(main, [*root, "rain", "--format", "html"]).stdout == out.read_text("utf-8")
    assert run(main, [*root, "--format", "html"]).exit_code == 2
    assert run(main, [*root, "rain"]).exit_code == 2
