"""Theses that somebody holds: disputed, reported, stated, or denied at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from argmap.claims.fields import of_link
from argmap.claims.found import Found, Part, Rule, apart, is_statement, sentence_case, whole
from argmap.claims.model import Source
from argmap.claims.sentences import capitalised, first_sentence, without_stop
from argmap.claims.words import (
    BELIEF,
    DENIAL,
    DISPUTED,
    DISPUTED_CUES,
    DISPUTES,
    MORE_REASONS,
    REPORTS,
    SOMEBODY_SAYS,
    STATED,
    Dispute,
    folded,
    has_any,
)
from argmap.notes import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argmap.claims.words import Words
    from argmap.notes import Block, Link, Note

_LONGEST = 5000  # characters of the paragraph that it is in
_MOST_LINKS = 20  # in a paragraph that disputes a thesis
_GAP = r"(?:[^.!?]|\.(?=\S)|(?<=\bal)\.|(?<=\bдр)\.){0,60}?"  # between words of one sentence


def disputed_thesis(note: Note, _words: Words) -> Iterator[Found]:
    """Find «оспаривает тезис [X](…) о том, что …», attributed to X, and the same in the passive."""
    for block in note.blocks:
        if block.kind != "paragraph" or not block.links:
            continue
        yield from _passively(block)
        text = plain_text(block.tokens)
        low = folded(text)
        for dispute in DISPUTES:
            if has_any(low, dispute.cues) and dispute.verb.search(low):
                for link in block.links[:_MOST_LINKS]:
                    if said := _disputed(text, link, dispute):
                        yield _thesis("disputed-thesis", block, said, link, dispute.name)


def _thesis(rule: Rule, block: Block, said: str, link: Link, name: str = "") -> Found:
    text = capitalised(without_stop(said))
    return Found(rule, "thesis", _where(block, said), text, block, name, source=of_link(link))


def _where(block: Block, said: str) -> Part:
    """Return where words of a block's plain text stand in its Markdown; all of it if unsure."""
    words = [re.escape(word) for word in said.split()]
    found = re.search(r"[\s*_=~]+".join(words), block.markdown)
    return Part(block, *found.span()) if found else whole(block)


def _disputed(text: str, link: Link, dispute: Dispute) -> str:
    """Return the sentence after «о том, что» when this link is cited for it."""
    low = folded(text)
    cited = re.escape(" ".join(folded(link.text).split()))
    pattern = rf"{dispute.verb.pattern}({_GAP}){cited}({_GAP}){dispute.that.pattern}"
    found = re.search(pattern, low) if cited else None
    if found is None or not dispute.noun.search(found[0]):
        return ""
    rest = text[found.end() :]
    return rest[: first_sentence(rest)]


def _passively(block: Block) -> Iterator[Found]:
    """Find "it is disputed that …", "the claim that … is disputed"; a link in it is its source."""
    text = folded(block.markdown)
    found = DISPUTED.search(text) if has_any(text, DISPUTED_CUES) else None
    if found is None:
        return
    place = next((name for name in ("said", "said_ru") if found[name]), None)
    following = Part(block, found.end(), len(text)).sentence()[0]
    part = Part(block, *found.span(place)) if place else following
    if is_statement(part.markdown, 2) or "](" in part.markdown:
        source = next((of_link(link) for link in block.links if link.text in part.markdown), None)
        name = "тезис" if place == "said_ru" else "thesis"
        yield Found(
            "disputed-thesis", "thesis", part, sentence_case(part), block, name, source=source
        )


def reported(note: Note, _words: Words) -> Iterator[Found]:
    """Find paragraphs that open with a reported opinion, and cited objections to it."""
    thesis: Found | None = None
    for block in note.blocks:
        report = _report(block) if block.kind == "paragraph" else None
        if report is None or (report.side and thesis is None):
            continue
        said = report.said
        found = Found(
            "reported", "con" if report.side else "thesis", said, sentence_case(said), block,
            needs="thesis" if report.side else "debate", source=report.source,
        )  # fmt: skip
        thesis = thesis if report.side else found
        yield found


@dataclass(frozen=True, slots=True)
class _Reported:
    side: str
    said: Part
    source: Source


def _report(block: Block) -> _Reported | None:
    """Return the opinion that a paragraph opens with, and whose it is."""
    text = folded(block.markdown)
    for report in REPORTS if block.links else ():
        if found := report.pattern.match(text):
            said = Part(block, found.end(), len(text)).sentence()[0]
            return _Reported(report.side, said, of_link(block.links[0]))
    found = SOMEBODY_SAYS.match(text)
    if found is None:
        return None
    said = Part(block, found.end(), len(text)).sentence()[0]
    cited = block.links[0] if block.links else None
    who = block.markdown[slice(*found.span("who"))]
    return _Reported("", said, of_link(cited) if cited else Source(who))


def stated(note: Note, _words: Words) -> Iterator[Found]:
    """Find paragraphs that open with "I believe that", «Предлагаю»."""
    for block in note.blocks:
        text = folded(block.markdown) if block.kind == "paragraph" else ""
        if found := STATED.match(text):
            said, rest = Part(block, found.end(), len(text)).sentence()
            if is_statement(said.markdown):
                yield Found(
                    "stated", "thesis", said, sentence_case(said), block, needs="debate",
                    detail=rest.markdown.strip(),
                )  # fmt: skip


def belief(note: Note, _words: Words) -> Iterator[Found]:
    """Find "It is often said that …. This is wrong: …", "Some say that …. But …"."""
    last: Found | None = None  # a belief whose denial may open the next paragraph
    for block in note.blocks:
        is_text = block.kind == "paragraph"
        if last and is_text and (denied := DENIAL.match(folded(block.markdown))):
            yield last
            yield from _denials(block, denied.end())
        last = None
        for sentence in (
            whole(block).sentences() if is_text and len(block.markdown) <= _LONGEST else ()
        ):
            opening = BELIEF.match(folded(sentence.markdown))
            held = Part(block, sentence.start + opening.end(), sentence.end) if opening else None
            if held is None or not is_statement(held.markdown, 2):
                continue
            if denied := DENIAL.match(folded(block.markdown), held.end):
                yield _belief(held, opening)
                yield from _denials(block, denied.end())
            elif held.end >= len(block.markdown.rstrip()):
                last = _belief(held, opening)


def _belief(held: Part, opening: re.Match[str] | None) -> Found:
    """Return what others hold: a thesis where it is common, else only an objection to one."""
    common = opening and (opening["common"] or opening["common_en"])
    return Found(
        "belief", "thesis", held, sentence_case(held), held.block,
        needs="" if common else "thesis", below="con",
    )  # fmt: skip


def _denials(block: Block, start: int) -> Iterator[Found]:
    """Yield what speaks against a belief, and what is added to that in the same paragraph."""
    part: Part | None = Part(block, start, len(block.markdown))
    while part:
        said, rest = part.sentence()
        more = MORE_REASONS.match(folded(rest.markdown))
        said, detail = apart(said, Part(block, rest.start, rest.start) if more else rest)
        if is_statement(said.markdown, 2):
            yield Found(
                "belief", "con", said, sentence_case(said), block, needs="thesis", detail=detail
            )
        part = Part(block, rest.start + more.end(), rest.end) if more else None
