"""A folder of notes -> what each is and says; only what changed since the last time is read again.

Reading splits: any `concurrent.futures.Executor` may do it. Without one, many changed notes are
read in several processes, few in this one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argmap.cache import Cache, Row
from argmap.claims import ClaimOptions, read_claims
from argmap.claims import model as claims
from argmap.notes import Link, Note, read_note_bytes
from argmap.notes.stored import StoredNote, bytes_digest, pack
from argmap.source import Problem, Span
from argmap.vault import File, Vault, joined, scan, unread
from argmap.work import no_collector, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Executor

    from argmap.claims.model import NoteClaims
    from argmap.vault import Folder

_SETTLED = 2_000_000_000  # ns; a file younger than that may change again without looking newer
_READ_BY = ("claims", "markdown", "notes", "library.py", "source.py", "yaml.py")
_LIBRARIES = ("markdown-it-py", "mdit-py-plugins", "pyyaml")
_BATCH = 200_000  # bytes of notes that are handed out at once
_NOTHING = claims.NoteClaims()


@dataclass(frozen=True, slots=True)
class Library:
    """The vault, and what its notes say."""

    vault: Vault
    said: Mapping[str, NoteClaims]  # by the note's path, for those that say something
    problems: tuple[Problem, ...]  # with what they say


def read_library(
    folder: Path,
    prefix: str,
    options: Callable[[str], ClaimOptions],
    cache: Cache | None = None,
    executor: Executor | None = None,
) -> Library:
    """Read a vault that is `prefix` from the project's root; `options` says how to read a note."""
    now = cache.now() if cache else 0
    found = scan(folder, prefix)
    known = cache.rows() if cache else {}
    notes = _Notes(folder, prefix, options, known)
    with no_collector():
        notes.look(found.notes)
        notes.read(executor)
        if cache:
            gone = sorted(known.keys() - {file.path for file in found.notes})
            cache.save((_settled(row, now) for row in notes.changed), gone)
        return notes.library(found)


def _settled(row: Row, now: int) -> Row:
    """Return the row; for a file changed just now, such that its bytes are looked at again."""
    young = max(row.mtime, row.ctime) > now - _SETTLED
    return row._replace(mtime=-1) if young else row


class _Notes:
    """The notes of a folder, as they are found, read and joined."""

    def __init__(
        self,
        folder: Path,
        prefix: str,
        options: Callable[[str], ClaimOptions],
        known: Mapping[str, Row],
    ) -> None:
        self.folder = folder
        self.prefix = prefix
        self.options = options
        self.known = known
        self.rows: dict[str, Row | Note] = {}  # by path, sorted; a Note could not be read at all
        self.changed: list[Row] = []
        self.unread: list[tuple[Row, bytes]] = []
        self.asked: dict[int, tuple[ClaimOptions, str]] = {}  # by identity: there are few

    def look(self, files: Iterable[File]) -> None:
        """Take each note that is known, and keep the bytes of the others."""
        for file in files:
            row = self.known.get(file.path)
            asked = self.asked_for(file.path)
            stamp = (file.size, file.mtime, file.ctime, asked)
            if row and (row.size, row.mtime, row.ctime, row.asked) == stamp:
                self.rows[file.path] = row
            else:
                self.look_into(file, row, asked)

    def asked_for(self, path: str) -> str:
        """Return who reads a note, and how."""
        options = self.options(path)
        if id(options) not in self.asked:
            self.asked[id(options)] = options, _asked(self.prefix, options)
        return self.asked[id(options)][1]

    def look_into(self, file: File, row: Row | None, asked: str) -> None:
        """Take the note if its bytes are the same as before, else keep them."""
        try:
            data = (self.folder / file.path).read_bytes()
        except OSError as error:
            self.rows[file.path] = unread(file.path, self.prefix, error)
            return
        digest = bytes_digest(data)
        new = Row(file.path, file.size, file.mtime, file.ctime, digest, asked, "")
        if row and (row.digest, row.asked) == (digest, asked):
            self.take(new._replace(said=row.said))
        else:
            self.rows[file.path] = new  # holds its place
            self.unread.append((new, data))

    def take(self, row: Row) -> None:
        """Take a note that is to be remembered."""
        self.rows[row.path] = row
        self.changed.append(row)

    def read(self, executor: Executor | None) -> None:
        """Read the notes whose bytes were kept."""
        jobs = [
            (self.prefix, [(row.path, data, self.options(row.path)) for row, data in batch])
            for batch in _batches(self.unread)
        ]
        said = (text for texts in split(_read_batch, jobs, executor) for text in texts)
        for (row, _), text in zip(self.unread, said, strict=True):
            self.take(row._replace(said=text))

    def library(self, found: Folder) -> Library:
        """Return everything that was taken."""
        notes: dict[str, Note] = {}
        said: dict[str, NoteClaims] = {}
        told: list[Problem] = []
        for path, row in self.rows.items():
            if isinstance(row, Note):
                notes[path] = row
                continue
            data = json.loads(row.said)
            notes[path] = StoredNote(path, self.folder, self.prefix, row.digest, data["note"])
            if notes[path].is_generated:
                continue
            if data["said"]:
                said[path] = _unpacked(data["said"])
            told += map(_unpacked, data["problems"])
        return Library(joined(notes, found), said, tuple(told))


