"""All measures of a project, what each is worth in units, and the formulas that read them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argmap.evidence.computed import Formula
from argmap.evidence.formula import (
    Expr,
    FormulaError,
    all_names,
    canonical,
    check_units,
    names,
    parse,
    parts,
)
from argmap.evidence.formula import Name as NameNode
from argmap.evidence.formula import Number as NumberNode
from argmap.evidence.quantity import Dims, Unit, UnitError, Units, base_unit, units_of
from argmap.source import Problem, Span, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argmap.evidence.measure import Measure
    from argmap.evidence.model import Check
    from argmap.evidence.sheets import Sheet

Key = tuple[str, str]  # scope ("" is global) and name
_PROSE = {"note", "source", "url"}  # says nothing about what is measured


@dataclass(frozen=True)
class MeasureDef:
    """A measure as written: its fields, its place, and where its name holds."""

    name: str
    kind: str
    model: Measure
    span: Span
    scope: str = ""  # the note whose own it is; empty: global
    path: str = ""  # of the sheet or note it stands in, from the project's root
    formula_span: Span | None = None
    places: Mapping[tuple[str, ...], Span] = field(default_factory=dict)  # of values, by key path

    @property
    def key(self) -> Key:
        """What it is found by."""
        return (self.scope, self.name)

    def place(self, *key: str) -> Span:
        """Return where a key's value stands, as near as it is known."""
        while key and key not in self.places:
            key = key[:-1]
        return self.places.get(key, self.span)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A formula that parses and whose units fit."""

    expr: Expr
    dims: Dims
    unit: Unit  # one to show it in
    reads: tuple[str, ...]  # names of measures, in order


class Book:
    """The measures of all sheets, global and of notes; `problems` holds names given twice (A304)."""

    def __init__(self, sheets: Iterable[Sheet] = (), units: Units | None = None) -> None:
        self.units = units or units_of()
        self.measures: dict[Key, MeasureDef] = {}
        self.checks: dict[str, Check] = {}
        self.problems: list[Problem] = []
        self.loops: dict[Key, tuple[str, ...]] = {}  # of the first measure in it, the loop's path
        self._units: dict[Key, Unit | FormulaError] = {}
        self._formulas: dict[tuple[str, str], Parsed | FormulaError] = {}
        self._open: list[Key] = []
        for sheet in sheets:
            self._add(sheet)

    def _add(self, sheet: Sheet) -> None:
        for measure in sheet.measures.values():
            self._once(self.measures, measure.key, measure, measure.name)
        for check in sheet.checks.values():
            self._once(self.checks, check.id, check, check.id)

    def _once(self, shelf: dict[Any, Any], key: Any, item: Any, name: str) -> None:
        if key not in shelf:
            shelf[key] = item
            return
        message = f"{name!r} stands already at {shelf[key].span}"
        self.problems.append(Problem("A304", item.span, message))

    def find(self, name: str, scope: str = "") -> MeasureDef | None:
        """Return the measure a name means in a note: the note's own before the global one."""
        return self.measures.get((scope, name)) or self.measures.get(("", name))

    def visible(self, scope: str) -> list[str]:
        """Return the names that may be read from a note, sorted."""
        return sorted({name for where, name in self.measures if where in ("", scope)})

    def unit_of(self, measure: MeasureDef) -> Unit:
        """Return the unit of a measure's values. Raises FormulaError."""
        if measure.key in self._open:
            raise self._loop(measure)
        if measure.key not in self._units:
            self._open.append(measure.key)
            try:
                self._units[measure.key] = measure.model.announce(self.units, self, measure)
            except FormulaError as error:
                self._units[measure.key] = error
            except UnitError as error:
                self._units[measure.key] = FormulaError("A307", str(error))
            finally:
                self._open.pop()
        known = self._units[measure.key]
        if isinstance(known, FormulaError):
            raise known
        return known

    def _loop(self, measure: MeasureDef) -> FormulaError:
        """Note the loop once, at the measure of it that stands first; all others inherit it."""
        loop = self._open[self._open.index(measure.key) :]
        first = min(range(len(loop)), key=lambda i: self.measures[loop[i]].span)
        loop = loop[first:] + loop[:first]
        path = tuple(name for _, name in (*loop, loop[0]))
        self.loops[loop[0]] = path
        return FormulaError("A310", " → ".join(path), inherited=True)

    def formula(self, text: str, scope: str = "") -> Parsed:
        """Return a formula, read and checked once. Raises FormulaError."""
        key = (scope, text)
        if key not in self._formulas:
            try:
                self._formulas[key] = self._parse(text, scope)
            except FormulaError as error:
                self._formulas[key] = error
        known = self._formulas[key]
        if isinstance(known, FormulaError):
            raise known
        return known

    def _parse(self, text: str, scope: str) -> Parsed:
        expr = parse(text, self.units)
        dims = check_units(expr, lambda name: self._dims(name, scope))
        reads = tuple(name.name for name in names(expr))
        return Parsed(expr, dims, self._shown_in(expr, dims, scope), reads)

    def _dims(self, name: str, scope: str) -> Dims:
        measure = self.find(name, scope)
        if measure is None:
            raise self._missing(name, scope)
        try:
            return self.unit_of(measure).dims
        except FormulaError as error:
            message = f"{name}: {error.message}"
            raise FormulaError(error.code, message, inherited=True) from None

    def _missing(self, name: str, scope: str) -> FormulaError:
        hint = nearest(name, self.visible(scope))
        if not hint and self.units.knows(name):
            hint = f"a unit follows its number: 1 {name}"
        return FormulaError("A305", f"no measure {name!r}", hint=hint)

    def _shown_in(self, expr: Expr, dims: Dims, scope: str) -> Unit:
        return next((u for u in self.units_in(expr, scope) if u.dims == dims), base_unit(dims))

    def units_in(self, expr: Expr, scope: str) -> list[Unit]:
        """Return the units that stand in a formula, of literals first, then of measures."""
        named = [self.find(name.name, scope) for name in all_names(expr)]
        own = [self.unit_of(measure) for measure in named if measure]
        return [*(u for u in _literal_units(expr) if u.text), *(u for u in own if u.text)]

    def definition(self, measure: MeasureDef) -> str:
        """Return 12 hex digits of what a measure and all it reads are defined by."""
        model = measure.model.model_dump(mode="json", exclude_none=True, by_alias=True)
        said = {key: value for key, value in model.items() if key not in _PROSE and value != ""}
        inputs: list[str] = []
        if isinstance(measure.model, Formula):
            said["formula"], inputs = self._said(measure.model.formula, measure.scope)
        return _hash([measure.kind, said, inputs])

    def definition_of(self, check: Check) -> str:
        """Return 12 hex digits of a check's formula and of all measures it reads."""
        return _hash(list(self._said(check.formula, check.scope)))

    def _said(self, text: str, scope: str) -> tuple[str, list[str]]:
        try:
            parsed = self.formula(text, scope)
        except FormulaError:
            return " ".join(text.split()), []
        read = [self.find(name, scope) for name in sorted(parsed.reads)]
        return canonical(parsed.expr), [self.definition(measure) for measure in read if measure]


def _literal_units(expr: Expr) -> list[Unit]:
    if isinstance(expr, NumberNode):
        return [expr.unit]
    if isinstance(expr, NameNode):
        return []
    return [unit for part in parts(expr) for unit in _literal_units(part)]


def _hash(said: Any) -> str:
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
