"""What argmap has in Obsidian's own settings: colours of the graph view, and the CSS snippet on.

Both files are the person's (and Obsidian rewrites them as it runs): only our entries are touched.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from argmap.obsidian.properties import STATUSES
from argmap.pages.icons import COLOURS

if TYPE_CHECKING:
    from collections.abc import Callable

SNIPPET = "argmap"
_GROUPS = "colorGroups"
_ENABLED = "enabledCssSnippets"
_OURS = re.compile(rf"\[argmap:(?:{'|'.join(STATUSES)})\]")


class MergeError(ValueError):
    """A file of settings that is not as Obsidian writes it."""


def coloured(data: bytes | None) -> bytes:
    """Return graph.json with a colour group for each status; those that are there stay."""
    return _merged(data, _with_groups)


def uncoloured(data: bytes | None) -> bytes | None:
    """Return graph.json without our colour groups, None where nothing is left of it."""
    return _cleaned(data, _without_groups)


def enabled(data: bytes | None) -> bytes:
    """Return appearance.json with our snippet turned on."""
    return _merged(data, _with_snippet)


def is_on(data: bytes) -> bool:
    """Say whether our snippet is turned on in appearance.json. Raises MergeError."""
    return SNIPPET in _list(read_json(data), _ENABLED)


def disabled(data: bytes | None) -> bytes | None:
    """Return appearance.json without our snippet, None where nothing is left of it."""
    return _cleaned(data, _without_snippet)


def _with_groups(settings: dict[str, Any]) -> dict[str, Any]:
    groups = _list(settings, _GROUPS)
    there = {_query(group) for group in groups}
    ours = [_group(status) for status in STATUSES]
    # Obsidian colours a note by the first group that fits: ours would never show at the end.
    return {**settings, _GROUPS: [*(g for g in ours if g["query"] not in there), *groups]}


def _group(status: str) -> dict[str, Any]:
    return {"query": f"[argmap:{status}]", "color": {"a": 1, "rgb": int(COLOURS[status][1:], 16)}}


def _without_groups(settings: dict[str, Any]) -> dict[str, Any]:
    groups = _list(settings, _GROUPS)
    theirs = [group for group in groups if not _OURS.fullmatch(_query(group))]
    return settings if theirs == groups else {**settings, _GROUPS: theirs}


def _query(group: Any) -> str:
    return str(group.get("query", "")).strip() if isinstance(group, dict) else ""


def _with_snippet(settings: dict[str, Any]) -> dict[str, Any]:
    names = _list(settings, _ENABLED)
    return settings if SNIPPET in names else {**settings, _ENABLED: [*names, SNIPPET]}


def _without_snippet(settings: dict[str, Any]) -> dict[str, Any]:
    names = [name for name in _list(settings, _ENABLED) if name != SNIPPET]
    return {**settings, _ENABLED: names} if SNIPPET in settings.get(_ENABLED, []) else settings


def _list(settings: dict[str, Any], key: str) -> list[Any]:
    found = settings.get(key, [])
    if not isinstance(found, list):
        raise MergeError(f"{key!r} is not a list")
    return found


def _merged(data: bytes | None, change: Callable[[dict[str, Any]], dict[str, Any]]) -> bytes:
    settings = read_json(data)
    after = change(settings)
    return data if data is not None and after == settings else _dumped(after)


def _cleaned(
    data: bytes | None, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> bytes | None:
    """Return a file less what is ours; a list that only held ours goes with it."""
    if data is None:
        return None
    settings = read_json(data)
    after = change(settings)
    if after == settings:
        return data
    left = {key: value for key, value in after.items() if value or key not in (_GROUPS, _ENABLED)}
    return _dumped(after) if left else None


def read_json(data: bytes | None) -> dict[str, Any]:
    """Return a JSON object, an empty one for no file or an empty one. Raises MergeError."""
    if data is None or not data.strip():
        return {}
    try:
        content = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise MergeError(f"it is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise MergeError("it is no JSON object")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise MergeError("a key stands in it twice")
    return dict(pairs)


def _dumped(settings: dict[str, Any]) -> bytes:
    try:
        return json.dumps(settings, ensure_ascii=False, indent=2).encode()
    except UnicodeEncodeError:  # half of a pair, which only an escape can say
        return json.dumps(settings, indent=2).encode()
