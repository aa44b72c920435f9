"""Report -> every file of the site, by path.

Nothing is read but our own assets, and the images that notes show.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from argmap.cache import own_code
from argmap.pages import board, cards, check, details, feed, find, notes, panels, state, views
from argmap.pages.asking import witness
from argmap.pages.data import (
    changes_json,
    checks_json,
    debates_json,
    graph_json,
    to_json,
    to_script,
)
from argmap.pages.dress import take_js
from argmap.pages.icons import ICONS
from argmap.pages.names import (
    badge_page,
    check_page,
    claim_page,
    debate_page,
    note_page,
    panels_page,
    slug,
    state_page,
    up,
)
from argmap.pages.parts import PLACE, ROWS, Parts, part_of
from argmap.pages.tongues import FOLDERS, LANGUAGES, Language, both
from argmap.pages.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from jinja2 import BytecodeCache, Environment
    from jinja2.bccache import Bucket

    from argmap.pages.asking import Question
    from argmap.pages.before import Before
    from argmap.pages.cards import Deck
    from argmap.pages.charts import Point, Step
    from argmap.pages.images import Image
    from argmap.report import DebateReport, Report

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
MOST_CHARTED = 200  # pieces of evidence whose charts stand in the list as well
ASSETS = (
    "argmap.css", "theme.js", "icon.svg", "find.js", "site.js", "cards.js", "svg.js",
    "solver.js", "judge.js", "sums.js", "map.js", "debate.js", "claim.js", "board.js", "index.js",
    "live.js",
)  # fmt: skip
_MANY = 200  # pages; for fewer, starting processes takes longer than it saves
_PARTS = 12
_LEAST = 40  # pages of a part, which brings the whole report along
LARGE = 300  # visible cards; beyond them a map opens on its conclusion's neighbourhood
IMAGE = "shelf.image"  # what a page asks for an image that it shows


class Job(NamedTuple):
    """A page that is to be made: where it goes, what kind it is, and of what."""

    path: str  # from the site's root, in the first of its languages
    kind: str
    of: str = ""


class Made(NamedTuple):
    """A page that was made, and what it asked."""

    path: str
    data: bytes
    asked: tuple[Question, ...]
    parts: dict[str, tuple[Question, ...]]  # its rows that were made, and what they asked
    stay: tuple[str, ...]  # those that are as they were


def render(report: Report) -> dict[str, bytes | Image]:
    """Return the whole site: the same report gives the same bytes.

    Where the config names no language, it is there twice: in English, and in Russian below `ru/`.
    """
    site = Site(cards.deal(report))
    pages = [page for job in site.plan() for page in site.made(job)]
    found: dict[str, bytes | Image] = {**assets(report), **{page.path: page.data for page in pages}}
    shown = {image for page in pages for image in images_of(page.asked)}
    return dict(sorted((found | site.copies(shown)).items()))


def images_of(asked: Iterable[Question]) -> set[str]:
    """Return the images of the vault that a page shows, by what it asked."""
    return {question[1] for question in asked if question[0] == IMAGE}


def made(site: Site, jobs: Sequence[Job], executor: Executor | None = None) -> Iterator[Made]:
    """Yield each page, made in this process, or where there are many in others."""
    from argmap.work import split

    if len(jobs) < _MANY and not executor:
        for job in jobs:
            yield from site.made(job)
        return
    sent = site.sent()
    size = max(_LEAST, len(jobs) // _PARTS)
    # Neighbours in the plan are alike: every part gets some of each kind.
    parts = [jobs[first :: -(-len(jobs) // size)] for first in range(-(-len(jobs) // size))]
    for pages in split(_made, [(sent, part) for part in parts], executor):
        yield from pages


def _made(job: tuple[bytes, Sequence[Job]]) -> list[Made]:
    """Make some pages. Runs in any process, on any machine."""
    sent, jobs = job
    return [page for job in jobs for page in _site(sent).made(job)]


@lru_cache(maxsize=1)  # a worker is given several parts of one site
def _site(sent: bytes) -> Site:
    from pickle import loads

    report, images = loads(sent)  # noqa: S301  made by this very program
    return Site(cards.deal(report, images))


def assets(report: Report) -> dict[str, bytes]:
    """Return the files that are the same for every report."""
    from argmap.pages.graph import script

    folder = files("argmap.pages") / "assets"
    found = {f"assets/{name}": (folder / name).read_bytes() for name in ASSETS}
    found["assets/take.js"] = take_js()
    if report.debates:
        found["assets/vis-network.js"] = script()
    return found


@cache
def environment() -> Environment:
    """Return what fills the templates."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("argmap.pages"),
        bytecode_cache=compiled(Path(__file__).parent / "templates" / "__pycache__"),
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


