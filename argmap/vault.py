"""A folder of notes -> Vault: every note read, every link led to the file Obsidian would open."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from argmap.markdown import plain_text
from argmap.markdown.heading import key as heading_key
from argmap.notes import Note, read_note_bytes, walk
from argmap.source import Problem, Span, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from argmap.notes import Block, Link

_MOST_HINTS = 500  # looking for a name that comes near takes time; the rest go without
_SHORTLIST = 30


@dataclass(frozen=True)
class Vault:
    """The notes of a vault by path, its other files, and what is wrong with its links."""

    notes: dict[str, Note]
    files: tuple[str, ...] = ()  # what is not read: attachments, notes the vault ignores
    unread: tuple[Problem, ...] = ()  # what could not be read at all

    def candidates(self, target: str, source: str = "") -> list[str]:
        """Return every file a link's target may mean, the one Obsidian opens first.

        `target` is what stands before the `#`, `source` the path of the note it stands in.
        An exact path goes before the source's own folder, that before the shortest path.
        """
        wanted, folder = _wanted(target, source)
        if not wanted:
            return [source] if source in self.notes and not target.strip() else []
        found = self._named(wanted)
        if _is_rooted(target):
            found = [path for path in found if _is(path, wanted)]
        if len(found) < 2:  # noqa: PLR2004  # nothing to choose
            return found
        own = _key(f"{folder}/{wanted}") if folder else wanted
        return sorted(
            found,
            key=lambda path: (not _is(path, wanted), not _is(path, own), len(path), path),
        )

    def resolve(self, target: str, source: str) -> str | None:
        """Return the path of the file a link leads to, None if there is none; "" is the source."""
        found = self.candidates(target, source)
        return found[0] if found else None

    def _named(self, wanted: str) -> list[str]:
        name = wanted.rpartition("/")[2]
        found = self._by_name.get(name) or self._by_name.get(name + ".md") or []
        return [path for path in found if _ends(path, wanted)] if "/" in wanted else list(found)

    def find(self, path: str, subpath: str) -> Block | None:
        """Return the heading or block of a note that a subpath names: ``H1#H2``, ``^id``."""
        note = self.notes.get(path)
        if not note:
            return None
        if path not in self._places:
            self._places[path] = _Places(note)
        return self._places[path].find(subpath)

    def backlinks(self, path: str) -> tuple[str, ...]:
        """Return the notes that link to this file, sorted, itself left out."""
        return self._backlinks.get(path, ())

    def outlinks(self, path: str) -> tuple[tuple[Link, str | None], ...]:
        """Return a note's links into the vault with the file each leads to, None if nowhere."""
        return self._links.get(path, ())

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the notes themselves and with their links, in order of place."""
        found = [*self.unread, *(p for note in self.notes.values() for p in note.problems)]
        found += _Links(self).problems()
        return tuple(sorted(found, key=lambda problem: (problem.span, problem.code)))

    @cached_property
    def _links(self) -> dict[str, tuple[tuple[Link, str | None], ...]]:
        return {
            path: tuple(
                (link, self.resolve(link.target, path)) for link in note.links if link.kind != "url"
            )
            for path, note in self.notes.items()
        }

    @cached_property
    def _backlinks(self) -> dict[str, tuple[str, ...]]:
        back: dict[str, set[str]] = {}
        for source, links in self._links.items():
            for _, path in links:
                if path and path != source:
                    back.setdefault(path, set()).add(source)
        return {path: tuple(sorted(sources)) for path, sources in back.items()}

    @cached_property
    def _places(self) -> dict[str, _Places]:
        return {}  # filled as links with a subpath ask for it

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for path in (*self.notes, *self.files):
            names.setdefault(_key(path).rpartition("/")[2], []).append(path)
        return names

    @cached_property
    def by_alias(self) -> dict[str, list[str]]:
        """The notes that have an alias, by the alias as links are compared."""
        aliases: dict[str, list[str]] = {}
        for path, note in self.notes.items():
            for alias in note.aliases:
                aliases.setdefault(_key(alias), []).append(path)
        return aliases


def _key(text: str) -> str:
    """Return what names are compared by: composed characters, no case."""
    return normalize("NFC", text).lower()


def _wanted(target: str, source: str) -> tuple[str, str]:
    """Return the path that is looked for, and the folder of the note that asks."""
    folder = _key(source).rpartition("/")[0]
    wanted = _key(target).strip()
    if _is_relative(wanted):
        wanted = normpath(f"{folder}/{wanted}" if folder else wanted)
    return wanted.strip("/"), folder


def _is_relative(target: str) -> bool:
    return target.startswith(("./", "../"))


def _is_rooted(target: str) -> bool:
    return target.strip().startswith(("/", "./", "../"))


def _is(path: str, wanted: str) -> bool:
    return _key(path) in (wanted, wanted + ".md")


def _ends(path: str, wanted: str) -> bool:
    return f"/{_key(path)}".endswith((f"/{wanted}", f"/{wanted}.md"))


# --- where in a note --------------------------------------------------------------------------


class _Places:
    """A note's headings and block ids, to be found by a link's subpath."""

    def __init__(self, note: Note) -> None:
        self.headings: list[tuple[int, set[str], Block]] = []
        self.ids: dict[str, Block] = {}
        for block in walk(note.blocks):
            if block.id:
                self.ids.setdefault(block.id.lower(), block)
            if block.kind == "heading":
                keys = {heading_key(block.markdown), heading_key(plain_text(block.tokens))}
                self.headings.append((int(block.info), keys, block))

    def find(self, subpath: str) -> Block | None:
        """Follow chained headings down, each below the one before; or find a block's id."""
        parts = [part.strip() for part in subpath.split("#") if part.strip()]
        if parts and parts[-1].startswith("^"):
            return self.ids.get(parts[-1][1:].lower())
        found: Block | None = None
        start, level = 0, 0
        for part in parts:
            at = self._heading(heading_key(part), start, level)
            if at is None:
                return None
            level, _, found = self.headings[at]
            start = at + 1
        return found

    def _heading(self, wanted: str, start: int, above: int) -> int | None:
        for at in range(start, len(self.headings)):
            level, keys, _ = self.headings[at]
            if level <= above:
                return None
            if wanted in keys:
                return at
        return None


