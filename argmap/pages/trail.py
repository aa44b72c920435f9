"""A check's past -> the chart, the change log and the table of its page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, pairwise
from math import floor, log10
from typing import TYPE_CHECKING

from argmap.evidence.model import Value
from argmap.pages import charts
from argmap.pages.addresses import href
from argmap.pages.cards import outcome_icon, outcome_word
from argmap.pages.details import ack_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from argmap.pages.cards import Deck
    from argmap.pages.charts import Point
    from argmap.report import EvidenceReport, SeriesPoint

# Where runs stand on the axis of time; beyond the last the present outcome goes on to the edge.
FIRST, LAST = 0.05, 0.97
_TICKS = 4
_MOST_DOTS = 120
_TINY, _HUGE = 1e-300, 1e300  # what is beyond has no place on an axis
_NAME = re.compile(r"[^\W\d]\w*")
_NARROW = 0.16  # of the axis: a shorter spell has no room for its word


@dataclass(frozen=True, slots=True)
class Band:
    """What a value, or a threshold, was from run to run without a gap: its upper and lower edge."""

    upper: tuple[Point, ...]
    lower: tuple[Point, ...]
    wide: bool  # the edges differ somewhere

    @property
    def edges(self) -> str:
        """The edges as an SVG path, 1000 wide and 180 high; one where they are the same."""
        return _path(self.upper) + (_path(self.lower) if self.wide else "")

    @property
    def area(self) -> str:
        """What lies between the edges, as an SVG path."""
        return f"{_path((*self.upper, *reversed(self.lower)))}z" if self.wide else ""


def _path(points: Sequence[Point]) -> str:
    spots = (f"{1000 * x:.1f} {180 * y:.1f}" for x, y in points)
    return "M" + "L".join(spots)


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of runs with one outcome."""

    x: float
    width: float
    outcome: str
    icon: str
    word: str
    title: str
    roomy: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that a reader of the chart should know of a day."""

    x: float
    kind: str  # written, changed, acknowledged, retracted
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of an axis with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Trail:
    """A check's history as a chart, scaled to 0..1, y downward."""

    values: tuple[Band, ...]
    limits: tuple[Band, ...]
    dots: str  # the runs, as an SVG path; empty where they are too many to tell apart
    heights: tuple[Tick, ...]
    days: tuple[Tick, ...]
    limit: Tick | None  # the newest threshold
    spells: tuple[Spell, ...]
    marks: tuple[Mark, ...]
    kinds: tuple[str, ...]  # of the marks, each once
    summary: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the change log."""

    day: str
    kind: str  # of its mark, or empty
    icon: str  # of the outcome it turned to, or empty
    text: str
    codes: tuple[str, ...] = ()  # the formula before and after
    turned: tuple[tuple[str, str, str], ...] = ()  # claims it turned: status, text and address


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: runs one after the other that saw the same."""

    runs: str
    dated: str
    value: str
    limit: str
    icon: str
    outcome: str
    note: str


class _Axis:
    """Where days and values stand."""

    def __init__(self, series: Sequence[SeriesPoint], values: Sequence[Range]) -> None:
        self.first, self.last = series[0].as_of.toordinal(), series[-1].as_of.toordinal()
        ends = [end for value in values if value for end in value]
        self.lo, self.hi = (min(ends), max(ends)) if ends else (0.0, 0.0)
        pad = (self.hi - self.lo) * 0.1 or abs(self.hi) * 0.2 or 1.0
        if self.lo < 0 or self.lo - pad >= 0:  # no axis goes below 0 for its margin's sake
            self.lo -= pad
        elif ends:
            self.lo = 0.0
        self.hi += pad

    def x(self, day: date) -> float:
        days = self.last - self.first
        share = (day.toordinal() - self.first) / days if days else 1.0
        return round(FIRST + (LAST - FIRST) * share, 4)

    def y(self, value: float) -> float:
        return round(1 - (value - self.lo) / (self.hi - self.lo), 4)

    def heights(self) -> list[float]:
        """Return round values to draw lines at."""
        step = 10.0 ** floor(log10((self.hi - self.lo) / _TICKS))
        if step < _TINY:
            return []
        step *= next(
            (by for by in (1, 2, 5) if (self.hi - self.lo) / (step * by) <= _TICKS + 1), 10
        )
        first = floor(self.lo / step) + 1
        last = floor(self.hi / step)
        return [number * step for number in range(first, last + 1)]


