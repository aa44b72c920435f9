"""What a rule finds in a plain note, and the stretches of text that it is made of."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from argmap.claims.fields import of_link
from argmap.claims.sentences import capitalised, ends, first_sentence, without_stop
from argmap.claims.words import ADDRESSED, ARGUABLE, folded
from argmap.markdown import parser, plain_text
from argmap.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from argmap.claims.model import Source
    from argmap.claims.words import Needs
    from argmap.notes import Block, Note

Rule = Literal[
    "lead-in", "headings", "table", "nested", "label", "conclusion", "therefore",
    "disputed-thesis", "stated", "belief", "reported", "ordinals", "reasons", "why", "because",
    "asserted",
]  # fmt: skip
FoundRole = Literal["thesis", "pro", "con", "conclusion"]

STOPS = " \t\n\xa0.:;,—–-"
_LINKED = re.compile(r"!?\[\[[^\[\]]*\]\]|\[[^\[\]]*\]\([^()]*\)|`[^`]*`")
_CITED = re.compile(r"\((?:see |см\. )?(?:\[\[[^\[\]]+\]\]|\[[^\[\]]+\]\([^()]+\))\)[.\s]*$")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_SENTENCE = 1000  # characters
_FEWEST_WORDS = 3  # in a statement that nothing marks but its place
_PAIRED = ("**", "__", "==", "~~")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the Markdown of a paragraph, a heading or a table."""

    block: Block
    start: int
    end: int

    @property
    def markdown(self) -> str:
        """Its source."""
        return self.block.markdown[self.start : self.end]

    @property
    def text(self) -> str:
        """What a reader sees, on one line, without a final stop."""
        return without_stop(plain(self.markdown))

    def sentence(self) -> tuple[Part, Part]:
        """Return its first sentence, and what follows."""
        end = self.start + first_sentence(self.markdown)
        return Part(self.block, self.start, end), Part(self.block, end, self.end).stripped()

    def sentences(self) -> Iterator[Part]:
        """Yield its sentences; all of it where it has but one."""
        text, start = self.markdown, 0
        for end in (*ends(text), len(text)):
            blank = len(text[start:end]) - len(text[start:end].lstrip())
            if end > start + blank or not start:
                yield Part(self.block, self.start + start + blank, self.start + end)
            start = end

    def uncited(self) -> Part:
        """Return it without a citation in brackets at its end."""
        cited = _CITED.search(self.markdown)
        if cited is None:
            return self
        kept = self.markdown[: cited.start()].rstrip()
        return Part(self.block, self.start, self.start + len(kept))

    def stripped(self, of: str = STOPS) -> Part:
        """Return it without stops and blanks in front."""
        kept = self.markdown.lstrip(of)
        return Part(self.block, self.end - len(kept), self.end)

    def span(self, note: Note) -> Span:
        """Return where it begins in the note."""
        return place(note, self.block, self.start)

    def sources(self, note: Note) -> tuple[Source, ...]:
        """Return what its links lead to, each once."""
        first, last = self.span(note), place(note, self.block, self.end)
        found = {
            (link.target, link.subpath): of_link(link)
            for link in self.block.links
            if link.kind != "embed" and first <= link.span < last
        }
        return tuple(found.values())


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A claim that a rule found, before it has an id. Two are the same only if they are one."""

    rule: Rule
    role: FoundRole
    part: Part  # what says it
    text: str
    block: Block  # the item, paragraph or heading whose block id it is called by
    name: str = ""  # what its id is made of, where not of its text
    needs: Needs = ""
    about: Found | None = None  # the claim it answers; else the note's thesis and conclusion
    below: FoundRole | None = None  # what it is instead, where it stands below what it is about
    detail: str = ""
    cited: tuple[Part, ...] = ()  # what its item says beyond it: evidence
    source: Source | None = None  # whose thesis it is
    label: tuple[int, int] = field(default=(0, 0))  # in the part's block: a label that says `role`

    @property
    def key(self) -> tuple[Span, int]:
        """What orders what was found, and tells two finds of one thing."""
        return self.part.block.span, self.part.start


def plain(markdown: str) -> str:
    """Return what a reader sees of a piece of Markdown that may cut through emphasis."""
    for mark in _PAIRED:
        if markdown.count(mark) % 2:
            before, _, after = markdown.rpartition(mark)
            markdown = before + after
    md = parser()
    return plain_text(md.inline.parse(markdown, md, {}, []))


def place(note: Note, block: Block, at: int) -> Span:
    """Return where a position of a block's Markdown stands in the note."""
    from argmap.markdown.places import is_blank

    starts, rows = _rows(block.markdown)
    row = bisect_right(starts, at) - 1
    lines = _rows(note.text)[1]
    first = block.span.line
    while first < block.last_line and is_blank(lines[first - 1]):  # a form feed, say
        first += 1
    number = first + row
    source = lines[number - 1]
    start = source.find(rows[row], 0 if row else block.span.column - 1)
    return Span(block.span.path, number, max(start, 0) + at - starts[row] + 1)


