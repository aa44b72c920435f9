"""Checks run: what came out, what was seen, and what is wrong with what was written."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from argmap.evidence.book import Book
from argmap.evidence.checks import lint_checks, same_checks
from argmap.evidence.model import Check, Reason, Result, Side, Value
from argmap.evidence.run import run_checks
from argmap.evidence.sheets import read_sheet
from argmap.evidence.world import World
from argmap.source import Span

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 23)
MEASURES = """
    measures:
      share: {value: 0.04357, as_of: 2026-10-09, source: A router}
      price: {value: 0.10 USD/Mtok, as_of: 2025-07-22, fresh: 30d}
      dear: {value: 2.5 USD/Mtok}
      prompt: {value: 1024 tok}
      use: {value: 0.1 .. 1.0}
      cost: {formula: price / use, unit: USD/Mtok}
      bill: {formula: cost * prompt}
      end: {value: 2026-10-20}
      later: {value: 3, as_of: 2026-12-01}
      odd: {value: 1.7, plausible: 0 .. 1}
      old: {value: 5, as_of: 2024-01-01, expires: 1y}
      broken: {formula: misspelt + 1}
      leans: {formula: broken * 2}
    checks:
"""


def book_of(text: str, path: str = "claims/s.yaml", scope: str = "") -> Book:
    sheet, problems = read_sheet(dedent(text), path, scope=scope, claim=scope)
    assert problems == []
    return Book([sheet])


def run(formula: str, root: Path, day: date = DAY) -> Result:
    """Return what one check came to, over the measures above."""
    book = book_of(f"{MEASURES}      c: {{tests: x, assert: {json.dumps(formula)}}}\n")
    return run_checks(list(book.checks.values()), book, World(root, day))["c"]


@pytest.mark.parametrize(
    ("formula", "outcome", "shown"),
    [
        ("share >= 25 %", "fail", "share (4.4 %) >= 25 %"),
        ("share < 0.05", "pass", "share (0.0436) < 0.05"),
        ("5 % > share", "pass", "5 % > share (4.4 %)"),
        ("share + 1 % < 50 %", "pass", "share (4.4 %) + 1 % < 50 %"),
        ("share * 3 < 50 %", "pass", "share (0.0436) * 3 < 50 %"),
        ("price * 105 % < dear", "pass", "price (0.1 USD/Mtok) * 105 % < dear (2.5 USD/Mtok)"),
        ("price * prompt < 1 ¢", "pass", "price (0.1 USD/Mtok) * prompt (1024 tok) < 1 ¢"),
        ("use > 0.05", "pass", "use (0.1 to 1) > 0.05"),
        ("use > 0.5", "unknown", "use (0.1 to 1) > 0.5"),
        ("today < end", "fail", "today < end (2026-10-20)"),
        ("later > 1", "unknown", "later (?) > 1"),
        ("share < 5 % and later > 1", "unknown", "share (4.4 %) < 5 % and later (?) > 1"),
        ("share < 5 % or later > 1", "pass", "share (4.4 %) < 5 % or later (?) > 1"),
        ("not (share < 5 %)", "fail", "not (share (4.4 %) < 5 %)"),
        ("prompt  >\n  1000 tok", "pass", "prompt (1024 tok) > 1000 tok"),
        ("1 < 2", "pass", "1 < 2"),
        ("share", "error", "share"),
        ("shar >= 25 %", "error", "shar >= 25 %"),
        ("price > 5", "error", "price > 5"),
        ("price >", "error", "price >"),
        ("leans > 1", "error", "leans > 1"),
        ("min(share, 4.36 %) >= 4.36 %", "fail", "min(share (4.357 %), 4.36 %) >= 4.36 %"),
    ],
)
def test_a_check_says_what_it_saw(tmp_path: Path, formula: str, outcome: str, shown: str) -> None:
    """Each measure is followed by its value: in percent beside percent, `?` where unknown."""
    result = run(formula, tmp_path)
    assert (result.outcome, result.shown) == (outcome, shown)


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("use > 0.5", Reason("interval", "0.1 to 1 lies across 0.5")),
        ("later > 1", Reason("too_early", "later is of 2026-12-01", "later")),
        ("odd > 1", Reason("implausible", "odd (1.7) is outside 0 .. 1", "odd")),
        ("old > 1", Reason("expired", "old (5, of 2024-01-01) is older than 365 days", "old")),
        ("1 / (use - 0.1) > 1", Reason("division", "division by what may be 0")),
        ("shar >= 25 %", Reason("error", "no measure 'shar'")),
        ("leans > 1", Reason("error", "leans: broken: no measure 'misspelt'")),
        ("not (use > 0.5)", Reason("interval", "the interval lies across the threshold")),
    ],
)
def test_a_check_says_why_it_cannot_tell(tmp_path: Path, formula: str, reason: Reason) -> None:
    """A code, the particulars, and the measure it hangs on."""
    assert run(formula, tmp_path).reason == reason


def side(text: str, ends: Any, unit: str) -> Side:
    """Return a side of a comparison: its text, its value or both ends of it, and the unit."""
    if ends is None:
        return Side(text, None)
    lo, hi = ends if isinstance(ends, tuple) else (ends, ends)
    return Side(text, Value(lo, hi, unit))


@pytest.mark.parametrize(
    ("formula", "left", "op", "right", "distance"),
    [
        ("share >= 25 %", ("share", 4.357, "%"), ">=", ("25 %", 25.0, "%"), -0.82572),
        ("use > 0.05", ("use", (0.1, 1.0), ""), ">", ("0.05", 0.05, ""), 1.0),
        ("2 > use", ("2", 2.0, ""), ">", ("use", (0.1, 1.0), ""), 1.0),
        ("use > 0.5", ("use", (0.1, 1.0), ""), ">", ("0.5", 0.5, ""), 0.0),
        ("later > 1", ("later", None, ""), ">", ("1", 1.0, ""), None),
        ("share > 0", ("share", 0.04357, ""), ">", ("0", 0.0, ""), None),
        ("(dear) >= (25 USD/Mtok)", ("(dear)", 2.5, "USD/Mtok"),
         ">=", ("(25 USD/Mtok)", 25.0, "USD/Mtok"), -0.9),
        ("(dear >= 25 USD/Mtok)", ("dear", 2.5, "USD/Mtok"),
         ">=", ("25 USD/Mtok", 25.0, "USD/Mtok"), -0.9),
        ("dear < 1 USD/ktok", ("dear", 0.0025, "USD/ktok"),
         "<", ("1 USD/ktok", 1.0, "USD/ktok"), -0.9975),
        ("today < end", ("today", DAY, ""), "<", ("end", date(2026, 10, 20), ""), None),
    ],
)  # fmt: skip
def test_the_sides_and_how_far_apart_they_are(
    tmp_path: Path,
    formula: str,
    left: tuple[str, Any, str],
    op: str,
    right: tuple[str, Any, str],
    distance: float | None,
) -> None:
    """Both sides in one unit, the threshold's; distance at the nearest ends, of the threshold."""
    result = run(formula, tmp_path)
    assert (result.left, result.op, result.right) == (side(*left), op, side(*right))
    assert result.distance == (None if distance is None else pytest.approx(distance))


