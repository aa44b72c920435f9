"""Runs over time: text records that are the truth, and a SQLite index that answers questions.

`claims/history/YYYY-MM.ndjson` holds one record a line, in the month of the run's as-of date:

- ``observation``, ``outcome``, ``status``: what a measure, a check and a claim were. Each is named
  by a hash of its content and written once, however often it is found again.
- ``run``: an as-of date, and the names of all that was found. It comes last in the same write, so
  a run that was cut off is not there.
- ``renamed``: a claim or a piece of evidence got another id. What was found under the old one is
  read under the new one.
- ``retracted``: a person took an observation back. It stays where it is, and counts no more.

A run is named by a hash of its line: the same inputs on the same date are recorded once, and the
records of two machines merge as text.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from zlib import crc32

from argmap.records import SAME, OutcomePoint, observation_of, outcome_point, same
from argmap.source import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pydantic import TypeAdapter
    from sqlite_utils import Database

    from argmap.evidence.model import Observation
    from argmap.strengths import Interval, Status

Record = dict[str, Any]

_TABLES: dict[str, dict[str, type]] = {
    "files": {"name": str, "size": int, "changed": int, "digest": str},
    "damaged": {"name": str, "line": int, "message": str},
    "runs": {"id": str, "as_of": str, "seq": int},
    "found": {"run": str, "id": str},
    "observations": {
        "id": str, "measure": str, "kind": str, "lo": str, "hi": str, "unit": str, "dated": str,
        "source": str, "url": str, "reason": str, "definition": str, "seen": str,
        "asked": str, "raw": str,
    },
    "outcomes": {
        "id": str, "check": str, "outcome": str, "reason": str, "lo": float, "hi": float,
        "unit": str, "dated": str, "stale": int, "shown": str, "definition": str, "reads": str,
        "newest": str, "found": str,
    },
    "statuses": {"id": str, "claim": str, "status": str, "lo": float, "hi": float},
    "renames": {"id": str, "old": str, "new": str, "as_of": str},
    "retractions": {
        "id": str, "measure": str, "lo": str, "hi": str, "unit": str, "dated": str,
        "because": str, "by": str, "on": str,
    },
}  # fmt: skip
_MOST_OBSERVATIONS = 50
_KEYS = {"files": ("name",), "damaged": ("name", "line"), "found": ("run", "id")}  # others: id
_KINDS = {"observation": "observations", "outcome": "outcomes", "status": "statuses", "run": "runs",
          "renamed": "renames", "retracted": "retractions"}  # fmt: skip
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
        return [date.fromisoformat(row["as_of"]) for row in self._rows(sql, str(until))]

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
            result.setdefault(name(row["check"]), []).append(outcome_point(row))
        return result

    def outcomes_of(self, check: str, until: date) -> list[OutcomePoint]:
        """Return one check's outcomes, one a date, oldest first."""
        name = self._names()
        renamed = [old for (old,) in self.db.execute("SELECT old FROM renames")]
        ids = [check, *dict.fromkeys(old for old in renamed if name(old) == check)]
        rows = self._last("outcomes", until, f"AND [check] IN ({', '.join('?' * len(ids))})", ids)
        return [outcome_point(row) for row in rows]

    def observations_of(self, measure: str, definition: str, until: date) -> list[Observation]:
        """Return what a measure, so defined, was: known values, the newest first."""
        sql = f"""
            SELECT o.*, max(as_of) AS as_of
            FROM observations AS o JOIN found ON found.id = o.id JOIN runs ON runs.id = run
            WHERE measure = ? AND definition = ? AND reason = '' AND lo IS NOT NULL AND as_of <= ?
              AND NOT EXISTS (SELECT 1 FROM retractions AS r WHERE {same("r", "o")})
            GROUP BY o.id
            ORDER BY max(ifnull(dated, as_of)) DESC, max(as_of) DESC LIMIT {_MOST_OBSERVATIONS}
        """  # noqa: S608
        return [
            observation_of(row) for row in self.db.query(sql, [measure, definition, str(until)])
        ]

    def retractions(self) -> dict[tuple[str | None, ...], str]:
        """Return why observations were retracted, by what they are known by."""
        rows = self._rows("SELECT * FROM retractions ORDER BY rowid")
        return {tuple(row[key] for key in SAME): row["because"] for row in rows}

    def fetched(self, asked: str, until: date) -> Observation | None:
        """Return the last value that was fetched for what is asked, no later than a day."""
        sql = f"""
            SELECT o.*, substr(seen, 1, 10) AS as_of FROM observations AS o
            WHERE asked = ? AND lo IS NOT NULL AND substr(seen, 1, 10) <= ?
              AND EXISTS (SELECT 1 FROM found WHERE found.id = o.id)
              AND NOT EXISTS (SELECT 1 FROM retractions AS r WHERE {same("r", "o")})
            ORDER BY as_of DESC, o.rowid DESC LIMIT 1
        """  # noqa: S608
        rows = (self._db or self.db).query(sql, [asked, str(until)])
        return next((observation_of(row) for row in rows), None)

    def observed(self, measure: str, until: date) -> Record | None:
        """Return what a measure was in the last run up to a day, as recorded, and its `as_of`."""
        sql = """
            SELECT o.*, as_of FROM observations AS o
            JOIN found ON found.id = o.id JOIN runs ON runs.id = run
            WHERE measure = ? AND as_of <= ? ORDER BY as_of DESC, seq DESC LIMIT 1
        """
        return next(iter(self._rows(sql, measure, str(until))), None)

    def raws(self) -> set[str]:
        """Return the names of the bytes behind the last value of all that was fetched."""
        sql = """
            SELECT raw, max(substr(seen, 1, 10)) FROM observations
            WHERE raw <> '' AND lo IS NOT NULL GROUP BY asked
        """
        return {row["raw"] for row in self._rows(sql)}

    def called(self, name: str) -> list[Record]:
        """Return the observations that a name means: `MEASURE@DATE`, or the first signs of an id.

        The date is that of the data or, where it has none, of the run.
        """
        measure, at, day = name.rpartition("@")
        if at:
            where, asked = "measure = ? AND ifnull(dated, as_of) = ?", [measure, day]
        else:
            where, asked = "substr(o.id, 1, ?) = ?", [str(len(name)), name]
        sql = f"""
            SELECT o.*, min(as_of) AS first FROM observations AS o
            JOIN found ON found.id = o.id JOIN runs ON runs.id = run
            WHERE {where} AND lo IS NOT NULL GROUP BY o.id ORDER BY first, o.id
        """  # noqa: S608
        unlike: dict[tuple[str, ...], Record] = {}
        for row in self.db.query(sql, asked):
            unlike.setdefault(tuple(row[key] for key in SAME), row)
        return list(unlike.values())

    def retract(self, on: date, observation: Record, because: str, by: str) -> list[date]:
        """Record that an observation is taken back; return the days of the runs that found it."""
        said = {key: observation[key] for key in SAME}
        record = {"record": "retracted", **said, "because": because, "by": by, "on": str(on)}
        self._write(on, [_named(record)])
        where = " AND ".join(f"o.{name} IS ?" for name in SAME)
        sql = f"""
            SELECT DISTINCT as_of FROM observations AS o
            JOIN found ON found.id = o.id JOIN runs ON runs.id = run {_LAST}
            WHERE {where} ORDER BY as_of
        """  # noqa: S608
        days = self.db.execute(sql, [observation[key] for key in SAME])
        return [date.fromisoformat(day) for (day,) in days]

    def _names(self) -> Callable[[str], str]:
        """Return what gives an id its name of today; renames hold one after the other."""
        now: dict[str, str] = {}
        was: dict[str, set[str]] = {}
        for old, new in self.db.execute("SELECT old, new FROM renames ORDER BY rowid"):
            moved = was.pop(old, set()) | {old}
            now |= dict.fromkeys(moved, new)
            was[new] = was.get(new, {new}) | moved
        return lambda id_: now.get(id_, id_)

    def _last(
        self, table: str, until: date, which: str = "", asked: Sequence[str] = ()
    ) -> list[Record]:
        """Return the rows of each date's last run: a later run on a date replaces the earlier."""
        sql = f"""
            SELECT {table}.*, as_of
            FROM runs {_LAST} JOIN found ON run = runs.id JOIN {table} ON {table}.id = found.id
            WHERE as_of <= ? {which} ORDER BY as_of, found.rowid
        """  # noqa: S608  the table is one of two names above
        return self._rows(sql, str(until), *asked)

    def _rows(self, sql: str, *values: str) -> list[Record]:
        """Return what the index answers; a damaged one is built anew, once."""
        from sqlite3 import DatabaseError

        try:
            return list(self.db.query(sql, values))
        except DatabaseError:
            if self._db is not None:
                self._db.close()
            self._db = None
            _forget(self.state / "index.db")
            return list(self.db.query(sql, values))

    def append(self, as_of: date, records: Iterable[Record]) -> bool:
        """Record one run; return False where the same was recorded for that date before.

        `records` are observations, outcomes and statuses. All go out in one write, synced; another
        process that records at the same time waits.
        """
        named = [_named(record) for record in records]
        run = _named({"record": "run", "as_of": str(as_of), "found": [r["id"] for r in named]})
        with self._locked():
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"{as_of.isoformat()[:7]}.ndjson"
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
        if records:
            self._write(as_of, records)

    def _write(self, day: date, records: Sequence[Record]) -> None:
        with self._locked():
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"{day.isoformat()[:7]}.ndjson"
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
            hint = "take the line out, or restore it from git"
            self._tell("A402", self._span(name, line), message, hint)
        return self._db

    def _catch_up(self, db: Database) -> None:
        """Read what the files hold beyond what the index has seen; rewritten files, all anew."""
        seen = {name: rest for name, *rest in db.execute("SELECT * FROM files")}
        files = sorted(self.folder.glob("*.ndjson")) if self.folder.is_dir() else []
        stats = {path: path.stat() for path in files}
        now = {path.name: [stat.st_size, stat.st_mtime_ns] for path, stat in stats.items()}
        if now == {name: rest[:2] for name, rest in seen.items()}:
            return
        grown = all(
            name in now
            and (now[name] == [size, changed] or _digest(self.folder / name, size) == digest)
            for name, (size, changed, digest) in seen.items()
        )
        with db.conn:
            if not grown:
                seen = {}
                for table in _TABLES:
                    db.execute(f"DELETE FROM {table}")  # noqa: S608
            for path in files:
                self._read(db, path, seen[path.name][0] if path.name in seen else 0)

    def _read(self, db: Database, path: Path, offset: int) -> None:
        """Add a file's records from `offset` on, but for a last line that may still grow."""
        changed = path.stat().st_mtime_ns
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
        row = {"name": path.name, "size": size, "changed": changed, "digest": _digest(path, size)}
        _insert(db, "files", row)

    def _parse(self, db: Database, text: bytes, name: str, line: int) -> Record | None:
        """Return the record on a line; None, and a problem, where there is none."""
        if not text.strip():
            return None
        record, message = _validated(text)
        if record is not None:
            return record
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
        """Hold the project's lock; wait for another run that holds it.

        Where the project may only be read, nothing is held: who writes will be told.
        """
        try:
            self.state.mkdir(parents=True, exist_ok=True)
            if not (self.state / ".gitignore").exists():  # the cache may have made the folder
                (self.state / ".gitignore").write_text("*\n", "utf-8")
            file = (self.state / "lock").open("a")
        except OSError:
            yield
            return
        with file:
            _lock(file.fileno())
            yield  # closing the file lets go


