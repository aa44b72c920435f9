"""The kinds of measures: what each was as of a day, and when that cannot be known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from argmap.evidence.book import Book
from argmap.evidence.checks import data_problems, lint_checks
from argmap.evidence.kinds import KINDS
from argmap.evidence.model import Fault, Observation, Value
from argmap.evidence.pricelist import Period, snapshot
from argmap.evidence.run import Bench
from argmap.evidence.sheets import read_sheet
from argmap.evidence.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from argmap.evidence.pricelist import PriceList

    See = Callable[..., Observation]

DAY = date(2026, 11, 23)
CSV = """\
date,model,tokens,share
2025-01-02,a/sonnet,610,61.0
2025-01-02,b/other,390,39.0
2025-09-02,a/sonnet,307,30.7
2025-09-02,b/other,693,
2026-10-09,a/sonnet,44,4.4
2026-10-09,b/other,956,
"""


@dataclass(frozen=True)
class Prices:
    """A price list of one's own, with one model."""

    some: tuple[Period, ...]
    name: str = "a list"

    def periods(self, *_: str) -> tuple[Period, ...] | Fault:
        """Return them whatever is asked."""
        return self.some


@pytest.fixture
def see(tmp_path: Path) -> See:
    """Return what the measure `x` of a sheet in claims/ was; data is in claims/data/."""
    (tmp_path / "claims" / "data").mkdir(parents=True)
    (tmp_path / "claims" / "data" / "t.csv").write_text(CSV, "utf-8")

    def saw(text: str, day: date = DAY, prices: PriceList | None = None) -> Observation:
        book = book_of(text)
        world = World(tmp_path, day, prices=prices)
        return Bench(book, world).tell(book.measures["", "x"]).observation

    return saw


def book_of(text: str) -> Book:
    text = dedent(text).strip("\n").replace("\n", "\n  ")
    sheet, problems = read_sheet("measures:\n  " + text, "claims/s.yaml")
    assert problems == []
    return Book([sheet])


def reason(observation: Observation) -> str:
    """Return why it is unknown: the code."""
    assert observation.value is None
    assert observation.reason is not None
    assert observation.reason.measure == "x"
    return observation.reason.code


def test_there_are_five_kinds() -> None:
    """One table says which words an author may choose from."""
    assert {name: kind.kind for name, kind in KINDS.items()} == {name: name for name in KINDS}
    assert list(KINDS) == ["value", "price", "table", "fetch", "formula"]


# value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{value: 1024}", Value(1024.0, 1024.0)),
        ("{value: 1.29 USD/hour}", Value(1.29, 1.29, "USD/hour")),
        ("{value: 0.1 .. 1.0}", Value(0.1, 1.0)),
        ("{value: 5 .. 25 %}", Value(5.0, 25.0, "%")),
        ("{value: -5 .. 5 %}", Value(-5.0, 5.0, "%")),
        ("{value: 5, unit: '%'}", Value(5.0, 5.0, "%")),
        ("{value: 0.25, unit: USD/Mtok}", Value(0.25, 0.25, "USD/Mtok")),
        ("{value: 36 USD/hour, unit: ¢/s}", Value(1.0, 1.0, "¢/s")),
        ("{value: 2026-10-20}", Value(date(2026, 10, 20), date(2026, 10, 20))),
        ("{value: 2026-10-01 .. 2026-10-31}", Value(date(2026, 10, 1), date(2026, 10, 31))),
        ("{value: 1e-5}", Value(1e-5, 1e-5)),
    ],
)
def test_a_value_is_what_was_typed(see: See, text: str, value: Value) -> None:
    """A number, an interval or a date, in the unit it was written in or is asked in."""
    assert see(f"x: {text}").value == value


def test_a_value_has_the_source_and_date_the_author_gave(see: See) -> None:
    """An address alone serves as both source and link."""
    seen = see("x: {value: 3, source: https://example.org/a, as_of: 2026-08-01}")
    assert (seen.source, seen.url) == ("https://example.org/a", "https://example.org/a")
    assert (seen.dated, seen.seen, seen.kind) == (date(2026, 8, 1), DAY, "value")
    seen = see("x: {value: 3, source: A report, url: https://example.org/b}")
    assert (seen.source, seen.url, seen.dated) == ("A report", "https://example.org/b", None)


def test_a_value_is_not_known_before_its_day(see: See) -> None:
    """What was found out in August nobody knew in July."""
    text = "x: {value: 3, as_of: 2026-08-01}"
    assert reason(see(text, date(2026, 7, 31))) == "too_early"
    assert see(text, date(2026, 8, 1)).value == Value(3.0, 3.0)


