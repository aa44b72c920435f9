"""A folder -> which notes and other files are in it, as Obsidian sees it; nothing is read yet."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from argmap.notes import place_of
from argmap.source import Problem, Span
from argmap.walk import LEADS_OUT, Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


class File(NamedTuple):
    """A file of the vault and what tells, without reading it, that it has changed."""

    path: str  # in the vault, POSIX
    size: int
    mtime: int  # in ns
    ctime: int  # in ns; this one nobody can set


@dataclass(frozen=True, slots=True)
class Folder:
    """What is in a vault: notes to read, other files, and what is wrong with them."""

    notes: tuple[File, ...]
    files: tuple[str, ...] = ()  # attachments, and notes the vault ignores
    problems: tuple[Problem, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)  # of properties, as the vault says
    strict_breaks: bool = False  # whether one line end joins lines, as the vault's settings say


def scan(folder: Path, prefix: str, walk: Walk | None = None) -> Folder:
    """Look through a vault, sorted by path.

    Folders and files whose names begin with a dot are skipped; what `.obsidian/app.json` ignores is
    known but not read, and so are templates. Nothing outside the vault is read, and nothing twice:
    a link out of it leads nowhere, one to a place inside it gives way to that place.

    Who has just gone through it gives the `walk`: files, sizes and times are taken from there.
    """
    if not folder.is_dir():
        return Folder((), problems=(Problem("A004", Span(prefix or "."), "no such folder"),))
    settings, problems = _app_settings(folder, prefix)
    ignored = _ignored(folder, settings)
    walk = walk or Walk(folder)
    tell = partial(_problem, prefix)
    notes: list[File] = []
    files: list[str] = []
    for path, entry in sorted(walk.files, key=itemgetter(0)):
        is_note = path.lower().endswith(".md")
        is_link = path not in walk.own
        if not _is_text(path):
            problems.append(tell("A101", path, "its name is not UTF-8"))
        elif is_link and (other := walk.leads_to(entry)) is None:
            problems.append(tell("A112", path, LEADS_OUT))
        elif not is_note or ignored(path):
            files.append(path)
        elif is_link and other in walk.own:
            files.append(path)
            problems.append(tell("A112", path, f"a link to {other}, which is read there"))
        else:
            notes.append(File(path, *walk.stamps[entry.path][:3]))
            if odd := _NO_LINK.search(path):
                problems.append(tell("A113", path, f"no link can lead to it: {odd[0]!r}"))
    problems += (tell("A112", *passed) for passed in walk.unread)
    types, strict = property_types(folder), settings.get("strictLineBreaks") is True
    return Folder(tuple(notes), tuple(files), tuple(problems), types, strict)


_NO_LINK = re.compile(r"[#^|]|\[\[|\]\]")  # what ends a name inside [[…]]


def _problem(prefix: str, code: str, path: str, message: str) -> Problem:
    """Return a problem of a file or folder as a whole."""
    shown = path.encode("utf-8", "replace").decode("utf-8")
    return Problem(code, Span(place_of(prefix, shown)), message)


def _is_text(path: str) -> bool:
    return path.isprintable() or not any("\ud800" <= char <= "\udfff" for char in path)


def property_types(folder: Path) -> dict[str, str]:
    """Return what the vault declares its properties to be, as `.obsidian/types.json` calls it."""
    try:
        content: Any = json.loads((folder / ".obsidian" / "types.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    types = content.get("types") if isinstance(content, dict) else None
    items = types.items() if isinstance(types, dict) else ()
    return {key: kind for key, kind in items if isinstance(kind, str)}


def _app_settings(folder: Path, prefix: str) -> tuple[dict[str, Any], list[Problem]]:
    """Return the vault's own settings; none where there are none, or A101."""
    file = folder / ".obsidian" / "app.json"
    try:
        settings: Any = json.loads(file.read_bytes()) if file.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        span = Span(f"{prefix}/.obsidian/app.json" if prefix else ".obsidian/app.json")
        return {}, [Problem("A101", span, str(error).splitlines()[0])]
    return settings if isinstance(settings, dict) else {}, []


def _ignored(folder: Path, settings: Mapping[str, Any]) -> Callable[[str], bool]:
    """Return which paths the vault's own settings exclude: by a path's beginning, or `/regex/`."""
    filters = settings.get("userIgnoreFilters")
    plain = [f for f in (filters if isinstance(filters, list) else ()) if isinstance(f, str) and f]
    plain += [f"{home}/" for home in _templates(folder)]
    patterns = [compiled for f in plain if (compiled := _pattern(f))]
    starts = tuple(f.lower() for f in plain if not _is_pattern(f))

    def ignored(path: str) -> bool:
        return path.lower().startswith(starts) or any(p.search(path) for p in patterns)

    return ignored if plain else lambda _: False


def _templates(folder: Path) -> list[str]:
    """Return the folder of Obsidian's own Templates plugin: what is in it is no note yet."""
    try:
        content: Any = json.loads((folder / ".obsidian" / "templates.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return []
    home = content.get("folder") if isinstance(content, dict) else None
    return [home.strip("/")] if isinstance(home, str) and home.strip("/") else []


def _is_pattern(text: str) -> bool:
    return len(text) > 2 and text.startswith("/") and text.endswith("/")  # noqa: PLR2004


def _pattern(text: str) -> re.Pattern[str] | None:
    if not _is_pattern(text):
        return None
    try:
        return re.compile(text[1:-1], re.IGNORECASE)
    except re.error:
        return None
