"""Report -> what a card shows: the words, numbers and small chart of each claim and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from argmap.claims.options import ClaimOptions
from argmap.graph import Names
from argmap.pages import charts
from argmap.pages.images import Images
from argmap.pages.names import above
from argmap.pages.shelf import Shelf
from argmap.pages.words import Words
from argmap.report import UNPUBLISHED, EvidenceReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from argmap.pages.charts import Range, Spark
    from argmap.report import ClaimReport, DebateReport, Edge, Report, Turn
    from argmap.strengths import Interval

Effect = Literal["for", "against", "idle", "undercut", "undercut-idle", "premise"]
EPSILON = 1e-9
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """What the map and the list show of a claim."""

    id: str
    status: str
    word: str
    marks: tuple[str, ...]  # as words
    text: str
    role: str
    strength: str
    bar: tuple[float, float]
    report: ClaimReport

    kind: str = "claim"

    @property
    def marked(self) -> tuple[str, ...]:
        """What the map says beside its status."""
        return self.marks

    @property
    def icon(self) -> str:
        """Which icon it wears."""
        return self.status

    def data(self) -> dict[str, Any]:
        """Return the card for the canvas, which knows the words of statuses itself."""
        marked = {"pills": self.marks, "marks": self.report.marks} if self.marks else {}
        return {
            "kind": "claim", "status": self.status, "role": self.role,
            "strength": self.strength, "bar": self.bar, **marked,
        }  # fmt: skip


@dataclass(frozen=True)
class EvidenceCard:
    """What the map and the list show of a check or a judgement."""

    id: str
    icon: str
    outcome: str
    word: str
    date: str
    stale: bool
    text: str
    value: str
    limit: str
    report: EvidenceReport
    look: Literal["ran", "hollow", "dashed"] = "ran"
    pills: tuple[str, ...] = ()  # what is said of it beside its outcome, as short as a map asks for
    held: tuple[str, ...] = ()  # what keeps it from counting as it came out, or from being renewed

    kind: str = "evidence"

    @property
    def marked(self) -> tuple[str, ...]:
        """What the map says beside its outcome."""
        return self.pills

    @cached_property
    def chart(self) -> Spark | Range | None:
        """Its past, or where its value lies; few cards are asked for it."""
        item = self.report
        return charts.spark(item) or (None if _of_today(item) else charts.against(item.now))

    @property
    def spark(self) -> Spark | None:
        """The chart, if it is a series."""
        return self.chart if isinstance(self.chart, charts.Spark) else None

    @property
    def range(self) -> Range | None:
        """The chart, if it is a value against a threshold."""
        return self.chart if isinstance(self.chart, charts.Range) else None

    def data(self) -> dict[str, Any]:
        """Return the card for the canvas."""
        return {
            "kind": "evidence", "outcome": self.outcome, "icon": self.icon,
            "date": self.date, "value": self.value, "limit": self.limit,
            "chart": charts.as_data(self.chart), "look": self.look,
            **({"pills": self.pills} if self.pills else {}),
            **({"held": self.held} if self.held else {}),
            **({"stale": True} if self.stale else {}),
        }  # fmt: skip


Card = ClaimCard | EvidenceCard


class Cards(Mapping[str, Card]):
    """All cards, each made when it is asked for."""

    def __init__(
        self, report: Report, words: Words, outgoing: Mapping[str, tuple[Edge, ...]]
    ) -> None:
        """Take what they are made of."""
        self._report, self._words, self._outgoing = report, words, outgoing
        self._made: dict[str, Card] = {}

    def made_of(self, key: str) -> tuple[ClaimReport | EvidenceReport, *tuple[Any, ...]]:
        """Return all that a card is made of beside the words, and what else is asked about it.

        That is: its item, the relations from it, what it lends where it is not published, whether
        it is an argument as well, and what bears on it.
        """
        report = self._report
        return (
            report.claims[key] if key in report.claims else report.evidence[key],
            self._outgoing.get(key, ()),
            report.unpublished.get(key),
            key in report.arguments,
            report.bearing.get(key, ()),
        )

    def __getitem__(self, key: str) -> Card:
        """Return the card of a claim or of evidence."""
        if key not in self._made:
            item, outgoing, lends, *_ = self.made_of(key)
            if isinstance(item, EvidenceReport):
                self._made[key] = evidence_card(item, self._words, outgoing)
            else:
                text = "" if lends is None else self._words(UNPUBLISHED)
                self._made[key] = claim_card(item, self._words, outgoing, text)
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        """Say whether there is such a card."""
        return key in self._report.claims or key in self._report.evidence

    def __iter__(self) -> Iterator[str]:
        """Return the ids of claims, then of evidence."""
        return chain(self._report.claims, self._report.evidence)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._report.claims) + len(self._report.evidence)


@dataclass(frozen=True, slots=True)
class Deck:
    """The report as cards, with the relations at hand from both ends."""

    report: Report
    words: Words
    shelf: Shelf
    cards: Cards
    incoming: dict[str, tuple[Edge, ...]] = field(default_factory=dict)
    outgoing: dict[str, tuple[Edge, ...]] = field(default_factory=dict)
    noted: frozenset[str] = frozenset()  # paths of the notes that have a page
    names: Names = field(default_factory=lambda: Names((), {}))
    debates: dict[str, DebateReport] = field(default_factory=dict)  # by id
    by_note: dict[str, tuple[ClaimReport, ...]] = field(default_factory=dict)
    turned: dict[str, tuple[Turn, ...]] = field(default_factory=dict)  # by what turned it
    evidence_in: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    """The evidence that stands in each note, each with its line."""
    due: str = ""  # the day on which the first source is to be asked again
    edges: dict[str, tuple[Edge, ...]] = field(default_factory=dict)  # by their debate's id

    def __getitem__(self, key: str) -> Card:
        """Return the card of a claim or of evidence."""
        return self.cards[key]

    def __contains__(self, key: str) -> bool:
        """Say whether there is such a card (an argument has none)."""
        return key in self.cards

    def title(self, key: str) -> str:
        """Return the text of a claim, evidence or argument."""
        if key in self.report.claims:
            text = self.report.claims[key].claim.text
            return text or (self.words(UNPUBLISHED) if key in self.report.unpublished else "")
        if key in self.report.evidence:
            return self.report.evidence[key].text
        if key == UNPUBLISHED:
            return self.words(key)
        return self.report.arguments[key].text if key in self.report.arguments else key


def deal(report: Report, images: Images | None = None) -> Deck:
    """Return all cards of a report; `images` are what its pages may show of the vault's."""
    words = Words(report.settings.language or "")
    outgoing = _grouped(report.edges, lambda edge: edge.source)
    noted = _noted(report)
    images = images or Images(None if report.public else report.settings.vault_folder)
    return Deck(
        report,
        words,
        Shelf(report.vault, images, _listed(report, noted)),
        Cards(report, words, outgoing),
        incoming=_grouped(report.edges, lambda edge: edge.target),
        outgoing=outgoing,
        noted=noted,
        names=Names([*report.claims, *report.evidence, *report.arguments], {}),
        debates={debate.id: debate for debate in report.debates},
        by_note=_grouped(report.claims.values(), lambda item: item.claim.note),
        turned=_grouped(
            (turn for key in sorted(report.claims) for turn in report.claims[key].turns),
            lambda turn: turn.cause,
        ),
        evidence_in={
            note: tuple((one.id, one.span.line) for one in every)
            for note, every in _grouped(report.evidence.values(), lambda one: one.note).items()
        },
        due=min((str(one.now.due) for one in report.evidence.values() if one.now.due), default=""),
        edges=_by_debate(report),
    )


