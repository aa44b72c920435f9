"""A note's Markdown -> safe HTML, as Obsidian shows it.

Everything a person wrote is cleaned by nh3; what is ours (icons, images, embedded notes) is put in
afterwards, in the places that were kept for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html import escape
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from argmap.markdown import render
from argmap.markdown.embed import picture
from argmap.pages import footnotes, raw
from argmap.pages.addresses import note_href
from argmap.pages.anchors import PREFIX, Anchors, block
from argmap.pages.marks import marks_of
from argmap.pages.markup import Reader, own_tags
from argmap.pages.tokens import block as block_of
from argmap.pages.tokens import made
from argmap.vault.pieces import embeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from markdown_it.token import Token
    from nh3 import Cleaner

    from argmap.pages.cards import Deck
    from argmap.vault.pieces import Embeds, Piece

ROOT = "../"  # from the page of a note or a claim to the site's root
CALLOUTS = {
    "note": "note", "abstract": "abstract", "summary": "abstract", "tldr": "abstract",
    "info": "info", "todo": "todo", "tip": "tip", "hint": "tip", "important": "tip",
    "success": "success", "check": "success", "done": "success", "question": "question",
    "help": "question", "faq": "question", "warning": "warning", "caution": "warning",
    "attention": "warning", "failure": "failure", "fail": "failure", "missing": "failure",
    "danger": "danger", "error": "danger", "bug": "bug", "example": "example", "quote": "quote",
    "cite": "quote",
}  # fmt: skip
_KINDS = sorted({f"co-{kind}" for kind in CALLOUTS.values()})
TASKS = {" ": "open", "x": "done", "X": "done", "/": "half", "-": "dropped", ">": "moved"}
_CLASSES = {
    "a": {"internal", "external", "tag"},
    "code": {"math"},
    "details": {"callout", "co-ours", *_KINDS},
    "div": {"callout", "callout-title", "co-ours", "embed", "scroll", "source", *_KINDS},
    "li": {"task", *(f"task-{state}" for state in TASKS.values())},
    "p": {"source-name"},
    "section": {"footnotes"},
    "span": {"field", "field-key", "pageless", "tag", "unnamed", "unresolved"},
    "summary": {"callout-title"},
    "sup": {"footnote"},
    "td": {"centre", "right"},
    "th": {"centre", "right"},
}
_SIDES = {"text-align:center": "centre", "text-align:right": "right", "text-align:left": ""}
_UNSEEN = ("block_id", "comment", "softbreak")
_MATHS = ("math_inline", "math_inline_double")
_SHOWN_AS_SOURCE = {"math_block": "math", "mermaid": "Mermaid", "dataview": "Dataview"}


class Slots:
    """Places in a text for HTML that is not to be cleaned; nobody can write their marks."""

    def __init__(self) -> None:
        self.html: list[str] = []

    def hold(self, html: str) -> str:
        """Return the mark of a place for some HTML."""
        self.html.append(html)
        return f"{_nonce()}{len(self.html) - 1}."

    def fill(self, text: str) -> str:
        """Return a text with every mark replaced; what is put in is not looked at again."""
        return re.sub(rf"{_nonce()}(\d+)\.", lambda found: self.html[int(found[1])], text)


@cache
def _nonce() -> str:
    """Return what no note can hold: it is drawn anew for each process, and never written."""
    return token_hex(12)


@dataclass(slots=True)
class Prose:
    """Renders one text: a note on its own page, or a piece of one elsewhere."""

    deck: Deck
    path: str  # the note it is from: links in it are that note's
    first_line: int = 1  # the line of the file that it begins on
    own_page: bool = False  # then headings, blocks and lines can be linked to
    marks: Mapping[int, str] = field(default_factory=dict)  # what is put before a line, by its line
    within: Embeds | None = None
    slots: Slots = field(default_factory=Slots)
    used: set[int] = field(default_factory=set)  # marks that have found their line
    taken: set[str] = field(default_factory=set)  # names of headings and blocks
    named: Anchors | None = None

    def html(self, markdown: str, less: Callable[[list[Token]], list[Token]] | None = None) -> str:
        """Return the text as HTML; `less` may take tokens off its beginning."""
        cut = less or list

        def change(tokens: list[Token]) -> list[Token]:
            return self._changed(cut(tokens))

        text = render(
            markdown,
            href=self.href,
            embed=self._embedded,
            change=change,
            first_line=self.first_line,
        )
        return self.slots.fill(_told(self.deck, _cleaner().clean(text)))

    def href(self, target: str, subpath: str) -> str | None:
        """Return where a link leads: None for no file, "" for one that has no page."""
        return href(self.deck, self.path, target, subpath)

    @property
    def anchors(self) -> Anchors:
        """The names of the note's headings."""
        if self.named is None:
            self.named = Anchors(self.deck.report.vault.notes[self.path])
        return self.named

    @property
    def _joins(self) -> bool:
        """Whether lines of a paragraph run on: only in a vault that is set so."""
        return self.deck.report.vault.strict_breaks

    # --- tokens -------------------------------------------------------------------------------

    def _changed(self, tokens: list[Token]) -> list[Token]:
        raw.tame(tokens, self.deck.words("raw.deep"))
        self._leave_marks(tokens)
        Reader(self.deck, self.path).translate(tokens)
        number = "" if self.own_page else f"{len(self._within.shown)}."
        tokens = footnotes.gathered(tokens, number, self.deck.words("footnote.back"))
        return [new for at, token in enumerate(tokens) for new in self._block(tokens, at, token)]

    def _leave_marks(self, tokens: Sequence[Token]) -> None:
        """Put each line's mark before its text."""
        inlines = [token for token in tokens if self.marks and token.type == "inline" and token.map]
        for line, html in self.marks.items():
            at = line - self.first_line
            holds = [t for t in inlines if t.map and t.map[0] <= at < t.map[1]]
            after = [t for t in inlines if t.map and at <= t.map[0] <= at + 2]
            where = next(iter([*holds[-1:], *after]), None)
            if where is not None:
                self.used.add(line)
                where.children = [made(self.slots.hold(html)), *(where.children or [])]

    def _block(self, tokens: Sequence[Token], at: int, token: Token) -> Iterator[Token]:
        if token.type == "inline":
            children = list(self._inline(token.children or []))
            token.children = children if self._joins else list(_broken(children))
        self._name(tokens, at, token)
        if token.type in ("fence", "code_block", "math_block", "math_block_label"):
            yield block_of(self._source(token))
        elif token.type == "table_open":
            yield block_of('<div class="scroll" tabindex="0">')
            yield token
        elif token.type == "table_close":
            yield token
            yield block_of("</div>")
        else:
            _CHANGES.get(token.type, Prose._as_it_is)(self, tokens, at, token)
            yield token

    def _name(self, tokens: Sequence[Token], at: int, token: Token) -> None:
        """Give headings and blocks the names that links lead to, on the note's own page."""
        token.attrs.pop("id", None)
        if not self.own_page:
            return
        names = [block(str(token.meta["block_id"]))] if "block_id" in token.meta else []
        if token.type == "heading_open" and token.map:
            line = token.map[0] + self.first_line
            names.insert(0, self.anchors.headings.get(line, ""))
        names = [name for name in names if name and name not in self.taken]
        self.taken.update(names)
        if names:
            token.attrs["id"] = names[0]
        for name in names[1:]:
            inline = tokens[at + 1]
            spot = made(f'<span id="{escape(name)}"></span>')
            inline.children = [spot, *(inline.children or [])]

    def _as_it_is(self, tokens: Sequence[Token], at: int, token: Token) -> None:
        """Leave a token alone."""

    def _cell(self, _tokens: Sequence[Token], _at: int, token: Token) -> None:
        side = _SIDES.get(str(token.attrs.pop("style", "")), "")
        if side:
            token.attrs["class"] = side

    def _callout(self, tokens: Sequence[Token], at: int, token: Token) -> None:
        """Show a callout's kind by colour and icon."""
        kind = token.meta["callout"]
        ours = kind in own_tags(self.deck)
        look = CALLOUTS.get(kind, "note")
        token.attrs.pop("data-callout", None)
        token.attrs["class"] = "callout co-ours" if ours else f"callout co-{look}"
        title = tokens[at + 2]
        if not ours:
            word = escape(self.deck.words(f"co.{look}"))
            icon = f'<span class="co-icon" role="img" aria-label="{word}"></span>'
            title.children = [made(self.slots.hold(icon)), *(title.children or [])]

    def _item(self, tokens: Sequence[Token], at: int, token: Token) -> None:
        """Show what a task's box says."""
        if "task" not in token.meta:
            return
        mark = token.meta["task"]
        state = TASKS.get(mark, "")
        token.attrs.pop("data-task", None)
        token.attrs["class"] = f"task task-{state}" if state else "task"
        word = self.deck.words(f"task.{state}") if state else mark
        sign = "" if state else escape(mark)
        box = f'<span class="box" role="img" aria-label="{escape(word)}">{sign}</span>'
        inline = tokens[at + 2]
        inline.children = [made(self.slots.hold(box)), *(inline.children or [])]

    def _source(self, token: Token) -> str:
        """Return code with the name of its language; maths and diagrams stay what was written."""
        info = "math_block" if token.type.startswith("math") else token.info.strip()
        language = info.partition(" ")[0].lower()
        name = _SHOWN_AS_SOURCE.get(language, info)
        if language == "math_block":
            name = self.deck.words("math")
        id_ = f' id="{escape(str(token.attrs["id"]))}"' if "id" in token.attrs else ""
        text = escape(token.content.strip("\n"))
        code = f'<pre tabindex="0"><code>{text}</code></pre>'
        label = f'<p class="source-name">{escape(name[:60])}</p>' if name else ""
        return f'<div class="source"{id_}>{label}{code}</div>\n'

    def _inline(self, tokens: Sequence[Token]) -> Iterator[Token]:
        for token in tokens:
            if token.type == "tag":
                yield self._tag(token)
            elif token.type in _MATHS:
                yield made(f'<code class="math">{escape(token.content)}</code>')
            elif token.type in ("embed", "image") and "html" not in token.meta:
                yield self._image(token)
            else:
                if token.children and token.type != "image":
                    token.children = list(self._inline(token.children))
                yield token

    def _tag(self, token: Token) -> Token:
        to = self.deck.shelf.tag(token.content)
        text = f"#{escape(token.content)}"
        return made(f'<a class="tag" href="{ROOT}{to}">{text}</a>') if to else token

    def _image(self, token: Token) -> Token:
        """Return an image of the vault as itself; any other stays what is shown for a link."""
        if token.meta.get("kind") == "url":
            return token
        path = self.deck.report.vault.resolve(token.meta["target"], self.path)
        src = self.deck.shelf.image(path) if path else ""
        where = src if src.startswith("data:") else f"{ROOT}{self.deck.words.shared}{src}"
        return made(self.slots.hold(picture(where, token))) if src else token

    # --- embeds -------------------------------------------------------------------------------

    @property
    def _within(self) -> Embeds:
        if self.within is None:
            self.within = embeds(self.deck.report.vault, self.path)
        return self.within

    def _embedded(self, target: str, subpath: str) -> str | None:
        """Return the box of an embedded note, or why it is empty; None for what is no note."""
        vault = self.deck.report.vault
        path = vault.resolve(target, self.path)
        if path not in vault.notes:
            return None
        name = self._link(path, target, subpath)
        stop = self._within.stops(target, subpath)
        piece = None if stop else self._within.piece(target, subpath)
        if piece is None:
            why = self.deck.words(f"embed.{stop or 'nothing'}")
            return self.slots.hold(f'<p class="embed-from">{name} {escape(why)}</p>\n')
        return self.slots.hold(f'<p class="embed-from">{name}</p>\n{self._piece(piece)}')

    def _link(self, path: str, target: str, subpath: str) -> str:
        title = self.deck.report.vault.notes[path].title
        text = escape(" › ".join([title, *(p for p in subpath.split("#") if p.strip("^ "))]))
        to = self.href(target, subpath)
        return f'<a class="internal" href="{escape(to)}">{text}</a>' if to else text

    def _piece(self, piece: Piece) -> str:
        marks = marks_of(self.deck, piece.path)
        last = piece.first_line + piece.markdown.count("\n")
        inner = Prose(
            self.deck,
            piece.path,
            piece.first_line,
            marks={line: html for line, html in marks.items() if piece.first_line <= line <= last},
            within=self._within.inside(piece),
        )
        return inner.html(piece.markdown)


