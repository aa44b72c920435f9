"""Project.open(root) -> .read() -> .check(world) -> .judge() -> Report: the one way in."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argmap import config
from argmap.source import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Executor
    from datetime import date, datetime, timedelta

    from argmap.config import Settings
    from argmap.evidence.model import Ack, Result
    from argmap.evidence.raw import Pruned, Raw
    from argmap.evidence.request import Answer, Down, Request
    from argmap.evidence.rules import Rules
    from argmap.evidence.run import Bench
    from argmap.evidence.world import World
    from argmap.graph import ArgumentMap, Debate
    from argmap.history import History, Kept
    from argmap.judging import Judgement
    from argmap.reading import Reading
    from argmap.report import Report
    from argmap.source import Problem
    from argmap.walk import Walk
    from argmap.whatif import Moved, Supposition, Turning

    Step = Callable[[str, int, int], None]  # what is being done, which part of how many


class ProjectError(Exception):
    """There is no project where one was looked for."""


@dataclass(frozen=True)
class Project:
    """A vault with its claims folder, its settings, and its history."""

    settings: Settings
    problems: tuple[Problem, ...] = ()

    @classmethod
    def open(cls, root: Path | str | None = None) -> Project:
        """Open the project at or above `root` (the working folder if not given).

        Raises ProjectError where there is none.
        """
        start = Path(root or ".").resolve()
        found = config.find_root(start)
        if found is None:
            raise ProjectError(f"no argmap.toml and no vault/ in {start} or above it")
        settings, problems = config.load(found)
        return cls(settings, tuple(problems))

    @cached_property
    def history(self) -> History:
        """What earlier runs found."""
        from argmap.history import History

        settings = self.settings
        return History(settings.claims_folder / "history", settings.state_folder, settings.root)

    def world(self, as_of: date, *, online: bool = True, now: datetime | None = None) -> World:
        """Return everything outside the notes, as of a day.

        Sources are asked only where `now`, the moment of this run, is given and lies on that day.
        """
        from argmap.evidence.world import World
        from argmap.memory import Memory

        settings = self.settings
        return World(
            settings.root,
            as_of,
            before=Memory(self.history),
            now=now if online else None,
            ask=self._ask,
            rules=self._rules,
            folders=(settings.vault, settings.claims),
        )

    @property
    def _rules(self) -> Rules:
        from argmap.evidence.rules import Keys, Rules

        hosts = {name: secret.hosts for name, secret in self.settings.secrets.items()}
        return Rules(self.settings.evidence.allow_hosts, Keys(hosts, os.environ))

    def _ask(self, requests: Iterable[Request], now: datetime) -> dict[str, Answer | Down]:
        from argmap.evidence.net import Web

        return Web(self._rules, self.raw).fetch(requests, now)

    def post(self, url: str, body: str) -> str:
        """Send JSON to an address, by the rules for sources; return why it was not taken."""
        from datetime import UTC, datetime

        from argmap.evidence.net import Web
        from argmap.evidence.request import Down, Request

        request = Request(url, body=body, json=True)
        answer = Web(self._rules).fetch([request], datetime.now(UTC))[request.key]
        return f"{request.host}: {answer.message}" if isinstance(answer, Down) else ""

    @property
    def raw(self) -> Raw:
        """The bytes that sources sent."""
        from argmap.evidence.raw import Raw

        return Raw(self.settings.state_folder / "raw")

    def read(self, executor: Executor | None = None, walk: Walk | None = None) -> Read:
        """Read notes and sheets, and join what they say.

        `executor` reads the notes that changed; without one, processes do where there are many.
        `walk` is for who has just gone through the vault.
        """
        from argmap.reading import read_all

        return Read(self, read_all(self.settings, self.problems, executor, walk))

    def sights(self, name: str, day: date) -> list[Sight]:
        """Return what a measure, or each measure of a check, was in the last run up to a day.

        Raises ProjectError where nothing is called so.
        """
        from argmap.graph import Names

        reading = self.read().reading
        measures = {measure.name for measure in reading.book.measures.values()}
        named = [name] if name in measures else []
        checks = Names(list(reading.map.checks), {}).find(name)
        if not named and len(checks) == 1:
            meant = reading.book.meant(reading.map.checks[checks[0]])
            direct = reading.book.read_by(meant.formula, meant.scope)
            named = [each.name for each in reading.book.with_inputs(direct)]
        if not named:
            hint = nearest(name, sorted({*measures, *reading.map.checks}))
            raise ProjectError(f"no measure and no check {name!r}{hint and f' ({hint})'}")
        rows = [(each, self.history.observed(each, day)) for each in named]
        return [Sight(each, row, self.raw.get((row or {}).get("raw") or "")) for each, row in rows]

    def prune(self) -> Pruned:
        """Clear away the bytes that sources sent, but for those behind the last values."""
        return self.raw.prune(self.history.raws())

    def acknowledge(self, check: str, ack: Ack) -> Problem | None:
        """Write into claims/acks.yaml that a check's failure is set aside."""
        from argmap.evidence.acks import write_ack

        return write_ack(self.settings.claims_folder, self.settings.claims, check, ack)

    def unacknowledge(self, name: str) -> tuple[str, Problem | None]:
        """Take out of claims/acks.yaml that a check's failure is set aside; return the check's id.

        Raises ProjectError where it is not.
        """
        from argmap.evidence.acks import read_acks, write_ack

        settings = self.settings
        names = self.read().reading.map.names
        meant = set(names.find(name)) or {name}  # what is no check any more goes as it is written
        written = [
            entry.check
            for entry in read_acks(settings.claims_folder, settings.claims)[0]
            if entry.check == name or meant & set(names.find(entry.check))
        ]
        if not written:
            raise ProjectError(f"{name!r} is not set aside")
        problem = None
        for each in written:
            problem = problem or write_ack(settings.claims_folder, settings.claims, each, None)
        return written[0], problem

    def retract(self, name: str, on: date, because: str, by: str, step: Step) -> Retracted:
        """Take back the one observation that a name means, and run its days anew.

        It stays in the history, and counts no more. Raises ProjectError where the name means none,
        or several.
        """
        from argmap.records import SAME, seen_in

        found = self.history.called(name)
        if len(found) != 1:
            listed = ", ".join(f"{row['id']} ({seen_in(row)})" for row in found)
            said = f"{name!r} is {len(found)} observations, name one: {listed}"
            none = f"there is no observation {name!r}; name one by measure and date of data, m@{on}"
            raise ProjectError(said if found else none)
        days = self.history.retract(on, found[0], because, by)
        news = self.read().backfill(self.world(on, online=False), days, step)
        taken = {key: found[0][key] for key in SAME}
        return Retracted(taken, seen_in(found[0]), len(days), news)

    def report(
        self,
        as_of: date,
        *,
        online: bool = True,
        fixed: bool = False,
        executor: Executor | None = None,
    ) -> Report:
        """Read, check and judge as of a day; nothing is recorded."""
        checked = self.read(executor).check(self.world(as_of, online=online))
        return checked.judge(fixed=fixed)