def compiled(folder: Path) -> BytecodeCache:
    """Return what keeps templates as code in a folder, as Python keeps its own modules."""
    from pickle import UnpicklingError

    from jinja2 import FileSystemBytecodeCache

    class Compiled(FileSystemBytecodeCache):
        def get_source_checksum(self, source: str) -> str:
            """Tell this code's templates from those of any other: what compiles them counts."""
            return super().get_source_checksum(own_code() + source)

        def load_bytecode(self, bucket: Bucket) -> None:
            """Read the file; one that is cut off is as none."""
            with suppress(OSError, EOFError, UnpicklingError):
                super().load_bytecode(bucket)

        def dump_bytecode(self, bucket: Bucket) -> None:
            """Write the file, where that can be."""
            with suppress(OSError):
                if not sys.dont_write_bytecode:
                    Path(self.directory).mkdir(exist_ok=True)
                    super().dump_bytecode(bucket)

    return Compiled(str(folder), "%s.compiled")


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


class Site:
    """All pages of one report."""

    def __init__(self, deck: Deck, before: Before | None = None) -> None:
        """Take the report as cards, and the site as it is."""
        self.deck = deck
        self.before = before
        self.shared = _shared(deck)

    @property
    def key(self) -> str:
        """What tells this site's pages from those of other settings, another day or version."""
        said = {
            name: value for name, value in self.shared.items() if name not in ("words", "icons")
        }
        settings = self.deck.report.settings
        return f"{own_code()} {said!r} {settings!r} {self.deck.report.public}"

    def plan(self) -> Iterator[Job]:
        """Yield each page that is to be made, none twice."""
        report = self.deck.report
        yield Job("index.html", "index")
        if not report.public:
            yield Job("problems.html", "problems")
        for debate in report.debates:
            yield Job(debate_page(debate.id), "debate", debate.id)
            yield Job(state_page(debate.id), "state", debate.id)
            for number in range(panels.count(debate)):
                yield Job(panels_page(debate.id, number), "panels", f"{number} {debate.id}")
        for claim in sorted(report.claims.keys() - report.unpublished.keys()):
            yield Job(claim_page(claim), "claim", claim)
            yield Job(badge_page(claim), "badge", claim)
        for key in sorted(report.evidence):
            if report.evidence[key].kind == "check":
                yield Job(check_page(key), "check", key)
        for path in sorted(self.deck.noted):
            yield Job(note_page(path), "note", path)
        yield from (Job(f"{name}.html", name) for name in ("checks", "tags", "sources"))
        yield Job("assets/words.js", "words")
        yield Job("data/search.js", "search")
        yield Job("feed.xml", "feed")
        yield from (Job(f"api/{name}.json", "api", name) for name in _FOR_PROGRAMS)

    def sent(self) -> bytes:
        """Return the report for another process, with the texts and images that pages show."""
        from pickle import dumps

        vault, shelf = self.deck.report.vault, self.deck.shelf
        for path in self._shown():
            _ = vault.notes[path].text
            for link, to in vault.outlinks(path):
                if to and to not in vault.notes and link.kind == "embed":
                    shelf.image(to)
        return dumps((self.deck.report, shelf.images))

    def _shown(self) -> set[str]:
        """Return the notes that have pages, link to those, or are embedded in them."""
        vault = self.deck.report.vault
        shown = set(self.deck.noted)
        shown.update(source for path in self.deck.noted for source in vault.backlinks(path))
        waiting = list(self.deck.noted)
        while waiting:
            links = vault.outlinks(waiting.pop())
            inner = {to for link, to in links if to in vault.notes and link.kind == "embed"}
            waiting += inner - shown
            shown |= inner
        return shown

    def copies(self, images: Collection[str]) -> dict[str, Image]:
        """Return the files of images of the vault, by their paths in the site."""
        return self.deck.shelf.images.copies(sorted(images))

    def paths(self, job: Job) -> dict[str, Language]:
        """Return where a page goes, in which language."""
        stated = self.deck.report.settings.language
        if stated or job.kind == "api":  # which has none
            return {job.path: stated or "en"}
        return {FOLDERS[language] + job.path: language for language in LANGUAGES}

    def made(self, job: Job) -> Iterator[Made]:
        """Make a page, in each of its languages; both are cut from one text where that can be."""
        text: str | bytes = ""
        paths = self.paths(job)
        known = {path: self._known(path, job.kind) for path in paths}
        parts = Parts(self.deck, job.kind, set.intersection(*map(set, known.values())))
        for path, language in paths.items():
            if not text or job.kind in _APART:
                deck, asked = witness(self.deck)
                maker = _Maker(deck, self._given(job), language, parts, self.before)
                text = _KINDS[job.kind](maker, job.of)
            yield Made(
                path,
                text if isinstance(text, bytes) else parts.put(text, known[path], language),
                tuple(asked),
                {part_of(path, name): each for name, each in parts.asked.items()},
                tuple(part_of(path, name) for name in parts.order if name not in parts.made),
            )

    def _known(self, path: str, kind: str) -> dict[str, str]:
        return self.before.rows(path, kind) if self.before and kind in ROWS else {}

    def _given(self, job: Job) -> dict[str, Any]:
        """Return what a page has, with its own place."""
        root, words = up(job.path), self.deck.words
        return self.shared | {
            "root": root,
            "base": f"{root}{words.shared}",
            "other": None if words.language else _other(root, job.path),
            "page": job.path,
        }


