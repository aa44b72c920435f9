"""Report -> every file of the site, as bytes by path. Pure: nothing is read but our own assets."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from argmap.pages import board, cards, check, details, feed, find, notes, state, views
from argmap.pages.data import (
    changes_json,
    checks_json,
    debates_json,
    graph_json,
    to_json,
    to_script,
)
from argmap.pages.icons import ICONS
from argmap.pages.names import (
    badge_page,
    check_page,
    claim_page,
    debate_page,
    note_page,
    slug,
    state_page,
    up,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Environment

    from argmap.pages.cards import Deck
    from argmap.pages.charts import Point, Step
    from argmap.report import DebateReport, Report

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
# A debate with more cards than this leaves the panels of its evidence, then of its claims, to
# the claims' own pages: the page must stay light.
MOST_WITH_EVIDENCE, MOST_WITH_CLAIMS = 200, 350
ASSETS = (
    "argmap.css", "theme.js", "icon.svg", "find.js", "site.js", "cards.js", "svg.js",
    "solver.js", "judge.js", "sums.js", "map.js", "debate.js", "claim.js", "board.js", "index.js",
    "live.js",
)  # fmt: skip
LARGE = 300  # visible cards; beyond them a map opens on its conclusion's neighbourhood


def render(report: Report) -> dict[str, bytes]:
    """Return the whole site: the same report gives the same bytes."""
    site = _Site(cards.deal(report), _environment())
    found = dict(site.pages())
    pages = {path: text.encode("utf-8", "replace") for path, text in found.items()}
    return dict(sorted((_assets(report) | pages).items()))


def _assets(report: Report) -> dict[str, bytes]:
    from argmap.pages.graph import script

    folder = files("argmap.pages") / "assets"
    found = {f"assets/{name}": (folder / name).read_bytes() for name in ASSETS}
    if report.debates:
        found["assets/vis-network.js"] = script()
    return found


@cache  # compiling the templates takes as long as filling them
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("argmap.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    made.filters |= {
        "px": _px,
        "path": _path,
        "stairs": _stairs,
        "dots": _dots,
        "whiskers": _whiskers,
        "claim_page": claim_page,
        "slug": slug,
    }
    return made


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _path(points: Sequence[Point], width: float, height: float, steps: bool = False) -> str:
    """Return an SVG path through points given from 0 to 1."""
    spots = [(_px(x * width), _px(y * height)) for x, y in points]
    if steps:
        return f"M{spots[0][0]} {spots[0][1]}" + "".join(f"H{x}V{y}" for x, y in spots[1:])
    return "M" + "L".join(f"{x} {y}" for x, y in spots)


def _stairs(steps: Sequence[Step], left: float, top: float, width: float, height: float) -> str:
    """Return the path of a history: level until the next run."""
    spots = [(_px(left + step.x * width), _px(top + step.y * height)) for step in steps]
    return f"M{spots[0][0]} {spots[0][1]}" + "".join(f"H{x}V{y}" for x, y in spots[1:])


def _dots(steps: Sequence[Step], left: float, top: float, width: float, height: float) -> str:
    """Return the path of a history's runs, a dot each, for a stroke with round ends."""
    return "".join(f"M{_px(left + s.x * width)} {_px(top + s.y * height)}h0" for s in steps)


def _whiskers(steps: Sequence[Step], left: float, top: float, width: float, height: float) -> str:
    """Return the path of what is not known of a strength, run by run."""
    return "".join(
        f"M{_px(left + s.x * width)} {_px(top + s.lo * height)}V{_px(top + s.hi * height)}"
        for s in steps
        if s.lo != s.hi
    )


