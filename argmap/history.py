"""Runs over time: text records that are the truth, and a SQLite index that answers questions.

`claims/history/YYYY-MM.ndjson` holds one record a line, in the month of the run's as-of date:

- ``observation``, ``outcome``, ``status``: what a measure, a check and a claim were. Each is named
  by a hash of its content and written once, however often it is found again.
- ``run``: an as-of date, and the names of all that was found. It comes last in the same write, so
  a run that was cut off is not there.
- ``renamed``: a claim or a piece of evidence got another id. What was found under the old one is
  read under the new one.

A run is named by a hash of its line: the same inputs on the same date are recorded once, and the
records of two machines merge as text.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast
from zlib import crc32

from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from sqlite_utils import Database

    from argmap.evidence.model import Outcome
    from argmap.strengths import Interval, Status

Record = dict[str, Any]

_TABLES: dict[str, dict[str, type]] = {
    "files": {"name": str, "size": int, "tail": str},
    "damaged": {"name": str, "line": int, "message": str},
    "runs": {"id": str, "as_of": str, "seq": int},
    "found": {"run": str, "id": str},
    "observations": {
        "id": str, "measure": str, "kind": str, "lo": str, "hi": str, "unit": str, "dated": str,
        "source": str, "url": str, "reason": str, "definition": str,
    },
    "outcomes": {
        "id": str, "check": str, "outcome": str, "reason": str, "lo": float, "hi": float,
        "unit": str, "dated": str, "stale": int, "shown": str, "definition": str, "reads": str,
    },
    "statuses": {"id": str, "claim": str, "status": str, "lo": float, "hi": float},
    "renames": {"id": str, "old": str, "new": str, "as_of": str},
}  # fmt: skip
_KEYS = {"files": ("name",), "damaged": ("name", "line"), "found": ("run", "id")}  # others: id
_KINDS = {"observation": "observations", "outcome": "outcomes", "status": "statuses", "run": "runs",
          "renamed": "renames"}  # fmt: skip
_REQUIRED = {
    "observation": {"id", "measure"},
    "outcome": {"id", "check", "outcome"},
    "status": {"id", "claim", "status", "lo", "hi"},
    "run": {"id", "as_of", "found"},
    "renamed": {"id", "old", "new"},
}
_LAST = "JOIN (SELECT as_of, max(seq) AS seq FROM runs GROUP BY as_of) USING (as_of, seq)"
_CHANGES = f"""
    WITH told AS (
        SELECT statuses.*, runs.as_of,
               lag(status) OVER (PARTITION BY claim ORDER BY runs.as_of) AS before
        FROM statuses JOIN found USING (id) JOIN runs ON runs.id = run {_LAST}
    )
    SELECT claim, as_of, before, status AS after FROM told WHERE before <> status
