"""The formula language: what it means, and that nothing else exists in it."""

from __future__ import annotations

import json
import math
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.evidence.expression import (
    Arithmetic,
    Compare,
    Logic,
    Negative,
    Number,
    canonical,
    names,
)
from argmap.evidence.formula import LONGEST, FormulaError, check_units, evaluate, parse
from argmap.evidence.intervals import Known, less
from argmap.evidence.model import Reason
from argmap.evidence.quantity import DATE, NUMBER, TIME, TRUTH, Interval, Unit, from_date, units_of
from argmap.evidence.trees import Trees

TODAY = date(2026, 11, 23)
PRICE = units_of().unit("USD/Mtok")
USD_MTOK = PRICE.dims


def value(text: str, **measures: float | Interval | Reason) -> Known:
    """Return what a formula comes to when its names are these numbers or intervals."""
    known = {
        name: (float(given), float(given)) if isinstance(given, int | float) else given
        for name, given in measures.items()
    }
    return evaluate(parse(text), known, TODAY)


def error(text: str, **units: Unit) -> FormulaError:
    """Return what is wrong with a formula."""
    with pytest.raises(FormulaError) as raised:
        check_units(parse(text), units)
    return raised.value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("24 / 4 / 3", 2),
        ("-2 * -3", 6),
        ("2 - -1", 3),
        ("7 %", 0.07),
        ("2 * 50 %", 1),
        ("1e3", 1000),
        ("2.5e-1", 0.25),
        ("min(3, 1, 2)", 1),
        ("max(3, 1, 2) - abs(-4)", -1),
        ("0.5 USD/Mtok * 2 Mtok", 1),
        ("3 hour / 1 min", 180),
        ("5 ¢", 0.05),
        ("1 / 4", 0.25),
    ],
)
def test_arithmetic(text: str, number: float) -> None:
    """The usual signs with the usual precedence; a unit follows its number."""
    assert value(text) == (number, number)


def test_precedence_from_loosest_to_tightest() -> None:
    """Or, and, not, comparison, `..`, + -, * /, unary minus."""
    expr = parse("a < 1 or not b < 1 .. 2 + 3 * -c and d > 1")
    assert isinstance(expr, Logic)
    assert expr.op == "or"
    both = expr.parts[1]
    assert isinstance(both, Logic)
    assert both.op == "and"
    negated = both.parts[0]
    assert isinstance(negated, Logic)
    compared = negated.parts[0]
    assert isinstance(compared, Compare)
    span = compared.right
    assert isinstance(span, Arithmetic)
    assert span.op == ".."
    total = span.right
    assert isinstance(total, Arithmetic)
    assert total.op == "+"
    product = total.right
    assert isinstance(product, Arithmetic)
    assert isinstance(product.right, Negative)


@pytest.mark.parametrize(
    ("text", "lo", "hi"),
    [
        ("1 .. 3", 1, 3),
        ("3 .. 1", 1, 3),
        ("5 .. 25 %", 0.05, 0.25),
        ("-5 .. 5 %", -0.05, 0.05),
        ("5 % .. 0.5", 0.05, 0.5),
        ("1 .. 2 hour", 3600, 7200),
        ("(1 .. 2) + (10 .. 20)", 11, 22),
        ("(1 .. 2) - (10 .. 20)", -19, -8),
        ("(-1 .. 2) * (3 .. 4)", -4, 8),
        ("(1 .. 2) / (4 .. 5)", 0.2, 0.5),
        ("-(1 .. 2)", -2, -1),
        ("abs(-3 .. 2)", 0, 3),
        ("abs(-3 .. -2)", 2, 3),
        ("min(1 .. 5, 2 .. 3)", 1, 3),
        ("max(1 .. 5, 2 .. 3)", 2, 5),
    ],
)
def test_intervals(text: str, lo: float, hi: float) -> None:
    """`a .. b` is every value between; a unit after the second end serves both."""
    assert value(text) == (lo, hi)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("a < 3", True), ("a < 2", None), ("a < 1", False), ("a <= 2", True), ("a <= 0.9", False),
        ("a > 0", True), ("a > 1", None), ("a > 2", False), ("a >= 1", True), ("a >= 2.1", False),
        ("a == 3", False), ("a == 2", None), ("a != 3", True), ("a != 2", None), ("1 == 1", True),
        ("1 != 1", False), ("0.1 + 0.2 <= 0.3", True), ("0.1 + 0.2 == 0.3", True),
        ("7 % * 100 == 7", True), ("1 < 1.000001", True),
    ],
)  # fmt: skip
def test_comparison_is_true_false_or_cannot_tell(text: str, truth: bool | None) -> None:
    """Here `a` is from 1 to 2; what an interval leaves open is not known, rounding is forgiven."""
    known = value(text, a=(1.0, 2.0))
    assert (known == Reason("interval")) if truth is None else (known is truth)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("yes and yes", True), ("yes and no", False), ("no and maybe", False),
        ("maybe and no", False),
        ("yes and maybe", None), ("yes or maybe", True), ("maybe or yes", True),
        ("no or maybe", None), ("no or no", False), ("not maybe", None), ("not no", True),
        ("maybe and maybe or yes", True), ("not (maybe and no)", True),
    ],
)  # fmt: skip
def test_logic_is_three_valued(text: str, truth: bool | None) -> None:
    """One false makes an `and` false, one true an `or` true, whatever the unknown ones are."""
    formulas = {"yes": "1 < 2", "no": "2 < 1", "maybe": "(1 .. 3) < 2"}
    for word, formula in formulas.items():
        text = re.sub(rf"\b{word}\b", f"({formula})", text)
    known = value(text)
    assert isinstance(known, Reason) if truth is None else known is truth


