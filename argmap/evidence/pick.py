"""What a source said -> the one thing asked for: text, and of it a number or a date.

A page that does not hold it, or that cannot be read, raises `Missing` or `Unreadable`: both make a
value unknown, and neither is the author's mistake.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property, lru_cache
from io import StringIO
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import regex
    from jsonpath import JSONPath

_DEEPEST = 100  # of JSON
_DEEPEST_HTML = 1_000  # elements, one in another; parsing takes the square of it
_MOST_HTML = 10_000_000  # characters
_MOST_ROWS = 200_000
_LONGEST_PATTERN = 1_000
_SECONDS = 2.0  # for a pattern on a page
_PATH_SECONDS = 10.0  # for a JSONPath in a body
_SHOWN = 40  # characters of what was found, in a message
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_TEXT_CODECS = re.compile(
    r"utf-(?:8|16|32)|(?:ascii|latin|iso8859|cp|koi8|mac|gb|big5|euc|shift|johab|hz|tis|ptcp).*"
)
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_FIRST_MOMENT = 100_000_000  # seconds; a smaller number is hardly a timestamp
_MILLISECONDS = 100_000_000_000  # a larger timestamp counts these
# Elements that end by themselves, or never hold others.
_FLAT = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option",
    "optgroup", "colgroup", "rp", "rt", "html", "head", "body",
}  # fmt: skip


class Missing(Exception):  # noqa: N818  it is an answer, not an error
    """The page does not say what was asked for."""


class Unreadable(Exception):  # noqa: N818
    """The page cannot be read as what it should be."""


class Page:
    """A body with its headers, read at most once in each way."""

    def __init__(self, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.body = body
        self.headers = headers or {}

    @cached_property
    def text(self) -> str:
        """The body as text: by its mark, what the header says, what HTML says of itself, UTF-8."""
        for mark, name in _MARKS.items():
            if self.body.startswith(mark):
                return self.body.decode(name, "replace")
        said = _CHARSET.search(self.headers.get("content-type", "")) or _CHARSET.search(
            self.body[:2048].decode("ascii", "replace") if b"<" in self.body[:2048] else ""
        )
        return self.body.decode(_codec(said[1]) if said else "utf-8", "replace")

    @cached_property
    def _json(self) -> Any:
        try:
            value = json.loads(self._json_text(), parse_constant=_no_number)
        except RecursionError:
            return Unreadable(f"its JSON is deeper than {_DEEPEST} levels")
        except ValueError:
            return Unreadable("it is not JSON")
        if _deeper(value, _DEEPEST):
            return Unreadable(f"its JSON is deeper than {_DEEPEST} levels")
        return value

    def _json_text(self) -> str:
        try:
            return self.body.decode(json.detect_encoding(self.body))
        except UnicodeDecodeError:
            return self.text

    @property
    def json(self) -> Any:
        """The body as JSON. Raises Unreadable."""
        if isinstance(self._json, Unreadable):
            raise self._json
        return self._json

    @cached_property
    def depth(self) -> int:
        """How deep the body's elements lie in each other, if it is HTML. Raises Unreadable."""
        if len(self.text) > _MOST_HTML:
            raise Unreadable(f"its HTML is longer than {_MOST_HTML:,} characters")
        depth = _nested(self.text)
        if depth > _DEEPEST_HTML:
            raise Unreadable(f"its HTML is deeper than {_DEEPEST_HTML:,} levels")
        return depth

    def rows(self, delimiter: str = "") -> list[dict[str, Any]]:
        """Return the body as a table with a header. Raises Unreadable."""
        text = self.text.removeprefix("\ufeff")
        try:
            read = csv.reader(StringIO(text, newline=""), delimiter=delimiter or _delimiter(text))
            header = next(read, [])
            found = [dict(zip(header, row, strict=False)) for row in islice(read, _MOST_ROWS + 1)]
        except csv.Error as error:
            raise Unreadable(f"its table cannot be read: {error}") from None
        if len(found) > _MOST_ROWS:
            raise Unreadable(f"its table has more than {_MOST_ROWS:,} rows")
        return [row for row in found if row]


