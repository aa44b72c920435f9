"""A folder -> every file in it, gone through once for all who want to know."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from argmap.stamps import stamp_of

if TYPE_CHECKING:
    from argmap.stamps import Stamp

LEADS_OUT = "a link that leads out of the vault, or in a circle"


class Walk:
    """What there was when a vault's folders were gone through, and which were passed over.

    Files and folders whose names begin with a dot are skipped; links to folders are not followed.
    """

    def __init__(self, folder: Path) -> None:
        """Go through a folder; it need not be there."""
        self.folder = folder
        self.files: list[tuple[str, os.DirEntry[str]]] = []  # by their paths in the folder
        self.own: set[str] = set()  # those of them that are no links
        self.unread: list[tuple[str, str]] = []  # folders that are not read, and why
        waiting: list[tuple[str, Path | str]] = [("", folder)]
        while waiting:
            inside, at = waiting.pop()
            for entry in self._listed(inside, at):
                path = inside + entry.name
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{path}/", entry.path))
                elif not entry.is_symlink():
                    self.files.append((path, entry))
                    self.own.add(path)
                elif _is_folder(entry):
                    self._pass_over(path, entry)
                else:
                    self.files.append((path, entry))

    @cached_property
    def stamps(self) -> dict[str, Stamp]:
        """Each file's stamp, by where the file is."""
        return {entry.path: stamp_of(entry) for _, entry in self.files}

    def leads_to(self, entry: os.DirEntry[str]) -> str | None:
        """Return the path in the folder that a link stands for, None if it leads to none."""
        try:
            other = Path(entry.path).resolve()
            path = other.relative_to(self._real).as_posix()
        except (OSError, RuntimeError, ValueError):  # a circle may be a RuntimeError
            return None
        return None if other.is_symlink() else path.removeprefix(".")

    @cached_property
    def _real(self) -> Path:
        return self.folder.resolve()

    def _listed(self, inside: str, at: Path | str) -> list[os.DirEntry[str]]:
        """Return what a folder holds, less what is hidden; nothing where that cannot be told."""
        try:
            with os.scandir(at) as entries:
                return [entry for entry in entries if entry.name[0] != "."]
        except OSError as error:
            self.unread.append((inside.rstrip("/"), f"cannot be read: {error.strerror}"))
            return []

    def _pass_over(self, path: str, entry: os.DirEntry[str]) -> None:
        """Tell that a link to a folder is not followed."""
        other = self.leads_to(entry)
        reason = LEADS_OUT if other is None else f"a link to {other or 'the vault itself'}"
        reason += "" if other is None else ", which is read there"
        self.unread.append((path, reason))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Say whether a link leads to a folder; one in a circle leads nowhere."""
    try:
        return entry.is_dir()
    except OSError:
        return False
