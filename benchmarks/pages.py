"""How quick and light the pages are: maps of 50, 500 and 2,000 cards, and building 2,000 pages.

Each map is opened in Chromium from a file, beside the page that pyvis writes by itself for the same
graph: its default `generate_html`, physics as it ships, its scripts in the page and the network cut
off. Told are how long until the first frame with a card in it, frames a second while the map is
dragged about (as it opens, and whole), and the bytes of all that the page loads, and of what it
loads once one searches. `busy` is what the page's own thread took: it does not depend on what else
runs here.
`--cards 500` measures one size, `--keep FOLDER` leaves the projects there.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Error, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

SEED = 20261123
ARGMAP = [sys.executable, "-m", "argmap"]
AS_OF = "2026-11-23"
SIZES = (50, 500, 2000)
RUNS = 3  # of a page; told is the median
DRAGGED = 2000  # ms
PATIENCE = 150_000  # ms; the peer may not draw 2,000 cards sooner
SETTLED = 40_000  # ms; it may never stand still
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# ---- a debate of so many cards -------------------------------------------------------------------

_TEXT = """модель цена рынок данные вывод причина расход запрос сервис доля рост сравнение задача
результат поставщик обучение качество размер скорость память ответ сеть источник расчёт таблица
market price model share latency benchmark vendor context throughput cost quality memory"""
_WORDS = _TEXT.split()
_MEASURES = 24
_CLAIMS_A_NOTE = 12
_MONTHS = [f"{2025 + n // 12}-{1 + n % 12:02}-01" for n in range(23)]


def write_debate(root: Path, cards: int) -> None:
    """Write a project of one debate: of its cards some two fifths are claims, the rest evidence."""
    chance = random.Random(SEED)  # noqa: S311
    claims = max(2, round(cards * 0.42))
    items: list[list[str]] = [[] for _ in range(claims)]
    for number in range(cards - claims):
        items[number if number < claims else chance.randrange(claims)].append(
            _evidence(chance, number)
        )
    (root / "vault").mkdir(parents=True)
    notes: dict[int, list[str]] = {}
    for number in range(claims):
        lines = [_claim(chance, number), *items[number]]
        notes.setdefault(number // _CLAIMS_A_NOTE, []).append("\n".join(lines))
    for number, texts in notes.items():
        text = f"---\ntags: [спор/{number % 5}]\n---\n# {_said(chance, 4)}\n\n" + "\n".join(texts)
        (root / "vault" / f"{number:03}.md").write_text(f"{text}\n", "utf-8")
    _write_measures(chance, root / "claims")
    (root / "argmap.toml").write_text(
        'title = "Спор"\nlanguage = "ru"\n\n[evidence]\nsince = 2025-01-01\n', "utf-8"
    )


def write_debates(root: Path, debates: int) -> None:
    """Write a project of so many debates of 50 cards each."""
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one"
        write_debate(one, 50)
        shutil.copytree(
            one, root, ignore=lambda at, names: names if Path(at).name == "vault" else ()
        )
        for path in sorted((one / "vault").iterdir()):
            for number in range(debates):
                text = path.read_text("utf-8").replace("[[", f"[[{number:02}-")
                (root / "vault" / f"{number:02}-{path.name}").write_text(text, "utf-8")


def _said(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize()


def _claim(chance: random.Random, number: int) -> str:
    text = f"- {_said(chance, chance.randrange(5, 11))} {number} #claim"
    if number:
        to = chance.randrange((number - 1) // 5, (number - 1) // 3 + 1)
        kind = chance.choices(("supports", "attacks", "undercuts"), (70, 27, 3))[0]
        text += f" ({kind}:: {_link(to, 'e' if kind == 'undercuts' else 'c')})"
    if number % 10 == 9:  # noqa: PLR2004
        text += f" (attacks:: {_link(chance.randrange(number))})"
    return f"{text} ^c{number}"


def _link(claim: int, what: str = "c") -> str:
    """Return a link to a claim, or to the first of its evidence, which has the same number."""
    return f"[[{claim // _CLAIMS_A_NOTE:03}#^{what}{claim}]]"


def _evidence(chance: random.Random, number: int) -> str:
    text = f"    - {_said(chance, chance.randrange(4, 9))} {number} #evidence"
    if number % 5 == 0:
        return (
            f"{text} (source:: {_said(chance, 2)}) (judged:: 2026-0{1 + number % 9}-05) ^e{number}"
        )
    field = chance.choice(("check", "test"))
    measure = f"m{chance.randrange(_MEASURES)}"
    return f"{text} ({field}:: {measure} >= {chance.randrange(10, 90)} %) ^e{number}"


def _write_measures(chance: random.Random, folder: Path) -> None:
    (folder / "data").mkdir(parents=True)
    rows = ["name,date,value"]
    for measure in range(_MEASURES):
        value = chance.uniform(0.2, 0.8)
        for month in _MONTHS:
            value = min(max(value + chance.uniform(-0.09, 0.09), 0.02), 0.98)
            rows.append(f"m{measure},{month},{value:.3f}")
    (folder / "data" / "shares.csv").write_text("\n".join(rows) + "\n", "utf-8")
    sheet = ["measures:"]
    for measure in range(_MEASURES):
        sql = (
            f"SELECT value, date FROM t WHERE name = 'm{measure}'"  # noqa: S608
            " AND date <= :as_of ORDER BY date DESC LIMIT 1"
        )
        sheet.append(f'  m{measure}: {{table: {{file: data/shares.csv, sql: "{sql}"}}}}')
    (folder / "shares.yaml").write_text("\n".join(sheet) + "\n", "utf-8")


# ---- pages in a browser --------------------------------------------------------------------------


class Seen(NamedTuple):
    """What was measured of a page."""

    first: float  # ms until the first frame with a card in it
    busy: float  # ms of a processor that the page's own thread took for that
    still: float  # ms until it stands still; NaN where it did not
    frames: float  # a second, dragged about as it opens
    whole: float  # the same with every card in sight
    size: int  # bytes of all that it loads
    search: int  # bytes more once one begins to search


# The first frame after something was drawn on a canvas of the page.
_WATCH = """
const fill = CanvasRenderingContext2D.prototype.fill;
CanvasRenderingContext2D.prototype.fill = function (...given) {
  if (!window.__first && this.canvas.isConnected && this.canvas.width > 400) {
    window.__first = -1;
    const shown = () => { window.__first = performance.now(); };
    requestAnimationFrame(() => requestAnimationFrame(shown));
  }
  return fill.apply(this, given);
};"""

# Frames while the map moves a little with each of them, as under a hand that drags it.
_DRAG = """([name, whole, ms]) => new Promise((done) => {
  const network = name === "argmap" ? argmap.network : window.network;
  if (whole && name === "argmap") { argmap.setFocus(null); argmap.map.fitAll(); }
  else if (whole) network.fit();
  setTimeout(() => {
    const {x, y} = network.getViewPosition(), scale = network.getScale();
    let frames = 0, begun = null;
    const next = (now) => {
      begun ??= now;
      if (now - begun >= ms) return done(1000 * frames / (now - begun));
      frames += 1;
      const turn = (now - begun) / 400;
      const [dx, dy] = [260 * Math.sin(turn) / scale, 160 * Math.cos(turn) / scale];
      network.moveTo({position: {x: x + dx, y: y + dy}, scale});
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }, 600);
})"""


@contextmanager
def opened(browser: Browser, path: Path) -> Iterator[tuple[Page, float, set[Path]]]:
    """Open a page from its file, cut off from every network.

    Yields it with how long its thread was busy until its first card, and the files that it loaded.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    context.add_init_script(_WATCH)
    page, loaded = context.new_page(), set()
    page.on("request", lambda request: loaded.add(_file(request.url)))
    metrics = context.new_cdp_session(page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.as_uri(), wait_until="commit")
    page.wait_for_function("() => window.__first > 0", timeout=PATIENCE, polling=50)
    told = metrics.send("Performance.getMetrics")["metrics"]
    busy = next(one["value"] for one in told if one["name"] == "TaskDuration")
    yield page, 1000 * busy, loaded
    context.close()


def _file(url: str) -> Path:
    """Return the file of an address; what is not a file has no bytes here."""
    return Path(unquote(urlsplit(url).path)) if url.startswith("file:") else Path(os.devnull)


def seen(browser: Browser, path: Path, name: str) -> Seen:
    """Measure a page; its times are medians, the peer's, which takes a minute, are of one run."""
    firsts, busies = [], []
    for number in range(RUNS if name == "argmap" else 1):
        with opened(browser, path) as (page, busy, loaded):
            firsts.append(float(page.evaluate("window.__first")))
            busies.append(busy)
            if not number:
                still = firsts[0] if name == "argmap" else _settled(page)
                frames = page.evaluate(_DRAG, [name, False, DRAGGED])
                whole = page.evaluate(_DRAG, [name, True, DRAGGED])
                size = _size(loaded)
                search = _searched(page, loaded) - size if name == "argmap" else 0
    first, busy = statistics.median(firsts), statistics.median(busies)
    return Seen(first, busy, still, frames, whole, size, search)


def _settled(page: Page) -> float:
    """Return when a page whose positions are sought in the browser has found them."""
    found = "() => network.physics.stabilized || !network.physics.physicsEnabled"
    try:
        page.wait_for_function(found, timeout=SETTLED, polling=50)
    except Error:  # it still moves
        return float("nan")
    return float(page.evaluate("performance.now()"))


def _size(loaded: set[Path]) -> int:
    return sum(path.stat().st_size for path in loaded)


def _searched(page: Page, loaded: set[Path]) -> int:
    """Return the bytes of all that is loaded once the reader begins to search."""
    with page.expect_request(lambda request: "data/search.js" in request.url):
        page.locator("[data-find] input").first.focus()
    return _size(loaded)


def write_peer(root: Path, out: Path) -> None:
    """Write pyvis's own page for the same cards and relations, as its examples do."""
    from pyvis.network import Network

    graph = json.loads((root / "site/api/graph.json").read_text("utf-8"))
    network = Network(cdn_resources="in_line", directed=True)
    for item in (*graph["claims"], *graph["evidence"]):
        network.add_node(item["id"], label=item["text"])
    for edge in graph["relations"]:
        network.add_edge(edge["source"], edge["target"], title=edge["kind"])
    out.write_text(network.generate_html(), "utf-8")


# ---- builds --------------------------------------------------------------------------------------


def build(root: Path) -> tuple[float, float]:
    """Return the seconds of a build, from the command to its end, and those of processors."""
    command = [*ARGMAP, "-C", str(root), "build", "--offline", "--as-of", AS_OF]
    before, begun = _processors(), time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(done.stderr)
    return time.perf_counter() - begun, _processors() - before


def _processors() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def edit(root: Path) -> None:
    """Change one claim."""
    path = min((root / "vault").iterdir())
    path.write_text(path.read_text("utf-8").replace(" 3 #claim", " 3 иначе #claim", 1), "utf-8")


def builds(root: Path) -> list[tuple[str, float, float, float | None]]:
    """Return how long it takes to build 2,000 pages, beside writing the same bytes."""
    time.sleep(2.5)  # files younger than that are looked at twice
    shutil.rmtree(root / "site")
    shutil.rmtree(root / ".argmap")
    cold = build(root)
    pages = sum(1 for _ in (root / "site").rglob("*.html"))
    begun, before = time.perf_counter(), time.process_time()
    for path in sorted((root / "site").rglob("*")):
        if path.is_file():
            (root / "copy").write_bytes(path.read_bytes())
    floor = time.perf_counter() - begun, time.process_time() - before
    edit(root)
    return [
        ("floor: write the same files", *floor, None),
        (f"build {pages:,} pages", *cold, 10.0),
        ("build, one claim changed", *build(root), 0.8),
    ]


# ---- tables --------------------------------------------------------------------------------------


def maps(root: Path, sizes: tuple[int, ...], *, peers: bool) -> None:
    """Print what was seen of the maps."""
    head = ("cards", "page", "first ms", "busy ms", "still ms", "frames/s", "whole", "kB", "search")
    print(f"{head[0]:>6}  {head[1]:<8}" + "".join(f"{name:>10}" for name in head[2:]))
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        for cards in sizes:
            project = root / str(cards)
            write_peer(project, project / "pyvis.html")
            page = max((project / "site/debate").iterdir(), key=lambda path: path.stat().st_size)
            pages = {"argmap": page} | ({"pyvis": project / "pyvis.html"} if peers else {})
            for name, file in pages.items():
                try:
                    told = seen(browser, file, name)
                except Error as error:
                    print(f"{cards:>6}  {name:<8}  {error.message.splitlines()[0]}", flush=True)
                    continue
                print(
                    f"{cards:>6}  {name:<8}{told.first:>10.0f}{told.busy:>10.0f}{told.still:>10.0f}"
                    f"{told.frames:>10.0f}{told.whole:>10.0f}{told.size / 1000:>10.0f}"
                    f"{told.search / 1000:>10.0f}",
                    flush=True,
                )
        browser.close()
    print("budget, 500 cards: first 1000 ms, 30 frames/s, 1500 kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, action="append")
    parser.add_argument("--debates", type=int, default=43, help="to build: 43 make 2,000 pages")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--alone", action="store_true", help="without the peer")
    asked = parser.parse_args()
    sizes = tuple(asked.cards or SIZES)
    with tempfile.TemporaryDirectory() as folder:
        root = asked.keep or Path(folder)
        for cards in sizes:
            if not (root / str(cards)).exists():
                write_debate(root / str(cards), cards)
            build(root / str(cards))
        maps(root, sizes, peers=not asked.alone)
        many = root / "many"
        if not many.exists():
            write_debates(many, asked.debates)
        build(many)
        print(f"\n{'what':<30}{'seconds':>9}{'CPU s':>9}{'budget':>9}")
        for what, seconds, used, budget in builds(many):
            print(f"{what:<30}{seconds:>9.2f}{used:>9.2f}{budget or '':>9}")


if __name__ == "__main__":
    main()
