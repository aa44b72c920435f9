"""The page of a note: what a reader of Obsidian expects, and nothing a page must not have."""

from __future__ import annotations

import gc
import os
import re
import time
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.notes import read_note
from argmap.pages import notes, raw, write_site
from argmap.pages.cards import deal
from argmap.pages.images import Images
from argmap.pages.names import note_page
from argmap.pages.render import render
from argmap.vault import Vault, read_vault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from argmap.pages.cards import Deck
    from argmap.pages.notes import NoteView
    from argmap.project import Project
    from argmap.report import Report

DAY = date(2026, 8, 1)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9"/></svg>'
Make = "Callable[..., Project]"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Return the report of a project with one note and no claim."""
    from argmap.project import Project

    root = tmp_path_factory.mktemp("empty")
    (root / "vault").mkdir()
    (root / "vault" / "n.md").write_text("n")
    (root / "argmap.toml").write_text('language = "en"\n')
    return Project.open(root).report(DAY, online=False)


def deck_of(report: Report, texts: dict[str, str], files: tuple[str, ...] = ()) -> Deck:
    """Return the cards of a report over these notes, each with a page."""
    vault = Vault({f"{name}.md": read_note(f"{name}.md", text) for name, text in texts.items()},
                  files)  # fmt: skip
    deck = deal(replace(report, vault=vault))
    listed = {tag.casefold(): tag for note in vault.notes.values() for tag in note.tags}
    listed |= {tag.partition("/")[0]: tag.partition("/")[0] for tag in listed}
    deck.shelf.listed = listed
    return replace(deck, noted=frozenset(vault.notes))


def page(report: Report, *texts: str, **others: str) -> NoteView:
    """Return the page of note `n`; keywords are other notes."""
    return notes.note_view(deck_of(report, {"n": "\n".join(texts), **others}), "n.md")


def said(html: str) -> str:
    """Return what a reader sees of HTML."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


# --- what Obsidian shows ------------------------------------------------------------------------


def test_a_callout_wears_its_kind(empty: Report) -> None:
    """Kind, icon with a name, title; aliases look as what they stand for, unknown ones as notes."""
    html = page(empty, "> [!caution] Mind\n> x\n\n> [!odd]\n> y\n\n> [!claim] Ours").html
    assert '<div class="callout co-warning">' in html
    assert '<span class="co-icon" role="img" aria-label="Warning"></span>Mind' in html
    assert '<div class="callout co-note">' in html
    assert '<div class="callout co-ours">' in html


def test_callouts_fold_and_nest(empty: Report) -> None:
    """A `-` is closed, a `+` open; one inside another stays inside."""
    html = page(empty, "> [!faq]- Q\n> a\n> > [!tip]+ T\n> > b").html
    assert '<details class="callout co-question">' in html
    assert '<details open="open" class="callout co-tip">' in html or (
        '<details class="callout co-tip" open' in html
    )
    assert html.index("co-question") < html.index("co-tip") < html.rindex("</details>")
    assert html.count("<summary") == 2


@pytest.mark.parametrize(
    ("mark", "look", "word"),
    [(" ", "task-open", "to do"), ("x", "task-done", "done"), ("X", "task-done", "done"),
     ("/", "task-half", "begun"), ("-", "task-dropped", "dropped"), (">", "task-moved", "moved")],
)  # fmt: skip
def test_a_task_shows_its_state(empty: Report, mark: str, look: str, word: str) -> None:
    """The mark in the brackets is a box that also says itself in words."""
    html = page(empty, f"- [{mark}] do it").html
    assert f'<li class="task {look}">' in html
    assert f'<span class="box" role="img" aria-label="{word}"></span>do it' in html


def test_a_task_s_own_mark_stays(empty: Report) -> None:
    """A mark that Obsidian's themes give a meaning is shown as written."""
    html = page(empty, '1. [?] really\n2. [<] x\n3. ["] y').html
    assert '<li class="task"><span class="box" role="img" aria-label="?">?</span>really' in html
    assert 'aria-label="&lt;">&lt;</span>' in html
    assert 'aria-label="&quot;">&quot;</span>' in html