_CHANGES: dict[str, Callable[[Prose, Sequence[Token], int, Token], None]] = {
    "callout_open": Prose._callout,  # noqa: SLF001
    "list_item_open": Prose._item,  # noqa: SLF001
    "td_open": Prose._cell,  # noqa: SLF001
    "th_open": Prose._cell,  # noqa: SLF001
}


def _broken(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield inline tokens, each line end with text behind it as a break: so Obsidian shows it."""
    last = max((at for at, token in enumerate(tokens) if token.type not in _UNSEEN), default=-1)
    for at, token in enumerate(tokens):
        if token.type == "softbreak" and at < last:
            token.type, token.tag = "hardbreak", "br"
        yield token


def href(deck: Deck, source: str, target: str, subpath: str) -> str | None:
    """Return where a note's link leads: a page and the place on it; None for no file.

    "" is a file that has no page of its own.
    """
    vault = deck.report.vault
    path = vault.resolve(target, source) if target else source
    if path is None:
        return None
    page = note_href(deck, path)
    if not page:
        return ""
    name = deck.shelf.anchor(path, subpath) if subpath.strip("# ") else ""
    return f"{ROOT}{page}" + (f"#{PREFIX}{quote(name)}" if name else "")


def _told(deck: Deck, html: str) -> str:
    """Return HTML in which a link that nothing opens says so to who points at it."""
    for kind in ("unresolved", "unresolved unnamed", "pageless"):
        opening = f'<span class="{kind}"'
        said = escape(deck.words(kind.rpartition(" ")[2]))
        html = html.replace(f"{opening}>", f'{opening} title="{said}">')
    return html


@cache
def _cleaner() -> Cleaner:
    from nh3 import Cleaner

    attributes: dict[str, Any] = {
        **raw.ATTRIBUTES,
        "*": {"id"},
        "a": {"href", "aria-label"},
        "div": {"tabindex"},
        "pre": {"tabindex"},
    }
    return Cleaner(
        tags=raw.TAGS, attributes=attributes, allowed_classes=_CLASSES, url_schemes=raw.SCHEMES,
        link_rel="noreferrer", id_prefix=PREFIX,
    )  # fmt: skip
