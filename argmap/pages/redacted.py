"""A published note -> the same note without what it says of notes that are not published.

A link to such a note, whatever its form and its text, becomes a neutral word; so does the name of
something that is not published, where a relation names it. Comments go: they are the author's own.
No line is added or taken away, so that every place stays what it was.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from argmap.claims.options import RELATIONS
from argmap.markdown import comment
from argmap.markdown.wikilink import PATTERN as WIKILINK
from argmap.markdown.wikilink import read
from argmap.notes import read_note, split_front_matter, walk
from argmap.pages.publish import SiteError
from argmap.vault.names import key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from argmap.graph import Names
    from argmap.notes import Note
    from argmap.vault import Vault

Edit = tuple[int, int, str]  # from, to, and what stands there instead

_TARGETS = (*RELATIONS, "premises")
_WIKILINK = re.compile(rf"!?{WIKILINK.pattern}")
_DESTINATION = re.compile(
    r"\]\([ \t]*(?:<([^<>\n]*)>|((?:[^()\s\\]|\\.|\([^()\s]*\))*))"
    r"(?:[ \t\n]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*\)"
)
_DEFINITION = re.compile(r"^[ >\t]*\[([^\[\]\n]+)\]:[ \t]*(?:<([^<>\n]*)>|(\S+)).*$", re.MULTILINE)
_ANCHOR, _ANCHOR_END = re.compile(r"<a\b", re.IGNORECASE), re.compile(r"</a\s*>", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\"'>\s]+)", re.IGNORECASE)
_USE = re.compile(r"!?(?:\[[^\[\]]*\]\[([^\[\]]+)\]|\[([^\[\]]+)\](?:\[\])?(?![\[(:]))")
_OF_THIS_MACHINE = re.compile(r"\b(?:obsidian|file)://[^\s<>()\[\]\"'`]*", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_APART = re.compile(r"[,;]")
_LINK = re.compile(r"\[[^\[\]]*\]\([^()]*\)")
_BRACKET = re.compile(r"\\[\[\]]|[\[\]]")
_CYRILLIC, _LATIN = re.compile(r"[\u0400-\u04ff]"), re.compile(r"[A-Za-z]")


class LeakError(SiteError):
    """A link to a note that is not published, in a form that cannot be taken out."""


def neutral(text: str) -> str:
    """Return what stands for what is not published, in the language the text is in."""
    russian = len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text))
    return "(не опубликовано)" if russian else "(not published)"


@dataclass(frozen=True)
class Redactor:
    """Knows what is published, and takes what is not out of texts."""

    vault: Vault
    published: Collection[str]  # paths of notes
    fields: Mapping[str, str]  # our fields by the names that the project gives them
    names: Names  # of what is published
    measures: Collection[str]  # that published evidence reads

    def hides(self, target: str, path: str) -> bool:
        """Say whether a link in the note at `path` is to a note that is not published.

        An alias leads nowhere, but says as much as a title.
        """
        if not target.strip():
            return False
        found = self.vault.resolve(target, path)
        if found is None:
            owners = self.vault.by_alias.get(key(target), ())
            return any(owner not in self.published for owner in owners)
        return found.lower().endswith(".md") and found not in self.published

    def text(self, text: str, path: str = "", word: str = "") -> str:
        """Return a text without links to what is not published; `path` is of its note."""
        edits = list(self._links(text, path, word or neutral(text)))
        edits += self._defined(text, path, word or neutral(text))
        return _edited(text, edits)

    def note(self, note: Note) -> Note:
        """Return the note as it is published: itself, where it says nothing of others.

        Raises LeakError where a link is left.
        """
        word = neutral(note.text)
        text = _edited(note.text, [*self._comments(note.text), *self._named(note, word)])
        text = self.text(text, note.path, word)
        if text == note.text:
            return note
        made = read_note(note.path, text)
        before = {link.target for link in note.links}
        for link in made.links:
            if link.kind != "url" and self._is_left(link.target, note.path, before):
                said = f"{note.path}:{link.span.line}: a link to a note that is not published"
                raise LeakError(f"{said} cannot be taken out; write it as [[…]]")
        return made

    # Links

    def _is_left(self, target: str, path: str, before: Collection[str]) -> bool:
        """Say whether a link still names what is hidden, or came of what a cut joined."""
        joined = target not in before and self.vault.resolve(target, path) is None
        return self.hides(target, path) or joined

    def _links(self, text: str, path: str, word: str) -> Iterator[Edit]:
        for found in _WIKILINK.finditer(text):
            said = read(found[1])
            if said and self._leads_away(said.target, path):
                yield *found.span(), word
        begins = _openings(text)
        for found in _DESTINATION.finditer(text):
            if self._leads_away(found[1] or found[2] or "", path):
                yield begins.get(found.start(), found.start()), found.end(), word
        for start, end, href in _anchors(text):
            if self._leads_away(href, path):
                yield start, end, word
        for found in _OF_THIS_MACHINE.finditer(text):
            yield *found.span(), word

    def _defined(self, text: str, path: str, word: str) -> Iterator[Edit]:
        """Yield what takes out `[text][label]` and `[label]: Note.md`."""
        labels = set()
        for found in _DEFINITION.finditer(text):
            if self._leads_away(found[2] or found[3], path):
                labels.add(found[1].casefold())
                yield *found.span(), ""
        for use in _USE.finditer(text) if labels else ():
            if (use[1] or use[2]).casefold() in labels:
                yield *use.span(), word

    def _leads_away(self, destination: str, path: str) -> bool:
        if _SCHEME.match(destination):
            return bool(_OF_THIS_MACHINE.match(destination))
        target = destination.partition("#")[0]
        return self.hides(target, path) or self.hides(unquote(target), path)

    # What a note says besides

    def _comments(self, text: str) -> Iterator[Edit]:
        _, body, _ = split_front_matter(text)
        start = len(text) - len(body)
        marks = [start + mark for mark in comment.marks(body)]
        for first, last in zip(marks[::2], marks[1::2], strict=False):
            yield first, last + 2, ""
        for first, last in _between(text, "<!--", "-->", start):
            yield first, last, ""

    def _named(self, note: Note, word: str) -> Iterator[Edit]:
        """Yield what takes out the names, in relations, of what is not published."""
        starts = _line_starts(note.text)
        for block in walk(note.blocks):
            for found in block.fields:
                if self.fields.get(found.key.casefold()) in _TARGETS:
                    place = found.value_span
                    at = starts[place.line - 1] + place.column - 1
                    for part in self._unknown(found.value, note.id):
                        begin = note.text.find(part, at, at + len(found.value))
                        if begin >= 0:
                            yield begin, begin + len(part), word
        yield from self._named_by_properties(note, word, starts)

    def _named_by_properties(self, note: Note, word: str, starts: list[int]) -> Iterator[Edit]:
        lines = sorted(span.line for span in note.property_spans.values())
        _, body, _ = split_front_matter(note.text)
        for name, value in note.properties.items():
            if self.fields.get(name.casefold()) not in _TARGETS:
                continue
            line = note.property_spans[name].line
            after = next((starts[n - 1] for n in lines if n > line), len(note.text) - len(body))
            begin = note.text.find(":", starts[line - 1])
            for part in self._unknown_in(value, note.id):
                found = note.text.find(part, begin, after)
                if found >= 0:
                    yield found, found + len(part), word

    def _unknown_in(self, value: object, note: str) -> Iterator[str]:
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str):
                yield from self._unknown(item, note)

    def _unknown(self, value: str, note: str) -> Iterator[str]:
        for part in _parts(value):
            links = [(start, end, "") for start, end in _between(part, "[[", "]]")]
            name = _LINK.sub("", _edited(part, links)).strip()
            if name and not self.names.find(name, note) and name not in self.measures:
                yield name

    @cached_property
    def attachments(self) -> frozenset[str]:
        """The files, not notes, to which published notes lead."""
        found = (
            leads_to
            for path in self.published
            for _, leads_to in self.vault.outlinks(path)
            if leads_to and not leads_to.lower().endswith(".md")
        )
        return frozenset(found)


def _between(text: str, opening: str, closing: str, at: int = 0) -> Iterator[tuple[int, int]]:
    """Yield each stretch from an opening sign to the next closing one, both included."""
    while (start := text.find(opening, at)) >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            return
        at = end + len(closing)
        yield start, at


def _parts(value: str) -> Iterator[str]:
    """Yield what stands between commas and semicolons that are in no link."""
    links = list(_between(value, "[[", "]]"))
    begin = 0
    for found in _APART.finditer(value):
        after = bisect_right(links, (found.start(), len(value))) - 1
        if after < 0 or links[after][1] <= found.start():
            yield value[begin : found.start()]
            begin = found.end()
    yield value[begin:]


def _anchors(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield each `<a href=…>…</a>` with where it leads."""
    at = 0
    while opening := _ANCHOR.search(text, at):
        at = text.find(">", opening.end()) + 1
        if not at:
            return
        if href := _HREF.search(text, opening.end(), at - 1):
            closing = _ANCHOR_END.search(text, at)
            if closing is None:
                return
            at = closing.end()
            yield opening.start(), at, href[1]


def _edited(text: str, edits: list[Edit]) -> str:
    """Return a text with all edits made, the widest of those that overlap; no line is lost."""
    pieces, done = [], 0
    for start, end, word in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start >= done:
            pieces += [text[done:start], word, "\n" * text.count("\n", start, end)]
            done = end
    return "".join([*pieces, text[done:]])


def _openings(text: str) -> dict[int, int]:
    """Return, by where a bracket closes, where the link begins that it ends, its `!` included."""
    begins: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACKET.finditer(text):
        at = found.start()
        if found[0] == "[":
            opened.append(at)
        elif found[0] == "]" and opened:
            start = opened.pop()
            begins[at] = start - (start > 0 and text[start - 1] == "!")
    return begins


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]
