"""Checks + measures + world -> results: each measure is asked once, each check says what it saw."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from argmap.evidence.acks import set_aside
from argmap.evidence.expression import Compare, Expr, Name, Number, all_names, parts, summands
from argmap.evidence.fetch import fetch_due
from argmap.evidence.formula import FormulaError, evaluate
from argmap.evidence.inputs import Opened, hangs_on, narrower, opened, shares
from argmap.evidence.intervals import Known, less
from argmap.evidence.literal import read_bounds, read_jump
from argmap.evidence.measure import Ask, Fetched, Seen
from argmap.evidence.model import Fault, Observation, Reason, Result, Side, Value
from argmap.evidence.quantity import (
    DATE,
    PERCENT,
    TRUTH,
    Interval,
    Unit,
    base_unit,
    from_value,
    show,
    to_value,
)
from argmap.evidence.steady import steady

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from argmap.evidence.book import Book
    from argmap.evidence.formula import Parsed
    from argmap.evidence.measure import MeasureDef
    from argmap.evidence.model import Ack, Check, Outcome
    from argmap.evidence.world import World


_MOST_EXTRA = 7


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
        self._came: dict[tuple[str, str], Result] = {}  # formulas to, by where they stand

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
        ask = Ask(
            measure,
            self.book.units,
            self.world,
            unit,
            partial(self.book.formula, scope=measure.scope),
            lambda name: self._read(name, measure),
            lambda expr, known: self._evaluate(expr, measure.scope, known),
        )
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

    def _known(self, measure: MeasureDef) -> Interval | Reason:
        return self.tell(measure).known

    def _evaluate(self, expr: Expr, scope: str, known: Mapping[str, Interval | Reason]) -> Known:
        """Evaluate a formula; what two measures in it are both computed from is one value."""
        plain = evaluate(expr, known, self.world.as_of)
        is_open = isinstance(plain, Reason) and plain.code in ("interval", "division")
        if not is_open and not isinstance(plain, tuple):
            return plain
        if not shares(expr, scope, self.book, self._known):
            return plain
        whole = opened(expr, scope, self.book, self._known)
        return narrower(plain, evaluate(*whole, self.world.as_of)) if whole else plain

    def _hangs(
        self, expr: Expr, scope: str, truth: Known, known: Mapping[str, Interval | Reason]
    ) -> str:
        if not known or (isinstance(truth, Reason) and truth.code == "error"):
            return ""
        whole = opened(expr, scope, self.book, self._known) or Opened(expr, known)
        return hangs_on(whole, truth, self.world.as_of)

    def _dated(self, measure: MeasureDef, unit: Unit, seen: Seen) -> Told:
        """Hold a value against `expires`, `plausible` and `fresh`."""
        value = to_value(seen.interval, unit)
        reason = _expired(measure, seen, value, self.world.as_of) or self._odd(measure, seen, unit)
        reason = (
            reason or self._retracted(measure, seen, value) or self._jumped(measure, seen, unit)
        )
        if value is None:
            reason = Reason(
                "implausible", f"{measure.name} is no day of the calendar", measure.name
            )
        fresh = measure.model.fresh
        old = bool(fresh and seen.dated and self.world.as_of - seen.dated > fresh)
        observation = self._observation(measure, seen.source, seen.url, None if reason else value)
        observation = replace(
            _with_origin(observation, seen.fetched),
            dated=seen.dated,
            stale=old or seen.stale,
            reason=reason,
            said=value if reason else None,
            stale_from=_day_after(seen.dated, fresh),
            unknown_from=_day_after(seen.dated, measure.model.expires),
        )
        return Told(reason or seen.interval, observation)

    def _odd(self, measure: MeasureDef, seen: Seen, unit: Unit) -> Reason | None:
        plausible = measure.model.plausible
        if plausible is None:
            return None
        try:
            lo, hi = read_bounds(plausible, self.book.units, unit)
        except FormulaError as error:
            return _wrong(measure, f"plausible: {error.message}")
        if lo <= seen.interval[0] and seen.interval[1] <= hi:
            return None
        value = to_value(seen.interval, unit)
        detail = f"{measure.name} ({show(value) if value else '?'}) is outside {plausible}"
        return Reason("implausible", detail, measure.name)

    def _retracted(self, measure: MeasureDef, seen: Seen, value: Value | None) -> Reason | None:
        """Say that a person took this very value back."""
        observation = self._observation(measure, seen.source, seen.url, value)
        because = self.world.before.retracted(replace(observation, dated=seen.dated))
        if not because:
            return None
        shown = f"{show(value) if value else '?'}{f', of {seen.dated}' if seen.dated else ''}"
        return Reason(
            "retracted", f"{measure.name} ({shown}) was retracted: {because}", measure.name
        )

    def _jumped(self, measure: MeasureDef, seen: Seen, unit: Unit) -> Reason | None:
        """Hold a value against the last one that counted, whatever its date."""
        written = measure.model.max_jump
        last = self._last_good(measure) if written is not None else None
        if written is None or last is None or last.value is None:
            return None
        try:
            most, relative = read_jump(written, self.book.units, unit)
        except FormulaError as error:
            return _wrong(measure, f"max_jump: {error.message}")
        before = from_value(last.value, self.book.units)
        if not leaps(before, seen.interval, most, relative=relative):
            return None
        value = to_value(seen.interval, unit)
        was, now = show(last.value), show(value) if value else "?"
        of = f", of {last.dated}" if last.dated else ""
        far = f"{measure.name} ({now}) is further than {written} from the last good value"
        return Reason("jump", f"{far} ({was}{of})", measure.name)

    def _last_good(self, measure: MeasureDef) -> Observation | None:
        definition = self.book.definition(measure)
        return self.world.before.last_good(measure.name, definition, self.world.as_of)

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
        """Return what a check came to; two that say the same in the same place are run once."""
        place = check.scope if check.scope in self.book.scopes else ""
        if (place, check.formula) not in self._came:
            self._came[place, check.formula] = self._run(check)
        came = self._came[place, check.formula]
        return came if came.check == check.id else replace(came, check=check.id)

    def _run(self, check: Check) -> Result:
        definition = self.book.definition_of(check)
        wrong = "a check needs a comparison"
        try:
            parsed = self.book.formula(check.formula, check.scope)
            if parsed.dims == TRUTH.dims:
                return self._result(check, parsed, definition)
        except FormulaError as error:
            wrong = error.message
        shown, reason = " ".join(check.formula.split()), Reason("error", wrong)
        return Result(check.id, "error", shown, reason, definition=definition)

    def _result(self, check: Check, parsed: Parsed, definition: str) -> Result:
        read = [self.book.find(name, check.scope) for name in parsed.reads]
        measures = [measure for measure in read if measure]
        text = unicodedata.normalize("NFC", check.formula)
        told = {measure.name: self.tell(measure) for measure in measures}
        known = {name: each.known for name, each in told.items()}
        truth = self._evaluate(parsed.expr, check.scope, known)
        observations = tuple(
            self.tell(measure).observation for measure in self.book.with_inputs(measures)
        )
        expr = parsed.expr
        sides = self._sides(check, expr, known) if isinstance(expr, Compare) else {}
        result = Result(
            check=check.id,
            outcome=_outcome(truth),
            shown=_shown(text, parsed.expr, told, _extra_digits(sides) if told else 0),
            reason=truth if isinstance(truth, Reason) else None,
            dated=min((each.dated for each in observations if each.dated), default=None),
            newest=max((each.dated for each in observations if each.dated), default=None),
            stale=any(each.observation.stale for each in told.values()),
            observations=observations,
            definition=definition,
            hangs=self._hangs(parsed.expr, check.scope, truth, known),
            **sides,
        )
        return _explained(result)

    def hold(self, check: Check) -> Result:
        """Return what a check came to; with `for`, what it was until enough data say otherwise."""
        result = self.run(check)
        if check.for_ <= 1:
            return result
        day = None if self.book.reads_today(check) else result.newest
        past = self.world.before.outcomes(check.id, self.world.as_of)
        return steady(result, check.for_, day or self.world.as_of, past)

    # What is shown

    def _sides(
        self, check: Check, expr: Compare, known: Mapping[str, Interval | Reason]
    ) -> dict[str, Any]:
        """Return what a result says of the two sides of a comparison, by its fields."""
        unit = self._common_unit(expr, check)
        sides = [self._evaluate(side, check.scope, known) for side in (expr.left, expr.right)]
        left, right = (to_value(s, unit) if isinstance(s, tuple) else None for s in sides)
        texts = _side_texts(unicodedata.normalize("NFC", check.formula), expr)
        apart = unit.dims != DATE.dims
        return {
            "left": Side(texts[0], left),
            "op": expr.op,
            "right": Side(texts[1], right),
            "distance": _distance(*sides) if apart else None,
            "reach": _reach(*sides) if apart else None,
        }

    def _common_unit(self, expr: Compare, check: Check) -> Unit:
        """Return the unit for both sides: of the threshold, else of what is held against it."""
        dims = self.book.dims_of(expr.left, check.scope)
        sides = (expr.right, expr.left)
        return self.book.unit_among(sides, dims, check.scope) or base_unit(dims)


def run_checks(
    checks: Sequence[Check],
    book: Book,
    world: World,
    acks: Mapping[str, Ack] | None = None,
    bench: Bench | None = None,
    tell: Callable[[Result], None] | None = None,
) -> dict[str, Result]:
    """Run checks as of the world's date; results by check id, in the order given.

    A check whose formula is exactly the name of a sheet's check shares its result. `acks` are
    failures set aside, by the id of the check, or of the sheet's check that it means. `bench` is
    where they run; it then knows what each measure was. `tell` is given each result as it is known.
    """
    fetch_due(checks, book, world)
    bench, acks = bench or Bench(book, world), acks or {}
    results = {}
    for check in checks:
        meant = book.meant(check)
        ack = acks.get(check.id) or acks.get(meant.id)
        result = set_aside(bench.hold(meant), ack, world.as_of)
        due = _due(result, meant, world.as_of)
        if (result.check, result.due) != (check.id, due):
            result = replace(result, check=check.id, due=due)
        results[check.id] = result
        if tell:
            tell(results[check.id])
    return results


def _due(result: Result, check: Check, today: date) -> date | None:
    """Return when a check's sources are to be asked again: at once, where one never answered."""
    days = [each.seen + check.every for each in result.observations if each.asked and each.seen]
    if any(each.kind == "fetch" and not each.asked for each in result.observations):
        days.append(today)
    return min(days, default=None)


