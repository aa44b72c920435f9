"""Obsidian's syntax, one rule after the other: what is found, where, and what a page shows."""

from __future__ import annotations

import re
from types import MethodType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.parser_inline import ParserInline

from argmap.markdown import parser, plain_text, render
from argmap.markdown.heading import anchor, key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token


def tokens(text: str) -> list[Token]:
    """Return all tokens of a text, those in inline content and in fields included."""

    def deep(these: list[Token]) -> Iterator[Token]:
        for token in these:
            yield token
            yield from deep(token.children or [])

    return list(deep(parser().parse(text, {})))


def found(text: str, kind: str) -> list[str]:
    """Return the content of all tokens of one kind."""
    return [token.content for token in tokens(text) if token.type == kind]


def targets(text: str) -> list[tuple[str, str]]:
    """Return target and subpath of all links."""
    return [
        (token.meta["target"], token.meta["subpath"]) for token in tokens(text) if token.meta.get(
            "target") is not None
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[Note]]", [("Note", "")]),
        ("[[ Note | shown ]]", [("Note", "")]),
        ("[[N#H1#H2]]", [("N", "H1#H2")]),
        ("[[#H]]", [("", "H")]),
        ("[[N#^block-1]]", [("N", "^block-1")]),
        ("[[Sq]uare]]", [("Sq]uare", "")]),
        ("[[https://x]]", [("https://x", "")]),
        ("[[_foo_ bar]]", [("_foo_ bar", "")]),
        ("[[[N]]]", [("N", "")]),
        ("([[N]])", [("N", "")]),
        ("**[[N]]**, ==[[M]]==", [("N", ""), ("M", "")]),
        ("[[]] [[ ]] [[|x]]", []),
        ("`[[N]]` and ``a `[[N]]` b``", []),
        ("```\n[[N]]\n```", []),
        ("    [[N]]", []),
        ("<div>\n[[N]]\n</div>", []),
        (r"\[[N]]", []),
        ("%%[[N]]%%", []),
        ("$[[N]]$", []),
    ],
)
def test_what_is_a_wikilink(text: str, expected: list[tuple[str, str]]) -> None:
    """Two brackets are a link unless escaped, empty, or inside code, HTML, maths or a comment."""
    assert targets(text) == expected


def test_a_wikilink_is_never_a_reference() -> None:
    """A definition elsewhere in the note does not capture `[[Note]]`."""
    assert found("[[Note]]\n\n[Note]: http://x", "wikilink") == ["Note"]


def test_a_bar_in_a_table_splits_a_cell() -> None:
    r"""In a table `[[N\|a]]` is a link with a text; `[[N|a]]` is torn into two cells."""
    table = "| a | b |\n|---|---|\n| {} | x |"
    assert found(table.format(r"[[N\|a]]"), "wikilink") == ["a"]
    assert found(table.format("[[N|a]]"), "wikilink") == []


def test_what_a_wikilink_shows() -> None:
    """Without a text of its own a link shows where it leads, as in Obsidian."""
    assert found("[[N#H]] [[#H]] [[N|as said]] [[a/N]]", "wikilink") == [
        "N > H",
        "H",
        "as said",
        "a/N",
    ]


@pytest.mark.parametrize(
    ("text", "size", "target", "subpath"),
    [
        ("![[i.png]]", None, "i.png", ""),
        ("![[i.png|100x145]]", (100, 145), "i.png", ""),
        ("![[i.png|the sea|100]]", (100, None), "i.png", ""),
        ("![[d.pdf#page=3]]", None, "d.pdf", "page=3"),
        ("![[d.pdf#height=400]]", None, "d.pdf", "height=400"),
        ("![250](i.png)", (250, None), "i.png", ""),
        ("![the sea|250](my%20i.png)", (250, None), "my i.png", ""),
    ],
)
def test_embeds(text: str, size: tuple[int, int | None] | None, target: str, subpath: str) -> None:
    """An embed may say how large it is shown and from which page on."""
    (token,) = (t for t in tokens(text) if t.type in ("embed", "image"))
    meta = token.meta
    assert (meta["size"], meta["target"], meta["subpath"]) == (size, target, subpath)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#y1984 #123a #спам #📝 #a/b #-", ["y1984", "123a", "спам", "📝", "a/b", "-"]),
        ("#1984", []),
        ("(#x) /#x **#x** a#x", []),
        (r"\#x", []),
        ("# Title #x", ["x"]),
        ("#x, then #y.", ["x", "y"]),
        ("`#x`", []),
        ("see [#x](http://a.b)", []),
        ("- #x\n> #y", ["x", "y"]),
        ("#tag's", ["tag"]),
    ],
)
def test_what_is_a_tag(text: str, expected: list[str]) -> None:
    """A tag follows white space and holds at least one character that is no digit."""
    assert found(text, "tag") == expected


