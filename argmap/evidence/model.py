"""What running evidence yields, as data: observations, outcomes and why a thing is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from argmap.claims.model import Source, Target, Window
    from argmap.source import Span

Outcome = Literal["pass", "fail", "unknown", "error"]
Bearing = Literal["tests", "supports", "attacks"]
# "tests" in a note's `#evidence #con (test:: …)` speaks against its claim when it passes:
# then `against` is set on the Check.

# Why a value or an outcome is unknown. Only `outage` is nobody's news: no claim lapses by it.
ReasonCode = Literal[
    "interval",  # the interval lies across the threshold
    "expired",  # older than `expires`
    "too_early",  # no data so early: before `since`, or all of it dated later than the as-of date
    "implausible",  # outside `plausible`
    "no_data",  # the query found no row, or null
    "division",  # by an interval that touches 0
    "outage",  # a source that did not answer, a missing key, the machine offline
    "unjudged",  # cited, and nobody vouches for it yet
    "error",  # the check itself is wrong
    "jump",  # further from the last good value than `max_jump`
    "retracted",  # a person took the observation back
    "acknowledged",  # a failure that a person has set aside
]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is unknown: a code that pages translate, and the particulars."""

    code: ReasonCode
    detail: str = ""  # English, for the terminal; names the measure where there is one
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a measure as written: a problem's code, message and hint.

    `key` is the path, inside the measure, of what the author should look at.
    """

    code: str
    message: str
    hint: str = ""
    key: tuple[str, ...] = ()


Scalar = float | date
DAILY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Value:
    """A closed interval of numbers (in `unit`) or of dates; `lo == hi` is a single value.

    `unit` is the unit to show it in, as pint reads it ("USD/Mtok", "%", ""); lo and hi are in it.
    """

    lo: Scalar
    hi: Scalar
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """What a measure was, as of a date."""

    measure: str
    kind: str  # value, price, table, fetch, formula
    value: Value | None  # None: unknown, and `reason` says why
    dated: date | None = None  # of the data itself; of a formula, of its oldest input
    seen: date | None = None  # for local data the as-of date
    source: str = ""  # words or an address, or the data file
    url: str = ""
    stale: bool = False
    reason: Reason | None = None
    definition: str = ""  # hash of what the author wrote: 12 hex digits
    asked: str = ""  # of what is fetched: a hash of what is asked of whom
    fetched: str = ""  # of what is fetched: the moment, as 2026-11-23T18:04:05+00:00
    raw: str = ""  # the name of the bytes behind it, where they are kept
    down: str = ""  # why the source did not say so anew; the value is the last it gave
    stale_from: date | None = None  # the first day on which it counts as stale, unless seen anew
    unknown_from: date | None = None  # the first day on which it has expired
    said: Value | None = None  # what was seen, where that does not count: `reason` says why


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a check's comparison: as written, and what it came to."""

    text: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Ack:
    """A failure set aside: until when, why, by whom and when."""

    until: date
    because: str
    by: str = ""
    on: date | None = None  # the first day it holds; None: always

    def holds(self, day: date) -> bool:
        """Say whether it holds on a day, the last one included."""
        return (self.on is None or self.on <= day) and day <= self.until


@dataclass(frozen=True, slots=True)
class Result:
    """What a check came to, as of a date."""

    check: str  # its id
    outcome: Outcome
    shown: str  # "trio_share (4.4 %) >= 25 %"
    reason: Reason | None = None  # when the outcome is unknown or error
    left: Side | None = None  # where the formula is one comparison
    op: str = ""
    right: Side | None = None
    distance: float | None = None  # (left - right) / |right| at the nearest ends; 0: they overlap
    reach: tuple[float, float] | None = None  # the least and most it may be, where they overlap
    dated: date | None = None  # of the oldest data it rests on
    stale: bool = False
    observations: tuple[Observation, ...] = ()  # the measures it reads, in order, inputs after
    definition: str = ""  # hash of the check with all that it reads
    newest: date | None = None  # of the newest data it rests on
    found: Outcome | None = None  # what it came to by itself, where `for` or an ack says otherwise
    dates: int = 0  # of how many dates the data say so, where `for` asks for more
    needed: int = 1  # so many dates, then
    ack: Ack | None = None  # a person has set its failure aside
    due: date | None = None  # when what it fetches is to be fetched again; None: it fetches nothing
    hangs: str = ""  # the measure the answer hangs on most, where not all are single values


@dataclass(frozen=True, slots=True)
class Check:
    """Evidence that runs: a formula that says pass or fail, and what that bears on."""

    id: str  # global name in a sheet; `note#name` in a note's block; the evidence item's id inline
    title: str
    formula: str
    span: Span  # of the check; problems inside the formula point into formula_span
    formula_span: Span
    bearing: Bearing
    against: bool = False  # passing speaks against (bearing "attacks", or a test under #con)
    targets: tuple[Target | str, ...] = ()  # str: an id already
    weight: float = 1.0
    scope: str = ""  # note id whose local measures it may read, before the global ones
    sources: tuple[Source, ...] = ()
    note: str = ""  # what the author says about it
    expect: str = ""
    window: Window | None = None
    path: str = ""  # of the sheet or note it stands in, from the project's root
    for_: int = 1  # data of so many different dates before an outcome turns
    every: timedelta = DAILY  # older than this, what it fetches is fetched again
