"""Checks + measures + world -> results: each measure is asked once, each check says what it saw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from argmap.evidence.formula import (
    Arithmetic,
    Call,
    Compare,
    Expr,
    FormulaError,
    Known,
    Name,
    Negative,
    all_names,
    evaluate,
    parts,
)
from argmap.evidence.literal import read_literal
from argmap.evidence.measure import Ask, Fault, Seen
from argmap.evidence.model import Observation, Reason, Result, Side, Value
from argmap.evidence.quantity import (
    DATE,
    PERCENT,
    TRUTH,
    Interval,
    Unit,
    base_unit,
    show,
    to_value,
)
from argmap.evidence.formula import Number as NumberNode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argmap.evidence.book import Book, MeasureDef, Parsed
    from argmap.evidence.model import Check
    from argmap.evidence.world import World


@dataclass(frozen=True, slots=True)
class Told:
    """What a measure was: to compute with, to show, and, if the author erred, what is wrong."""

    known: Interval | Reason
    observation: Observation
    fault: Fault | None = None


class Bench:
    """Runs checks in one world; what a measure was is found out once."""

    def __init__(self, book: Book, world: World) -> None:
        self.book = book
        self.world = world
        self.told: dict[tuple[str, str], Told] = {}

    def tell(self, measure: MeasureDef) -> Told:
        """Return what a measure was as of the world's date."""
        if measure.key not in self.told:
            self.told[measure.key] = self._find_out(measure)
        return self.told[measure.key]

    def _find_out(self, measure: MeasureDef) -> Told:
        try:
            unit = self.book.unit_of(measure)
        except FormulaError as error:
            return self._unknown(measure, _wrong(measure, error.message))
        ask = Ask(measure, self.book, self.world, unit, lambda name: self._read(name, measure))
        seen = measure.model.observe(ask)
        if isinstance(seen, Fault):
            reason = _wrong(measure, seen.message)
            return replace(self._unknown(measure, reason), fault=seen)
        if isinstance(seen, Reason):
            return self._unknown(measure, _named(seen, measure))
        return self._dated(measure, unit, seen)

    def _read(self, name: str, reader: MeasureDef) -> tuple[Interval | Reason, Observation]:
        measure = self.book.find(name, reader.scope)
        if measure is None:  # not after `unit_of`, which knows all names
            raise KeyError(name)
        told = self.tell(measure)
        return told.known, told.observation

    def _dated(self, measure: MeasureDef, unit: Unit, seen: Seen) -> Told:
        """Hold a value against `expires`, `plausible` and `fresh`."""
        value = to_value(seen.interval, unit)
        reason = _expired(measure, seen, value, self.world.as_of) or self._odd(measure, seen, unit)
        if value is None:
            reason = Reason(
                "implausible", f"{measure.name} is no day of the calendar", measure.name
            )
        fresh = measure.model.fresh
        old = bool(fresh and seen.dated and self.world.as_of - seen.dated > fresh)
        observation = self._observation(measure, seen.source, seen.url, None if reason else value)
        observation = replace(observation, dated=seen.dated, stale=old or seen.stale, reason=reason)
        return Told(reason or seen.interval, observation)

    def _odd(self, measure: MeasureDef, seen: Seen, unit: Unit) -> Reason | None:
        plausible = measure.model.plausible
        if plausible is None:
            return None
        try:
            (lo, hi), _ = read_literal(plausible, self.book.units, unit)
        except FormulaError as error:
            return _wrong(measure, f"plausible: {error.message}")
        if lo <= seen.interval[0] and seen.interval[1] <= hi:
            return None
        value = to_value(seen.interval, unit)
        detail = f"{measure.name} ({show(value) if value else '?'}) is outside {plausible}"
        return Reason("implausible", detail, measure.name)

    def _unknown(self, measure: MeasureDef, reason: Reason) -> Told:
        return Told(reason, replace(self._observation(measure, "", "", None), reason=reason))

    def _observation(
        self, measure: MeasureDef, source: str, url: str, value: Value | None
    ) -> Observation:
        model = measure.model
        words = model.source or source
        address = model.url or url
        if not address and words.startswith(("https://", "http://")):
            address = words
        return Observation(
            measure=measure.name,
            kind=measure.kind,
            value=value,
            seen=self.world.as_of,
            source=words,
            url=address,
            definition=self.book.definition(measure),
        )

    # Checks

    def run(self, check: Check) -> Result:
        """Return what a check came to."""
        definition = self.book.definition_of(check)
        try:
            parsed = self.book.formula(check.formula, check.scope)
            if parsed.dims != TRUTH.dims:
                raise FormulaError("A307", "a check needs a comparison")
        except FormulaError as error:
            reason = Reason("error", error.message)
            return Result(check.id, "error", check.formula, reason, definition=definition)
        return self._result(check, parsed, definition)

    def _result(self, check: Check, parsed: Parsed, definition: str) -> Result:
        read = [self.book.find(name, check.scope) for name in parsed.reads]
        measures = [measure for measure in read if measure]
        told = {measure.name: self.tell(measure) for measure in measures}
        known = {name: each.known for name, each in told.items()}
        truth = evaluate(parsed.expr, known, self.world.as_of)
        observations = self._all_observations(measures)
        result = Result(
            check=check.id,
            outcome=_outcome(truth),
            shown=self._shown(check, parsed.expr, told),
            reason=truth if isinstance(truth, Reason) else None,
            dated=min((each.dated for each in observations if each.dated), default=None),
            stale=any(each.observation.stale for each in told.values()),
            observations=observations,
            definition=definition,
        )
        if isinstance(parsed.expr, Compare):
            result = self._with_sides(result, check, parsed.expr, known)
        return _explained(result)

    def _all_observations(self, measures: list[MeasureDef]) -> tuple[Observation, ...]:
        """Return what was seen: the measures in order, then what they were computed from."""
        found: dict[tuple[str, str], Observation] = {}
        waiting = list(measures)
        while waiting:
            measure = waiting.pop(0)
            if measure.key not in found:
                found[measure.key] = self.tell(measure).observation
                waiting.extend(self._inputs(measure))
        return tuple(found.values())

    def _inputs(self, measure: MeasureDef) -> list[MeasureDef]:
        formula = getattr(measure.model, "formula", None)
        if measure.kind != "formula" or not formula:
            return []
        try:
            reads = self.book.formula(formula, measure.scope).reads
        except FormulaError:
            return []
        found = [self.book.find(name, measure.scope) for name in reads]
        return [each for each in found if each]

    # What is shown

    def _with_sides(
        self, result: Result, check: Check, expr: Compare, known: Mapping[str, Interval | Reason]
    ) -> Result:
        unit = self._common_unit(expr, check)
        sides = [evaluate(side, known, self.world.as_of) for side in (expr.left, expr.right)]
        left, right = (to_value(s, unit) if isinstance(s, tuple) else None for s in sides)
        texts = _side_texts(check.formula, expr)
        return replace(
            result,
            left=Side(texts[0], left),
            op=expr.op,
            right=Side(texts[1], right),
            distance=None if unit.dims == DATE.dims else _distance(*sides),
        )

    def _common_unit(self, expr: Compare, check: Check) -> Unit:
        """Return the unit for both sides: of the threshold, else of the measures."""
        dims = self._dims(expr.left, check.scope)
        for side in (expr.right, expr.left):
            for unit in self.book.units_in(side, check.scope):
                if unit.dims == dims and (unit.text != "%" or _additive(side, unit)):
                    return unit
        return base_unit(dims)

    def _dims(self, expr: Expr, scope: str) -> tuple[tuple[str, int], ...]:
        from argmap.evidence.formula import check_units

        found = {name.name: self.book.find(name.name, scope) for name in all_names(expr)}
        return check_units(
            expr,
            {name: self.book.unit_of(measure).dims for name, measure in found.items() if measure},
        )

    def _shown(self, check: Check, expr: Expr, told: Mapping[str, Told]) -> str:
        """Return the formula with the value of each measure in brackets behind its name."""
        percent = self._in_percent(expr)
        pieces, done = [], 0
        for name in all_names(expr):
            end = name.at + len(name.name)
            value = told[name.name].observation.value
            if value and name in percent and not value.unit:
                value = _as_percent(value)
            pieces += [check.formula[done:end], f" ({show(value) if value else '?'})"]
            done = end
        return "".join([*pieces, check.formula[done:]]).strip()

    def _in_percent(self, expr: Expr) -> set[Name]:
        """Return the names that stand, as a whole side or a summand, beside a `%` literal."""
        if not isinstance(expr, Compare):
            return set().union(*(self._in_percent(part) for part in parts(expr)), set())
        summands = [*_summands(expr.left), *_summands(expr.right)]
        if not any(isinstance(each, NumberNode) and each.unit == PERCENT for each in summands):
            return set()
        return {each for each in summands if isinstance(each, Name)}


