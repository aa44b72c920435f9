"""Text -> Note: properties, dates, blocks and their places."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.notes import (
    Block,
    Note,
    headings,
    plain_text,
    read_note,
    read_note_bytes,
    split_front_matter,
    walk,
)

SEED = Path(__file__).parents[2] / "shared" / "seed" / "Причины провала SLM.md"


def note(text: str) -> Note:
    """Read a text as the note `vault/n.md`."""
    return read_note("n.md", dedent(text), "vault")


def outline(blocks: tuple[Block, ...]) -> list[object]:
    """Return kinds, places and texts of nested blocks."""
    return [
        (block.kind, f"{block.span.line}:{block.span.column}-{block.last_line}", block.markdown)
        if not block.children
        else (
            block.kind,
            f"{block.span.line}:{block.span.column}-{block.last_line}",
            block.markdown,
            outline(block.children),
        )
        for block in blocks
    ]


# --- properties -------------------------------------------------------------------------------


def test_properties_are_yaml_1_2() -> None:
    """`no` is a text, `12:30` is one too, and every key knows its place."""
    read = note("""\
        ---
        a: no
        time: 12:30
        n: 010
        list:
          - x
        ---
        text
        """)
    assert read.properties == {"a": "no", "time": "12:30", "n": 10, "list": ["x"]}
    assert [str(span) for span in read.property_spans.values()] == [
        "vault/n.md:2:1",
        "vault/n.md:3:1",
        "vault/n.md:4:1",
        "vault/n.md:5:1",
    ]
    assert outline(read.blocks) == [("paragraph", "8:1-8", "text")]


def test_properties_may_be_json() -> None:
    """JSON between the `---` is legal."""
    assert note('---\n{"claim": "x", "tags": ["a"]}\n---\n').tags == ("a",)


@pytest.mark.parametrize(
    ("text", "front", "body", "line"),
    [
        ("---\na: 1\n---\nb", "a: 1", "b", 4),
        ("---\n---\nb", "", "b", 3),
        ("---\na: 1\n---", "a: 1", "", 3),
        ("---\na: |\n  ---\n---\nb", "a: |\n  ---", "b", 5),
        ("\n---\na: 1\n---\n", None, "\n---\na: 1\n---\n", 1),
        ("---\na: 1\n", None, "---\na: 1\n", 1),
        ("-----\n# b", None, "-----\n# b", 1),
        ("", None, "", 1),
    ],
)
def test_where_front_matter_ends(text: str, front: str | None, body: str, line: int) -> None:
    """It begins on the very first line and ends at the next `---`; else it is none."""
    assert split_front_matter(text) == (front, body, line)


@pytest.mark.parametrize(
    ("yaml", "place"),
    [
        ("title: A: b", "2:9"),
        ("ok: 1\nwho: @x", "3:6"),
        ("a:\n\tb: 1", "3:1"),
        ("t: {{title}}", "2:5"),
        ("- a", "2:1"),
        ("just text", "2:1"),
    ],
)
def test_malformed_properties_keep_the_note(yaml: str, place: str) -> None:
    """What is no YAML mapping is A102, with its place in the file; the text is read."""
    read = note(f"---\n{yaml}\n---\n[[N]]")
    (problem,) = read.problems
    assert (problem.code, str(problem.span)) == ("A102", f"vault/n.md:{place}")
    assert (read.properties, len(read.links)) == ({}, 1)


def test_a_property_given_twice() -> None:
    """The last one counts, as in Obsidian, and it is A103 at its place."""
    read = note("---\na: 1\nb: 2\na: 3\n---\n")
    assert read.properties == {"a": 3, "b": 2}
    assert [str(p) for p in read.problems] == [
        "vault/n.md:4:1: A103 'a' is given twice (the last one counts)"
    ]


@pytest.mark.parametrize(
    ("yaml", "tags", "aliases"),
    [
        ("tags: [a, '#b/c', A]", ("a", "b/c"), ()),
        ("tags: a, b c", ("a", "b", "c"), ()),
        ("tags:\naliases:", (), ()),
        ("tags: #a", (), ()),
        ("Tags: a\nAliases: One, Two words", ("a",), ("One", "Two words")),
        ("aliases:\n- One \n- 7", (), ("One", "7")),
        ("aliases: {a: 1}", (), ()),
    ],
)
def test_tags_and_aliases(yaml: str, tags: tuple[str, ...], aliases: tuple[str, ...]) -> None:
    """Both are lists or a text; a tag loses its `#` and keeps the case it was first given."""
    read = note(f"---\n{yaml}\n---\n")
    assert (read.tags, read.aliases) == (tags, aliases)


def test_tags_of_properties_come_first() -> None:
    """Tags are in order, each once, whatever its case."""
    assert note("---\ntags: [b]\n---\n#a #B\n\n- #c").tags == ("b", "a", "c")


def test_links_in_properties_are_links() -> None:
    """Quoted, they lead somewhere, from where they stand; unquoted, YAML reads lists."""
    read = note("""\
        ---
        see: "[[A|a]] and [[B#h]]"
        more:
          - '[[C]]'
          - [[D]]
        long: >
          text [[E]]
        ---
        [[F]]
        """)
    assert [(link.target, link.subpath, str(link.span)) for link in read.links] == [
        ("A", "", "vault/n.md:2:7"),
        ("B", "h", "vault/n.md:2:19"),
        ("C", "", "vault/n.md:4:6"),
        ("E", "", "vault/n.md:7:8"),
        ("F", "", "vault/n.md:9:1"),
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("---\ndate: 2025-09-30\n---", date(2025, 9, 30)),
        ("---\ncreated: 2025-09-30T12:00:00\n---", date(2025, 9, 30)),
        ("---\ncreated: 2025-09-30 12:00\n---", date(2025, 9, 30)),
        ("---\ndate: 2025-02\n---", date(2025, 2, 28)),
        ("---\ndate: 2025\n---", date(2025, 12, 31)),
        ('---\ndate: "[[2025-09-30]]"\n---', date(2025, 9, 30)),
        ("---\ndate: soon\ncreated: 2024-01-02\n---", date(2024, 1, 2)),
        ("---\ndate: 2025-13-01\n---\n#2024/Sep", date(2024, 9, 30)),
        ("---\ntags: [x, 2025/Sep]\n---", date(2025, 9, 30)),
        ("#2025/09", date(2025, 9, 30)),
        ("#2025/сен", date(2025, 9, 30)),
        ("#2025/сентября", date(2025, 9, 30)),
        ("#2025/мая/9", date(2025, 5, 9)),
        ("#2025-09", date(2025, 9, 30)),
        ("---\ntags: [2025]\n---", date(2025, 12, 31)),
        ("---\ntags: [2025, 2025/Mar]\n---", date(2025, 3, 31)),
        ("#2025/ma #2025/13 #2025/review #0000/01", None),
        ("text of 2025-09-30", None),
    ],
)
def test_the_date_of_a_note(text: str, day: date | None) -> None:
    """`date`, `created`, else a tag; a month means its last day."""
    assert note(text).date == day


# --- blocks -----------------------------------------------------------------------------------


def test_blocks_nest() -> None:
    """Each block knows its lines and its column; an item's text is its first child."""
    read = note("""\
        # Title ^top

        - one ^a
          goes on
            - [x] two

        > [!claim]- Said *so* ^c
        > because
        >
        > 1. first

        > quote

        ```yaml argmap
        a: 1
        ```

        ---

        | a | b |
        |---|---|
        | c | d |
        """)
    assert outline(read.blocks) == [
        ("heading", "1:1-1", "Title"),
        (
            "list",
            "3:1-5",
            "",
            [
                (
                    "item",
                    "3:1-5",
                    "",
                    [
                        ("paragraph", "3:3-4", "one ^a\ngoes on"),
                        (
                            "list",
                            "5:5-5",
                            "",
                            [("item", "5:5-5", "", [("paragraph", "5:7-5", "two")])],
                        ),
                    ],
                )
            ],
        ),
        (
            "callout",
            "7:1-10",
            "Said *so*",
            [
                ("paragraph", "8:3-8", "because"),
                (
                    "list",
                    "10:3-10",
                    "",
                    [("item", "10:3-10", "", [("paragraph", "10:6-10", "first")])],
                ),
            ],
        ),
        ("quote", "12:1-12", "", [("paragraph", "12:3-12", "quote")]),
        ("code", "14:1-16", "a: 1\n"),
        ("rule", "18:1-18", ""),
        ("table", "20:1-22", "| a | b |\n|---|---|\n| c | d |"),
    ]
    infos = [block.info for block in walk(read.blocks) if block.info]
    assert infos == ["1", "bullet", "bullet", "[x]", "claim", "ordered", "yaml argmap"]
    assert [(b.kind, b.id) for b in walk(read.blocks) if b.id] == [("heading", "top"),
                                                                  ("callout", "c")]  # fmt: skip


