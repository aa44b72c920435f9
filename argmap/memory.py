"""The history as what was seen before: what `for`, `max_jump` and retractions ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from argmap.evidence.before import PastOutcome

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
            for point in self.history.outcomes_of(check, until)
        ]

    def observations(self, measure: str, definition: str, until: date) -> list[Observation]:
        """Return what a measure, so defined, was: known values, the newest first."""
        return self.history.observations_of(measure, definition, until)

    def retracted(self, observation: Observation) -> str:
        """Return why an observation was retracted, empty where it was not."""
        return self.history.why_retracted(observation)
