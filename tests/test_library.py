"""Only what changed is read again, and nobody can tell but by the clock."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields
from multiprocessing import get_context
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from argmap import library
from argmap.cache import Cache, Kept, Row
from argmap.claims import ClaimOptions
from argmap.library import Library, read_library
from argmap.notes import Note
from argmap.vault import read_vault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MARKED = """---
date: 2025-09-30
title: Цены
---
- Рынок выбирает большие модели #claim ^market (expect:: supported)
    - Доля трёх 4 % #evidence (source:: [[Б#^id]]) (judged:: 2025-09-20, NN) (until:: 2026-01-01)
    - Дорого #con
- Так #argument (premises:: [[#^market]], [[Б]]) (supports:: [[Б]])

```yaml argmap
measures: {a: {value: 1}}
```
"""
TEXTS = [
    MARKED,
    "# Один\n\n[[Б|там]] и [[нет такой#x]] ^id\n",
    "---\nclaim: A: b\n---\n#tag [x](Б.md)",
    '---\nn: [.nan, 0x10, 1e3, "\\ud800"]\naliases: [В]\n---\n[[В]]',
    "Главные аргументы против:\n\n1. **Дорого.** Цена выросла [по отчёту](https://a.b).\n",
    "",
]
NAMES = ["А.md", "Б.md", "папка/Б.md", "папка/В.md"]
LINKS = """[[Б|там]] [[Б#^id]] [[папка/Б]] [[../Б]] [[Б.md]] [[В]] [[В#Один]] [[В#Одинн]] [[Один]]
[[Одинн]] [[нет такой]] [[а/нет]] [[б/нет]]"""
LINKED = [  # what those links see, or see no more
    "# Один ^id\n",
    "# Другое ^other\n",
    "---\naliases: [а/нет]\n---\n# Один ^id\n",
    "---\nargmap-generated: true\naliases: [нет такой]\n---\n# Один ^id\n",
    "",
    b"\xff",
]


def read(root: Path, options: ClaimOptions | None = None, *, cached: bool = True) -> Library:
    """Read the vault in a folder, with or without the cache beside it."""
    how = options or ClaimOptions()
    cache = Cache(root / ".argmap" / "notes.json") if cached else None
    return read_library(root / "vault", "vault", lambda _: how, cache)


def seen(of: Library) -> tuple[Any, ...]:
    """Return all that a library says."""
    notes = [[repr(getattr(n, f.name)) for f in fields(Note)] for n in of.vault.notes.values()]
    vault = of.vault
    links = [(vault.outlinks(path), vault.backlinks(path)) for path in (*vault.notes, *vault.files)]
    return notes, of.said, of.problems, vault.problems, vault.files, links, vault.counts()


def write(root: Path, name: str, text: str | bytes) -> None:
    """Write one file of the vault."""
    path = root / "vault" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def reads(monkeypatch: pytest.MonkeyPatch, root: Path, **more: Any) -> list[str]:
    """Return which notes were parsed when the vault was read."""
    parsed: list[str] = []
    whole = library._read

    def counted(path: str, *rest: Any) -> library.Said:
        parsed.append(path)
        return whole(path, *rest)

    monkeypatch.setattr(library, "_read", counted)
    read(root, **more)
    monkeypatch.setattr(library, "_read", whole)
    return parsed


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(TEXTS)),
        st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
        st.tuples(st.just("delete"), st.sampled_from(NAMES), st.just("")),
        st.tuples(st.just("read"), st.just(""), st.just("")),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=40)
@given(STEPS)
def test_what_changed_is_read_as_if_all_were(steps: Sequence[tuple[str, str, str]]) -> None:
    """After any edits, renames and deletions the cache gives what reading everything gives."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "vault").mkdir()
        for what, name, other in steps:
            path = root / "vault" / name
            if what == "write":
                write(root, name, other)
            elif what == "rename" and path.is_file():
                write(root, other, path.read_bytes())
            if what in ("rename", "delete") and name != other:
                path.unlink(missing_ok=True)
            if what == "read":
                read(root)
        assert seen(read(root)) == seen(read(root, cached=False))
        assert seen(read(root)) == seen(read(root, cached=False))


LINKED_NAMES = ["Б.md", "папка/Б.md", "В.md", "Один", "Б.md.md", "б/нет.md"]


@settings(deadline=None, max_examples=100)
@given(
    st.dictionaries(st.sampled_from(LINKED_NAMES), st.sampled_from(LINKED)),
    st.sampled_from(LINKED_NAMES),
    st.none() | st.sampled_from(LINKED),
)
@example({"В.md": LINKED[0]}, "В.md", LINKED[1])
@example({"В.md": LINKED[0]}, "В.md", LINKED[2])
@example({}, "б/нет.md", "")
def test_links_lead_where_they_would(
    others: dict[str, str | bytes], name: str, after: str | bytes | None
) -> None:
    """A name, alias, heading or block id comes or goes: the links of other notes follow."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in {"А.md": LINKS, **others}.items():
            write(root, path, text)
        read(root)
        if after is None:
            (root / "vault" / name).unlink(missing_ok=True)
        else:
            write(root, name, after)
        assert seen(read(root)) == seen(read(root, cached=False))


@pytest.mark.parametrize("text", TEXTS)
def test_a_kept_note_is_the_note(text: str, tmp_path: Path) -> None:
    """What the cache keeps of a note, and its file, say all that reading it says."""
    write(tmp_path, "А.md", text)
    plain = read_vault(tmp_path / "vault", "vault").notes["А.md"]
    read(tmp_path)
    kept = read(tmp_path).vault.notes["А.md"]
    for field in fields(Note):
        assert repr(getattr(kept, field.name)) == repr(getattr(plain, field.name))


def test_only_what_changed_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note edited is parsed, one merely touched or renamed away is not."""
    for name in NAMES:
        write(tmp_path, name, MARKED)
    assert reads(monkeypatch, tmp_path) == NAMES
    assert reads(monkeypatch, tmp_path) == []
    write(tmp_path, "Б.md", "иное")
    write(tmp_path, "А.md", MARKED)
    (tmp_path / "vault" / "папка" / "В.md").unlink()
    assert reads(monkeypatch, tmp_path) == ["Б.md"]


def test_an_edit_that_hides(tmp_path: Path) -> None:
    """A file of the same size and the same time of change is still seen to be another."""
    write(tmp_path, "А.md", "[[один]]")
    path = tmp_path / "vault" / "А.md"
    stat = path.stat()
    read(tmp_path)
    write(tmp_path, "А.md", "[[двое]]")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert [link.target for link in read(tmp_path).vault.notes["А.md"].links] == ["двое"]


def test_other_options_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read with other aliases, words or without inference does not count."""
    write(tmp_path, "А.md", "- Рынок растёт #тезис")
    assert read(tmp_path).said == {}
    options = ClaimOptions({"claim": ["тезис"]})
    assert [claim.text for claim in read(tmp_path, options).said["А.md"].claims] == ["Рынок растёт"]
    assert reads(monkeypatch, tmp_path, options=options) == []
    assert reads(monkeypatch, tmp_path, options=ClaimOptions(infer=False)) == ["А.md"]


def test_another_argmap_reads_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another version of this code has read does not count."""
    write(tmp_path, "А.md", MARKED)
    read(tmp_path)
    monkeypatch.setattr(library, "_reader", lambda: "0.0.1")
    assert reads(monkeypatch, tmp_path) == ["А.md"]


DAMAGES: dict[str, Callable[[Path], object]] = {
    "emptied": lambda file: file.write_bytes(b""),
    "no such thing": lambda file: file.write_bytes(b"\x00 no such thing \xff" * 99),
    "torn": lambda file: file.write_bytes(file.read_bytes()[:500]),
    "torn at the end of a line": lambda file: file.write_bytes(
        file.read_bytes().rpartition(b"\n")[0]
    ),
    "a word lost": lambda file: file.write_bytes(
        file.read_bytes().replace("Рынок".encode(), b"Rynok12345")
    ),
    "other rows, true to their sum": lambda file: Cache(file).write(
        [Row("А.md", 1, 2, 3, "d", "a", {}, b"{}")], {"reader": "another"}
    ),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
    "gone": lambda file: rmtree(file.parent),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache(damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made anew without a word lost, or done without."""
    write(tmp_path, "А.md", MARKED)
    whole = seen(read(tmp_path))
    file = tmp_path / ".argmap" / "notes.json"
    DAMAGES[damage](file)
    assert seen(read(tmp_path)) == whole
    if not file.is_dir():
        assert reads(monkeypatch, tmp_path) == []


def test_rows_come_back(tmp_path: Path) -> None:
    """A cache gives what it was given, whatever the text."""
    cache = Cache(tmp_path / "notes.json")
    rows = [
        Row(name, 1, 2, 3, "d", "a", {"с": "🙂\n\ud800"}, b'{"\xff": 1}') for name in ("А.md", "\n")
    ]
    cache.write(rows, ["\u2028"])
    assert cache.read() == Kept({row.path: row for row in rows}, ["\u2028"])
    cache.write([])
    assert cache.read() == Kept({})


def test_what_earlier_versions_kept_goes(tmp_path: Path) -> None:
    """Files that nobody reads any more are cleared away; anything else beside them stays."""
    old, other = tmp_path / ".argmap" / "cache.db", tmp_path / ".argmap" / "notes.db"
    old.parent.mkdir()
    for file in (old, old.with_name("images.db-wal"), other):
        file.write_bytes(b"of an earlier version")
    write(tmp_path, "А.md", MARKED)
    read(tmp_path)
    left = {file.name for file in old.parent.iterdir()}
    assert "notes.db" in left
    assert not left & {"cache.db", "images.db-wal"}


def test_work_is_split(tmp_path: Path) -> None:
    """Any executor may read: threads, or processes started from nothing."""
    for number in range(400):
        write(tmp_path, f"{number:03}.md", MARKED + "слова " * 250)
    whole = seen(read(tmp_path, cached=False))
    for executor in (
        ThreadPoolExecutor(2),
        ProcessPoolExecutor(2, mp_context=get_context("spawn")),
    ):
        with executor:
            of = read_library(
                tmp_path / "vault", "vault", lambda _: ClaimOptions(), executor=executor
            )
            assert seen(of) == whole
