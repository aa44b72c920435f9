"""What the machine does to a run: killed in the middle, a disk that takes nothing more."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

import pytest
from nursery import Nursery

from argmap.history import History
from argmap.records import read_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from server import Server

CHECKS = 20


@pytest.fixture
def nursery(tmp_path: Path, server: Server) -> Iterator[Nursery]:
    project(tmp_path / "warm", server.url("/m"))
    found = Nursery("-C", tmp_path / "warm", "check")
    yield found
    found.close()


def project(root: Path, url: str) -> Path:
    """Make a project with many checks that read one page; return its history's folder."""
    (root / "vault").mkdir(parents=True)
    (root / "claims").mkdir()
    (root / "vault" / "n.md").write_text("---\ncreated: 2026-01-01\n---\n- Low #claim ^low\n")
    measures = [f"  m{n}: {{fetch: {{url: '{url}', json: $.a{n}}}}}" for n in range(CHECKS)]
    checks = [f"  c{n}: {{tests: low, assert: m{n} < 500, every: 0d}}" for n in range(CHECKS)]
    (root / "claims" / "s.yaml").write_text(
        "\n".join(["measures:", *measures, "checks:", *checks, ""])
    )
    (root / "argmap.toml").write_text('[evidence]\nallow_hosts = ["127.0.0.1"]\n')
    return root / "claims" / "history"


def changing(server: Server) -> None:
    """Let each answer differ from the one before."""
    numbers = count()
    server.answers["/m"] = lambda asked: {f"a{n}": next(numbers) for n in range(CHECKS)}  # noqa: ARG005


def text_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*.ndjson")))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
def test_a_run_that_is_killed_leaves_whole_records(
    tmp_path: Path, server: Server, nursery: Nursery
) -> None:
    """At 20 moments: the history reads, loses nothing, and the next run goes on."""
    root = tmp_path / "project"
    folder = project(root, server.url("/m"))
    changing(server)
    words = ("-C", root, "check")
    assert nursery.run(*words) == 0
    calls = nursery.calls(*words)
    before, ends = text_of(folder), []
    for moment in range(1, 21):
        ends.append(nursery.run(*words, killed_at=1 + calls * moment // 22))
        text = text_of(folder)
        kept, torn = text[: text.rfind(b"\n") + 1], text[text.rfind(b"\n") + 1 :]
        assert kept.startswith(before[: before.rfind(b"\n") + 1])
        assert all(read_record(line)[0] for line in kept.splitlines())
        history = History(folder, root / ".argmap", root)
        assert history.runs(date.max)
        assert {problem.code for problem in history.problems} <= ({"A401"} if torn else set())
        before = text
        if moment % 5 == 0:
            assert nursery.run(*words) == 0
            before = text_of(folder)
            assert json.loads(before.splitlines()[-1])["record"] == "run"
    assert ends == [-signal.SIGKILL] * 20


LIMITED = """
import resource, sys
from argmap.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
main(sys.argv[2:])
"""


def test_a_full_disk_is_told_and_nothing_is_damaged(tmp_path: Path, server: Server) -> None:
    """The system takes no more bytes of a file: the checks are told, the record is what it was."""
    pytest.importorskip("resource")
    folder = project(tmp_path, server.url("/m"))
    changing(server)

    def check(*limit: str) -> subprocess.CompletedProcess[str]:
        code = LIMITED if limit else "from argmap.cli import main; main()"
        command = [sys.executable, "-c", code, *limit, "-C", str(tmp_path), "check"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert check().returncode == 0
    before = text_of(folder)
    full = check(str(len(before) + 500))
    assert "Traceback" not in full.stderr
    assert "A403 this run is not recorded: File too large" in full.stderr
    assert "pass" in full.stdout
    assert full.returncode == 3
    assert text_of(folder) == before
    assert check().returncode == 0
    after = text_of(folder)
    assert after.startswith(before)
    assert after.count(b'"run"') == 2
