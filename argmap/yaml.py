"""YAML 1.2 with places: what Obsidian reads, and what a sheet's problems need to point at.

PyYAML's C parser does the reading; its YAML 1.1 habits (``no`` is false, ``12:30`` is 750, ``010``
is 8, dates become objects) are replaced by the core schema of YAML 1.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml as pyyaml

Path = tuple[str | int, ...]

_CORE = (
    ("null", re.compile(r"(?:~|null|Null|NULL|)$")),
    ("bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)$")),
    ("int", re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$")),
    ("float", re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"
                         r"|[-+]?\.(?:inf|Inf|INF)$|\.(?:nan|NaN|NAN)$")),
)  # fmt: skip
_MOST_NODES = 200_000  # an alias bomb expands without end; a person's file does not
_DEEPEST = 100
_NEST_AT_MOST = 1000  # what nests on one line: with fewer no text is too deep for the C parser
_LONGEST_INT = 400  # Python refuses to read endless decimals


class YamlError(ValueError):
    """Text that is not YAML; line and column from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Document:
    """A value, the place of each key and item in it, and the keys that were given twice."""

    value: Any
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)  # of a key, or a list's item
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)  # of what stands there
    duplicates: tuple[Path, ...] = ()


def load(text: str) -> Document:
    """Read one YAML document (or JSON, which YAML 1.2 contains).

    Of a key given twice the last value counts, as in Obsidian, and the key is in `duplicates`.
    Raises YamlError for anything else that is wrong.
    """
    try:
        if sum(map(text.count, "[{-?")) > _NEST_AT_MOST:
            _refuse_depth(text)
        node = pyyaml.compose(text, Loader=_Loader)
    except pyyaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise YamlError(error.problem or "not YAML", *place) from error
    except YamlError:
        raise
    except (pyyaml.YAMLError, RecursionError, ValueError) as error:
        raise YamlError(str(error).split("\n")[0] or "not YAML", 1, 1) from error
    if node is None:
        return Document(None)
    reader = _Reader()
    return Document(reader.value(node, ()), reader.places, reader.values, tuple(reader.duplicates))


def _refuse_depth(text: str) -> None:
    """Raise YamlError for what nests too deeply: composing it would overrun the C stack."""
    depth = 0
    for event in pyyaml.parse(text, Loader=_Loader):
        depth += isinstance(event, pyyaml.CollectionStartEvent)
        depth -= isinstance(event, pyyaml.CollectionEndEvent)
        if depth > _DEEPEST and event.start_mark:
            raise _too_much(event.start_mark.line + 1, event.start_mark.column + 1)


def _too_much(line: int, column: int) -> YamlError:
    return YamlError("too large or too deeply nested", line, column)


class _Loader(getattr(pyyaml, "CBaseLoader", pyyaml.BaseLoader)):  # type: ignore[misc]
    """Composes nodes only; what a scalar means is decided below, by the core schema."""


class _Reader:
    """Turns nodes into values and notes where each stands."""

    def __init__(self) -> None:
        self.places: dict[Path, tuple[int, int]] = {}
        self.values: dict[Path, tuple[int, int]] = {}
        self.duplicates: list[Path] = []
        self.seen = 0

    def value(self, node: pyyaml.Node, path: Path) -> Any:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        self.values[path] = (line, column)
        self.places.setdefault(path, (line, column))
        self.seen += 1
        if self.seen > _MOST_NODES or len(path) > _DEEPEST:
            raise _too_much(line, column)
        if isinstance(node, pyyaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, pyyaml.SequenceNode):
            return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
        return scalar(node) if isinstance(node, pyyaml.ScalarNode) else None

    def mapping(self, node: pyyaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            mark = key_node.start_mark
            if not isinstance(key_node, pyyaml.ScalarNode):
                raise YamlError("a key must be a plain word", mark.line + 1, mark.column + 1)
            key = key_node.value
            if key in result:
                self.duplicates.append((*path, key))
            self.places[*path, key] = (mark.line + 1, mark.column + 1)
            result[key] = self.value(value_node, (*path, key))
        return result


def scalar(node: pyyaml.ScalarNode) -> Any:
    """Return what a scalar means by the core schema; quoted text is always text."""
    text = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    for tag, pattern in _CORE:
        if pattern.match(text):
            return _construct(tag, text)
    return text


def _construct(tag: str, text: str) -> Any:
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    if tag == "int" and text[:2] in ("0o", "0x"):
        return int(text, 0)
    if tag == "int" and len(text) < _LONGEST_INT:
        return int(text)
    return float(text.replace(".inf", "inf").replace(".Inf", "inf").replace(".INF", "inf")
                 .replace(".nan", "nan").replace(".NaN", "nan").replace(".NAN", "nan"))  # fmt: skip
