"""Report -> the JSON that programs read: `site/api/graph.json`, and `argmap export`."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argmap.notes import Link, Note
    from argmap.report import ClaimReport, DebateReport, Edge, EvidenceReport, Report
    from argmap.source import Problem

    Record = bytes  # as it stands in a file

SCHEMA = 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)  # C: it does not indent


def graph_json(report: Report, known: Mapping[str, Record] | None = None) -> dict[str, Any]:
    """Return the whole result as plain data, sorted by id, for `to_json`.

    `known` are the records of notes that are as they were, by their paths.
    """
    known = known or {}
    return {
        "schema": SCHEMA,
        "as_of": report.as_of.isoformat(),
        "debates": [
            {
                "id": debate.id,
                "title": debate.title,
                "main": debate.main,
                "thesis": debate.thesis,
                "note": debate.note,
                "then": debate.then.isoformat() if debate.then else None,
                "claims": sorted(debate.claims),
                "evidence": sorted(debate.evidence),
                "arguments": sorted(debate.arguments),
            }
            for debate in sorted(report.debates, key=lambda debate: debate.id)
        ],
        "claims": [_claim(report.claims[key]) for key in sorted(report.claims)],
        "evidence": [_evidence(report.evidence[key]) for key in sorted(report.evidence)],
        "arguments": [{"id": key} for key in sorted(report.arguments)],
        "relations": [_relation(edge) for edge in sorted(report.edges, key=_edge_order)],
        "notes": [
            known.get(path) or _note(note) for path, note in sorted(report.vault.notes.items())
        ],
        "problems": [problem.data for problem in sorted(report.problems, key=_problem_order)],
    }


def notes_in(data: bytes) -> list[Record]:
    """Return the records of notes in a file that `to_json` made of `graph_json`, in its order."""
    mark = b'\n"notes": [\n'
    begin = data.find(mark) + len(mark)
    end = data.find(b"\n],\n", begin)
    return data[begin:end].split(b",\n") if begin >= len(mark) < end else []


def debates_json(report: Report) -> dict[str, Any]:
    """Return the debates, each with its conclusion then and now and its last change."""
    return {
        "schema": SCHEMA,
        "as_of": report.as_of.isoformat(),
        "debates": [
            _debate(report, debate) for debate in sorted(report.debates, key=lambda one: one.id)
        ],
    }


def checks_json(report: Report) -> dict[str, Any]:
    """Return the checks, each with its outcome in every run."""
    found = [report.evidence[key] for key in sorted(report.evidence)]
    return {
        "schema": SCHEMA,
        "as_of": report.as_of.isoformat(),
        "checks": [
            _evidence(item)
            | {
                "claims": list(item.claims),
                **_held(item),
                "runs": [[point.as_of.isoformat(), point.outcome] for point in item.series],
            }
            for item in found
            if item.kind == "check"
        ],
    }


def _held(item: EvidenceReport) -> dict[str, Any]:
    """Return what holds a check back, and when its sources are to be asked again."""
    now, ack = item.now, item.ack
    return {
        "found": now.found or now.outcome,
        "dates": [now.dates, now.needed] if now.dates else None,
        "set_aside": ack and {"until": ack.until.isoformat(), "because": ack.because, "by": ack.by},
        "down": any(seen.down for seen in now.observations),
        "due": now.due.isoformat() if now.due else None,
    }


def changes_json(report: Report) -> dict[str, Any]:
    """Return every change of a claim's status, the newest first."""
    turns = [turn for item in report.claims.values() for turn in reversed(item.turns)]
    turns.sort(key=lambda turn: turn.claim)
    turns.sort(key=lambda turn: turn.as_of, reverse=True)
    return {
        "schema": SCHEMA,
        "as_of": report.as_of.isoformat(),
        "changes": [
            {
                "claim": turn.claim,
                "as_of": turn.as_of.isoformat(),
                "before": turn.before,
                "after": turn.after,
                "cause": turn.cause or None,
                "path": list(turn.path),
            }
            for turn in turns
        ],
    }


def _debate(report: Report, debate: DebateReport) -> dict[str, Any]:
    main = report.claims[debate.main]
    turns = [turn.as_of for claim in debate.claims for turn in report.claims[claim].turns]
    return {
        "id": debate.id,
        "title": debate.title,
        "main": debate.main,
        "text": main.claim.text,
        "status": main.now.status,
        "then": main.then.status if main.then else None,
        "last_turn": max(turns).isoformat() if turns else None,
        "claims": len(debate.claims),
        "evidence": len(debate.evidence),
    }


def to_json(data: Mapping[str, Any]) -> bytes:
    """Return stable JSON, a record a line, with other alphabets as they are."""
    pieces = [b"{\n"]  # put together once: copies of a large file take long
    for key, value in data.items():
        pieces += (b",\n" if len(pieces) > 1 else b"", _encoded(key), b": ", *_records(value))
    return b"".join([*pieces, b"\n}\n"])


def _records(value: Any) -> Iterator[bytes]:
    if not value or not isinstance(value, list):
        yield _encoded(value)
        return
    between = b"[\n"
    for each in value:
        yield between
        yield each if isinstance(each, bytes) else _encoded(each)
        between = b",\n"
    yield b"\n]"


def _encoded(value: Any) -> bytes:
    return _ENCODER.encode(value).encode("utf-8", "replace")


def to_script(function: str, data: Any) -> str:
    """Return a classic script that hands the data to a function of the page."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return f"{function}({text});\n"


def _claim(item: ClaimReport) -> dict[str, Any]:
    claim = item.claim
    return {
        "id": claim.id,
        "text": claim.text,
        "role": claim.role,
        "attributed": claim.attributed.text if claim.attributed else None,
        "note": claim.note,
        "line": claim.span.line,
        "inferred": bool(claim.inferred),
        "rule": claim.inferred or None,
        "tags": list(claim.tags),
        "status": item.now.status,
        "marks": list(item.marks),
        # The arithmetic is sure of nine digits; the rest may differ between machines.
        "strength": [round(end, 9) + 0.0 for end in item.now.strength],
    }


def _evidence(item: EvidenceReport) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "text": item.text,
        "outcome": item.now.outcome,
        "shown": item.now.shown,
        "source": "; ".join(source.text or source.url for source in item.sources) or None,
        "as_of": item.now.dated.isoformat() if item.now.dated else None,
        "stale": item.now.stale,
    }


def _relation(edge: Edge) -> dict[str, Any]:
    return {
        "source": edge.source,
        "kind": edge.kind,
        "target": edge.target,
        "weight": edge.weight,
    }


def _note(note: Note) -> dict[str, Any]:
    return {
        "path": note.path,
        "title": note.title,
        "aliases": list(note.aliases),
        "tags": list(note.tags),
        "properties": _plain(note.properties),
        "links": [_link(link) for link in note.links],
    }


def _link(link: Link) -> dict[str, Any]:
    return {"kind": link.kind, "target": link.target, "subpath": link.subpath, "text": link.text}


def _plain(value: Any) -> Any:
    """Return YAML's values as JSON has them: dates as text, keys as text, no NaN."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value - value != 0:
        return str(value)
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)


def _edge_order(edge: Edge) -> tuple[str, str, str, float]:
    return edge.source, edge.kind, edge.target, edge.weight


def _problem_order(problem: Problem) -> tuple[Any, ...]:
    return problem.span, problem.code, problem.message, problem.hint
