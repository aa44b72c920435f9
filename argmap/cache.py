"""What was read before, in one SQLite file that may be deleted, damaged or outdated at any time."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable

_TABLE = """CREATE TABLE IF NOT EXISTS files
    (path TEXT PRIMARY KEY, size INT, mtime INT, ctime INT, digest TEXT, asked TEXT, said TEXT,
     sum INT)"""
_READ = "SELECT path, size, mtime, ctime, digest, asked, said, sum FROM files"
_PATIENCE = 2.0
_LIBRARIES = (  # that a site's bytes come from
    "genai-prices", "jinja2", "markdown-it-py", "markupsafe", "mdit-py-plugins", "nh3",
    "pygraphviz", "pyvis", "pyyaml", "snowballstemmer",
)  # fmt: skip


@cache
def own_code() -> str:
    """Return what tells this code from any other, that of a developer's working copy included."""
    own = Path(__file__).parent
    digest = blake2b(digest_size=12)
    for at, folders, names in os.walk(own):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            stat = Path(at, name).stat()
            digest.update(f"{at} {name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    return digest.hexdigest()


class Row(NamedTuple):
    """What one file said, and by what one can tell that it still says so."""

    path: str
    size: int
    mtime: int  # in ns
    ctime: int  # in ns
    digest: str  # of its bytes
    asked: str  # who read it and how; what reads it otherwise does not want it
    said: str


class Cache:
    """The rows of one file. Whatever is wrong with it, the next run is only slower."""

    def __init__(self, file: Path, patience: float = _PATIENCE) -> None:
        """Take the file; it need not be there, nor be what it should be."""
        self.file = file
        self.patience = patience  # seconds to wait for another argmap, then to go without

    def now(self) -> int:
        """Return the time, in ns, by the clock that also dates the files beside the cache."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.touch()
            return self.file.stat().st_mtime_ns
        except OSError:
            return 0

    def rows(self) -> dict[str, Row]:
        """Return all rows that are whole, by path."""
        if not self.file.is_file():
            return {}
        try:
            with closing(self._open()) as database:
                found = database.execute(_READ).fetchall()
        except (sqlite3.Error, UnicodeDecodeError, OverflowError):
            return {}
        return {row[0]: Row(*row[:-1]) for row in found if _is_whole(row)}

    def save(self, changed: Iterable[Row], gone: Iterable[str]) -> None:
        """Write rows and forget others; a file that is no cache is begun anew."""
        new = [(*row, _sum(row)) for row in changed]
        old = [(path,) for path in gone]
        if not new and not old:
            return
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self._write(new, old)
        except sqlite3.Error as error:
            if "locked" not in str(error):  # else another argmap is writing the same
                self._begin_anew(new)
        except OSError:
            return  # a folder one cannot write to

    def _begin_anew(self, rows: list[tuple[Any, ...]]) -> None:
        with suppress(OSError, sqlite3.Error):
            self.file.unlink(missing_ok=True)
            self._write(rows, [])

    def _write(self, new: list[tuple[Any, ...]], old: list[tuple[str]]) -> None:
        with closing(self._open()) as database, database:
            database.execute(_TABLE)
            database.executemany("DELETE FROM files WHERE path = ?", old)
            database.executemany("INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?)", new)

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.file, timeout=self.patience)
        database.execute("PRAGMA synchronous = OFF")  # a torn file is begun anew
        database.execute("PRAGMA journal_mode = MEMORY")
        return database


def _is_whole(row: tuple[Any, ...]) -> bool:
    return all(isinstance(row[i], str) for i in (0, 4, 5, 6)) and _sum(row) == row[-1]


def _sum(row: tuple[Any, ...]) -> int:
    """Return a checksum of what was said, and of what file."""
    return crc32(f"{row[0]}\0{row[4]}\0{row[5]}\0{row[6]}".encode("utf-8", "surrogatepass"))
