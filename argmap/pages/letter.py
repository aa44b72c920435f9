"""A claim and what is near it -> one HTML file to send: a picture, the sums, the evidence.

It holds no script and asks for nothing, so that it reads the same from a mail, a folder or a stick,
by light and by dark. Links lead within it, and to the sources.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from argmap.pages import cards, details, layout
from argmap.pages.addresses import anchor as anchor_of
from argmap.pages.dress import dress
from argmap.pages.icons import ICONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argmap.pages.cards import Card, Deck
    from argmap.pages.layout import Picture
    from argmap.pages.plan import Box, Point, Route
    from argmap.report import DebateReport, Report

STEPS = 2
_LETTER = {"claim": 7.7, "evidence": 7.1}  # how wide a letter of a card's text is, at most
_LINES = {"claim": 3, "evidence": 2}
_SCALE = 0.82  # of the picture: its letters are as large as a page's small ones
_ROUND = 7  # of a line's corners
_AROUND = 16  # the picture's margin


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card of the picture: where it stands, and its text in lines."""

    card: Card | None
    box: Box
    lines: tuple[str, ...]
    anchor: str
    more: int = 0  # how many pieces of evidence it stands for


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line of the picture."""

    d: str
    look: str
    end: Point
    turn: int  # of its head, in degrees


def letter(report: Report, claim: str, steps: int = STEPS) -> str:
    """Return the file for a claim, with what is up to so many steps away."""
    settings = report.settings.model_copy(update={"language": report.settings.own_language})
    deck = cards.deal(replace(report, settings=settings))
    debate = _near(deck, claim, steps)
    style, policy = dress()
    claims = [claim, *(other for other in debate.claims if other != claim)]
    made: str = _template().render(
        words=deck.words,
        icons=ICONS,
        style=style,
        policy=policy,
        main=details.claim_view(deck, claim),
        others=[details.claim_view(deck, other) for other in claims[1:]],
        anchors={key: anchor_of(key) for key in (*debate.claims, *debate.evidence)},
        picture=_picture(deck, debate),
        place=_where(deck, claim),
        as_of=deck.words.day(report.as_of),
        steps=deck.words.count(steps, "step"),
        site=report.settings.title or "argmap",
        url=report.settings.obsidian.site,
    )
    return made


def _template() -> Any:
    from argmap.pages.render import environment

    return environment().get_template("letter.html")


def _where(deck: Deck, claim: str) -> str:
    item = deck.report.claims[claim].claim
    return f"{item.note}, {deck.words('line')} {item.span.line}" if item.note else ""


def _near(deck: Deck, claim: str, steps: int) -> DebateReport:
    """Return the part of a claim's debate that is so many claims away, with all its evidence."""
    report = deck.report
    whole = deck.debates[report.claims[claim].debate]
    found, ring = {claim}, {claim}
    for _ in range(steps):
        ring = {key for one in ring for key in _beside(deck, one)} - found
        found |= ring
    evidence = {
        edge.source
        for one in found
        for edge in deck.incoming.get(one, ())
        if edge.source in report.evidence
    }
    premises = {
        argument: [e.source for e in deck.incoming.get(argument, ()) if e.kind == "premise"]
        for argument in whole.arguments
    }
    return replace(
        whole,
        main=claim,
        thesis="",
        claims=tuple(key for key in whole.claims if key in found),
        evidence=tuple(key for key in whole.evidence if key in evidence),
        arguments=tuple(
            argument
            for argument, of in premises.items()
            if found.issuperset(of)
            and any(edge.target in found for edge in deck.outgoing.get(argument, ()))
        ),
    )


def _beside(deck: Deck, claim: str) -> Iterator[str]:
    """Yield the claims one step away: by a relation, an argument, or evidence that is cut."""
    for end in (claim, *_between(deck, claim)):
        for edge in (*deck.incoming.get(end, ()), *deck.outgoing.get(end, ())):
            for key in (edge.source, edge.target):
                if key in deck.report.claims:
                    yield key


