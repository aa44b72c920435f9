"""`argmap obsidian sync` brings statuses into a vault, takes them out again, and hurts no note."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.cli import main, today
from argmap.notes import read_note_bytes, split_front_matter
from argmap.obsidian import places
from argmap.obsidian.doctor import examined
from argmap.obsidian.leftover import clear
from argmap.obsidian.properties import RefusedError, with_properties
from argmap.obsidian.statuses import main_claims, wanted
from argmap.obsidian.sync import Plan, planned_sync, planned_unsync
from argmap.project import Project
from argmap.vault import read_vault
from argmap.vault.uri import open_uri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from argmap.report import Report

    Make = Callable[..., Project]

VAULTS = sorted(Path(__file__).parents[2].glob("shared/vaults/*"))
DAY = date(2026, 4, 1)
NOTE = """
    ---
    tags: [market]
    ---
    - Small models lead the market #claim ^market
        - said so #evidence (source:: https://example.org) (judged:: 2026-01-05) ^said
    - So bet on them #claim ^bet
        - The market decides #claim (supports:: bet) ^decides
"""
REFUTED = {"argmap": "refuted", "argmap_marks": ["lapsed", "stale"], "argmap_since": "2026-01-31"}


def report_of(made: Project) -> Report:
    return made.report(DAY, online=False)


def sync(made: Project) -> Plan:
    plan = planned_sync(report_of(made))
    plan.write()
    return plan


def unsync(made: Project) -> Plan:
    plan = planned_unsync(made.settings, report_of(made).vault)
    plan.write()
    return plan


def bytes_of(folder: Path) -> dict[str, bytes | None]:
    """Return all files and folders of a vault."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


# Properties


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# T\n", "---\nargmap: supported\n---\n# T\n"),
        ("", "---\nargmap: supported\n---\n"),
        ("---\na: 1\n---\nx", "---\na: 1\nargmap: supported\n---\nx"),
        ("---\na: 1 # why\n---", "---\na: 1 # why\nargmap: supported\n---"),
        ("---\r\na: 1\r\n---\r\nx\n", "---\r\na: 1\r\nargmap: supported\r\n---\r\nx\n"),
        ("\ufeff---\na: &x 1\nb: *x\n---", "\ufeff---\na: &x 1\nb: *x\nargmap: supported\n---"),
        ("\ufeffx", "\ufeff---\nargmap: supported\n---\nx"),
        ("---\n---\nx", "---\nargmap: supported\n---\nx"),
        ("---\n# only a comment\n---\n", "---\n# only a comment\nargmap: supported\n---\n"),
        ("---\n  a: 1\n---\n", "---\n  a: 1\n  argmap: supported\n---\n"),
        ("---\nt: |\n  a\n---\n", "---\nt: |\n  a\nargmap: supported\n---\n"),
        ("---\nt: |+\n  a\n\n---\n", "---\nt: |+\n  a\n\nargmap: supported\n---\n"),
        ("---\nargmap: refuted # mine\nz: 1\n---\n", "---\nargmap: supported # mine\nz: 1\n---\n"),
        ('---\nargmap: "refuted"\nargmap_marks: [stale]\n---\n', "---\nargmap: supported\n---\n"),
        ("---\nargmap_marks:\n- stale\n- x\nz: 1\n---\n", "---\nz: 1\nargmap: supported\n---\n"),
    ],
)  # fmt: skip
def test_our_lines_change_and_no_other(before: str, after: str) -> None:
    """A status is a line at the end of the properties, or takes the place of the one there."""
    found = with_properties(before.encode(), {"argmap": "supported"}).decode()
    assert found == after


@pytest.mark.parametrize("keys", [*permutations(["argmap", "argmap_marks", "argmap_since", "a"])])
@pytest.mark.parametrize("lacks", ["", "argmap_marks", "argmap_since"])
def test_our_properties_may_be_dragged_about(keys: tuple[str, ...], lacks: str) -> None:
    """In whichever order a person put them, they get their values, and none is refused."""
    said = {"argmap": " unknown", "argmap_marks": "\n  - stale", "argmap_since": " 2026-01-01"}
    lines = "".join(f"{key}:{said.get(key, ' 1')}\n" for key in keys if key != lacks)
    note = read_note_bytes("n.md", with_properties(f"---\n{lines}---\nx".encode(), REFUTED))
    assert (note.synced, note.properties) == (REFUTED, {"a": 1})
    assert with_properties(note.text.encode(), {}) == b"---\na: 1\n---\nx"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('---\n{"a": 1}\n---\n', "JSON"),
        ("---\n{a: 1}\n---\n", "JSON"),
        ("---\na: A: b\n---\n", "not YAML"),
        ("---\na: 1\na: 2\n---\n", "twice"),
        ("---\nargmap: refuted\nargmap: unknown\n---\n", "twice"),
        ("---\n- a\n---\n", "key: value"),
        ("---\nnull\n---\n", "key: value"),
        ("---\na: 1\nno end", "no other closes"),
        ("---\nargmap: [refuted]\n---\n", "not written as"),
        ("---\nargmap: |\n  refuted\n---\n", "not written as"),
        ("---\nargmap_marks:\n  - x # mine\n---\n", "not written as"),
        ('---\n"argmap": refuted\n---\n', "not written as"),
        ("---\na: 1\n...\n---\n", "unusual"),
        ("---\ta: 1\n---\n", ""),
    ],
)
def test_what_is_not_sure_is_refused(text: str, why: str) -> None:
    """Malformed, JSON, a key twice, a value that is not as argmap writes it: nothing changes."""
    if not why:  # no block of properties at all
        assert with_properties(text.encode(), REFUTED).endswith(text.encode())
        return
    with pytest.raises(RefusedError, match=why):
        with_properties(text.encode(), REFUTED)