def test_a_marked_item() -> None:
    """Tags, fields and links of an item stand at its paragraph, its id at the item."""
    read = note("""\
        ---
        a: 1
        ---
        - Builders choose mid-size models  (supports:: [[#^end]]) #claim ^market
            - It leads #evidence (check:: share >= 25 %)
        """)
    (item, _) = (block for block in walk(read.blocks) if block.kind == "item")
    text = item.children[0]
    assert (item.id, text.id, text.tags) == ("market", "", ("claim",))
    assert plain_text(text.tokens) == "Builders choose mid-size models"
    assert text.markdown == "Builders choose mid-size models  (supports:: [[#^end]]) #claim"
    (found,) = text.fields
    assert (found.key, found.value) == ("supports", "[[#^end]]")
    assert (str(found.span), str(found.value_span)) == ("vault/n.md:4:37", "vault/n.md:4:48")
    (link,) = text.links
    assert (link.target, link.subpath, link.span) == ("", "^end", found.value_span)


def test_headings() -> None:
    """All headings in order, those in quotes included."""
    read = note("# A\n\n> ## B *c*\n\nD\n===")
    assert [(block.info, plain_text(block.tokens)) for block in headings(read)] == [
        ("1", "A"),
        ("2", "B c"),
        ("1", "D"),
    ]


