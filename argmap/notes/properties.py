"""The front matter of a note: its properties, their places, the tags and links in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argmap import yaml
from argmap.markdown.wikilink import PATTERN as WIKILINK
from argmap.markdown.wikilink import read as read_wikilink
from argmap.notes.model import SYNCED, Link
from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FRONT = re.compile(r"---[ \t]*\n(?:(.*?)\n)??---[ \t]*(?:\n|\Z)", re.DOTALL)

_COMMENT = re.compile(r":[ \t]+#[^\s#]")
_ENDED = {"tag": "tags", "alias": "aliases", "cssclass": "cssclasses"}  # with Obsidian 1.9


@dataclass(frozen=True, slots=True)
class Properties:
    """What a front matter says."""

    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    problems: tuple[Problem, ...] = ()
    synced: dict[str, Any] = field(default_factory=dict)  # what `obsidian sync` wrote: not read


def split_front_matter(text: str) -> tuple[str | None, str, int]:
    """Return the front matter (None if there is none), the rest, and the line the rest begins on.

    Front matter is what stands between a `---` on the very first line and the next one; its own
    first line is line 2.
    """
    found = _FRONT.match(text)
    if not found:
        return None, text, 1
    return found[1] or "", text[found.end() :], found[0].count("\n") + 1


def read_properties(front: str | None, place: str) -> Properties:
    """Read a front matter; what is wrong with it is in the result's problems."""
    if front is None:
        return Properties()
    try:
        document = yaml.load(f"{front}\n")  # a text block keeps its last line end
    except yaml.YamlError as error:
        span = Span(place, error.line + 1, error.column)
        return Properties(problems=(Problem("A102", span, error.message, _yaml_hint(front)),))
    if document.value is None:
        return Properties()
    if not isinstance(document.value, dict):
        span = Span(place, 2, 1)
        problem = Problem("A102", span, "properties are not `key: value`", "one a line")
        return Properties(problems=(problem,))
    return _properties(document, front, place)


def _yaml_hint(front: str) -> str:
    if "\t" in front:
        return "YAML is indented with spaces, not tabs"
    return "put quotes around a value that holds `: `, or begins with `@`, `[[`, `{` or a backtick"


def _properties(document: yaml.Document, front: str, place: str) -> Properties:
    values: dict[str, Any] = document.value
    spans = {key: Span(place, line + 1, column) for (key, line, column) in _places(document)}
    duplicates = [path for path in document.duplicates if len(path) == 1]
    problems = [
        Problem("A103", spans[str(key)], f"{key!r} is given twice", "the last one counts")
        for (key,) in duplicates
    ]
    problems += _misread(document, front, spans)
    by_name = {key.lower(): value for key, value in values.items()}
    return Properties(
        values={key: value for key, value in values.items() if key not in SYNCED},
        spans={key: span for key, span in spans.items() if key not in SYNCED},
        aliases=tuple(_texts(by_name.get("aliases"), split=r",")),
        tags=unique(tag.removeprefix("#") for tag in _texts(by_name.get("tags"), split=r"[,\s]")),
        links=tuple(_links_in_values(document, front, place)),
        problems=tuple(problems),
        synced={key: values[key] for key in SYNCED if key in values},
    )


def _places(document: yaml.Document) -> list[tuple[str, int, int]]:
    return [
        (str(path[0]), line, column)
        for path, (line, column) in document.places.items()
        if len(path) == 1
    ]


def _misread(document: yaml.Document, front: str, spans: dict[str, Span]) -> Iterator[Problem]:
    """Yield A109 for what is YAML, but not what its author means."""
    lines = front.split("\n")
    for key, value in document.value.items():
        line, column = document.values[key,]
        written = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
        if key in _ENDED:
            hint = f"call it {_ENDED[key]!r}"
            yield Problem("A109", spans[key], f"Obsidian no longer reads {key!r}", hint)
        elif value is None and _COMMENT.search(lines[spans[key].line - 2]):
            hint = "a tag is written without #; anything else with quotes around it"
            yield Problem("A109", spans[key], f"{key!r} is empty: # begins a comment", hint)
        elif written.startswith("[[") and _is_list_in_list(value):
            hint = f'write "{written}"'
            yield Problem("A109", spans[key], f"{key!r} is a list in a list, not a link", hint)


def _is_list_in_list(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 1 and isinstance(value[0], list)


def _texts(value: Any, split: str) -> list[str]:
    """Return a list of texts from a list, or from one text that separates them."""
    if isinstance(value, str):
        value = re.split(split, value)
    if not isinstance(value, list):
        value = [value]
    texts = [str(item).strip() for item in value if isinstance(item, str | int | float)]
    return [text for text in texts if text]


def _links_in_values(document: yaml.Document, front: str, place: str) -> Iterator[Link]:
    """Find the wikilinks in quoted values; unquoted, `[[N]]` is a list in a list."""
    lines = front.split("\n")
    for path, value in _leaves(document.value, ()):
        if "[[" not in value:
            continue
        line, column = document.values[path]
        at = column - 1
        for found in WIKILINK.finditer(value):
            link = read_wikilink(found[1])
            if not link:
                continue
            line, at = _seek(lines, line, at, found[0])
            yield Link("wikilink", link.target, link.subpath, link.text,
                       Span(place, line + 1, at + 1))  # fmt: skip
            at += len(found[0])


def _leaves(value: Any, path: yaml.Path) -> Iterator[tuple[yaml.Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _leaves(item, (*path, i))


def _seek(lines: list[str], line: int, at: int, what: str) -> tuple[int, int]:
    """Return where `what` stands at or after a place; the place itself where it was escaped."""
    found = lines[line - 1].find(what, at) if line <= len(lines) else -1
    if found >= 0:
        return line, found
    for number in range(line, len(lines)):
        found = lines[number].find(what)
        if found >= 0:
            return number + 1, found
    return line, at


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, as it was first written: case does not tell tags apart."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name.lower(), name)
    return tuple(first.values())
