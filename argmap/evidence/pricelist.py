"""What models were sold at, and since when: the list of prices inside genai-prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal, Protocol, get_args

from argmap.evidence.model import Fault
from argmap.source import nearest

Meter = Literal[
    "input", "output", "cached", "cache_write", "input_audio", "output_audio", "cached_audio",
    "input_image", "output_image", "input_video", "output_video", "output_reasoning",
]  # fmt: skip
_FIELDS = {"cached": "cache_read_mtok", "cached_audio": "cache_audio_read_mtok"}


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
        found = find_model(provider, model)
        if isinstance(found, Fault):
            return found
        return _periods(found, meter)


@lru_cache(maxsize=1)
def snapshot() -> Snapshot:
    """Return the one list there is."""
    return Snapshot()


def find_model(provider: str, model: str) -> Any:
    """Return a model as genai-prices knows it, or a Fault."""
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