def test_footnotes_lead_there_and_back(empty: Report) -> None:
    """They are numbered as they are met, those written in place too, and every link is alive."""
    view = page(empty, "a^[first *one*] b[^x] c[^x]\n\n[^x]: second [[n]]\n[^y]: unused")
    assert said(view.html).replace(" ]", "]").replace("[ ", "[") == (
        "a [1] b [2] c [2] first one ↩︎ second n ↩︎"
    )
    targets = re.findall(r'href="#([^"]+)"', view.html)
    names = re.findall(r'id="([^"]+)"', view.html)
    assert set(targets) <= set(names)
    assert len(names) == len(set(names)) == 5


def test_highlights_code_tables_and_source(empty: Report) -> None:
    """A highlight is marked, a table scrolls by itself, maths and diagrams are labelled source."""
    html = page(
        empty,
        "==light== `code` $x^2$\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n"
        "```mermaid\ngraph TD\nA-->B\n```\n\n$$\n\\frac{a}{b}\n$$\n\n    indented\n",
    ).html
    assert "<mark>light</mark> <code>code</code>" in html
    assert '<code class="math">x^2</code>' in html
    assert '<div class="scroll" tabindex="0"><table>' in html.replace("\n", "")
    assert '<td class="centre">1</td>' in html
    assert '<td class="right">2</td>' in html
    assert '<p class="source-name">Mermaid</p>' in html
    assert "graph TD\nA--&gt;B" in html
    assert '<p class="source-name">Formula, LaTeX</p>' in html
    assert "\\frac{a}{b}" in html


def test_comments_are_nowhere(empty: Report) -> None:
    """What stands between `%%` is not on the page, nor in what a search looks through."""
    text = "seen %%secret%% text\n\n%%\nhidden\n\nlines\n%%\n\nend"
    assert said(page(empty, text).html) == "seen text end"
    assert "secret" not in notes.searchable(read_note("n.md", text))
    assert "hidden" not in notes.searchable(read_note("n.md", text))


def test_tags_lead_to_their_page(empty: Report) -> None:
    """A tag is a link to where the site lists it, whatever its letter case."""
    html = page(empty, "---\ntags: [Ai/Agents]\n---\nsee #ai/agents and #AI").html
    links = re.findall(r'<a class="tag" href="\.\./tags\.html#([^"]+)"[^>]*>#([^<]+)</a>', html)
    assert [text for _, text in links] == ["ai/agents", "AI"]


def test_aliases_and_properties(empty: Report) -> None:
    """Aliases stand below the title; properties are typed, their links lead on, ours are words."""
    view = page(
        empty,
        "---\naliases: [Other, Another]\nsupports: '[[m]]'\ndone: true\nwhen: 2026-01-09\n"
        "url: https://example.org\nmany: [a, '[[no]]']\nempty:\ndeep: {a: <b>}\n---\nx",
        m="m",
    )
    assert view.aliases == ("Other", "Another")
    rows = {name: str(value).replace("\u00a0", " ") for name, value in view.properties}
    assert rows == {
        "supports": f'<a href="../{note_page("m.md")}">m</a>', "done": "yes",
        "when": "9 Jan 2026",
        "url": '<a href="https://example.org" rel="noreferrer">https://example.org</a>',
        "many": 'a, <span class="unresolved">no</span>', "empty": "–",
        "deep": "<code>{&#34;a&#34;: &#34;&lt;b&gt;&#34;}</code>",
    }  # fmt: skip


def test_html_stays_where_it_is_written(empty: Report) -> None:
    """What HTML opens it closes: it changes nothing behind it, and Markdown goes on."""
    html = page(empty, "a <u>b <kbd>c</kbd>\n\n<div><b>x\n\n**y** </div></article>\n\nz").html
    assert "<p>a <u>b <kbd>c</kbd></u></p>" in html
    assert "<div><b>x\n</b></div>" in html
    assert "<p><strong>y</strong> </p>" in html
    assert html.rstrip().endswith("<p>z</p>")


