"""Notes and sheets, joined: names resolved, relations checked, debates found."""

from __future__ import annotations

from datetime import date
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.project import Project
    from argmap.reading import Reading

    Make = Callable[..., Project]


def edges(reading: Reading) -> set[tuple[str, str, str]]:
    graph = reading.map.graph
    return {(source, kind, target) for source, target, kind in graph.edges(keys=True)}


def told(reading: Reading) -> list[str]:
    return [str(problem) for problem in reading.problems]


def test_a_link_and_a_bare_name_mean_the_same(project: Make) -> None:
    """A target is a link to a block, or a bare name looked for in the same note first."""
    reading = project({
        "a.md": """
            - Sky is blue #claim ^sky
            - I looked #claim (supports:: [[#^sky]]) ^looked
            - It was night #claim (attacks:: looked) ^night
        """,
        "b.md": """
            - Sky is grey #claim (contradicts:: [[a#^sky]]) ^sky
            - It rained #claim (supports:: sky) ^rain
        """,
    }).read().reading  # fmt: skip
    assert told(reading) == []
    assert edges(reading) == {
        ("a#looked", "supports", "a#sky"),
        ("a#night", "attacks", "a#looked"),
        ("b#sky", "contradicts", "a#sky"),
        ("b#rain", "supports", "b#sky"),
    }


def test_a_note_s_name_may_hold_a_number_sign(project: Make) -> None:
    """No link leads to such a note, but the names in it mean what they do anywhere."""
    reading = project({
        "c#/Why C# stays.md": """
            - C# stays #claim ^stays
            - It pays #claim (supports:: stays) ^pays
            - It ages #claim (attacks:: [[#^stays]])
        """,
        "b.md": "- Tools are good #claim (supports:: Why C# stays#stays) ^tools\n",
    }).read().reading  # fmt: skip
    assert [line for line in told(reading) if "A113" not in line] == []
    assert edges(reading) == {
        ("c#/Why C# stays#pays", "supports", "c#/Why C# stays#stays"),
        ("c#/Why C# stays#it-ages", "attacks", "c#/Why C# stays#stays"),
        ("b#tools", "supports", "c#/Why C# stays#stays"),
    }


def test_a_name_that_fits_several_lists_the_candidates(project: Make) -> None:
    """Two matches are a problem with its place; the rest still stands."""
    reading = project({
        "a.md": "- One #claim ^x\n",
        "b.md": "- Two #claim ^x\n",
        "c.md": "- Three #claim (supports:: x) ^three\n- Four #claim (supports:: b#x) ^four\n",
    }).read().reading  # fmt: skip
    assert told(reading) == ["vault/c.md:1:28: A202 'x' fits 2 (one of: a#x, b#x)"]
    assert edges(reading) == {("c#four", "supports", "b#x")}


def test_a_relation_to_nothing_suggests_the_nearest(project: Make) -> None:
    """A misspelt name is told with what comes near."""
    reading = project({
        "a.md": "- One #claim ^market\n- Two #claim (supports:: marke) ^two\n"
    }).read().reading  # fmt: skip
    assert told(reading) == [
        "vault/a.md:2:26: A201 nothing is called 'marke' (did you mean 'market'?)"
    ]


def test_a_link_to_a_note_means_its_one_claim(project: Make) -> None:
    """A link to a note that is or holds one claim means that claim; of several, say which."""
    reading = project({
        "is.md": "---\nclaim: The note itself\n---\n",
        "holds.md": "- The one it holds #claim ^one\n",
        "two.md": "- One #claim ^one\n- Two #claim ^two\n",
        "a.md": "- A #claim (supports:: [[is]], [[holds]], [[two]]) ^a\n",
    }).read().reading  # fmt: skip
    assert edges(reading) == {("a#a", "supports", "is"), ("a#a", "supports", "holds#one")}
    assert [problem.code for problem in reading.problems] == ["A202"]


