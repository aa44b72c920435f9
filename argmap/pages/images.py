"""The images of a vault that pages show: each is copied once, named by what is in it.

What an image is, its first bytes say, not its name. Only files inside the vault are taken, and
none is read that was read before and has not changed since.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

from argmap.cache import Row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from argmap.cache import Cache

FOLDER = "media"
_HEAD = 32  # bytes that tell what an image is
_LARGEST = 30_000_000  # bytes of an image that a page may load
_LARGEST_DRAWING = 200_000  # bytes of an SVG, which stands in the page itself
_SETTLED = 2_000_000_000  # ns; a file younger than that may change again without looking newer
_PROLOGUE = 4_096  # bytes before an SVG has to begin
_ASKED = "image 1"


@dataclass(frozen=True, slots=True)
class Image:
    """A file of the vault that the site holds a copy of."""

    file: Path
    size: int

    def read(self) -> bytes:
        """Return its bytes. Raises OSError."""
        return self.file.read_bytes()


@dataclass
class Images:
    """What pages show of a vault's images."""

    vault: Path | None  # where it is; without one no image is shown
    cache: Cache | None = None  # of what was read before
    changed: dict[str, Row] = field(default_factory=dict)
    found: dict[str, tuple[str, Image | None]] = field(default_factory=dict)

    def src(self, path: str) -> str:
        """Return where the site has a copy of a file of the vault; empty where that is no image.

        An SVG becomes a part of the page: shown as an image it runs nothing and loads nothing, and
        it has no address of its own to be opened at, where it could.
        """
        return self._looked(path)[0]

    def copies(self, paths: Iterable[str]) -> dict[str, Image]:
        """Return what the site holds copies of, by their paths in it, where pages show `paths`."""
        found = (self._looked(path) for path in paths)
        return {name: image for name, image in found if image}

    def remember(self) -> None:
        """Keep what was learnt about the files, for the next build."""
        if self.cache is not None and self.changed:
            self.cache.write({**self._known, **self.changed}.values())

    def _looked(self, path: str) -> tuple[str, Image | None]:
        if path not in self.found:
            try:
                self.found[path] = self._look(path)
            except (OSError, RuntimeError):  # it has gone, or is a link in a circle
                self.found[path] = "", None
        return self.found[path]

    def _look(self, path: str) -> tuple[str, Image | None]:
        folder = self.vault.resolve() if self.vault else None
        file = folder / path if folder else None
        if folder is None or file is None or not _is_inside(file, folder):
            return "", None
        stat = file.stat()
        if not 0 < stat.st_size <= _LARGEST:
            return "", None
        row = self._known.get(path)
        new = Row(path, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, "", _ASKED, "")
        if not row or _stamp(row) != _stamp(new):
            row = _read(file, new)
            young = max(new.mtime, new.ctime) > self._now - _SETTLED
            self.changed[path] = row._replace(mtime=-1) if young else row
        if row.said == "svg":
            text = base64.b64encode(file.read_bytes()).decode()
            return f"data:image/svg+xml;base64,{text}", None
        name = f"{FOLDER}/{row.digest}.{row.said}"
        return (name, Image(file, row.size)) if row.said else ("", None)

    @cached_property
    def _known(self) -> dict[str, Row]:
        return self.cache.read().rows if self.cache else {}

    @cached_property
    def _now(self) -> int:
        return self.cache.now() if self.cache else 0


def _is_inside(file: Path, folder: Path) -> bool:
    """Say whether a path leads to a file of the vault: no link out of it, no pipe."""
    real = file.resolve()
    return real.is_relative_to(folder) and real.is_file()


def _stamp(row: Row) -> tuple[int, int, int, str]:
    return row.size, row.mtime, row.ctime, row.asked


def _read(file: Path, row: Row) -> Row:
    """Return what a file is, and the hash of what is in it."""
    data = file.read_bytes()
    kind = _kind(data)
    digest = blake2b(data, digest_size=10).hexdigest()
    return row._replace(digest=digest, said=kind)


def _kind(data: bytes) -> str:
    """Return the ending of an image's kind, by its first bytes; empty for what is none."""
    head = data[:_HEAD]
    for start, kind in _BEGINS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"):
        return "avif"
    return "svg" if len(data) <= _LARGEST_DRAWING and _is_svg(data) else ""


_BEGINS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
)


def _is_svg(data: bytes) -> bool:
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    return text.startswith(b"<") and b"<svg" in text[:_PROLOGUE]