@pytest.mark.parametrize(
    "text",
    [
        "1 + 2",
        "b",
        "today",
        "a .. b",
        "1 .. 2 .. 3",
        "3 USD .. 4",
        "1 < 2",
        "min(1, 2)",
        ".inf",
        "x y",
    ],
)
def test_a_value_is_no_formula(text: str) -> None:
    """What is computed is a formula; a value stands for itself."""
    problems = lint_checks([], book_of(f"x: {{value: {text!r}}}"))
    assert problems[0].code in ("A303", "A306", "A307")


# fresh, expires, plausible


@pytest.mark.parametrize(
    ("day", "stale", "why"),
    [
        ("2026-10-30", False, ""), ("2026-10-31", True, ""), ("2027-08-01", True, ""),
        ("2027-08-02", False, "expired"),
    ],
)  # fmt: skip
def test_data_ages(see: See, day: str, stale: bool, why: str) -> None:
    """Older than `fresh` counts and is stale; older than `expires` is unknown: by its own date."""
    text = "x: {value: 3, as_of: 2026-08-01, fresh: 90d, expires: 365d}"
    seen = see(text, date.fromisoformat(day))
    assert (reason(seen) if why else "") == why
    if not why:
        assert seen.stale is stale


def test_what_has_no_date_does_not_age(see: See) -> None:
    """A typed-in constant is as good as on the first day."""
    seen = see("x: {value: 3, fresh: 1d, expires: 1d}", date(2099, 1, 1))
    assert (seen.value, seen.stale) == (Value(3.0, 3.0), False)


@pytest.mark.parametrize(
    ("value", "plausible", "ok"),
    [
        ("0.5", "0 .. 1", True), ("1", "0 .. 1", True), ("1.2", "0 .. 1", False),
        ("0.5 .. 1.2", "0 .. 1", False), ("50 %", "0 .. 1", True), ("50 %", "0 .. 40 %", False),
        ("3 USD/hour", "0 .. 10", True), ("30 USD/hour", "0 .. 10", False),
        ("30 USD/hour", "0 .. 1 USD/s", True), ("2026-10-20", "2025-01-01 .. 2027-01-01", True),
        ("2036-10-20", "2025-01-01 .. 2027-01-01", False),
    ],
)  # fmt: skip
def test_what_is_not_plausible_is_unknown(see: See, value: str, plausible: str, ok: bool) -> None:
    """Bare bounds are in the measure's unit; a share may be bounded by 0 .. 1 whatever its unit."""
    seen = see(f"x: {{value: {value}, plausible: {plausible}}}")
    if ok:
        assert seen.value is not None
    else:
        assert reason(seen) == "implausible"


# price


def test_a_price_is_the_one_in_force(see: See) -> None:
    """Of the entries of a price list the last that had begun counts, and it is as old as that."""
    prices = Prices(
        (Period(None, 0.10), Period(date(2026, 10, 19), 0.40), Period(date(2026, 11, 3), 0.72))
    )
    text = "x: {price: {provider: p, model: m, meter: input, since: 2024-07-23}}"
    first = see(text, date(2025, 9, 2), prices)
    assert (first.value, first.dated) == (Value(0.1, 0.1, "USD/Mtok"), date(2024, 7, 23))
    now = see(text, DAY, prices)
    assert (now.value, now.dated) == (Value(0.72, 0.72, "USD/Mtok"), date(2026, 11, 3))
    assert (now.source, now.kind) == ("a list", "price")


def test_there_is_no_price_before_there_was_one(see: See) -> None:
    """Before `since`, and before the first price known, it is unknown, never today's."""
    text = "x: {price: {provider: p, model: m, meter: input, since: 2025-07-22}}"
    assert reason(see(text, date(2025, 7, 21), Prices((Period(None, 1.0),)))) == "too_early"
    late = Prices((Period(date(2026, 1, 1), 1.0),))
    assert reason(see(text, date(2025, 12, 31), late)) == "too_early"
    assert see(text, date(2026, 1, 1), late).value is not None


def test_a_price_can_be_shown_in_another_unit(see: See) -> None:
    """A price for the thousand tokens, when the author asks for it."""
    text = "x: {price: {provider: p, model: m, meter: input, since: 2025-07-22}, unit: ¢/ktok}"
    assert see(text, DAY, Prices((Period(None, 2.5),))).value == Value(0.25, 0.25, "¢/ktok")


