"""A folder of notes -> Vault: every note read, every link led to the file Obsidian would open."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from argmap.notes import Note, place_of, read_note_bytes
from argmap.notes.kinds import property_kind
from argmap.notes.tags import is_below
from argmap.source import Problem, Span
from argmap.vault.folder import File, Folder, scan
from argmap.vault.links import NOTHING, Hints, Known, Leads, leads_of, link_problems
from argmap.vault.names import Names, key
from argmap.vault.places import Places

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from argmap.notes import Link, Place
    from argmap.notes.kinds import PropertyKind

__all__ = ["File", "Folder", "Vault", "joined", "read_file", "read_vault", "scan", "unread"]


@dataclass(frozen=True)
class Vault:
    """The notes of a vault by path, its other files, and what is wrong with its links."""

    notes: dict[str, Note]
    files: tuple[str, ...] = ()  # what is not read: attachments, notes the vault ignores
    unread: tuple[Problem, ...] = ()  # what could not be read at all
    types: Mapping[str, str] = field(default_factory=dict)  # of properties, as Obsidian keeps them
    strict_breaks: bool = False  # whether a single line end is none on the page, as in Markdown
    known: Known = field(default=NOTHING, compare=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Take along where links lead, if that was found; nothing else that follows from notes."""
        known = Known(self.leads, {}) if "leads" in self.__dict__ else NOTHING
        return Vault, (self.notes, self.files, self.unread, self.types, self.strict_breaks, known)

    def candidates(self, target: str, source: str = "") -> list[str]:
        """Return every file a link's target may mean, the one Obsidian opens first.

        `target` is what stands before the `#`, `source` the path of the note it stands in.
        """
        if target and not target.isspace():
            return self._names.candidates(target, source)
        return [source] if source in self.notes else []

    def is_clear(self, target: str) -> bool:
        """Say whether a link means the same file, or none, in whichever note it stands."""
        return not target or self._names.is_clear(target)

    def is_plain(self, link: Link) -> bool:
        """Say whether a link that leads somewhere leaves no doubt: most do, so this is quick."""
        return not link.subpath and "/" not in link.target and link.target in self._names.clear

    def resolve(self, target: str, source: str) -> str | None:
        """Return the path of the file a link leads to, None if there is none; "" is the source."""
        found = self.candidates(target, source)
        return found[0] if found else None

    def find(self, path: str, subpath: str) -> Place | None:
        """Return the heading or block of a note that a subpath names: ``H1#H2``, ``^id``."""
        note = self.notes.get(path)
        if not note:
            return None
        if path not in self._places:
            self._places[path] = Places(note)
        return self._places[path].find(subpath)

    def tagged(self, tag: str) -> tuple[str, ...]:
        """Return the notes that have a tag or one below it, sorted: `a` finds `#a/b`."""
        return tuple(
            sorted(
                path
                for path, note in self.notes.items()
                if any(is_below(own, tag) for own in note.tags)
            )
        )

    def property_kinds(self, path: str) -> dict[str, PropertyKind]:
        """Return what Obsidian takes each property of a note to be."""
        properties = self.notes[path].properties
        return {key: property_kind(key, value, self.types) for key, value in properties.items()}

    def backlinks(self, path: str) -> tuple[str, ...]:
        """Return the notes that link to this file, sorted, itself left out."""
        return self._backlinks.get(path, ())

    def outlinks(self, path: str) -> tuple[tuple[Link, str | None], ...]:
        """Return a note's links into the vault with the file each leads to, None if nowhere."""
        if path not in self._outlinks:
            to = self.leads[path].to if path in self.leads else ()
            links = [link for link in self.notes[path].links if link.kind != "url"] if to else []
            self._outlinks[path] = tuple(zip(links, to, strict=True))
        return self._outlinks[path]

    def counts(self) -> dict[str, int]:
        """Return how many notes there are, links between files, and links that lead to none."""
        to = [path for leads in self.leads.values() for path in leads.to]
        return {"notes": len(self.notes), "links": len(to), "unresolved": to.count(None)}

    @cached_property
    def leads(self) -> dict[str, Leads]:
        """Where the links of each note lead."""
        known = self.known.leads
        return {path: known.get(path) or leads_of(self, path) for path in self.notes}

    @cached_property
    def hints(self) -> Hints:
        """What links that lead nowhere may mean."""
        return Hints(self)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the notes themselves and with their links, in order of place."""
        found = [*self.unread, *(p for note in self.notes.values() for p in note.problems)]
        found += link_problems(self)
        return tuple(sorted(found, key=lambda problem: problem.order[:4]))

    @cached_property
    def _backlinks(self) -> dict[str, tuple[str, ...]]:
        back: dict[str, set[str]] = {}
        for source, leads in self.leads.items():
            for path in leads.to:
                if path and path != source:
                    back.setdefault(path, set()).add(source)
        return {path: tuple(sorted(sources)) for path, sources in back.items()}

    @cached_property
    def _outlinks(self) -> dict[str, tuple[tuple[Link, str | None], ...]]:
        return {}  # filled as they are asked for

    @cached_property
    def _places(self) -> dict[str, Places]:
        return {}  # filled as links with a subpath ask for it

    @cached_property
    def _names(self) -> Names:
        return Names((*self.notes, *self.files))

    @cached_property
    def by_alias(self) -> dict[str, list[str]]:
        """The notes that have an alias, by the alias as links are compared."""
        aliases: dict[str, list[str]] = {}
        for path, note in self.notes.items():
            for alias in note.aliases:
                aliases.setdefault(key(alias), []).append(path)
        return aliases


def read_vault(folder: Path, prefix: str) -> Vault:
    """Read all notes of a vault, sorted by path; `library` does the same and remembers.

    `prefix` is the vault's path from the project's root: places in problems begin with it.
    """
    found = scan(folder, prefix)
    notes = (read_file(folder, file.path, prefix) for file in found.notes)
    return joined({note.path: note for note in notes if not note.is_generated}, found)


def joined(notes: dict[str, Note], found: Folder, known: Known = NOTHING) -> Vault:
    """Return the vault of what was found; what is not among `notes` is a file."""
    others = (file.path for file in found.notes if file.path not in notes)
    files = tuple(sorted((*found.files, *others)))
    return Vault(notes, files, found.problems, found.types, found.strict_breaks, known)


def read_file(folder: Path, path: str, prefix: str) -> Note:
    """Read one note from its file; one that cannot be read is empty, with its problem."""
    try:
        data = (folder / path).read_bytes()
    except OSError as error:
        return unread(path, prefix, error)
    return read_note_bytes(path, data, prefix)


def unread(path: str, prefix: str, error: OSError) -> Note:
    """Return the note that stands for a file which cannot be read."""
    span = Span(place_of(prefix, path))
    problem = Problem("A101", span, f"cannot be read: {error.strerror}")
    return Note(path, PurePosixPath(path).stem, "", problems=(problem,))
