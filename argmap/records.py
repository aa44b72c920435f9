"""What a run leaves in the history, as records, and what is read back out of the index's rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from argmap.evidence.model import Observation, Value

if TYPE_CHECKING:
    from argmap.evidence.model import Outcome, Result

Record = dict[str, Any]
SAME = ("measure", "lo", "hi", "unit", "dated")  # what a retraction knows an observation by
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class OutcomePoint:
    """A check in one run."""

    as_of: date
    outcome: Outcome
    reason: str
    lo: float | None  # the left side of its comparison, where it has one
    hi: float | None
    unit: str
    dated: date | None
    shown: str
    definition: str
    newest: date | None = None  # of the newest data it rests on
    found: str = ""  # what it came to by itself, where `for` or an ack says otherwise


def observation_record(observation: Observation) -> Record:
    """Return what stands in the history for an observation."""
    value = observation.value
    record = {
        "record": "observation",
        "measure": observation.measure,
        "kind": observation.kind,
        "lo": _end(value.lo) if value else None,
        "hi": _end(value.hi) if value else None,
        "unit": value.unit if value else "",
        "dated": str(observation.dated) if observation.dated else None,
        "source": observation.source,
        "url": observation.url,
        "reason": observation.reason.code if observation.reason else "",
        "definition": observation.definition,
    }
    if observation.asked:  # what is local is seen on the day of each run
        record |= {"seen": observation.fetched, "asked": observation.asked, "raw": observation.raw}
    if observation.down:
        record["down"] = observation.down
    return record


def outcome_record(result: Result) -> Record:
    """Return what stands in the history for what a check or a judgement came to."""
    value = result.left.value if result.left else None
    lo, hi = (_end(value.lo), _end(value.hi)) if value else (None, None)
    record = {
        "record": "outcome",
        "check": result.check,
        "outcome": result.outcome,
        "reason": result.reason.code if result.reason else "",
        "lo": lo if isinstance(lo, float) else None,
        "hi": hi if isinstance(hi, float) else None,
        "unit": value.unit if value else "",
        "dated": str(result.dated) if result.dated else None,
        "stale": result.stale,
        "shown": result.shown,
        "definition": result.definition,
        "reads": [observation.measure for observation in result.observations],
    }
    if result.newest and result.newest != result.dated:
        record["newest"] = str(result.newest)
    if result.found:
        record["found"] = result.found
    return record


def short(number: float) -> float:
    """Keep twelve digits: what differs beyond them is the machine, not the evidence."""
    return float(f"{number:.12g}")


def _end(end: float | date) -> float | str:
    return short(end) if isinstance(end, int | float) else str(end)


def same(one: str, other: str) -> str:
    """Return the SQL that says of two rows that they hold the same observation."""
    return " AND ".join(f"{one}.{name} IS {other}.{name}" for name in SAME)


def same_values(observation: Observation) -> list[Any]:
    """Return what an observation is known by, as the index's columns of text hold it."""
    record = observation_record(observation)
    values = [record[name] for name in SAME]
    return [str(value) if isinstance(value, float) else value for value in values]


def outcome_point(row: Record) -> OutcomePoint:
    """Return a check in one run, from its row."""
    return OutcomePoint(
        date.fromisoformat(row["as_of"]), row["outcome"], row["reason"], row["lo"], row["hi"],
        row["unit"], _day(row["dated"]), row["shown"], row["definition"],
        _day(row["newest"] or row["dated"]), row["found"] or "",
    )  # fmt: skip


def observation_of(row: Record) -> Observation:
    """Return what a measure was, from its row."""
    ends = [_scalar(row[end]) for end in ("lo", "hi")]
    return Observation(
        measure=row["measure"],
        kind=row["kind"],
        value=Value(ends[0], ends[1], row["unit"]),
        dated=_day(row["dated"]),
        seen=_day((row["seen"] or row["as_of"])[:10]),
        source=row["source"],
        url=row["url"],
        definition=row["definition"],
        asked=row["asked"] or "",
        fetched=row["seen"] or "",
        raw=row["raw"] or "",
    )


def _scalar(text: str) -> float | date:
    return date.fromisoformat(text) if _DATE.fullmatch(text) else float(text)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
