"""Runs over time: text that is the truth, an index that may be lost."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.history import History

if TYPE_CHECKING:
    import random

MARCH = date(2026, 3, 1)
APRIL = date(2026, 4, 1)


def history(root: Path) -> History:
    return History(root / "claims" / "history", root / ".argmap", root)


def found(status: str, lo: float = 0.5, share: float = 0.3) -> list[dict[str, Any]]:
    """Return what one run finds: a measure, a check on it, a claim."""
    return [
        {"record": "observation", "measure": "share", "kind": "value", "lo": share},
        {"record": "outcome", "check": "leads", "outcome": "pass", "reason": "", "lo": share,
         "hi": share, "unit": "%", "dated": "2026-02-01", "stale": False, "shown": "share >= 25 %",
         "definition": "abc", "reads": ["share"]},
        {"record": "status", "claim": "market", "status": status, "lo": lo, "hi": lo},
    ]  # fmt: skip


def statuses(root: Path) -> list[str]:
    """Return how the claim stood, run by run."""
    return [point.status for point in history(root).statuses(APRIL)["market"]]


def text(root: Path, month: str = "2026-03") -> str:
    return (root / "claims" / "history" / f"{month}.ndjson").read_text("utf-8")


def test_a_run_is_read_back(tmp_path: Path) -> None:
    """What one process records, another reads, with or without the index."""
    assert history(tmp_path).append(MARCH, found("supported"))
    for _ in range(2):
        again = history(tmp_path)
        assert again.runs(APRIL) == [MARCH]
        (point,) = again.statuses(APRIL)["market"]
        assert (point.as_of, point.status, point.strength) == (MARCH, "supported", (0.5, 0.5))
        (outcome,) = again.outcomes(APRIL)["leads"]
        assert (outcome.outcome, outcome.lo, outcome.dated) == ("pass", 0.3, date(2026, 2, 1))
        (tmp_path / ".argmap" / "index.db").unlink()


def test_the_same_run_is_recorded_once(tmp_path: Path) -> None:
    """The same inputs on the same date leave the text as it is; other inputs do not."""
    assert history(tmp_path).append(MARCH, found("supported"))
    before = text(tmp_path)
    assert not history(tmp_path).append(MARCH, found("supported"))
    assert text(tmp_path) == before
    assert history(tmp_path).append(MARCH, found("refuted"))
    assert statuses(tmp_path) == ["supported", "refuted"]


def test_going_back_to_what_was_is_news(tmp_path: Path) -> None:
    """Runs of the newest day follow one another, also where one finds what another found."""
    runs = ["supported", "refuted", "supported", "refuted", "refuted"]
    news = [history(tmp_path).append(MARCH, found(status)) for status in runs]
    assert news == [True, True, True, True, False]
    for _ in range(2):
        assert statuses(tmp_path) == ["supported", "refuted", "supported", "refuted"]
        shutil.rmtree(tmp_path / ".argmap")


def test_the_past_judged_anew_replaces_what_was_said_of_it(tmp_path: Path) -> None:
    """A run of a day that is past takes the place of that day's runs: it fell on no such day."""
    for status in ("supported", "refuted"):
        history(tmp_path).append(MARCH, found(status))
    history(tmp_path).append(APRIL, found("supported"))
    for status in ("contested", "refuted", "contested"):
        assert history(tmp_path).append(MARCH, found(status))
    for _ in range(2):
        assert statuses(tmp_path) == ["contested", "supported"]
        with closing(sqlite3.connect(tmp_path / ".argmap" / "index.db")) as db:
            changes = db.execute("SELECT * FROM changes").fetchall()
        assert changes == [("market", str(APRIL), "contested", "supported")]
        shutil.rmtree(tmp_path / ".argmap")


def test_a_run_that_does_not_know_a_claim_does_not_wipe_it(tmp_path: Path) -> None:
    """Of one day, what the last run said that knew the claim counts."""
    other = [{"record": "status", "claim": "other", "status": "unknown", "lo": -1, "hi": 1}]
    history(tmp_path).append(MARCH, found("supported"))
    history(tmp_path).append(MARCH, other)
    reader = history(tmp_path)
    assert {id_: len(points) for id_, points in reader.statuses(APRIL).items()} == {
        "market": 1, "other": 1,
    }  # fmt: skip
    assert set(reader.outcomes(APRIL)) == {"leads"}