def test_a_forgotten_tag_hides_nothing(empty: Report) -> None:
    """A tag that a reader should see as text of its own swallows none of the note."""
    assert said(page(empty, "use <script> or <textarea> here\n\nand <title> there").html) == (
        "use or here and there"
    )


# --- links --------------------------------------------------------------------------------------


def test_links_lead_to_headings_and_blocks(empty: Report) -> None:
    """A subpath is a place on the page; headings that read the same are told apart."""
    other = "# A\n## Same\n\n# B\n## Same\n\npara ^Block1\n\n- item ^two\n\n> q\n\n^three\n"
    text = (
        "[[m#Same]] [[m#B#Same]] [[m#^block1]] [x](m.md#%5Etwo) [[m#^three]] [[m#none]] [[#Own]]"
        "\n\n## Own"
    )
    deck = deck_of(empty, {"n": text, "m": other})
    here, there = (str(notes.note_view(deck, f"{name}.md").html) for name in "nm")
    found = re.findall(r'href="\.\./([^"#]*)#?([^"]*)"', here)
    assert [place for _, place in found] == [
        "n-same", "n-same.2", "n-%5Eblock1", "n-%5Etwo", "n-%5Ethree", "", "n-own",
    ]  # fmt: skip
    for _, place in found[:5]:
        assert there.count(f'id="{place.replace("%5E", "^")}"') == 1
    assert here.count('id="n-own"') == 1


def test_the_title_keeps_its_place(empty: Report) -> None:
    """A heading that only repeats the title is not shown twice, and can still be linked to."""
    view = page(empty, "# n\n\n[[#n]]")
    assert view.anchor == "n-n"
    assert "<h1" not in view.html
    assert 'href="../' in view.html
    assert "#n-n" in view.html


def test_a_link_says_where_it_does_not_lead(empty: Report) -> None:
    """No such note, and one that merely has no page, look and read differently."""
    deck = deck_of(empty, {"n": "[[no]] [[m]] [a](no.md) [b](m.md) ![[no]] [[d.pdf]]", "m": "m"},
                   ("d.pdf",))  # fmt: skip
    view = notes.note_view(replace(deck, noted=frozenset({"n.md"})), "n.md")
    assert re.findall(r'<span class="(\w+)" title="([^"]+)">([^<]+)<', view.html) == [
        ("unresolved", "no such note or file", "no"), ("pageless", "without a page", "m"),
        ("unresolved", "no such note or file", "a"), ("pageless", "without a page", "b"),
        ("unresolved", "no such note or file", "no"), ("pageless", "without a page", "d.pdf"),
    ]  # fmt: skip
    assert [(out.text, out.missing) for out in view.links] == [
        ("no", True), ("m", False), ("a", True), ("b", False), ("d.pdf", False),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["nobody", "[[No note]]"])
def test_a_relation_to_nothing_says_so(empty: Report, name: str) -> None:
    """What a field names and nothing is called is told apart from a link to no note or file."""
    deck = deck_of(empty, {"n": f"- X #claim (supports:: {name}) ^x"})
    html = notes.note_view(deck, "n.md").html
    assert f'title="nothing is called so">{name.strip("[]")}<' in html


def test_backlinks_bring_their_sentence(empty: Report) -> None:
    """Each note that links here stands with the sentence that does, the link in it marked."""
    view = page(
        empty,
        "x",
        a="---\nrelated: '[[n]]'\n---\n# Head\n\nOne. Then **see** [[n|the note]] and go. Two.\n"
        "- [ ] item (source:: [[n]]) here\n    - deeper [back](n.md)!",
        b="> [!tip] In ![[n]]\n> more",
    )
    assert [link.title for link in view.backlinks] == ["a", "b"]
    assert [(p.before, p.text, p.after) for p in view.backlinks[0].passages] == [
        ("related: ", "n", ""), ("Then see ", "the note", " and go."), ("item ", "n", " here"),
        ("deeper ", "back", "!"),
    ]  # fmt: skip
    assert [(p.before, p.text, p.after) for p in view.backlinks[1].passages] == [("In ", "n", "")]


