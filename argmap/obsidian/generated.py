"""Files that are argmap's alone: a stamp tells whether somebody else has written in them since."""

from __future__ import annotations

import re
from hashlib import sha256

_STAMP = re.compile(r"(argmap-hash:? )([0-9a-f]{16})\b")
BLANK = "argmap-hash: " + "0" * 16


def stamped(text: str) -> bytes:
    """Return a text, which holds BLANK, as its file: the hash of the rest in BLANK's place."""
    return text.replace(BLANK, f"argmap-hash: {_hash(text)}", 1).encode()


def is_untouched(data: bytes) -> bool:
    """Say whether a file is as argmap wrote it, however its lines end."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    found = _STAMP.search(text)
    if not found:
        return False
    blank = text[: found.start(2)] + "0" * 16 + text[found.end(2) :]
    return _hash(blank) == found[2]


def is_generated(data: bytes) -> bool:
    """Say whether a file has a stamp of argmap's, be it touched or not."""
    return bool(_STAMP.search(data.decode("utf-8", "replace")))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