def test_a_file_that_is_not_utf8_is_refused() -> None:
    """Bytes that no text has are not touched."""
    with pytest.raises(RefusedError, match="UTF-8"):
        with_properties("# Заметка".encode("cp1251"), REFUTED)


KEYS = st.sampled_from(["tags", "author", "цена", "aliases", "due", "'quoted'"])
VALUES = st.sampled_from(
    ["1", "'it''s'", '"two\\n"', "[a, b]", "\n  - a\n  - b", "\n- a", "|\n  text\n  more", "",
     "{x: 1}", "2026-01-01", "no", "📝", '"[[N]]"', "&a x", "A: b", "x # a comment", "[", "# c"]
)  # fmt: skip
LINES = st.one_of(
    st.builds("{}: {}".format, KEYS, VALUES),
    st.sampled_from(["# a comment", "", "\tx: 1", "argmap: supported", "argmap_marks: [stale]",
                     "argmap_since: 2026-01-01", "argmap: mine", "argmap_marks:\n  - a", "..."]),
)  # fmt: skip
BODIES = st.text("ab-#\n \t:я📝`>[]^", max_size=40)
FRONTS = st.one_of(
    st.just(""),
    st.builds(
        lambda lines, fence, end: "\n".join(["---", *lines, f"---{fence}"]) + end,
        st.lists(LINES, max_size=5), st.sampled_from(["", " "]), st.sampled_from(["", "\n"]),
    ),
    st.sampled_from(['---\n{"a": 1}\n---\n', "---\na: 1\n", "---", "--- \n\n---\n"]),
)  # fmt: skip
NOTES = st.builds(
    lambda bom, front, body, end: (bom + (front + body).replace("\n", end)).encode(),
    st.sampled_from(["", "\ufeff"]), FRONTS, BODIES, st.sampled_from(["\n", "\r\n", "\r"]),
)  # fmt: skip
WANTED = st.builds(
    lambda status, marks, since: {
        "argmap": status,
        **({"argmap_marks": marks} if marks else {}),
        **({"argmap_since": since} if since else {}),
    },
    st.sampled_from(["supported", "refuted", "contested", "unknown"]),
    st.lists(st.sampled_from(["lapsed", "stale", "inferred"]), unique=True),
    st.sampled_from(["", "2026-01-31"]),
)


def unhurt(data: bytes, values: dict[str, Any]) -> None:
    """Check the law on one note."""
    note = read_note_bytes("n.md", data)
    try:
        after = with_properties(data, values)
    except RefusedError:
        return
    read = read_note_bytes("n.md", after)
    assert read.synced == values
    assert repr(read.properties) == repr(note.properties)
    assert [(b.kind, b.markdown) for b in read.blocks] == [
        (b.kind, b.markdown) for b in note.blocks
    ]
    assert with_properties(after, values) == after
    if not note.synced:
        # A block without any property is the author's own.
        keep = split_front_matter(note.text)[0] is not None
        assert with_properties(after, {}, keep_block=keep) == data


@settings(max_examples=300, deadline=None)
@given(NOTES, WANTED)
def test_no_note_is_hurt(data: bytes, values: dict[str, Any]) -> None:
    """Only our properties change; twice changes nothing; taken out, the bytes are as they were."""
    unhurt(data, values)


@settings(max_examples=100, deadline=None)
@given(NOTES, WANTED, WANTED)
def test_from_one_status_to_another_and_out(
    data: bytes, one: dict[str, Any], two: dict[str, Any]
) -> None:
    """However often a status changes in between, taking it out gives back the same bytes."""
    note = read_note_bytes("n.md", data)
    try:
        after = with_properties(with_properties(data, one), two)
    except RefusedError:
        return
    if not note.synced:
        keep = split_front_matter(note.text)[0] is not None
        assert with_properties(after, {}, keep_block=keep) == data


@pytest.mark.skipif(not VAULTS, reason="no vaults beside the repository")
@pytest.mark.parametrize("vault", VAULTS, ids=lambda path: path.name)
def test_no_real_note_is_hurt(vault: Path) -> None:
    """The same for each note of real vaults."""
    for path in sorted(vault.rglob("*.md"))[::3]:
        unhurt(path.read_bytes(), REFUTED)


def test_a_large_note_is_spliced() -> None:
    """A megabyte of text stays as it is."""
    body = ("Строка 📝 — " * 20 + "\r\n").encode() * 3000
    data = b"---\r\na: 1\r\n---\r\n" + body
    after = with_properties(data, REFUTED)
    assert after.endswith(body)
    assert with_properties(after, {}) == data


