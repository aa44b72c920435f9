"""A measure fetched from the web: JSON, a table, HTML or text, and one value out of it.

Here stands also what all that is fetched shares: which requests are due, what an answer, an outage
or a day without a network makes of a measure.
"""

from __future__ import annotations

import json
import math
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

from pydantic import AfterValidator, Field, StrictInt, model_validator

from argmap.evidence.measure import Ask, Fetched, Line, Measure, Seen, Strict
from argmap.evidence.model import Fault, Reason
from argmap.evidence.pick import Missing, Page, Unreadable
from argmap.evidence.quantity import DATE, NUMBER, from_date
from argmap.evidence.request import Answer, Down, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from argmap.evidence.book import Book
    from argmap.evidence.formula import Parsed
    from argmap.evidence.measure import MeasureDef
    from argmap.evidence.model import Check
    from argmap.evidence.quantity import Interval, Unit, Units
    from argmap.evidence.world import World

_DAILY = timedelta(days=1)
_WAYS = ("json", "csv", "css", "regex")


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        known = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known or not text.isprintable() or " " in text or "${" in parts.netloc:
        raise ValueError("an address begins with https:// and a host, and holds no space")
    return text


def _path(text: str) -> str:
    from argmap.evidence.pick import json_path

    json_path(text)
    return text


def _selector(text: str) -> str:
    from argmap.evidence.pick import check_selector

    return check_selector(text)


def _pattern(text: str) -> str:
    from argmap.evidence.pick import pattern

    pattern(text)
    return text


Url = Annotated[str, AfterValidator(_address)]
JsonPath = Annotated[str, AfterValidator(_path)]
Selector = Annotated[str, AfterValidator(_selector)]
Pattern = Annotated[str, AfterValidator(_pattern)]


class Picked(Strict):
    """Where in a page something stands."""

    json_: JsonPath | None = Field(None, alias="json", description="a JSONPath, as RFC 9535 has it")
    css: Selector | None = Field(None, description="a CSS selector of one element of an HTML page")
    attribute: str = Field("", description="the element's attribute, instead of its text")
    regex: Pattern | None = Field(
        None, description="a pattern whose group is meant: of the page, or of what was found in it"
    )

    def found(self, page: Page) -> Any:
        """Return what stands there. Raises Missing, Unreadable."""
        from argmap.evidence.pick import by_path, by_pattern, by_selector

        said: Any = None
        if self.json_ is not None:
            said = by_path(page, self.json_)
        elif self.css is not None:
            said = by_selector(page, self.css, self.attribute)
        if self.regex is None:
            return said
        return by_pattern(page.text if said is None else str(said), self.regex)


class TableOf(Strict):
    """Which cell of a table with a header: by column and row, or by SQL."""

    column: str = Field("", description="the column's name")
    row: dict[str, Line] | StrictInt | None = Field(
        None, description="the cells that tell the row, such as {town: Ashby}; or its number"
    )
    sql: str = Field("", description="gives one row: `value` or `lo` and `hi`, and `date`; from t")
    delimiter: Literal["", ",", ";", "|", "\t"] = Field("", description="between cells")

    @model_validator(mode="after")
    def _one_way(self) -> TableOf:
        if bool(self.column) == bool(self.sql) or (self.sql and self.row is not None):
            raise ValueError("a table is read by `column` and `row`, or by `sql`")
        return self


class DateOf(Picked):
    """Where the date of the data stands."""

    header: str = Field("", description="a header of the answer, such as Last-Modified")
    column: str = Field("", description="a column of the table, in the same row")

    @model_validator(mode="after")
    def _one_way(self) -> DateOf:
        ways = [self.json_, self.css, self.regex, self.header, self.column]
        if not any(ways):
            raise ValueError("a date stands in one of json, css, regex, header, column")
        return self


