"""A check's page, and what is said of a check wherever it is shown."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from argmap.claims.rules import RULES
from argmap.pages import check, details, state, trail
from argmap.pages.cards import deal
from argmap.pages.names import check_page, claim_page
from argmap.pages.render import render
from argmap.pages.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.project import Project

    Make = Callable[..., Project]

POLL = """\
date,share
2026-01-05,62
2026-02-05,58
2026-03-05,49
2026-04-05,47
"""
NOTE = """
    ---
    date: 2026-02-10
    ---
    - Cats win #claim ^cats
        - They lead the poll #evidence (test:: poll >= 50 %) ^poll
"""
SHEET = """
    measures:
      poll:
        table:
          file: data/poll.csv
          sql: SELECT share AS value, date FROM t WHERE date <= :as_of ORDER BY date DESC LIMIT 1
        unit: "%"
"""
CONFIG = 'language = "en"\n'
DAYS = [date(2026, month, 10) for month in (1, 2, 3, 4)]


@pytest.fixture
def polled(project: Make) -> Project:
    """Make a project whose one check turned in March, with four runs in its history."""
    made = project({"Cats.md": NOTE}, {"s.yaml": SHEET, "data/poll.csv": POLL}, CONFIG)
    ran(made, DAYS)
    return made


def ran(made: Project, days: list[date]) -> None:
    """Record a run on each of the days."""
    made.read().backfill(made.world(days[-1], online=False), days, lambda *_: None)


def page(made: Project, id_: str, day: date = DAYS[-1]) -> str:
    """Return the text of a page as a reader sees it: without tags, spaces as one."""
    return plain(render(made.report(day))[check_page(id_)].decode())


def plain(html: str) -> str:
    """Return what a page says, without tags."""
    body = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", body)))


def test_each_check_has_a_page(polled: Project) -> None:
    """Its page says what was seen, with the values put in, when, from where, and how far off."""
    told = page(polled, "Cats#poll")
    assert "poll (47 %) >= 50 %" in told
    assert "5 Apr 2026" in told
    assert "data/poll.csv" in told
    assert "−6.0 % from the threshold" in told
    assert "When the note was written: passed, 58 %" in told


def test_a_computed_measure_shows_its_formula(project: Make) -> None:
    """Its formula stands below its name, the values of what it reads put in."""
    made = project(
        {"n.md": "- Cheap #claim ^c\n    - It is #evidence (test:: cost < 9 USD) ^e\n"},
        {"s.yaml": "measures: {price: {value: 2 .. 3 USD}, cost: {formula: price * 2}}\n"},
        CONFIG,
    )
    told = page(made, "n#e")
    assert "= price (2 to 3 USD) * 2" in told
    assert "The answer hangs most on price" in told


def test_an_interval_says_how_far_it_reaches(project: Make) -> None:
    """What lies across a threshold says how far on either side; of a wide threshold nothing is."""
    made = project(
        {
            "n.md": """
                - Cheap #claim ^c
                    - It is #evidence (test:: cost < 4 USD) ^e
                    - And will be #evidence (test:: cost < limit) ^f
                """
        },
        {"s.yaml": "measures: {cost: {value: 3 .. 5 USD}, limit: {value: 2 .. 4 USD}}\n"},
        CONFIG,
    )
    told = page(made, "n#e")
    assert "−25 … +25 % from the threshold" in told
    assert "lies across 4" not in told, "said once, in the page's language"
    assert "from the threshold" not in page(made, "n#f")


def test_a_check_can_be_cited(polled: Project) -> None:
    """Its page says how to refer to it, with what it came to and when."""
    assert "They lead the poll // argmap. failed, as of 10 Apr 2026." in page(polled, "Cats#poll")


def test_a_claim_s_panel_has_the_charts_of_its_evidence(polled: Project) -> None:
    """A small chart stands beside the term it is of; the page has the large one below."""
    files = render(polled.report(DAYS[-1]))
    debate = next(data.decode() for name, data in files.items() if name.startswith("debate/"))
    panel = debate.partition('<template data-panel="Cats#cats">')[2].partition("</template>")[0]
    term = panel.partition('data-term="Cats#poll"')[2].partition("</li>")[0]
    assert '<svg class="chart"' in term
    claim = files[claim_page("Cats#cats")].decode()
    assert "chart" not in claim.partition('data-term="Cats#poll"')[2].partition("</li>")[0]
    assert '<svg class="series"' in claim


def test_everything_leads_to_a_check_s_page(polled: Project) -> None:
    """Board, list, panel, claim and search index link to it."""
    files = render(polled.report(DAYS[-1]))
    to = check_page("Cats#poll")
    debate = next(data for name, data in files.items() if name.startswith("debate/"))
    for where in (files["checks.html"], debate, files[claim_page("Cats#cats")],
                  files["data/search.js"]):  # fmt: skip
        assert to in where.decode()


def test_the_chart_has_a_table_that_says_the_same(polled: Project) -> None:
    """Runs that saw the same are one row; value, threshold and outcome stand in each."""
    report = polled.report(DAYS[-1])
    rows = trail.table(deal(report), report.evidence["Cats#poll"])
    seen = [(row.dated, row.value, row.limit, row.outcome) for row in rows]
    assert [tuple(cell.replace("\u00a0", " ") for cell in row) for row in seen] == [
        ("5 Apr 2026", "47 %", "50 %", "failed"),
        ("5 Mar 2026", "49 %", "50 %", "failed"),
        ("5 Feb 2026", "58 %", "50 %", "passed"),
        ("5 Jan 2026", "62 %", "50 %", "passed"),
    ]


def test_the_log_names_what_a_check_turned(polled: Project) -> None:
    """A turn of the outcome says from what to what, and which claims it turned."""
    report = polled.report(DAYS[-1])
    log = trail.log(deal(report), report.evidence["Cats#poll"])
    assert [entry.text.replace("\u00a0", " ") for entry in log] == [
        "passed → failed, 58 % → 49 %", "first run: passed",
    ]  # fmt: skip
    assert [(status, text) for status, text, _ in log[0].turned] == [("refuted", "Cats win")]


@pytest.mark.usefixtures("polled")
def test_a_changed_threshold_is_marked(project: Make) -> None:
    """The chart marks a new definition and draws each run's own threshold; the log says both."""
    made = project({"Cats.md": NOTE.replace("50 %", "45 %")}, {}, CONFIG)
    ran(made, [date(2026, 4, 20), date(2026, 4, 27)])
    report = made.report(date(2026, 4, 27))
    item = report.evidence["Cats#poll"]
    assert [point.limit for point in item.series] == [(50.0, 50.0)] * 4 + [(45.0, 45.0)] * 2
    chart = trail.trail(deal(report), item)
    assert chart is not None
    assert chart.kinds == ("written", "changed")
    heights = [y for _, y in chart.limits[0].upper]
    assert len(dict.fromkeys(heights)) == 2
    log = [entry.text.replace("\u00a0", " ") for entry in trail.log(deal(report), item)]
    assert "definition changed: threshold 50 % → 45 %" in log


