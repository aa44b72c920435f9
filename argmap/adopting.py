"""Plain notes that argue: which they are (scan), and their claims marked in place (adopt, undo)."""

from __future__ import annotations

import base64
import json
from collections import Counter
from dataclasses import dataclass
from difflib import unified_diff
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argmap.claims import ClaimOptions
from argmap.claims.adopted import adopt_note
from argmap.claims.inferred import looks_like
from argmap.claims.words import HINT, folded
from argmap.notes import place_of
from argmap.reading import library_of
from argmap.source import Problem, Span, nearest
from argmap.splice import read_file, replace_file
from argmap.tables import Table, cells
from argmap.vault import scan as scan_folder
from argmap.vault.names import Names

if TYPE_CHECKING:
    from datetime import date

    from argmap.config import Settings
    from argmap.notes import Note
    from argmap.project import Project

Row = dict[str, Any]
_SIGN = 0.1  # what a near miss counts beside a claim
_MOST_SIGNS = 9


# Which notes argue


def scan(project: Project) -> list[Row]:
    """Return a row for each plain note that looks like an argument, the likeliest first.

    `score` is the number of claims and relations found, and a tenth for each sign that came to
    nothing: a lead-in without a list, a conclusion without arguments. Marked notes are left out,
    and folders that the config takes no claims from.
    """
    library = library_of(project.settings)
    options = ClaimOptions.of(project.settings)
    rows = []
    for note in library.vault.notes.values():
        said = library.said.get(note.path)
        plain = said.claims and said.claims[0].inferred if said else HINT.search(folded(note.text))
        if plain and project.settings.infers_from(note.path) and (row := _row(note, options)):
            rows.append(row)
    return sorted(rows, key=lambda row: (-row["score"], row["note"]))


def _row(note: Note, options: ClaimOptions) -> Row | None:
    inferred, missed = looks_like(note, options)
    if not (inferred.found or missed):
        return None
    claims, relations = len(inferred.found), len(inferred.steps)
    rules = Counter(one.rule for one in inferred.found)
    return {
        "score": round(claims + relations + _SIGN * min(len(missed), _MOST_SIGNS), 1),
        "note": note.path,
        "claims": claims,
        "relations": relations,
        "rules": dict(sorted(rules.items())),
        "near": dict(sorted(Counter(missed).items())),
    }


def table(rows: list[Row], *, as_json: bool) -> Table:
    """Return the rows of `scan` for a terminal, or as data."""
    shown = rows if as_json else [{**row, **_counts(row)} for row in rows]
    return Table(shown, cells("score", "claims", "relations", "note", "rules", "near"))


def _counts(row: Row) -> Row:
    return {
        column: ", ".join(f"{rule} {number}" for rule, number in row[column].items())
        for column in ("rules", "near")
    }


# Marking their claims


@dataclass(frozen=True, slots=True)
class Change:
    """What `adopt` or its undo would write into a note."""

    note: str  # its path in the vault
    before: bytes
    after: bytes
    renamed: dict[str, str]  # ids of claims and evidence, old to new
    undoes: bool = False

    @property
    def diff(self) -> str:
        """The change as a unified diff; line ends are not shown."""
        old, new = (data.decode("utf-8-sig").splitlines() for data in (self.before, self.after))
        return "".join(
            f"{line}\n" for line in unified_diff(old, new, self.note, self.note, lineterm="")
        )


def planned(project: Project, name: str, *, undo: bool) -> tuple[Change | None, list[Problem]]:
    """Return what would be written into the note of this name or path; None, and why not."""
    path, problems = _found(project, name)
    if problems:
        return None, problems
    place = Span(place_of(project.settings.vault, path))
    folder = project.settings.vault_folder
    data, problem = read_file(folder / path, folder, place)
    if problem:
        return None, [problem]
    if undo:
        return _undone(project, path, data, place)
    settings = project.settings
    adopted, problems = adopt_note(path, data, ClaimOptions.of(settings), settings.vault)
    if adopted is None:
        return None, problems
    return Change(path, data, adopted.data, adopted.renamed), []


def write(project: Project, change: Change, as_of: date) -> list[Problem]:
    """Write the change, remember how to take it back, and tell the history the new ids."""
    settings = project.settings
    folder = settings.vault_folder
    kept = _kept(settings, change.note)
    if not change.undoes:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(_remembered(change), "utf-8")
    place = Span(place_of(settings.vault, change.note))
    problem = replace_file(folder / change.note, folder, place, change.before, change.after)
    if problem:
        return [problem]
    project.history.rename(as_of, change.renamed)
    if change.undoes:
        kept.unlink(missing_ok=True)
    return []


def _found(project: Project, name: str) -> tuple[str, list[Problem]]:
    """Return the path of the note that a name, a path in the vault or a path on disk means."""
    settings = project.settings
    paths = [file.path for file in scan_folder(settings.vault_folder, settings.vault).notes]
    inside = Path(name).absolute()
    if inside.is_relative_to(settings.vault_folder):
        name = inside.relative_to(settings.vault_folder).as_posix()
    found = Names(paths).candidates(name, "")
    exact = [path for path in found if path in (name, f"{name}.md")]
    if len(exact or found) == 1:
        return (exact or found)[0], []
    if found:
        return "", [_told(settings, f"{name!r} may be {', '.join(found)}", "write the whole path")]
    hint = nearest(name, [path.rpartition("/")[2][:-3] for path in paths])
    return "", [_told(settings, f"no note {name!r}", hint)]


def _told(settings: Settings, message: str, hint: str) -> Problem:
    return Problem("A108", Span(settings.vault), message, hint)


# Taking it back


def _kept(settings: Settings, path: str) -> Path:
    name = sha256(path.encode()).hexdigest()[:16]
    return settings.state_folder / "adopted" / f"{name}.json"


def _remembered(change: Change) -> str:
    return json.dumps({
        "note": change.note,
        "before": base64.b64encode(change.before).decode(),
        "after": sha256(change.after).hexdigest(),
        "renamed": change.renamed,
    }, ensure_ascii=False)  # fmt: skip


def _undone(
    project: Project, path: str, data: bytes, place: Span
) -> tuple[Change | None, list[Problem]]:
    """Return the change back to what stood there, where nobody touched the note since."""
    kept = _kept(project.settings, path)
    try:
        known = json.loads(kept.read_text("utf-8"))
        before, after = base64.b64decode(known["before"]), known["after"]
        renamed = {new: old for old, new in known["renamed"].items()}
    except (OSError, ValueError, KeyError, AttributeError):
        hint = "git may have the note as it was"
        return None, [Problem("A108", place, "nothing is known to take back", hint)]
    if sha256(data).hexdigest() != after:
        hint = "take the marks out by hand, or restore the note from git"
        return None, [Problem("A108", place, "not undone: it changed since", hint)]
    return Change(path, data, before, renamed, undoes=True), []
