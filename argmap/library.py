"""A folder of notes -> what each is and says; only what changed since the last time is read again.

Reading splits: any `concurrent.futures.Executor` may do it. Without one, many changed notes are
read in several processes, few in this one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argmap.cache import Cache, Kept, Row
from argmap.claims import ClaimOptions, read_claims
from argmap.claims import model as claims
from argmap.notes import Link, Note, read_note_bytes
from argmap.notes.stored import StoredNote, bytes_digest, pack
from argmap.source import Problem, Span
from argmap.vault import File, Vault, joined, scan, unread
from argmap.vault.links import NOTHING, NOWHERE, Known, Leads, calls
from argmap.vault.names import bare, key
from argmap.work import no_collector, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Executor

    from argmap.claims.model import NoteClaims
    from argmap.vault import Folder
    from argmap.walk import Walk

_SETTLED = 2_000_000_000  # ns; a file younger than that may change again without looking newer
_READ_BY = ("claims", "markdown", "notes", "vault", "library.py", "source.py", "walk.py", "yaml.py")
_LIBRARIES = ("markdown-it-py", "mdit-py-plugins", "pyyaml")
_BATCH = 200_000  # bytes of notes that are handed out at once
_NOTHING = claims.NoteClaims()

Said = tuple[dict[str, Any], bytes]  # what is wanted of all notes at once; the rest, as JSON


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
    walk: Walk | None = None,
) -> Library:
    """Read a vault that is `prefix` from the project's root.

    `options` says how to read a note, and the same for all that are in its folder; `walk` is for
    who has just gone through it.
    """
    now = cache.now() if cache else 0
    found = scan(folder, prefix, walk)
    with no_collector():
        before = _before(cache.read() if cache else Kept({}))
        notes = _Notes(folder, prefix, options, before)
        notes.look(found.notes)
        notes.read(executor)
        library = notes.library(found)
        if cache:
            notes.keep(cache, library.vault, now)
        return library


def _before(kept: Kept) -> Kept:
    """Return what was kept, if this very code wrote it."""
    whole = kept.whole
    return kept if isinstance(whole, dict) and whole.get("reader") == _reader() else Kept({})


class _Notes:
    """The notes of a folder, as they are found, read and joined."""

    def __init__(
        self, folder: Path, prefix: str, options: Callable[[str], ClaimOptions], before: Kept
    ) -> None:
        self.folder = folder
        self.prefix = prefix
        self.options = options
        self.before = before
        self.rows: dict[str, Row | Note] = {}  # by path, sorted; a Note could not be read at all
        self.looked: set[str] = set()  # those whose bytes were looked at
        self.changed: set[str] = set()  # those of them that are not as they were
        self.unread: list[tuple[Row, bytes]] = []
        self.hows: dict[int, tuple[ClaimOptions, str]] = {}  # by identity: there are few
        self.asked: dict[str, str] = {}  # by folder

    # Read

    def look(self, files: Iterable[File]) -> None:
        """Take each note that is known, and keep the bytes of the others."""
        known, rows = self.before.rows, self.rows
        for file in files:
            path = file.path
            row = known.get(path)
            asked = self.asked.get(path.rpartition("/")[0]) or self.asked_for(path)
            if row and row.asked == asked and row[:4] == file:
                rows[path] = row
            else:
                self.look_into(file, row, asked)

    def asked_for(self, path: str) -> str:
        """Return how the notes of a folder are read."""
        options = self.options(path)
        if id(options) not in self.hows:
            self.hows[id(options)] = options, _asked(self.prefix, options)
        asked = self.asked[path.rpartition("/")[0]] = self.hows[id(options)][1]
        return asked

    def look_into(self, file: File, row: Row | None, asked: str) -> None:
        """Take the note if its bytes are the same as before, else keep them."""
        self.looked.add(file.path)
        try:
            data = (self.folder / file.path).read_bytes()
        except OSError as error:
            self.rows[file.path] = unread(file.path, self.prefix, error)
            self.changed.add(file.path)
            return
        digest = bytes_digest(data)
        new = Row(file.path, file.size, file.mtime, file.ctime, digest, asked, {})
        if row and (row.digest, row.asked) == (digest, asked):
            self.rows[file.path] = new._replace(said=row.said, more=row.more)
        else:
            self.rows[file.path] = new  # holds its place
            self.changed.add(file.path)
            self.unread.append((new, data))

    def read(self, executor: Executor | None) -> None:
        """Read the notes whose bytes were kept."""
        jobs = [
            (self.prefix, [(row.path, data, self.options(row.path)) for row, data in batch])
            for batch in _batches(self.unread)
        ]
        read = (each for some in split(_read_batch, jobs, executor) for each in some)
        for (row, _), (said, more) in zip(self.unread, read, strict=True):
            self.rows[row.path] = row._replace(said=said, more=more)

    # Join

    def library(self, found: Folder) -> Library:
        """Return everything that was taken."""
        notes: dict[str, Note] = {}
        said: dict[str, NoteClaims] = {}
        told: list[Problem] = []
        for path, row in self.rows.items():
            if isinstance(row, Note):
                notes[path] = row
            elif "generated" not in row.said:
                notes[path] = self.note(row)
                if "claims" in row.said:
                    said[path] = _unpacked(row.said["claims"])
                told += map(_unpacked, row.said.get("told", ()))
        vault = joined(notes, found)
        return Library(replace(vault, known=self.known(vault)), said, tuple(told))

    def note(self, row: Row) -> Note:
        """Return a note that is as its row says."""
        made = (row.path, self.folder, self.prefix, row.digest, row.more)
        if not row.said:
            return StoredNote(*made)
        problems = tuple(map(_unpacked, row.said.get("problems", ())))
        return StoredNote(*made, row.said.get("aliases", ()), problems)

    # Links

    def known(self, vault: Vault) -> Known:
        """Return what was found about links before, and still holds."""
        if not self.before.rows:
            return NOTHING
        changed, whole = self.changed, self.before.whole
        renamed = self.before.rows.keys() ^ self.rows.keys()
        renamed |= set(whole["files"]) ^ set(vault.files)
        touched = self.touched(renamed)
        leads = {path: self.leads(path) for path in vault.notes if path not in changed}
        if touched:
            leads = {
                path: each for path, each in leads.items() if touched.isdisjoint(calls(path, each))
            }
        hints = {
            tuple(near): hint
            for near, hint in whole["hints"]
            if not (near[0] in changed if len(near) > 1 else renamed)
        }
        return Known(leads, hints)

    def touched(self, renamed: set[str]) -> set[str]:
        """Return what links call those notes and files that another note may now see otherwise."""
        touched = {bare(key(path)) for path in renamed}
        for path in renamed | self.changed:
            before, now = self.before.rows.get(path), self.rows.get(path)
            if _places(before) != _places(now):
                touched.add(bare(key(path)))
            touched.update(map(key, _aliases(before) ^ _aliases(now)))
        return touched

    def leads(self, path: str) -> Leads:
        """Return where the links of a note led when it was last read."""
        row = self.rows[path]
        links = None if isinstance(row, Note) else row.said.get("links")
        return Leads._make(links) if links else NOWHERE

    def keep(self, cache: Cache, vault: Vault, now: int) -> None:
        """Remember all of it for the next time."""
        rows = {path: row for path, row in self.rows.items() if isinstance(row, Row)}
        for path in self.looked & rows.keys():
            rows[path] = _settled(rows[path], now)
        found = vault.leads.keys() - vault.known.leads.keys()
        for path in found & rows.keys():
            said = {k: v for k, v in rows[path].said.items() if k != "links"}
            if vault.leads[path] is not NOWHERE:
                said["links"] = vault.leads[path]
            rows[path] = rows[path]._replace(said=said)
        _ = vault.problems  # which finds the hints
        hints = [[list(near), hint] for near, hint in vault.hints.asked.items()]
        whole = {"reader": _reader(), "files": list(vault.files), "hints": hints}
        same = rows.keys() == self.before.rows.keys() and whole == self.before.whole
        if not same or self.looked or found:
            cache.write(rows.values(), whole)


def _settled(row: Row, now: int) -> Row:
    """Return the row; for a file changed just now, such that its bytes are looked at again."""
    young = max(row.mtime, row.ctime) > now - _SETTLED
    return row._replace(mtime=-1) if young else row


def _places(row: Row | Note | None) -> Any:
    """Return what of a note decides whether a link into it leads somewhere."""
    if row is None or isinstance(row, Note):
        return row is None
    places = [place[:3] for place in json.loads(row.more)["places"]]
    return row.said.get("problems"), places


def _aliases(row: Row | Note | None) -> set[str]:
    if row is None or isinstance(row, Note) or "generated" in row.said:
        return set()
    return set(row.said.get("aliases", ()))


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


def _read_batch(job: tuple[str, list[tuple[str, bytes, ClaimOptions]]]) -> list[Said]:
    """Return what each note is and says. Runs in any process, on any machine."""
    prefix, notes = job
    with no_collector():
        return [_read(path, data, prefix, options) for path, data, options in notes]


def _read(path: str, data: bytes, prefix: str, options: ClaimOptions) -> Said:
    """Return what is wanted of all notes at once, only what there is, and the rest as JSON."""
    note = read_note_bytes(path, data, prefix)
    claims, problems = read_claims(note, options)
    said = {
        "generated": note.is_generated,
        "aliases": list(note.aliases),
        "problems": _packed(note.problems),
        "claims": _packed(claims) if claims != _NOTHING else None,
        "told": _packed(tuple(problems)),
    }
    more = json.dumps(pack(note), ensure_ascii=False, separators=(",", ":"))
    return {k: v for k, v in said.items() if v}, more.encode("utf-8", "surrogatepass")


# --- who reads, and how -----------------------------------------------------------------------


def _asked(prefix: str, options: ClaimOptions) -> str:
    """Return with what options a note is read."""
    how = (prefix, sorted(options.aliases.items()), sorted(options.words.items()), options.infer)
    return blake2b(f"{how}".encode(), digest_size=12).hexdigest()


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


_NESTED = (list, dict)


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
        return tuple([_unpacked(one) if type(one) in _NESTED else one for one in value])
    if isinstance(value, dict):
        ((name, content),) = value.items()
        if name == "date":
            return date.fromisoformat(content)
        kind = _TYPES[name]
        return kind(*[_unpacked(one) if type(one) in _NESTED else one for one in content])
    return value