def test_records_without_a_threshold_still_show_it(polled: Project) -> None:
    """A history of before thresholds were recorded: a constant one follows from the formula."""
    folder = polled.history.folder
    for file in folder.glob("*.ndjson"):
        file.write_text(re.sub(r', "limit_(lo|hi)": [0-9.]+', "", file.read_text("utf-8")), "utf-8")
    report = polled.report(DAYS[-1])
    item = report.evidence["Cats#poll"]
    assert {point.limit for point in item.series} == {None}
    chart = trail.trail(deal(report), item)
    assert chart is not None
    assert chart.limits
    assert {row.limit for row in trail.table(deal(report), item)} == {"50\u00a0%"}


def test_what_is_set_aside_says_so_everywhere(polled: Project) -> None:
    """Card, panel, claim's page, board, the check's own page and the index name it."""
    (polled.settings.claims_folder / "acks.yaml").write_text(
        "Cats#poll: {until: 2026-06-01, because: They asked dog owners, by: Ann, on: 2026-04-01}\n",
        "utf-8",
    )
    made = type(polled).open(polled.settings.root)
    ran(made, [date(2026, 4, 11)])
    report = made.report(date(2026, 4, 11))
    files = {name: data.decode() for name, data in render(report).items()}
    debate = next(text for name, text in files.items() if name.startswith("debate/"))
    whole = "set aside until 1 Jun 2026 (from 1 Apr 2026), by: Ann: They asked dog owners"
    for text in (debate, files[claim_page("Cats#cats")], files[check_page("Cats#poll")],
                 files["checks.html"]):  # fmt: skip
        assert whole in text.replace("\u00a0", " ")
    assert "set aside" in plain(files["index.html"])
    assert deal(report)["Cats#poll"].data()["pills"] == ("set aside",)
    chart = trail.trail(deal(report), report.evidence["Cats#poll"])
    assert chart is not None
    assert "acknowledged" in chart.kinds


