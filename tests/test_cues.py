"""Cues: what is looked for before a pattern is tried must stand in all that it matches."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.claims import ClaimOptions, rules
from argmap.claims.inferred import inferred_from
from argmap.claims.rules import opinions
from argmap.claims.words import (
    BECAUSE,
    BECAUSE_CUES,
    BELIEF,
    BELIEF_CUES,
    DISPUTED,
    DISPUTED_CUES,
    DISPUTES,
    REASON,
    REASON_CUES,
    has_any,
)
from argmap.notes import read_note

CUED: dict[str, tuple[re.Pattern[str], tuple[str, ...]]] = {
    "because": (BECAUSE, BECAUSE_CUES),
    "belief": (BELIEF, BELIEF_CUES),
    "disputed": (DISPUTED, DISPUTED_CUES),
    "reason": (REASON, REASON_CUES),
    **{dispute.name: (dispute.verb, dispute.cues) for dispute in DISPUTES},
}
OPENING = re.compile(r'"""(?:\\\n)?(.+?)"""', re.DOTALL)


@given(st.data())
@pytest.mark.parametrize("name", CUED)
def test_all_that_matches_holds_a_cue(name: str, data: st.DataObject) -> None:
    """Whatever a pattern matches holds one of its cues."""
    pattern, cues = CUED[name]
    found = pattern.search(data.draw(st.from_regex(pattern)))
    assert found
    assert has_any(found[0], cues)


def test_the_same_is_found_without_cues(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule asked about every note that these tests know finds what it did with cues."""
    here = Path(__file__).parent
    texts = [text for path in here.glob("test_*.py") for text in OPENING.findall(path.read_text())]
    notes = [read_note("n.md", text) for text in texts]
    notes += [
        read_note(path.name, path.read_text("utf-8", "replace")) for path in here.rglob("*.md")
    ]
    with_cues = [inferred_from(note, ClaimOptions()) for note in notes]
    monkeypatch.setattr(rules.Named, "may_find", lambda *_, **__: True)
    monkeypatch.setattr(opinions, "has_any", lambda *_: True)
    without = [inferred_from(note, ClaimOptions()) for note in notes]
    assert repr(without) == repr(with_cues)
    assert sum(bool(one.found) for one in without) > 50
