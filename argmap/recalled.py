"""What `argmap history` has to say, kept until anything it rests on changes.

Reading a whole project to say what its history says takes about a second, and looking it up here a
hundredth of one: so nothing heavy is imported. It stands in `.argmap/turns.db`, which may be
deleted at any time.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

_FILE = Path(".argmap") / "turns.db"
_SCHEMA = """
    CREATE TABLE inputs (day, folders, files, signature);
    CREATE TABLE told (problem, is_error);
    CREATE TABLE ids (name, id, PRIMARY KEY (name, id)) WITHOUT ROWID;
    CREATE TABLE turns (place INTEGER PRIMARY KEY, row);
    CREATE TABLE about (id, place, PRIMARY KEY (id, place)) WITHOUT ROWID;
"""
_VERSION = crc32(_SCHEMA.encode()) & 0x7FFFFFFF
_MARKS = ("argmap.toml", "pyproject.toml", "vault")  # of a project's root


@dataclass(frozen=True, slots=True)
class Recalled:
    """The rows of turns, as data, oldest first, and the problems of the project."""

    rows: list[dict[str, Any]]
    errors: list[str]
    warnings: list[str]


def signature(root: Path, files: Iterable[str], folders: Iterable[str]) -> str:
    """Return what tells whether files, and all that folders hold, are what they were.

    Their size and time of change are looked at, and argmap's own files with them: another version
    of it reads anew.
    """
    seen = crc32(b"")
    for name in files:
        seen = crc32(_stat(os.path.join(root, name)), seen)  # noqa: PTH118  quicker than paths
    for folder in (os.path.dirname(__file__), *(os.path.join(root, each) for each in folders)):  # noqa: PTH118, PTH120
        for path in _files(folder):
            seen = crc32(_stat(path), seen)
    return f"{seen:08x}"


def _files(folder: str) -> Iterator[str]:
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name[0] != "." and name != "__pycache__")
        yield from (os.path.join(at, name) for name in sorted(names))  # noqa: PTH118


def _stat(path: str) -> bytes:
    try:
        stat = os.stat(path)  # noqa: PTH116
    except OSError:
        return b""
    return (
        os.fsencode(path) + f"\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ctime_ns}\n".encode()
    )


def recall(start: Path, day: date, names: Sequence[str]) -> Recalled | None:
    """Return what the history says of ids, or of all; None where it has to be read anew."""
    root = _root(start.resolve())
    if root is None or not (root / _FILE).is_file():
        return None
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(root / _FILE)) as db:
        if db.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            return None
        of_day, folders, files, kept = db.execute("SELECT * FROM inputs").fetchone()
        if of_day != str(day) or kept != signature(root, json.loads(files), json.loads(folders)):
            return None
        ids = [_meant(db, name) for name in names]
        if None not in ids:
            told = db.execute("SELECT problem, is_error FROM told ORDER BY rowid").fetchall()
            return Recalled(
                [json.loads(row) for (row,) in _turns(db, ids)],
                [problem for problem, is_error in told if is_error],
                [problem for problem, is_error in told if not is_error],
            )
    return None


def _root(start: Path) -> Path | None:
    """Return the nearest folder that may be a project, as argmap.config.find_root has it."""
    return next(
        (at for at in (start, *start.parents) if any((at / each).exists() for each in _MARKS)), None
    )


def _meant(db: sqlite3.Connection, name: str) -> str | None:
    """Return the id that a name means; None where it means none, or several."""
    said = name.strip().removeprefix("^").casefold()
    found = [id_ for (id_,) in db.execute("SELECT id FROM ids WHERE name = ?", [said])]
    exact = [id_ for id_ in found if id_.casefold() == said]
    return (exact or found)[0] if len(exact or found) == 1 else None


def _turns(db: sqlite3.Connection, ids: Sequence[str | None]) -> list[tuple[str]]:
    if not ids:
        return db.execute("SELECT row FROM turns ORDER BY place").fetchall()
    which = "SELECT place FROM about WHERE id IN (SELECT value FROM json_each(?))"
    sql = f"SELECT row FROM turns WHERE place IN ({which}) ORDER BY place"  # noqa: S608
    return db.execute(sql, [json.dumps(ids)]).fetchall()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the history has to say on a day: all rows, whom each is about, all names, problems."""

    day: date
    rows: Sequence[Mapping[str, Any]]
    about: Sequence[Iterable[str]]  # a set of ids a row
    names: Iterable[tuple[str, str]]  # every name and shortening, with the id it may mean
    problems: Iterable[tuple[str, bool]]  # as a terminal shows it; whether it is an error
    files: Sequence[str]  # beside the folders, from the root
    folders: Sequence[str]


def keep(root: Path, answer: Answer) -> None:
    """Keep an answer for `recall`; where that cannot be, the next one takes longer, and no more."""
    file = root / _FILE
    half = file.with_name(f"{file.name}.{os.getpid()}.half")
    with suppress(OSError, sqlite3.DatabaseError):
        file.parent.mkdir(parents=True, exist_ok=True)
        half.unlink(missing_ok=True)
        with closing(sqlite3.connect(half)) as db:
            db.execute("PRAGMA synchronous = OFF")
            db.executescript(_SCHEMA)
            _fill(db, root, answer)
            db.execute(f"PRAGMA user_version = {_VERSION}")
            db.commit()
        half.replace(file)
    with suppress(OSError):
        half.unlink(missing_ok=True)


def _fill(db: sqlite3.Connection, root: Path, answer: Answer) -> None:
    kept = (
        str(answer.day), json.dumps(answer.folders), json.dumps(answer.files),
        signature(root, answer.files, answer.folders),
    )  # fmt: skip
    db.execute("INSERT INTO inputs VALUES (?, ?, ?, ?)", kept)
    db.executemany("INSERT INTO told VALUES (?, ?)", answer.problems)
    db.executemany("INSERT OR IGNORE INTO ids VALUES (?, ?)", answer.names)
    rows = ((n, json.dumps(row, ensure_ascii=False)) for n, row in enumerate(answer.rows))
    db.executemany("INSERT INTO turns VALUES (?, ?)", rows)
    about = ((id_, place) for place, ids in enumerate(answer.about) for id_ in ids)
    db.executemany("INSERT OR IGNORE INTO about VALUES (?, ?)", about)
