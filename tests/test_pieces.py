"""What an embed shows on a page, and where it stops."""

from __future__ import annotations

import pytest

from argmap.markdown import render
from argmap.notes import read_note
from argmap.vault import Vault
from argmap.vault.pieces import Embeds, embeds, piece

NOTE = """---
a: 1
---
Whole.

# One
first
## Below
deep
# Two
- item ^item
    - inner
- [ ] other

> quote
> - in it
>   more ^in

| a |
|---|
| b |

^table
"""


def vault(**notes: str) -> Vault:
    """Return a vault of these notes."""
    return Vault({f"{name}.md": read_note(f"{name}.md", text) for name, text in notes.items()})


def shown(of: Vault, path: str, within: Embeds | None = None) -> str:
    """Return a note's page, or that of a piece, as pages would write it."""
    here = within or embeds(of, path)

    def embed(target: str, subpath: str) -> str | None:
        found = here.piece(target, subpath)
        return shown_piece(of, found.markdown, here.inside(found)) if found else None

    return render(of.notes[path].text, href=of.resolve, embed=embed)


def shown_piece(of: Vault, markdown: str, here: Embeds) -> str:
    """Return the HTML of a piece."""

    def embed(target: str, subpath: str) -> str | None:
        found = here.piece(target, subpath)
        return shown_piece(of, found.markdown, here.inside(found)) if found else None

    return render(markdown, href=of.resolve, embed=embed)


@pytest.mark.parametrize(
    ("subpath", "first_line", "markdown"),
    [
        ("", 4, NOTE.split("---\n", 2)[2]),
        ("One", 6, "# One\nfirst\n## Below\ndeep"),
        ("One#Below", 8, "## Below\ndeep"),
        ("^item", 11, "- item ^item\n    - inner"),
        ("^in", 16, "- in it\n  more ^in"),
        ("^table", 19, "| a |\n|---|\n| b |"),
    ],
)
def test_a_piece(subpath: str, first_line: int, markdown: str) -> None:
    """The whole note without properties, a heading with all below it, or one block."""
    found = piece(vault(n=NOTE), "n.md", subpath)
    assert found
    assert (found.first_line, found.markdown) == (first_line, markdown)


@pytest.mark.parametrize("subpath", ["^no", "No heading"])
def test_no_piece(subpath: str) -> None:
    """What is not there is not shown."""
    assert piece(vault(n=NOTE), "n.md", subpath) is None


def test_an_embed_stands_in_its_place() -> None:
    """A paragraph that is only an embed becomes what it shows; one that is not there is a link."""
    of = vault(n="before\n\n![[m#^x]]\n\n![[no]]", m="- **told** ^x\n- not")
    assert shown(of, "n.md") == (
        "<p>before</p>\n"
        '<div class="embed">\n<ul>\n<li id="^x"><strong>told</strong> </li>\n</ul>\n</div>\n\n'
        '<p><span class="unresolved">no</span></p>\n'
    )


def test_an_embed_within_a_sentence() -> None:
    """It is shown there too."""
    html = shown(vault(n="see ![[m]] here", m="words"), "n.md")
    assert html == '<p>see <div class="embed">\n<p>words</p>\n</div>\n here</p>\n'


def test_embeds_that_go_round() -> None:
    """A note inside itself is a link."""
    html = shown(vault(a="A ![[b]]", b="B ![[a]] ![[b]]"), "a.md")
    assert html.count("<div") == 1
    assert '<a class="internal" href="a.md">a</a> <a class="internal" href="b.md">b</a>' in html


def test_embeds_without_end() -> None:
    """However notes embed each other, a page shows a limited number of pieces."""
    names = [f"n{i}" for i in range(30)]
    every = "\n\n".join(f"![[{name}]]" for name in names)
    assert shown(vault(**dict.fromkeys(names, every)), "n0.md").count('class="embed"') == 100


def test_embeds_do_not_go_too_deep() -> None:
    """After four, one in another, a link is all there is."""
    of = vault(**{f"n{i}": f"![[n{i + 1}]]" for i in range(9)})
    assert shown(of, "n0.md").count('class="embed"') == 4
