"""Every line of Obsidian's grammar as a case: in fixtures/obsidian/, notes beside what is read.

A case is a heading, the files of a small vault (`=== path`), and after `--- read` what argmap sees;
after `--- html path` stands a note's page instead. `python tests/test_obsidian.py` writes the
expected parts anew, to be looked at before they are committed.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from argmap.markdown import render
from argmap.notes import split_front_matter, walk
from argmap.notes.tags import with_parents
from argmap.vault import Vault, read_vault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argmap.notes import Block, Link, Note

FIXTURES = Path(__file__).parent / "fixtures" / "obsidian"


@dataclass(frozen=True)
class Case:
    """Files, what is asked of them, and the answer."""

    title: str
    given: str  # the files, as in the fixture
    asked: str  # "read", or "html path"
    expected: str

    @property
    def files(self) -> dict[str, str]:
        """The files by path; `␍` stands for a carriage return, `﹖` for a byte order mark."""
        parts = re.split(r"^=== (.+)\n", self.given, flags=re.MULTILINE)
        texts = [text.replace("␍", "\r").replace("﹖", "\ufeff") for text in parts[2::2]]
        return dict(zip(parts[1::2], texts, strict=True))


def cases(path: Path) -> Iterator[Case]:
    """Read the cases of one fixture file."""
    for part in path.read_text("utf-8").split("\n##### ")[1:]:
        title, _, rest = part.partition("\n")
        given, asked, expected = re.split(r"^--- (read|html .+)\n", rest, flags=re.MULTILINE)
        yield Case(title, given, asked, expected.strip("\n"))


def answer(case: Case) -> str:
    """Return what argmap makes of a case."""
    with TemporaryDirectory() as folder:
        for name, text in case.files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.removesuffix("\n").encode())
        vault = read_vault(Path(folder), "")
        if case.asked == "read":
            return "\n".join(told(vault))
        return page(vault, case.asked.removeprefix("html ")).strip("\n")


def told(vault: Vault) -> Iterator[str]:
    """Yield what is read, a line each."""
    for path, note in vault.notes.items():
        yield path
        yield from (f"  {line}" for line in told_of(vault, note))
    yield from (f"{path}, not read" for path in vault.files)
    tags = {tag.casefold() for note in vault.notes.values() for tag in with_parents(note.tags)}
    for tag in sorted(tags):
        if len(vault.tagged(tag)) > 1:
            yield f"#{tag}: {', '.join(vault.tagged(tag))}"
    yield from map(str, vault.problems)


def told_of(vault: Vault, note: Note) -> Iterator[str]:
    """Yield what one note is."""
    kinds = vault.property_kinds(note.path)
    for key, value in note.properties.items():
        yield f"{kinds[key]} {key}: {json.dumps(value, ensure_ascii=False)}"
    yield from (f"alias {alias}" for alias in note.aliases)
    yield from (f"tag {tag}" for tag in note.tags)
    for block in walk(note.blocks):
        yield from told_of_block(block)
    for link in note.links:
        yield f"{at(link)} {link.kind} {leads(vault, link, note.path)} {link.text!r}"


def told_of_block(block: Block) -> Iterator[str]:
    """Yield what a block is, where it is more than text."""
    what = {"heading": "heading", "callout": "callout", "code": "code", "table": "table"}
    if block.kind in what:
        yield f"{what[block.kind]} {block.info} {block.markdown.splitlines()[:1]}".rstrip()
    if block.kind == "item" and block.info:
        yield f"task {block.info}"
    if block.id:
        yield f"{block.kind} ^{block.id}"
    yield from (f"field {found.key} = {found.value!r}" for found in block.fields)


def at(link: Link) -> str:
    """Return a link's place."""
    return f"{link.span.line}:{link.span.column}"


def leads(vault: Vault, link: Link, source: str) -> str:
    """Return where a link leads, the place in the note included."""
    if link.kind == "url":
        return link.target
    path = vault.resolve(link.target, source)
    if path is None or not link.subpath:
        return f"{link.target} -> {path}"
    place = vault.find(path, link.subpath)
    return f"{link.target}#{link.subpath} -> {path}:{place.span.line if place else '-'}"


def page(vault: Vault, path: str) -> str:
    """Return the HTML of a note, its links leading to what they reach."""
    _, body, first_line = split_front_matter(vault.notes[path].text)
    return render(
        body,
        href=lambda target, _: vault.resolve(target, path),
        src=lambda target: vault.resolve(target, path) if target.endswith(".png") else None,
        first_line=first_line,
    )


ALL = [
    pytest.param(case, id=f"{path.stem}: {case.title}")
    for path in sorted(FIXTURES.glob("*.txt"))
    for case in cases(path)
]


@pytest.mark.parametrize("case", ALL)
def test_obsidian(case: Case) -> None:
    """What is read is what Obsidian would read."""
    assert answer(case) == case.expected


def test_every_line_has_its_case() -> None:
    """The grammar's lines 1 to 32 are all there."""
    titles = " ".join(str(param.id) for param in ALL)
    assert {int(number) for number in re.findall(r": (\d+)\.", titles)} == set(range(1, 33))


def write_expected(path: Path) -> None:
    """Write the expected part of each case of a fixture file."""
    head = path.read_text("utf-8").split("\n##### ")[0]
    parts = [
        f"{case.title}\n{case.given}--- {case.asked}\n{answer(case)}\n" for case in cases(path)
    ]
    path.write_text("\n##### ".join([head, *parts]), "utf-8")


if __name__ == "__main__":
    for file in map(Path, sys.argv[1:]) if sys.argv[1:] else sorted(FIXTURES.glob("*.txt")):
        write_expected(file)