def test_a_free_model_costs_nothing(see: See) -> None:
    """A price of 0 is a price."""
    text = "x: {price: {provider: p, model: m, meter: input, since: 2025-07-22}}"
    assert see(text, DAY, Prices((Period(None, 0.0),))).value == Value(0.0, 0.0, "USD/Mtok")


def test_the_list_of_genai_prices(see: See) -> None:
    """The installed list has history, tiers and cached tokens; its version is the source."""
    text = "x: {{price: {{provider: {}, model: {}, meter: {}, since: 2024-07-23}}}}"
    llama = text.format("openrouter", "meta-llama/llama-3.1-70b-instruct", "input")
    assert see(llama, date(2025, 9, 2)).value == Value(0.1, 0.1, "USD/Mtok")
    assert see(llama).value == Value(0.72, 0.72, "USD/Mtok")
    tiered = see(text.format("google", "gemini-2.5-pro", "input"))
    assert tiered.value == Value(1.25, 1.25, "USD/Mtok")
    assert see(text.format("google", "gemini-2.5-flash", "cached")).value is not None
    assert tiered.source.startswith("genai-prices ")


@pytest.mark.parametrize(
    ("provider", "model", "meter", "message", "hint"),
    [
        ("gogle", "gemini-2.5-flash", "input", "no provider 'gogle'", "did you mean 'google'?"),
        ("google", "gemini-2.5-flsh", "input", "google lists no model", "mean 'gemini-2.5-flash'?"),
        ("google", "gemini-2.5-flash", "output_video", "has no price for", "it has input"),
    ],
)  # fmt: skip
def test_a_price_nobody_lists(
    provider: str, model: str, meter: str, message: str, hint: str
) -> None:
    """A311 says which of provider, model and meter is wrong, and what comes near."""
    fault = snapshot().periods(provider, model, meter)
    assert isinstance(fault, Fault)
    assert fault.code == "A311"
    assert message in fault.message
    assert hint in fault.hint


def test_discount_hours_are_not_the_price() -> None:
    """Of a price that changes with the hour, the one that holds without condition counts."""
    periods = snapshot().periods("deepseek", "deepseek-chat", "input")
    assert isinstance(periods, tuple)
    assert len(periods) == 1


# table

ENDLESS = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
TABLE = 'x: {{table: {{file: data/t.csv, sql: "{}"}}}}'
LAST = (
    "SELECT 1.0 * sum(tokens * (model LIKE '%sonnet')) / sum(tokens) AS value, date FROM t "
    "WHERE date = (SELECT max(date) FROM t WHERE date <= :as_of) GROUP BY date"
)


@pytest.mark.parametrize(
    ("day", "share", "dated"),
    [
        ("2025-02-01", 0.61, "2025-01-02"), ("2025-09-30", 0.307, "2025-09-02"),
        ("2026-11-23", 0.044, "2026-10-09"),
    ],
)  # fmt: skip
def test_a_table_is_asked_as_of_a_day(see: See, day: str, share: float, dated: str) -> None:
    """`:as_of` is the day; the row's own date is that of the data; the file is the source."""
    seen = see(TABLE.format(LAST), date.fromisoformat(day))
    assert seen.value == Value(share, share)
    assert (str(seen.dated), seen.source) == (dated, "data/t.csv")


def test_before_the_data_begins_there_is_none(see: See) -> None:
    """No row, and null, are unknown; so is a row of a later day."""
    assert reason(see(TABLE.format(LAST), date(2024, 12, 31))) == "no_data"
    assert reason(see(TABLE.format("SELECT null AS value, null AS date"))) == "no_data"
    later = "SELECT share AS value, date FROM t WHERE date > '2026' LIMIT 1"
    assert reason(see(TABLE.format(later), date(2025, 9, 2))) == "too_early"


def test_a_table_can_give_an_interval_and_units(see: See) -> None:
    """`lo` and `hi` make an interval, in the unit stated."""
    sql = "SELECT min(share) AS lo, max(share) AS hi, max(date) AS date FROM t"
    assert see(TABLE.format(sql)[:-1] + ", unit: '%'}").value == Value(4.4, 61.0, "%")


def test_a_table_can_give_a_date(see: See) -> None:
    """`unit: date` makes the value a day."""
    sql = "SELECT max(date) AS value, max(date) AS date FROM t WHERE share > 25"
    day = date(2025, 9, 2)
    assert see(TABLE.format(sql)[:-1] + ", unit: date}").value == Value(day, day)