def test_links_of_a_table_are_its_own() -> None:
    r"""A table has the links of its cells, each at its column, escaped bars counted."""
    read = note("> | a | b |\n> |---|---|\n> | [[A\\|x]] | [[B]] |\n>   [[C]] | [[D]]")
    (table,) = (block for block in walk(read.blocks) if block.kind == "table")
    assert [(link.target, link.text, link.span.line, link.span.column) for link in table.links] == [
        ("A", "x", 3, 5),
        ("B", "B", 3, 16),
        ("C", "C", 4, 5),
        ("D", "D", 4, 13),
    ]


def test_each_link_once_and_in_order() -> None:
    """Links of nested blocks, footnotes and definitions are listed as they stand in the file."""
    read = note("""\
        a[^1] [t](x%20y.md#h) ![[i.png]] ![alt](http://a.b/c.png) <http://d.e>

        [^1]: [[F]]

        > - > [[Q]]
        """)
    assert [(link.kind, link.target, link.subpath, link.text) for link in read.links] == [
        ("markdown", "x y.md", "h", "t"),
        ("embed", "i.png", "", "i.png"),
        ("url", "http://a.b/c.png", "", "alt"),
        ("url", "http://d.e", "", "http://d.e"),
        ("wikilink", "F", "", "F"),
        ("wikilink", "Q", "", "Q"),
    ]


PREFIXES = [
    "> ",
    ">",
    "- ",
    "12. ",
    "    ",
    "  ",
    "\t",
    "> [!con] ",
    "- [ ] ",
    "# ",
    "[^1]: ",
    "| ",
]