def _codec(name: str) -> str:
    """Return a codec for text; UTF-8 where the name is none, or is a trap."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return "utf-8"
    return found if _TEXT_CODECS.fullmatch(found) else "utf-8"


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


def _deeper(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most + 1):
        inner = [each for each in level if isinstance(each, dict | list)]
        if not inner:
            return False
        level = [
            child for each in inner for child in (each.values() if isinstance(each, dict) else each)
        ]
    return True


def _nested(html: str) -> int:
    """Return at most how deep a page's elements lie in each other, without parsing it."""
    open_now: dict[str, int] = {}
    deep = deepest = 0
    for found in re.finditer(r"<(/?)([a-zA-Z][^\s/>]*)", html):
        name = found[2].lower()
        if name in _FLAT:
            continue
        before = open_now.get(name, 0)
        open_now[name] = max(0, before + (-1 if found[1] else 1))
        deep += open_now[name] - before
        deepest = max(deepest, deep)
    return deepest


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",\t;|", key=first.count) if first else ","


# The text asked for


@lru_cache(maxsize=1_000)
def json_path(text: str) -> JSONPath:
    """Return a JSONPath as RFC 9535 has it. Raises ValueError."""
    from jsonpath.exceptions import JSONPathError

    try:
        return _paths().compile(text)  # type: ignore[no-any-return]
    except (JSONPathError, RecursionError) as error:
        raise ValueError(f"not a JSONPath: {str(error).partition(chr(10))[0]}") from None


@lru_cache(maxsize=1)
def _paths() -> Any:
    """Return the environment of paths; its patterns have a time limit, as ours do.

    So have they: the time is looked at with each value that a path comes to, or a filter tries.
    """
    from jsonpath import JSONPathEnvironment, JSONPathMatch
    from jsonpath.function_extensions import Match, Search

    class Paths(JSONPathEnvironment):
        ends = 0.0

        def step(self) -> None:
            if monotonic() > self.ends:
                raise TimeoutError

        def is_truthy(self, obj: object) -> bool:
            self.step()
            return super().is_truthy(obj)

        def first(self, data: Any) -> Node:
            return Node(filter_context={}, obj=data, parent=None, path="$", parts=(), root=data)

    class Node(JSONPathMatch):
        def new_child(self, obj: object, key: int | str) -> JSONPathMatch:
            paths.step()
            return super().new_child(obj, key)

    class TimedMatch(Match):
        def __call__(self, value: object, text: object) -> bool:
            found: Any = self.check_cache(text) if isinstance(text, str) else None
            known = found is not None and isinstance(value, str)
            return known and bool(found.fullmatch(value, timeout=_SECONDS))

    class TimedSearch(Search):
        def __call__(self, value: object, text: object) -> bool:
            found: Any = self.check_cache(text) if isinstance(text, str) else None
            known = found is not None and isinstance(value, str)
            return known and bool(found.search(value, timeout=_SECONDS))

    paths = Paths(strict=True)
    paths.function_extensions["match"] = TimedMatch()
    paths.function_extensions["search"] = TimedSearch()
    return paths


def by_path(page: Page, text: str) -> Any:
    """Return the one value at a JSONPath. Raises Missing, Unreadable."""
    from jsonpath.exceptions import JSONPathError

    compiled = json_path(text)
    paths = _paths()
    paths.ends = monotonic() + _PATH_SECONDS
    root = paths.first(page.json)
    try:
        nodes: Iterable[Any] = [root]
        for segment in compiled.segments:
            nodes = segment.resolve(nodes)
        found = [node.obj for node in islice(nodes, 2)]
    except (JSONPathError, RecursionError, TimeoutError):
        raise Unreadable(f"{text} takes too long in it") from None
    return _one(found, text)