def _shared(deck: Deck) -> dict[str, Any]:
    """Return what every page has."""
    words, report = deck.words, deck.report
    return {
        "words": words,
        "icons": ICONS,
        "policy": POLICY,
        "site_title": _site_title(report),
        "as_of": words.day(report.as_of),
        "as_of_iso": report.as_of.isoformat(),
        "fixed": report.fixed,
        "due": deck.due,
        "attributions": board.attributions(deck),
        "as_of_in_words": words("fixed" if report.fixed else "as_of"),
        # How many there are stands on the index alone, else each new one would change all pages.
        "problems": words("problems") if report.problems else "",
    }


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes one page."""

    deck: Deck
    shared: Mapping[str, Any]  # what every page has
    language: Language
    parts: Parts
    before: Before | None = None

    @property
    def report(self) -> Report:
        """What the pages tell."""
        return self.deck.report

    def problems(self, _: str) -> str:
        """Return the page of what is wrong."""
        return self._page("problems", found=list(details.problems(self.deck)))

    def debate(self, id_: str) -> str:
        """Return a debate's page."""
        from argmap.pages.graph import debate_html

        debate = self.deck.debates[id_]
        given = dict(self.shared) | _debate_view(self.deck, debate)
        return debate_html(self.deck, debate, environment().get_template("debate.html"), given)

    def state(self, id_: str) -> str:
        """Return a debate's data script."""
        return state.state_js(self.deck, self.deck.debates[id_])

    def panels(self, of: str) -> str:
        """Return a script with some panels of a large debate, to be shown on its page."""
        number, _, id_ = of.partition(" ")
        given = {**self.shared, "root": up(debate_page(id_))}
        template = environment().get_template("panel.html")
        some = panels.script(self.deck, self.deck.debates[id_], int(number))
        told = {one.id: template.render(**given, panel=one) for one in some}
        return to_script("argmapPanels", told)

    def claim(self, id_: str) -> str:
        """Return a claim's page."""
        return self._page("claim", item=details.claim_view(self.deck, id_))

    def badge(self, id_: str) -> str:
        """Return a claim's badge."""
        return feed.badge(self.deck, self.deck[id_], self.language)  # type: ignore[arg-type]

    def check(self, id_: str) -> str:
        """Return a check's page."""
        return self._page("check", item=check.check_view(self.deck, id_))

    def note(self, path: str) -> str:
        """Return a note's page."""
        return self._page("note", note=notes.note_view(self.deck, path))

    def checks(self, _: str) -> str:
        """Return the board of all checks."""
        self._rows("check_row", board.order(self.deck), board.line)
        return self._page("checks")

    def tags(self, _: str) -> str:
        """Return the page of all tags."""
        return self._page("tags", groups=board.tags(self.deck))

    def sources(self, _: str) -> str:
        """Return the page of all sources."""
        return self._page("sources", groups=board.sources(self.deck))

    def words(self, _: str) -> str:
        """Return the words that scripts use."""
        words = Words(self.language)
        said = {"words": words.all(), "forms": words.forms(), "months": words.months(),
                "language": words.language}  # fmt: skip
        return to_script("argmapSays", said)

    def search(self, _: str) -> str:
        """Return the search index."""
        return find.index_js(self.deck, self.before.found if self.before else None)

    def feed(self, _: str) -> str:
        """Return the feed of changes."""
        turns = feed.newest(self.deck)
        for id_, turn in turns.items():

            def entry(deck: Deck, id_: str = id_, claim: str = turn.claim) -> str:
                return feed.entry(deck, claim, id_)

            self.parts.add(id_, entry)
        return feed.atom(self.deck, _site_title(self.report), turns.values(), PLACE)

    def api(self, name: str) -> bytes:
        """Return what other programs take in."""
        if name == "graph":
            return to_json(graph_json(self.report, self.before.records if self.before else None))
        return to_json(_FOR_PROGRAMS[name](self.report))

    def _rows(self, template: str, names: Iterable[str], line: Callable[[Deck, str], Any]) -> None:
        """Add the rows of a page."""
        filled = environment().get_template(f"{template}.html")
        for name in names:

            def row(deck: Deck, name: str = name) -> str:
                return filled.render(self.shared, line=line(deck, name))

            self.parts.add(name, row)

    def _page(self, template: str, **given: Any) -> str:
        return environment().get_template(f"{template}.html").render(**{**self.shared, **given})

    def index(self, _: str) -> str:
        """Return the page of all debates."""
        notes_of_claims = {item.claim.note for item in self.report.claims.values()}
        known = sorted(notes_of_claims & self.deck.noted)
        count = len(self.report.problems)
        self._rows("debate_row", _last_turned_first(self.deck), _teaser)
        return self._page(
            "index",
            problems=self.deck.words.count(count, "problem") if count else "",
            debates=len(self.report.debates),
            notes=[(self.report.vault.notes[path].title, note_page(path)) for path in known],
        )


