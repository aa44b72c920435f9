"""The history's index: SQLite, made from the text and brought up to it, and never the record.

It may be deleted at any time. What it has read of each file it knows by its length and a checksum
that can be carried on, so what was appended since is all that is read; a file that was rewritten
has everything read anew.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from zlib import crc32

from argmap.records import read_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from argmap.records import Record

_KINDS = {  # of records: the table that each is in, and its columns
    "observation": (
        "observations",
        """id UNIQUE, measure, kind, lo TEXT, hi TEXT, unit, dated, source, url, reason, definition,
        seen, asked, raw""",
    ),
    "outcome": (
        "outcomes",
        """id UNIQUE, "check", outcome, reason, lo REAL, hi REAL, unit, dated, stale, shown,
        definition, reads, newest, found, limit_lo REAL, limit_hi REAL""",
    ),
    "status": ("statuses", "id UNIQUE, claim, status, lo REAL, hi REAL"),
    "renamed": ("renames", "id UNIQUE, old, new, as_of"),
    "retracted": (
        "retractions",
        'id UNIQUE, measure, lo TEXT, hi TEXT, unit, dated, because, "by", "on"',
    ),
}
TABLES = {kind: table for kind, (table, _) in _KINDS.items()}
_ALL = {
    "files": "name PRIMARY KEY, size, lines, changed, checked",
    "damaged": "name, line, message, PRIMARY KEY (name, line)",
    "runs": "seq INTEGER PRIMARY KEY, id UNIQUE, as_of, again",
    "found": "id, seq, PRIMARY KEY (id, seq)",
    # What counts of what runs said of checks and claims, and what tells a past from any other: the
    # sum of its signs.
    "points": "kind, name, as_of, seq, id, sign, PRIMARY KEY (kind, name, as_of, seq)",
    "pasts": "kind, name, sum, PRIMARY KEY (kind, name)",
    "kept": "what, key, said, PRIMARY KEY (what, key)",  # what was worked out from all that
    **dict(_KINDS.values()),
}
_NAMED = {"outcome": "check", "status": "claim"}  # kinds that have a past, by the name of this
_NAMES = {
    kind: [column.split()[0].strip('"') for column in columns.split(",")]
    for kind, (_, columns) in _KINDS.items()
}
_INSERT = {
    kind: f"INSERT OR REPLACE INTO {_KINDS[kind][0]} VALUES ({', '.join('?' * len(names))})"  # noqa: S608
    for kind, names in _NAMES.items()
}
_SUM = 0xFFFF_FFFF_FFFF
_POINT = """
    INSERT INTO points VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET id = excluded.id, sign = excluded.sign
"""
_OUTDATED = """
    DELETE FROM points WHERE kind = ?1 AND name = ?2 AND as_of = ?3 AND seq < (
        SELECT max(seq) FROM points JOIN runs USING (seq)
        WHERE kind = ?1 AND name = ?2 AND points.as_of = ?3 AND again = 0)
"""
_REST = f"""
    CREATE TRIGGER told AFTER INSERT ON points BEGIN
        INSERT INTO pasts VALUES (new.kind, new.name, new.sign)
        ON CONFLICT DO UPDATE SET sum = (sum + new.sign) & {_SUM};
    END;
    CREATE TRIGGER told_otherwise AFTER UPDATE ON points BEGIN
        UPDATE pasts SET sum = (sum + new.sign - old.sign) & {_SUM}
        WHERE kind = new.kind AND name = new.name;
    END;
    CREATE TRIGGER taken_back AFTER DELETE ON points BEGIN
        UPDATE pasts SET sum = (sum - old.sign) & {_SUM}
        WHERE kind = old.kind AND name = old.name;
    END;
    CREATE INDEX by_day ON runs (as_of, seq);
    CREATE INDEX by_check ON outcomes ("check");
    CREATE INDEX by_claim ON statuses (claim);
    CREATE INDEX by_measure ON observations (measure, definition);
    CREATE INDEX by_asked ON observations (asked, substr(seen, 1, 10)) WHERE asked IS NOT NULL;
    CREATE VIEW changes AS
    WITH told AS (
        SELECT claim, status, as_of,
               lag(status) OVER (PARTITION BY claim ORDER BY as_of, seq) AS before
        FROM statuses JOIN found USING (id) JOIN runs USING (seq)
        WHERE NOT EXISTS (
            SELECT 1 FROM runs AS other
            WHERE other.as_of = runs.as_of AND other.seq > runs.seq AND other.again = 0)
    )
    SELECT claim, as_of, before, status AS after FROM told WHERE before <> status;
