"""Everything a person wrote, read and joined: vault + sheets -> Reading."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from argmap.config import is_below, place_of
from argmap.source import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from concurrent.futures import Executor

    from argmap.cache import Cache
    from argmap.claims.model import Evidence, NoteClaims
    from argmap.config import Settings
    from argmap.evidence.acks import Entry
    from argmap.evidence.book import Book, Sheet
    from argmap.evidence.model import Check
    from argmap.graph import ArgumentMap
    from argmap.library import Library
    from argmap.vault import Vault
    from argmap.walk import Walk


_MOST_ALIKE = 1000  # problems of one code in one file


@dataclass(frozen=True, slots=True)
class Reading:
    """What notes and sheets say, before anything is run."""

    settings: Settings
    vault: Vault
    map: ArgumentMap
    book: Book  # measures and sheets' checks, by name
    problems: tuple[Problem, ...]
    acks: Mapping[str, Entry] = field(default_factory=dict)  # failures set aside, by the check's id


def read_all(
    settings: Settings,
    problems: Iterable[Problem] = (),
    executor: Executor | None = None,
    walk: Walk | None = None,
) -> Reading:
    """Read notes, claims and sheets, and look over what they say; `problems` are the config's.

    `executor` reads the notes that changed; without one, processes do where there are many. `walk`
    is for who has just gone through the vault.
    """
    from argmap.work import no_collector

    with no_collector():
        library = library_of(settings, executor, walk)
        return _read_all(settings, problems, library)


def _read_all(settings: Settings, problems: Iterable[Problem], library: Library) -> Reading:
    from argmap import graph
    from argmap.evidence.checks import lint_checks, same_checks

    told = [*problems, *_unknown_names(settings), *_unknown_hosts(settings)]
    vault, said = library.vault, library.said
    told += library.problems
    told += _unknown_folders(settings, vault)
    book = _book(_sheets(said, settings, told), settings, told)
    checks = [*_inline(said), *book.checks.values()]
    joined, of_graph = graph.build(said, checks, book.readers(checks), vault)
    bearing = ((check, list(joined.graph.successors(id_))) for id_, check in joined.checks.items())
    told += vault.problems
    told += of_graph
    told += lint_checks(checks, book)
    told += same_checks(bearing, book)
    acks = _acks(settings, joined, told)
    _keep_formulas(settings, book)
    ordered = sorted(set(told), key=lambda problem: problem.order)
    return Reading(settings, vault, joined, book, tuple(_bounded(ordered)), acks)


def _bounded(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems, of one kind in one file the first thousand, and how many more there are.

    Nobody reads on from there, and a file of nothing but broken links would make a page of them.
    """
    told = list(problems)
    all_ = Counter((problem.span.path, problem.code) for problem in told)
    seen: Counter[tuple[str, str]] = Counter()
    for problem in told:
        kind = (problem.span.path, problem.code)
        seen[kind] += 1
        if seen[kind] <= _MOST_ALIKE:
            yield problem
        elif seen[kind] == _MOST_ALIKE + 1:
            more = all_[kind] - _MOST_ALIKE
            yield replace(problem, message=f"and {more} more like it from here on", hint="")


def _acks(settings: Settings, joined: ArgumentMap, problems: list[Problem]) -> dict[str, Entry]:
    """Return the failures that were set aside, by their check's id; the last of two counts."""
    from argmap.evidence.acks import read_acks

    entries, found = read_acks(settings.claims_folder, settings.claims)
    problems += found
    acks: dict[str, Entry] = {}
    for entry in entries:
        ids = [id_ for id_ in joined.names.find(entry.check) if id_ in joined.checks]
        if len(ids) == 1:
            acks[ids[0]] = entry
            continue
        message = f"{entry.check!r} is no check" if not ids else f"{entry.check!r} fits {len(ids)}"
        hint = f"one of: {', '.join(ids)}" if ids else joined.names.suggest(entry.check)
        problems.append(Problem("A315", entry.span, message, hint))
    return acks


def library_of(
    settings: Settings,
    executor: Executor | None = None,
    walk: Walk | None = None,
) -> Library:
    """Return the notes and what each says; those that did not change come from the cache."""
    from argmap.cache import Cache
    from argmap.claims import ClaimOptions
    from argmap.library import read_library

    stated, implied = (ClaimOptions.of(settings, infer=infer) for infer in (False, True))
    return read_library(
        settings.vault_folder,
        settings.vault,
        lambda path: implied if settings.infers_from(path) else stated,
        Cache(settings.state_folder / "notes.json"),
        executor,
        walk,
    )


