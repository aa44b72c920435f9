"""The command as a person types it: what it prints where, and how it exits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from argmap.cli import main, tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from argmap.project import Project

    Make = Callable[..., Project]

NOTE = """
    ---
    date: 2026-02-01
    ---
    - Small models lead the market #claim ^market
        - They hold a quarter of it #evidence (test:: share >= 25 %) ^quarter
    - So bet on them #claim ^bet
    - The market decides #claim (supports:: bet) ^decides
        - said so #evidence (source:: https://example.org) (judged:: 2026-01-05) ^said
"""
SHEET = """
    measures:
      share: {table: {file: data/share.csv, sql: "SELECT share AS value, date FROM t
              WHERE date <= :as_of ORDER BY date DESC LIMIT 1"}}
"""
DATA = "date,share\n2026-01-01,0.30\n2026-03-01,0.10\n"


@pytest.fixture
def made(project: Make) -> Project:
    return project({"n.md": NOTE}, {"s.yaml": SHEET, "data/share.csv": DATA})


def run(made: Project, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(made.settings.root), *words])


def test_build_writes_the_site_and_says_what_stands(made: Project) -> None:
    """`build` ends with one line on stdout that names the page, claims and checks."""
    result = run(made, "build", "--as-of", "2026-04-01")
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "site/index.html as of 2026-04-01; 3 claims (2 supported, 1 refuted); 1 check (1 fail)\n"
    )
    assert (made.settings.site_folder / "index.html").is_file()


def test_build_does_nothing_where_nothing_changed(made: Project) -> None:
    """A second build as of the same day touches no page; an edited note is built again."""
    run(made, "build", "--as-of", "2026-04-01")
    page = made.settings.site_folder / "index.html"
    before = page.stat().st_mtime_ns
    again = run(made, "build", "--as-of", "2026-04-01")
    assert again.stdout.endswith("; nothing changed\n")
    assert page.stat().st_mtime_ns == before
    (made.settings.vault_folder / "n.md").write_text("- Alone #claim ^alone\n", "utf-8")
    assert "1 claim (" in run(made, "build", "--as-of", "2026-04-01").stdout


def test_a_file_in_the_place_of_a_folder_is_called_that(made: Project) -> None:
    """Nothing is overwritten, and what to do is said."""
    state = made.settings.root / ".argmap"
    state.write_text("mine")
    result = run(made, "build", "--as-of", "2026-04-01")
    assert result.exit_code == 2
    assert result.stderr.endswith(".argmap is a file, and a folder is wanted there: move it away\n")
    assert state.read_text() == "mine"


@pytest.mark.parametrize("left", ["", "{", "[]", '{"inputs": "x", "built": {"old": 1}}'])
def test_what_another_version_left_is_no_matter(made: Project, left: str) -> None:
    """The state folder may hold anything; a build goes on as if it were empty."""
    made.settings.state_folder.mkdir()
    (made.settings.state_folder / "built.json").write_text(left, "utf-8")
    assert run(made, "build", "--as-of", "2026-04-01").exit_code == 0


def test_data_beside_the_sheets_is_looked_at_too(project: Make) -> None:
    """A data file that changed, wherever in the project it lies, is built anew."""
    sheet = SHEET.replace("data/share.csv", "../share.csv")
    made = project({"n.md": NOTE}, {"s.yaml": sheet})
    data = made.settings.root / "share.csv"
    data.write_text(DATA, "utf-8")
    assert "1 refuted" in run(made, "build", "--as-of", "2026-04-01").stdout
    data.write_text(DATA.replace("0.10", "0.40"), "utf-8")
    assert "refuted" not in run(made, "build", "--as-of", "2026-04-01").stdout


def test_a_page_that_was_deleted_is_built_again(made: Project) -> None:
    """What a build left out of date, or lost, does not count as up to date."""
    run(made, "build", "--as-of", "2026-04-01")
    (made.settings.site_folder / "index.html").unlink()
    run(made, "build", "--as-of", "2026-04-01")
    assert (made.settings.site_folder / "index.html").is_file()


def test_a_folder_of_someone_else_is_not_replaced(made: Project) -> None:
    """A site folder that holds something argmap did not make is refused, and stays as it was."""
    theirs = made.settings.site_folder / "thesis.txt"
    theirs.parent.mkdir()
    theirs.write_text("my life's work", "utf-8")
    result = run(made, "build", "--as-of", "2026-04-01")
    assert result.exit_code == 2
    assert "argmap did not make it" in result.stderr
    assert theirs.read_text("utf-8") == "my life's work"


def test_status_is_a_table_of_claims(made: Project) -> None:
    """`status` shows how each claim stands, and stood when written; `--json` gives the data."""
    table = run(made, "status", "--as-of", "2026-04-01").stdout.splitlines()
    assert table[0].split() == ["status", "strength", "then", "marks", "claim"]
    assert table[1].split()[:4] == ["refuted", "-0.50", "supported", "lapsed"]
    (row,) = json.loads(run(made, "status", "market", "--json", "--as-of", "2026-04-01").stdout)
    assert (row["id"], row["status"], row["lo"]) == ("n#market", "refuted", -0.5)


def test_why_prints_the_sum(made: Project) -> None:
    """`why` prints each term with what was seen, the sum, and the strength."""
    lines = run(made, "why", "market", "--as-of", "2026-04-01").stdout.splitlines()
    assert lines[0] == "Small models lead the market  [n#market]"
    assert lines[1] == "vault/n.md:4:3"
    assert lines[2] == "refuted (lapsed), strength -0.50"
    assert " ".join(lines[5].split()) == ("-1.00 tests: fail, share (10 %) >= 25 % [n#quarter]")
    assert lines[-2].split() == ["-1.00", "E"]
    assert lines[-1].split() == ["-0.50", "strength", "=", "E", "/", "(1", "+", "|E|)"]


def test_why_of_a_check_prints_what_it_saw(made: Project) -> None:
    """`why` of evidence names the measure, its value, source and date."""
    text = run(made, "why", "quarter", "--as-of", "2026-04-01").stdout
    assert "fail: share (10 %) >= 25 %" in text
    assert "data of 2026-03-01" in text


def test_history_names_what_turned_a_status_and_when(made: Project) -> None:
    """After a backfill, `history` says when a status changed and by which observation."""
    filled = run(made, "backfill", "--from", "2026-01-10", "--to", "2026-04-01", "--every", "4w")
    assert filled.stdout == "3 runs, 3 of them new\n"
    again = run(made, "backfill", "--from", "2026-01-10", "--to", "2026-04-01", "--every", "4w")
    assert again.stdout == "3 runs, 0 of them new\n"
    (row,) = json.loads(run(made, "history", "--json", "--as-of", "2026-04-01").stdout)
    assert row == {
        "as_of": "2026-03-07", "claim": "n#market", "before": "supported", "after": "refuted",
        "turned by": "n#quarter: pass -> fail", "cause": "n#quarter",
        "path": ["n#quarter", "n#market"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("gate", "code"), [("refuted", 1), ("unknown", 0), ("unexpected", 0), ("refuted,changed", 1)]
)
def test_check_is_a_gate(made: Project, gate: str, code: int) -> None:
    """`check --fail-on` exits with 1 and names the claim."""
    result = run(made, "check", "--as-of", "2026-04-01", "--fail-on", gate)
    assert result.exit_code == code
    assert ("failed: n#market is refuted" in result.stderr) is bool(code)


def test_a_gate_looks_at_what_is_named(made: Project) -> None:
    """`check ID --fail-on …` stops at that claim or check only; `expect` is for checks too."""
    path = made.settings.vault_folder / "n.md"
    text = path.read_text("utf-8").replace("25 %)", "25 %) (expect:: pass)")
    path.write_text(text.replace("#claim ^bet", "(expect:: refuted) #claim ^bet"), "utf-8")
    gate = ("--as-of", "2026-04-01", "--fail-on", "unexpected")
    everything = run(made, "check", *gate)
    assert "failed: n#bet is supported, expected refuted" in everything.stderr
    assert "failed: n#quarter: fail, expected pass" in everything.stderr
    assert run(made, "check", "decides", *gate).exit_code == 0
    assert run(made, "check", "quarter", *gate).exit_code == 1


def test_json_is_plain_data(project: Make) -> None:
    """An outcome in JSON is one of four words; that it is stale is said beside it."""
    sheet = SHEET.rstrip()[:-1] + ", fresh: 10d}\n"
    made = project({"n.md": NOTE}, {"s.yaml": sheet, "data/share.csv": DATA})
    (row,) = json.loads(run(made, "check", "--json", "--as-of", "2026-04-01").stdout)
    assert (row["outcome"], row["stale"], row["shown"]) == ("fail", True, "share (10 %) >= 25 %")
    assert "fail (stale)" in run(made, "check", "--as-of", "2026-04-01").stdout


def test_errors_are_not_hidden_by_warnings(made: Project) -> None:
    """Every error is printed, before the warnings; of many of a code only the first five."""
    links = "".join(f"[[nowhere {i}]]\n" for i in range(50))
    (made.settings.vault_folder / "m.md").write_text(f"{links}\n- A #claim (supports:: x) ^a\n")
    lines = run(made, "status").stderr.splitlines()
    assert "A201" in lines[0]
    assert sum("A104" in line for line in lines[:-1]) == 5
    assert lines[-1] == "and 45 more A104; `argmap lint` lists them all"


def test_lint_is_not_said_to_list_what_only_asking_finds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Lint asks no source: of sources that did not answer, the rest is only counted."""
    down = [f"s.yaml:{line}:1: A411 m{line}: it answers 503" for line in range(1, 8)]
    links = [f"n.md:{line}:1: A104 nothing is called 'x'" for line in range(1, 7)]
    tell([], down)
    assert capsys.readouterr().err.splitlines()[-1] == "and 2 more A411"
    tell([], [*down, *links])
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "and 2 more A411, 1 more A104; `argmap lint` lists all A104"


def test_what_is_no_claim_is_not_called_no_claims(project: Make) -> None:
    """`status` of a check, and `ack` of a claim, say what the name is, and where to go."""
    made = project({"n.md": NOTE}, {"s.yaml": SHEET, "data/share.csv": DATA})
    (check,) = json.loads(run(made, "check", "--json").stdout)
    (claim, *_) = (row["id"] for row in json.loads(run(made, "status", "--json").stdout))
    assert "no claim; `argmap why` tells of it" in run(made, "status", check["check"]).stderr
    said = run(made, "ack", claim, "--until", "2999-01-01", "--because", "x").stderr
    assert f"{claim!r} is no check; on it bear {check['check']}" in said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("obsidian", "doctor"), "all is in place, and up to date"),
        (("history",), "nothing turned from one run to another"),
        (("scan",), "no plain note looks like an argument"),
    ],
)
def test_where_there_is_no_row_it_says_what_that_means(
    made: Project, args: tuple[str, ...], said: str
) -> None:
    """No table is no riddle: each command says in words that nothing is amiss, or turned."""
    assert run(made, "obsidian", "sync").exit_code == 0
    result = run(made, *args)
    assert (result.exit_code, result.stdout) == (0, "")
    assert said in result.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("ack", "c", "--until", "2020-01-01", "--because", "x"), "2020-01-01 is past"),
        (("backfill", "--from", "2026-02-01", "--to", "2026-01-01"), "there is no day from"),
    ],
)
def test_days_that_can_do_nothing_are_refused(
    made: Project, args: tuple[str, ...], said: str
) -> None:
    """An acknowledgement that is over, and a past that ends before it begins, are mistakes."""
    result = run(made, *args)
    assert result.exit_code == 2
    assert said in result.stderr