def test_reading_makes_no_folder(tmp_path: Path) -> None:
    """A project without a history stays without one until something is recorded."""
    assert history(tmp_path).runs(APRIL) == []
    assert not (tmp_path / "claims").exists()


def test_an_observation_is_written_once(tmp_path: Path) -> None:
    """A value that did not move is named by each run, and stands in the text once."""
    history(tmp_path).append(MARCH, found("supported"))
    history(tmp_path).append(APRIL, found("supported"))
    assert text(tmp_path).count('"observation"') == 1
    assert text(tmp_path, "2026-04").count("\n") == 1  # the run itself
    assert history(tmp_path).runs(APRIL) == [MARCH, APRIL]


def test_later_runs_are_not_seen(tmp_path: Path) -> None:
    """As of a date, what was recorded for a later one does not exist; order is by as-of date."""
    history(tmp_path).append(APRIL, found("refuted"))
    history(tmp_path).append(MARCH, found("supported"))
    assert history(tmp_path).runs(MARCH) == [MARCH]
    statuses = history(tmp_path).statuses(APRIL)["market"]
    assert [p.status for p in statuses] == ["supported", "refuted"]
    changes = list(history(tmp_path).db.query("SELECT * FROM changes"))
    assert changes == [
        {"claim": "market", "as_of": "2026-04-01", "before": "supported", "after": "refuted"}
    ]


def test_a_torn_last_line_is_dropped_and_told(tmp_path: Path) -> None:
    """A run that was cut off does not count, is reported, and the next run goes on."""
    history(tmp_path).append(MARCH, found("supported"))
    path = tmp_path / "claims" / "history" / "2026-03.ndjson"
    whole = path.read_bytes()
    history(tmp_path).append(MARCH, found("refuted"))
    torn = path.read_bytes()
    for cut in (len(whole) + 5, len(torn) - 30):
        path.write_bytes(torn[:cut])
        reader = history(tmp_path)
        assert [p.status for p in reader.statuses(APRIL)["market"]] == ["supported"]
        assert [problem.code for problem in reader.problems] == ["A401"]
    path.write_bytes(torn[:-1])  # whole, but for its newline
    assert statuses(tmp_path) == ["supported", "refuted"]
    path.write_bytes(torn[: len(whole) + 5])
    assert history(tmp_path).append(MARCH, found("contested"))
    last = history(tmp_path)
    assert [p.status for p in last.statuses(APRIL)["market"]] == ["supported", "contested"]
    assert last.problems == []


def test_a_line_edited_by_hand_is_told_each_time(tmp_path: Path) -> None:
    """A line in the middle that is no record is passed over, with its place; the rest counts."""
    history(tmp_path).append(MARCH, found("supported"))
    path = tmp_path / "claims" / "history" / "2026-03.ndjson"
    bad = '<<<<<<< ours\n{"record": "status", "id": "", "claim": "market"}\n'
    path.write_text(bad + path.read_text("utf-8"), "utf-8")
    for _ in range(2):
        reader = history(tmp_path)
        assert reader.runs(APRIL) == [MARCH]
        one, two = map(str, reader.problems)
        assert one.startswith("claims/history/2026-03.ndjson:1:1: A402 not a record")
        assert two.startswith("claims/history/2026-03.ndjson:2:1: A402 not a record: id: ")


def test_a_merge_of_two_machines_keeps_both_runs(tmp_path: Path) -> None:
    """Two files merged as text hold the runs of both, even line by line."""
    for name, status in (("a", "supported"), ("b", "refuted")):
        history(tmp_path / name).append(MARCH, found(status))
    one, two = (text(tmp_path / name).splitlines() for name in "ab")
    mixed = [line for pair in zip(one, two, strict=True) for line in pair]
    merged = tmp_path / "m" / "claims" / "history"
    merged.mkdir(parents=True)
    (merged / "2026-03.ndjson").write_text("\n".join(mixed) + "\n", "utf-8")
    reader = history(tmp_path / "m")
    assert len(list(reader.db.query("SELECT * FROM runs"))) == 2
    assert [p.status for p in reader.statuses(APRIL)["market"]] == ["refuted"]


def test_a_damaged_index_is_built_anew(tmp_path: Path) -> None:
    """The index may be deleted or damaged at any time."""
    history(tmp_path).append(MARCH, found("supported"))
    (tmp_path / ".argmap" / "index.db").write_bytes(b"not a database at all" * 100)
    assert history(tmp_path).runs(APRIL) == [MARCH]