def test_columns_have_types(see: See) -> None:
    """Whole numbers, decimals and text are told apart; an empty cell is null, not text or 0."""
    sql = (
        "SELECT (max(typeof(tokens)) = 'integer') + (typeof(max(share)) = 'real') "
        "+ (typeof(max(model)) = 'text') + (count(share) = 4) AS value, null AS date FROM t"
    )
    assert see(TABLE.format(sql)).value == Value(4.0, 4.0)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT nowhere", "no such column"),
        ("SELEC 1", "syntax error"),
        ("SELECT 1 AS value, null AS date FROM table2", "no such table"),
        ("SELECT tokens FROM t", "the query gives tokens"),
        ("SELECT 1 AS value", "the query gives value"),
        ("SELECT tokens AS value, date FROM t", "several rows"),
        ("SELECT model AS value, date FROM t LIMIT 1", "is not a number"),
        ("SELECT 1 AS value, 'soon' AS date", "is not a date"),
        ("SELECT 9e999 AS value, null AS date", "is not a number"),
        ("SELECT x'00' AS value, null AS date", "is not a number"),
        ("SELECT 1 AS value, null AS date WHERE :other", "binding"),
        ("SELECT 1 AS value, date('now') AS date", "does not see the clock"),
        ("SELECT 1 AS value, CURRENT_DATE AS date", "does not see the clock"),
        ("SELECT random() AS value, null AS date", "more than read"),
        ("SELECT load_extension('x') AS value, null AS date", "more than read"),
        ("DELETE FROM t", "more than read"),
        ("DROP TABLE t", "more than read"),
        ("UPDATE t SET tokens = 0 RETURNING tokens AS value, date", "more than read"),
        ("ATTACH '/tmp/x.db' AS y", "more than read"),
        ("PRAGMA query_only = OFF", "more than read"),
        ("VACUUM INTO '/tmp/x.db'", "more than read"),
        ("SELECT 1 AS value, null AS date; DROP TABLE t", "one statement"),
        (f"{ENDLESS} SELECT max(n) AS value, null AS date FROM r", "takes too long"),  # noqa: S608
        ("SELECT length(printf('%.*c', 2000000000, 'x')) AS value, null AS date", "more than read"),
        ("", "gives nothing"),
    ],
)  # fmt: skip
def test_a_query_that_fails(see: See, sql: str, said: str) -> None:
    """A309: a query reads the table t, gives one row, and does nothing else."""
    seen = see(TABLE.format(sql))
    assert reason(seen) == "error"
    assert seen.reason is not None
    assert said in seen.reason.detail


def test_after_a_query_that_fails_the_next_is_fine(tmp_path: Path) -> None:
    """One table serves many queries, and none is hurt by another's end."""
    (tmp_path / "t.csv").write_text(CSV, "utf-8")
    endless = f"{ENDLESS} SELECT n AS lo FROM r WHERE n < 0"  # noqa: S608
    sheet, _ = read_sheet(
        f"measures:\n  a: {{table: {{file: t.csv, sql: {endless!r}}}}}\n"
        f"  b: {{table: {{file: t.csv, sql: {LAST!r}}}}}\n".replace("\\'", "''"),
        "s.yaml",
    )
    book = Book([sheet])
    bench = Bench(book, World(tmp_path, DAY))
    assert bench.tell(book.measures["", "a"]).fault is not None
    assert bench.tell(book.measures["", "b"]).observation.value == Value(0.044, 0.044)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("data/none.csv", None, "no file"),
        ("data/tt.csv", None, "no file"),
        ("../../secret.csv", None, "outside the project"),
        ("/etc/hostname", None, "outside the project"),
        ("data", None, "no file"),
        ("data/empty.csv", "", "no rows"),
        ("data/1251.csv", "доля\n1\n".encode("cp1251"), "not UTF-8"),
        ("data/ragged.csv", "a,b\n1,2,3\n", "cannot be read"),
        ("data/nul\0.csv", None, "no file"),
    ],
)
def test_a_file_that_is_not_there(
    tmp_path: Path, name: str, content: str | bytes | None, said: str
) -> None:
    """A308 stands at the file's name; no file outside the project is looked at."""
    (tmp_path / "p" / "claims" / "data").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text(CSV, "utf-8")
    if content is not None:
        raw = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "p" / "claims" / name).write_bytes(raw)
    text = f"measures:\n  x: {{table: {{sql: SELECT 1, file: {name!r}}}}}\n".replace("'", '"')
    sheet, _ = read_sheet(text, "claims/s.yaml")
    (problem,) = data_problems(Book([sheet]), World(tmp_path / "p", DAY))
    assert problem.code == "A308"
    assert said in problem.message
    assert (problem.span.line, problem.span.column) == (2, 37)


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    """A symbolic link does not make a file part of the project."""
    (tmp_path / "secret.csv").write_text(CSV, "utf-8")
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "t.csv").symlink_to(tmp_path / "secret.csv")
    found = World(tmp_path / "p", DAY).file("s.yaml", "t.csv")
    assert isinstance(found, Fault)
    assert "outside" in found.message


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.tsv", "n\tdate\n3\t2026-01-01\n"), ("b.csv", "\ufeffn,date\r\n3,2026-01-01\r\n")],
)
def test_tabs_and_byte_order_marks(tmp_path: Path, name: str, content: str) -> None:
    """TSV by its ending; what spreadsheets write before and between is no trouble."""
    (tmp_path / name).write_text(content, "utf-8", newline="")
    text = f"measures: {{x: {{table: {{file: {name}, sql: 'SELECT n AS value, date FROM t'}}}}}}"  # noqa: S608
    book = Book([read_sheet(text, "s.yaml")[0]])
    seen = Bench(book, World(tmp_path, DAY)).tell(book.measures["", "x"]).observation
    assert (seen.value, seen.dated) == (Value(3.0, 3.0), date(2026, 1, 1))


