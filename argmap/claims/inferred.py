"""What a plain note implies: what the rules of rules.py found, and how it hangs together.

A find counts only in company: a conclusion beside arguments, a thesis beside what speaks for or
against it, weak words such as "reasons" beside either. Most notes come to nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from argmap.claims.found import Found, block_id
from argmap.claims.ids import Ids
from argmap.claims.model import Claim, Evidence, NoteClaims, Relation, RelationKind, SheetBlock
from argmap.claims.rules import RULES, leads_nowhere
from argmap.claims.words import ON_TOP, folded, words_with
from argmap.notes import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from argmap.claims.options import ClaimOptions
    from argmap.notes import Note
    from argmap.source import Span

_AT_BLOCK = ("lead-in", "headings", "conclusion", "therefore", "disputed-thesis")
_WEAK = ("asserted", "why")  # what they take for a thesis is one where nothing else is
Step = tuple[Found, RelationKind, Found]


@dataclass(frozen=True, slots=True)
class Inferred:
    """What a note's plain text argues: what was found, in order, and each step between."""

    found: tuple[Found, ...] = ()
    steps: tuple[Step, ...] = ()
    dropped: tuple[Found, ...] = ()  # what lacks company


def infer(note: Note, options: ClaimOptions, sheets: Sequence[SheetBlock] = ()) -> NoteClaims:
    """Return what the plain text of a note argues: for most notes nothing but their `sheets`."""
    inferred = inferred_from(note, options)
    return _said(note, inferred, sheets) if inferred.found else NoteClaims(sheets=tuple(sheets))


def inferred_from(note: Note, options: ClaimOptions) -> Inferred:
    """Return the same with the stretches of text it was found in."""
    found = _settled(_all(note, options))
    if any(one.rule == "disputed-thesis" for one in found):
        found = [one for one in found if one.rule != "belief"]
    theses = _theses(found)
    items = _in_company(found, theses)
    argued = {_thesis_of(item, theses) for item in items}
    theses = [one for one in theses if not one.needs or one in argued]
    conclusion = _conclusion(found) if theses or items else None
    counted = set(items)
    apart = [one for one in found if _is_apart(one) or _is_answer(one, counted)]
    kept = [*theses, *items, *apart, *([conclusion] if conclusion else [])]
    steps = (*_steps(theses, items, conclusion), *_answers(apart))
    counts = set(kept)
    dropped = tuple(one for one in found if one not in counts and one.rule != "asserted")
    return Inferred(tuple(sorted(kept, key=lambda one: one.key)), steps, dropped)


def looks_like(note: Note, options: ClaimOptions) -> tuple[Inferred, list[str]]:
    """Return what a note argues, and the rule of each sign of more that came to nothing."""
    inferred = inferred_from(note, options)
    unanswered = leads_nowhere(note, words_with(options.words))
    return inferred, [*(one.rule for one in inferred.dropped), *unanswered]


def _all(note: Note, options: ClaimOptions) -> list[Found]:
    """Return what every rule found, in order; of two finds of one thing, the earlier rule's."""
    words = words_with(options.words)
    text = folded("\n".join([block.markdown for block in walk(note.blocks)]))
    found: dict[tuple[Span, int], Found] = {}
    for rule in RULES:
        asked = rule.may_find(text, others=bool(found))
        for one in rule.find(note, words) if asked else ():
            if one.about is None or found.get(one.about.key) is one.about:
                found.setdefault(one.key, one)
    return sorted(found.values(), key=lambda one: one.key)


def _settled(found: Sequence[Found]) -> list[Found]:
    """Return what was found, each in the role that it has where it stands.

    A view below arguments is what the note concludes; a belief below a thesis is an objection to
    it, and its denial answers that.
    """
    settled: list[Found] = []
    turned: Found | None = None  # a belief that became an objection
    dropped = False  # or one that some have, which counts as nothing else
    for one in found:
        above = {other.role for other in settled if other.rule != "belief" and not other.source}
        if one.below == "conclusion" and above & {"pro", "con"}:
            settled.append(replace(one, role="conclusion"))
        elif one.below == "con":
            turned = replace(one, role="con") if "thesis" in above else None
            dropped = not turned and one.needs == "thesis"
            settled += [] if dropped else [turned or one]
        elif one.rule == "belief" and (turned or dropped):
            settled += [replace(one, about=turned)] if turned else []
        else:
            settled.append(one)
    return settled


# What counts


def _theses(found: Iterable[Found]) -> list[Found]:
    """Return the theses that a note's arguments are about: one it disputes, else its own."""
    theses = [one for one in found if one.role == "thesis" and not _is_apart(one)]
    disputed = [one for one in theses if one.rule == "disputed-thesis"]
    called = [one for one in theses if one.rule not in _WEAK]
    return disputed[:1] or called or theses