def test_lint_prints_problems_and_exits_with_3(made: Project) -> None:
    """Problems are lint's data: a line each, or JSON with counts."""
    path = made.settings.vault_folder / "n.md"
    path.write_text("- A #claim (supports:: nobody) [[nowhere]] ^a\n", "utf-8")
    result = run(made, "lint")
    assert result.exit_code == 3
    assert "vault/n.md:1:24: A201 nothing is called 'nobody'" in result.stdout
    data = json.loads(run(made, "lint", "--json").stdout)
    assert (data["notes"], data["links"], data["unresolved"]) == (1, 1, 1)
    assert {problem["code"] for problem in data["problems"]} == {"A104", "A201"}


def test_errors_come_before_gates(made: Project) -> None:
    """Exit code 3 before 1, and everything else still builds."""
    path = made.settings.vault_folder / "m.md"
    path.write_text("- A #claim (supports:: nobody) ^a\n", "utf-8")
    assert run(made, "check", "--fail-on", "refuted", "--as-of", "2026-04-01").exit_code == 3
    result = run(made, "build", "--as-of", "2026-04-01")
    assert result.exit_code == 3
    assert "4 claims" in result.stdout
    again = run(made, "build", "--as-of", "2026-04-01")
    assert (again.exit_code, again.stderr) == (3, result.stderr)


