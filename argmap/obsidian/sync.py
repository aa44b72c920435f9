"""Report -> what is to be written into the vault; and the same taken out again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from argmap.obsidian import canvas, colours, dashboard, generated, snippet
from argmap.obsidian.changes import (
    Change,
    Kept,
    digest,
    look,
    missing_folders,
    remove_folders,
    span_of,
    write,
)
from argmap.obsidian.colours import MergeError
from argmap.obsidian.leftover import alone, writing
from argmap.obsidian.places import APPEARANCE, BASE, DASHBOARD, FOLDER, GRAPH, SNIPPET
from argmap.obsidian.properties import RefusedError, is_ours, with_properties
from argmap.obsidian.statuses import main_claims, wanted
from argmap.source import Problem
from argmap.tables import many
from argmap.work import no_collector

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path
    from typing import Any

    from argmap.config import Settings
    from argmap.report import DebateReport, Edge, Report
    from argmap.vault import Vault

_SETTINGS = {GRAPH: colours.uncoloured, APPEARANCE: colours.disabled}  # and how ours goes
_GENERATED = (SNIPPET, DASHBOARD, BASE)


@dataclass(slots=True)
class Plan:
    """What would be written, what cannot be, and what is to be remembered of it."""

    settings: Settings
    kept: Kept
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    cards: dict[str, list[str]] = field(default_factory=dict)  # to be remembered once they stand
    is_off: bool = False  # a person turned the snippet off, and so it stays
    ends: bool = False  # nothing of argmap is to be left
    written: list[Change] = field(default_factory=list)  # those of the changes that could be

    @property
    def diff(self) -> str:
        """All of it as one unified diff."""
        return "".join(change.diff for change in self.changes)

    @property
    def summary(self) -> str:
        """What was done, in a line."""
        return f"{many(len(self.written), 'file')} written" if self.changes else "nothing changed"

    def write(self) -> list[Problem]:
        """Write all of it, each file whole; return what could not be done."""
        with no_collector():
            return self._write()

    def _write(self) -> list[Problem]:
        if not self.ends:
            self.kept.folders += [
                name for name in missing_folders(self.settings) if name not in self.kept.folders
            ]
        if self.changes:
            self.kept.write(self.settings)
        failed = self._write_changes()
        refused = {problem.span.path for problem in failed}
        self.written = [
            one for one in self.changes if span_of(self.settings, one.path).path not in refused
        ]
        self._remember_cards(refused)
        problems = [*self.problems, *failed]
        if self.ends and not problems:
            remove_folders(self.settings, self.kept.folders)
            Kept().write(self.settings)
        return problems

    def _write_changes(self) -> list[Problem]:
        if not self.changes:
            return []
        with writing(self.settings):
            return write(self.settings, self.changes)

    def _remember_cards(self, failed: Collection[str]) -> None:
        """Remember which cards stand now: only one that stood can have been deleted."""
        standing = {
            path: ids
            for path, ids in self.cards.items()
            if span_of(self.settings, path).path not in failed
        }
        if any(self.kept.cards.get(path) != ids for path, ids in standing.items()):
            self.kept.cards |= standing
            self.kept.write(self.settings)

    def refuse(self, path: str, why: str, hint: str, line: int = 1) -> None:
        """Note that a file stays as it is."""
        self.problems.append(Problem("A110", span_of(self.settings, path, line), why, hint))


def synced(report: Report) -> tuple[Plan, list[Problem]]:
    """Bring the vault up to date; return what was done, and what could not be."""
    with alone(report.settings):
        plan = planned_sync(report)
        return plan, plan.write()


def planned_sync(report: Report) -> Plan:
    """Return what the vault lacks or has of an earlier day."""
    with no_collector():
        return _planned_sync(report)


def _planned_sync(report: Report) -> Plan:
    plan = Plan(report.settings, Kept.read(report.settings))
    main = main_claims(report)
    _notes(plan, report.vault, wanted(main))
    _merge(plan, GRAPH, colours.coloured, colours.uncoloured)
    _merge(plan, APPEARANCE, partial(_turned_on, plan), colours.disabled)
    _canvases(plan, report)
    _own(plan, SNIPPET, snippet.snippet(report.settings, main))
    _own(plan, DASHBOARD, dashboard.dashboard(report))
    _own(plan, BASE, dashboard.base(report))
    return plan


def planned_unsync(settings: Settings, vault: Vault) -> Plan:
    """Return what takes argmap out of the vault again.

    A file that nobody else touched becomes what it was, byte for byte; of any other only argmap's
    own part goes.
    """
    plan = Plan(settings, Kept.read(settings), ends=True)
    _notes(plan, vault, {})
    for path, clean in _SETTINGS.items():
        _clean(plan, path, clean)
    for path in canvas_paths(settings):
        _clean(plan, path, canvas.cleaned)
    for path in _GENERATED:
        _own(plan, path, None)
    return plan


# Notes


def _notes(plan: Plan, vault: Vault, wanted: Mapping[str, dict[str, Any]]) -> None:
    for path, note in vault.notes.items():
        values = wanted.get(path, {})
        if note.synced == values or not (values or is_ours(note.synced)):
            continue
        if not _is_second_name(plan.settings.vault_folder, path, vault):
            _note(plan, path, values)


def _is_second_name(folder: Path, path: str, vault: Vault) -> bool:
    """Say whether a note is a link to another, which has the status."""
    file = folder / path
    if not file.is_symlink():
        return False
    target, home = file.resolve(), folder.resolve()
    return target.is_relative_to(home) and target.relative_to(home).as_posix() in vault.notes


def _note(plan: Plan, path: str, values: dict[str, Any]) -> None:
    data, problem = look(plan.settings, path)
    if problem or data is None:
        plan.problems += [problem] if problem else []
        return
    try:
        _check(data)
        after = with_properties(data, values, keep_block=path in plan.kept.empty)
    except RefusedError as error:
        plan.refuse(path, f"not synced: {error.why}", error.hint, error.line)
        return
    if after != data:
        plan.changes.append(Change(path, data, after))
        _remember_block(plan, path, data, values)


def _check(data: bytes) -> None:
    """Refuse a property of our name that is the author's own."""
    from argmap.notes import plain_lines
    from argmap.notes.properties import read_properties, split_front_matter

    with suppress(UnicodeDecodeError):
        front = split_front_matter(plain_lines(data.decode("utf-8")))[0]
        read = read_properties(front, "")
        if not is_ours(read.synced):
            hint = "argmap keeps a claim's status there: call yours otherwise"
            raise RefusedError("'argmap' holds something of your own", hint)


