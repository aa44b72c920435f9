"""A measure computed from others by a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from argmap.evidence.formula import FormulaError
from argmap.evidence.measure import Ask, Line, Measure, Seen
from argmap.evidence.model import Fault, Reason
from argmap.evidence.quantity import TRUTH, base_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.evidence.formula import Parsed
    from argmap.evidence.quantity import Unit, Units


class Formula(Measure):
    """``self_hosted: {formula: gpu_hour / throughput, unit: USD/Mtok}``."""

    kind: ClassVar[str] = "formula"

    formula: Line = Field(description="computed from other measures, such as `a / (b * c)`")

    def announce(self, units: Units, parse: Callable[[str], Parsed]) -> Unit:
        """Return the unit stated, when the formula yields such a thing; else one that fits."""
        parsed = parse(self.formula)
        if parsed.dims == TRUTH.dims:
            hint = "a comparison belongs in a check's `assert`"
            raise FormulaError("A307", "a measure is a quantity, not a yes or no", hint=hint)
        stated = self.stated_unit(units)
        if stated and stated.dims != parsed.dims:
            said = base_unit(parsed.dims).text or "a bare number"
            message = f"the formula yields {said}, not {stated.text}"
            raise FormulaError("A307", message, key="unit")
        return stated or parsed.unit

    def observe(self, ask: Ask) -> Seen | Reason | Fault:
        """Return what the formula comes to; as old as its oldest input, stale if any is."""
        parsed = ask.parse(self.formula)
        read = {name: ask.read(name) for name in parsed.reads}
        known = ask.evaluate(parsed.expr, {name: value for name, (value, _) in read.items()})
        if isinstance(known, Reason):
            return known
        if isinstance(known, bool):  # not after `announce`, but types cannot know
            return Reason("error", f"{ask.measure.name} is a yes or no", ask.measure.name)
        inputs = tuple(observation for _, observation in read.values())
        dates = [each.dated for each in inputs if each.dated]
        stale = any(each.stale for each in inputs)
        return Seen(known, min(dates, default=None), self.formula, "", stale, inputs)
