"""What a run that was killed left beside the notes: hidden files of our own, and how they go.

A folder of ten thousand notes is not looked through for them unless a run says that it was cut off:
a mark stands in the state folder as long as one writes.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from argmap.obsidian.places import FOLDERS
from argmap.splice import lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from argmap.config import Settings

_OURS = re.compile(r"\.argmap-[a-z0-9_]{8}(?P<old>-old)?")  # the names that splice.py gives
_SETTLED = 60  # seconds; what is younger, somebody may be writing just now


def left_over(settings: Settings) -> Iterator[Path]:
    """Yield the files in the vault that a run was about to put in the place of others."""
    own = (settings.state_folder, settings.site_folder)
    for path in sorted(settings.vault_folder.rglob(".argmap-*")):
        ours = any(path.is_relative_to(folder) for folder in own)
        if not ours and _OURS.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            yield path


def is_old(path: Path) -> bool:
    """Say whether it is what stood in a note's place before, not what was to stand there."""
    found = _OURS.fullmatch(path.name)
    return bool(found and found["old"])


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Wait until no other run writes statuses into the vault, and keep others waiting."""
    path = settings.state_folder / "vault.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        lock(file.fileno())
        yield


@contextmanager
def writing(settings: Settings) -> Iterator[None]:
    """Mark that a run writes into the vault; who is killed leaves the mark."""
    mark = _mark(settings)
    there = mark.exists()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    yield
    if not there:
        mark.unlink(missing_ok=True)


def clear(settings: Settings) -> None:
    """Remove what a run that was cut off left in the vault, where nothing is lost by it.

    Asked by who is `alone`: in argmap's own folders nobody else writes such files, so there they
    go at once; beside notes, `adopt` does, so there they go when they are a minute old.

    What a killed run was about to write can be written again. What stood in a note's place before
    goes only where it is the note still, under a second name: else it may be all that is left of
    what an editor wrote at that moment.
    """
    mark = _mark(settings)
    if not mark.exists():
        return
    with suppress(OSError):
        mark.touch()
        now = mark.stat().st_mtime  # the file system's own time
        own = {settings.vault_folder / name for name in FOLDERS}
        gone = [
            _removed(path, now if path.parent not in own else now + 2 * _SETTLED)
            for path in left_over(settings)
        ]
        if all(gone):
            mark.unlink()


def _removed(path: Path, now: float) -> bool:
    """Remove a file if it may go; say whether there is no reason to come back for it."""
    with suppress(OSError):
        stat = path.stat()
        if is_old(path):
            if stat.st_nlink > 1:
                path.unlink()
        elif stat.st_mtime > now - _SETTLED:
            return False
        else:
            path.unlink()
    return True


def _mark(settings: Settings) -> Path:
    return settings.state_folder / "writing"
