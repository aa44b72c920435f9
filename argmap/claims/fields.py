"""What an author's fields and properties mean: targets, sources, numbers, dates.

A value that cannot be used is a problem (A204) and reads as if it were not there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any, cast, get_args

from argmap.claims.model import ALWAYS, RelationKind, Role, Source, Target, Window
from argmap.claims.options import RELATIONS
from argmap.markdown.wikilink import PATTERN as WIKILINK
from argmap.markdown.wikilink import default_text
from argmap.markdown.wikilink import read as read_wikilink
from argmap.notes import Link
from argmap.source import Problem, Span, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

STATUSES = ("supported", "refuted", "contested", "unknown")
OUTCOMES = ("pass", "fail", "unknown", "error")
ROLES: tuple[Role, ...] = get_args(Role)

_NUMBER = re.compile(r"[-+]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?[0-9]++)?$")
_DATE = re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
_MARKDOWN_LINK = re.compile(r"\[[^\[\]]*\]\((?:<[^>]*>|(?:[^()\s]|\([^()\s]*\))*)(?:\s[^()]*)?\)")
_NAME = re.compile(r"(?:(?!\[\[)[^,;])+")
_ADDRESS = re.compile(r"<?(https?://[^\s<>]+)>?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One field or property under our name for it; the value is source text."""

    key: str
    value: str
    span: Span  # of the key
    value_span: Span
    wrong: str = ""  # what makes a property's value no text at all


def of_property(key: str, value: Any, span: Span) -> list[Entry]:
    """Return a property's values: one entry for each item of a list."""
    values = value if isinstance(value, list) else [value]
    return [
        Entry(key, str(item).strip(), span, span, _wrong(item)) for item in values if item != ""
    ]


def _wrong(value: Any) -> str:
    if isinstance(value, list):
        return f'quote the link: "[[{value[0] if value else ""}]]"'
    if value is None or isinstance(value, dict):
        return "write a text, or a list of texts"
    return ""