def test_an_outcome_held_back_says_by_how_many_dates(project: Make) -> None:
    """`for: 3` shows what the check came to by itself, and on how many dates of data so far."""
    sheet = SHEET + (
        "    checks:\n      lead: {title: The lead holds, supports: cats, assert: poll >= 50 %, "
        "for: 3}\n"
    )
    note = "- Cats win #claim ^cats\n"
    made = project({"Cats.md": note}, {"s.yaml": sheet, "data/poll.csv": POLL}, CONFIG)
    ran(made, DAYS)
    told = page(made, "lead")
    assert "by itself: failed (2 of 3 dates of data)" in told
    assert deal(made.report(DAYS[-1]))["lead"].data()["pills"][0].replace("\u00a0", " ") == (
        "2 of 3 dates of data"
    )


def test_a_check_without_numbers_has_a_ribbon(project: Make) -> None:
    """Where there is no number to draw, the outcomes alone are the chart."""
    made = project(
        {"n.md": "- Open #claim ^c\n    - Still #evidence (test:: today < 2026-03-01) ^e\n"},
        {}, CONFIG,
    )  # fmt: skip
    ran(made, DAYS)
    report = made.report(DAYS[-1])
    chart = trail.trail(deal(report), report.evidence["n#e"])
    assert chart is not None
    assert not chart.values
    assert [spell.outcome for spell in chart.spells] == ["pass", "fail"]


def test_a_check_that_never_ran_has_a_page(project: Make) -> None:
    """Without a history there is no chart, and the rest is said."""
    made = project(
        {"n.md": "- Cheap #claim ^c\n    - It is #evidence (test:: 1 USD < 9 USD) ^e\n"}, {}, CONFIG
    )
    report = made.report(date(2026, 4, 1))
    view = check.check_view(deal(report), "n#e")
    assert view["trail"] is None
    assert view["log"] == []
    assert "1 USD < 9 USD" in page(made, "n#e")


def test_a_band_lies_within_the_chart() -> None:
    """Whatever was measured, the chart's numbers stay between 0 and 1."""
    from hypothesis import given
    from hypothesis import strategies as st

    from argmap.report import SeriesPoint

    ends = st.floats(-1e300, 1e300, allow_nan=False)

    @given(st.lists(st.tuples(ends, ends), min_size=2, max_size=12))
    def law(values: list[tuple[float, float]]) -> None:
        series = [
            SeriesPoint(date(2026, 1, n + 1), None, min(pair), max(pair), "pass")
            for n, pair in enumerate(values)
        ]
        known: list[Any] = [(point.lo, point.hi) for point in series]
        axis = trail._Axis(series, known)
        for band in trail._bands(axis, series, known):
            for x, y in (*band.upper, *band.lower):
                assert 0 <= x <= 1
                assert 0 <= y <= 1
        assert len(axis.heights()) <= 12

    law()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_rule_is_told_in_the_reader_s_words(language: str) -> None:
    """A page says each rule that finds claims in plain text in a sentence of its language."""
    words = Words(language)
    said = [words(f"rule.{rule.name}") for rule in RULES]
    assert not [text for text in said if text.startswith("rule.")]
    assert len(set(said)) == len(said)
    latin = [text for text in said if re.search("[A-Za-z]", text)]
    assert latin == (said if language == "en" else [])


def test_an_inferred_claim_names_its_rule(project: Make) -> None:
    """Card, panel and page say which rule found a claim in plain text."""
    made = project(
        {
            "n.md": """
                ## Arguments against

                - **Forests burn.** They do.
                - **Rivers dry.** They do.

                **Conclusion:** we should stop.
            """
        },
        {}, CONFIG,
    )  # fmt: skip
    report = made.report(date(2026, 4, 1))
    key, claim = next(
        (k, c.claim) for k, c in report.claims.items() if c.claim.inferred == "lead-in"
    )
    assert "inferred" in deal(report)[key].data()["pills"]
    files = render(report)
    said = "Inferred from the text: the rule “lead-in”, an item of a list of arguments."
    assert said in files[claim_page(key)].decode()
    assert said in next(data.decode() for name, data in files.items() if name.startswith("debate/"))
    assert claim.text


def test_a_failure_counts_again_when_its_day_is_over(polled: Project) -> None:
    """The page knows the first day on which what was set aside speaks again."""
    (polled.settings.claims_folder / "acks.yaml").write_text(
        "Cats#poll: {until: 2026-06-01, because: They asked dog owners}\n", "utf-8"
    )
    report = type(polled).open(polled.settings.root).report(DAYS[-1])
    assert report.evidence["Cats#poll"].now.outcome == "unknown"
    assert state.ages(deal(report), "Cats#poll") == {"turns": "2026-06-02", "to": "fail"}