Range = tuple[float, float] | None


def trail(deck: Deck, item: EvidenceReport) -> Trail | None:
    """Return the chart of a check's history; None where there are fewer than two runs."""
    series = _runs(item)
    if len(series) < 2:  # noqa: PLR2004
        return None
    unit = charts.unit_of(item)
    values = [_ends(point) if point.unit == unit else None for point in series]
    told = [point.limit if point.unit == unit else None for point in series]
    limits = [one if one and _near(one, values) else None for one in told]
    axis = _Axis(series, [*values, *limits])
    newest = next((one for one in reversed(limits) if one), None)
    marks = tuple(sorted(_marks(deck, item, axis), key=lambda mark: mark.x))
    known = any(values)
    return Trail(
        values=tuple(_bands(axis, series, values)),
        limits=tuple(_bands(axis, series, limits)),
        dots=_dots(axis, series, values) if len(series) <= _MOST_DOTS else "",
        heights=tuple(
            Tick(axis.y(height), deck.words.amount(Value(height, height, unit)))
            for height in (axis.heights() if known else ())
        ),
        days=_days(deck, axis, series),
        limit=newest and Tick(axis.y(sum(newest) / 2), _limit_words(deck, item, newest, unit)),
        spells=tuple(_spells(deck, axis, series)),
        marks=marks,
        kinds=tuple(dict.fromkeys(mark.kind for mark in marks)),
        summary=_summary(deck, item),
    )


def _dots(axis: _Axis, series: Sequence[SeriesPoint], values: Sequence[Range]) -> str:
    return "".join(
        f"M{1000 * axis.x(point.as_of):.1f} {180 * axis.y(end):.1f}h0"
        for point, value in zip(series, values, strict=True)
        if value
        for end in dict.fromkeys(value)
    )


def _ends(point: SeriesPoint) -> Range:
    if point.lo is None or point.hi is None or max(abs(point.lo), abs(point.hi)) > _HUGE:
        return None
    return float(point.lo), float(point.hi)


def _runs(item: EvidenceReport) -> list[SeriesPoint]:
    """Return the runs, each with its threshold: as recorded, else as the formula has it."""
    unit, constant = _constant(item)
    found: list[SeriesPoint] = []
    same = True  # it is still defined as it is now
    for point in reversed(item.series):
        fits = same and point.lo is not None and point.unit == unit
        found.append(replace(point, limit=point.limit or (constant if fits else None)))
        same = same and not point.changed
    return found[::-1]


def _constant(item: EvidenceReport) -> tuple[str, Range]:
    """Return the threshold of a check that compares with plain numbers, its unit first."""
    right = item.now.right
    names = {seen.measure for seen in item.now.observations}
    if right is None or right.value is None or not names.isdisjoint(_NAME.findall(right.text)):
        return "", None
    lo, hi = right.value.lo, right.value.hi
    if isinstance(lo, date) or isinstance(hi, date):
        return "", None
    return right.value.unit, (lo, hi)


def _near(limit: tuple[float, float], values: Sequence[Range]) -> bool:
    """Say whether a threshold may be drawn without pressing the values flat."""
    known = [end for value in values if value for end in value]
    if not known:
        return False
    size = max(map(abs, known)) or 1.0
    return max(map(abs, limit)) <= 20 * size


def _bands(axis: _Axis, series: Sequence[SeriesPoint], values: Sequence[Range]) -> Iterator[Band]:
    """Yield what is known from run to run: a value stands until the next run."""
    starts = [axis.x(point.as_of) for point in series]
    stops = [*starts[1:], 1.0]
    rows = zip(starts, stops, values, strict=True)
    for known, group in groupby(rows, key=lambda row: row[2] is not None):
        if not known:
            continue
        upper: list[Point] = []
        lower: list[Point] = []
        wide = False
        for start, stop, value in group:
            assert value is not None  # noqa: S101  the group holds only these
            for edge, end in ((upper, value[1]), (lower, value[0])):
                y = axis.y(end)
                if edge and edge[-1][1] == y:
                    edge[-1] = (stop, y)
                else:
                    edge += [(start, y), (stop, y)]
            wide = wide or value[0] != value[1]
        yield Band(tuple(upper), tuple(lower), wide)