def test_a_sentence_over_several_lines(empty: Report) -> None:
    """A paragraph may be broken into lines; the sentence around a link is whole."""
    view = page(empty, "x", a="One. The price, as\n[[n]] says, fell\nin May. Two.")
    (passage,) = view.backlinks[0].passages
    assert passage.before + passage.text + passage.after == ("The price, as n says, fell in May.")


def test_a_claim_stands_in_its_sentence(empty: Report) -> None:
    """A claim's place is its sentence, what it stands under, and the headings above."""
    deck = deck_of(empty, {"n": "# n\n## Costs\nCounter-arguments:\n\n1. **Big is cheap.** Sonnet "
                                "leads.\n2. other\n   - deeper"})  # fmt: skip
    found = deck.shelf.sentence("n.md", 5, "Big is cheap")
    assert found
    assert (found.trail, found.leads) == ("Costs", "Counter-arguments:")
    assert (found.before, found.text, found.after) == ("", "Big is cheap", ".")
    deeper = deck.shelf.sentence("n.md", 7, "deeper")
    assert deeper
    assert deeper.leads == "other"
    assert deck.shelf.sentence("n.md", 99, "gone") is None


@pytest.mark.parametrize(
    ("line", "place"),
    [(0, ""), (1, "%23Costs%20of%20it"), (3, "%23%5Epoint"), (5, "%23%D0%A6%D0%B5%D0%BD%D0%B0")],
)  # fmt: skip
def test_obsidian_opens_the_place(empty: Report, line: int, place: str) -> None:
    """The address names the block that begins in a line, else the heading above it."""
    deck = deck_of(empty, {"a/б в": "## Costs: of [it]\n\n- x ^point\n\n# Цена"})
    assert notes.in_obsidian(deck, "a/б в.md", line) == (
        f"obsidian://open?vault=vault&file=a%2F%D0%B1%20%D0%B2{place}"
    )


# --- embeds -------------------------------------------------------------------------------------


def test_an_embed_is_shown_in_a_box(empty: Report) -> None:
    """A note, a section or a block stands in a box that links to where it is from."""
    view = page(empty, "before\n\n![[m#One]]\n\nafter ![[m#^b]]",
                m="# One\nfirst[^1]\n# Two\n- bullet ^b\n\n[^1]: foot")  # fmt: skip
    assert said(view.html) == "before m › One One first[^1] after m › ^b bullet"
    box = '<div class="embed">\n<p class="embed-from"><a class="internal" href="../'
    assert f'{box}{note_page("m.md")}#n-one">' in view.html
    assert re.findall(r'id="([^"]+)"', view.html) == []


def test_what_is_not_embedded_says_why(empty: Report) -> None:
    """A circle ends, and the page says so; a place that is not there is told too."""
    view = page(empty, "![[a]]\n\n![[a#nope]]", a="in a\n\n![[n]]\n\n![[a]]")
    text = said(view.html)
    assert text.count("shown above already: the notes embed each other") == 2
    assert "a › nope no such place in the note" in text


def test_embeds_that_multiply_end(empty: Report) -> None:
    """Thirty notes that embed each other twice make pages of bounded size, which say so."""
    every = "\n\n".join(f"![[n{number}]]" for number in range(30))
    texts = {f"n{number}": f"words {every} {every}" for number in range(30)}
    deck = deck_of(empty, texts)
    html = notes.note_view(deck, "n0.md").html
    assert html.count("words") == 101
    assert "too much is embedded on this page" in html
    large = deck_of(empty, {"n": "![[m]]\n\n" * 60, "m": "long " * 30_000})
    assert notes.note_view(large, "n.md").html.count("long") <= 120_000


