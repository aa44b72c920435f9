"""Checks that nothing could turn, queries that find nothing, reasons that are one."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from argmap.evidence.book import Book
from argmap.evidence.checks import lint_checks
from argmap.evidence.sheets import read_sheet
from argmap.evidence.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from argmap import Project

    Make = Callable[..., Project]

DAY = date(2026, 11, 23)
MEASURES = """\
measures:
  share: {value: 4 %, plausible: 0 .. 1}
  rest: {formula: 1 - share}
  both: {formula: share + rest}
  price: {value: 3 USD}
  cost: {value: 2 USD, plausible: 1 .. 5 USD}
  end: {value: 2026-10-20, plausible: 2026-01-01 .. 2027-01-01}
checks:
  c: {tests: x, assert: FORMULA}
"""


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("1 < 2", "it always passes: it reads no measure"),
        ("2 USD < 1 USD or 3 > 4", "it always fails: it reads no measure"),
        ("1 / 0 > 1", "it always stays unknown: it reads no measure"),
        ("share <= 100 %", "it always passes: whatever is seen within `plausible`"),
        ("share > 120 %", "it always fails: whatever is seen within `plausible`"),
        ("rest >= 0", "it always passes: whatever is seen within `plausible`"),
        ("both < 3", "it always passes: whatever is seen within `plausible`"),
        ("cost < 6 USD or price > 2 USD", "it always passes: whatever is seen within `plausible`"),
        ("end > 2025-01-01", "it always passes: whatever is seen within `plausible`"),
        ("share <= share + cost / 1 USD", "it always passes: whatever is seen within `plausible`"),
        ("share < 25 %", ""),
        ("price < 6 USD", ""),
        ("cost < 4 USD", ""),
        ("today > 2000-01-01", ""),
        ("end > 2026-05-01", ""),
        ("share <= 1 and price > 2 USD", ""),
    ],
)
def test_a_check_that_nothing_could_turn_is_told(formula: str, told: str) -> None:
    """Constants, and what `plausible` rules out; a typed-in value may be typed in anew."""
    sheet, problems = read_sheet(MEASURES.replace("FORMULA", json.dumps(formula)), "claims/s.yaml")
    assert problems == []
    found = [f"{each.code} {each.message}" for each in lint_checks([], Book([sheet]))]
    assert found == ([f"A316 {told}"] if told else [])


@pytest.mark.parametrize(
    ("where", "codes"),
    [
        ("town = 'Ashbey'", ["A317"]),
        ("town = 'Ashby'", []),
        ("town = 'Ashby' AND date <= :as_of", []),
        ("town = 'Later' AND date <= :as_of", []),
    ],
)
def test_a_query_that_finds_nothing_ever_is_told(
    tmp_path: Path, where: str, codes: list[str]
) -> None:
    """One that finds nothing so far, since its data are of later days, is not."""
    (tmp_path / "d.csv").write_text("town,let,date\nAshby,3,2026-01-01\nLater,4,2027-01-01\n")
    sql = f"SELECT let AS value, date FROM t WHERE {where}"  # noqa: S608
    text = f"measures: {{m: {{table: {{file: d.csv, sql: {json.dumps(sql)}}}}}}}\n"
    book = Book([read_sheet(text, "s.yaml")[0]])
    assert [each.code for each in lint_checks([], book, World(tmp_path, DAY))] == codes


JUDGED = """
    - Cheap is good #claim ^cheap
        - So a study says #evidence (source:: https://a.example) (judged:: 2026-01-05)
          (expires:: 2026-03-01) ^one
        - And another table of it #evidence (source:: https://{host}.example) (judged:: 2026-01-06)
          ^two
"""


@pytest.mark.parametrize(("day", "codes"), [("2026-03-01", []), ("2026-03-02", ["A219"])])
def test_an_expired_judgement_is_told(project: Make, day: str, codes: list[str]) -> None:
    """From the day after its last one."""
    made = project({"n.md": JUDGED.format(host="b")})
    report = made.report(date.fromisoformat(day))
    assert [each.code for each in report.problems] == codes


@pytest.mark.parametrize(("host", "told"), [("a", ["'n#cheap': 2 reasons, 1 source"]), ("b", [])])
def test_reasons_that_share_one_source_are_told(project: Make, host: str, told: list[str]) -> None:
    """They are worth one; the claim says so."""
    report = project({"n.md": JUDGED.format(host=host)}).report(date(2026, 2, 1))
    assert [each.message for each in report.problems if each.code == "A220"] == told
    assert report.claims["n#cheap"].basis.one_source == bool(told)