def _spells(deck: Deck, axis: _Axis, series: Sequence[SeriesPoint]) -> Iterator[Spell]:
    words = deck.words
    groups = [list(group) for _, group in groupby(series, key=lambda point: point.outcome)]
    for group, after in pairwise([*groups, []]):
        start = axis.x(group[0].as_of)
        stop = axis.x(after[0].as_of) if after else 1.0
        outcome = group[0].outcome
        until = f" – {words.day(group[-1].as_of)}" if len(group) > 1 else ""
        said = outcome_word(outcome, deck.words)
        yield Spell(
            start, round(stop - start, 4), outcome, outcome_icon(outcome), said,
            f"{said}: {words.day(group[0].as_of)}{until}", stop - start >= _NARROW,
        )  # fmt: skip


def _days(deck: Deck, axis: _Axis, series: Sequence[SeriesPoint]) -> tuple[Tick, ...]:
    first, last = series[0].as_of, series[-1].as_of
    ends = [Tick(axis.x(first), deck.words.month(first))]
    if (first.year, first.month) != (last.year, last.month):
        ends.append(Tick(1.0, deck.words.month(last)))
    return tuple(ends)


def _marks(deck: Deck, item: EvidenceReport, axis: _Axis) -> Iterator[Mark]:
    words, first = deck.words, item.series[0].as_of
    for then in _written(deck, item):
        if first <= then <= item.series[-1].as_of:
            yield Mark(axis.x(then), "written", f"{words('written')}: {words.day(then)}")
    for point, kind in _events(item):
        yield Mark(axis.x(point.as_of), kind, f"{words(f'event.{kind}')}: {words.day(point.as_of)}")


def _written(deck: Deck, item: EvidenceReport) -> list[date]:
    """Return when the notes were written whose claims this check bears on."""
    debates = {deck.report.claims[key].debate for key in item.claims if key in deck.report.claims}
    found = {debate.then for debate in deck.report.debates if debate.id in debates}
    return sorted(day for day in found if day)


def _events(item: EvidenceReport) -> Iterator[tuple[SeriesPoint, str]]:
    """Yield the runs in which something began that no source said."""
    reasons = ("acknowledged", "retracted")
    was = ""
    for point in item.series:
        if point.changed:
            yield point, "changed"
        if point.reason in reasons and point.reason != was:
            yield point, point.reason
        was = point.reason


def _limit_words(deck: Deck, item: EvidenceReport, limit: tuple[float, float], unit: str) -> str:
    words = deck.words
    value = words.amount(Value(limit[0], limit[1], unit))
    return f"{words('threshold')} {words.op(item.now.op)} {value}"


def _summary(deck: Deck, item: EvidenceReport) -> str:
    """Return the chart in a sentence, for who cannot see it."""
    words, series = deck.words, item.series
    span = f"{words.day(series[0].as_of)} – {words.day(series[-1].as_of)}"
    turned = sum(before.outcome != after.outcome for before, after in pairwise(series))
    now = outcome_word(series[-1].outcome, deck.words)
    turns = words.count(turned, "turn") if turned else words("never_turned")
    runs = words.count(len(series), "run")
    return f"{words('history')}: {runs}, {span}; {turns}; {words('now')}: {now}"


# ---- the change log ------------------------------------------------------------------------------


def log(deck: Deck, item: EvidenceReport) -> list[Entry]:
    """Return what changed from run to run, the newest first."""
    series = _runs(item)
    if not series:
        return []
    found = [_first(deck, series[0])]
    for before, point in pairwise(series):
        found += _entries(deck, item, before, point)
    return found[::-1]


def _first(deck: Deck, point: SeriesPoint) -> Entry:
    words, said = deck.words, outcome_word(point.outcome, deck.words)
    text = f"{words('first_run')}: {said}{_reason(deck, point)}"
    return Entry(words.day(point.as_of), "", outcome_icon(point.outcome), text)


