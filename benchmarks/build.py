"""How long a person waits: `--help`, the example from scratch, the example when nothing changed.

Whole processes, in a copy of the example; medians of several runs, beside a bare Python start.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
ARGMAP = [sys.executable, "-m", "argmap"]
RUNS = 5


def timed(command: list[str], before: Callable[[], None] = lambda: None) -> float:
    times = []
    for _ in range(RUNS):
        before()
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("vault", "claims"):
            shutil.copytree(ROOT / name, copy / name)
        shutil.copy(ROOT / "argmap.toml", copy)

        def forget() -> None:
            for name in ("site", ".argmap"):
                shutil.rmtree(copy / name, ignore_errors=True)

        build = [*ARGMAP, "-C", folder, "build", "--offline", "--as-of", "2026-11-23"]
        floor = timed([sys.executable, "-c", "pass"])
        rows = [
            ("python, nothing else", floor, None),
            ("argmap --help", timed([*ARGMAP, "--help"]), 0.25),
            ("build from scratch", timed(build, forget), 3.0),
            ("build, nothing changed", timed(build), 1.0),
        ]
    print(f"{'what':<26}{'seconds':>9}{'x floor':>9}{'budget':>9}")
    for what, seconds, budget in rows:
        print(f"{what:<26}{seconds:>9.3f}{seconds / floor:>9.1f}{budget or '':>9}")


if __name__ == "__main__":
    main()
