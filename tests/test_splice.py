"""A few bytes change, the rest stays; a file is replaced at once or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.source import Span
from argmap.splice import Edit, OverlapError, Text, create_file, read_file, replace_file

if TYPE_CHECKING:
    from pathlib import Path

PLACE = Span("vault/n.md")


def test_bom_and_line_ends_stay() -> None:
    """Places count as in notes; what is put in ends its lines as the file does."""
    text = Text("\ufeffone\r\ntwo\r\n".encode())
    at = text.at(2, 1)
    assert text.at(1, 1) == 1
    assert text.spliced([Edit(at, at + 3, "2\n2")]) == "\ufeffone\r\n2\r\n2\r\n".encode()


def test_edits_that_overlap_are_refused() -> None:
    """Two edits of the same text cannot both hold."""
    with pytest.raises(OverlapError):
        Text(b"abcdef").spliced([Edit(0, 4, "x"), Edit(2, 5, "y")])


@given(
    st.lists(st.text("aя \t\n", max_size=8), max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.data(),
)
def test_what_is_not_edited_stays(lines: list[str], end: str, data: st.DataObject) -> None:
    """Before, between and behind the edits every byte is where it was."""
    whole = end.join(lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    edits = [Edit(start, stop, "|") for start, stop in pairs]
    expected, at = "", 0
    for start, stop in pairs:
        expected += whole[at:start] + "|"
        at = stop
    assert Text(whole.encode()).spliced(edits) == (expected + whole[at:]).encode()


def test_a_file_is_replaced(tmp_path: Path) -> None:
    """The new bytes are there, permissions as before, and nothing is left beside."""
    path = tmp_path / "n.md"
    path.write_bytes(b"old")
    path.chmod(0o640)
    assert replace_file(path, tmp_path, PLACE, b"old", b"new") is None
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)
    assert os.listdir(tmp_path) == ["n.md"]  # noqa: PTH208  names as they are


def test_a_file_that_changed_meanwhile_is_left(tmp_path: Path) -> None:
    """What another program wrote is not overwritten."""
    path = tmp_path / "n.md"
    path.write_bytes(b"theirs")
    problem = replace_file(path, tmp_path, PLACE, b"old", b"new")
    assert problem
    assert (problem.code, path.read_bytes()) == ("A108", b"theirs")


@pytest.mark.parametrize("how", ["in place", "replaced"])
def test_an_editor_that_writes_at_the_last_moment_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """However late it saves, into the file or beside it, what it saved is what stands."""
    path = tmp_path / "n.md"
    path.write_bytes(b"old")
    link = os.link

    def save(*args: Path) -> None:
        link(*args)
        if how == "in place":
            path.write_bytes(b"theirs")
        else:
            (tmp_path / "saved").write_bytes(b"theirs")
            (tmp_path / "saved").replace(path)

    monkeypatch.setattr(os, "link", save)
    problem = replace_file(path, tmp_path, PLACE, b"old", b"new")
    assert problem
    assert "changed meanwhile" in problem.message
    assert path.read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["n.md"]  # noqa: PTH208  names as they are


def test_where_files_have_one_name_only_they_are_replaced_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems know no hard links."""

    def refused(*_: object) -> None:
        raise PermissionError

    path = tmp_path / "n.md"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "link", refused)
    assert replace_file(path, tmp_path, PLACE, b"old", b"new") is None
    assert path.read_bytes() == b"new"


def test_a_read_only_file_is_left(tmp_path: Path) -> None:
    """A note its owner may not write is not written."""
    path = tmp_path / "n.md"
    path.write_bytes(b"old")
    path.chmod(0o444)
    problem = replace_file(path, tmp_path, PLACE, b"old", b"new")
    assert problem
    assert "read-only" in problem.message
    assert path.read_bytes() == b"old"


def test_a_link_inside_stays_a_link(tmp_path: Path) -> None:
    """The file that a symbolic link leads to is written; the link is kept."""
    (tmp_path / "real.md").write_bytes(b"old")
    (tmp_path / "link.md").symlink_to("real.md")
    assert replace_file(tmp_path / "link.md", tmp_path, PLACE, b"old", b"new") is None
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_bytes() == b"new"


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A symbolic link that leads elsewhere is neither read nor written."""
    (tmp_path / "vault").mkdir()
    (tmp_path / "secret").write_bytes(b"old")
    (tmp_path / "vault" / "n.md").symlink_to("../secret")
    data, problem = read_file(tmp_path / "vault" / "n.md", tmp_path / "vault", PLACE)
    assert data == b""
    assert problem
    assert "leads out" in problem.message


def test_a_file_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    """No file, no exception."""
    problem = replace_file(tmp_path / "n.md", tmp_path, PLACE, b"", b"new")
    assert problem
    assert problem.code == "A108"


@pytest.mark.parametrize("inside", ["argmap/n.md", "argmap/sub/n.md"])
def test_a_file_where_a_folder_is_to_be_is_told(tmp_path: Path, inside: str) -> None:
    """It stays, and what helps is said: running again would not."""
    (tmp_path / "argmap").write_bytes(b"mine")
    problem = create_file(tmp_path / inside, tmp_path, PLACE, b"new")
    assert problem
    assert (problem.hint, (tmp_path / "argmap").read_bytes()) == ("rename that file", b"mine")