class Fields:
    """All fields of one item, asked for by name; problems gather in `problems`."""

    def __init__(
        self,
        entries: Iterable[Entry],
        problems: list[Problem],
        links: Mapping[int, Sequence[Link]] | None = None,
    ) -> None:
        """Take the item's entries, the list that problems go to, and its note's links by line."""
        self.problems = problems
        self.links = links or {}
        self.entries: list[Entry] = []
        for entry in entries:
            if entry.wrong or not entry.value:
                self.reject(entry, f"{entry.key} has no value", entry.wrong)
            else:
                self.entries.append(entry)

    def reject(self, entry: Entry, message: str, hint: str = "") -> None:
        """Tell that a value cannot be used."""
        self.problems.append(Problem("A204", entry.value_span, message, hint))

    def all(self, key: str) -> list[Entry]:
        """Return every entry of this name, in order."""
        return [entry for entry in self.entries if entry.key == key]

    def one(self, *keys: str) -> Entry | None:
        """Return the entry of these names; a second one is a problem."""
        found = [entry for entry in self.entries if entry.key in keys]
        for entry in found[1:]:
            self.reject(entry, f"a second {entry.key}", f"the first counts, {found[0].value!r}")
        return found[0] if found else None

    def weight(self) -> float:
        """Return what the item's relations weigh: a positive number, 1 unless stated."""
        entry = self.one("weight")
        number = _number(entry)
        if entry and (number is None or number <= 0):
            self.reject(
                entry, f"weight is not a positive number: {entry.value!r}", "it counts as 1"
            )
            return 1.0
        return 1.0 if number is None else number

    def credence(self) -> float | None:
        """Return the stated credence, 0 to 1, or None."""
        entry = self.one("credence")
        number = _number(entry)
        if entry and (number is None or not 0 <= number <= 1):
            self.reject(entry, f"credence is not a number from 0 to 1: {entry.value!r}")
            return None
        return number

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        """Return a value that is one of the words allowed, else nothing."""
        entry = self.one(key)
        if entry is None or entry.value.lower() in allowed:
            return entry.value.lower() if entry else ""
        hint = nearest(entry.value.lower(), list(allowed)) or f"one of: {', '.join(allowed)}"
        self.reject(entry, f"{key} cannot be {entry.value!r}", hint)
        return ""

    def day(self, key: str) -> date | None:
        """Return a date, written 2025-09-20 or [[2025-09-20]]."""
        entry = self.one(key)
        found = _date(entry.value.strip("[] ")) if entry else None
        if entry and found is None:
            self.reject(entry, f"{key} is not a date: {entry.value!r}", "write 2025-09-20")
        return found

    def window(self) -> Window:
        """Return from and until when the item counts."""
        start, end = self.day("from"), self.day("until")
        if start and end and end < start:
            entry = self.all("until")[0]
            self.reject(entry, f"until {end} lies before from {start}", "neither counts")
            return ALWAYS
        return Window(start, end) if start or end else ALWAYS

    def judged(self) -> tuple[date | None, str] | None:
        """Return when, by whom, or both; None where nobody vouches."""
        entry = self.one("judged")
        if entry is None:
            return None
        found = _DATE.search(entry.value)
        when = _date(found[0]) if found else None
        who = _DATE.sub("", entry.value).replace("[[", "").replace("]]", "").strip(" ,;()")
        if (when is None and found) or any(char.isdigit() for char in who):
            self.reject(
                entry, f"judged is not a date or a name: {entry.value!r}", "write 2025-09-20"
            )
            return None
        return when, who

    def formula(self) -> Entry | None:
        """Return the `check` or `test`, its value without backticks around it."""
        entry = self.one("check", "test")
        if entry is None:
            return None
        bare = entry.value.strip("`").strip()
        if not bare:
            self.reject(entry, f"{entry.key} has no formula")
            return None
        place = entry.value_span
        moved = Span(place.path, place.line, place.column + entry.value.index(bare))
        return Entry(entry.key, bare, entry.span, moved)

    def targets(self, *keys: str) -> list[Target]:
        """Return what these fields point to: links and names, in order."""
        return [
            Target(text, span, self.link(text, span))
            for entry in self.entries
            if entry.key in keys
            for text, span in _pieces(entry)
        ]

    def relations(self) -> Iterator[tuple[RelationKind, Target, Span]]:
        """Return each relation written: its kind, its target, the place of the field."""
        for entry in self.entries:
            if entry.key in RELATIONS:
                for text, span in _pieces(entry):
                    target = Target(text, span, self.link(text, span))
                    yield cast("RelationKind", entry.key), target, entry.span

    def sources(self) -> tuple[Source, ...]:
        """Return every source: one for each link, address, or text without either."""
        return tuple(source for entry in self.all("source") for source in self._sources(entry))

    def link(self, text: str, span: Span) -> Link | None:
        """Return the link that this text is, None for a bare name."""
        for link in self.links.get(span.line, ()):
            if link.span == span:
                return link
        found = WIKILINK.fullmatch(text)  # in a property, whose place is that of its key
        said = read_wikilink(found[1]) if found else None
        return Link("wikilink", said.target, said.subpath, said.text, span) if said else None

    def _sources(self, entry: Entry) -> list[Source]:
        links = self._links_in(entry)
        if any(link.kind != "url" or link.text != link.target for link in links):
            return [of_link(link) for link in links]
        addresses = [address.rstrip(".,;") for address in _ADDRESS.findall(entry.value)]
        words = _ADDRESS.sub("", entry.value).strip(" ,;:()")
        if words and len(addresses) < 2:  # noqa: PLR2004  one address belongs to the words
            return [Source(words, addresses[0] if addresses else "")]
        return [Source(address, address) for address in addresses]

    def _links_in(self, entry: Entry) -> list[Link]:
        place = entry.value_span
        inside = [
            link
            for link in self.links.get(place.line, ())
            if 0 <= link.span.column - place.column < len(entry.value)
        ]
        said = (self.link(found[0], place) for found in WIKILINK.finditer(entry.value))
        return inside or [link for link in said if link]


def of_link(link: Link) -> Source:
    """Return the source that a link names: an address, or a note of the vault."""
    if link.kind == "url":
        return Source(link.text or link.target, link.target)
    return Source(link.text or default_text(link.target, link.subpath), link=link)


def _pieces(entry: Entry) -> Iterator[tuple[str, Span]]:
    """Cut a value into links and names, each with its place."""
    value, place, at = entry.value, entry.value_span, 0
    while at < len(value):
        if value[at] in " ,;\t":
            at += 1
            continue
        patterns = (WIKILINK, _MARKDOWN_LINK, _NAME)
        found = next((hit for p in patterns if (hit := p.match(value, at))), None)
        text = found[0] if found else value[at:]
        yield text.strip(), Span(place.path, place.line, place.column + at)
        at += len(text)


def _number(entry: Entry | None) -> float | None:
    if entry is None or not _NUMBER.match(entry.value):
        return None
    number = float(entry.value)
    return number if isfinite(number) else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