class FetchOf(Picked):
    """What to ask of whom, and where in the answer the value stands."""

    url: Url = Field(description="the address, https://…")
    query: dict[str, Line] = Field({}, description="what is added to the address, behind a `?`")
    headers: dict[str, Line] = Field(
        {}, description="what is sent along; ${NAME} is a secret of the config"
    )
    body: str | dict[str, Any] | list[Any] | None = Field(
        None, description="sent by POST: text, or what is sent as JSON"
    )
    csv: TableOf | None = Field(None, description="a cell of a table, CSV or TSV")
    decimal: Literal["", ".", ","] = Field(
        "", description="the sign before a number's fraction; with it, thousands may be grouped"
    )
    date: DateOf | None = Field(
        None, description="where the date of the data stands; without it, it is the day we asked"
    )

    @model_validator(mode="after")
    def _one_way(self) -> FetchOf:
        ways = [way for way in (self.json_, self.csv, self.css) if way is not None]
        if len(ways) > 1 or (self.regex is None and not ways):
            raise ValueError(f"a fetch has one of {', '.join(_WAYS)}")
        if self.attribute and self.css is None:
            raise ValueError("`attribute` is of the element that `css` selects")
        if self.date and self.date.column and not (self.csv and self.csv.column):
            raise ValueError("`column` is for a table that is read by column and row")
        return self

    def request(self) -> Request:
        """Return what is asked, with secrets still as ``${NAME}``."""
        parts = urlsplit(self.url)
        added = urlencode(self.query, safe="${}")
        query = "&".join(part for part in (parts.query, added) if part)
        body, as_json = self.body, False
        if body is not None and not isinstance(body, str):
            body, as_json = json.dumps(body, ensure_ascii=False, sort_keys=True), True
        url = urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
        return Request(url, tuple(self.headers.items()), body or "", as_json)


class Fetch(Measure):
    """``fetch: {url: "https://…", json: "$.data[?@.id=='x'].price"}``."""

    kind: ClassVar[str] = "fetch"

    fetch: FetchOf

    def announce(self, units: Units, parse: Callable[[str], Parsed]) -> Unit:  # noqa: ARG002
        """Return the unit stated; without one it is a bare number."""
        return self.stated_unit(units) or NUMBER

    def request(self, world: World) -> Request | None:  # noqa: ARG002
        """Return what is asked."""
        return self.fetch.request()

    def asks(self) -> Any:
        """Return all that says what is asked and read."""
        return self.fetch.model_dump(mode="json", by_alias=True, exclude_none=True)

    def observe(self, ask: Ask) -> Seen | Reason | Fault:
        """Return what the source says, or said last; unknown where it never did."""
        return looked_up(ask, self.fetch.request(), self._read)

    def _read(self, answer: Answer, ask: Ask) -> Found:
        page, asked = answer.page, self.fetch
        if asked.csv and asked.csv.sql:
            return _by_sql(page, asked.csv, ask)
        said = self._said(page)
        dated = None
        if asked.date:
            dated = self._dated(page, asked.date)
        return Found(_interval(said, ask.unit, asked.decimal), dated)

    def _said(self, page: Page) -> Any:
        from argmap.evidence.pick import by_pattern

        if not self.fetch.csv:
            return self.fetch.found(page)
        said = _cell(page, self.fetch.csv, self.fetch.csv.column)
        return by_pattern(said, self.fetch.regex) if self.fetch.regex else said

    def _dated(self, page: Page, where: DateOf) -> date:
        from argmap.evidence.pick import day

        if where.header:
            said: Any = page.headers.get(where.header.lower())
            if said is None:
                raise Missing(f"there is no header {where.header!r}")
            return day(said)
        if where.column and self.fetch.csv:
            return day(_cell(page, self.fetch.csv, where.column))
        return day(where.found(page))


class Found(NamedTuple):
    """A value and, where the source says so, the date of its data."""

    interval: Interval
    dated: date | None = None


def _cell(page: Page, table: TableOf, column: str) -> str:
    from argmap.evidence.pick import cell

    return cell(page.rows(table.delimiter), column, table.row)


def _by_sql(page: Page, table: TableOf, ask: Ask) -> Found:
    from argmap.evidence.sql import in_memory, interval_of, query

    try:
        data = in_memory(page.rows(table.delimiter))
    except ValueError as error:
        raise Unreadable(str(error)) from None
    row = query(data, table.sql, ask.world.as_of)
    found = row if isinstance(row, Fault) else interval_of(row, ask.unit)
    if isinstance(found, Fault):
        raise Missing(found.message)
    if found is None:
        raise Missing("the query finds nothing")
    return Found(*found)