def _in_company(found: Sequence[Found], theses: Sequence[Found]) -> list[Found]:
    """Return the arguments that have beside them what they need."""
    items = [one for one in found if one.role in ("pro", "con") and one.about is None]
    concluded = any(one.role == "conclusion" for one in found)
    if theses:
        return items
    sides = {one.role for one in items if one.needs == "sides"}
    enough = {"", "debate"} if concluded else {""}
    enough |= {"sides"} if concluded and sides == {"pro", "con"} else set()
    return [one for one in items if one.needs in enough]


def _conclusion(found: Iterable[Found]) -> Found | None:
    """Return the last conclusion that is called one, else the last that is drawn."""
    conclusions = [one for one in found if one.role == "conclusion"]
    called = [one for one in conclusions if one.rule == "conclusion"]
    return next(reversed(called or conclusions), None)


def _is_apart(one: Found) -> bool:
    """Say whether a claim stands in a nested list that is a debate of its own."""
    while one.about:
        one = one.about
    return one.rule == "nested" and one.role == "thesis"


def _is_answer(one: Found, items: set[Found]) -> bool:
    """Say whether a claim answers an argument that counts, or answers such an answer."""
    while one.about:
        one = one.about
        if one in items:
            return True
    return False


# How it hangs together


def _thesis_of(item: Found, theses: Sequence[Found]) -> Found | None:
    """Return the thesis an argument is about: the nearest above it, else the first."""
    above = bisect_left(theses, item.key, key=lambda one: one.key)
    return theses[max(above - 1, 0)] if theses else None


def _steps(
    theses: Sequence[Found], items: Sequence[Found], conclusion: Found | None
) -> Iterator[Step]:
    """Yield each relation of the note's own debate."""
    both = len({item.role for item in items}) > 1
    for item in items:
        thesis = _thesis_of(item, theses)
        if thesis:
            yield item, _bears(item), thesis
        if conclusion and (kind := _on_conclusion(item, thesis, conclusion, items, both=both)):
            yield item, kind, conclusion
    if theses and conclusion and not items:
        yield conclusion, "attacks", theses[0]


def _on_conclusion(
    item: Found, thesis: Found | None, conclusion: Found, items: Sequence[Found], *, both: bool
) -> RelationKind | None:
    """Return what an argument does to the conclusion, None where nothing says.

    Where a note argues one way, its arguments support what it concludes. Where it argues both ways,
    only what attacks somebody else's thesis does; or they bear on a conclusion that stands on top.
    """
    if thesis is None and item.rule == "label":
        return _bears(item)
    if not both:
        return "supports"
    if thesis:
        return "supports" if thesis.source and item.role == "con" else None
    is_on_top = ON_TOP.fullmatch(folded(conclusion.name)) and conclusion.key < items[0].key
    return _bears(item) if is_on_top else None


def _answers(apart: Iterable[Found]) -> Iterator[Step]:
    return ((one, _bears(one), one.about) for one in apart if one.about)


def _bears(item: Found) -> RelationKind:
    return "attacks" if item.role == "con" else "supports"


# What it comes to


def _said(note: Note, inferred: Inferred, sheets: Sequence[SheetBlock]) -> NoteClaims:
    """Give ids to what was found."""
    ids = Ids(note.id)
    named = _named(inferred.found, ids)
    return NoteClaims(
        claims=tuple(_claim(note, one, named[one]) for one in inferred.found),
        evidence=tuple(
            evidence for one in inferred.found for evidence in _evidence(note, one, named[one], ids)
        ),
        relations=tuple(
            Relation(named[source], kind, named[target], _span(note, source))
            for source, kind, target in inferred.steps
        ),
        sheets=tuple(
            replace(sheet, claim=next((named[i] for i in inferred.found if _holds(i, sheet)), ""))
            for sheet in sheets
        ),
    )


def _named(found: Sequence[Found], ids: Ids) -> dict[Found, str]:
    """Return the id of each: its block id, else a slug; block ids are handed out first."""
    named = {one: ids.free(block) for one in found if (block := block_id(one.block))}
    for one in found:
        if one not in named:
            named[one] = ids.of_text(one.name or one.text, "claim")
    return named


def _holds(one: Found, sheet: SheetBlock) -> bool:
    """Say whether a fence stands inside an item, and so below its claim."""
    block = one.block
    return block.kind == "item" and block.span.line <= sheet.span.line <= block.last_line


def _span(note: Note, one: Found) -> Span:
    return one.part.block.span if one.rule in _AT_BLOCK else one.part.span(note)


def _claim(note: Note, one: Found, id_: str) -> Claim:
    return Claim(
        id_,
        one.text,
        _span(note, one),
        note.path,
        role=one.role,
        detail=one.detail,
        block=block_id(one.block),
        inferred=one.rule,
        attributed=one.source,
    )


def _evidence(note: Note, one: Found, claim: str, ids: Ids) -> Iterator[Evidence]:
    from argmap.claims.found import plain

    for part in one.cited:
        yield Evidence(
            ids.free(f"{claim.partition('#')[2]}-cited"),
            plain(part.markdown),
            part.span(note),
            note.path,
            claim=claim,
            sources=part.sources(note),
            inferred=one.rule,
        )
