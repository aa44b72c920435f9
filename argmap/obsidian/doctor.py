"""Report -> what of argmap's is missing in the vault, overwritten, or of an earlier day."""

from __future__ import annotations

from pathlib import PurePosixPath
from stat import S_IWUSR
from typing import TYPE_CHECKING, Any

from argmap.obsidian.leftover import is_old, left_over
from argmap.obsidian.places import APPEARANCE, GRAPH, SNIPPET
from argmap.obsidian.sync import planned_sync
from argmap.tables import Table, cells

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from argmap.config import Settings
    from argmap.obsidian.changes import Change
    from argmap.report import Report

Row = dict[str, Any]
SYNC = "run `argmap obsidian sync`"


def examined(report: Report) -> list[Row]:
    """Return a row for each file that is not as a sync would leave it: path, what, hint."""
    plan = planned_sync(report)
    rows = [_row(report.settings, change) for change in plan.changes]
    rows += [{"path": p.span.path, "what": p.message, "hint": p.hint} for p in plan.problems]
    if plan.is_off:
        what = f"the snippet {PurePosixPath(SNIPPET).stem!r} was turned off by hand"
        hint = "it stays so; turn it on in Obsidian: Settings, Appearance, CSS snippets"
        rows.append({"path": APPEARANCE, "what": what, "hint": hint})
    return sorted([*rows, *_left_over(report.settings)], key=lambda row: (row["path"], row["what"]))


def table(rows: list[Row]) -> Table:
    """Return the rows of `examined` for a terminal, or as data."""
    return Table(rows, cells("what", "path", "hint"))


def _row(settings: Settings, change: Change) -> Row:
    if change.before is not None and not _is_writable(settings.vault_folder / change.path):
        what, hint = "out of date, and read-only", f"make it writable, and {SYNC}"
    elif change.before is None:
        what, hint = "missing", SYNC
    elif change.path == GRAPH:
        what, hint = "colour groups are missing", f"{SYNC} with the graph view closed"
    elif change.path == APPEARANCE:
        what, hint = f"the snippet {PurePosixPath(SNIPPET).stem!r} is turned off", SYNC
    elif change.after is None:
        what, hint = "of a debate that is no more", SYNC
    else:
        what, hint = "out of date", SYNC
    return {"path": change.path, "what": what, "hint": hint}


def _is_writable(path: Path) -> bool:
    return bool(path.stat().st_mode & S_IWUSR)


def _left_over(settings: Settings) -> Iterator[Row]:
    """Yield what a run that was killed left beside the files it was about to write."""
    for path in left_over(settings):
        inside = path.relative_to(settings.vault_folder).as_posix()
        what = "left over by a run that was cut off"
        hint = "delete it"
        if is_old(path):
            what, hint = f"{what}: what a note held before", "look whether you miss it; delete it"
        yield {"path": inside, "what": what, "hint": hint}
