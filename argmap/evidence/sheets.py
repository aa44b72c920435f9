"""Sheets (``claims/*.yaml``, or a fenced block of a note): YAML text -> measures and checks.

A sheet is read for its form only; whether formulas parse and units fit is found out by `checks`,
once all measures of the project are known.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    StrictFloat,
    StrictInt,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from argmap import yaml
from argmap.claims.model import ALWAYS, Source, Target, Window
from argmap.evidence.book import Sheet
from argmap.evidence.formula import WORDS
from argmap.evidence.kinds import KINDS
from argmap.evidence.measure import Day, Duration, Line, MeasureDef, Strict
from argmap.evidence.model import DAILY, Bearing, Check
from argmap.notes import Link
from argmap.source import Problem, Span, nearest

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

_BEARINGS: tuple[Bearing, ...] = ("tests", "supports", "attacks")
_MEASURE_NAME = re.compile(r"[^\W\d]\w*")
_CHECK_NAME = re.compile(r"\w[\w.-]*")
_LINK = re.compile(r"\[\[([^\]|#]*+)#?([^\]|]*+)(?:\|[^\]]*+)?\]\]")
_NAME_IN_SCHEMA = r"^[^\s0-9!-/:-@\[-^`{-~][^\s!-/:-@\[-^`{-~]*$"  # reads alike everywhere
_NOT_SHEETS = {"acks.yaml", "acks.yml"}


def _names(value: Any) -> Any:
    some = value if isinstance(value, list) else [value]
    if value is None or (some and all(isinstance(each, str) and each.strip() for each in some)):
        return value
    raise ValueError("should be the name of a claim, or a list of names")


Names = Annotated[str | list[str], BeforeValidator(_names)]
Weight = StrictFloat | StrictInt


class CheckModel(Strict):
    """A check as an author writes it; exactly one of tests, supports, attacks."""

    title: Line = Field("", description="what it says, in words")
    tests: Names | None = Field(None, description="claims it speaks for, or, failing, against")
    supports: Names | None = Field(None, description="claims it speaks for; failing says nothing")
    attacks: Names | None = Field(
        None, description="claims it speaks against; failing says nothing"
    )
    assert_: Line = Field(alias="assert", description="a formula that is true or false")
    weight: Weight = Field(
        1, gt=0, le=1_000_000, allow_inf_nan=False, description="1 unless stated"
    )
    source: Line = Field("", description="where it is from: words or an address")
    url: str = Field("", description="the source's address, where `source` is words")
    note: Line = Field("", description="what a reader should know")
    for_: StrictInt = Field(
        1, alias="for", ge=1, le=1000,
        description="data of so many different dates before an outcome turns",
    )  # fmt: skip
    every: Duration | None = Field(
        None, description="older than this, what it fetches is fetched again; a day if not stated"
    )
    expect: Literal["pass", "fail", "unknown", ""] = Field("", description="for gates")
    from_: Day | None = Field(None, alias="from", description="left out before this day")
    until: Day | None = Field(None, description="left out after this day")

    @field_validator("until")
    @classmethod
    def _in_order(cls, until: date | None, info: ValidationInfo) -> date | None:
        begins = info.data.get("from_")
        if until and begins and until < begins:
            raise ValueError(f"it ends on {until}, before it begins on {begins}")
        return until


_CHECK_KEYS = {field.alias or name for name, field in CheckModel.model_fields.items()}


def read_sheets(folder: Path, prefix: str) -> tuple[list[Sheet], list[Problem]]:
    """Read all sheets of a folder, sorted by name; `prefix` is the folder as seen from the root."""
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for file in sorted(folder.glob("*.y*ml")) if folder.is_dir() else ():
        if file.suffix not in (".yaml", ".yml") or file.name in _NOT_SHEETS or not file.is_file():
            continue
        path = f"{prefix}/{file.name}" if prefix else file.name
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            problems.append(Problem("A301", Span(path), "the sheet cannot be read as UTF-8 text"))
            continue
        except OSError as error:
            message = f"the sheet cannot be read: {error.strerror}"
            problems.append(Problem("A301", Span(path), message))
            continue
        sheet, found = read_sheet(text, path)
        sheets.append(sheet)
        problems.extend(found)
    return sheets, problems


def read_sheet(
    text: str,
    path: str,
    *,
    first_line: int = 1,
    first_column: int = 1,
    scope: str = "",
    claim: str = "",
) -> tuple[Sheet, list[Problem]]:
    """Return what a sheet defines and what is wrong with it; one bad item does not lose another.

    `first_line` and `first_column` say where the text begins in its file. `scope` is the note
    whose own the names are; `claim` the claim above a note's block, which a check without a target
    bears on.
    """
    reader = _Reader(text, path, first_line, first_column, scope, claim)
    sheet = reader.sheet()
    return sheet, sorted(reader.problems, key=lambda problem: problem.span)


class _Reader:
    """Goes through one sheet and keeps what is wrong."""

    def __init__(
        self, text: str, path: str, line: int, column: int, scope: str, claim: str
    ) -> None:
        self.text, self.path, self.line, self.column = text, path, line, column
        self.scope, self.claim = scope, claim
        self.problems: list[Problem] = []
        self.document = yaml.Document(None)

    def sheet(self) -> Sheet:
        try:
            self.document = yaml.load(self.text)
        except yaml.YamlError as error:
            self.problem(
                "A301", self.span((error.line, error.column)), f"not YAML: {error.message}"
            )
            return Sheet(self.path, self.scope)
        for path in self.document.duplicates:
            self.problem("A304", self.at(path), f"{path[-1]!r} is given twice; the last one counts")
        whole = self.mapping((), self.document.value, "a sheet")
        for key in whole:
            if key not in ("measures", "checks"):
                self.unknown_key((key,), ["checks", "measures"])
        measures = self.mapping(("measures",), whole.get("measures"), "measures")
        checks = self.mapping(("checks",), whole.get("checks"), "checks")
        read = {_nfc(name): self.measure(name, value) for name, value in measures.items()}
        ran = [self.check(name, value) for name, value in checks.items()]
        return Sheet(
            self.path,
            self.scope,
            {name: measure for name, measure in read.items() if measure},
            {check.id: check for check in ran if check},
            frozenset(name for name, measure in read.items() if measure is None),
        )

    # Places

    def span(self, place: tuple[int, int]) -> Span:
        line, column = place
        return Span(self.path, self.line + line - 1, self.column + column - 1)

    def at(self, path: yaml.Path, *, value: bool = False) -> Span:
        places = self.document.values if value else self.document.places
        while path not in places and path:
            path = path[:-1]
        return self.span(places.get(path, (1, 1)))

    def inside(self, path: yaml.Path) -> Span:
        """Return where a scalar's own text begins: behind a quote, below a `|` or `>`."""
        line, column = self.document.values.get(path, (1, 1))
        lines = self.text.splitlines()
        sign = lines[line - 1][column - 1 : column] if line <= len(lines) else ""
        if sign in ("'", '"'):
            return self.span((line, column + 1))
        if sign in ("|", ">") and line < len(lines):
            below = lines[line]
            return self.span((line + 1, len(below) - len(below.lstrip()) + 1))
        return self.span((line, column))

    # Problems

    def problem(self, code: str, span: Span, message: str, hint: str = "") -> None:
        self.problems.append(Problem(code, span, message, hint))

    def unknown_key(self, path: yaml.Path, valid: list[str]) -> None:
        key = str(path[-1])
        hint = "; ".join(filter(None, [nearest(key, valid), f"valid keys: {', '.join(valid)}"]))
        self.problem("A302", self.at(path), f"unknown key {key!r}", hint)

    def mapping(self, path: yaml.Path, value: Any, what: str) -> dict[str, Any]:
        if value is None:
            return {}
        if isinstance(value, dict):
            return value
        self.problem("A303", self.at(path, value=True), f"{what} must be names with values")
        return {}

    # Measures

    def measure(self, name: str, value: Any) -> MeasureDef | None:
        path: yaml.Path = ("measures", name)
        plain = _nfc(name)
        if not self.named(path, plain):
            return None
        kind = self.kind(path, value)
        if not kind:
            return None
        model = self.model(KINDS[kind], path, value)
        if model is None:
            return None
        formula = self.inside((*path, "formula")) if kind == "formula" else None
        return MeasureDef(
            plain, kind, model, self.at(path), self.scope, self.path, formula, self.places(path)
        )

    def named(self, path: yaml.Path, name: str) -> bool:
        if not _MEASURE_NAME.fullmatch(name):
            hint = name.replace("-", "_") if _MEASURE_NAME.fullmatch(name.replace("-", "_")) else ""
            message = f"{name!r} cannot be the name of a measure: letters, digits and _ only"
            self.problem("A303", self.at(path), message, hint and f"write {hint!r}")
        elif name in WORDS:
            self.problem("A303", self.at(path), f"{name!r} is a word of formulas, not a name")
        else:
            return True
        return False

    def kind(self, path: yaml.Path, value: Any) -> str:
        """Return which kind a measure is: the one key that names a kind."""
        said = ", ".join(KINDS)
        if not isinstance(value, dict):
            hint = f"write {{value: {value}}}" if isinstance(value, str | int | float) else ""
            self.problem("A303", self.at(path, value=True), f"a measure has one of {said}", hint)
            return ""
        kinds = [key for key in value if key in KINDS]
        if len(kinds) == 1:
            return str(kinds[0])
        if kinds:
            message = f"a measure has one of {said}, not {' and '.join(kinds)}"
            self.problem("A303", self.at((*path, kinds[1])), message)
            return ""
        common = sorted(KINDS["value"].model_fields.keys() - {"value", "as_of"})
        odd = [key for key in value if key not in common]
        for key in odd:
            hint = nearest(key, [*KINDS]) or f"a measure has one of {said}"
            self.problem("A302", self.at((*path, key)), f"unknown key {key!r}", hint)
        if not odd:
            self.problem("A303", self.at(path), f"a measure has one of {said}")
        return ""

    def places(self, path: yaml.Path) -> dict[tuple[str, ...], Span]:
        """Return where each value of an item stands, by its key path inside the item."""
        found: dict[tuple[str, ...], Span] = {}
        for key in self.document.values:
            if len(key) > len(path) and key[: len(path)] == path:
                found[tuple(str(part) for part in key[len(path) :])] = self.inside(key)
        return found

    def model(self, kind: type[Any], path: yaml.Path, value: Any) -> Any:
        """Return the item as its model, or None and a problem for each thing that is wrong."""
        try:
            return kind.model_validate(value)
        except ValidationError as error:
            found = error.errors(include_url=False)
            odd = [each["loc"] for each in found if each["type"] == "extra_forbidden"]
            for each in found:
                if each["type"] != "missing" or not _misspelt(each["loc"], odd):
                    self.invalid(kind, path, each)
            return None

    def invalid(self, kind: type[Any], path: yaml.Path, error: Any) -> None:
        key = self.known((*path, *error["loc"]))
        what = error["type"]
        if what == "extra_forbidden":
            inner = _fields(kind, error["loc"][:-1])
            self.unknown_key(key, inner)
            return
        if what == "missing":
            message = f"{key[-1]!r} needs the key {error['loc'][-1]!r}"
            self.problem("A303", self.at(key), message)
            return
        problem = Problem("A303", self.at(key, value=True), f"{key[-1]!r}: {_said(error)}")
        if problem not in self.problems:  # of a union each member says it
            self.problems.append(problem)

    def known(self, path: yaml.Path) -> yaml.Path:
        """Cut what pydantic adds to a path, such as the member of a union."""
        while path and path not in self.document.places:
            path = path[:-1]
        return path

    # Checks

    def check(self, name: str, value: Any) -> Check | None:
        path: yaml.Path = ("checks", name)
        plain = _nfc(name)
        if not _CHECK_NAME.fullmatch(plain):
            message = f"{name!r} cannot be the name of a check: letters, digits, _ and - only"
            self.problem("A303", self.at(path), message)
            return None
        if not isinstance(value, dict):
            message = "a check has `assert` and one of tests, supports, attacks"
            self.problem("A303", self.at(path, value=True), message)
            return None
        model = self.model(CheckModel, path, value)
        bearing = self.bearing(path, value)
        if model is None or bearing is None:
            return None
        return self.made(plain, path, model, bearing)

    def bearing(self, path: yaml.Path, value: dict[str, Any]) -> Bearing | None:
        """Return the one word of tests, supports, attacks that the author chose.

        In a note's block it may be left out: then the check is a reason for the claim above.
        """
        chosen = [word for word in _BEARINGS if word in value]
        if len(chosen) > 1:
            message = f"a check has one of {', '.join(_BEARINGS)}, not {' and '.join(chosen)}"
            self.problem("A303", self.at((*path, chosen[1])), message)
            return None
        if chosen and (value[chosen[0]] is not None or self.claim):
            return chosen[0]
        if not chosen and self.claim:
            return "supports"
        if any(nearest(key, [*_BEARINGS]) for key in value if key not in _CHECK_KEYS):
            return None  # misspelt, and told as an unknown key
        message = f"a check needs one of {', '.join(_BEARINGS)}, with the claim it bears on"
        self.problem("A303", self.at(path), message)
        return None

    def made(self, name: str, path: yaml.Path, model: CheckModel, bearing: Bearing) -> Check:
        source = model.source or model.url
        address = model.url or (source if _is_address(source) else "")
        return Check(
            id=f"{self.scope}#{name}" if self.scope else name,
            title=model.title or name,
            formula=_nfc(model.assert_),
            span=self.at(path),
            formula_span=self.inside((*path, "assert")),
            bearing=bearing,
            against=bearing == "attacks",
            targets=self.targets((*path, bearing), getattr(model, bearing)),
            weight=float(model.weight),
            scope=self.scope,
            sources=(Source(source, address),) if source else (),
            note=model.note,
            expect=model.expect,
            window=Window(model.from_, model.until) if model.from_ or model.until else ALWAYS,
            path=self.path,
            for_=model.for_,
            every=DAILY if model.every is None else model.every,
        )

    def targets(self, path: yaml.Path, names: Names | None) -> tuple[Target | str, ...]:
        if not names:
            return (self.claim,)
        if isinstance(names, str):
            return (_target(names, self.inside(path)),)
        return tuple(_target(name, self.inside((*path, i))) for i, name in enumerate(names))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _misspelt(missing: tuple[Any, ...], odd: list[tuple[Any, ...]]) -> bool:
    """Say whether a key that is missing is one that stands beside its place, misspelt."""
    beside = [str(loc[-1]) for loc in odd if loc[:-1] == missing[:-1]]
    return any(nearest(key, [str(missing[-1])]) for key in beside)