def test_what_is_unknown_keeps_its_reason() -> None:
    """A measure that is not known makes all that is computed from it unknown, for its reason."""
    reason = Reason("expired", "b is older than 90 days", "b")
    assert value("1 + abs(a * min(b, 3)) - 2 < 5", a=1, b=reason) == reason
    assert value("a > 0 or b > 0", a=1, b=reason) is True


@pytest.mark.parametrize("text", ["1 / 0", "1 / (-1 .. 1)", "1 / (0 .. 1)", "1 / (a - a)"])
def test_division_by_what_may_be_nothing_is_unknown(text: str) -> None:
    """No division by zero, and none by an interval that touches it."""
    known = value(text, a=(1.0, 2.0))
    assert isinstance(known, Reason)
    assert known.code == "division"


@pytest.mark.parametrize("text", ["a * a", "a + a", "a / b", "-a - a", "a * a - a * a"])
def test_no_infinity_comes_out(text: str) -> None:
    """What is too large to compute with is unknown, never infinite and never not a number."""
    known = value(text, a=1.5e308, b=1e-300)
    assert isinstance(known, Reason)
    assert known.code == "implausible"


def test_dates() -> None:
    """Date − date is a duration, date ± duration a date; `today` is the day that is asked about."""
    assert value("today") == (from_date(TODAY), from_date(TODAY))
    assert value("2026-11-23 - 2026-08-25 == 90 day") is True
    assert value("2026-08-25 + 90 day == today") is True
    assert value("90 day + 2026-08-25 == 2026-11-30 - 1 week") is True
    assert value("today < 2026-10-20") is False
    assert value("min(2026-01-01, today) == 2026-01-01") is True
    assert value("today >= 2026-11-01 .. 2026-12-31") == Reason("interval")


def test_names_are_words_of_any_language() -> None:
    """Letters, digits and underscores; a keyword inside a longer word is no keyword."""
    text = "доля_2025 + android + orwell + notes + minimum + absent + todays"
    assert [name.name for name in names(parse(text))] == text.split(" + ")


def test_a_name_may_be_that_of_a_unit() -> None:
    """Behind a number a word is a unit, anywhere else a measure."""
    assert value("2 h * h", h=3) == (21600, 21600)
    assert value("2 * h", h=3) == (6, 6)


def test_names_may_be_composed_in_either_way() -> None:
    """A letter with its accent apart is the same letter."""
    assert names(parse("caf\u00e9"))[0].name == names(parse("cafe\u0301"))[0].name