def test_the_table_of_callouts() -> None:
    """`+` and `-` fold; case does not count; an unknown type is kept; a title may stand alone."""
    text = "> [!Faq]- Why?\n> Because.\n\n> [!odd]+\n> x\n\n> [!tip] Alone"
    opened = [t.meta for t in tokens(text) if t.type == "callout_open"]
    assert opened == [
        {"callout": "faq", "fold": "-"},
        {"callout": "odd", "fold": "+"},
        {"callout": "tip", "fold": ""},
    ]


def test_callouts_nest() -> None:
    """A callout in a callout is a callout; a plain quote in one stays a quote."""
    text = "> [!claim] A\n> > [!con] B\n> > c\n>\n> > d"
    kinds = [t.type for t in tokens(text) if t.nesting > 0 and "paragraph" not in t.type]
    assert kinds == [
        "callout_open",
        "callout_title_open",
        "callout_open",
        "callout_title_open",
        "blockquote_open",
    ]


def test_a_callout_needs_its_own_quote() -> None:
    """`[!note]` later in a quote, or without a quote, is text."""
    assert not [t for t in tokens("> a\n> [!note] b\n\n[!note] c") if "callout" in t.type]


def test_what_follows_a_callout_title_begins_afresh() -> None:
    """A list that could not interrupt a paragraph stands below a title all the same."""
    kinds = [t.type for t in tokens("> [!note] T\n> 2. two")]
    assert "ordered_list_open" in kinds


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("A paragraph ^x", "paragraph_open"),
        ("A paragraph\n^x", "paragraph_open"),
        ("- item ^x\n- other", "list_item_open"),
        ("- item\n    more\n    ^x", "list_item_open"),
        ("> quote\n\n^x", "blockquote_open"),
        ("> quote\n^x", "blockquote_open"),
        ("> [!claim] T\n> > [!con] U\n\n^x\n\nmore", "callout_open"),
        ("- a\n    - b\n\n^x", "bullet_list_open"),
        ("| a |\n|---|\n| b |\n\n^x", "table_open"),
        ("```\ncode\n```\n\n^x", "fence"),
        ("## Heading ^x", "heading_open"),
    ],
)
def test_a_block_id_belongs_to(text: str, owner: str) -> None:
    """An id names the paragraph or item it ends, or the outermost block it stands below."""
    assert [t.type for t in tokens(text) if t.meta.get("block_id") == "x"] == [owner]


@pytest.mark.parametrize(
    "text", ["a^x", "a ^x b", "a ^x_y", "`a ^x`", "| a ^x |\n|---|\n| b ^x |", "^x\nmore"]
)
def test_what_is_no_block_id(text: str) -> None:
    """An id ends its block, after white space, and holds letters, digits and hyphens."""
    assert not [t for t in tokens(text) if "block_id" in t.meta]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(k:: v)", [("k", "v")]),
        ("a [k:: v] b", [("k", "v")]),
        ("k:: v", [("k", "v")]),
        ("k::", [("k", "")]),
        ("(k::)", [("k", "")]),
        ("- k:: v", [("k", "v")]),
        ("- [ ] k:: v", [("k", "v")]),
        ("**My key**:: v", [("My key", "v")]),
        ("(supports:: [[#^a]], [[N#^b]])", [("supports", "[[#^a]], [[N#^b]]")]),
        ("[premises:: [[#^a]], [[#^b]]]", [("premises", "[[#^a]], [[#^b]]")]),
        ("(source:: [text](http://a.b/c_(d)))", [("source", "[text](http://a.b/c_(d))")]),
        ("(check:: min(a, b) >= 25 %)", [("check", "min(a, b) >= 25 %")]),
        (r"(k:: a \) b)", [("k", r"a \) b")]),
        ("(k:: a * b * c)", [("k", "a * b * c")]),
        ("**(k:: v)**", [("k", "v")]),
        ("one:: 1\ntwo:: 2", [("one", "1"), ("two", "2")]),
        ("k:: v ^id", [("k", "v")]),
        ("supports:: [[N]] (weight:: 2)", [("supports", "[[N]]"), ("weight", "2")]),
        ("вес:: 2", [("вес", "2")]),
        ("see k: v", []),
        ("see this, k:: v", []),
        ("(a[b]:: v)", []),
        ("(k:: v", []),
        ("`(k:: v)`", []),
        (r"\(k:: v)", []),
        ("## k:: v", []),
        ("http://a::b", []),
    ],
)
def test_inline_fields(text: str, expected: list[tuple[str, str]]) -> None:
    """A field is in round or square brackets, or alone on its line; its value is source text."""
    fields = [t.meta for t in tokens(text) if t.type == "inline_field"]
    assert [(meta["key"], meta["value"]) for meta in fields] == expected


