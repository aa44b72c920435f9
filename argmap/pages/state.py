"""A debate -> its data script: what the page needs to follow time, the clock and a what-if.

A classic script, since a page that was opened from a file may load nothing else. It calls
`argmapState` with the relations to solve, every run of the history, and the days on which
evidence ages. What stayed the same from run to run is written once; 0 stands for a word that did.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from argmap.evidence.model import Value
from argmap.pages.data import to_script

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argmap.pages.cards import Deck
    from argmap.report import ClaimReport, DebateReport, EvidenceReport, Report

KINDS = {"claim": "c", "evidence": "e", "argument": "a"}


def state_js(deck: Deck, debate: DebateReport) -> str:
    """Return a debate's data script."""
    return to_script("argmapState", state(deck, debate))


def state(deck: Deck, debate: DebateReport) -> dict[str, Any]:
    """Return what the script says."""
    report = deck.report
    members = {*debate.claims, *debate.evidence, *debate.arguments}
    told = sorted(set(debate.claims) - report.unpublished.keys())
    days: dict[str, int] = {}
    outcomes = {key: _outcomes(deck, key, days) for key in sorted(debate.evidence)}
    return {
        "debate": debate.id,
        "main": debate.main,
        "as_of": report.as_of.isoformat(),
        "fixed": report.fixed,
        "then": debate.then.isoformat() if debate.then else None,
        "claims": {key: _claim(report.claims[key]) for key in told},
        "evidence": {key: _evidence(report.evidence[key]) for key in sorted(debate.evidence)}
        | {
            key: {"outcome": "unknown", "force": report.unpublished[key]}
            for key in sorted(report.unpublished.keys() & members)
        },
        "arguments": sorted(debate.arguments),
        "clashing": [key for key in report.clashing if key in members],
        "edges": [
            [edge.source, edge.target, edge.kind, edge.weight]
            for edge in deck.edges.get(debate.id, ())
        ],
        "runs": [run.isoformat() for run in report.runs],
        "statuses": {key: _statuses(deck, key) for key in told},
        "outcomes": outcomes,
        "days": list(days),
        "ages": {key: found for key in sorted(debate.evidence) if (found := ages(deck, key))},
        "ends": {key: day for key in sorted(members) if (day := _end(report, key))},
    }


def _claim(item: ClaimReport) -> dict[str, Any]:
    """Return a claim's prior, and whether it may lapse: it was supported then."""
    supported = item.then is not None and item.then.status == "supported"
    return {"prior": item.claim.credence} | ({"then": True} if supported else {})


def _evidence(item: EvidenceReport) -> dict[str, Any]:
    """Return what evidence came to, and what that says of its claim: by an outage none lapses."""
    reason = item.now.reason
    out = reason is not None and reason.code == "outage"
    return (
        ({"test": True} if item.is_test else {})
        | ({"outage": True} if out else {})
        | {"outcome": item.now.outcome}
    )


def _end(report: Report, key: str) -> str:
    """Return the last day on which an item counts; empty where it has none."""
    if key in report.evidence:
        until = report.evidence[key].until
    elif key in report.claims:
        until = report.claims[key].claim.window.until
    else:
        until = report.arguments[key].window.until
    return until.isoformat() if until else ""


def _statuses(deck: Deck, key: str) -> list[list[Any]]:
    """Return a claim's changes: [run, status, lo, hi]; in a run without it, no status."""
    points = {point.as_of: point for point in deck.report.claims[key].history}
    found = [
        [points[run].status, *(round(end, 6) + 0.0 for end in points[run].strength)]
        if run in points
        else [""]
        for run in deck.report.runs
    ]
    return _changes(found)


def _outcomes(deck: Deck, key: str, days: dict[str, int]) -> list[list[Any]]:
    """Return the changes of evidence: [run, outcome, value, number of the date of its data].

    `days` holds the dates in words, each once; more are added as they come.
    """
    item = deck.report.evidence[key]
    if item.kind != "check":
        return _changes([[_judged_on(item, run)] for run in deck.report.runs])
    points = {point.as_of: point for point in item.series}
    left = item.now.left.value if item.now.left else None
    found: list[list[Any]] = []
    for run in deck.report.runs:
        point = points.get(run)
        if point is None:
            found.append([""])
            continue
        value = ""
        if point.lo is not None and point.hi is not None:
            unit = point.unit or (left.unit if left else "")
            value = deck.words.amount(Value(float(point.lo), float(point.hi), unit))
        found.append([point.outcome, value])
        if point.dated:
            found[-1].append(days.setdefault(deck.words.day(point.dated), len(days)))
    return _changes(found)


def _judged_on(item: EvidenceReport, day: date) -> str:
    """Return what a judgement counted as on a day."""
    if item.kind != "judgement" or (item.judged and item.judged > day):
        return "unknown"
    return "unknown" if item.expires and item.expires < day else "pass"


def _changes(found: Sequence[list[Any]]) -> list[list[Any]]:
    """Return the rows that are not as those before them, each with its number."""
    changes: list[list[Any]] = []
    before: list[Any] = [None]
    for number, (word, *rest) in enumerate(found):
        if [word, *rest] != before:
            changes.append([number, 0 if word == before[0] else word, *rest])
            before = [word, *rest]
    return changes


def ages(deck: Deck, key: str) -> dict[str, str]:
    """Return the days, after the last run, on which evidence is to be judged anew.

    `stale`: from then on it counts as stale; `unknown`: it has expired; `turns`: a check of today's
    date against another comes out otherwise, or a failure that was set aside counts again.
    """
    item = deck.report.evidence[key]
    today = deck.report.as_of
    found: dict[str, str] = {}
    if item.now.outcome in ("pass", "fail") or _set_aside(item):
        expiry = item.expires + timedelta(days=1) if item.expires and item.kind != "check" else None
        days = {
            "stale": _first([seen.stale_from for seen in item.now.observations], today),
            "unknown": _first(
                [*(seen.unknown_from for seen in item.now.observations), expiry], today
            ),
        }
        found = {name: day.isoformat() for name, day in days.items() if day}
    if item.ack and _set_aside(item):
        found |= {"turns": (item.ack.until + timedelta(days=1)).isoformat(), "to": "fail"}
    elif turn := _turn(item):
        day, outcome = turn
        if day > today:
            found |= {"turns": day.isoformat(), "to": outcome}
    return found


def _set_aside(item: EvidenceReport) -> bool:
    reason = item.now.reason
    return item.now.found == "fail" and reason is not None and reason.code == "acknowledged"


def _first(days: Iterable[date | None], after: date) -> date | None:
    return min((day for day in days if day and day > after), default=None)


def _turn(item: EvidenceReport) -> tuple[date, str] | None:
    """Return when `today < date`, or the like, comes out otherwise, and how."""
    left, right = item.now.left, item.now.right
    if left is None or left.text != "today" or right is None or right.value is None:
        return None
    day = right.value.lo
    if not isinstance(day, date) or day != right.value.hi:
        return None
    later = {"<": 0, "<=": 1, ">": 1, ">=": 0}.get(item.now.op)
    if later is None or day == date.max:
        return None
    return day + timedelta(days=later), "fail" if item.now.op.startswith("<") else "pass"
