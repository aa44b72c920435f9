"""Where nothing changed since the last sync nothing is read; whatever a person does is seen."""

from __future__ import annotations

import os
import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from argmap.obsidian import places
from argmap.obsidian.syncing import Look, sync
from argmap.project import Project
from argmap.stamps import changed, stamps, unchanged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[..., Project]

DAY = date(2026, 4, 1)
NOTE = "- Small models lead #claim ^lead\n    - seen #evidence (test:: share > 25 %)\n"
SHEET = """
    measures:
      share: {table: {file: ../share.csv, sql: "SELECT value, date FROM t"}}
"""


@pytest.fixture
def synced(project: Make, tmp_path: Path) -> Path:
    """Sync a small project twice, and return its root."""
    (tmp_path / "share.csv").write_text("date,value\n2026-01-01,0.3\n", "utf-8")
    made = project({"a.md": NOTE, "b.md": "- Alone #claim\n"}, {"s.yaml": SHEET})
    assert sync(made, DAY).summary.endswith("files written")
    return made.settings.root


def is_seen(root: Path, day: date = DAY) -> bool:
    """Say whether a sync would look again."""
    return Look.at(Project.open(root).settings, day) is not None


def test_nothing_is_read_where_nothing_changed(
    synced: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next sync reads no note, and says so; as of another day it does."""
    assert is_seen(synced, date(2026, 4, 2))
    monkeypatch.setattr(Project, "read", None)
    assert sync(Project.open(synced), DAY).summary == "nothing changed"


def by_hand(path: str, old: str, new: str) -> Callable[[Path], object]:
    def edit(root: Path) -> object:
        text = (root / path).read_text("utf-8")
        assert old in text
        return (root / path).write_text(text.replace(old, new), "utf-8")

    return edit


def unnoticed(root: Path) -> None:
    """Change a letter, and set the file's times back."""
    path = root / "vault/a.md"
    was = path.stat()
    path.write_text(path.read_text("utf-8").replace("Small", "Large"), "utf-8")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


EDITS: dict[str, Callable[[Path], object]] = {
    "a letter": by_hand("vault/a.md", "Small", "Large"),
    "a letter, unnoticed": unnoticed,
    "our property gone": by_hand("vault/b.md", "argmap: unknown\n", ""),
    "a new note": lambda root: (root / "vault/new.md").write_text("- New #claim\n", "utf-8"),
    "a note gone": lambda root: (root / "vault/b.md").unlink(),
    "a note renamed": lambda root: (root / "vault/b.md").rename(root / "vault/c.md"),
    "a sheet": by_hand("claims/s.yaml", "value, date", "value/2 AS value, date"),
    "a table": by_hand("share.csv", "0.3", "0.2"),
    "the config": lambda root: (root / "argmap.toml").write_text('language = "ru"\n', "utf-8"),
    "the colours": lambda root: (root / "vault" / places.GRAPH).write_text("{}", "utf-8"),
    "the snippet off": lambda root: (root / "vault" / places.APPEARANCE).unlink(),
    "the snippet gone": lambda root: (root / "vault" / places.SNIPPET).unlink(),
    "notes ignored": lambda root: (root / "vault/.obsidian/app.json").write_text("{}", "utf-8"),
    "our folder gone": lambda root: shutil.rmtree(root / "vault/argmap"),
    "a canvas": lambda root: next((root / "vault/argmap").glob("*.canvas")).write_text("{}"),
    "the memory gone": lambda root: (root / ".argmap/obsidian.json").unlink(),
    "the stamps damaged": lambda root: (root / ".argmap/synced.json").write_text("[", "utf-8"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_whatever_a_person_does_is_seen(synced: Path, edit: Callable[[Path], object]) -> None:
    """A note, sheet, table, setting or file of argmap's that is not as the sync left it."""
    assert not is_seen(synced)
    edit(synced)
    assert is_seen(synced)


def test_what_changed_while_a_sync_ran_is_seen_by_the_next(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note changed behind the reader's back is not taken for synced."""
    made = project({"a.md": NOTE, "b.md": "- Alone #claim\n"})
    sync(made, DAY)
    root = made.settings.root
    judged = Project.read

    def read(self: Project) -> object:
        found = judged(self)
        (root / "vault/b.md").write_text("---\nargmap: unknown\n---\nNo more.\n", "utf-8")
        return found

    (root / "vault/c.md").write_text("- Third #claim\n", "utf-8")
    monkeypatch.setattr(Project, "read", read)
    sync(Project.open(root), DAY)
    monkeypatch.undo()
    assert is_seen(root)
    sync(Project.open(root), DAY)
    assert (root / "vault/b.md").read_text("utf-8") == "No more.\n"


def test_a_sync_that_could_not_write_all_is_no_last_word(project: Make) -> None:
    """Where a note was refused the next sync tells it again."""
    made = project({"a.md": "---\nargmap: mine\n---\n- Alone #claim\n"})
    assert sync(made, DAY).problems
    assert sync(made, DAY).problems


def test_a_young_file_is_told_by_its_bytes(tmp_path: Path) -> None:
    """One changed again within the same tick of the clock, to the same size, is found out."""
    path = tmp_path / "n.md"
    path.write_bytes(b"one")
    before = stamps([str(path)], tmp_path / "clock")
    path.write_bytes(b"two")
    same = {str(path): stamps([str(path)], tmp_path / "clock")[str(path)]._replace(digest="")}
    (stamp,) = before.values()
    ticked = {str(path): same[str(path)]._replace(digest=stamp.digest)}  # as if no time had passed
    assert stamp.digest
    assert not unchanged(ticked, [str(path)])
    assert unchanged(same, [str(path)])
    assert changed(before, stamps([str(path)], tmp_path / "clock")) == {str(path)}