# Which claim a note's status is


def test_the_main_claim_is_the_notes_own(project: Make) -> None:
    """The claim the note is, else its conclusion, else its first; never an opponent's."""
    made = project({
        "a.md": NOTE,
        "b.md": "---\nclaim: Bees matter\n---\n- They sting #con ^sting\n",
        "c.md": "Nothing is claimed here.\n",
    })  # fmt: skip
    report = report_of(made)
    assert {path: values["argmap"] for path, values in wanted(main_claims(report)).items()} == {
        "a.md": "supported", "b.md": report.claims["b"].now.status,
    }  # fmt: skip
    claims = dict(report.claims)
    market = claims["a#market"]
    claims["a#bet"] = replace(
        claims["a#bet"], claim=replace(claims["a#bet"].claim, role="conclusion")
    )
    assert wanted(main_claims(replace(report, claims=claims)))["a.md"]["argmap"] == "unknown"
    quoted = replace(market, claim=replace(market.claim, attributed=market.claim.span))
    assert wanted(main_claims(replace(report, claims={"a#market": quoted}))) == {}


def test_argmap_does_not_read_its_own_properties_back(project: Make) -> None:
    """What sync writes changes no id, property, claim or page; a second sync finds no news."""
    made = project({"a.md": NOTE, "b.md": "- Alone #claim\n"})
    before = report_of(made)
    sync(made)
    after = report_of(made)
    assert after.claims.keys() == before.claims.keys()
    assert after.vault.notes["a.md"].properties == before.vault.notes["a.md"].properties
    assert after.vault.notes["a.md"].synced["argmap"] == "supported"
    assert "argmap/argmap.md" not in after.vault.notes
    assert after.problems == ()


# The whole vault


def test_sync_twice_changes_nothing_and_unsync_gives_everything_back(project: Make) -> None:
    """After unsync the vault has the same files with the same bytes, folders included."""
    made = project({"a.md": NOTE, "sub/b.md": "- Alone #claim\n", "c.md": "Plain.\n"})
    vault = made.settings.vault_folder
    (vault / "empty.md").write_bytes(b"---\n---\n- Empty #claim\n")
    (vault / "crlf.md").write_bytes(b"\xef\xbb\xbf---\r\nx: 1\r\n---\r\n- Windows #claim")
    (vault / ".obsidian").mkdir()
    (vault / ".obsidian/graph.json").write_text('{"scale":0.5,\n"colorGroups":[]}', "utf-8")
    before = bytes_of(vault)
    assert len(sync(made).changes) == 11
    times = {path: (vault / path).stat().st_mtime_ns for path in bytes_of(vault)}
    assert sync(made).changes == []
    assert times == {path: (vault / path).stat().st_mtime_ns for path in bytes_of(vault)}
    unsync(made)
    assert bytes_of(vault) == before


def test_only_notes_whose_status_changed_are_written(project: Make) -> None:
    """Of two notes the one that turned is written; the other keeps its time."""
    made = project({"a.md": NOTE, "b.md": "- Alone #claim ^alone\n"})
    sync(made)
    other = made.settings.vault_folder / "a.md"
    time = other.stat().st_mtime_ns
    note = made.settings.vault_folder / "b.md"
    text = note.read_text("utf-8")
    note.write_text(f"{text}    - seen #evidence (source:: x) (judged:: 2026-01-01)\n", "utf-8")
    paths = [change.path for change in sync(made).changes]
    assert "b.md" in paths
    assert "a.md" not in paths
    assert other.stat().st_mtime_ns == time
    assert "argmap: supported" in note.read_text("utf-8")


def test_a_note_that_lost_its_claim_loses_its_status(project: Make) -> None:
    """Properties of ours in a note without a claim go."""
    made = project({"a.md": "- Alone #claim\n"})
    sync(made)
    note = made.settings.vault_folder / "a.md"
    note.write_text(note.read_text("utf-8").replace(" #claim", ""), "utf-8")
    sync(made)
    assert note.read_text("utf-8") == "- Alone\n"


def test_a_property_of_the_authors_own_is_refused(project: Make) -> None:
    """`argmap: my notes` is not overwritten, and a note without claims is nobody's business."""
    text = "---\nargmap: my notes\n---\n"
    made = project({"a.md": f"{text}- Alone #claim\n", "b.md": text})
    plan = sync(made)
    (problem,) = plan.problems
    assert (problem.code, problem.span.path) == ("A110", "vault/a.md")
    assert (made.settings.vault_folder / "a.md").read_text("utf-8").startswith(text)


def test_read_only_changed_and_linked_notes(project: Make, tmp_path: Path) -> None:
    """What is read-only or changed meanwhile stays, with a problem; a link inside stays a link."""
    made = project({"a.md": "- A #claim\n", "b.md": "- B #claim\n", "sub/c.md": "- C #claim\n"})
    vault = made.settings.vault_folder
    (vault / "link.md").symlink_to("sub/c.md")
    (tmp_path / "outside.md").write_text("- Out #claim\n", "utf-8")
    (vault / "out.md").symlink_to(tmp_path / "outside.md")
    (vault / "a.md").chmod(0o444)
    plan = planned_sync(report_of(made))
    (vault / "b.md").write_text("- B, better #claim\n", "utf-8")
    told = {problem.span.path: problem.message for problem in plan.write()}
    assert "read-only" in told["vault/a.md"]
    assert "changed meanwhile" in told["vault/b.md"]
    assert (vault / "b.md").read_text("utf-8") == "- B, better #claim\n"
    assert (vault / "link.md").is_symlink()
    assert (tmp_path / "outside.md").read_text("utf-8") == "- Out #claim\n"


