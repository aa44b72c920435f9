"""What a person at a terminal sees while checks run; others get plain columns."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.project import Project

SHEET = "measures: {m: {value: 3}}\nchecks:\n  small: {tests: low, assert: m < 5}\n"


def at_terminal(root: str, **env: str) -> str:
    """Return what `argmap check` prints where stdout and stderr are a terminal."""
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from argmap.cli import main; main()", "-C", root, "check"]
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **env}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                said += (chunk := os.read(ours, 4096))
            except OSError:  # Linux says so that it was closed
                break
            if not chunk:
                break
        assert process.wait() == 0
    os.close(ours)
    return said.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of Unix")
def test_checks_are_printed_as_they_come_out(project: Callable[..., Project]) -> None:
    """First each check with its mark, then the table; colours unless NO_COLOR says otherwise."""
    made = project({"n.md": "- Low #claim ^low\n"}, {"s.yaml": SHEET})
    said = at_terminal(str(made.settings.root), NO_COLOR="")
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)
    assert plain.index("✓ small  m (3) < 5") < plain.index("outcome")
    assert "then" not in plain  # the note has no day, so the column would be empty
    assert "\x1b[32m" in said
    assert "\x1b[32m" not in at_terminal(str(made.settings.root), NO_COLOR="1")
