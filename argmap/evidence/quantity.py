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
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from argmap.evidence.model import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

Interval = tuple[float, float]
Dims = tuple[tuple[str, int], ...]

DAY = 86400
_ATOM = r"(?:[%‰¢]|[^\W\d]\w*)(?:\^-?[0-9]+)?"
UNIT_PATTERN = rf"{_ATOM}(?:[*/]{_ATOM})*"
_LONGEST_POWER = 2  # characters: from -9 to 99


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
        number = base if self.factor == 1 else float(Fraction(repr(base)) / self.factor)
        return float(f"{number:.15g}")  # what differs beyond is rounding on the way

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

# The units that nearly every sheet uses, so that most projects need not wait for pint (0.4 s). A
# test holds each of them against pint.
_TIMES = {
    "s": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "day": DAY,
    "week": 7 * DAY, "month": 2629800, "year": 31557600,
}  # fmt: skip
_COUNTED = {"tok": "tok", "param": "param", "USD": "USD", "EUR": "EUR", "RUB": "RUB"}
_THOUSANDS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
COMMON: dict[str, Unit] = {
    "%": PERCENT,
    "¢": Unit("¢", Fraction(1, 100), (("USD", 1),)),
    **{name: Unit(name, Fraction(size), TIME) for name, size in _TIMES.items()},
    **{
        prefix + name: Unit(prefix + name, Fraction(size), ((base, 1),))
        for name, base in _COUNTED.items()
        for prefix, size in _THOUSANDS.items()
    },
    **{
        prefix + name: Unit(prefix + name, Fraction(bits * size), (("bit", 1),))
        for name, bits in (("B", 8), ("bit", 1))
        for prefix, size in _THOUSANDS.items()
    },
}


class Units:
    """All units a project knows: pint's, ours, and those of the config's `[units]`.

    `definitions` are pairs of a name and what it is, as pint reads it: ``("credit", "0.01 USD")``;
    an empty text makes a unit of its own kind: ``("seat", "")``.
    """

    def __init__(self, definitions: tuple[tuple[str, str], ...] = ()) -> None:
        self._definitions = definitions
        self._faults: dict[str, str] = {}
        own = {name for name, _ in definitions}
        self._atoms = {name: unit for name, unit in COMMON.items() if name not in own}
        self._known: dict[str, Unit] = {"": NUMBER}

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

    def is_common(self, name: str) -> bool:
        """Say whether a bare word is a unit that many sheets use, or one of the config's."""
        return name in COMMON or any(name == own for own, _ in self._definitions)

    def faults(self) -> dict[str, str]:
        """Return the names of `[units]` that could not be defined, each with the reason."""
        if self._definitions:
            _ = self._pint
        return self._faults

    def _read(self, text: str) -> Unit:
        if not re.fullmatch(UNIT_PATTERN, text):
            raise UnitError(f"{text!r} is not a unit")
        factor, dims = Fraction(1), dict[str, int]()
        for sign, name, power in re.findall(r"([*/]?)([^*/^]+)(?:\^(-?[0-9]+))?", text):
            if len(power) > _LONGEST_POWER:
                raise UnitError(f"{text!r} has too large a power")
            atom, exponent = self._atom(name), int(power or 1) * (-1 if sign == "/" else 1)
            factor *= atom.factor**exponent
            for dim, count in atom.dims:
                dims[dim] = dims.get(dim, 0) + count * exponent
        return Unit(text, factor, _tidy(dims))

    def _atom(self, name: str) -> Unit:
        if name not in self._atoms:
            self._atoms[name] = self._look_up(name)
        return self._atoms[name]

    def _look_up(self, name: str) -> Unit:
        from pint.util import UnitsContainer, to_units_container

        found = self._pint.parse_unit_name(name)
        if name in self._faults:
            raise UnitError(self._faults[name])
        if not found:
            raise UnitError(f"no unit {name!r}")
        unit = UnitsContainer({found[0][0] + found[0][1]: 1})
        try:
            zero = self._pint.Quantity(Fraction(0), unit).to_root_units().magnitude
            factor, root = self._pint.get_root_units(unit)
        except (ValueError, TypeError, ArithmeticError, AttributeError, LookupError):
            raise UnitError(f"{name!r} cannot be computed with") from None
        if zero != 0:
            raise UnitError(f"{name!r} is a point on a scale and cannot be computed with")
        return Unit(
            name, Fraction(factor), _tidy({str(k): n for k, n in to_units_container(root).items()})
        )

    @cached_property
    def _pint(self) -> Any:
        import pint

        registry: Any = pint.UnitRegistry(non_int_type=Fraction)
        for line in _OURS:
            registry.define(line)
        wrong = (pint.PintError, ValueError, TypeError, ArithmeticError, LookupError)
        for name, text in self._definitions:
            try:
                registry.define(_definition(name, text))
            except wrong as error:
                self._faults[name] = str(error)
        for name in sorted({name for name, _ in self._definitions} - self._faults.keys()):
            try:  # only now: a definition may use another that stands below it
                registry.get_root_units(name)
            except wrong as error:
                self._faults[name] = str(error)
        return registry


