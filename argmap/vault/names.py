"""How names of files are compared, and which file a name means."""

from __future__ import annotations

from functools import cached_property, lru_cache
from posixpath import normpath
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable


@lru_cache(maxsize=1 << 16)
def key(text: str) -> str:
    """Return what names are compared by: composed characters, no case."""
    return normalize("NFC", text).lower()


def is_relative(target: str) -> bool:
    """Say whether a link is written from the folder of its note."""
    return target.startswith(("./", "../"))


def wanted(target: str, source: str) -> str:
    """Return the path that a link in the note `source` looks for, as paths are compared."""
    path = key(target).strip()
    if is_relative(path):
        folder = key(source).rpartition("/")[0]
        path = normpath(f"{folder}/{path}" if folder else path)
    return path.strip("/")


def is_path(path: str, named: str) -> bool:
    """Say whether a name, with or without `.md`, is the whole path of a file."""
    return key(path) in (named, named + ".md")


def bare(named: str) -> str:
    """Return the last part of a path, as paths are compared, without `.md`.

    A link finds a file only where both are called the same so.
    """
    name = named.rpartition("/")[2]
    while name.endswith(".md"):
        name = name[:-3]
    return name


class Names:
    """All files of a vault, to be found by what a link calls them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = tuple(paths)
        self.found: dict[str, list[str]] = {}  # by a link's target, where its note does not matter
        self.clear: dict[str, str | None] = {}  # of those, what means one file, or none

    def candidates(self, target: str, source: str) -> list[str]:
        """Return every file a target may mean, the one Obsidian opens first.

        An exact path goes before the source's own folder, that before the shortest path.
        """
        found = self.found.get(target)
        if found is None:
            if is_relative(target.strip()):
                return self._ordered(self._named(target, source), wanted(target, source), source)
            found = self.found[target] = self._named(target, "")
            if len(found) < 2:  # noqa: PLR2004
                self.clear[target] = found[0] if found else None
        return found if len(found) < 2 else self._ordered(found, wanted(target, ""), source)  # noqa: PLR2004

    def is_clear(self, target: str) -> bool:
        """Say whether a target that was asked for means one file or none, whoever asks."""
        return target in self.clear

    def _named(self, target: str, source: str) -> list[str]:
        """Return the files of this name, or with this end of a path, in no order."""
        named = wanted(target, source)
        name = named.rpartition("/")[2]
        found = self._by_name.get(name) or self._by_name.get(name + ".md") or []
        if target.strip().startswith(("/", "./", "../")):
            return [path for path in found if is_path(path, named)]
        return [path for path in found if _ends(path, named)] if "/" in named else found

    def _ordered(self, found: list[str], named: str, source: str) -> list[str]:
        folder = key(source).rpartition("/")[0]
        own = f"{folder}/{named}" if folder else named
        return sorted(
            found,
            key=lambda path: (not is_path(path, named), not is_path(path, own), len(path), path),
        )

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for path in self.paths:
            names.setdefault(key(path).rpartition("/")[2], []).append(path)
        return names


def _ends(path: str, named: str) -> bool:
    return f"/{key(path)}".endswith((f"/{named}", f"/{named}.md"))