@settings(deadline=None)  # the first example builds the parser
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(PREFIXES), max_size=4).map("".join),
            st.sampled_from(
                ["", "é ", "**b** ", "`c` ", "(k:: ", "k:: ", "x \\| ", "%%", "\u2003"]
            ),
            st.sampled_from(["[[N]]", "[[N|a]]", "![[N]]", "[t](N.md)", ""]),
            st.sampled_from(["", " ^id", " ##", ")", " |", "\u2028", "%%"]),
        ),
        max_size=8,
    )
)
def test_every_link_stands_where_it_says(lines: list[tuple[str, str, str, str]]) -> None:
    """Whatever a link is nested in, its line and column point at its first character."""
    text = "[^1]\n\n" + "\n".join("".join(line) for line in lines)
    for link in read_note("n.md", text).links:
        here = text.split("\n")[link.span.line - 1][link.span.column - 1 :]
        assert here.startswith({"wikilink": "[[", "embed": "![[", "markdown": "[t"}[link.kind])


# --- files as they come -----------------------------------------------------------------------


def test_byte_order_marks_and_line_ends() -> None:
    """Neither a BOM nor CRLF changes what is read, or where."""
    text = "---\na: 1\n---\n- [[N]] #t ^x\n\n> q"
    plain = read_note_bytes("n.md", text.encode())
    windows = read_note_bytes("n.md", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert windows.text == plain.text == text
    assert (windows.links, windows.tags) == (plain.links, plain.tags)
    assert outline(windows.blocks) == outline(plain.blocks)


def test_a_note_that_is_not_utf_8() -> None:
    """It is A101 at the first byte that is wrong, and an empty note: nothing else stops."""
    read = read_note_bytes("n.md", "a\nпроба".encode("cp1251"), "vault")
    assert [str(problem) for problem in read.problems] == [
        "vault/n.md:2:1: A101 not UTF-8 (save the note as UTF-8)"
    ]
    assert (read.text, read.blocks) == ("", ())


def test_an_empty_note() -> None:
    """It has a title and nothing else."""
    read = read_note("a/Empty.md", "")
    assert (read.id, read.title, read.blocks, read.links) == ("a/Empty", "Empty", (), ())


@settings(deadline=None)  # the first example builds the parser
@given(
    st.text(
        alphabet=st.sampled_from("ab \t\n\r\0>-[]()#^:%`*|!=$\\\u2028\u00a0éя<&1."), max_size=60
    )
)
def test_any_text_is_a_note(text: str) -> None:
    """Nothing a person can type stops the reader."""
    assert read_note("n.md", text).title == "n"


@pytest.mark.skipif(not SEED.exists(), reason="the seed is not part of the repository")
def test_the_seed() -> None:
    """A plain note: seven tags, an alias, its author, five links, the end of its month."""
    read = read_note_bytes(SEED.name, SEED.read_bytes(), "vault")
    assert (len(read.tags), read.aliases) == (7, ("Причины провала SLM",))
    assert read.properties["author"] == ["Vladimir Ivanov"]
    assert [link.kind for link in read.links] == ["url", *["wikilink"] * 3, "url"]
    assert (read.date, read.problems) == (date(2025, 9, 30), ())


HOSTILE = [
    "[[",
    "[[a|",
    "![[",
    "> ",
    "*",
    "**a",
    "_a ",
    "%%",
    "%% ",
    "[",
    "![",
    "[a](",
    "](",
    "[a][",
    "^[",
]
HOSTILE += [
    "(a:: ",
    "(a::",
    "==a ",
    "$",
    "`",
    "`` ",
    "<",
    "<!--",
    "~~",
    "http://",
    "http://a)",
    "\\",
    "&",
]
HOSTILE += [
    "#a ",
    "[^a]",
    "[^a]: b\n\n",
    "- ",
    "- a\n",
    "> [!a]\n",
    "|",
    "a|b\n",
    "^a\n\n",
    "\t",
    "---\n",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_note_takes_no_more_than_its_length(piece: str) -> None:
    """Four times the text takes about four times the steps, whatever is repeated."""

    def steps(length: int) -> int:
        text = piece * (length // len(piece))
        count = 0

        def one_more(_frame: object, event: str, _argument: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(one_more)
        try:
            read_note("n.md", text)
        finally:
            sys.setprofile(before)
        return count

    assert steps(2_000) < 5 * steps(500)


def test_lists_nested_without_end() -> None:
    """A list in a list, hundreds deep, is read."""
    text = "".join("  " * depth + "- a\n" for depth in range(500))
    assert read_note("n.md", text).blocks[0].kind == "list"