def _entries(
    deck: Deck, item: EvidenceReport, before: SeriesPoint, point: SeriesPoint
) -> Iterator[Entry]:
    words, day = deck.words, deck.words.day(point.as_of)
    if point.changed:
        limits = [_limit(deck, one) for one in (before, point)]
        moved = f": {words('threshold')} {limits[0]} → {limits[1]}" if _moved(limits) else ""
        yield Entry(day, "changed", "", words("event.changed") + moved, _codes(before, point))
    began = point.reason != before.reason
    if began and point.reason == "retracted":
        yield Entry(day, "retracted", "", words("event.retracted"))
    if began and point.reason == "acknowledged":
        yield Entry(day, "acknowledged", "", _acknowledged(deck, item))
    if point.outcome != before.outcome:
        turn = " → ".join(outcome_word(one.outcome, words) for one in (before, point))
        values = [_value(deck, one) for one in (before, point)]
        moved = f", {values[0]} → {values[1]}" if _moved(values) else ""
        yield Entry(
            day, "", outcome_icon(point.outcome), f"{turn}{moved}{_reason(deck, point)}",
            turned=tuple(_turned(deck, item, point)),
        )  # fmt: skip


def _moved(pair: Sequence[str]) -> bool:
    return bool(pair[0] and pair[1] and pair[0] != pair[1])


def _codes(before: SeriesPoint, point: SeriesPoint) -> tuple[str, ...]:
    return tuple(dict.fromkeys(shown for shown in (before.shown, point.shown) if shown))


def _reason(deck: Deck, point: SeriesPoint) -> str:
    known = point.reason and point.outcome in ("unknown", "error")
    return f": {deck.words(f'why.{point.reason}')}" if known else ""


def _acknowledged(deck: Deck, item: EvidenceReport) -> str:
    """Return that a failure was set aside; who and why is known of what holds today."""
    return ack_words(deck, item.id) or deck.words("event.acknowledged")


def _turned(deck: Deck, item: EvidenceReport, point: SeriesPoint) -> Iterator[tuple[str, str, str]]:
    for turn in deck.turned.get(item.id, ()):
        if turn.as_of == point.as_of:
            yield turn.after, deck.title(turn.claim), href(deck, turn.claim)


# ---- the table -----------------------------------------------------------------------------------


def table(deck: Deck, item: EvidenceReport) -> list[Line]:
    """Return what the chart shows as rows, the newest first; runs that saw the same are one."""
    same = groupby(_runs(item), key=_seen)
    return [_line(deck, list(group)) for _, group in same][::-1]


def _seen(point: SeriesPoint) -> tuple[object, ...]:
    """Return what makes two runs differ; that a definition is new is said of its first run."""
    return (
        point.dated, point.lo, point.hi, point.unit, point.limit, point.outcome, point.reason,
        point.found, point.as_of if point.changed else None,
    )  # fmt: skip


def _line(deck: Deck, group: Sequence[SeriesPoint]) -> Line:
    words, point = deck.words, group[0]
    runs = words.day(point.as_of)
    if len(group) > 1:
        runs += f" – {words.day(group[-1].as_of)} ({words.count(len(group), 'run')})"
    notes = [words("event.changed")] if point.changed else []
    if point.reason:
        notes.append(words(f"why.{point.reason}"))
    if point.found and point.found != point.outcome and not point.reason:
        notes.append(f"{words('by_itself')}: {outcome_word(point.found, deck.words)}")
    return Line(
        runs, words.day(point.dated) if point.dated else "", _value(deck, point),
        _limit(deck, point), outcome_icon(point.outcome), outcome_word(point.outcome, deck.words),
        "; ".join(notes),
    )  # fmt: skip


def _value(deck: Deck, point: SeriesPoint) -> str:
    ends = _ends(point)
    return deck.words.amount(Value(*ends, point.unit)) if ends else ""


def _limit(deck: Deck, point: SeriesPoint) -> str:
    return deck.words.amount(Value(*point.limit, point.unit)) if point.limit else ""