def test_two_runs_at_once_lose_nothing(tmp_path: Path) -> None:
    """Processes that record at the same time wait for each other."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path;"
        "from test_history import history, found, MARCH;"
        "[history(Path(sys.argv[2])).append(MARCH, found(sys.argv[3], i)) for i in range(5)]"
    )
    here = str(Path(__file__).parent)
    processes = [
        subprocess.Popen([sys.executable, "-c", code, here, str(tmp_path), status])
        for status in ("supported", "refuted", "contested")
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    reader = history(tmp_path)
    assert len(list(reader.db.query("SELECT * FROM runs"))) == 15
    assert reader.problems == []


@pytest.mark.parametrize(
    "edit",
    [lambda t: t[: len(t) // 2], lambda t: t.replace("0.3", "0.4")],
    ids=["cut", "changed"],
)
def test_a_rewritten_file_is_read_anew(tmp_path: Path, edit: Any) -> None:
    """A file that git rewrote is not appended to in the index, but read again."""
    history(tmp_path).append(MARCH, found("supported"))
    history(tmp_path).append(APRIL, found("refuted"))
    assert len(history(tmp_path).runs(APRIL)) == 2
    path = tmp_path / "claims" / "history" / "2026-03.ndjson"
    path.write_text(edit(path.read_text("utf-8")), "utf-8")
    fresh = history(tmp_path)
    (tmp_path / ".argmap" / "index.db").unlink()
    assert fresh.outcomes(APRIL) == history(tmp_path).outcomes(APRIL)


@pytest.mark.parametrize(
    "line",
    [
        {"record": "run", "id": "x", "as_of": "2026-03-02", "found": 5},
        {"record": "run", "id": "x", "as_of": "20260302", "found": []},
        {"record": "run", "id": "x", "as_of": "2026-02-31", "found": []},
        {"record": "outcome", "id": "x", "check": "c", "outcome": "pass", "dated": "bad"},
        {"record": "outcome", "id": "x", "check": "c", "outcome": "pass", "hi": "many"},
        {"record": "outcome", "id": "x", "check": "\ud800", "outcome": "pass"},
        {"record": "outcome", "id": "x", "check": "c", "outcome": "maybe"},
        {"record": "status", "id": "x", "claim": "c", "status": "fine", "lo": 0, "hi": 0},
        {"record": "status", "id": "x", "claim": "c", "status": "unknown", "lo": None, "hi": 0},
        {"record": "status", "id": "x", "claim": "c", "status": "unknown", "lo": "x", "hi": 0},
        {"record": "nothing", "id": "x"},
        [],
        7,
    ],
    ids=str,
)
def test_what_is_no_record_is_told_and_passed_over(tmp_path: Path, line: Any) -> None:
    """A line edited by hand to something that cannot be is a problem; all else is read."""
    history(tmp_path).append(MARCH, found("supported"))
    path = tmp_path / "claims" / "history" / "2026-03.ndjson"
    path.write_text(json.dumps(line) + "\n" + path.read_text("utf-8"), "utf-8")
    reader = history(tmp_path)
    assert [p.status for p in reader.statuses(APRIL)["market"]] == ["supported"]
    assert [(p.code, p.span.line) for p in reader.problems] == [("A402", 1)]


def test_a_number_too_large_for_the_index_is_read(tmp_path: Path) -> None:
    """A whole number of any size is a number."""
    path = tmp_path / "claims" / "history" / "2026-03.ndjson"
    history(tmp_path).append(MARCH, found("supported", share=1))
    path.write_text(path.read_text("utf-8").replace('"lo": 1,', f'"lo": {10**30},'), "utf-8")
    assert history(tmp_path).outcomes(APRIL)["leads"][0].lo == 1e30


def test_an_edit_of_the_same_length_is_noticed(tmp_path: Path) -> None:
    """What the text says now counts, even where its size is what it was."""
    history(tmp_path).append(MARCH, found("supported"))
    path = tmp_path / "claims" / "history" / "2026-03.ndjson"
    path.write_text(path.read_text("utf-8").replace("supported", "contested"), "utf-8")
    assert [p.status for p in history(tmp_path).statuses(APRIL)["market"]] == ["contested"]


def test_an_index_damaged_inside_is_built_anew(tmp_path: Path) -> None:
    """Rubbish in the middle of the index costs time, not answers."""
    for day in range(1, 28):
        history(tmp_path).append(date(2026, 3, day), found("supported", day / 100))
    index = tmp_path / ".argmap" / "index.db"
    data = bytearray(index.read_bytes())
    data[4096 : len(data) - 4096] = b"x" * (len(data) - 8192)
    index.write_bytes(bytes(data))
    for ending in ("-wal", "-shm"):
        index.with_name(index.name + ending).unlink(missing_ok=True)
    assert len(history(tmp_path).statuses(APRIL)["market"]) == 27


def test_a_project_that_may_only_be_read_is_read(tmp_path: Path) -> None:
    """Where no index can be written one is made in memory; only recording fails."""
    history(tmp_path).append(MARCH, found("supported"))
    shutil.rmtree(tmp_path / ".argmap")
    (tmp_path / ".argmap").write_text("in the way", "utf-8")
    assert [p.status for p in history(tmp_path).statuses(APRIL)["market"]] == ["supported"]


DAYS = [date(2026, 3, 1), date(2026, 3, 9), date(2026, 4, 1)]
RUNS = st.lists(
    st.tuples(
        st.sampled_from(DAYS),
        st.sampled_from(["supported", "refuted", "unknown"]),
        st.sampled_from([0.3, 0.4]),
    ),
    min_size=1,
    max_size=8,
)


def told(reader: History) -> object:
    """Return all that a history says of claims and checks; which run it was differs by index."""
    every = [(day, reader.statuses(day), reader.outcomes(day)) for day in DAYS]
    past = [
        (day, {id_: [replace(point, run=0) for point in points] for id_, points in said.items()})
        for day, *both in every
        for said in both
    ]
    return past, sorted(map(str, reader.db.query("SELECT * FROM changes")))


@settings(deadline=None, max_examples=25)
@given(RUNS, st.booleans(), st.randoms(use_true_random=False))
def test_an_index_read_bit_by_bit_says_the_same(
    runs: list[tuple[date, str, float]], renames: bool, chance: random.Random
) -> None:
    """However it came to be, an index says the same: run by run, at once, from merged text."""
    with TemporaryDirectory() as folder:
        mine = history(Path(folder, "a"))
        for day, status, share in runs:
            mine.append(day, found(status, share=share))
            mine.statuses(APRIL)
        if renames:
            mine.rename(APRIL, {"market": "price"})
        shutil.copytree(mine.folder, Path(folder, "b", "claims", "history"))
        assert told(history(Path(folder, "a"))) == told(mine)
        assert told(history(Path(folder, "b"))) == told(mine)
        merged = history(Path(folder, "c"))  # a run may stand before what it found
        merged.folder.mkdir(parents=True)
        for path in sorted(mine.folder.iterdir()):
            lines = path.read_text("utf-8").splitlines(keepends=True)
            late = [line for line in lines if '"outcome"' in line or '"status"' in line]
            early = [line for line in lines if line not in late]
            chance.shuffle(late)
            for line in (*early, *late):
                with (merged.folder / path.name).open("a", encoding="utf-8") as file:
                    file.write(line)
                if chance.random() < 0.3:
                    merged.runs(APRIL)
        assert told(merged) == told(mine)


def test_what_tells_a_past_changes_with_it_alone(tmp_path: Path) -> None:
    """A run of something else, or the same run again: a past is what it was. Else it is not."""
    mine = history(tmp_path)
    mine.append(MARCH, found("supported"))
    before = mine.pasts("status")
    mine.append(MARCH, found("supported"))
    mine.append(APRIL, found("supported")[:2])
    assert mine.pasts("status") == before
    assert mine.pasts("outcome").keys() == {"leads"}
    seen = [before]
    for day, status in ((APRIL, "supported"), (APRIL, "refuted"), (MARCH, "refuted")):
        mine.append(day, found(status))
        assert mine.pasts("status") not in seen
        seen.append(mine.pasts("status"))


def test_what_is_kept_is_worked_out_once(tmp_path: Path) -> None:
    """It is kept by its key, from process to process; what is forgotten is worked out again."""
    asked = []

    def answer() -> list[str]:
        asked.append(1)
        return ["да"]

    for _ in range(2):
        kept = history(tmp_path).kept("turns")
        assert kept.of("one", answer) == ["да"]
    assert len(asked) == 1
    kept.forget_but({"two"})
    assert kept.of("one", answer) == ["да"]
    assert len(asked) == 2
    with sqlite3.connect(tmp_path / ".argmap" / "index.db") as database:
        database.execute("UPDATE kept SET said = replace(said, 'да', 'ад')")
    database.close()
    assert history(tmp_path).kept("turns").of("one", answer) == ["да"]
    assert len(asked) == 3
