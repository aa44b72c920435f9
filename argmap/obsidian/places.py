"""Where in a vault a sync writes, beside notes, and where argmap remembers what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from argmap.config import Settings

GRAPH = ".obsidian/graph.json"
APPEARANCE = ".obsidian/appearance.json"
SNIPPET = ".obsidian/snippets/argmap.css"
FOLDER = "argmap"
DASHBOARD = f"{FOLDER}/argmap.md"
BASE = f"{FOLDER}/argmap.base"
# those that a sync may have to make, the innermost first
FOLDERS = (FOLDER, SNIPPET.rpartition("/")[0], GRAPH.rpartition("/")[0])


def kept_file(settings: Settings) -> Path:
    """Return where stands what was there before, so that it can be given back."""
    return settings.state_folder / "obsidian.json"