@lru_cache(maxsize=8)
def _rows(text: str) -> tuple[list[int], list[str]]:
    """Return where each line of a text begins, and the lines."""
    rows = text.split("\n")
    return list(accumulate((len(row) + 1 for row in rows[:-1]), initial=0)), rows


def whole(block: Block) -> Part:
    """Return all of a paragraph or heading."""
    return Part(block, 0, len(block.markdown))


def sentence_case(part: Part) -> str:
    """Return a part's text as a sentence begins."""
    return capitalised(part.text)


def is_statement(markdown: str, fewest: int = _FEWEST_WORDS) -> bool:
    """Say whether a text says something: words of its own, beside links and code; no question."""
    own = _LINKED.sub(" ", markdown)
    bare = markdown.rstrip(' *_"»”)')
    return len(_WORD.findall(own)) >= fewest and not bare.endswith(("?", ":", "…", "..."))


def is_arguable(part: Part) -> bool:
    """Say whether a sentence says what should be, or what is better, and asks and tells nobody."""
    text = folded(part.markdown).rstrip(STOPS)
    if len(text) > _LONGEST_SENTENCE or ADDRESSED.match(text):
        return False
    return ARGUABLE.search(text) is not None and is_statement(text)


def opened(item: Block) -> tuple[Part, Part] | None:
    """Return the bold words that an item opens with, and the rest of that paragraph."""
    head = head_of(item)
    if head is None:
        return None
    tokens = [token for token in head.tokens if token.type != "text" or token.content.strip()]
    if not tokens or tokens[0].type != "strong_open":
        return None
    end = next((i for i, token in enumerate(tokens) if token.type == "strong_close"), 0)
    if not _says_something(tokens[1:end]):
        return None
    start = len(head.markdown) - len(head.markdown.lstrip()) + 2
    close = head.markdown.find(head.markdown[start - 2 : start], start)
    numbered = re.match(r"\d+[.)]\s*", head.markdown[start:])
    start += numbered.end() if numbered else 0
    return Part(head, start, close), Part(head, close + 2, len(head.markdown)).stripped()


def _says_something(bold: Sequence[Token]) -> bool:
    """Say whether bold words say something: a link or a piece of code alone names a thing."""
    depth = 0
    for token in bold:
        depth += token.nesting if token.type.startswith("link") else 0
        if token.type == "text" and not depth and re.search(r"[^\W\d_]", token.content):
            return True
    return False


def head_of(item: Block) -> Block | None:
    """Return the paragraph that an item opens with."""
    head = item.children[0] if item.children else None
    return head if head and head.kind == "paragraph" else None


def pairs(note: Note) -> Iterator[tuple[Block | None, Block]]:
    """Yield the note's blocks, each with the one before; rules between them do not count."""
    before = None
    for block in note.blocks:
        if block.kind != "rule":
            yield before, block
            before = block


def block_id(block: Block) -> str:
    """Return the block id that something is linked by, its paragraph's for an item."""
    return block.id or (block.children[0].id if block.kind == "item" and block.children else "")


def apart(said: Part, rest: Part) -> tuple[Part, str]:
    """Return a claim without its citation in brackets, and that with the rest as its detail."""
    bare = said.uncited()
    if bare.end == said.end:
        return said, rest.markdown.strip()
    return bare, said.block.markdown[bare.end : rest.end].strip()