def _shown(text: str, expr: Expr, told: Mapping[str, Told], extra: int) -> str:
    """Return the formula with the value of each measure in brackets behind its name."""
    percent = _in_percent(expr)
    pieces, done = [], 0
    for name in all_names(expr):
        end = name.at + len(name.name)
        value = told[name.name].observation.value
        if value and name in percent and not value.unit:
            value = _as_percent(value)
        pieces += [text[done:end], f" ({show(value, extra=extra) if value else '?'})"]
        done = end
    return " ".join("".join([*pieces, text[done:]]).split())


def _extra_digits(sides: Mapping[str, Any]) -> int:
    """Return how many more digits it takes to see that the two sides differ."""
    left, right = (sides[name].value if sides else None for name in ("left", "right"))
    if left is None or right is None or left == right:
        return 0
    enough = (n for n in range(_MOST_EXTRA) if show(left, extra=n) != show(right, extra=n))
    return next(enough, 0)


def _outcome(truth: Known) -> Outcome:
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


def _day_after(dated: date | None, span: timedelta | None) -> date | None:
    """Return the first day on which data of this date is older than a span."""
    try:
        return dated + span + timedelta(days=1) if dated and span else None
    except OverflowError:  # it never comes
        return None


def leaps(before: Interval, now: Interval, most: float, *, relative: bool) -> bool:
    """Say whether the nearest ends of two intervals are further apart than allowed."""
    gap, size = max((now[0] - before[1], abs(before[1])), (before[0] - now[1], abs(before[0])))
    return less(most * size if relative else most, gap)


