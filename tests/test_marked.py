"""Each test shows a note as an author writes it, and says what it comes to."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.claims import ClaimOptions, read_claims
from argmap.claims.fields import Entry, Fields
from argmap.claims.ids import Ids, slug
from argmap.claims.model import Claim, Evidence, NoteClaims, Window
from argmap.notes import read_note
from argmap.source import Problem, Span


def read_with_problems(
    text: str, path: str = "n.md", options: ClaimOptions | None = None
) -> tuple[NoteClaims, list[Problem]]:
    """Read a note that is indented to stand in a test."""
    return read_claims(read_note(path, dedent(text).lstrip("\n")), options or ClaimOptions())


def read(text: str, path: str = "n.md", options: ClaimOptions | None = None) -> NoteClaims:
    """Read a note with nothing wrong in it."""
    said, problems = read_with_problems(text, path, options)
    assert problems == []
    return said


def codes(text: str) -> list[tuple[str, int, int]]:
    """Return each problem of a note: code, line, column."""
    _, problems = read_with_problems(text)
    return [(problem.code, problem.span.line, problem.span.column) for problem in problems]


def claims(said: NoteClaims) -> dict[str, Claim]:
    return {claim.id: claim for claim in said.claims}


def arrows(said: NoteClaims) -> list[tuple[str, str, str]]:
    """Return relations as triples; of a written target, its text."""
    return [
        (one.source, one.kind, one.target if isinstance(one.target, str) else one.target.text)
        for one in said.relations
    ]


def only(said: NoteClaims) -> Evidence:
    assert len(said.evidence) == 1
    return said.evidence[0]


# Claims


def test_item() -> None:
    """An item tagged #claim is a claim; its text goes without our tag, fields and block id."""
    said = read("- Agents need **big** models  (weight:: 2) #claim #ai/agents ^market")
    assert said.claims == (
        Claim(
            "n#market",
            "Agents need big models",
            Span("n.md", 1, 3),
            "n.md",
            block="market",
            tags=("ai/agents",),
        ),
    )
    assert said.relations == ()


def test_id_is_a_slug() -> None:
    """Without a block id the id is made of the text: Unicode kept, `-2` when it comes again."""
    said = read("""
        - Рынок решил: GPT-4.1 Mini! #claim
        - Рынок решил — GPT 4.1 mini #claim
    """)
    assert list(claims(said)) == ["n#рынок-решил-gpt-4-1-mini", "n#рынок-решил-gpt-4-1-mini-2"]
    assert [claim.block for claim in said.claims] == ["", ""]


def test_block_id_wins_over_slug() -> None:
    """A slug never takes what a later item has as its block id."""
    said = read("""
        - Market #claim
        - Demand is elsewhere #claim ^market
    """)
    assert list(claims(said)) == ["n#market-2", "n#market"]


def test_slug_ends_at_a_word() -> None:
    """A long slug is cut between words at 60 characters."""
    text = "Самостоятельное развертывание малых моделей проигрывает бесплатным интерфейсам"
    assert slug(text) == "самостоятельное-развертывание-малых-моделей-проигрывает"
    assert slug("x" * 90) == "x" * 60
    assert slug("«…»") == ""


@given(st.lists(st.text(max_size=80), max_size=8))
def test_ids_are_never_given_twice(texts: list[str]) -> None:
    """Whatever the texts, the ids of a note differ."""
    ids = Ids("n")
    given_out = [ids.of_text(text, "claim") for text in texts]
    assert len(set(given_out)) == len(texts)


@given(st.text(max_size=200))
def test_slug_of_a_slug_is_itself(text: str) -> None:
    """A slug holds only what a slug may hold."""
    assert slug(slug(text)) == slug(text)
    assert len(slug(text)) <= 60


def test_repeated_block_id() -> None:
    """A block id given twice is a problem at the second; both claims stay."""
    text = """
        - One #claim ^market
        - Two #claim ^market
    """
    said, problems = read_with_problems(text)
    assert list(claims(said)) == ["n#market", "n#market-2"]
    assert [str(problem) for problem in problems] == [
        "n.md:2:3: A203 the id ^market is taken (first on line 1)"
    ]


