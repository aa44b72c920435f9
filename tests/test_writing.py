"""docs/writing.md shows what authors write; what it says of each example is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from argmap.claims import ClaimOptions, read_claims
from argmap.claims.options import FIELDS, TAGS
from argmap.notes import read_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argmap.claims.model import Claim, Evidence, NoteClaims, Relation

GUIDE = (Path(__file__).parents[1] / "docs" / "writing.md").read_text("utf-8")
EXAMPLE = re.compile(
    r"^(`{3,4})markdown\n(.*?)^\1\n\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
EXAMPLES = [(found[2], found[3]) for found in EXAMPLE.finditer(GUIDE)]


def name(id_: str) -> str:
    return id_.partition("#")[2] or "(the note)"


def of_claim(claim: Claim) -> str:
    whose = f" ({claim.attributed.text})" if claim.attributed else ""
    return f"{claim.role} {name(claim.id)}: {claim.text}{whose}"


def of_evidence(one: Evidence) -> str:
    formula = f" `{one.formula}`" if one.formula else ""
    side = "against" if one.against else "for"
    return f"evidence {name(one.id)}: {one.kind}{formula}, {side} {name(one.claim)}"


def of_relation(one: Relation) -> str:
    target = name(one.target) if isinstance(one.target, str) else one.target.text
    weight = "" if one.weight == 1 else f" × {one.weight:g}"
    return f"{name(one.source)} {one.kind} {target}{weight}"


def lines(said: NoteClaims) -> Iterator[str]:
    """Say in lines what a note comes to: its items in their order, then the relations."""
    items = [(one.span, of_claim(one)) for one in said.claims]
    items += [(one.span, of_evidence(one)) for one in said.evidence]
    for one in said.arguments:
        premises = " + ".join(premise.text for premise in one.premises)
        items.append((one.span, f"argument {name(one.id)}: {premises}"))
    yield from (line for _, line in sorted(items))
    yield from (of_relation(one) for one in said.relations)
    yield from (f"sheet for {name(one.claim)}" for one in said.sheets)


@pytest.mark.parametrize(("note", "comes_to"), EXAMPLES)
def test_example(note: str, comes_to: str) -> None:
    """Each example of the guide comes to what stands below it, without a problem."""
    said, problems = read_claims(read_note("n.md", note), ClaimOptions())
    assert problems == []
    assert list(lines(said)) == comes_to.splitlines()


def test_the_guide_names_everything() -> None:
    """Every tag, field and code of marked notes stands in the guide."""
    assert len(EXAMPLES) == GUIDE.count("```markdown\n")
    assert [tag for tag in TAGS if f"#{tag}" not in GUIDE] == []
    assert [key for key in FIELDS if f"({key}:: " not in GUIDE] == []