def _expired(measure: MeasureDef, seen: Seen, value: Value | None, as_of: date) -> Reason | None:
    expires = measure.model.expires
    if not expires or not seen.dated or as_of - seen.dated <= expires:
        return None
    shown = show(value) if value else "?"
    detail = f"{measure.name} ({shown}, of {seen.dated}) is older than {expires.days} days"
    fetched = seen.fetched
    if fetched and fetched.down:  # the source may have a newer one: that it is old is no news
        return Reason(fetched.down.code, f"{fetched.down.detail}; {detail}", measure.name)
    if fetched and fetched.unasked:
        return Reason("outage", f"not asked since {fetched.day}; {detail}", measure.name)
    return Reason("expired", detail, measure.name)


def _with_origin(observation: Observation, fetched: Fetched | None) -> Observation:
    if fetched is None:
        return observation
    return replace(
        observation,
        seen=fetched.day,
        asked=fetched.asked,
        fetched=fetched.moment,
        raw=fetched.raw,
        down=fetched.down.detail if fetched.down else "",
    )


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


def _reach(left: Known, right: Known) -> tuple[float, float] | None:
    """Return the least and most that (left − right) / |right| may be, where the sides overlap.

    None where they do not, both are one value, or the threshold may be 0.
    """
    if not isinstance(left, tuple) or not isinstance(right, tuple):
        return None
    low, high = left[0] - right[1], left[1] - right[0]
    if not low <= 0 <= high or low == high or right[0] <= 0 <= right[1]:
        return None
    size = min(map(abs, right))
    return low / size, high / size


def _side_texts(formula: str, expr: Compare) -> tuple[str, str]:
    left, right = formula[: expr.at].strip(), formula[expr.end :].strip()
    while left.count("(") > left.count(")") and left.startswith("("):
        left, right = left[1:].strip(), right.removesuffix(")").strip()
    return left, right


def _in_percent(expr: Expr) -> set[Name]:
    """Return the names that stand, as a whole side or a summand, beside a `%` literal."""
    if not isinstance(expr, Compare):
        return {name for part in parts(expr) for name in _in_percent(part)}
    some = [*summands(expr.left), *summands(expr.right)]
    if not any(isinstance(each, Number) and each.unit == PERCENT for each in some):
        return set()
    return {each for each in some if isinstance(each, Name)}


def _as_percent(value: Value) -> Value:
    if isinstance(value.lo, date) or isinstance(value.hi, date):
        return value
    return Value(value.lo * 100, value.hi * 100, "%")
