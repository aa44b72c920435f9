"""The docs say what the code does."""

import importlib.util
import re
from pathlib import Path

import pytest

from argmap.cli import main
from argmap.source import CODES

ROOT = Path(__file__).parent.parent
_spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
assert _spec
assert _spec.loader
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)


@pytest.mark.parametrize("name", sorted(generate.PAGES))
def test_a_generated_page_is_current(name: str) -> None:
    """What `make docs` would write is what is committed."""
    assert (ROOT / "docs" / name).read_text("utf-8") == generate.PAGES[name]()


def test_every_verb_is_in_the_reference() -> None:
    """No verb is undocumented, and each says what it does."""
    page = generate.commands()
    for name, verb in main.commands.items():
        assert f"## argmap {name}" in page
        assert verb.help


def test_every_code_that_is_told_is_in_the_table() -> None:
    """No module tells a problem with a code that the table lacks, and none in it is dead."""
    told = set()
    for path in (ROOT / "argmap").rglob("*.py"):
        if path.name != "source.py":
            told |= set(re.findall(r"\bA[0-4]\d\d\b", path.read_text("utf-8")))
    assert told == set(CODES)


def test_links_between_the_docs_lead_somewhere() -> None:
    """A link in README or docs/ to a file of the repository finds it."""
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]:
        prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", prose):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
