"""All measures of a project, what each is worth in units, and the formulas that read them."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from argmap.evidence.computed import Formula
from argmap.evidence.expression import Expr, Name, Number, Today, canonical, leaves, names, summands
from argmap.evidence.formula import FormulaError, Parsed, check_units, parse
from argmap.evidence.quantity import Dims, Unit, UnitError, Units, base_unit, units_of
from argmap.source import Hints, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from argmap.evidence.measure import Key, MeasureDef
    from argmap.evidence.model import Check

_PROSE = {"note", "source", "url"}  # says nothing about what is measured


@dataclass(frozen=True)
class Sheet:
    """What one sheet defines, by name; checks by their id."""

    path: str
    scope: str = ""
    measures: Mapping[str, MeasureDef] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()  # names of measures that are written wrongly


class Book:
    """The measures and checks of all sheets, global and of notes.

    `problems` holds names given twice (A304).
    """

    def __init__(self, sheets: Iterable[Sheet] = (), units: Units | None = None) -> None:
        self.units = units or units_of()
        self.measures: dict[Key, MeasureDef] = {}
        self.unread: set[Key] = set()  # what is wrong with them is told already
        self.checks: dict[str, Check] = {}
        self.problems: list[Problem] = []
        self.loops: dict[Key, tuple[str, ...]] = {}  # of the first measure in it, the loop's path
        self._units: dict[Key, Unit | FormulaError] = {}
        self._formulas: dict[tuple[str, str], Parsed | FormulaError] = {}
        self._open: list[Key] = []
        self._hints: dict[str, Hints] = {}  # by the note that asks
        for sheet in sheets:
            self._add(sheet)
        self.scopes = {scope for scope, _ in self.measures}  # notes with measures of their own, ""

    def _add(self, sheet: Sheet) -> None:
        self.unread |= {(sheet.scope, name) for name in sheet.unread}
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
            parsing = partial(self.formula, scope=measure.scope)
            try:
                self._units[measure.key] = measure.model.announce(self.units, parsing)
            except FormulaError as error:
                self._units[measure.key] = error
            except UnitError as error:
                self._units[measure.key] = FormulaError("A307", str(error), key="unit")
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
        dims = self.dims_of(expr, scope)
        reads = tuple(name.name for name in names(expr))
        return Parsed(expr, dims, self._shown_in(expr, dims, scope), reads)

    def dims_of(self, expr: Expr, scope: str) -> Dims:
        """Return the dimensions of a formula, or of a part of one. Raises FormulaError."""
        return check_units(expr, lambda name: self._unit(name, scope))

    def _unit(self, name: str, scope: str) -> Unit:
        measure = self.find(name, scope)
        if measure is None:
            raise self._missing(name, scope)
        try:
            return self.unit_of(measure)
        except FormulaError as error:
            message = f"{name}: {error.message}"
            raise FormulaError(error.code, message, inherited=True) from None

    def _missing(self, name: str, scope: str) -> FormulaError:
        if not self.unread.isdisjoint({(scope, name), ("", name)}):
            return FormulaError("A305", f"{name} cannot be read", inherited=True)
        if scope not in self._hints:
            self._hints[scope] = Hints(self.visible(scope))
        hint = self._hints[scope].of(name)
        if not hint and self.units.knows(name):
            hint = f"a unit follows its number: 1 {name}"
        return FormulaError("A305", f"no measure {name!r}", hint=hint)

    def _shown_in(self, expr: Expr, dims: Dims, scope: str) -> Unit:
        return self.unit_among((expr,), dims, scope) or base_unit(dims)

    def unit_among(self, some: Iterable[Expr], dims: Dims, scope: str) -> Unit | None:
        """Return the unit to show a formula in: of a summand, else of anything that fits.

        A bare number is shown in percent only where a summand is: ``1.9 / (1 + 5 %)`` is no share.
        """
        some = tuple(some)
        for expr in some:
            for unit in self._units_of(summands(expr), scope):
                if unit.dims == dims and unit.text:
                    return unit
        if not dims:
            return None
        every = (unit for expr in some for unit in self._units_of(leaves(expr), scope))
        return next((unit for unit in every if unit.dims == dims and unit.text), None)

    def _units_of(self, some: Iterable[Expr], scope: str) -> Iterator[Unit]:
        for expr in some:
            if isinstance(expr, Number):
                yield expr.unit
            elif isinstance(expr, Name) and (measure := self.find(expr.name, scope)):
                yield self.unit_of(measure)

    def unit_words(self) -> set[str]:
        """Return the words that stand as units in the formulas and measures read so far."""
        read = [known for known in self._formulas.values() if isinstance(known, Parsed)]
        units = [unit for unit in self._units.values() if isinstance(unit, Unit)]
        units += [
            leaf.unit for known in read for leaf in leaves(known.expr) if isinstance(leaf, Number)
        ]
        return {word for unit in units for word in re.findall(r"[^\W\d]\w*", unit.text)}

    def inputs(self, measure: MeasureDef) -> list[MeasureDef]:
        """Return the measures that a measure is computed from, in the order of its formula."""
        if not isinstance(measure.model, Formula):
            return []
        return self.read_by(measure.model.formula, measure.scope)

    def read_by(self, text: str, scope: str) -> list[MeasureDef]:
        """Return the measures a formula reads, in its order; none where it is wrong."""
        try:
            found = [self.find(name, scope) for name in self.formula(text, scope).reads]
        except FormulaError:
            return []
        return [measure for measure in found if measure]

    def reads_today(self, check: Check) -> bool:
        """Say whether the day itself is in a check's formula, or in what that reads."""
        inputs = self.with_inputs(self.read_by(check.formula, check.scope))
        texts = [(check.formula, check.scope)] + [
            (each.model.formula, each.scope) for each in inputs if isinstance(each.model, Formula)
        ]
        try:
            trees = [self.formula(text, scope).expr for text, scope in texts]
        except FormulaError:
            return False
        return any(isinstance(leaf, Today) for tree in trees for leaf in leaves(tree))

    def with_inputs(self, some: Iterable[MeasureDef]) -> list[MeasureDef]:
        """Return measures in order, and after them all that they are computed from, each once."""
        found: dict[Key, MeasureDef] = {}
        waiting = list(some)
        while waiting:
            measure = waiting.pop(0)
            if measure.key not in found:
                found[measure.key] = measure
                waiting.extend(self.inputs(measure))
        return list(found.values())

    def meant(self, check: Check) -> Check:
        """Return the check that runs: the sheet's, where a formula is exactly its name."""
        passed = {check.id}
        while True:
            name = check.formula.strip()
            named = self.checks.get(f"{check.scope}#{name}") or self.checks.get(name)
            if named is None or named.id in passed:
                return check
            passed.add(named.id)
            check = named

    def readers(self, checks: Iterable[Check]) -> dict[Key, tuple[str, ...]]:
        """Return, for each measure, the ids of the checks that it bears on."""
        found: dict[Key, list[str]] = {}
        for check in checks:
            runs = self.meant(check)
            for measure in self.with_inputs(self.read_by(runs.formula, runs.scope)):
                ids = found.setdefault(measure.key, [])
                if check.id not in ids:
                    ids.append(check.id)
        return {key: tuple(ids) for key, ids in sorted(found.items())}

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


def _hash(said: Any) -> str:
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