@pytest.mark.parametrize(
    ("text", "dims"),
    [
        ("price * 105 %", USD_MTOK),
        ("price * 3 Mtok", (("USD", 1),)),
        ("price / price", ()),
        ("share + 5 %", ()),
        ("today - 2026-01-01", TIME),
        ("today - 90 day", DATE.dims),
        ("min(today, 2026-01-01)", DATE.dims),
        ("price < 1 USD/tok and not share == 3", TRUTH.dims),
        ("abs(-price)", USD_MTOK),
        ("1 .. 2 GB", (("bit", 1),)),
    ],
)
def test_the_kind_of_what_comes_out(text: str, dims: tuple[tuple[str, int], ...]) -> None:
    """Units multiply and divide; a comparison is a yes or no."""
    assert check_units(parse(text), {"price": PRICE, "share": NUMBER}) == dims


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("price + 5 %", 7, "a bare number"),
        ("price > 5", 7, "a bare number"),
        ("3 USD < 2 tok", 7, "tok"),
        ("1 USD + 1 EUR", 7, "EUR"),
        ("today + today", 7, "no meaning"),
        ("5 day - today", 7, "no meaning"),
        ("today + 5", 7, "no meaning"),
        ("today * 2", 7, "a date"),
        ("-today", 1, "a date"),
        ("(price < price) + 1", 17, "yes or no"),
        ("(price < price) < 1", 17, "yes or no"),
        ("price and price", 7, "comparison"),
        ("not price", 1, "comparison"),
        ("min(price, 3)", 1, "a bare number"),
        ("abs(today)", 1, "a date"),
        ("1 GB > 3", 6, "GB > a bare number"),
        ("price < 3 nope", 11, "no unit"),
        ("2*price < 3 USD*price", 13, "no unit 'price'"),
    ],
)
def test_units_that_do_not_fit_are_pointed_at(text: str, column: int, said: str) -> None:
    """A307 names the two kinds, at the sign between them."""
    wrong = error(text, price=PRICE)
    assert (wrong.code, wrong.column) == ("A307", column)
    assert said in wrong.message


def test_a_misspelt_name_is_pointed_at() -> None:
    """A305 stands at the name and offers the nearest."""
    wrong = error("1 + trio_shar >= 25 %", trio_share=NUMBER)
    assert (wrong.code, wrong.column) == ("A305", 5)
    assert wrong.hint == "did you mean 'trio_share'?"


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [
        ("a >= ", 5, ""),
        ("", 1, ""),
        ("a = b", 3, "=="),
        ("a < b < c", 7, "and"),
        ("a ≥ b", 3, ">="),
        ("a − b", 3, "-"),
        ("1,5 < a", 2, "point"),
        ("sqrt(a)", 5, "min, max, abs"),
        ("a && b", 3, "and"),
        ("2026-13-01 < today", 1, ""),
        ("(a", 3, ""),
        ("a b", 3, ""),
        ("abs(1, 2)", 1, ""),
        ("min()", 5, ""),
        ("1 .. 2 .. 3", 8, ""),
        ("trio-leads >= 25 %)", 19, ""),
    ],
)
def test_what_does_not_parse_is_pointed_at(text: str, column: int, hint: str) -> None:
    """A306 stands where reading stopped, with a hint for what people write elsewhere."""
    wrong = error(text, a=NUMBER, b=NUMBER, trio=NUMBER, leads=NUMBER)
    assert (wrong.code, wrong.column) == ("A306", column)
    assert hint in wrong.hint


HOSTILE = [
    "__import__('os').system('id')", "().__class__.__bases__[0].__subclasses__()", "a.__class__",
    "a[0]", "lambda: 1", "[x for x in y]", "{1: 2}", "f'{a}'", "'a' * 3", '"a"', "a if b else c",
    "eval('1')", "exec", "open(a)", "print(1)", "a; b", "a\\nb", "a := 1", "a = 1", "@a", "a ** b",
    "9 ** 9 ** 9", "1 << 99", "a | b", "a & b", "~a", "a ? b : c", "1e999999999", "1e-999999999",
    "9" * 1999, "1" * 400 + ".5", "0x10", "1_000", "١٢٣", "１ ＜ ２", "a\u200b < 1", "a\u202e < 1",
    "\ufeffa", "a\x00b", "a # b", "/* a */ 1", "`id`", "$(id)", "${a}", "%(a)s", "{{7*7}}",
    "1 USD^99999999", "1 m^-99999", "(" * 999 + "a" + ")" * 999 + "(", "-" * 1500 + "a",
    "not " * 400 + "a < 1", "1+" * 900 + "1", "min(" * 300 + "a" + ")" * 300, "a" * (LONGEST + 1),
    "1 .. " * 300 + "2", "∞", "1 / ∞", "µ'", "a\u0000", "None.x", "a!", "!a", "a <> b", "a => b",
    "true == True()", "import os", "yield 1", "a, b", "*a", "a.b.c()", "1 if 1", "... ",
]  # fmt: skip


