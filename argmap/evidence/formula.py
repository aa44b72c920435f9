"""The formula language: text -> `expression` -> interval or three-valued truth.

Nothing exists in it but numbers with units, dates, names, arithmetic, comparison and logic, so
nothing else can run. `parse` reads, `check_units` says what kind of thing comes out, `evaluate`
computes on intervals of floats in base units. What is not known is a Reason and travels through.

A name that occurs twice is one value, not two: where both sides of a sign read the same measure,
`tight` takes over from plain interval arithmetic.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from argmap.evidence.expression import (
    Arithmetic,
    Call,
    Compare,
    Day,
    Expr,
    Logic,
    Name,
    Negative,
    Number,
    Today,
    arithmetic,
    compare,
    parts,
    sign_of,
    summands,
)
from argmap.evidence.intervals import ALIKE, COMPARISONS, LARGEST, OPERATIONS, Known, opposite
from argmap.evidence.model import Reason
from argmap.evidence.quantity import (
    DATE,
    NUMBER,
    TIME,
    TRUTH,
    UNIT_PATTERN,
    Dims,
    Interval,
    Unit,
    UnitError,
    Units,
    base_unit,
    from_date,
    multiply,
    units_of,
)
from argmap.evidence.trees import trees_of
from argmap.source import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST = 2000
DEEPEST = 60
_LARGEST_EXPONENT = 300
WORDS = ("and", "or", "not", "min", "max", "abs", "today")


class FormulaError(ValueError):
    """A formula that cannot be used: code of the problem, message, column from 1, hint.

    `inherited` says that the fault lies in a measure the formula reads, and is told there; `key`
    names the measure's key that it lies in, where that is not the formula or value itself.
    """

    def __init__(
        self,
        code: str,
        message: str,
        column: int = 1,
        hint: str = "",
        *,
        inherited: bool = False,
        key: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.column = column
        self.hint = hint
        self.inherited = inherited
        self.key = key


_GRAMMAR = rf"""
?start: disjunction
?disjunction: conjunction | conjunction (OR conjunction)+ -> logic
?conjunction: negation | negation (AND negation)+ -> logic
?negation: comparison | NOT negation -> negation
?comparison: span | span COMPARE span -> compare
?span: sum | sum RANGE sum -> arithmetic
?sum: product | sum (PLUS | MINUS) product -> arithmetic
?product: unary | product (TIMES | OVER) unary -> arithmetic
?unary: atom | MINUS unary -> negative
?atom: NUMBER UNIT? -> number
    | DATE -> day
    | TODAY -> today
    | NAME -> name
    | (MIN | MAX | ABS) "(" disjunction ("," disjunction)* ")" -> call
    | "(" disjunction ")"

OR: "or"
AND: "and"
NOT: "not"
MIN: "min"
MAX: "max"
ABS: "abs"
TODAY: "today"
COMPARE: "<=" | ">=" | "==" | "!=" | "<" | ">"
RANGE: ".."
PLUS: "+"
MINUS: "-"
TIMES: "*"
OVER: "/"
DATE.2: /[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?![0-9])/
NUMBER: /[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+(?![0-9]))?/
NAME: /[^\W\d]\w*/
UNIT: /{UNIT_PATTERN.replace("/", chr(92) + "/")}/
WHITE: /[ \t\r\n]+/
%ignore WHITE
"""


class _Builder:
    """Makes our nodes out of lark's rules; one instance a parse, since units differ."""

    def __init__(self, units: Units) -> None:
        self.units = units

    def number(self, items: list[Any]) -> Expr:
        token = items[0]
        unit = NUMBER
        if len(items) > 1:
            unit = self._unit(str(items[1]), items[1].start_pos)
        return Number(
            _literal(str(token), unit, token.start_pos), unit, str(token), token.start_pos
        )

    def _unit(self, text: str, at: int) -> Unit:
        try:
            return self.units.unit(text)
        except UnitError as error:
            hint = "put spaces around * and /, or name the measure first" if len(text) > 1 else ""
            raise FormulaError("A307", str(error), at + 1, hint) from None

    def day(self, items: list[Any]) -> Expr:
        try:
            return Day(from_date(date.fromisoformat(str(items[0]))), items[0].start_pos)
        except ValueError:
            message = f"no day {str(items[0])!r}"
            raise FormulaError("A306", message, items[0].start_pos + 1) from None

    def today(self, items: list[Any]) -> Expr:
        return Today(items[0].start_pos)

    def name(self, items: list[Any]) -> Expr:
        return Name(str(items[0]), items[0].start_pos)

    def negative(self, items: list[Any]) -> Expr:
        return Negative(items[1], items[0].start_pos)

    def arithmetic(self, items: list[Any]) -> Expr:
        left, sign, right = items
        if sign == "..":
            left = self._shared_unit(left, right)
        return arithmetic(str(sign), left, right, sign.start_pos)

    def _shared_unit(self, left: Expr, right: Expr) -> Expr:
        """Give the first end of `..` the unit of the second, if it has none of its own."""
        last = right.of if isinstance(right, Negative) else right
        if not isinstance(last, Number) or last.unit is NUMBER:
            return left
        if isinstance(left, Negative):
            return Negative(self._shared_unit(left.of, right), left.at)
        if isinstance(left, Number) and left.unit is NUMBER:
            return Number(
                _literal(left.written, last.unit, left.at), last.unit, left.written, left.at
            )
        return left

    def call(self, items: list[Any]) -> Expr:
        return Call(str(items[0]), tuple(items[1:]), items[0].start_pos)

    def compare(self, items: list[Any]) -> Expr:
        left, sign, right = items
        return compare(str(sign), left, right, sign.start_pos, sign.end_pos)

    def negation(self, items: list[Any]) -> Expr:
        return Logic("not", (items[1],), items[0].start_pos)

    def logic(self, items: list[Any]) -> Expr:
        return Logic(str(items[1]), tuple(items[::2]), items[1].start_pos)


