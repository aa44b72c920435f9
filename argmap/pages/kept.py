"""Which pages of the site need not be made again, from a file that may be lost at any time."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from argmap.pages.asking import Answers, Question

Stamp = tuple[int, int, int]  # of a file: size, time of change in ns, inode
Asked = tuple["Question", ...]


@dataclass
class Kept:
    """The pages as the last build left them: what each asked, what it was told, its file."""

    file: Path | None
    key: str  # of what all pages share; those made with another are of no use
    pages: dict[str, tuple[Stamp, Asked]] = field(default_factory=dict)
    answers: dict[Question, str] = field(default_factory=dict)
    bases: dict[Question, str] = field(default_factory=dict)  # what some answers follow from

    def __post_init__(self) -> None:
        """Read the file, if it is there and whole."""
        with suppress(OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
            if self.file:
                self._read(self.file.read_bytes())

    def _read(self, data: bytes) -> None:
        told, _, text = data.partition(b"\n")
        if told != sum_of(text):
            return
        content: dict[str, Any] = json.loads(text)
        if content["key"] != self.key:
            return
        questions: list[Question] = [tuple(each) for each in content["questions"]]
        self.answers = dict(zip(questions, content["answers"], strict=True))
        self.bases = {questions[number]: basis for number, basis in content["bases"]}
        self.pages = {
            path: ((stamp[0], stamp[1], stamp[2]), tuple(questions[number] for number in asked))
            for path, stamp, asked in content["pages"]
        }

    def good(self, answers: Answers, there: Mapping[str, Stamp]) -> dict[str, Asked]:
        """Return the pages that are as they would be made, with what each asks."""
        for question, basis in self.bases.items():
            if basis == answers.basis(question):  # so need not be asked
                answers.known[question] = self.answers[question]
        good = {question for question, was in self.answers.items() if was == answers.to(question)}
        return {
            path: asked
            for path, (stamp, asked) in self.pages.items()
            if there.get(path) == stamp and good.issuperset(asked)
        }

    def save(
        self, pages: Mapping[str, Asked], answers: Answers, there: Mapping[str, Stamp]
    ) -> None:
        """Remember the pages that were made, or were good."""
        questions = list(dict.fromkeys(question for asked in pages.values() for question in asked))
        number = {question: n for n, question in enumerate(questions)}
        # What has no answer that can be kept is asked again: it equals none.
        told = [answers.to(question) or None for question in questions]
        content = {
            "key": self.key,
            "questions": questions,
            "answers": told,
            "bases": [
                (number[each], basis) for each in questions if (basis := answers.basis(each))
            ],
            "pages": [
                (path, there[path], [number[question] for question in asked])
                for path, asked in pages.items()
            ],
        }
        text = json.dumps(content, separators=(",", ":")).encode()
        with suppress(OSError):
            if self.file:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                self.file.write_bytes(sum_of(text) + b"\n" + text)


def sum_of(text: bytes) -> bytes:
    """Return what tells that a text is whole."""
    return blake2b(text, digest_size=16).hexdigest().encode()
