"""`why` as a tree, `why --changes` and `whatif`: what a person types, what is printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from argmap.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.project import Project

    Make = Callable[..., Project]

NOTE = """
    - Bet on small models #claim ^bet
        - They are cheap #pro ^cheap
            - priced #evidence (test:: 1 < 2) (weight:: 2) ^priced
        - They are weak #con ^weak
            - benched #evidence (test:: 1 < 2) ^benched
                - A toy benchmark #con (weight:: 0.5) ^toy
                    - seen #evidence (source:: [Bench](https://example.org/b)) (judged:: 2026-01-05) ^seen
    - Cheap and there #claim ^there
    - So everyone uses them #argument (premises:: cheap, there) (supports:: bet) ^step
    - Nobody looked #claim (credence:: 0.55) ^nobody
        - said #evidence (source:: a friend) ^said
        - told #evidence (source:: a friend) (weight:: 3) ^told
"""  # noqa: E501  a note is as long as it is
DAY = "2026-02-01"


@pytest.fixture
def made(project: Make) -> Project:
    return project({"n.md": NOTE})


def run(made: Project, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(made.settings.root), *words, "--as-of", DAY])


def data(made: Project, *words: str) -> Any:
    result = run(made, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def squeezed(result: Result) -> list[str]:
    return [" ".join(line.lstrip(" |").split()) for line in result.stdout.splitlines()]


def test_why_is_a_tree_down_to_the_evidence(made: Project) -> None:
    """Below each term stands what makes its source's strength, and what that adds up to."""
    lines = squeezed(run(made, "why", "bet"))
    assert lines[2] == "supported, strength [0.25, 0.50]"
    tree = lines[lines.index("") + 1 :]
    assert tree == [
        "+0.67 supports: supported 0.67, They are cheap [n#cheap]",
        "+2.00 tests (weight 2): pass, 1 < 2 [n#priced]",
        "----------------",
        "+2.00 E",
        "[+0.00, +0.67] supports: argument [0.00, 0.67], So everyone uses them [n#step]",
        "[+0.00, +1.00] premise: unknown [-1.00, 1.00], Cheap and there [n#there]",
        "+0.67 premise: supported 0.67, They are cheap [n#cheap] (see above)",
        "----------------",
        "[+0.00, +0.67] force = least premise",
        "-0.33 attacks: supported 0.33, They are weak [n#weak]",
        "+0.50 tests (left by undercutters 0.50): pass, 1 < 2 [n#benched]",
        "-0.50 undercuts (weight 0.5): supported 0.50, A toy benchmark [n#toy]",
        "+1.00 supports: pass, seen [n#seen]",
        "----------------",
        "+1.00 E",
        "----------------",
        "0.50 left = 1 less what is cut",
        "+0.50 force = verdict x left",
        "----------------",
        "+0.50 E",
        "----------------",
        "[+0.33, +1.00] E",
        "[+0.25, +0.50] strength = E / (1 + |E|)",
    ]


def adds_up(row: dict[str, Any]) -> None:
    """Assert that the terms of a claim, and of all claims below it, make its sum."""
    if row.get("total") and row["terms"]:
        for end in (0, 1):
            total = row["prior"] + sum(term["value"][end] for term in row["terms"])
            assert total == pytest.approx(row["total"][end])
            strength = (row["lo"], row["hi"])[end] if "lo" in row else row["strength"][end]
            assert strength == pytest.approx(total / (1 + abs(total)))
    for term in row["terms"]:
        adds_up(term)


def test_terms_add_up_at_each_level(made: Project) -> None:
    """The data of `why` holds the same tree; each claim's terms make its E and its strength."""
    row = data(made, "why", "bet")
    adds_up(row)
    (priced,) = row["terms"][0]["terms"]
    assert (priced["source"], priced["outcome"], priced["value"]) == ("n#priced", "pass", [2, 2])


def test_depth_limits_the_tree(made: Project) -> None:
    """`--depth 1` is the claim's own sum; what lies deeper is marked."""
    row = data(made, "why", "bet", "--depth", "1")
    assert [(term["cut"], term["terms"]) for term in row["terms"]] == [("deep", [])] * 3
    assert "(…)" in run(made, "why", "bet", "--depth", "1").stdout