"""  # noqa: S608  a number of ours
_SCHEMA = "".join(
    f"CREATE TABLE {name} ({columns}){' WITHOUT ROWID' * (name in ('found', 'points', 'pasts'))};\n"
    for name, columns in _ALL.items()
)
_VERSION = crc32((_SCHEMA + _REST).encode()) & 0x7FFFFFFF  # another index is built anew
_AT_ONCE = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a file has been read."""

    size: int = 0
    lines: int = 0
    changed: int = -1  # when the file was, in nanoseconds
    checked: int = 0  # a checksum of those bytes


@dataclass
class Index:
    """An open index. Anything that asks it may raise sqlite3.DatabaseError."""

    db: sqlite3.Connection
    torn: dict[str, int] = field(default_factory=dict)  # files that end in half a line: which one
    _runs: list[tuple[int, Record]] = field(default_factory=list)  # read, and not yet in `points`
    _new: list[tuple[str, str]] = field(default_factory=list)  # kinds and ids of records as well

    def query(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Record]:
        """Yield rows, by the names of their columns."""
        cursor = self.db.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Return the bare rows of a query."""
        return self.db.execute(sql, values)

    def close(self) -> None:
        """Let the file go."""
        self.db.close()

    def holds(self, record: Record) -> bool:
        """Say whether a record has been read before."""
        table = TABLES[record["record"]]
        sql = f"SELECT 1 FROM {table} WHERE id = ?"  # noqa: S608
        return self.db.execute(sql, [record["id"]]).fetchone() is not None

    def last_run(self, as_of: date) -> tuple[str, int]:
        """Return the id of a day's last run, and which further one it is; empty where none is."""
        sql = "SELECT id, again FROM runs WHERE as_of = ? ORDER BY seq DESC"
        return self.db.execute(sql, [str(as_of)]).fetchone() or ("", 0)

    def again(self, as_of: date) -> int:
        """Return which further run of the newest day the next one is; 0 where it is none."""
        sql = "SELECT count(*), ? < (SELECT max(as_of) FROM runs) FROM runs WHERE as_of = ?"
        runs, is_past = self.db.execute(sql, [str(as_of), str(as_of)]).fetchone()
        return 0 if is_past else int(runs)

    def damaged(self) -> list[tuple[str, int, str]]:
        """Return the lines that are no records: file, line, what is wrong."""
        sql = "SELECT name, line, message FROM damaged ORDER BY name, line"
        return self.db.execute(sql).fetchall()

    def catch_up(self, folder: Path) -> None:
        """Read what the files hold beyond what was read before; all anew where one is rewritten."""
        seen = {name: Seen(*rest) for name, *rest in self.db.execute("SELECT * FROM files")}
        paths = sorted(folder.glob("*.ndjson")) if folder.is_dir() else []
        stats = {path: path.stat() for path in paths}
        changed = [
            path
            for path, stat in stats.items()
            if (last := seen.get(path.name)) is None
            or (last.size, last.changed) != (stat.st_size, stat.st_mtime_ns)
        ]
        gone = seen.keys() - {path.name for path in paths}
        if not changed and not gone:
            return
        with self.db:
            if gone or not all(_begins_so(path, seen.get(path.name, Seen())) for path in changed):
                seen, changed = {}, paths
                for table in _ALL:
                    self.db.execute(f"DELETE FROM {table}")  # noqa: S608
            for path in changed:
                self._read(path, seen.get(path.name, Seen()))
            self._set_points()

    def read_on(self, path: Path) -> None:
        """Read what this process appended to a file that had been read to its end."""
        row = self.db.execute(
            "SELECT size, lines, changed, checked FROM files WHERE name = ?", [path.name]
        ).fetchone()
        with self.db:
            self._read(path, Seen(*row) if row else Seen())
            self._set_points()

    def _read(self, path: Path, seen: Seen) -> None:
        """Add a file's records from where it was left, but for a last line that may still grow."""
        changed = path.stat().st_mtime_ns
        size, number, checked = seen.size, seen.lines, seen.checked
        self.torn.pop(path.name, None)
        with path.open("rb") as file:
            file.seek(size)
            for line in file:
                if not self._take(path.name, number + 1, line):
                    break
                size, number, checked = size + len(line), number + 1, crc32(line, checked)
        row = (path.name, size, number, changed, checked)
        self.db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", row)

    def _take(self, name: str, number: int, line: bytes) -> bool:
        """Add the record on a line; return False where the line may still grow."""
        whole = line.endswith(b"\n")
        record, message = read_record(line) if line.strip() else (None, "")
        if record is not None:
            self._add(record)
        elif not whole:
            self.torn[name] = number
            return False
        elif message:
            row = (name, number, message)
            self.db.execute("INSERT OR REPLACE INTO damaged VALUES (?, ?, ?)", row)
        return whole

    def _add(self, record: Record) -> None:
        if record["record"] == "run":
            newest = self.db.execute("SELECT seq, id FROM runs ORDER BY seq DESC").fetchone()
            last, id_ = newest or (0, "")
            if id_ == record["id"]:  # on a line without its end, which is read again each time
                return
            row = (last + 1, record["id"], record["as_of"], record["again"])
            self.db.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)", row)
            found = ((id_, last + 1) for id_ in record["found"])
            self.db.executemany("INSERT OR IGNORE INTO found VALUES (?, ?)", found)
            self._runs.append((last + 1, record))
            return
        kind = record["record"]
        self.db.execute(_INSERT[kind], [_cell(record.get(name)) for name in _NAMES[kind]])
        if kind in _NAMED:
            self._new.append((kind, record["id"]))

    def _set_points(self) -> None:
        """Take into `points` what the runs that were read said; a run may stand before its records.

        So this waits until all is read, and looks for earlier runs of records that are new.
        """
        runs, new = self._runs, self._new
        self._runs, self._new = [], []
        for kind, name in _NAMED.items():
            of_run = f"""
                SELECT "{name}", id FROM {TABLES[kind]}
                WHERE id IN (SELECT value FROM json_each(?)) ORDER BY rowid
            """  # noqa: S608  names of ours
            for seq, run in runs:
                said = self.db.execute(of_run, [json.dumps(run["found"])])
                self._say(kind, run["as_of"], seq, said)
            of_record = f"""
                SELECT as_of, seq, "{name}", t.id FROM {TABLES[kind]} AS t
                JOIN found USING (id) JOIN runs USING (seq) WHERE t.id = ? AND seq < ? ORDER BY seq
            """  # noqa: S608
            first = runs[0][0] if runs else 1 << 62
            for id_ in (id_ for of, id_ in new if of == kind):
                for as_of, seq, *pair in self.db.execute(of_record, [id_, first]).fetchall():
                    self._say(kind, as_of, seq, [pair])

    def _say(self, kind: str, as_of: str, seq: int, said: Iterable[Sequence[str]]) -> None:
        points = [(kind, name, as_of, seq, id_, _sign(as_of, seq, id_)) for name, id_ in said]
        self.db.executemany(_POINT, points)
        (runs,) = self.db.execute("SELECT count(*) FROM runs WHERE as_of = ?", [as_of]).fetchone()
        if runs > 1:  # one that judged the day anew takes the place of those before it
            self.db.executemany(_OUTDATED, [point[:3] for point in points])


