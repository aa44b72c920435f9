"""A price, as it was on a day: from genai-prices' list, or from OpenRouter's own of today."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, model_validator

from argmap.evidence.fetch import Found, looked_up
from argmap.evidence.measure import Ask, Day, Measure, Seen, Strict
from argmap.evidence.model import Fault, Reason
from argmap.evidence.pricelist import Meter, find_model
from argmap.evidence.quantity import Unit, Units, base_unit
from argmap.evidence.request import Request
from argmap.source import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.evidence.formula import Parsed
    from argmap.evidence.request import Answer
    from argmap.evidence.world import World

_UNIT = "USD/Mtok"
_LIVE = {
    "input": "prompt", "output": "completion", "cached": "input_cache_read",
    "cache_write": "input_cache_write", "input_audio": "audio",
    "output_reasoning": "internal_reasoning",
}  # fmt: skip


class PriceOf(Strict):
    """Whose price."""

    provider: str = Field(description="as genai-prices names it: google, openrouter, groq …")
    model: str = Field(description="the model's id at that provider")
    meter: Meter = Field(description="what is counted")
    since: Day = Field(description="the day the model was first sold; before it there is no price")
    live: Literal[True] | None = Field(
        None, description="ask OpenRouter's public list of models, which needs no key"
    )

    @model_validator(mode="after")
    def _listed(self) -> PriceOf:
        if self.live and self.provider != "openrouter":
            raise ValueError("`live` is for the provider openrouter, whose list is public")
        if self.live and self.meter not in _LIVE:
            raise ValueError(f"OpenRouter's list has {', '.join(_LIVE)}")
        return self


class Price(Measure):
    """``price: {provider: google, model: gemini-2.5-flash, meter: input, since: 2025-06-22}``."""

    kind: ClassVar[str] = "price"

    price: PriceOf

    def announce(self, units: Units, parse: Callable[[str], Parsed]) -> Unit:  # noqa: ARG002
        """Return USD/Mtok, or the unit stated."""
        from argmap.evidence.formula import FormulaError

        own, stated = units.unit(_UNIT), self.stated_unit(units)
        if stated and stated.dims != own.dims:
            said = base_unit(stated.dims).text or "a bare number"
            raise FormulaError("A307", f"a price is in {_UNIT}, not {said}", key="unit")
        return stated or own

    def request(self, world: World) -> Request | None:
        """Return what is asked where the price is live."""
        live = self.price.live and world.as_of >= self.price.since
        return Request(world.openrouter) if live else None

    def asks(self) -> Any:
        """Return which price is read."""
        return [self.price.model, self.price.meter] if self.price.live else None

    def _read(self, answer: Answer, ask: Ask) -> Found:
        """Return the price that OpenRouter's list states, in USD per token."""
        from argmap.evidence.pick import Missing, number

        listed = _listed(answer, self.price.model).get("pricing")
        said = listed.get(_LIVE[self.price.meter]) if isinstance(listed, dict) else None
        if said is None:
            raise Missing(f"{self.price.model} has no price for {self.price.meter!r}")
        base = ask.units.unit("USD/tok").base(number(said))
        if not 0 <= base < math.inf:  # -1 stands for a price that varies
            raise Missing(f"{self.price.model}: {said} is not a price")
        return Found((base, base))

    def observe(self, ask: Ask) -> Seen | Reason | Fault:
        """Return the price in force; unknown before the model was sold or its price is known."""
        asked, day, name = self.price, ask.world.as_of, ask.measure.name
        if day < asked.since:
            return Reason("too_early", f"{name}: not sold before {asked.since}", name)
        if asked.live:
            return looked_up(ask, Request(ask.world.openrouter), self._read)
        periods = ask.world.price_list.periods(asked.provider, asked.model, asked.meter)
        if isinstance(periods, Fault):
            return periods
        known = [each for each in periods if each.start is None or each.start <= day]
        if not known:
            return Reason("too_early", f"{name}: no price known before {periods[0].start}", name)
        price = ask.units.unit(_UNIT).base(known[-1].price)
        dated = max(known[-1].start or asked.since, asked.since)
        return Seen((price, price), dated, ask.world.price_list.name)


def _listed(answer: Answer, model: str) -> dict[str, Any]:
    """Return a model's entry in OpenRouter's list, by either of its ids, or by an older one.

    Raises Missing, Unreadable.
    """
    from argmap.evidence.pick import Missing, Unreadable

    data = answer.page.json
    entries = data.get("data") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise Unreadable("it is not a list of models")
    some = [entry for entry in entries if isinstance(entry, dict)]
    for names in ((model,), _other_ids(model)):
        for known_by in (_own_id, _lasting_id):
            for entry in some:
                if known_by(entry) in names:
                    return entry
    hint = nearest(model, sorted(str(entry.get("id")) for entry in some))
    raise Missing(f"no model {model!r}" + (f" ({hint})" if hint else ""))


def _own_id(entry: dict[str, Any]) -> Any:
    return entry.get("id")


def _lasting_id(entry: dict[str, Any]) -> Any:
    """Return the id that never changes; a variant, such as `model:free`, shares its model's."""
    variant = ":" in str(entry.get("id", ""))
    return None if variant else entry.get("canonical_slug")


def _other_ids(model: str) -> tuple[str, ...]:
    """Return the ids under which genai-prices knows the same model at OpenRouter."""
    found = find_model("openrouter", model)
    if isinstance(found, Fault):
        return ()
    clauses = getattr(found.match, "or_", [found.match])
    return (found.id, *(clause.equals for clause in clauses if hasattr(clause, "equals")))
