"""Pages of notes in a real browser: what folds, scrolls, leads on, and what must never run."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from argmap.pages import write_site
from argmap.pages.names import note_page
from argmap.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" width="40"
 height="20" onload="alert(1)"><script>alert(2)</script><rect width="40" height="20" fill="red"/>
<image x:href="http://127.0.0.1:9/x.png" width="9" height="9"/>
<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="alert(3)"/></foreignObject></svg>
"""
MAIN = """---
aliases: [Начало]
author: "[[Рынок]]"
---
- Дешёвое побеждает #claim
- [x] сделано
- [/] начато

Сноска[^1], ==важное==, [[Рынок#Цены|о ценах]], [[Нет такой]].

> [!warning]- Свёрнуто
> Внутри.

![[Рынок#Цены]]

![[a.png|60x30]] ![[d.svg]]

| Модель | Цена | Доля | Источник | Примечание |
|---|---|---|---|---|
| очень-длинное-название-модели | 1234567890 | 1234567890 | ссылка-на-источник | длинное |

```mermaid
graph TD; A --> B; B --> C; C --> D; D --> E; E --> F; F --> G; G --> H; H --> I; I --> J
```

$$
x^2
$$

[^1]: Текст сноски.
"""
MARKET = "# Рынок\n\n" + "Абзац.\n\n" * 60 + "## Цены\n\nЦены падают, говорит [[Главная]].\n"
EVIL = """- a claim #claim [x](javascript:alert(1)) <img src=x onerror=alert(1)>
- [<img src=x onerror=alert(2)>] task ![[d.svg]] ![x](d.svg "\\"><script>alert(3)</script>")

> [!<script>alert(4)</script>] <svg onload=alert(5)>
> <details open ontoggle=alert(6)><summary>x</summary></details>

<div title="

![[Главная]]

" onmouseover=alert(7)><td colspan="

![[a.png]]

<iframe srcdoc="<script>alert(8)</script>"></iframe><object data=x></object><embed src=x>
<link rel=stylesheet href=http://127.0.0.1:9/x.css><style>@import 'http://127.0.0.1:9/y.css'</style>
<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/"><base href=http://127.0.0.1:9/>
<form action=http://127.0.0.1:9/><input autofocus onfocus=alert(9)><button>x</button></form>
<math><mtext><table><mglyph><style><img src=x onerror=alert(10)></style></mglyph></table></math>
<a href="&#106;avascript:alert(11)">x</a><a id=main class="mark claim" href=//127.0.0.1:9/>x</a>

[[Рынок|<img src=x onerror=alert(12)>]] ![<img src=x onerror=alert(13)>](http://127.0.0.1:9/x.png)
$<img src=x onerror=alert(14)>$ `<img src=x onerror=alert(15)>` ^[<img src=x onerror=alert(16)>]
"""


def built(root: Path, notes: Mapping[str, str]) -> Path:
    """Write a vault with these notes and two images; return its site."""
    vault = root / "vault"
    vault.mkdir()
    for name, text in notes.items():
        (vault / f"{name}.md").write_text(text, "utf-8")
    (vault / "a.png").write_bytes(PNG)
    (vault / "d.svg").write_text(SVG)
    (root / "argmap.toml").write_text('language = "ru"\n')
    report = Project.open(root).report(date(2026, 8, 1), fixed=True, online=False)
    write_site(report, root / "site")
    return root / "site"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site of a vault with one of everything."""
    return built(tmp_path_factory.mktemp("notes"), {"Главная": MAIN, "Рынок": MARKET})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_note_s_page_is_for_everyone(site: Path, visit: Callable[..., Page], theme: str) -> None:
    """axe-core finds nothing serious on it, folded callouts open, in both themes."""
    page = visit(site / note_page("Главная.md"), color_scheme=theme, bypass_csp=True)
    page.locator("summary.callout-title").click()
    assert page.get_by_text("Внутри.").is_visible()
    found = Axe().run(page, options={"preload": False}).response["violations"]
    grave = {"serious", "critical", "moderate"}
    assert [
        f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in grave
    ] == []


def test_images_are_seen(site: Path, visit: Callable[..., Page]) -> None:
    """An image and a drawing are drawn, in the size asked for, and the drawing stays a picture."""
    page = visit(site / note_page("Главная.md"))
    sizes = page.locator("article img").evaluate_all(
        "all => all.map(i => [i.complete && i.naturalWidth > 0, i.clientWidth, i.clientHeight])"
    )
    assert sizes == [[True, 60, 30], [True, 40, 20]]


def test_links_land(site: Path, visit: Callable[..., Page]) -> None:
    """A link to a heading comes to that heading, a footnote's to the footnote, and back."""
    page = visit(site / note_page("Главная.md"))
    page.locator("article .footnote a").click()
    assert "Текст сноски." in page.locator("li:target").inner_text()
    page.locator("li:target a").click()
    assert page.locator("a:target").inner_text() == "[1]"
    page.locator("article").get_by_role("link", name="о ценах").click()
    page.wait_for_url("**/note/**#**")
    heading = page.locator("h2:target")
    assert heading.inner_text() == "Цены"
    top = heading.evaluate("h => h.getBoundingClientRect().top")
    assert 0 <= top < 900


def test_a_phone_scrolls_only_what_is_wide(site: Path, visit: Callable[..., Page]) -> None:
    """A wide table and a long line of code scroll in themselves; the page keeps to the screen."""
    page = visit(site / note_page("Главная.md"), **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wider = "all => all.map(e => e.scrollWidth > e.clientWidth)"
    assert page.locator(".note .scroll").evaluate_all(wider) == [True]
    assert page.locator(".note pre").first.evaluate("e => e.scrollWidth > e.clientWidth")


def test_hostile_notes_run_nothing(tmp_path: Path, visit: Callable[..., Page]) -> None:
    """Scripts in text, attributes, titles and drawings never run, and no request leaves."""
    site = built(tmp_path, {"Зло": EVIL, "Главная": MAIN + "\n![[Зло]]\n", "Рынок": MARKET})
    page = visit(site / "index.html")
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        page.wait_for_load_state("load")
        for details in page.locator("article details").all():
            details.evaluate("d => { d.open = true; }")
        sources = page.locator("img").evaluate_all("all => all.map(i => i.getAttribute('src'))")
        assert all(src.startswith(("../media/", "data:image/svg+xml;base64,")) for src in sources)
        assert page.locator("article :is(script, iframe, object, form, style, link)").count() == 0
        assert page.locator("[id=main]").count() == 1
