"""Everything a person wrote, read and joined: vault + sheets -> Reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argmap.claims.model import Evidence, NoteClaims
    from argmap.config import Settings
    from argmap.evidence.checks import Book
    from argmap.evidence.model import Check
    from argmap.evidence.sheets import Sheet
    from argmap.graph import ArgumentMap
    from argmap.source import Problem
    from argmap.vault import Vault


@dataclass(frozen=True, slots=True)
class Reading:
    """What notes and sheets say, before anything is run."""

    settings: Settings
    vault: Vault
    map: ArgumentMap
    book: Book  # measures by name, and what reads them
    problems: tuple[Problem, ...]


def read_all(settings: Settings, problems: Iterable[Problem] = ()) -> Reading:
    """Read notes, claims and sheets; `problems` are those of the config."""
    from argmap import graph
    from argmap.vault import read_vault

    told = list(problems)
    vault = read_vault(settings.vault_folder, settings.vault)
    told += vault.problems
    said = _claims(vault, settings, told)
    book = _book(said, settings, told)
    checks = [*_inline(said, book), *book.checks.values()]
    joined, more = graph.build(said, checks, book.readers(checks), vault)
    told += more
    told += book.lint(joined.checks.values(), joined.graph)
    ordered = sorted(set(told), key=lambda problem: (problem.span, problem.code, problem.message))
    return Reading(settings, vault, joined, book, tuple(ordered))