class KilledError(BaseException):
    """The machine loses power."""


def test_killed_at_any_moment_each_file_is_whole(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever call is the last, every file is as before or as after; the next run completes."""
    made = project({"a.md": NOTE, "b.md": "- Alone #claim\n"})
    vault = made.settings.vault_folder
    report = report_of(made)
    before = bytes_of(vault)
    after = {**before, **{c.path: c.after for c in planned_sync(report).changes}}
    calls = 0
    for last in range(100):
        with monkeypatch.context() as patched:
            calls = _die_at(patched, last)
            try:
                planned_sync(report).write()
                finished = True
            except KilledError:
                finished = False
        for path, data in bytes_of(vault).items():
            if data is not None and ".argmap-" not in path:
                assert data in (before.get(path), after.get(path))
        for path in before:
            assert (vault / path).exists()
        if finished:
            break
        unsync(made)
        for path in vault.rglob(".argmap-*"):
            path.unlink()
        assert {p: d for p, d in bytes_of(vault).items() if d is not None} == before
    assert last > 20
    assert calls == 0


def _die_at(patched: pytest.MonkeyPatch, last: int) -> int:
    """Let the `last`-th call that touches the disk, and all after it, never happen."""
    done = 0

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def either(*args: Any, **kwargs: Any) -> Any:
            nonlocal done
            done += 1
            if done > last:
                raise KilledError
            return call(*args, **kwargs)

        return either

    for where, name in ((os, "fsync"), (os, "link"), (Path, "replace"), (Path, "unlink"),
                        (Path, "chmod"), (Path, "mkdir")):  # fmt: skip
        patched.setattr(where, name, counted(getattr(where, name)))
    return 0


# Obsidian's own settings


def test_what_the_person_has_in_the_graph_stays(project: Make) -> None:
    """Our colour groups come first; others and every other key stay, and stay after unsync."""
    made = project({"a.md": NOTE})
    graph = made.settings.vault_folder / places.GRAPH
    graph.parent.mkdir()
    theirs = {"query": "path:Projects", "color": {"a": 1, "rgb": 1}}
    graph.write_text(json.dumps({"scale": 1, "colorGroups": [theirs]}), "utf-8")
    sync(made)
    merged = json.loads(graph.read_text("utf-8"))
    assert [g["query"] for g in merged["colorGroups"]][1:] == [
        "[argmap:refuted]", "[argmap:contested]", "[argmap:unknown]", "path:Projects",
    ]  # fmt: skip
    graph.write_text(json.dumps({**merged, "scale": 2}), "utf-8")  # as Obsidian does
    assert sync(made).changes == []
    unsync(made)
    assert json.loads(graph.read_text("utf-8")) == {"scale": 2, "colorGroups": [theirs]}


@pytest.mark.parametrize("text", ["{", "[]", '{"colorGroups": 7}', '{"a": 1, "a": 2}'])
def test_settings_that_cannot_be_merged_stay(project: Make, text: str) -> None:
    """A graph.json that is not as Obsidian writes it is left alone, with a problem."""
    made = project({"a.md": NOTE})
    graph = made.settings.vault_folder / places.GRAPH
    graph.parent.mkdir()
    graph.write_text(text, "utf-8")
    assert [problem.span.path for problem in sync(made).problems] == [f"vault/{places.GRAPH}"]
    assert graph.read_text("utf-8") == text


def test_the_snippet_is_turned_on_beside_others(project: Make) -> None:
    """`enabledCssSnippets` gains ours once, and loses only ours."""
    made = project({"a.md": NOTE})
    file = made.settings.vault_folder / places.APPEARANCE
    file.parent.mkdir()
    file.write_text('{"enabledCssSnippets": ["mine"], "theme": "obsidian"}', "utf-8")
    sync(made)
    assert json.loads(file.read_text("utf-8"))["enabledCssSnippets"] == ["mine", "argmap"]
    file.write_text(file.read_text("utf-8").replace("mine", "other"), "utf-8")
    unsync(made)
    assert json.loads(file.read_text("utf-8"))["enabledCssSnippets"] == ["other"]


def test_a_snippet_that_a_person_turned_off_stays_off(project: Make) -> None:
    """It is not turned on again, and doctor says so; turned on in Obsidian, it is on."""
    made = project({"a.md": NOTE})
    file = made.settings.vault_folder / places.APPEARANCE
    file.parent.mkdir()
    file.write_text('{"enabledCssSnippets": []}', "utf-8")
    sync(made)
    on = file.read_text("utf-8")
    file.write_text('{"enabledCssSnippets": []}', "utf-8")
    assert [change.path for change in sync(made).changes] == []
    (row,) = examined(report_of(made))
    assert "turned off by hand" in row["what"]
    file.write_text(on, "utf-8")
    assert examined(report_of(made)) == []
    unsync(made)
    assert file.read_text("utf-8") == '{"enabledCssSnippets": []}'


def test_a_snippet_that_was_never_on_was_not_turned_off(project: Make) -> None:
    """A sync whose appearance.json could not be written turns the snippet on the next time."""
    made = project({"a.md": NOTE})
    plan = planned_sync(report_of(made))
    file = made.settings.vault_folder / places.APPEARANCE
    file.parent.mkdir()
    file.write_text('{"theme": "obsidian"}', "utf-8")  # meanwhile
    assert plan.write()
    sync(made)
    assert json.loads(file.read_text("utf-8"))["enabledCssSnippets"] == ["argmap"]


# Canvas


def canvas_of(made: Project) -> tuple[Path, dict[str, Any]]:
    (path,) = (made.settings.vault_folder / "argmap").glob("*.canvas")
    return path, json.loads(path.read_text("utf-8"))


DEBATE = """
    - Small models lead #claim (supports:: bet) ^market
        - said so #evidence (source:: https://example.org) (judged:: 2026-01-05) ^said
    - So bet on them #claim ^bet
"""


@pytest.mark.parametrize(
    ("note", "begins"),
    [("Малые модели — будущее?.md", "малые-модели-будущее-"), ("SLM or LLM.md", "slm-or-llm-")],
)
def test_a_canvas_is_named_by_its_debate(project: Make, note: str, begins: str) -> None:
    """Whoever looks through the folder sees which map is whose, in any alphabet."""
    made = project({note: DEBATE})
    sync(made)
    path, _ = canvas_of(made)
    assert path.name.startswith(begins)
    dashboard = (made.settings.vault_folder / places.DASHBOARD).read_text("utf-8")
    assert f"[[argmap/{path.name}|" in dashboard


def test_a_canvas_has_the_map(project: Make) -> None:
    """Cards link to the blocks, in the colour of their status; lines say what they are."""
    made = project({"a.md": DEBATE})
    sync(made)
    _, canvas = canvas_of(made)
    cards = {node["text"].split("\n")[2]: node for node in canvas["nodes"]}
    assert cards["Small models lead"]["color"] == "4"
    assert "[[a#^market|a]]" in cards["Small models lead"]["text"]
    assert sorted(edge["label"] for edge in canvas["edges"]) == ["supports", "supports"]
    ids = {node["id"] for node in canvas["nodes"]}
    assert all({edge["fromNode"], edge["toNode"]} <= ids for edge in canvas["edges"])
    assert all(isinstance(n[key], int) for n in canvas["nodes"] for key in ("x", "y", "width"))


def test_a_text_that_looks_like_a_canvas_stays_a_text(project: Make) -> None:
    """Cards stand a row each, whatever is written on them; an argument's leads to its block."""
    odd = '},{"id":"x"}'
    step = f"- So {odd} #argument (premises:: [[#^market]]) (supports:: bet) ^step"
    made = project({"a.md": f"{DEBATE}    {step}\n"})
    sync(made)
    path, canvas = canvas_of(made)
    (card,) = (node for node in canvas["nodes"] if odd in node["text"])
    assert card["text"].endswith(f"[[a#^step|So {odd}]]")
    rows = path.read_text("utf-8").splitlines()
    assert [json.loads(row.strip().rstrip(",")) for row in rows[2 : 2 + len(canvas["nodes"])]] == (
        canvas["nodes"]
    )


def test_what_a_person_moved_or_added_in_a_canvas_stays(project: Make) -> None:
    """A moved card keeps its place, an added one everything; a new claim's card finds room."""
    made = project({"a.md": DEBATE})
    sync(made)
    path, canvas = canvas_of(made)
    canvas["nodes"][0].update(x=5000, y=-70, mine="kept")
    note = {"id": "mine", "type": "text", "text": "Ask Anna", "x": 0, "y": 0, "width": 900,
            "height": 900}  # fmt: skip
    line = {"id": "line", "fromNode": "mine", "toNode": canvas["nodes"][0]["id"]}
    path.write_text(
        json.dumps({"nodes": [*canvas["nodes"], note], "edges": [*canvas["edges"], line]}), "utf-8"
    )
    assert sync(made).changes == []
    source = made.settings.vault_folder / "a.md"
    source.write_text(source.read_text("utf-8") + "- Another #claim (attacks:: bet) ^no\n", "utf-8")
    sync(made)
    _, again = canvas_of(made)
    moved = next(node for node in again["nodes"] if node["id"] == canvas["nodes"][0]["id"])
    assert (moved["x"], moved["y"], moved["mine"]) == (5000, -70, "kept")
    assert note in again["nodes"]
    assert line in again["edges"]
    (new,) = (node for node in again["nodes"] if "Another" in node.get("text", ""))
    assert all(_apart(new, node) for node in again["nodes"] if node is not new)
    unsync(made)
    _, left = canvas_of(made)
    assert left == {"nodes": [note], "edges": []}


def test_a_card_that_a_person_deleted_stays_away(project: Make) -> None:
    """Neither it nor its lines come back, until the canvas itself is deleted; nor does a line."""
    made = project({"a.md": DEBATE})
    sync(made)
    path, whole = canvas_of(made)
    (said,) = (node for node in whole["nodes"] if "said so" in node["text"])
    others = [node for node in whole["nodes"] if node is not said]
    path.write_text(json.dumps({"nodes": others, "edges": []}), "utf-8")
    source = made.settings.vault_folder / "a.md"
    source.write_text(source.read_text("utf-8") + "- Another #claim (attacks:: bet) ^no\n", "utf-8")
    for _ in range(2):
        sync(made)
        _, again = canvas_of(made)
        assert len(again["nodes"]) == 3
        assert said["id"] not in {node["id"] for node in again["nodes"]}
        assert [edge["label"] for edge in again["edges"]] == ["attacks"]
    path.write_text(json.dumps({**again, "nodes": [*again["nodes"], said]}), "utf-8")  # undone
    sync(made)
    assert len(canvas_of(made)[1]["nodes"]) == 4
    path.unlink()
    sync(made)
    assert len(canvas_of(made)[1]["nodes"]) == 4
    assert len(canvas_of(made)[1]["edges"]) == 3


def test_a_claim_that_was_gone_for_a_while_has_its_card_again(project: Make) -> None:
    """What argmap itself took off a canvas was not deleted by the person."""
    made = project({"a.md": DEBATE + "    - Third #claim (supports:: bet) ^third\n"})
    sync(made)
    source = made.settings.vault_folder / "a.md"
    with_third = source.read_text("utf-8")
    for text in (with_third.replace(" #claim (supports:: bet) ^third", ""), with_third):
        source.write_text(text, "utf-8")
        sync(made)
    assert any("Third" in node["text"] for node in canvas_of(made)[1]["nodes"])


def test_a_canvas_that_could_not_be_written_has_no_deleted_cards(project: Make) -> None:
    """A sync cut off before its canvas stood does not take the missing cards for deleted ones."""
    made = project({"a.md": DEBATE})
    sync(made)
    source = made.settings.vault_folder / "a.md"
    source.write_text(source.read_text("utf-8") + "- Another #claim (attacks:: bet) ^no\n", "utf-8")
    plan = planned_sync(report_of(made))
    path, canvas = canvas_of(made)
    canvas["nodes"][0]["x"] += 10
    path.write_text(json.dumps(canvas), "utf-8")  # meanwhile
    assert plan.write()
    sync(made)
    assert any("Another" in node["text"] for node in canvas_of(made)[1]["nodes"])


@pytest.mark.parametrize("key", ["color", "width", "height", "x", "zIndex"])
def test_how_a_person_made_a_card_look_stays_where_argmap_says_nothing(
    project: Make, key: str
) -> None:
    """Place and size are the person's; a colour is the status's where there is one."""
    made = project({"a.md": DEBATE})
    sync(made)
    path, canvas = canvas_of(made)
    (said,) = (node for node in canvas["nodes"] if "said so" in node["text"])  # has no colour
    said[key] = "6" if key == "color" else 777
    path.write_text(json.dumps(canvas), "utf-8")
    source = made.settings.vault_folder / "a.md"
    source.write_text(source.read_text("utf-8").replace("lead", "rule"), "utf-8")
    sync(made)
    (again,) = (node for node in canvas_of(made)[1]["nodes"] if node["id"] == said["id"])
    assert again[key] == said[key]


def _apart(one: dict[str, int], two: dict[str, int]) -> bool:
    return (
        one["x"] >= two["x"] + two["width"]
        or two["x"] >= one["x"] + one["width"]
        or one["y"] >= two["y"] + two["height"]
        or two["y"] >= one["y"] + one["height"]
    )


# Generated files


def test_a_generated_file_that_somebody_wrote_in_is_left_alone(project: Make) -> None:
    """The dashboard with a person's line in it is neither overwritten nor removed."""
    made = project({"a.md": NOTE})
    sync(made)
    note = made.settings.vault_folder / "argmap/argmap.md"
    note.write_text(note.read_text("utf-8") + "My own line.\n", "utf-8")
    source = made.settings.vault_folder / "a.md"
    source.write_text(source.read_text("utf-8").replace("lead", "rule"), "utf-8")
    assert [problem.code for problem in sync(made).problems] == ["A110"]
    unsync(made)
    assert note.read_text("utf-8").endswith("My own line.\n")


def test_the_base_is_yaml_and_the_dashboard_links_to_blocks(project: Make) -> None:
    """The base filters by our property; the dashboard names each debate with its status."""
    from argmap import yaml

    made = project({"a.md": DEBATE}, config='[obsidian]\nsite = "https://example.org/s/"\n')
    sync(made)
    folder = made.settings.vault_folder / "argmap"
    base = yaml.load((folder / "argmap.base").read_text("utf-8")).value
    assert [view["type"] for view in base["views"]] == ["table"] * 4
    text = (folder / "argmap.md").read_text("utf-8")
    assert "- ✓ **supported**: [[a#^bet|So bet on them]]" in text
    assert "https://example.org/s/debate/" in text
    assert not read_vault(made.settings.vault_folder, "vault").problems


def test_css_cannot_be_ended_by_a_name(project: Make) -> None:
    """A quote or backslash in a note's name stays inside its selector."""
    made = project({'a"]{x}\\.md': "- Alone #claim\n"})
    sync(made)
    css = (made.settings.vault_folder / ".obsidian/snippets/argmap.css").read_text("utf-8")
    assert r'data-href="a\22 ]{x}\5c "' in css


# Links


@pytest.mark.parametrize(
    ("path", "subpath", "file"),
    [
        ("Note.md", "", "Note"),
        ("a b/Рынок.md", "", "a%20b%2F%D0%A0%D1%8B%D0%BD%D0%BE%D0%BA"),
        ("Note.md", "Heading", "Note%23Heading"),
        ("Note.md", "^block", "Note%23%5Eblock"),
        ("100% & more?.md", "", "100%25%20%26%20more%3F"),
    ],
)
def test_addresses_are_encoded_as_obsidian_asks(path: str, subpath: str, file: str) -> None:
    """Cyrillic, spaces, slashes, `#` and `^` are percent-encoded."""
    assert open_uri("My vault", path, subpath) == f"obsidian://open?vault=My%20vault&file={file}"


# The command


def run(folder: Path, *words: str) -> Any:
    return CliRunner().invoke(main, ["-C", str(folder), *words])


def test_dry_run_shows_the_diff_and_writes_nothing(project: Make) -> None:
    """`--dry-run` prints a unified diff of all that would be written."""
    made = project({"a.md": NOTE})
    before = bytes_of(made.settings.vault_folder)
    result = run(made.settings.root, "obsidian", "sync", "--dry-run", "--as-of", "2026-04-01")
    assert "+argmap: supported\n" in result.stdout
    assert result.exit_code == 0
    assert bytes_of(made.settings.vault_folder) == before


def test_build_syncs_where_the_config_says_so(project: Make) -> None:
    """With `obsidian.sync`, a build of today's site writes statuses; one as of a day does not."""
    made = project({"a.md": NOTE}, config="[obsidian]\nsync = true\n")
    note = made.settings.vault_folder / "a.md"
    run(made.settings.root, "build", "--offline", "--as-of", "2026-04-01")
    assert "argmap:" not in note.read_text("utf-8")
    assert run(made.settings.root, "build", "--offline").exit_code == 0
    assert "argmap: supported" in note.read_text("utf-8")
    again = run(made.settings.root, "build", "--offline")
    assert again.stdout.endswith("nothing changed\n")


def test_doctor_finds_what_is_missing_or_overwritten(project: Make) -> None:
    """After a sync nothing; after Obsidian rewrote a file, its name, and exit code 1."""
    made = project({"a.md": NOTE})
    root, vault = made.settings.root, made.settings.vault_folder
    run(root, "obsidian", "sync", "--as-of", "2026-04-01")
    assert run(root, "obsidian", "doctor", "--as-of", "2026-04-01").exit_code == 0
    (vault / places.GRAPH).write_text("{}", "utf-8")
    (vault / "argmap/argmap.base").unlink()
    result = run(root, "obsidian", "doctor", "--json", "--as-of", "2026-04-01")
    assert result.exit_code == 1
    assert {row["path"]: row["what"] for row in json.loads(result.stdout)} == {
        ".obsidian/graph.json": "colour groups are missing", "argmap/argmap.base": "missing",
    }  # fmt: skip


# init


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    """Make a vault as Obsidian does, with one note."""
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / "Note.md").write_text("# Note\n\nText [[Other]].\n", "utf-8")
    (tmp_path / ".gitignore").write_bytes(b"*.tmp\r\nmine")
    yield tmp_path
    shutil.rmtree(tmp_path)