"""  # noqa: S608  no part of it comes from outside
_VERSION = crc32(repr((_TABLES, _CHANGES)).encode()) & 0x7FFFFFFF  # another index is built anew


@dataclass(frozen=True, slots=True)
class OutcomePoint:
    """A check in one run."""

    as_of: date
    outcome: Outcome
    reason: str
    lo: float | None  # the left side of its comparison, where it has one
    hi: float | None
    unit: str
    dated: date | None
    shown: str
    definition: str


@dataclass(frozen=True, slots=True)
class StatusPoint:
    """A claim in one run."""

    as_of: date
    status: Status
    strength: Interval


class History:
    """The record of a project's runs, as of a date: later runs are not seen."""

    def __init__(self, folder: Path, state: Path, root: Path) -> None:
        """Take `claims/history/`, the state folder that holds the index, the project's root."""
        self.folder = folder
        self.state = state
        self.root = root
        self.problems: list[Problem] = []
        self._db: Database | None = None

    def runs(self, until: date) -> list[date]:
        """Return the as-of dates of all runs up to a day, each once, oldest first."""
        sql = "SELECT DISTINCT as_of FROM runs WHERE as_of <= ? ORDER BY as_of"
        return [date.fromisoformat(day) for (day,) in self.db.execute(sql, [str(until)])]

    def statuses(self, until: date) -> dict[str, list[StatusPoint]]:
        """Return every claim's statuses, one a date, oldest first."""
        result: dict[str, list[StatusPoint]] = {}
        name = self._names()
        for row in self._last("statuses", until):
            point = StatusPoint(
                date.fromisoformat(row["as_of"]), row["status"], (row["lo"], row["hi"])
            )
            result.setdefault(name(row["claim"]), []).append(point)
        return result

    def outcomes(self, until: date) -> dict[str, list[OutcomePoint]]:
        """Return every check's outcomes, one a date, oldest first."""
        result: dict[str, list[OutcomePoint]] = {}
        name = self._names()
        for row in self._last("outcomes", until):
            point = OutcomePoint(
                date.fromisoformat(row["as_of"]), row["outcome"], row["reason"], row["lo"],
                row["hi"], row["unit"], _day(row["dated"]), row["shown"], row["definition"],
            )  # fmt: skip
            result.setdefault(name(row["check"]), []).append(point)
        return result

    def _names(self) -> Callable[[str], str]:
        """Return what gives an id its name of today; renames hold one after the other."""
        now: dict[str, str] = {}
        was: dict[str, set[str]] = {}
        for old, new in self.db.execute("SELECT old, new FROM renames ORDER BY rowid"):
            moved = was.pop(old, set()) | {old}
            now |= dict.fromkeys(moved, new)
            was[new] = was.get(new, {new}) | moved
        return lambda id_: now.get(id_, id_)

    def _last(self, table: str, until: date) -> Iterator[Record]:
        """Return the rows of each date's last run: a later run on a date replaces the earlier."""
        sql = f"""
            SELECT {table}.*, as_of
            FROM runs {_LAST} JOIN found ON run = runs.id JOIN {table} ON {table}.id = found.id
            WHERE as_of <= ? ORDER BY as_of, found.rowid
        """  # noqa: S608  the table is one of two names above
        return self.db.query(sql, [str(until)])

    def append(self, as_of: date, records: Iterable[Record]) -> bool:
        """Record one run; return False where the same was recorded for that date before.

        `records` are observations, outcomes and statuses. All go out in one write, synced; another
        process that records at the same time waits.
        """
        named = [_named(record) for record in records]
        run = _named({"record": "run", "as_of": str(as_of), "found": [r["id"] for r in named]})
        with self._locked():
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"{as_of:%Y-%m}.ndjson"
            _mend_tail(path)
            db = self._current()
            last = db.execute("SELECT id FROM runs WHERE as_of = ? ORDER BY seq DESC", [str(as_of)])
            if (run["id"],) == last.fetchone():
                return False
            _append(path, [*(record for record in named if not _known(db, record)), run])
        return True

    def rename(self, as_of: date, ids: Mapping[str, str]) -> None:
        """Record that claims and evidence have other ids from now on: old to new."""
        records = [
            _named({"record": "renamed", "old": old, "new": new, "as_of": str(as_of)})
            for old, new in sorted(ids.items())
        ]
        if not records:
            return
        with self._locked():
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"{as_of:%Y-%m}.ndjson"
            _mend_tail(path)
            _append(path, records)

    @property
    def db(self) -> Database:
        """The index, brought up to what the text says now."""
        with self._locked():
            return self._current()

    def _current(self) -> Database:
        if self._db is None:
            self._db = _open_index(self.state / "index.db")
        self._catch_up(self._db)
        for name, line, message in self._db.execute("SELECT * FROM damaged ORDER BY name, line"):
            self._tell(
                "A402", self._span(name, line), message, "take the line out, or restore it from git"
            )
        return self._db

    def _catch_up(self, db: Database) -> None:
        """Read what the files hold beyond what the index has seen; rewritten files, all anew."""
        seen = {name: (size, tail) for name, size, tail in db.execute("SELECT * FROM files")}
        files = sorted(self.folder.glob("*.ndjson")) if self.folder.is_dir() else []
        now = {path.name: path.stat().st_size for path in files}
        if now == {name: size for name, (size, _) in seen.items()}:
            return
        grown = all(
            name in now and now[name] >= size and _tail(self.folder / name, size) == tail
            for name, (size, tail) in seen.items()
        )
        with db.conn:
            if not grown:
                seen = {}
                for table in _TABLES:
                    db.execute(f"DELETE FROM {table}")  # noqa: S608
            for path in files:
                self._read(db, path, seen.get(path.name, (0, ""))[0])

    def _read(self, db: Database, path: Path, offset: int) -> None:
        """Add a file's records from `offset` on, but for a last line that may still grow."""
        data = path.read_bytes()
        line = data[:offset].count(b"\n")
        for text in data[offset:].splitlines(keepends=True):
            line += 1
            record = self._parse(db, text, path.name, line)
            if record is None:
                continue
            if record["record"] == "run":
                record["seq"] = db.execute("SELECT ifnull(max(seq), 0) + 1 FROM runs").fetchone()[0]
                for id_ in record["found"]:
                    _insert(db, "found", {"run": record["id"], "id": id_})
            _insert(db, _KINDS[record["record"]], record)
        size = data.rfind(b"\n") + 1
        _insert(db, "files", {"name": path.name, "size": size, "tail": _tail(path, size)})

    def _parse(self, db: Database, text: bytes, name: str, line: int) -> Record | None:
        """Return the record on a line; None, and a problem, where there is none."""
        if not text.strip():
            return None
        try:
            record = json.loads(text)
            missing = _REQUIRED[record["record"]] - record.keys()
            if not missing and (record["record"] != "run" or _day(record["as_of"])):
                return cast("Record", record)
            message = f"the record lacks {', '.join(sorted(missing))}"
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"not a record: {error}"
        if text.endswith(b"\n"):
            _insert(db, "damaged", {"name": name, "line": line, "message": message})
        else:
            hint = "a run was cut off here; the next one drops this line"
            self._tell("A401", self._span(name, line), "the last line is torn", hint)
        return None

    def _span(self, name: str, line: int) -> Span:
        return Span((self.folder / name).relative_to(self.root).as_posix(), line)

    def _tell(self, code: str, span: Span, message: str, hint: str) -> None:
        problem = Problem(code, span, message, hint)
        if problem not in self.problems:
            self.problems.append(problem)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the project's lock; wait for another run that holds it."""
        if not self.state.is_dir():
            self.state.mkdir(parents=True)
            (self.state / ".gitignore").write_text("*\n", "utf-8")
        with (self.state / "lock").open("a") as file:
            _lock(file.fileno())
            yield  # closing the file lets go


