"""Report -> rows and lines for a terminal, and the same as data for `--json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from argmap.evidence.model import Observation, Result
    from argmap.project import Checked, Sight
    from argmap.recalled import Answer
    from argmap.report import ClaimReport, EvidenceReport, Report, Turn
    from argmap.strengths import Interval

Row = dict[str, Any]
_MOST_SHOWN = 2_000  # bytes
GATES = ("unexpected", "changed", "refuted", "unknown")


class UnknownNameError(LookupError):
    """A name that means nothing here, or several things."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of data, and what a terminal shows of a row: a heading and a cell for each column."""

    rows: list[Row]
    columns: dict[str, Callable[[Row], str]]


def many(number: int, word: str) -> str:
    """Return a count with its word: 1 claim, 2 claims."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def cells(*keys: str) -> dict[str, Callable[[Row], str]]:
    """Return columns that show a row's values as they are."""
    return {key: _cell(key) for key in keys}


def _cell(key: str) -> Callable[[Row], str]:
    return lambda row: "" if row[key] is None else str(row[key])


def find(report: Report, name: str) -> str:
    """Return the id that a name or an unambiguous shortening means.

    Raises UnknownNameError with what comes near, or with the candidates.
    """
    from argmap.graph import Names

    names = Names([*report.claims, *report.evidence, *report.arguments], {})
    found = names.find(name)
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownNameError(f"{name!r} fits {len(found)}: {', '.join(found)}")
    left_out = Names([*report.outside], {}).find(name)
    if len(left_out) == 1:
        raise UnknownNameError(_left_out(report, left_out[0]))
    hint = names.suggest(name)
    raise UnknownNameError(f"nothing is called {name!r}" + (f"; {hint}" if hint else ""))


def _left_out(report: Report, id_: str) -> str:
    """Say when an item counts that does not count on the report's day."""
    window = report.outside[id_]
    bounds = (("from", window.from_), ("until", window.until))
    ends = [f"{word} {day}" for word, day in bounds if day]
    counts = f"counts {' '.join(ends)}" if ends else "has a premise that does not count"
    return f"{id_!r} {counts}: on {report.as_of} it is left out"


def statuses(report: Report, ids: Sequence[str]) -> Table:
    """Return a row a claim, those named or all."""
    chosen = [report.claims[id_] for id_ in ids if id_ in report.claims]
    claims = chosen if ids else report.claims.values()
    return Table(
        [status_row(item) for item in claims],
        {
            "status": _cell("status"),
            "strength": lambda row: interval((row["lo"], row["hi"])),
            "then": _cell("then"),
            "marks": lambda row: ", ".join((*_marks(row), *["one source"] * row["one_source"])),
            "claim": lambda row: f"{row['text']}  [{row['id']}]",
        },
    )


def _marks(row: Row) -> Iterator[str]:
    """Yield the marks; of an inferred claim, with the rule that found it."""
    for mark in row["marks"]:
        yield f"inferred: {row['rule']}" if mark == "inferred" and row["rule"] else mark


def status_row(item: ClaimReport) -> Row:
    """Return how a claim stands."""
    return {
        "status": item.now.status,
        "then": item.then.status if item.then else None,
        "marks": list(item.marks),
        "rule": item.claim.inferred or None,
        "id": item.claim.id,
        "text": item.claim.text,
        "lo": item.now.strength[0],
        "hi": item.now.strength[1],
        "reason": item.now.reason,
        "reasons": item.basis.reasons,
        "sources": list(item.basis.sources),
        "one_source": item.basis.one_source,
        "stale_evidence": list(item.basis.stale),
        "since": str(item.turns[-1].as_of) if item.turns else None,
    }


def outcomes(report: Report, ids: Sequence[str]) -> Table:
    """Return a row a piece of evidence: those named, those of the claims named, or all that run."""
    named = [e for e in report.evidence.values() if e.id in ids or set(e.claims) & set(ids)]
    chosen = named if ids else [e for e in report.evidence.values() if e.kind == "check"]
    return Table(
        [outcome_row(item) for item in chosen],
        {
            "outcome": lambda row: row["outcome"] + (" (stale)" if row["stale"] else ""),
            **cells("then", "dated", "check"),
            "shown": lambda row: "; ".join((_with_reason(row), *row["held"])),
        },
    )


