"""The history as what was seen before: what `for`, `max_jump` and retractions ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from argmap.evidence.before import PastOutcome
from argmap.records import same_values

if TYPE_CHECKING:
    from datetime import date

    from argmap.evidence.model import Observation, Outcome
    from argmap.history import History


@dataclass(frozen=True)
class Memory:
    """Answers as argmap.evidence.before.Before."""

    history: History

    def outcomes(self, check: str, until: date) -> list[PastOutcome]:
        """Return what a check came to in the runs up to a day, oldest first."""
        return [
            PastOutcome(
                point.newest or point.as_of,
                cast("Outcome", point.found) or point.outcome,
                point.definition,
            )
            for point in self.history.outcomes(until, [check]).get(check, ())
        ]

    def last_good(self, measure: str, definition: str, until: date) -> Observation | None:
        """Return the last value of a measure, so defined, that counted in a run up to a day."""
        return self.history.last_good(measure, definition, until)

    def retracted(self, observation: Observation) -> str:
        """Return why an observation was retracted, empty where it was not."""
        return self._retracted.get(tuple(same_values(observation)), "")

    @cached_property
    def _retracted(self) -> dict[tuple[str | None, ...], str]:
        return self.history.retractions()

    def fetched(self, asked: str, until: date) -> Observation | None:
        """Return what was fetched last for what is asked, no later than a day."""
        return self.history.fetched(asked, until)
