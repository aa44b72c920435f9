"""Where something stands in a note: its sentence, what leads up to it, the headings above it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from argmap.claims.sentences import first_sentence
from argmap.markdown import parser, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token

    from argmap.notes import Link, Note

_OPENS = re.compile(
    r"[ \t]*(?:[-+*][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|>|\||```|~~~|\[\^[^\]\s]+\]:|$)"
)
_ALONE = re.compile(r"[ \t]*(?:#{1,6}[ \t]|>|\|)")  # a block of one line, as far as we look
_INDENT = re.compile(r"[ \t]*(?:\[\^[^\]\s]+\]:[ \t]*)?")
_ITEM = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]")
_HERE = "\0"  # stands on both sides of what is looked for; markdown-it leaves none in a text
_LOOK = 60  # lines of a paragraph, and lines above an item
_WINDOW = 700  # characters on either side in which a sentence is looked for
_LONGEST = 240  # characters that are shown on either side
_CELLS = re.compile(r"(?<!\\)\|")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,100}\]")
_WIDE = 3000  # characters of one line, on either side of what is looked for
_MOST = 4  # sentences of one note
_SPOILS = re.compile(r"[#^|\[\]\\%:]+")  # what Obsidian leaves out of a heading in a link


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a note with what is looked for in it; all plain text."""

    before: str
    text: str
    after: str
    leads: str = ""  # the paragraph or item that it stands under
    trail: str = ""  # the headings it stands below: "Costs › Hardware"


def of_links(note: Note, links: Iterable[Link]) -> tuple[Passage, ...]:
    """Return the sentences that some links of a note stand in, the first few."""
    lines = note.text.split("\n")
    found: dict[tuple[str, ...], Passage] = {}
    for link in links:
        if len(found) == _MOST:
            break
        passage = _of_link(note, lines, link)
        if passage:
            found.setdefault((passage.before, passage.text, passage.after), passage)
    return tuple(found.values())


def _of_link(note: Note, lines: Sequence[str], link: Link) -> Passage | None:
    named = next((k for k, s in note.property_spans.items() if s.line == link.span.line), "")
    if named:
        return Passage(f"{named}: ", link.text, "")
    children, first = _inline_at(lines, link.span.line, link.span.column)
    column = link.span.column - first.get(link.span.line, 0)
    whole = plain_text(list(_marked(children, link.span.line, column)))
    before, _, rest = whole.partition(_HERE)
    text, found, after = rest.partition(_HERE)
    return _sentence(before, text, after) if found else None


def in_place(note: Note, line: int, text: str) -> Passage | None:
    """Return the sentence that says `text` in a line of a note.

    Where the line says it in other words, that is what is returned; None where nothing stands
    there, or nothing but that text, below no heading.
    """
    lines = note.text.split("\n")
    if any(span.line == line for span in note.property_spans.values()):
        return None
    children, _ = _inline_at(lines, line)
    whole = plain_text(children)
    at = whole.find(text)
    if not whole:
        return None
    told = (whole[:at], text, whole[at + len(text) :]) if at >= 0 else ("", whole, "")
    found = replace(_sentence(*told), leads=_leads(lines, line), trail=_trail(note, line))
    return None if found == Passage("", text, "") else found


def _inline_at(
    lines: Sequence[str], line: int, column: int = 1
) -> tuple[list[Token], dict[int, int]]:
    """Return the inline tokens of the paragraph, item or heading that a line belongs to.

    With it, by line, how many characters stand before what was read. Of a line that never ends,
    only what stands around the column is read.
    """
    if not 0 < line <= len(lines):  # the note was changed since it was read
        return [], {}
    start, end = _paragraph(lines, line - 1)
    widths = [len(_INDENT.match(text)[0]) for text in lines[start:end]]  # type: ignore[index]
    here = line - 1 - start
    if column > _WIDE:
        widths[here] = max(widths[here], lines[line - 1].find(" ", column - 1 - _WIDE, column) + 1)
    ends = [(column if at == here else width) + _WIDE for at, width in enumerate(widths)]
    cut = zip(lines[start:end], widths, ends, strict=True)
    text = "\n".join(one[width:end] for one, width, end in cut)
    if lines[line - 1].lstrip().startswith("|"):
        text, before = _cell(text, column - 1 - widths[here])
        widths[here] += before
    tokens = parser().parse(text, {"first_line": start + 1})
    inline = [token for token in tokens if token.type == "inline" and token.map]
    holding = [t for t in inline if t.map and t.map[0] <= line - 1 - start < t.map[1]]
    first = {start + 1 + number: width for number, width in enumerate(widths)}
    return [_told(child) for token in holding[:1] for child in token.children or []], first


