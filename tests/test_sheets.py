"""Sheets: what an author may write, and how he is told what is wrong with it."""

from __future__ import annotations

from datetime import date, timedelta
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from argmap.claims.model import Source, Target
from argmap.evidence.book import Book
from argmap.evidence.checks import lint_checks
from argmap.evidence.sheets import read_sheet, read_sheets, sheet_schema
from argmap.source import Span

if TYPE_CHECKING:
    from pathlib import Path

    from argmap.evidence.book import Sheet

PATH = "claims/market.yaml"


def read(text: str, **options: str | int) -> tuple[Sheet, list[str]]:
    """Return a sheet and its problems, as lines without the path."""
    sheet, problems = read_sheet(dedent(text).lstrip("\n"), PATH, **options)  # type: ignore[arg-type]
    return sheet, [str(problem).removeprefix(f"{PATH}:") for problem in problems]


SHEET = """
    measures:
      gpu_hour: {value: 1.29 USD/hour, source: "https://a.org", as_of: 2026-08-01, fresh: 90d}
      prompt:    {value: 1024}
      lite:
        price: {provider: google, model: gemini-2.5-flash-lite, meter: input, since: 2025-07-22}
        expires: 1y
      share:
        table:
          file: data/shares.csv
          sql: |
            SELECT share AS value, date FROM t
        plausible: 0 .. 1
      both:      {formula: "min(prompt, 2 tok)", unit: tok}
    checks:
      trio-leads:
        title: The trio leads
        tests: market
        assert: share >= 25 %
        weight: 2
        source: OpenRouter
        url: https://openrouter.ai/rankings
        note: all traffic
        expect: pass
        from: 2025-01-01
        until: 2026-12-31
      cheap:
        attacks: [economics, "[[SLM#^future]]"]
        assert: "gpu_hour < 2 USD/hour"
"""


def test_a_sheet_holds_measures_and_checks() -> None:
    """Every key of the design is read."""
    sheet, problems = read(SHEET)
    assert problems == []
    kinds = {name: measure.kind for name, measure in sheet.measures.items()}
    assert kinds == {
        "gpu_hour": "value", "prompt": "value", "lite": "price", "share": "table",
        "both": "formula",
    }  # fmt: skip
    gpu = sheet.measures["gpu_hour"].model
    assert (gpu.fresh, gpu.source) == (timedelta(days=90), "https://a.org")
    assert sheet.measures["lite"].model.expires == timedelta(days=365)
    leads = sheet.checks["trio-leads"]
    assert (leads.bearing, leads.against, leads.weight) == ("tests", False, 2.0)
    assert leads.sources == (Source("OpenRouter", "https://openrouter.ai/rankings"),)
    assert (leads.title, leads.note, leads.expect) == ("The trio leads", "all traffic", "pass")
    assert leads.window is not None
    assert (leads.window.from_, leads.window.until) == (date(2025, 1, 1), date(2026, 12, 31))


def test_each_thing_knows_its_place() -> None:
    """Checks and measures, formulas (behind a quote, below a bar) and targets have exact places."""
    sheet, _ = read(SHEET)
    assert sheet.measures["gpu_hour"].span == Span(PATH, 2, 3)
    assert sheet.measures["both"].formula_span == Span(PATH, 13, 25)
    assert sheet.measures["share"].place("table", "sql") == Span(PATH, 11, 9)
    assert sheet.measures["share"].place("table", "nothing") == Span(PATH, 9, 7)
    assert sheet.checks["trio-leads"].formula_span == Span(PATH, 18, 13)
    assert sheet.checks["cheap"].formula_span == Span(PATH, 28, 14)
    one, other = sheet.checks["cheap"].targets
    assert one == Target("economics", Span(PATH, 27, 15))
    assert isinstance(other, Target)
    assert other.link is not None
    assert (other.link.target, other.link.subpath, other.span.column) == ("SLM", "^future", 27)


