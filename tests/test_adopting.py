"""scan and adopt, through a project and as commands: what is ranked, written, refused, undone."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from argmap import adopting
from argmap.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from argmap.project import Project

    Make = Callable[..., Project]

DAY = date(2026, 4, 1)
WALL = """
    The memo disputes the claim of [Roos](https://example.org/r) that a wall keeps the beach.

    Counterarguments:

    1. **Waves take the sand.** They bounce.
    2. **Stone costs more.**

    Conclusion: bring sand.
"""
NEAR = "## Возражения\n\nСоберу их позже.\n"
MENU = "- **Суп.** С хлебом.\n- **Плов.** В четверг.\n"
MARKED = "- Sand is cheap #claim ^cheap\n"


@pytest.fixture
def made(project: Make) -> Project:
    return project({"Wall.md": WALL, "near.md": NEAR, "menu.md": MENU, "marked.md": MARKED})


def run(made: Project, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["-C", str(made.settings.root), *words], input=typed)


def note(made: Project, name: str = "Wall.md") -> Path:
    return made.settings.vault_folder / name


def ids(made: Project) -> set[str]:
    return set(made.report(DAY).claims)


# scan


def test_scan_ranks_what_looks_like_an_argument(made: Project) -> None:
    """Claims and relations count, near misses a tenth; marked notes and menus are left out."""
    assert adopting.scan(made) == [
        {
            "score": 8.0, "note": "Wall.md", "claims": 4, "relations": 4,
            "rules": {"conclusion": 1, "disputed-thesis": 1, "lead-in": 2}, "near": {},
        },
        {
            "score": 0.1, "note": "near.md", "claims": 0, "relations": 0,
            "rules": {}, "near": {"lead-in": 1},
        },
    ]  # fmt: skip


def test_scan_prints_a_table_or_json(made: Project) -> None:
    """`scan` names the rules that hit; `--json` gives the same as data."""
    lines = run(made, "scan").stdout.splitlines()
    assert lines[0].split() == ["score", "claims", "relations", "note", "rules", "near"]
    assert "conclusion 1, disputed-thesis 1, lead-in 2" in lines[1]
    assert json.loads(run(made, "scan", "--json").stdout) == adopting.scan(made)


# where inference holds


@pytest.mark.parametrize(
    ("folders", "found"),
    [
        ('["*"]', {"Wall", "work/Wall", "work/old/Wall"}),
        ("[]", set()),
        ('["work"]', {"work/Wall", "work/old/Wall"}),
        ('["work/old"]', {"work/old/Wall"}),
        ('["play", ""]', {"Wall"}),
    ],
)
def test_the_config_narrows_inference(project: Make, folders: str, found: set[str]) -> None:
    """Claims come from plain notes of the folders named, and from those below; scan too."""
    notes = {"Wall.md": WALL, "work/Wall.md": WALL, "work/old/Wall.md": WALL}
    made = project(notes, config=f"[infer]\nfolders = {folders}\n")
    assert {id_.partition("#")[0] for id_ in ids(made)} == found
    assert {row["note"][:-3] for row in adopting.scan(made)} == found


def test_marked_claims_are_read_everywhere(project: Make) -> None:
    """Where inference is stopped, what an author marked still counts."""
    made = project({"m.md": MARKED, "w.md": WALL}, config="[infer]\nfolders = []\n")
    assert ids(made) == {"m#cheap"}


# adopt


def test_adopt_shows_the_diff_and_writes(made: Project) -> None:
    """`adopt --yes` prints a unified diff and marks the note; the claims stay what they were."""
    before = made.report(DAY)
    result = run(made, "adopt", "Wall", "--yes")
    assert result.exit_code == 0, result.output
    assert "\n-2. **Stone costs more.**\n" in result.stdout
    assert "\n+2. **Stone costs more.** #con (attacks:: [[#^thesis]])" in result.stdout
    after = made.report(DAY)
    assert [item.claim.text for item in after.claims.values() if item.claim.inferred] == []
    texts = {item.claim.text.strip(". ").lower() for item in before.claims.values()}
    assert texts <= {item.claim.text.strip(". ").lower() for item in after.claims.values()}
    assert (len(after.edges), len(after.claims)) == (len(before.edges), len(before.claims))
    assert not [p for p in after.problems if p.span.path.endswith("Wall.md")]


@pytest.mark.parametrize("words", [("--dry-run",), ("--dry-run", "--yes"), ()])
def test_adopt_writes_only_when_told(made: Project, words: tuple[str, ...]) -> None:
    """With --dry-run, or when the answer is no, the note stays as it is."""
    before = note(made).read_bytes()
    result = run(made, "adopt", "Wall", *words, typed="n\n")
    assert result.exit_code == 0
    assert result.stdout.startswith("--- vault/Wall.md\n+++ vault/Wall.md\n")
    assert note(made).read_bytes() == before


SHEET = """\
# kept as it is
checks:
  one:  {tests: 'песок-дешевле-камня',   assert: 1 < 2}  # so
  two:
    supports: [ "Стена#песок-дешевле-камня", вывод ]
    assert: 2 < 3
"""
STENA = """
    ## Доводы против стены

    - **Песок дешевле камня.** Считали в 2019 году.

    Вывод: возить песок.

    ```yaml argmap
    checks: {three: {supports: песок-дешевле-камня, assert: 3 < 4}}
    ```
"""


def test_what_names_the_claims_elsewhere_follows(project: Make) -> None:
    """Sheets, and fields of other notes, that name an inferred claim name it afterwards as well."""
    other = "- Камень дорог #claim (supports:: песок-дешевле-камня) (attacks:: [[Стена]])\n"
    made = project({"Стена.md": STENA, "x.md": other}, {"s.yaml": SHEET.replace("\n", "\r\n")})
    sheet = made.settings.claims_folder / "s.yaml"
    before = {
        path: path.read_bytes() for path in (note(made, "Стена.md"), note(made, "x.md"), sheet)
    }
    old = made.report(DAY)
    result = run(made, "adopt", "Стена", "--yes")
    assert result.exit_code == 0, result.output
    assert "+++ claims/s.yaml\n" in result.stdout
    assert "+++ vault/x.md\n" in result.stdout
    assert sheet.read_bytes().decode() == SHEET.replace("\n", "\r\n").replace(
        "песок-дешевле-камня", "pesok-deshevle-kamnya"
    ).replace("вывод ]", "vyvod ]")
    assert b"supports: pesok-deshevle-kamnya, assert" in note(made, "Стена.md").read_bytes()
    new = made.report(DAY)
    assert [p.code for p in new.problems] == [p.code for p in old.problems]
    assert len(new.edges) == len(old.edges)
    assert run(made, "adopt", "Стена", "--undo", "--yes").exit_code == 0
    assert {path: path.read_bytes() for path in before} == before


def test_undo_touches_nothing_where_a_sheet_changed_since(project: Make) -> None:
    """The note and what names its claims go back together, or not at all."""
    made = project({"Стена.md": STENA}, {"s.yaml": SHEET})
    run(made, "adopt", "Стена", "--yes")
    sheet = made.settings.claims_folder / "s.yaml"
    sheet.write_bytes(sheet.read_bytes() + b"# more\n")
    after = note(made, "Стена.md").read_bytes()
    result = run(made, "adopt", "Стена", "--undo", "--yes")
    assert "claims/s.yaml:1:1: A108 not undone: it changed since" in result.stderr
    assert note(made, "Стена.md").read_bytes() == after


def test_adopt_writes_all_files_or_none(project: Make) -> None:
    """Where a sheet that names the claims cannot be written, the note is as it was."""
    made = project({"Стена.md": STENA}, {"s.yaml": SHEET})
    before = note(made, "Стена.md").read_bytes()
    sheet = made.settings.claims_folder / "s.yaml"
    sheet.chmod(0o444)
    result = run(made, "adopt", "Стена", "--yes")
    assert (result.exit_code, "claims/s.yaml" in result.stderr) == (3, True)
    assert note(made, "Стена.md").read_bytes() == before
    undone = run(made, "adopt", "Стена", "--undo", "--yes")
    assert "nothing is known to take back" in undone.stderr
    sheet.chmod(0o644)
    assert run(made, "adopt", "Стена", "--yes").exit_code == 0


def test_undo_serves_an_adopt_that_was_cut_off(project: Make) -> None:
    """The note was written, the sheet was not: undo puts the note back, and again leaves all."""
    made = project({"Стена.md": STENA}, {"s.yaml": SHEET})
    files = [note(made, "Стена.md"), made.settings.claims_folder / "s.yaml"]
    before = [path.read_bytes() for path in files]
    run(made, "adopt", "Стена", "--yes")
    files[1].write_bytes(before[1])
    assert run(made, "adopt", "Стена", "--undo", "--yes").exit_code == 0
    assert [path.read_bytes() for path in files] == before


def test_undo_restores_every_byte(made: Project) -> None:
    """`adopt --undo` brings back what was there: mark, line ends, blanks, no last newline."""
    before = b"\xef\xbb\xbf" + note(made).read_bytes().replace(b"\n", b"\r\n").rstrip() + b" \t"
    note(made).write_bytes(before)
    run(made, "adopt", "Wall.md", "--yes")
    marked = note(made).read_bytes()
    assert marked.count(b"\r\n") == marked.count(b"\n") > before.count(b"\n")
    assert run(made, "adopt", "Wall.md", "--undo", "--yes").exit_code == 0
    assert note(made).read_bytes() == before
    again = run(made, "adopt", "Wall.md", "--undo", "--yes")
    assert (again.exit_code, "nothing is known to take back" in again.stderr) == (3, True)


def test_undo_refuses_after_an_edit(made: Project) -> None:
    """What was written since is not thrown away."""
    run(made, "adopt", "Wall", "--yes")
    edited = note(made).read_bytes() + b"More.\n"
    note(made).write_bytes(edited)
    result = run(made, "adopt", "Wall", "--undo", "--yes")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "vault/Wall.md:1:1: A108 not undone: it changed since" in result.stderr
    assert note(made).read_bytes() == edited


def test_a_note_that_changed_while_asked_is_left(made: Project) -> None:
    """Between the diff and the answer somebody wrote: nothing is overwritten."""
    change, problems = adopting.planned(made, "Wall", undo=False)
    assert change
    assert problems == []
    note(made).write_bytes(b"Other.\n")
    (problem,) = adopting.write(made, change, DAY)
    assert (problem.code, note(made).read_bytes()) == ("A108", b"Other.\n")
    assert not list(made.settings.claims_folder.glob("history/*"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("menu", "vault/menu.md:1:1: A213 not adopted: no claims are found in it"),
        ("marked", "vault/marked.md:1:1: A213 not adopted: it is marked already"),
        ("Wal", "vault:1:1: A108 no note 'Wal' (did you mean 'Wall'?)"),
        ("../secret", "A108 no note"),
    ],
)
def test_adopt_refuses(made: Project, name: str, told: str) -> None:
    """Where nothing can be marked a problem says why, and the exit code is 3."""
    result = run(made, "adopt", name, "--yes")
    assert result.exit_code == 3
    assert told in result.stderr


def test_adopt_refuses_a_link_out_of_the_vault(made: Project) -> None:
    """A symbolic link to elsewhere is not followed."""
    outside = made.settings.root / "outside.md"
    outside.write_bytes(note(made).read_bytes())
    note(made, "out.md").symlink_to(outside)
    result = run(made, "adopt", "out", "--yes")
    assert (result.exit_code, "A108" in result.stderr) == (3, True)
    assert b"#con" not in outside.read_bytes()


def test_adopt_refuses_a_read_only_note(made: Project) -> None:
    """A note that its owner may not write is left, and no new id is recorded."""
    note(made).chmod(0o444)
    result = run(made, "adopt", "Wall", "--yes")
    assert (result.exit_code, "it is read-only" in result.stderr) == (3, True)
    assert b"#con" not in note(made).read_bytes()
    assert not list(made.settings.claims_folder.glob("history/*"))


def test_adopt_wants_one_note(project: Make) -> None:
    """A name that fits two notes is told with both; a path names one."""
    made = project({"a/Wall.md": WALL, "b/Wall.md": WALL})
    result = run(made, "adopt", "Wall", "--yes")
    assert "'Wall' may be a/Wall.md, b/Wall.md" in result.stderr
    assert run(made, "adopt", "b/Wall", "--yes").exit_code == 0
    assert b"#con" not in note(made, "a/Wall.md").read_bytes()
    assert run(made, "adopt", str(note(made, "a/Wall.md")), "--yes").exit_code == 0


# the past


def test_the_past_stays_with_a_renamed_claim(made: Project) -> None:
    """Statuses and outcomes found under the old id are read under the new one, and back."""
    run(made, "check", "--as-of", "2026-03-01")
    history = made.history
    before = history.statuses(DAY)
    run(made, "adopt", "Wall", "--yes")
    renamed = {"Wall#waves-take-the-sand", "Wall#stone-costs-more", "Wall#thesis"}
    assert renamed | {"Wall#conclusion"} <= ids(made) | set(before)
    after = history.statuses(DAY)
    assert set(after) == set(ids(made))
    assert sorted(map(len, after.values())) == sorted(map(len, before.values()))
    run(made, "adopt", "Wall", "--undo", "--yes")
    assert history.statuses(DAY) == before


def test_renames_follow_each_other(made: Project) -> None:
    """a, then b, then c: what was found under a and b is read under c; a swap back undoes."""
    record = {"record": "status", "claim": "n#a", "status": "unknown", "lo": -1.0, "hi": 1.0}
    history = made.history
    history.append(date(2026, 1, 1), [record])
    history.rename(date(2026, 1, 2), {"n#a": "n#b"})
    history.append(date(2026, 1, 3), [{**record, "claim": "n#b"}])
    history.rename(date(2026, 2, 1), {"n#b": "n#c"})
    assert {id_: len(points) for id_, points in history.statuses(DAY).items()} == {"n#c": 2}
    history.rename(date(2026, 2, 2), {"n#c": "n#a"})
    assert {id_: len(points) for id_, points in history.statuses(DAY).items()} == {"n#a": 2}
    history.rename(date(2026, 2, 3), {"n#a": "n#b"})
    assert set(history.statuses(DAY)) == {"n#b"}
    assert history.problems == []
