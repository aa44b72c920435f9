"""Which pages of the site need not be made again, from a file that may be lost at any time.

The file holds the questions that pages asked, by what they are about: a card, a note, or anything
else. Where the basis of all answers about a thing is as it was, none of them is looked at; else
each is, and the pages that asked one which is answered otherwise now are to be made again.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from argmap.pages.parts import file_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from argmap.pages.asking import Answers, Question

Stamp = tuple[int, int, int]  # of a file: size, time of change in ns, inode
Asked = tuple["Question", ...]
_REST = ""  # what is about nothing that has a basis


@dataclass(slots=True)
class _Subject:
    """A thing that pages asked about: what its answers follow from, and each question's answer."""

    number: int
    basis: str = ""
    text: str = "[]"  # questions, each with its answer and the numbers of the pages that ask it

    def rows(self) -> Iterator[tuple[Question, str | None, list[int]]]:
        """Yield each question with its answer and who asks it."""
        for question, answer, pages in json.loads(self.text):
            yield tuple(question), answer, pages


@dataclass(slots=True)
class _Page:
    """A page as it was written."""

    number: int
    stamp: Stamp
    about: str = ""  # the numbers of what it asked about


@dataclass
class Kept:
    """The pages as the last build left them: what each asked, what it was told, its file."""

    file: Path | None
    key: str  # of what all pages share; those made with another are of no use
    pages: dict[str, _Page] = field(default_factory=dict)
    subjects: dict[str, _Subject] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)  # by path, what each held
    same: set[Question] = field(default_factory=set)  # looked at, and answered as it was

    def __post_init__(self) -> None:
        """Read the file, if it is there and whole."""
        with suppress(OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
            if self.file:
                self._read(self.file.read_bytes())

    def _read(self, data: bytes) -> None:
        told, _, text = data.partition(b"\n")
        if told != sum_of(text):
            return
        head, *rows = text.decode().split("\n")
        content: dict[str, Any] = json.loads(head)
        if content["key"] != self.key:
            return
        self.pages = {
            path: _Page(number, (stamp[0], stamp[1], stamp[2]), about)
            for path, number, stamp, about in content["pages"]
        }
        self.subjects = {
            name: _Subject(number, basis, row)
            for (name, number, basis), row in zip(content["subjects"], rows, strict=True)
        }
        self.notes = content["notes"]

    def good(self, answers: Answers, there: Mapping[str, Stamp]) -> set[str]:
        """Return the paths of the pages that are as they would be made, and of rows in pages."""
        bad: set[int] = set()
        for name, subject in self.subjects.items():
            if not subject.basis or subject.basis != answers.basis(name):
                for question, answer, pages in subject.rows():
                    if answer == answers.to(question):
                        self.same.add(question)
                    else:
                        bad.update(pages)
        good = {
            path
            for path, page in self.pages.items()
            if page.number not in bad and there.get(file_of(path)) == page.stamp
        }
        return good - {file_of(path) for path in self.pages.keys() - good}

    def asked(self, at: str, pages: Collection[str]) -> set[str]:
        """Return what some of the pages asked a thing about."""
        numbers = {self.pages[path].number for path in pages}
        rows = self.subjects[_REST].rows() if _REST in self.subjects else ()
        return {
            question[1]
            for question, _, askers in rows
            if question[0] == at and not numbers.isdisjoint(askers)
        }

    def save(
        self,
        made: Mapping[str, Asked],
        good: Collection[str],
        answers: Answers,
        there: Mapping[str, Stamp],
    ) -> None:
        """Remember the pages that were made, and those that were good."""
        gone = [
            self.pages.pop(path) for path in list(self.pages) if path in made or path not in good
        ]
        for path, page in self.pages.items():
            page.stamp = there[file_of(path)]
        rows = self._touched(made, gone, answers)
        about: dict[str, set[str]] = {}
        numbers = _free(page.number for page in self.pages.values())
        for path, asked in made.items():
            self.pages[path] = _Page(next(numbers), there[file_of(path)])
            about[path] = set()
            for question in asked:
                name = answers.subject(question)
                about[path].add(name)
                told = rows[name].get(question) or _Told(answers.to(question) or None, [])
                rows[name][question] = told
                told.pages.append(self.pages[path].number)
        self._take(rows, answers)
        self.notes = {path: note.digest for path, note in answers.deck.report.vault.notes.items()}
        for path, names in about.items():
            said = sorted(self.subjects[name].number for name in names)
            self.pages[path].about = " ".join(map(str, said))
        if rows:
            self._write()

    def _touched(
        self, made: Mapping[str, Asked], gone: Collection[_Page], answers: Answers
    ) -> dict[str, dict[Question, _Told]]:
        """Return what is to be written anew of the subjects, less the pages that are gone."""
        numbers = {page.number for page in gone}
        about = {int(number) for page in gone for number in page.about.split()}
        rows: dict[str, dict[Question, _Told]] = {
            name: {} for asked in made.values() for name in map(answers.subject, asked)
        }
        for name, subject in self.subjects.items():
            same = subject.basis == answers.basis(name)
            if name in rows or subject.number in about or not same:
                # What has no answer that can be kept is asked again: it equals none.
                rows[name] = {
                    question: _Told(
                        was if same and name else answers.to(question) or None,
                        [number for number in pages if number not in numbers],
                    )
                    for question, was, pages in subject.rows()
                }
        return rows

    def _take(self, rows: Mapping[str, Mapping[Question, _Told]], answers: Answers) -> None:
        """Put subjects in the place of what they were."""
        free = _free(subject.number for subject in self.subjects.values())
        for name, questions in rows.items():
            asked = [(each, *told) for each, told in questions.items() if told.pages]
            if asked:
                known = self.subjects.get(name)
                number = known.number if known else next(free)
                text = json.dumps(asked, separators=(",", ":"))
                self.subjects[name] = _Subject(number, answers.basis(name), text)
            else:
                self.subjects.pop(name, None)

    def _write(self) -> None:
        content = {
            "key": self.key,
            "notes": self.notes,
            "pages": [
                (path, page.number, page.stamp, page.about) for path, page in self.pages.items()
            ],
            "subjects": [
                (name, subject.number, subject.basis) for name, subject in self.subjects.items()
            ],
        }
        head = json.dumps(content, separators=(",", ":"))
        text = "\n".join([head, *(subject.text for subject in self.subjects.values())]).encode()
        with suppress(OSError):
            if self.file:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                self.file.write_bytes(sum_of(text) + b"\n" + text)


class _Told(NamedTuple):
    """What a question was answered, and the numbers of the pages that ask it."""

    answer: str | None
    pages: list[int]


def _free(taken: Iterable[int]) -> Iterator[int]:
    """Yield the numbers that are not taken."""
    used = set(taken)
    return (number for number in count() if number not in used)


def sum_of(text: bytes) -> bytes:
    """Return what tells that a text is whole."""
    return f"{len(text)} {crc32(text):08x}".encode()
