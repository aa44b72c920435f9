"""How long a vault of 10,000 notes takes: cold, when nothing changed, when one note changed.

For reading alone and for a whole `argmap build`, each in a process of its own, beside two floors
measured in the same run: walking and reading the files, and a bare markdown-it-py over their text.
`--vault FOLDER` measures a copy of a vault of yours instead.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made import write_vault

HERE = Path(__file__)
ARGMAP = [sys.executable, "-m", "argmap.cli"]
SETTLED = 2.5  # seconds; files younger than that are looked at twice


def walk(folder: Path) -> float:
    """Return the seconds it takes to read the files."""
    begun = time.perf_counter()
    for path in sorted(folder.rglob("*.md")):
        path.read_bytes()
    return time.perf_counter() - begun


def parse(folder: Path) -> float:
    """Return the seconds that plain CommonMark with tables takes over the same text."""
    from markdown_it import MarkdownIt

    texts = [path.read_text("utf-8", "replace") for path in sorted(folder.rglob("*.md"))]
    md = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    begun = time.perf_counter()
    for text in texts:
        md.parse(text)
    return time.perf_counter() - begun


def read(root: Path) -> float:
    """Return the seconds from the project's folder to all its notes say, imports included."""
    begun = time.perf_counter()
    from argmap.project import Project

    Project.open(root).read()
    return time.perf_counter() - begun


STEPS = {"walk": walk, "parse": parse, "read": read}


def alone(step: str, folder: Path) -> tuple[float, float]:
    """Run one step in a process of its own; return its seconds and its peak memory in MB."""
    done = subprocess.run(
        [sys.executable, str(HERE), "--step", step, str(folder)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds, memory = json.loads(done.stdout)
    return seconds, memory


def build(root: Path) -> tuple[float, float]:
    """Return the seconds of a build, from the command to its end."""
    command = [*ARGMAP, "-C", str(root), "build", "--offline", "--as-of", "2026-08-01"]
    begun = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode not in (0, 3):  # 3: the vault has problems, which is told
        sys.exit(done.stderr)
    return time.perf_counter() - begun, 0.0


def edit(root: Path) -> None:
    """Change one note."""
    path = min((root / "vault").rglob("*.md"))
    path.write_text(path.read_text("utf-8") + "\n\nЕщё одна мысль о [[цене]].\n", "utf-8")


def measured(root: Path, size: int, *, with_build: bool) -> None:
    """Print the table."""
    vault = root / "vault"
    count = sum(1 for _ in vault.rglob("*.md"))
    print(f"{count} notes, {size / 1e6:.1f} MB")
    time.sleep(SETTLED)
    rows = [
        ("floor: walk and read the files", *alone("walk", vault), None),
        ("floor: markdown-it-py, one process", *alone("parse", vault), None),
        ("read, cold", *alone("read", root), 8.0),
        ("read, nothing changed", *alone("read", root), 0.5),
    ]
    edit(root)
    rows.append(("read, one note changed", *alone("read", root), None))
    if with_build:
        shutil.rmtree(root / ".argmap")
        rows += [("build, cold", *build(root), None), ("build, nothing changed", *build(root), 0.5)]
        edit(root)
        rows.append(("build, one note changed", *build(root), 0.8))
    floor = rows[1][1]
    print(f"{'what':<36}{'seconds':>9}{'x parse':>9}{'MB/s':>8}{'peak MB':>9}{'budget':>8}")
    for what, seconds, memory, budget in rows:
        print(
            f"{what:<36}{seconds:>9.2f}{seconds / floor:>9.2f}{size / 1e6 / seconds:>8.1f}"
            f"{memory or '':>9}{budget or '':>8}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", nargs=2)
    parser.add_argument("--vault", type=Path)
    parser.add_argument("--build", action="store_true", help="also the whole build")
    asked = parser.parse_args()
    if asked.step:
        seconds = STEPS[asked.step[0]](Path(asked.step[1]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
        print(json.dumps([seconds, peak]))
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if asked.vault:
            shutil.copytree(asked.vault, root / "vault")
            size = sum(path.stat().st_size for path in (root / "vault").rglob("*.md"))
        else:
            size = write_vault(root / "vault")
        measured(root, size, with_build=asked.build)


if __name__ == "__main__":
    main()
