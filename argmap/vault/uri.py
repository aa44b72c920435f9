"""Links that open a note, heading or block in Obsidian itself."""

from __future__ import annotations

from urllib.parse import quote


def open_uri(vault: str, path: str, subpath: str = "") -> str:
    """Return the address that opens a note of the vault of this name.

    `path` is in the vault, with or without `.md`; `subpath` is what stands after the `#` of a
    link: `Heading`, `Heading#Below`, `^block`. Every character that means something in an address
    is encoded, the slash included, as Obsidian asks.
    """
    file = path[:-3] if path.lower().endswith(".md") else path
    place = f"{file}#{subpath}" if subpath else file
    return f"obsidian://open?vault={quote(vault, safe='')}&file={quote(place, safe='')}"