def test_contradiction_from_both_sides_is_one_relation(project: Make) -> None:
    """`contradicts` written on both sides is one relation."""
    reading = project({
        "a.md": "- A #claim (contradicts:: b) ^a\n- B #claim (contradicts:: a) ^b\n"
    }).read().reading  # fmt: skip
    assert edges(reading) == {("a#a", "contradicts", "a#b")}


def test_undercutting_a_measure_undercuts_every_check_on_it(project: Make) -> None:
    """The name of a measure means every check that reads it, through formulas too."""
    reading = (
        project(
            {
                "a.md": """
                - It leads #claim ^lead
                    - seen #evidence (test:: share >= 25 %) ^seen
                - Self-hosting is not seen #claim (undercuts:: share) ^blind
            """
            },
            {
                "s.yaml": """
                measures:
                  share: {value: 30 %}
                  rest: {formula: 1 - share}
                checks:
                  rest-small: {title: The rest is small, tests: lead, assert: rest < 80 %}
                  other: {title: It is late, tests: lead, assert: today > 2000-01-01}
            """
            },
        )
        .read()
        .reading
    )
    assert told(reading) == []
    assert {edge for edge in edges(reading) if edge[1] == "undercuts"} == {
        ("a#blind", "undercuts", "a#seen"),
        ("a#blind", "undercuts", "rest-small"),
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- B #claim (undercuts:: a) ^b", "A205 'n#b' undercuts 'n#a', which is a claim"),
        ("- B #claim (supports:: e) ^b", "A205 'n#b' supports 'n#e', which is evidence"),
        ("- B #claim (supports:: [[#^zzz]]) ^b", "A201 nothing is called"),
        ("- B #claim (supports:: [[#Heading]]) ^b", "A201 nothing is called"),
        ("- B #claim (supports:: [[nowhere]]) ^b", "A201 nothing is called"),
    ],
)
def test_a_relation_that_cannot_hold_is_told(project: Make, line: str, expected: str) -> None:
    """A relation points to what it may point to, or is a problem and left out."""
    reading = project({
        "n.md": f"# Heading\n\n- A #claim ^a\n    - seen #evidence ^e\n{line}\n"
    }).read().reading  # fmt: skip
    assert any(expected in text for text in told(reading)), told(reading)
    assert not [edge for edge in edges(reading) if edge[0] == "n#b"]


def test_an_id_given_twice_keeps_the_first(project: Make) -> None:
    """A sheet's check that takes an id of a note is told, with the place of the first."""
    reading = project(
        {"trio.md": "---\nclaim: A claim note\n---\n"},
        {"s.yaml": "checks:\n  trio: {title: T, tests: trio, assert: today > 2000-01-01}\n"},
    ).read().reading  # fmt: skip
    (line,) = told(reading)
    assert line.startswith("claims/s.yaml:2:3: A203 the id 'trio' is taken (first at vault/trio.md")


def test_claims_that_hang_together_are_a_debate(project: Make) -> None:
    """Each part of the graph is a debate, named by its conclusion's note, thesis and date."""
    reading = project({
        "one.md": """
            ---
            date: 2025-09-20
            ---
            - All is well #claim (contradicts:: [[other#^bad]]) ^well
            - I asked #claim (supports:: well) ^asked
        """,
        "other.md": "- All is bad #claim ^bad\n",
        "third.md": "- Alone #claim ^alone\n",
    }).read().reading  # fmt: skip
    first, second = reading.map.debates
    assert (first.main, first.thesis, first.title) == ("one#well", "other#bad", "one")
    assert (str(first.then), first.id) == ("2025-09-20", "one")
    assert (second.claims, second.then) == (("third#alone",), None)


def test_a_test_may_bear_on_several_claims(project: Make) -> None:
    """A test that also supports another claim tests that one too: its failure speaks against."""
    reading = project({
        "a.md": """
            - A #claim ^a
                - seen #evidence (test:: today < 2000-01-01) (supports:: b) ^seen
            - B #claim ^b
        """
    }).read().reading  # fmt: skip
    assert edges(reading) == {("a#seen", "tests", "a#a"), ("a#seen", "tests", "a#b")}