@dataclass(frozen=True)
class Sight:
    """What a measure was in a run."""

    measure: str
    record: Mapping[str, Any] | None  # None: there is no such run
    body: bytes | None = None  # what the source said, where it is kept


@dataclass(frozen=True)
class Retracted:
    """An observation that was taken back, and what that did."""

    observation: Mapping[str, str | None]  # measure, lo, hi, unit, dated
    shown: str  # its value and the date of its data
    runs: int  # that had found it
    news: int  # that now come out otherwise


def past_days(first: date, last: date, every: timedelta) -> list[date]:
    """Return the days from `first` to `last`, `every` so far apart."""
    return [first + every * i for i in range((last - first) // every + 1)]


@dataclass(frozen=True)
class Read:
    """A project, read: what its notes and sheets say."""

    project: Project
    reading: Reading

    def check(self, world: World, tell: Callable[[Result], None] | None = None) -> Checked:
        """Run the evidence as of the world's day, and as of each debate's own date.

        `tell` is given what each check comes to, as it is known.
        """
        from argmap.evidence.checks import source_problems
        from argmap.evidence.run import Bench

        joined = self.reading.map
        dated: dict[date, list[Debate]] = {}
        runs = self.project.history.runs(world.as_of)
        for debate in joined.debates:
            day = debate.then or next(iter(runs), None)
            if day is not None and day < world.as_of:
                dated.setdefault(day, []).append(debate)
        past = [self._then(debates, world.at(dated_by)) for dated_by, debates in dated.items()]
        bench = Bench(self.reading.book, world)
        results = self._run(joined, world, bench, tell)
        problems = self._of_the_day(world, bench, results)
        if world.answers:
            problems += source_problems(bench)
        kept = self.project.history.kept("judged")
        return Checked(self, world.as_of, results, tuple(past), tuple(problems), kept)

    def _then(self, debates: Sequence[Debate], world: World) -> Then:
        part = self.reading.map.within(debates)
        ids = tuple(debate.id for debate in debates)
        return Then(world.as_of, ids, part, self._run(part, world))

    def problems(self, world: World) -> tuple[Problem, ...]:
        """Return all that is wrong with what was written, the data and the history included."""
        found = self._of_the_day(world)
        return (*self.reading.problems, *found, *self.project.history.problems)

    def _of_the_day(
        self, world: World, bench: Bench | None = None, results: Mapping[str, Result] | None = None
    ) -> list[Problem]:
        """Return what is wrong as of a day: data behind measures, what expired or is not needed."""
        from argmap.evidence.acks import idle_acks
        from argmap.evidence.checks import data_problems
        from argmap.evidence.judgement import expired_judgements

        items = self.reading.map.evidence.values()
        return [
            *data_problems(self.reading.book, world, bench),
            *expired_judgements(items, world.as_of),
            *idle_acks(self.reading.acks, results or {}, world.as_of),
        ]

    def backfill(self, world: World, days: Sequence[date], step: Step) -> int:
        """Run and record as of each of these days; return how many runs were news."""
        news = 0
        for number, day in enumerate(days):
            step(f"as of {day}", number, len(days))
            results = self._run(self.reading.map, world.at(day))
            news += Checked(self, day, results).record()
        return news

    def _run(
        self,
        joined: ArgumentMap,
        world: World,
        bench: Bench | None = None,
        tell: Callable[[Result], None] | None = None,
    ) -> dict[str, Result]:
        from argmap.evidence.judgement import judgement
        from argmap.evidence.run import run_checks

        checks = list(joined.checks.values())
        acks = {id_: entry.ack for id_, entry in self.reading.acks.items()}
        results = run_checks(checks, self.reading.book, world, acks, bench, tell)
        for id_, item in joined.evidence.items():
            if id_ not in results:
                results[id_] = judgement(item, world.as_of)
        return results


@dataclass(frozen=True)
class Then:
    """Debates of one date, as of that date."""

    day: date
    debates: tuple[str, ...]  # their ids
    map: ArgumentMap  # of nothing but them
    results: Mapping[str, Result]


@dataclass(frozen=True)
class Checked:
    """A project whose evidence has been run."""

    read: Read
    as_of: date
    results: Mapping[str, Result]
    past: tuple[Then, ...] = ()
    problems: tuple[Problem, ...] = ()  # with the data behind measures
    kept: Kept | None = None  # what was judged before; None: this is not to be kept

    @cached_property
    def judgement(self) -> Judgement:
        """The whole map, judged as of now."""
        from argmap.judging import judge_on

        return judge_on(self.as_of, self.read.reading.map, self.results, self.kept)

    def record(self) -> bool:
        """Add this run to the history; False where the same was recorded for this day before."""
        from argmap.judging import records

        joined = self.read.reading.map
        return self.read.project.history.append(self.as_of, records(joined, self.judgement))

    def judge(self, *, fixed: bool = False) -> Report:
        """Return the whole result; `fixed` says that its pages are to stay at their date."""
        from argmap.judging import judge_on, report_on
        from argmap.work import no_collector

        thens: dict[str, Judgement] = {}
        history = self.read.project.history
        with no_collector():
            for then in self.past:
                judged = judge_on(then.day, then.map, then.results, self.kept)
                thens |= dict.fromkeys(then.debates, judged)
            report = report_on(self.read.reading, self.judgement, thens, history, fixed=fixed)
        if self.kept:
            self.kept.forget_but(self.kept.asked)
        return replace(report, problems=(*report.problems, *self.problems))

    def turning(self, claim: str) -> Turning:
        """Return which evidence would turn a claim, and what an unknown one waits for."""
        from argmap import whatif

        return whatif.turning(self.judgement, self.read.reading.map, claim)

    def suppose(self, supposed: Supposition) -> list[Moved]:
        """Return the claims that would move if evidence and claims were as supposed."""
        from argmap import whatif

        then = whatif.suppose(self.judgement, self.read.reading.map, supposed)
        return whatif.moved(self.judgement, then, supposed)
