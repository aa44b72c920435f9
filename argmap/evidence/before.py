"""What was seen before, as an argument: the record of earlier runs, never of later ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from argmap.evidence.model import Observation, Outcome


@dataclass(frozen=True, slots=True)
class PastOutcome:
    """What a check came to by itself in an earlier run, on data of what date."""

    day: date  # of the newest data; of what has no date, of the run
    outcome: Outcome
    definition: str


class Before(Protocol):
    """Whoever remembers earlier runs; tests bring their own."""

    def outcomes(self, check: str, until: date) -> Sequence[PastOutcome]:
        """Return what a check came to in the runs up to a day, oldest first."""

    def last_good(self, measure: str, definition: str, until: date) -> Observation | None:
        """Return the last value of a measure, so defined, that counted in a run up to a day.

        What was retracted counts no more.
        """

    def retracted(self, observation: Observation) -> str:
        """Return why an observation was retracted, empty where it was not."""

    def fetched(self, asked: str, until: date) -> Observation | None:
        """Return what was fetched last for what is asked, no later than a day.

        Its `reason` says why it does not count, where it did not.
        """


class Nothing:
    """No earlier runs."""

    def outcomes(self, check: str, until: date) -> Sequence[PastOutcome]:  # noqa: ARG002
        """Return none."""
        return ()

    def last_good(self, measure: str, definition: str, until: date) -> None:
        """Return that there was none."""

    def retracted(self, observation: Observation) -> str:  # noqa: ARG002
        """Return that it was not."""
        return ""

    def fetched(self, asked: str, until: date) -> None:
        """Return that there was none."""


NOTHING = Nothing()
