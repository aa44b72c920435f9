"""Fetched measures: what is picked out of an answer, and what an outage makes of a claim."""

from __future__ import annotations

import gzip
import json
import logging
import time
from contextlib import suppress
from datetime import date, datetime, timedelta
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.evidence import pick
from argmap.evidence.book import Book
from argmap.evidence.checks import lint_checks, source_problems
from argmap.evidence.net import Limits, Web
from argmap.evidence.pick import Missing, Page, Unreadable
from argmap.evidence.request import Answer, Down, Request
from argmap.evidence.rules import Keys, Rules
from argmap.evidence.run import Bench, run_checks
from argmap.evidence.sheets import read_sheet
from argmap.evidence.world import World
from argmap.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from server import Server

    from argmap.evidence.model import Observation
    from argmap.project import Checked

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12).astimezone()


# One value out of an answer, in the test's own hands


def seen(
    measure: str, body: Any, headers: Mapping[str, str] | None = None, unit: str = ""
) -> Observation:
    """Return what a measure was where its source says this."""
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else None
    raw = json.dumps(body).encode() if raw is None else raw
    found = {"content-type": "text/plain", **(headers or {})}

    def answering(requests: Iterable[Request], now: datetime) -> dict[str, Answer | Down]:
        return {request.key: Answer(raw, found, now) for request in requests}

    unit_key = f", unit: {json.dumps(unit)}" if unit else ""
    text = f"""
        measures:
          m: {{fetch: {{url: "https://a.example/x", {measure}}}{unit_key}}}
        checks:
          c: {{tests: x, assert: "m == m"}}
    """
    sheet, problems = read_sheet(dedent(text), "claims/s.yaml")
    assert problems == []
    book = Book([sheet])
    world = World(None, DAY, now=NOON, ask=answering)  # type: ignore[arg-type]
    run_checks(list(book.checks.values()), book, world)
    return Bench(book, world).tell(book.measures["", "m"]).observation


def value(*args: Any, **kwargs: Any) -> Any:
    """Return what a measure came to: a number, a date, or a reason's code and words."""
    found = seen(*args, **kwargs)
    if found.value:
        return found.value.lo
    assert found.reason
    return found.reason.code, found.reason.detail.removeprefix("m: a.example: ")


MODELS = {"updated": "2026-11-20T09:00:00Z", "data": [
    {"id": "a", "price": "0.0000004", "n": 12}, {"id": "b", "price": None, "n": True}]}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "unit", "found"),
    [
        ("$.data[?@.id=='a'].price", "USD/tok", 4e-7),
        ("$.data[?@.id=='a'].n", "", 12),
        ("$.data[0].n", "%", 12),
        ("$.updated", "date", date(2026, 11, 20)),
        ("$.data[?@.id=='c'].price", "", ("no_data", "$.data[?@.id=='c'].price finds nothing")),
        ("$.data[*].n", "", ("no_data", "$.data[*].n finds several; one is asked for")),
        ("$.data[1].price", "", ("no_data", "null is not a number")),
        ("$.data[1].n", "", ("no_data", "True is not a number")),
        ("$.data[0]", "", ("no_data", "a mapping is not a number")),
        ("$.updated", "", ("no_data", "'2026-11-20T09:00:00Z' is not a number")),
        ("$.data[0].n", "date", ("no_data", "12 is not a date")),
    ],
)
def test_a_value_by_a_path(path: str, unit: str, found: Any) -> None:
    """One node of a JSONPath, a number or a number as text; anything else is unknown."""
    assert value(f"json: {json.dumps(path)}", MODELS, unit=unit) == found


TABLE = (
    "date,town,let,empty\n2025-07-31,Ashby,940,60\n2026-07-31,Ashby,985,15\n2026-07-31,Corfe,,7\n"
)


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("column: empty, row: {town: Corfe}", 7),
        ("column: empty, row: {town: Ashby, date: 2026-07-31}", 15),
        ("column: let, row: 1", 940),
        ("column: empty, row: -1", 7),
        ("column: let, row: -1", ("no_data", "'' is not a number")),
        ("column: empty, row: 4", ("no_data", "there is no row 4 among 3")),
        ("column: empty, row: 0", ("no_data", "there is no row 0 among 3")),
        ("column: empty, row: {town: Ashby}", ("no_data", "town = Ashby finds several; one is")),
        ("column: empty, row: {town: York}", ("no_data", "town = York finds nothing")),
        ("column: full, row: 1", ("no_data", "there is no column 'full', only date, town, let")),
        ("sql: 'SELECT sum(empty) AS value, max(date) AS date FROM t'", 82),
        ("sql: 'SELECT full FROM t'", ("no_data", "the query fails: ")),
    ],
)
def test_a_value_of_a_table(table: str, found: Any) -> None:
    """By column and row, or by SQL; the delimiter is found out."""
    for text in (TABLE, TABLE.replace(",", "\t"), TABLE.replace(",", ";")):
        came = value(f"csv: {{{table}}}", text)
        assert came[1].startswith(found[1]) if isinstance(found, tuple) else came == found


