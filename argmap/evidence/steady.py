"""`for: N`: an outcome turns only once data of so many different dates say so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from argmap.evidence.before import PastOutcome
    from argmap.evidence.model import Outcome, Result

_TELLS = ("pass", "fail")


def steady(result: Result, needed: int, day: date, past: Iterable[PastOutcome]) -> Result:
    """Return a result that holds what it was until data of `needed` dates say otherwise.

    `day` is the date of its newest data. Of one date the last word counts. An unknown is shown at
    once, and neither turns a check nor keeps it from turning; under another definition the count
    begins anew.
    """
    if needed <= 1 or result.outcome not in _TELLS:
        return result
    told: dict[date, Outcome] = {
        each.day: each.outcome
        for each in past
        if each.definition == result.definition and each.outcome in _TELLS
    }
    told[day] = result.outcome
    held, dates = _held([told[day] for day in sorted(told)], needed)
    if held == result.outcome:
        return result
    return replace(result, outcome=held, found=result.outcome, dates=dates, needed=needed)


def _held(outcomes: list[Outcome], needed: int) -> tuple[Outcome, int]:
    """Return which outcome holds after these, and how many of the last ones say otherwise."""
    held, dates = outcomes[0], 0
    for outcome in outcomes[1:]:
        dates = 0 if outcome == held else dates + 1
        if dates == needed:
            held, dates = outcome, 0
    return held, dates