def test_a_block_id_that_a_repeated_one_came_to() -> None:
    """An id that another's number made is taken as well, and the place of that one is told."""
    text = """
        - One #claim ^market
        - Two #claim ^market
        - Three #claim ^market-2
    """
    said, problems = read_with_problems(text)
    assert len(set(claims(said))) == 3
    assert [str(problem) for problem in problems][1:] == [
        "n.md:3:3: A203 the id ^market-2 is taken (first on line 2)"
    ]


def test_detail() -> None:
    """What an item says beyond its first paragraph and the marked items in it is its detail."""
    said = read("""
        - Agents need big models #claim

          Because *quality* counts. (weight:: 2)

          - a remark
          - a survey #evidence (source:: [[X]])
          - another remark

          ```python
          print(1)
          ```
          attacks:: [[Y]]
    """)
    assert said.claims[0].detail == (
        "Because *quality* counts.\n\n- a remark\n- another remark\n\n```python\nprint(1)\n```"
    )


def test_callout() -> None:
    """A callout `[!claim]` is a claim: its title is the text, the rest the detail."""
    said = read("""
        > [!claim]- Self-hosting costs *more*
        > Because the GPU idles.
        > attacks:: [[SLMs are the future#^thesis]]
        >
        > > [!con] Break-even falls
        > > with utilisation

        ^economics
    """)
    first, second = said.claims
    assert (first.id, first.text, first.detail) == (
        "n#economics",
        "Self-hosting costs more",
        "Because the GPU idles.",
    )
    assert first.span == Span("n.md", 1, 13)
    assert (second.id, second.role, second.detail) == (
        "n#break-even-falls",
        "con",
        "with utilisation",
    )
    assert second.span == Span("n.md", 5, 12)
    assert arrows(said) == [
        ("n#economics", "attacks", "[[SLMs are the future#^thesis]]"),
        ("n#break-even-falls", "attacks", "n#economics"),
    ]
    target = said.relations[0].target
    assert not isinstance(target, str)
    assert target.link is not None
    assert (target.link.target, target.link.subpath) == ("SLMs are the future", "^thesis")
    assert target.span == Span("n.md", 3, 13)


def test_callout_without_title() -> None:
    """A callout without a title takes its first paragraph for the text."""
    said = read("""
        > [!CLAIM]
        > The GPU idles
        > most of the day.
        >
        > It does.
    """)
    assert [(claim.text, claim.detail) for claim in said.claims] == [
        ("The GPU idles most of the day", "It does.")
    ]


def test_claims_inside_other_callouts_and_quotes() -> None:
    """What is marked inside a callout of another type, or a quote, is read."""
    said = read("""
        > [!note] Aside
        > - One #claim

        > - Two #claim
    """)
    assert [claim.text for claim in said.claims] == ["One", "Two"]


def test_claim_note() -> None:
    """A note with the property `claim` is a claim; its properties are its fields."""
    said = read(
        """
        ---
        claim: The router is blind to self-hosting
        tags: [rebuttal]
        undercuts: [trio_share, "[[SLM#^trio]]"]
        supports: "[[Demand]], market"
        weight: 0.3
        credence: 0.7
        from: 2025-01-01
        ---
        What it counts passes through it.

        - A survey #evidence (source:: https://example.org/a)
        - Hobbyists hardly matter #con
        """,
        "folder/Blind spot.md",
    )
    own = said.claims[0]
    assert (own.id, own.text, own.span.line) == (
        "folder/Blind spot",
        "The router is blind to self-hosting",
        2,
    )
    assert (own.credence, own.window) == (0.7, Window(date(2025, 1, 1)))
    assert own.tags == ("rebuttal",)
    assert own.detail == "What it counts passes through it."
    assert arrows(said) == [
        (own.id, "undercuts", "trio_share"),
        (own.id, "undercuts", "[[SLM#^trio]]"),
        (own.id, "supports", "[[Demand]]"),
        (own.id, "supports", "market"),
        ("folder/Blind spot#hobbyists-hardly-matter", "attacks", own.id),
    ]
    assert {relation.weight for relation in said.relations[:4]} == {0.3}
    assert only(said).claim == own.id


def test_fields_in_the_text_of_a_claim_note() -> None:
    """Fields on lines of their own in a claim note are the note's."""
    said = read("""
        ---
        claim: X
        ---
        attacks:: [[Y]]
    """)
    assert arrows(said) == [("n", "attacks", "[[Y]]")]
    assert said.claims[0].detail == ""


