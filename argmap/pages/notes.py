"""A note -> its page: its text with its claims marked, what it links to, what links to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from argmap.notes import split_front_matter
from argmap.pages import views
from argmap.pages.addresses import note_href
from argmap.pages.anchors import PREFIX
from argmap.pages.marks import marks_of
from argmap.pages.markup import less_ours
from argmap.pages.properties import properties
from argmap.pages.prose import Prose, href
from argmap.vault.uri import open_uri

if TYPE_CHECKING:
    from pathlib import Path

    from markdown_it.token import Token
    from markupsafe import Markup

    from argmap.notes import Link, Note
    from argmap.pages.cards import ClaimCard, Deck
    from argmap.pages.passages import Passage

_COMMENT = re.compile(r"%%.*?%%", re.DOTALL)
_MOST = 50  # notes that link to one


@dataclass(frozen=True, slots=True)
class Out:
    """A link that leaves a note: the page it leads to, if there is one."""

    text: str
    url: str
    missing: bool  # there is no such note


@dataclass(frozen=True, slots=True)
class Backlink:
    """A note that links here, with the sentences that do."""

    title: str
    url: str  # empty where that note has no page
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class NoteView:
    """What a note's page shows."""

    title: str
    anchor: str  # the name of the title's place, where the text opens with it as a heading
    date: str
    aliases: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]  # each with where it is listed
    properties: tuple[tuple[str, Markup], ...]
    html: Markup
    claims: tuple[ClaimCard, ...]
    links: tuple[Out, ...]
    backlinks: tuple[Backlink, ...]
    more_backlinks: int
    obsidian: str


def note_view(deck: Deck, path: str) -> NoteView:
    """Return a note's page."""
    note = deck.report.vault.notes[path]
    sources = deck.report.vault.backlinks(path)
    anchor, html = _text(deck, note)
    return NoteView(
        title=note.title,
        anchor=anchor,
        date=deck.words.day(note.date) if note.date else "",
        aliases=note.aliases,
        tags=tuple((tag, deck.shelf.tag(tag)) for tag in less_ours(deck, note.tags)),
        properties=properties(deck, path),
        html=html,
        claims=tuple(views.claim_cards(deck, path)),
        links=_links(deck, note),
        backlinks=tuple(_backlink(deck, source, path) for source in sources[:_MOST]),
        more_backlinks=max(0, len(sources) - _MOST),
        obsidian=in_obsidian(deck, path),
    )


def fragment(deck: Deck, path: str, markdown: str) -> Markup:
    """Return a claim's detail as safe HTML."""
    from markupsafe import Markup

    return Markup(Prose(deck, path).html(markdown) if markdown else "")  # noqa: S704


def in_obsidian(deck: Deck, path: str, line: int = 0) -> str:
    """Return the address by which Obsidian opens a note, at what stands in a line of it.

    It names the vault, not the folder it is in; a public page has none.
    """
    if deck.report.public:
        return ""
    subpath = deck.shelf.subpath(path, line) if line else ""
    return open_uri(_vault_name(deck.report.settings.vault_folder), path, subpath)


@cache
def _vault_name(folder: Path) -> str:
    """Return what Obsidian calls a vault: its folder's name."""
    return folder.resolve().name


def searchable(note: Note) -> str:
    """Return what of a note's text a search may find: no properties, no comments."""
    return _COMMENT.sub(" ", split_front_matter(note.text)[1])


def _text(deck: Deck, note: Note) -> tuple[str, Markup]:
    """Return a note's text, each claim and each evidence marked at its line.

    Before it, the name of the title's place where the text opened with the title.
    """
    from markupsafe import Markup

    _, body, first_line = split_front_matter(note.text)
    marks = {
        line: f'<span class="anchor" id="L{line}"></span>{icons}'
        for line, icons in marks_of(deck, note.path).items()
    }
    prose = Prose(deck, note.path, first_line, own_page=True, marks=marks)
    anchors = prose.anchors.headings
    found = []

    def less_title(tokens: list[Token]) -> list[Token]:
        if not _repeats(tokens, note.title) or tokens[0].map is None:
            return tokens
        found.append(anchors.get(tokens[0].map[0] + first_line, ""))
        return tokens[3:]

    html = prose.html(body, less_title)
    unplaced = "".join(html for line, html in marks.items() if line not in prose.used)
    name = f"{PREFIX}{found[0]}" if found and found[0] else ""
    return name, Markup(unplaced + html)  # noqa: S704


def _repeats(tokens: list[Token], title: str) -> bool:
    """Say whether the text opens with the note's title as its heading."""
    opens = bool(tokens) and tokens[0].type == "heading_open"
    return opens and tokens[1].content.strip() == title


def _links(deck: Deck, note: Note) -> tuple[Out, ...]:
    """Return where a note's links lead, each place once; what it shows in itself left out."""
    outs = [_out(deck, note.path, link) for link in note.links if link.target]
    return tuple({(out.text, out.url): out for out in outs if out}.values())


def _out(deck: Deck, path: str, link: Link) -> Out | None:
    text = link.text or link.target
    if link.kind == "url":
        safe = link.target.startswith(("http://", "https://"))
        return Out(text, link.target if safe else "", missing=False)
    to = href(deck, path, link.target, link.subpath)
    is_file = deck.report.vault.resolve(link.target, path) not in deck.report.vault.notes
    if link.kind == "embed" and to is not None and is_file:
        return None
    return Out(text, to or "", missing=to is None)


def _backlink(deck: Deck, source: str, path: str) -> Backlink:
    page = note_href(deck, source)
    title = deck.report.vault.notes[source].title
    return Backlink(title, f"../{page}" if page else "", deck.shelf.sentences(source, path))
