"""Pages that follow the site: from `argmap serve`, from any other server, from a file."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from argmap.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

DAY = "2026-04-01"
PAST, LATER = "2026-01-05", "2126-01-05"  # later than any day of this test
NOTE = """\
- Cats are good company #claim ^good
    - They sleep a lot #claim (supports:: [[#^good]]) ^sleep
        - a study says so #evidence (source:: study) (judged:: {day})
    - They purr #claim (supports:: [[#^good]]) ^purr
        - everybody knows #evidence (source:: everybody) (judged:: 2026-01-05)
{more}"""
SOON = 120_000  # ms
COLOUR = "id => argmap.network.body.data.nodes.get(id).color"
STATUS = "id => argmap.map.byId.get(id).card.status"


class Cats:
    """A project, and how its note is saved."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "vault").mkdir()
        self.save()

    def save(self, day: str = PAST, more: str = "") -> None:
        """Save the note, one piece of its evidence vouched for on a day."""
        (self.root / "vault" / "cats.md").write_text(NOTE.format(day=day, more=more), "utf-8")

    def build(self) -> None:
        """Build the site, not to stay at its day; without the network."""
        words = ["-C", str(self.root), "build", "--offline"]
        assert CliRunner().invoke(main, words).exit_code == 0

    def page(self, folder: str, name: str = "*.html") -> str:
        """Return the path in the site of the one page in a folder that is called so."""
        (found,) = (self.root / "site" / folder).glob(name)
        return found.relative_to(self.root / "site").as_posix()


@pytest.fixture
def cats(tmp_path: Path) -> Cats:
    """Make the project."""
    return Cats(tmp_path)


@pytest.fixture
def served(cats: Cats) -> Iterator[str]:
    """Serve it; give the address."""
    words = ["-C", str(cats.root), "serve", "--port", "0", "--as-of", DAY, "--offline"]
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "argmap.cli", *words], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        process.stdout.readline()
        address = re.match(r"http://\S+/", process.stdout.readline())
        assert address
        yield address[0]
        process.kill()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a page whose every error, and every request elsewhere, fails the test at its end."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(SOON)
    page, trouble = context.new_page(), []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    own = ("http://127.0.0.1:", "file://", "data:")
    page.on("request", lambda r: None if r.url.startswith(own) else trouble.append(r.url))
    yield page
    context.close()
    assert trouble == []


def until(page: Page, script: str, given: Any = None) -> None:
    """Wait until it is so; by a function, since the pages' policy forbids to evaluate text."""
    page.wait_for_function(f"() => {script}", arg=given, timeout=SOON, polling=20)


def at_rest(page: Page) -> None:
    """Wait until the map has stood still for ten frames."""
    page.wait_for_function("""async () => {
        const view = () => JSON.stringify(
            [argmap.network.getScale(), argmap.network.getViewPosition()]);
        const before = view();
        for (let frame = 0; frame < 10; frame += 1) await new Promise(requestAnimationFrame);
        return view() === before;
    }""")


def follow(page: Page, address: str) -> None:
    """Open a page, and wait until it listens: then it has looked once."""
    with page.expect_request(lambda r: r.resource_type == "fetch" and r.method == "GET") as asked:
        page.goto(address)
    response = asked.value.response()
    assert response
    response.finished()


def marked(page: Page) -> None:
    """Leave a mark that a reload of the document would take away."""
    page.evaluate("window.kept = true")


def test_a_saved_note_recolours_the_open_map(cats: Cats, served: str, page: Page) -> None:
    """Its card turns, and the list says so, without a reload; selection, view and panel stay."""
    follow(page, served + cats.page("debate"))
    page.wait_for_selector("html.ready", state="attached")
    page.evaluate("argmap.select('cats#sleep')")
    at_rest(page)
    page.evaluate("argmap.map.goTo({x: 40, y: 60, scale: .8})")
    at_rest(page)
    marked(page)
    view, colour = page.evaluate("argmap.network.getScale()"), page.evaluate(COLOUR, "cats#sleep")
    assert page.evaluate(STATUS, "cats#sleep") == "supported"
    cats.save(LATER)
    until(page, "argmap.map.byId.get('cats#sleep').card.status === 'unknown'")
    assert page.evaluate(COLOUR, "cats#sleep") != colour
    assert page.evaluate(STATUS, "cats#purr") == "supported"
    assert page.evaluate("argmap.state.selected") == "cats#sleep"
    assert page.evaluate("decodeURIComponent(location.hash)") == "#cats#sleep"
    assert "no data" in page.locator("#panel").inner_text()
    assert page.evaluate("argmap.network.getScale()") == view
    assert page.evaluate("window.kept")
    cats.save(PAST)
    until(page, "argmap.map.byId.get('cats#sleep').card.status === 'supported'")
    assert page.evaluate("window.kept")


def raw(address: str, request: str) -> str:
    """Send a request as it is written, which no browser would; return the answer's first line."""
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(request.encode())
        return connection.makefile("r", encoding="latin-1").readline().strip()


