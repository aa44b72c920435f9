"""Checks over time: what holds until enough data say otherwise, what jumps, what is set aside."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from argmap import Project
from argmap.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from argmap.report import EvidenceReport

    Make = Callable[..., Project]

NOTE = {"n.md": "- It leads the market #claim ^market\n"}
SHEET = """
    measures:
      share:
        table: {file: data/share.csv, sql: "SELECT share AS value, date FROM t
                WHERE date <= :as_of ORDER BY date DESC LIMIT 1"}
    checks:
      leads: {tests: market, assert: share >= 25 %}
"""
FOR_TWO = SHEET.replace("25 %}", "25 %, for: 2}")
DATA = """
    date,share
    2026-01-01,0.30
    2026-02-01,0.10
    2026-03-01,0.31
    2026-04-01,0.12
    2026-05-01,0.11
    2026-06-01,0.33
"""


def made(project: Make, sheet: str, data: str = DATA) -> Project:
    return project(NOTE, {"s.yaml": sheet, "data/share.csv": data})


def run_on(project: Project, days: Sequence[str]) -> list[str]:
    """Run and record as of each day; return what the check came to."""
    return [check(project, day, record=True).now.outcome for day in days]


def check(project: Project, day: str, *, record: bool = False) -> EvidenceReport:
    checked = Project.open(project.settings.root).read().check(
        project.world(date.fromisoformat(day))
    )  # fmt: skip
    if record:
        checked.record()
    return checked.judge().evidence["leads"]


def command(project: Project, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(project.settings.root), *words])


MONTHS = [f"2026-0{month}-02" for month in range(1, 7)]


def test_without_for_each_figure_turns_it(project: Make) -> None:
    """What the data of the day say is what it came to."""
    assert run_on(made(project, SHEET), MONTHS) == [
        "pass", "fail", "pass", "fail", "fail", "pass",
    ]  # fmt: skip


def test_with_for_two_dates_of_data_turn_it(project: Make) -> None:
    """With `for: 2` a failure in February is passed over; April and May together turn it."""
    it = made(project, FOR_TWO)
    assert run_on(it, MONTHS) == ["pass", "pass", "pass", "pass", "fail", "fail"]
    now = check(it, "2026-04-02").now
    assert (now.outcome, now.found, now.dates, now.needed) == ("pass", "fail", 1, 2)
    (row,) = json.loads(command(it, "check", "leads", "--json", "--as-of", "2026-04-02").stdout)
    assert row["shown"] == (
        "share (12 %) >= 25 %; fail by itself, on 1 of 2 dates of data that would turn it"
    )


def test_looking_often_is_not_data_of_many_dates(project: Make) -> None:
    """The same figure of February, seen every day, is one date."""
    it = made(project, FOR_TWO)
    days = [str(date(2026, 2, 2) + timedelta(days=i)) for i in range(5)]
    assert set(run_on(it, ["2026-01-02", *days])) == {"pass"}


def test_an_unknown_is_shown_at_once_and_turns_nothing(project: Make) -> None:
    """Between two failures the data expire: unknown then, and a failure after."""
    sheet = FOR_TWO.replace('LIMIT 1"}', 'LIMIT 1"}\n        expires: 40d')
    it = made(project, sheet, "date,share\n2026-01-01,0.3\n2026-02-01,0.1\n2026-05-01,0.1\n")
    assert run_on(it, ["2026-01-02", "2026-02-02", "2026-04-02", "2026-05-02"]) == [
        "pass", "pass", "unknown", "fail",
    ]  # fmt: skip


def test_no_later_run_is_seen(project: Make) -> None:
    """As of February, what came in April does not count, though it is in the history."""
    it = made(project, FOR_TWO)
    run_on(it, MONTHS)
    assert check(it, "2026-02-02").now.outcome == "pass"
    assert check(it, "2026-04-30").now.outcome == "pass"


def test_without_a_past_it_is_what_it_is(project: Make) -> None:
    """The first outcome needs no second."""
    assert run_on(made(project, FOR_TWO), ["2026-02-02"]) == ["fail"]


def test_a_changed_definition_counts_anew(project: Make) -> None:
    """A new threshold is another question: it is answered at once, and the change is marked."""
    it = made(project, FOR_TWO)
    run_on(it, MONTHS[:3])
    sheet = it.settings.claims_folder / "s.yaml"
    sheet.write_text(sheet.read_text("utf-8").replace("25 %", "50 %"), "utf-8")
    assert run_on(it, ["2026-03-03"]) == ["fail"]
    series = check(it, "2026-03-03").series
    assert [point.changed for point in series] == [False, False, False, True]
    rows = json.loads(command(it, "history", "leads", "--json", "--as-of", "2026-03-03").stdout)
    (row,) = [row for row in rows if row["claim"] == "leads"]
    assert row["turned by"] == ("definition changed: share (31 %) >= 25 % -> share (31 %) >= 50 %")
    assert row["as_of"] == "2026-03-03"


@pytest.mark.parametrize(
    ("formula", "outcomes"),
    [("today < 2026-03-01", ["pass", "pass", "pass", "fail"]), ("1 < 2", ["pass"] * 4)],
)
def test_what_has_no_date_counts_by_the_day_of_the_run(
    project: Make, formula: str, outcomes: list[str]
) -> None:
    """A deadline that passed is seen on two days before it turns the check."""
    it = made(project, FOR_TWO.replace("share >= 25 %", formula))
    assert run_on(it, ["2026-01-02", "2026-02-02", "2026-03-02", "2026-03-03"]) == outcomes