def _target(text: str, span: Span) -> Target:
    text = _nfc(text.strip())
    found = _LINK.fullmatch(text)
    link = Link("wikilink", found[1].strip(), found[2].strip(), text, span) if found else None
    return Target(text, span, link)


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _fields(kind: type[Any], loc: tuple[Any, ...]) -> list[str]:
    """Return the keys a model has at a place, under the names an author writes."""
    for part in loc:
        kind = kind.model_fields[part].annotation
    return [each.alias or name for name, each in kind.model_fields.items()]


_SAID = {
    "string_type": "should be text",
    "list_type": "should be a list",
    "float_type": "should be a number",
    "int_type": "should be a number",
    "model_type": "should hold keys with values",
    "finite_number": "should be a finite number",
}


def _said(error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    message = str(error["msg"])
    return _SAID.get(error["type"], message[:1].lower() + message[1:])


def sheet_schema() -> dict[str, Any]:
    """Return the JSON Schema of a sheet, for editors."""
    from pydantic.json_schema import models_json_schema

    models: list[type[Strict]] = [*KINDS.values(), CheckModel]
    refs, shared = models_json_schema(
        [(model, "validation") for model in models],
        by_alias=True,
        ref_template="#/$defs/{model}",
    )
    kinds = [refs[model, "validation"] for model in KINDS.values()]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "argmap sheet",
        "description": "Measures and checks: claims/*.yaml, or a fenced block `yaml argmap`.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "measures": {
                "type": ["object", "null"],
                "propertyNames": {"pattern": _NAME_IN_SCHEMA},
                "additionalProperties": {"oneOf": kinds},
            },
            "checks": {
                "type": ["object", "null"],
                "additionalProperties": refs[CheckModel, "validation"],
            },
        },
        "$defs": shared["$defs"],
    }
