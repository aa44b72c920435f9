"""docs/evidence.md says what is so: each of its examples is run."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from argmap.evidence.book import Book
from argmap.evidence.checks import lint_checks
from argmap.evidence.formula import FormulaError, evaluate
from argmap.evidence.kinds import KINDS
from argmap.evidence.model import Check, Observation, Result
from argmap.evidence.quantity import show, to_value
from argmap.evidence.run import Bench, run_checks
from argmap.evidence.sheets import CheckModel, read_sheet
from argmap.evidence.world import World
from argmap.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (Path(__file__).parent.parent / "docs" / "evidence.md").read_text("utf-8")
DAY = date(2026, 11, 23)
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SHEETS = [
    (text, BLOCKS[i + 1][1].splitlines()) for i, (kind, text) in enumerate(BLOCKS) if kind == "yaml"
]
FORMULAS = [
    tuple(line.split(" => "))
    for kind, text in BLOCKS
    if kind == "formula"
    for line in text.splitlines()
]
NAMED = """\
measures: {rent: {value: 1150 EUR/month}, share: {value: 4.4 %}, use: {value: 0.1 .. 1}}
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a project with the page's data file."""
    (tmp_path / "claims" / "data").mkdir(parents=True)
    (csv,) = [text for kind, text in BLOCKS if kind == "csv"]
    (tmp_path / "claims" / "data" / "rents.csv").write_text(csv, "utf-8")
    return World(tmp_path, DAY)


@pytest.mark.parametrize(("text", "lines"), SHEETS)
def test_a_sheet_comes_to_what_stands_below_it(text: str, lines: list[str], world: World) -> None:
    """Its problems, then each measure, then each check."""
    assert list(_told(text, world)) == lines


def _told(text: str, world: World) -> Iterator[str]:
    sheet, problems = read_sheet(text, "claims/s.yaml")
    book = Book([sheet])
    checks = list(book.checks.values())
    problems += sorted(lint_checks(checks, book, world), key=lambda problem: problem.code)
    yield from (str(problem).removeprefix("claims/s.yaml:") for problem in problems)
    bench = Bench(book, world)
    yield from (_measure(bench.tell(each).observation) for each in book.measures.values())
    yield from (_check(result) for result in run_checks(checks, book, world).values())


def _measure(seen: Observation) -> str:
    if seen.reason or seen.value is None:
        assert seen.reason is not None
        return f"{seen.measure} is unknown ({seen.reason.code}): {seen.reason.detail}"
    dated = f", of {seen.dated}" if seen.dated else ""
    return f"{seen.measure} = {show(seen.value)}{dated}{', stale' if seen.stale else ''}"


def _check(result: Result) -> str:
    why = f" ({result.reason.detail})" if result.reason else ""
    return f"{result.check} {result.outcome}: {result.shown}{why}"


@pytest.mark.parametrize(("formula", "comes_to"), FORMULAS)
def test_a_formula_comes_to_what_stands_behind_it(
    formula: str, comes_to: str, world: World
) -> None:
    """A value, true, false, cannot tell and why, or what is wrong with it."""
    book = Book([read_sheet(NAMED, "claims/s.yaml")[0]])
    try:
        parsed = book.formula(formula)
    except FormulaError as error:
        said = f"{error.code} {error.message}"
    else:
        if parsed.dims == (("truth", 1),):
            said = _truth(formula, book, world)
        else:
            bench = Bench(book, world)
            known = {name: bench.tell(book.measures["", name]).known for name in parsed.reads}
            interval = evaluate(parsed.expr, known, DAY)
            assert isinstance(interval, tuple)
            value = to_value(interval, parsed.unit)
            said = show(value) if value else "?"
    assert said == comes_to


def _truth(formula: str, book: Book, world: World) -> str:
    check = Check("x", "", formula, Span("s"), Span("s"), "tests")
    result = run_checks([check], book, world)["x"]
    if result.reason:
        return f"cannot tell: {result.reason.detail}"
    return {"pass": "true", "fail": "false"}[result.outcome]


def test_every_key_stands_on_the_page() -> None:
    """What an author may write is said."""
    keys = [field.alias or name for name, field in CheckModel.model_fields.items()]
    for kind in KINDS.values():
        keys += kind.model_fields
    for key in keys:
        assert f"`{key}`" in PAGE, key
