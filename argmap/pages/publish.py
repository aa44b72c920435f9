"""Files -> a folder of the site, all at once: written beside the old one, then swapped.

A reader never sees half of a site. What a crash leaves behind is one of three states, and each is
mended by the next build: a half-written new folder (thrown away), the old site moved aside with
nothing in its place (moved back, then replaced), or the old site left over beside the new one.

Where there is a place for it, the old site is kept as a spare: the next new one is made of it.
Nothing is believed of a spare: each of its files is held against the site's, by what is the same
for two names of one file alone.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from argmap.pages.images import Image
    from argmap.pages.kept import Stamp

    File = bytes | Image | None  # what is in a file, what it is a copy of, or that it stays

MARKER = ".argmap-site"
MARKED = b"Made by argmap; the whole folder is replaced by every build.\n"
MARKED_PUBLIC = b"Made by argmap build --public, which replaces the whole folder.\n"


class SiteError(Exception):
    """The folder for the site is not ours to replace, or cannot be written."""


def publish(
    files: Mapping[str, File],
    out: Path,
    *,
    public: bool = False,
    there: Mapping[str, Stamp] | None = None,
    spare: Path | None = None,
) -> list[str]:
    """Make `out` hold exactly these files (paths are relative, POSIX) and our marker.

    `there` are the files in it, if they have just been looked for. `spare` is where the site that
    was is kept, on the same disk; without one it is thrown away.

    Returns the paths that were written anew or taken away; files with the same bytes are linked
    from the old site, as are those that are None: they stay as they are. Raises `SiteError` for a
    folder that argmap did not make, and for one that holds a public site where these are not: what
    is published must not turn private unseen.
    """
    fresh, aside = out.with_name(f".{out.name}.new"), out.with_name(f".{out.name}.old")
    try:
        _mend(out, fresh, aside)
        _check(out, public=public)
        files = {**files, MARKER: MARKED_PUBLIC if public else MARKED}
        given = ((name, data) for name, data in files.items() if data is not None)
        changed = [name for name, data in given if not _same(out / name, data)]
        there = there or present(out)
        gone = [name for name in there if name not in files]
        if not changed and not gone:
            return []
        stay = {name: there[name] for name in there.keys() & files.keys() - set(changed)}
        held = _take(spare, fresh, stay)
        _write({name: files[name] for name in files.keys() - held}, set(changed), out, fresh)
        _swap(out, fresh, aside, spare)
    except OSError as error:
        raise SiteError(f"cannot write the site to {out}: {error.strerror or error}") from error
    return sorted([*changed, *gone])


def _mend(out: Path, fresh: Path, aside: Path) -> None:
    """Undo what an earlier crash left; only folders with our marker are touched."""
    if _ours(aside) and not out.exists():
        aside.rename(out)
    for left in (aside, fresh):
        if _ours(left) or _empty(left):
            _sweep(left)
        elif left.exists():
            raise SiteError(f"{left} is in the way, and argmap did not make it")


def _sweep(folder: Path) -> None:
    """Take a folder of ours away, the marker last: cut off at any point, it is still ours."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != MARKER:
            path.unlink()
    (folder / MARKER).unlink(missing_ok=True)
    folder.rmdir()


def _check(out: Path, *, public: bool) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise SiteError(f"{out} is not a folder")
    if out.is_dir() and any(out.iterdir()) and not _ours(out):
        raise SiteError(
            f"{out} is not empty, and argmap did not make it: name another folder for the site, "
            "or empty this one"
        )
    if not public and _same(out / MARKER, MARKED_PUBLIC):
        raise SiteError(
            f"{out} holds a public site, and this one would hold all notes: build with --public, "
            "or delete the folder first"
        )


def _ours(folder: Path) -> bool:
    marker = folder / MARKER
    return not folder.is_symlink() and marker.is_file() and not marker.is_symlink()


def _empty(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())


def _same(path: Path, data: bytes | Image) -> bool:
    """Say whether a file is as it is to be; a copy, named by what is in it, need not be read."""
    try:
        size = len(data) if isinstance(data, bytes) else data.size
        if path.is_symlink() or path.stat().st_size != size:
            return False
        return not isinstance(data, bytes) or path.read_bytes() == data
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def present(out: Path) -> dict[str, Stamp]:
    """Return all files in a folder by path, sorted, each with what tells that it was changed."""
    found: dict[str, Stamp] = {}
    waiting = [("", str(out))] if out.is_dir() else []
    while waiting:
        inside, at = waiting.pop()
        for entry in os.scandir(at):
            if entry.is_dir(follow_symlinks=False):
                waiting.append((f"{inside}{entry.name}/", entry.path))
            else:
                stat = entry.stat(follow_symlinks=False)
                found[inside + entry.name] = (-1, 0, 0) if entry.is_symlink() else _stamp(stat)
    return dict(sorted(found.items()))


def looked(out: Path, there: Mapping[str, Stamp], changed: Collection[str]) -> dict[str, Stamp]:
    """Return what `present` would after some files changed: the others were linked, or copied."""
    rest = (name for name in there if name not in changed and name != MARKER)
    same = next(rest, "")
    if not same or not (out / same).is_file() or there[same] != _stamp((out / same).lstat()):
        return present(out)
    paths = {name: out / name for name in changed}
    new = {name: _stamp(path.lstat()) for name, path in paths.items() if path.is_file()}
    return {name: stamp for name, stamp in there.items() if name not in paths} | new


def _stamp(stat: os.stat_result) -> Stamp:
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _take(spare: Path | None, fresh: Path, stay: Mapping[str, Stamp]) -> set[str]:
    """Make the new folder of the spare one; return what it holds of the site's own files.

    Whatever else was in it is gone, but for the marker.
    """
    if spare is None or not _ours(spare):
        return set()
    try:
        spare.rename(fresh)
    except OSError:  # it is on another disk
        return set()
    found = present(fresh)
    held = {name for name, stamp in found.items() if stay.get(name) == stamp} - {MARKER}
    for name in found.keys() - held - {MARKER}:
        path = fresh / name
        path.unlink()
        with suppress(OSError):  # a folder is not empty
            for folder in path.relative_to(fresh).parents:
                (fresh / folder).rmdir()
    return held


def _write(files: Mapping[str, File], changed: set[str], out: Path, fresh: Path) -> None:
    fresh.mkdir(parents=True, exist_ok=True)
    marker = files[MARKER]
    assert isinstance(marker, bytes)  # noqa: S101  publish() put it there
    (fresh / MARKER).write_bytes(marker)  # first, so that a crash leaves a folder known as ours
    for folder in sorted({name.rpartition("/")[0] for name in files}):
        (fresh / folder).mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        if name == MARKER or (name not in changed and _linked(f"{out}/{name}", f"{fresh}/{name}")):
            continue
        path = fresh / name
        if data is None:
            shutil.copy2(out / name, path)
        else:
            path.write_bytes(data if isinstance(data, bytes) else data.read())


def _linked(old: str, new: str) -> bool:
    try:
        os.link(old, new)  # as text: thousands of paths cost more than their links
    except OSError:
        return False
    return True


def _swap(out: Path, fresh: Path, aside: Path, spare: Path | None) -> None:
    if out.exists():
        out.rename(aside)
    try:
        fresh.rename(out)
    except OSError:
        if aside.exists():
            aside.rename(out)
        raise
    if aside.exists():
        if spare:
            with suppress(OSError):  # it is on another disk, or something is in the way
                aside.rename(spare)
                return
        _sweep(aside)
