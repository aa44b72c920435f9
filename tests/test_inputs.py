"""What formulas share through the measures they read, and which input the answer hangs on."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from argmap.evidence.book import Book
from argmap.evidence.run import Bench
from argmap.evidence.sheets import read_sheet
from argmap.evidence.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from argmap.evidence.model import Result

DAY = date(2026, 11, 23)
MEASURES = """
measures:
  use: {value: 0.1 .. 1}
  hour: {value: 1.2 .. 1.3 USD}
  calls: {value: 100 .. 300}
  price: {value: 1 ¢}
  own: {formula: hour / use}
  rent: {formula: calls * price}
  saved: {formula: own - rent}
  rest: {formula: 1 - use}
  whole: {formula: use + rest}
  twice: {formula: own * 2}
  expired: {value: 3 USD, as_of: 2020-01-01, expires: 1y}
  costly: {formula: expired + hour}
  deep0: {formula: use + use}
"""
DEEP = "".join(f"  deep{i + 1}: {{formula: deep{i} + deep{i}}}\n" for i in range(40))


def run(tmp_path: Path, formula: str) -> Result:
    text = f"{MEASURES}{DEEP}checks:\n  c: {{tests: x, assert: {json.dumps(formula)}}}\n"
    sheet, problems = read_sheet(text, "claims/s.yaml")
    assert problems == []
    book = Book([sheet])
    return Bench(book, World(tmp_path, DAY)).run(book.checks["c"])


@pytest.mark.parametrize(
    ("formula", "outcome"),
    [
        ("twice > own", "pass"),
        ("twice < own", "fail"),
        ("own == own", "pass"),
        ("whole == 1", "pass"),
        ("use + rest == 1", "pass"),
        ("twice / own == 2", "pass"),
        ("own + hour >= own + 1 USD", "pass"),
        ("own * use <= 1.3 USD", "pass"),
        ("own > rent", "unknown"),
        ("whole > 1", "fail"),
    ],
)
def test_what_two_measures_share_is_one_value(tmp_path: Path, formula: str, outcome: str) -> None:
    """A formula that is split into measures comes to the same as in one piece."""
    assert run(tmp_path, formula).outcome == outcome


@pytest.mark.parametrize(
    ("formula", "hangs"),
    [
        ("own > rent", "use"),
        ("own > 2 USD", "use"),
        ("hour > 1.25 USD", "hour"),
        ("rent > 2 USD", "calls"),
        ("saved > 0 USD", "use"),
        ("own * use > 1.25 USD", "hour"),
        ("costly > 1 USD", "expired"),
        ("hour > 1 USD and expired > 1 USD", "expired"),
        ("hour > 1 USD or expired > 1 USD", "hour"),
        ("own > 2 USD and hour > 1 USD", "use"),
        ("own > 1 USD", "use"),
        ("price > 1 ¢", ""),
        ("whole > 0.5", ""),
        ("1 < 2", ""),
        ("missing > 1", ""),
        ("deep40 > 2", "deep40"),
    ],
)
def test_the_input_the_answer_hangs_on_most(tmp_path: Path, formula: str, hangs: str) -> None:
    """The one that is not known, else the interval that would narrow the difference most."""
    assert run(tmp_path, formula).hangs == hangs