def test_unquoted_link_in_a_property() -> None:
    """An unquoted link in a property is a list to YAML: a problem that says what to write."""
    _, problems = read_with_problems("""
        ---
        claim: X
        supports: [[Y]]
        ---
    """)
    assert [(p.code, p.span.line, p.hint) for p in problems] == [
        ("A204", 3, 'quote the link: "[[Y]]"')
    ]


def test_a_claim_says_whose_it_is() -> None:
    """A source on a claim says whose claim it is; `role` names the thesis and the conclusion."""
    said = read("""
        - Small models are the future #claim (role:: thesis) (source:: [Belcak](https://example.org/p))
        - They are not #claim (role:: conclusion) (contradicts:: small-models-are-the-future)
    """)
    thesis, conclusion = said.claims
    assert (thesis.role, conclusion.role) == ("thesis", "conclusion")
    assert thesis.attributed
    assert (thesis.attributed.text, thesis.attributed.url) == ("Belcak", "https://example.org/p")
    assert arrows(said) == [
        ("n#they-are-not", "contradicts", "small-models-are-the-future"),
    ]


def test_credence_expect_window() -> None:
    """A claim holds its credence, the status its author expects, and its window."""
    said = read(
        "- X #claim (credence:: 0.7) (expect:: supported) (from:: 2025-01-01) (until:: 2025-12-31)"
    )
    claim = said.claims[0]
    assert (claim.credence, claim.expect) == (0.7, "supported")
    assert claim.window == Window(date(2025, 1, 1), date(2025, 12, 31))


def test_aliases() -> None:
    """The config gives tags and fields other names; ours still serve, in any case."""
    options = ClaimOptions(aliases={"supports": ["за"], "attacks": ["Против"], "claim": ["тезис"]})
    said = read(
        """
        - Рынок решил #Тезис (за:: [[Вывод]]) (против:: спрос) ^market-1
        - Спрос #CLAIM
        """,
        options=options,
    )
    assert [claim.text for claim in said.claims] == ["Рынок решил", "Спрос"]
    assert [arrow[1:] for arrow in arrows(said)] == [
        ("supports", "[[Вывод]]"),
        ("attacks", "спрос"),
    ]


def test_a_tag_and_a_field_may_share_an_alias() -> None:
    """`#против` may be a con while `(против:: …)` is an attack."""
    options = ClaimOptions(aliases={"attacks": ["против"], "con": ["против"]})
    said = read("- Рынок #claim\n    - Спрос #против (против:: [[Y]])", options=options)
    assert arrows(said) == [
        ("n#спрос", "attacks", "n#рынок"),
        ("n#спрос", "attacks", "[[Y]]"),
    ]


def test_alias_of_a_callout_and_a_property() -> None:
    """Aliases serve for callouts and for properties as well."""
    options = ClaimOptions(aliases={"supports": ["за"], "claim": ["тезис"], "con": ["но"]})
    said = read(
        """
        ---
        тезис: Рынок решил
        за: "[[Вывод]]"
        ---
        > [!но] Спрос другой
        """,
        options=options,
    )
    assert arrows(said) == [("n", "supports", "[[Вывод]]"), ("n#спрос-другой", "attacks", "n")]


def test_task_and_number() -> None:
    """A task and a numbered item are marked like any other; the place is that of the words."""
    said = read("""
        1. [ ] Build #claim
           1. Count #pro
    """)
    assert [(one.text, one.span.line, one.span.column) for one in said.claims] == [
        ("Build", 1, 8),
        ("Count", 2, 7),
    ]


def test_other_tags_are_words_of_the_sentence() -> None:
    """A tag that is not ours stays where words follow it, and goes from the end."""
    claim = read("- The #ai market is flat #claim #ai/market").claims[0]
    assert (claim.text, claim.tags) == ("The #ai market is flat", ("ai", "ai/market"))


# Nesting


def test_nested_pro_and_con() -> None:
    """Nested #pro and #con support and attack what encloses them; a nested #claim says nothing."""
    said = read("""
        - Market #claim
            - Finance avoids them #pro
                - Not all of it #con (weight:: 0.5)
            - Prices hide their size #con
            - A claim of its own #claim
    """)
    assert arrows(said) == [
        ("n#finance-avoids-them", "supports", "n#market"),
        ("n#not-all-of-it", "attacks", "n#finance-avoids-them"),
        ("n#prices-hide-their-size", "attacks", "n#market"),
    ]
    assert said.relations[1].weight == 0.5
    assert [claim.role for claim in said.claims] == ["claim", "pro", "con", "con", "claim"]


