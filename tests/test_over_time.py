"""Checks over time: what holds until enough data say otherwise, what jumps, what is set aside."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap import Project, cli
from argmap.cli import main
from argmap.evidence.acks import acks_schema, entries, with_ack
from argmap.evidence.model import Ack

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
    assert row["held"] == ["fail by itself, on 1 of 2 dates of data that would turn it"]


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


# What jumps


def jumping(text: str) -> str:
    return SHEET.replace('LIMIT 1"}', f'LIMIT 1"}}\n        max_jump: {text}')


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("100 %", ["pass", "fail", "unknown", "fail", "fail", "unknown"]),
        ("250 %", ["pass", "fail", "pass", "fail", "fail", "pass"]),
        ("0.2", ["pass", "fail", "unknown", "fail", "fail", "unknown"]),
        ("0.21", ["pass", "fail", "pass", "fail", "fail", "unknown"]),
        ("0.05", ["pass", "unknown", "pass", "unknown", "unknown", "pass"]),
    ],
)
def test_a_jump_from_the_last_good_value_is_unknown(
    project: Make, text: str, outcomes: list[str]
) -> None:
    """Percents are of the last value that counted, other sizes in the measure's unit."""
    it = made(project, jumping(text))
    assert run_on(it, MONTHS) == outcomes


def test_a_jump_says_from_where(project: Make) -> None:
    """What was seen, how far is too far, and what was the last good value."""
    it = made(project, jumping("50 %"))
    run_on(it, MONTHS[:1])
    reason = check(it, MONTHS[1]).now.reason
    assert reason
    assert (reason.code, reason.detail) == (
        "jump",
        "share (0.1) is further than 50 % from the last good value (0.3, of 2026-01-01)",
    )


def test_another_figure_of_the_same_date_may_jump_too(project: Make) -> None:
    """Whatever the date of the last good value; once that is taken back, the correction counts."""
    it = made(project, jumping("100 %"), "date,share\n2026-01-01,0.05\n")
    assert run_on(it, ["2026-01-02"]) == ["fail"]
    (it.settings.claims_folder / "data" / "share.csv").write_text(
        "date,share\n2026-01-01,0.5\n", "utf-8"
    )
    assert run_on(it, ["2026-01-02", "2026-01-03"]) == ["unknown", "unknown"]
    command(it, "retract", "share@2026-01-01", "--because", "a typo")
    assert run_on(it, ["2026-01-03"]) == ["pass"]


NOW = datetime(2026, 2, 2, 12, tzinfo=UTC)
REFUSED = """
    measures:
      n: {{fetch: {{url: "{url}", json: $.n}}, {key}}}
    checks:
      small: {{tests: market, assert: n < 10, every: 0d}}
"""


@pytest.mark.parametrize(
    ("key", "code"), [("max_jump: 50 %", "jump"), ("plausible: 0 .. 20", "implausible")]
)
def test_what_does_not_count_is_not_forgotten(
    project: Make, server: Any, key: str, code: str
) -> None:
    """Who asks nobody sees the same: the refused value is the last one, not the good one before."""
    sheet = REFUSED.format(url=server.url("/n"), key=key)
    it = project(NOTE, {"s.yaml": sheet}, '[evidence]\nallow_hosts = ["127.0.0.1"]\n')
    found = []
    for n in (5, 50, 50, 6):
        server.answers["/n"] = {"n": n}
        checked = it.read().check(it.world(NOW.date(), now=NOW))
        found.append((checked.results["small"], checked.record()))
        offline = it.read().check(it.world(NOW.date())).results["small"]
        assert (offline.outcome, offline.reason) == (
            checked.results["small"].outcome, checked.results["small"].reason,
        )  # fmt: skip
    assert [result.outcome for result, _ in found] == ["pass", "unknown", "unknown", "pass"]
    assert [news for _, news in found] == [True, True, False, True]
    assert found[1][0].reason
    assert found[1][0].reason.code == code