def run_checks(checks: Sequence[Check], book: Book, world: World) -> dict[str, Result]:
    """Run checks as of the world's date; results by check id, in the order given.

    A check whose formula is exactly the name of a sheet's check shares its result.
    """
    bench = Bench(book, world)
    shared = {**book.checks, **{check.id: check for check in checks}}
    results: dict[str, Result] = {}
    for check in checks:
        meant = named_check(check, shared)
        results[check.id] = replace(bench.run(meant or check), check=check.id)
    return results


def named_check(check: Check, checks: Mapping[str, Check]) -> Check | None:
    """Return the check that a formula is exactly the name of, the note's own before the global."""
    name = check.formula.strip()
    for key in (f"{check.scope}#{name}", name):
        if key in checks and key != check.id:
            return checks[key]
    return None


def _outcome(truth: Known) -> str:
    if isinstance(truth, bool):
        return "pass" if truth else "fail"
    return "error" if isinstance(truth, Reason) and truth.code == "error" else "unknown"


def _explained(result: Result) -> Result:
    """Say in words what an interval does to a comparison."""
    reason = result.reason
    if not reason or reason.code != "interval" or reason.detail:
        return result
    detail = "the interval lies across the threshold"
    if result.left and result.right and result.left.value and result.right.value:
        detail = f"{show(result.left.value)} lies across {show(result.right.value)}"
    return replace(result, reason=replace(reason, detail=detail))