def test_enclosing_reaches_over_unmarked_items() -> None:
    """What encloses is the nearest marked item, however deep the plain items between."""
    said = read("""
        - Market #claim
            - in detail
                - Finance avoids them #pro
                - Seen #evidence (source:: X)
    """)
    assert arrows(said) == [("n#finance-avoids-them", "supports", "n#market")]
    assert only(said).claim == "n#market"


def test_con_below_evidence_or_argument_undercuts() -> None:
    """A #con below evidence or an argument undercuts it, and encloses what is below itself."""
    said = read("""
        - Market #claim ^m
            - Sonnet leads #evidence (source:: [[OpenRouter]]) ^trio
                - Self-hosting is invisible #con ^blind
                    - A blog says so #evidence (source:: [[@mozilla]]) ^blog
        - So it follows #argument (premises:: m, blind) (attacks:: [[Y]]) ^step
            - It does not #con
    """)
    assert arrows(said) == [
        ("n#blind", "undercuts", "n#trio"),
        ("n#step", "attacks", "[[Y]]"),
        ("n#it-does-not", "undercuts", "n#step"),
    ]
    assert [one.claim for one in said.evidence] == ["n#m", "n#blind"]


def test_pro_below_evidence() -> None:
    """A #pro below evidence can support nothing: a problem; the claim stays."""
    text = """
        - Market #claim
            - Sonnet leads #evidence (source:: X)
                - Truly #pro
    """
    assert codes(text) == [("A205", 3, 11)]
    said, _ = read_with_problems(text)
    assert [claim.text for claim in said.claims] == ["Market", "Truly"]


def test_pro_at_the_top() -> None:
    """A #pro below no claim warns, unless it names what it bears on."""
    assert codes("- Cheap #pro") == [("A210", 1, 3)]
    assert arrows(read("- Cheap #pro (supports:: [[Y]])")) == [("n#cheap", "supports", "[[Y]]")]


# Relations


def test_targets() -> None:
    """A field holds one target or several: links, names, divided by commas or given twice."""
    said = read("""
        - X #claim (supports:: [[A, and B|it]], SLM#market, [[#^c]] [D](My%20Note.md#^d))
          (supports:: e)
    """)
    targets = [one.target for one in said.relations if not isinstance(one.target, str)]
    assert [target.text for target in targets] == [
        "[[A, and B|it]]",
        "SLM#market",
        "[[#^c]]",
        "[D](My%20Note.md#^d)",
        "e",
    ]
    assert [target.span.column for target in targets] == [24, 41, 53, 61, 15]
    assert [(t.link.target, t.link.subpath) if t.link else None for t in targets] == [
        ("A, and B", ""),
        None,
        ("", "^c"),
        ("My Note.md", "^d"),
        None,
    ]


def test_name_with_emphasis() -> None:
    """Field values are source text: underscores and stars in them are no emphasis."""
    said = read("- X #claim (supports:: _a_ b*c*)")
    assert arrows(said) == [("n#x", "supports", "_a_ b*c*")]


def test_weight_of_every_relation() -> None:
    """A weight holds for every relation of its item, said or implied, and for evidence."""
    said = read("""
        - X #claim
            - Y #con (weight:: 2) (supports:: [[Z]])
            - Z #evidence (weight:: 0.5) (source:: S)
    """)
    assert [relation.weight for relation in said.relations] == [2.0, 2.0]
    assert only(said).weight == 0.5


# Evidence


def test_check() -> None:
    """`check` is a reason, `test` a test; their places are those of the formulas."""
    said = read("""
        - Market #claim
            - Sonnet leads #evidence (check:: trio_share >= 25 %) (source:: [[OpenRouter]]) ^trio
            - It pays off #evidence #con (test:: max(a, b * 2) < c)
    """)
    check, test = said.evidence
    assert (check.id, check.kind, check.formula, check.against) == (
        "n#trio",
        "check",
        "trio_share >= 25 %",
        False,
    )
    assert check.formula_span == Span("n.md", 2, 39)
    assert check.sources[0].link
    assert check.sources[0].link.target == "OpenRouter"
    assert (test.kind, test.formula, test.against) == ("test", "max(a, b * 2) < c", True)