def test_what_turned_within_a_day_turned(project: Make, server: Any) -> None:
    """`history` tells each turn between two runs of a day; the gate stops at what turned just now.

    A run that finds the same as the one before is no news.
    """
    sheet = REFUSED.format(url=server.url("/n"), key="unit: USD").replace("10,", "10 USD,")
    it = project(NOTE, {"s.yaml": sheet}, '[evidence]\nallow_hosts = ["127.0.0.1"]\n')
    codes = []
    for n in (5, 50, 50, 5):
        server.answers["/n"] = {"n": n}
        codes.append(command(it, "check", "--fail-on", "changed").exit_code)
    assert codes == [0, 1, 0, 1]
    rows = json.loads(command(it, "history", "market", "--json").stdout)
    assert [(row["before"], row["after"], row["turned by"]) for row in rows] == [
        ("supported", "refuted", "small: pass -> fail"),
        ("refuted", "supported", "small: fail -> pass"),
    ]
    assert command(it, "build").exit_code == 0
    changes = json.loads((it.settings.site_folder / "api" / "changes.json").read_text("utf-8"))
    assert [turn["after"] for turn in changes["changes"]] == ["supported", "refuted"]


def test_a_refused_value_is_shown_as_evidence(project: Make, server: Any) -> None:
    """`argmap evidence` tells what the source said, and that it does not count."""
    sheet = REFUSED.format(url=server.url("/n"), key="plausible: 0 .. 20")
    it = project(NOTE, {"s.yaml": sheet}, '[evidence]\nallow_hosts = ["127.0.0.1"]\n')
    server.answers["/n"] = {"n": 50}
    it.read().check(it.world(NOW.date(), now=NOW)).record()
    shown = command(it, "evidence", "n", "--at", "2026-02-02").stdout
    assert "n = 50: unknown (implausible), data of 2026-02-02" in shown
    assert '| {"n": 50}' in shown


@pytest.mark.parametrize(
    ("measure", "problem"),
    [
        ("{value: 3 EUR, max_jump: 2 USD}", "1:40: A307 USD is no jump of EUR"),
        ("{value: 3 EUR, max_jump: -1}", "1:40: A303 a jump is one size, above 0"),
        ("{value: 3 EUR, max_jump: 1 .. 2}", "1:40: A303 a jump is one size, above 0"),
        ("{value: 2026-01-01, max_jump: 3}", "1:45: A307 a bare number is no jump of a duration"),
        ("{value: 2026-01-01, max_jump: 30 day}", ""),
        ("{value: 3 EUR, max_jump: 10 %}", ""),
        ("{value: 3 EUR, max_jump: 2}", ""),
    ],
)
def test_a_jump_fits_its_measure(project: Make, measure: str, problem: str) -> None:
    """A size of another unit is found without running anything."""
    it = project(NOTE, {"s.yaml": f"measures: {{m: {measure}}}\n"})
    told = [str(each) for each in it.read().reading.problems]
    assert [line.removeprefix("claims/s.yaml:").startswith(problem) for line in told] == (
        [True] if problem else []
    )


# What is set aside


def test_a_failure_set_aside_is_unknown_until_its_date(project: Make) -> None:
    """From the day it was written until its last day; before and after, it fails."""
    it = made(project, SHEET, "date,share\n2026-01-01,0.10\n")
    (it.settings.claims_folder / "acks.yaml").write_text(
        "leads: {until: 2026-02-10, because: a mistake of the router, by: Ann, on: 2026-02-01}\n",
        "utf-8",
    )
    days = ["2026-01-31", "2026-02-01", "2026-02-10", "2026-02-11"]
    assert run_on(it, days) == ["fail", "unknown", "unknown", "fail"]
    item = check(it, "2026-02-05")
    assert item.ack
    assert (item.ack.by, item.ack.because, item.now.found) == (
        "Ann", "a mistake of the router", "fail",
    )  # fmt: skip
    assert item.now.reason
    assert item.now.reason.code == "acknowledged"
    assert [point.reason for point in check(it, "2026-02-11").series] == [
        "", "acknowledged", "acknowledged", "",
    ]  # fmt: skip
    assert check(it, "2026-02-11").ack is None


def test_an_acknowledgement_sets_aside_failures_only(project: Make) -> None:
    """What passes counts, and says nothing of an acknowledgement; a warning says it is not needed.

    So does one whose date has passed. What cannot be told now may still fail: no warning.
    """
    it = made(project, SHEET, "date,share\n2026-01-01,0.40\n")
    (it.settings.claims_folder / "acks.yaml").write_text(
        "leads: {until: 2026-03-01, because: so}\n", "utf-8"
    )
    item = check(it, "2026-02-05")
    assert (item.now.outcome, item.now.found, item.ack) == ("pass", None, None)

    def told(day: str) -> list[str]:
        report = it.report(date.fromisoformat(day))
        return [str(problem) for problem in report.problems]

    assert told("2025-12-31") == []
    (passes,), (ended,) = told("2026-02-05"), told("2026-03-02")
    assert passes == (
        "claims/acks.yaml:1:1: A318 'leads' is acknowledged until 2026-03-01, and passes now"
        " (argmap unack leads lets its next failure count)"
    )
    assert ended == (
        "claims/acks.yaml:1:1: A318 the acknowledgement of 'leads' ended on 2026-03-01"
        " (argmap unack leads takes it out)"
    )


