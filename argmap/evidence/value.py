"""A value typed in: a number, an interval or a date, with its source and its date."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from argmap.evidence.literal import read_literal
from argmap.evidence.measure import Ask, Day, Line, Measure, Seen
from argmap.evidence.model import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.evidence.formula import Parsed
    from argmap.evidence.quantity import Unit, Units


class Value(Measure):
    """``gpu_hour: {value: 1.29 USD/hour, source: …, as_of: 2026-08-01}``."""

    kind: ClassVar[str] = "value"

    value: Line = Field(description="a number with its unit, an interval `0.1 .. 1.0`, or a date")
    as_of: Day | None = Field(
        None, description="of what day the value is; without it, it is ageless"
    )

    def announce(self, units: Units, parse: Callable[[str], Parsed]) -> Unit:  # noqa: ARG002
        """Return the unit written with the value, or stated beside it."""
        return read_literal(self.value, units, self.stated_unit(units))[1]

    def observe(self, ask: Ask) -> Seen | Reason | Fault:
        """Return the value; unknown before the day it is of."""
        if self.as_of and self.as_of > ask.world.as_of:
            return Reason("too_early", f"{ask.measure.name} is of {self.as_of}", ask.measure.name)
        interval, _ = read_literal(self.value, ask.units, self.stated_unit(ask.units))
        return Seen(interval, self.as_of)