PAGE = """<html><head><meta charset=utf-8></head><body><table>
<tr id=small><td class=rank>No. 3</td><td data-price="0.25">a quarter</td></tr>
<tr><td class=rank>No. 4</td></tr></table></body></html>"""


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("css: '#small .rank', regex: 'No[.] ([0-9]+)'", 3),
        ("css: '#small td:nth-child(2)', attribute: data-price", 0.25),
        ("css: .rank", ("no_data", ".rank finds several; one is asked for")),
        ("css: '#large'", ("no_data", "#large finds nothing")),
        ("css: '#small', attribute: data-price", ("no_data", "#small has no attribute")),
        ("css: '#small .rank'", ("no_data", "'No. 3' is not a number")),
        ("regex: 'data-price=.([0-9.]+)'", 0.25),
        ("regex: 'weight=([0-9.]+)'", ("no_data", "nothing fits the pattern weight=([0-9.]+)")),
    ],
)
def test_a_value_of_a_page(where: str, found: Any) -> None:
    """By a selector, an attribute, a pattern, or a pattern in what was selected."""
    came = value(where, PAGE)
    assert came[1].startswith(found[1]) if isinstance(found, tuple) else came == found


@pytest.mark.parametrize(
    ("said", "decimal", "found"),
    [
        ("0.0000004", "", 4e-7), ("4e-7", "", 4e-7), (" 12 ", "", 12), ("-3.5", "", -3.5),
        ("\u22123", "", -3), ("1,5", ",", 1.5), ("1.234,5", ",", 1234.5), ("1 234,5", ",", 1234.5),
        ("1,234.5", ".", 1234.5), ("12\u202f345", ".", 12345), ("1.234.567", ",", 1234567),
        (0.1, ",", 0.1), (5, ",", 5),
    ],
)  # fmt: skip
def test_a_number_as_it_is_written(said: Any, decimal: str, found: float) -> None:
    """As text or not, with an exponent, and grouped where the sign of the fraction is stated."""
    stated = f", decimal: {json.dumps(decimal)}" if decimal else ""
    assert value(f"json: $.a{stated}", {"a": said}) == found


@pytest.mark.parametrize(
    ("said", "decimal"),
    [
        ("1,5", ""), ("1.234,5", ""), ("1,234", ""), ("1,5", "."), ("1.5", ","), ("12,34.5", "."),
        ("1 2", ""), ("", ""), ("n/a", ""), ("NaN", ""), ("inf", ""), ("-Infinity", ""),
        ("1e5000", ""),
        ("0x10", ""), ("1_000", ""), ("١٢", ""), ("--1", ""), ("1.2.3", ""), ("5 %", ""),
        ("$5", ""),
    ],
)  # fmt: skip
def test_what_is_no_number_is_unknown(said: str, decimal: str) -> None:
    """A locale's comma is not guessed at; nor is anything else."""
    stated = f", decimal: {json.dumps(decimal)}" if decimal else ""
    code, words = value(f"json: $.a{stated}", {"a": said})
    assert (code, "is not a number" in words) == ("no_data", True)


def test_a_comma_is_told_what_to_do_about() -> None:
    """The author can say which sign it is."""
    assert value("json: $.a", {"a": "1,5"})[1] == (
        "'1,5' is not a number (say which sign is its point: `decimal: \",\"`)"
    )


def test_percent_may_stand_behind_what_is_in_percent() -> None:
    """Only then: elsewhere it would be a number a hundred times too large."""
    assert value("json: $.a", {"a": "4.4 %"}, unit="%") == 4.4
    assert value("json: $.a", {"a": "4.4 %"})[0] == "no_data"


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": Infinity}', '{"a": -Infinity}'])
def test_json_holds_no_infinity(text: str) -> None:
    """Python would read it; it is not JSON."""
    assert value("json: $.a", text) == ("outage", "it is not JSON")


@pytest.mark.parametrize("text", ['{"a": 1e999}', '{"a": "1' + "0" * 400 + '"}'])
def test_a_number_too_large_is_unknown(text: str) -> None:
    """Nothing can be computed with it."""
    code, words = value("json: $.a", text)
    assert code == "no_data"
    assert "is not a number" in words or "too large" in words


# What cannot be read


@pytest.mark.parametrize(
    "body",
    ["", "<html>Sorry</html>", '{"a": 1', '{"a": 1}{', b"\xff\xfe\x00", b"\x00\x01", "[" * 100_000,
     "9" * 10_000],
)  # fmt: skip
def test_what_is_not_json_is_an_outage(body: Any) -> None:
    """A page of another kind, one that breaks off, one that is nested without end."""
    code, words = value("json: $.a", body)
    assert code == "outage"
    assert words.startswith(("it is not JSON", "its JSON is deeper"))


def test_json_has_a_greatest_depth() -> None:
    """A hundred levels are read, and no more."""
    deep: Any = 7
    for _ in range(99):
        deep = {"a": deep}
    assert value(f"json: {'$' + '.a' * 99}", deep) == 7
    words = value("json: $.a", {"a": deep, "b": {"a": {"a": deep}}})[1]
    assert words == "its JSON is deeper than 100 levels"


def test_html_has_a_greatest_depth(slowness: float) -> None:
    """Nesting makes parsing slow, so it is looked at first; flat pages may be long."""
    begun = time.process_time()
    words = value("css: b", "<div>" * 1_000_000 + "<b>7</b>")[1]
    assert words == "its HTML is deeper than 1,000 levels"
    words = value("css: b", "<i a=1></x>" * 500_000 + "<b>7</b>")[1]
    assert words == "its HTML is deeper than 1,000 levels"
    assert value("css: b", "<p>one<li>two<div>three</div><br>" * 50_000 + "<b>7</b>") == 7
    assert time.process_time() - begun < 10 * slowness