def test_what_turned_a_claim_is_a_link(polled: Project) -> None:
    """A claim's history names the check that turned it, and leads to its page."""
    html = render(polled.report(DAYS[-1]))[claim_page("Cats#cats")].decode()
    turns = html.partition('<ul class="turns">')[2].partition("</ul>")[0]
    assert f'because of: <a href="../{check_page("Cats#poll")}">They lead the poll</a>' in turns
    assert "58\u00a0% → 49\u00a0%" in turns


def test_an_unknown_value_leaves_the_threshold_its_unit(polled: Project) -> None:
    """What was retracted has no value; what it was held against is still told with its unit."""
    polled.retract("poll@2026-04-05", DAYS[-1], "typed wrongly", "Ann", lambda *_: None)
    report = polled.report(DAYS[-1])
    newest = trail.table(deal(report), report.evidence["Cats#poll"])[0]
    assert (newest.value, newest.limit) == ("", "50\u00a0%")
    assert "the data were retracted" in newest.note
    chart = trail.trail(deal(report), report.evidence["Cats#poll"])
    assert chart is not None
    assert "retracted" in chart.kinds
    assert "poll (47 %, of 2026-04-05) was retracted: typed wrongly" in page(polled, "Cats#poll")


def test_numbers_in_a_formula_are_written_as_readers_do(project: Make) -> None:
    """In Russian with a comma, and none between thousands; the formula stays as written."""
    sheet = """
        measures:
          share: {value: 0.5 .. 12345.75, source: B}
          cost: {value: 1.25 USD/Mtok, source: B}
          twice: {formula: share * 2.5}
        checks:
          low: {title: Low, supports: cats, assert: twice < 0.25 * share + 1.5}
          dear: {title: Dear, supports: cats, assert: cost > 0.75 USD/Mtok}
    """
    notes = {"Cats.md": "- Cats win #claim ^cats\n"}
    for language, shown, inner in (
        ("ru", "cost (1,25 USD/Mtok) > 0.75 USD/Mtok", "share (0,5–12\u00a0346) * 2.5"),
        ("en", "cost (1.25 USD/Mtok) > 0.75 USD/Mtok", "share (0.5 to 12,346) * 2.5"),
    ):
        made = project(notes, {"s.yaml": sheet}, f'language = "{language}"\n')
        deck = deal(made.report(DAYS[-1]))
        assert details.evidence_view(deck, "dear")["shown"] == shown
        assert inner in {one.formula for one in details.readings(deck, "low")}


def test_a_distance_says_from_what(project: Make) -> None:
    """From a threshold that is an interval it is told from the nearer end, or not at all."""
    sheet = """
        measures:
          low: {value: 1 .. 2, source: B}
          high: {value: 4 .. 8, source: B}
          wide: {value: 3 .. 5, source: B}
        checks:
          apart: {title: A, supports: cats, assert: low > high}
          across: {title: B, supports: cats, assert: wide > high}
          point: {title: C, supports: cats, assert: low > 4}
    """
    notes = {"Cats.md": "- Cats win #claim ^cats\n"}
    deck = deal(project(notes, {"s.yaml": sheet}, CONFIG).report(DAYS[-1]))
    told = {key: details.evidence_view(deck, key)["distance"] for key in deck.report.evidence}
    assert told == {
        "apart": "\u221250\u00a0% from the threshold's nearer end",
        "across": "",
        "point": "\u221250\u00a0% from the threshold",
    }


def test_problems_lead_to_their_places(project: Make) -> None:
    """To the note's page at the line, to Obsidian at its block or heading; a sheet's to neither."""
    note = "# Cats\n\n## Why\n\n- Cats win #claim (supports:: marke) ^c\n\nSee [[Nowhere]].\n"
    made = project({"Cats.md": note}, {"s.yaml": "checks: [\n"}, CONFIG)
    found = {one.code: place for one, place in details.problems(deal(made.report(DAYS[-1])))}
    assert found["A201"]["page"].endswith("#L5")
    assert found["A201"]["obsidian"].endswith("Cats%23%5Ec")
    assert found["A104"]["obsidian"].endswith("Cats%23Why")
    assert found["A301"] == {"page": "", "obsidian": ""}
    text = render(made.report(DAYS[-1]))["problems.html"].decode()
    assert f'<a href="{found["A201"]["page"]}">vault/Cats.md:5:' in text
