"""Whether files changed since they were last looked at: told by sizes and times, seldom by bytes.

A file that was changed a moment before may change again without looking newer; of such a young
one the bytes are looked at too.
"""

from __future__ import annotations

import json
import os
from array import array
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from argmap.splice import replace_own

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_SETTLED = 2_000_000_000  # ns; after so long a change shows in the time, on any file system


class Stamp(NamedTuple):
    """What tells that a file changed; sizes and times are -1 where there is none."""

    size: int
    mtime: int  # in ns
    ctime: int  # in ns; this one nobody can set
    digest: str = ""  # of the bytes, where the file was young


class Look(NamedTuple):
    """A look at many files, in short: that something changed can be told, but not what."""

    sum: str  # of all their paths, sizes and times
    young: Mapping[str, str]  # the digests of those that were young, by path


def files_below(folder: Path) -> Iterator[str]:
    """Yield all files below a folder but those whose names, or whose folders', begin with a dot."""
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name[0] != "." and name != "__pycache__"]
        yield from (f"{at}/{name}" for name in names if name[0] != ".")


def quick_stamps(paths: Iterable[str]) -> dict[str, Stamp]:
    """Return each file's stamp without a look at the bytes of any."""
    return {path: stamp_of(path) for path in paths}


def stamps_below(folder: Path, but: Collection[str] = ()) -> dict[str, Stamp]:
    """Return the same of all `files_below` a folder, less some folders, in one go."""
    found: dict[str, Stamp] = {}
    waiting = [str(folder)] if str(folder) not in but else []
    while waiting:
        try:
            entries = os.scandir(waiting.pop())
        except OSError:
            continue
        for entry in entries:
            name, path = entry.name, entry.path
            if name[0] == ".":
                continue
            if not entry.is_dir():
                found[path] = stamp_of(entry)
            elif name != "__pycache__" and path not in but and not entry.is_symlink():
                waiting.append(path)
    return found


def time_by(clock: Path) -> int:
    """Return the time in ns as files know it: by one that is touched."""
    clock.parent.mkdir(parents=True, exist_ok=True)
    clock.touch()
    return clock.stat().st_mtime_ns


def stamps(paths: Iterable[str], clock: Path) -> dict[str, Stamp]:
    """Return each file's stamp; `clock` is a file that is touched to know the time."""
    now = time_by(clock)
    return with_young(quick_stamps(paths), now)


def with_young(found: Mapping[str, Stamp], now: int) -> dict[str, Stamp]:
    """Return stamps, of files that are young with their digests; they were made just `now`."""
    young = [p for p, stamp in found.items() if max(stamp.mtime, stamp.ctime) > now - _SETTLED]
    return {**found, **{path: found[path]._replace(digest=_digest(path)) for path in young}}


def unchanged(then: Mapping[str, Stamp], paths: Collection[str]) -> bool:
    """Say whether these are the files there were, and all as they were."""
    return then.keys() == set(paths) and all(_is_same(path, stamp) for path, stamp in then.items())


def in_short(files: Mapping[str, Stamp]) -> Look:
    """Return a look at these files."""
    paths = sorted(files)
    digest = blake2b("\0".join(paths).encode("utf-8", "surrogateescape"), digest_size=16)
    digest.update(array("q", chain.from_iterable(files[path][:3] for path in paths)).tobytes())
    young = {path: stamp.digest for path, stamp in files.items() if stamp.digest}
    return Look(digest.hexdigest(), young)


def looks_same(then: Look, found: Mapping[str, Stamp]) -> bool:
    """Say whether these are the files that were looked at, and all as they were."""
    same = in_short(found).sum == then.sum
    return same and all(_digest(path) == was for path, was in then.young.items())


def changed(before: Mapping[str, Stamp], after: Mapping[str, Stamp]) -> set[str]:
    """Return the files that came, went or changed between two looks."""
    both = before.keys() & after.keys()
    return (before.keys() ^ after.keys()) | {
        path
        for path in both
        if before[path][:3] != after[path][:3]
        or (before[path].digest and after[path].digest not in ("", before[path].digest))
    }


def read_stamps(file: Path, asked: str) -> dict[str, Stamp] | None:
    """Return what was written for the same asker; None where that is lost, or was for another."""
    try:
        content = json.loads(file.read_bytes())
        if content["asked"] != asked:
            return None
        return {path: Stamp(*stamp) for path, stamp in content["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_stamps(file: Path, asked: str, files: Mapping[str, Stamp]) -> None:
    """Write the stamps of files, and who asked for them."""
    replace_own(file, json.dumps({"asked": asked, "files": files}).encode())


def _is_same(path: str, then: Stamp) -> bool:
    return stamp_of(path)[:3] == then[:3] and (not then.digest or then.digest == _digest(path))


def stamp_of(path: str | os.DirEntry[str]) -> Stamp:
    """Return a file's stamp without a look at its bytes."""
    try:  # ten thousand paths cost more than their files
        stat = os.stat(path) if isinstance(path, str) else path.stat()  # noqa: PTH116
    except OSError:
        return Stamp(-1, -1, -1)
    return Stamp(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _digest(path: str) -> str:
    try:
        return blake2b(Path(path).read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return "unreadable"
