"""A folder -> which notes and other files are in it, as Obsidian sees it; nothing is read yet."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True, order=True)
class File:
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


def scan(folder: Path, prefix: str) -> Folder:
    """Look through a vault, sorted by path.

    Folders and files whose names begin with a dot are skipped; what `.obsidian/app.json` ignores is
    known but not read, and so are templates, and a link that leads out of the vault.
    """
    if not folder.is_dir():
        return Folder((), problems=(Problem("A004", Span(prefix or "."), "no such folder"),))
    ignored, problems = _ignored(folder, prefix)
    notes: list[File] = []
    files: list[str] = []
    for path, entry in sorted(_entries(folder), key=lambda pair: pair[0]):
        if not _is_text(path):
            problems.append(_unnamed(path, prefix))
        elif not path.lower().endswith(".md") or ignored(path):
            files.append(path)
        elif _leads_out(entry, folder):
            span = Span(f"{prefix}/{path}" if prefix not in ("", ".") else path)
            problems.append(Problem("A101", span, "a link that leads out of the vault"))
        else:
            notes.append(_file(path, entry))
    return Folder(tuple(notes), tuple(files), tuple(problems), property_types(folder))


def _entries(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield every file below a folder, by its path; links to folders are not followed."""
    waiting: list[tuple[str, Path | str]] = [("", folder)]
    while waiting:
        inside, at = waiting.pop()
        for entry in _listed(at):
            path = inside + entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append((f"{path}/", entry.path))
            elif not _is_folder(entry):
                yield path, entry


def _listed(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        return [entry for entry in os.scandir(folder) if not entry.name.startswith(".")]
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Say whether a link leads to a folder; one in a circle leads nowhere."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _leads_out(entry: os.DirEntry[str], folder: Path) -> bool:
    if not entry.is_symlink():
        return False
    try:
        return not Path(entry.path).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link in a circle
        return True


def _file(path: str, entry: os.DirEntry[str]) -> File:
    try:
        stat = entry.stat()
    except OSError:  # reading it will say what is wrong
        return File(path, -1, 0, 0)
    return File(path, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _is_text(path: str) -> bool:
    return path.isprintable() or not any("\ud800" <= char <= "\udfff" for char in path)


def _unnamed(path: str, prefix: str) -> Problem:
    name = path.encode("utf-8", "replace").decode("utf-8")
    return Problem("A101", Span(f"{prefix}/{name}" if prefix else name), "its name is not UTF-8")


def property_types(folder: Path) -> dict[str, str]:
    """Return what the vault declares its properties to be, as `.obsidian/types.json` calls it."""
    try:
        content: Any = json.loads((folder / ".obsidian" / "types.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    types = content.get("types") if isinstance(content, dict) else None
    items = types.items() if isinstance(types, dict) else ()
    return {key: kind for key, kind in items if isinstance(kind, str)}


def _ignored(folder: Path, prefix: str) -> tuple[Callable[[str], bool], list[Problem]]:
    """Return which paths the vault's own settings exclude: by a path's beginning, or `/regex/`."""
    file = folder / ".obsidian" / "app.json"
    try:
        settings: Any = json.loads(file.read_bytes()) if file.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        span = Span(f"{prefix}/.obsidian/app.json" if prefix else ".obsidian/app.json")
        return lambda _: False, [Problem("A101", span, str(error).splitlines()[0])]
    filters = settings.get("userIgnoreFilters") if isinstance(settings, dict) else None
    plain = [f for f in filters or () if isinstance(f, str) and f]
    plain += [f"{home}/" for home in _templates(folder)]
    patterns = [compiled for f in plain if (compiled := _pattern(f))]
    starts = tuple(f.lower() for f in plain if not _is_pattern(f))

    def ignored(path: str) -> bool:
        return path.lower().startswith(starts) or any(p.search(path) for p in patterns)

    return ignored, []


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