def _by_debate(report: Report) -> dict[str, tuple[Edge, ...]]:
    """Return the relations within each debate, in the report's order."""
    of = {
        id_: debate.id
        for debate in report.debates
        for id_ in (*debate.claims, *debate.evidence, *debate.arguments)
    }
    within = [edge for edge in report.edges if of.get(edge.source, "") == of.get(edge.target)]
    return _grouped(within, lambda edge: of[edge.source])


def _listed(report: Report, noted: Iterable[str]) -> dict[str, str]:
    """Return the tags that the site lists, those above them too, by their names case folded."""
    ours = ClaimOptions(aliases=report.settings.markup.aliases).tags()
    found = [tag for path in sorted(noted) for tag in report.vault.notes[path].tags]
    found += [tag for key in sorted(report.claims) for tag in report.claims[key].claim.tags]
    every = (part for tag in found if tag.casefold() not in ours for part in above(tag))
    listed: dict[str, str] = {}
    for tag in every:
        listed.setdefault(tag.casefold(), tag)
    return listed


def _noted(report: Report) -> frozenset[str]:
    """Return the notes that say something, and those they link to."""
    vault = report.vault
    found = {item.claim.note for item in report.claims.values()}
    found |= {item.note for item in report.evidence.values()}
    for path in found & set(vault.notes):
        links = [link for link in vault.notes[path].links if link.kind != "url" and link.target]
        found |= {to for link in links if (to := vault.resolve(link.target, path))}
    return frozenset(found & set(vault.notes))


def claim_card(
    item: ClaimReport, words: Words, outgoing: tuple[Edge, ...] = (), text: str = ""
) -> ClaimCard:
    """Return the card of a claim, of which `text` is said where it says nothing itself."""
    return ClaimCard(
        id=item.claim.id,
        status=item.now.status,
        word=words(item.now.status),
        marks=tuple(map(words, item.marks)),
        text=item.claim.text or text,
        role=_role(item, words, outgoing),
        strength=words.interval(item.now.strength),
        bar=charts.strength(item.now.strength),
        report=item,
    )


def evidence_card(
    item: EvidenceReport, words: Words, outgoing: tuple[Edge, ...] = ()
) -> EvidenceCard:
    """Return the card of a check or judgement."""
    result, kept = item.now, held(item, words)
    known = result.outcome in {"pass", "fail"}
    of_today = _of_today(item)
    return EvidenceCard(
        id=item.id,
        icon=icon_of(item),
        outcome=result.outcome,
        word=_word(item, words),
        date=words.day(result.dated or item.judged or of_today),
        stale=result.stale,
        text=item.text,
        value=_value(item, words),
        limit=_limit(item, words, outgoing),
        report=item,
        look="ran" if item.kind == "check" else "hollow" if known else "dashed",
        pills=_pills(item, kept, words),
        held=kept,
    )