def test_a_loop_is_cut_and_marked(project: Make) -> None:
    """Claims that attack each other do not unfold for ever; each level still adds up."""
    made = project({
        "n.md": "- A #claim (attacks:: b) ^a\n    - x #evidence (test:: 1 < 2)\n"
        "- B #claim (attacks:: a) ^b\n    - y #evidence (test:: 1 < 2)\n"
    })  # fmt: skip
    assert "(loop: see above)" in run(made, "why", "a").stdout
    row = data(made, "why", "a")
    adds_up(row)
    back = next(term for term in row["terms"] if term["source"] == "n#b")
    assert [term["cut"] for term in back["terms"] if term["source"] == "n#a"] == ["loop"]


def test_why_of_an_argument_and_of_undercut_evidence(made: Project) -> None:
    """An argument shows its premises, evidence what undercuts it; evidence alone has no tree."""
    assert squeezed(run(made, "why", "step"))[-1] == "[+0.00, +0.67] force = least premise"
    assert "0.50 left = 1 less what is cut" in squeezed(run(made, "why", "benched"))
    assert [term["source"] for term in data(made, "why", "benched")["terms"]] == ["n#toy"]
    assert data(made, "why", "priced")["terms"] == []


def test_changes_lists_the_smallest_turns(made: Project) -> None:
    """Single pieces of evidence first, then pairs no part of which is enough alone."""
    row = data(made, "why", "bet", "--changes")
    assert found(row["single"]) == [
        ([("n#priced", "fail")], "refuted"),
        ([("n#priced", "unknown")], "unknown"),
        ([("n#seen", "fail")], "unknown"),
        ([("n#seen", "unknown")], "unknown"),
    ]
    assert row["pairs"] == []
    text = run(made, "why", "bet", "--changes").stdout
    assert "turned by one:\n" in text
    assert "  n#priced: pass -> fail: " in text


def found(changes: list[dict[str, Any]]) -> list[tuple[list[tuple[str, str]], str]]:
    return [
        ([(move["evidence"], move["after"]) for move in one["changes"]], one["status"])
        for one in changes
    ]


def test_changes_go_on_to_pairs(project: Make) -> None:
    """Where two hold a claim up, only both together turn it; a pair lists what both become."""
    made = project({
        "n.md": "- A #claim ^a\n    - x #evidence (check:: 1 < 2) ^x\n"
        "    - y #evidence (check:: 2 < 3) ^y\n"
    })  # fmt: skip
    row = data(made, "why", "a", "--changes")
    assert found(row["single"]) == []
    assert found(row["pairs"]) == [([("n#x", "fail"), ("n#y", "fail")], "unknown")]
    lines = run(made, "why", "a", "--changes").stdout.splitlines()
    assert lines[3:] == ["turned by two together:",
                         "  n#x: pass -> fail, n#y: pass -> fail: unknown 0.00"]  # fmt: skip


def test_changes_of_an_unknown_claim_name_what_is_missing(made: Project) -> None:
    """What narrows it most comes first, with what it would come to either way."""
    row = data(made, "why", "nobody", "--changes")
    assert [one["evidence"] for one in row["missing"]] == ["n#told", "n#said"]
    assert row["missing"][0]["narrows"] > row["missing"][1]["narrows"] > 0
    assert row["missing"][0]["pass"]["status"] == "supported"
    lines = run(made, "why", "nobody", "--changes").stdout.splitlines()
    assert lines[3] == "missing evidence, what narrows it most first:"
    assert lines[4].startswith("  n#told: narrows it by 0.")


def test_changes_where_nothing_would_do(project: Make) -> None:
    """A claim that no evidence bears on cannot be turned by evidence."""
    made = project({"n.md": "- Alone #claim ^alone\n"})
    assert "no one piece of evidence would turn it" in run(made, "why", "alone", "--changes").stdout


def test_whatif_prints_what_would_turn(made: Project) -> None:
    """Outcomes and strengths are fixed together; statuses before and after are printed."""
    result = run(made, "whatif", "priced=fail", "toy=-1")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines == [
        "supported [0.25, 0.50] -> refuted -0.33: Bet on small models  [n#bet]",
        "supported 0.67 -> refuted -0.67: They are cheap  [n#cheap]",
        "1 other claim moves, unturned",
    ]
    row = data(made, "whatif", "priced=fail", "toy=-1")
    assert row["supposed"] == {"n#priced": "fail", "n#toy": [-1, -1]}
    moved = {one["claim"]: (one["turned"], one["after"]["status"]) for one in row["moved"]}
    assert moved == {
        "n#cheap": (True, "refuted"), "n#bet": (True, "refuted"), "n#weak": (False, "supported"),
    }  # fmt: skip