_FOR_PROGRAMS: dict[str, Callable[[Report], dict[str, Any]]] = {
    "graph": graph_json,
    "debates": debates_json,
    "checks": checks_json,
    "changes": changes_json,
}
_APART = ("words", "badge")  # what is counted or measured differs from language to language
_KINDS: dict[str, Callable[[_Maker, str], str | bytes]] = {
    "index": _Maker.index,
    "problems": _Maker.problems,
    "debate": _Maker.debate,
    "state": _Maker.state,
    "panels": _Maker.panels,
    "claim": _Maker.claim,
    "badge": _Maker.badge,
    "check": _Maker.check,
    "note": _Maker.note,
    "checks": _Maker.checks,
    "tags": _Maker.tags,
    "sources": _Maker.sources,
    "words": _Maker.words,
    "search": _Maker.search,
    "feed": _Maker.feed,
    "api": _Maker.api,
}


def _other(root: str, path: str) -> dict[str, str]:
    """Return where a page stands in the other language."""
    return {
        "href": both(f"{root}{FOLDERS['ru']}{path}", f"{root}../{path}"),
        "lang": both("ru", "en"),
        "name": both("По-русски", "In English"),
        "short": both("RU", "EN"),
    }


def _site_title(report: Report) -> str:
    return report.settings.title or report.settings.vault.rpartition("/")[2] or "argmap"


def _last_turned_first(deck: Deck) -> list[str]:
    """Return the ids of the debates."""
    debates = sorted(deck.report.debates, key=lambda one: one.title)
    turned = {one.id: views.last_turn(deck, one) for one in debates}
    days = {id_: turn.as_of.isoformat() if turn else "" for id_, turn in turned.items()}
    return sorted(days, key=days.__getitem__, reverse=True)


def _teaser(deck: Deck, id_: str) -> dict[str, Any]:
    """Return a debate's row of the index."""
    debate = deck.debates[id_]
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
        "title": debate.title,
        "href": debate_page(debate.id),
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
        "panels": panels.in_page(deck, debate),
        "numbers": panels.numbers(debate),
        "numbers_at": panels_page(debate.id, 0).removesuffix("0.js"),
        "charted": len(debate.evidence) <= MOST_CHARTED,  # else only on the map
        "icon_data": {name: asdict(icon) for name, icon in ICONS.items()},
    }