def test_init_makes_a_vault_a_project(fresh: Path) -> None:
    """A config, an example that comes out supported, a line for git; no note changes; twice too."""
    note = (fresh / "Note.md").read_bytes()
    assert run(fresh, "init").exit_code == 0
    assert (fresh / "Note.md").read_bytes() == note
    assert (fresh / ".gitignore").read_bytes() == b"*.tmp\r\nmine\r\n.argmap/\r\n"
    report = Project.open(fresh).report(today(), online=False)
    assert report.claims["claims/Example#rent-a-gpu"].now.status == "supported"
    assert report.claims["claims/Example#rent-a-gpu"].marks == ()
    assert [problem.code for problem in report.problems] == ["A104"]  # the person's own [[Other]]
    before = bytes_of(fresh)
    again = run(fresh, "init")
    assert again.stdout == ""
    assert bytes_of(fresh) == before


def test_an_example_that_was_deleted_stays_deleted(fresh: Path) -> None:
    """In a project that has a config already, init brings nothing back."""
    run(fresh, "init")
    (fresh / "claims/Example.md").unlink()
    run(fresh, "init")
    assert not (fresh / "claims/Example.md").exists()


def test_templates_go_where_the_plugin_looks_and_are_no_notes(fresh: Path) -> None:
    """With the plugin's own folder set, they go there; argmap reads no claims from them."""
    (fresh / ".obsidian/templates.json").write_text('{"folder": "My templates"}', "utf-8")
    assert run(fresh, "init", "--templates").exit_code == 0
    assert (fresh / "My templates/argmap claim.md").is_file()
    vault = read_vault(fresh, ".")
    assert not any(path.startswith("My templates/") for path in vault.notes)
    assert "My templates/argmap claim.md" in vault.files