def test_formula_in_backticks() -> None:
    """Backticks around a formula are not part of it."""
    evidence = only(read("- X #claim\n    - Y #evidence (check:: `a < b`)"))
    assert (evidence.formula, evidence.formula_span) == ("a < b", Span("n.md", 2, 29))


@pytest.mark.parametrize(
    ("judged", "when", "who"),
    [
        ("2025-09-20", date(2025, 9, 20), ""),
        ("А. Иванова, 2025-09-20", date(2025, 9, 20), "А. Иванова"),
        ("2025-09-20 by Anna", date(2025, 9, 20), "by Anna"),
        ("[[Anna]]", None, "Anna"),
        ("[[2025-09-20]]", date(2025, 9, 20), ""),
    ],
)
def test_judgement(judged: str, when: date | None, who: str) -> None:
    """Evidence with a source that someone vouches for is a judgement, until it expires."""
    evidence = only(
        read(f"""
        - Market #claim
            - Not used #evidence (source:: [[@s]]) (judged:: {judged}) (expires:: 2026-12-01)
    """)
    )
    assert (evidence.kind, evidence.judged, evidence.judged_by) == ("judgement", when, who)
    assert evidence.expires == date(2026, 12, 1)


def test_cited() -> None:
    """Evidence nobody vouches for is cited."""
    assert only(read("- X #claim\n    - Y #evidence (source:: [[@s]])")).kind == "cited"


def test_judgement_without_source() -> None:
    """A judgement without a source warns, and is only cited until it has one."""
    text = "- X #claim\n    - Y #evidence (judged:: 2025-09-20)"
    assert codes(text) == [("A209", 2, 7)]
    assert only(read_with_problems(text)[0]).kind == "cited"


def test_sources() -> None:
    """A source is a link, an address, words, or words with their address; there may be several."""
    said = read("""
        - X #claim
            - Y #evidence (source:: [[A]], [[B|b]]) (source:: https://example.org/x_(y))
              (source:: The Times, p. 3) (source:: Survey, https://example.org/s)
              (source:: [t](https://example.org/t))
    """)
    sources = only(said).sources
    assert [(one.text, one.url, one.link.target if one.link else "") for one in sources] == [
        ("A", "", "A"),
        ("b", "", "B"),
        ("https://example.org/x_(y)", "https://example.org/x_(y)", ""),
        ("The Times, p. 3", "", ""),
        ("Survey", "https://example.org/s", ""),
        ("t", "https://example.org/t", ""),
    ]


def test_links_in_the_text_are_sources() -> None:
    """Without a field `source`, the links in the evidence's text are its sources."""
    said = read("""
        - X #claim
            - [Belcak](https://example.org/p) asked ten vendors #evidence (judged:: 2025-09-20)
    """)
    evidence = only(said)
    assert (evidence.kind, evidence.text) == ("judgement", "Belcak asked ten vendors")
    assert [source.url for source in evidence.sources] == ["https://example.org/p"]


def test_evidence_without_words() -> None:
    """Evidence that is only a formula, or only a source, is called by it."""
    said = read("""
        - X #claim
            - #evidence (check:: a < b)
            - #evidence (source:: [[Survey]])
    """)
    assert [one.text for one in said.evidence] == ["a < b", "Survey"]


def test_evidence_callout() -> None:
    """A callout `[!evidence]` inside `[!claim]` is evidence; fields may stand below its title."""
    said = read("""
        > [!claim] Market
        > > [!evidence] Sonnet leads
        > > test:: trio-leads
    """)
    evidence = only(said)
    assert (evidence.claim, evidence.kind, evidence.formula) == ("n#market", "test", "trio-leads")


def test_evidence_without_claim() -> None:
    """Evidence below no claim is a problem and is left out; with a relation it needs none."""
    assert codes("- Seen #evidence (source:: X)") == [("A207", 1, 3)]
    assert read_with_problems("- Seen #evidence")[0] == NoteClaims()
    said = read("- Seen #evidence (source:: X) (supports:: [[#^m]])\n- Market #claim ^m")
    assert arrows(said) == [("n#seen", "supports", "[[#^m]]")]


