"""Hostile and broken notes: time grows with their length, nothing crashes, places stay inside."""

from __future__ import annotations

import gc
import os
import random
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.helpers import parseLinkLabel
from markdown_it.rules_inline import StateInline

from argmap.claims import ClaimOptions, read_claims
from argmap.graph import Names
from argmap.markdown import parser
from argmap.markdown.label import label_end
from argmap.notes import Note, read_note, read_note_bytes, walk
from argmap.pages.redacted import LeakError, Redactor
from argmap.vault import Vault, read_vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from argmap.claims.model import NoteClaims
    from argmap.source import Problem, Span

ROOT = Path(__file__).parent.parent
VAULTS = Path("/work/shared/vaults")


def read(data: bytes) -> tuple[Note, NoteClaims, list[Problem]]:
    """Read a note as a build does: its blocks, links and claims."""
    note = read_note_bytes("n.md", data)
    said, problems = read_claims(note, ClaimOptions())
    return note, said, [*note.problems, *problems]


# Time


def nested(open_: str, close: str = "", times: int = 40) -> Callable[[int], str]:
    """Return what makes a text of something nested `times`, again and again."""
    group = open_ * times + close * times
    return lambda length: group * (length // len(group))


def all_nested(open_: str, close: str) -> Callable[[int], str]:
    """Return what makes a text of something nested as deep as its length allows."""
    return lambda length: (
        open_ * (length // len(open_ + close)) + close * (length // len(open_ + close))
    )


def after(first: str, again: str, last: str = "") -> Callable[[int], str]:
    """Return what makes a text that repeats a piece between two others."""
    return lambda length: first + again * (length // len(again)) + last


def deepening(indent: str, line: str) -> Callable[[int], str]:
    """Return what makes lines that each stand deeper than the one before."""
    return lambda length: "".join(indent * i + line for i in range(int(length**0.5)))


REPEATED = [
    "[[", "![[", "^[", "> ", "*", "%%", "- ", "`", "<", "&", "#a/", "key:: ", "(a:: ", "[a](", "$",
    "==", "~", "|", "\\", "[", "![", "](", "[^", "[^a]", "_a*", "`a``", "<!--", "<a ", "http://",
    "%%\n", "- x\n", "# x\n", "> [!a]\n\n", "^a\n\n", "a::\n", "[a]: b\n", "|-|\n", "a\n",
    "- x #claim\n", "[[a]] ", "Claim: it is so. ", "disputes the claim of [H](b) ", "1. A",
    "---\n", "[[a", "(a:: b\n", "text ^a\n", "> a\n^b\n\n", "- a ^b c #claim\n", "a #claim\n\n",
]  # fmt: skip
SHAPED: dict[str, Callable[[int], str]] = {
    "brackets, closed at last": after("", "[", "]"),
    "embeds, closed at last": after("", "![", "]"),
    "brackets in brackets": nested("[", "]"),
    "links in links": nested("[", "](x)"),
    "footnotes in footnotes": nested("^[", "]"),
    "fields in fields": nested("(a:: ", ")"),
    "fields without end": all_nested("(a:: ", ")"),
    "fields of both brackets": all_nested("[a:: (b:: ", ")]"),
    "emphasis in emphasis": all_nested("*_", "_*"),
    "highlights": all_nested("==a ", "a=="),
    "nested lists": deepening("  ", "- x\n"),
    "nested callouts": deepening("> ", "[!a] t\n"),
    "one long link": after("[[", "a"),
    "one long row": after("|a|b|\n|-|-|\n", "|[[a]]"),
    "many rows": after("|a|b|\n|-|-|\n", "|[[a]]|c|\n"),
    "a flow in properties": after("---\na: ", "[", "\n---\n"),
    "mappings in properties": after("---\na: ", "{a: ", "\n---\n"),
    "sequences in properties": after("---\n", "- ? ", "x\n---\n"),
    "deep properties": lambda length: f"---\n{deepening(' ', 'a:' + chr(10))(length)}---\n",
    "links in properties": after("---\na:\n", '  - "[[N]]"\n', "---\n"),
    "a line of stops": after("Claim: ", ".", "x"),
    "blanks that are no spaces": after("Claim: it is so", "\u00a0", "x"),
    "a comment and ticks": after("%%", "`", "``a"),
    "ticks of many lengths": lambda n: "%%" + "".join("`" * i + "a" for i in range(int(n**0.5))),
    "reasons that never come": after("It must be so", ", ", "because:\n\n- a b c\n- d e f\n"),
    "footnotes": lambda n: "".join(f"[^{i}]\n\n[^{i}]: x\n\n" for i in range(n // 20)),
    "arguments": after("## Arguments against\n\n", "- **It is not so** [a](b) c\n"),
    "fields of one item": after("- x #claim ", "(supports:: y) "),
    "pros below a claim": after("- It is good here\n", "  - Pro: it is good\n"),
}
TEXTS: dict[str, Callable[[int], str]] = {
    **{piece: after("", piece) for piece in REPEATED},
    **SHAPED,
}


def cpu(data: bytes) -> float:
    """Return the CPU seconds that reading takes."""
    gc.collect()
    gc.disable()
    begun = time.process_time()
    read(data)
    taken = time.process_time() - begun
    gc.enable()
    return taken


def grows(make: Callable[[int], str], length: int) -> float:
    """Return how many times longer a text of twice the length takes; 10 ms are as good as none."""
    return cpu(make(2 * length).encode()) / max(cpu(make(length).encode()), 0.01)


@pytest.mark.parametrize("what", TEXTS)
def test_time_grows_with_length(what: str, slowness: float) -> None:
    """Twice as long takes less than three times as long, whatever is repeated or nested.

    A busy machine may disturb one measurement, not five.
    """
    assert any(grows(TEXTS[what], 8_000) < 3 for _ in range(5))
    text = TEXTS[what](8_000).encode()
    assert any(cpu(text) < 8_000 * 60e-6 * slowness for _ in range(5))


PUBLISHED = [
    "<a ", "<a href=", '<a href="x">', "<!--", "[[", "[[a", "[a](", "](Hidden.md)",
    "[a]: Hidden.md\n", "[a][b]", "obsidian://", ",", "supports:: [[a, \n", "supports:: [[a]], x\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", PUBLISHED)
def test_the_time_to_publish_a_note_grows_with_its_length(piece: str) -> None:
    """What is not published is looked for once, however its links are left open."""

    def taken(length: int) -> float:
        notes = {
            f"{name}.md": read_note(f"{name}.md", text)
            for name, text in (("n", "a " + piece * (length // len(piece))), ("Hidden", "x"))
        }
        fields = {"supports": "supports"}
        redactor = Redactor(Vault(notes), {"n.md"}, fields, Names([]), frozenset())
        gc.collect()
        gc.disable()
        begun = time.process_time()
        redactor.text(notes["n.md"].text, "n.md")
        with suppress(LeakError):
            redactor.note(notes["n.md"])
        ended = time.process_time()
        gc.enable()
        return ended - begun

    assert any(taken(16_000) / max(taken(8_000), 0.02) < 3 for _ in range(4))


@pytest.mark.parametrize("what", ["> ", "*", "`", "#a/", "$", "==", "~", "|", "key:: "])
def test_two_megabytes(what: str) -> None:
    """What is cheap is cheap at 2 MB."""
    read((what * (2_000_000 // len(what))).encode())


def test_what_nests_too_deeply_is_told() -> None:
    """Nothing is lost in silence: the first line whose insides are not read is named."""
    note = read_note("n.md", "".join("  " * i + f"- x{i} #claim\n" for i in range(80)))
    assert [(p.code, p.span.line) for p in note.problems] == [("A111", 50)]
    assert len(read_claims(note, ClaimOptions())[0].claims) == 49
    assert not read_note("n.md", "".join("  " * i + "- x\n" for i in range(49))).problems


@given(st.text(alphabet="[]()!^a`\\\n<>*$ ", max_size=40))
def test_labels_end_where_markdown_it_says(text: str) -> None:
    """Each bracket closes where markdown-it's own helper finds it to."""
    for alone in (True, False):
        for start in (at for at, char in enumerate(text) if char == "["):
            states = [StateInline(text, parser(), {}, []) for _ in range(2)]
            expected = parseLinkLabel(states[0], start, alone)
            assert label_end(states[1], start, alone) == expected
            assert states[1].pos == 0


# Broken notes


def real_notes() -> Iterator[bytes]:
    """Yield notes of ours, and of real vaults where they are."""
    corpus = sorted((ROOT / "tests" / "corpus").rglob("*.md"))
    fixtures = sorted((ROOT / "tests" / "fixtures").rglob("*.txt"))
    real = sorted(VAULTS.rglob("*.md"))[::6] if VAULTS.is_dir() else []
    for path in [*corpus, *fixtures, *sorted((ROOT / "vault").rglob("*.md")), *real]:
        yield path.read_bytes()


NOTES = list(real_notes())
PIECES = [
    b"\x00", b"\x07", b"\x1b[31m", b"\xff\xfe", b"\xc3", b"\xe2\x80", b"\xef\xbb\xbf", b"\r\n",
    b"\r", b"\n\n", b"---\n", b"\x0b", b"\x0c", b"\x1c", b"\xc2\x85", b"\xe2\x80\xa8",
    b"\xc2\xa0", b"\t",
    b"%%", b"```\n", b"[[", b"]]", b"> ", b"- ", b"    ", b" ^id", b"#claim ", b"(supports:: ",
    b"$$", "\U0001f600".encode(),
    "\u0130".encode(), "e\u0301".encode(), b"|", b"\\", b"<div>", b"[^1]: ",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Return a real note, cut, doubled, shuffled, and spoilt by stray bytes."""
    data = draw(st.sampled_from(NOTES))
    rng = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311  hypothesis draws its seed
    if draw(st.booleans()):
        data = data.replace(b"\n", b"\r\n")
    for kind in draw(st.lists(st.sampled_from(["cut", "double", "swap", "insert"]), max_size=8)):
        a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        if kind == "cut":
            data = data[:a] + data[min(b, a + 200) :]
        elif kind == "double":
            data = data[:a] + data[a : a + 300] * 2 + data[a + 300 :]
        elif kind == "swap":
            data = data[b:] + data[a:b] + data[:a]
        else:
            data = data[:a] + rng.choice(PIECES) + data[a:]
    return data


def places(note: Note, said: NoteClaims, problems: list[Problem]) -> Iterator[Span]:
    """Yield every place that was told."""
    yield from note.property_spans.values()
    for block in walk(note.blocks):
        yield block.span
        for field in block.fields:
            yield from (field.span, field.value_span)
    yield from (link.span for link in note.links)
    yield from (place.span for place in note.places)
    for one in (*said.claims, *said.evidence, *said.arguments, *said.relations, *said.sheets):
        yield one.span
    yield from (problem.span for problem in problems)


@settings(deadline=None, max_examples=150)
@given(mutated())
@example(b"\x0c\nIt is often said that walls save beaches. This is wrong: waves dig.\n")
def test_no_note_breaks_the_reader(data: bytes) -> None:
    """A spoilt note is read or told, and every place lies inside its file."""
    note, said, problems = read(data)
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    for span in places(note, said, problems):
        assert 1 <= span.line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
    for problem in problems:
        assert problem.message
        assert "\n" not in problem.message
    assert len({claim.id for claim in said.claims}) == len(said.claims)


# Links and folders that lead elsewhere


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """Return a vault of two notes, beside a folder it must not read."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.md").write_text("- Not for you #claim\n")
    (tmp_path / "vault" / "sub").mkdir(parents=True)
    (tmp_path / "vault" / "n.md").write_text("[[s]] [[../secret/s]] ![[../secret/s.md]]\n")
    (tmp_path / "vault" / "sub" / "b.md").write_text("text\n")
    return tmp_path / "vault"


def told(folder: Path) -> list[str]:
    """Return what could not be read in a vault."""
    return [str(p) for p in read_vault(folder, "vault").problems if p.code in ("A101", "A112")]


def test_nothing_outside_the_vault_is_read(vault: Path) -> None:
    """`..`, a link to a folder, a link to a note or an image: none leads out, each link is told."""
    (vault / "folder").symlink_to("../secret")
    (vault / "s.md").symlink_to("../secret/s.md")
    (vault / "picture.png").symlink_to("../secret/s.md")
    out = "a link that leads out of the vault, or in a circle"
    assert told(vault) == [
        f"vault/folder:1:1: A112 {out}",
        f"vault/picture.png:1:1: A112 {out}",
        f"vault/s.md:1:1: A112 {out}",
    ]
    read = read_vault(vault, "vault")
    assert sorted(read.notes) == ["n.md", "sub/b.md"]
    assert read.files == ()
    assert [path for _, path in read.outlinks("n.md")] == [None, None, None]


def test_what_is_linked_inside_is_read_once(vault: Path) -> None:
    """A link to a note or folder of the vault gives way to it; links in a circle end."""
    (vault / "again.md").symlink_to("sub/b.md")
    (vault / "sub" / "up").symlink_to("..")
    (vault / "other").symlink_to("sub")
    (vault / "round").symlink_to("round")
    assert told(vault) == [
        "vault/again.md:1:1: A112 a link to sub/b.md, which is read there",
        "vault/other:1:1: A112 a link to sub, which is read there",
        "vault/round:1:1: A112 a link that leads out of the vault, or in a circle",
        "vault/sub/up:1:1: A112 a link to the vault itself, which is read there",
    ]
    assert sorted(read_vault(vault, "vault").notes) == ["n.md", "sub/b.md"]


def test_a_name_that_no_link_can_hold_is_told(vault: Path) -> None:
    """Obsidian ends a link's name at `#`, `^` and `|`: such a note is read, and told."""
    (vault / "C# notes.md").write_text("- Fast #claim\n")
    (vault / "C # D.png").write_text("")
    problems = [str(p) for p in read_vault(vault, "vault").problems if p.code == "A113"]
    assert problems == ["vault/C# notes.md:1:1: A113 no link can lead to it: '#'"]
    assert "C# notes.md" in read_vault(vault, "vault").notes


def test_a_folder_that_cannot_be_read_is_told(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that the system refuses is a warning with its path; the rest is read."""
    listed = os.scandir

    def refusing(path: str | Path) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert told(vault) == ["vault/sub:1:1: A112 cannot be read: Permission denied"]
    assert sorted(read_vault(vault, "vault").notes) == ["n.md"]
