"""A folder of notes -> Vault: where links lead, and which lead nowhere."""

from __future__ import annotations

import os
from pathlib import Path
from unicodedata import normalize

import pytest

from argmap.notes import read_note
from argmap.vault import Vault, read_vault

HELP = Path(__file__).parents[2] / "shared" / "vaults"


def vault(notes: dict[str, str], *files: str) -> Vault:
    """Return a vault of these notes and other files."""
    return Vault({path: read_note(path, text, "vault") for path, text in notes.items()}, files)


def lines(of: Vault) -> list[str]:
    """Return its problems as a terminal shows them."""
    return [str(problem) for problem in of.problems]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("Log", "a/Log.md"),
        ("log", "a/Log.md"),
        ("Log.md", "a/Log.md"),
        ("a/log", "a/Log.md"),
        ("ext", "Ext.MD"),
        ("Ext.MD", "Ext.MD"),
        ("GPT-4.1", "GPT-4.1.md"),
        ("i.png", "files/i.png"),
        ("i", None),
        ("Lo", None),
        ("b/Log", None),
        ("https://x", None),
        ("", "source.md"),
    ],
)
def test_a_name_reaches_its_file(target: str, path: str | None) -> None:
    """With or without `.md`, in any case, by name or by path; other files with their ending."""
    of = vault({"a/Log.md": "", "Ext.MD": "", "GPT-4.1.md": "", "source.md": ""}, "files/i.png")
    assert of.resolve(target, "source.md") == path


@pytest.mark.parametrize(
    ("target", "source", "path"),
    [
        ("N", "x.md", "N.md"),
        ("N", "zzzz/x.md", "N.md"),
        ("a/N", "x.md", "a/N.md"),
        ("M", "zzzz/x.md", "zzzz/M.md"),
        ("M", "zzzz/deep/x.md", "a/b/M.md"),
        ("M", "x.md", "a/b/M.md"),
        ("b/M", "x.md", "a/b/M.md"),
        ("/N", "zzzz/x.md", "N.md"),
        ("../N", "a/x.md", "N.md"),
        ("./M", "zzzz/x.md", "zzzz/M.md"),
        ("../../N", "a/x.md", None),
    ],
)
def test_which_of_several_is_meant(target: str, source: str, path: str | None) -> None:
    """The exact path, else the source's own folder (not its ancestors), else the shortest path."""
    of = vault(dict.fromkeys(["N.md", "a/N.md", "zzzz/M.md", "a/b/M.md", "zzzz/deeper/M.md"], ""))
    assert of.resolve(target, source) == path


def test_composed_and_decomposed_letters_are_one() -> None:
    """A file system may take `й` apart; a link to it stays whole."""
    path = normalize("NFD", "Край.md")
    assert vault({path: ""}).resolve(normalize("NFC", "край"), "x.md") == path


def test_a_link_to_nothing() -> None:
    """It is a warning at its place, with the name that comes near."""
    of = vault({"n.md": "see [[Modls]], [x](No%20such.md) and [[https://a.b]]", "Models.md": ""})
    assert lines(of) == [
        "vault/n.md:1:5: A104 no note or file 'Modls' (did you mean 'Models'?)",
        "vault/n.md:1:16: A104 no note or file 'No such.md'",
        (
            "vault/n.md:1:38: A104 no note or file 'https://a.b'"
            " (an address is written [text](https://a.b))"
        ),
    ]


def test_an_alias_is_no_name() -> None:
    """Obsidian does not follow `[[AI]]` to a note that has the alias; the hint says how."""
    of = vault({"n.md": "[[ai]]", "Models.md": "---\naliases: AI\n---\n"})
    assert lines(of) == [
        "vault/n.md:1:1: A106 'ai' is only an alias, of Models.md (did you mean [[Models|ai]]?)"
    ]


def test_a_name_of_several_notes() -> None:
    """One is taken, and the others are named; an exact path is clear."""
    of = vault({"a/L.md": "", "b/L.md": "", "n.md": "[[L]] [[b/L]]"})
    assert lines(of) == [
        "vault/n.md:1:1: A105 'L' may be a/L.md, b/L.md; the first is taken (write [[a/L]])"
    ]


def test_links_obsidian_says_nothing_about() -> None:
    """The end of a path and a relative wikilink are followed, with a warning."""
    taken = "is taken as a/b/N.md; Obsidian may not (write [[a/b/N]])"
    of = vault(
        {"a/b/N.md": "", "a/M.md": "[[../a/b/N]] [[b/N]] [r](../a/b/N.md)", "x/y.md": "[[b/N]]"}
    )
    assert lines(of) == [
        f"vault/a/M.md:1:1: A107 '../a/b/N' {taken}",
        f"vault/a/M.md:1:14: A107 'b/N' {taken}",
        f"vault/x/y.md:1:1: A107 'b/N' {taken}",
    ]


NOTE = "# One: a\n\n## Two *b*\n\ntext ^id\n\n# Three\n\n## Two"


@pytest.mark.parametrize(
    ("subpath", "line"),
    [
        ("One a", 1),
        ("one: A", 1),
        ("Two b", 3),
        ("Two *b*", 3),
        ("One: a#Two b", 3),
        ("Three#Two", 9),
        ("Three#Two b", None),
        ("Two#Three", None),
        ("Four", None),
        ("^id", 5),
        ("^ID", 5),
        ("^no", None),
    ],
)
def test_what_a_subpath_names(subpath: str, line: int | None) -> None:
    """A heading without its special characters, one below another, or a block."""
    block = vault({"n.md": NOTE}).find("n.md", subpath)
    assert (block.span.line if block else None) == line


