"""The committed example is what `make site` makes of the committed notes, sheets and history."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from argmap.cli import main

ROOT = Path(__file__).parent.parent


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a copy of the example as `make site` does, in a folder of another name."""
    copy = tmp_path_factory.mktemp("Другая папка")
    for name in ("vault", "claims"):
        shutil.copytree(ROOT / name, copy / name)
    shutil.copy(ROOT / "argmap.toml", copy)
    as_of = re.search(r"^AS_OF := (\S+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert as_of
    result = CliRunner().invoke(main, ["-C", str(copy), "build", "--offline", "--as-of", as_of[1]])
    assert result.exit_code == 0, result.output
    return copy


def test_the_site_is_current(built: Path) -> None:
    """site/ is out of date when this fails: run `make site` and commit it."""
    made, committed = tree(built / "site"), tree(ROOT / "site")
    assert sorted(made) == sorted(committed)
    assert [name for name, data in made.items() if data != committed[name]] == []


def test_building_it_adds_nothing_to_the_history(built: Path) -> None:
    """The run of that day is recorded already; `make site` leaves the checkout clean."""
    assert tree(built / "claims") == tree(ROOT / "claims")


def test_no_path_of_this_machine_is_on_a_page(built: Path) -> None:
    """Nothing that is written names a folder of the machine it was built on."""
    for name, data in tree(built / "site").items():
        assert str(built).encode() not in data, name
        assert b"file://" not in data, name