def test_a_table_has_a_greatest_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows than anyone asks for are not read."""
    monkeypatch.setattr(pick, "_MOST_ROWS", 10)
    assert value("csv: {column: a, row: 1}", "a\n" + "1\n" * 10) == 1
    assert value("csv: {column: a, row: 1}", "a\n" + "1\n" * 11) == (
        "outage", "its table has more than 10 rows")  # fmt: skip


@pytest.mark.parametrize("path", ["$..b..b..z", "$..[?count($..*) == 9]", "$..[?@..[?@..z]]"])
def test_a_path_has_a_time_limit(
    path: str, monkeypatch: pytest.MonkeyPatch, slowness: float
) -> None:
    """However a path multiplies what it looks at, it comes to an end."""
    monkeypatch.setattr(pick, "_PATH_SECONDS", 0.1)
    body: Any = 1
    for _ in range(90):
        body = {"b": body, "c": [1] * 60}
    begun = time.process_time()
    assert value(f"json: '{path}'", body) == ("outage", f"{path} takes too long in it")
    assert time.process_time() - begun < 5 * slowness


@pytest.mark.parametrize(
    ("selector", "page"),
    [("b s s s s s", "<s>" * 900), ("b ~ p", "<p>x" * 100_000)],
    ids=["deep", "long"],
)
def test_a_selector_has_a_time_limit(
    selector: str, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes a power of the page's depth or length is ended."""
    monkeypatch.setattr("argmap.evidence.css._SECONDS", 1.0)
    assert value(f"css: '{selector}'", page) == ("outage", f"{selector} takes too long in it")


def test_a_selector_finds_the_same_on_a_long_page() -> None:
    """A page that is looked at in a process of its own says what it says."""
    page = "<p>x</p>" * 3_000 + "<p id=n title='4'>5</p>"
    assert value("css: '#n'", page) == 5
    assert value("css: '#n', attribute: title", page) == 4
    assert "finds several" in value("css: p", page)[1]


@pytest.mark.parametrize("where", ["regex: '(a|aa)+$'", "json: \"$[?search(@, '(a|aa)+$')]\""])
def test_a_pattern_has_a_time_limit(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that never ends on this page is left, and the measure is unknown."""
    monkeypatch.setattr(pick, "_SECONDS", 0.2)
    begun = time.monotonic()
    body = json.dumps(["a" * 200 + "b"]) if "json" in where else "a" * 200 + "b"
    code, words = value(where, body)
    assert (code, "takes too long" in words) == ("outage", True)
    assert time.monotonic() - begun < 60


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_are_unknown(body: bytes) -> None:
    """Whatever a source says, nothing but an answer or a reason comes of it."""
    page = Page(body, {"content-type": "text/html; charset=utf-16"})
    for find in (
        lambda: pick.by_path(page, "$..a"),
        lambda: pick.by_selector(page, "td"),
        lambda: pick.by_pattern(page.text, "([0-9]+)"),
        lambda: pick.cell(page.rows(), "a", 1),
    ):
        with suppress(Missing, Unreadable):
            find()


# Text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Цена: 7".encode(), "text/plain"),
        ("Цена: 7".encode("cp1251"), "text/plain; charset=windows-1251"),
        ("Цена: 7".encode("koi8-r"), 'text/plain; charset="KOI8-R"'),
        ("Цена: 7".encode("utf-16"), "text/plain"),
        ("Цена: 7".encode("utf-8-sig"), "text/plain; charset=windows-1251"),
        (b"<meta charset='windows-1251'>" + "Цена: 7".encode("cp1251"), "text/html"),
        ("Цена: 7".encode(), "text/plain; charset=no-such-charset"),
        ("Цена: 7".encode(), "text/plain; charset=base64"),
        ("Цена: 7".encode(), "text/plain; charset=unicode_escape"),
    ],
)
def test_text_is_read_in_its_charset(body: bytes, kind: str) -> None:
    """Its mark, the header, what the page says of itself; no codec that is a trap."""
    assert value("regex: 'Цена: ([0-9]+)'", body, {"content-type": kind}) == 7


def test_a_wrong_charset_is_unknown() -> None:
    """What was asked for cannot be found in what is read wrongly; figures still can."""
    body, headers = "Цена: 7".encode("cp1251"), {"content-type": "text/plain; charset=utf-8"}
    assert value("regex: 'Цена: ([0-9]+)'", body, headers)[0] == "no_data"
    assert value("regex: ': ([0-9]+)'", body, headers) == 7


# Dates


@pytest.mark.parametrize(
    ("said", "dated"),
    [
        ("2026-10-09", date(2026, 10, 9)),
        ("2026-10-09T23:59:59Z", date(2026, 10, 9)),
        ("2026-10-09 04:00", date(2026, 10, 9)),
        (1791504000, date(2026, 10, 9)),
        (1791504000000, date(2026, 10, 9)),
        ("1791504000", date(2026, 10, 9)),
        ("Fri, 09 Oct 2026 10:00:00 GMT", date(2026, 10, 9)),
        ("2026-11-24", DAY),  # where the source is, it is tomorrow already
    ],
)
def test_the_data_are_dated_as_the_source_says(said: Any, dated: date) -> None:
    """In the body: a day, a moment, a timestamp."""
    found = seen("json: $.a, date: {json: $.d}", {"a": 1, "d": said})
    assert (found.dated, found.seen) == (dated, DAY)


def test_the_date_may_stand_elsewhere() -> None:
    """In a header, a row, a query's row, the page; else it is the day we asked."""
    headers = {"last-modified": "Fri, 09 Oct 2026 10:00:00 GMT"}
    found = seen("json: $.a, date: {header: Last-Modified}", {"a": 1}, headers)
    assert found.dated == date(2026, 10, 9)
    found = seen("csv: {column: empty, row: -1}, date: {column: date}", TABLE)
    assert found.dated == date(2026, 7, 31)
    query = "SELECT 7 AS value, min(date) AS date FROM t"
    assert seen(f"csv: {{sql: {query!r}}}".replace("'", '"'), TABLE).dated == date(2025, 7, 31)
    page = "<b>7</b><time datetime='2026-10-09T10:00'>"
    found = seen("css: b, date: {css: time, attribute: datetime}", page)
    assert found.dated == date(2026, 10, 9)
    assert seen("css: b", page).dated == DAY


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("json: $.none", ("no_data", "$.none finds nothing")),
        ("json: $.a", ("no_data", "1 is not a date")),
        ("header: Age", ("no_data", "there is no header 'Age'")),
        ("json: $.b", ("no_data", "'next week' is not a date")),
        ("json: $.c", ("too_early", "its data is of 2027-01-01, a day to come")),
    ],
)
def test_a_date_that_is_not_there_is_not_made_up(where: str, said: Any) -> None:
    """Data whose date cannot be read is unknown, as is data of the future."""
    body = {"a": 1, "b": "next week", "c": "2027-01-01"}
    code, words = value(f"json: $.a, date: {{{where}}}", body)
    assert (code, words) == said


