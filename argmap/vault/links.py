"""What is wrong with the links of a vault: they lead nowhere, or to more than one place."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from argmap.source import Problem, nearest
from argmap.vault.names import is_path, is_relative, key, wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from argmap.notes import Link, Note
    from argmap.vault import Vault

_MOST_HINTS = 200  # looking for a name that comes near takes time; the rest go without
_SHORTLIST = 8  # names that are compared closely
_RAREST = 5  # beginnings and ends of words that choose them


def link_problems(vault: Vault) -> list[Problem]:
    """Return A104, A105, A106 and A107 of all notes."""
    return _Links(vault).problems()


class _Links:
    """Goes through all links of a vault and says which lead nowhere, or to more than one place."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.hints: dict[str, str] = {}

    def problems(self) -> list[Problem]:
        """Return A104, A105, A106 and A107."""
        found: list[Problem] = []
        for path in self.vault.notes:
            for link, leads_to in self.vault.outlinks(path):
                if leads_to is None or not self.vault.is_plain(link):
                    found += self.of(link, path, leads_to)
        return found

    def of(self, link: Link, source: str, leads_to: str | None) -> Iterator[Problem]:
        """Say what is wrong with one link."""
        if leads_to is None:
            yield self.unresolved(link)
            return
        if "/" in link.target or not self.vault.is_clear(link.target):
            yield from self.unclear(link, source)
        note = self.vault.notes.get(leads_to)
        if link.subpath and note and not _is_unread(note):
            yield from self.subpath(link, leads_to)

    def unresolved(self, link: Link) -> Problem:
        """Return A106 where the name is an alias, else A104 with a name that comes near."""
        owners = self.vault.by_alias.get(key(link.target))
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
        named = wanted(link.target, source)
        if is_path(candidates[0], named):
            if is_relative(link.target) and link.kind != "markdown":
                yield self.undocumented(link, candidates[0])
        elif len(candidates) > 1:
            yield Problem(
                "A105",
                link.span,
                f"{link.target!r} may be {_listed(candidates)}; the first is taken",
                f"write [[{_name_of(candidates[0])}]]",
            )
        elif "/" in named:
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
        places = self.vault.notes[path].places
        names = [p.text if p.level else f"^{p.text}" for p in places]
        return self.limited(
            subpath, lambda: [name for name in names if name.startswith("^") == (what == "block")]
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
