"""`claims/acks.yaml`: failures that people have set aside, until when, why, by whom.

An acknowledged failure counts as unknown until its date, and says so wherever the check is shown.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError, field_validator

from argmap import yaml
from argmap.evidence.measure import Day, Line, Strict
from argmap.evidence.model import Ack, Reason, Result
from argmap.source import Problem, Span, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

FILE = "acks.yaml"
_PLAIN = re.compile(r"[^\W\d][\w-]*")
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off"}  # also to YAML 1.1


class AckModel(Strict):
    """An acknowledgement as it stands in the file, under the name of its check."""

    until: Day = Field(description="the last day it holds")
    because: Line = Field(description="why the failure does not count")
    by: Line = Field("", description="who says so")
    on: Day | None = Field(None, description="the first day it holds; without it, it always does")

    @field_validator("because")
    @classmethod
    def _said(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("say why the failure does not count")
        return value


@dataclass(frozen=True, slots=True)
class Entry:
    """An acknowledgement, and where it stands."""

    check: str  # as written: an id, or an unambiguous shortening
    ack: Ack
    span: Span


def read_acks(folder: Path, prefix: str) -> tuple[list[Entry], list[Problem]]:
    """Read the acknowledgements of a claims folder, `prefix` as seen from the project's root."""
    path = f"{prefix}/{FILE}" if prefix else FILE
    file = folder / FILE
    if not file.is_file():
        return [], []
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Problem("A314", Span(path), "it cannot be read as UTF-8 text")]
    except OSError as error:
        return [], [Problem("A314", Span(path), f"it cannot be read: {error.strerror}")]
    return entries(text, path)


def entries(text: str, path: str) -> tuple[list[Entry], list[Problem]]:
    """Return what the file says and what is wrong with it; one bad entry does not lose another."""
    try:
        document = yaml.load(text)
    except yaml.YamlError as error:
        place = Span(path, error.line, error.column)
        return [], [Problem("A314", place, f"not YAML: {error.message}")]
    if document.value is None:
        return [], []
    if not isinstance(document.value, dict):
        message = "it must hold names of checks, each with `until` and `because`"
        return [], [Problem("A314", Span(path), message)]
    problems = [
        Problem("A314", _at(path, document, key), f"{key[-1]!r} is given twice; the last counts")
        for key in document.duplicates
    ]
    found = []
    for name, value in document.value.items():
        entry = _entry(name, value, path, document)
        if isinstance(entry, Entry):
            found.append(entry)
        else:
            problems += entry
    return found, problems


def _entry(name: str, value: Any, path: str, document: yaml.Document) -> Entry | list[Problem]:
    if not isinstance(value, dict):
        message = f"{name!r} must hold `until` and `because`"
        return [Problem("A314", _at(path, document, (name,)), message)]
    try:
        model = AckModel.model_validate(value)
    except ValidationError as error:
        return [_wrong(name, each, path, document) for each in error.errors(include_url=False)]
    ack = Ack(model.until, model.because, model.by, model.on)
    return Entry(name, ack, _at(path, document, (name,)))


def _wrong(name: str, error: Any, path: str, document: yaml.Document) -> Problem:
    keys = list(AckModel.model_fields)
    key = str(error["loc"][-1])
    if error["type"] == "missing":
        message = f"{name!r} needs the key {key!r}"
        return Problem("A314", _at(path, document, (name,)), message)
    if error["type"] == "extra_forbidden":
        hint = nearest(key, keys) or f"valid keys: {', '.join(keys)}"
        return Problem("A314", _at(path, document, (name, key)), f"unknown key {key!r}", hint)
    said = error["ctx"]["error"] if error["type"] == "value_error" else "should be text"
    line, column = document.values.get((name, key), (1, 1))
    return Problem("A314", Span(path, line, column), f"{key!r}: {said}")


def _at(path: str, document: yaml.Document, key: yaml.Path) -> Span:
    line, column = document.places.get(key, (1, 1))
    return Span(path, line, column)


def set_aside(result: Result, ack: Ack | None, day: date) -> Result:
    """Return a failure as unknown where an acknowledgement holds on this day."""
    if ack is None or not ack.holds(day) or result.outcome != "fail":
        return result
    by = f" by {ack.by}" if ack.by else ""
    reason = Reason("acknowledged", f"it fails, and is set aside{by} until {ack.until}")
    return replace(result, outcome="unknown", found=result.found or "fail", reason=reason, ack=ack)