# Each is the heart of a bug that an evaluator of expressions had, or that shows why one must not be
# built on `eval`; its name says where it was told.
ESCAPES = {
    "simpleeval: power without end": "9**9**9**9",
    "simpleeval: shift without end": "1 << (1 << 60)",
    "simpleeval: string repeated without end": "'x' * 10000000000",
    "simpleeval: list repeated without end": "[0] * 9999999999",
    "simpleeval: comprehension without end": "[a for a in range(9) for b in range(9**9)]",
    "simpleeval: attributes by way of format": "'{0.__class__.__init__}'.format(a)",
    "simpleeval: attributes by way of format_map": "'{a.__globals__}'.format_map(vars())",
    "simpleeval: f-string": "f'{a.__class__}'",
    "simpleeval: func_globals of a function": "rand.func_globals",
    "simpleeval: subclasses of object": "().__class__.__base__.__subclasses__()",
    "simpleeval CVE-2026-32640: modules behind attributes": "path.os.system('id')",
    "simpleeval PR 199: operator.attrgetter": "attrgetter('__class__')(a)",
    "simpleeval PR 199: operator.methodcaller": "methodcaller('system', 'id')(os)",
    "simpleeval PR 81: imports": "__import__('os').getcwd()",
    "simpleeval issue 23: functions as values": "list(map(str, 1))",
    "simpleeval: walrus": "(a := 9)",
    "asteval issue 86: getattr by way of reduce": "print.__reduce__()[0]",
    "asteval CVE-2025-24359: attributes by way of a format": "f'{a:{0.__class__}}'",
    "asteval: names inside of numpy": "ndarray.ctypeslib.load_library('c')",
    "asteval: files by way of numpy": "loadtxt('/etc/passwd')",
    "asteval: writing by way of open": "open('x', 'w').write('1')",
    "asteval: memory by way of ones": "ones((99999, 99999, 9999))",
    "numexpr issue 323: a crash by made code": (
        "(lambda n: [c for c in ().__class__.__bases__[0].__subclasses__()"
        " if c.__name__ == n][0])('code')(0, 0, 0, 0, b'x')"),
    "numexpr CVE-2023-39631: code by way of evaluate": "(__builtins__['eval']('1'))",
    "numexpr issue 442: attributes past the filter": "a.real.__class__",
    "numexpr PR 564: past the filter by spaces": "a . __class__",
    "numexpr PR 564: past the filter by look-alikes": "a.__cl\u1d43ss__",
    "langchain CVE-2023-29374: imports in a sum": "1 + __import__('os').system('id')",
    "langchain CVE-2023-36258: exec of a text": "exec('import os')",
    "llama_index CVE-2023-39662: eval of a text": "eval('__import__(1)')",
    "RestrictedPython CVE-2023-37271: frames of generators": "(x for x in (1,)).gi_frame.f_back",
    "RestrictedPython CVE-2023-41039: format of a class": "str.format('{0.__dict__}', a)",
    "RestrictedPython CVE-2024-47532: string.Formatter": "string.Formatter().get_field('a.b', 1)",
    "RestrictedPython CVE-2024-47532: the object of an error": "err.obj.__globals__",
    "RestrictedPython CVE-2025-22153: try and except*": "try: 1\nexcept* a: 2",
    "pandas issue 60602: modules behind @": "@pd.core.frame.com.builtins.__import__('os')",
    "pandas PR 58697: os behind @": "@pd.compat.os.system('whoami')",
    "pandas issue 47084: names of the caller": "@df.a + @secret",
    "pandas: backticks": "`a.__class__`",
    "D-Tale CVE-2023-46134: code in a query": "a == 1 and @exit()",
    "Jinja CVE-2016-10745: str.format": "{{ '{0.__class__}'.format(a) }}",
    "Jinja CVE-2019-10906: str.format_map": "{{ '{x.__globals__}'.format_map(a) }}",
    "Jinja CVE-2024-56326: a method stored": "{% set f = '{0.a}'.format %}{{ f(a) }}",
    "Jinja CVE-2025-27516: the filter attr": "{{ ''|attr('format') }}",
    "Jinja: classes by subscripts": "{{ ''['__class__']['__mro__'] }}",
    "Jinja: range without end": "{{ range(999999999) }}",
    "sympy issue 10805: sympify of attributes": "Symbol('x').__class__.__mro__",
    "sympy issue 24990: code in a symbol's name": "Symbol('__import__(1)')",
    "sympy: factorial without end": "factorial(factorial(9999))",
    "sirepo issue 1637: print by way of sympify": "print(hello)",
    "qiskit GHSA-6m2c-76ff-6vrf: code in a parameter": "theta.__init__.__globals__",
    "qlib PR 2300: Operators by eval": "Operators.__class__('x')",
    "hive issue 2743: getattr of getattr": "getattr(getattr((), '__class__'), '__base__')",
    "eval without builtins: builtins by a class": "a.__class__.__dict__['open']",
    "CPython CVE-2020-10735: digits without end": "9" * 1999,
    "CPython: a stack overflowed by brackets": "(" * 500 + "1" + ")" * 500,
    "CPython: a stack overflowed by minus": "-" * 1900 + "1",
    "eval is dangerous: code of bytes": "bytes([1]).__class__.__base__",
    "eval is dangerous: builtins put back": "[].__reduce_ex__(2)[0].__builtins__",
    "YAML: a tag that calls": "!!python/object/apply:os.system [id]",
    "expr-eval CVE-2025-12735: functions in names": "a.constructor('return 1')()",
    "SpEL: types": "T(java.lang.Runtime).getRuntime()",
    "spreadsheets: a call of the system": "=cmd|' /C calc'!A0",
}  # fmt: skip


