"""Project -> site/: read, run, judge, record, write; and nothing at all where nothing changed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import timedelta
from os.path import normpath
from typing import TYPE_CHECKING, Any

from argmap import notices
from argmap.cache import own_code
from argmap.evidence.request import Answer
from argmap.splice import replace_own
from argmap.stamps import (
    Look,
    in_short,
    looks_same,
    quick_stamps,
    stamps,
    stamps_below,
    time_by,
    with_young,
)
from argmap.walk import Walk
from argmap.work import no_collector

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from concurrent.futures import Executor
    from datetime import date, datetime
    from pathlib import Path

    from argmap.config import Settings
    from argmap.evidence.world import World
    from argmap.project import Project, Read, Step
    from argmap.report import Report
    from argmap.stamps import Stamp

_BACKFILL_EVERY = timedelta(days=30)
_OWN = ("app.json", "types.json", "templates.json")  # of Obsidian's own settings, those that count


@dataclass(frozen=True, slots=True)
class Built:
    """What a build has to say."""

    site: str
    errors: tuple[str, ...]  # as a terminal shows them
    warnings: tuple[str, ...]
    summary: str
    data: tuple[str, ...] = ()  # files outside claims/ that measures read, from the root
    changed: bool = True  # False: everything was up to date


def build_site(
    project: Project,
    as_of: date,
    *,
    online: bool,
    fixed: bool,
    step: Step,
    now: datetime | None = None,
    public: bool = False,
    allow_new: bool = False,
    executor: Executor | None = None,
) -> Built:
    """Write the site as of a day; `step` is told what is being done.

    A `public` one holds what notes with `publish: true` say. Raises UnlistedError, before anything
    is run or written, where that would publish a note for the first time, unless `allow_new`.

    `executor` reads the notes that changed and makes the pages that differ; without one, processes
    do where there are many.

    Sources are asked only where it is `online`, and `now`, the moment of this run, is given.

    Where no note, sheet, page or setting changed since a build as of the same day, nothing is done.
    """
    settings = project.settings
    marker, clock = settings.state_folder / "built.json", settings.state_folder / "clock"
    asked = f"{own_code()} {as_of} {online} {fixed} {public}"
    walk = Walk(settings.vault_folder)
    seen = _inputs(settings, walk)  # what changes from here on is for the next build
    if last := _last(marker, asked):
        read, written, built = last
        data = quick_stamps(_at(settings, built.data))
        if looks_same(read, data | seen) and looks_same(written, _outputs(settings)):
            return built
    seen = with_young(seen, time_by(clock))
    world = project.world(as_of, online=online, now=now)
    with no_collector():  # nearly all that is made lives until the end
        built = _build(
            project, world, fixed=fixed, step=step, public=public, allow_new=allow_new,
            executor=executor, seen=seen, walk=walk,
        )  # fmt: skip
    if all(isinstance(answer, Answer) for answer in world.answers.values()):
        data = stamps(_at(settings, built.data) - seen.keys(), clock)
        looks = {"read": in_short(data | seen), "written": in_short(_outputs(settings))}
        _remember(marker, {"asked": asked, **looks, "built": asdict(built)})
    return built  # where a source did not answer, the next build asks again


def _build(
    project: Project, world: World, *, fixed: bool, step: Step, public: bool, allow_new: bool,
    executor: Executor | None, seen: dict[str, Stamp], walk: Walk,
) -> Built:  # fmt: skip
    from argmap.evidence.table import data_files
    from argmap.pages import listed, write_site
    from argmap.project import past_days
    from argmap.tables import leave_behind

    settings = project.settings
    step("reading notes and sheets", 0, 4)
    read = project.read(executor, walk)
    paths = _to_publish(read, allow_new=allow_new) if public else ()
    as_of = world.as_of
    since = settings.evidence.since
    if since and not project.history.runs(as_of):
        read.backfill(world, past_days(since, as_of, _BACKFILL_EVERY), step)
    step("running the evidence", 1, 4)
    checked = read.check(world)
    before = notices.record(checked, world)
    step("judging", 2, 4)
    report = checked.judge(fixed=fixed)
    problems = [*report.problems, *notices.tell(checked, before, report)]
    if settings.obsidian.sync and not fixed and not public:
        from argmap.obsidian.sync import synced as into_vault

        plan, refused = into_vault(report)
        problems += refused
        if plan.changes:  # lines of notes have moved, and the pages name them
            synced = {str(settings.vault_folder / one.path) for one in plan.written}
            synced &= _inputs(settings, Walk(settings.vault_folder)).keys()  # less .obsidian/
            seen.update(stamps(synced, settings.state_folder / "clock"))
            report = project.read().check(world).judge()
    step("writing the site", 3, 4)
    written = _for_everybody(report) if public else report
    write_site(
        written, settings.site_folder, settings.state_folder, executor, settings.vault_folder
    )
    if public:
        listed.write_listed(settings.claims_folder, paths)
    if not fixed:
        leave_behind(checked, report)
    return Built(
        settings.site,
        tuple(str(problem) for problem in problems if problem.severity == "error"),
        tuple(str(problem) for problem in problems if problem.severity != "error"),
        _summary(written, settings.site, len(paths)),
        tuple(data_files(read.reading.book)),
    )


def _for_everybody(report: Report) -> Report:
    """Return what of a report is published."""
    from argmap.pages.public import public

    return public(report)


def _to_publish(read: Read, *, allow_new: bool) -> tuple[str, ...]:
    """Return the notes to publish; raise UnlistedError where one is news."""
    from argmap.pages import listed
    from argmap.pages.public import published

    paths = published(read.reading.vault)
    known = listed.read_listed(read.project.settings.claims_folder)
    if news := [path for path in paths if path not in known and not allow_new]:
        raise listed.UnlistedError(news)
    return paths


def _summary(report: Report, site: str, notes: int) -> str:
    from argmap.tables import many, next_due

    claims: Counter[str] = Counter(item.now.status for item in report.claims.values())
    checks: Counter[str] = Counter(
        item.now.outcome for item in report.evidence.values() if item.kind == "check"
    )
    parts = [
        f"{'public site ' if report.public else ''}{site}/index.html as of {report.as_of}",
        _published(notes) if report.public else "",
        f"{many(sum(claims.values()), 'claim')} ({_counted(claims)})",
        f"{many(sum(checks.values()), 'check')} ({_counted(checks)})",
        next_due(report),
    ]
    return "; ".join(filter(None, parts))


def _published(notes: int) -> str:
    from argmap.tables import many

    return f"{many(notes, 'note')} published" if notes else "no note says `publish: true`"


def _counted(counter: Mapping[str, int]) -> str:
    most_first = sorted(counter.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{number} {word}" for word, number in most_first) or "none"


def _inputs(settings: Settings, walk: Walk) -> dict[str, Stamp]:
    """Return the files that a build reads and does not write, but for data outside claims/."""
    fixed = ("argmap.toml", "pyproject.toml", *(f"{settings.vault}/.obsidian/{n}" for n in _OWN))
    written, lists = _own(settings)
    found = quick_stamps(_at(settings, fixed))
    found |= walk.stamps | stamps_below(settings.claims_folder, but={*map(str, written)})
    own = tuple(f"{folder}/" for folder in written)
    return {
        path: stamp
        for path, stamp in found.items()
        if path not in lists and not path.startswith(own)
    }


def _outputs(settings: Settings) -> dict[str, Stamp]:
    """Return the files that builds write: the site, the history, the list of published notes."""
    folders, lists = _own(settings)
    found = quick_stamps(lists)
    for folder in folders:
        found |= stamps_below(folder)
    return found


def _own(settings: Settings) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Return the folders and the files beside them that builds write."""
    from argmap.pages.listed import NAME

    claims = settings.claims_folder
    return (settings.site_folder, claims / "history"), (str(claims / NAME),)


def _at(settings: Settings, names: Iterable[str]) -> set[str]:
    return {normpath(settings.root / name) for name in names}


def _last(marker: Path, asked: str) -> tuple[Look, Look, Built] | None:
    """Return a look at what the last build read and wrote, and what it said.

    None where it was asked otherwise.
    """
    try:
        content = json.loads(marker.read_bytes())
        if content["asked"] != asked:
            return None
        read, written = (Look(*content[name]) for name in ("read", "written"))
        return read, written, Built(**{**content["built"], "changed": False})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _remember(marker: Path, content: dict[str, Any]) -> None:
    replace_own(marker, json.dumps(content).encode())
