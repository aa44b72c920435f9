"""Plain notes, and what they argue. Most argue nothing, and nothing is found in them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.claims import ClaimOptions, read_claims
from argmap.claims.model import Claim, NoteClaims
from argmap.claims.sentences import first_sentence
from argmap.notes import read_note
from argmap.source import Span

SHARED = Path(__file__).parents[2] / "shared"

SEA_WALL = """\
---
tags: [2024/Mar, coast]
---
## Почему дамба не спасёт берег

Доклад оспаривает тезис [Рооса и др. (2019)](https://example.org/roos?a=1&b=2) о том, что каменная
дамба сохранит пляж на полвека. Авторы смотрели три бухты.

**Основные контраргументы:**

1. **Волна уносит песок.** Отражённая волна вымывает дно у подножия ([замер](https://example.org/m)),
   и пляж сужается.

2. **Камень дороже песка.** Километр стоит как двадцать лет подсыпки.

    - смета 2021 года: [[Смета]]

3. **Дамба мешает птицам**

**Вывод:** подсыпать песок в 2 раза дешевле, чем строить (см. п. 3). Дамба нужна только у порта.

## Карта
- [[Берег]]
"""


def infer(text: str, options: ClaimOptions | None = None) -> NoteClaims:
    """Read a plain note with nothing wrong in it."""
    note = read_note("n.md", dedent(text).lstrip("\n"))
    said, problems = read_claims(note, options or ClaimOptions())
    assert problems == []
    return said


def summary(said: NoteClaims) -> list[tuple[str, str]]:
    return [(claim.role, claim.text) for claim in said.claims]


def arrows(said: NoteClaims) -> list[tuple[str, str, str]]:
    """Return relations between the ends of ids."""
    return [
        (one.source.partition("#")[2], one.kind, str(one.target).partition("#")[2])
        for one in said.relations
    ]


# The shape of a critique


def test_critique() -> None:
    """A disputed thesis, its counter-arguments and a conclusion are claims, each with its place."""
    said = infer(SEA_WALL)
    assert [
        (one.role, one.id, one.text, one.span.line, one.span.column) for one in said.claims
    ] == [
        ("thesis", "n#тезис", "Каменная дамба сохранит пляж на полвека", 6, 1),
        ("con", "n#волна-уносит-песок", "Волна уносит песок", 11, 4),
        ("con", "n#камень-дороже-песка", "Камень дороже песка", 14, 4),
        ("con", "n#дамба-мешает-птицам", "Дамба мешает птицам", 18, 4),
        (
            "conclusion",
            "n#вывод",
            "Подсыпать песок в 2 раза дешевле, чем строить (см. п. 3)",
            20,
            1,
        ),
    ]
    assert [one.inferred for one in said.claims] == [
        "disputed-thesis",
        "lead-in",
        "lead-in",
        "lead-in",
        "conclusion",
    ]
    assert said.claims[-1].detail == "Дамба нужна только у порта."


def test_critique_is_drawn_once() -> None:
    """Each item attacks the thesis and supports the conclusion; nothing else ties those two."""
    assert arrows(infer(SEA_WALL)) == [
        ("волна-уносит-песок", "attacks", "тезис"),
        ("волна-уносит-песок", "supports", "вывод"),
        ("камень-дороже-песка", "attacks", "тезис"),
        ("камень-дороже-песка", "supports", "вывод"),
        ("дамба-мешает-птицам", "attacks", "тезис"),
        ("дамба-мешает-птицам", "supports", "вывод"),
    ]


def test_thesis_is_attributed() -> None:
    """The thesis is its author's, with the address exactly as the note has it."""
    attributed = infer(SEA_WALL).claims[0].attributed
    assert attributed
    assert (attributed.text, attributed.url) == (
        "Рооса и др. (2019)",
        "https://example.org/roos?a=1&b=2",
    )


def test_cited_evidence() -> None:
    """What an item says beyond its bold words is one piece of cited evidence, links its sources."""
    first, second, third = infer(SEA_WALL).evidence
    assert first.text == ("Отражённая волна вымывает дно у подножия (замер), и пляж сужается.")
    assert (first.claim, first.kind, first.inferred) == ("n#волна-уносит-песок", "cited", "lead-in")
    assert first.id == "n#волна-уносит-песок-cited"
    assert first.span == Span("n.md", 11, 28)
    assert [source.url for source in first.sources] == ["https://example.org/m"]
    assert [second.text, third.text] == [
        "Километр стоит как двадцать лет подсыпки.",
        "смета 2021 года: Смета",
    ]
    assert [source.link.target for source in third.sources if source.link] == ["Смета"]


def test_seed() -> None:
    """The note this project began with: a thesis, three counter-arguments, a conclusion."""
    files = sorted((SHARED / "seed").glob("*.md")) if (SHARED / "seed").is_dir() else []
    if not files:
        pytest.skip("the note is not here")
    said, problems = read_claims(read_note("n.md", files[0].read_text("utf-8")), ClaimOptions())
    assert problems == []
    assert [(one.role, one.span.line) for one in said.claims] == [
        ("thesis", 18),
        ("con", 22),
        ("con", 24),
        ("con", 26),
        ("conclusion", 29),
    ]
    attributed = said.claims[0].attributed
    assert attributed
    assert attributed.text == "Belcak et al. (2025)"
    assert attributed.url.startswith(
        "https://www.google.com/url?sa=E&q=https://vk.com/away.php?to="
    )
    assert [one.claim for one in said.evidence] == [one.id for one in said.claims[1:4]]
    assert {one.kind for one in said.evidence} == {"cited"}
    thesis, *items, conclusion = [one.id for one in said.claims]
    assert [(one.source, one.kind, one.target) for one in said.relations] == [
        step
        for item in items
        for step in ((item, "attacks", thesis), (item, "supports", conclusion))
    ]


def test_english() -> None:
    """The same in English, under headings, with colons behind the bold words."""
    said = infer("""
        # Sea walls

        This memo disputes the claim of [Roos (2019)](https://example.org/r) that a wall keeps
        the beach. It does not.

        ## Counterarguments

        - **Waves take the sand**: they bounce, e.g. at the foot.
        - **Stone costs more** — by far.

        ## Conclusion

        Bring sand, says Dr. Brown. A wall is for harbours.
    """)
    assert summary(said) == [
        ("thesis", "A wall keeps the beach"),
        ("con", "Waves take the sand"),
        ("con", "Stone costs more"),
        ("conclusion", "Bring sand, says Dr. Brown"),
    ]
    assert [one.id for one in said.claims][::3] == ["n#thesis", "n#conclusion"]
    assert [one.text for one in said.evidence] == ["they bounce, e.g. at the foot.", "by far."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Статья оспаривает тезис [X](https://example.org) о том, что море отступит.",
        "Заметка спорит с [X](https://example.org) о том, что море отступит.",
        "Мы не согласны с утверждением [X](https://example.org), что море отступит.",
        "Отчёт опровергает идею [X](https://example.org) (2019), будто море отступит.",
        "Писали иначе. Он критикует мнение [X](https://example.org) о том, что море отступит!",
        "В докладе оспаривается тезис [X](https://example.org) о том, что море отступит.",
        "Тезис, что море отступит, оспаривается в [X](https://example.org).",
    ],
)
def test_disputed_thesis(sentence: str) -> None:
    """A thesis is disputed in one sentence, with its citation, in several words."""
    assert [text.rstrip("!") for role, text in summary(infer(sentence))] == ["Море отступит"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The paper disputes the claim of [X](https://example.org) that the sea will retreat.",
        "She argues against [X](https://example.org)'s thesis that the sea will retreat.",
        "I disagree with the view of [[X]] that the sea will retreat.",
        "He rejects the idea in [X et al. (2019)](https://example.org) that the sea will retreat.",
        "Here it is disputed that [the sea will retreat](https://example.org).",
        "The claim that the sea will retreat is challenged by [X](https://example.org).",
    ],
)
def test_disputed_thesis_in_english(sentence: str) -> None:
    """The same in English; the citation may be a note."""
    assert summary(infer(sentence)) == [("thesis", "The sea will retreat")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Статья не оспаривает тезис [X](https://example.org) о том, что море отступит.",
        "Статья оспаривает тезис о том, что море отступит.",
        "Статья подтверждает тезис [X](https://example.org) о том, что море отступит.",
        "Статья оспаривает штраф. См. [X](https://example.org): утверждение, что море отступит.",
        "He does not dispute the claim of [X](https://example.org) that the sea will retreat.",
        "She rejects [the bill](https://example.org) that would close the beach.",
        "The tool rejects [files](https://example.org). Note that they stay.",
    ],
)
def test_no_thesis(sentence: str) -> None:
    """Without dispute, citation, or a word for a thesis, a sentence disputes none."""
    assert infer(sentence) == NoteClaims()


def test_conclusion_against_a_thesis() -> None:
    """The conclusion attacks the thesis where no item ties them."""
    said = infer("""
        Статья оспаривает тезис [X](https://example.org) о том, что море отступит.

        Итог: оно наступает.
    """)
    assert arrows(said) == [("итог", "attacks", "тезис")]
    assert said.claims[1].text == "Оно наступает"


def test_arguments_for() -> None:
    """Arguments for support the thesis, or the conclusion; what they are is in the lead-in."""
    said = infer("""
        ### Доводы в пользу подсыпки
        * **Песок дёшев**. Его возят баржами.

        **Вывод.** Подсыпать.
    """)
    assert summary(said) == [("pro", "Песок дёшев"), ("conclusion", "Подсыпать")]
    assert arrows(said) == [("песок-дёшев", "supports", "вывод")]


def test_both_sides() -> None:
    """Where a note argues both ways, only what attacks its thesis supports its conclusion."""
    said = infer("""
        Статья спорит с тезисом [X](https://example.org) о том, что дамба нужна.

        Доводы за:
        - **Порт цел.**

        Доводы против:
        - **Пляж уже.**

        Вывод: дамба не нужна.
    """)
    assert arrows(said) == [
        ("порт-цел", "supports", "тезис"),
        ("пляж-уже", "attacks", "тезис"),
        ("пляж-уже", "supports", "вывод"),
    ]


def test_arguments_alone() -> None:
    """Counter-arguments stand without thesis and conclusion: claims without relations."""
    said = infer("""
        Автор приводит два контраргумента:
        1. **Песок уходит.**
        2. **Камень дорог.**
    """)
    assert summary(said) == [("con", "Песок уходит"), ("con", "Камень дорог")]
    assert said.relations == ()


@pytest.mark.parametrize(
    "lead_in",
    [
        "## Контраргументы",
        "### 2. Основные аргументы против дамбы",
        "Вот возражения жителей:",
        "**Три довода против:**",
        "Дамбу строить не стоит. Жители приводят следующие контраргументы:",
        "# Counter-arguments",
        "The main objections to the wall:",
        "Brown raises three objections:",
        "#### The case against walls",
    ],
)
def test_lead_ins(lead_in: str) -> None:
    """Arguments are led in by a heading, or by a line that ends in a colon and announces them."""
    assert summary(infer(f"{lead_in}\n\n- **Волна уносит песок.**")) == [
        ("con", "Волна уносит песок")
    ]


def test_weak_words_need_company() -> None:
    """Reasons alone are no debate; beside a conclusion they are."""
    reasons = """
        Reasons:
        - **Waves take the sand.** They bounce.
        - **Stone costs more.**
    """
    assert infer(reasons) == NoteClaims()
    assert [
        role for role, _ in summary(infer(reasons + "\n        Conclusion: bring sand.\n"))
    ] == [
        "pro",
        "pro",
        "conclusion",
    ]


def test_last_conclusion_counts() -> None:
    """A summary on top gives way to the conclusion at the end."""
    said = infer("""
        TL;DR: no wall.

        Arguments against:
        - **Waves take the sand.**

        Conclusion: bring sand.
    """)
    assert summary(said)[-1] == ("conclusion", "Bring sand")


def test_block_ids_are_kept() -> None:
    """What already has a block id is called by it."""
    said = infer("""
        Контраргументы:
        - **Песок уходит.** Давно. ^sand

        **Вывод:** Подсыпать. ^end
    """)
    assert [(one.id, one.block) for one in said.claims] == [("n#sand", "sand"), ("n#end", "end")]
    assert said.evidence[0].id == "n#sand-cited"


def test_own_words() -> None:
    """A project adds words of its own."""
    note = """
        Слабые места:
        - **Песок уходит.** Давно.

        Резюме: подсыпать.
    """
    assert infer(note) == NoteClaims()
    options = ClaimOptions(words={"against": ["слабые места"], "conclusion": ["Резюме"]})
    assert summary(infer(note, options)) == [("con", "Песок уходит"), ("conclusion", "Подсыпать")]


def test_inference_can_be_turned_off() -> None:
    """With `infer` off a plain note says nothing."""
    assert infer(SEA_WALL, ClaimOptions(infer=False)) == NoteClaims()


def test_one_mark_turns_inference_off() -> None:
    """A note with one mark of ours is taken at its author's word."""
    said = infer(SEA_WALL + "\n- Птиц станет меньше #claim\n")
    assert [claim.text for claim in said.claims] == ["Птиц станет меньше"]


def test_a_sheet_is_no_mark() -> None:
    """Evidence may be added to a plain note in a sheet; its claims are inferred all the same."""
    said = infer(SEA_WALL + "\n```yaml argmap\nmeasures: {}\n```\n")
    assert len(said.claims) == 5
    assert [sheet.claim for sheet in said.sheets] == [""]


def test_a_sheet_inside_an_item() -> None:
    """A sheet inside an item stands below that item's claim, and is not cited."""
    said = infer("""
        Контраргументы:
        - **Песок уходит.**

          ```yaml argmap
          measures: {}
          ```
    """)
    assert [sheet.claim for sheet in said.sheets] == ["n#песок-уходит"]
    assert said.evidence == ()


# One rule each, at its edges


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("Waves take the sand. They bounce.", ["Waves take the sand"]),
        ("[[Waves]] take it", []),
        ("Who would pay for it all?", []),
        ("[ ] ask the town about sand", []),
        ("Sand is cheap\n- [[Prices]]", []),
    ],
)
def test_plain_items_are_statements(item: str, said: list[str]) -> None:
    """Below words that mean nothing else an item needs no bold, but it must say something."""
    assert [text for _, text in summary(infer(f"Arguments against:\n- {item}\n"))] == said


def test_labels() -> None:
    """Labels may stand a line each in one paragraph; a reply attacks the objection before it."""
    said = infer("""
        Claim: a wall keeps the beach
        Objection: waves take the sand away
        Reply: not behind a reef, they do not
    """)
    assert [one.role for one in said.claims] == ["thesis", "con", "con"]
    assert [one.span.line for one in said.claims] == [1, 2, 3]
    assert [kind for _, kind, _ in arrows(said)] == ["attacks", "attacks"]
    assert {said.relations[0].target, said.relations[1].target} == {
        said.claims[0].id,
        said.claims[1].id,
    }


@pytest.mark.parametrize(
    "note",
    [
        "Claim: a wall keeps the beach.",
        "Claim: …\nReason: …\nConclusion: …",
        "Decision: we build the wall.\n\nReasons to call the office:\n- **Rain.**\n- **Wind.**",
        "[Roos](https://example.org) argues that a wall keeps the beach.",
        "It is often said that a wall keeps the beach. Few have looked.",
        "Therefore we build the wall.",
        "Pros:\n- it keeps the beach\n\nCons:\n- it costs a lot",
    ],
)
def test_rules_need_company(note: str) -> None:
    """A thesis without arguments, an inference from nothing, sides of nothing come to nothing."""
    assert infer(note) == NoteClaims()


def test_own_reasons_are_against_what_a_note_disputes() -> None:
    """Reasons are for what a note says: against the thesis that it disputes."""
    said = infer("""
        The memo disputes the claim of [X](https://example.org) that the sea will retreat.

        Reasons:
        - **It rose for a century.**
    """)
    assert arrows(said)[0][1] == "attacks"


def test_counted_reasons() -> None:
    """Paragraphs that count reasons are for the thesis above; steps, and one alone, are not."""
    thesis = "Claim: the law does harm.\n\n"
    counted = (
        "First, fewer people ride. A third gave up.\n\nSecond, cars pass closer ([W](w.md)).\n"
    )
    said = infer(thesis + counted)
    assert [(claim.role, claim.text, claim.detail) for claim in said.claims[1:]] == [
        ("pro", "Fewer people ride", "A third gave up."),
        ("pro", "Cars pass closer", "([W](w.md))."),
    ]
    assert {claim.inferred for claim in said.claims} == {"label", "ordinals"}
    assert not infer(counted).claims
    assert not infer(thesis + "First, open the box.\n\nSecond, the lid comes off slowly.\n").claims
    assert not infer("Decision: we move in June.\n\n" + counted).claims
    assert not infer(thesis + "First, fewer people ride.\n").claims


@pytest.mark.parametrize(
    "thesis",
    [
        "# Why we should dig up the lawn",
        "The lawn should be dug up, for two reasons:",
        "We should dig up the lawn. Here is why:",
        "I am writing to argue that the lawn is a waste.",
        "## Почему газон надо перекопать?",
        "Газон надо перекопать, и вот почему:",
    ],
)
def test_reasons_for_what_should_be(thesis: str) -> None:
    """A list below what should be, and a "why", holds its reasons."""
    said = infer(f"{thesis}\n\n- It drinks more than the rest\n- Bees find nothing there\n")
    assert [claim.role for claim in said.claims] == ["thesis", "pro", "pro"]
    assert {claim.inferred for claim in said.claims} == {"why"}


@pytest.mark.parametrize(
    "causes",
    [
        "The build fails because:\n\n- the cache is stale there\n- tests run out of memory\n",
        "# Why the dough does not rise\n\n- the yeast was too old\n- the kitchen is cold\n",
        "## The build is slow\n\n- because the cache is cold\n- because tests run twice\n",
        "- Restart the router first\n    - because it keeps old names\n",
        "It was late. The main reason is that it rained. Another reason is that we slept.\n",
        "# Why you should update\n\n- It is faster than before\n- It mends two faults\n",
    ],
)
def test_causes_are_no_reasons(causes: str) -> None:
    """What happens has causes, and what a reader is told to do has uses: neither is argued."""
    assert infer(causes) == NoteClaims()


def test_because() -> None:
    """Items that open so are reasons for what stands above, in a list or in an item."""
    above = (
        "## The meeting has to go\n\n- because half of us sleep\n- because it is in the tracker\n"
    )
    assert arrows(infer(above)) == [
        ("half-of-us-sleep", "supports", "the-meeting-has-to-go"),
        ("it-is-in-the-tracker", "supports", "the-meeting-has-to-go"),
    ]
    nested = "- Прогулка нужна всем\n    - потому что дома душно\n    - но: не у всех есть обувь\n"
    assert [kind for _, kind, _ in arrows(infer(nested))] == ["supports", "attacks"]


def test_reasons_in_a_paragraph() -> None:
    """Sentences that are called reasons are for the sentence before; the other hand is against."""
    said = infer("""
        The pool should not be sold.

        The main reason is that old people meet there. Another reason is that the buyer has no plan.
        On the other hand, it loses money.
    """)
    assert summary(said) == [
        ("thesis", "The pool should not be sold"),
        ("pro", "Old people meet there"),
        ("pro", "The buyer has no plan"),
        ("con", "It loses money"),
    ]


def test_what_others_say_below_a_thesis_is_an_objection() -> None:
    """A common belief that is answered at once is a thesis; below one's own, an objection.

    What only some say is never a thesis.
    """
    others = "Some say that a lawn cools the house. But trees cool it more."
    common = others.replace("Some say", "It is often said")
    assert [claim.role for claim in infer(common).claims] == ["thesis", "con"]
    assert not infer(others).claims
    own = infer(f"Claim: the lawn must go.\n\nReason: it drinks too much.\n\n{others}")
    assert arrows(own)[1:] == [
        ("a-lawn-cools-the-house", "attacks", "the-lawn-must-go"),
        ("trees-cool-it-more", "attacks", "a-lawn-cools-the-house"),
    ]


def test_a_list_of_labels() -> None:
    """Where every item opens with its role, it has it; one that does not makes the list another."""
    listed = (
        "Thesis: walls keep harbours.\n\n1. Evidence: they did in Ost.\n2. Contra: not in Lum.\n"
    )
    assert [claim.role for claim in infer(listed).claims] == ["thesis", "pro", "con"]
    assert not infer(f"{listed}3. Sand is cheaper than that.\n").claims


def test_however_below_reasons() -> None:
    """What opens so right below a list of reasons speaks against their thesis."""
    reasons = "# Why we should dig up the lawn\n\n- It drinks too much\n- Bees find nothing there\n"
    assert [c.role for c in infer(f"{reasons}\nHowever, the children like it.\n").claims][3:] == [
        "con"
    ]


def test_a_view_concludes_what_it_stands_below() -> None:
    """«Моё мнение» above arguments is their thesis, below them what the note comes to."""
    view, sides = (
        "Моё мнение: запрет не нужен.\n\n",
        "За\n- тротуары узкие\n\nПротив\n- жаль людей\n\n",
    )
    sides = sides.replace("узкие", "слишком узкие").replace("людей", "всех людей")
    assert [claim.role for claim in infer(view + sides).claims] == ["thesis", "pro", "con"]
    assert [claim.role for claim in infer(sides + view).claims] == ["pro", "con", "conclusion"]


def test_a_heading_that_says_what_should_be_is_the_thesis_of_last_resort() -> None:
    """It counts above arguments, where no thesis is called one; a question never does."""
    sides = "Pros:\n- it keeps the harbour dry\n\nCons:\n- it costs a lot\n"
    assert summary(infer(f"# The wall must stay\n\n{sides}"))[0] == ("thesis", "The wall must stay")
    assert not infer(f"# Should the wall stay?\n\n{sides}").claims
    assert not infer(f"# Which wall should we take\n\n{sides}").claims
    called = infer(f"# The wall must stay\n\nThesis: walls keep harbours.\n\n{sides}")
    assert summary(called)[0] == ("thesis", "Walls keep harbours")


def test_for_and_against_make_a_debate_with_a_conclusion() -> None:
    """Lists under "For" and "Against" count beside a conclusion; one of them alone does not."""
    sides = "## For\n- It is cheap here\n\n## Against\n- It is loud at night\n\n"
    assert len(infer(f"{sides}Verdict: keep it in spring.\n").claims) == 3
    assert not infer(sides).claims
    assert not infer("## For\n- It is cheap here\n\nVerdict: keep it in spring.\n").claims


def test_two_theses() -> None:
    """Arguments are about the nearest thesis above them."""
    said = infer("""
        Thesis: the wall should be built soon.

        Pros:
        - it keeps the harbour dry

        Thesis: the road should be closed then.

        Cons:
        - the shops would be cut off
    """)
    assert [(kind, target) for _, kind, target in arrows(said)] == [
        ("supports", "the-wall-should-be-built-soon"),
        ("attacks", "the-road-should-be-closed-then"),
    ]


# What argues nothing


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(
            """
            # Меню на неделю
            **Основные блюда:**
            1. **Борщ.** Свёкла, капуста, говядина.
            2. **Плов.** Рис, морковь, баранина.

            **Итог:** купить свёклу.
            """,
            id="menu-ru",
        ),
        pytest.param(
            """
            # How to bake bread
            Steps:
            1. **Mix.** Flour, water, salt.
            2. **Wait.** An hour.

            **Conclusion:** eat it warm.
            """,
            id="steps",
        ),
        pytest.param(
            """
            ## Повестка
            - **Бюджет.** Докладывает Анна.
            - **Отпуска.** Согласовать до пятницы.

            Вывод: перенести на среду.
            """,
            id="agenda-ru",
        ),
        pytest.param(
            """
            # Release 2.4
            Changes:
            - **Faster search.** Twice as fast ([#12](https://example.org/12)).
            - **Fixed:** crash on start.

            TL;DR: upgrade.
            """,
            id="release-notes",
        ),
        pytest.param(
            """
            # Карта: экономика
            Основные заметки:
            - **[[Рынок]]** — обзор
            - **[[Цены]]** — таблицы

            Контраргументы:
            - **[[Слепое пятно]]** — о данных
            - **[[Ниша]]** — о железе
            """,
            id="map-of-content-ru",
        ),
        pytest.param(
            """
            # Meeting notes 2024-03-02
            Attendees:
            - **Ann** (chair)
            - **Bob**

            Decisions:
            - **Move the launch.** Bob objects, see the arguments in the thread.

            **Conclusion:** we meet again on Friday.
            """,
            id="meeting",
        ),
        pytest.param(
            """
            # Встреча с поставщиком
            **Договорённости:**
            - **Цена.** Без изменений.
            - **Срок.** Две недели.

            **Итоги:** подписать до конца месяца.
            """,
            id="meeting-ru",
        ),
        pytest.param(
            """
            # Как отвечать на контраргументы:
            1. **Выслушайте.** Не перебивайте.
            2. **Переспросите.** Вы могли не понять.

            Вывод: слушайте.
            """,
            id="how-to-ru",
        ),
        pytest.param(
            """
            ## Responses to objections
            - **Listen first.** People want to be heard.
            - **Ask back.** You may be wrong.

            Conclusion: listen.
            """,
            id="how-to",
        ),
        pytest.param(
            """
            Command arguments for `build`:
            - **`path`**: where the notes are
            - **`--watch`**: build again on a change

            Conclusion: that is all.
            """,
            id="program-arguments",
        ),
        pytest.param(
            """
            # Рецепт
            Почему тесто поднимается:
            - **Дрожжи.** Они выделяют газ.
            - **Тепло.** Оно ускоряет их.
            """,
            id="recipe-ru",
        ),
        pytest.param(
            """
            # Контраргументы

            Собираю здесь всё, что слышал. Сами они — в отдельных заметках.

            - [[Песок]]
            - [[Камень]]
            """,
            id="links-ru",
        ),
        pytest.param(
            """
            Контраргументы:
            1. Песок уходит.
            2. **Камень дорог.** Очень.
            """,
            id="not-all-bold-ru",
        ),
        pytest.param(
            """
            **Вывод:** дамба не нужна.
            """,
            id="conclusion-alone-ru",
        ),
        pytest.param(
            """
            ## Summary
            The sea will retreat. A wall is for harbours.

            ## Conclusion
            Bring sand.
            """,
            id="conclusion-alone",
        ),
        pytest.param(
            """
            ```
            Контраргументы:
            1. **Песок уходит.**
            ```

            > Arguments against:
            > - **Waves take the sand.**
            """,
            id="code-and-quotes",
        ),
        pytest.param(
            """
            # Reading list
            Books with arguments against the wall:
            - **Roos 2019.** A classic.
            - **Brown 2021.** A reply.
            """,
            id="reading-list",
        ),
        pytest.param(
            """
            # Словарь
            - **Аргумент.** Вывод из посылок.
            - **Контраргумент.** Довод против довода.
            - **Вывод:** то, что следует.
            """,
            id="glossary-ru",
        ),
        pytest.param(
            """
            # Why we moved
            Reasons for the delay:
            - **Weather.** Rain all week.
            - **Staff.** Two were ill.
            """,
            id="report",
        ),
        pytest.param(
            """
            Учитывая возражения жителей, город решил:
            - **Дамбу не строить.** Песок дешевле.
            - **Пляж подсыпать.** Осенью.
            """,
            id="decisions-ru",
        ),
        pytest.param(
            """
            Objections were heard, and the plan is this:
            - **Bring sand.** In autumn.
            - **Close the road.** For a week.
            """,
            id="plan",
        ),
        pytest.param("", id="empty"),
    ],
)
def test_argues_nothing(note: str) -> None:
    """Bold lists and conclusions without argumentative words are no arguments."""
    assert infer(note) == NoteClaims()


