"""Watching and serving: what is rebuilt when, who is answered, and how it ends."""

from __future__ import annotations

import asyncio
import http.client
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count
from tempfile import mkdtemp
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from argmap import live, watching
from argmap.building import build_site
from argmap.live import Bell, answers_to, application, file_in
from argmap.watching import Keeper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping
    from pathlib import Path

    from starlette.applications import Starlette

    from argmap.building import Built

NOTE = """\
- Cats sleep a lot #claim ^sleep
    - a study says so #evidence (source:: study) (judged:: {})
"""
PAST, LATER = "2026-01-05", "2026-09-01"
DAY = date(2026, 4, 1)
SOON = 120.0  # s; nothing here takes so long unless it is broken, on a slow machine either


class Watched(Keeper):
    """A keeper of which it can be told how often it woke, and whether it waits for a change.

    While it waits, what it built is written, and its news is told.
    """

    woken = 0
    waits = False

    async def _until(self, changed: asyncio.Event) -> None:
        self.waits = True
        await super()._until(changed)
        self.waits = False
        self.woken += 1


def put(path: Path, text: str) -> None:
    """Save a file at one stroke, as editors do: who looks on never sees half of it."""
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, "utf-8")
    beside.replace(path)


class Place:
    """A project with one note, and what its keeper was told."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.told: list[Built | Exception] = []
        self.now = datetime(2026, 4, 1, 12, tzinfo=UTC)
        self.note = root / "vault" / "cats.md"
        (root / "argmap.toml").write_text('title = "Cats"\n', "utf-8")
        self.judge(PAST)

    def judge(self, day: str) -> None:
        """Save the note, its evidence vouched for on a day."""
        put(self.note, NOTE.format(day))

    def keeper(self, as_of: date | None = DAY) -> Watched:
        """Return what keeps the site, built once."""
        keeper = Watched(self.root, lambda: self.now, self.told.append, as_of, online=False)
        keeper.build()
        return keeper

    def page(self) -> str:
        """Return the result as it stands on the site; between two sites there is none."""
        path = self.root / "site" / "api" / "graph.json"
        for _ in range(int(SOON / 0.01)):
            try:
                return path.read_text("utf-8")
            except FileNotFoundError:
                sleep(0.01)
        return path.read_text("utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Make the project."""
    return Place(tmp_path)


def watched(
    place: Place,
    keeper: Watched,
    act: Callable[[], None] = lambda: None,
    enough: Callable[[], bool] = lambda: True,
) -> int:
    """Watch, act, and wait until it is enough and nothing more comes; return how often was news."""
    news = 0

    def renewed() -> None:
        nonlocal news
        news += 1

    async def run() -> None:
        woken = keeper.woken
        watching = asyncio.create_task(keeper.watch(renewed))
        # It builds first what it may have missed.
        await until(lambda: keeper.waits and keeper.woken > woken)
        act()
        await until(lambda: keeper.waits and enough())
        for _ in range(2):  # whatever was still to be seen is seen with this, or before
            woken = keeper.woken
            mkdtemp(prefix="empty-", dir=place.note.parent)
            await until(lambda woken=woken: keeper.waits and keeper.woken > woken)
        watching.cancel()
        keeper.waits = False

    asyncio.run(run())
    return news


def save(path: Path, text: str) -> Callable[[], None]:
    """Return what saves a file."""
    return lambda: put(path, text)