def test_a_failure_to_come_may_be_set_aside(project: Make) -> None:
    """`ack` of what does not fail says so."""
    it = made(project, SHEET, "date,share\n2026-01-01,0.40\n")
    result = command(it, "ack", "leads", "--until", "2999-12-31", "--because", "so")
    assert result.stdout == "leads: set aside until 2999-12-31; it does not fail now\n"


def test_ack_writes_the_file_and_says_so_everywhere(project: Make) -> None:
    """The command puts it into claims/acks.yaml; `check` then prints who, until when, why."""
    it = made(project, SHEET, "date,share\n2026-01-01,0.10\n")
    words = ["--until", "2999-12-31", "--because", 'the "source": broken', "--by", "Ann"]
    result = command(it, "ack", "leads", *words)
    assert (result.exit_code, result.stdout) == (0, "leads: set aside until 2999-12-31\n")
    text = (it.settings.claims_folder / "acks.yaml").read_text("utf-8")
    assert text.startswith(
        'leads:\n  until: 2999-12-31\n  because: "the \\"source\\": broken"\n  by: "Ann"\n  on: '
    )
    (row,) = json.loads(command(it, "check", "--json").stdout)
    assert (row["outcome"], row["found"]) == ("unknown", "fail")
    assert row["held"] == ['set aside by Ann until 2999-12-31: the "source": broken']
    printed = command(it, "check").stdout
    assert f"it fails; {row['held'][0]}" in printed
    assert printed.count("set aside") == 1
    (claim, *_) = (row["id"] for row in json.loads(command(it, "status", "--json").stdout))
    assert row["held"][0] in command(it, "why", claim).stdout


ACKS = """\
# What we know of.
leads:
  until: 2026-02-10   # then the source is fixed
  because: a mistake

# and this one
"n#x y": {until: 2026-03-01, because: "so", by: Bo}
"""


def test_an_acknowledgement_is_replaced_in_its_place() -> None:
    """Comments and other entries stay as they are."""
    ack = Ack(date(2026, 5, 1), "still broken", "Ann", date(2026, 2, 9))
    assert with_ack(ACKS, "leads", ack) == (
        '# What we know of.\nleads:\n  until: 2026-05-01\n  because: "still broken"\n  by: "Ann"\n'
        "  on: 2026-02-09\n\n# and this one\n"
        '"n#x y": {until: 2026-03-01, because: "so", by: Bo}\n'
    )
    assert with_ack(ACKS, "n#x y", ack) == ACKS.split('"n#x y"', maxsplit=1)[0] + (
        '"n#x y":\n  until: 2026-05-01\n  because: "still broken"\n  by: "Ann"\n  on: 2026-02-09\n'
    )


def test_unack_lets_a_failure_count_again(project: Make) -> None:
    """The entry is taken out, also one under a shorter name; nothing else of the file changes."""
    it = made(project, SHEET, "date,share\n2026-01-01,0.10\n")
    path = it.settings.claims_folder / "acks.yaml"
    path.write_text("# why\nleads: {until: 2999-12-31, because: so}\n", "utf-8")
    assert json.loads(command(it, "check", "--json").stdout)[0]["outcome"] == "unknown"
    result = command(it, "unack", "leads")
    assert (result.exit_code, result.stdout) == (0, "leads: counts again\n")
    assert path.read_text("utf-8") == "# why\n"
    assert json.loads(command(it, "check", "--json").stdout)[0]["outcome"] == "fail"
    assert "'leads' is not set aside" in command(it, "unack", "leads").stderr
    path.write_text("gone: {until: 2999-12-31, because: so}\n", "utf-8")
    assert command(it, "unack", "gone").exit_code == 0
    assert path.read_text("utf-8") == ""


def test_an_acknowledgement_is_taken_out_of_its_place() -> None:
    """What stands around it stays."""
    assert with_ack(ACKS, "n#x y", None) == ACKS.split('"n#x y"', maxsplit=1)[0]
    assert with_ack(with_ack(ACKS, "n#x y", None) or "", "leads", None) == (
        "# What we know of.\n\n# and this one\n"
    )
    assert with_ack(ACKS, "other", None) == ACKS


