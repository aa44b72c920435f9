"""How long 10,000 notes, 21 MB, take: cold, when nothing changed, when one note did or was renamed.

For reading alone and for a whole `argmap build`, each in a process of its own, with its peak
memory, beside two floors measured in the same run: walking and reading the files, and
markdown-it-py over their blocks alone. `--vault FOLDER` measures a copy of a vault of yours
instead, `--debates` a vault of 100 debates, which makes some 5,000 pages.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from made import write_debates, write_vault

HERE = str(Path(__file__))
SETTLED = 2.5  # seconds; files younger than that are looked at twice
PROBLEMS = 3  # what argmap exits with where the vault has problems, which it tells


class Took(NamedTuple):
    """What one process took."""

    seconds: float
    cpu: float  # seconds, of all its processes together
    peak: int  # MB, of its largest process


def walk(folder: Path) -> None:
    """Read the files."""
    for path in sorted((folder / "vault").rglob("*.md")):
        path.read_bytes()


def blocks(folder: Path) -> None:
    """Parse the files into CommonMark's blocks and tables, without what is inside of them."""
    from markdown_it import MarkdownIt

    md = MarkdownIt("commonmark").enable("table").disable("inline")
    for path in sorted((folder / "vault").rglob("*.md")):
        md.parse(path.read_text("utf-8", "replace"))


def read(root: Path) -> None:
    """Read a project's notes, and what they say."""
    from argmap.project import Project

    Project.open(root).read()


STEPS = {"walk": walk, "blocks": blocks, "read": read}


def alone(command: list[str]) -> Took:
    """Run a command in a process of its own."""
    begun = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, PROBLEMS):
        sys.exit(f"{' '.join(command)} ended with {child.returncode}")
    return Took(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1000)


def step(name: str, root: Path) -> Took:
    """Run one of the steps above."""
    return alone([sys.executable, HERE, "--step", name, str(root)])


def build(root: Path) -> Took:
    """Run `argmap build`."""
    command = [sys.executable, "-m", "argmap", "-C", str(root), "build", "--offline"]
    return alone([*command, "--as-of", "2026-08-01"])


def edit(root: Path) -> None:
    """Change one note: a sentence more, and where a claim stands in it, other words."""
    notes = sorted((root / "vault").rglob("*.md"))
    argues = (path for path in notes if "#claim" in path.read_text("utf-8", "replace"))
    path = next(argues, notes[0])
    text = path.read_text("utf-8").replace(" #claim", " и всё #claim", 1)
    path.write_text(f"{text}\nЕщё одна мысль.\n", "utf-8")
    time.sleep(SETTLED)


def rename(root: Path) -> None:
    """Give one note another name, so that links to it lead nowhere."""
    note = max((root / "vault").rglob("*.md"))
    note.rename(note.with_stem(f"{note.stem} иначе"))
    time.sleep(SETTLED)


def measured(root: Path) -> None:
    """Print the table."""
    notes = [path.stat().st_size for path in (root / "vault").rglob("*.md")]
    print(f"{len(notes):,} notes, {sum(notes) / 1e6:.1f} MB")
    time.sleep(SETTLED)
    floor = [step("walk", root), step("blocks", root)]
    rows = [("walk and read the files", floor[0], 0.0), ("parse their blocks", floor[1], 0.0)]
    rows += [("read: cold", step("read", root), 8.0), ("read: no change", step("read", root), 0)]
    edit(root)
    rows.append(("read: one note changed", step("read", root), 0))
    rename(root)
    rows.append(("read: one note renamed", step("read", root), 0))
    shutil.rmtree(root / ".argmap")
    rows += [("build: cold", build(root), 0), ("build: no change", build(root), 0.5)]
    edit(root)
    rows.append(("build: one note changed", build(root), 0.8))
    print(
        f"{'':<26}{'seconds':>8}{'CPU':>8}{'x read':>8}{'x blocks':>10}{'peak MB':>9}{'budget':>8}"
    )
    for what, took, budget in rows:
        ratios = (took.seconds / each.seconds for each in floor)
        print(
            f"{what:<26}{took.seconds:>8.2f}{took.cpu:>8.2f}{next(ratios):>8.2f}"
            f"{next(ratios):>10.2f}{took.peak:>9}{budget or '':>8}"
        )
    pages = sum(path.suffix == ".html" for path in (root / "site").rglob("*.html"))
    print(f"{pages:,} pages")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", nargs=2)
    parser.add_argument("--vault", type=Path)
    parser.add_argument("--debates", action="store_true")
    asked = parser.parse_args()
    if asked.step:
        STEPS[asked.step[0]](Path(asked.step[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if asked.vault:
            shutil.copytree(asked.vault, root / "vault")
            for path in [root / "vault", *(root / "vault").rglob("*")]:
                path.chmod(path.stat().st_mode | 0o600)
        elif asked.debates:
            write_debates(root / "vault")
        else:
            write_vault(root / "vault")
        measured(root)


if __name__ == "__main__":
    main()