@cache
def _records() -> TypeAdapter[Any]:
    """Return what a line may hold, to validate it with."""
    from typing import Annotated, Literal

    from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, StrictBool, TypeAdapter

    day = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
    name = Annotated[str, Field(min_length=1)]

    class Line(BaseModel):
        model_config = ConfigDict(extra="allow")
        id: name

    class Observed(Line):
        record: Literal["observation"]
        measure: name
        lo: FiniteFloat | str | None = None
        hi: FiniteFloat | str | None = None
        dated: day | None = None

    class Outcome(Line):
        record: Literal["outcome"]
        check: name
        outcome: Literal["pass", "fail", "unknown", "error"]
        reason: str = ""
        lo: FiniteFloat | None = None
        hi: FiniteFloat | None = None
        unit: str = ""
        dated: day | None = None
        stale: StrictBool = False
        shown: str = ""
        definition: str = ""

    class Status(Line):
        record: Literal["status"]
        claim: name
        status: Literal["supported", "refuted", "contested", "unknown"]
        lo: FiniteFloat
        hi: FiniteFloat

    class Run(Line):
        record: Literal["run"]
        as_of: day
        found: list[name]

    class Renamed(Line):
        record: Literal["renamed"]
        old: name
        new: name

    class Retracted(Line):
        record: Literal["retracted"]
        measure: name
        lo: FiniteFloat | str
        hi: FiniteFloat | str
        dated: day | None = None
        because: name

    some = Observed | Outcome | Status | Run | Renamed | Retracted
    return TypeAdapter(Annotated[some, Field(discriminator="record")])


