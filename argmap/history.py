"""Runs over time: text records that are the truth, and a SQLite index that answers questions.

`claims/history/YYYY-MM.ndjson` holds one record a line, in the month of the run's as-of date:

- ``observation``, ``outcome``, ``status``: what a measure, a check and a claim were. Each is named
  by a hash of its content and written once, however often it is found again.
- ``run``: an as-of date, and the names of all that was found. It comes last in the same write, so
  a run that was cut off is not there. A further run of the newest day says ``again``, and which
  it is: what stands otherwise in it than in the one before has turned. Any other run takes the
  place of those of its day before it: it judges the past anew.
- ``renamed``: a claim or a piece of evidence got another id. What was found under the old one is
  read under the new one.
- ``retracted``: a person took an observation back. It stays where it is, and counts no more.

A run is named by a hash of its line: the same inputs on the same date are recorded once, and the
records of two machines merge as text.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO, Literal
from zlib import crc32

from argmap.index import TABLES, Index, forget, in_memory, open_index
from argmap.records import SAME, OutcomePoint, named, observation_of, outcome_point, same
from argmap.source import Problem, Span
from argmap.splice import lock

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from argmap.evidence.model import Observation, Outcome
    from argmap.records import Record
    from argmap.strengths import Interval, Status


@dataclass(frozen=True, slots=True)
class StatusPoint:
    """A claim in one run."""

    as_of: date
    status: Status
    strength: Interval
    run: int = 0  # tells the runs of one day apart; later ones have larger numbers


@dataclass
class Kept:
    """What was worked out from runs, as data, each under a key of all that it follows from.

    It stands in the index, and so may be lost at any time; then it is worked out again.
    """

    history: History
    what: str
    asked: set[str] = field(default_factory=set)

    def of(self, key: str, work_out: Callable[[], Any]) -> Any:
        """Return what follows from what the key says: as kept, else worked out, and kept."""
        from sqlite3 import DatabaseError

        self.asked.add(key)
        index = self.history.index
        with suppress(DatabaseError, ValueError):
            sql = "SELECT said FROM kept WHERE what = ? AND key = ?"
            found = index.execute(sql, (self.what, key)).fetchone()
            if found and (text := found[0][8:]) and found[0] == _summed(text):
                return json.loads(text)
        said = work_out()
        with suppress(DatabaseError), index.db:  # a full disk: the next works it out again
            row = (self.what, key, _summed(json.dumps(said, ensure_ascii=False)))
            index.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", row)
        return said

    def forget_but(self, keys: Collection[str]) -> None:
        """Forget what follows from anything else: that was before something changed."""
        from sqlite3 import DatabaseError

        index = self.history.index
        with suppress(DatabaseError), index.db:
            found = index.execute("SELECT key FROM kept WHERE what = ?", [self.what]).fetchall()
            gone = [(self.what, key) for (key,) in found if key not in keys]
            if gone:
                index.db.executemany("DELETE FROM kept WHERE what = ? AND key = ?", gone)


def _summed(text: str) -> str:
    """Return a text with what tells that it is whole before it."""
    return f"{crc32(text.encode('utf-8', 'surrogatepass')):08x}{text}"


class History:
    """The record of a project's runs, as of a date: later runs are not seen."""

    def __init__(self, folder: Path, state: Path, root: Path) -> None:
        """Take `claims/history/`, the state folder that holds the index, the project's root."""
        self.folder = folder
        self.state = state
        self.root = root
        self.problems: list[Problem] = []
        self._index: Index | None = None

    def runs(self, until: date) -> list[date]:
        """Return the as-of dates of all runs up to a day, each once, oldest first."""
        sql = "SELECT DISTINCT as_of FROM runs WHERE as_of <= ? ORDER BY as_of"
        return [date.fromisoformat(row["as_of"]) for row in self._rows(sql, str(until))]

    def statuses(
        self, until: date, claims: Collection[str] | None = None
    ) -> dict[str, list[StatusPoint]]:
        """Return claims' statuses, one a run, oldest first; of all, or only of these."""
        result: dict[str, list[StatusPoint]] = {}
        for id_, row in self._each("status", until, claims):
            day, strength = date.fromisoformat(row["as_of"]), (row["lo"], row["hi"])
            point = StatusPoint(day, row["status"], strength, row["seq"])
            result.setdefault(id_, []).append(point)
        return result

    def standing(self, until: date) -> tuple[dict[str, Status], dict[str, Outcome]]:
        """Return how claims stood and checks came out in the last run that had them, by a day."""
        claims, checks = (self._each(kind, until, None) for kind in ("status", "outcome"))
        return {id_: r["status"] for id_, r in claims}, {id_: r["outcome"] for id_, r in checks}

    def outcomes(
        self, until: date, checks: Collection[str] | None = None
    ) -> dict[str, list[OutcomePoint]]:
        """Return checks' outcomes, one a run, oldest first; of all, or only of these."""
        result: dict[str, list[OutcomePoint]] = {}
        for id_, row in self._each("outcome", until, checks):
            result.setdefault(id_, []).append(outcome_point(row))
        return result

    def came(self, checks: Collection[str], runs: Collection[int]) -> dict[int, dict[str, Outcome]]:
        """Return what some checks came to in some runs, by the run's number."""
        today = self._renamed()
        found: dict[int, dict[str, Outcome]] = {}
        sql = """
            SELECT name, seq, outcome FROM points JOIN outcomes AS o USING (id)
            WHERE kind = 'outcome' AND name IN (SELECT value FROM json_each(?))
              AND seq IN (SELECT value FROM json_each(?)) ORDER BY seq, o.rowid
        """
        for row in self._rows(sql, _names(checks, today), json.dumps(sorted(runs))):
            name: str = row["name"]
            found.setdefault(row["seq"], {})[today.get(name, name)] = row["outcome"]
        return found

    def redefined(self, checks: Collection[str]) -> set[str]:
        """Return those of some checks that were not always defined as they are."""
        today, found = self._renamed(), dict[str, set[str]]()
        sql = """
            SELECT DISTINCT name, definition FROM points JOIN outcomes USING (id)
            WHERE kind = 'outcome' AND name IN (SELECT value FROM json_each(?))
        """
        for row in self._rows(sql, _names(checks, today)):
            name: str = row["name"]
            found.setdefault(today.get(name, name), set()).add(row["definition"])
        return {name for name, definitions in found.items() if len(definitions) > 1}

    def last_good(self, measure: str, definition: str, until: date) -> Observation | None:
        """Return the last value of a measure, so defined, that counted in a run up to a day."""
        sql = f"""
            SELECT o.*, as_of FROM observations AS o JOIN found USING (id) JOIN runs USING (seq)
            WHERE measure = ? AND definition = ? AND reason = '' AND lo IS NOT NULL AND as_of <= ?
              AND NOT EXISTS (SELECT 1 FROM retractions AS r WHERE {same("r", "o")})
            ORDER BY as_of DESC, seq DESC LIMIT 1
        """  # noqa: S608
        rows = self._rows(sql, measure, definition, str(until))
        return next((observation_of(row) for row in rows), None)

    def retractions(self) -> dict[tuple[str | None, ...], str]:
        """Return why observations were retracted, by what they are known by."""
        rows = self._rows("SELECT * FROM retractions ORDER BY rowid")
        return {tuple(row[key] for key in SAME): row["because"] for row in rows}

    def fetched(self, asked: str, until: date) -> Observation | None:
        """Return what was fetched last for what is asked, no later than a day, good or not."""
        sql = f"""
            SELECT o.*, substr(seen, 1, 10) AS as_of FROM observations AS o
            WHERE asked = ? AND lo IS NOT NULL AND substr(seen, 1, 10) <= ?
              AND EXISTS (SELECT 1 FROM found WHERE found.id = o.id)
              AND NOT EXISTS (SELECT 1 FROM retractions AS r WHERE {same("r", "o")})
            ORDER BY substr(seen, 1, 10) DESC, o.rowid DESC LIMIT 1
        """  # noqa: S608
        rows = self._rows(sql, asked, str(until), index=self._index)
        return next((observation_of(row) for row in rows), None)

    def observed(self, measure: str, until: date) -> Record | None:
        """Return what a measure was in the last run up to a day, as recorded, and its `as_of`."""
        sql = """
            SELECT o.*, as_of FROM observations AS o
            JOIN found USING (id) JOIN runs USING (seq)
            WHERE measure = ? AND as_of <= ? ORDER BY as_of DESC, seq DESC LIMIT 1
        """
        return next(iter(self._rows(sql, measure, str(until))), None)

    def raws(self) -> set[str]:
        """Return the names of the bytes behind the last value of all that was fetched.

        Where that does not count, those behind the last that does as well.
        """
        sql = f"""
            SELECT raw FROM (
                SELECT raw, row_number() OVER (
                    PARTITION BY asked, reason = ''
                    ORDER BY substr(seen, 1, 10) DESC, rowid DESC) AS back
                FROM observations AS o WHERE raw <> '' AND lo IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM retractions AS r WHERE {same("r", "o")})
            ) WHERE back = 1
        """  # noqa: S608
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
            SELECT o.*, min(as_of) AS as_of FROM observations AS o
            JOIN found USING (id) JOIN runs USING (seq)
            WHERE {where} AND lo IS NOT NULL GROUP BY o.id ORDER BY min(as_of), o.id
        """  # noqa: S608
        unlike: dict[tuple[str, ...], Record] = {}
        for row in self._rows(sql, *asked):
            unlike.setdefault(tuple(row[key] for key in SAME), row)
        return list(unlike.values())

    def retract(self, on: date, observation: Record, because: str, by: str) -> list[date]:
        """Record that an observation is taken back; return the days of the runs that found it."""
        said = {key: observation[key] for key in SAME}
        record = {"record": "retracted", **said, "because": because, "by": by, "on": str(on)}
        self._write(on, [named(record)])
        where = " AND ".join(f"o.{name} IS ?" for name in SAME)
        sql = f"""
            SELECT DISTINCT as_of FROM observations AS o
            JOIN found USING (id) JOIN runs USING (seq)
            WHERE {where} ORDER BY as_of
        """  # noqa: S608
        rows = self._rows(sql, *(observation[key] for key in SAME))
        return [date.fromisoformat(row["as_of"]) for row in rows]

    def _renamed(self) -> dict[str, str]:
        """Return the names of today of ids that were renamed; renames hold one after the other."""
        now: dict[str, str] = {}
        was: dict[str, set[str]] = {}
        for row in self._rows("SELECT old, new FROM renames ORDER BY rowid"):
            moved = was.pop(row["old"], set()) | {row["old"]}
            now |= dict.fromkeys(moved, row["new"])
            was[row["new"]] = was.get(row["new"], {row["new"]}) | moved
        return now

    def pasts(self, kind: Literal["outcome", "status"]) -> dict[str, str]:
        """Return what tells the past of each check, or claim, from any other past."""
        today, found = self._renamed(), dict[str, list[str]]()
        for row in self._rows("SELECT name, sum FROM pasts WHERE kind = ? ORDER BY name", kind):
            name: str = row["name"]
            found.setdefault(today.get(name, name), []).append(f"{row['sum']:x}")
        return {name: " ".join(sums) for name, sums in found.items()}

    def kept(self, what: str) -> Kept:
        """Return what was worked out before, of one kind."""
        return Kept(self, what)

    def _each(
        self, kind: Literal["outcome", "status"], until: date, wanted: Collection[str] | None
    ) -> Iterator[tuple[str, Record]]:
        """Yield what each run said of ids of today, oldest first.

        One that judged a day anew takes the place of those before it that knew the same.
        """
        today = self._renamed()
        which, asked = "", [kind, str(until)]
        if wanted is not None:
            which = "AND name IN (SELECT value FROM json_each(?))"
            asked.append(_names(wanted, today))
        sql = f"""
            SELECT t.*, name, p.as_of, seq, again
            FROM points AS p JOIN {TABLES[kind]} AS t USING (id) JOIN runs USING (seq)
            WHERE kind = ? AND p.as_of <= ? {which} ORDER BY p.as_of, seq, t.rowid
        """  # noqa: S608  names of ours
        said: dict[tuple[str, str], dict[int, Record]] = {}
        for row in self._rows(sql, *asked):
            id_: str = row["name"]
            of_day = said.setdefault((row["as_of"], today.get(id_, id_)), {})
            if not row["again"] and row["seq"] not in of_day:
                of_day.clear()
            of_day[row["seq"]] = row
        for (_, id_), of_day in said.items():
            yield from ((id_, row) for row in of_day.values())

    def _rows(self, sql: str, *values: str, index: Index | None = None) -> list[Record]:
        """Return what the index answers, by default brought up to date; a damaged one is remade."""
        from sqlite3 import DatabaseError

        try:
            return list((index or self.db).query(sql, values))
        except DatabaseError:
            self._let_go()
            forget(self._path)
            return list(self.db.query(sql, values))

    def append(self, as_of: date, records: Iterable[Record]) -> bool:
        """Record one run; return False where the same was recorded for that date before.

        `records` are observations, outcomes and statuses. All go out in one write, synced; another
        process that records at the same time waits. Where the disk takes nothing more, that is a
        problem (A403), and what stands there stays as it was.
        """
        found = [named(record) for record in records]
        run = {"record": "run", "as_of": str(as_of), "found": [each["id"] for each in found]}
        with self._locked():
            try:
                self._mend(as_of)
                index = self._current()
                last, nth = index.last_run(as_of)
                if last and last == _nth(run, nth)["id"]:
                    return False
                news = [each for each in found if not index.holds(each)]
                self._append(as_of, [*news, _nth(run, index.again(as_of))])
            except OSError as error:
                path = self._month(as_of).relative_to(self.root).as_posix()
                message = f"this run is not recorded: {error.strerror or error}"
                self._tell("A403", Span(path), message, "what was recorded before is unharmed")
                return False
        return True

    def rename(self, as_of: date, ids: Mapping[str, str]) -> None:
        """Record that claims and evidence have other ids from now on: old to new."""
        records = [
            named({"record": "renamed", "old": old, "new": new, "as_of": str(as_of)})
            for old, new in sorted(ids.items())
        ]
        if records:
            self._write(as_of, records)

    def _write(self, day: date, records: Sequence[Record]) -> None:
        """Add records. Raises OSError, and then has added none."""
        with self._locked():
            self._mend(day)
            self._current()
            self._append(day, records)

    def _month(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()[:7]}.ndjson"

    def _mend(self, day: date) -> None:
        """Make a day's file end in a whole line."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _mend_tail(self._month(day))

    def _append(self, day: date, records: Iterable[Record]) -> None:
        """Add records to the text, and to the index, which has read all that was there."""
        from sqlite3 import DatabaseError

        _append(self._month(day), records)
        try:
            if self._index:
                self._index.read_on(self._month(day))
        except DatabaseError:
            self._let_go()  # the next to ask brings it up to date, or makes another

    @property
    def _path(self) -> Path:
        return self.state / "index.db"

    @property
    def db(self) -> Index:
        """The index, brought up to what the text says now."""
        with self._locked():
            return self._current()

    @property
    def index(self) -> Index:
        """The index as it was when last asked: quick, for what does not depend on the text."""
        return self._index or self.db

    def _current(self) -> Index:
        from sqlite3 import DatabaseError

        try:
            self._index = self._index or open_index(self._path)
            self._index.catch_up(self.folder)
            damaged = self._index.damaged()
        except DatabaseError:  # damaged, or the disk is full: one in memory always serves
            self._let_go()
            self._index = in_memory()
            self._index.catch_up(self.folder)
            damaged = self._index.damaged()
        for name, line, message in damaged:
            hint = "take the line out, or restore it from git"
            self._tell("A402", self._span(name, line), message, hint)
        for name, line in self._index.torn.items():
            hint = "a run was cut off here; the next one drops this line"
            self._tell("A401", self._span(name, line), "the last line is torn", hint)
        return self._index

    def _let_go(self) -> None:
        if self._index:
            self._index.close()
        self._index = None

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
            lock(file.fileno())
            yield  # closing the file lets go