def test_attacks_speak_against() -> None:
    """A check that attacks speaks against its claims when it passes."""
    cheap = read(SHEET)[0].checks["cheap"]
    assert (cheap.bearing, cheap.against, cheap.title) == ("attacks", True, "cheap")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("checks: [", "2:1: A301 not YAML"),
        ("- a", "1:1: A303 a sheet must be names with values"),
        ("mesures: {}", "1:1: A302 unknown key 'mesures' (did you mean 'measures'?"),
        ("measures: 3", "1:11: A303 measures must be names with values"),
        ("measures: {a: 3}", "1:15: A303 a measure has one of value, price, table, fetch, formula"),
        ("measures: {a: {unit: USD}}", "1:12: A303 a measure has one of"),
        ("measures: {a: {tabel: {}}}", "1:16: A302 unknown key 'tabel' (did you mean 'table'?)"),
        ("measures: {a: {fetch: {}}}", "1:16: A303 'fetch' needs the key 'url'"),
        ("measures: {a: {scrape: {}}}", "1:16: A302 unknown key 'scrape' (a measure has one of"),
        ("measures: {a: {value: 1, formula: b}}", "1:26: A303 a measure has one of"),
        ("measures: {a-b: {value: 1}}", "1:12: A303 'a-b' cannot be the name of a measure"),
        ("measures: {1a: {value: 1}}", "1:12: A303 '1a' cannot be"),
        ("measures: {today: {value: 1}}", "1:12: A303 'today' is a word of formulas"),
        ("measures: {a: {value: 1, frehs: 90d}}",
         "1:26: A302 unknown key 'frehs' (did you mean 'fresh'?"),
        ("measures: {a: {value: 1, fresh: soon}}", "1:33: A303 'fresh': a duration is"),
        ("measures: {a: {value: 1, fresh: 90}}", "1:33: A303 'fresh': a duration is"),
        ("measures: {a: {value: 1, fresh: 0d}}", "1:33: A303 'fresh': should be a day at least"),
        ("measures: {a: {value: 1, expires: 0mo}}",
         "1:35: A303 'expires': should be a day at least"),
        ("measures: {a: {value: 1, as_of: 2026-13-01}}", "1:33: A303 'as_of': no day"),
        ("measures: {a: {value: 1, as_of: 20260801}}", "1:33: A303 'as_of': a date is written"),
        ("measures: {a: {value: true}}", "1:23: A303 'value': should be text"),
        ("measures: {a: {value: [1, 2]}}", "1:23: A303 'value': should be text"),
        ("measures: {a: {value: null}}", "1:23: A303 'value': should be text"),
        ("measures: {a: {max_jmp: 3, value: 1}}",
         "1:16: A302 unknown key 'max_jmp' (did you mean 'max_jump'?"),
        ("measures: {a: {price: x}}", "1:23: A303 'price': should hold keys with values"),
        ("measures: {a: {price: {provider: p, model: m, meter: input}}}",
         "1:16: A303 'price' needs the key 'since'"),
        ("measures: {a: {price: {provider: p, model: m, meter: inpt, since: 2025-01-01}}}",
         "1:54: A303 'meter'"),
        ("measures: {a: {table: {file: x, sqll: y}}}",
         "1:33: A302 unknown key 'sqll' (did you mean 'sql'?"),
        ("checks: {a: {assert: b}}", "1:10: A303 a check needs one of tests, supports, attacks"),
        ("checks: {a: {assert: b, tests: }}", "1:10: A303 a check needs one of"),
        ("checks: {a: {assert: b, tests: []}}",
         "1:32: A303 'tests': should be the name of a claim"),
        ("checks: {a: {assert: b, tests: x, attacks: y}}", "1:35: A303 a check has one of"),
        ("checks: {a: {tests: x}}", "1:10: A303 'a' needs the key 'assert'"),
        ("checks: {a: {asert: b, tests: x, assert: c}}", "1:14: A302 unknown key 'asert'"),
        ("checks: {a: {assert: b, test: x}}",
         "1:25: A302 unknown key 'test' (did you mean 'tests'?"),
        ("checks: {a: {assert: b, tests: x, from: 2026-10-10, until: 2026-09-01}}",
         "1:60: A303 'until': it ends on 2026-09-01, before it begins"),
        ("checks: {a: {assert: b, tests: x, for: 0}}", "1:40: A303 'for': "),
        ("checks: {a: {assert: b, tests: x, for: 2d}}", "1:40: A303 'for': should be a"),
        ("checks: {a: {assert: b, tests: x, every: day}}", "1:42: A303 'every': a duration is"),
        ("checks: {a: {assert: b, tests: x, weight: heavy}}",
         "1:43: A303 'weight': should be a number"),
        ("checks: {a: {assert: b, tests: x, weight: true}}",
         "1:43: A303 'weight': should be a number"),
        ("checks: {a: {assert: b, tests: x, weight: -1}}", "1:43: A303 'weight'"),
        ("checks: {a: {assert: b, tests: x, weight: .nan}}", "1:43: A303 'weight'"),
        ("checks: {a: {assert: b, tests: x, expect: yes}}", "1:43: A303 'expect'"),
        ("checks: {a: b < c}", "1:13: A303 a check has `assert`"),
        ("checks: {-a: {assert: b, tests: x}}", "1:10: A303 '-a' cannot be the name of a check"),
        ("measures: {a: {value: 1}, a: {value: 2}}", "1:27: A304 'a' is given twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(text: str, problem: str) -> None:
    """One problem: its code, its line and column, what is expected there."""
    _, problems = read(text)
    assert len(problems) == 1
    assert problems[0].startswith(problem)


@pytest.mark.parametrize(
    ("measure", "problem"),
    [
        ("{value: 3, plausible: 1 .. 0}", "1:38: A303 1 .. 0 goes from the larger to"),
        ("{value: 3, plausible: 2 .. 1 %}", "1:38: A303 2 .. 1 % goes from the larger to"),
        ("{value: -5 .. -6 %}", "1:24: A303 -5 .. -6 % goes from the larger to"),
        ("{value: 2026-12-01 .. 2026-01-01}", "1:24: A303 2026-12-01 .. 2026-01-01 goes from"),
        ('{fetch: {urll: "https://example.org", json: $.a}}',
         "1:25: A302 unknown key 'urll' (did you mean 'url'?"),
        ("{formla: 3 + 4}", "1:17: A302 unknown key 'formla' (did you mean 'formula'?"),
    ],
)  # fmt: skip
def test_one_mistake_is_one_problem(measure: str, problem: str) -> None:
    """What reads a measure that is written wrongly is not said to be wrong as well."""
    text = (
        f"measures: {{it: {measure}, twice: {{formula: 2 * it}}}}\n"
        "checks: {a: {tests: x, assert: it > 3}, b: {tests: x, assert: twice > 3}}\n"
    )
    sheet, problems = read_sheet(text, "s.yaml")
    found = [*problems, *lint_checks([], Book([sheet]))]
    assert len(found) == 1, found
    assert str(found[0]).startswith(f"s.yaml:{problem}")


def test_the_valid_keys_are_listed() -> None:
    """An unknown key's hint names all keys that may stand there, as an author writes them."""
    _, problems = read("checks: {a: {assert: b, tests: x, zzz: 2}}")
    keys = (
        "title, tests, supports, attacks, assert, weight, source, url, note, for, every, expect, "
        "from, until"
    )
    assert problems == [f"1:35: A302 unknown key 'zzz' (valid keys: {keys})"]


def test_one_bad_item_does_not_lose_the_others() -> None:
    """A misspelt measure and a bad check leave the good ones standing, each with its problem."""
    sheet, problems = read("""
        measures:
          good: {value: 1}
          bad: {vlaue: 1}
        checks:
          right: {tests: x, assert: good < 2}
          wrong: {tests: x, asert: good < 2, weight: much}
        """)
    assert list(sheet.measures) == ["good"]
    assert list(sheet.checks) == ["right"]
    assert [line.split()[1] for line in problems] == ["A302", "A302", "A303"]


def test_an_empty_sheet_is_fine() -> None:
    """Nothing, or keys with nothing behind them."""
    for text in ("", "# only a comment", "measures:\nchecks:\n"):
        sheet, problems = read_sheet(text, PATH)
        assert (dict(sheet.measures), dict(sheet.checks), problems) == ({}, {}, [])


def test_a_block_of_a_note_bears_on_the_claim_above() -> None:
    """In a note a target may be left out; names are the note's own; places are the note's."""
    text = (
        "measures: {a: {value: 1}}\nchecks:\n  one: {assert: a < 2}\n  two: {tests: , assert: a}\n"
    )
    sheet, problems = read_sheet(
        text, "vault/SLM.md", first_line=12, first_column=3, scope="SLM", claim="SLM#market"
    )
    assert problems == []
    one, two = sheet.checks.values()
    assert (one.id, one.targets, one.bearing) == ("SLM#one", ("SLM#market",), "supports")
    assert (two.id, two.targets, two.bearing) == ("SLM#two", ("SLM#market",), "tests")
    assert one.span == Span("vault/SLM.md", 14, 5)
    assert sheet.measures["a"].key == ("SLM", "a")


def test_text_stays_text() -> None:
    """What YAML could take for numbers, dates, yes and no is read as the author means it."""
    sheet, problems = read("""
        measures:
          end:   {value: 2026-10-20, source: 2026}
          third: {value: 0.25}
          early: {value: -5 .. 5 %}
        checks:
          no: {tests: "yes", assert: end > today}
        """)
    assert problems == []
    assert sheet.measures["third"].model.model_dump()["value"] == "0.25"
    assert "no" in sheet.checks


def test_sheets_of_a_folder_are_read_in_order(tmp_path: Path) -> None:
    """Only sheets: not data, not the history, not what was set aside, and nothing unreadable."""
    for name in ("b.yaml", "a.yml", "acks.yaml", "data/x.yaml", "history/y.yaml", "z.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("measures: {}")
    (tmp_path / "c.yaml").write_bytes("measures: {доля: {value: 1}}".encode("cp1251"))
    sheets, problems = read_sheets(tmp_path, "claims")
    assert [sheet.path for sheet in sheets] == ["claims/a.yml", "claims/b.yaml"]
    assert [str(problem.span) for problem in problems] == ["claims/c.yaml:1:1"]
    assert read_sheets(tmp_path / "none", "claims") == ([], [])


def test_the_schema_knows_what_the_reader_knows() -> None:
    """The JSON Schema names every kind and key, and lets no other stand."""
    schema = sheet_schema()
    assert schema["additionalProperties"] is False
    check = schema["$defs"]["CheckModel"]
    assert set(check["properties"]) >= {"assert", "tests", "supports", "attacks", "from", "weight"}
    assert check["additionalProperties"] is False
    refs = schema["properties"]["measures"]["additionalProperties"]["oneOf"]
    kinds = [each["$ref"].rpartition("/")[2] for each in refs]
    assert kinds == ["Value", "Price", "Table", "Fetch", "Formula"]
    assert schema["$defs"]["Value"]["required"] == ["value"]
