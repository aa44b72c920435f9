"""The one way in: notes and sheets in, a judged report out."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import argmap
from argmap import Project, ProjectError

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.report import ClaimReport

    Make = Callable[..., Project]

SEED = Path(__file__).parent.parent.parent / "shared" / "seed"
NOW = date(2026, 4, 1)
SHARE = """
    measures:
      share: {table: {file: data/share.csv, sql: "SELECT share AS value, date FROM t
              WHERE date <= :as_of ORDER BY date DESC LIMIT 1"}, expires: 90d}
    checks:
      leads: {title: It leads, tests: market, assert: share >= 25 %}
"""
NOTE = "---\ndate: 2026-02-01\n---\n- It leads the market #claim ^market\n"


def market(made: Project, day: date = NOW) -> ClaimReport:
    return made.report(day).claims["n#market"]


def test_what_stood_and_fell_is_lapsed(project: Make) -> None:
    """Supported at the note's date and refuted now: lapsed, and both judgements are there."""
    data = "date,share\n2026-01-01,0.30\n2026-03-01,0.10\n"
    item = market(project({"n.md": NOTE}, {"s.yaml": SHARE, "data/share.csv": data}))
    assert item.then
    assert (item.then.status, item.now.status, item.marks) == ("supported", "refuted", ("lapsed",))


def test_each_debate_is_judged_at_its_own_date(project: Make) -> None:
    """Two notes of different dates: each debate's then is its own, by the data of its own day."""
    data = "date,share\n2026-01-01,0.30\n2026-02-15,0.10\n"
    other = NOTE.replace("2026-02", "2026-03").replace("^market", "^lags")
    other += "    - so #evidence (test:: share < 25 %)\n"
    report = project(
        {"n.md": NOTE, "o.md": other}, {"s.yaml": SHARE, "data/share.csv": data}
    ).report(NOW)
    thens = {key: item.then and item.then.status for key, item in report.claims.items()}
    assert thens == {"n#market": "supported", "o#lags": "supported"}
    assert {debate.note: str(debate.then) for debate in report.debates} == {
        "n.md": "2026-02-01", "o.md": "2026-03-01",
    }  # fmt: skip


def test_what_expired_is_lapsed_and_unknown(project: Make) -> None:
    """Unknown because the data are too old is lapsed too, and says which evidence is missing."""
    data = "date,share\n2025-12-01,0.30\n"
    item = market(project({"n.md": NOTE}, {"s.yaml": SHARE, "data/share.csv": data}))
    assert item.then
    assert (item.then.status, item.now.status, item.marks) == ("supported", "unknown", ("lapsed",))
    assert item.now.reason == "leads"


def test_what_never_stood_is_not_lapsed(project: Make) -> None:
    """A claim that was unknown when written has nothing to lapse from."""
    data = "date,share\n2026-03-01,0.10\n"
    item = market(project({"n.md": NOTE}, {"s.yaml": SHARE, "data/share.csv": data}))
    assert (item.now.status, item.marks) == ("refuted", ())


def test_old_but_not_expired_counts_and_is_stale(project: Make) -> None:
    """A value older than `fresh` counts, and its claim carries the mark."""
    sheet = SHARE.replace("expires: 90d", "fresh: 30d")
    data = "date,share\n2026-01-01,0.30\n"
    item = market(project({"n.md": NOTE}, {"s.yaml": sheet, "data/share.csv": data}))
    assert (item.now.status, item.marks) == ("supported", ("stale",))


def test_a_judgement_counts_from_its_day_until_it_expires(project: Make) -> None:
    """A judgement is a reason from `judged` until `expires`; before and after it is unknown."""
    made = project({
        "n.md": """
            - It leads the market #claim ^market
                - A survey says so #evidence (source:: https://example.org) (judged:: 2026-02-01)
                  (expires:: 2026-03-01) ^survey
        """
    })  # fmt: skip
    days = {"2026-01-31": "unknown", "2026-02-01": "supported", "2026-03-01": "supported",
            "2026-03-02": "unknown"}  # fmt: skip
    for day, status in days.items():
        assert market(made, date.fromisoformat(day)).now.status == status, day
    result = made.report(NOW).evidence["n#survey"].now
    assert (result.outcome, result.reason and result.reason.code) == ("unknown", "expired")


def test_the_same_input_gives_the_same_report(project: Make) -> None:
    """Nothing in a report depends on the run: no clock, no order of a set."""
    data = "date,share\n2026-01-01,0.30\n"
    made = project({"n.md": NOTE}, {"s.yaml": SHARE, "data/share.csv": data})
    one, two = made.report(NOW), Project.open(made.settings.root).report(NOW)
    assert (one.claims, one.evidence, one.edges) == (two.claims, two.evidence, two.edges)


def test_strength_is_the_sum_of_its_terms(project: Make) -> None:
    """What `why` shows adds up: prior and terms make E, and E / (1 + |E|) the strength."""
    made = project({
        "n.md": """
            - A #claim (credence:: 0.6) ^a
                - seen #evidence (test:: 1 < 2) (weight:: 2) ^seen
                - but #con
                    - found #evidence (check:: 1 < 2) ^found
        """
    })  # fmt: skip
    item = made.report(NOW).claims["n#a"]
    total = item.prior + sum(term.value[0] for term in item.terms)
    assert item.now.strength[0] == pytest.approx(total / (1 + abs(total)), abs=1e-12)
    assert [round(term.value[0], 6) for term in item.terms] == [2.0, -0.5]


def test_no_project_is_said(tmp_path: Path) -> None:
    """Where there is neither a config nor a vault, opening says what was looked for."""
    with pytest.raises(ProjectError, match="and no vault/"):
        Project.open(tmp_path)


def test_a_vault_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    """A config that names no folder is told, and the rest goes on."""
    (tmp_path / "argmap.toml").write_text('vault = "notes"\n', "utf-8")
    report = Project.open(tmp_path).report(NOW)
    assert [problem.code for problem in report.problems] == ["A004"]


def test_the_public_names_are_there() -> None:
    """`import argmap` shows a small public surface, and nothing in it is missing."""
    for name in argmap.__all__:
        assert getattr(argmap, name)
    with pytest.raises(AttributeError):
        _ = argmap.nothing  # type: ignore[attr-defined]


@pytest.mark.skipif(not SEED.is_dir(), reason="the first note stands beside the checkout only")
def test_the_first_note_is_understood_without_markup(tmp_path: Path) -> None:
    """The shape of a plain critique: thesis, three counter-arguments, conclusion, cited facts."""
    shutil.copytree(SEED, tmp_path / "vault")
    report = Project.open(tmp_path).report(NOW)
    (note,) = report.vault.notes.values()
    roles = [(item.claim.role, item.claim.span.line) for item in report.claims.values()]
    assert roles == [("thesis", 18), ("con", 22), ("con", 24), ("con", 26), ("conclusion", 29)]
    thesis, *cons, conclusion = report.claims
    source = report.claims[thesis].claim.attributed
    assert source
    assert (source.text, "arxiv.org" in source.url) == ("Belcak et al. (2025)", True)
    said = {(edge.source, edge.kind, edge.target) for edge in report.edges}
    for con in cons:
        assert {(con, "attacks", thesis), (con, "supports", conclusion)} <= said
    cited = [item for item in report.evidence.values() if item.kind == "cited"]
    assert [item.claims for item in cited] == [(con,) for con in cons]
    assert len(said) == 9
    assert (len(note.tags), note.properties["author"]) == (7, ["Vladimir Ivanov"])
    assert [link.kind for link in note.links].count("wikilink") == 3
    assert len(note.links) == 5
    assert [(p.code, p.severity) for p in report.problems] == [("A104", "warning")] * 3
    assert {item.now.status for item in report.claims.values()} == {"unknown"}