def _remember_block(plan: Plan, path: str, data: bytes, values: Mapping[str, Any]) -> None:
    """Keep in mind which notes had a block without any property: it is not ours to remove."""
    if not values:
        plan.kept.empty = [one for one in plan.kept.empty if one != path]
    elif path not in plan.kept.empty:
        with suppress(RefusedError):
            bare = with_properties(data, {}, keep_block=True)
            if bare == data and with_properties(with_properties(data, values), {}) != data:
                plan.kept.empty.append(path)


# Obsidian's settings, and canvases


def _merge(
    plan: Plan,
    path: str,
    merge: Callable[[bytes | None], bytes],
    clean: Callable[[bytes | None], bytes | None],
) -> None:
    data, problem = look(plan.settings, path)
    if problem:
        plan.problems.append(problem)
        return
    try:
        change = Change(path, data, merge(data))
        if change.after == data:
            return
        plan.kept.expect(change, clean)
    except MergeError as error:
        plan.refuse(path, f"not merged: {error}", _anew(path))
        return
    plan.changes.append(change)


def _turned_on(plan: Plan, data: bytes | None) -> bytes:
    """Return appearance.json with our snippet on, unless a person turned off what was on."""
    if data is not None and APPEARANCE in plan.kept.cards and not colours.is_on(data):
        plan.is_off = True
        return data
    plan.cards[APPEARANCE] = [colours.SNIPPET]
    return colours.enabled(data)


def _clean(plan: Plan, path: str, clean: Callable[[bytes | None], bytes | None]) -> None:
    data, problem = look(plan.settings, path)
    if problem:
        plan.problems.append(problem)
        return
    if plan.kept.is_as_written(path, data):
        after = plan.kept.files[path][0]
    else:
        try:
            after = clean(data)
        except MergeError as error:
            plan.refuse(path, f"not merged: {error}", _anew(path))
            return
    if after != data:
        plan.changes.append(Change(path, data, after))


def _anew(path: str) -> str:
    """Return what helps where a file is broken: of Obsidian's settings, and of a canvas of ours."""
    if path in _SETTINGS:
        return "let Obsidian write it anew"
    return "delete it to have it drawn anew"


def canvas_paths(settings: Settings) -> list[str]:
    """Return the canvases in argmap's folder."""
    folder = settings.vault_folder / FOLDER
    return sorted(f"{FOLDER}/{path.name}" for path in folder.glob("*.canvas"))


def _canvases(plan: Plan, report: Report) -> None:
    leading = canvas.relations(report)
    drawn = {canvas.path_of(one): one for one in report.debates if canvas.has_canvas(one)}
    for debate in drawn.values():
        _canvas(plan, report, debate, leading)
    for path in canvas_paths(report.settings):
        if path not in drawn:  # of a debate that is no more
            _clean(plan, path, canvas.cleaned)


def _canvas(
    plan: Plan, report: Report, debate: DebateReport, leading: Mapping[str, list[Edge]]
) -> None:
    path, kept = canvas.path_of(debate), plan.kept
    shows = canvas.signature(report, debate, leading)
    shown, written = kept.drawn.get(path, ("", ""))

    def draw(data: bytes | None) -> bytes:
        is_ours = data is not None and digest(data) == written
        if data is not None and is_ours and shown == shows:
            return data
        before = canvas.read(data, surely=is_ours)
        there = canvas.ours(before)
        deleted = set(kept.cards.get(path, ())) - there if data is not None else set()
        others = canvas.cards(debate) - deleted != canvas.ours({**before, "edges": []})
        whole = others and (data is None or kept.places.get(path) == canvas.geometry(before))
        after = canvas.drawn(report, debate, leading, before, untouched=whole, deleted=deleted)
        if whole:
            kept.places[path] = canvas.geometry(after)
        plan.cards[path] = sorted(canvas.ours(after) | deleted)
        new = data if data is not None and after == before else canvas.dumped(after)
        kept.drawn[path] = [shows, digest(new)]
        return new

    _merge(plan, path, draw, canvas.cleaned)


# What is argmap's alone


def _own(plan: Plan, path: str, after: bytes | None) -> None:
    """Write a file anew, or remove it, unless somebody else wrote in it."""
    data, problem = look(plan.settings, path)
    if problem:
        plan.problems.append(problem)
    elif data == after:
        return
    elif data is None or generated.is_untouched(data):
        plan.changes.append(Change(path, data, after))
    elif after is not None or generated.is_generated(data):
        hint = "delete it to have it written anew" if after is not None else "delete it by hand"
        plan.refuse(path, "not synced: somebody else wrote in it", hint)