@pytest.mark.parametrize(
    ("formula", "reach"),
    [
        ("use > 0.5", (-0.8, 1.0)),
        ("use > 0.05", None),  # on one side of it
        ("share >= 25 %", None),
        ("use > use - 0.5", None),  # the threshold may be 0
    ],
)
def test_how_far_an_interval_lies_on_either_side(
    tmp_path: Path, formula: str, reach: tuple[float, float] | None
) -> None:
    """What cannot be told apart from its threshold may be so far below, or above."""
    found = run(formula, tmp_path).reach
    assert found == (reach and pytest.approx(reach))


def test_a_formula_that_is_no_single_comparison_has_no_sides(tmp_path: Path) -> None:
    """Of `and`, there is no left and right to draw."""
    result = run("share < 5 % and use > 0.05", tmp_path)
    assert (result.left, result.op, result.right, result.distance) == (None, "", None, None)


def test_a_check_tells_all_it_rests_on(tmp_path: Path) -> None:
    """The measures it reads, then what those come from; the oldest date; stale if any is."""
    result = run("bill < 1 USD and share < 5 %", tmp_path)
    seen = [observation.measure for observation in result.observations]
    assert seen == ["bill", "share", "cost", "prompt", "price", "use"]
    assert result.dated == date(2025, 7, 22)
    assert result.stale
    assert not run("share < 5 %", tmp_path).stale


def test_each_observation_is_complete(tmp_path: Path) -> None:
    """What, of when, seen when, from where, by which definition."""
    (seen,) = run("share < 5 %", tmp_path).observations
    assert (seen.measure, seen.kind, seen.value) == ("share", "value", Value(0.04357, 0.04357))
    assert (seen.dated, seen.seen, seen.source) == (date(2026, 10, 9), DAY, "A router")
    assert len(seen.definition) == 12


def test_one_error_leaves_the_others(tmp_path: Path) -> None:
    """A check that is wrong is wrong alone, and results keep the order of the checks."""
    book = book_of("""
        measures: {share: {value: 4 %}}
        checks:
          wrong: {tests: x, assert: nothing > 1}
          right: {tests: x, assert: share < 5 %}
        """)
    results = run_checks(list(book.checks.values()), book, World(tmp_path, DAY))
    assert [(name, each.outcome) for name, each in results.items()] == [
        ("wrong", "error"),
        ("right", "pass"),
    ]