def _sign(as_of: str, seq: int, id_: str) -> int:
    """Return what a run's record adds to the sum of a past."""
    told = blake2b(f"{as_of} {seq} {id_}".encode(), digest_size=6)
    return int.from_bytes(told.digest(), "big")


def _begins_so(path: Path, seen: Seen) -> bool:
    """Say whether a file still begins with what was read of it."""
    left, checked = seen.size, 0
    with path.open("rb") as file:
        while left and (chunk := file.read(min(left, _AT_ONCE))):
            left, checked = left - len(chunk), crc32(chunk, checked)
    return not left and checked == seen.checked


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return float(value) if isinstance(value, int) and abs(value) > 1 << 62 else value


def open_index(path: Path) -> Index:
    """Return the index, made anew where it is damaged or of another version.

    Where the project may only be read it is made in memory, for this process alone.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        index = _connected(path)
        with suppress(sqlite3.DatabaseError):  # damaged: it holds nothing that the text does not
            if index.execute("PRAGMA user_version").fetchone()[0] == _VERSION:
                return index
        index.close()
        forget(path)
        return _made(_connected(path))
    except (OSError, sqlite3.DatabaseError):
        return in_memory()


def in_memory() -> Index:
    """Return an empty index that leaves no file behind."""
    return _made(Index(sqlite3.connect(":memory:", check_same_thread=False)))


def forget(path: Path) -> None:
    """Delete an index."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _connected(path: Path) -> Index:
    """Open the index, without waiting for the disk at each change: the text is what counts."""
    db = sqlite3.connect(path, check_same_thread=False)  # a report may be read in another
    with suppress(sqlite3.DatabaseError):
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
    return Index(db)


def _made(index: Index) -> Index:
    index.db.executescript(_SCHEMA + _REST)
    index.execute(f"PRAGMA user_version = {_VERSION}")
    return index
