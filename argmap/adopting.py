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
from argmap.claims.model import Target
from argmap.claims.words import HINT, folded
from argmap.notes import place_of
from argmap.reading import library_of
from argmap.source import Problem, Span, nearest
from argmap.splice import Edit, Text, read_file, replace_file, replace_own
from argmap.tables import Table, cells
from argmap.vault import scan as scan_folder
from argmap.vault.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from argmap.config import Settings
    from argmap.graph import ArgumentMap
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
class Rewrite:
    """A file, by its path from the project's root, and what would be written into it."""

    path: str
    before: bytes
    after: bytes

    @property
    def diff(self) -> str:
        """The change as a unified diff; line ends are not shown."""
        old, new = (data.decode("utf-8-sig").splitlines() for data in (self.before, self.after))
        return "".join(
            f"{line}\n" for line in unified_diff(old, new, self.path, self.path, lineterm="")
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What `adopt` or its undo would write: the note, then what names its claims elsewhere."""

    note: str  # its path in the vault
    files: tuple[Rewrite, ...]
    renamed: dict[str, str]  # ids of claims and evidence, old to new
    undoes: bool = False

    @property
    def diff(self) -> str:
        """All of it as one diff."""
        return "".join(file.diff for file in self.files)


def planned(project: Project, name: str, *, undo: bool) -> tuple[Change | None, list[Problem]]:
    """Return what would be written for the note of this name or path; None, and why not.

    Sheets and notes that call its claims by ids which change are written as well.
    """
    path, problems = _found(project, name)
    if problems:
        return None, problems
    settings = project.settings
    place = Span(place_of(settings.vault, path))
    data, problem = _read(settings, place.path)
    if problem or undo:
        return (None, [problem]) if problem else _undone(project, path, data, place)
    options = ClaimOptions.of(settings)
    adopted, problems = adopt_note(path, data, options, settings.vault)
    if adopted is None:
        return None, problems
    edits = _renamings(project, adopted.renamed)
    named_inside = Text(data).spliced(edits.pop(place.path, []))  # in a sheet of its own
    if named_inside != data:
        adopted, problems = adopt_note(path, named_inside, options, settings.vault)
    if adopted is None:
        return None, problems
    files = [Rewrite(place.path, data, adopted.data)]
    for other, inside in sorted(edits.items()):
        before = (settings.root / other).read_bytes()
        files.append(Rewrite(other, before, Text(before).spliced(inside)))
    return Change(path, tuple(files), adopted.renamed), []


def _renamings(project: Project, renamed: Mapping[str, str]) -> dict[str, list[Edit]]:
    """Return by file, from the project's root, the edits that call renamed ids by their new ones.

    Each new name is as short as the old one, where that is clear.
    """
    from argmap.graph import Names

    known = project.read().reading.map
    items = {*known.claims, *known.evidence, *known.arguments}
    after = Names(renamed.get(id_, id_) for id_ in items)
    edits: dict[str, dict[int, Edit]] = {}
    texts: dict[str, Text] = {}
    for target, scope in _targets(project, known):
        found = known.names.find(target.text, scope, items.__contains__)
        if len(found) != 1 or found[0] not in renamed:
            continue
        new = renamed[found[0]]
        path = target.text.rpartition("#")[0]
        short = f"{path}#{new.rpartition('#')[2]}" if path else new.rpartition("#")[2]
        name = short if after.find(short, scope) == [new] else new
        place = target.span
        if place.path not in texts:
            texts[place.path] = Text((project.settings.root / place.path).read_bytes())
        at = texts[place.path].at(place.line, place.column)
        if texts[place.path].whole.startswith(target.text, at):
            edit = Edit(at, at + len(target.text), name)
            edits.setdefault(place.path, {})[at] = edit
    return {path: list(found.values()) for path, found in edits.items()}


def _targets(project: Project, known: ArgumentMap) -> Iterator[tuple[Target, str]]:
    """Yield every bare name that stands for a claim or evidence, with the note it stands in."""
    for check in known.checks.values():
        yield from ((one, check.scope) for one in check.targets if isinstance(one, Target))
    for path, said in library_of(project.settings).said.items():
        note = path.removesuffix(".md")
        relations = (one.target for one in said.relations)
        yield from ((one, note) for one in relations if isinstance(one, Target) and not one.link)
        yield from ((one, note) for argument in said.arguments for one in argument.premises)


def write(project: Project, change: Change, as_of: date) -> list[Problem]:
    """Write the change, remember how to take it back, and tell the history the new ids.

    All of its files are written, or none: where one cannot be, those before it go back. How to
    take it back is written first, so that a change cut off half way can be undone as well.
    """
    settings = project.settings
    kept = _kept(settings, change.note)
    if not change.undoes:
        replace_own(kept, _remembered(change).encode())
    written: list[Rewrite] = []
    for file in change.files:
        if problem := _rewritten(settings, file.path, file.before, file.after):
            return [problem, *_put_back(settings, written)]
        written.append(file)
    try:
        project.history.rename(as_of, change.renamed)
    except OSError:
        _put_back(settings, written)
        raise
    if change.undoes:
        kept.unlink(missing_ok=True)
    return []


def _put_back(settings: Settings, written: list[Rewrite]) -> list[Problem]:
    """Bring back what stood in files; problems where that cannot be."""
    told = (_rewritten(settings, one.path, one.after, one.before) for one in reversed(written))
    return [problem for problem in told if problem]


def _rewritten(settings: Settings, path: str, before: bytes, after: bytes) -> Problem | None:
    return replace_file(settings.root / path, _folder(settings, path), Span(path), before, after)


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


def _read(settings: Settings, path: str) -> tuple[bytes, Problem | None]:
    return read_file(settings.root / path, _folder(settings, path), Span(path))


def _folder(settings: Settings, path: str) -> Path:
    """Return the folder that a file stands in and must not lead out of: the vault, or claims/."""
    in_vault = (settings.root / path).is_relative_to(settings.vault_folder)
    return settings.vault_folder if in_vault else settings.claims_folder


def _told(settings: Settings, message: str, hint: str) -> Problem:
    return Problem("A108", Span(settings.vault), message, hint)


# Taking it back


def _kept(settings: Settings, path: str) -> Path:
    name = sha256(path.encode()).hexdigest()[:16]
    return settings.state_folder / "adopted" / f"{name}.json"


def _remembered(change: Change) -> str:
    files = [
        [file.path, base64.b64encode(file.before).decode(), sha256(file.after).hexdigest()]
        for file in change.files
    ]
    return json.dumps({"files": files, "renamed": change.renamed}, ensure_ascii=False)


def _undone(
    project: Project, path: str, data: bytes, place: Span
) -> tuple[Change | None, list[Problem]]:
    """Return the change back to what stood there, where nobody touched any of it since.

    A file that stands as it did needs nothing: the change, or its undo, was cut off before it.
    """
    try:
        known = json.loads(_kept(project.settings, path).read_text("utf-8"))
        renamed = {new: old for old, new in known["renamed"].items()}
        files = [(str(name), base64.b64decode(was), after) for name, was, after in known["files"]]
    except (OSError, ValueError, KeyError, AttributeError):
        return None, [_nothing_known(place)]
    rewrites = []
    for name, was, after in files:
        now, problem = (data, None) if name == place.path else _read(project.settings, name)
        if now == was and not problem:
            continue
        if problem or sha256(now).hexdigest() != after:
            hint = "take the marks out by hand, or restore the note from git"
            return None, [Problem("A108", Span(name), "not undone: it changed since", hint)]
        rewrites.append(Rewrite(name, now, was))
    if not rewrites:
        return None, [_nothing_known(place)]
    return Change(path, tuple(rewrites), renamed, undoes=True), []


def _nothing_known(place: Span) -> Problem:
    hint = "git may have the note as it was"
    return Problem("A108", place, "nothing is known to take back", hint)
