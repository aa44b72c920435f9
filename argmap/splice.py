"""Changes a few bytes of a text file: the rest untouched, the file replaced at once or not at all.

`Text` keeps a file's own byte order mark and line ends; places are those of notes (lines and
columns from 1). `replace_file` writes only where nobody else wrote meanwhile.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

_BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` in the place of what stands from `start` to `end`; its lines end in LF."""

    start: int
    end: int
    text: str


class OverlapError(ValueError):
    """Two edits change the same text."""


class Text:
    """A text as its file has it."""

    def __init__(self, data: bytes) -> None:
        """Take a file's bytes; raises UnicodeDecodeError where they are not UTF-8."""
        self.whole = data.decode("utf-8")
        ends = list(_LINE_END.finditer(self.whole))
        self.starts = [len(_BOM) if self.whole.startswith(_BOM) else 0]
        self.starts += [found.end() for found in ends]
        kinds = [found[0] for found in ends]
        self.newline = max(("\n", "\r\n", "\r"), key=kinds.count)

    def at(self, line: int, column: int) -> int:
        """Return the position of a place."""
        return self.starts[line - 1] + column - 1

    def spliced(self, edits: Iterable[Edit]) -> bytes:
        """Return the file with the edits made; those at one position follow in their order."""
        ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
        for one, two in pairwise(ordered):
            if two.start < one.end:
                raise OverlapError(f"{one} and {two}")
        parts, at = [], 0
        for edit in ordered:
            parts += [self.whole[at : edit.start], edit.text.replace("\n", self.newline)]
            at = edit.end
        return "".join([*parts, self.whole[at:]]).encode("utf-8")


def read_file(path: Path, folder: Path, span: Span) -> tuple[bytes, Problem | None]:
    """Return a file's bytes; a problem where it cannot be read, or lies outside the folder."""
    try:
        target = path.resolve(strict=True)
        if not target.is_relative_to(folder.resolve()):
            return b"", _refused(span, "it is a link that leads out of the vault")
        return target.read_bytes(), None
    except OSError as error:
        return b"", _refused(span, error.strerror or "it cannot be read")


def replace_file(
    path: Path, folder: Path, span: Span, before: bytes, after: bytes
) -> Problem | None:
    """Write `after` in the place of `before`, at once; return a problem where that cannot be.

    A symbolic link inside the folder stays one: the file it leads to is written. Permissions stay.
    """
    problem = _changed(path, folder, span, before)
    if problem:
        return problem
    target = path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode)
    if not mode & stat.S_IWUSR:
        return _refused(span, "it is read-only")
    new: Path | None = None
    try:
        new = _written(target, after, mode)
        # Looked at once more: writing took its time, and an editor may be open.
        problem = _changed(path, folder, span, before)
        if not problem and not _swapped(new, target, before):
            problem = _meanwhile(span)
    except OSError as error:
        problem = _refused(span, error.strerror or "it cannot be written")
    finally:
        if new is not None:
            new.unlink(missing_ok=True)
    return problem


def create_file(path: Path, folder: Path, span: Span, data: bytes) -> Problem | None:
    """Write a file that is not there yet, at once; return a problem where that cannot be."""
    new: Path | None = None
    try:
        if not path.parent.resolve().is_relative_to(folder.resolve()):
            return _refused(span, "its folder is a link that leads out of the vault")
        if any(above.is_file() for above in path.parents):
            return _refused(span, "a file stands where its folder is to be", "rename that file")
        path.parent.mkdir(parents=True, exist_ok=True)
        new = _written(path, data, 0o666 & ~_umask())
        _publish(new, path)
    except FileExistsError:
        return _refused(span, "it came to be meanwhile", "run the command again")
    except OSError as error:
        return _refused(span, error.strerror or "it cannot be written")
    finally:
        if new is not None:
            new.unlink(missing_ok=True)
    return None


def replace_own(path: Path, data: bytes, *, synced: bool = True) -> None:
    """Write a file that is argmap's own, at once; raises OSError.

    Where a torn file is as good as none it need not be `synced`, which takes long.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _written(path, data, 0o666 & ~_umask(), synced=synced).replace(path)


def remove_file(path: Path, folder: Path, span: Span, before: bytes) -> Problem | None:
    """Remove a file that holds `before`; return a problem where that cannot be."""
    problem = _changed(path, folder, span, before)
    if problem:
        return problem
    try:
        path.unlink()
    except OSError as error:
        return _refused(span, error.strerror or "it cannot be removed")
    return None


def _changed(path: Path, folder: Path, span: Span, before: bytes) -> Problem | None:
    now, problem = read_file(path, folder, span)
    return problem if problem or now == before else _meanwhile(span)


def _meanwhile(span: Span) -> Problem:
    return _refused(span, "it changed meanwhile", "run the command again")


def _swapped(new: Path, target: Path, before: bytes) -> bool:
    """Put a new file in a target's place; say whether that held `before` up to that moment.

    Where an editor wrote into the target just then, what it wrote is put back: the old file keeps
    a second name until it was looked at.
    """
    aside = new.with_name(f"{new.name}-old")
    try:
        os.link(target, aside)
    except OSError:  # where files cannot have two names
        new.replace(target)
        return True
    try:
        if not aside.samefile(target):  # an editor has just replaced it
            return False
        new.replace(target)
        if aside.read_bytes() == before:
            return True
        aside.replace(target)
        return False
    finally:
        aside.unlink(missing_ok=True)


def _written(target: Path, data: bytes, mode: int, *, synced: bool = True) -> Path:
    """Write data to a new file beside the target, and return its path."""
    handle, name = tempfile.mkstemp(prefix=".argmap-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if synced:
                os.fsync(file.fileno())
        Path(name).chmod(mode)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _publish(new: Path, path: Path) -> None:
    """Give a file its name, which no other has; where files cannot be linked, look first."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(path) from None
        new.replace(path)


def lock(handle: int) -> None:
    """Wait until no other run has the file locked, and lock it for as long as it is open."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(handle, fcntl.LOCK_EX)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _refused(span: Span, why: str, hint: str = "nothing was written") -> Problem:
    return Problem("A108", span, f"not written: {why}", hint)