def test_a_link_in_a_value_is_a_link() -> None:
    """A wikilink inside a field's value is read as one."""
    assert targets("(supports:: [[A]]) and k:: no\nattacks:: [[B#^c]]") == [("A", ""), ("B", "^c")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a %%b%% c", "a c"),
        ("%%a%% b %%c", "b %%c"),
        ("a\n\n%%\nb\n\nc\n%%\n\nd", "a d"),
        ("a %%b\n\n- c\n\nd%% e", "a e"),
        ("`%%` a `%%`", "%% a %%"),
        (r"\%% a %%", "%% a %%"),
        ("- a %%b\n- c%% d", "a d"),
    ],
)
def test_comments(text: str, expected: str) -> None:
    """A comment hides what is in it, blocks included; one that never ends hides nothing."""
    inline = [t for t in parser().parse(text, {}) if t.type == "inline"]
    assert " ".join(filter(None, (plain_text(t.children or []) for t in inline))) == expected


def test_a_comment_does_not_begin_in_code() -> None:
    """`%%` in a fence opens nothing."""
    assert found("```\n%%\n```\n\n[[N]]\n\n```\n%%\n```", "wikilink") == ["N"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("==a==", "<mark>a</mark>"),
        ("==a **b**==", "<mark>a <strong>b</strong></mark>"),
        ("**a ==b==**", "<strong>a <mark>b</mark></strong>"),
        ("a == b == c", "a == b == c"),
        ("=a= ===b===", "=a= ===b==="),
        ("`==a==`", "<code>==a==</code>"),
    ],
)
def test_highlights(text: str, html: str) -> None:
    """`==` on both sides of a text marks it; as a comparison it does not."""
    assert render(text) == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.b/c_d_e.", "https://a.b/c_d_e"),
        ("(https://a.b/c)", "https://a.b/c"),
        ("(https://a.b/c_(d))", "https://a.b/c_(d)"),
        ("**https://a.b**", "https://a.b"),
        ("<https://a.b>", "https://a.b"),
        ("[t](https://a.b)", "https://a.b"),
        ("[t][1]\n\n[1]: https://a.b", "https://a.b"),
        ("xhttps://a.b", None),
        ("https:// a", None),
    ],
)
def test_addresses(text: str, address: str | None) -> None:
    """An address in the text is a link out of the vault; a sentence's full stop is not its own."""
    kinds = [(t.meta["kind"], t.meta["target"]) for t in tokens(text) if t.type == "link_open"]
    assert kinds == ([("url", address)] if address else [])


def test_footnotes_keep_their_links() -> None:
    """What a footnote says is part of the note, in place or below."""
    assert targets("A^[see [[A]]] b[^1]\n\n[^1]: see [[B]]") == [("A", ""), ("B", "")]


def test_plain_text_is_what_a_reader_sees() -> None:
    """No markup, tags, fields, ids, comments, images' sizes or HTML; links by their text."""
    text = "**A** [[N|b]] [c](http://x) `d` ==e== #t (k:: v) <b>f</b> %%g%% h[^1] ^id\n\n[^1]: i"
    inline = next(t for t in parser().parse(text, {}) if t.type == "inline")
    assert plain_text(inline.children or []) == "A b c d e f h"


def test_a_page_says_where_links_lead() -> None:
    """A link to a note is asked for; one that leads nowhere is a span."""
    html = render(
        "[[A#h|a]] [b](B%20c.md) [[X]] [x](X.md)",
        href=lambda target, subpath: None if target[0] == "X" else f"{target}?{subpath}",
    )
    assert html == (
        '<p><a class="internal" href="A?h">a</a> <a class="internal" href="B c.md?">b</a>'
        ' <span class="unresolved">X</span> <span class="unresolved">x</span></p>\n'
    )


def test_a_page_fetches_no_image() -> None:
    """An image from elsewhere is a link to it; one of the vault is shown if the page has it."""
    html = render("![sea](http://a.b/c.png) ![[i.png|9]]", src=lambda name: f"files/{name}")
    assert html == (
        '<p><a class="external" rel="noopener noreferrer" href="http://a.b/c.png">sea</a>'
        ' <img src="files/i.png" alt="i.png" width="9"></p>\n'
    )


