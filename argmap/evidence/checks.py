"""What is wrong with measures, checks, their data and sources; no network is asked here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from argmap.evidence.computed import Formula
from argmap.evidence.formula import FormulaError, evaluate
from argmap.evidence.literal import read_bounds, read_jump
from argmap.evidence.model import Reason
from argmap.evidence.quantity import TRUTH
from argmap.evidence.request import Answer, Down
from argmap.evidence.run import Bench
from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argmap.evidence.book import Book
    from argmap.evidence.formula import Parsed
    from argmap.evidence.measure import MeasureDef
    from argmap.evidence.model import Check, Observation
    from argmap.evidence.quantity import Interval
    from argmap.evidence.run import Told
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


def data_problems(book: Book, world: World, bench: Bench | None = None) -> list[Problem]:
    """Return what is wrong with the data behind measures: A308, A309, A311, A317, A321, A322.

    `bench` is where the checks ran, if they did.
    """
    bench = bench or Bench(book, world)
    ever = Bench(book, world.at(date.max))
    problems = []
    for measure in book.measures.values():
        told = bench.tell(measure)
        if fault := told.fault:
            place, message = measure.place(*fault.key), f"{measure.name}: {fault.message}"
            problems.append(Problem(fault.code, place, message, fault.hint))
        elif measure.kind == "table" and _is_empty(told) and _is_empty(ever.tell(measure)):
            message = f"{measure.name}: the query finds nothing, whatever the day"
            problems.append(Problem("A317", measure.place("table", "sql"), message))
    return problems


def _is_empty(told: Told) -> bool:
    return isinstance(told.known, Reason) and told.known.code == "no_data"


def source_problems(bench: Bench) -> list[Problem]:
    """Return a warning for each source that was asked in vain (A411), or one of no network (A412).

    The first measure that reads it is its place. A413 says that answers could not be kept.
    """
    problems: dict[str, Problem] = {}
    for measure in sorted(bench.book.measures.values(), key=lambda measure: measure.span):
        request = measure.model.request(bench.world)
        answer = bench.world.answers.get(request.key) if request else None
        if isinstance(answer, Down) and answer.offline:
            hint = "what was recorded last counts"
            return [Problem("A412", measure.span, "this machine is offline", hint)]
        if isinstance(answer, Answer) and answer.problem:
            problems.setdefault("raw", Problem("A413", measure.span, answer.problem))
        seen = bench.tell(measure).observation
        if request and answer and (why := _in_vain(seen)):
            kept = f"its value of {seen.dated or seen.seen} counts" if seen.value else ""
            place = measure.place(measure.kind, "url")
            problems.setdefault(why, Problem("A411", place, f"{measure.name}: {why}", kept))
    return list(problems.values())


def _in_vain(seen: Observation) -> str:
    """Return why a source said nothing of use; empty where it did."""
    if seen.down or seen.reason is None or seen.reason.code not in ("outage", "no_data"):
        return seen.down
    return seen.reason.detail.removeprefix(f"{seen.measure}: ")


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
    for key, read in (("plausible", read_bounds), ("max_jump", read_jump)):
        written = getattr(measure.model, key)
        try:
            if written is not None:
                read(written, book.units, unit)
        except FormulaError as error:
            problems += _problem(error, measure.place(key), written)
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
    return [] if book.reads_today(check) else _settled(check, parsed, book)


def _settled(check: Check, parsed: Parsed, book: Book) -> list[Problem]:
    """Warn of a check that comes out the same whatever is seen: nothing could turn it."""
    bounds = {name: _bounds(book.find(name, check.scope), book) for name in parsed.reads}
    truth = evaluate(parsed.expr, bounds, date.min)
    if not isinstance(truth, bool) and parsed.reads:
        return []
    why = "whatever is seen within `plausible`" if parsed.reads else "it reads no measure"
    comes = ("passes" if truth else "fails") if isinstance(truth, bool) else "stays unknown"
    message = f"it always {comes}: {why}"
    return [Problem("A316", check.formula_span, message, "hold it against what could turn it")]


def _bounds(measure: MeasureDef | None, book: Book) -> Interval | Reason:
    """Return what a measure may ever be and count, where its author says so."""
    if measure is None:
        return Reason("error")
    if measure.model.plausible is not None:
        try:
            return read_bounds(measure.model.plausible, book.units, book.unit_of(measure))
        except FormulaError:
            return Reason("error")
    if not isinstance(measure.model, Formula):
        return Reason("no_data")
    parsed = book.formula(measure.model.formula, measure.scope)  # the check, which reads it, fits
    inner = {name: _bounds(book.find(name, measure.scope), book) for name in parsed.reads}
    known = evaluate(parsed.expr, inner, date.min)
    return Reason("error") if isinstance(known, bool) else known


def _problem(error: FormulaError, start: Span, text: str) -> list[Problem]:
    """Point into the formula; what is wrong with a measure it reads is said there."""
    if error.inherited:
        return []
    above = text[: error.column - 1].split("\n")
    place = Span(start.path, start.line + len(above) - 1, start.column + len(above[-1]))
    return [Problem(error.code, place, error.message, error.hint)]
