"""What a run leaves in the history, as records, and what is read back out of the index's rows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from argmap.evidence.model import Observation, Value

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from argmap.evidence.model import Outcome, Result

Record = dict[str, Any]
SAME = ("measure", "lo", "hi", "unit", "dated")  # what a retraction knows an observation by
_IN_ORDER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
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
    limit: tuple[float, float] | None = None  # the right side of its comparison, as lo and hi
    run: int = 0  # tells the runs of one day apart; later ones have larger numbers


def observation_record(observation: Observation) -> Record:
    """Return what stands in the history for an observation."""
    # What a source said is kept also where it does not count, or the next look without a network
    # would take the value before it for the last.
    value = observation.value or (observation.said if observation.asked else None)
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
    limit = result.right.value if result.right else None
    lo, hi = (_end(value.lo), _end(value.hi)) if value else (None, None)
    known = value or limit
    record = {
        "record": "outcome",
        "check": result.check,
        "outcome": result.outcome,
        "reason": result.reason.code if result.reason else "",
        "lo": lo if isinstance(lo, float) else None,
        "hi": hi if isinstance(hi, float) else None,
        "unit": known.unit if known else "",
        "dated": str(result.dated) if result.dated else None,
        "stale": result.stale,
        "shown": result.shown,
        "definition": result.definition,
        "reads": [observation.measure for observation in result.observations],
    }
    if limit and not isinstance(limit.lo, date) and not isinstance(limit.hi, date):
        record |= {"limit_lo": _end(limit.lo), "limit_hi": _end(limit.hi)}
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
        _day(row["newest"] or row["dated"]), row["found"] or "", _limit(row), row["seq"],
    )  # fmt: skip


def _limit(row: Record) -> tuple[float, float] | None:
    lo, hi = row["limit_lo"], row["limit_hi"]
    return None if lo is None or hi is None else (lo, hi)


def observation_of(row: Record) -> Observation:
    """Return what a measure was, from its row."""
    ends = [_scalar(row[end]) for end in ("lo", "hi")]
    value = Value(ends[0], ends[1], row["unit"])
    counts = not row["reason"]
    return Observation(
        measure=row["measure"],
        kind=row["kind"],
        value=value if counts else None,
        said=None if counts else value,
        dated=_day(row["dated"]),
        seen=_day((row["seen"] or row["as_of"])[:10]),
        source=row["source"],
        url=row["url"],
        definition=row["definition"],
        asked=row["asked"] or "",
        fetched=row["seen"] or "",
        raw=row["raw"] or "",
    )


def seen_in(row: Record) -> str:
    """Return the value in a row, with its unit, and the date of its data."""
    from argmap.evidence.quantity import show

    seen = observation_of(row)
    value = seen.value or seen.said
    return f"{show(value) if value else '?'}{f', of {seen.dated}' if seen.dated else ''}"


def _scalar(text: str) -> float | date:
    return date.fromisoformat(text) if _DATE.fullmatch(text) else float(text)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# What a line may hold


@cache
def _records() -> TypeAdapter[Any]:
    """Return what a line may hold, to validate it with."""
    from typing import Annotated, Literal

    from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, StrictBool, TypeAdapter

    day = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
    name = Annotated[str, Field(min_length=1)]

    class Line(BaseModel):
        model_config = ConfigDict(extra="allow")
        id: name

    class Observed(Line):
        record: Literal["observation"]
        measure: name
        lo: FiniteFloat | str | None = None
        hi: FiniteFloat | str | None = None
        dated: day | None = None

    class Outcome(Line):
        record: Literal["outcome"]
        check: name
        outcome: Literal["pass", "fail", "unknown", "error"]
        reason: str = ""
        lo: FiniteFloat | None = None
        hi: FiniteFloat | None = None
        limit_lo: FiniteFloat | None = None
        limit_hi: FiniteFloat | None = None
        unit: str = ""
        dated: day | None = None
        stale: StrictBool = False
        shown: str = ""
        definition: str = ""

    class Status(Line):
        record: Literal["status"]
        claim: name
        status: Literal["supported", "refuted", "contested", "unknown"]
        lo: FiniteFloat
        hi: FiniteFloat

    class Run(Line):
        record: Literal["run"]
        as_of: day
        found: list[name]
        again: int = Field(0, ge=0)

    class Renamed(Line):
        record: Literal["renamed"]
        old: name
        new: name

    class Retracted(Line):
        record: Literal["retracted"]
        measure: name
        lo: FiniteFloat | str
        hi: FiniteFloat | str
        dated: day | None = None
        because: name

    some = Observed | Outcome | Status | Run | Renamed | Retracted
    return TypeAdapter(Annotated[some, Field(discriminator="record")])


def read_record(text: bytes) -> tuple[Record | None, str]:
    """Return the record of a line, or what is wrong with it."""
    from pydantic import ValidationError

    try:
        record: Record = _records().validate_json(text).model_dump()
        for key in ("as_of", "dated"):
            _day(record.get(key))
        if record["record"] == "observation":
            _day(str(record.get("seen") or "")[:10])
            for end in ("lo", "hi"):
                _scalar(str(record[end] or 0))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"][1:]))
        return None, f"not a record: {where}: {first['msg']}" if where else "not a record"
    except ValueError as error:
        return None, f"not a record: {error}"
    return record, ""


def named(record: Record) -> Record:
    """Name a record by what it says."""
    digest = sha256(_IN_ORDER.encode(record).encode())
    return {"record": record["record"], "id": digest.hexdigest()[:12], **record}