def test_init_in_a_folder_that_holds_a_vault(tmp_path: Path) -> None:
    """Beside a folder `vault` the site stands beside it, the example inside."""
    (tmp_path / "vault").mkdir()
    run(tmp_path, "init")
    settings = Project.open(tmp_path).settings
    assert (settings.vault, settings.site) == ("vault", "site")
    assert (tmp_path / "vault/argmap example.md").is_file()


# What a killed run leaves


def aged(path: Path) -> None:
    """Make a file look as if nobody wrote it just now."""
    os.utime(path, (1_000_000_000, 1_000_000_000))


def cut_off(made: Project) -> Path:
    """Return the vault of a project whose last sync was killed while it wrote."""
    mark = made.settings.state_folder / "writing"
    mark.parent.mkdir(exist_ok=True)
    mark.touch()
    return made.settings.vault_folder


def test_what_a_killed_sync_left_goes_with_the_next(project: Make) -> None:
    """Its hidden files go by their names; whatever is called otherwise, or is no file, stays."""
    made = project({"a.md": NOTE, "sub/b.md": "text\n"})
    vault = cut_off(made)
    ours = [vault / ".argmap-ab12_xyz", vault / "sub" / ".argmap-00000000"]
    theirs = [vault / name for name in (".argmap-mine.txt", ".argmap-ABCDEFGH", ".argmap-ab12")]
    for path in (*ours, *theirs):
        path.write_text("half")
        aged(path)
    (vault / ".argmap-linklink").symlink_to(vault / "a.md")
    (vault / ".argmap-folder00").mkdir()
    assert (
        CliRunner().invoke(main, ["-C", str(made.settings.root), "obsidian", "sync"]).exit_code == 0
    )
    assert not any(path.exists() for path in ours)
    assert all(path.exists() for path in theirs)
    assert (vault / ".argmap-linklink").is_symlink()
    assert (vault / ".argmap-folder00").is_dir()
    assert not (made.settings.state_folder / "writing").exists()