def idle_acks(
    entries: Mapping[str, Entry], results: Mapping[str, Result], day: date
) -> Iterator[Problem]:
    """Warn of acknowledgements that set nothing aside (A318): past their date, or of what passes.

    `entries` stand under the ids of their checks.
    """
    for id_, entry in entries.items():
        until, result = entry.ack.until, results.get(id_)
        if until < day:
            message = f"the acknowledgement of {id_!r} ended on {until}"
            yield Problem("A318", entry.span, message, f"argmap unack {id_} takes it out")
        elif result and result.outcome == "pass" and not result.found and entry.ack.holds(day):
            message = f"{id_!r} is acknowledged until {until}, and passes now"
            hint = f"argmap unack {id_} lets its next failure count"
            yield Problem("A318", entry.span, message, hint)


def acks_schema() -> dict[str, Any]:
    """Return the JSON Schema of the file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "argmap acknowledgements",
        "description": "claims/acks.yaml: failures that people have set aside, by their check.",
        "type": ["object", "null"],
        "additionalProperties": AckModel.model_json_schema(by_alias=True),
    }


# Writing


def write_ack(folder: Path, prefix: str, check: str, ack: Ack | None) -> Problem | None:
    """Put an acknowledgement into a claims folder's file; None takes the one there out.

    Returns a problem where that cannot be.
    """
    from argmap.splice import read_file, replace_file

    file, span = folder / FILE, Span(f"{prefix}/{FILE}" if prefix else FILE)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.touch()
    except OSError as error:
        return Problem("A314", span, f"not written: {error.strerror}")
    data, problem = read_file(file, folder, span)
    if problem:
        return problem
    try:
        new = with_ack(data.decode("utf-8-sig"), check, ack)
    except UnicodeDecodeError:
        return Problem("A314", span, "it cannot be read as UTF-8 text")
    if new is None:
        hint = "change it by hand, one name below the other"
        return Problem("A314", span, f"nothing can be changed for {check!r}", hint)
    return replace_file(file, folder, span, data, new.encode("utf-8"))


def with_ack(text: str, check: str, ack: Ack | None) -> str | None:
    """Return the file with a check's acknowledgement put in, or in the place of its earlier one.

    Without one, it is taken out. All else stays as it is. None where the file is not one name below
    the other.
    """
    before, after = _around(text, check)
    lines = [*before, *_lines(check, ack), *after]
    new = "\n".join(lines) + "\n" if lines else ""
    wanted = {entry.check: entry.ack for entry in entries(text, FILE)[0]} | {check: ack}
    read, problems = entries(new, FILE)
    found = {entry.check: entry.ack for entry in read}
    as_wanted = found == {name: said for name, said in wanted.items() if said}
    return new if as_wanted and not problems else None


def _lines(check: str, ack: Ack | None) -> list[str]:
    if ack is None:
        return []
    said = {"until": ack.until, "because": ack.because, "by": ack.by, "on": ack.on}
    return [
        f"{_key(check)}:",
        *(f"  {key}: {_scalar(value)}" for key, value in said.items() if value),
    ]


def _around(text: str, check: str) -> tuple[list[str], list[str]]:
    """Return the lines before and after a check's entry; all, and none, where it has none."""
    lines = text.splitlines()
    try:
        places = yaml.load(text).places
    except yaml.YamlError:
        return lines, []
    starts = sorted(line for key, (line, _) in places.items() if len(key) == 1)
    if (check,) not in places:
        return lines, []
    first = places[check,][0]
    last = next((line for line in starts if line > first), len(lines) + 1)
    while last - 1 > first and (not lines[last - 2].strip() or lines[last - 2].startswith("#")):
        last -= 1  # what stands above the next entry is the next entry's
    return lines[: first - 1], lines[last - 1 :]


def _key(name: str) -> str:
    plain = _PLAIN.fullmatch(name) and name.lower() not in _RESERVED
    return name if plain else _scalar(name)


def _scalar(value: object) -> str:
    """Return a value as YAML: text in quotes, which JSON and YAML write alike."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
