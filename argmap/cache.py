"""What was found in files before, kept in one file that may be deleted, damaged or outdated."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from argmap.splice import replace_own
from argmap.stamps import time_by

if TYPE_CHECKING:
    from collections.abc import Iterable

_FORM = "argmap 4"  # of the file
_FORMER = [  # what earlier versions kept beside it, in files that nobody reads any more
    f"{name}.db{end}" for name in ("cache", "images") for end in ("", "-wal", "-shm")
]
_LIBRARIES = (  # that a site's bytes come from
    "genai-prices", "jinja2", "lark", "markdown-it-py", "markupsafe", "mdit-py-plugins", "nh3",
    "pint", "pygraphviz", "pyvis", "pyyaml", "snowballstemmer",
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
    said: Any  # what is wanted of all files at once, as JSON has it
    more: bytes = b""  # one line that need not be looked into until somebody asks


class Kept(NamedTuple):
    """The rows of all files, by path, and what goes for all together, as JSON has it."""

    rows: dict[str, Row]
    whole: Any = None


class Cache:
    """One file of rows. Whatever is wrong with it, the next run is only slower."""

    def __init__(self, file: Path) -> None:
        """Take the file; it need not be there, nor be what it should be."""
        self.file = file
        self.rows: dict[str, Row] = {}  # as they were read
        self.lines: dict[str, bytes] = {}  # and as they were written

    def now(self) -> int:
        """Return the time, in ns, by the clock that also dates the files beside the cache."""
        try:
            return time_by(self.file.with_name("clock"))
        except OSError:
            return 0

    def read(self) -> Kept:
        """Return what was written, nothing where that is lost or not whole."""
        try:
            data = self.file.read_bytes()
            told, head, *lines = data.split(b"\n")
            if told != _sum(memoryview(data)[len(told) + 1 :]):
                return Kept({})
            number = len(lines) // 2
            written, more = lines[:number], lines[number:]
            read = zip(json.loads(b"[%b]" % b",".join(written)), more, strict=True)
            rows = {row.path: row for row in (Row._make([*one, each]) for one, each in read)}
            self.lines = dict(zip(rows, written, strict=True))
            self.rows = rows
            return Kept(rows, json.loads(head))
        except (OSError, ValueError, TypeError, LookupError, RecursionError):
            return Kept({})

    def write(self, rows: Iterable[Row], whole: Any = None) -> None:
        """Write all rows, and what goes for all together; where one cannot, nothing is kept."""
        rows = list(rows)
        lines = [_json(whole), *map(self._line, rows), *(row.more for row in rows)]
        text = b"\n".join(lines)
        with suppress(OSError):
            replace_own(self.file, _sum(text) + b"\n" + text, synced=False)
            for name in _FORMER:
                self.file.with_name(name).unlink(missing_ok=True)

    def _line(self, row: Row) -> bytes:
        """Return a row as it is written, less its `more`; what was read need not be encoded."""
        path = row.path
        return self.lines[path] if self.rows.get(path) is row else _json(row[:-1])


def _json(data: Any) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _sum(text: bytes | memoryview) -> bytes:
    """Return what tells that a text is whole, and of this form."""
    return f"{_FORM} {crc32(text):08x}".encode()
