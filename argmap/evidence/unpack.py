"""A body as it comes over the wire -> its bytes, unpacked as far as a limit allows."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import brotli

from argmap.evidence.request import FailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx2

DAMAGED = (zlib.error, brotli.error)


async def read_body(response: httpx2.Response, most: int) -> bytes:
    """Return the body, unpacked. Raises FailedError where it is too large or breaks off."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    unpack = _UNPACK.get(coding)
    if unpack is None:
        raise FailedError("its answer is packed in a way that was not asked for")
    chunks, size = [], 0
    unpacked = unpack()
    async for chunk in response.aiter_raw():
        for piece in unpacked.feed(chunk):
            size += len(piece)
            if size > most:
                raise FailedError(f"its answer is larger than {most // 1_000_000} MB")
            chunks.append(piece)
    if not unpacked.whole:
        raise FailedError("its answer breaks off", again=True)
    return b"".join(chunks)


class _Plain:
    whole = True

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk


class _Zlib:
    """gzip, of one member or several, and deflate, with its header or without."""

    _PIECE = 1 << 20

    def __init__(self, *, bare: bool = False) -> None:
        self.inner = zlib.decompressobj(zlib.MAX_WBITS | 32)
        self.bare = bare  # may come without a header
        self.begun = False

    @property
    def whole(self) -> bool:
        return self.inner.eof or not self.begun

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if self.inner.eof:
                if chunk[:1] != b"\x1f":
                    return  # padding
                self.inner = zlib.decompressobj(zlib.MAX_WBITS | 32)
            try:
                piece = self.inner.decompress(chunk, self._PIECE)
            except zlib.error:
                if self.begun or not self.bare:
                    raise
                self.inner = zlib.decompressobj(-zlib.MAX_WBITS)
                piece = self.inner.decompress(chunk, self._PIECE)
            self.begun = True
            yield piece
            chunk = self.inner.unconsumed_tail or self.inner.unused_data


class _Brotli:
    _PIECE = 1 << 19

    def __init__(self) -> None:
        self.inner = brotli.Decompressor()
        self.begun = False

    @property
    def whole(self) -> bool:
        return bool(self.inner.is_finished()) or not self.begun

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        self.begun = True
        piece = self.inner.process(chunk, output_buffer_limit=self._PIECE)
        while piece:
            yield piece
            piece = self.inner.process(b"", output_buffer_limit=self._PIECE)


_UNPACK: dict[str, Callable[[], _Plain | _Zlib | _Brotli]] = {
    "": _Plain,
    "identity": _Plain,
    "gzip": _Zlib,
    "x-gzip": _Zlib,
    "deflate": lambda: _Zlib(bare=True),
    "br": _Brotli,
}
