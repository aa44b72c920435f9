"""Where the links of a vault lead, and what is wrong with them: nowhere, or to several places.

What is found for a note follows from the note, and from the files that are called as its links
call them. So it can be kept, and need be found again only where what a note `calls` changed.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from argmap.source import Problem, Span, nearest
from argmap.vault.names import bare, is_path, is_relative, key, wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from argmap.notes import Link, Note
    from argmap.vault import Vault

_MOST_HINTS = 200  # looking for a name that comes near takes time; the rest go without
_SHORTLIST = 8  # names that are compared closely
_RAREST = 5  # beginnings and ends of words that choose them
_MOST_ALIKE = 20  # links of one note that say the same; of the others the last tells how many


class Wrong(NamedTuple):
    """What is wrong with one link. Where `near` names something, the hint is yet to be found."""

    code: str
    path: str
    line: int
    column: int
    message: str
    hint: str = ""
    near: Sequence[str] = ()  # a name; or a note's path, and a subpath in it


class Leads(NamedTuple):
    """Where a note's links lead, as plain data."""

    to: Sequence[str | None] = ()  # for each link into the vault, in order; None is nowhere
    missing: Sequence[str] = ()  # what those call, each once, that lead nowhere
    wrong: Sequence[Wrong] = ()  # or what JSON makes of it


NOWHERE = Leads()


class Known(NamedTuple):
    """What was found about links before, and still holds."""

    leads: Mapping[str, Leads]  # by the note's path
    hints: Mapping[tuple[str, ...], str]


NOTHING = Known({}, {})


def calls(path: str, leads: Leads) -> Iterator[str]:
    """Yield what a note's links call files by, as `bare` names or as aliases are compared."""
    for to in leads.to:
        if to is not None:
            yield bare(key(to))
    for target in leads.missing:
        yield bare(wanted(target, path))
        yield key(target)


def leads_of(vault: Vault, path: str) -> Leads:
    """Return where a note's links lead, with A104, A105, A106 and A107."""
    links = [link for link in vault.notes[path].links if link.kind != "url"]
    if not links:
        return NOWHERE
    to = tuple(vault.resolve(link.target, path) for link in links)
    missing: dict[str, None] = {}
    alike: dict[tuple[str, ...], list[tuple[Link, str | None]]] = {}
    for link, leads_to in zip(links, to, strict=True):
        if leads_to is None:
            missing[link.target] = None
        elif vault.is_plain(link):
            continue
        alike.setdefault((link.kind, link.target, link.subpath), []).append((link, leads_to))
    finder = _Finder(vault, path)
    wrong = [each for some in alike.values() for each in finder.of_all(some)]
    return Leads(to, tuple(missing), tuple(wrong))


def link_problems(vault: Vault) -> list[Problem]:
    """Return A104, A105, A106 and A107 of all notes."""
    found = []
    for leads in vault.leads.values():
        for code, path, line, column, message, said, near in leads.wrong:
            hint = vault.hints.of(tuple(near)) if near else said
            found.append(Problem(code, Span(path, line, column), message, hint))
    return found


