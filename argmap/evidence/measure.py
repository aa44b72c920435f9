"""What all kinds of measures share: the keys an author may write, and what asking one yields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from argmap.evidence.expression import Expr
    from argmap.evidence.formula import Parsed
    from argmap.evidence.intervals import Known
    from argmap.evidence.model import Fault, Observation, Reason
    from argmap.evidence.quantity import Interval, Unit, Units
    from argmap.evidence.request import Request
    from argmap.evidence.world import World
    from argmap.source import Span

Key = tuple[str, str]  # scope ("" is global) and name

_DURATION = r"([0-9]{1,5}) ?(d|w|mo|y)"
_AGE = r"0*[1-9][0-9]{0,4} ?(d|w|mo|y)"
_DAYS = {"d": 1, "w": 7, "mo": 30, "y": 365}


def _duration(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(_DURATION, value) if isinstance(value, str) else None
    if not found:
        raise ValueError(
            "a duration is a number of days, weeks, months or years: 90d, 12w, 6mo, 1y"
        )
    return timedelta(days=int(found[1]) * _DAYS[found[2]])


def _some(value: timedelta) -> timedelta:
    if not value:
        raise ValueError("should be a day at least")
    return value


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("a date is written 2026-10-09")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"no day {value!r}") from None


def _line(value: Any) -> Any:
    """Take a bare number where text is asked for, as in ``plausible: 1``; never yes or no."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION}$", "examples": ["90d", "1y"]}),
]
Age = Annotated[
    timedelta,
    BeforeValidator(_duration),
    AfterValidator(_some),
    WithJsonSchema({"type": "string", "pattern": f"^{_AGE}$", "examples": ["90d", "1y"]}),
]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Line = Annotated[str, BeforeValidator(_line), WithJsonSchema({"type": ["string", "number"]})]


class Strict(BaseModel):
    """What an author writes: no key but those named, nothing guessed, nothing changed later."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=False, populate_by_name=False, defer_build=True
    )


@dataclass(frozen=True, slots=True)
class Fetched:
    """How a fetched value came here: what was asked, on which day, at which moment.

    `raw` is the name of its bytes. `down` says why the source did not say so anew; `unasked` that
    the value is not of today, and nobody asked for a newer one.
    """

    asked: str
    day: date
    moment: str
    raw: str = ""
    down: Reason | None = None
    unasked: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What a measure was: an interval in base units, the date of the data, where it is from.

    `inputs` are the observations it was computed from.
    """

    interval: Interval
    dated: date | None = None
    source: str = ""
    url: str = ""
    stale: bool = False
    inputs: tuple[Observation, ...] = field(default=())
    fetched: Fetched | None = None  # of what is fetched only


@dataclass(frozen=True, slots=True)
class Ask:
    """What a measure may look at to find out its value."""

    measure: MeasureDef
    units: Units
    world: World
    unit: Unit  # to answer in; has the dimensions the measure announced
    parse: Callable[[str], Parsed]  # a formula, with the names of the measure's scope
    read: Callable[[str], tuple[Interval | Reason, Observation]]  # another measure, by its name
    evaluate: Callable[[Expr, Mapping[str, Interval | Reason]], Known]  # of what those come to


class Measure(Strict):
    """A named quantity and how it is obtained."""

    kind: ClassVar[str] = ""

    unit: str = Field("", description="the unit to show it in, such as USD/Mtok; `date` for a date")
    source: Line = Field("", description="where it is from: words or an address")
    url: str = Field("", description="the source's address, where `source` is words")
    note: Line = Field("", description="what a reader should know")
    fresh: Age | None = Field(None, description="older data counts, but is marked stale")
    expires: Age | None = Field(None, description="older data is unknown")
    plausible: Line | None = Field(None, description="a value outside is unknown: 0 .. 1")
    max_jump: Line | None = Field(
        None,
        description="a value further from the last good one is unknown: `50 %` of it, or `3 USD`",
    )

    def announce(self, units: Units, parse: Callable[[str], Parsed]) -> Unit:
        """Return the unit of its values, before asking. Raises FormulaError or UnitError.

        `parse` reads a formula, with the names of the measure's scope.
        """
        raise NotImplementedError

    def observe(self, ask: Ask) -> Seen | Reason | Fault:
        """Return what it is as of the world's date; a Reason when that cannot be known."""
        raise NotImplementedError

    def request(self, world: World) -> Request | None:  # noqa: ARG002
        """Return what has to be asked of a source to know it; most kinds ask none."""
        return None

    def asks(self) -> Any:
        """Return, as data, what is asked for; the same asked for is the same thing seen."""
        return None

    def stated_unit(self, units: Units) -> Unit | None:
        """Return the unit the author states, if any. Raises UnitError."""
        from argmap.evidence.quantity import DATE

        if not self.unit:
            return None
        return DATE if self.unit == "date" else units.unit(self.unit)


@dataclass(frozen=True)
class MeasureDef:
    """A measure as written: its fields, its place, and where its name holds."""

    name: str
    kind: str
    model: Measure
    span: Span
    scope: str = ""  # the note whose own it is; empty: global
    path: str = ""  # of the sheet or note it stands in, from the project's root
    formula_span: Span | None = None
    places: Mapping[tuple[str, ...], Span] = field(default_factory=dict)  # of values, by key path

    @property
    def key(self) -> Key:
        """What it is found by."""
        return (self.scope, self.name)

    def place(self, *key: str) -> Span:
        """Return where a key's value stands, as near as it is known."""
        while key and key not in self.places:
            key = key[:-1]
        return self.places.get(key, self.span)
