"""How long a sync takes in a vault of 10,000 notes: first, nothing changed, 100 statuses changed.

Each note holds a claim; a hundred debates have a hundred claims each. The sync itself (what is to
be written, and writing it) stands apart from reading and judging before it. Beside it, the floor:
reading all notes, and replacing a hundred small files safely.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from argmap.obsidian.sync import planned_sync, planned_unsync
from argmap.project import Project
from argmap.splice import replace_own

if TYPE_CHECKING:
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


def change(vault: Path) -> None:
    """Turn the status of some claims: the evidence of each goes."""
    for number in range(1, NOTES, NOTES // CHANGED):
        path = vault / f"folder {number % 40}" / f"note {number}.md"
        path.write_text(path.read_text("utf-8").replace(SAID, ""), "utf-8")


def judged(root: Path) -> tuple[float, Report]:
    begun = time.perf_counter()
    report = Project.open(root).report(DAY, online=False)
    return time.perf_counter() - begun, report


def synced(report: Report) -> tuple[float, int]:
    begun = time.perf_counter()
    plan = planned_sync(report)
    plan.write()
    return time.perf_counter() - begun, len(plan.changes)


def unsynced(report: Report) -> tuple[float, int]:
    begun = time.perf_counter()
    plan = planned_unsync(report.settings, report.vault)
    plan.write()
    return time.perf_counter() - begun, len(plan.changes)


def floors(vault: Path) -> list[tuple[str, float]]:
    begun = time.perf_counter()
    for path in sorted(vault.rglob("*.md")):
        path.read_bytes()
    read = time.perf_counter() - begun
    begun = time.perf_counter()
    for number in range(CHANGED):
        replace_own(vault.parent / "floor" / str(number), b"x" * 1000)
    os.sync()
    return [
        ("floor: read all notes", read),
        (f"floor: replace {CHANGED} files, synced to disk", time.perf_counter() - begun),
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_notes(root / "vault")
        rows: list[tuple[str, float, int | None, float | None]] = [
            (what, seconds, None, None) for what, seconds in floors(root / "vault")
        ]
        for what, budget in (("first", None), ("nothing changed", 0.3)):
            seconds, report = judged(root)
            rows += [("read and judge", seconds, None, None)]
            rows += [(f"sync, {what}", *synced(report), budget)]
        change(root / "vault")
        seconds, report = judged(root)
        rows += [("read and judge", seconds, None, None)]
        rows += [(f"sync, {CHANGED} notes changed", *synced(report), 1.0)]
        rows += [("unsync", *unsynced(judged(root)[1]), None)]
    print(f"{'what':<44}{'seconds':>9}{'files':>8}{'budget':>8}")
    for row, taken, files, budget in rows:
        print(f"{row:<44}{taken:>9.2f}{'' if files is None else files:>8}{budget or '':>8}")


if __name__ == "__main__":
    main()