def test_a_missing_file_is_an_error_of_its_checks(tmp_path: Path) -> None:
    """The check is wrong, not failed, and the others run."""
    book = book_of("""
        measures:
          a: {table: {file: none.csv, sql: SELECT 1}}
          b: {value: 1}
        checks:
          one: {tests: x, assert: a > 1}
          two: {tests: x, assert: a > 1 or b == 1}
        """)
    results = run_checks(list(book.checks.values()), book, World(tmp_path, DAY))
    assert [result.outcome for result in results.values()] == ["error", "pass"]


def inline(formula: str, scope: str = "SLM") -> Check:
    """Return a check as a note holds it."""
    span = Span(f"vault/{scope}.md", 7, 3)
    return Check(
        f"{scope}#trio", "Trio", formula, span, replace(span, column=20), "supports", scope=scope
    )


def test_the_name_of_a_check_shares_its_result(tmp_path: Path) -> None:
    """`check:: trio-leads` in a note is the sheet's check, under the evidence's own id."""
    book = book_of(f"{MEASURES}      trio-leads: {{tests: x, assert: share >= 25 %}}\n")
    checks = [*book.checks.values(), inline(" trio-leads ")]
    assert [problem.code for problem in lint_checks(checks, book)] == ["A305"]  # of `broken`
    results = run_checks(checks, book, World(tmp_path, DAY))
    assert results["SLM#trio"] == replace(results["trio-leads"], check="SLM#trio")
    assert book.readers(checks)["", "share"] == ("trio-leads", "SLM#trio")


def test_a_check_that_names_itself_is_wrong(tmp_path: Path) -> None:
    """Names of checks that lead in a circle end as formulas that do not read."""
    book = book_of("""
        measures: {m: {value: 1}}
        checks:
          a-a: {tests: x, assert: b-b}
          b-b: {tests: x, assert: a-a}
        """)
    results = run_checks(list(book.checks.values()), book, World(tmp_path, DAY))
    assert [result.outcome for result in results.values()] == ["error", "error"]


def test_a_notes_own_names_go_before_global_ones(tmp_path: Path) -> None:
    """A measure of a note's block is that note's alone."""
    own, _ = read_sheet("measures: {m: {value: 1}}", "vault/SLM.md", scope="SLM")
    all_, _ = read_sheet("measures: {m: {value: 2}, n: {value: 3}}", "claims/s.yaml")
    book = Book([all_, own])
    assert book.problems == []
    results = run_checks(
        [inline("m + n == 4"), inline("m + n == 5", "B")], book, World(tmp_path, DAY)
    )
    assert [result.outcome for result in results.values()] == ["pass", "pass"]


def test_a_name_given_twice_is_a_problem() -> None:
    """A304 stands at the second, and says where the first is; the first counts."""
    one, _ = read_sheet(
        "measures: {m: {value: 1}}\nchecks: {c: {tests: x, assert: m < 2}}", "claims/a.yaml"
    )
    two, _ = read_sheet(
        "checks: {c: {tests: x, assert: m > 2}}\nmeasures: {m: {value: 2}}", "claims/b.yaml"
    )
    book = Book([one, two])
    assert [str(problem) for problem in book.problems] == [
        "claims/b.yaml:2:12: A304 'm' stands already at claims/a.yaml:1:12",
        "claims/b.yaml:1:10: A304 'c' stands already at claims/a.yaml:2:10",
    ]
    assert book.measures["", "m"].path == "claims/a.yaml"


# Definitions


def definition(text: str) -> str:
    book = book_of(text)
    return book.definition_of(book.checks["c"])


def test_a_definition_is_what_matters() -> None:
    """Its hash changes with the threshold or a measure below, not with spaces, notes, sources."""
    text = """
        measures:
          a: {formula: b * 2}
          b: {value: 3, note: old, source: one, as_of: 2026-01-01}
        checks:
          c: {tests: x, assert: a > 25 %, title: Words}
        """
    first = definition(text)
    assert len(first) == 12
    assert (
        definition(text.replace("old", "new").replace("one", "two").replace("Words", "W")) == first
    )
    assert definition(text.replace("a > 25 %", "25% < a")) == first
    for before, after in [("25 %", "5 %"), ("b * 2", "b * 3"), ("value: 3", "value: 4")]:
        assert definition(text.replace(before, after)) != first


# Problems