def _validated(text: bytes) -> tuple[Record | None, str]:
    """Return the record of a line, or what is wrong with it."""
    from pydantic import ValidationError

    try:
        record: Record = _records().validate_json(text).model_dump()
        for key in ("as_of", "dated"):
            _day(record.get(key))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"][1:]))
        return None, f"not a record: {where}: {first['msg']}" if where else "not a record"
    except ValueError as error:
        return None, f"not a record: {error}"
    return record, ""


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


def _digest(path: Path, size: int) -> str:
    """Return a hash of a file's first `size` bytes, which tells one that was rewritten."""
    with path.open("rb") as file:
        return sha256(file.read(size)).hexdigest()[:16]


def _open_index(path: Path) -> Database:
    """Return the index, made anew where it is damaged or of another version.

    Where the project may only be read it is made in memory, for this process alone.
    """
    from sqlite3 import DatabaseError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = _connected(path)
        try:
            if db.execute("PRAGMA user_version").fetchone()[0] == _VERSION:
                return db
        except DatabaseError:
            pass  # damaged: it holds nothing that the text does not
        db.close()
        _forget(path)
        return _with_tables(_connected(path))
    except (OSError, DatabaseError):
        from sqlite_utils import Database

        return _with_tables(Database(memory=True))


def _forget(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


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


def _with_tables(db: Database) -> Database:
    for name, columns in _TABLES.items():
        key = _KEYS.get(name, ("id",))
        db.table(name).create(columns, pk=key[0] if len(key) == 1 else key)
    db.table("outcomes").create_index(["check"])
    db.table("statuses").create_index(["claim"])
    db.table("found").create_index(["id"])
    db.table("observations").create_index(["measure", "definition"])
    db.table("observations").create_index(["asked"])
    db.create_view("changes", _CHANGES)
    db.execute(f"PRAGMA user_version = {_VERSION}")
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
