"""Everything outside, as one argument: the day, the files, the prices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from argmap.evidence.before import NOTHING
from argmap.evidence.model import Fault
from argmap.evidence.rules import Rules

if TYPE_CHECKING:
    import sqlite3
    from datetime import date, datetime

    from argmap.evidence.before import Before
    from argmap.evidence.pricelist import PriceList
    from argmap.evidence.request import Answer, Asker, Down

_FILE = ("table", "file")


@dataclass(frozen=True)
class World:
    """What measures may look at, as of a day.

    `root` is the project's folder; no file outside it is read, but for what `folders` of it lead to
    that are links. `prices` is the list of prices,
    by default the one genai-prices carries; `before` is what earlier runs saw. What was read once
    is kept for `at` as well.

    `ask` asks sources by the `rules`, and `now` is the moment at which it may: without one of them
    nothing is fetched, and on no other day. `answers` are theirs, by the request's key.
    """

    root: Path
    as_of: date
    prices: PriceList | None = None
    before: Before = NOTHING
    now: datetime | None = None
    ask: Asker | None = None
    rules: Rules = field(default_factory=Rules)
    folders: tuple[str, ...] = ()
    openrouter: str = "https://openrouter.ai/api/v1/models"
    answers: dict[str, Answer | Down] = field(default_factory=dict, repr=False, compare=False)
    _tables: dict[Path, sqlite3.Connection | Fault] = field(
        default_factory=dict, repr=False, compare=False
    )

    def at(self, day: date) -> World:
        """Return the same world as of another day."""
        return replace(self, as_of=day)

    @property
    def asking(self) -> bool:
        """Whether sources may be asked as of this day."""
        return bool(self.ask and self.now and self.now.date() == self.as_of)

    @property
    def price_list(self) -> PriceList:
        """The list of prices to ask."""
        from argmap.evidence.pricelist import snapshot

        return self.prices or snapshot()

    def file(self, sheet: str, name: str) -> Path | Fault:
        """Return a file named in a sheet: relative to the sheet, and inside the project."""
        root = self.root.resolve()
        try:
            inside = [root, *((root / folder).resolve() for folder in self.folders)]
            path = (root / Path(sheet).parent / name).resolve()
        except (OSError, ValueError, RuntimeError):
            return Fault("A308", f"no file {name!r}", "", _FILE)
        if not any(path.is_relative_to(each) for each in inside):
            return Fault("A308", f"{name!r} lies outside the project", "", _FILE)
        if not path.is_file():
            hint = "paths start at the sheet's folder"
            return Fault("A308", f"no file {name!r}", _nearest_file(path) or hint, _FILE)
        return path

    def table(self, path: Path) -> sqlite3.Connection | Fault:
        """Return a data file as a table, read at most once."""
        from argmap.evidence.sql import load

        if path not in self._tables:
            self._tables[path] = load(path)
        return self._tables[path]


def _nearest_file(path: Path) -> str:
    from argmap.source import nearest

    try:
        return nearest(path.name, sorted(each.name for each in path.parent.iterdir()))
    except OSError:
        return ""