def test_evidence_on_the_claim_itself() -> None:
    """A check or a judgement that stands on a claim is evidence for it."""
    said = read("""
        - Sonnet leads #claim (check:: trio_share >= 25 %) ^trio
        - Nobody uses them #claim (source:: [[@s]]) (judged:: 2025-09-20)
    """)
    check, judgement = said.evidence
    assert (check.id, check.claim, check.text) == (
        "n#trio-evidence",
        "n#trio",
        "trio_share >= 25 %",
    )
    assert (judgement.claim, judgement.kind) == ("n#nobody-uses-them", "judgement")
    assert [claim.attributed for claim in said.claims] == [None, None]


def test_second_check() -> None:
    """A second check in one item is a problem: an item of its own can be seen and undercut."""
    text = "- X #claim\n    - Y #evidence (check:: a < b) (test:: c < d)"
    assert codes(text) == [("A204", 2, 43)]


# Arguments


def test_argument() -> None:
    """An argument links premises to the claim that its relation names."""
    said = read("""
        - If MoE is cheap and good, size stops mattering #argument
          (premises:: [[#^cheap]], [[#^good]]) (supports:: [[#^conclusion]])
          (from:: 2025-01-01) ^step
    """)
    argument = said.arguments[0]
    assert (argument.id, argument.text) == (
        "n#step",
        "If MoE is cheap and good, size stops mattering",
    )
    assert [premise.text for premise in argument.premises] == ["[[#^cheap]]", "[[#^good]]"]
    assert argument.window == Window(date(2025, 1, 1))
    assert arrows(said) == [("n#step", "supports", "[[#^conclusion]]")]


def test_argument_below_a_claim() -> None:
    """An argument below a claim that names no conclusion is for that claim, with #con against."""
    said = read("""
        - Size stops mattering #claim ^c
            - MoE is cheap and good #argument (premises:: [[A]], [[B]]) ^for
            - Memory is not #argument #con (premises:: [[C]]) ^against
    """)
    assert arrows(said) == [("n#for", "supports", "n#c"), ("n#against", "attacks", "n#c")]


def test_incomplete_argument() -> None:
    """An argument without premises, or without a conclusion, is a problem."""
    assert codes("- So #argument (supports:: [[A]])") == [("A206", 1, 3)]
    assert codes("- So #argument (premises:: [[A]])") == [("A206", 1, 3)]


# Sheets


def test_sheet_below_a_claim() -> None:
    """A fence `yaml argmap` keeps its text, the place of its first line, and its claim."""
    said = read("""
        ```yaml argmap
        measures: {}
        ```

        - Market #claim ^m

          ```yaml argmap
          checks:
            a: {assert: 1 < 2}
          ```

        > [!claim] Economics
        >
        > ```yaml argmap
        > checks: {}
        > ```

        ```yaml argmap
        measures: {}
        ```
    """)
    assert [(sheet.claim, sheet.span) for sheet in said.sheets] == [
        ("", Span("n.md", 2, 1)),
        ("n#m", Span("n.md", 8, 3)),
        ("n#economics", Span("n.md", 15, 3)),
        ("n#economics", Span("n.md", 19, 1)),
    ]
    assert said.sheets[1].text == "checks:\n  a: {assert: 1 < 2}\n"
    assert [claim.detail for claim in said.claims] == ["", ""]


def test_other_fences_are_no_sheets() -> None:
    """Code in another language, or YAML of one's own, is no sheet; nothing in it is marked."""
    said = read("""
        ```yaml
        - X #claim (supports:: y)
        ```
    """)
    assert said == NoteClaims()


# Problems


@pytest.mark.parametrize(
    "field",
    [
        "(weight:: heavy)",
        "(weight:: 0)",
        "(weight:: -1)",
        "(weight:: nan)",
        "(weight:: 1e999)",
        "(credence:: 1.2)",
        "(credence:: 70 %)",
        "(from:: 2025-02-30)",
        "(until:: soon)",
        "(expect:: suported)",
        "(role:: boss)",
    ],
)
def test_bad_value(field: str) -> None:
    """A value that cannot be used is a problem at the value, and counts as not given."""
    said, problems = read_with_problems(
        f"- Market #claim {field} (supports:: [[Y]])".replace("  ", " ")
    )
    assert [(p.code, p.span.line) for p in problems] == [("A204", 1)]
    assert problems[0].span.column == len("- Market #claim ") + field.index("::") + 4
    claim = said.claims[0]
    assert (claim.credence, claim.expect, claim.window) == (None, "", Window())
    assert said.relations[0].weight == 1.0