def test_an_alias_for_nothing_is_told(project: Make) -> None:
    """[markup] aliases name fields and tags; another name is a problem of the config."""
    reading = (
        project(
            {"a.md": "- A #claim (за:: b) ^a\n- B #claim ^b\n"},
            config='[markup.aliases]\nsupports = ["за"]\nsuports = ["pro"]',
        )
        .read()
        .reading
    )
    assert edges(reading) == {("a#a", "supports", "a#b")}
    (line,) = told(reading)
    assert line == (
        "argmap.toml:3:1: A003 markup.aliases.suports: there is no such field or tag"
        " (did you mean 'supports'?)"
    )


def test_an_item_outside_its_window_is_left_out(project: Make) -> None:
    """Outside from and until an item does not count, which is not the same as unknown."""
    reading = project({
        "a.md": """
            - A #claim ^a
            - B #claim (supports:: a) (from:: 2026-01-01) (until:: 2026-06-30) ^b
        """
    }).read().reading  # fmt: skip
    for day, counts in (("2025-12-31", False), ("2026-01-01", True), ("2026-07-01", False)):
        assert ("a#b" in reading.map.on(date.fromisoformat(day))) is counts


NOTE = """
- Small models lead #claim ^lead
    - counted #evidence (source:: the ranking) (judged:: 2026-01-05) ^counted
- Prices fall #claim ^fall
- It is so #claim (supports:: lead) ^so
"""
MISTAKES = {
    "to itself": (
        "- X #claim (supports:: x) ^x",
        "A218 'n#x' supports itself",
        ("n#x", "supports", "n#x"),
    ),
    "contradicting itself": (
        "- X #claim (contradicts:: x) ^x",
        "A218 'n#x' contradicts itself",
        ("n#x", "contradicts", "n#x"),
    ),
    "for and against": (
        "- X #claim (supports:: fall) (attacks:: fall) ^x",
        "A215 'n#x' both supports and attacks 'n#fall' (the other is at vault/n.md:6:13; neither",
        ("n#x", "supports", "n#fall"),
    ),
    "for, and a contradiction": (
        "- X #claim (supports:: w) ^x\n- W #claim (contradicts:: x) ^w",
        "A215 'n#x' both supports and contradicts 'n#w'",
        ("n#w", "contradicts", "n#x"),
    ),
    "a premise that is its own conclusion": (
        "- So #argument (premises:: lead, fall) (supports:: fall) ^x",
        "A218 'n#fall' is a premise of 'n#x' and its conclusion",
        ("n#x", "supports", "n#fall"),
    ),
    "an empty premise list": (
        "- So #argument (premises:: ) (supports:: fall) ^x",
        "A206 an argument without premises",
        ("n#x", "supports", "n#fall"),
    ),
    "to nothing": (
        "- X #claim (supports:: nobody) ^x",
        "A201 nothing is called 'nobody'",
        ("n#x", "supports", "nobody"),
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_relation_that_makes_no_sense_is_left_out_and_the_rest_solved(
    project: Make, case: str
) -> None:
    """Each is told with code, place and hint; it counts for nothing, all else as ever."""
    line, expected, relation = MISTAKES[case]
    made = project({"n.md": f"{NOTE.strip()}\n\n{line}\n"})
    reading = made.read().reading
    assert any(text.split(": ", 1)[1].startswith(expected) for text in told(reading)), told(reading)
    assert all(problem.hint for problem in reading.problems if problem.code != "A204")
    assert relation not in edges(reading)
    report = made.report(date(2026, 2, 1), online=False)
    assert report.claims["n#lead"].now.strength == (0.5, pytest.approx(2 / 3))


@pytest.mark.parametrize(
    "line",
    [
        "- X #claim (supports:: fall) (supports:: fall) ^x",
        "- X #claim (supports:: fall, fall) ^x",
        "- X #claim (contradicts:: fall) (contradicts:: [[#^fall]]) ^x",
        "- X #claim ^x\n    - Y #pro (supports:: x) ^y",
        "- X #claim ^x\n    - seen #evidence (source:: s) (supports:: x)",
    ],
)
def test_a_relation_said_twice_counts_once(project: Make, line: str) -> None:
    """A warning names the second place and the first; its weight is not added."""
    reading = project({"n.md": f"{NOTE.strip()}\n\n{line}\n"}).read().reading
    (problem,) = reading.problems
    assert (problem.code, problem.severity) == ("A214", "warning")
    assert problem.hint.startswith("first at vault/n.md:")
    kinds = [(a, b, kind) for a, b, kind in reading.map.graph.edges(keys=True)]
    assert len(kinds) == len(set(kinds))


@pytest.mark.parametrize(
    ("field", "code", "said"),
    [
        ("(weight:: 0)", "A204", "weight is not a positive number: '0'"),
        ("(weight:: -2)", "A204", "weight is not a positive number: '-2'"),
        ("(weight:: nan)", "A204", "weight is not a positive number: 'nan'"),
        ("(weight:: 1e999)", "A204", "weight is not a positive number: '1e999'"),
        ("(weight:: 1e12)", "A216", "with a weight of 1e+12: nothing else counts beside it"),
        ("(credence:: 0)", "A216", "has a credence of 0: no evidence can move it"),
        ("(credence:: 1)", "A216", "has a credence of 1: no evidence can move it"),
        ("(credence:: 1.2)", "A204", "credence is not a number from 0 to 1: '1.2'"),
    ],
)
def test_an_extreme_number_is_told_and_the_rest_solved(
    project: Make, field: str, code: str, said: str
) -> None:
    """Weights of 0, negative, huge or no number and sure credences each have their problem."""
    made = project({"n.md": f"{NOTE.strip()}\n- X #claim (supports:: fall) {field} ^x\n"})
    (problem,) = made.read().reading.problems
    assert (problem.code, problem.span.line) == (code, 5)
    assert said in problem.message
    report = made.report(date(2026, 2, 1), online=False)
    assert report.claims["n#lead"].now.status == "supported"
    assert all(-1 <= end <= 1 for ends in report.strengths.values() for end in ends)


@pytest.mark.parametrize("weight", ["0", "-1", "1.0e+12", ".nan", ".inf"])
def test_an_extreme_weight_in_a_sheet(project: Make, weight: str) -> None:
    """A sheet's weights are held to the same; a check that cannot be read is left out."""
    check = f"{{title: One, tests: fall, assert: today > 2000-01-01, weight: {weight}}}"
    sheet = f"checks:\n  one: {check}\n"
    reading = project({"n.md": NOTE}, {"s.yaml": sheet}).read().reading
    (problem,) = reading.problems
    assert problem.code in ("A303", "A216")
    assert problem.span.path == "claims/s.yaml"


def test_a_measure_named_beside_its_check_is_no_slip(project: Make) -> None:
    """What is undercut by a measure's name need not be counted by the author."""
    sheet = """
        measures: {share: {value: 3}, rest: {formula: 4 - share}}
        checks: {one: {title: One, tests: fall, assert: rest < 2}}
    """
    note = f"{NOTE.strip()}\n- Blind #claim (undercuts:: share, rest) ^blind\n"
    reading = project({"n.md": note}, {"s.yaml": sheet}).read().reading
    assert told(reading) == []
    assert ("n#blind", "undercuts", "one") in edges(reading)


def test_two_supported_claims_that_contradict_are_told_with_their_paths(project: Make) -> None:
    """A warning after judging; both are contested, and each path leads from its evidence."""
    made = project({
        "n.md": """
            - It is cheap #claim ^cheap
                - priced #evidence (check:: today > 2000-01-01) (weight:: 5) ^priced
            - It is dear #claim (contradicts:: cheap) ^dear
            - Bills grow #claim (supports:: dear) (weight:: 9) ^bills
                - billed #evidence (check:: today > 2000-01-01) (weight:: 9) ^billed
        """
    })  # fmt: skip
    report = made.report(date(2026, 2, 1), online=False)
    (problem,) = report.problems
    assert str(problem) == (
        "vault/n.md:3:3: A217 'n#dear' and 'n#cheap' contradict each other, and both are supported"
        " (by n#billed -> n#bills -> n#dear, and by n#priced -> n#cheap;"
        " say what speaks against one of them)"
    )
    assert problem.severity == "warning"
    assert {report.claims[f"n#{name}"].now.status for name in ("cheap", "dear")} == {"contested"}


def test_a_check_may_be_called_like_its_claim(project: Make) -> None:
    """A name means what fits the relation: a claim is tested, a measure's checks are undercut."""
    reading = (
        project(
            {
                "a.md": """
                - It leads #claim ^market
                - Not seen #claim (undercuts:: market) ^blind
                - A guess #claim (supports:: market) ^prompt
                - Unsure #claim (undercuts:: prompt) ^unsure
            """
            },
            {
                "s.yaml": """
                measures: {prompt: {value: 3}}
                checks: {market: {title: T, tests: market, assert: prompt > 1}}
            """
            },
        )
        .read()
        .reading
    )
    assert told(reading) == []
    assert edges(reading) == {
        ("market", "tests", "a#market"),
        ("a#blind", "undercuts", "market"),
        ("a#prompt", "supports", "a#market"),
        ("a#unsure", "undercuts", "market"),
    }


def test_a_measure_of_another_note_is_not_undercut(project: Make) -> None:
    """The name of a note's own measure means that note's checks only."""
    note = """
        - Cheap #claim ^cheap

            ```yaml argmap
            measures: {price: {value: 3}}
            checks: {low: {title: Low, assert: price < 5}}
            ```
    """
    more = "- The list is wrong #claim (undercuts:: price) ^wrong\n"
    reading = project({"a.md": dedent(note) + more, "b.md": note}).read().reading
    assert told(reading) == []
    assert {edge for edge in edges(reading) if edge[1] == "undercuts"} == {
        ("a#wrong", "undercuts", "a#low")
    }


def test_an_argument_that_lacks_a_premise_does_not_count(project: Make) -> None:
    """A misspelt premise, or one outside its window, makes an argument no stronger."""
    from datetime import date

    made = project({
        "a.md": """
            - One #claim ^one
                - seen #evidence (test:: today > 2000-01-01) ^seen
            - Later #claim (from:: 2026-06-01) ^later
            - So #argument (premises:: one, latre) (supports:: end) ^misspelt
            - So #argument (premises:: one, later) (supports:: end) ^early
            - The end #claim ^end
        """
    })  # fmt: skip
    assert told(made.read().reading) == [
        "vault/a.md:4:33: A201 nothing is called 'latre' (did you mean 'later'?)"
    ]
    assert made.report(date(2026, 1, 1)).claims["a#end"].terms == ()
    assert "a#early" in made.report(date(2026, 7, 1)).arguments


def test_what_is_outside_its_window_is_on_no_page(project: Make) -> None:
    """A debate whose conclusion, thesis or evidence does not count yet is shown without it."""
    from datetime import date

    from argmap.pages import write_site

    made = project({
        "a.md": """
            - Main #claim (from:: 2026-06-01) ^main
            - Reason #claim (supports:: main) ^reason
                - seen #evidence (test:: today > 2000-01-01) (from:: 2026-06-01) ^seen
        """,
        "b.md": "- Alone, and later #claim (from:: 2026-06-01) ^alone\n",
    })  # fmt: skip
    report = made.report(date(2026, 1, 1))
    assert [(debate.main, debate.evidence) for debate in report.debates] == [("a#reason", ())]
    write_site(report, made.settings.site_folder)
    assert len(made.report(date(2026, 6, 1)).claims) == 3


def test_a_weight_of_many_digits_is_told_at_once(project: Make) -> None:
    """What begins as a number and is none takes no time, however long it is."""
    reading = project({"n.md": f"- X #claim (weight:: {'1' * 100_000}x) ^x\n"}).read().reading
    assert [problem.code for problem in reading.problems] != []
