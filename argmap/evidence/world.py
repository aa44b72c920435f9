"""Everything outside, as one argument: the day, the files, the prices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from argmap.evidence.before import NOTHING
from argmap.evidence.measure import Fault

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from argmap.evidence.before import Before
    from argmap.evidence.price import PriceList

_FILE = ("table", "file")


@dataclass(frozen=True)
class World:
    """What measures may look at, as of a day.

    `root` is the project's folder; no file outside it is read. `prices` is the list of prices,
    by default the one genai-prices carries; `before` is what earlier runs saw. What was read once
    is kept for `at` as well.
    """

    root: Path
    as_of: date
    online: bool = False
    prices: PriceList | None = None
    before: Before = NOTHING
    _tables: dict[Path, sqlite3.Connection | Fault] = field(
        default_factory=dict, repr=False, compare=False
    )

    def at(self, day: date) -> World:
        """Return the same world as of another day."""
        return replace(self, as_of=day)

    @property
    def price_list(self) -> PriceList:
        """The list of prices to ask."""
        from argmap.evidence.price import snapshot

        return self.prices or snapshot()

    def file(self, sheet: str, name: str) -> Path | Fault:
        """Return a file named in a sheet: relative to the sheet, and inside the project."""
        root = self.root.resolve()
        try:
            path = (root / Path(sheet).parent / name).resolve()
        except (OSError, ValueError, RuntimeError):
            return Fault("A308", f"no file {name!r}", "", _FILE)
        if not path.is_relative_to(root):
            return Fault("A308", f"{name!r} lies outside the project", "", _FILE)
        if not path.is_file():
            hint = "paths start at the sheet's folder"
            return Fault("A308", f"no file {name!r}", _nearest_file(path) or hint, _FILE)
        return path

    def table(self, path: Path) -> sqlite3.Connection | Fault:
        """Return a data file as a table, read at most once."""
        from argmap.evidence.table import load

        if path not in self._tables:
            self._tables[path] = load(path)
        return self._tables[path]


def _nearest_file(path: Path) -> str:
    from argmap.source import nearest

    try:
        return nearest(path.name, sorted(each.name for each in path.parent.iterdir()))
    except OSError:
        return ""