def test_hostile_text_stays_text() -> None:
    """Quotes and angle brackets in names, tags, types and values are escaped."""
    html = render(
        '[["><i>|"><i>]] (">:: v) #<\n\n> [!"><i>] T\n\n![["><i>.png]]',
        href=lambda target, _: target,
        src=lambda target: target,
    )
    assert "<i>" not in html
    assert '"">' not in html


def test_a_folded_callout_opens_by_a_click() -> None:
    """A callout that folds is a `details`, any other a `div`; its id is an anchor."""
    assert render("> [!faq]- Why?\n> x\n\n^y") == (
        '<details class="callout" data-callout="faq" id="^y">\n'
        '<summary class="callout-title">Why?</summary>\n<p>x</p>\n</details>\n'
    )


def test_a_callout_without_a_title_shows_its_type() -> None:
    """As in Obsidian, `[!tip]` alone is headed Tip."""
    assert '<div class="callout-title">Tip</div>' in render("> [!tip]\n> x")


def test_tasks_show_their_mark() -> None:
    """A box is not text; what is in it stands at the item."""
    assert render("- [x] a\n- [ ] b") == (
        '<ul>\n<li class="task" data-task="x">a</li>\n'
        '<li class="task" data-task=" ">b</li>\n</ul>\n'
    )


def test_blocks_say_their_line() -> None:
    """With `mark_lines` a page can find the place of a claim in the file."""
    assert render("a\n\n- b", first_line=5, mark_lines=True) == (
        '<p data-line="5">a</p>\n<ul data-line="7">\n<li data-line="7">b</li>\n</ul>\n'
    )


def test_headings_have_the_anchor_that_links_ask_for() -> None:
    """A link's subpath and the heading it names lead to the same anchor."""
    html = render("# A: *b*, [[c]]\n\n# A: *b*, [[c]]\n\n## d ^e")
    assert html.count(f'id="{anchor("X#A b c")}"') == 1
    assert f'id="{anchor("^e")}"' in html


def test_headings_compare_without_special_characters() -> None:
    """Case, punctuation and repeated spaces do not tell headings apart."""
    assert key("A:  b / c?") == key("a b c")


MARKS = ["[[N]]", "#t", "(k:: v)", "k:: ", "==", "**", "_", "`", "$", "%%", "~~", "![[i]]"]
MARKS += ["://", "https://a.b", "[", "]", "(", ")", "<b>", "\\", "\n", " ", "word", "^id", "&amp;"]


@settings(deadline=None)  # the first example builds the parser
@given(st.lists(st.sampled_from(MARKS), max_size=25).map("".join))
def test_stopping_less_often_finds_the_same(text: str) -> None:
    """Stopping everywhere, and asking every rule, finds no more than the short way does."""
    inline = parser().inline
    quick = [t.as_dict() for t in parser().parse(text, {})]
    stop, chosen = inline.terminator_re, inline.tokenize
    try:
        inline.terminator_re = re.compile(r"[\W_]")
        inline.tokenize = MethodType(ParserInline.tokenize, inline)
        slow = [t.as_dict() for t in parser().parse(text, {})]
    finally:
        inline.terminator_re, inline.tokenize = stop, chosen
    assert quick == slow


WORDS = ["a", "b c", "**b** ", "x  ", "^id", "[a]: b", "[^1]: ", "$$", "<div>", "|", "|---|---|"]
MARKS = ["- ", "* ", "2) ", "> ", "> [!note] t\n", "# ", "```", "---", "\n", "\n\n", "    ", "\t"]
PIECES = st.sampled_from([*WORDS, *MARKS, "\u00a0"])


@settings(deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_the_short_way_of_prose_is_the_long_one(text: str) -> None:
    """A paragraph of one line is the same tokens whether or not the rule for prose takes it."""
    rules = parser().block.ruler
    quick = parser().parse(text, {})
    rules.disable("prose")
    try:
        assert parser().parse(text, {}) == quick
    finally:
        rules.enable("prose")


@pytest.mark.parametrize("text", ["x (" + " " * 20_000 + "y", "a" + " " * 200_000 + "y"])
def test_a_long_run_of_blanks_is_gone_over_once(text: str) -> None:
    """What may open a field, and blanks without end: the time grows with the length only."""
    assert "inline_field" not in {t.type for x in parser().parse(text) for t in x.children or ()}
