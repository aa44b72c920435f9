"""A folder -> which notes and other files are in it, as Obsidian sees it; nothing is read yet."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from argmap.notes import place_of
from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from argmap.stamps import Stamp


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


def scan(folder: Path, prefix: str, seen: Mapping[str, Stamp] | None = None) -> Folder:
    """Look through a vault, sorted by path.

    Folders and files whose names begin with a dot are skipped; what `.obsidian/app.json` ignores is
    known but not read, and so are templates. Nothing outside the vault is read, and nothing twice:
    a link out of it leads nowhere, one to a place inside it gives way to that place.

    Of files that were `seen` a moment ago, by their paths, size and times are taken from there.
    """
    if not folder.is_dir():
        return Folder((), problems=(Problem("A004", Span(prefix or "."), "no such folder"),))
    settings, problems = _app_settings(folder, prefix)
    ignored = _ignored(folder, settings)
    walk = _Walk(folder, prefix)
    walk.go()
    notes: list[File] = []
    files: list[str] = []
    for path, entry in sorted(walk.files, key=itemgetter(0)):
        is_note = path.lower().endswith(".md")
        is_link = path not in walk.own
        if not _is_text(path):
            problems.append(walk.problem("A101", path, "its name is not UTF-8"))
        elif is_link and (other := walk.leads_to(entry)) is None:
            problems.append(walk.problem("A112", path, _LEADS_OUT))
        elif not is_note or ignored(path):
            files.append(path)
        elif is_link and other in walk.own:
            files.append(path)
            problems.append(walk.problem("A112", path, f"a link to {other}, which is read there"))
        else:
            notes.append(_file(path, entry, seen or {}))
            if odd := _NO_LINK.search(path):
                problems.append(walk.problem("A113", path, f"no link can lead to it: {odd[0]!r}"))
    problems += walk.problems
    types, strict = property_types(folder), settings.get("strictLineBreaks") is True
    return Folder(tuple(notes), tuple(files), tuple(problems), types, strict)


class _Walk:
    """Goes through a vault's folders, and says which of them it passes over."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self.folder = folder
        self.prefix = prefix
        self.real = folder.resolve()
        self.files: list[tuple[str, os.DirEntry[str]]] = []  # by their paths in the vault
        self.own: set[str] = set()  # those of them that are no links
        self.problems: list[Problem] = []  # A112 of each folder that is not read

    def go(self) -> None:
        """Find every file; links to folders are not followed."""
        waiting: list[tuple[str, Path | str]] = [("", self.folder)]
        while waiting:
            inside, at = waiting.pop()
            for entry in self.listed(inside, at):
                path = inside + entry.name
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{path}/", entry.path))
                elif not entry.is_symlink():
                    self.files.append((path, entry))
                    self.own.add(path)
                elif _is_folder(entry):
                    self.pass_over(path, entry)
                else:
                    self.files.append((path, entry))

    def listed(self, inside: str, at: Path | str) -> list[os.DirEntry[str]]:
        """Return what a folder holds, less what is hidden; A112 where that cannot be told."""
        try:
            with os.scandir(at) as entries:
                return [entry for entry in entries if entry.name[0] != "."]
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            self.problems.append(self.problem("A112", inside.rstrip("/"), reason))
            return []

    def pass_over(self, path: str, entry: os.DirEntry[str]) -> None:
        """Tell that a link to a folder is not followed."""
        other = self.leads_to(entry)
        reason = _LEADS_OUT if other is None else f"a link to {other or 'the vault itself'}"
        reason += "" if other is None else ", which is read there"
        self.problems.append(self.problem("A112", path, reason))

    def leads_to(self, entry: os.DirEntry[str]) -> str | None:
        """Return the path in the vault that a link stands for, None if it leads to none."""
        try:
            other = Path(entry.path).resolve()
            path = other.relative_to(self.real).as_posix()
        except (OSError, RuntimeError, ValueError):  # a circle may be a RuntimeError
            return None
        return None if other.is_symlink() else path.removeprefix(".")

    def problem(self, code: str, path: str, message: str) -> Problem:
        """Return a problem of a file or folder as a whole."""
        shown = path.encode("utf-8", "replace").decode("utf-8")
        return Problem(code, Span(place_of(self.prefix, shown)), message)


_NO_LINK = re.compile(r"[#^|]|\[\[|\]\]")  # what ends a name inside [[…]]
_LEADS_OUT = "a link that leads out of the vault, or in a circle"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Say whether a link leads to a folder; one in a circle leads nowhere."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _file(path: str, entry: os.DirEntry[str], seen: Mapping[str, Stamp]) -> File:
    if stamp := seen.get(entry.path):
        return File(path, stamp.size, stamp.mtime, stamp.ctime)
    try:
        stat = entry.stat()
    except OSError:  # reading it will say what is wrong
        return File(path, -1, 0, 0)
    return File(path, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


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
