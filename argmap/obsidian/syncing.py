"""A project -> its vault, synced; nothing is read where nothing changed since the last sync.

What a sync read and wrote is known by the stamps of the files. It imports as little as it can.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from argmap import __version__
from argmap.obsidian.leftover import alone, clear
from argmap.obsidian.places import APPEARANCE, GRAPH, SNIPPET, kept_file
from argmap.stamps import (
    Stamp,
    changed,
    files_below,
    read_stamps,
    stamps,
    unchanged,
    write_stamps,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from argmap.config import Settings
    from argmap.obsidian.sync import Plan
    from argmap.project import Project, Read
    from argmap.source import Problem

_SETTINGS = (
    GRAPH,
    APPEARANCE,
    SNIPPET,
    *(f".obsidian/{name}.json" for name in ("app", "types", "templates")),
)


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync came to."""

    summary: str = "nothing changed"
    diff: str = ""
    problems: tuple[Problem, ...] = ()


def sync(project: Project, as_of: date, *, dry_run: bool = False) -> Synced:
    """Write how claims stand on a day into the vault; with `dry_run` only say what that would be.

    Where no file changed that a sync as of the same day read or wrote, none is read.
    """
    if dry_run:
        from argmap.tables import many

        plan, _ = _planned(project, as_of)
        return Synced(
            f"{many(len(plan.changes), 'file')} to write", plan.diff, tuple(plan.problems)
        )
    with alone(project.settings):
        return _synced(project, as_of)


def _synced(project: Project, as_of: date) -> Synced:
    clear(project.settings)
    look = Look.at(project.settings, as_of)
    if look is None:
        return Synced()
    from argmap.evidence.table import data_files

    plan, read = _planned(project, as_of)
    problems = plan.write()
    if not problems:
        written = {change.path: change.after for change in plan.changes}
        look.remember(written, data_files(read.reading.book))
    return Synced(plan.summary, problems=tuple(problems))


def _planned(project: Project, as_of: date) -> tuple[Plan, Read]:
    from argmap.obsidian.sync import planned_sync

    read = project.read()
    return planned_sync(read.check(project.world(as_of, online=False)).judge()), read


@dataclass(frozen=True)
class Look:
    """All that a sync as of a day reads or writes, as it was before that sync began."""

    settings: Settings
    asked: str
    before: Mapping[str, Stamp]

    @classmethod
    def at(cls, settings: Settings, as_of: date) -> Look | None:
        """Look at the files; None where nothing changed since a sync as of the same day."""
        asked = f"{__version__} {version('genai-prices')} {as_of}"
        paths = _paths(settings)
        last = read_stamps(_file(settings), asked)
        if last is not None and unchanged(last, paths | _outside(settings, last)):
            return None
        return cls(settings, asked, stamps(paths, _clock(settings)))

    def remember(self, written: Mapping[str, bytes | None], data: Iterable[str]) -> None:
        """Remember that a sync left the files so, unless somebody else changed one meanwhile.

        `written` are the files of the vault that it wrote; `data` are those that measures read.
        """
        settings = self.settings
        read = _outside(settings, (normpath(settings.root / name) for name in data))
        after = stamps(_paths(settings) | read, _clock(settings))
        ours = {str(settings.vault_folder / path): data for path, data in written.items()}
        theirs = changed(self.before, after) - {str(kept_file(settings)), *read}
        if all(path in ours and _holds(path, ours[path]) for path in theirs):
            write_stamps(_file(settings), self.asked, after)


def _holds(path: str, data: bytes | None) -> bool:
    try:
        return Path(path).read_bytes() == data
    except OSError:
        return data is None


def _folders(settings: Settings) -> tuple[Path, ...]:
    return Path(__file__).parents[1], settings.vault_folder, settings.claims_folder


def _paths(settings: Settings) -> set[str]:
    found = {path for folder in _folders(settings) for path in files_below(folder)}
    fixed = (
        *(settings.root / name for name in ("argmap.toml", "pyproject.toml")),
        *(settings.vault_folder / name for name in _SETTINGS),
        kept_file(settings),
    )
    return found.union(map(str, fixed))


def _outside(settings: Settings, paths: Iterable[str]) -> set[str]:
    """Return those of the files that stand in no folder that is looked through."""
    within = tuple(f"{folder}/" for folder in _folders(settings))
    return {path for path in paths if not path.startswith(within)}


def _file(settings: Settings) -> Path:
    return settings.state_folder / "synced.json"


def _clock(settings: Settings) -> Path:
    return settings.state_folder / "clock"
