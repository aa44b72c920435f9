"""What is to be written into the vault, shown as a diff, and what is remembered of it."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from difflib import unified_diff
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from argmap.notes import place_of
from argmap.obsidian.places import FOLDERS, kept_file
from argmap.source import Problem, Span
from argmap.splice import create_file, remove_file, replace_file, replace_own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from argmap.config import Settings

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Change:
    """A file of the vault as it is and as it is to be; None: there is none."""

    path: str  # in the vault
    before: bytes | None
    after: bytes | None

    @property
    def diff(self) -> str:
        """The change as a unified diff; line ends are not shown."""
        old, new = (_lines(data) for data in (self.before, self.after))
        names = (
            self.path if self.before is not None else "/dev/null",
            self.path if self.after is not None else "/dev/null",
        )
        return "".join(f"{line}\n" for line in unified_diff(old, new, *names, lineterm=""))


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode("utf-8-sig", "replace").splitlines()


@dataclass(slots=True)
class Kept:
    """What was there before argmap came, so that all of it can be taken out again."""

    files: dict[str, tuple[bytes | None, list[str]]] = field(default_factory=dict)
    """Of files that are not notes: what they held, None if there was none; hashes of ours."""
    empty: list[str] = field(default_factory=list)  # notes with a block that held no property
    folders: list[str] = field(default_factory=list)  # those that argmap made
    places: dict[str, str] = field(default_factory=dict)  # of a canvas: where argmap put all cards
    drawn: dict[str, list[str]] = field(default_factory=dict)
    """Of a canvas: what it shows, its hash."""
    cards: dict[str, list[str]] = field(default_factory=dict)
    """Of a canvas: our cards and lines that stood in it; what is gone since, a person deleted.

    So of the settings: the snippet, once it was on.
    """

    @classmethod
    def read(cls, settings: Settings) -> Kept:
        """Return what is remembered, nothing where that is lost."""
        try:
            content: Any = json.loads(kept_file(settings).read_bytes())
            files = {
                path: (None if before is None else base64.b64decode(before), list(hashes))
                for path, (before, hashes) in content["files"].items()
            }
            return cls(
                files,
                list(content["empty"]),
                list(content["folders"]),
                dict(content["places"]),
                dict(content["drawn"]),
                {path: ids.split() for path, ids in content.get("cards", {}).items()},
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            return cls()

    def write(self, settings: Settings) -> None:
        """Remember it; where nothing is left to remember, the file goes."""
        if not (self.files or self.empty or self.folders):
            kept_file(settings).unlink(missing_ok=True)
            return
        files = {
            path: (None if before is None else base64.b64encode(before).decode(), hashes)
            for path, (before, hashes) in sorted(self.files.items())
        }
        content = {
            "files": files,
            "empty": sorted(self.empty),
            "folders": self.folders,
            "places": dict(sorted(self.places.items())),
            "drawn": dict(sorted(self.drawn.items())),
            "cards": {path: " ".join(ids) for path, ids in sorted(self.cards.items())},
        }
        data = json.dumps(content, ensure_ascii=False).encode()
        if not kept_file(settings).is_file() or kept_file(settings).read_bytes() != data:
            replace_own(kept_file(settings), data)

    def is_as_written(self, path: str, data: bytes | None) -> bool:
        """Say whether a file is as argmap left it."""
        return path in self.files and data is not None and digest(data) in self.files[path][1]

    def expect(self, change: Change, clean: Callable[[bytes | None], bytes | None]) -> None:
        """Remember, before a change is written, what the file is without argmap's part.

        `clean` takes that part out of it; where nobody else touched the file, what it held at
        first still counts.
        """
        hashes = [digest(change.after)] if change.after is not None else []
        if change.before is not None and self.is_as_written(change.path, change.before):
            first, _ = self.files[change.path]
            self.files[change.path] = (first, [digest(change.before), *hashes])
        else:
            self.files[change.path] = (clean(change.before), hashes)


def digest(data: bytes) -> str:
    """Return a hash that tells whether a file is still the same."""
    return sha256(data).hexdigest()[:32]


def span_of(settings: Settings, path: str, line: int = 1) -> Span:
    """Return a file of the vault as a place in the project."""
    return Span(place_of(settings.vault, path), line)


def look(settings: Settings, path: str) -> tuple[bytes | None, Problem | None]:
    """Return what a file of the vault holds, None if there is none; a problem where unreadable."""
    from argmap.splice import read_file

    file = settings.vault_folder / path
    if not file.exists() and not file.is_symlink():
        return None, None
    return read_file(file, settings.vault_folder, span_of(settings, path))


def write(settings: Settings, changes: Iterable[Change]) -> list[Problem]:
    """Write each change, whole or not at all; return what could not be written."""
    from concurrent.futures import ThreadPoolExecutor

    # What takes long is waiting for the disk, and it takes several writes at once.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        problems = list(pool.map(lambda change: _write(settings, change), changes))
    return [problem for problem in problems if problem]


def _write(settings: Settings, change: Change) -> Problem | None:
    folder, path = settings.vault_folder, settings.vault_folder / change.path
    span = span_of(settings, change.path)
    if change.before is None:
        return create_file(path, folder, span, change.after or b"")
    if change.after is None:
        return remove_file(path, folder, span, change.before)
    return replace_file(path, folder, span, change.before, change.after)


def missing_folders(settings: Settings) -> list[str]:
    """Return the folders that are not there yet."""
    return [name for name in FOLDERS if not (settings.vault_folder / name).exists()]


def remove_folders(settings: Settings, made: Iterable[str]) -> None:
    """Remove the folders that argmap made, those that are empty."""
    for name in FOLDERS:
        folder = settings.vault_folder / name
        if name in made and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