async def until(enough: Callable[[], bool]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(SOON):
        while not enough():  # noqa: ASYNC110  what is waited for is a file, or a list
            await asyncio.sleep(0.01)


# ---- what is rebuilt -----------------------------------------------------------------------------


def test_a_saved_note_is_built_once(place: Place) -> None:
    """A change in the vault rebuilds the site; what the build itself writes does not."""
    keeper = place.keeper()
    assert '"supported"' in place.page()
    turned = NOTE.format(LATER)
    saved = save(place.note, turned)
    assert watched(place, keeper, saved, lambda: '"supported"' not in place.page()) == 1
    assert len(place.told) == 1


def test_a_build_that_writes_into_the_vault_does_not_call_for_another(place: Place) -> None:
    """With `obsidian.sync` a saved note is built, its status is in it, and then it is quiet."""
    (place.root / "argmap.toml").write_text("[obsidian]\nsync = true\n", "utf-8")
    keeper = place.keeper(None)
    note = place.note
    assert "argmap: supported" in note.read_text("utf-8")
    turned = note.read_text("utf-8").replace(PAST, "2026-12-01")
    saved = save(note, turned + "\nMy own last line.\n")
    news = watched(place, keeper, saved, lambda: "argmap: unknown" in note.read_text("utf-8"))
    assert 1 <= news <= 2  # what the sync wrote is looked at once more, and is no news
    assert len(place.told) == news
    assert watched(place, keeper) == 0
    assert note.read_text("utf-8").endswith("My own last line.\n")
    assert '"unknown"' in place.page()


def test_what_a_person_saves_while_a_build_syncs_is_built_next(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note saved amid the build keeps what was saved, and the site has it soon after."""
    from argmap.obsidian import sync

    (place.root / "argmap.toml").write_text("[obsidian]\nsync = true\n", "utf-8")
    keeper = place.keeper(None)
    note = place.note
    planned = sync.planned_sync
    late = [True]

    def plan(report: Any) -> Any:
        found = planned(report)
        text = note.read_text("utf-8")
        if "2026-12-01" in text and late and late.pop():  # between reading and writing
            put(note, text.replace("Cats sleep a lot", "Dogs sleep too"))
        return found

    monkeypatch.setattr(sync, "planned_sync", plan)
    turned = note.read_text("utf-8").replace(PAST, "2026-12-01")
    watched(place, keeper, save(note, turned), lambda: "Dogs sleep too" in place.page())
    assert "Dogs sleep too" in note.read_text("utf-8")
    assert "argmap: unknown" in note.read_text("utf-8")


def test_saving_the_same_is_no_news(place: Place) -> None:
    """What changes nothing on the site is not looked at: a hidden file, our own site."""
    keeper = place.keeper()
    begun, woken = 0.0, set()

    def act() -> None:
        nonlocal begun
        (place.note.parent / ".trash").write_text("x", "utf-8")
        (place.root / "site" / "index.html").touch()
        (place.root / "other.txt").write_text("x", "utf-8")
        begun = monotonic()

    def a_little_later() -> bool:
        woken.add(keeper.woken)
        return monotonic() > begun + 0.4

    watched(place, keeper, act, a_little_later)
    assert woken == {1}


def test_what_breaks_a_build_leaves_the_site(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong is told, the last good site stays, and the next change builds again."""
    keeper = place.keeper()
    before = place.page()

    def breaks(*_: Any, **__: Any) -> Built:
        raise RuntimeError("no luck")

    def act() -> None:
        monkeypatch.setattr(watching, "build_site", breaks)
        place.judge(LATER)

    assert watched(place, keeper, act, lambda: len(place.told) > 0) == 0
    assert str(place.told[0]) == "no luck"
    assert place.page() == before
    monkeypatch.setattr(watching, "build_site", build_site)
    assert watched(place, keeper, enough=lambda: place.page() != before) == 1


def test_a_new_folder_of_sheets_is_watched(place: Place) -> None:
    """A claims folder that comes later is seen, and so is what then changes in it."""
    keeper = place.keeper()
    sheet = place.root / "claims" / "more.yaml"
    text = "checks: {more: {supports: sleep, assert: 1 < 2}}\n"
    watched(place, keeper, save(sheet, text), lambda: '"more"' in place.page())
    before = place.page()
    saved = save(sheet, text.replace("1 < 2", "1 > 2"))
    watched(place, keeper, saved, lambda: place.page() != before)


def test_the_config_is_read_again(place: Place) -> None:
    """A changed config counts from then on; the site it names is the one that is served."""
    keeper = place.keeper()
    other = place.root / "pages" / "index.html"
    saved = save(place.root / "argmap.toml", 'site = "pages"\n')
    watched(place, keeper, saved, other.is_file)
    assert keeper.settings.site_folder == other.parent


def test_the_next_day_is_built(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a fixed day, a site that nobody touches is built anew when the day ends."""
    monkeypatch.setattr(watching, "_LOOK_AT_CLOCK", 0.05)
    keeper = place.keeper(as_of=None)
    assert '"as_of": "2026-04-01"' in place.page()

    def act() -> None:
        place.now = datetime(2026, 4, 2, 0, 1, tzinfo=UTC)

    assert watched(place, keeper, act, lambda: '"as_of": "2026-04-02"' in place.page()) == 1


# ---- who is answered -----------------------------------------------------------------------------


@pytest.fixture
def app(place: Place) -> Starlette:
    """Return the built site as an application."""
    return application(place.keeper(), "127.0.0.1", Bell())


def ask(app: Starlette, path: str, method: str = "GET", **headers: str) -> tuple[int, Any, bytes]:
    """Ask the application itself: the status, the headers, the body."""
    given = {"host": "127.0.0.1:8000", **headers}
    scope = {
        "type": "http", "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(name.replace("_", "-").encode(), v.encode()) for name, v in given.items()],
    }  # fmt: skip
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(asyncio.wait_for(app(scope, receive, send), SOON))
    fields = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], fields, b"".join(one.get("body", b"") for one in sent[1:])


def test_pages_are_served(app: Starlette, place: Place) -> None:
    """A page comes as it lies in the site, with its kind; unchanged, it is not sent again."""
    status, headers, body = ask(app, "/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert body == (place.root / "site" / "index.html").read_bytes()
    assert headers["x-argmap-live"] == "events"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert ask(app, "/", if_none_match=headers["etag"])[0] == 304
    assert ask(app, "/assets/live.js")[1]["content-type"] == "text/javascript; charset=utf-8"
    assert ask(app, "/", method="HEAD")[0] == 200
    assert ask(app, "/", method="POST")[0] == 405
    assert ask(app, "/nothing.html")[0] == 404


def test_a_page_is_there_while_a_build_swaps_the_site(tmp_path: Path) -> None:
    """Who asks between the swap's two steps gets the page; what is in no site is missed at once."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_bytes(b"here")
    asked = threading.Event()

    def swap() -> None:
        for number in count():
            if asked.is_set():
                return
            fresh = tmp_path / f"{number}.new"
            fresh.mkdir()
            (fresh / "index.html").write_bytes(b"here")
            site.rename(tmp_path / f"{number}.old")
            sleep(0.006)
            fresh.rename(site)
            sleep(0.02)

    builds = threading.Thread(target=swap)
    builds.start()
    try:
        found = []
        for _ in range(60):
            found.append(live.page(site, ""))
            sleep(0.003)
    finally:
        asked.set()
        builds.join()
    assert found == [(site / "index.html", b"here")] * 60
    assert live.page(site, "none.html") is None


@pytest.mark.parametrize(
    "path", ["/../argmap.toml", "/assets/../../argmap.toml", "/.argmap-site", "//etc/passwd",
             "/..\\argmap.toml", "/assets/", "/assets", "/C:/x", "/a\0b", "/out.txt",
             "/./index.html"],
)  # fmt: skip
def test_nothing_but_pages_is_served(app: Starlette, place: Place, path: str) -> None:
    """No way of writing a path leads out of the site, or to a file in it that is no page."""
    (place.root / "site" / "out.txt").symlink_to(place.root / "argmap.toml")
    assert ask(app, path)[0] == 404
    assert file_in(place.root / "site", path.removeprefix("/")) is None


@pytest.mark.parametrize(
    ("asked", "bound", "answered"),
    [
        ("127.0.0.1:8000", "127.0.0.1", True),
        ("localhost:8000", "127.0.0.1", True),
        ("LOCALHOST", "127.0.0.1", True),
        ("[::1]:8000", "::1", True),
        ("", "127.0.0.1", False),
        ("evil.example", "127.0.0.1", False),
        ("evil.example:8000", "127.0.0.1", False),
        ("localhost.evil.example", "127.0.0.1", False),
        ("127.0.0.1.evil.example", "127.0.0.1", False),
        ("192.168.1.7:8000", "127.0.0.1", False),
        ("192.168.1.7:8000", "0.0.0.0", True),  # noqa: S104  nothing is bound
        ("evil.example", "0.0.0.0", False),  # noqa: S104
    ],
)
def test_only_own_names_are_answered(asked: str, bound: str, answered: bool) -> None:
    """A name that somebody made lead here is not ours; on loopback no outer address is."""
    assert answers_to(asked, bound) is answered


def test_a_foreign_host_is_refused(app: Starlette) -> None:
    """Who asks for another host gets nothing of the site, nor its events."""
    for path in ("/", "/api/graph.json", "/events", "/nothing.html"):
        status, _, body = ask(app, path, host="evil.example:8000")
        assert (status, body) == (403, b"This host is not served here.\n")


def test_another_site_reads_nothing(app: Starlette) -> None:
    """A page elsewhere may link here; it may not load our data as a script or a frame's content."""
    foreign = {"sec_fetch_site": "cross-site"}
    assert ask(app, "/data/search.js", **foreign, sec_fetch_mode="no-cors")[0] == 403
    assert ask(app, "/", **foreign, sec_fetch_mode="navigate")[0] == 200
    assert ask(app, "/", sec_fetch_site="same-origin", sec_fetch_mode="cors")[0] == 200


def test_pages_that_wait_are_told(place: Place) -> None:
    """Every open page hears the bell, a change between two waits included; closing lets them go."""

    async def run() -> list[list[str]]:
        bell = Bell()
        streams = [bell.events() for _ in range(3)]
        first = [await anext(stream) for stream in streams]
        bell.ring()
        second = [await anext(stream) for stream in streams]
        bell.close()
        rest = [line for stream in streams async for line in stream]
        assert not bell.waiting
        return [first, second, rest]

    place.keeper()
    first, second, rest = asyncio.run(asyncio.wait_for(run(), SOON))
    assert first == ["retry: 1000\n\n"] * 3
    assert second == ["data: changed\n\n"] * 3
    assert rest == []


# ---- the command ---------------------------------------------------------------------------------


@contextmanager
def command(place: Place, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command beside the test; it is ended at last, whatever happens."""
    call = [sys.executable, "-u", "-m", "argmap.cli", "-C", str(place.root), *words]
    # Where the tests run in the background, Ctrl-C is ignored, by whatever they start as well.
    ours = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, ours)
    with process:
        try:
            yield process
        finally:
            process.kill()


def interrupted(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Press Ctrl-C; return the exit code, and what stood on stderr."""
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=SOON)
    return process.returncode, stderr


def test_serve_serves_until_it_is_interrupted(place: Place) -> None:
    """It says where it listens, on loopback, answers there, and a Ctrl-C ends it without a word.

    That a page still waits for events does not keep it.
    """
    with command(place, "serve", "--port", "0", "--as-of", str(DAY), "--offline") as process:
        assert process.stdout
        summary, line = process.stdout.readline(), process.stdout.readline()
        assert "index.html as of 2026-04-01" in summary
        address = re.match(r"http://127\.0\.0\.1:\d+/", line)
        assert address
        there = urlsplit(address[0])
        waiting = http.client.HTTPConnection(str(there.hostname), there.port, timeout=SOON)
        waiting.request("GET", "/events")
        assert waiting.getresponse().getheader("Content-Type", "").startswith("text/event-stream")
        asking = http.client.HTTPConnection(str(there.hostname), there.port, timeout=SOON)
        for path in ("/", "/../argmap.toml", "/%2e%2e/argmap.toml", "/..%2fargmap.toml"):
            asking.request("GET", path)
            answer = asking.getresponse()
            found = (200, True) if path == "/" else (404, False)
            assert (answer.status, b"Cats" in answer.read()) == found, path
        assert interrupted(process) == (0, "")
        waiting.close()
        asking.close()


def test_build_watch_builds_until_it_is_interrupted(place: Place) -> None:
    """It builds, builds again after a change, tells both, and a Ctrl-C ends it quietly."""
    with command(place, "build", "--watch", "--as-of", str(DAY), "--offline") as process:
        assert process.stdout
        assert "1 supported" in process.stdout.readline()
        for day, status in ((LATER, "unknown"), (PAST, "supported")):
            place.judge(day)
            assert f"1 {status}" in process.stdout.readline()
        assert interrupted(process) == (0, "watching; Ctrl-C ends it\n")


def test_a_port_in_use_is_said_in_a_line(place: Place) -> None:
    """Where somebody else listens, the command says so and exits with 2."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with command(place, "serve", "--port", port, "--as-of", str(DAY), "--offline") as process:
            _, stderr = process.communicate(timeout=SOON)
    assert process.returncode == 2
    assert "Error: " in stderr
    assert "in use" in stderr
