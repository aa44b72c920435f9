"""Units, intervals of plain floats, and how a value is shown to a person.

Everything that is computed is computed on floats in base units (seconds, USD, tok …): a unit is a
factor and a list of dimensions, looked up once when a sheet is read. Dates are seconds as well, so
that date − date needs no case of its own.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from argmap.evidence.model import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

Interval = tuple[float, float]
Dims = tuple[tuple[str, int], ...]

DAY = 86400
_ATOM = r"(?:[%‰¢]|[^\W\d]\w*)(?:\^-?[0-9]+)?"
UNIT_PATTERN = rf"{_ATOM}(?:[*/]{_ATOM})*"
_LARGEST_POWER = 9


class UnitError(ValueError):
    """A unit nobody knows, or one that cannot be computed with."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written, how many base units it is, and of what dimensions."""

    text: str
    factor: Fraction
    dims: Dims

    def base(self, number: float | str) -> float:
        """Return a number of this unit in base units, rounded once; infinite if too large."""
        try:
            return float(Fraction(str(number)) * self.factor)
        except OverflowError:
            return math.inf

    def of(self, base: float) -> float:
        """Return a number of base units in this unit."""
        return base if self.factor == 1 else float(Fraction(base) / self.factor)

    def interval(self, lo: float, hi: float) -> Interval:
        """Return an interval of this unit in base units, whichever end is given first."""
        one, other = self.base(lo), self.base(hi)
        return (one, other) if one <= other else (other, one)


NUMBER = Unit("", Fraction(1), ())
PERCENT = Unit("%", Fraction(1, 100), ())
TIME: Dims = (("second", 1),)
DATE = Unit("date", Fraction(DAY), (("date", 1),))
TRUTH = Unit("truth", Fraction(1), (("truth", 1),))

_OURS = (
    "tok = [token] = tok = token",
    "param = [parameter] = param = parameter",
    "USD = [dollar]",
    "EUR = [euro]",
    "RUB = [rouble]",
    "USD_cent = USD / 100 = ¢",
)


class Units:
    """All units a project knows: pint's, ours, and those of the config's `[units]`.

    `definitions` are pairs of a name and what it is: ``("credit", "0.01 USD")``; an empty text
    makes a unit of its own kind: ``("seat", "")``.
    """

    def __init__(self, definitions: tuple[tuple[str, str], ...] = ()) -> None:
        self._definitions = definitions
        self._registry: Any = None
        self._atoms: dict[str, Unit] = {"%": PERCENT}
        self._known: dict[str, Unit] = {"": NUMBER, "%": PERCENT}

    def unit(self, text: str) -> Unit:
        """Return the unit a text such as ``USD/Mtok`` names. Raises UnitError."""
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def knows(self, name: str) -> bool:
        """Say whether a bare word is a unit."""
        try:
            self.unit(name)
        except UnitError:
            return False
        return True

    def _read(self, text: str) -> Unit:
        if not re.fullmatch(UNIT_PATTERN, text):
            raise UnitError(f"{text!r} is not a unit")
        factor, dims = Fraction(1), dict[str, int]()
        for sign, name, power in re.findall(r"([*/]?)([^*/^]+)(?:\^(-?[0-9]+))?", text):
            atom, exponent = self._atom(name), int(power or 1) * (-1 if sign == "/" else 1)
            if abs(exponent) > _LARGEST_POWER:
                raise UnitError(f"{text!r} has too large a power")
            factor *= atom.factor**exponent
            for dim, count in atom.dims:
                dims[dim] = dims.get(dim, 0) + count * exponent
        return Unit(text, factor, _tidy(dims))

    def _atom(self, name: str) -> Unit:
        if name not in self._atoms:
            self._atoms[name] = self._look_up(name)
        return self._atoms[name]

    def _look_up(self, name: str) -> Unit:
        from pint.util import UnitsContainer

        registry = self._pint()
        found = registry.parse_unit_name(name)
        if not found:
            raise UnitError(f"no unit {name!r}")
        unit = UnitsContainer({found[0][0] + found[0][1]: 1})
        if registry.Quantity(Fraction(0), unit).to_root_units().magnitude != 0:
            raise UnitError(f"{name!r} is a point on a scale and cannot be computed with")
        factor, root = registry.get_root_units(unit)
        return Unit(name, Fraction(factor), _tidy(dict(root._units)))  # noqa: SLF001

    def _pint(self) -> Any:
        if self._registry is None:
            import pint

            self._registry = pint.UnitRegistry(non_int_type=Fraction)
            for line in _OURS:
                self._registry.define(line)
            for name, text in self._definitions:
                self._registry.define(_definition(name, text))
        return self._registry


