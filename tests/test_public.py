"""A public site holds what notes with `publish: true` say, and nothing of any other note."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from textwrap import dedent
from typing import TYPE_CHECKING
from urllib.parse import unquote
from uuid import NAMESPACE_URL, uuid5

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from argmap.building import build_site
from argmap.claims import ClaimOptions
from argmap.cli import main
from argmap.graph import Names
from argmap.notes import read_note
from argmap.pages import SiteError, UnlistedError
from argmap.pages.names import claim_page, slug
from argmap.pages.public import public
from argmap.pages.redacted import LeakError, Redactor, neutral
from argmap.pages.render import render
from argmap.project import Project
from argmap.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from argmap.report import Report

DAYS = (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))

# Whatever is not published holds a word that begins with "leak"; nothing else does.
NOTES = {
    "Open/Main.md": """
        ---
        publish: true
        title: An open question
        date: 2026-02-10
        up: "[[leak-title|leak-up]]"
        related: [ "[[folder-leak/leak-other]]", "[[Second]]" ]
        ---
        # The question, as [[leak-title#leak-heading|leak-words]] puts it

        Prose on [[leak-title]], ![[leak-title]], [leak md](../leak-title.md), [leak enc](leak%2Dtitle.md
        "leak md title"), [leak ref][r1], [R1], ![leak image](leak-title.md), <a href="leak-title.md">leak
        html</a> and `[[leak-title]]`; an alias: [[leak-alias]]; app: obsidian://open?vault=leakvault&file=x.
        %% leak-comment, on [[leak-title]] %% and <!-- leak-html-comment --> shown. [leak app](obsidian://leak)

        %%
        leak-long-comment
        %%

        [r1]: leak-title.md "leak definition"

        - The conclusion stands, says [[leak-title|leak-in-claim]] #claim #open-tag
          (contradicts:: leakcircle) ^end
            - The share is high #evidence (check:: share >= 25 %) ^share-ran
            - Somebody vouches #evidence (source:: [[leak-source|leak-source-text]]) (judged:: 2025-09-20)
            - It is [[leak-title|leak-in-slug]] all the way down #pro
                - Well seen #evidence (source:: A book) (judged:: 2025-09-20)
            - If both hold, so does this #argument (premises:: [[#^base]], [[leak-title#^leakpremise]]) ^step
        - The base carries #claim (supports:: ^end, leakclaim, [[leak-title#^leakclaim]]) ^base
            - Measured #evidence (test:: share >= 20 %) ^base-ran
        - It turns #claim ^turns
        - It is blind #claim (undercuts:: leak-check; share-ran) ^blind

        | a | b |
        |---|---|
        | [[leak-title\\|leak-cell]] | 1 |
        """,  # noqa: E501
    "Open/Second.md": """
        ---
        publish: true
        aliases: [Deuxième]
        tags: [both/here]
        claim: A whole note claims
        supports: [leakclaim, "Main#end"]
        source: "[[leak-title]]"
        ---
        Text of the second, with [[Main]] and [[Nowhere]].

        ```yaml argmap
        measures:
          own: {value: 3, note: "as [[leak-title|leak-note]]"}
        checks:
          own-check: {title: "Ours, see [[leak-title|leak-check-title]]", tests: Second, assert: own > 2}
        ```
        """,  # noqa: E501
    "Open/Plain.md": """
        ---
        publish: true
        ---
        # Plain

        > Cats are better than dogs ([[leak-title|leak-thesis]]).

        Arguments against this thesis:

        1. **Dogs are loyal.** See [[leak-title|leak-item]].
        2. **Dogs bark.** That helps.

        Conclusion: it depends on [[leak-title|leak-conclusion]].
        """,
    "leak-title.md": """
        ---
        aliases: [leak-alias]
        tags: [leaktag/leaksub, both/leakhere]
        leak-property: leak-value
        date: 2025-12-24
        ---
        # leak-heading

        leakprose with [leak-url](https://leak.example/leak-page) and ![[leak-image.png]] and [[Main]].

        - The leak-claim-text holds #claim #leakclaimtag (supports:: [[Main#^end]]) ^leakclaim

          leak-detail of it

            - leak-evidence-text #evidence (check:: leak_measure > 5) (source:: leak-print) ^leak-check
            - leak-judged-text #evidence (supports:: [[Main#^base]]) (source:: [leak-said](https://leak.example/s)) (judged:: 2025-01-01, leakperson) ^leak-judged
        - The leak-premise-text holds #claim ^leakpremise
            - leak-unvouched #evidence (source:: leak-cited) ^leak-cited
        - leak-cutter-text #claim (undercuts:: share-ran) ^leakcutter
            - leak-cutter-evidence #evidence (source:: leak-cut-book) (judged:: 2025-09-20)
        - leak-circle-text #claim (supports:: [[Second]]) ^leakcircle
            - leak-circle-pro #pro (supports:: [[#^leakcircle]]) ^leakpro
        - If leak-argument-text then so #argument (premises:: [[#^leakclaim]], [[Main#^base]]) (supports:: [[Second]]) ^leakstep
        - leak-turner #claim (supports:: [[Main#^turns]]) ^leakturner
            - leak-turning #evidence (check:: leak_measure > 5) ^leakturning
        - leak-lonely-text #claim ^leaklonely

        ```yaml argmap
        measures:
          leak_local: {value: 4, source: "https://leak.example/local"}
        checks:
          leak-fenced: {title: leak-fenced-title, tests: "Main#base", assert: leak_local > 3}
        ```
        """,  # noqa: E501
    "folder-leak/leak-other.md": "# leak-other-heading\n\nleakother #leaktag2 ![[leak-pic.png]]\n",
    "leak-source.md": "leaksourcetext",
    "Draft.md": '---\npublish: "true"\n---\n# leak-draft\n\n- A leak-draft-claim #claim\n',
    "leak-image.png": "",
}
SHEETS = {
    "leak-sheet.yaml": """
        measures:
          share: {table: {file: ../data/share.csv, sql: "SELECT value, date FROM t WHERE date <= :as_of ORDER BY date DESC LIMIT 1"}, unit: "%"}
          leak_measure: {table: {file: ../data/leak-data.csv, sql: "SELECT value, date FROM t WHERE date <= :as_of ORDER BY date DESC LIMIT 1"}, source: leak-measure-source}
          leak_unused: {value: 7, source: "https://leak.example/unused", as_of: 2025-01-01}
          leak_mesure: {value: 1}
        checks:
          both-bear: {title: "Seen by both, see [[leak-title|leak-sheet-link]]", tests: [Main#base, leakclaim], assert: share >= 10 %, note: "remark, see [[leak-title]]"}
          leak-only: {title: leak-only-title, supports: leakclaim, assert: leak_measure > 3, note: leak-remark}
          leak-broken: {title: leak-broken-title, supports: leaklonely, assert: leak_measur > 3}
        """,  # noqa: E501
    "acks.yaml": """
        leak-only: {until: 2027-01-01, because: leak-because, by: leakwho}
        """,
}
DATA = {
    "data/share.csv": "date,value\n2026-01-01,0.3\n2026-02-20,0.15\n",
    "data/leak-data.csv": "date,value\n2026-01-01,9\n2026-03-20,1\n",
}
CONFIG = 'vault = "leakvault"\ntitle = "Site"\n'


@pytest.fixture
def mixed(tmp_path: Path) -> Project:
    """Make a project of three published notes among others, run on three days."""
    root = tmp_path / "leakroot"
    files = {f"leakvault/{name}": text for name, text in NOTES.items()}
    files |= {f"claims/{name}": text for name, text in SHEETS.items()}
    for name, text in (files | DATA | {"argmap.toml": CONFIG}).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), "utf-8")
    project = Project.open(root)
    read = project.read()
    read.backfill(project.world(DAYS[-1], online=False), DAYS, _silent)
    return project


def _silent(*_: object) -> None:
    """Tell nothing of how far it is."""


def _build(project: Project, **options: bool) -> str:
    opened = Project.open(project.settings.root)
    built = build_site(opened, DAYS[-1], online=False, fixed=False, step=_silent, **options)
    return built.summary


def _files(site: Path) -> dict[str, str]:
    """Return every file of a site, in all forms that a reader or a program makes of it."""
    found = {}
    for path in sorted(site.rglob("*")):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "surrogateescape")
            plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda hit: chr(int(hit[1], 16)), text)
            forms = [text, unquote(text), html.unescape(text), plain, text.replace("\\", "")]
            found[path.relative_to(site).as_posix()] = "\n".join(forms)
    return found


def test_nothing_of_an_unpublished_note_is_in_any_file(mixed: Project) -> None:
    """No file of the site, by its name or its bytes, holds a word of what is not published."""
    _build(mixed, public=True, allow_new=True)
    files = _files(mixed.settings.site_folder)
    assert len(files) > 30
    held = {
        f"{name}: …{text[max(0, at.start() - 60) : at.end() + 40]}…"
        for name, text in files.items()
        for at in re.finditer("leak", f"{name}\n{text}", re.IGNORECASE)
    }
    assert not held


def test_no_hash_of_an_unpublished_name_is_in_any_file(mixed: Project) -> None:
    """Names are hashed in addresses; none of those of an unpublished note or claim is there."""
    report = mixed.report(DAYS[-1], online=False)
    told = public(report)
    private = (report.claims.keys() | report.evidence.keys() | report.arguments.keys()) - (
        told.claims.keys() | told.evidence.keys() | told.arguments.keys()
    )
    private |= {path.removesuffix(".md") for path in report.vault.notes.keys() - told.vault.notes}
    private |= {tag for note in report.vault.notes.values() for tag in note.tags if "leak" in tag}
    assert len(private) > 24
    assert any(
        item.claim.id in told.claims and any("leak" in turn.cause for turn in item.turns)
        for item in report.claims.values()
    )
    _build(mixed, public=True, allow_new=True)
    everything = "\n".join(f"{n}\n{t}" for n, t in _files(mixed.settings.site_folder).items())
    for name in private:
        assert slug(name).rpartition("-")[2] not in everything, name
        assert str(uuid5(NAMESPACE_URL, name)) not in everything


def test_what_is_published_is_there(mixed: Project) -> None:
    """The published notes' own words, tags, evidence, history and links between them stay."""
    _build(mixed, public=True, allow_new=True)
    site = mixed.settings.site_folder
    everything = "\n".join(_files(site).values())
    for said in ("The conclusion stands", "The base carries", "It is blind", "Somebody vouches",
                 "open-tag", "both/here", "Deuxième", "A whole note claims", "Seen by both",
                 "Dogs are loyal", "data/share.csv", "A book", "(not published)",
                 "Nowhere"):  # fmt: skip
        assert said in everything, said
    graph = json.loads((site / "api/graph.json").read_text("utf-8"))
    assert [note["path"] for note in graph["notes"]] == [
        "Open/Main.md", "Open/Plain.md", "Open/Second.md",
    ]  # fmt: skip
    assert {item["note"] for item in graph["claims"]} == {"", *(n["path"] for n in graph["notes"])}


def test_the_sums_still_add_up(mixed: Project) -> None:
    """A published claim keeps its strength, and its terms, hidden ones included, make it."""
    report = mixed.report(DAYS[-1], online=False)
    told = public(report)
    assert told.unpublished
    for id_, item in told.claims.items():
        if id_ in told.unpublished:
            assert (item.claim.text, item.claim.note, item.terms) == ("", "", ())
            continue
        if id_ in report.claims:
            assert item.now.strength == report.claims[id_].now.strength
        low, high = (item.prior + sum(term.value[end] for term in item.terms) for end in (0, 1))
        if item.terms:
            made = (low / (1 + abs(low)), high / (1 + abs(high)))
            assert item.now.strength == pytest.approx(made, abs=1e-6)
        assert {term.source for term in item.terms} <= told.strengths.keys()


def test_stand_ins_are_leaves_with_stable_names(mixed: Project) -> None:
    """What stands for something hidden bears on what is told; nothing is said to bear on it."""
    told = public(mixed.report(DAYS[-1], online=False))
    names = [f"unpublished-{number}" for number in range(1, len(told.unpublished) + 1)]
    assert sorted(told.unpublished) == sorted(names)
    assert not {edge.target for edge in told.edges} & told.unpublished.keys()
    assert {edge.source for edge in told.edges} >= told.unpublished.keys()
    assert public(mixed.report(DAYS[-1], online=False)) == told


def test_public_debates_are_those_that_hang_together_by_what_is_told(
    project: Callable[..., Project],
) -> None:
    """Claims tied only through a hidden one are two debates; one with nothing told is none."""
    made = project(
        {
            "A.md": "---\npublish: true\n---\n- Rain falls #claim (supports:: [[H#^h]]) ^a\n",
            "B.md": "---\npublish: true\n---\n- Roads are wet #claim ^b\n",
            "H.md": "- Clouds #claim (supports:: [[B#^b]]) ^h\n\n",
            "Z.md": "- Alone #claim ^z\n",
        }
    )
    report = made.report(DAYS[-1])
    told = public(report)
    assert [(d.title, d.claims) for d in told.debates] == [
        ("A", ("A#a",)),
        ("B", ("B#b", "unpublished-1")),
    ]
    assert [(edge.source, edge.target) for edge in told.edges] == [("unpublished-1", "B#b")]


def test_a_public_claim_can_be_saved_as_a_file(project: Callable[..., Project]) -> None:
    """Its page offers the file, which a browser makes of what is published."""
    report = project({"A.md": "---\npublish: true\n---\n- So #claim ^so\n"}).report(DAYS[-1])
    assert b"&amp;take=1" in render(public(report))[claim_page("A#so")]


def test_a_hidden_claim_that_contradicts_attacks(project: Callable[..., Project]) -> None:
    """A contradiction, written on either side, is an attack from what stands for the hidden."""
    made = project(
        {
            "A.md": """
                ---
                publish: true
                ---
                - Cheap #claim (contradicts:: [[H#^dear]]) ^cheap
                - Small #claim ^small
                """,
            "H.md": """
                - Dear #claim ^dear
                    - Seen #evidence (source:: A shop) (judged:: 2026-01-01)
                - Big #claim (contradicts:: [[A#^small]]) ^big
                    - Seen #evidence (source:: A ruler) (judged:: 2026-01-01)
                """,
        }
    )
    told = public(made.report(DAYS[-1]))
    assert [(e.source, e.kind, e.target, e.carries) for e in told.edges] == [
        ("unpublished-1", "attacks", "A#cheap", (-0.5, -0.5)),
        ("unpublished-2", "attacks", "A#small", (-0.5, -0.5)),
    ]


def test_reasons_of_one_hidden_source_do_not_name_it(project: Callable[..., Project]) -> None:
    """That a claim rests on one source is said; which one, only where it is published."""
    made = project(
        {
            "A.md": "---\npublish: true\n---\n- Cheap #claim ^cheap\n",
            "H.md": """
                - Dear #evidence (supports:: [[A#^cheap]]) (source:: Flyer) (judged:: 2026-01-01)
                - Dearer #evidence (supports:: [[A#^cheap]]) (source:: Flyer) (judged:: 2026-01-01)
                """,
        }
    )
    report = made.report(DAYS[-1])
    assert report.claims["A#cheap"].basis.sources == ("Flyer",)
    told = public(report).claims["A#cheap"].basis
    assert told.one_source
    assert told.sources == ("unpublished-1",)


def test_a_name_of_the_neutral_kind_is_left_to_the_author(project: Callable[..., Project]) -> None:
    """A note that is called as a stand-in would be keeps its name."""
    made = project(
        {
            "unpublished-1.md": "---\npublish: true\nclaim: Mine\n---\n",
            "H.md": "- Dear #claim (supports:: [[unpublished-1]]) ^dear\n",
        }
    )
    told = public(made.report(DAYS[-1]))
    assert told.claims["unpublished-1"].claim.text == "Mine"
    assert list(told.unpublished) == ["unpublished-2"]


def test_the_neutral_word_is_in_the_notes_language() -> None:
    """A Russian note says so in Russian."""
    assert neutral("Заметка про [[link]] и ещё") == "(не опубликовано)"
    assert neutral("A note") == "(not published)"


FORMS = (
    "[[leak]]",
    "![[leak]]",
    "[[leak|leak said]]",
    "[[leak#leak|leak]]",
    "[leak](leak.md)",
    "[a [leak] b](<leak.md>)",
    "![leak](leak.md 'leak')",
    '<a href="leak.md">leak</a>',
    "[[LEAK]]",
    "%%leak%%",
    "<!--\nleak\n-->",
    "obsidian://open?file=leak",
    "[leak][r]",
    "(supports:: leak)",
    "[undercuts:: ^leak, leak; [[leak]]]",
    "[[sub/leak|leak]]",
    "`[[leak]]`",
    "[[leak-alias]]",
)
AROUND = (
    " ",
    "\n",
    "\n\n",
    "- ",
    "\n- x #claim ",
    "> ",
    "[",
    "]",
    "(",
    ")",
    "|",
    "**",
    "# ",
    "\n    - ",
    "a",
    "![",
    "]]",
    "\n```\n",
    "\\",
)


@given(st.lists(st.sampled_from((*FORMS, *AROUND)), max_size=12))
@example(["![", "[undercuts:: ^leak, leak; [[leak]]]", "]"])
def test_no_link_survives_whatever_stands_around_it(pieces: list[str]) -> None:
    """In any text a link to a note that is not published goes, or the build stops."""
    text = "\n- It stands #claim\n" + "".join(pieces) + "\n\n[r]: leak.md"
    notes = {
        "A.md": read_note("A.md", text),
        "leak.md": read_note("leak.md", "---\naliases: [leak-alias]\n---\n"),
        "sub/leak.md": read_note("sub/leak.md", ""),
    }
    redactor = Redactor(Vault(notes), {"A.md"}, ClaimOptions().fields(), Names(()), ())
    try:
        made = redactor.note(notes["A.md"])
    except LeakError:
        return
    assert not [link for link in made.links if "leak" in link.target.lower()]
    assert made.text.count("\n") == text.count("\n")


def _mark(project: Project, name: str) -> None:
    path = project.settings.vault_folder / name
    path.write_text(f"---\npublish: true\n---\n{path.read_text('utf-8')}", "utf-8")


def test_a_note_is_not_published_for_the_first_time_unasked(
    project: Callable[..., Project],
) -> None:
    """A build that would publish what is not on the list names it and writes nothing at all."""
    made = project({"A.md": "- One #claim\n", "B.md": "- Twelfth #claim\n"})
    _mark(made, "A.md")
    root = made.settings.root
    before = sorted(root.rglob("*"))
    with pytest.raises(UnlistedError, match=r"1 note not published before: A\.md"):
        _build(made, public=True)
    assert [p for p in sorted(root.rglob("*")) if ".argmap" not in p.parts] == before
    _build(made, public=True, allow_new=True)
    listed = (root / "claims/published.txt").read_text("utf-8").splitlines()
    assert [line for line in listed if not line.startswith("#")] == ["A.md"]
    _mark(made, "B.md")
    with pytest.raises(UnlistedError, match=r"B\.md"):
        _build(made, public=True)
    assert "Twelfth" not in (root / "site/index.html").read_text("utf-8")
    assert "2 notes published" in _build(made, public=True, allow_new=True)
    assert "2 notes published" in _build(made, public=True)


def test_a_note_taken_back_leaves_site_and_list(project: Callable[..., Project]) -> None:
    """Without its property a note goes; to publish it again is news again."""
    made = project({"A.md": "- One #claim\n", "B.md": "- Twelfth #claim\n"})
    assert "no note says `publish: true`" in _build(made, public=True)
    _mark(made, "A.md")
    _mark(made, "B.md")
    _build(made, public=True, allow_new=True)
    (made.settings.vault_folder / "B.md").write_text("- Twelfth #claim\n", "utf-8")
    _build(made, public=True)
    root = made.settings.root
    assert "B.md" not in (root / "claims/published.txt").read_text("utf-8")
    assert not any("Twelfth" in text for text in _files(root / "site").values())
    _mark(made, "B.md")
    with pytest.raises(UnlistedError):
        _build(made, public=True)


def test_a_private_site_does_not_take_the_place_of_a_public_one(
    project: Callable[..., Project],
) -> None:
    """What is pushed from a folder that was public must not hold all notes unseen."""
    made = project({"A.md": "- One #claim\n", "B.md": "- Twelfth #claim\n"})
    _mark(made, "A.md")
    assert "public" not in _build(made)
    assert _build(made, public=True, allow_new=True).startswith("public site site/index.html")
    with pytest.raises(SiteError, match=r"holds a public site"):
        _build(made)
    assert not any("Twelfth" in text for text in _files(made.settings.site_folder).values())


def test_the_command_stops_where_nobody_can_be_asked(project: Callable[..., Project]) -> None:
    """In a scheduled job the build stops with 1, and says what it would have published."""
    made = project({"A.md": "---\npublish: true\n---\n- One #claim\n"})
    root = str(made.settings.root)
    result = CliRunner().invoke(main, ["-C", root, "build", "--public", "--offline"])
    assert result.exit_code == 1
    assert "not published before: A.md" in result.output
    assert "--allow-new" in result.output
    result = CliRunner().invoke(main, ["-C", root, "build", "--public", "--allow-new", "--offline"])
    assert result.exit_code == 0
    assert result.output.startswith("public site site/index.html")
    result = CliRunner().invoke(main, ["-C", root, "build", "--allow-new"])
    assert result.exit_code == 2


def test_lines_stay_where_they_were(mixed: Project) -> None:
    """What is taken out of a note moves no claim to another line."""
    report = mixed.report(DAYS[-1], online=False)
    told = public(report)

    def lines(of: Report) -> list[int]:
        return sorted(
            i.claim.span.line for i in of.claims.values() if i.claim.note == "Open/Main.md"
        )

    assert lines(told) == lines(report)
    assert told.claims["Open/Main#end"].claim.text.startswith(
        "The conclusion stands, says (not published)"
    )