def outcome_row(item: EvidenceReport) -> Row:
    """Return how evidence came out."""
    now = item.now
    return {
        "outcome": now.outcome,
        "then": item.then.outcome if item.then else None,
        "dated": str(now.dated) if now.dated else None,
        "check": item.id,
        "shown": now.shown,
        "title": item.text,
        "claims": list(item.claims),
        "stale": now.stale,
        "reason": now.reason.code if now.reason else None,
        "because": now.reason.detail if now.reason else None,
        "held": list(held(now)),
        "found": now.found or now.outcome,
        "distance": now.distance,
        "reach": list(now.reach) if now.reach else None,
        "hangs": now.hangs or None,
        "due": str(now.due) if now.due else None,
    }


def _with_reason(row: Row) -> str:
    if row["reason"] == "acknowledged":  # by whom and why, `held` says
        return f"{row['shown']}: it fails"
    return f"{row['shown']}: {row['because']}" if row["because"] else row["shown"]


def next_due(report: Report) -> str:
    """Return when sources are to be asked again, and for which checks; empty where none are."""
    due = {id_: item.now.due for id_, item in report.evidence.items()}
    first = min((day for day in due.values() if day), default=None)
    if first is None:
        return ""
    ids = [id_ for id_, day in due.items() if day == first]
    others = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
    return f"next due {max(first, report.as_of)}: {ids[0]}{others}"


def held(result: Result) -> Iterator[str]:
    """Yield what keeps an outcome from counting as it came out: `for`, or an acknowledgement."""
    if result.dates:
        dates = f"{result.dates} of {result.needed} dates of data"
        yield f"{result.found} by itself, on {dates} that would turn it"
    if result.ack:
        by = f" by {result.ack.by}" if result.ack.by else ""
        yield f"set aside{by} until {result.ack.until}: {result.ack.because}"


def turns(report: Report, ids: Sequence[str]) -> Table:
    """Return a row a change of a status or of a definition, oldest first, with what turned it."""
    asked = set(ids)
    return turns_table([row for row, about in _turns(report) if not ids or about & asked])


def turns_table(rows: list[Row]) -> Table:
    """Return rows of turns with the columns that a terminal shows."""
    return Table(rows, cells("as_of", "before", "after", "claim", "turned by"))


def leave_behind(checked: Checked, report: Report) -> None:
    """Keep what `argmap history` may be asked for next."""
    from argmap.evidence.table import data_files
    from argmap.recalled import keep

    keep(report.settings.root, answer(report, data_files(checked.read.reading.book)))


def answer(report: Report, files: Iterable[str]) -> Answer:
    """Return all that `argmap history` may be asked for; `files` are data outside claims/."""
    from argmap.graph import Names
    from argmap.recalled import Answer

    settings, found = report.settings, _turns(report)
    names = Names([*report.claims, *report.evidence, *report.arguments])
    return Answer(
        report.as_of,
        [row for row, _ in found],
        [about for _, about in found],
        names.pairs(),
        [(str(problem), problem.severity == "error") for problem in report.problems],
        ["argmap.toml", "pyproject.toml", f"{settings.vault}/.obsidian/app.json", *files],
        [settings.vault, settings.claims],
    )


def _turns(report: Report) -> list[tuple[Row, set[str]]]:
    """Return all rows of turns, oldest first, each with the ids it is about."""
    rows: list[tuple[Row, set[str]]] = [
        (_turn(turn), {turn.claim, turn.cause})
        for item in report.claims.values()
        for turn in item.turns
    ]
    for evidence in report.evidence.values():
        rows += [(row, {evidence.id, *evidence.claims}) for row in _redefined(evidence)]
    return sorted(rows, key=lambda pair: str(pair[0]["as_of"]))


def _turn(turn: Turn) -> Row:
    return {
        "as_of": str(turn.as_of),
        "claim": turn.claim,
        "before": turn.before,
        "after": turn.after,
        "turned by": _cause(turn.cause, turn.outcome_before, turn.outcome_after),
        "cause": turn.cause or None,
        "path": list(turn.path),
    }


def _redefined(item: EvidenceReport) -> Iterator[Row]:
    """Yield a row for each run in which a check was defined otherwise than in the one before."""
    for change in item.redefined:
        yield {
            "as_of": str(change.as_of),
            "claim": item.id,
            "before": change.outcome_before,
            "after": change.outcome_after,
            "turned by": f"definition changed: {change.shown_before} -> {change.shown_after}",
            "cause": None,
            "path": [],
        }


def _cause(id_: str, before: str, after: str) -> str:
    return f"{id_}: {before} -> {after}" if id_ else "several together, or the notes themselves"


