"""What a person at a terminal sees while checks run, and their table at the end."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from argmap.evidence.model import Outcome, Result
    from argmap.tables import Table

_LOOK: dict[Outcome, tuple[str, str]] = {
    "pass": ("✓", "green"),
    "fail": ("✗", "red"),
    "unknown": ("?", "yellow"),
    "error": ("!", "magenta"),
}


@contextmanager
def as_it_goes(*, asking: bool, wanted: bool) -> Iterator[Callable[[Result], None] | None]:
    """Give what prints a check once it is known; None where nobody looks on, or wants that.

    `asking` says that sources are asked first.
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, highlight=False)
    if not (wanted and console.is_terminal):
        yield None
        return
    with console.status("asking the sources" if asking else "running the checks") as status:

        def tell(result: Result) -> None:
            mark, colour = _LOOK[result.outcome]
            line = Text.assemble((mark, colour), " ", (result.check, "bold"), "  ", _shown(result))
            console.print(line, soft_wrap=True)
            status.update("running the checks")

        yield tell


def _shown(result: Result) -> str:
    why = result.reason.detail if result.reason else ""
    return f"{result.shown} ({why})" if why else result.shown


def print_table(table: Table) -> bool:
    """Print a table in colours; return False where nobody looks on, and nothing was printed.

    A column without a word in any row is left out: it would take room from the others.
    """
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    console = Console(highlight=False)
    if not console.is_terminal:
        return False
    grid = Grid(box=None, pad_edge=False, header_style="dim")
    columns: list[list[Text]] = []
    for name, cell in table.columns.items():
        column = [str(cell(row)) for row in table.rows]
        if any(column):
            shown = [Text(each, _colour(each)) for each in column]
            columns.append(shown)
            grid.add_column(name, overflow="fold")
    for cells in zip(*columns, strict=True):
        grid.add_row(*cells)
    console.print(grid)
    return True


def _colour(cell: str) -> str:
    return next((colour for outcome, (_, colour) in _LOOK.items() if outcome == cell), "")
