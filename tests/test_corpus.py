"""Plain notes with what a careful person marks in them: how well they are read."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_spec = importlib.util.spec_from_file_location("inference", ROOT / "benchmarks" / "inference.py")
assert _spec
assert _spec.loader
inference = importlib.util.module_from_spec(_spec)
sys.modules["inference"] = inference
_spec.loader.exec_module(inference)

NOTES = inference.corpus()
SILENT = sorted((ROOT / "tests" / "corpus").glob("*/nothing/*.md"))


def test_the_corpus_is_what_it_should_be() -> None:
    """At least 40 notes, half of them Russian; at least 20 argue nothing."""
    russian = [note for note in NOTES if note.name.startswith("ru-")]
    assert len(NOTES) >= 40
    assert len(russian) * 2 >= len(NOTES)
    assert len(SILENT) >= 20


@pytest.mark.parametrize("path", SILENT, ids=lambda path: path.stem)
def test_nothing_is_found_where_nothing_is_argued(path: Path) -> None:
    """Recipes, steps, agendas, maps of content, minutes, releases, menus come to nothing."""
    assert inference.said_in(path).claims == ()


@pytest.mark.parametrize("what", ["claims", "steps"])
def test_precision_and_recall(what: str) -> None:
    """What is found is right, 0.95 of it; what is there is found, 0.85 of it."""
    score = sum((getattr(note, what) for note in NOTES), inference.Score())
    assert score.precision >= 0.95
    assert score.recall >= 0.85


def test_a_relation_never_names_what_is_not_there() -> None:
    """Both ends of every relation found are claims found."""
    for path in sorted(inference.CORPUS.rglob("*.md")):
        said = inference.said_in(path)
        ids = {claim.id for claim in said.claims}
        assert {one.source for one in said.relations} <= ids, path.name
        assert {one.target for one in said.relations} <= ids, path.name


def test_the_docs_quote_the_figures() -> None:
    """docs/inference.md holds what `python benchmarks/inference.py --docs` writes."""
    page = inference.DOCS.read_text("utf-8")
    assert inference.quoted(page, NOTES) == page