def _tidy(dims: Mapping[str, int]) -> Dims:
    whole = ((name, int(count) if count == int(count) else count) for name, count in dims.items())
    return tuple(sorted((name, count) for name, count in whole if count))


def _definition(name: str, text: str) -> str:
    """Turn a line of `[units]` into pint's: ``credit = "0.01 USD"``; an empty text is a new kind."""
    if not re.fullmatch(r"[^\W\d]\w*", name):
        raise UnitError(f"{name!r} cannot be the name of a unit")
    if not text.strip():
        return f"{name} = [{name}]"
    found = re.fullmatch(rf"\s*([0-9]+(?:\.[0-9]+)?)\s*({UNIT_PATTERN})?\s*", text)
    if not found:
        raise UnitError(f"{text!r} does not say what {name!r} is: write a number and a unit")
    unit = (found[2] or "dimensionless").replace("%", "percent").replace("¢", "USD_cent")
    return f"{name} = {found[1]} * {unit}"


@lru_cache(maxsize=8)
def units_of(definitions: tuple[tuple[str, str], ...] = ()) -> Units:
    """Return the units of a project, made once for each set of definitions."""
    return Units(definitions)


def multiply(left: Dims, right: Dims, sign: int = 1) -> Dims:
    """Return the dimensions of a product, or with sign −1 of a quotient."""
    if not right:
        return left
    dims = dict(left)
    for name, count in right:
        dims[name] = dims.get(name, 0) + sign * count
    return _tidy(dims)


def base_unit(dims: Dims) -> Unit:
    """Return a unit to show these dimensions in when nobody named one."""
    if dims == TIME:
        return Unit("day", Fraction(DAY), TIME)
    if dims in (DATE.dims, TRUTH.dims):
        return DATE if dims == DATE.dims else TRUTH
    short = {"second": "s", "meter": "m", "gram": "g"}
    above = "*".join(_power(short.get(name, name), n) for name, n in dims if n > 0)
    below = [(short.get(name, name), -n) for name, n in dims if n < 0]
    if not above:
        return Unit("*".join(_power(name, -n) for name, n in below), Fraction(1), dims)
    return Unit(above + "".join("/" + _power(name, n) for name, n in below), Fraction(1), dims)


def _power(name: str, count: int) -> str:
    return name if count == 1 else f"{name}^{count}"


def from_date(day: date) -> float:
    """Return a date as seconds, the form in which it is computed with."""
    return float(day.toordinal() * DAY)


def to_date(seconds: float) -> date | None:
    """Return the day a moment lies in; None outside the calendar."""
    days = math.floor(seconds / DAY)
    return date.fromordinal(days) if 1 <= days <= date.max.toordinal() else None


def to_value(interval: Interval, unit: Unit) -> Value | None:
    """Return an interval of base units as the value to show; None for a date no calendar has."""
    if unit.dims == DATE.dims:
        lo, hi = to_date(interval[0]), to_date(interval[1])
        return None if lo is None or hi is None else Value(lo, hi)
    return Value(unit.of(interval[0]), unit.of(interval[1]), unit.text)


# How a value is shown

