"""A measure read from a CSV or TSV file by SQL, in memory and read-only."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar, cast

from pydantic import Field

from argmap.evidence.measure import Ask, Measure, Seen, Strict
from argmap.evidence.model import Fault, Reason
from argmap.evidence.quantity import NUMBER
from argmap.evidence.sql import interval_of, query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from argmap.evidence.book import Book
    from argmap.evidence.formula import Parsed
    from argmap.evidence.quantity import Unit, Units


def data_files(book: Book) -> Iterator[str]:
    """Yield the files that measures read, as paths from the project's root."""
    for measure in book.measures.values():
        if measure.kind == "table":
            file = cast("Table", measure.model).table.file
            yield str(PurePosixPath(measure.path).parent / file)


class TableOf(Strict):
    """Which file, and what to ask of it."""

    file: str = Field(description="a CSV or TSV file, from the sheet's own folder")
    sql: str = Field(
        description="gives one row: `value` or `lo` and `hi`, and `date`; the table is t"
    )


class Table(Measure):
    """``table: {file: data/shares.csv, sql: "SELECT … AS value, date FROM t WHERE …"}``."""

    kind: ClassVar[str] = "table"

    table: TableOf

    def announce(self, units: Units, parse: Callable[[str], Parsed]) -> Unit:  # noqa: ARG002
        """Return the unit stated; without one it is a bare number."""
        return self.stated_unit(units) or NUMBER

    def observe(self, ask: Ask) -> Seen | Reason | Fault:
        """Return the one row of the query; unknown where there is none, or it is of later data."""
        path = ask.world.file(ask.measure.path, self.table.file)
        if isinstance(path, Fault):
            return path
        data = ask.world.table(path)
        if isinstance(data, Fault):
            return data
        row = query(data, self.table.sql, ask.world.as_of)
        if isinstance(row, Fault):
            return row
        return _seen(row, ask, self.table.file)


def _seen(row: dict[str, Any] | None, ask: Ask, file: str) -> Seen | Reason | Fault:
    name = ask.measure.name
    found = interval_of(row, ask.unit)
    if isinstance(found, Fault):
        return found
    if found is None:
        return Reason("no_data", f"{name}: no row in {file} for {ask.world.as_of}", name)
    interval, dated = found
    if dated and dated > ask.world.as_of:
        return Reason("too_early", f"{name}: the row is of {dated}", name)
    return Seen(interval, dated, file)