def test_what_may_be_written_just_now_stays_until_a_later_sync(project: Make) -> None:
    """A file younger than a minute may be another run's; the mark stays, and a later sync looks."""
    made = project({"a.md": NOTE})
    left = cut_off(made) / ".argmap-ab12_xyz"
    left.write_text("half")
    clear(made.settings)
    assert left.exists()
    aged(left)
    clear(made.settings)
    assert not left.exists()


def test_unsync_right_after_a_killed_sync_leaves_no_folder(project: Make) -> None:
    """In argmap's own folder half a file goes at once: while one run writes, others wait."""
    made = project({"a.md": NOTE})
    before = bytes_of(made.settings.vault_folder)
    sync(made)
    vault = cut_off(made)
    (vault / "argmap/.argmap-ab12_xyz").write_text("half")
    assert run(made.settings.root, "obsidian", "unsync").exit_code == 0
    assert bytes_of(vault) == before


def test_what_a_note_held_before_goes_only_where_it_is_the_note_still(project: Make) -> None:
    """The only copy of what an editor may have written is never removed: doctor names it."""
    made = project({"a.md": NOTE})
    vault = cut_off(made)
    second, only = vault / ".argmap-ab12_xyz-old", vault / ".argmap-cd34_xyz-old"
    os.link(vault / "a.md", second)
    only.write_text("what an editor wrote")
    for path in (second, only):
        aged(path)
    clear(made.settings)
    assert (second.exists(), only.exists()) == (False, True)
    rows = {row["path"]: row for row in examined(report_of(made))}
    assert "what a note held before" in rows[only.name]["what"]