# What an author may write


@pytest.mark.parametrize(
    ("fetch", "said"),
    [
        ("{url: ftp://a.example, json: $.a}", "'url': an address begins with https:// and a host"),
        ("{url: 'https://${HOST}/', json: $.a}", "'url': an address begins with https://"),
        ("{url: https://a.example}", "'fetch': a fetch has one of json, csv, css, regex"),
        ("{url: https://a.example, json: $.a, css: b}", "'fetch': a fetch has one of json"),
        ("{url: https://a.example, json: 'a.b'}", "'json': not a JSONPath: expected"),
        ("{url: https://a.example, json: '$.a[?@.b =~ /c/]'}", "'json': not a JSONPath"),
        ("{url: https://a.example, css: 'td['}", "'css': not a CSS selector: td["),
        ("{url: https://a.example, regex: '('}", "'regex': not a pattern: missing )"),
        ("{url: https://a.example, regex: '(a)(b)'}", "'regex': a pattern has one group"),
        ("{url: https://a.example, csv: {}}", "'csv': a table is read by `column` and `row`"),
        ("{url: https://a.example, csv: {column: a, sql: b}}", "'csv': a table is read by"),
        ("{url: https://a.example, json: $.a, attribute: b}", "'fetch': `attribute` is of the"),
        ("{url: https://a.example, json: $.a, date: {}}", "'date': a date stands in one of json"),
        ("{url: https://a.example, json: $.a, date: {column: b}}", "'fetch': `column` is for"),
        ("{url: https://a.example, json: $.a, decimal: '-'}", "'decimal': input should be"),
        ("{url: https://a.example, jsno: $.a}", "unknown key 'jsno' (did you mean 'json'?"),
    ],
)
def test_what_is_wrong_with_a_fetch_is_told_without_asking(fetch: str, said: str) -> None:
    """At its place, when the sheet is read."""
    _, problems = read_sheet(f"measures: {{m: {{fetch: {fetch}}}}}", "s.yaml")
    told = [str(problem).partition(" ")[2].partition(" ")[2] for problem in problems]
    assert any(each.startswith(said) for each in told), told


def test_what_the_config_does_not_allow_is_told_without_asking(tmp_path: Path) -> None:
    """Private hosts, plain http, secrets that are unknown or may not go there: errors."""
    text = """\
measures:
  a: {fetch: {url: http://a.example, json: $.a}}
  b: {fetch: {url: https://10.0.0.1, json: $.a}}
  c: {fetch: {url: https://c.example, json: $.a, headers: {K: "${MINE}"}}}
  d: {fetch: {url: https://d.example, json: $.a, query: {k: "${OTHER}"}}}
checks:
  e: {tests: x, assert: a > b}
"""
    sheet, problems = read_sheet(text, "s.yaml")
    assert problems == []
    rules = Rules(keys=Keys({"MINE": ("other.example",)}))
    world = World(tmp_path, DAY, rules=rules)
    book = Book([sheet])
    checks = list(book.checks.values())
    assert [str(problem).partition(" (")[0] for problem in lint_checks(checks, book, world)] == [
        "s.yaml:2:20: A321 a: a.example is asked over https only",
        "s.yaml:3:20: A321 b: 10.0.0.1 is not a public address",
        "s.yaml:4:14: A322 c: MINE may not be sent to c.example",
        "s.yaml:5:14: A322 d: no secret 'OTHER'",
    ]
    assert run_checks(checks, book, world)["e"].outcome == "error"


# A project over time


class Story:
    """A project with one claim and one fetched measure, run on one day after the other."""

    def __init__(self, root: Path, server: Server, keys: str = "", config: str = "") -> None:
        self.root, self.server = root, server
        (root / "vault").mkdir()
        (root / "claims").mkdir()
        note = "---\ncreated: 2026-11-23\n---\n- Prices are low #claim ^low\n"
        (root / "vault" / "n.md").write_text(note)
        (root / "claims" / "s.yaml").write_text(
            "measures:\n"
            f"  m: {{fetch: {{url: '{server.url('/m')}', json: $.a{keys}}}, unit: USD}}\n"
            "checks:\n  c: {tests: low, assert: m < 5 USD}\n"
        )
        allowed = '[evidence]\nallow_hosts = ["127.0.0.1"]\n'
        (root / "argmap.toml").write_text(allowed + config)
        self.project = Project.open(root)

    def sheet(self, change: Callable[[str], str]) -> None:
        """Change the sheet."""
        path = self.root / "claims" / "s.yaml"
        path.write_text(change(path.read_text()))

    def check(self, day: date, *, asks: bool = True, record: bool = True) -> Checked:
        """Run as of a day, at its noon; without `asks` nothing is fetched."""
        now = datetime(day.year, day.month, day.day, 12).astimezone()
        self.project = Project.open(self.root)
        checked = self.project.read().check(self.project.world(day, now=now if asks else None))
        if record:
            checked.record()
        return checked

    def told(self, day: date, *, asks: bool = True) -> tuple[str, str, bool]:
        """Return the check's outcome, the code of its reason, and whether it is stale."""
        result = self.check(day, asks=asks).results["c"]
        return result.outcome, result.reason.code if result.reason else "", result.stale


