"""A vault -> a project: a config, a worked example, lines for git; no note is changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from argmap.config import CONFIG, find_root
from argmap.obsidian.texts import EXAMPLE_NOTE, EXAMPLE_SHEET, TEMPLATES, config_text
from argmap.splice import replace_own

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

_IGNORED = (".argmap/",)
_TEMPLATES = ".obsidian/templates.json"


@dataclass(frozen=True, slots=True)
class Started:
    """What was written, and what was there already, each as a path from the root."""

    root: Path
    vault: str
    written: tuple[str, ...]
    there: tuple[str, ...]


def start(folder: Path, day: date, *, templates: bool = False) -> Started:
    """Make the vault at or above a folder a project; what is there already stays as it is.

    A folder that holds a folder `vault` is taken for a project around that vault. The worked
    example is dated by the `day`.
    """
    root, vault = _found(folder.resolve())
    inside = "" if vault == "." else f"{vault}/"
    claims = "claims"
    files = {
        CONFIG: config_text(vault),
        f"{claims}/example.yaml": EXAMPLE_SHEET.replace("{{day}}", day.isoformat()),
        # In a vault that is the project itself the example stands beside its sheet.
        f"{claims}/Example.md" if vault == "." else f"{inside}argmap example.md": (
            EXAMPLE_NOTE.replace("{{day}}", day.isoformat())
        ),
    }
    if templates:
        home = _template_folder(root / vault)
        files |= {f"{inside}{home}/{name}": text for name, text in TEMPLATES.items()}
        if not (root / vault / _TEMPLATES).exists():
            files[f"{inside}{_TEMPLATES}"] = json.dumps({"folder": home}, indent=2)
    there = [name for name in files if _is_there(root / name)]
    if (root / CONFIG).exists():  # it is a project already: an example was not asked for
        there = [name for name in files if name in there or not _asked(name, inside, templates)]
    written = [name for name in files if name not in there]
    for name in written:
        replace_own(root / name, files[name].encode())
    written += _ignore(root)
    return Started(
        root, vault, tuple(written), tuple(name for name in there if _is_there(root / name))
    )


def _found(folder: Path) -> tuple[Path, str]:
    """Return the project's root and the vault in it."""
    known = find_root(folder)
    if known and (known / CONFIG).is_file():
        from argmap.config import load

        return known, load(known)[0].vault
    for at in (folder, *folder.parents):
        if (at / ".obsidian").is_dir():
            return at, "."
    if (folder / "vault").is_dir():
        return folder, "vault"
    return folder, "."


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _asked(name: str, inside: str, templates: bool) -> bool:
    """Say whether a file of a project that exists is written where it is missing."""
    return templates and name.startswith(inside) and not name.startswith("claims/")


def _template_folder(vault: Path) -> str:
    """Return the folder that Obsidian's own Templates plugin looks in."""
    try:
        folder = json.loads((vault / _TEMPLATES).read_bytes()).get("folder", "")
    except (OSError, ValueError, AttributeError):
        folder = ""
    return folder.strip("/") if isinstance(folder, str) and folder.strip("/") else "Templates"


def _ignore(root: Path) -> Sequence[str]:
    """Add to .gitignore what is not there yet."""
    path = root / ".gitignore"
    data = path.read_bytes() if path.is_file() else b""
    known = {line.strip() for line in data.decode("utf-8", "replace").splitlines()}
    missing = [line for line in _IGNORED if line not in known]
    if not missing:
        return []
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    joint = newline if data and not data.endswith((b"\n", b"\r")) else b""
    added = b"".join(line.encode() + newline for line in missing)
    if path.is_symlink():
        return []
    replace_own(path, data + joint + added)
    return [".gitignore"]
