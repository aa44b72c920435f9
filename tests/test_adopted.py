"""Marks written into a plain note say what its text implied, and leave its words."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.claims import ClaimOptions, read_claims
from argmap.claims.adopted import Adopted, adopt_note, sense
from argmap.claims.inferred import infer
from argmap.notes import read_note_bytes

CORPUS = Path(__file__).parent / "corpus"
WHERE_IT_STANDS = (  # no place for it
    "en-against-headings", "ru-table-dacha", "ru-why-not-rewrite", "ru-tablica-itogo",
    "en-because-bullets", "en-why-no-lawn", "en-leaf-blowers", "ru-pochemu-bumaga",
    "ru-gorod",
)  # fmt: skip
OPTIONS = ClaimOptions()


def adopted(text: str) -> str:
    """Adopt a note that can be, and return its text."""
    result, problems = adopt_note("n.md", dedent(text).lstrip("\n").encode(), OPTIONS)
    assert problems == []
    assert result
    return result.data.decode()


def refused(data: bytes) -> list[str]:
    result, problems = adopt_note("n.md", data, OPTIONS)
    assert result is None
    return [f"{problem.code} {problem.message}" for problem in problems]


def check_law(data: bytes, result: Adopted) -> None:
    """Hold that the marked note reads as the plain one did, with its own line ends and mark."""
    before = infer(read_note_bytes("n.md", data), OPTIONS)
    said, problems = read_claims(read_note_bytes("n.md", result.data), OPTIONS)
    assert not [one for one in problems if one.code != "A212"]  # what looked like an id before
    assert not any(claim.inferred for claim in said.claims)
    assert sense(said) == sense(before)
    old = {one.id for one in (*before.claims, *before.evidence)}
    new = {one.id for one in (*said.claims, *said.evidence)}
    assert {result.renamed.get(id_, id_) for id_ in old} == new
    assert result.data.startswith(b"\xef\xbb\xbf") == data.startswith(b"\xef\xbb\xbf")
    assert result.data.count(b"\r\n") == result.data.count(b"\n") or b"\r\n" not in data


def test_a_critique() -> None:
    """A disputed thesis, counter-arguments and a conclusion: tags, fields and ids in place."""
    assert adopted("""
        Статья оспаривает тезис [Роос](https://example.org/r) о том, что дамба спасёт берег. Спорно.

        **Контраргументы:**

        1. **Волна уносит песок.** Замер [[2019]].
           - смета: вдвое
        2. **Камень дорог** — вдвое.

        **Вывод:** подсыпать. Осенью.
    """) == dedent("""\
        Статья оспаривает тезис [Роос](https://example.org/r) о том, что

        - Дамба спасёт берег. #claim (role:: thesis) (source:: [Роос](https://example.org/r)) ^tezis

        Спорно.

        **Контраргументы:**

        1. **Волна уносит песок.** #con (attacks:: [[#^tezis]]) (supports:: [[#^vyvod]]) ^volna-unosit-pesok
           - Замер [[2019]]. #evidence
           - смета: вдвое #evidence
        2. **Камень дорог** #con (attacks:: [[#^tezis]]) (supports:: [[#^vyvod]]) ^kamen-dorog
           - вдвое. #evidence

        **Вывод:**

        - Подсыпать. #claim (role:: conclusion) ^vyvod

          Осенью.
    """)  # noqa: E501


def test_a_nested_list() -> None:
    """Labels give way to the tags that say the same; nesting says the relations."""
    assert adopted("""
        - Phones should be banned in class
        \t- Pro: even a dark screen distracts
        \t\t- Con: so does a window
        \t- Con: nobody can check ^check
    """) == dedent("""\
        - Phones should be banned in class #claim (role:: thesis) ^phones-should-be-banned
        \t- even a dark screen distracts #pro ^even-a-dark-screen
        \t\t- so does a window #con ^so-does-a-window
        \t- nobody can check #con ^check
    """)


def test_block_ids_are_kept() -> None:
    """A block id moves with the claim that it names, and no other is written."""
    assert adopted("""
        Objections:
        - **The wall is ugly.** All say so. ^ugly
        - **It is dear.** ^dear

        Conclusion: no wall. Never. ^end
    """) == dedent("""\
        Objections:
        - **The wall is ugly.** #con (supports:: [[#^end]]) ^ugly
          - All say so. #evidence
        - **It is dear.** #con (supports:: [[#^end]]) ^dear

        Conclusion:

        - No wall. #claim (role:: conclusion) ^end

          Never.
    """)


def test_arguments_that_bear_on_nothing() -> None:
    """An argument without a thesis keeps its role, without a tag that would ask for one."""
    assert adopted("Objections:\n- **The wall is ugly.**\n") == (
        "Objections:\n- **The wall is ugly.** #claim (role:: con) ^the-wall-is-ugly\n"
    )


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*/arguments/*.md")), ids=lambda p: p.stem)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_corpus(path: Path, end: str) -> None:
    """Whatever is found in a note of the corpus can be marked, but in headings and tables."""
    data = path.read_bytes().replace(b"\n", end.encode())
    found = infer(read_note_bytes("n.md", data), OPTIONS).claims
    result, problems = adopt_note("n.md", data, OPTIONS)
    if result is None:
        assert [problem.code for problem in problems] == ["A213"] * len(problems)
        assert path.stem in WHERE_IT_STANDS or not found
    else:
        check_law(data, result)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("Ничего.\n".encode(), ["A213 not adopted: no claims are found in it"]),
        (b"- Cheap #claim\n", ["A213 not adopted: it is marked already"]),
        ("Возражения:\n- **Дорого.**\n".encode("cp1251"), ["A101 not UTF-8"]),
        (
            b"## Arguments against\n### Forests burn\n### Baselines are guesses\n",
            ["A213 a claim in a heading cannot be marked there"] * 2,
        ),
    ],
)
def test_refused(data: bytes, told: list[str]) -> None:
    """Where there is nothing to mark, or no place for a mark, a problem says so."""
    assert refused(data) == told


def test_malformed_properties_are_refused() -> None:
    """A note whose properties cannot be read is left as it is."""
    (told,) = refused(b"---\ntitle: a: b\n---\nObjections:\n- **It is dear.**\n")
    assert told.startswith("A102 ")


# A law, over made notes

WORDS = st.lists(
    st.sampled_from(["wall", "sand", "море", "уносит", "costs", "twice", "5", "ёлка"]),
    min_size=3, max_size=6,
).map(" ".join)  # fmt: skip
WILD = st.lists(
    st.sampled_from(
        ["wall", "море", "costs", "*sand*", "**wave**", "[[Port]]", "#coast", "(k:: v)", "`x`",
         "[a](b)", "e.g.", "T. Roos", "==so==", "%%no%%", "x:", "—", "^up", "a. B", "$1$", "\\*"]
    ),
    min_size=3, max_size=6,
).map(" ".join)  # fmt: skip


@st.composite
def notes(draw: st.DrawFn, text: st.SearchStrategy[str]) -> bytes:
    """Make a plain note that argues, and what else stands in a note."""
    parts = []
    if draw(st.booleans()):
        parts.append(draw(st.sampled_from(["# Sea walls", f"{draw(WORDS)}.", "- milk\n- bread"])))
    thesis = draw(st.sampled_from(["Claim: ", "**Тезис:** ", "I believe that ", ""]))
    if thesis:
        parts.append(f"{thesis}{draw(text)}.{draw(st.sampled_from(['', f' {draw(WORDS)}.']))}")
    for lead in draw(st.lists(st.sampled_from(["Objections:", "## Доводы за"]), min_size=1)):
        parts += [lead, draw(items(text))]
    if draw(st.booleans()):
        parts.append(f"**Вывод:** {draw(text)}. {draw(st.sampled_from(['', 'И всё.']))}".strip())
    if draw(st.booleans()):
        parts.append(f"{draw(WORDS)}.")
    numbers = count(1)
    note = re.sub(r" \^a$", lambda _: f" ^a{next(numbers)}", "\n\n".join(parts), flags=re.MULTILINE)
    note += draw(st.sampled_from(["", "\n", "\n\n  \n"]))
    note = note.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return draw(st.sampled_from(["", "\ufeff"])).encode() + note.encode()


@st.composite
def items(draw: st.DrawFn, text: st.SearchStrategy[str]) -> str:
    """Make a list of arguments, with what else they say."""
    marker = draw(st.sampled_from(["- ", "1. ", "*   "]))
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        opening = draw(st.sampled_from(["**{}.**", "**{}**", "{}."])).format(draw(text))
        rest = draw(st.sampled_from(["", " {}.", " {}\n   {}."])).replace("{}", draw(WORDS))
        if not opening.startswith("**"):  # a sentence begins with a capital
            rest = f" {rest[1:2].upper()}{rest[2:]}"
        lines.append(f"{marker}{opening}{rest.rstrip()}{draw(st.sampled_from(['', ' ^a']))}")
        if draw(st.booleans()):
            lines.append(f"\t- {draw(WORDS)}")
    return "\n".join(lines)


@given(notes(WORDS))
@settings(max_examples=60, deadline=None)
def test_law_over_plain_words(data: bytes) -> None:
    """A note of plain sentences that implies claims can be marked, and says the same then."""
    result, problems = adopt_note("n.md", data, OPTIONS)
    if infer(read_note_bytes("n.md", data), OPTIONS).claims:
        assert problems == []
        assert result
        check_law(data, result)
    else:
        assert result is None


@given(notes(WILD))
@settings(max_examples=60, deadline=None)
def test_law_over_markup(data: bytes) -> None:
    """Whatever markup stands in it, a note is marked so that it says the same, or left alone."""
    result, problems = adopt_note("n.md", data, OPTIONS)
    if result:
        check_law(data, result)
    else:
        assert problems
