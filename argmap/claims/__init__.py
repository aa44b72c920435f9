"""Note -> claims, evidence, arguments, relations: marked by the author, or implied by the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.claims.options import ClaimOptions

if TYPE_CHECKING:
    from argmap.claims.model import NoteClaims
    from argmap.notes import Note
    from argmap.source import Problem

__all__ = ["ClaimOptions", "read_claims"]


def read_claims(note: Note, options: ClaimOptions) -> tuple[NoteClaims, list[Problem]]:
    """Return what a note says, and what is wrong in it.

    A note with any mark of ours is taken at its author's word; from one without, claims are
    inferred. A sheet in a fence is no mark.
    """
    from argmap.claims.inferred import infer
    from argmap.claims.marked import read_marked

    said, problems, is_marked = read_marked(note, options)
    if options.infer and not is_marked:
        said = infer(note, options, said.sheets)
    return said, problems
