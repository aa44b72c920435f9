"""Bad input gets a clear problem with its place and loses nothing; everything else still builds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from argmap.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.project import Project

    Make = Callable[..., Project]

GOOD_NOTE = "- All is well #claim ^well\n- Something else #claim ^other\n"
GOOD_SHEET = "checks:\n  good: {title: Good, tests: well, assert: 1 < 2}\n"

# What a person wrote wrong, where, and the line that tells it.
CASES = {
    "a note that is not UTF-8": (
        {"vault/bad.md": b"\xcf\xf0\xe8\xe2\xe5\xf2"},
        "vault/bad.md:1:1: A101 ",
    ),
    "front matter that is no YAML": (
        {"vault/bad.md": b"---\ntitle: A: b\n---\n- Here #claim ^here\n"},
        "vault/bad.md:2:9: A102 ",
    ),
    "a misspelt key in a sheet": (
        {"claims/bad.yaml": b"checks:\n  one:\n    tests: well\n    asert: 1 < 2\n"},
        "claims/bad.yaml:4:5: A302 ",
    ),
    "a check for a claim that does not exist": (
        {"claims/bad.yaml": b"checks:\n  one: {title: One, tests: wel, assert: 1 < 2}\n"},
        "claims/bad.yaml:2:28: A201 nothing is called 'wel' (did you mean 'well'?)",
    ),
    "an ambiguous id": (
        {
            "vault/x.md": b"- X #claim ^same\n",
            "vault/y.md": b"- Y #claim ^same\n",
            "vault/z.md": b"- Z #claim (supports:: same) ^z\n",
        },
        "vault/z.md:1:24: A202 'same' fits 2 (one of: x#same, y#same)",
    ),
    "a unit that does not fit": (
        {"claims/bad.yaml": b"checks:\n  one: {title: One, tests: other, assert: 3 USD < 2 tok}\n"},
        "claims/bad.yaml:2:49: A307 USD < tok",
    ),
    "a formula that does not parse": (
        {"claims/bad.yaml": b"checks:\n  one: {title: One, tests: other, assert: 3 < }\n"},
        "claims/bad.yaml:2:46: A306 ",
    ),
    "a missing data file": (
        {
            "claims/bad.yaml": b"measures:\n  m: {table: {file: data/none.csv, "
            b"sql: SELECT 1 AS value}}\n"
        },
        "claims/bad.yaml:2:21: A308 ",
    ),
    "a misspelt measure": (
        {
            "claims/bad.yaml": b"measures:\n  share: {value: 3}\n"
            b"checks:\n  one: {title: One, tests: other, assert: shar < 4}\n"
        },
        "claims/bad.yaml:4:43: A305 no measure 'shar' (did you mean 'share'?)",
    ),
    "a torn history line": (
        {"claims/history/2026-01.ndjson": b'{"record": "stat'},
        "claims/history/2026-01.ndjson:1:1: A401 the last line is torn",
    ),
    "a duplicate id": (
        {"vault/bad.md": b"- One #claim ^one\n- Two #claim ^one\n"},
        "vault/bad.md:2:",
    ),
    "a sheet that is no YAML": (
        {"claims/bad.yaml": b"checks: [\n"},
        "claims/bad.yaml:2:1: A301 ",
    ),
    "a query that fails": (
        {
            "claims/data/d.csv": b"a,b\n1,2\n",
            "claims/bad.yaml": b"measures:\n  m: {table: {file: data/d.csv, "
            b"sql: SELECT c AS value FROM t}}\n",
        },
        "claims/bad.yaml:2:38: A309 ",
    ),
    "measures in a circle": (
        {"claims/bad.yaml": b"measures:\n  a: {formula: b + 1}\n  b: {formula: a}\n"},
        "claims/bad.yaml:2:16: A310 ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_is_told_with_its_place_and_the_rest_builds(project: Make, case: str) -> None:
    """One line names place and code; exit code 3; the good claim stands; no file is lost."""
    made = project({"good.md": GOOD_NOTE}, {"good.yaml": GOOD_SHEET})
    files, expected = CASES[case]
    for name, data in files.items():
        path = made.settings.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    result = CliRunner().invoke(
        main, ["-C", str(made.settings.root), "build", "--as-of", "2026-02-01"]
    )
    lines = result.stderr.splitlines()
    assert any(line.startswith(expected) for line in lines), result.stderr
    assert result.exit_code == (0 if "torn" in case else 3)
    assert "Traceback" not in result.output
    status = CliRunner().invoke(main, ["-C", str(made.settings.root), "status", "well"])
    assert "supported" in status.stdout
    for name, data in files.items():
        if "history" not in name:
            assert (made.settings.root / name).read_bytes() == data


def test_all_at_once(project: Make) -> None:
    """Many mistakes in one project: each is told, and the good claim stands."""
    made = project({"good.md": GOOD_NOTE}, {"good.yaml": GOOD_SHEET})
    for number, (files, _) in enumerate(CASES.values()):
        for name, data in files.items():
            path = made.settings.root / name.replace("bad", f"bad{number}")
            path.parent.mkdir(parents=True, exist_ok=True)
            own = data.replace(b"  one:", b"  one%d:" % number).replace(b"  m:", b"  m%d:" % number)
            path.write_bytes(own)
    result = CliRunner().invoke(main, ["-C", str(made.settings.root), "lint"])
    assert result.exit_code == 3
    told = {line.split(": ")[1][:4] for line in result.stdout.splitlines()}
    assert {"A101", "A102", "A201", "A202", "A203", "A301", "A302", "A305", "A306", "A307", "A308",
            "A309", "A310", "A401"} <= told  # fmt: skip
    status = CliRunner().invoke(main, ["-C", str(made.settings.root), "status", "good#well"])
    assert "supported" in status.stdout


def test_a_note_that_cannot_be_opened_is_told(project: Make) -> None:
    """A file that the system refuses is a problem, not the end."""
    made = project({"good.md": GOOD_NOTE})
    (made.settings.vault_folder / "gone.md").symlink_to("nowhere.md")
    result = CliRunner().invoke(main, ["-C", str(made.settings.root), "lint"])
    assert "vault/gone.md:1:1: A101 " in result.stdout
    assert result.exit_code == 3


def lines(made: Project) -> list[str]:
    """Return what lint prints."""
    return CliRunner().invoke(main, ["-C", str(made.settings.root), "lint"]).stdout.splitlines()


def test_a_sheet_that_may_not_be_read_says_so(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not read a sheet is not told that it is no text."""
    made = project({"good.md": GOOD_NOTE}, {"good.yaml": GOOD_SHEET, "locked.yaml": GOOD_SHEET})
    read = Path.read_text

    def refuses(self: Path, *args: Any, **kwargs: Any) -> str:
        if self.name == "locked.yaml":
            raise PermissionError(13, "Permission denied")
        return read(self, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", refuses)
    told = "claims/locked.yaml:1:1: A301 the sheet cannot be read: Permission denied"
    assert told in lines(made)


def test_a_check_that_ends_before_it_begins_is_told(project: Make) -> None:
    """In a sheet as in a note."""
    check = "{tests: well, assert: 1 < 2, from: 2026-03-01, until: 2026-02-01}"
    made = project({"n.md": GOOD_NOTE}, {"s.yaml": f"checks:\n  c: {check}\n"})
    assert lines(made) == [
        "claims/s.yaml:2:60: A303 'until': it ends on 2026-02-01, before it begins on 2026-03-01"
    ]


def test_a_weight_is_more_than_nothing(project: Make) -> None:
    """In a sheet as in a note."""
    check = "{tests: well, assert: 1 < 2, weight: 0}"
    made = project({"n.md": GOOD_NOTE}, {"s.yaml": f"checks:\n  c: {check}\n"})
    (line,) = lines(made)
    assert line.startswith("claims/s.yaml:2:43: A303 'weight': input should be greater than 0")


def test_a_wrong_unit_is_told_in_its_line(project: Make) -> None:
    """Of the config."""
    made = project({"n.md": GOOD_NOTE}, config='title = "T"\n[units]\ngood = ""\nbad = "1 nope"\n')
    (line,) = lines(made)
    assert line.startswith("argmap.toml:4:1: A003 units.bad: ")


def test_two_weights_of_one_contradiction_are_told(project: Make) -> None:
    """Said from either side with the same weight it is one; with another one, the first counts."""
    note = (
        "- A #claim (contradicts:: b) (weight:: {}) ^a\n"
        "- B #claim (contradicts:: a) (weight:: {}) ^b\n"
    )
    assert lines(project({"n.md": note.format(2, 2)})) == []
    (line,) = lines(project({"n.md": note.format(2, 3)}))
    assert "its weight of 2 counts" in line


def test_data_below_a_linked_folder_is_inside(project: Make, tmp_path: Path) -> None:
    """A claims folder that is a link keeps its data beside its sheets; others stay outside."""
    sheet = (
        "measures:\n"
        "  m: {table: {file: d.csv, sql: 'SELECT a AS value, date FROM t'}}\n"
        "  n: {table: {file: ../d.csv, sql: 'SELECT a AS value, date FROM t'}}\n"
    )
    made = project({"n.md": GOOD_NOTE})
    far = tmp_path.parent / f"{tmp_path.name}-far" / "claims"
    far.mkdir(parents=True)
    for folder in (far, far.parent):
        (folder / "d.csv").write_text("a,date\n1,2026-01-01\n")
    (far / "s.yaml").write_text(sheet)
    (made.settings.root / "claims").symlink_to(far, target_is_directory=True)
    (line,) = lines(made)
    assert line.startswith("claims/s.yaml:3:21: A308 n: '../d.csv' lies outside the project")
