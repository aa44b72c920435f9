"""A value as an author types it in: ``1.29 USD/hour``, ``0.1 .. 1.0``, ``25 %``, a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.evidence.expression import Arithmetic, Day, Expr, Negative, Number
from argmap.evidence.formula import FormulaError, check_units, evaluate, parse
from argmap.evidence.quantity import DATE, NUMBER, PERCENT, TIME, Interval, Unit, Units, base_unit

if TYPE_CHECKING:
    from argmap.evidence.intervals import Known


def read_literal(text: str, units: Units, unit: Unit | None = None) -> tuple[Interval, Unit]:
    """Return what a typed-in value is, in base units, and its unit.

    A number without a unit takes the one given; one with a unit must fit it. Raises FormulaError.
    """
    expr = parse(text, units)
    own = _unit(expr)
    dims = check_units(expr, {})
    if isinstance(expr, Arithmetic) and _evaluate(expr.left)[0] > _evaluate(expr.right)[0]:
        message = f"{' '.join(text.split())} goes from the larger to the smaller"
        raise FormulaError("A303", message, 1, "the smaller end stands first")
    if unit is not None and own is NUMBER:
        low, high = _evaluate(expr)
        return unit.interval(low, high), unit
    if unit is not None and dims != unit.dims:
        said = own.text or base_unit(dims).text
        raise FormulaError("A307", f"{said} does not fit the unit {unit.text or '(none)'}")
    return _evaluate(expr), unit or own


def read_bounds(text: str, units: Units, unit: Unit) -> Interval:
    """Return the bounds of `plausible`, in base units, for a measure of this unit.

    Bare bounds are in the unit, but `0 .. 1` bounds a share, even one in percent.
    """
    return read_literal(text, units, unit if unit.dims else NUMBER)[0]


def read_jump(text: str, units: Units, unit: Unit) -> tuple[float, bool]:
    """Return how far a value of this unit may jump, and whether that is a share of the last one.

    Percents are of the last value; a bare number is in the unit; a date jumps by a duration.
    """
    (lo, hi), own = read_literal(text, units)
    if own is NUMBER and unit.dims != DATE.dims:
        (lo, hi), own = read_literal(text, units, unit)
    if lo != hi or lo <= 0:
        raise FormulaError("A303", "a jump is one size, above 0: 50 %, or 3 USD")
    if own == PERCENT:
        return lo, True
    if own.dims != (TIME if unit.dims == DATE.dims else unit.dims):
        said = "a duration" if unit.dims == DATE.dims else unit.text or "a bare number"
        raise FormulaError("A307", f"{own.text or 'a bare number'} is no jump of {said}")
    return lo, False


def _unit(expr: Expr) -> Unit:
    """Return the unit of a literal; refuse whatever is more than a literal."""
    match expr:
        case Number(_, unit):
            return unit
        case Day():
            return DATE
        case Negative(Number(_, unit)):
            return unit
        case Arithmetic("..", left, right):
            if (_unit(left) is NUMBER) == (_unit(right) is NUMBER):
                return _unit(right)
    hint = "what is computed is a `formula`"
    message = "a value is a number, a date, or an interval such as 0.1 .. 1.0 USD"
    raise FormulaError("A303", message, 1, hint)


def _evaluate(expr: Expr) -> Interval:
    from datetime import date

    known: Known = evaluate(expr, {}, date.min)
    if not isinstance(known, tuple):
        raise FormulaError("A303", "a value too large to compute with")
    return known