@pytest.mark.parametrize("bug", ESCAPES)
def test_what_other_evaluators_fell_for_is_refused(bug: str) -> None:
    """With the measures at hand that it would need: it is no formula, told as A306."""
    measures = dict.fromkeys(("a", "x", "os", "hello", "rand", "err", "path", "theta"), NUMBER)
    with pytest.raises(FormulaError) as raised:
        check_units(parse(ESCAPES[bug]), measures)
    assert raised.value.code == "A306"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_formulas_are_refused(text: str) -> None:
    """Code, endless numbers, deep nesting and look-alikes are problems, and quickly so."""
    with pytest.raises(FormulaError) as raised:
        check_units(parse(text), {})
    assert raised.value.code in ("A305", "A306", "A307")


@pytest.mark.parametrize("level", ["min({}, 1)", "({} + 1)", "abs({})", "-{}", "({} .. 1)"])
def test_a_deep_formula_is_read_quickly(level: str) -> None:
    """As deep as may be, each part is looked at once."""
    text = "a"
    for _ in range(50):
        text = level.format(text)
    assert check_units(parse(text), {"a": NUMBER}) == ()
    assert isinstance(value(text, a=1), tuple)


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_is_a_formula_or_a_problem(text: str) -> None:
    """Reading never fails in another way."""
    wrong = None
    try:
        check_units(parse(text), {})
    except FormulaError as raised:
        wrong = raised
    assert wrong is None or (wrong.column >= 1 and wrong.message)


@given(st.text("ab 12.%()+-*/<>=!,notrdmix\n", max_size=40))
@settings(max_examples=300)
def test_any_text_of_formula_signs_is_a_formula_or_a_problem(text: str) -> None:
    """Nor does what looks like a formula."""
    try:
        dims = check_units(parse(text), {"a": NUMBER, "b": NUMBER})
    except FormulaError:
        return
    known = evaluate(parse(text), {"a": (1.0, 2.0), "b": (-1.0, 1.0)}, TODAY)
    assert isinstance(known, bool | Reason) if dims == TRUTH.dims else not isinstance(known, bool)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a < b", "b > a"), ("a<=b", "b  >=  a"), ("a < b and c < 1", "b > a and 1 > c")],
)
def test_formulas_that_say_the_same_are_known_as_such(one: str, other: str) -> None:
    """Spaces and the side a comparison is read from do not matter."""
    assert canonical(parse(one)) == canonical(parse(other))
    assert canonical(parse("a < b")) != canonical(parse("b < a"))
    assert canonical(parse("a - b")) != canonical(parse("b - a"))


