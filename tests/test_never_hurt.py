"""No note is hurt: whole vaults synced and unsynced, killed in between, edited in between."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from nursery import Nursery

from argmap.obsidian.sync import planned_sync, planned_unsync
from argmap.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argmap.source import Problem

VAULTS = sorted(Path(__file__).parents[2].glob("shared/vaults/*"))
DAY = date(2026, 4, 1)
OURS = re.compile(
    rb"\s*argmap(?:_since|_marks)?:(?: [\w-]*)?|  - (?:lapsed|stale|inferred|circular)|---|"
)
CLAIM = b"- Small models lead #claim ^lead\n"


def sync(root: Path) -> tuple[list[str], dict[str, Problem]]:
    """Sync; return the files written, and the problems by file of the vault."""
    made = Project.open(root)
    plan = planned_sync(made.report(DAY, online=False))
    problems = plan.write()
    told = {problem.span.path.removeprefix("vault/"): problem for problem in problems}
    return [change.path for change in plan.changes], told


def unsync(root: Path) -> list[Problem]:
    made = Project.open(root)
    return planned_unsync(made.settings, made.read().reading.vault).write()


def notes_of(vault: Path) -> dict[str, bytes]:
    """Return all files of a vault but those argmap alone has."""
    found = {path.relative_to(vault).as_posix(): path for path in vault.rglob("*")}
    ours = ("argmap/", ".obsidian/")
    return {
        name: path.read_bytes()
        for name, path in found.items()
        if path.is_file() and not name.startswith(ours)
    }


def written(vault: Path, notes: Mapping[str, bytes]) -> None:
    for name, data in notes.items():
        path = vault / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def only_ours(before: bytes, after: bytes) -> None:
    """Check that nothing but whole lines of ours came in, and nothing else went."""
    old, new = (re.split(rb"(?<=\n)|(?<=\r)(?!\n)", data) for data in (before, after))
    bom = b"\xef\xbb\xbf"
    if before.startswith(bom):
        assert after.startswith(bom)
        old[0], new[0] = old[0].removeprefix(bom), new[0].removeprefix(bom)
    if len(before) > 100_000:  # difflib takes minutes
        head = after[: len(after) - len(before)]
        assert after.endswith(before)
        old, new = [], re.split(rb"(?<=\n)", head)
    for what, start, end, first, last in SequenceMatcher(None, old, new, False).get_opcodes():
        assert what in ("equal", "insert"), (old[start:end], new[first:last])
        if what == "insert":
            assert all(OURS.fullmatch(line.rstrip(b"\r\n")) for line in new[first:last])


def times(vault: Path) -> dict[str, int]:
    return {name: (vault / name).stat().st_mtime_ns for name in notes_of(vault)}


def unhurt(root: Path) -> dict[str, Problem]:
    """Check the law on a vault: sync, sync, unsync. Return what was refused."""
    vault = root / "vault"
    before, first_times = notes_of(vault), times(vault)
    _, told = sync(root)
    after = notes_of(vault)
    assert after.keys() == before.keys()
    for name, data in before.items():
        only_ours(data, after[name])
        if name in told:
            assert after[name] == data
    moved = {name for name, time in times(vault).items() if time != first_times[name]}
    assert moved == {name for name in before if before[name] != after[name]}
    again, _ = sync(root)
    assert [name for name in again if name not in told] == []
    assert notes_of(vault) == after
    unsync(root)
    assert notes_of(vault) == before
    return told


MADE = {
    "crlf": b"---\r\ntags: [a]\r\n---\r\n" + CLAIM.replace(b"\n", b"\r\n"),
    "carriage returns": b"---\rtags: [a]\r---\r" + CLAIM.replace(b"\n", b"\r"),
    "mixed ends": b"---\r\na: 1\n---\r\n" + CLAIM + b"x\r\n",
    "bom": b"\xef\xbb\xbf---\na: 1\n---\n" + CLAIM,
    "bom without properties": b"\xef\xbb\xbf" + CLAIM,
    "no final newline": CLAIM.rstrip(),
    "properties at the very end": b"---\nclaim: Everything ends\n---",
    "tabs": b"---\na: 1\nlist:\n  - x\n---\n" + CLAIM + b"\t- cheap #pro\n\t\t- seen #evidence\n",
    "comments": b"---\n# mine\na: 1 # why\n# end\n---\n%% hidden %%\n" + CLAIM,
    "quotes": b"---\na: 'it''s'\n\"b c\": \"two\\n\"\n---\n" + CLAIM,
    "anchors": b"---\na: &x [1]\nb: *x\n---\n" + CLAIM,
    "emoji": "---\n📝: ✅ да\n---\n# 🧪\n- Модели 🤖 ведут #claim ^lead\n".encode(),
    "block scalar": b"---\na: |\n  one\n\n  two\nb: >-\n  three\n---\n" + CLAIM,
    "empty properties": b"---\n---\n" + CLAIM,
    "large": CLAIM + ("Строка 📝, и ещё одна.\n".encode() * 30_000),
    "rule": b"Text\n\n---\n\n" + CLAIM,
    "json": b'---\n{"a": 1}\n---\n' + CLAIM,
    "malformed": b"---\na: A: b\n---\n" + CLAIM,
    "tab in yaml": b"---\na:\n\t- 1\n---\n" + CLAIM,
    "not closed": b"---\na: 1\n" + CLAIM,
    "a key twice": b"---\na: 1\na: 2\n---\n" + CLAIM,
    "its own argmap": b"---\nargmap: mine\n---\n" + CLAIM,
    "not utf-8": "- Модели ведут #claim\n".encode("cp1251"),
    "read-only": CLAIM,
}
REFUSED = {
    "json", "malformed", "tab in yaml", "a key twice", "its own argmap", "read-only",
}  # fmt: skip


def test_made_notes(tmp_path: Path) -> None:
    """Every kind of note keeps its bytes; what is not sure is refused, with a reason."""
    vault = tmp_path / "vault"
    written(vault, {f"{name}.md": data for name, data in MADE.items()})
    (vault / "read-only.md").chmod(0o444)
    (vault / "sub").mkdir()
    (vault / "sub/link.md").symlink_to("../crlf.md")
    (tmp_path / "outside.md").write_bytes(CLAIM)
    (vault / "outside.md").symlink_to(tmp_path / "outside.md")
    told = unhurt(tmp_path)
    # A note whose start is not closed has no properties: it is all text, and may hold claims.
    assert {name.removesuffix(".md") for name in told} - {"not closed", "not utf-8"} == REFUSED
    assert all(problem.hint for problem in told.values())
    assert (vault / "sub/link.md").is_symlink()
    assert (tmp_path / "outside.md").read_bytes() == CLAIM
    assert (vault / "read-only.md").stat().st_mode & 0o777 == 0o444


FRONTS = st.lists(
    st.sampled_from(
        ["a: 1", "tags: [x]", "list:\n  - a\n  - b", "t: |\n  text", "# c", "", "x: 'y' # z",
         "date: 2026-01-02", 'link: "[[N]]"', "no: no", "цена: 5 ₽",
         "argmap: mine", "a: 1", "b: [", "\tt: 1"]
    ), max_size=4,
).map(lambda lines: "".join(f"{line}\n" for line in ["---", *lines, "---"]))  # fmt: skip
NOTES = st.builds(
    lambda bom, front, claim, body, end, last: (
        bom + (front + claim + body + last).replace("\n", end)
    ).encode(),
    st.sampled_from(["", "\ufeff"]),
    st.one_of(st.just(""), FRONTS),
    st.sampled_from(["- One #claim\n", "> [!claim] One\n> two\n\n^id\n", "Plain.\n", "\n\n"]),
    st.text("ab-# \n\t:я📝`>[]^%|", max_size=30),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\n", "\n\n"]),
)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],  # to shrink a vault takes minutes
)
@given(st.lists(NOTES, min_size=4, max_size=12))
def test_any_notes(notes: list[bytes]) -> None:
    """The law, for whole vaults of notes as they come."""
    with TemporaryDirectory() as folder:
        written(Path(folder, "vault"), {f"{n}.md": data for n, data in enumerate(notes)})
        unhurt(Path(folder))


@pytest.mark.skipif(not VAULTS, reason="no vaults beside the repository")
@pytest.mark.parametrize("vault", VAULTS, ids=lambda path: path.name)
def test_real_notes(vault: Path, tmp_path: Path) -> None:
    """The law, for the notes of real vaults, each with a claim at its end."""
    shutil.copytree(vault, tmp_path / "vault", ignore=shutil.ignore_patterns("*.png", "*.jpg"))
    for path in sorted((tmp_path / "vault").rglob("*.md")):
        data = path.read_bytes()
        path.chmod(0o644)
        path.write_bytes(data + b"\n\n" + CLAIM)
    assert unhurt(tmp_path) == {}


# Killed


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    """Start what runs the command; its imports are made once for all of them."""
    written(tmp_path / "warm" / "vault", {"n.md": CLAIM})
    found = Nursery("-C", tmp_path / "warm", "obsidian", "sync")
    yield found
    found.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_killed_at_any_moment(tmp_path: Path, nursery: Nursery) -> None:
    """SIGKILL amid sync and unsync: every file old or new; the next run completes."""
    vault = tmp_path / "vault"
    notes = {f"{n}.md": b"# %d\n- Claim %d #claim ^c%d\n" % (n, n, n) for n in range(24)}
    written(vault, notes)
    words = ("-C", tmp_path, "obsidian")
    verbs = (("sync", "--as-of", DAY), ("unsync",))
    for _ in range(2):  # the first has more to remember
        calls = [nursery.calls(*words, *verb) for verb in verbs]
    assert notes_of(vault) == notes
    amid = cut_off = 0
    for trial in range(14):
        verb, most = verbs[trial % 2], calls[trial % 2]
        old = notes_of(vault)
        last = 1 + most * trial // 15
        cut_off += nursery.run(*words, *verb, killed_at=last) == -signal.SIGKILL
        between = notes_of(vault)
        assert nursery.run(*words, *verb) == 0
        new = notes_of(vault)
        for name in notes:
            assert between[name] in (old[name], new[name])
        amid += between not in (old, new)
        synced = sum(b"argmap: unknown\n" in new[name] for name in notes)
        assert synced == (len(notes) if trial % 2 == 0 else 0)
    assert cut_off > 10  # after one that was killed there is less to do
    assert amid > 4
    assert {name: new[name] for name in notes} == notes


# Edited


def test_a_person_writes_all_the_while(tmp_path: Path) -> None:
    """Notes saved again and again, in place or anew, hold what was saved last."""
    vault = tmp_path / "vault"
    names = [f"{n}.md" for n in range(8)]
    written(vault, dict.fromkeys(names, CLAIM))
    last = dict.fromkeys(names, CLAIM)
    done = threading.Event()

    def person() -> None:
        chance, saves = random.Random(1), 0  # noqa: S311
        while not done.is_set():
            saves += 1
            path = vault / chance.choice(names)
            here = path.read_bytes()
            last[path.name] = CLAIM + b"%d\n" % saves
            text = here.partition(CLAIM)[0] + last[path.name]
            if saves % 2:
                path.write_bytes(text)
            else:
                new = path.with_suffix(".new")
                new.write_bytes(text)
                new.replace(path)
            done.wait(0.003)

    writing = threading.Thread(target=person)
    writing.start()
    try:
        for _ in range(4):
            sync(tmp_path)
            unsync(tmp_path)
    finally:
        done.set()
        writing.join()
    for name, saved in last.items():
        assert (vault / name).read_bytes().endswith(saved)


def test_two_syncs_at_once(tmp_path: Path) -> None:
    """The second waits for the first; neither complains, and all comes out again."""
    notes = {f"{n}.md": b"- Claim %d #claim ^c%d\n" % (n, n) for n in range(12)}
    written(tmp_path / "vault", notes)
    words = [sys.executable, "-m", "argmap", "-C", str(tmp_path), "obsidian"]
    day = ["--as-of", DAY.isoformat()]
    runs = [
        subprocess.Popen([*words, "sync", *day], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = sorted(run.communicate()[0].split()[-1] for run in runs)
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert said == ["changed", "changed", "written"]
    assert unsync(tmp_path) == []
    vault = tmp_path / "vault"
    assert {path.name for path in vault.rglob("*")} == notes.keys()
    assert notes_of(vault) == notes
