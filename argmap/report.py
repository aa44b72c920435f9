"""The whole result, frozen: what pages, exports and commands read, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from argmap.claims.model import Argument, Claim, Source, Window
    from argmap.config import Settings
    from argmap.evidence.model import Ack, Outcome, Result
    from argmap.explain import Term
    from argmap.history import StatusPoint
    from argmap.source import Problem, Span
    from argmap.strengths import Interval, Status
    from argmap.vault import Vault

UNPUBLISHED = "unpublished"  # stands for what a public site does not name
Mark = Literal["lapsed", "stale", "inferred", "circular"]
EdgeKind = Literal["supports", "attacks", "contradicts", "undercuts", "premise", "tests"]

_Item = TypeVar("_Item")


class Later(Sequence[_Item]):
    """A tuple that is worked out when somebody first looks into it: few ask for all that was.

    `key` tells it from any other, so that it may be compared with what it was without a look.
    """

    __slots__ = ("_items", "_work_out", "key")

    def __init__(self, key: str, work_out: Callable[[], Sequence[_Item]]) -> None:
        """Take what the items follow from, and what finds them."""
        self.key = key
        self._work_out = work_out
        self._items: tuple[_Item, ...] | None = None

    @property
    def items(self) -> tuple[_Item, ...]:
        """The items."""
        if self._items is None:
            self._items = tuple(self._work_out())
        return self._items

    @overload
    def __getitem__(self, at: int) -> _Item: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[_Item, ...]: ...
    def __getitem__(self, at: int | slice) -> _Item | tuple[_Item, ...]:
        return self.items[at]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[_Item]:
        return iter(self.items)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == (tuple(other) if isinstance(other, Later) else other)

    def __hash__(self) -> int:
        return hash(self.items)

    def __repr__(self) -> str:
        return f"Later({self.key!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as what was found."""
        return tuple, (self.items,)


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim as of one date."""

    status: Status
    strength: Interval
    reason: str = ""  # why unknown: too_little, loop, or the id of the evidence that widens most


@dataclass(frozen=True, slots=True)
class Turn:
    """When a claim's status changed, and what turned it."""

    claim: str
    as_of: date
    before: Status
    after: Status
    cause: str = ""  # id of the evidence that turned it; empty where the notes themselves changed
    outcome_before: str = ""
    outcome_after: str = ""
    path: tuple[str, ...] = ()  # ids from the evidence to the claim, both included
    run: int = 0  # in which run; tells the runs of one day apart


@dataclass(frozen=True, slots=True)
class Basis:
    """What a claim surely rests on now: all that carries, down to the evidence."""

    reasons: int = 0  # terms of its sum that surely add or take something
    claims: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()  # where that evidence is from, each once, as shown
    stale: tuple[str, ...] = ()  # the evidence whose data are older than called fresh

    @property
    def one_source(self) -> bool:
        """Whether several reasons all come from one source."""
        return self.reasons > 1 and len(self.sources) == 1


@dataclass(frozen=True, slots=True)
class ClaimReport:
    """A claim, judged then and now, and why."""

    claim: Claim
    debate: str  # id of its debate
    now: Judged
    then: Judged | None  # at the date of the debate's note; None where that is today or unknown
    marks: tuple[Mark, ...]
    terms: tuple[Term, ...]  # the sum that makes the strength, term by term
    prior: float
    history: Sequence[StatusPoint] = ()  # one a run, oldest first, up to the as-of date
    turns: Sequence[Turn] = ()  # oldest first
    basis: Basis = Basis()


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """What a check's left side was in one run, and what it was held against; all in `unit`."""

    as_of: date
    dated: date | None
    lo: float | None
    hi: float | None
    outcome: Outcome
    reason: str = ""  # the code of an unknown's reason; `acknowledged` marks what was set aside
    shown: str = ""
    changed: bool = False  # it is defined otherwise than in the run before
    unit: str = ""
    limit: tuple[float, float] | None = None
    found: str = ""  # what it came to by itself, where `for` or an ack says otherwise


@dataclass(frozen=True, slots=True)
class Redefined:
    """When a check came to be defined otherwise: what it came to, and saw, before and after."""

    check: str
    as_of: date
    outcome_before: str
    outcome_after: str
    shown_before: str
    shown_after: str


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """A check or a judgement, run then and now."""

    id: str
    kind: Literal["check", "judgement", "cited"]
    text: str
    span: Span
    note: str  # path in the vault of the note it stands in; empty for a sheet's check
    claims: tuple[str, ...]  # what it bears on
    now: Result
    then: Result | None
    sources: tuple[Source, ...] = ()
    judged: date | None = None
    judged_by: str = ""
    expires: date | None = None
    expect: str = ""  # the outcome its author expects, for gates
    formula: str = ""
    inferred: str = ""
    remark: str = ""  # what the author notes about the check
    series: Sequence[SeriesPoint] = ()  # one a run, oldest first; empty for judgements
    redefined: Sequence[Redefined] = ()  # oldest first
    ack: Ack | None = None  # a person has set its failure aside, and that holds today
    is_test: bool = False  # a failure speaks against: its verdict is then -1, of a reason 0
    block: str = ""  # its id in the note, where it has one
    until: date | None = None  # the last day on which it counts


@dataclass(frozen=True, slots=True)
class Edge:
    """One relation, resolved, whose items count now."""

    source: str
    kind: EdgeKind
    target: str
    weight: float = 1.0
    carries: Interval = (0.0, 0.0)  # what it adds to its target's sum; an undercut: what it cuts


@dataclass(frozen=True, slots=True)
class DebateReport:
    """Claims that hang together: the unit a reader opens."""

    id: str  # a slug, unique in the site
    title: str
    main: str  # id of the conclusion, else of the claim everything leads to
    thesis: str  # id of the disputed thesis; empty if there is none
    note: str  # path of the note it is dated by
    then: date | None
    claims: tuple[str, ...]
    evidence: tuple[str, ...]
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a run found out, as of a date."""

    settings: Settings
    vault: Vault
    as_of: date
    fixed: bool  # built with --as-of: the pages stay at that date
    debates: tuple[DebateReport, ...]
    claims: Mapping[str, ClaimReport]
    evidence: Mapping[str, EvidenceReport]
    arguments: Mapping[str, Argument]
    edges: tuple[Edge, ...]
    strengths: Mapping[str, Interval]  # of every node now; of evidence and arguments, the force
    problems: tuple[Problem, ...]
    runs: tuple[date, ...] = ()  # as-of dates of the history, each once, oldest first
    outside: Mapping[str, Window] = field(default_factory=dict)
    """What does not count on this day, with when it does; with a premise goes its argument."""
    bearing: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    """What makes the force of arguments and of undercut evidence, as `ClaimReport.terms`."""
    public: bool = False  # of published notes only
    unpublished: Mapping[str, Interval] = field(default_factory=dict)
    """What stands among the claims for what is not published, and what each lends."""
    clashing: tuple[str, ...] = ()
    """Claims that contradict an unpublished one that is supported but for that."""

    def terms_of(self, id_: str) -> tuple[Term, ...]:
        """Return what bears on a claim, an argument or evidence."""
        item = self.claims.get(id_)
        return item.terms if item else self.bearing.get(id_, ())