def test_an_embed_keeps_its_own_links(empty: Report) -> None:
    """A link in an embedded note leads where it leads in that note."""
    deck = deck_of(empty, {"n": "![[x/a]]", "x/a": "[[b]]", "x/b": "near", "y/b": "far"})
    assert f'href="../{note_page("x/b.md")}"' in notes.note_view(deck, "n.md").html


def test_an_embedded_claim_wears_its_icon(project: Make) -> None:  # type: ignore[valid-type]
    """A claim is marked wherever its line is shown; only on its own page it is a place."""
    made: Project = project({"n.md": "- x #claim\n\n![[m#^c]]", "m.md": "- told #claim ^c"})
    html = notes.note_view(deal(made.report(DAY, online=False)), "n.md").html
    assert html.count('class="mark claim"') == 2
    assert re.findall(r'id="([^"]+)"', html) == ["L1"]


# --- images -------------------------------------------------------------------------------------


@pytest.fixture
def gallery(project: Make) -> Callable[..., Report]:  # type: ignore[valid-type]
    """Make the report of a vault with images; the note `n` holds a claim, so it has a page."""

    def make(text: str, **images: bytes) -> Report:
        made: Project = project({"n.md": f"- a claim #claim\n\n{text}\n"}, config='language = "en"')
        for name, data in images.items():
            path = made.settings.vault_folder / name.replace("__", ".")
            path.write_bytes(data)
        return made.report(DAY, online=False)

    return make


def copies(files: dict[str, object]) -> list[str]:
    """Return what a site holds of a vault's images."""
    return [name for name in files if name.startswith("media/")]


def test_an_image_is_copied_once(gallery: Callable[..., Report], tmp_path: Path) -> None:
    """Named by its content, in the size that was asked for, with its alternative text."""
    report = gallery(
        "![[a.png|300]] ![[b.png|a view|30x20]] ![alt|7](a.png)", a__png=PNG, b__png=PNG
    )
    write_site(report, tmp_path / "site")
    (name,) = [path.name for path in (tmp_path / "site/media").iterdir()]
    assert (tmp_path / "site/media" / name).read_bytes() == PNG
    html = (tmp_path / "site" / note_page("n.md")).read_text("utf-8")
    assert re.findall(r"<img[^>]*>", html) == [
        f'<img src="../media/{name}" alt="a.png" width="300">',
        f'<img src="../media/{name}" alt="a view" width="30" height="20">',
        f'<img src="../media/{name}" alt="alt" width="7">',
    ]


