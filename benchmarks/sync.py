"""How long a sync takes in a vault of 10,000 notes: first, nothing changed, 100 statuses changed.

Each note holds a claim; a hundred debates have a hundred claims each. Each time stands twice: the
sync itself (what is to be written, and writing it), as a build does it that has read and judged
already; and `argmap obsidian sync` as a whole, Python's start, reading and judging included.
Beside them the floor: reading all notes, and replacing a hundred small files safely.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from argmap.obsidian.sync import planned_sync
from argmap.project import Project
from argmap.splice import replace_own

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.report import Report

NOTES, DEBATE, CHANGED = 10_000, 100, 100
DAY = date(2026, 8, 1)
TEXT = "Одна мысль следует из другой, и обе записаны здесь. " * 15
SAID = "    - seen #evidence (source:: a paper) (judged:: 2026-01-05)\n"


def write_notes(vault: Path) -> None:
    for number in range(NOTES):
        path = vault / f"folder {number % 40}" / f"note {number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        first = number - number % DEBATE
        to = f" (supports:: [[note {first}]])" if number != first else ""
        path.write_text(
            f"---\ntags: [benchmark]\ncreated: 2026-01-01\n---\n- Claim {number}{to} #claim ^c\n"
            f"{SAID}\n{TEXT}\n",
            "utf-8",
        )


def change(vault: Path, first: int) -> None:
    """Turn the status of some claims: the evidence of each goes."""
    for number in range(first, NOTES, NOTES // CHANGED):
        path = vault / f"folder {number % 40}" / f"note {number}.md"
        path.write_text(path.read_text("utf-8").replace(SAID, ""), "utf-8")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: seconds on the clock, and of the processors."""

    what: str
    clock: float
    used: float
    budget: float | None = None


def timed(what: str, do: Callable[[], object], budget: float | None = None) -> Row:
    begun, used = time.perf_counter(), _used()
    do()
    return Row(what, time.perf_counter() - begun, _used() - used, budget)


def _used() -> float:
    own, below = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime


def step(root: Path, what: str, budget: float | None = None) -> list[Row]:
    """Read and judge, then sync, each by itself."""
    reports: list[Report] = []
    project = Project.open(root)
    reading = timed("read and judge", lambda: reports.append(project.report(DAY, online=False)))
    return [reading, timed(f"sync, {what}", lambda: planned_sync(reports[0]).write(), budget)]


def command(root: Path, what: str, budget: float | None = None) -> Row:
    """Run the command in a process of its own."""
    words = [sys.executable, "-c", "from argmap.cli import main; main()", "-C", str(root)]
    words += [
        "obsidian",
        what.split(",", maxsplit=1)[0],
        *(["--as-of", str(DAY)] if "unsync" not in what else []),
    ]
    return timed(
        f"argmap obsidian {what}", lambda: subprocess.run(words, check=True, capture_output=True),
        budget,
    )  # fmt: skip


def floors(vault: Path) -> list[Row]:
    return [
        timed(
            "floor: read all notes", lambda: [p.read_bytes() for p in sorted(vault.rglob("*.md"))]
        ),
        timed(f"floor: replace {CHANGED} files, synced to disk", lambda: _replace(vault.parent)),
    ]


def _replace(folder: Path) -> None:
    for number in range(CHANGED):
        replace_own(folder / "floor" / str(number), b"x" * 1000)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        vault = root / "vault"
        write_notes(vault)
        rows = [
            *floors(vault),
            *step(root, "first"),
            *step(root, "nothing changed", 0.3),
        ]
        change(vault, 1)
        rows += step(root, f"{CHANGED} notes changed", 1.0)
        command(root, "sync")
        rows += [command(root, "sync, nothing changed", 0.3)]
        change(vault, 2)
        rows += [command(root, f"sync, {CHANGED} notes changed", 1.0), command(root, "unsync")]
    print(f"{'what':<44}{'seconds':>9}{'of CPU':>9}{'budget':>8}")
    for row in rows:
        print(f"{row.what:<44}{row.clock:>9.2f}{row.used:>9.2f}{row.budget or '':>8}")


if __name__ == "__main__":
    main()