@dataclass(frozen=True, slots=True)
class _Site:
    """All pages of one report."""

    deck: Deck
    templates: Environment

    @property
    def report(self) -> Report:
        """What the pages tell."""
        return self.deck.report

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield each file that is text, with its path from the site's root."""
        yield "index.html", self._page("index.html", "index.html", **self._index())
        if not self.report.public:
            given = {"found": self.report.problems}
            yield "problems.html", self._page("problems.html", "problems.html", **given)
        for debate in self.report.debates:
            yield self._debate(debate)
            yield state_page(debate.id), state.state_js(self.deck, debate)
        for claim in sorted(self.report.claims.keys() - self.report.unpublished.keys()):
            path = claim_page(claim)
            yield path, self._page("claim.html", path, item=details.claim_view(self.deck, claim))
            yield badge_page(claim), feed.badge(self.deck, self.deck[claim])  # type: ignore[arg-type]
        for key in sorted(self.report.evidence):
            if self.report.evidence[key].kind == "check":
                path = check_page(key)
                yield path, self._page("check.html", path, item=check.check_view(self.deck, key))
        for path in sorted(self.deck.noted):
            page = note_page(path)
            yield page, self._page("note.html", page, note=notes.note_view(self.deck, path))
        yield from self._boards()
        yield from self._for_programs()

    def _boards(self) -> Iterator[tuple[str, str]]:
        """Yield the pages beside the debates."""
        for name, given in (
            ("checks", {"lines": board.checks(self.deck)}),
            ("tags", {"groups": board.tags(self.deck)}),
            ("sources", {"groups": board.sources(self.deck)}),
        ):
            yield f"{name}.html", self._page(f"{name}.html", f"{name}.html", **given)

    def _for_programs(self) -> Iterator[tuple[str, str]]:
        """Yield what scripts, feed readers and other programs take in."""
        words = self.deck.words
        said = {"words": words.all(), "forms": words.forms(), "months": words.months(),
                "language": words.language}  # fmt: skip
        yield "assets/words.js", to_script("argmapSays", said)
        yield "data/search.js", find.index_js(self.deck)
        yield "feed.xml", feed.atom(self.deck, _site_title(self.report))
        for name, data in (
            ("graph", graph_json), ("debates", debates_json), ("checks", checks_json),
            ("changes", changes_json),
        ):  # fmt: skip
            yield f"api/{name}.json", to_json(data(self.report))

    def _page(self, template: str, path: str, **given: Any) -> str:
        return self.templates.get_template(template).render(**self._shared(path), **given)

    def _shared(self, path: str) -> dict[str, Any]:
        """Return what every page has."""
        words, count = self.deck.words, len(self.report.problems)
        return {
            "words": words,
            "icons": ICONS,
            "root": up(path),
            "policy": POLICY,
            "site_title": _site_title(self.report),
            "as_of": words.day(self.report.as_of),
            "as_of_iso": self.report.as_of.isoformat(),
            "fixed": self.report.fixed,
            "due": self.deck.due,
            "attributions": board.attributions(self.deck),
            "page": path,
            "as_of_in_words": words("fixed" if self.report.fixed else "as_of"),
            "problems": words.count(count, "problem") if count else "",
        }

    def _index(self) -> dict[str, Any]:
        notes_of_claims = {item.claim.note for item in self.report.claims.values()}
        known = sorted(notes_of_claims & self.deck.noted)
        return {
            "debates": _last_turned_first(
                [_teaser(self.deck, debate) for debate in self.report.debates]
            ),
            "notes": [(self.report.vault.notes[path].title, note_page(path)) for path in known],
        }

    def _debate(self, debate: DebateReport) -> tuple[str, str]:
        from argmap.pages.graph import debate_html

        path = debate_page(debate.id)
        given = self._shared(path) | _debate_view(self.deck, debate)
        template = self.templates.get_template("debate.html")
        return path, debate_html(self.deck, debate, template, given)


def _site_title(report: Report) -> str:
    return report.settings.title or report.settings.vault.rpartition("/")[2] or "argmap"


def _last_turned_first(teasers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_title = sorted(teasers, key=lambda one: one["title"])
    return sorted(by_title, key=lambda one: one["turned"], reverse=True)


def _teaser(deck: Deck, debate: DebateReport) -> dict[str, Any]:
    """Return a debate's row of the index."""
    words, main = deck.words, deck.report.claims[debate.main]
    turn, days = views.last_turn(deck, debate), views.days_of_data(deck, debate)
    then = main.then and {
        "status": main.then.status,
        "word": words(main.then.status),
        "date": words.day(debate.then) if debate.then else "",
    }
    counts = [
        words.count(len(debate.claims), "claim"),
        words.count(len(debate.evidence), "evidence"),
    ]
    return {
        "id": debate.id,
        "title": debate.title,
        "href": debate_page(debate.id),
        "turned": turn.as_of.isoformat() if turn else "",
        "oldest": days[0].isoformat() if days else "",
        "aging": sorted({day for key in debate.evidence for day in _aging(deck, key)}),
        "claims": views.counts_of_claims(deck, debate),
        "evidence": words.count(len(debate.evidence), "evidence"),
        "main": deck[debate.main],
        "then": then,
        "counts": ", ".join(counts),
        "span": views.span_of_data(deck, debate),
        "held": views.held_in(deck, debate),
        "state": state_page(debate.id),
        "turn": details.turn_line(deck, turn) if turn else None,
        "turn_claim": deck.title(turn.claim) if turn else "",
    }


def _aging(deck: Deck, key: str) -> list[str]:
    """Return the days on which evidence is to be judged anew."""
    found = state.ages(deck, key)
    return [found[name] for name in ("stale", "unknown", "turns") if name in found]


def _debate_view(deck: Deck, debate: DebateReport) -> dict[str, Any]:
    """Return what a debate's page shows, less the graph itself."""
    words, main = deck.words, deck.report.claims[debate.main]
    cards_in_all = len(debate.claims) + len(debate.evidence)
    return {
        "debate": debate,
        "title": views.title_of(deck, debate),
        "state": state_page(debate.id),
        "large": LARGE,
        "main": deck[debate.main],
        "claims": views.counts_of_claims(deck, debate),
        "checks": views.counts_of_checks(deck, debate),
        "judgements": views.count_of_judgements(deck, debate),
        "sentence": views.sentence(deck, debate),
        "rows": views.rows(deck, debate),
        "strip": details.chart(deck, main),
        "runs": words.count(len(main.history), "run"),
        "first_run": words.month(main.history[0].as_of) if main.history else "",
        "attributions": (named := views.attributions(deck, debate)),
        "in_short": board.credits_in_short(named),
        "claim_panels": [
            details.claim_view(deck, claim)
            for claim in (debate.claims if cards_in_all <= MOST_WITH_CLAIMS else ())
            if claim not in deck.report.unpublished
        ],
        "stand_ins": [deck[name] for name in debate.claims if name in deck.report.unpublished],
        "evidence_panels": [
            details.evidence_view(deck, item)
            for item in (debate.evidence if cards_in_all <= MOST_WITH_EVIDENCE else ())
        ],
        "charted": len(debate.evidence) <= MOST_WITH_EVIDENCE,  # else only on the map
        "icon_data": {name: asdict(icon) for name, icon in ICONS.items()},
    }
