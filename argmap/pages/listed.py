"""claims/published.txt: the notes that the last public build published, one path a line.

A note that is not on it is news: a public build asks before it goes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.splice import replace_own

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME = "published.txt"
_HEAD = """\
# The notes that `argmap build --public` published last, one a line. Commit this file.
# A note with `publish: true` that is not here stops the next public build;
# `argmap build --public --allow-new` publishes it and adds it.
"""


class UnlistedError(Exception):
    """A public build would publish notes that were not published before."""

    def __init__(self, paths: Iterable[str]) -> None:
        """Take the notes' paths in the vault."""
        self.paths = tuple(paths)
        count = f"{len(self.paths)} notes" if len(self.paths) != 1 else "1 note"
        super().__init__(f"{count} not published before: {', '.join(self.paths)}")


def read_listed(claims: Path) -> tuple[str, ...]:
    """Return the paths on the list of a claims folder; none where there is no list."""
    path = claims / NAME
    if not path.is_file():
        return ()
    lines = path.read_text("utf-8-sig").splitlines()
    return tuple(line.removeprefix("./") for line in lines if line and not line.startswith("#"))


def write_listed(claims: Path, paths: Iterable[str]) -> None:
    """Make the list hold these paths; nothing is written where it does already."""
    paths = sorted(paths)
    if tuple(paths) == read_listed(claims) and (claims / NAME).is_file():
        return
    lines = (f"./{path}" if path.startswith(("#", "./")) else path for path in paths)
    claims.mkdir(parents=True, exist_ok=True)
    replace_own(claims / NAME, (_HEAD + "".join(f"{line}\n" for line in lines)).encode())
