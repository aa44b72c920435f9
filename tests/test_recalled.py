"""`argmap history` answers at once where nothing changed since it was last asked."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from argmap.cli import main
from argmap.recalled import recall

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from argmap.project import Project

    Make = Callable[..., Project]

NOTE = "---\ncreated: 2026-01-01\n---\n- Low #claim ^low\n- High #claim ^high\n"
SHEET = """\
measures:
  a: {table: {file: a.csv, sql: "SELECT a AS value, date FROM t WHERE date <= :as_of
      ORDER BY date DESC LIMIT 1"}}
checks:
  cheap: {tests: low, assert: a < 5}
"""
LAST = date(2026, 3, 9)


@pytest.fixture
def root(project: Make) -> Path:
    """Return a project whose claim turned once."""
    made = project(
        {"n.md": NOTE}, {"s.yaml": SHEET, "a.csv": "date,a\n2026-01-01,3\n2026-03-01,9\n"}
    )
    root = made.settings.root
    run(root, "backfill", "--from", "2026-01-01", "--to", "2026-03-09", "--every", "9w")
    return root


def run(root: Path, *words: str) -> Any:
    return CliRunner().invoke(main, ["-C", str(root), *words])


def asked(root: Path, *names: str) -> Any:
    return run(root, "history", *names, "--as-of", str(LAST), "--json").stdout


def test_the_second_answer_is_the_first(root: Path) -> None:
    """Also of one claim or check, by any name of it, and with the project's problems."""
    assert recall(root, LAST, ()) is None
    first = asked(root)
    known = recall(root, LAST, ())
    assert known
    assert json.loads(first) == known.rows
    assert [(row["claim"], row["after"]) for row in known.rows] == [("n#low", "refuted")]
    for name in ("low", "n#LOW", "^low", "cheap"):
        assert json.loads(asked(root, name)) == known.rows
    assert asked(root, "high") == "[]\n"
    assert recall(root, LAST, ["nothing"]) is None
    assert "nothing is called 'nothing'" in run(root, "history", "nothing").stderr


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "vault" / "n.md").write_text(NOTE + "\n"),
        lambda root: (root / "claims" / "a.csv").write_text("date,a\n2026-01-01,3\n"),
        lambda root: (root / "vault" / "m.md").write_text("new"),
        lambda root: (root / "argmap.toml").write_text('title = "T"\n'),
        lambda root: (root / ".argmap" / "turns.db").write_bytes(b"damaged" * 999),
        lambda root: run(root, "check", "--as-of", "2026-03-08"),
    ],
    ids=["note", "data", "new note", "config", "damaged", "another run"],
)
def test_whatever_changes_is_read_anew(root: Path, change: Any) -> None:
    """A note, data, the config, the history; and what is damaged is left aside."""
    asked(root)
    assert recall(root, LAST, ())
    change(root)
    assert recall(root, LAST, ()) is None
    assert '"refuted"' in asked(root)


def test_problems_are_told_again(root: Path) -> None:
    """The exit code does not depend on who answered."""
    (root / "claims" / "b.yaml").write_text("checks: {x: {tests: lo, assert: 1 < 2}}\n")
    one, two = (run(root, "history", "--as-of", str(LAST)) for _ in range(2))
    assert recall(root, LAST, ())
    assert (one.exit_code, one.output) == (two.exit_code, two.output) == (3, one.output)


def test_a_check_leaves_the_answer_behind(root: Path) -> None:
    """So the history of today is known once the checks ran."""
    run(root, "check", "--offline")
    from argmap.cli import today

    assert recall(root, today(), ["low"])