def _literal(text: str, unit: Unit, at: int) -> float:
    exponent = re.search(r"[eE]([+-]?[0-9]+)", text)
    if exponent and (len(exponent[1]) > 4 or abs(int(exponent[1])) > _LARGEST_EXPONENT):  # noqa: PLR2004
        raise FormulaError("A306", "a number too large or too small to compute with", at + 1)
    base = unit.base(text)
    if not -LARGEST <= base <= LARGEST:
        raise FormulaError("A306", "a number too large to compute with", at + 1)
    return base


@lru_cache(maxsize=1)
def _lark() -> Any:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", lexer="contextual")


@lru_cache(maxsize=16)
def _rules(units: Units) -> Callable[[Any], Expr]:
    builder = _Builder(units)

    def build(tree: Any) -> Any:
        return getattr(builder, tree.data)(
            [build(c) if hasattr(c, "data") else c for c in tree.children]
        )

    return build


def parse(text: str, units: Units | None = None) -> Expr:
    """Return the tree of a formula. Raises FormulaError (A306, or A307 for an unknown unit)."""
    text = unicodedata.normalize("NFC", text)
    units = units or units_of()
    trees = trees_of(units)
    tree = trees.get(text)
    if tree is None:
        tree = trees.known[text] = _parsed(text, units)
    return tree


def _parsed(text: str, units: Units) -> Expr:
    from lark.exceptions import UnexpectedInput

    _limits(text)
    try:
        tree = _lark().parse(text)
    except UnexpectedInput as error:
        raise _unexpected(text, error) from None
    _shallow(tree)
    return _rules(units)(tree)


def _limits(text: str) -> None:
    if not text.strip():
        raise FormulaError("A306", "an empty formula")
    if len(text) > LONGEST:
        raise FormulaError("A306", f"longer than {LONGEST} characters", LONGEST + 1)
    depth = accumulate((sign == "(") - (sign == ")") for sign in text)
    if (at := next((at for at, now in enumerate(depth) if now > DEEPEST), None)) is not None:
        raise _too_deep(at + 1)


def _too_deep(column: int = 1) -> FormulaError:
    return FormulaError("A306", "too deeply nested", column, "split it into formula measures")


def _shallow(tree: Any) -> None:
    """Refuse what is too deep for a person, before anything walks it recursively."""
    level, depth = [tree], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise _too_deep()
        level = [child for node in level for child in node.children if hasattr(child, "data")]


def _unexpected(text: str, error: Any) -> FormulaError:
    at = getattr(error, "pos_in_stream", None)
    token = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        return FormulaError("A306", "the formula ends too early", len(text.rstrip()) + 1)
    at = int(token.start_pos if token is not None else at or 0)
    seen = str(token) if token is not None else text[at]
    before = re.search(r"([^\W\d]\w*)\s*$", text[:at])
    return FormulaError(
        "A306", f"did not expect {seen!r}", at + 1, _hint(seen, before and before[1])
    )


def _hint(seen: str, before: str | None) -> str:
    if seen == "(" and before:
        return f"no function {before!r}; there are min, max, abs"
    return {
        "=": "write == to compare",
        "&": "write and", "|": "write or", "!": "write not",
        "−": "write -", "–": "write -", "×": "write *", "·": "write *", "÷": "write /",
        "≤": "write <=", "≥": "write >=", "≠": "write !=",
        "<": "one comparison at a time: join two with and",
        ">": "one comparison at a time: join two with and",
        ",": "a decimal point is a point",
    }.get(seen[:1], "")  # fmt: skip


# Units


