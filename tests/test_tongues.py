"""A site in no stated language is in both; either is what the site in that language would be."""

from __future__ import annotations

import importlib.util
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.pages.render import render
from argmap.pages.tongues import both, spoken

if TYPE_CHECKING:
    from argmap.report import Report

MARKS = "\ufdd0\ufdd1\ufdd2"


@pytest.fixture(scope="module")
def report() -> Report:
    """Return the report made by hand, in no stated language."""
    spec = importlib.util.spec_from_file_location("made", Path(__file__).parent / "made.py")
    assert spec
    assert spec.loader
    made = sys.modules.setdefault("made", importlib.util.module_from_spec(spec))
    spec.loader.exec_module(made)
    return _in(made.report(), None)


def _in(report: Report, language: str | None) -> Report:
    return replace(report, settings=report.settings.model_copy(update={"language": language}))


def _plain(data: bytes) -> str:
    """Return a file without what leads from one language to the other, and to shared files."""
    text = data.decode().partition('"terms":')[0]  # the search finds roles in either language
    text = re.sub(r'<link rel="alternate" hreflang[^>]*>\n', "", text)
    text = re.sub(r'<a class="tongue".*?</a>', "", text)
    text = re.sub(r' data-base="[^"]*"', "", text)
    return re.sub(r"(\.\./)*(assets|api)/", r"\2/", text)


@pytest.mark.parametrize(("language", "folder"), [("en", ""), ("ru", "ru/")])
def test_each_half_is_the_site_in_that_language(report: Report, language: str, folder: str) -> None:
    """Words, numbers, dates, plurals and the map's data are the same as in a site of one."""
    two, one = render(report), render(_in(report, language))
    for path, data in one.items():
        if path.startswith("api/") or (path.startswith("assets/") and path != "assets/words.js"):
            assert two[path] == data
        else:
            assert _plain(two[folder + path]) == _plain(data), path
    assert not [path for path, data in two.items() if any(m.encode() in data for m in MARKS)]


def test_shared_files_are_there_once(report: Report) -> None:
    """Scripts, styles and the data for programs have no language."""
    paths = render(report)
    assert "assets/site.js" in paths
    assert "api/graph.json" in paths
    inside = [path for path in paths if path.startswith(("ru/assets/", "ru/api/"))]
    assert inside == ["ru/assets/words.js"]


texts = st.text(alphabet=st.sampled_from("ab<>\"'&\n " + MARKS), max_size=20)


@given(texts, texts)
def test_a_text_with_our_marks_reaches_nowhere(one: str, other: str) -> None:
    """Whatever a note holds, what stands between two of its texts stays, and no mark does."""
    page = f'<p title="{one}">{both("yes", "да")}</p><p title="{other}">'
    for language, word in (("en", "yes"), ("ru", "да")):
        made = spoken(page, language)
        assert f'">{word}</p><p title="' in made
        assert not set(made) & set(MARKS)
