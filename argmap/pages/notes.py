"""A note -> its page: Markdown rendered, sanitised, and only then marked with its claims."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from argmap.pages import addresses, markup, views

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token
    from markupsafe import Markup

    from argmap.notes import Link
    from argmap.pages.cards import ClaimCard, Deck

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "del", "details", "div", "em", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "kbd", "li", "mark", "ol", "p", "pre", "s", "section", "small",
    "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"}, "details": {"open"}, "ol": {"start"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"},
}  # fmt: skip
CLASSES = {
    "a": {"internal", "external"},
    "div": {"callout", "callout-title"},
    "details": {"callout"},
    "summary": {"callout-title"},
    "span": {"field", "field-key", "tag", "unresolved"},
}


@dataclass(frozen=True, slots=True)
class Out:
    """A link that leaves a note: the page it leads to, if there is one."""

    text: str
    url: str
    missing: bool


@dataclass(frozen=True, slots=True)
class NoteView:
    """What a note's page shows."""

    title: str
    date: str
    tags: tuple[str, ...]
    html: Markup
    claims: tuple[ClaimCard, ...]
    links: tuple[Out, ...]


def note_view(deck: Deck, path: str) -> NoteView:
    """Return a note's page."""
    note = deck.report.vault.notes[path]
    claims = tuple(views.claim_cards(deck, path))
    outward = [link for link in note.links if link.target]
    links = {(out.text, out.url): out for out in map(_leads(deck, path), outward)}
    return NoteView(
        title=note.title,
        date=deck.words.day(note.date) if note.date else "",
        tags=markup.less_ours(deck, note.tags),
        html=_html(deck, path, claims),
        claims=claims,
        links=tuple(links.values()),
    )


def fragment(deck: Deck, path: str, markdown: str) -> Markup:
    """Return a claim's detail as safe HTML."""
    from markupsafe import Markup

    from argmap.markdown import render

    html = render(markdown, href=_hrefs(deck, path)) if markdown else ""
    return Markup(_clean(html))  # noqa: S704


def _html(deck: Deck, path: str, claims: Sequence[ClaimCard]) -> Markup:
    """Return a note's text, each claim and each evidence marked at its line."""
    from markupsafe import Markup

    from argmap.markdown import parser

    note, md = deck.report.vault.notes[path], parser()
    env: dict[str, Any] = {"href": _hrefs(deck, path)}
    tokens = md.parse(without_properties(note.text), env)
    if tokens and _repeats(tokens, note.title):
        tokens = tokens[3:]
    markup.Reader(deck, path).translate(tokens)
    nonce = blake2b(note.text.encode(), digest_size=9).hexdigest()  # no text holds its own hash
    lines = _lines(deck, path, claims)
    unplaced = _leave_marks(tokens, lines, nonce)
    html = _clean(md.renderer.render(tokens, md.options, env))
    marks = {line: _mark(deck, line, keys) for line, keys in lines.items()}
    html = re.sub(rf"{nonce}-(\d+)-", lambda found: marks[int(found[1])], html)
    return Markup("".join(marks[line] for line in unplaced) + html)  # noqa: S704


def _repeats(tokens: list[Token], title: str) -> bool:
    """Say whether the text opens with the note's title as its heading."""
    return tokens[0].type == "heading_open" and tokens[1].content.strip() == title


def _lines(deck: Deck, path: str, claims: Sequence[ClaimCard]) -> dict[int, list[str]]:
    """Return what is to be marked, by its line in the file."""
    places = {card.id: card.report.claim.span.line for card in claims}
    own = set(
        places.values()
    )  # an inferred claim's citation stands in its line: one icon is enough
    places |= {
        key: item.span.line
        for key, item in deck.report.evidence.items()
        if item.note == path and item.span.line not in own
    }
    lines: dict[int, list[str]] = {}
    for key, line in sorted(places.items(), key=lambda place: (place[1], place[0])):
        lines.setdefault(line, []).append(key)
    return lines


def _hrefs(deck: Deck, path: str) -> Callable[[str, str], str | None]:
    """Return what says where a link of a note leads: to another note's page, or nowhere."""

    def href(target: str, _subpath: str) -> str | None:
        found = deck.report.vault.resolve(target, path) if target else path
        page = addresses.note_href(deck, found) if found else ""
        return f"../{page}" if page else None

    return href


def without_properties(text: str) -> str:
    """Return the text with its properties as empty lines, so that line numbers stay."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].rstrip() != "---":
        return text.removeprefix("\ufeff")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    return text if end is None else "\n".join([""] * (end + 1) + lines[end + 1 :])


def _leave_marks(tokens: list[Token], lines: dict[int, list[str]], nonce: str) -> list[int]:
    """Put a placeholder before each marked line's text; return the lines that have no text."""
    from markdown_it.token import Token as Made

    inlines = [token for token in tokens if token.type == "inline" and token.map]
    unplaced = []
    for line in lines:
        holds = [t for t in inlines if t.map and t.map[0] < line <= t.map[1]]
        after = [t for t in inlines if t.map and line <= t.map[0] + 1 <= line + 2]
        where = next(iter([*holds[-1:], *after]), None)
        if where is None:
            unplaced.append(line)
        else:
            where.children = [
                Made("text", "", 0, content=f"{nonce}-{line}-"),
                *(where.children or []),
            ]
    return unplaced


def _mark(deck: Deck, line: int, keys: Sequence[str]) -> str:
    """Return the icons of what stands in a line, as links to the claims' pages."""
    from markupsafe import escape

    found = [f'<span class="anchor" id="L{line}"></span>']
    for key in keys:
        card = deck[key]
        href = addresses.href(deck, key)
        kind = "claim" if key in deck.report.claims else "evidence"
        icon = f'<svg class="i i-{card.icon}" role="img" aria-label="{escape(card.word)}">'
        icon += f'<use href="#i-{card.icon}"/></svg>'
        opening = f'<a class="mark {kind}" href="../{escape(href)}" title="{escape(card.word)}">'
        found.append(f"{opening}{icon}</a>" if href else icon)
    return "".join(found)


def _clean(html: str) -> str:
    """Return HTML with nothing in it that runs, loads or looks like ours."""
    import nh3

    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noreferrer",
    )


def _leads(deck: Deck, path: str) -> Callable[[Link], Out]:
    """Return what turns a note's link into an `Out`."""

    def out(link: Link) -> Out:
        text = link.text or link.target
        if link.kind == "url":
            safe = link.target.startswith(("http://", "https://"))
            return Out(text, link.target if safe else "", missing=False)
        target = deck.report.vault.resolve(link.target, path) if link.target else path
        page = addresses.note_href(deck, target) if target else ""
        return Out(text, f"../{page}" if page else "", missing=target is None)

    return out