def test_only_the_site_is_served_and_only_by_its_name(cats: Cats, served: str) -> None:
    """A name made to lead here is refused, and no way of writing a path leaves the site."""
    own = served.removeprefix("http://").rstrip("/")
    evil = [f"evil.example:{own.rpartition(':')[2]}", "evil.example", f"{own}.evil.example", ""]
    for host in evil:
        assert " 403 " in raw(served, f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n") + " ", host
    assert " 200 " in raw(served, f"GET / HTTP/1.1\r\nHost: {own}\r\n\r\n")
    assert (cats.root / "vault" / "cats.md").is_file()
    for path in ("/../vault/cats.md", "/%2e%2e/vault/cats.md", "/..%2fvault%2fcats.md",
                 "/assets/../../vault/cats.md", "//vault/cats.md", "/%2fetc/passwd",
                 "/..\\vault\\cats.md", "/.argmap-site", "/%00"):  # fmt: skip
        answer = raw(served, f"GET {path} HTTP/1.1\r\nHost: {own}\r\n\r\n")
        assert " 404 " in answer or " 400 " in answer, path


def test_a_new_claim_comes_to_the_same_place(cats: Cats, served: str, page: Page) -> None:
    """Where cards come or go, the map is drawn anew, with what was selected still selected."""
    follow(page, served + cats.page("debate"))
    page.wait_for_selector("html.ready", state="attached")
    page.evaluate("argmap.select('cats#sleep')")
    cats.save(more="    - They bite #claim (attacks:: [[#^good]]) ^bite\n")
    until(page, "window.argmap?.map.byId.has('cats#bite')")
    assert page.evaluate("argmap.state.selected") == "cats#sleep"


def test_a_claims_page_says_the_new(cats: Cats, served: str, page: Page) -> None:
    """Any other page takes what was built anew into its place, scrolled as it was."""
    page.set_viewport_size({"width": 800, "height": 300})
    follow(page, served + cats.page("claim", "*sleep*"))
    marked(page)
    page.evaluate("scrollTo(0, 60)")
    assert "supported" in page.locator("main .line.big").inner_text()
    cats.save(LATER)
    until(page, "document.querySelector('main .line.big').textContent.includes('no data')")
    assert page.evaluate("[window.kept, scrollY]") == [True, 60]


def test_the_index_says_the_new(cats: Cats, served: str, page: Page) -> None:
    """The list of debates shows the new status."""
    follow(page, served)
    cats.save(more="    - They bite #claim (attacks:: [[#^good]]) ^bite\n")
    until(page, "/4\\sclaims/.test(document.body.textContent)")


@contextmanager
def plain_server(folder: Path) -> Iterator[str]:
    """Serve a folder as any web server does."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join(5)


def test_any_server_is_asked_now_and_then(cats: Cats, page: Page) -> None:
    """From a server that says nothing, the page asks, and turns when the site was replaced."""
    cats.build()
    page.clock.install()
    with plain_server(cats.root / "site") as address:
        page.goto(address + cats.page("debate"))
        page.wait_for_selector("html.ready", state="attached")
        page.wait_for_load_state("networkidle")
        marked(page)
        cats.save(LATER)
        cats.build()
        page.clock.run_for(61_000)
        until_now(page, lambda: page.evaluate(STATUS, "cats#sleep") == "unknown")
        assert page.evaluate("window.kept")


def until_now(page: Page, enough: Callable[[], bool]) -> None:
    """Wait until it is so, where the page's own clock is in our hands."""
    ends = monotonic() + SOON / 1000
    while monotonic() < ends:
        if enough():
            return
        page.evaluate("() => fetch(location.href, {method: 'HEAD'}).then(() => 0)")
    raise AssertionError("it never came")


def test_a_file_is_read_again(cats: Cats, page: Page) -> None:
    """Opened from a file, the page reads its data again, and comes back at the same place."""
    cats.build()
    page.goto((cats.root / "site" / cats.page("debate")).as_uri())
    page.wait_for_selector("html.ready", state="attached")
    page.set_viewport_size({"width": 1200, "height": 420})
    page.evaluate("argmap.select('cats#sleep')")
    page.evaluate("argmap.map.goTo({x: 40, y: 60, scale: .8})")
    page.evaluate("document.getElementById('panel').scrollTop = 90")
    cats.save(LATER)
    cats.build()
    until(page, "window.argmap?.map.byId.get('cats#sleep').card.status === 'unknown'")
    page.wait_for_selector("html.ready", state="attached")
    assert page.evaluate("argmap.state.selected") == "cats#sleep"
    assert page.evaluate("argmap.network.getScale()") == pytest.approx(0.8, rel=1e-3)
    assert page.evaluate("argmap.network.getViewPosition().x") == pytest.approx(40, abs=2)
    assert page.evaluate("document.getElementById('panel').scrollTop") == 90
