"""Report -> what every format writes: items and the relations between them, in one order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from argmap.report import DebateReport, Edge, Report

# No format has a place for these in a line of text, and XML has no way to write some of them.
_BREAKS = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# Of what is drawn, by status; evidence takes the colour of what its outcome says.
COLOURS: Mapping[str, tuple[str, str]] = {  # fill and outline
    "supported": ("#d7efe6", "#00795a"),
    "refuted": ("#fbdedb", "#b3261e"),
    "contested": ("#fdebc8", "#8a5a00"),
    "unknown": ("#eceef0", "#5f6871"),
}
_NAMELESS = "item"  # whose name and words are nothing but spaces
_SAYS = {"pass": "supported", "fail": "refuted", "unknown": "unknown", "error": "unknown"}


@dataclass(frozen=True, slots=True)
class Item:
    """A claim, a piece of evidence or an argument, as a format draws it."""

    id: str
    kind: Literal["claim", "evidence", "argument"]
    text: str
    state: str = ""  # a claim's status, an evidence's outcome; an argument has none

    @property
    def colour(self) -> str:
        """Return the status that colours it, empty for an argument."""
        return _SAYS.get(self.state, self.state)


def groups(report: Report) -> Iterator[tuple[DebateReport | None, list[Item]]]:
    """Yield each debate with its items; last, without a debate, arguments about no claim."""
    drawn: set[str] = set()
    for debate in report.debates:
        found = list(_of(report, (*debate.claims, *debate.evidence, *debate.arguments)))
        drawn.update(item.id for item in found)
        yield debate, found
    if rest := [id_ for id_ in report.arguments if id_ not in drawn]:
        yield None, list(_of(report, rest))


def items(report: Report) -> list[Item]:
    """Return all items, debate by debate."""
    return [item for _, found in groups(report) for item in found]


def _of(report: Report, ids: Iterable[str]) -> Iterator[Item]:
    for id_ in ids:
        if claim := report.claims.get(id_):
            yield Item(id_, "claim", _words(claim.claim.text, id_), claim.now.status)
        elif evidence := report.evidence.get(id_):
            yield Item(id_, "evidence", _words(evidence.text, id_), evidence.now.outcome)
        elif argument := report.arguments.get(id_):
            yield Item(id_, "argument", _words(argument.text, id_))


def _words(text: str, id_: str) -> str:
    return clean(text) or clean(id_) or _NAMELESS


def relations(report: Report) -> list[Edge]:
    """Return the relations between items, in the items' order; each contradiction once."""
    place = {item.id: number for number, item in enumerate(items(report))}
    found: dict[tuple[str, str, str], Edge] = {}
    for edge in report.edges:
        twin = (edge.target, edge.source, edge.kind)
        if edge.source not in place or edge.target not in place:
            continue
        if edge.kind != "contradicts" or twin not in found:
            found.setdefault((edge.source, edge.target, edge.kind), edge)
    return sorted(found.values(), key=lambda e: (place[e.source], place[e.target], e.kind))


def clean(text: str) -> str:
    """Return text in one line, without characters that no format can hold."""
    return _UNWRITABLE.sub("\ufffd", _BREAKS.sub(" ", text).strip(" "))


def names(ids: Iterable[str], allowed: Callable[[str], str] = clean) -> dict[str, str]:
    """Return a name for each id that a format can hold: `allowed(id)`, numbered if taken."""
    chosen: dict[str, str] = {}
    taken: set[str] = set()
    for id_ in ids:
        name = wanted = allowed(id_) or _NAMELESS
        number = count(2)
        while name in taken:
            name = f"{wanted}-{next(number)}"
        taken.add(name)
        chosen[id_] = name
    return chosen
