"""How long the pages of notes take: CPU seconds per 1,000 notes, at growing numbers of notes.

Every note of the made vault gets its page, as if each held a claim. `--vault FOLDER` renders a
vault of yours instead, `--out FOLDER` also writes its pages.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from made import write_vault

COUNTS = (500, 1_000, 2_000)


def pages(root: Path, out: Path | None = None) -> tuple[int, float]:
    """Return how many notes a project has, and the CPU seconds that their pages take."""
    from argmap.pages.cards import deal
    from argmap.pages.publish import publish
    from argmap.pages.render import Site, assets
    from argmap.project import Project

    report = Project.open(root).report(date(2026, 8, 1), online=False)
    site = Site(replace(deal(report), noted=frozenset(report.vault.notes)))
    begun = time.process_time()
    made = [page for job in site.plan() for page in site.made(job)]
    took = time.process_time() - begun
    if out:
        copies = site.copies(page.asked for page in made)
        publish(assets(report) | copies | {page.path: page.data for page in made}, out)
    return len(site.deck.noted), took


def alone(root: Path) -> tuple[int, float, float]:
    """Do so in a process of its own; return notes, seconds and its peak memory in MB."""
    done = subprocess.run(
        [sys.executable, __file__, "--step", str(root)], check=True, capture_output=True, text=True
    )
    notes, took, memory = done.stdout.split()
    return int(notes), float(took), float(memory)


def main() -> None:
    """Print a table."""
    options = argparse.ArgumentParser()
    options.add_argument("--step", type=Path)
    options.add_argument("--vault", type=Path)
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    if given.step:
        notes, took = pages(given.step, given.out)
        print(notes, took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    print(f"{'notes':>8} {'CPU s':>8} {'s per 1,000':>12} {'MB':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for count in () if given.vault else COUNTS:
            root = Path(folder) / str(count)
            write_vault(root / "vault", count)
            (root / "argmap.toml").write_text('vault = "vault"\n[infer]\nfolders = []\n')
            notes, took, memory = alone(root)
            print(f"{notes:>8,} {took:>8.2f} {took / notes * 1000:>12.2f} {memory:>6.0f}")
        if given.vault:
            root = Path(folder)
            (root / "argmap.toml").write_text(f'vault = "{given.vault.resolve()}"\n')
            notes, took = pages(root, given.out)
            print(f"{notes:>8,} {took:>8.2f} {took / notes * 1000:>12.2f}")


if __name__ == "__main__":
    main()