def test_hint_for_a_misspelt_word() -> None:
    """A word that is nearly one of the allowed is named in the hint."""
    _, problems = read_with_problems("- X #claim (expect:: suported)")
    assert problems[0].hint == "did you mean 'supported'?"


def test_field_given_twice() -> None:
    """Of a field that counts once, the first counts; the second is a problem."""
    said, problems = read_with_problems("- X #claim (credence:: 0.1) (credence:: 0.2)")
    assert said.claims[0].credence == 0.1
    assert [problem.code for problem in problems] == ["A204"]


def test_until_before_from() -> None:
    """A window that ends before it begins is a problem, and leaves nothing out."""
    said, problems = read_with_problems("- X #claim (from:: 2025-02-01) (until:: 2025-01-01)")
    assert said.claims[0].window == Window()
    assert [problem.code for problem in problems] == ["A204"]


def test_bad_judged() -> None:
    """A date of judgement that is none vouches for nothing."""
    text = "- X #claim\n    - Y #evidence (source:: S) (judged:: 2025-13-01)"
    assert codes(text) == [("A204", 2, 42)]
    assert only(read_with_problems(text)[0]).kind == "cited"


def test_empty_claim() -> None:
    """A claim without text is a problem; what hangs on it stays."""
    text = "- #claim ^x\n    - Y #evidence (source:: S)"
    assert codes(text) == [("A208", 1, 3)]
    assert only(read_with_problems(text)[0]).claim == "n#x"
    assert codes("---\nclaim:\n---\n") == [("A208", 2, 1)]


def test_misspelt_field() -> None:
    """A field that is nearly one of ours warns; a field of the author's own does not."""
    _, problems = read_with_problems("- X #claim (suports:: y) (rating:: 5)")
    assert [(p.code, p.span.column, p.hint) for p in problems] == [
        ("A211", 13, "did you mean 'supports'?")
    ]


NO_PARTS = "Obsidian links to no part of a quote or callout"


@pytest.mark.parametrize(
    ("note", "line", "column", "hint"),
    [
        ("- One #claim ^рынок", 1, 14, "use Latin letters, digits and hyphens: ^rynok"),
        ("- One #claim ^my_id", 1, 14, "use Latin letters, digits and hyphens: ^my-id"),
        ("- One ^one and more #claim", 1, 7, "end the paragraph with ` ^one`"),
        ("- Two ^two #claim", 1, 7, "end the paragraph with ` ^two`"),
        ("- Three #claim ^three.", 1, 16, "end the paragraph with ` ^three`"),
        ("- Four #claim^four", 1, 14, "put a blank before ^four"),
        ("- Six^sixth #claim", 1, 6, "put a blank before ^sixth"),
        ("A #claim ^a\nB #claim ^b", 1, 10,
         "put a blank line below ^a, or end the paragraph with it"),
        ("> [!claim] T\n> body\n^below", 3, 1, "put a blank line above ^below, as Obsidian asks"),
        ("> [!claim] T\n> body ^inner", 2, 8,
         f"{NO_PARTS}; put ^inner below it all, blank lines around"),
        ("> - One #claim ^in", 1, 16,
         f"{NO_PARTS}; put ^in below it all, blank lines around"),
        ("> [!claim] T\n\n^c\ntext", 3, 1, "put a blank line below ^c"),
        ("> [!claim] T\n\n^рынок", 3, 1, "use Latin letters, digits and hyphens: ^rynok"),
    ],
)  # fmt: skip
def test_block_ids_that_obsidian_does_not_find(
    note: str, line: int, column: int, hint: str
) -> None:
    """A block id that Obsidian does not find is told at its place, with what to write instead."""
    _, problems = read_with_problems(note)
    assert [(p.code, p.span.line, p.span.column, p.hint) for p in problems] == [
        ("A212", line, column, hint)
    ]


@pytest.mark.parametrize(
    "note",
    [
        "- One #claim ^one",
        "> [!claim] T\n> body\n\n^below\n\ntext",
        "- x ^2 is a square #claim ^square",
        "- `a ^b` is code #claim",
        "> somebody else's ^quote",
        "> somebody else's\n^quote",
    ],
)
def test_block_ids_that_are_none_of_ours_or_right(note: str) -> None:
    """An id that Obsidian finds, a power, code, and ids of what is not marked are left alone."""
    assert codes(note) == []