def test_an_image_is_not_read_again(
    gallery: Callable[..., Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second build knows by size and times that an image has not changed; a new one it reads."""
    report = gallery("![[a.png]]", a__png=PNG)
    image = report.settings.vault_folder / "a.png"
    os.utime(image, (1_600_000_000, 1_600_000_000))
    monkeypatch.setattr("argmap.pages.images._SETTLED", -(10**18))
    write_site(report, tmp_path / "site", tmp_path / "state")
    read: list[Path] = []
    monkeypatch.setattr("argmap.pages.images._read", lambda file, row: read.append(file) or row)
    state = tmp_path / "state"
    assert write_site(report, tmp_path / "site", state) == []
    assert read == []
    image.write_bytes(PNG + b"more")
    write_site(report, tmp_path / "site", state)
    assert read == [image]


def test_only_images_of_written_pages_are_copied(gallery: Callable[..., Report]) -> None:
    """An image that no page shows stays where it is."""
    report = gallery("![[a.png]]", a__png=PNG, b__png=PNG + b"b")
    (report.settings.vault_folder / "other.md").write_text("![[b.png]]")
    assert len(copies(render(report))) == 1


def test_a_drawing_is_part_of_the_page(gallery: Callable[..., Report]) -> None:
    """An SVG has no address of its own: opened there, its script could run."""
    files = render(gallery("![[d.svg|20]]", d__svg=SVG))
    html = files[note_page("n.md")].decode()  # type: ignore[union-attr]
    assert re.search(
        r'<img src="data:image/svg\+xml;base64,[\w+/=]+" alt="d.svg" width="20">', html
    )
    assert copies(files) == []
    assert not any(b"alert(1)" in data for data in files.values() if isinstance(data, bytes))


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.png", b"<script>alert(1)</script>"), ("a.png", b""), ("a.html", b"<svg>"),
     ("a.svg", b"<svg>" + b" " * 300_000), ("a.png", b"%PDF-1.4")],
)  # fmt: skip
def test_what_is_no_image_is_not_copied(
    gallery: Callable[..., Report], name: str, data: bytes
) -> None:
    """The first bytes decide, not the name; a page of HTML is never an image."""
    files = render(gallery(f"![[{name}]]", **{name.replace(".", "__"): data}))
    html = files[note_page("n.md")].decode()  # type: ignore[union-attr]
    if name == "a.html":
        assert "<img" not in html or "data:image/svg+xml" in html
    else:
        assert "<img" not in html
        assert f'<span class="pageless" title="without a page">{name}</span>' in html
    assert copies(files) == []


def test_no_image_from_outside(gallery: Callable[..., Report], tmp_path: Path) -> None:
    """Neither a path, nor a link to a file, nor an address leads out of the vault."""
    report = gallery("")
    vault = report.settings.vault_folder
    (tmp_path / "secret.png").write_bytes(PNG)
    (vault / "link.png").symlink_to(tmp_path / "secret.png")
    (vault / "round.png").symlink_to(vault / "round.png")
    os.mkfifo(vault / "pipe.png")
    images = Images(vault)
    for name in ("link.png", "round.png", "pipe.png", "../secret.png", "/etc/passwd", "none.png"):
        assert images.src(name) == "", name
    text = (
        "![[../secret.png]] ![[../../etc/passwd.png]] ![](file:///etc/passwd.png) "
        "![[link.png]] ![x](https://example.org/x.png)"
    )
    deck = deck_of(report, {"n": text}, ("link.png",))
    html = notes.note_view(deck, "n.md").html
    assert "<img" not in html
    assert "passwd" in said(html)
    assert 'href="https://example.org/x.png"' in html
    assert not any(image for _, image in deck.shelf.images.found.values())


def test_a_page_follows_what_it_shows(project: Make, tmp_path: Path) -> None:  # type: ignore[valid-type]
    """A changed embed, image, place or sentence makes the page anew, as a full build does."""
    texts = {
        "n.md": "- x #claim\n\n![[m#A]] ![[a.png]] [[m#B]]",
        "m.md": "# A\none ![[i]]\n# B\ntwo",
        "i.md": "inner ![[b.png]]",
        "s.md": "Here is [[n]].",
    }
    made: Project = project(texts)
    vault = made.settings.vault_folder
    (vault / "a.png").write_bytes(PNG)
    (vault / "b.png").write_bytes(PNG + b"b")
    changes: list[Callable[[], object]] = [
        lambda: (vault / "i.md").write_text("other ![[b.png]]"),
        lambda: (vault / "b.png").write_bytes(PNG + b"c"),
        lambda: (vault / "m.md").write_text("# A\none ![[i]]\n# C\ntwo"),
        lambda: (vault / "s.md").write_text("There was [[n]]."),
        (vault / "b.png").unlink,
        (vault / "i.md").unlink,
    ]

    def site(state: Path, out: Path) -> dict[str, bytes]:
        report = type(made).open(tmp_path).report(DAY, online=False)
        write_site(report, out, state)
        files = (path for path in out.rglob("*") if path.is_file())
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}

    before: dict[str, bytes] = {}
    for number, change in enumerate([lambda: None, *changes]):
        change()
        after = site(tmp_path / "state", tmp_path / "site")
        assert after == site(tmp_path / f"state{number}", tmp_path / f"site{number}")
        assert after[note_page("n.md")] != before.get(note_page("n.md")), number
        before = after
    assert len([name for name in before if name.startswith("media/")]) == 1


def test_many_pages_are_made_elsewhere(project: Make, tmp_path: Path) -> None:  # type: ignore[valid-type]
    """Another process, which may not have the vault, shows the same embeds and images."""
    from pickle import loads

    from argmap.pages.render import Job, Site

    made: Project = project(
        {"n.md": "- x #claim\n\n![[m]] ![[a.png]]", "m.md": "in ![[d.svg]] ![[i]]",
         "i.md": "deep", "s.md": "Here is [[n]]."}
    )  # fmt: skip
    vault = made.settings.vault_folder
    (vault / "a.png").write_bytes(PNG)
    (vault / "d.svg").write_bytes(SVG)
    site = Site(deal(made.report(DAY, online=False)))
    sent = site.sent()
    job = Job(note_page("n.md"), "note", "n.md")
    here = list(site.made(job))
    vault.rename(tmp_path / "gone")
    report, images = loads(sent)  # noqa: S301
    assert list(Site(deal(report, images)).made(job)) == here
    assert b"deep" in here[0].data
    assert b"Here is" in here[0].data


# --- hostile text -------------------------------------------------------------------------------

EVIL = [
    '<img src="../media/x.png" onerror=alert(1)>', '<a id="main" class="mark claim" name=x>x</a>',
    '<div class="callout co-ours" id="n-x"><span class="co-icon">', "<svg><script>1</script></svg>",
    '<td colspan="', '<div title="', '<?php > <a href=" ?>', "<![CDATA[ > <b class=' ]]>",
    "<!-- > --><a href='", "![[x]]", "![a](javascript:alert(1))", "[x](vbscript:x)", "</article>",
    '<p style="position:fixed">', "<style>*{}</style>", "<form><button>", "- [<] <b>", "^[<i>x",
    '> [!<b>"onclick=x]\n', "`<b>`", "$<b>$", "| a | <td> |\n|--|--|\n", '#"><b>', "\n\n", "\n",
    "<textarea>", "<iframe src=x>", "<b", ">", '"', "'", '![["><img src=x>]]', "%%", "[^1]",
    "[^1]: <li id=x>", "<details open ontoggle=alert(1)><summary>", "^id", '# "onmouseover=x ',
    "<math><mtext></p><img src=x>", "<plaintext>", "<xmp>", "<base href=//evil>", "<meta refresh>",
]  # fmt: skip
KNOWN = {
    "class", "id", "href", "title", "rel", "role", "aria-label", "tabindex", "open", "start",
    "colspan", "rowspan",
}  # fmt: skip


class Tags(HTMLParser):
    """Collects the tags of a page, each with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take one."""
        self.found.append((tag, dict(attrs)))


@given(st.lists(st.sampled_from(EVIL), max_size=9).map("".join), st.booleans())
def test_hostile_text_stays_harmless(empty: Report, text: str, embedded: bool) -> None:
    """Whatever is written: only known tags and attributes, our ids once, no image, no script."""
    other = {"x": f"{text}\n\n[[n]]"}
    view = page(empty, "![[x]]" if embedded else text, **other)
    tags = Tags(str(view.html)).found
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(name.startswith("n-") for name in ids)
    for tag, attributes in tags:
        assert tag in raw.TAGS
        assert attributes.keys() <= KNOWN
        target = attributes.get("href") or "#n-"
        assert target.startswith(("../note/", "#n-", "http://", "https://", "mailto:"))
        if attributes.get("class") in ("co-icon", "box"):
            assert attributes.get("role") == "img"


def test_a_line_end_is_a_break_as_in_obsidian(empty: Report) -> None:
    """Lines stay lines, unless the vault is set to run them together; hidden ends leave none."""
    text = "one\ntwo **three\nfour** ^id"
    assert ">one<br>\ntwo <strong>three<br>\nfour</strong> </p>" in page(empty, text).html
    assert "<br>" not in page(empty, "one\n%%two%%").html
    assert "<br>" not in page(empty, "a paragraph\n^id").html
    strict = deck_of(empty, {"n": text})
    vault = replace(strict.report.vault, strict_breaks=True)
    strict = replace(strict, report=replace(strict.report, vault=vault))
    assert "<br>" not in notes.note_view(strict, "n.md").html


def test_the_vault_says_whether_lines_run_on(tmp_path: Path) -> None:
    """`strictLineBreaks` in Obsidian's own settings is followed; anything else there is not."""
    (tmp_path / ".obsidian").mkdir()
    settings = tmp_path / ".obsidian" / "app.json"
    for text, strict in (('{"strictLineBreaks": true}', True), ('{"strictLineBreaks": 1}', False)):
        settings.write_text(text)
        assert read_vault(tmp_path, "").strict_breaks is strict
    settings.write_text("[]")
    assert not read_vault(tmp_path, "").problems


def test_html_that_parts_lines_in_a_sentence_parts_words(empty: Report) -> None:
    """In a table's cell, `<p/>` between two words is a line end, not nothing."""
    html = page(empty, "|a|\n|-|\n|one<p/>two<div>three</div>|").html
    assert "<td>one<br>two<br>three</td>" in html


def test_a_backlink_shows_text_and_no_signs(empty: Report) -> None:
    """Of a table's row the cell with the link is shown, of a sentence no call of a footnote."""
    deck = deck_of(
        empty,
        {
            "n": "n",
            "t": "|a|b|\n|-|-|\n|left|see [[x\\|y]] and [[n\\|us]] here|\n",
            "f": "It is said[^1] in [[n]].[^2]\n\n[^1]: x\n\n[^2]: y\n",
        },
    )
    shown = {
        source: [f"{p.before}*{p.text}*{p.after}" for p in deck.shelf.sentences(source, "n.md")]
        for source in ("t.md", "f.md")
    }
    assert shown == {"t.md": ["see y and *us* here"], "f.md": ["It is said in *n*."]}


def test_the_sentence_of_a_line_that_never_ends(empty: Report) -> None:
    """Only what stands around the link is read, and the link is found in it."""
    long = "word " * 40_000
    deck = deck_of(empty, {"n": "n", "l": f"{long}and [[n]] there. A {long}"})
    (found,) = deck.shelf.sentences("l.md", "n.md")
    assert found.text == "n"
    assert found.before.endswith("word and ")
    assert found.after == " there."


# Time


def test_html_that_nests_too_deeply_is_text(empty: Report) -> None:
    """A hundred elements in each other are shown; more is source, and says so."""
    deep = page(empty, "<div>" * 101 + "x").html
    assert "HTML, nested too deep: shown as text" in deep
    assert unescape(deep).count("<div>") == 101
    assert "nested too deep" not in page(empty, "<div>" * 100 + "x").html
    assert "nested too deep" not in page(empty, "<ul>\n" + "<li><p>x\n" * 300).html
    assert page(empty, "a " + "<b>" * 101 + "x").html.count("<b>") == 100


HOSTILE = [
    "<div>", "<div>\n", "<ul><li>", "<h1><b>\n", "<b>", "</b>", "![](", "[a](b)", "[[a]]",
    "![[n]]\n\n", "> [!a]- t\n> x\n\n", "<details><summary>", "[^1] ", "- [ ] a\n",
    "|a|b|\n|-|-|\n\n", "a ^b\n\n", "# h\n\n", "^[a] ", "#a/b ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_time_of_a_page_grows_with_its_length(empty: Report, piece: str) -> None:
    """Twice as long takes less than three times as long.

    A busy machine may disturb one measurement, not four.
    """

    def taken(length: int) -> float:
        gc.collect()
        gc.disable()
        begun = time.process_time()
        page(empty, piece * (length // len(piece)))
        ended = time.process_time()
        gc.enable()
        return ended - begun

    assert any(taken(16_000) / max(taken(8_000), 0.02) < 3 for _ in range(4))
