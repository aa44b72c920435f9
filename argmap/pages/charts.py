"""Small pictures as numbers: what a sparkline, a range, a strength and a history draw.

Everything is scaled to 0..1 here, so that the canvas of the map and the SVG of the other pages
only stretch it. y grows downward, as both draw it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argmap.evidence.model import Result, Value
    from argmap.history import StatusPoint
    from argmap.report import EvidenceReport
    from argmap.strengths import Interval, Status

Point = tuple[float, float]
FEWEST = 3  # different dates of data that make a series


@dataclass(frozen=True, slots=True)
class Spark:
    """A series over time: the line's points, and the threshold's height if it is in sight."""

    points: tuple[Point, ...]
    threshold: float | None = None
    steps: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """A value against a threshold on one axis: both as (from, to); equal ends are a point."""

    value: tuple[float, float]
    threshold: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Step:
    """One run of a history chart."""

    x: float
    y: float
    lo: float
    hi: float
    status: Status
    as_of: date


def spark(item: EvidenceReport) -> Spark | None:
    """Return the sparkline of a check whose data has at least three different dates."""
    unit = unit_of(item)
    alike = [point for point in item.series if point.unit == unit]
    seen = {
        (point.dated or point.as_of).toordinal(): (point.lo + point.hi) / 2
        for point in alike
        if point.lo is not None and point.hi is not None
    }
    if len(seen) < FEWEST or len({point.dated for point in alike}) < FEWEST:
        return None
    days, values = sorted(seen), [seen[day] for day in sorted(seen)]
    limit = _middle(item.now.right.value) if item.now.right else None
    ends = [*values, *([limit] if limit is not None else [])]
    return Spark(
        points=tuple(
            (_scaled(day, days[0], days[-1]), 1 - _scaled(value, min(ends), max(ends)))
            for day, value in zip(days, values, strict=True)
        ),
        threshold=None if limit is None else _round(1 - _scaled(limit, min(ends), max(ends))),
        steps=len(set(values)) == 2,  # noqa: PLR2004
    )


def unit_of(item: EvidenceReport) -> str:
    """Return the unit of a check's newest known value; values in another are not drawn with it."""
    known = (point.unit for point in reversed(item.series) if point.lo is not None)
    return next(known, "")


def ends(item: EvidenceReport) -> tuple[date, date] | None:
    """Return the first and last date of a series' data."""
    days = sorted(
        point.dated or point.as_of
        for point in item.series
        if point.lo is not None and point.hi is not None
    )
    return (days[0], days[-1]) if days else None


def against(result: Result) -> Range | None:
    """Return where a value lies against its threshold, None where there are not two numbers."""
    left = _ends(result.left.value) if result.left else None
    right = _ends(result.right.value) if result.right else None
    if left is None or right is None:
        return None
    lo, hi = min(left[0], right[0]), max(left[1], right[1])
    pad = (hi - lo) * 0.25 or abs(hi) * 0.5 or 1.0
    lo, hi = lo - pad, hi + pad
    return Range(
        value=(_scaled(left[0], lo, hi), _scaled(left[1], lo, hi)),
        threshold=(_scaled(right[0], lo, hi), _scaled(right[1], lo, hi)),
    )


def strength(interval: Interval) -> tuple[float, float]:
    """Return where a strength lies on the bar from -1 to 1."""
    return _scaled(interval[0], -1, 1), _scaled(interval[1], -1, 1)


def history(points: Sequence[StatusPoint], until: date) -> tuple[Step, ...]:
    """Return a claim's runs on an axis of time that ends at `until`."""
    if not points:
        return ()
    first, last = points[0].as_of.toordinal(), max(points[-1].as_of, until).toordinal()
    return tuple(
        Step(
            x=_scaled(point.as_of.toordinal(), first, last),
            y=1 - _scaled(sum(point.strength) / 2, -1, 1),
            lo=1 - _scaled(point.strength[0], -1, 1),
            hi=1 - _scaled(point.strength[1], -1, 1),
            status=point.status,
            as_of=point.as_of,
        )
        for point in points
    )


def as_data(chart: Spark | Range | None) -> dict[str, Any] | None:
    """Return a chart as JSON for the canvas."""
    if isinstance(chart, Spark):
        return {"points": chart.points, "threshold": chart.threshold, "steps": chart.steps}
    if isinstance(chart, Range):
        return {"value": chart.value, "against": chart.threshold}
    return None


def _ends(value: Value | None) -> tuple[float, float] | None:
    if value is None:
        return None
    lo, hi = (
        float(end.toordinal()) if isinstance(end, date) else float(end)
        for end in (value.lo, value.hi)
    )
    finite = lo - lo == 0 and hi - hi == 0
    return (lo, hi) if finite else None


def _middle(value: Value | None) -> float | None:
    ends = _ends(value)
    return None if ends is None else sum(ends) / 2


def _scaled(value: float, lo: float, hi: float) -> float:
    return _round((value - lo) / (hi - lo)) if hi > lo else 0.5


def _round(value: float) -> float:
    return round(round(value, 9), 3) + 0.0
