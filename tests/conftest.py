"""What the tests share: a project made of notes and sheets that the test shows."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from argmap.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# How long an example takes says something about the machine, not about argmap.
settings.register_profile("argmap", deadline=None)
settings.load_profile("argmap")

_spec = importlib.util.spec_from_file_location("server", Path(__file__).parent / "server.py")
assert _spec
assert _spec.loader
_server = sys.modules["server"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_server)


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write files, each dedented, below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), "utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Project]:
    """Make a project: notes go below vault/, sheets below claims/, a config to the top."""

    def make(
        notes: Mapping[str, str], sheets: Mapping[str, str] | None = None, config: str = ""
    ) -> Project:
        (tmp_path / "vault").mkdir(exist_ok=True)
        write(tmp_path / "vault", notes)
        write(tmp_path / "claims", sheets or {})
        if config:
            write(tmp_path, {"argmap.toml": config})
        return Project.open(tmp_path)

    return make


@pytest.fixture
def server() -> Iterator[Any]:
    """Return a server on loopback that answers as the test says."""
    server = _server.Server()
    yield server
    server.close()