@pytest.mark.parametrize(
    ("measures", "check", "problem"),
    [
        ("a: {value: 1}", "aa > 2", "4:26: A305 no measure 'aa'"),
        ("abcd: {value: 1}", "1 < abdc", "4:30: A305 no measure 'abdc' (did you mean 'abcd'?)"),
        ("b: {value: 1}", "b > ", "4:29: A306 the formula ends too early"),
        ("a: {value: 1 USD}", "a > 1", "4:28: A307 USD > a bare number: units that do not fit"),
        ("a: {value: 1}", "a + 1", "4:26: A307 a check needs a comparison"),
        ("a: {value: 1 USDD}", "today > 2000-01-01", "2:16: A307 no unit 'USDD'"),
        ("a: {value: 1, unit: tik}", "today > 2000-01-01", "2:23: A307 no unit 'tik'"),
        (
            "a: {value: 1 USD, unit: tok}",
            "today > 2000-01-01",
            "2:14: A307 USD does not fit the unit tok",
        ),
        (
            "a: {value: 1 USD, plausible: 0 .. 1 tok}",
            "today > 2000-01-01",
            "2:32: A307 tok does not fit",
        ),
        (
            "a: {value: 1 USD, plausible: often}",
            "today > 2000-01-01",
            "2:32: A303 a value is a number",
        ),
        ("a: {value: b}", "today > 2000-01-01", "2:14: A303 a value is a number"),
        ("a: {formula: 1 +}", "today > 2000-01-01", "2:19: A306 the formula ends too early"),
        ("a: {formula: 1 < 2}", "today > 2000-01-01", "2:16: A307 a measure is a quantity"),
        (
            "a: {formula: '1', unit: tok}",
            "today > 2000-01-01",
            "2:27: A307 the formula yields a bare number",
        ),
        ("a: {formula: a + 1}", "a > 1", "2:16: A310 measures depend on each other: a → a"),
        ("h: {value: 1}", "today > 2000-01-01", "2:3: A313 'h' is also a unit"),
        (
            "kWh: {value: 1}",
            "(today - 2000-01-01) * 1 kWh > 2 day * 1 kWh",
            "2:3: A313 'kWh' is also a unit",
        ),
        ("a: {value: 1}", "1 < h", "4:30: A305 no measure 'h' (a unit follows its number: 1 h)"),
    ],
)
def test_what_is_wrong_is_found_without_running(measures: str, check: str, problem: str) -> None:
    """Each problem stands where the author looks: in the formula, at the unit, at the name."""
    book = book_of(f"measures:\n  {measures}\nchecks:\n  c: {{tests: x, assert: '{check}'}}\n")
    (line,) = [str(each).removeprefix("claims/s.yaml:") for each in lint_checks([], book)]
    assert line.startswith(problem)


def test_a_formula_of_several_lines_has_places_in_each() -> None:
    """Below a bar, each line of the sheet is a line of the formula."""
    book = book_of("""
        measures: {m: {value: 1}}
        checks:
          c:
            tests: x
            assert: |
              m < 2
              and mm < 3
        """)
    assert [str(problem.span) for problem in lint_checks([], book)] == ["claims/s.yaml:8:11"]


def test_a_loop_is_told_once_with_its_path() -> None:
    """At the measure that stands first; what leans on the loop is silent."""
    book = book_of("""
        measures:
          c: {formula: a}
          a: {formula: b + 1}
          b: {formula: 2 * a}
        checks:
          x: {tests: x, assert: c > 1}
        """)
    problems = [str(problem) for problem in lint_checks([], book)]
    assert problems == ["claims/s.yaml:4:16: A310 measures depend on each other: a → b → a"]


def test_a_fault_is_told_where_it_lies() -> None:
    """What reads a broken measure is not blamed for it."""
    problems = lint_checks([], book_of(f"{MEASURES}      c: {{tests: x, assert: leans > 1}}\n"))
    assert [problem.code for problem in problems] == ["A305"]


def test_checks_that_say_the_same_count_twice() -> None:
    """On one claim; whichever way round, by name, or through a note. The later one is warned of."""
    book = book_of("""
        measures: {m: {value: 1}, n: {value: 1}}
        checks:
          one: {tests: x, assert: m < 2}
          two: {supports: x, assert: 2 > m}
          three: {tests: y, assert: m < 2}
          four: {tests: x, assert: n < 2}
        """)
    pairs = [(check, ["y" if check.id == "three" else "x"]) for check in book.checks.values()]
    pairs.append((inline("one"), ["x"]))
    problems = same_checks(pairs, book)
    assert [(problem.code, str(problem.span)) for problem in problems] == [
        ("A312", "claims/s.yaml:5:3"),
        ("A312", "vault/SLM.md:7:3"),
    ]
    assert "'one'" in problems[0].message