# --- what is wrong with links -----------------------------------------------------------------


class _Links:
    """Goes through all links of a vault and says which lead nowhere, or to more than one place."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.hints: dict[str, str] = {}

    def problems(self) -> list[Problem]:
        """Return A104, A105, A106 and A107."""
        return [
            problem
            for path in self.vault.notes
            for link, leads_to in self.vault.outlinks(path)
            for problem in self.of(link, path, leads_to)
        ]

    def of(self, link: Link, source: str, leads_to: str | None) -> Iterator[Problem]:
        """Say what is wrong with one link."""
        if leads_to is None:
            yield self.unresolved(link)
            return
        yield from self.unclear(link, source)
        note = self.vault.notes.get(leads_to)
        if link.subpath and note and not _is_unread(note):
            yield from self.subpath(link, leads_to)

    def unresolved(self, link: Link) -> Problem:
        """Return A106 where the name is an alias, else A104 with a name that comes near."""
        owners = self.vault.by_alias.get(_key(link.target))
        if owners:
            name = PurePosixPath(owners[0]).stem
            return Problem(
                "A106",
                link.span,
                f"{link.target!r} is only an alias, of {owners[0]}",
                f"did you mean [[{name}|{link.target}]]?",
            )
        if "://" in link.target:
            hint = f"an address is written [text]({link.target})"
        else:
            hint = self.near(link.target)
        return Problem("A104", link.span, f"no note or file {link.target!r}", hint)

    def unclear(self, link: Link, source: str) -> Iterator[Problem]:
        """Yield A105 where several files answer, A107 where Obsidian's answer is not known."""
        candidates = self.vault.candidates(link.target, source)
        wanted, _ = _wanted(link.target, source)
        if not link.target or _is(candidates[0], wanted):
            if _is_relative(link.target) and link.kind != "markdown":
                yield self.undocumented(link, candidates[0])
        elif len(candidates) > 1:
            yield Problem(
                "A105",
                link.span,
                f"{link.target!r} may be {_listed(candidates)}; the first is taken",
                f"write [[{_name_of(candidates[0])}]]",
            )
        elif "/" in wanted:
            yield self.undocumented(link, candidates[0])

    def undocumented(self, link: Link, path: str) -> Problem:
        """Return A107: the file is taken, but Obsidian may see it differently."""
        message = f"{link.target!r} is taken as {path}; Obsidian may not"
        return Problem("A107", link.span, message, f"write [[{_name_of(path)}]]")

    def subpath(self, link: Link, path: str) -> Iterator[Problem]:
        """Yield A104 for a heading or block that is not in the note."""
        if self.vault.find(path, link.subpath) or not link.subpath.strip("# "):
            return
        what = "block" if link.subpath.rpartition("#")[2].startswith("^") else "heading"
        message = f"no {what} {link.subpath!r} in {path}"
        yield Problem("A104", link.span, message, self.near_in(path, link.subpath, what))

    def near_in(self, path: str, subpath: str, what: str) -> str:
        """Return the hint for a misspelt heading or block id."""
        blocks = list(walk(self.vault.notes[path].blocks))
        if what == "block":
            return self.limited(subpath, lambda: ["^" + block.id for block in blocks if block.id])
        return self.limited(
            subpath, lambda: [plain_text(b.tokens) for b in blocks if b.kind == "heading"]
        )

    def near(self, target: str) -> str:
        """Return the hint for a misspelt name."""
        return self.limited(target, lambda: self.shortlist.of(target.rpartition("/")[2]))

    def limited(self, name: str, names: Callable[[], list[str]]) -> str:
        """Return `did you mean`, the same for the same name, and none after the first few."""
        if name not in self.hints and len(self.hints) < _MOST_HINTS:
            self.hints[name] = nearest(name, names())
        return self.hints.get(name, "")

    @cached_property
    def shortlist(self) -> _Shortlist:
        """The names of all notes and files."""
        titles = [note.title for note in self.vault.notes.values()]
        return _Shortlist([*titles, *(path.rpartition("/")[2] for path in self.vault.files)])


