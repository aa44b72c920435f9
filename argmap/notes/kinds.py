"""Properties typed as Obsidian types them: as the vault says, else by name, else by value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

PropertyKind = Literal[
    "text", "list", "number", "checkbox", "date", "datetime", "tags", "aliases", "empty", "object"
]

_OF_NAMES: dict[str, PropertyKind] = {"tags": "tags", "aliases": "aliases", "cssclasses": "list"}
_DECLARED: dict[str, PropertyKind] = {  # what .obsidian/types.json calls them
    "text": "text",
    "multitext": "list",
    "number": "number",
    "checkbox": "checkbox",
    "date": "date",
    "datetime": "datetime",
    "tags": "tags",
    "aliases": "aliases",
}
_VALUES: tuple[tuple[type, PropertyKind], ...] = (
    (bool, "checkbox"),  # before int, which it is as well
    (int, "number"),
    (float, "number"),
    (list, "list"),
    (dict, "object"),
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?")


def property_kind(key: str, value: Any, declared: Mapping[str, str]) -> PropertyKind:
    """Return what a property is; a declared kind that its value does not fit is passed over.

    `declared` is what the vault says of its properties, by their names.
    """
    if key.lower() in _OF_NAMES:
        return _OF_NAMES[key.lower()]
    told = _DECLARED.get(declared.get(key, declared.get(key.lower(), "")))
    return told if told and _fits(value, told) else _of_value(value)


def _fits(value: Any, kind: PropertyKind) -> bool:
    if value is None or kind == "text":
        return not isinstance(value, list | dict)
    if kind in ("list", "tags", "aliases"):
        return not isinstance(value, dict)
    return _of_value(value) == kind or (kind == "datetime" and _of_value(value) == "date")


def _of_value(value: Any) -> PropertyKind:
    if isinstance(value, str):
        dated: PropertyKind = "date" if _DATE.fullmatch(value) else "text"
        return "datetime" if _DATETIME.fullmatch(value) else dated
    return next((kind for of, kind in _VALUES if isinstance(value, of)), "empty")