@pytest.mark.parametrize(
    "words",
    [
        ["why", "nobody"],
        ["build", "--as-of", "tomorrow"],
        ["check", "--fail-on", "sad"],
        ["backfill", "--from", "2026-01-01", "--every", "month"],
        ["frobnicate"],
    ],
)
def test_wrong_usage_exits_with_2(made: Project, words: list[str]) -> None:
    """What cannot be meant is said in a sentence, without a traceback."""
    result = run(made, *words)
    assert result.exit_code == 2
    assert "Error: " in result.stderr


def test_no_project_says_how_to_make_one(tmp_path: Path) -> None:
    """Outside a project the command says what it looked for."""
    result = CliRunner().invoke(main, ["-C", str(tmp_path), "status"])
    assert result.exit_code == 2
    assert "put notes into a folder vault/" in result.stderr


def test_export_is_the_whole_result(made: Project) -> None:
    """`export` prints what site/api/graph.json holds."""
    run(made, "build", "--as-of", "2026-04-01")
    page = made.settings.site_folder / "api" / "graph.json"
    exported = json.loads(run(made, "export", "--as-of", "2026-04-01").stdout)
    assert exported == json.loads(page.read_text("utf-8"))
    assert {claim["id"] for claim in exported["claims"]} == {"n#market", "n#bet", "n#decides"}


def test_schemas_are_json(made: Project) -> None:
    """`schema` prints a JSON Schema of sheets and of the config."""
    assert "measures" in json.loads(run(made, "schema").stdout)["properties"]
    assert "vault" in json.loads(run(made, "schema", "config").stdout)["properties"]