_PREFIXES = (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 1.0))
_WORDS = {"minute", "hour", "day", "week", "month", "year"}
_RUSSIAN = {
    "s": "с", "second": "с", "min": "мин", "minute": "мин", "h": "ч", "hour": "ч", "day": "дн.",
    "week": "нед.", "month": "мес.", "year": "г.",
}  # fmt: skip
_GROUPED = 10_000
_HUGE, _TINY = 1e15, 1e-9


def show(value: Value, language: str = "en") -> str:
    """Return a value as a person reads it: ``4.4 %``, ``5.6 to 6.8``, in Russian ``5,6–6,8``."""
    lo, hi, unit = value.lo, value.hi, value.unit
    if isinstance(lo, date) or isinstance(hi, date):
        return _range(str(lo), str(hi), language)
    lo, hi, unit = _readable(lo, hi, unit)
    ends = _ends(lo, hi, percent=unit == "%")
    words = [_localised(end, language) for end in ends]
    if lo == hi:
        return _with_unit(words[0], unit, language, plural=abs(lo) != 1)
    return _with_unit(_range(*words, language), unit, language, plural=True)


def _range(lo: str, hi: str, language: str) -> str:
    if lo == hi:
        return lo
    if language != "ru":
        return f"{lo} to {hi}"
    return f"от {lo} до {hi}" if lo.startswith("-") else f"{lo}–{hi}"


def _with_unit(text: str, unit: str, language: str, *, plural: bool) -> str:
    if language == "ru":
        unit = re.sub(r"[^\W\d_]+", lambda word: _RUSSIAN.get(word[0], word[0]), unit)
    elif unit in _WORDS and plural:
        unit += "s"
    return f"{text} {unit}" if unit else text


def _readable(lo: float, hi: float, unit: str) -> tuple[float, float, str]:
    """Choose the prefix a person would: cents below a dime, prices by the million tokens."""
    most = max(abs(lo), abs(hi))
    if most == 0:
        return lo, hi, unit
    if unit == "USD" and most < 0.1:  # noqa: PLR2004
        return lo * 100, hi * 100, "¢"
    if unit.endswith("/tok") and most < 0.01:  # noqa: PLR2004
        return lo * 1e6, hi * 1e6, unit.removesuffix("tok") + "Mtok"
    counted = re.fullmatch(r"([kMGT]?)(tok|param)(/.*)?", unit)
    if not counted:
        return lo, hi, unit
    ones = most * dict(_PREFIXES)[counted[1]]
    if not counted[1] and ones < 1e6:  # noqa: PLR2004
        return lo, hi, unit
    prefix, size = next((p for p in _PREFIXES if ones >= p[1]), _PREFIXES[-1])
    scale = dict(_PREFIXES)[counted[1]] / size
    return lo * scale, hi * scale, f"{prefix}{counted[2]}{counted[3] or ''}"


def _ends(lo: float, hi: float, *, percent: bool) -> list[str]:
    """Write both ends with about three digits, more where they would else look the same."""
    if lo == hi:
        return [_digits(lo, _decimals_of_one(lo, percent=percent))] * 2
    by_width = 1 - _magnitude(hi - lo)
    return [_digits(end, max(by_width, 1 - _magnitude(end))) for end in (lo, hi)]


def _decimals_of_one(number: float, *, percent: bool) -> int:
    magnitude = _magnitude(number)
    if number.is_integer() and abs(number) < _HUGE:
        return 0
    if percent:
        return 1 if magnitude >= 0 else 1 - magnitude
    return 2 - magnitude


def _magnitude(number: float) -> int:
    return math.floor(math.log10(abs(number))) if number else 0


def _digits(number: float, decimals: int) -> str:
    if number and not _TINY <= abs(number) < _HUGE:
        return f"{number:.2e}".replace("e+", "e")
    text = f"{number:.{max(0, decimals)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _localised(text: str, language: str) -> str:
    whole, point, rest = text.partition(".")
    if whole.lstrip("-").isdigit() and abs(int(whole)) >= _GROUPED:
        whole = f"{int(whole):,}"
    if language != "ru":
        return whole + point + rest
    return whole.replace(",", "\u00a0") + (point and ",") + rest