def check_selector(text: str) -> str:
    """Return a CSS selector that can be read. Raises ValueError."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        LexborHTMLParser("<p>").css(text)
    except SelectolaxError:
        raise ValueError(f"not a CSS selector: {text}") from None
    return text


def by_selector(page: Page, selector: str, attribute: str = "") -> str:
    """Return the text of the one element, or of its attribute. Raises Missing, Unreadable."""
    from argmap.evidence.css import select

    try:
        found = select(page.text, selector, page.depth)
    except TimeoutError:
        raise Unreadable(f"{selector} takes too long in it") from None
    element = _one(found, selector)
    if not attribute:
        return str(element.text)
    said = element.attributes.get(attribute)
    if said is None:
        raise Missing(f"{selector} has no attribute {attribute!r}")
    return str(said)


@lru_cache(maxsize=1_000)
def pattern(text: str) -> regex.Pattern[str]:
    """Return a pattern with at most one group. Raises ValueError."""
    import regex

    if len(text) > _LONGEST_PATTERN:
        raise ValueError(f"a pattern has at most {_LONGEST_PATTERN:,} characters")
    try:
        found = regex.compile(text, regex.MULTILINE)
    except (regex.error, OverflowError, RecursionError, MemoryError) as error:
        raise ValueError(f"not a pattern: {error}") from None
    if found.groups > 1:
        raise ValueError("a pattern has one group, round what is asked for; others are (?:…)")
    return found


def by_pattern(said: str, text: str) -> str:
    """Return what the group of a pattern holds where it first fits. Raises Missing."""
    compiled = pattern(text)
    try:
        found = compiled.search(said, timeout=_SECONDS)
    except TimeoutError:
        raise Unreadable(f"the pattern {text} takes too long on it") from None
    if not found or found[compiled.groups] is None:
        raise Missing(f"nothing fits the pattern {text}")
    return str(found[compiled.groups])


def cell(rows: list[dict[str, Any]], column: str, row: Mapping[str, str] | int | None) -> str:
    """Return one cell: of the only row, of the one whose cells are so, or by number from 1.

    Raises Missing.
    """
    if rows and column not in rows[0]:
        raise Missing(f"there is no column {column!r}, only {_short(', '.join(rows[0]))}")
    if isinstance(row, int):
        place = row - 1 if row > 0 else row
        if not row or not -len(rows) <= place < len(rows):
            raise Missing(f"there is no row {row} among {len(rows)}")
        return str(rows[place].get(column, ""))
    fitting = [r for r in rows if all(r.get(k) == v for k, v in (row or {}).items())]
    said = ", ".join(f"{key} = {value}" for key, value in (row or {}).items()) or "the table"
    return str(_one([fit.get(column, "") for fit in fitting[:2]], said))


def _one(found: list[Any], what: str) -> Any:
    if not found:
        raise Missing(f"{what} finds nothing")
    if len(found) > 1:
        raise Missing(f"{what} finds several; one is asked for")
    return found[0]


# Numbers and dates


def number(said: Any, decimal: str = "") -> str:
    """Return a number as plain digits. Raises Missing.

    `decimal` is the sign before the fraction; only where it is stated may thousands be grouped.
    """
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        raise Missing(f"{_shown(said)} is not a number")
    text = repr(said) if isinstance(said, int | float) else said.strip()
    text = text.replace("\u2212", "-")
    if decimal and isinstance(said, str):
        text = _ungrouped(text, decimal)
    if len(text) > _LONGEST_PATTERN or not _NUMBER.fullmatch(text):
        comma = not decimal and re.fullmatch(r"[-+]?[0-9.]*,[0-9.,]*", text)
        hint = ' (say which sign is its point: `decimal: ","`)' if comma else ""
        raise Missing(f"{_shown(said)} is not a number{hint}")
    return text


def _ungrouped(text: str, decimal: str) -> str:
    group = r"[.'’\s]" if decimal == "," else r"[,'’\s]"
    point = re.escape(decimal)
    grouped = rf"[-+]?(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]*)(?:{point}[0-9]*)?(?:[eE].*)?"
    if not re.fullmatch(grouped, text):
        return f"{text!r}"  # which is no number
    return re.sub(group, "", text).replace(decimal, ".")


def day(said: Any) -> date:
    """Return a date: as 2026-11-23, with a time or not, as mail writes it, or as a timestamp.

    Raises Missing.
    """
    if isinstance(said, int | float) and said >= _FIRST_MOMENT:
        return _moment(float(said))
    text = str(said).strip() if isinstance(said, str) else ""
    try:
        if found := _ISO.match(text):
            return date(*map(int, found.groups()))
        if re.fullmatch(r"[0-9]{9,13}", text):
            return _moment(float(text))
        return parsedate_to_datetime(text).date()
    except ValueError:
        raise Missing(f"{_shown(said)} is not a date") from None


def _moment(seconds: float) -> date:
    try:
        seconds = seconds / 1000 if seconds >= _MILLISECONDS else seconds
        return datetime.fromtimestamp(seconds, UTC).date()
    except (ValueError, OverflowError, OSError):
        raise Missing(f"{seconds:g} is not a moment") from None


def _shown(said: Any) -> str:
    if said is None or isinstance(said, list | dict):
        return {"NoneType": "null", "list": "a list", "dict": "a mapping"}[type(said).__name__]
    return _short(repr(said))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