def _is_unread(note: Note) -> bool:
    return any(problem.code == "A101" for problem in note.problems)


def _name_of(path: str) -> str:
    return path[:-3] if path.lower().endswith(".md") else path


def _listed(paths: list[str]) -> str:
    shown = paths[:3]
    return ", ".join(shown) + (f" and {len(paths) - 3} more" if len(paths) > len(shown) else "")


class _Shortlist:
    """Names that share most triples of letters with one: few enough to compare closely."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(set(names))
        self.holding: dict[str, list[int]] = {}
        for i, name in enumerate(self.names):
            for triple in _triples(name):
                self.holding.setdefault(triple, []).append(i)

    def of(self, name: str) -> list[str]:
        """Return the names that come near, the nearest first."""
        shared = Counter(i for t in sorted(_triples(name)) for i in self.holding.get(t, ()))
        return [self.names[i] for i, _ in shared.most_common(_SHORTLIST)]


def _triples(name: str) -> set[str]:
    padded = f" {_key(name)} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


# --- reading the folder -----------------------------------------------------------------------


def read_vault(folder: Path, prefix: str) -> Vault:
    """Read all notes of a vault, sorted by path.

    `prefix` is the vault's path from the project's root: places in problems begin with it.
    Folders and files whose names begin with a dot are skipped; what `.obsidian/app.json` ignores is
    known but not read.
    """
    if not folder.is_dir():
        return Vault({}, unread=(Problem("A004", Span(prefix or "."), "no such folder"),))
    ignored, problems = _ignored(folder, prefix)
    notes: dict[str, Note] = {}
    files: list[str] = []
    for path in sorted(_files(folder)):
        if not _is_text(path):
            problems.append(_unnamed(path, prefix))
        elif path.lower().endswith(".md") and not ignored(path):
            notes[path] = _read(folder, path, prefix)
        else:
            files.append(path)
    return Vault(notes, tuple(files), tuple(problems))


def _files(folder: Path) -> Iterator[str]:
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = Path(at).relative_to(folder)
        yield from ((inside / name).as_posix() for name in names if not name.startswith("."))


def _is_text(path: str) -> bool:
    return path.isprintable() or not any("\ud800" <= char <= "\udfff" for char in path)


def _unnamed(path: str, prefix: str) -> Problem:
    name = path.encode("utf-8", "replace").decode("utf-8")
    return Problem("A101", Span(f"{prefix}/{name}" if prefix else name), "its name is not UTF-8")


def _read(folder: Path, path: str, prefix: str) -> Note:
    try:
        data = (folder / path).read_bytes()
    except OSError as error:
        span = Span(f"{prefix}/{path}" if prefix not in ("", ".") else path)
        problem = Problem("A101", span, f"cannot be read: {error.strerror}")
        return Note(path, PurePosixPath(path).stem, "", problems=(problem,))
    return read_note_bytes(path, data, prefix)


def _ignored(folder: Path, prefix: str) -> tuple[Callable[[str], bool], list[Problem]]:
    """Return which paths the vault's own settings exclude: by a path's beginning, or `/regex/`."""
    file = folder / ".obsidian" / "app.json"
    try:
        settings: Any = json.loads(file.read_bytes()) if file.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        span = Span(f"{prefix}/.obsidian/app.json" if prefix else ".obsidian/app.json")
        return lambda _: False, [Problem("A101", span, str(error).splitlines()[0])]
    filters = settings.get("userIgnoreFilters") if isinstance(settings, dict) else None
    plain = [f for f in filters or () if isinstance(f, str) and f]
    patterns = [compiled for f in plain if (compiled := _pattern(f))]
    starts = tuple(f.lower() for f in plain if not _is_pattern(f))

    def ignored(path: str) -> bool:
        return path.lower().startswith(starts) or any(p.search(path) for p in patterns)

    return ignored, []


def _is_pattern(text: str) -> bool:
    return len(text) > 2 and text.startswith("/") and text.endswith("/")  # noqa: PLR2004


def _pattern(text: str) -> re.Pattern[str] | None:
    if not _is_pattern(text):
        return None
    try:
        return re.compile(text[1:-1], re.IGNORECASE)
    except re.error:
        return None