def _batches(unread: list[tuple[Row, bytes]]) -> Iterator[list[tuple[Row, bytes]]]:
    batch: list[tuple[Row, bytes]] = []
    size = 0
    for row, data in unread:
        batch.append((row, data))
        size += len(data)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read_batch(job: tuple[str, list[tuple[str, bytes, ClaimOptions]]]) -> list[str]:
    """Return what each note is and says, as JSON. Runs in any process, on any machine."""
    prefix, notes = job
    with no_collector():
        return [_read(path, data, prefix, options) for path, data, options in notes]


def _read(path: str, data: bytes, prefix: str, options: ClaimOptions) -> str:
    note = read_note_bytes(path, data, prefix)
    said, problems = read_claims(note, options)
    content = {
        "note": pack(note),
        "said": _packed(said) if said != _NOTHING else None,
        "problems": [_packed(problem) for problem in problems],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, written as an escape in YAML
        return json.dumps(content)
    return text


# --- who reads, and how -----------------------------------------------------------------------


def _asked(prefix: str, options: ClaimOptions) -> str:
    """Return what a row must have been asked for: by this very code, with these options."""
    how = (prefix, sorted(options.aliases.items()), sorted(options.words.items()), options.infer)
    return blake2b(f"{_reader()} {how}".encode(), digest_size=12).hexdigest()


@cache
def _reader() -> str:
    """Return what tells this code from any other, that of a developer's working copy included."""
    from importlib.metadata import version

    own = Path(__file__).parent
    files = [
        file
        for name in _READ_BY
        for file in (sorted((own / name).glob("*.py")) if "." not in name else [own / name])
    ]
    stats = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return f"{stats} {[version(name) for name in _LIBRARIES]}"


# --- claims as plain data ---------------------------------------------------------------------

_TYPES: dict[str, type] = {
    name: kind
    for name, kind in vars(claims).items()
    if isinstance(kind, type) and is_dataclass(kind)
} | {"Link": Link, "Problem": Problem, "Span": Span}


def _packed(value: Any) -> Any:
    """Return what JSON can say: a tuple as a list, anything else of ours under its name."""
    if isinstance(value, tuple):
        return [_packed(item) for item in value]
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if is_dataclass(value):
        return {
            type(value).__name__: [_packed(getattr(value, field.name)) for field in fields(value)]
        }
    return value


def _unpacked(value: Any) -> Any:
    """Return what was packed."""
    if isinstance(value, list):
        return tuple(_unpacked(item) for item in value)
    if isinstance(value, dict):
        ((name, content),) = value.items()
        if name == "date":
            return date.fromisoformat(content)
        return _TYPES[name](*map(_unpacked, content))
    return value
