"""What the tests share: a project made of notes and sheets that the test shows."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from textwrap import dedent
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from argmap.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# How long an example takes says something about the machine, not about argmap. The examples are the
# same in every run, so that none fails for what the change before it did; others are tried by
# `pytest --hypothesis-profile=search`.
SLOW = [HealthCheck.too_slow]
settings.register_profile(
    "argmap", deadline=None, suppress_health_check=SLOW, derandomize=True, database=None
)
settings.register_profile("search", deadline=None, suppress_health_check=SLOW)
settings.load_profile("argmap")


def _load(name: str) -> Any:
    """Return a module that lies here, for others to import: this folder is on no path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec
    assert spec.loader
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


_server = _load("server")
_load("nursery")


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


@pytest.fixture(scope="session")
def slowness() -> float:
    """Return how many times slower Python is here than where limits of CPU seconds were found."""

    def counting() -> float:
        begun = process_time()
        sum(number & 1 for number in range(300_000))
        return process_time() - begun

    return max(min(counting() for _ in range(5)) / 0.0065, 1.0)


@pytest.fixture
def server() -> Iterator[Any]:
    """Return a server on loopback that answers as the test says."""
    server = _server.Server()
    yield server
    server.close()
