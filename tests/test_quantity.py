"""Units, and how a value is shown to a person."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.evidence.model import Value
from argmap.evidence.quantity import (
    COMMON,
    DATE,
    TIME,
    Unit,
    UnitError,
    Units,
    base_unit,
    from_date,
    show,
    to_date,
    to_value,
    units_of,
)


@pytest.fixture(scope="module")
def units() -> Units:
    return units_of()


def test_a_unit_is_a_factor_and_dimensions(units: Units) -> None:
    """A price by the million tokens is a millionth of dollars by the token."""
    unit = units.unit("USD/Mtok")
    assert unit.factor == Fraction(1, 1_000_000)
    assert unit.dims == (("USD", 1), ("tok", -1))


@pytest.mark.parametrize("name", sorted(COMMON))
def test_the_common_units_are_those_of_pint(name: str) -> None:
    """The short table that spares us loading pint agrees with pint and our additions to it."""
    plain = Units()
    plain._atoms = {}
    looked_up = plain.unit(name)
    assert (looked_up.factor, looked_up.dims) == (COMMON[name].factor, COMMON[name].dims)


def test_pint_knows_the_rest(units: Units) -> None:
    """Whatever pint reads is a unit: kilowatt hours, hertz, plurals."""
    assert units.unit("kWh").factor == 3_600_000_000
    assert units.unit("hours/days").factor == Fraction(1, 24)
    assert units.unit("Hz").dims == units.unit("s^-1").dims


@pytest.mark.parametrize("pair", [("USD", "EUR"), ("EUR", "RUB"), ("GB", "%"), ("tok", "param")])
def test_what_cannot_be_converted_is_of_another_kind(units: Units, pair: tuple[str, str]) -> None:
    """No currency is another, a byte is no bare number, a token is no parameter."""
    assert units.unit(pair[0]).dims != units.unit(pair[1]).dims


@pytest.mark.parametrize(
    "text",
    [
        "nope",
        "USD/nope",
        "USD per Mtok",
        "degC",
        "dB",
        "USD^999",
        "__import__",
        "1",
        "USD//tok",
        "",
    ],
)
def test_what_is_no_unit_is_refused(units: Units, text: str) -> None:
    """Unknown words, scales with an offset, and anything that is not names with / * ^."""
    if text == "":
        assert units.unit(text).dims == ()  # no unit at all is a bare number
        return
    with pytest.raises(UnitError):
        units.unit(text)


def test_a_config_may_add_units() -> None:
    """`[units]` defines units as pint reads them; an empty text makes a kind of its own."""
    units = Units((("credit", "0.01 USD"), ("RPM", "1 / minute"), ("seat", ""), ("desk", "2 seat")))
    assert units.unit("kcredit").factor == 10
    assert units.unit("RPM").dims == units.unit("Hz").dims
    assert units.unit("USD/seat").dims == (("USD", 1), ("seat", -1))
    assert units.unit("desk").factor == 2
    assert units.faults() == {}


def test_a_unit_the_config_cannot_define_is_named() -> None:
    """One definition that fails leaves the others, and says why."""
    units = Units((("bad", "3 nonsense"), ("x-y", "1 USD"), ("good", "2 USD")))
    assert sorted(units.faults()) == ["bad", "x-y"]
    assert units.unit("good").factor == 2
    with pytest.raises(UnitError, match="nonsense"):
        units.unit("bad")


def test_a_redefined_unit_counts() -> None:
    """A unit of the config goes before the table of common ones."""
    assert Units((("RUB", "0.01 USD"),)).unit("RUB").dims == (("USD", 1),)


@pytest.mark.parametrize(
    ("number", "unit", "base"),
    [
        ("7", "%", 0.07),
        ("0.3", "%", 0.003),
        ("1.29", "USD/hour", 1.29 / 3600),
        ("3.56", "Gparam", 3.56e9),
    ],
)
def test_converting_rounds_once(units: Units, number: str, unit: str, base: float) -> None:
    """7 % is 0.07 and not 0.07000000000000001."""
    assert units.unit(unit).base(number) == base
    assert units.unit(unit).of(base) == float(number)


@given(st.floats(1e-9, 1e12), st.sampled_from(["%", "USD/hour", "GB", "USD/Mtok", "day"]))
def test_there_and_back(number: float, unit: str) -> None:
    """What is converted to base units and back is the same to 15 digits."""
    there = units_of().unit(unit)
    assert math.isclose(there.of(there.base(number)), number, rel_tol=1e-14)


@given(st.dates())
def test_dates_are_seconds_exactly(day: date) -> None:
    """A date goes through floats unharmed."""
    assert to_date(from_date(day)) == day


def test_no_date_outside_the_calendar() -> None:
    """A moment no calendar has is no date."""
    assert to_date(-1.0) is None
    assert to_value((0.0, 1e30), DATE) is None


@pytest.mark.parametrize(
    ("dims", "text"),
    [(TIME, "day"), ((), ""), ((("USD", 1), ("second", -1)), "USD/s"), ((("tok", -2),), "tok^-2")],
)
def test_a_unit_for_what_nobody_named_one_for(dims: tuple[tuple[str, int], ...], text: str) -> None:
    """What a formula yields can always be shown, in a unit that reads back as the same."""
    assert base_unit(dims).text == text
    assert units_of().unit(text).dims == dims


DAY = date(2026, 10, 9)


@pytest.mark.parametrize(
    ("value", "english", "russian"),
    [
        (Value(4.357, 4.357, "%"), "4.4 %", "4,4 %"),
        (Value(30.742, 30.742, "%"), "30.7 %", "30,7 %"),
        (Value(0.1234, 0.1234, "%"), "0.12 %", "0,12 %"),
        (Value(105.0, 105.0, "%"), "105 %", "105 %"),
        (Value(5.638, 6.762), "5.6 to 6.8", "5,6–6,8"),
        (Value(-1.0, 2.0), "-1 to 2", "от -1 до 2"),
        (Value(1.29, 1.39, "USD/hour"), "1.29 to 1.39 USD/hour", "1,29–1,39 USD/ч"),
        (Value(0.93, 9.3), "0.93 to 9.3", "0,93–9,3"),
        (Value(0.0, 6.92, "%"), "0 to 6.9 %", "0–6,9 %"),
        (Value(0.000154, 0.000154, "USD"), "0.0154 ¢", "0,0154 ¢"),
        (Value(0.154, 0.154, "USD"), "0.154 USD", "0,154 USD"),
        (Value(3e-7, 3e-7, "USD/tok"), "0.3 USD/Mtok", "0,3 USD/Mtok"),
        (Value(1024.0, 1024.0, "tok"), "1024 tok", "1024 tok"),
        (Value(12500.0, 12500.0, "tok/s"), "12,500 tok/s", "12\u00a0500 tok/с"),
        (Value(3.56e9, 3.56e9, "param"), "3.56 Gparam", "3,56 Gparam"),
        (Value(0.0035, 0.0035, "Mtok"), "3.5 ktok", "3,5 ktok"),
        (Value(36.25, 36.25), "36.3", "36,3"),
        (Value(6.444444, 6.444444), "6.44", "6,44"),
        (Value(1234567.0, 1234567.0), "1,234,567", "1\u00a0234\u00a0567"),
        (Value(1.5e18, 1.5e18), "1.50e18", "1,50e18"),
        (Value(0.0, 0.0, "%"), "0 %", "0 %"),
        (Value(-0.0, -0.0), "0", "0"),
        (Value(45.0, 45.0, "day"), "45 days", "45 дн."),
        (Value(1.0, 1.0, "day"), "1 day", "1 дн."),
        (Value(DAY, DAY), "2026-10-09", "2026-10-09"),
        (Value(DAY, date(2026, 11, 1)), "2026-10-09 to 2026-11-01", "2026-10-09–2026-11-01"),
    ],
)  # fmt: skip
def test_values_are_shown_as_people_write_them(value: Value, english: str, russian: str) -> None:
    """About three digits, the prefix a person would choose, the language's own comma."""
    assert show(value) == english
    assert show(value, "ru") == russian


def test_more_digits_where_asked() -> None:
    """Two values that differ can be shown to differ."""
    assert show(Value(24.96, 24.96, "%")) == "25 %"
    assert show(Value(24.96, 24.96, "%"), extra=1) == "24.96 %"


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "%", "USD", "tok", "USD/tok", "day", "Gparam"]),
    st.sampled_from(["en", "ru"]),
)
def test_any_value_can_be_shown(one: float, other: float, unit: str, language: str) -> None:
    """No number is too odd to be shown, and none comes out as not a number."""
    shown = show(Value(min(one, other), max(one, other), unit), language)
    assert shown
    assert "nan" not in shown


def test_a_unit_is_a_value_of_its_own() -> None:
    """Units compare by what they are."""
    assert units_of().unit("USD") == Unit("USD", Fraction(1), (("USD", 1),))