def _wrong(measure: MeasureDef, message: str) -> Reason:
    return Reason("error", f"{measure.name}: {message}", measure.name)


def _named(reason: Reason, measure: MeasureDef) -> Reason:
    """Give a reason the name of the measure it arose in, unless it has one."""
    if reason.measure:
        return reason
    return replace(reason, measure=measure.name, detail=f"{measure.name}: {reason.detail}")


def _expired(measure: MeasureDef, seen: Seen, value: Value | None, as_of: date) -> Reason | None:
    expires = measure.model.expires
    if not expires or not seen.dated or as_of - seen.dated <= expires:
        return None
    shown = show(value) if value else "?"
    detail = f"{measure.name} ({shown}, of {seen.dated}) is older than {expires.days} days"
    return Reason("expired", detail, measure.name)


def _distance(left: Known, right: Known) -> float | None:
    """Return (left − right) / |right| at the nearest ends; 0 where they overlap."""
    if not isinstance(left, tuple) or not isinstance(right, tuple):
        return None
    if left[0] > right[1]:
        gap, end = left[0] - right[1], right[1]
    elif left[1] < right[0]:
        gap, end = left[1] - right[0], right[0]
    else:
        return 0.0
    return gap / abs(end) if end else None


def _side_texts(formula: str, expr: Compare) -> tuple[str, str]:
    left, right = formula[: expr.at].strip(), formula[expr.end :].strip()
    while left.count("(") > left.count(")") and left.startswith("("):
        left, right = left[1:].strip(), right.removesuffix(")").strip()
    return left, right


def _summands(expr: Expr) -> list[Expr]:
    match expr:
        case Arithmetic("+" | "-" | "..", left, right):
            return [*_summands(left), *_summands(right)]
        case Negative(of):
            return _summands(of)
        case Call(_, some):
            return [each for part in some for each in _summands(part)]
    return [expr]


def _additive(side: Expr, unit: Unit) -> bool:
    """Say whether a `%` is a share of its own here, not a factor as in `price * 105 %`."""
    return any(
        isinstance(each, Name) or (isinstance(each, NumberNode) and each.unit == unit)
        for each in _summands(side)
    )


def _as_percent(value: Value) -> Value:
    if isinstance(value.lo, date) or isinstance(value.hi, date):
        return value
    return Value(value.lo * 100, value.hi * 100, "%")