def test_the_schema_of_acknowledgements_tells_what_may_stand_there() -> None:
    """Editors are told the keys, and which must be there."""
    entry = acks_schema()["additionalProperties"]
    assert entry["required"] == ["until", "because"]
    assert set(entry["properties"]) == {"until", "because", "by", "on"}


@pytest.mark.parametrize("text", ["{a: {until: 2026-01-01, because: b}}", "- a", "a: [", "x: 3\n"])
def test_a_file_of_another_shape_is_left_alone(text: str) -> None:
    """What cannot be changed line by line, or is wrong already, is not."""
    assert with_ack(text, "leads", Ack(date(2026, 5, 1), "so")) is None


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=9
)


@given(st.dictionaries(NAMES, st.tuples(st.dates(), NAMES, NAMES), max_size=4), NAMES, NAMES)
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back(
    earlier: dict[str, tuple[date, str, str]], check_: str, because: str
) -> None:
    """Whatever a check is called and a person says."""
    text = ""
    for name, (until, why, by) in earlier.items():
        text = with_ack(text, name, Ack(until, f"it {why}", by.strip())) or text
    ack = Ack(date(2026, 5, 1), f"it {because}")
    new = with_ack(text, check_, ack)
    assert new
    read, problems = entries(new, "acks.yaml")
    assert problems == []
    assert {entry.check: entry.ack for entry in read}[check_] == ack


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("leads: [", "2:1: A314 not YAML"),
        ("- leads", "1:1: A314 it must hold names of checks"),
        ("leads: 2026-01-01", "1:1: A314 'leads' must hold `until` and `because`"),
        ("leads: {until: 2026-01-01}", "1:1: A314 'leads' needs the key 'because'"),
        ("leads: {because: x}", "1:1: A314 'leads' needs the key 'until'"),
        ("leads: {until: soon, because: x}", "1:16: A314 'until': a date is written 2026-10-09"),
        ("leads: {until: 2026-01-01, because: ' '}", "1:37: A314 'because': say why"),
        ("leads: {until: 2026-01-01, becuse: x}", "1:1: A314 'leads' needs the key 'because'"),
        ("leeds: {until: 2026-01-01, because: x}",
         "1:1: A315 'leeds' is no check (did you mean 'leads'?)"),
        ("market: {until: 2026-01-01, because: x}", "1:1: A315 'market' is no check"),
    ],
)  # fmt: skip
def test_a_wrong_acknowledgement_is_told(project: Make, text: str, problem: str) -> None:
    """With its place, and nothing else is lost by it."""
    it = made(project, SHEET)
    (it.settings.claims_folder / "acks.yaml").write_text(text, "utf-8")
    told = [str(each) for each in it.read().reading.problems]
    assert told
    assert told[0].removeprefix("claims/acks.yaml:").startswith(problem)


# What is taken back


def test_a_retracted_observation_counts_no_more(project: Make) -> None:
    """The runs that found it are judged anew, and it stays in the history with who and why."""
    it = made(project, SHEET)
    run_on(it, MONTHS[:4])
    before = (it.settings.claims_folder / "history" / "2026-02.ndjson").read_text("utf-8")
    result = command(it, "retract", "share@2026-02-01", "--because", "a typo", "--by", "Ann")
    assert (result.exit_code, result.stdout) == (
        0, "share (0.1, of 2026-02-01) is retracted; 1 run judged anew\n",
    )  # fmt: skip
    after = (it.settings.claims_folder / "history" / "2026-02.ndjson").read_text("utf-8")
    assert after.startswith(before)
    item = check(it, "2026-04-02")
    assert [point.outcome for point in item.series] == ["pass", "unknown", "pass", "fail"]
    statuses = Project.open(it.settings.root).history.statuses(date(2026, 4, 2))["n#market"]
    assert [point.status for point in statuses] == [
        "supported", "unknown", "supported", "refuted",
    ]  # fmt: skip
    now = check(it, "2026-02-15").now
    assert now.reason
    assert (now.reason.code, now.reason.detail) == (
        "retracted", "share (0.1, of 2026-02-01) was retracted: a typo",
    )  # fmt: skip


