"""The bytes behind observations: kept once, whole or not at all, and cleared by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.evidence.raw import Kept, Pruned, Raw

if TYPE_CHECKING:
    from pathlib import Path


@given(st.binary(max_size=2_000))
def test_what_is_kept_is_what_is_given_back(
    tmp_path_factory: pytest.TempPathFactory, body: bytes
) -> None:
    """Any bytes, empty ones too."""
    raw = Raw(tmp_path_factory.mktemp("raw"))
    assert raw.get(raw.put(body)) == body


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    """Their name is their hash, and the file is not written again."""
    raw = Raw(tmp_path)
    name = raw.put(b"x" * 10_000)
    written = raw.path(name).stat()
    assert raw.put(b"x" * 10_000) == name
    assert raw.path(name).stat().st_mtime_ns == written.st_mtime_ns
    assert written.st_size < 100  # packed


def test_damaged_bytes_are_not_given_back(tmp_path: Path) -> None:
    """Cut off, overwritten, other bytes under the name, or a name that is none: nothing is kept."""
    raw = Raw(tmp_path)
    name, other = raw.put(b"one" * 99), raw.put(b"two" * 99)
    packed = raw.path(name).read_bytes()
    for damaged in (packed[:-12], b"", b"nonsense", raw.path(other).read_bytes()):
        raw.path(name).write_bytes(damaged)
        assert raw.get(name) is None
    assert raw.get("../../../etc/passwd") is None
    assert raw.get("0" * 32) is None


def test_git_is_told_to_leave_them(tmp_path: Path) -> None:
    """They are kept beside the project, not in it."""
    Raw(tmp_path / "raw").put(b"x")
    assert (tmp_path / "raw" / ".gitignore").read_text() == "*\n"


def test_a_full_disk_leaves_no_half_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there stays whole, and what did not fit is not there."""
    raw = Raw(tmp_path)
    before = raw.put(b"before")

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        raw.put(b"after")
    monkeypatch.undo()
    assert raw.get(before) == b"before"
    assert len([path for path in tmp_path.rglob("*") if path.suffix in (".gz", ".half")]) == 1


def test_what_was_answered_last_is_remembered(tmp_path: Path) -> None:
    """By the request's key, while its bytes are there; another process reads it too."""
    raw = Raw(tmp_path)
    kept = Kept(raw.put(b"seven"), {"etag": '"v1"'})
    raw.remember({"key": kept})
    assert Raw(tmp_path).recall("key") == kept
    assert Raw(tmp_path).recall("other") is None
    raw.path(kept.raw).unlink()
    assert Raw(tmp_path).recall("key") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": 1}', '{"key": {"raw": "x"}}', "\xff"])
def test_a_damaged_list_of_answers_is_an_empty_one(tmp_path: Path, text: str) -> None:
    """It holds nothing that cannot be asked for again."""
    (tmp_path / "asked.json").write_text(text, "latin-1")
    raw = Raw(tmp_path)
    assert raw.recall("key") is None
    kept = Kept(raw.put(b"seven"), {})
    raw.remember({"key": kept})
    assert Raw(tmp_path).recall("key") == kept


def test_what_is_not_named_is_cleared_away(tmp_path: Path) -> None:
    """All but the names to keep, half-written files too; how much it was is said."""
    raw = Raw(tmp_path)
    old, new = raw.put(b"old"), raw.put(b"new")
    half = raw.path(old).with_name("x.gz.99.half")
    half.write_bytes(b"12345")
    size = raw.path(old).stat().st_size + 5
    assert raw.prune({new}) == Pruned(2, size)
    assert (raw.get(old), raw.get(new), half.exists()) == (None, b"new", False)
    assert raw.prune({new}) == Pruned(0, 0)
