"""A price from the list of prices that genai-prices carries, as it was on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, get_args

from pydantic import Field

from argmap.evidence.measure import Ask, Day, Fault, Measure, Seen, Strict
from argmap.evidence.model import Reason
from argmap.evidence.quantity import Unit, Units, base_unit
from argmap.source import nearest

if TYPE_CHECKING:
    from argmap.evidence.book import Book, MeasureDef

Meter = Literal[
    "input", "output", "cached", "cache_write", "input_audio", "output_audio", "cached_audio",
    "input_image", "output_image", "input_video", "output_video", "output_reasoning",
]  # fmt: skip
_FIELDS = {"cached": "cache_read_mtok", "cached_audio": "cache_audio_read_mtok"}
_UNIT = "USD/Mtok"


@dataclass(frozen=True, slots=True)
class Period:
    """A price in USD per million tokens and the day it starts; None: the list does not know."""

    start: date | None
    price: float


class PriceList(Protocol):
    """Whoever knows prices; tests bring their own."""

    @property
    def name(self) -> str:
        """What a reader is told the price is from."""

    def periods(self, provider: str, model: str, meter: str) -> tuple[Period, ...] | Fault:
        """Return all prices known for this, oldest first, or why there are none (A311)."""


class Snapshot:
    """The list inside the installed genai-prices."""

    @property
    def name(self) -> str:
        """The package and its version, which is the date of the list."""
        from importlib.metadata import version

        return f"genai-prices {version('genai-prices')}"

    def periods(self, provider: str, model: str, meter: str) -> tuple[Period, ...] | Fault:
        """Return the prices of a model's meter; base tier, and outside discount hours."""
        found = _find(provider, model)
        if isinstance(found, Fault):
            return found
        return _periods(found, meter)


@lru_cache(maxsize=1)
def snapshot() -> Snapshot:
    """Return the one list there is."""
    return Snapshot()


def _find(provider: str, model: str) -> Any:
    from genai_prices import data_snapshot

    prices = data_snapshot.get_snapshot()
    try:
        house = prices.find_provider(None, provider, None)
    except LookupError:
        hint = nearest(provider, sorted(each.id for each in prices.providers))
        return Fault("A311", f"no provider {provider!r}", hint, ("price", "provider"))
    try:
        return prices.find_provider_model(model, house, None, None)[1]
    except LookupError:
        hint = nearest(model, sorted(each.id for each in house.models))
        return Fault("A311", f"{house.id} lists no model {model!r}", hint, ("price", "model"))


def _periods(found: Any, meter: str) -> tuple[Period, ...] | Fault:
    field = _FIELDS.get(meter, f"{meter}_mtok")
    entries = _entries(found.prices)
    priced = [(start, _base(prices, field)) for start, prices in entries]
    some = [Period(start, price) for start, price in priced if price is not None]
    if some:
        return tuple(sorted(some, key=lambda each: each.start or date.min))
    listed = [each for each in get_args(Meter) if _priced(entries, each)]
    message = f"{found.id} has no price for {meter!r}"
    return Fault("A311", message, f"it has {', '.join(listed)}", ("price", "meter"))


def _priced(entries: list[tuple[date | None, Any]], meter: str) -> bool:
    field = _FIELDS.get(meter, f"{meter}_mtok")
    return any(_base(prices, field) is not None for _, prices in entries)


def _entries(prices: Any) -> list[tuple[date | None, Any]]:
    """Return the prices that hold all day, each with the day it starts."""
    from genai_prices.types import StartDateConstraint

    if not isinstance(prices, list):
        return [(None, prices)]
    return [
        (each.constraint.start_date if each.constraint else None, each.prices)
        for each in prices
        if each.constraint is None or isinstance(each.constraint, StartDateConstraint)
    ]


def _base(prices: Any, field: str) -> float | None:
    price = getattr(prices, field, None)
    price = getattr(price, "base", price)  # of a tiered price, what short prompts pay
    return None if price is None else float(price)


class PriceOf(Strict):
    """Whose price."""

    provider: str = Field(description="as genai-prices names it: google, openrouter, groq …")
    model: str = Field(description="the model's id at that provider")
    meter: Meter = Field(description="what is counted")
    since: Day = Field(description="the day the model was first sold; before it there is no price")


class Price(Measure):
    """``price: {provider: google, model: gemini-2.5-flash, meter: input, since: 2025-06-22}``."""

    kind: ClassVar[str] = "price"

    price: PriceOf

    def announce(self, units: Units, book: Book, measure: MeasureDef) -> Unit:  # noqa: ARG002
        """Return USD/Mtok, or the unit stated."""
        from argmap.evidence.formula import FormulaError

        own, stated = units.unit(_UNIT), self.stated_unit(units)
        if stated and stated.dims != own.dims:
            said = base_unit(stated.dims).text or "a bare number"
            raise FormulaError("A307", f"a price is in {_UNIT}, not {said}", key="unit")
        return stated or own

    def observe(self, ask: Ask) -> Seen | Reason | Fault:
        """Return the price in force; unknown before the model was sold or its price is known."""
        asked, day, name = self.price, ask.world.as_of, ask.measure.name
        if day < asked.since:
            return Reason("too_early", f"{name}: not sold before {asked.since}", name)
        periods = ask.world.price_list.periods(asked.provider, asked.model, asked.meter)
        if isinstance(periods, Fault):
            return periods
        known = [each for each in periods if each.start is None or each.start <= day]
        if not known:
            return Reason("too_early", f"{name}: no price known before {periods[0].start}", name)
        price = ask.book.units.unit(_UNIT).base(known[-1].price)
        dated = max(known[-1].start or asked.since, asked.since)
        return Seen((price, price), dated, ask.world.price_list.name)
