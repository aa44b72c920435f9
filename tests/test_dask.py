"""Work that splits goes to any executor, a Dask cluster's too, and comes to the same bytes."""

from __future__ import annotations

import socket
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from argmap.building import build_site
from argmap.cluster import ClusterError, cluster
from argmap.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor
    from pathlib import Path

DAY = date(2026, 4, 1)
CONFIG = {
    "distributed.worker.multiprocessing-method": "spawn",
    "distributed.admin.system-monitor.disk": False,
}


def vault(root: Path) -> Path:
    """Write a project of a few notes that argue and link to each other."""
    (root / "vault").mkdir(parents=True)
    for number in range(12):
        text = f"""---
created: 2026-01-{number + 1:02}
---
См. [[{(number + 1) % 12}]].

- Тезис {number} #claim ^t
    - верно #evidence (test:: {number} < 6)
    - дорого #con (attacks:: [[{(number + 1) % 12}#^t]])
"""
        (root / "vault" / f"{number}.md").write_text(text, "utf-8")
    return root


def built(root: Path, executor: Executor | None = None) -> dict[str, bytes]:
    """Build, and return every file of the site."""
    build_site(
        Project.open(root), DAY, online=False, fixed=False, step=lambda *_: None, executor=executor
    )
    site = root / "site"
    return {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Start a Dask cluster of two workers, each a process of its own, on loopback."""
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set(CONFIG),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1",
            dashboard_address=None, silence_logs=50,
        ) as made,
    ):  # fmt: skip
        yield made.scheduler_address


def test_a_dask_cluster_builds_the_same_site(address: str, tmp_path: Path) -> None:
    """Two workers of a real cluster read the notes and make the pages: the bytes are the same."""
    whole = built(vault(tmp_path / "here"))
    with cluster(address) as executor:
        assert built(vault(tmp_path / "there"), executor) == whole


def test_the_command_hands_work_to_a_cluster(address: str, tmp_path: Path) -> None:
    """`argmap build --dask ADDRESS` builds the site that a build without it does."""
    here, there = vault(tmp_path / "here"), vault(tmp_path / "there")
    said = [
        subprocess.run(
            [sys.executable, "-m", "argmap.cli", "-C", str(root), "build", "--offline",
             "--as-of", str(DAY), *more],
            capture_output=True, text=True, check=True,
        ).stdout
        for root, more in ((here, []), (there, ["--dask", address]))
    ]  # fmt: skip
    assert said[0] == said[1]
    pages = [path.relative_to(here) for path in (here / "site").rglob("*.html")]
    assert pages
    assert all((here / page).read_bytes() == (there / page).read_bytes() for page in pages)


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_any_executor_builds_the_same_site(kind: str, tmp_path: Path) -> None:
    """Threads, and processes started from nothing, make the bytes that this process makes."""
    whole = built(vault(tmp_path / "here"))
    made: dict[str, Executor] = {
        "threads": ThreadPoolExecutor(2),
        "processes": ProcessPoolExecutor(2, mp_context=get_context("spawn")),
    }
    with made[kind] as executor:
        assert built(vault(tmp_path / "there"), executor) == whole


def test_nobody_answers() -> None:
    """An address where no cluster answers is told, after a time limit."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # taken, and nobody listens
        address = f"tcp://127.0.0.1:{bound.getsockname()[1]}"
        with pytest.raises(ClusterError, match="no Dask cluster answers"), cluster(address, 0.5):
            pass


@pytest.mark.parametrize(
    ("address", "why"), [("no such", "missing port"), ("", "missing port"), ("x://y:1", "scheme")]
)
def test_no_address(address: str, why: str) -> None:
    """What is no address is told at once, and no client is left behind."""
    from distributed import Client

    told = f"no Dask cluster answers at {address}: .*{why}"
    with (
        mock.patch.object(Client, "__init__", side_effect=AssertionError),
        pytest.raises(ClusterError, match=told),
        cluster(address, 0.5),
    ):
        pass


def test_without_the_extra(tmp_path: Path) -> None:
    """Without Dask the command says how to install it, and exits with 2."""
    root = vault(tmp_path / "here")
    without = "import sys; sys.modules['distributed'] = None; from argmap.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", without, "-C", str(root), "build", "--dask", "tcp://127.0.0.1:1"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'argmap[dask]'" in done.stderr
    assert not (root / "site").exists()