def test_a_file_is_read_once_for_all_days(tmp_path: Path) -> None:
    """A world of another day shares what was read."""
    (tmp_path / "t.csv").write_text(CSV, "utf-8")
    world = World(tmp_path, DAY)
    first = world.table(tmp_path / "t.csv")
    assert world.at(date(2025, 1, 1)).table(tmp_path / "t.csv") is first
    assert world.at(date(2025, 1, 1)).as_of == date(2025, 1, 1)


# formula


def test_a_formula_is_computed_from_others(see: See) -> None:
    """In any order, in the unit asked for, as old as its oldest input."""
    seen = see("""
        x: {formula: gpu_hour / (throughput * utilisation), unit: USD/Mtok}
        gpu_hour: {value: 1.29 USD/hour, as_of: 2026-08-01, fresh: 90d}
        throughput: {value: 495 tok/s, as_of: 2025-06-01}
        utilisation: {value: 0.1 .. 1.0}
        """)
    assert seen.value is not None
    assert seen.value.unit == "USD/Mtok"
    assert seen.value.lo == pytest.approx(0.72390572)
    assert seen.value.hi == pytest.approx(7.2390572)
    assert (seen.dated, seen.stale) == (date(2025, 6, 1), True)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("share", Value(30.0, 30.0, "%")),
        ("1 - share", Value(70.0, 70.0, "%")),
        ("3 / (1 + share - 30 %)", Value(3.0, 3.0)),
        ("price * share", Value(0.75, 0.75, "USD/Mtok")),
        ("price * 2 ktok", Value(0.005, 0.005, "USD")),
        ("today - start", Value(83.0, 83.0, "day")),
        ("start + 2 week", Value(date(2026, 9, 15), date(2026, 9, 15))),
        ("price / price", Value(1.0, 1.0)),
    ],
)
def test_a_formula_finds_its_unit(see: See, formula: str, value: Value) -> None:
    """Without one stated: that of a summand, else one of its inputs, else the plain one."""
    seen = see(f"""
        x: {{formula: {formula}}}
        share: {{value: 30 %}}
        price: {{value: 2.5 USD/Mtok}}
        start: {{value: 2026-09-01}}
        """)
    assert seen.value == value


def test_an_unknown_input_makes_it_unknown(see: See) -> None:
    """With the input's own reason, which names it."""
    seen = see("""
        x: {formula: a + b}
        a: {value: 1}
        b: {value: 2, as_of: 2026-12-01}
        """)
    assert seen.reason is not None
    assert (seen.reason.code, seen.reason.measure) == ("too_early", "b")


def test_a_division_names_the_measure(see: See) -> None:
    """What goes wrong inside a measure is told with its name."""
    assert reason(see("x: {formula: 1 / a}\na: {value: -1 .. 1}")) == "division"


def test_a_formula_ages_as_its_inputs_do(see: See) -> None:
    """`fresh` and `expires` on a formula count from its oldest input."""
    text = "x: {formula: a, expires: 90d}\na: {value: 1, as_of: 2026-08-01}"
    assert reason(see(text)) == "expired"


def test_a_date_no_calendar_has(see: See) -> None:
    """A sum that leaves the calendar is unknown."""
    assert reason(see("x: {formula: today + 9999 year}")) == "implausible"
