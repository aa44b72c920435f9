"""A build after an edit gives the bytes that a build of everything gives, and makes few pages."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from argmap.building import build_site
from argmap.cache import Cache
from argmap.pages import board, kept, render
from argmap.project import Project, ProjectError
from argmap.tables import lint_data

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from argmap.pages.cards import Deck

DAY = date(2026, 4, 1)
MARKET = """---
date: 2026-02-01
aliases: [Рынок]
tags: [цены/api]
---
# Рынок

- Рынок выбирает большие модели (supports:: [[Вывод]]) #claim ^market
    - Доля трёх #evidence (check:: leads) (source:: [[Источник#Цены|там]])
    - Дорого #con ^dear
        - Так говорят #evidence (source:: https://example.org) (judged:: 2026-01-05, NN)
"""
MARKET_WEIGHED = MARKET.replace("(check:: leads)", "(check:: leads) (weight:: 3)")
MARKET_DATED = MARKET.replace("2026-02-01", "2026-03-10").replace("#con ^dear", "#pro ^dear")
MARKET_FELL = MARKET.replace("большие", "малые").replace("цены/api", "иное")
CONCLUSION = """---
claim: Будущее за крупными моделями
---
Смотри [[Рынок]], [[Источник]] и [[нет такой]]. #вывод

- Если дёшево, возьмут #argument (premises:: [[Цены#^market]]) (supports:: [[Вывод]]) ^step
- Размер не важен #claim (contradicts:: [[Вывод]]) (undercuts:: step) ^size
"""
OTHER = (
    "---\ndate: 2025-06-30\n---\n- Размер важен #claim (attacks:: size) ^own\n    - 1 #pro ^own2\n"
)
SOURCE = "---\naliases: [Отчёт]\n---\n# Цены\n\nСтр. 5. [[Цены]] ^id\n"
SOURCE_MOVED = SOURCE.replace("# Цены", "# Старые цены")
LOCAL = """- Свой счёт #claim ^sum

```yaml argmap
measures: {a: {value: 2}}
checks: {two: {title: Два, tests: sum, assert: a >= 2}}
```
"""
PLAIN = "Просто текст со [[Вывод|ссылкой]] и #тегом.\n"
SHOWS = """- Рисунок решает (supports:: [[Вывод]]) #claim ^drawn