def test_where_no_run_was_cut_off_nothing_is_looked_for(project: Make) -> None:
    """A sync that ended leaves no mark, and the next does not search the vault."""
    made = project({"a.md": NOTE})
    sync(made)
    assert not (made.settings.state_folder / "writing").exists()
    left = made.settings.vault_folder / ".argmap-ab12_xyz"
    left.write_text("half")
    aged(left)
    clear(made.settings)
    assert left.exists()


def test_doctor_says_that_a_note_is_read_only(project: Make) -> None:
    """Where a sync would be refused again, the advice is not just to sync."""
    made = project({"a.md": NOTE})
    note = made.settings.vault_folder / "a.md"
    note.chmod(0o444)
    rows = {row["path"]: row for row in examined(report_of(made))}
    assert rows["a.md"]["what"] == "out of date, and read-only"
    note.chmod(0o644)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("argmap/a.canvas", "delete it to have it drawn anew"),
        (".obsidian/graph.json", "let Obsidian write it anew"),
    ],
)
def test_the_advice_on_broken_json_is_of_whose_file_it_is(
    project: Make, path: str, hint: str
) -> None:
    """Obsidian writes its own settings anew; argmap's canvas it does not."""
    made = project({"a.md": DEBATE})
    sync(made)
    (made.settings.vault_folder / path).write_text("{")
    plan = planned_sync(report_of(made))
    assert [problem.hint for problem in plan.problems] == [hint]
