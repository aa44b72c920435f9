"""The bytes behind observations: `.argmap/raw/`, each stored once, by its hash, compressed.

Nothing here is the record, and all of it may be deleted: then what a source said can no longer be
shown, and the next request for it is not conditional.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from threading import get_ident
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

_LENGTH = 32  # hex digits of the name
_MOST = 1_000_000_000  # bytes that a file may unpack to


@dataclass(frozen=True, slots=True)
class Kept:
    """The last answer to a request: what to ask conditionally with, and its bytes' name."""

    raw: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was cleared away."""

    files: int
    bytes: int


class Raw:
    """A folder of bodies, and of what was last answered to which request."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def _index(self) -> Path:
        return self.folder / "asked.json"

    def path(self, name: str) -> Path:
        """Return where the bytes of this name are kept."""
        return self.folder / name[:2] / f"{name}.gz"

    def put(self, body: bytes) -> str:
        """Keep bytes and return their name. Raises OSError, and then leaves nothing behind."""
        name = sha256(body).hexdigest()[:_LENGTH]
        if not self.folder.is_dir():
            _write(self.folder / ".gitignore", b"*\n")
        if not self.path(name).exists():
            _write(self.path(name), gzip.compress(body, 6, mtime=0))
        return name

    def get(self, name: str) -> bytes | None:
        """Return the bytes of this name; None where they are not kept, or are damaged."""
        if len(name) != _LENGTH or not name.isalnum():
            return None
        try:
            packed = self.path(name).read_bytes()
            body = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(packed, _MOST)
        except (OSError, zlib.error):
            return None
        return body if sha256(body).hexdigest()[:_LENGTH] == name else None

    @cached_property
    def _asked(self) -> dict[str, Kept]:
        try:
            found: dict[str, Any] = json.loads(self._index.read_text("utf-8"))
            return {
                key: Kept(str(each["raw"]), dict(each["headers"])) for key, each in found.items()
            }
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}

    def recall(self, key: str) -> Kept | None:
        """Return the last answer to the request of this key, where its bytes are still there."""
        kept = self._asked.get(key)
        return kept if kept and self.path(kept.raw).exists() else None

    def remember(self, answers: Mapping[str, Kept]) -> None:
        """Note the last answers to requests, by key. Raises OSError."""
        if all(self._asked.get(key) == kept for key, kept in answers.items()):
            return
        self._asked.update(answers)
        told = {key: asdict(kept) for key, kept in sorted(self._asked.items())}
        _write(self._index, json.dumps(told, ensure_ascii=False, indent=0).encode())

    def prune(self, keep: Collection[str]) -> Pruned:
        """Delete all bytes but those of these names; return how many files, of what size."""
        keep = {f"{name}.gz" for name in keep}
        gone = [path for path in self._files() if path.name not in keep]
        size = sum(path.stat().st_size for path in gone)
        for path in gone:
            path.unlink()
            with suppress(OSError):  # others are still in it
                path.parent.rmdir()
        return Pruned(len(gone), size)

    def _files(self) -> Iterator[Path]:
        for folder in sorted(self.folder.glob("??")):
            yield from sorted(folder.iterdir())


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.{get_ident()}.half")
    try:
        half.write_bytes(data)
        half.replace(path)
    except OSError:
        with suppress(OSError):
            half.unlink()
        raise