def test_a_subpath_to_nothing() -> None:
    """A heading or block that is not there is a warning, in one's own note too."""
    links = "[[n#Tree]] [[n#^ID2]] [[#x]] [[n#One a]] ![[d.pdf#page=3]]"
    of = vault({"n.md": NOTE, "m.md": links}, "d.pdf")
    assert lines(of) == [
        "vault/m.md:1:1: A104 no heading 'Tree' in n.md (did you mean 'Three'?)",
        "vault/m.md:1:12: A104 no block '^ID2' in n.md",
        "vault/m.md:1:23: A104 no heading 'x' in m.md",
    ]


def test_backlinks() -> None:
    """Who links to a note, each once, itself left out; an embed links too."""
    of = vault(
        {"a.md": "[[b]] [[B#x]] [[#y]]", "b.md": "[[b]] ![[a]]", "c.md": "[x](b.md) http://b"}
    )
    assert of.backlinks("b.md") == ("a.md", "c.md")
    assert of.backlinks("a.md") == ("b.md",)
    assert of.backlinks("c.md") == ()


def test_counts() -> None:
    """Links within the vault, embeds and those to oneself included; an alias leads to nothing."""
    of = vault(
        {"a.md": "[[b]] ![[b]] [[#x]] [[no]] [[B2]] http://c.d", "b.md": "---\naliases: B2\n---"}
    )
    assert of.counts() == {"notes": 2, "links": 5, "unresolved": 2}


def test_a_link_out_of_the_vault(tmp_path: Path) -> None:
    """A symbolic link to elsewhere is told of, and what it leads to is not read."""
    write(tmp_path, {"secret.md": "[[x]]", "vault/n.md": "[[out]]"})
    (tmp_path / "vault" / "out.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "vault" / "folder").symlink_to(tmp_path)
    (tmp_path / "vault" / "round.md").symlink_to("round.md")
    of = read_vault(tmp_path / "vault", "vault")
    assert list(of.notes) == ["n.md"]
    assert [p.span.path for p in of.problems if p.code == "A112"] == [
        "vault/folder",
        "vault/out.md",
        "vault/round.md",
    ]


def write(root: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_reading_a_folder(tmp_path: Path) -> None:
    """Notes are sorted by path, what begins with a dot is skipped, other files are known."""
    write(
        tmp_path,
        {
            "b.md": "[[i.png]]",
            "a/c.md": "",
            "a/i.png": "",
            ".trash/x.md": "",
            ".obsidian/x.md": "",
            ".x.md": "",
        },
    )
    of = read_vault(tmp_path, "vault")
    assert (list(of.notes), of.files, of.problems) == (["a/c.md", "b.md"], ("a/i.png",), ())


def test_what_the_vault_ignores(tmp_path: Path) -> None:
    """Notes its settings exclude are not read, yet links reach them."""
    ignore = '{"userIgnoreFilters": ["Old/", "/^draft.*\\\\.md$/", "/(/", 7]}'
    write(
        tmp_path,
        {
            ".obsidian/app.json": ignore,
            "old/a.md": "[[no]]",
            "Draft 1.md": "[[no]]",
            "n.md": "[[a]]",
        },
    )
    of = read_vault(tmp_path, "vault")
    assert (list(of.notes), of.files, of.problems) == (["n.md"], ("Draft 1.md", "old/a.md"), ())


def test_settings_that_are_no_json(tmp_path: Path) -> None:
    """They are a problem of their own; the notes are read."""
    write(tmp_path, {".obsidian/app.json": "{", "n.md": ""})
    of = read_vault(tmp_path, "vault")
    assert (list(of.notes), [p.span.path for p in of.problems]) == (
        ["n.md"],
        ["vault/.obsidian/app.json"],
    )


def test_a_note_that_cannot_be_read(tmp_path: Path) -> None:
    """It is A101; what links to it or its headings is not blamed."""
    write(tmp_path, {"n.md": "[[bad#h]] [[gone]]"})
    (tmp_path / "bad.md").write_bytes("проба".encode("cp1251"))
    (tmp_path / "gone.md").symlink_to("nowhere")
    of = read_vault(tmp_path, "vault")
    assert [(p.code, p.span.path) for p in of.problems] == [
        ("A101", "vault/bad.md"),
        ("A101", "vault/gone.md"),
    ]


def test_a_name_that_is_not_utf_8(tmp_path: Path) -> None:
    """It is a problem, not a crash."""
    try:
        (tmp_path / os.fsdecode(b"\xff.md")).write_text("x")
    except OSError:
        pytest.skip("this file system has no such names")
    assert [p.code for p in read_vault(tmp_path, "vault").problems] == ["A101"]


def test_a_vault_that_is_not_there(tmp_path: Path) -> None:
    """It is A004, and empty."""
    of = read_vault(tmp_path / "none", "none")
    assert (of.notes, [p.code for p in of.problems]) == ({}, ["A004"])


@pytest.mark.parametrize("name", ["obsidian-help-en", "obsidian-help-ru"])
def test_a_real_vault(name: str) -> None:
    """Obsidian's own help is read whole: nothing in it is malformed, few of its links are torn."""
    if not (HELP / name).is_dir():
        pytest.skip("the help vaults are not part of the repository")
    of = read_vault(HELP / name, "vault")
    assert len(of.notes) == 172
    assert {problem.code for problem in of.problems} <= {"A104", "A105", "A106"}
    known = sum(1 for path in of.notes for _, leads_to in of.outlinks(path) if leads_to)
    assert known > 1000