# Laws

NUMBERS = st.one_of(
    st.integers(-5, 5).map(float),
    st.floats(-1e6, 1e6),
    st.floats(allow_nan=False, allow_infinity=False),
)


def _of_quantities(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Make larger formulas out of smaller ones."""
    pairs = st.tuples(inner, inner)
    return st.one_of(
        *(pairs.map(f"({{0[0]}} {sign} {{0[1]}})".format) for sign in ("+", "-", "*", "/", "..")),
        *(pairs.map(f"{word}({{0[0]}}, {{0[1]}})".format) for word in ("min", "max")),
        inner.map("abs({})".format),
        inner.map("(-{})".format),
    )


def _of_truths(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        *(pairs.map(f"({{0[0]}} {word} {{0[1]}})".format) for word in ("and", "or")),
        inner.map("(not {})".format),
    )


LEAVES = st.sampled_from(["a", "b", "c", "2", "0.5", "7 %", "(1 .. 3)", "0"])
QUANTITIES = st.recursive(LEAVES, _of_quantities, max_leaves=8)
SIGNS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
COMPARISONS = st.tuples(QUANTITIES, SIGNS, QUANTITIES).map("({0[0]} {0[1]} {0[2]})".format)
TRUTHS = st.recursive(COMPARISONS, _of_truths, max_leaves=4)
INTERVALS = st.tuples(NUMBERS, NUMBERS).map(lambda ends: (min(ends), max(ends)))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, Interval], dict[str, Interval]]:
    """Draw an interval for each name, and a point inside each."""
    wide: dict[str, Interval] = {name: draw(INTERVALS) for name in "abc"}
    points = {name: draw(st.floats(lo, hi)) for name, (lo, hi) in wide.items()}
    return wide, {name: (point, point) for name, point in points.items()}


@given(QUANTITIES, worlds())
@settings(max_examples=400)
def test_an_interval_contains_every_point(
    text: str, world: tuple[dict[str, Interval], dict[str, Interval]]
) -> None:
    """Whatever values inside the intervals a formula is given, its result is inside as well."""
    wide, point = world
    expr = parse(text)
    whole, one = evaluate(expr, wide, TODAY), evaluate(expr, point, TODAY)
    if isinstance(whole, tuple):
        assert isinstance(one, tuple)
        assert whole[0] <= one[0] <= one[1] <= whole[1]
        assert all(math.isfinite(end) for end in whole)


@given(TRUTHS, worlds())
@settings(max_examples=400)
def test_a_truth_holds_at_every_point(
    text: str, world: tuple[dict[str, Interval], dict[str, Interval]]
) -> None:
    """Where intervals say true or false, every point inside them says the same."""
    wide, point = world
    expr = parse(text)
    whole = evaluate(expr, wide, TODAY)
    if isinstance(whole, bool):
        assert evaluate(expr, point, TODAY) is whole


@given(NUMBERS, NUMBERS, st.floats(0, 1e9))
def test_less_is_not_undone_by_going_apart(x: float, y: float, step: float) -> None:
    """What is clearly less stays so when the gap widens: comparing at the nearest ends is sound."""
    if less(x, y):
        assert not less(y, x)
        assert less(x - step, y)
        assert less(x, y + step)


@pytest.mark.parametrize(
    "text",
    [
        "3",
        "-(a + 0.5 USD/Mtok * 2) < min(b, 3.1e-7 USD/tok, abs(c)) / 3 %",
        "0.1 .. 1 week >= today - 2026-08-01 and not (a == a or 1 < 2)",
        "цена * 2.5 km^2/h",
    ],
)
def test_a_kept_formula_is_the_formula(text: str) -> None:
    """What an earlier run kept of a formula, as JSON, is the tree that parsing gives."""
    before, after = Trees(), Trees()
    before.known[text] = parse(text)
    after.begin(json.loads(json.dumps(before.news())))
    assert after.get(text) == parse(text)
    assert after.get("1 < 2") is None
    assert after.news() is None


def test_a_kept_number_is_bare() -> None:
    """A number without a unit stays one: that is asked for by identity."""
    before, after = Trees(), Trees()
    before.known["3"] = parse("3")
    after.begin(before.news() or {})
    kept = after.get("3")
    assert isinstance(kept, Number)
    assert kept.unit is NUMBER