@pytest.fixture
def story(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Story:
    _hasten(monkeypatch)
    return Story(tmp_path, server)


def _hasten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test wait as long as a person would."""
    quick = Limits(seconds=60, connect=60, backoff=0.01, patience=1)

    def ask(self: Project, requests: Iterable[Request], now: datetime) -> dict[str, Any]:
        return Web(self._rules, self.raw, quick).fetch(requests, now)

    monkeypatch.setattr(Project, "_ask", ask)


def later(days: int) -> date:
    return DAY + timedelta(days)


def test_a_fetched_value_counts(story: Story) -> None:
    """It is seen today, dated today, and says where it is from."""
    story.server.answers["/m"] = {"a": "3.5"}
    checked = story.check(DAY)
    (observation,) = checked.results["c"].observations
    assert (checked.results["c"].outcome, checked.problems) == ("pass", ())
    assert (observation.dated, observation.seen) == (DAY, DAY)
    assert observation.source == story.server.url("/m")
    assert observation.fetched == NOON.isoformat()
    assert story.project.raw.get(observation.raw) == b'{"a": "3.5"}'
    assert (story.root / ".argmap" / ".gitignore").read_text() == "*\n"


def test_a_source_is_asked_once_in_its_time(story: Story) -> None:
    """Once a day unless stated, however often the project is built; then it is due again."""
    story.server.answers["/m"] = {"a": 3}
    for _ in range(3):
        story.check(DAY)
    assert len(story.server.asked) == 1
    story.check(later(1))
    assert len(story.server.asked) == 2
    story.sheet(lambda text: text.replace("5 USD}", "5 USD, every: 7d}"))
    story.check(later(7))
    assert len(story.server.asked) == 2
    story.check(later(8))
    assert len(story.server.asked) == 3


def test_the_same_on_the_same_day_is_recorded_once(story: Story) -> None:
    """Also where it is fetched again, since another measure wants the same page."""
    story.server.answers["/m"] = {"a": 3, "b": 4}
    story.check(DAY)
    assert not story.check(DAY).record()
    story.sheet(lambda text: text.replace("m < 5 USD", "m < n").replace(
        "checks:", f"  n: {{fetch: {{url: '{story.server.url('/m')}', json: $.b}}, unit: USD}}\n"
        "checks:"))  # fmt: skip
    before = story.check(DAY, asks=False, record=False).results["c"].observations[0]
    after = story.check(DAY).results["c"].observations[0]
    assert len(story.server.asked) == 2
    assert after == before


def test_one_request_serves_all_measures_of_an_address(story: Story) -> None:
    """Ten measures of one page are one request."""
    story.server.answers["/m"] = {f"a{n}": n for n in range(10)}
    url = story.server.url("/m")
    measures = "".join(f"  m{n}: {{fetch: {{url: '{url}', json: $.a{n}}}}}\n" for n in range(10))
    checks = "".join(f"  c{n}: {{tests: low, assert: m{n} == {n}}}\n" for n in range(10))
    story.sheet(lambda _: f"measures:\n{measures}checks:\n{checks}")
    results = story.check(DAY).results
    assert {result.outcome for result in results.values()} == {"pass"}
    assert len(story.server.asked) == 1


def test_what_no_check_reads_is_not_asked(story: Story) -> None:
    """Nor what stands in a sheet for later."""
    story.sheet(lambda text: text.replace("m < 5 USD", "1 < 2"))
    story.check(DAY)
    assert story.server.asked == []


FAULTS: dict[str, Any] = {
    "not found": lambda _: None,
    "its own error": lambda server: server.answers.update({"/m": _status(500)}),
    "not JSON": lambda server: server.answers.update({"/m": "<html>maintenance</html>"}),
    "breaks off": lambda server: server.answers.update({"/m": '{"a": 3'}),
    "a key that vanished": lambda server: server.answers.update({"/m": {"b": 3}}),
    "another type": lambda server: server.answers.update({"/m": {"a": [3]}}),
    "no number": lambda server: server.answers.update({"/m": {"a": "3,5"}}),
    "not a number": lambda server: server.answers.update({"/m": '{"a": NaN}'}),
    "refused": lambda server: server.refuse(),
}


def _status(status: int) -> Any:
    from server import Reply

    return Reply(status=status)


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_fails_the_last_good_value_is_kept(story: Story, fault: str) -> None:
    """It counts, with its own date, as stale, and a warning names the source and says why."""
    story.server.answers["/m"] = {"a": 3}
    story.check(DAY)
    story.server.answers.pop("/m")
    FAULTS[fault](story.server)
    checked = story.check(later(2))
    result = checked.results["c"]
    (observation,) = result.observations
    assert (result.outcome, result.stale, result.reason) == ("pass", True, None)
    assert (observation.value and observation.value.lo) == 3
    assert (observation.dated, observation.seen) == (DAY, DAY)
    (problem,) = checked.problems
    assert problem.code == "A411"
    assert problem.message.startswith("m: 127.0.0.1: ")
    assert problem.message == f"m: {observation.down}"
    assert problem.hint == "its value of 2026-11-23 counts"


@pytest.mark.parametrize("fault", FAULTS)
def test_without_a_value_before_it_is_unknown(story: Story, fault: str) -> None:
    """Never a failure; the other checks go on."""
    story.sheet(lambda text: text + "  d: {tests: low, assert: 1 < 2}\n")
    FAULTS[fault](story.server)
    results = story.check(DAY).results
    assert results["c"].outcome == "unknown"
    assert results["c"].reason
    assert results["c"].reason.code in ("outage", "no_data")
    assert "127.0.0.1" in results["c"].reason.detail
    assert results["d"].outcome == "pass"


def test_an_outage_never_makes_a_claim_lapse(story: Story) -> None:
    """The value expires while the source is down: unknown by the outage, and not lapsed."""
    story.server.answers["/m"] = {"a": 3}
    story.sheet(lambda text: text.replace("unit: USD}", "unit: USD, fresh: 2d, expires: 5d}"))
    assert story.told(DAY) == ("pass", "", False)
    story.server.answers["/m"] = _status(503)
    assert story.told(later(5)) == ("pass", "", True)
    assert story.told(later(6)) == ("unknown", "outage", True)
    claim = story.check(later(6)).judge().claims["n#low"]
    assert claim.then
    assert (claim.then.status, claim.now.status) == ("supported", "unknown")
    assert "lapsed" not in claim.marks


def test_what_expired_at_the_source_lapses(story: Story) -> None:
    """A source that answers with old data is no outage."""
    story.server.answers["/m"] = {"a": 3, "d": "2026-11-20"}
    dated = "json: $.a, date: {json: $.d}}, unit: USD, expires: 5d}"
    story.sheet(lambda text: text.replace("json: $.a}, unit: USD}", dated))
    assert story.told(DAY) == ("pass", "", False)
    assert story.told(later(9)) == ("unknown", "expired", False)
    assert "lapsed" in story.check(later(9)).judge().claims["n#low"].marks


def test_a_source_that_comes_back_counts_again(story: Story) -> None:
    """The new value is of today, and nothing of the outage is left."""
    story.server.answers["/m"] = {"a": 3}
    story.check(DAY)
    story.server.answers["/m"] = _status(503)
    story.check(later(1))
    story.server.answers["/m"] = {"a": 9}
    assert story.told(later(2)) == ("fail", "", False)


def test_offline_nothing_is_asked_and_the_last_value_serves(story: Story) -> None:
    """With its age: it expires as if it were asked for, but that is no news."""
    story.server.answers["/m"] = {"a": 3}
    story.sheet(lambda text: text.replace("unit: USD}", "unit: USD, fresh: 2d, expires: 5d}"))
    assert story.told(DAY, asks=False) == ("unknown", "outage", False)
    story.check(DAY)
    assert story.told(later(1), asks=False) == ("pass", "", False)
    assert story.told(later(3), asks=False) == ("pass", "", True)
    assert story.told(later(9), asks=False) == ("unknown", "outage", True)
    assert len(story.server.asked) == 1


def test_the_past_is_what_was_recorded_by_then(story: Story) -> None:
    """As of a day, the last value recorded no later; nothing is asked, and none is made up."""
    for day, price in ((DAY, 3), (later(4), 9)):
        story.server.answers["/m"] = {"a": price}
        story.check(day)
    assert story.told(later(3)) == ("pass", "", True) or len(story.server.asked) == 3
    asked = len(story.server.asked)
    world = story.project.world(later(2), now=datetime(2026, 12, 1, 12).astimezone())
    assert story.project.read().check(world).results["c"].outcome == "pass"
    world = story.project.world(later(-1), now=datetime(2026, 12, 1, 12).astimezone())
    result = story.project.read().check(world).results["c"]
    assert result.reason
    assert (result.outcome, result.reason.code) == ("unknown", "too_early")
    assert len(story.server.asked) == asked


def test_a_note_of_the_past_does_not_know_what_is_fetched_today(story: Story) -> None:
    """Then, nothing was recorded: unknown, and not what the source says now."""
    note = story.root / "vault" / "n.md"
    note.write_text(note.read_text().replace("2026-11-23", "2026-06-01"))
    story.server.answers["/m"] = {"a": 3}
    item = story.check(DAY).judge().evidence["c"]
    assert item.then
    assert item.then.reason
    assert (item.now.outcome, item.then.outcome) == ("pass", "unknown")
    assert item.then.reason.code == "too_early"


def test_another_question_is_another_value(story: Story) -> None:
    """What was recorded for one path serves no other; a new name or limit changes nothing."""
    story.server.answers["/m"] = {"a": 3, "b": 4}
    story.check(DAY)
    story.sheet(lambda text: text.replace("unit: USD}", "unit: USD, expires: 90d}"))
    assert story.told(DAY, asks=False)[0] == "pass"
    story.sheet(lambda text: text.replace("  m:", "  price:").replace("m < 5", "price < 5"))
    assert story.told(DAY, asks=False)[0] == "pass"
    story.sheet(lambda text: text.replace("$.a", "$.b"))
    assert story.told(DAY, asks=False)[0] == "unknown"


def test_a_machine_without_a_network_says_so_once(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One warning for all sources, and none of them is blamed."""

    def offline(self: Web, requests: Iterable[Request], now: datetime) -> dict[str, Any]:  # noqa: ARG001
        return {each.key: Down("this machine is offline", offline=True) for each in requests}

    monkeypatch.setattr(Web, "fetch", offline)
    url = story.server.url("/n")
    story.sheet(lambda text: text.replace("m < 5 USD", "m < n").replace(
        "checks:", f"  n: {{fetch: {{url: '{url}', json: $.b}}, unit: USD}}\nchecks:"))  # fmt: skip
    checked = story.check(DAY)
    assert [(p.code, p.message) for p in checked.problems] == [("A412", "this machine is offline")]
    assert checked.results["c"].reason
    assert checked.results["c"].reason.code == "outage"


def test_a_full_disk_is_said_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """The value counts; only its bytes are not kept."""

    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    story.server.answers["/m"] = {"a": 3}
    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    checked = story.check(DAY)
    assert checked.results["c"].outcome == "pass"
    assert [problem.code for problem in checked.problems] == ["A413"]


def test_a_build_that_a_source_failed_is_not_taken_for_done(story: Story) -> None:
    """The next build asks again; one where all answered does not."""
    from argmap.building import build_site

    def build() -> bool:
        project = Project.open(story.root)
        step: Any = lambda *_: None  # noqa: E731
        return build_site(project, DAY, online=True, fixed=True, step=step, now=NOON).changed

    assert build()
    story.server.answers["/m"] = {"a": 3}
    assert build()
    assert not build()


# Prices from OpenRouter's list

LIST = {"data": [
    {"id": "qwen/qwen3-8b:free", "canonical_slug": "qwen/qwen3-8b-04-28",
     "pricing": {"prompt": "0", "completion": "0", "request": "0"}},
    {"id": "qwen/qwen3-8b", "canonical_slug": "qwen/qwen3-8b-04-28",
     "pricing": {"prompt": "0.000000035", "completion": "0.000000138", "image": "0"}},
    {"id": "anthropic/claude-sonnet-4.5", "canonical_slug": "anthropic/claude-4.5-sonnet-20250929",
     "pricing": {"prompt": "0.000003", "completion": "0.000015", "input_cache_read": "0.0000003"}},
    {"id": "openrouter/auto", "pricing": {"prompt": "-1", "completion": "-1"}},
    {"id": 7}, "nonsense",
]}  # fmt: skip


@pytest.mark.parametrize(
    ("model", "meter", "found"),
    [
        ("qwen/qwen3-8b", "input", 0.035),
        ("qwen/qwen3-8b-04-28", "output", 0.138),
        ("anthropic/claude-4.5-sonnet-20250929", "cached", 0.3),
        ("anthropic/claude-sonnet-4.5-20250929", "input", 3),  # an older id that genai-prices knows
        ("qwen/qwen3-8b:free", "input", 0),
        ("openrouter/auto", "input", "openrouter/auto: -1 is not a price"),
        ("qwen/qwen3-8b", "cached", "qwen/qwen3-8b has no price for 'cached'"),
        ("qwen/qwen3-80b", "input", "no model 'qwen/qwen3-80b' (did you mean 'qwen/qwen3-8b'?)"),
    ],
)
def test_a_price_from_the_public_list(
    tmp_path: Path, server: Server, model: str, meter: str, found: Any
) -> None:
    """By either id of a model, never of its free variant, in USD per million tokens."""
    server.answers["/models"] = LIST
    stated = (
        f"{{provider: openrouter, model: {model}, meter: {meter}, since: 2025-01-01, live: true}}"
    )
    sheet, problems = read_sheet(
        f"measures: {{p: {{price: {stated}}}}}\nchecks: {{c: {{tests: x, assert: p == p}}}}",
        "s.yaml",
    )
    assert problems == []
    book, rules = Book([sheet]), Rules(["127.0.0.1"])
    world = World(
        tmp_path, DAY, now=NOON, rules=rules, ask=Web(rules).fetch, openrouter=server.url("/models")
    )
    run_checks(list(book.checks.values()), book, world)
    bench = Bench(book, world)
    seen = bench.tell(book.measures["", "p"]).observation
    if isinstance(found, str):
        assert seen.reason
        assert seen.reason.detail == f"p: 127.0.0.1: {found}"
        assert [problem.message for problem in source_problems(bench)] == [f"p: 127.0.0.1: {found}"]
    else:
        assert seen.value
        assert (seen.value.lo, seen.value.unit) == (found, "USD/Mtok")


@pytest.mark.parametrize("stated", ["provider: groq", "provider: openrouter, meter: input_image"])
def test_only_openrouter_has_a_public_list(stated: str) -> None:
    """And only of tokens."""
    meter = "" if "meter" in stated else ", meter: input"
    text = (
        f"measures: {{p: {{price: {{{stated}{meter}, model: m, since: 2025-01-01, live: true}}}}}}"
    )
    (problem,) = read_sheet(text, "s.yaml")[1]
    assert problem.code == "A303"
    assert "OpenRouter" in problem.message or "openrouter" in problem.message


def test_a_listed_price_is_unknown_before_the_model_was_sold(tmp_path: Path) -> None:
    """As of such a day nobody is asked."""
    stated = "{provider: openrouter, model: m, meter: input, since: 2027-01-01, live: true}"
    text = f"measures: {{p: {{price: {stated}}}}}\nchecks: {{c: {{tests: x, assert: p == p}}}}"
    book = Book([read_sheet(text, "s.yaml")[0]])

    def asked(*_: Any) -> dict[str, Any]:
        raise AssertionError

    world = World(tmp_path, DAY, now=NOON, ask=asked)
    reason = run_checks(list(book.checks.values()), book, world)["c"].reason
    assert reason
    assert reason.code == "too_early"


# Secrets

SECRET = "sk-or-v1-0123456789abcdef"  # noqa: S105


@pytest.mark.parametrize("answer", ["good", "echo", "refused", "moved", "number"])
def test_a_secret_is_nowhere_in_what_is_written(
    tmp_path: Path,
    server: Server,
    answer: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """History, pages, raw bytes, caches, logs, problems: all is searched."""
    from server import Reply

    from argmap.pages import write_site

    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("KEY", SECRET)
    _hasten(monkeypatch)
    story = Story(
        tmp_path, server, keys=', headers: {X-Key: "${KEY}"}, query: {key: "${KEY}"}',
        config='[secrets.KEY]\nhosts = ["127.0.0.1"]\n',
    )  # fmt: skip
    server.answers["/m"] = {
        "good": {"a": 3, "key": SECRET},
        "echo": {"a": SECRET},
        "refused": Reply(f"bad key {SECRET}".encode(), 401, {"ETag": SECRET}),
        "moved": Reply(status=302, headers={"Location": f"https://x.example/{SECRET}"}),
        "number": Reply(f'{{"a": "{SECRET}5"}}'.encode(), headers={"ETag": f'"{SECRET}"'}),
    }[answer]
    checked = story.check(DAY)
    report = checked.judge()
    write_site(report, tmp_path / "site")
    assert [asked.headers.get("x-key") for asked in server.asked] == [SECRET]
    assert server.asked[0].path == f"/m?key={SECRET}"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any("history" in path.parts for path in files)
    for path in files:
        content = path.read_bytes()
        assert SECRET.encode() not in content, path
        if path.suffix == ".gz":
            assert SECRET.encode() not in gzip.decompress(content), path
    told = caplog.text + repr(checked) + repr(report) + repr(list(map(str, report.problems)))
    assert SECRET not in told


def test_a_key_that_is_not_set_is_an_outage(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine without the key the last value counts; a clone without one is unknown."""
    monkeypatch.setenv("KEY", SECRET)
    story = Story(
        tmp_path, server, keys=', headers: {X-Key: "${KEY}"}',
        config='[secrets.KEY]\nhosts = ["127.0.0.1"]\n',
    )  # fmt: skip
    server.answers["/m"] = {"a": 3}
    assert story.told(DAY)[0] == "pass"
    monkeypatch.delenv("KEY")
    checked = story.check(later(1))
    assert checked.results["c"].outcome == "pass"
    assert [problem.message for problem in checked.problems] == ["m: 127.0.0.1: KEY is not set"]
    assert len(server.asked) == 1


# The command


def ran(story: Story, *arguments: str) -> str:
    """Return what `argmap evidence` prints."""
    from click.testing import CliRunner

    from argmap.cli import main

    result = CliRunner().invoke(main, ["-C", str(story.root), "evidence", *arguments])
    return f"{result.output}[{result.exit_code}]"


def test_what_was_seen_is_shown_with_what_the_source_said(story: Story) -> None:
    """Of a measure or a check, by a day: value, date, moment, address, bytes."""
    for day, price in ((DAY, 3), (later(4), 9)):
        story.server.answers["/m"] = {"a": price, "trick": "\x1b[2J"}
        story.check(day)
    url = story.server.url("/m")
    lines = ran(story, "c", "--at", "2026-11-25").splitlines()
    assert lines[0] == "m = 3 USD, data of 2026-11-23, in the run of 2026-11-23"
    assert lines[1] == f"  {url}"
    assert lines[2].startswith(f"  asked at {NOON.isoformat()}, answer ")
    assert lines[3] == '  | {"a": 3, "trick": "\\u001b[2J"}'
    told = json.loads(ran(story, "m", "--at", "2026-12-01", "--json").removesuffix("[0]"))
    assert [(each["lo"], json.loads(each["body"])["a"]) for each in told] == [("9.0", 9)]
    assert ran(story, "m", "--at", "2026-11-25", "--raw") == (
        '{"a": 3, "trick": "\\u001b[2J"}[0]')  # fmt: skip
    assert ran(story, "m", "--at", "2026-11-01") == "m: nothing is recorded by then\n[0]"
    assert "did you mean 'm'" in ran(story, "mm")
    assert ran(story).endswith("[2]")


def test_what_a_source_said_does_not_steer_the_terminal(story: Story) -> None:
    """No control sign of a page is printed as it is."""
    story.sheet(lambda text: text.replace("json: $.a", "regex: '=([0-9]+)'"))
    story.server.answers["/m"] = "\x1b]0;title\x07\x9b2J=3\n" + "x" * 3_000
    story.check(DAY)
    printed = ran(story, "m", "--at", str(DAY))
    assert "\x1b" not in printed
    assert "\x07" not in printed
    assert "bytes more; --raw prints all" in printed


def test_of_two_answers_of_a_day_the_later_stays(story: Story) -> None:
    """Clearing away keeps what the value that counts was read from, also on its first day."""
    story.sheet(lambda text: text.replace("5 USD}", "5 USD, every: 0d}"))
    for price in (3, 9):
        story.server.answers["/m"] = {"a": price}
        story.check(DAY)
    assert ran(story, "--prune").startswith("1 file, ")
    assert ran(story, "m", "--at", str(DAY), "--raw") == '{"a": 9}[0]'


def test_old_answers_are_cleared_away(story: Story) -> None:
    """What is behind the last value stays; of an older one is said that it is not kept."""
    for day, price in ((DAY, 3), (later(4), 9)):
        story.server.answers["/m"] = {"a": price}
        story.check(day)
    assert ran(story, "--prune").startswith("1 file, ")
    assert ran(story, "--prune") == "0 files, 0 bytes, cleared away\n[0]"
    assert "is not kept any more" in ran(story, "m", "--at", "2026-11-25")
    assert ran(story, "m", "--at", "2026-12-01", "--raw") == '{"a": 9}[0]'
    assert ran(story, "m", "--at", "2026-11-25", "--raw").endswith("[2]")
