"""What is wrong with measures and checks, found without running anything that needs a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.evidence.formula import FormulaError
from argmap.evidence.literal import read_bounds
from argmap.evidence.quantity import TRUTH
from argmap.evidence.run import Bench
from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argmap.evidence.book import Book, MeasureDef
    from argmap.evidence.model import Check
    from argmap.evidence.world import World


def lint_checks(checks: Sequence[Check], book: Book, world: World | None = None) -> list[Problem]:
    """Return all problems of a project's measures and checks, sorted by place.

    Without a world only what is written is looked at; with one, the data files (A308), the queries
    (A309) and the price list (A311) as well, as of its date.
    """
    problems = [*book.problems]
    for measure in book.measures.values():
        problems += _of_measure(measure, book)
    problems += _loops(book)  # known once all measures were looked at
    for check in {**book.checks, **{check.id: check for check in checks}}.values():
        if book.meant(check) is check:
            problems += _of_check(check, book)
    problems += _named_like_units(book)  # known once all formulas were read
    if world is not None:
        problems += data_problems(book, world)
    return sorted(set(problems), key=lambda each: (each.span, each.code, each.message))


def data_problems(book: Book, world: World) -> list[Problem]:
    """Return what is wrong with the data behind measures: A308, A309, A311."""
    bench = Bench(book, world)
    told = [(measure, bench.tell(measure).fault) for measure in book.measures.values()]
    return [
        Problem(
            fault.code, measure.place(*fault.key), f"{measure.name}: {fault.message}", fault.hint
        )
        for measure, fault in told
        if fault
    ]


def same_checks(pairs: Iterable[tuple[Check, Sequence[str]]], book: Book) -> list[Problem]:
    """Warn of checks that say the same on the same claim (A312): they count twice.

    `pairs` are checks, each with the ids of the claims it bears on.
    """
    seen: dict[tuple[str, str], Check] = {}
    problems: list[Problem] = []
    for check, targets in sorted(pairs, key=lambda pair: (pair[0].span, pair[0].id)):
        said = book.definition_of(book.meant(check))
        for target in targets:
            other = seen.setdefault((said, target), check)
            if other is not check:
                message = f"says the same about {target!r} as {other.id!r}, and counts twice"
                problems.append(Problem("A312", check.span, message))
                break
    return problems


def _of_measure(measure: MeasureDef, book: Book) -> list[Problem]:
    problems: list[Problem] = []
    try:
        unit = book.unit_of(measure)
    except FormulaError as error:
        written = "" if error.key else str(getattr(measure.model, measure.kind))
        return [*problems, *_problem(error, measure.place(error.key or measure.kind), written)]
    plausible = measure.model.plausible
    if plausible is not None:
        try:
            read_bounds(plausible, book.units, unit)
        except FormulaError as error:
            problems += _problem(error, measure.place("plausible"), plausible)
    return problems


def _named_like_units(book: Book) -> list[Problem]:
    used = book.unit_words()
    return [
        Problem("A313", measure.span, f"{name!r} is also a unit, and means that behind a number")
        for (_, name), measure in book.measures.items()
        if name in used or book.units.is_common(name)
    ]


def _loops(book: Book) -> list[Problem]:
    problems = []
    for key, path in book.loops.items():
        measure = book.measures[key]
        message = f"measures depend on each other: {' → '.join(path)}"
        problems.append(Problem("A310", measure.formula_span or measure.span, message))
    return problems


def _of_check(check: Check, book: Book) -> list[Problem]:
    try:
        parsed = book.formula(check.formula, check.scope)
    except FormulaError as error:
        return _problem(error, check.formula_span, check.formula)
    if parsed.dims != TRUTH.dims:
        hint = "compare it with something: >= 25 %"
        return [Problem("A307", check.formula_span, "a check needs a comparison", hint)]
    return []


def _problem(error: FormulaError, start: Span, text: str) -> list[Problem]:
    """Point into the formula; what is wrong with a measure it reads is said there."""
    if error.inherited:
        return []
    above = text[: error.column - 1].split("\n")
    place = Span(start.path, start.line + len(above) - 1, start.column + len(above[-1]))
    return [Problem(error.code, place, error.message, error.hint)]