def _interval(said: Any, unit: Unit, decimal: str) -> Interval:
    """Return a value in base units. Raises Missing."""
    from argmap.evidence.pick import day, number

    if unit.dims == DATE.dims:
        seconds = from_date(day(said))
        return seconds, seconds
    if unit.text == "%" and isinstance(said, str):
        said = said.strip().removesuffix("%")
    base = unit.base(number(said, decimal))
    if not math.isfinite(base):
        raise Missing("the number is too large to compute with")
    return base, base


# What all that is fetched shares


def looked_up(
    ask: Ask, request: Request, read: Callable[[Answer, Ask], Found]
) -> Seen | Reason | Fault:
    """Return what a source says now, else what it said last, else why it is unknown."""
    fault = ask.world.rules.fault(request, (ask.measure.kind,))
    if fault:
        return fault
    answer = ask.world.answers.get(request.key) if ask.world.asking else None
    reason = None
    if isinstance(answer, Down):
        reason = Reason("outage", f"{request.host}: {answer.message}")
    elif answer is not None:
        try:
            return _now(ask, request, answer, read(answer, ask))
        except _TooEarlyError as error:
            reason = Reason("too_early", f"{request.host}: {error}")
        except Missing as error:
            reason = Reason("no_data", f"{request.host}: {error}")
        except Unreadable as error:
            reason = Reason("outage", f"{request.host}: {error}")
    return _last(ask, request, reason)


class _TooEarlyError(Exception):
    """What a source says is of a day that is yet to come."""


def _now(ask: Ask, request: Request, answer: Answer, found: Found) -> Seen:
    today = ask.world.as_of
    dated = found.dated or today
    if dated > today + _DAILY:  # where the source is, it may be tomorrow already
        raise _TooEarlyError(f"its data is of {dated}, a day to come")
    asked = asked_for(ask.measure, request)
    moment = answer.seen.isoformat(timespec="seconds")
    before = ask.world.before.fetched(asked, today)
    if before and before.seen == today and before.raw == answer.raw:
        moment = before.fetched  # the same on the same day is recorded once
    came = Fetched(asked, today, moment, answer.raw)
    return Seen(found.interval, min(dated, today), request.url, request.url, fetched=came)


def _last(ask: Ask, request: Request, reason: Reason | None) -> Seen | Reason:
    """Return what was recorded last, no later than the day asked about."""
    today, asked = ask.world.as_of, asked_for(ask.measure, request)
    before = ask.world.before.fetched(asked, today)
    value = (before.value or before.said) if before else None
    if before is None or value is None or before.seen is None:
        return reason or _never(ask, request, asked)
    late = today - before.seen >= _DAILY
    came = Fetched(asked, before.seen, before.fetched, before.raw, reason, unasked=late)
    lo, hi = (
        from_date(end) if isinstance(end, date) else ask.unit.base(end)
        for end in (value.lo, value.hi)
    )
    stale = late and reason is not None
    return Seen((lo, hi), before.dated, request.url, request.url, stale=stale, fetched=came)


def _never(ask: Ask, request: Request, asked: str) -> Reason:
    world = ask.world
    if world.before.fetched(asked, date.max) or (world.now and world.as_of < world.now.date()):
        return Reason("too_early", f"nothing of {request.host} was recorded by then")
    return Reason("outage", f"{request.host} has given no value yet")


def asked_for(measure: MeasureDef, request: Request) -> str:
    """Return 12 hex digits of what is asked of whom and read out of it, and in which unit."""
    said = [request.key, measure.model.unit, measure.model.asks()]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:12]


def fetch_due(checks: Iterable[Check], book: Book, world: World) -> None:
    """Ask, all at once, the sources whose last answer is older than a check's `every`.

    The answers are put into the world.
    """
    if not world.asking or world.ask is None or world.now is None:
        return
    due: dict[str, Request] = {}
    for check in checks:
        runs = book.meant(check)
        for measure in book.with_inputs(book.read_by(runs.formula, runs.scope)):
            request = measure.model.request(world)
            if request and request.key not in world.answers and _due(measure, request, runs, world):
                due[request.key] = request
    if due:
        world.answers.update(world.ask(due.values(), world.now))


def _due(measure: MeasureDef, request: Request, check: Check, world: World) -> bool:
    if world.rules.fault(request):
        return False
    before = world.before.fetched(asked_for(measure, request), world.as_of)
    return before is None or before.seen is None or world.as_of - before.seen >= check.every