def test_public_vaults_argue_nothing() -> None:
    """A handbook explains; in 300 of its notes nothing is found, and nothing is wrong."""
    if not (SHARED / "vaults").is_dir():
        pytest.skip("the vaults are not here")
    found: dict[str, list[Claim]] = {}
    for path in sorted((SHARED / "vaults").rglob("*.md")):
        said, problems = read_claims(read_note(path.name, path.read_text("utf-8")), ClaimOptions())
        if said != NoteClaims() or problems:
            found[path.name] = list(said.claims)
    assert found == {}


# Sentences


@pytest.mark.parametrize(
    "text",
    [
        "Первое. | Второе.",
        "Рост 2,5 %. | Дальше спад.",
        "Так пишет А. Иванов. | Другие молчат.",
        "И т. д. и т. п. | Новое.",
        "Это SLM (напр. Qwen. Или Gemma). | Дальше.",
        "«Море. Песок» — цитата. | Дальше.",
        "He asked: why? | Nobody knew.",
        "See Roos et al. Brown is later. | End.",
        "**All bold.** | And more.",
        "[link](https://example.org/a. B) ends. | More.",
        "It weighs 7 B. | More.",
        "One only",
        "Не закрыта (скобка. Конец.",
    ],
)
def test_first_sentence(text: str) -> None:
    """A sentence ends at a stop, not in brackets, quotes, abbreviations or initials."""
    first, _, rest = text.partition(" | ")
    whole = f"{first} {rest}".strip()
    assert whole[: first_sentence(whole)] == first


@given(st.text(alphabet="аБ. !?()«»1\n*", max_size=60))
def test_first_sentence_is_a_beginning(text: str) -> None:
    """A text that is not empty has a first sentence, and it is found again in itself."""
    end = first_sentence(text)
    assert 0 <= end <= len(text)
    assert first_sentence(text[:end]) <= end
    assert end > 0 or not text