def _told(token: Token) -> Token:
    """Return a token without the footnotes it calls, which are not there."""
    if token.type == "text" and "[^" in token.content:
        token.content = _FOOTNOTE.sub("", token.content)
    return token


def _cell(row: str, at: int) -> tuple[str, int]:
    """Return a table's cell that a place is in, and how much stands before it in the row.

    Its escaped bars are bars; those before the place count as standing before the cell.
    """
    bars = [found.start() for found in _CELLS.finditer(row)]
    begin = max((bar + 1 for bar in bars if bar <= at), default=0)
    begin += len(row[begin:]) - len(row[begin:].lstrip())
    end = min((bar for bar in bars if bar > max(at, begin - 1)), default=len(row))
    return row[begin:end].replace("\\|", "|"), begin + row[begin : max(begin, at)].count("\\|")


def _paragraph(lines: Sequence[str], at: int) -> tuple[int, int]:
    """Return the first line of what a line belongs to, and the line behind its last."""
    start = at
    while start > 0 and at - start < _LOOK and not _OPENS.match(lines[start]):
        if not lines[start - 1].strip() or _ALONE.match(lines[start - 1]):
            break
        start -= 1
    end = at + 1
    while not _ALONE.match(lines[at]) and end < len(lines) and end - at < _LOOK:
        if _OPENS.match(lines[end]):
            break
        end += 1
    return start, end


def _marked(tokens: Sequence[Token], line: int, column: int) -> Iterator[Token]:
    """Yield inline tokens, the link at a place between two signs."""
    from markdown_it.token import Token as Made

    sign = Made("text", "", 0, content=_HERE)
    level: int | None = None
    for token in tokens:
        is_here = (token.meta.get("line"), token.meta.get("column")) == (line, column)
        if is_here and token.type == "link_open":
            level = token.level
            yield sign
        elif token.type == "link_close" and token.level == level:
            level = None
            yield sign
        elif is_here:
            said = token.meta.get("text") or token.content
            yield Made("text", "", 0, content=f"{_HERE}{said}{_HERE}")
        elif token.type == "inline_field":  # its value is no text, but a link in it is
            value = list(_marked(token.children or [], line, column))
            yield from value if any(_HERE in inner.content for inner in value) else ()
        else:
            yield token


def _sentence(before: str, text: str, after: str) -> Passage:
    """Cut the text on both sides of a passage to the sentence it is in."""
    begins, ends = before[-_WINDOW:], after[:_WINDOW]
    at = 0
    while at < len(begins):
        end = at + first_sentence(begins[at:] + text)
        if end >= len(begins):
            break
        at = end
    begins, was_cut = begins[at:].lstrip(), at == 0 and len(before) > _WINDOW
    ends = ends[: max(0, first_sentence(text + ends) - len(text))]
    if len(begins) > _LONGEST or was_cut:
        begins = f"… {begins[-_LONGEST:].partition(' ')[2]}"
    if len(ends) > _LONGEST:
        ends = f"{ends[:_LONGEST].rpartition(' ')[0]} …"
    return Passage(begins, text, ends)


def _leads(lines: Sequence[str], line: int) -> str:
    """Return the text that an item stands under: the item around it, or the line above its list."""
    own = lines[line - 1]
    if not _ITEM.match(own):
        return ""
    depth = _depth(own)
    for at in range(line - 2, max(-1, line - 2 - _LOOK), -1):
        above = lines[at]
        if not above.strip() or (_ITEM.match(above) and _depth(above) >= depth):
            continue
        if above.lstrip().startswith(("#", "---")):
            return ""
        if _depth(above) < depth or not _ITEM.match(above):
            return _cut(plain_text(_inline_at(lines, at + 1)[0]))
    return ""


def _depth(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip(" "))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0]} …"


def _trail(note: Note, line: int) -> str:
    """Return the headings that a line stands below, outermost first."""
    trail: list[tuple[int, str]] = []
    for place in note.places:
        if place.span.line > line or not place.level:
            continue
        while trail and trail[-1][0] >= place.level:
            trail.pop()
        trail.append((place.level, place.text))
    told = [text for _, text in trail if text]
    return " › ".join(told[1:] if told[:1] == [note.title] else told)


def subpath(note: Note, line: int) -> str:
    """Return the block that begins in a line, else the heading above it, as links name them."""
    above = [place for place in note.places if place.span.line <= line]
    block = next((p.text for p in above if not p.level and p.span.line == line), "")
    heading = next((p.text for p in reversed(above) if p.level), "")
    return f"^{block}" if block else " ".join(_SPOILS.sub(" ", heading).split())