@dataclass(frozen=True, slots=True)
class Parsed:
    """A formula that parses and whose units fit."""

    expr: Expr
    dims: Dims
    unit: Unit  # one to show it in
    reads: tuple[str, ...]  # names of measures, in order


def check_units(expr: Expr, of: Mapping[str, Unit] | Callable[[str], Unit]) -> Dims:
    """Return the dimensions of what a formula yields (TRUTH.dims, DATE.dims, or a quantity's).

    `of` gives the unit of each name. Raises FormulaError: A305 for a name it does not hold, A307
    for units that do not fit.
    """
    if callable(of):
        return _Checker(of).dims(expr)
    known = of

    def look_up(name: str) -> Unit:
        if name not in known:
            raise FormulaError("A305", f"no measure {name!r}", hint=nearest(name, sorted(known)))
        return known[name]

    return _Checker(look_up).dims(expr)


class _Checker:
    """Walks a formula once and says where units do not fit."""

    def __init__(self, of: Callable[[str], Unit]) -> None:
        self.of = of
        self.known: dict[int, Dims] = {}  # of each node, by identity: asked for again and again

    def said(self, expr: Expr, dims: Dims) -> str:
        """Return what an expression is, in the author's own unit where there is one."""
        if not dims or dims in (DATE.dims, TRUTH.dims, TIME):
            return _said(dims)
        for leaf in summands(expr):
            unit = leaf.unit if isinstance(leaf, Number) else None
            unit = self.of(leaf.name) if isinstance(leaf, Name) else unit
            if unit and unit.dims == dims:
                return unit.text
        return _said(dims)

    def dims(self, expr: Expr) -> Dims:
        if id(expr) not in self.known:
            self.known[id(expr)] = self.find(expr)
        return self.known[id(expr)]

    def find(self, expr: Expr) -> Dims:
        match expr:
            case Number(_, unit):
                return unit.dims
            case Name(name, at):
                return self.name(name, at).dims
            case Arithmetic() | Negative() | Call():
                return self.computed(expr)
            case Compare(op, left, right, at):
                self.alike((left, right), at, op)
                return TRUTH.dims
            case Logic(op, some, at):
                return self.logic(op, some, at)
        return DATE.dims  # a day, or today

    def computed(self, expr: Negative | Arithmetic | Call) -> Dims:
        match expr:
            case Negative(of, at):
                return self.quantity(of, at, "-")
            case Arithmetic("*" | "/" as op, left, right, at):
                sign = 1 if op == "*" else -1
                return multiply(self.quantity(left, at, op), self.quantity(right, at, op), sign)
            case Arithmetic("+" | "-" as op, left, right, at):
                return self.sum(op, left, right, at)
            case Call("abs", arguments, at):
                return self.quantity(_only(arguments, at), at, "abs")
        return self.alike(parts(expr), expr.at, sign_of(expr))

    def name(self, name: str, at: int) -> Unit:
        try:
            return self.of(name)
        except FormulaError as error:
            error.column = at + 1
            raise

    def quantity(self, expr: Expr, at: int, op: str) -> Dims:
        dims = self.dims(expr)
        if dims in (DATE.dims, TRUTH.dims):
            raise _misfit(f"{op} needs a number, not {self.said(expr, dims)}", at)
        return dims

    def sum(self, op: str, left: Expr, right: Expr, at: int) -> Dims:
        one, other = self.dims(left), self.dims(right)
        if TRUTH.dims in (one, other):
            raise _misfit(f"{op} needs numbers, not a yes or no", at)
        if DATE.dims not in (one, other):
            return self.same(left, right, at, op)
        if op == "-" and one == other:
            return TIME
        if one == DATE.dims and other == TIME:
            return DATE.dims
        if op == "+" and one == TIME:
            return DATE.dims
        said = f"{self.said(left, one)} {op} {self.said(right, other)}"
        raise _misfit(f"{said} has no meaning", at)

    def alike(self, some: tuple[Expr, ...], at: int, op: str) -> Dims:
        if TRUTH.dims in [self.dims(part) for part in some]:
            raise _misfit(f"{op} needs numbers or dates, not a yes or no", at)
        for other in some[1:]:
            self.same(some[0], other, at, op)
        return self.dims(some[0])

    def same(self, left: Expr, right: Expr, at: int, op: str) -> Dims:
        one, other = self.dims(left), self.dims(right)
        if one == other:
            return one
        hint = "write the number with its unit" if () in (one, other) else ""
        said = f"{self.said(left, one)} {op} {self.said(right, other)}"
        raise _misfit(f"{said}: units that do not fit", at, hint)

    def logic(self, op: str, some: tuple[Expr, ...], at: int) -> Dims:
        for part in some:
            dims = self.dims(part)
            if dims != TRUTH.dims:
                raise _misfit(f"{op} needs a comparison, not {self.said(part, dims)}", at)
        return TRUTH.dims


