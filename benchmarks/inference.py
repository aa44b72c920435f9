"""How well plain notes are read: precision and recall over tests/corpus, rule by rule.

Prints the tables that docs/inference.md quotes; with `--docs` writes them there. The corpus has
parts, each with notes in `arguments/` and in `nothing/`. Beside one of the first stands a text with
what a careful person marks: a line `letter: text` a claim, then lines such as `a b attack t`. A
found claim is right if it says a marked one's words (nine in ten of them shared; four in five where
a claim has fewer than ten words); a relation if both its ends are right and its kind is.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from argmap.claims import ClaimOptions, read_claims
from argmap.notes import read_note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argmap.claims.model import NoteClaims

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "tests" / "corpus"
DOCS = ROOT / "docs" / "inference.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
Step = tuple[str, str, str]  # source, kind, target; claims by their letters, wrong ones by their id
_KINDS = {"attack": "attacks", "support": "supports"}
_SHORT = 10
HEADER = (
    "| notes | | claims marked | found | precision | recall "
    "| relations marked | found | precision | recall |"
)


@dataclass(frozen=True, slots=True)
class Marked:
    """What a careful person marks in a note."""

    claims: dict[str, str] = field(default_factory=dict)  # letter -> text
    steps: frozenset[Step] = frozenset()


@dataclass(frozen=True, slots=True)
class Score:
    """How many were found, how many of those are right, how many there are."""

    found: int = 0
    right: int = 0
    there: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.found + other.found, self.right + other.right, self.there + other.there)

    @property
    def precision(self) -> float:
        """Return which part of what was found is right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Return which part of what there is was found."""
        return self.right / self.there if self.there else 1.0


@dataclass(frozen=True, slots=True)
class Compared:
    """One note: what was found beside what is marked."""

    name: str
    part: str  # of the corpus: "first", …
    claims: Score
    steps: Score
    rules: Counter[str]  # right ones
    wrong_rules: Counter[str]
    wrong: tuple[str, ...]  # lines that say what is too much, and what is missing


def marked(path: Path) -> Marked:
    """Read what is marked beside a note: nothing where no text stands there."""
    beside = path.with_suffix(".txt")
    claims, steps = {}, set()
    for line in beside.read_text("utf-8").splitlines() if beside.is_file() else ():
        if found := re.match(r"(\w): (.+)", line):
            claims[found[1]] = found[2]
        elif found := re.match(r"([\w ]+) (attack|support)s? (\w)$", line):
            steps |= {(one, _KINDS[found[2]], found[3]) for one in found[1].split()}
        elif line:
            raise ValueError(f"{beside}: {line!r} is neither a claim nor relations")
    return Marked(claims, frozenset(steps))


def said_in(path: Path) -> NoteClaims:
    """Return what argmap finds in a note."""
    note = read_note(path.name, path.read_text("utf-8"))
    return read_claims(note, ClaimOptions())[0]


def compare(path: Path) -> Compared:
    """Compare one note."""
    expected, said = marked(path), said_in(path)
    letters: dict[str, str] = {}
    for claim in said.claims:
        free = [key for key in expected.claims if key not in letters.values()]
        letters[claim.id] = next(
            (key for key in free if _alike(claim.text, expected.claims[key])), claim.id
        )
    steps = {
        (letters[one.source], one.kind, letters[one.target])
        for one in said.relations
        if isinstance(one.target, str)
    }
    right = [claim for claim in said.claims if letters[claim.id] in expected.claims]
    others = [claim for claim in said.claims if claim not in right]
    missing = [text for key, text in expected.claims.items() if key not in letters.values()]
    return Compared(
        path.stem,
        path.parent.parent.name,
        Score(len(said.claims), len(right), len(expected.claims)),
        Score(len(steps), len(steps & expected.steps), len(expected.steps)),
        Counter(claim.inferred for claim in right),
        Counter(claim.inferred for claim in others),
        (
            *(f"too much ({claim.inferred}): {claim.text}" for claim in others),
            *(f"missing: {text}" for text in missing),
            *(f"too much: {' '.join(step)}" for step in sorted(steps - expected.steps)),
            *(f"missing: {' '.join(step)}" for step in sorted(expected.steps - steps)),
        ),
    )


def _alike(one: str, two: str) -> bool:
    first, second = _words(one), _words(two)
    shared = sum((first & second).values())
    most = max(sum(first.values()), sum(second.values()))
    return shared >= (0.8 if most < _SHORT else 0.9) * most


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower().replace("ё", "е")))


def corpus(folder: Path = CORPUS) -> list[Compared]:
    """Compare every note of the corpus."""
    return [compare(path) for path in sorted(folder.rglob("*.md"))]


def table(notes: Iterable[Compared]) -> str:
    """Return the tables of docs/inference.md."""
    notes = list(notes)
    rows = {"all": notes}
    rows |= {
        language: [note for note in notes if note.name.startswith(language)]
        for language in ("en", "ru")
    }
    rows |= {
        f"{part} part": [note for note in notes if note.part == part]
        for part in sorted({note.part for note in notes})
    }
    lines = [HEADER, "|---" * 10 + "|"]
    for name, chosen in rows.items():
        claims = sum((n.claims for n in chosen), Score())
        steps = sum((n.steps for n in chosen), Score())
        lines.append(f"| {name} | {len(chosen)} | {_cells(claims)} | {_cells(steps)} |")
    right = sum((n.rules for n in notes), Counter[str]())
    wrong = sum((n.wrong_rules for n in notes), Counter[str]())
    lines += ["", "| rule | claims found | of them wrong |", "|---|---|---|"]
    lines += [
        f"| {rule} | {right[rule] + wrong[rule]} | {wrong[rule]} |"
        for rule in sorted(right | wrong)
    ]
    return "\n".join(lines)


def _cells(score: Score) -> str:
    return f"{score.there} | {score.found} | {score.precision:.3f} | {score.recall:.3f}"


def misses(notes: Iterable[Compared]) -> str:
    """Return what is too much and what is missing, note by note."""
    return "\n".join(f"- `{n.name}`: {line}" for n in notes for line in n.wrong)


def quoted(page: str, notes: Iterable[Compared]) -> str:
    """Return a page with the tables and misses of today between its two marks."""
    notes = list(notes)
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{table(notes)}\n\n{misses(notes)}\n\n{END}{after}"


if __name__ == "__main__":
    compared = corpus(Path(sys.argv[1]) if sys.argv[1:] not in ([], ["--docs"]) else CORPUS)
    if sys.argv[1:] == ["--docs"]:
        DOCS.write_text(quoted(DOCS.read_text("utf-8"), compared), "utf-8")
    print(table(compared))
    print()
    print(misses(compared))