class _Finder:
    """Says which links of a note lead nowhere, or to more than one place."""

    def __init__(self, vault: Vault, source: str) -> None:
        self.vault = vault
        self.source = source

    def of_all(self, alike: list[tuple[Link, str | None]]) -> list[Wrong]:
        """Say what is wrong with links that say the same, in words only of the first few."""
        found = [each for link, leads_to in alike[:_MOST_ALIKE] for each in self.of(link, leads_to)]
        more = len(alike) - _MOST_ALIKE
        if found and more > 0:
            said = f"{found[-1].message}, as in {more} more places of this note"
            found[-1] = found[-1]._replace(message=said)
        return found

    def of(self, link: Link, leads_to: str | None) -> Iterator[Wrong]:
        """Say what is wrong with one link."""
        if leads_to is None:
            yield self.unresolved(link)
            return
        if "/" in link.target or not self.vault.is_clear(link.target):
            yield from self.unclear(link)
        note = self.vault.notes.get(leads_to)
        if link.subpath and note and not _is_unread(note):
            yield from self.subpath(link, leads_to)

    def unresolved(self, link: Link) -> Wrong:
        """Return A106 where the name is an alias, else A104 with a name that comes near."""
        owners = self.vault.by_alias.get(key(link.target))
        if owners:
            name = PurePosixPath(owners[0]).stem
            message = f"{link.target!r} is only an alias, of {owners[0]}"
            return _wrong("A106", link, message, f"did you mean [[{name}|{link.target}]]?")
        message = f"no note or file {link.target!r}"
        if "://" in link.target:
            return _wrong("A104", link, message, f"an address is written [text]({link.target})")
        return _wrong("A104", link, message, near=(link.target,))

    def unclear(self, link: Link) -> Iterator[Wrong]:
        """Yield A105 where several files answer, A107 where Obsidian's answer is not known."""
        candidates = self.vault.candidates(link.target, self.source)
        named = wanted(link.target, self.source)
        if is_path(candidates[0], named):
            if is_relative(link.target) and link.kind != "markdown":
                yield _undocumented(link, candidates[0])
        elif len(candidates) > 1:
            message = f"{link.target!r} may be {_listed(candidates)}; the first is taken"
            yield _wrong("A105", link, message, f"write [[{_name_of(candidates[0])}]]")
        elif "/" in named:
            yield _undocumented(link, candidates[0])

    def subpath(self, link: Link, path: str) -> Iterator[Wrong]:
        """Yield A104 for a heading or block that is not in the note."""
        if self.vault.find(path, link.subpath) or not link.subpath.strip("# "):
            return
        what = "block" if _is_block(link.subpath) else "heading"
        message = f"no {what} {link.subpath!r} in {path}"
        yield _wrong("A104", link, message, near=(path, link.subpath))


def _undocumented(link: Link, path: str) -> Wrong:
    """Return A107: the file is taken, but Obsidian may see it differently."""
    message = f"{link.target!r} is taken as {path}; Obsidian may not"
    return _wrong("A107", link, message, f"write [[{_name_of(path)}]]")


def _wrong(code: str, link: Link, message: str, hint: str = "", near: Sequence[str] = ()) -> Wrong:
    return Wrong(code, link.span.path, link.span.line, link.span.column, message, hint, near)


def _is_block(subpath: str) -> bool:
    return subpath.rpartition("#")[2].startswith("^")


class Hints:
    """The names that come near misspelt ones: `did you mean`, and nothing after the first few."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.asked: dict[tuple[str, ...], str] = {}

    def of(self, near: tuple[str, ...]) -> str:
        """Return the hint, the same for the same name."""
        if near not in self.asked and len(self.asked) < _MOST_HINTS:
            known = self.vault.known.hints.get(near)
            self.asked[near] = nearest(near[-1], self.names(*near)) if known is None else known
        return self.asked.get(near, "")

    def names(self, name: str, subpath: str = "") -> list[str]:
        """Return the names that may be meant: of notes and files, or of places in a note."""
        if not subpath:
            return self.shortlist.of(name.rpartition("/")[2])
        places = self.vault.notes[name].places
        names = [place.text if place.level else f"^{place.text}" for place in places]
        return [each for each in names if each.startswith("^") == _is_block(subpath)]

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
    """Names with a word that begins or ends as one's does: few enough to compare closely."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(set(names))
        self.holding: dict[str, list[int]] = {}
        for i, name in enumerate(self.names):
            for end in _ends(name):
                self.holding.setdefault(end, []).append(i)

    def of(self, name: str) -> list[str]:
        """Return the names that come near, the nearest first."""
        holding = [self.holding[end] for end in _ends(name) if end in self.holding]
        holding.sort(key=len)  # the rarest say most
        shared = Counter(i for names in holding[:_RAREST] for i in names)
        return [self.names[i] for i, _ in shared.most_common(_SHORTLIST)]


def _ends(name: str) -> dict[str, None]:
    """Return how the words of a name begin and end."""
    words = key(name).split()
    return dict.fromkeys([f"{word[:3]}-" for word in words] + [f"-{word[-3:]}" for word in words])
