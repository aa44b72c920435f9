"""Tags have a hierarchy: `#a/b` is an `a` as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_below(tag: str, wanted: str) -> bool:
    """Say whether a search for `wanted` finds `tag`: the same, or one below it, in any case."""
    tag, wanted = tag.casefold(), wanted.casefold().removeprefix("#").rstrip("/")
    return tag == wanted or tag.startswith(f"{wanted}/")


def with_parents(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags and all above them, each once: `a/b` is `a` and `a/b`."""
    found: dict[str, str] = {}
    for tag in tags:
        parts = tag.split("/")
        for end in range(1, len(parts) + 1):
            name = "/".join(parts[:end])
            if name:
                found.setdefault(name.casefold(), name)
    return tuple(found.values())