def _between(deck: Deck, claim: str) -> Iterator[str]:
    """Yield the arguments and the evidence that a claim is tied to."""
    for edge in (*deck.incoming.get(claim, ()), *deck.outgoing.get(claim, ())):
        for key in (edge.source, edge.target):
            if key not in deck.report.claims:
                yield key


# The picture


def _picture(deck: Deck, debate: DebateReport) -> dict[str, Any]:
    from argmap.pages.graph import edges_of, look, planned
    from argmap.pages.plan import Line

    picture = layout.place(*planned(deck, debate))
    looks = {
        Line(edge.source, edge.kind, edge.target): (
            "contradicts" if edge.kind == "contradicts" else look(deck, edge)
        )
        for edge in edges_of(deck, debate)
    }
    folded = {item for stack in picture.stacks for item in stack.hidden}
    boxes = {key: box for key, box in picture.boxes.items() if key not in folded}
    left = min(box.x for box in boxes.values()) - _AROUND
    top = min(box.y for box in boxes.values()) - _AROUND
    right = max(box.right for box in boxes.values()) + _AROUND
    bottom = max(box.bottom for box in boxes.values()) + _AROUND
    return {
        "box": f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}",
        "width": round(_SCALE * (right - left)),
        "cards": list(_drawn(deck, picture, boxes)),
        "strokes": [
            _stroke(route, looks[route.line])
            for route in picture.routes
            if route.line in looks and folded.isdisjoint((route.line.source, route.line.target))
        ],
    }


def _drawn(deck: Deck, picture: Picture, boxes: dict[str, Box]) -> Iterator[Drawn]:
    folds = {stack.more: len(stack.hidden) for stack in picture.stacks}
    for key, box in boxes.items():
        card = deck.cards.get(key)
        if card is None:
            number = folds.get(key, 0)
            text = f"{deck.words('more')} {number}" if number else deck.words("role.argument")
            yield Drawn(None, box, (text,), "", number)
        else:
            width = int((box.width - 28) / _LETTER[card.kind])
            lines = textwrap.wrap(
                card.text, width, max_lines=_LINES[card.kind], placeholder=" …",
            )  # fmt: skip
            anchor = anchor_of(key) if key not in deck.report.unpublished else ""
            yield Drawn(card, box, tuple(lines), anchor)


def _stroke(route: Route, effect: str) -> Stroke:
    points = route.points
    (x1, y1), (x2, y2) = points[-2:]
    turn = 0 if route.shape == "curve" else _turned(x2 - x1, y2 - y1)
    return Stroke(
        _curve(points) if route.shape == "curve" else _corners(points), effect, points[-1], turn
    )


def _turned(x: float, y: float) -> int:
    """Return how far an arrow that points up is to be turned."""
    if abs(y) >= abs(x):
        return 0 if y < 0 else 180
    return 90 if x > 0 else 270


def _curve(points: tuple[Point, ...]) -> str:
    (x1, y1), (x2, y2) = points
    middle = (y1 + y2) / 2
    return f"M{x1:.0f} {y1:.0f}C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2:.0f}"


def _corners(points: tuple[Point, ...]) -> str:
    """Return a path of straight pieces, its corners rounded."""
    said = [f"M{points[0][0]:.0f} {points[0][1]:.0f}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(corner, before), _towards(corner, after)
        said.append(
            f"L{start[0]:.0f} {start[1]:.0f}"
            f"Q{corner[0]:.0f} {corner[1]:.0f} {end[0]:.0f} {end[1]:.0f}"
        )
    return "".join([*said, f"L{points[-1][0]:.0f} {points[-1][1]:.0f}"])


def _towards(corner: Point, other: Point) -> Point:
    x, y = other[0] - corner[0], other[1] - corner[1]
    length = (x * x + y * y) ** 0.5
    part = min(_ROUND, length / 2) / length if length else 0
    return corner[0] + x * part, corner[1] + y * part