def _only(arguments: tuple[Expr, ...], at: int) -> Expr:
    if len(arguments) != 1:
        raise FormulaError("A306", "abs takes one value", at + 1)
    return arguments[0]


def _misfit(message: str, at: int, hint: str = "") -> FormulaError:
    return FormulaError("A307", message, at + 1, hint)


def _said(dims: Dims) -> str:
    if not dims:
        return "a bare number"
    words = {DATE.dims: "a date", TRUTH.dims: "a yes or no", TIME: "a duration"}
    return words.get(dims) or base_unit(dims).text


# Values


def evaluate(expr: Expr, of: Mapping[str, Interval | Reason], today: date) -> Known:
    """Return the interval (base units; a date as seconds), the truth, or why it is not known.

    The formula is taken to have passed `check_units`.
    """
    return _EVALUATE[type(expr)](expr, of, today)


def _number(expr: Any, _of: Any, _today: date) -> Known:
    return (expr.base, expr.base)


def _today(_expr: Any, _of: Any, today: date) -> Known:
    now = from_date(today)
    return (now, now)


def _name(expr: Any, of: Any, _today: date) -> Known:
    return of[expr.name]  # type: ignore[no-any-return]


def _negative(expr: Any, of: Any, today: date) -> Known:
    a = evaluate(expr.of, of, today)
    return (-a[1], -a[0]) if type(a) is tuple else a


def _arithmetic(expr: Any, of: Any, today: date) -> Known:
    if expr.shared and expr.op != ".." and _any_wide(expr.shared, of):
        return _tightened(expr, of, today)
    a = evaluate(expr.left, of, today)
    if type(a) is not tuple:
        return a
    b = evaluate(expr.right, of, today)
    if type(b) is not tuple:
        return b
    return OPERATIONS[expr.op](a, b)


def _call(expr: Any, of: Any, today: date) -> Known:
    some: list[Interval] = []
    for argument in expr.arguments:
        a = evaluate(argument, of, today)
        if type(a) is not tuple:
            return a
        some.append(a)
    if expr.function == "abs":
        lo, hi = some[0]
        return (0.0 if lo <= 0 <= hi else min(abs(lo), abs(hi)), max(abs(lo), abs(hi)))
    choose = min if expr.function == "min" else max
    return (choose(a[0] for a in some), choose(a[1] for a in some))


def _compare(expr: Any, of: Any, today: date) -> Known:
    a = evaluate(expr.left, of, today)
    if type(a) is not tuple:
        return a
    b = evaluate(expr.right, of, today)
    if type(b) is not tuple:
        return b
    truth = COMPARISONS[expr.op](a, b)
    if truth is None and expr.shared and _any_wide(expr.shared, of):
        truth = _by_difference(expr, of, today, max(map(abs, (*a, *b))))
    return Reason("interval") if truth is None else truth


def _any_wide(names: frozenset[str], of: Any) -> bool:
    return any(type(of[name]) is tuple and of[name][0] < of[name][1] for name in names)


def _tightened(expr: Any, of: Any, today: date) -> Known:
    from argmap.evidence.tight import tight

    return tight(expr, of, today)


def _by_difference(expr: Any, of: Any, today: date, most: float) -> bool | None:
    """Compare sides that read the same measure by how far apart they are at each of its values."""
    apart = _tightened(arithmetic("-", expr.left, expr.right), of, today)
    if type(apart) is not tuple:
        return None
    # As far apart as would count between the largest numbers that the sides may be: `less`, at
    # each point, asks for no more.
    enough = ALIKE * most
    below, above = (
        True if far > enough else False if near >= 0 else None
        for far, near in ((-apart[1], apart[0]), (apart[0], -apart[1]))
    )
    return {
        "<": below,
        ">": above,
        "<=": opposite(above),
        ">=": opposite(below),
        "==": False if below or above else True if apart == (0, 0) else None,
        "!=": True if below or above else False if apart == (0, 0) else None,
    }[expr.op]


def _logic(expr: Any, of: Any, today: date) -> Known:
    if expr.op == "not":
        truth = evaluate(expr.parts[0], of, today)
        return not truth if isinstance(truth, bool) else truth
    decisive = expr.op == "or"
    unknown: Known | None = None
    for part in expr.parts:
        truth = evaluate(part, of, today)
        if truth is decisive:
            return decisive
        if unknown is None and not isinstance(truth, bool):
            unknown = truth
    return (not decisive) if unknown is None else unknown


_EVALUATE: dict[type, Callable[[Any, Any, date], Known]] = {
    Number: _number, Day: _number, Today: _today, Name: _name, Negative: _negative,
    Arithmetic: _arithmetic, Call: _call, Compare: _compare, Logic: _logic,
}  # fmt: skip
