"""When a note was written: its property `date` or `created`, else a tag such as 2025/Sep."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ].*)?")
_DATE_TAG = re.compile(r"(\d{4})(?:[/-]([^\W_]+)(?:[/-](\d{1,2}))?)?")
_MONTHS = (
    ("january", "январь", "января"),
    ("february", "февраль", "февраля"),
    ("march", "март", "марта"),
    ("april", "апрель", "апреля"),
    ("may", "май", "мая"),
    ("june", "июнь", "июня"),
    ("july", "июль", "июля"),
    ("august", "август", "августа"),
    ("september", "сентябрь", "сентября"),
    ("october", "октябрь", "октября"),
    ("november", "ноябрь", "ноября"),
    ("december", "декабрь", "декабря"),
)
_SHORTEST_MONTH = 3  # `Sep`; `Ma` would be March or May


def date_of(properties: dict[str, Any], tags: Sequence[str]) -> date | None:
    """Return a note's date; a month means its last day, a year alone 31 December."""
    for key in ("date", "created"):
        found = _day(properties.get(key))
        if found:
            return found
    dated = [(tag, _DATE_TAG.fullmatch(tag)) for tag in tags]
    parts = [(found[1], found[2], found[3]) for _, found in dated if found]
    parts.sort(key=lambda part: part[1] is None)  # a month says more than a year alone
    days = (_last_day(*part) for part in parts)
    return next((day for day in days if day), None)


def _day(value: Any) -> date | None:
    """Read `2025-09-30`, a date with a time, `2025-09` (its last day), `[[2025-09-30]]`."""
    if not isinstance(value, str | int):
        return None
    found = _DAY.fullmatch(str(value).strip().removeprefix("[[").removesuffix("]]"))
    return _last_day(found[1], found[2], found[3]) if found else None


def _last_day(year: str, month: str | None, day: str | None) -> date | None:
    number = _month(month) if month else 12
    if not number or not int(year):
        return None
    last = monthrange(int(year), number)[1]
    if day is None:
        return date(int(year), number, last)
    return date(int(year), number, int(day)) if 1 <= int(day) <= last else None


def _month(word: str) -> int | None:
    if word.isdecimal():
        return int(word) if 1 <= int(word) <= len(_MONTHS) else None
    word = word.lower()
    for number, names in enumerate(_MONTHS, 1):
        if len(word) >= _SHORTEST_MONTH and any(name.startswith(word) for name in names):
            return number
    return None