def test_whatif_a_claim_stands_or_is_open(made: Project) -> None:
    """A claim's strength is fixed against all that bears on it; `unknown` opens it."""
    (one, *_) = data(made, "whatif", "there=0.9")["moved"]
    assert (one["claim"], one["after"]["status"]) == ("n#bet", "supported")
    assert one["after"]["strength"] == pytest.approx([0.5, 0.5])
    row = data(made, "whatif", "cheap=unknown")
    assert {one["claim"] for one in row["moved"]} == {"n#bet"}
    assert run(made, "whatif", "priced=pass").stdout == "nothing would turn\n"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (
            "priced=pas",
            "'n#priced' is evidence: 'pas' is none of pass, fail, unknown; did you mean",
        ),
        ("priced=0.5", "'n#priced' is evidence: '0.5' is none of pass, fail, unknown"),
        ("cheap=pass", "'n#cheap' is a claim: 'pass' is no strength from -1 to 1"),
        ("cheap=1.5", "'n#cheap' is a claim: '1.5' is no strength from -1 to 1"),
        ("cheap=nan", "'n#cheap' is a claim: 'nan' is no strength from -1 to 1"),
        ("cheep=0.5", "nothing is called 'cheep'; did you mean 'cheap'?"),
        ("step=0.5", "'n#step' is an argument; suppose something of its premises"),
        ("cheap", "'cheap' supposes nothing; write ID=fail or ID=0.8"),
        ("=0.5", "'=0.5' supposes nothing"),
    ],
)
def test_what_cannot_be_supposed_is_wrong_usage(made: Project, word: str, said: str) -> None:
    """A bad word is told with what could be meant; exit code 2."""
    result = run(made, "whatif", word)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())


def test_supposing_twice_and_changing_no_claim_is_wrong_usage(made: Project) -> None:
    """The same thing cannot be supposed twice; only a claim has a status that could turn."""
    assert run(made, "whatif", "cheap=0.5", "n#cheap=0.6").exit_code == 2
    assert run(made, "whatif").exit_code == 2
    assert run(made, "why", "priced", "--changes").exit_code == 2


def test_what_a_claim_rests_on_is_told(project: Make) -> None:
    """Several reasons from one source, and stale evidence further down, are said of the claim."""
    made = project(
        {
            "n.md": """
                - So it is #claim ^so
                    - One way #pro ^one
                    - Another way #pro ^other
            """
        },
        {
            "s.yaml": """
                measures:
                  price: {value: 3, source: The list, as_of: 2025-06-01, fresh: 30d, expires: 900d}
                checks:
                  low: {title: Low, tests: [one, other], assert: price < 4}
            """
        },
    )
    (row,) = data(made, "status", "so")
    assert (row["reasons"], row["sources"], row["one_source"]) == (2, ["The list"], True)
    assert (row["stale_evidence"], row["marks"]) == (["low"], ["stale"])
    lines = run(made, "why", "so").stdout.splitlines()
    assert "rests on one source: The list (2 reasons)" in lines
    assert "rests on stale evidence: low" in lines
    assert data(made, "status", "one")[0]["one_source"] is False


def test_what_is_outside_its_window_says_so(project: Make) -> None:
    """A claim before its `from` or after its `until` is not unknown: it is left out until then."""
    made = project(
        {
            "n.md": """
                - Later #claim (from:: 2027-01-01) ^later
                - Over #claim (from:: 2025-01-01) (until:: 2025-12-31) ^over
                - Now #claim ^now
                - Both #argument (premises:: later, now) (supports:: now) ^both
            """
        }
    )
    said = {
        "later": "'n#later' counts from 2027-01-01: on 2026-02-01 it is left out",
        "over": "'n#over' counts from 2025-01-01 until 2025-12-31: on 2026-02-01 it is left out",
        "both": "'n#both' has a premise that does not count: on 2026-02-01 it is left out",
        "never": "nothing is called 'never'",
    }
    for name, words in said.items():
        result = run(made, "why", name)
        assert result.exit_code == 2
        assert words in " ".join(result.stderr.split())


def test_an_inferred_claim_names_its_rule(project: Make) -> None:
    """`status` and `why` say which rule found a claim in plain text."""
    made = project(
        {"n.md": "## Arguments against\n\n- **Forests burn.** They do.\n- **Rivers dry.** So.\n"}
    )
    assert "inferred: lead-in" in run(made, "status").stdout
    rows = data(made, "status")
    assert {row["rule"] for row in rows} == {"lead-in"}
    assert "inferred from plain text by the rule lead-in" in run(made, "why", rows[0]["id"]).stdout
