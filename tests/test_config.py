"""argmap.toml -> Settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from argmap.config import find_root, load
from argmap.project import Project

if TYPE_CHECKING:
    from pathlib import Path

Make = Callable[..., Project]

HOST_ALONE = "the host alone: no https://, no port, no path, no *"


def project(root: Path, text: str, name: str = "argmap.toml") -> Path:
    (root / name).write_text(text, "utf-8")
    return root


def told(root: Path) -> list[str]:
    return [str(problem) for problem in load(root)[1]]


def test_no_config_is_a_project_too(tmp_path: Path) -> None:
    """With no config, vault/, claims/ and site/ beside each other are the project."""
    (tmp_path / "vault" / "sub").mkdir(parents=True)
    settings, problems = load(tmp_path)
    assert (settings.vault, settings.claims, settings.site, problems) == (
        "vault", "claims", "site", [],
    )  # fmt: skip
    assert find_root(tmp_path / "vault" / "sub") == tmp_path


def test_a_pyproject_holds_the_config(tmp_path: Path) -> None:
    """[tool.argmap] in pyproject.toml serves where there is no argmap.toml."""
    project(tmp_path, '[tool.argmap]\nvault = "notes"\n', "pyproject.toml")
    assert load(tmp_path)[0].vault_folder == tmp_path / "notes"
    assert find_root(tmp_path) == tmp_path


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    """Some editors begin a file with a mark; the config is read all the same."""
    (tmp_path / "argmap.toml").write_bytes(b"\xef\xbb\xbftitle = 'T'\n")
    assert load(tmp_path)[0].title == "T"
    assert told(tmp_path) == []


def test_a_misspelt_key_is_told_with_its_line(tmp_path: Path) -> None:
    """An unknown key names its place and the nearest known one; the others still count."""
    project(tmp_path, 'title = "T"\n\n[infer]\nfoldres = []\n\n[infer.words]\nfor = ["плюсы"]\n')
    assert told(tmp_path) == [
        "argmap.toml:4:1: A002 no key 'infer.foldres' (did you mean 'folders'?)"
    ]
    settings = load(tmp_path)[0]
    assert settings.title == "T"
    assert settings.infer.words.for_ == ("плюсы",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("language = 'fr'", "argmap.toml:1:1: A003 language: Input should be 'en' or 'ru'"),
        ("infer = 3", "argmap.toml:1:1: A003 infer: Input should be"),
        ("[evidence]\nsince = 'soon'", "argmap.toml:2:1: A003 evidence.since: Input should be"),
        ("title = 'T'\nvault = [x", "argmap.toml:2:10: A001 not read: Invalid value"),
        ("[infer]\nfolders = ['a', 3]", "argmap.toml:2:1: A003 infer.folders.1: Input should be"),
    ],
)
def test_a_bad_value_keeps_the_default(tmp_path: Path, text: str, expected: str) -> None:
    """What cannot be used is told with line and column, and the default serves."""
    project(tmp_path, text)
    (line,) = told(tmp_path)
    assert line.startswith(expected)
    assert load(tmp_path)[0].vault == "vault"


@pytest.mark.parametrize(
    ("folders", "note", "expected"),
    [
        ('["*"]', "a.md", True),
        ('["*"]', "x/y/a.md", True),
        ("[]", "a.md", False),
        ('["Essays"]', "Essays/2025/a.md", True),
        ('["Essays"]', "a.md", False),
        ('["Essays/"]', "Essays/a.md", True),
    ],
)
def test_folders_narrow_inference(tmp_path: Path, folders: str, note: str, expected: bool) -> None:
    """[infer] folders says where claims may be found in plain notes."""
    project(tmp_path, f"[infer]\nfolders = {folders}")
    assert load(tmp_path)[0].infers_from(note) is expected


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("[infer]\nfolders = ['wrok']",
         "A004 infer.folders: no note in 'wrok' (did you mean 'work'?)"),
        ("[infer]\nfolders = 'work'", 'A003 infer.folders: Input should be a list: ["…"]'),
        ("[infer]\nwords = {against = ['']}",
         "A003 infer.words.against: a phrase is empty (leave it out)"),
        ("[markup]\naliases = {claim = ['']}",
         "A003 markup.aliases.claim: a name is empty (leave it out)"),
        ("[markup]\naliases = {claim = ['pro']}",
         "A003 markup.aliases.claim: 'pro' is 'pro' already (choose another)"),
        ("[markup]\naliases = {claim = ['тезис'], pro = ['Тезис']}",
         "A003 markup.aliases.pro: 'Тезис' is 'claim' already (choose another)"),
        ("[markup]\naliases = {claim = ['два слова']}",
         "A003 markup.aliases.claim: 'два слова' is no tag (a tag holds no blank)"),
        ("[markup]\naliases = {suports = ['за']}",
         "A003 markup.aliases.suports: there is no such field or tag (did you mean 'supports'?)"),
        ("[secrets.KEY]\nhosts = ['127.0.0.1', '::1', 'a.example:8080']",
         f"A003 secrets.KEY.hosts: 'a.example:8080' is no host ({HOST_ALONE})"),
        ("[secrets.KEY]\nhosts = ['https://a.example']",
         f"A003 secrets.KEY.hosts: 'https://a.example' is no host ({HOST_ALONE})"),
    ],
)  # fmt: skip
def test_names_nothing_can_be_called_by(project: Make, config: str, told: str) -> None:
    """Aliases, words and folders that cannot serve are told at their key; the rest is read."""
    made = project({"work/n.md": "- A #claim\n"}, config=f"{config}\n")
    problems = [*made.problems, *made.read().reading.problems]
    assert [str(p).partition(": ")[2] for p in dict.fromkeys(problems)] == [told]
    assert made.read().reading.map.claims


def test_a_tag_and_a_field_may_be_called_the_same(project: Make) -> None:
    """`#против` may be a con, `(против:: …)` an attack."""
    config = "[markup]\naliases = {con = ['против'], attacks = ['против']}\n"
    assert not project({"n.md": "- A #claim\n"}, config=config).read().reading.problems
