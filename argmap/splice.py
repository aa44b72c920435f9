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
    now, problem = read_file(path, folder, span)
    if problem:
        return problem
    if now != before:
        return _refused(span, "it changed meanwhile", "run the command again")
    target = path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode)
    if not mode & stat.S_IWUSR:
        return _refused(span, "it is read-only")
    try:
        _replace(target, after, mode)
    except OSError as error:
        return _refused(span, error.strerror or "it cannot be written")
    return None


def _replace(target: Path, data: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(prefix=".argmap-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _refused(span: Span, why: str, hint: str = "nothing was written") -> Problem:
    return Problem("A108", span, f"not written: {why}", hint)