def said_in(card: Card, words: Words) -> Card:
    """Return a card in other words."""
    if isinstance(card, ClaimCard):
        return claim_card(card.report, words)
    return evidence_card(card.report, words)


def effect(edge: Edge) -> Effect:
    """Return what a relation does now to its target: speaks for, against, cuts, or nothing."""
    lo, hi = edge.carries
    if edge.kind == "premise":
        return "premise"
    if edge.kind == "undercuts":
        return "undercut" if lo > EPSILON else "undercut-idle"
    if lo >= -EPSILON and hi > EPSILON:
        return "for" if lo > EPSILON else "idle"
    if hi <= EPSILON and lo < -EPSILON:
        return "against" if hi < -EPSILON else "idle"
    return "idle"


def held(item: EvidenceReport, words: Words) -> tuple[str, ...]:
    """Return what holds a check back, in a few words each: set aside, too few dates, no answer."""
    result, found = item.now, []
    if item.ack:
        found.append(f"{words('set_aside')} {words.day(item.ack.until)}")
    if result.dates:
        found.append(words.dates(result.dates, result.needed))
    if any(seen.down for seen in result.observations):
        found.append(words("down"))
    return tuple(found)


def _pills(item: EvidenceReport, kept: tuple[str, ...], words: Words) -> tuple[str, ...]:
    """Return what is held against a check and that it is stale, as short as a map asks for."""
    short = (words("aside"), *kept[1:]) if item.ack else kept
    return (*short, words("stale")) if item.now.stale else short


def _role(item: ClaimReport, words: Words, outgoing: tuple[Edge, ...]) -> str:
    claim = item.claim
    role = words(f"role.{_role_key(claim.role, {edge.kind for edge in outgoing})}")
    return f"{role} · {claim.attributed.text}" if claim.attributed else role


def _role_key(role: str, kinds: set[str]) -> str:
    if role != "claim":
        return role
    if "undercuts" in kinds:
        return "undercut"
    speaks = kinds & {"supports", "attacks", "premise"}
    if not speaks:
        return "claim"
    return (
        {"supports": "pro", "premise": "pro", "attacks": "con"}[min(speaks)]
        if len(speaks) == 1
        else "both"
    )


def outcome_icon(outcome: str) -> str:
    """Return the icon of a check's outcome; a claim's "unknown" wears another."""
    return "o-unknown" if outcome == "unknown" else outcome


def outcome_word(outcome: str, words: Words) -> str:
    """Return the word of a check's outcome; a claim's "unknown" has another."""
    return words("o.unknown" if outcome == "unknown" else outcome)


def icon_of(item: EvidenceReport) -> str:
    """Return the icon of a check's outcome, or of a judgement."""
    if item.kind != "check":
        return "judgement" if item.now.outcome == "pass" else "cited"
    return outcome_icon(item.now.outcome)


def _word(item: EvidenceReport, words: Words) -> str:
    if item.kind != "check":
        return words(item.kind)
    return outcome_word(item.now.outcome, words)


def _of_today(item: EvidenceReport) -> date | None:
    """Return the date that a check holds today against: `today < shutdown`."""
    left, right = item.now.left, item.now.right
    if left is None or left.text != "today" or right is None or right.value is None:
        return None
    return right.value.lo if isinstance(right.value.lo, date) else None


def _value(item: EvidenceReport, words: Words) -> str:
    if _of_today(item):
        return words({"pass": "yes", "fail": "no"}.get(item.now.outcome, "o.unknown"))
    left = item.now.left
    return words.amount(left.value) if left is not None and left.value is not None else ""


def _limit(item: EvidenceReport, words: Words, outgoing: tuple[Edge, ...]) -> str:
    right = item.now.right
    if end := _of_today(item):
        return f"{words('until' if item.now.op.startswith('<') else 'since')} {words.day(end)}"
    if right is not None and right.value is not None:
        return f"{words('threshold')} {words.op(item.now.op)} {words.amount(right.value)}"
    parts = [source.text or source.url for source in item.sources[:1]]
    weights = sorted({edge.weight for edge in outgoing if edge.kind != "undercuts"} - {1.0})
    parts += [f"{words('weight')} {words.number(weight)}" for weight in weights[:1]]
    if item.now.reason is not None and not parts:
        parts = [words(f"why.{item.now.reason.code}")]
    return " · ".join(parts)


def _grouped(items: Iterable[Item], key: Callable[[Item], str]) -> dict[str, tuple[Item, ...]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return {name: tuple(group) for name, group in groups.items()}


def total(item: ClaimReport) -> Interval:
    """Return E, the sum of a claim's terms and its prior."""
    return (
        item.prior + sum(term.value[0] for term in item.terms),
        item.prior + sum(term.value[1] for term in item.terms),
    )