def _named(record: Record) -> Record:
    """Name a record by what it says."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    return {"record": record["record"], "id": sha256(text.encode()).hexdigest()[:12], **record}


def _known(db: Database, record: Record) -> bool:
    table = _KINDS[record["record"]]
    sql = f"SELECT 1 FROM {table} WHERE id = ?"  # noqa: S608
    return db.execute(sql, [record["id"]]).fetchone() is not None


def _append(path: Path, records: Iterable[Record]) -> None:
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        data = memoryview(text.encode())
        while data:  # one write, but for a disk that takes less at a time
            data = data[os.write(handle, data) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _mend_tail(path: Path) -> None:
    """Cut off a torn last line; end a whole one that only lacks its newline."""
    if not path.is_file() or not path.stat().st_size:
        return
    with path.open("r+b") as file:
        data = file.read()
        if data.endswith(b"\n"):
            return
        start = data.rfind(b"\n") + 1
        try:
            json.loads(data[start:])
        except ValueError:
            file.truncate(start)
        else:
            file.write(b"\n")


def _tail(path: Path, size: int, length: int = 4096) -> str:
    """Return a hash of the last bytes before `size`, which tells a file that was rewritten."""
    with path.open("rb") as file:
        file.seek(max(0, size - length))
        return sha256(file.read(min(size, length))).hexdigest()[:16]


def _open_index(path: Path) -> Database:
    import sqlite3

    path.parent.mkdir(parents=True, exist_ok=True)
    db = _connected(path)
    try:
        if db.execute("PRAGMA user_version").fetchone()[0] == _VERSION:
            return db
    except sqlite3.DatabaseError:
        pass  # damaged: it holds nothing that the text does not
    db.close()
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    db = _connected(path)
    for name, columns in _TABLES.items():
        key = _KEYS.get(name, ("id",))
        db.table(name).create(columns, pk=key[0] if len(key) == 1 else key)
    db.table("outcomes").create_index(["check"])
    db.table("statuses").create_index(["claim"])
    db.table("found").create_index(["id"])
    db.create_view("changes", _CHANGES)
    db.execute(f"PRAGMA user_version = {_VERSION}")
    return db


def _connected(path: Path) -> Database:
    """Open the index, without waiting for the disk at each change: the text is what counts."""
    from contextlib import suppress
    from sqlite3 import DatabaseError

    from sqlite_utils import Database

    db = Database(path)
    with suppress(DatabaseError):
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
    return db


def _insert(db: Database, table: str, record: Mapping[str, Any]) -> None:
    row = {name: _cell(record.get(name)) for name in _TABLES[table]}
    marks = ", ".join(f":{name}" for name in row)
    db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)  # noqa: S608


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _lock(handle: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(handle, fcntl.LOCK_EX)