![[рис.png]] ![[Источник#Цены]] ![[Цены#^market]] ![подпись](папка/рис.png) [[рис.png]]
"""
PICTURES = [b"\x89PNG\r\n\x1a\n 1", b"\x89PNG\r\n\x1a\n 2", b"<svg><path/></svg>", b"no"]
ARGUES = (
    "Главные аргументы против:\n\n1. **Дорого.** Цена [выросла](https://a.b).\n2. **Долго.** Да.\n"
)
NAMES = ["Цены.md", "Вывод.md", "папка/Источник.md", "Другая.md", "папка/Цены.md"]
TEXTS = [
    MARKET,
    MARKET_FELL,
    MARKET_WEIGHED,
    MARKET_DATED,
    CONCLUSION,
    SOURCE,
    SOURCE_MOVED,
    OTHER,
    LOCAL,
    PLAIN,
    SHOWS,
    ARGUES,
    "",
]
SHEET = """
measures:
  share: {table: {file: data/share.csv, sql: "SELECT share AS value, date FROM t
          WHERE date <= :as_of ORDER BY date DESC LIMIT 1"}, fresh: 60d}
checks:
  leads: {title: Она первая, tests: market, assert: share >= 25 %}
"""
SHEETS = [
    SHEET,
    SHEET.replace("25 %", "5 %"),
    SHEET.replace("Она", "Модель"),
    "checks: {leads: {}}",
    "",
]
ACKS = ["leads: {until: 2026-05-01, because: проверяем}\n", "two: {until: 2026-05-01}\n", ""]
DATA = ["date,share\n2026-01-01,0.30\n2026-03-01,0.10\n", "date,share\n2026-03-20,0.40\n", "no\n"]
PAST = ["2026-01-15", "2026-02-01", "2026-03-10", "2026-03-25"]
BEGUN = {
    "vault/Цены.md": MARKET,
    "vault/Вывод.md": CONCLUSION,
    "vault/папка/Источник.md": SOURCE,
    "vault/Другая.md": OTHER,
    "vault/Рисунки.md": SHOWS,
    "claims/market.yaml": SHEET,
    "claims/data/share.csv": DATA[0],
}
Step = tuple[str, str, str]


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def take(root: Path, step: Step) -> None:
    """Do what a step says."""
    what, name, more = step
    path = root / "vault" / name
    if what == "picture":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PICTURES[int(more)])
    elif what in ("note", "sheet", "data"):
        home = {"note": "vault", "sheet": "claims", "data": "claims/data"}[what]
        write(root, {f"{home}/{name}": more})
    elif what == "past":  # a run of a past day is added, or told otherwise
        project = Project.open(root)
        day = date.fromisoformat(more)
        project.read().backfill(project.world(day, online=False), [day], lambda *_: None)
    elif what == "retract":
        with suppress(ProjectError):
            Project.open(root).retract(f"share@{more}", DAY, "ошибка", "NN", lambda *_: None)
    elif what == "delete":
        path.unlink(missing_ok=True)
    elif path.is_file():  # rename
        to = root / "vault" / more
        to.parent.mkdir(parents=True, exist_ok=True)
        path.rename(to)


def build(root: Path) -> None:
    """Build the site."""
    build_site(Project.open(root), DAY, online=False, fixed=False, step=lambda *_: None)


def site(root: Path) -> dict[str, bytes]:
    """Return every file of a site."""
    files = sorted((root / "site").rglob("*"))
    return {str(path.relative_to(root)): path.read_bytes() for path in files if path.is_file()}


def anew(root: Path, fresh: Path) -> dict[str, bytes]:
    """Return the site that a build in a fresh folder gives."""
    shutil.copytree(root, fresh, ignore=shutil.ignore_patterns(".argmap", "site"))
    build(fresh)
    return site(fresh)


def linted(root: Path) -> Any:
    """Return what `argmap lint --json` prints."""
    return lint_data(Project.open(root).report(DAY, online=False))


def made(root: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Build; return which pages were made."""
    paths: set[str] = set()
    whole = render.Site.made

    def counted(self: render.Site, job: render.Job) -> render.Made:
        paths.add(job.path)
        return whole(self, job)

    monkeypatch.setattr(render.Site, "made", counted)
    build(root)
    monkeypatch.setattr(render.Site, "made", whole)
    return paths


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("note"), st.sampled_from(NAMES), st.sampled_from(TEXTS)),
        st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
        st.tuples(st.just("delete"), st.sampled_from(NAMES), st.just("")),
        st.tuples(
            st.just("picture"),
            st.sampled_from(["рис.png", "папка/рис.png"]),
            st.sampled_from("0123"),
        ),
        st.tuples(st.just("sheet"), st.just("market.yaml"), st.sampled_from(SHEETS)),
        st.tuples(st.just("sheet"), st.just("acks.yaml"), st.sampled_from(ACKS)),
        st.tuples(st.just("past"), st.just(""), st.sampled_from(PAST)),
        st.tuples(st.just("retract"), st.just(""), st.sampled_from(["2026-01-01", "2026-03-01"])),
        st.tuples(st.just("data"), st.just("share.csv"), st.sampled_from(DATA)),
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_a_site_is_that_of_a_full_build(steps: Sequence[Step]) -> None:
    """After any edit, rename or deletion of notes, sheets and data the site's bytes are the same.

    So they are where the past changed: a run was added, an observation taken back, a weight or a
    date written otherwise. What lint says is the same too.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder, "project")
        write(root, BEGUN)
        build(root)
        for number, step in enumerate(steps):
            take(root, step)
            build(root)
            fresh = Path(folder, str(number))
            assert site(root) == anew(root, fresh)
            assert json.dumps(linted(root)) == json.dumps(linted(fresh))


HISTORIES = {  # each step is followed by a build
    "an observation is taken back": [("retract", "", "2026-03-01"), ("retract", "", "2026-01-01")],
    "runs are added": [("past", "", day) for day in (*PAST, "2026-03-12", PAST[0])],
    "a note's date is another": [("note", "Цены.md", MARKET_DATED), ("note", "Цены.md", MARKET)],
    "a weight is another": [("past", "", PAST[0]), ("note", "Цены.md", MARKET_WEIGHED)],
    "a failure is set aside": [("sheet", "acks.yaml", ACKS[0]), ("sheet", "acks.yaml", "")],
    "a past turn is told otherwise": [
        ("past", "", PAST[0]), ("past", "", PAST[3]), ("data", "share.csv", DATA[1]),
        ("past", "", PAST[3]), ("past", "", PAST[0]),
    ],
}  # fmt: skip


@pytest.mark.parametrize("what", HISTORIES)
def test_what_is_kept_of_the_past_never_goes_stale(what: str, tmp_path: Path) -> None:
    """Whatever changes in what was, the pages tell it as they would if nothing had been kept."""
    root = tmp_path / "project"
    write(root, BEGUN)
    build(root)
    for number, step in enumerate(HISTORIES[what]):
        take(root, step)
        build(root)
        assert site(root) == anew(root, tmp_path / str(number))


@pytest.mark.parametrize(
    ("step", "touched"),
    [
        pytest.param(("note", "Другая.md", OTHER + "\nИ ещё.\n"), {"note"}, id="text"),
        pytest.param(("note", "Другая.md", OTHER.replace("1 #", "2 #")), {"claim"}, id="a claim"),
    ],
)
def test_few_pages_are_made(
    step: Step, touched: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit of one debate makes no page of another, and not the others of its own note."""
    far = "- Вдали #claim ^far\n    - да #evidence (test:: 1 < 2)\n"
    write(tmp_path, {**BEGUN, "vault/Вдали.md": far})
    whole = made(tmp_path, monkeypatch)
    assert made(tmp_path, monkeypatch) == set()
    take(tmp_path, step)
    paths = made(tmp_path, monkeypatch)
    assert {path.partition("/")[0] for path in paths if "/" in path} >= touched
    assert not any("вдали" in path or "far" in path for path in paths)
    assert len(paths) < len(whole) / 2
    assert site(tmp_path) == anew(tmp_path, tmp_path / "fresh")


def test_few_rows_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a page with a row for everything, the rows of what changed are made, and no other.

    A row that somebody wrote otherwise is made again too.
    """
    far = "- Вдали #claim ^far\n    - да #evidence (test:: 1 < 2)\n"
    write(tmp_path, {**BEGUN, "vault/Вдали.md": far})
    build(tmp_path)
    rows: list[str] = []
    whole = board.line

    def counted(deck: Deck, check: str) -> board.CheckLine:
        rows.append(check)
        return whole(deck, check)

    monkeypatch.setattr(board, "line", counted)
    take(tmp_path, ("note", "Вдали.md", far.replace("Вдали", "Далеко")))
    build(tmp_path)
    assert rows == ["Вдали#да"]
    file = tmp_path / "site" / "checks.html"
    file.write_text(file.read_text("utf-8").replace("leads", "lied"), "utf-8")
    build(tmp_path)
    assert sorted(rows[1:]) == ["leads", "Вдали#да", "Цены#доля-трёх"]
    assert site(tmp_path) == anew(tmp_path, tmp_path / "fresh")


def test_what_a_note_says_is_no_place_for_rows(tmp_path: Path) -> None:
    """The mark of the place where rows go, or what a row begins with, is text where a note has it.

    So are line ends of old machines, in what is taken from the files that are there.
    """
    odd = (
        '---\naliases: ["<!--rows-->"]\nodd: "1\\r2"\n---\n'
        '- <tr role="row" data-check="leads">a</tr> #claim ^odd\n'
        '    - `<!--rows--></tr>` "b" #evidence (test:: 1 < 2)\n'
    )
    write(tmp_path, {**BEGUN, "vault/Чудно.md": odd})
    build(tmp_path)
    take(tmp_path, ("note", "Другая.md", OTHER.replace("1 #", "2 #")))
    build(tmp_path)
    assert site(tmp_path) == anew(tmp_path, tmp_path / "fresh")
    graph = (tmp_path / "site" / "api" / "graph.json").read_text("utf-8")
    assert "<!--rows-->" in graph
    assert "<!--rows-->" not in (tmp_path / "site" / "index.html").read_text("utf-8")


def cut(file: Path) -> None:
    """Cut a file off in its middle."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def other_version(file: Path) -> None:
    """Make a file that of another argmap, and true to its sum."""
    if file.name in ("notes.json", "formulas.json"):
        rows, whole = Cache(file).read()
        Cache(file).write(rows.values(), {**whole, "reader": "argmap 0.0.1", "key": "another"})
    elif file.suffix == ".json":
        head, *rows = file.read_text("utf-8").split("\n")[1:]
        text = "\n".join([json.dumps({**json.loads(head), "key": "argmap 0.0.1"}), *rows]).encode()
        file.write_bytes(kept.sum_of(text) + b"\n" + text)
    else:
        with sqlite3.connect(file) as database:
            database.execute("PRAGMA user_version = 1")
        database.close()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "emptied": lambda file: file.write_bytes(b""),
    "no such thing": lambda file: file.write_bytes(b"\x00 no such thing \xff" * 99),
    "cut off": cut,
    "a byte turned": lambda file: file.write_bytes(file.read_bytes().replace(b"e", b"o", 40)),
    "of another version": other_version,
}


@pytest.mark.parametrize(
    "name", ["pages.json", "notes.json", "formulas.json", "index.db", "built.json"]
)
def test_a_damaged_state_is_made_anew(name: str, tmp_path: Path) -> None:
    """Whatever happened to what argmap remembers, the next build gives the same bytes."""
    root = tmp_path / "project"
    write(root, BEGUN)
    build(root)
    whole = anew(root, tmp_path / "fresh")
    for damage in DAMAGES.values():
        if name == "built.json" and damage is other_version:
            continue  # it is no file with a sum
        damage(root / ".argmap" / name)
        take(root, ("note", "Новая.md", "Пусто.\n"))
        take(root, ("delete", "Новая.md", ""))
        (root / "site" / "index.html").write_text("иное", "utf-8")
        build(root)
        assert site(root) == whole


def test_a_page_that_was_tampered_with_is_mended(tmp_path: Path) -> None:
    """A page that is not as it was written is made again, one that is gone too."""
    root = tmp_path / "project"
    write(root, BEGUN)
    build(root)
    whole = site(root)
    pages = sorted((root / "site" / "claim").iterdir())
    pages[0].write_text("иное", "utf-8")
    pages[1].unlink()
    shutil.rmtree(root / "site" / "note")
    (root / "site" / "stray.html").write_text("чужое", "utf-8")
    build(root)
    assert site(root) == whole
