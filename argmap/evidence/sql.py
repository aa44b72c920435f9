"""A table in memory that can only be read, and what a query of it says."""

from __future__ import annotations

import csv
import math
import re
import sqlite3
from datetime import date
from typing import TYPE_CHECKING, Any

from argmap.evidence.model import Fault
from argmap.evidence.quantity import DATE, Interval, Unit, from_date

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 200_000_000
_LONGEST_CELL = 10_000_000
_STEPS, _MOST_CALLS = 10_000, 10_000  # of SQLite's machine: some seconds, the same everywhere
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_CLOCK = re.compile(r"'now'|\bcurrent_(?:date|time|timestamp)\b", re.IGNORECASE)
# No chance, no endless text.
_REFUSED = {"random", "randomblob", "load_extension", "printf", "format"}


def interval_of(
    row: dict[str, Any] | None, unit: Unit
) -> tuple[Interval, date | None] | Fault | None:
    """Return what a query's row says, in base units, and its date; None where it says nothing."""
    ends = _ends(row)
    if row is None or None in ends:
        return None
    dated = _date(row["date"])
    interval = _interval(ends, unit)
    if isinstance(dated, Fault):
        return dated
    return interval if isinstance(interval, Fault) else (interval, dated)


def _ends(row: dict[str, Any] | None) -> tuple[Any, Any]:
    if row is None:
        return (None, None)
    return (row["value"], row["value"]) if "value" in row else (row["lo"], row["hi"])


def _interval(ends: tuple[Any, Any], unit: Unit) -> Interval | Fault:
    numbers = [_number(end, unit) for end in ends]
    for number in numbers:
        if isinstance(number, Fault):
            return number
    lo, hi = (float(number) for number in numbers if not isinstance(number, Fault))
    return (lo, hi) if lo <= hi else (hi, lo)


def _number(cell: Any, unit: Unit) -> float | Fault:
    """Return a cell in base units."""
    if unit.dims == DATE.dims:
        day = _date(cell)
        return _wrong(f"{cell!r} is not a date") if not isinstance(day, date) else from_date(day)
    if isinstance(cell, str) and not _DECIMAL.fullmatch(cell.strip()):
        return _wrong(f"{cell!r} is not a number")
    if isinstance(cell, bytes) or not math.isfinite(float(cell)):
        return _wrong(f"{cell!r} is not a number to compute with")
    return unit.base(cell.strip() if isinstance(cell, str) else cell)


def _date(cell: Any) -> date | Fault | None:
    if cell is None:
        return None
    found = re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])", str(cell))
    try:
        return date.fromisoformat(found[0]) if found else _wrong(f"{cell!r} is not a date")
    except ValueError:
        return _wrong(f"{cell!r} is not a date")


def _wrong(message: str, hint: str = "") -> Fault:
    return Fault("A309", message, hint, ("table", "sql"))


def query(data: sqlite3.Connection, sql: str, as_of: date) -> dict[str, Any] | Fault | None:
    """Return the one row a query gives, None where it gives none."""
    if _CLOCK.search(sql):
        return _wrong("a query does not see the clock", "write :as_of, the day that is asked about")
    try:
        cursor = data.execute(sql, {"as_of": as_of.isoformat()})
        rows = cursor.fetchmany(2)
    except (sqlite3.Error, sqlite3.Warning, OverflowError) as error:
        return _failed(str(error))
    names = [column[0] for column in cursor.description or ()]
    if not {"value", "date"} <= set(names) and not {"lo", "hi", "date"} <= set(names):
        there = ", ".join(names) or "nothing"
        return _wrong(f"the query gives {there}", "name its columns value (or lo and hi) and date")
    if len(rows) > 1:
        return _wrong("the query gives several rows; one is asked for", "add ORDER BY and LIMIT 1")
    return dict(zip(names, rows[0], strict=True)) if rows else None


def _failed(message: str) -> Fault:
    if message == "interrupted":
        return _wrong("the query takes too long")
    if message.startswith(("not authorized", "authorization denied")):
        return _wrong("the query does more than read the table t")
    return _wrong(
        f"the query fails: {message}", "the table is called t" * ("no such table" in message)
    )


def load(path: Path) -> sqlite3.Connection | Fault:
    """Return a file as the table t of a database in memory that can only be read."""
    from sqlite_utils.utils import RowError

    try:
        if path.stat().st_size > _MOST_BYTES:
            return Fault("A308", f"{path.name} is too large", "", ("table", "file"))
        return in_memory(_read(path))
    except (OSError, ValueError, csv.Error, RowError) as error:
        message = f"{path.name} cannot be read: {_why(error)}"
        return Fault("A308", message, "a table is CSV or TSV in UTF-8", ("table", "file"))


def in_memory(found: list[dict[str, Any]]) -> sqlite3.Connection:
    """Return rows of text as the table t, its columns typed. Raises ValueError where none are."""
    from sqlite_utils import Database

    if not found:
        raise ValueError("it has no rows")
    columns = {name: _type([row[name] for row in found]) for name in found[0]}
    rows = [
        {name: make(row[name]) if row[name] else None for name, make in columns.items()}
        for row in found
    ]
    database = Database(memory=True)
    database.table("t").create(columns)
    database.table("t").insert_all(rows)
    return _lock(database.conn)


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return error.strerror or "no such file" if isinstance(error, OSError) else str(error)


def _read(path: Path) -> list[dict[str, Any]]:
    from sqlite_utils.utils import Format, rows_from_file

    form = Format.TSV if path.suffix.lower() in (".tsv", ".tab") else Format.CSV
    with path.open("rb") as file:
        return list(rows_from_file(file, form)[0])


def _type(cells: list[Any]) -> type:
    filled = [cell for cell in cells if cell]
    if filled and all(_WHOLE.fullmatch(cell) for cell in filled):
        return int
    return float if filled and all(_DECIMAL.fullmatch(cell) for cell in filled) else str


def _lock(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Leave nothing but reading the table t, within limits."""
    connection.commit()
    connection.execute("PRAGMA query_only = ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_CELL)
    calls = [0]
    connection.set_progress_handler(lambda: _tired(calls), _STEPS)
    connection.set_authorizer(lambda *asked: _may(calls, *asked))
    return connection


def _tired(calls: list[int]) -> bool:
    calls[0] += 1
    return calls[0] > _MOST_CALLS


def _may(calls: list[int], action: int, _table: str | None, name: str | None, *_: Any) -> int:
    if action == sqlite3.SQLITE_SELECT:
        calls[0] = 0  # a statement is being prepared: its steps are counted anew
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (name or "").lower() not in _REFUSED:
        return sqlite3.SQLITE_OK
    harmless = action in (sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE)
    return sqlite3.SQLITE_OK if harmless else sqlite3.SQLITE_DENY