def test_what_replaces_a_retracted_value_counts(project: Make) -> None:
    """The source corrects February: that is another observation."""
    it = made(project, SHEET)
    run_on(it, MONTHS[:2])
    command(it, "retract", "share@2026-02-01", "--because", "a typo")
    data = it.settings.claims_folder / "data" / "share.csv"
    data.write_text(data.read_text("utf-8").replace("0.10", "0.40"), "utf-8")
    assert run_on(it, ["2026-02-03"]) == ["pass"]


def test_a_retracted_value_is_not_the_last_good_one(project: Make) -> None:
    """What a jump is measured from was not taken back."""
    it = made(project, jumping("100 %"))
    assert run_on(it, MONTHS[:3]) == ["pass", "fail", "unknown"]
    command(it, "retract", "share@2026-02-01", "--because", "a typo")
    assert check(it, MONTHS[2]).now.outcome == "pass"


@pytest.mark.parametrize(
    ("name", "said"),
    [("share@2026-02-03", "there is no observation"), ("zzz", "there is no observation"),
     ("share@2026-01-01", r"is 2 observations, name one: \w{12} \(0\.3, of 2026-01-01\), \w{12}")],
)  # fmt: skip
def test_an_observation_is_named_clearly(project: Make, name: str, said: str) -> None:
    """A name that means nothing, or two figures of one date, is refused."""
    it = made(project, SHEET)
    run_on(it, MONTHS[:1])
    data = it.settings.claims_folder / "data" / "share.csv"
    data.write_text("date,share\n2026-01-01,0.50\n", "utf-8")
    run_on(it, ["2026-01-03"])
    result = command(it, "retract", name, "--because", "x")
    assert result.exit_code == 2
    assert re.search(said, result.output)


# What is due

FETCHED = """
    measures:
      weekly: {{fetch: {{url: "{weekly}", json: $.n}}}}
      daily: {{fetch: {{url: "{daily}", json: $.n}}}}
    checks:
      leads: {{tests: market, assert: weekly >= 3, every: 7d}}
      grows: {{tests: market, assert: daily >= 3}}
"""


def test_only_what_is_due_is_fetched(project: Make, server: Any) -> None:
    """A source is asked again once its answer is older than `every`; till then that counts."""
    server.answers |= {"/weekly": {"n": 3}, "/daily": {"n": 3}}
    sheet = FETCHED.format(weekly=server.url("/weekly"), daily=server.url("/daily"))
    it = project(NOTE, {"s.yaml": sheet}, '[evidence]\nallow_hosts = ["127.0.0.1"]\n')
    due = []
    for day in range(1, 10):
        moment = datetime(2026, 2, day, 12, tzinfo=UTC)
        checked = it.read().check(it.world(moment.date(), now=moment))
        checked.record()
        evidence = checked.judge().evidence
        assert {item.now.outcome for item in evidence.values()} == {"pass"}
        due.append((str(evidence["leads"].now.due), str(evidence["grows"].now.due)))
    assert server.paths().count("/weekly") == 2
    assert server.paths().count("/daily") == 9
    assert due[0] == ("2026-02-08", "2026-02-02")
    assert due[-2:] == [("2026-02-15", "2026-02-09"), ("2026-02-15", "2026-02-10")]


def test_when_the_next_is_due_is_said(
    project: Make, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`check` and `build` say when, and of which check."""
    moment = datetime.now().astimezone()
    monkeypatch.setattr(cli, "now", lambda: moment)  # no midnight passes
    server.answers |= {"/weekly": {"n": 3}, "/daily": {"n": 3}}
    sheet = FETCHED.format(weekly=server.url("/weekly"), daily=server.url("/daily"))
    it = project(NOTE, {"s.yaml": sheet}, '[evidence]\nallow_hosts = ["127.0.0.1"]\n')
    tomorrow = moment.date() + timedelta(days=1)
    assert command(it, "check").stderr.splitlines()[-1] == f"next due {tomorrow}: grows"
    assert command(it, "build").stdout.rstrip().endswith(f"; next due {tomorrow}: grows")


def test_a_source_that_never_answered_is_due_at_once(project: Make, server: Any) -> None:
    """Offline, there is nothing to show, and nothing to wait for."""
    sheet = FETCHED.format(weekly=server.url("/weekly"), daily=server.url("/daily"))
    it = project(NOTE, {"s.yaml": sheet}, '[evidence]\nallow_hosts = ["127.0.0.1"]\n')
    now = it.report(date(2026, 2, 1), online=False).evidence["leads"].now
    assert (now.outcome, now.due) == ("unknown", date(2026, 2, 1))
    assert server.asked == []