def observed(observation: Observation) -> str:
    """Return what a measure was, as a line."""
    from argmap.evidence.quantity import show

    value = show(observation.value) if observation.value else "unknown"
    dated = f", data of {observation.dated}" if observation.dated else ""
    stale = ", stale" if observation.stale else ""
    source = f", {observation.source}" if observation.source else ""
    return f"{observation.measure} = {value} ({observation.kind}{dated}{stale}{source})"


def lint_data(report: Report) -> Row:
    """Return the problems, and how much was read, for editors."""
    return {
        **report.vault.counts(),
        "claims": len(report.claims),
        "problems": [problem.data for problem in report.problems],
    }


def failed(
    report: Report, gates: Sequence[str], ids: Sequence[str] = (), *, news: bool = True
) -> list[str]:
    """Return a line for each claim and check that a gate of `--fail-on` stops at.

    With ids, only those are looked at, and the claims that checks among them bear on. `news` says
    whether this run found anything that the last one of its day did not.
    """
    checks = [item for item in report.evidence.values() if not ids or item.id in ids]
    borne = {claim for item in checks for claim in item.claims}
    lines = [
        f"{item.claim.id} is {item.now.status}{why}"
        for item in report.claims.values()
        if not ids or item.claim.id in ids or item.claim.id in borne
        for why in _stops(item, gates if news else [gate for gate in gates if gate != "changed"])
    ]
    if "unexpected" in gates:
        lines += [
            f"{item.id}: {item.now.outcome}, expected {item.expect}"
            for item in checks
            if item.expect not in ("", item.now.outcome)
        ]
    return lines


def _stops(item: ClaimReport, gates: Sequence[str]) -> Iterator[str]:
    if "unexpected" in gates and item.claim.expect not in ("", item.now.status):
        yield f", expected {item.claim.expect}"
    last = item.turns[-1] if item.turns else None
    if "changed" in gates and last and last.run == item.history[-1].run:
        yield f", was {last.before}"
    if item.now.status in gates:
        yield ""


def interval(ends: Interval) -> str:
    """Return an interval as a person reads it: one number where both ends are the same."""
    lo, hi = (f"{end:.2f}" for end in ends)
    return lo if lo == hi else f"[{lo}, {hi}]"


def signed(ends: Interval) -> str:
    """Return a summand: like `interval`, with its sign."""
    lo, hi = (f"{end:+.2f}" for end in ends)
    return lo if lo == hi else f"[{lo}, {hi}]"


def text(table: Table) -> str:
    """Lay a table out in columns, as wide as their cells."""
    rows = [[cell(row).strip() for cell in table.columns.values()] for row in table.rows]
    rows.insert(0, list(table.columns))
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: East Asian letters two, accents none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(2 if east_asian_width(c) in "WF" else not combining(c) for c in text)


def sights(found: Iterable[Sight]) -> Iterator[str]:
    """Yield what measures were and what their sources said, as far as it is kept."""
    from argmap.evidence.quantity import show
    from argmap.records import observation_of

    for sight in found:
        row = sight.record
        if row is None:
            yield f"{sight.measure}: nothing is recorded by then"
            continue
        seen = observation_of(dict(row)) if row["lo"] is not None else None
        value = seen and (seen.value or seen.said)
        unknown = f"unknown ({row['reason']})" if row["reason"] else ""
        said = ": ".join(filter(None, [show(value) if value else "", unknown]))
        dated = f", data of {row['dated']}" if row["dated"] else ""
        yield f"{sight.measure} = {said}{dated}, in the run of {row['as_of']}"
        yield from (f"  {where}" for where in dict.fromkeys([row["source"], row["url"]]) if where)
        if row["raw"]:
            yield f"  asked at {row['seen']}, answer {row['raw']}"
            yield from (f"  | {line}" for line in _said(sight.body))


def _said(body: bytes | None) -> list[str]:
    """Return the beginning of what a source said, without what would steer a terminal."""
    if body is None:
        return ["what the source said is not kept any more"]
    shown = body[:_MOST_SHOWN].decode("utf-8", "replace")
    lines = ["".join(c if c.isprintable() else " " for c in line) for line in shown.splitlines()]
    more = len(body) - _MOST_SHOWN
    return [*lines, f"… and {more:,} bytes more; --raw prints all"] if more > 0 else lines


def sights_data(found: Iterable[Sight]) -> list[Row]:
    """Return the same as data, with all that was said as text."""
    return [
        {
            "measure": sight.measure,
            **(sight.record or {}),
            "body": None if sight.body is None else sight.body.decode("utf-8", "replace"),
        }
        for sight in found
    ]
