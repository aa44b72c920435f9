"""What `pip install .` gives a person: a command with templates and assets inside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOTE = (
    "- All is well #claim ^well\n    - seen #evidence (test:: 1 < 2 + 0 * (today - today) / 1 d)\n"
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel and install it alone into an empty folder; what it needs is there already."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    alone = ["--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "install", *alone, "--target", str(folder), str(ROOT)], check=True)
    return folder


def test_the_wheel_builds_a_site(installed: Path, tmp_path: Path) -> None:
    """The installed command, outside the repository, writes pages with their scripts and styles."""
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "n.md").write_text(NOTE, "utf-8")
    code = "import argmap; print(argmap.__file__); from argmap.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    result = subprocess.run(
        [sys.executable, "-c", code, "build"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(str(installed))
    assert "1 claim (1 supported)" in result.stdout
    page = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "All is well" in page
    made = {path.name for path in (tmp_path / "site" / "assets").iterdir()}
    assert {"argmap.css", "debate.js", "vis-network.js"} <= made
    assert (installed / "bin" / "argmap").is_file()