def test_a_marked_paragraph() -> None:
    """A paragraph that ends, or begins, with a tag of ours is marked, as an item is."""
    said = read("""
        Rents fall when a town builds. #claim #housing ^build

        #claim Owners sell (attacks:: [[#^build]])

        - They sell late #claim ^late

            A survey says so. #evidence (source:: [[Survey]])
    """)
    assert [(claim.id, claim.text, claim.tags) for claim in said.claims] == [
        ("n#build", "Rents fall when a town builds", ("housing",)),
        ("n#owners-sell", "Owners sell", ()),
        ("n#late", "They sell late", ()),
    ]
    assert [(one.text, one.claim) for one in said.evidence] == [("A survey says so.", "n#late")]
    assert arrows(said) == [("n#owners-sell", "attacks", "[[#^build]]")]


def test_a_callout_without_title_takes_tags_from_its_first_paragraph() -> None:
    """The paragraph that stands for the title is no claim beside it."""
    said = read("""
        - A town should cap rents #claim ^cap

        > [!claim]
        > Owners sell #con (attacks:: cap)
    """)
    assert [(claim.text, claim.role) for claim in said.claims] == [
        ("A town should cap rents", "claim"), ("Owners sell", "con"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("note", "column", "message"),
    [
        ("## Rents fall #claim", 15, "#claim in a heading marks nothing"),
        ("| a |\n|---|\n| Rents fall #claim |", 14, "#claim in a table marks nothing"),
        ("> [!note] Rents fall #claim", 22, "#claim in the title of another callout marks nothing"),
        ("The #claim is bold.", 5, "#claim in the middle of a paragraph marks nothing"),
        ("#evidence #housing", 1, "#evidence alone marks nothing"),
    ],
)
def test_a_tag_that_marks_nothing_is_told(note: str, column: int, message: str) -> None:
    """Where a tag of ours cannot mark a claim, it is no mark, and that is said at its place."""
    said, problems = read_with_problems(note)
    assert not said.claims
    assert [(p.code, p.span.line, p.span.column, p.message) for p in problems] == [
        ("A221", note.count("\n") + 1, column, message)
    ]


def test_fields_of_a_marked_callout_are_not_the_notes_own() -> None:
    """In a claim note the title of a marked callout keeps its fields."""
    said = read("""
        ---
        claim: Rents fall
        ---
        > [!con] Not in 2020 (credence:: 0.2)
    """)
    assert [claim.credence for claim in said.claims] == [None, 0.2]


def test_problems_stand_in_the_order_of_the_note() -> None:
    """Problems come in the order of their places."""
    assert codes("""
        - One #claim (weight:: x)
        - #claim
        - Two #evidence
    """) == [("A204", 1, 24), ("A208", 2, 3), ("A207", 3, 3)]


def test_paths_begin_at_the_project() -> None:
    """Places hold the path from the project's root, notes the path in the vault."""
    note = read_note("a/b.md", "- X #claim (weight:: 0)\n", prefix="vault")
    said, problems = read_claims(note, ClaimOptions())
    assert (said.claims[0].note, said.claims[0].id) == ("a/b.md", "a/b#x")
    assert {said.claims[0].span.path, problems[0].span.path} == {"vault/a/b.md"}


@given(st.text(alphabet="0123456789.-+eE_naif", max_size=8))
def test_weight_is_always_positive(value: str) -> None:
    """Whatever is written, a weight is a positive finite number."""
    span = Span("n.md")
    weight = Fields([Entry("weight", value, span, span)], []).weight()
    assert 0 < weight < float("inf")


@given(st.lists(st.sampled_from(
    ["- ", "> ", "    ", "\n", "#claim", "#con", "#evidence", "#argument", "[!claim]",
     "(supports:: [[x]]", ")", "(weight:: ", "^a", "premises:: ", "text", " ", "```yaml argmap",
     "---\nclaim: x\n---\n"]
), max_size=25))  # fmt: skip
def test_no_note_stops_the_reading(parts: list[str]) -> None:
    """Whatever a note holds, it is read: ids differ, and every relation starts at one of them."""
    said, _ = read_claims(read_note("n.md", "".join(parts)), ClaimOptions())
    ids = [one.id for one in (*said.claims, *said.evidence, *said.arguments)]
    assert len(set(ids)) == len(ids)
    assert {relation.source for relation in said.relations} <= set(ids)