def _names(wanted: Collection[str], today: Mapping[str, str]) -> str:
    """Return ids of today, and what they were called before, as JSON."""
    return json.dumps([*wanted, *(was for was, now in today.items() if now in wanted)])


def _nth(run: Record, number: int) -> Record:
    """Return a run as recorded; a further one of its day says so."""
    return named(run | {"again": number} if number else run)


def _append(path: Path, records: Iterable[Record]) -> None:
    """Add lines in one write, synced. Raises OSError, and then the file is what it was."""
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        before = os.fstat(handle).st_size
        try:
            data = memoryview(text.encode())
            while data:  # one write, but for a disk that takes less at a time
                data = data[os.write(handle, data) :]
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, before)
            raise
    finally:
        os.close(handle)


def _mend_tail(path: Path) -> None:
    """Cut off a torn last line; end a whole one that only lacks its newline."""
    if not path.is_file():
        return
    with path.open("r+b") as file:
        start, line = _last_line(file)
        if not line or line.endswith(b"\n"):
            return
        try:
            json.loads(line)
        except ValueError:
            file.truncate(start)
        else:
            file.seek(0, os.SEEK_END)
            file.write(b"\n")


def _last_line(file: BinaryIO) -> tuple[int, bytes]:
    """Return where a file's last line begins, and the line."""
    at, line = file.seek(0, os.SEEK_END), b""
    while at:
        size = min(at, 1 << 16)
        at -= size
        file.seek(at)
        line = file.read(size) + line
        cut = line.rfind(b"\n", 0, len(line) - 1) + 1
        if cut:
            return at + cut, line[cut:]
    return 0, line