def _unknown_names(settings: Settings) -> Iterator[Problem]:
    """Tell of aliases and words that nothing can be called by."""
    from argmap.claims.options import odd_aliases

    for name, wrong, hint in odd_aliases(settings.markup.aliases):
        span = place_of(settings.root, "markup", "aliases", name)
        yield Problem("A003", span, f"markup.aliases.{name}: {wrong}", hint)
    words = settings.infer.words
    for key, phrases in (
        ("against", words.against), ("for", words.for_), ("conclusion", words.conclusion)
    ):  # fmt: skip
        if not all(phrase.strip() for phrase in phrases):
            span = place_of(settings.root, "infer", "words", key)
            yield Problem("A003", span, f"infer.words.{key}: a phrase is empty", "leave it out")


def _unknown_hosts(settings: Settings) -> Iterator[Problem]:
    """Tell of hosts to which no secret can go, since no address has such a host."""
    for name, secret in settings.secrets.items():
        for host in secret.hosts:
            if not host or host.count(":") == 1 or set(host) & set("/@*?#[] "):
                span = place_of(settings.root, "secrets", name, "hosts")
                hint = "the host alone: no https://, no port, no path, no *"
                yield Problem("A003", span, f"secrets.{name}.hosts: {host!r} is no host", hint)


def _unknown_folders(settings: Settings, vault: Vault) -> Iterator[Problem]:
    """Tell of folders to infer from that hold no note, where there are notes at all."""
    for folder in settings.infer.folders:
        if vault.notes and not any(is_below(path, folder) for path in vault.notes):
            span = place_of(settings.root, "infer", "folders")
            hint = nearest(folder, sorted({path.rpartition("/")[0] for path in vault.notes}))
            yield Problem("A004", span, f"infer.folders: no note in {folder!r}", hint)


def _sheets(
    said: Mapping[str, NoteClaims], settings: Settings, problems: list[Problem]
) -> list[Sheet]:
    """Return the sheets of claims/, then those in fenced blocks of notes."""
    from argmap.evidence.sheets import read_sheet, read_sheets

    sheets, found = read_sheets(settings.claims_folder, settings.claims)
    problems += found
    for path, of_note in said.items():
        for block in of_note.sheets:
            sheet, found = read_sheet(
                block.text,
                block.span.path,
                first_line=block.span.line,
                first_column=block.span.column,
                scope=path.removesuffix(".md"),
                claim=block.claim,
            )
            sheets.append(sheet)
            problems += found
    return sheets


def _book(sheets: list[Sheet], settings: Settings, problems: list[Problem]) -> Book:
    """Return all measures, with the config's units; a unit that pint cannot read is left out."""
    from argmap.evidence.book import Book
    from argmap.evidence.quantity import UnitError, units_of

    units = tuple(sorted(settings.units.items()))
    for name, definition in units:
        try:
            units_of(((name, definition),)).unit(name)
        except UnitError as error:
            units = tuple(pair for pair in units if pair[0] != name)
            place = place_of(settings.root, "units", name)
            problems.append(Problem("A003", place, f"units.{name}: {error}"))
    book = Book(sheets, units_of(units))
    _recall_formulas(settings, book)
    return book


def _recall_formulas(settings: Settings, book: Book) -> None:
    """Let the formulas that an earlier run parsed with the same units be known."""
    from argmap.evidence.trees import trees_of

    cache, key = _formulas(settings)
    whole = cache.read().whole
    same = isinstance(whole, dict) and whole.get("key") == key
    trees_of(book.units).begin(whole["formulas"] if same else {})


def _keep_formulas(settings: Settings, book: Book) -> None:
    """Keep the formulas that were parsed, for another run."""
    from argmap.evidence.trees import trees_of

    cache, key = _formulas(settings)
    if news := trees_of(book.units).news():
        cache.write((), {"key": key, "formulas": news})


def _formulas(settings: Settings) -> tuple[Cache, str]:
    """Return where parsed formulas are kept, and what they follow from beside their text."""
    from argmap.cache import Cache, own_code

    key = f"{own_code()} {sorted(settings.units.items())}"
    return Cache(settings.state_folder / "formulas.json"), key


def _inline(said: Mapping[str, NoteClaims]) -> Iterator[Check]:
    """Yield the checks that stand in notes, under their evidence's id."""
    for of_note in said.values():
        for item in of_note.evidence:
            if item.kind in ("check", "test"):
                yield _check(item)


def _check(item: Evidence) -> Check:
    from argmap.evidence.model import Check

    return Check(
        id=item.id,
        title=item.text,
        formula=item.formula,
        span=item.span,
        formula_span=item.formula_span or item.span,
        bearing="tests" if item.kind == "test" else "attacks" if item.against else "supports",
        against=item.against,
        targets=(item.claim,),
        weight=item.weight,
        scope=item.note.removesuffix(".md"),
        sources=item.sources,
        expect=item.expect,
        window=item.window,
        path=item.span.path,
    )
