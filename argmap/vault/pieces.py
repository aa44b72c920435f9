"""What an embed shows: a whole note, the part below a heading, or one block, as Markdown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from argmap.notes import split_front_matter, walk

if TYPE_CHECKING:
    from argmap.notes import Block, Note
    from argmap.vault import Vault

Stop = Literal["", "circle", "deep", "many"]
_DEEPEST = 4  # embeds in embeds
_MOST = 100  # on one page; a hundred notes that embed each other would else never end
_LONGEST = 400_000  # characters of embedded Markdown on one page
_PREFIX = " \t>"  # what stands before the lines of a nested block


@dataclass(frozen=True, slots=True)
class Piece:
    """A note, or a part of one, to be shown in another."""

    path: str  # the note it is from: links in it are that note's
    subpath: str
    markdown: str
    first_line: int  # where it begins in its file


@dataclass(frozen=True, slots=True)
class Embeds:
    """What a note may embed: `piece`; and what may be embedded in that: `inside` it.

    What is being shown is not shown again inside itself, nor is anything too deep, or too much.
    """

    vault: Vault
    path: str
    around: tuple[tuple[str, str], ...]  # notes and parts that are being shown, outermost first
    shown: list[Piece] = field(default_factory=list)  # on the whole page

    def piece(self, target: str, subpath: str) -> Piece | None:
        """Return what an embed of this note shows; None for what is no note, or is not there."""
        path = self.vault.resolve(target, self.path)
        if path is None or self.stops(target, subpath):
            return None
        found = piece(self.vault, path, subpath)
        if found:
            self.shown.append(found)
        return found

    def stops(self, target: str, subpath: str) -> Stop:
        """Return why a note that is there is not shown: it would not end, or the page would not."""
        path = self.vault.resolve(target, self.path)
        if path not in self.vault.notes:
            return ""
        if (path, subpath) in self.around:
            return "circle"
        if len(self.around) > _DEEPEST:
            return "deep"
        too_much = sum(len(one.markdown) for one in self.shown) > _LONGEST
        return "many" if too_much or len(self.shown) >= _MOST else ""

    def inside(self, shown: Piece) -> Embeds:
        """Return what a piece that this note shows may embed."""
        around = (*self.around, (shown.path, shown.subpath))
        return Embeds(self.vault, shown.path, around, self.shown)


def embeds(vault: Vault, path: str) -> Embeds:
    """Return what a note may embed on its own page."""
    return Embeds(vault, path, ((path, ""),))


def piece(vault: Vault, path: str, subpath: str) -> Piece | None:
    """Return a note, or the part that a subpath names, as Markdown."""
    note = vault.notes.get(path)
    if note is None:
        return None
    if not subpath.strip("# "):
        _, body, first_line = split_front_matter(note.text)
        return Piece(path, "", body, first_line)
    place = vault.find(path, subpath)
    if place is None:
        return None
    if place.level:
        start, end = place.span.line, _end_of_section(note, place.span.line, place.level)
        return Piece(path, subpath, _lines(note, start, end, 0), start)
    block = next((b for b in walk(note.blocks) if b.id == place.text), None)
    return _of_block(note, subpath, block) if block else None


def _of_block(note: Note, subpath: str, block: Block) -> Piece:
    start = block.span.line
    return Piece(
        note.path, subpath, _lines(note, start, block.last_line, block.span.column - 1), start
    )


def _end_of_section(note: Note, line: int, level: int) -> int:
    """Return the last line before the next heading that is not below this one."""
    after = (p.span.line for p in note.places if p.span.line > line and 0 < p.level <= level)
    return min(after, default=note.text.count("\n") + 2) - 1


def _lines(note: Note, start: int, end: int, width: int) -> str:
    """Return lines of a note, less what stands before a nested block."""
    lines = note.text.split("\n")[start - 1 : end]
    return "\n".join([lines[0][width:], *(_undented(line, width) for line in lines[1:])])


def _undented(line: str, width: int) -> str:
    taken = 0
    while taken < min(width, len(line)) and line[taken] in _PREFIX:
        taken += 1
    return line[taken:]