def _tidy(dims: Mapping[str, Any]) -> Dims:
    whole = ((name, int(count) if count == int(count) else count) for name, count in dims.items())
    return tuple(sorted((name, count) for name, count in whole if count))


def _definition(name: str, text: str) -> str:
    """Return a line of `[units]` as pint wants it."""
    if not re.fullmatch(r"[^\W\d]\w*", name):
        raise UnitError(f"{name!r} cannot be the name of a unit")
    if not text.strip():
        return f"{name} = [{name}]"
    return f"{name} = {text.replace('%', 'percent').replace('¢', 'USD_cent')}"


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


def from_value(value: Value, units: Units) -> Interval:
    """Return a value that was shown, or recorded, in base units again."""
    if isinstance(value.lo, date) and isinstance(value.hi, date):
        return (from_date(value.lo), from_date(value.hi))
    unit = units.unit(value.unit)
    return (unit.base(str(value.lo)), unit.base(str(value.hi)))


# How a value is shown

_PREFIXES = (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 1.0))
_WORDS = {"minute", "hour", "day", "week", "month", "year"}
_RUSSIAN = {
    "s": "с", "second": "с", "min": "мин", "minute": "мин", "h": "ч", "hour": "ч", "day": "дн.",
    "week": "нед.", "month": "мес.", "year": "г.",
}  # fmt: skip
_GROUPED = 10_000
_HUGE, _TINY = 1e15, 1e-9
_WIDE = Context(prec=60)


def show(value: Value, language: str = "en", *, extra: int = 0) -> str:
    """Return a value as a person reads it: ``4.4 %``, ``5.6 to 6.8``, in Russian ``5,6–6,8``.

    It has about three digits, and `extra` ones where values would else look the same.
    """
    lo, hi, unit = value.lo, value.hi, value.unit
    if isinstance(lo, date) or isinstance(hi, date):
        return _range(str(lo), str(hi), language)
    lo, hi, unit = _readable(lo, hi, unit)
    one, other = (_localised(end, language) for end in _ends(lo, hi, extra, percent=unit == "%"))
    plural = lo != hi or abs(lo) != 1
    return _with_unit(_range(one, other, language), unit, language, plural=plural)


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


def _ends(lo: float, hi: float, extra: int, *, percent: bool) -> tuple[str, str]:
    """Write both ends with about three digits, more where they would else look the same."""
    if lo == hi:
        one = _digits(lo, _decimals_of_one(lo, percent=percent) + extra)
        return one, one
    by_width = 1 - _magnitude(hi - lo)
    one, other = (
        _digits(end, max(by_width, 1 - _magnitude(end) if end else 0) + extra) for end in (lo, hi)
    )
    return one, other


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
    step = Decimal(1).scaleb(-max(0, decimals))
    text = f"{Decimal(repr(number)).quantize(step, ROUND_HALF_UP, _WIDE):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _localised(text: str, language: str) -> str:
    whole, point, rest = text.partition(".")
    if whole.lstrip("-").isdigit() and abs(int(whole)) >= _GROUPED:
        whole = f"{int(whole):,}"
    if language != "ru":
        return whole + point + rest
    return whole.replace(",", "\u00a0") + (point and ",") + rest
