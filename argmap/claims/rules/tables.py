"""Tables with a column for and a column against."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argmap.claims.found import STOPS, Found, Part, is_statement, plain
from argmap.claims.words import folded, without_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argmap.claims.words import LeadIn, Words
    from argmap.notes import Block, Note

_CELL = re.compile(r"(?<!\\)\|")


def table(note: Note, words: Words) -> Iterator[Found]:
    """Find the cells of a table with a column for and a column against."""
    for block in note.blocks:
        rows = list(_rows(block)) if block.kind == "table" else []
        sides = [_side_of(cell.markdown, words) for cell in rows[0]] if rows else []
        if {lead.side for lead in sides if lead} != {"pro", "con"}:
            continue
        for row in rows[2:]:
            for cell, lead in zip(row, sides, strict=False):
                if lead and is_statement(cell.markdown):
                    yield Found("table", lead.side, cell, cell.text, block, needs="thesis")


def _rows(block: Block) -> Iterator[list[Part]]:
    """Yield a table's rows as their cells; the second is the line below the header."""
    at = 0
    for line in block.markdown.split("\n"):
        cells: list[Part] = []
        start = at
        for found in [*_CELL.finditer(line), None]:
            end = at + (found.start() if found else len(line))
            text = block.markdown[start:end]
            kept = start + len(text) - len(text.lstrip())
            if text.strip() or cells:
                cells.append(Part(block, kept, kept + len(text.strip())))
            start = end + 1
        yield cells
        at += len(line) + 1


def _side_of(header: str, words: Words) -> LeadIn | None:
    text = without_before(folded(plain(header))).rstrip(STOPS)
    return next((lead for lead in words.lead_ins if lead.pattern.fullmatch(text)), None)
