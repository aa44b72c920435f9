"""Arguments -> Project -> print -> exit code. Nothing is decided here."""

from __future__ import annotations

import json
import re
import sys
import time
import traceback
from collections import Counter
from contextlib import contextmanager, nullcontext, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from argmap import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from concurrent.futures import Executor

    from argmap.building import Built
    from argmap.project import Checked, Project, Sight, Step
    from argmap.report import Report
    from argmap.scheduling import Plan
    from argmap.source import Problem
    from argmap.tables import Table
    from argmap.watching import Keeper

FINE, GATE, USAGE, PROBLEMS = 0, 1, 2, 3
EXPORTS = ("json", "argdown", "graphml", "dot", "mermaid", "jsonld")  # argmap.exchange.FORMATS
_MOST_WARNINGS, _MOST_OF_A_CODE = 20, 5
_NO_TURNS = "nothing turned from one run to another"
_CODE = re.compile(r":\d+:\d+: ([A-Z]\d+) ")
_OF_SOURCES = {"A411", "A412", "A413"}  # what only a run that asks the sources finds
_LONGEST = 10_000


class Day(click.ParamType[date]):
    """A day, as 2026-11-23."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Return the day; fail where the text is none."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write 2026-11-23", param, ctx)


class Time(click.ParamType[timedelta]):
    """A length of time, as 30d, 4w or 1y."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> timedelta:
        """Return the time; fail where the text is none."""
        days = {"d": 1, "w": 7, "y": 365}
        number, unit = value[:-1], value[-1:]
        if not (number.isdecimal() and 0 < int(number) < _LONGEST and unit in days):
            self.fail(f"{value!r} is not a time; write 30d, 4w or 1y", param, ctx)
        return timedelta(days=int(number) * days[unit])


def whoami() -> str:
    """Return who is at the machine; empty where nobody is logged in."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


as_of_option = click.option("--as-of", type=Day(), help="Judge as of this day instead of today.")
offline_option = click.option("--offline", is_flag=True, help="Use no network.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
by_option = click.option("--by", default=whoami, metavar="NAME",
                         help="Who says so; your login if not given.")  # fmt: skip
dask_option = click.option("--dask", "cluster", default="", metavar="ADDRESS",
                           help="Hand work to the Dask cluster at tcp://HOST:PORT.")  # fmt: skip
ids_argument = click.argument("names", nargs=-1, metavar="[ID]...")


class Verbs(click.Group):
    """The verbs; what the system refuses (a full disk, a folder not ours) is said in a line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise click.UsageError(_refused(error)) from error


def _refused(error: OSError) -> str:
    """Return what the system refuses, and where; a file in a folder's place is called that."""
    wanted = Path(str(error.filename or ""))
    for path in (wanted, *wanted.parents):
        if isinstance(error, (FileExistsError, NotADirectoryError)) and path.is_file():
            return f"{path} is a file, and a folder is wanted there: move it away"
    named = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{named}"


@click.group(
    cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("-C", "folder", default=".", metavar="DIR", help="The project, or a folder in it.",
              type=click.Path(exists=True, file_okay=False))  # fmt: skip
@click.version_option(__version__, prog_name="argmap")
@click.pass_context
def main(context: click.Context, folder: str) -> None:
    """Continuous integration for arguments.

    Reads an Obsidian vault into claims and evidence, runs the evidence, lets the outcomes move
    along support and attack, and rebuilds a site whose map turns green and red.

    An ID is a claim's or a check's name as `argmap status` and `argmap check` print it, or any
    unambiguous shortening. Exit codes: 0 fine, 1 a gate failed, 2 usage, 3 errors in what was
    written.
    """
    context.obj = folder


@main.command()
@as_of_option
@offline_option
@click.option("--public", is_flag=True, help="Write only what notes with `publish: true` say.")
@click.option("--allow-new", is_flag=True,
              help="Publish notes that were not published before, without asking.")  # fmt: skip
@click.option("--watch", is_flag=True, help="Build again whenever something changes.")
@dask_option
@click.pass_obj
def build(
    folder: str, as_of: date | None, offline: bool, public: bool, allow_new: bool, watch: bool,
    cluster: str,
) -> None:  # fmt: skip
    """Run the evidence, judge the claims, write the site.

    With --as-of the pages stay at that day. Nothing is done where nothing changed since a build
    as of the same day.

    With --public nothing of any other note is anywhere in the site. What was published last stands
    in claims/published.txt; before a note goes out for the first time, a terminal is asked, and
    elsewhere the build stops with exit code 1.
    """
    if allow_new and not public:
        raise click.UsageError("--allow-new goes with --public")
    keeper = keeper_of(folder, as_of, offline, public=public, allow_new=allow_new)
    with workers(cluster) as keeper.executor:
        built = first_build(keeper)
        if watch:
            from argmap.watching import watch as keep_watching

            click.echo("watching; Ctrl-C ends it", err=True)
            with suppress(KeyboardInterrupt):
                keep_watching(keeper)
    sys.exit(PROBLEMS if built.errors and not watch else FINE)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True,
              help="Where to listen; 0 takes any free port.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True,
              help="Where to listen; any address but this lets others read the notes.")  # fmt: skip
@as_of_option
@offline_option
@click.option("--public", is_flag=True, help="Serve what `build --public` writes.")
@click.pass_obj
def serve(
    folder: str, port: int, host: str, as_of: date | None, offline: bool, public: bool
) -> None:
    """Serve the site, and recolour open pages when a note, a sheet or the config changes.

    The site is as of today, also tomorrow, unless --as-of says otherwise. Ctrl-C ends it.
    """
    from argmap import live

    keeper = keeper_of(folder, as_of, offline, public=public)
    first_build(keeper)
    with suppress(KeyboardInterrupt):
        live.serve(keeper, host, port, lambda address: click.echo(f"{address}  (Ctrl-C ends it)"))


@main.command()
@ids_argument
@click.option("--fail-on", default="", metavar="WORDS",
              help="Exit with 1 on any of: unexpected,changed,refuted,unknown.")  # fmt: skip
@as_of_option
@offline_option
@json_option
@dask_option
@click.pass_obj
def check(
    folder: str, names: tuple[str, ...], fail_on: str, as_of: date | None, offline: bool,
    as_json: bool, cluster: str,
) -> None:  # fmt: skip
    """Run the checks now, record and print what they came to.

    With IDs, print only those checks, or those of these claims.
    """
    from argmap import notices, tables, terminal

    gates = gates_of(fail_on)
    project = opened(folder)
    world = project.world(as_of or today(), online=not offline, now=now())
    with workers(cluster) as executor:
        read = project.read(executor)
    with terminal.as_it_goes(asking=world.asking, wanted=not names) as tell:
        checked = read.check(world, tell)
    before = notices.record(checked, world)
    report = checked.judge()
    chosen = found(report, names)
    tell_all(notices.tell(checked, before, report))
    if as_of is None:
        tables.leave_behind(checked, report)
    table = tables.outcomes(report, chosen)
    if as_json or not terminal.print_table(table):
        show(table, as_json, "there are no checks")
    if due := tables.next_due(report):
        click.echo(due, err=True)
    finish(report, tables.failed(report, gates, chosen, news=before.news))


@main.command()
@ids_argument
@as_of_option
@json_option
@click.pass_obj
def status(folder: str, names: tuple[str, ...], as_of: date | None, as_json: bool) -> None:
    """Print the claims: status, strength, how they stood when written."""
    from argmap import tables

    report = opened(folder).report(as_of or today())
    chosen = found(report, names)
    others = ", ".join(repr(id_) for id_ in chosen if id_ not in report.claims)
    empty = f"{others}: no claim; `argmap why` tells of it" if others else "there are no claims"
    show(tables.statuses(report, chosen), as_json, empty)
    finish(report)


@main.command()
@click.argument("name", metavar="ID")
@click.option("--changes", is_flag=True, help="Print what would turn a claim instead.")
@click.option("--depth", type=click.IntRange(1), default=9, show_default=True,
              help="How many levels down to follow the sum.")  # fmt: skip
@as_of_option
@json_option
@click.pass_obj
def why(
    folder: str, name: str, changes: bool, depth: int, as_of: date | None, as_json: bool
) -> None:
    """Print the sum that makes a claim's strength, down to the evidence, or what a check saw.

    With --changes: which evidence, one piece or two together, would turn the claim if it came out
    otherwise, and for an unknown claim what is missing, what matters most first.
    """
    from argmap import reasons

    checked = checked_on(folder, as_of or today())
    report = checked.judge()
    (id_,) = found(report, (name,))
    if not changes:
        lines, data = reasons.why(report, id_, depth), reasons.why_data(report, id_, depth)
    elif id_ in report.claims:
        turning = checked.turning(id_)
        lines = reasons.turning_lines(report, id_, turning)
        data = reasons.turning_data(report, id_, turning)
    else:
        raise click.UsageError(f"{id_!r} is no claim: only a claim has a status that could turn")
    say(lines, data, as_json)
    finish(report)


@main.command()
@click.argument("supposed", nargs=-1, required=True, metavar="ID=VALUE...")
@as_of_option
@json_option
@click.pass_obj
def whatif(folder: str, supposed: tuple[str, ...], as_of: date | None, as_json: bool) -> None:
    """Print what would turn if evidence came out otherwise, or claims were as strong as given.

    ID=pass, ID=fail and ID=unknown fix the outcome of evidence; ID=0.8, from -1 to 1, and
    ID=unknown the strength of a claim.
    """
    from argmap import reasons
    from argmap.tables import UnknownNameError

    checked = checked_on(folder, as_of or today())
    report = checked.judge()
    try:
        supposition = reasons.supposition(report, supposed)
    except UnknownNameError as error:
        raise click.UsageError(str(error)) from None
    moved = checked.suppose(supposition)
    say(reasons.whatif_lines(report, moved), reasons.whatif_data(supposition, moved), as_json)
    finish(report)


@main.command()
@ids_argument
@as_of_option
@json_option
@click.pass_obj
def history(folder: str, names: tuple[str, ...], as_of: date | None, as_json: bool) -> None:
    """Print when each status changed, and what turned it."""
    from argmap import recalled, tables

    day = as_of or today()
    if known := recalled.recall(Path(folder), day, names):
        show(tables.turns_table(known.rows), as_json, _NO_TURNS)
        tell(known.errors, known.warnings)
        sys.exit(PROBLEMS if known.errors else FINE)
    checked = checked_on(folder, day)
    report = checked.judge()
    tables.leave_behind(checked, report)
    show(tables.turns(report, found(report, names)), as_json, _NO_TURNS)
    finish(report)


@main.command()
@click.argument("name", metavar="[ID]", default="")
@click.option("--at", type=Day(), help="What was seen by then; today if not given.")
@click.option("--raw", is_flag=True, help="Print nothing but the bytes that the source sent.")
@click.option("--prune", is_flag=True,
              help="Clear away what sources sent, but for the last values.")  # fmt: skip
@json_option
@click.pass_obj
def evidence(
    folder: str, name: str, at: date | None, raw: bool, prune: bool, as_json: bool
) -> None:
    """Print what was seen, and what the source said, where it is still kept.

    ID is a measure, or a check: then each measure it reads.
    """
    from argmap import tables

    project = opened(folder)
    if prune:
        gone = project.prune()
        click.echo(f"{tables.many(gone.files, 'file')}, {gone.bytes:,} bytes, cleared away")
        return
    sights = seen(project, name, at or today())
    if raw:
        sys.stdout.buffer.write(raw_of(sights))
        return
    say(tables.sights(sights), tables.sights_data(sights), as_json)


@main.command()
@click.option("--from", "first", type=Day(), required=True, help="The first day.")
@click.option("--to", "last", type=Day(), help="The last day; today if not given.")
@click.option("--every", type=Time(), default="30d", show_default=True, help="How far apart.")
@click.pass_obj
def backfill(folder: str, first: date, last: date | None, every: timedelta) -> None:
    """Run and record the evidence as of past days, from dated data."""
    from argmap.project import past_days
    from argmap.tables import many

    project = opened(folder)
    read = project.read()
    last = last or today()
    if first > last:
        raise click.UsageError(f"there is no day from {first} to {last}")
    world = project.world(last, online=False)
    with progress() as step:
        days = past_days(first, last, every)
        news = read.backfill(world, days, step)
    click.echo(f"{many(len(days), 'run')}, {news:,} of them new")
    sys.exit(PROBLEMS if tell_all(read.problems(world)) else FINE)


@main.command()
@click.argument("name", metavar="CHECK")
@click.option("--until", type=Day(), required=True, help="The last day it holds.")
@click.option("--because", required=True, metavar="TEXT", help="Why the failure does not count.")
@by_option
@click.pass_obj
def ack(folder: str, name: str, until: date, because: str, by: str) -> None:
    """Set a check's failure aside: until its date it counts as unknown.

    It is written to claims/acks.yaml, and shown wherever the check is.
    """
    from argmap.evidence.model import Ack

    if until < today():
        raise click.BadParameter(f"{until} is past", param_hint="--until")
    project = opened(folder)
    report = project.report(today(), online=False)
    (id_,) = found(report, (name,))
    if report.evidence.get(id_) is None or report.evidence[id_].kind != "check":
        meant = [item.id for item in report.evidence.values() if id_ in item.claims]
        hint = f"; on it bear {', '.join(meant[:_MOST_OF_A_CODE])}" if meant else ""
        raise click.UsageError(f"{id_!r} is no check{hint}")
    problem = project.acknowledge(id_, Ack(until, because, by, today()))
    if not problem:
        fails = report.evidence[id_].now.outcome == "fail" or report.evidence[id_].ack
        click.echo(f"{id_}: set aside until {until}{'' if fails else '; it does not fail now'}")
    sys.exit(PROBLEMS if tell_all([problem] if problem else []) else FINE)


@main.command()
@click.argument("name", metavar="CHECK")
@click.pass_obj
def unack(folder: str, name: str) -> None:
    """Let a check's failure count again: take it out of claims/acks.yaml."""
    from argmap.project import ProjectError

    try:
        id_, problem = opened(folder).unacknowledge(name)
    except ProjectError as error:
        raise click.UsageError(str(error)) from None
    if not problem:
        click.echo(f"{id_}: counts again")
    sys.exit(PROBLEMS if tell_all([problem] if problem else []) else FINE)


@main.command()
@click.argument("name", metavar="OBSERVATION")
@click.option("--because", required=True, metavar="TEXT", help="Why it was wrong.")
@by_option
@click.pass_obj
def retract(folder: str, name: str, because: str, by: str) -> None:
    """Take an observation back, and judge anew what rested on it.

    OBSERVATION is MEASURE@DATE, the date of its data, or the id in the history, or how that begins.
    It stays in the history, with who took it back and why, and counts no more.
    """
    from argmap.project import ProjectError
    from argmap.tables import many

    project = opened(folder)
    try:
        with progress() as step:
            done = project.retract(name, today(), because, by, step)
    except ProjectError as error:
        raise click.UsageError(str(error)) from None
    said = f"{done.observation['measure']} ({done.shown}) is retracted"
    click.echo(f"{said}; {many(done.runs, 'run')} judged anew")


@main.command()
@as_of_option
@json_option
@dask_option
@click.pass_obj
def lint(folder: str, as_of: date | None, as_json: bool, cluster: str) -> None:
    """Print what is wrong in notes, sheets and history; uses no network."""
    from argmap import tables

    with workers(cluster) as executor:
        report = opened(folder).report(as_of or today(), online=False, executor=executor)
    if as_json:
        click.echo(json.dumps(tables.lint_data(report), ensure_ascii=False, indent=2))
    else:
        click.echo("".join(f"{problem}\n" for problem in report.problems), nl=False)
    sys.exit(PROBLEMS if any(p.severity == "error" for p in report.problems) else FINE)


@main.command()
@json_option
@click.pass_obj
def scan(folder: str, as_json: bool) -> None:
    """Rank the plain notes that look like arguments.

    The score is the number of claims and relations found, and a tenth for each near miss.
    """
    from argmap import adopting

    rows = adopting.scan(opened(folder))
    show(adopting.table(rows, as_json=as_json), as_json, "no plain note looks like an argument")


@main.command()
@click.argument("note", metavar="NOTE")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--undo", is_flag=True, help="Restore the note, if nobody changed it since.")
@click.pass_obj
def adopt(folder: str, note: str, dry_run: bool, yes: bool, undo: bool) -> None:
    """Mark the claims found in a plain note: ids, tags, fields.

    Shows the change first. The note then reads as it did: same claims, evidence and relations.
    """
    from argmap import adopting

    project = opened(folder)
    change, problems = adopting.planned(project, note, undo=undo)
    if change:
        click.echo(change.diff, nl=False)
        if not dry_run and (yes or click.confirm(f"Write {change.note}?", err=True)):
            problems = adopting.write(project, change, today())
    sys.exit(PROBLEMS if tell_all(problems) else FINE)


@main.command()
@click.argument("what", type=click.Choice(["sheet", "acks", "config"]), default="sheet")
def schema(what: str) -> None:
    """Print the JSON Schema of sheets (claims/*.yaml), of claims/acks.yaml, or of argmap.toml."""
    if what == "sheet":
        from argmap.evidence.sheets import sheet_schema

        content = sheet_schema()
    elif what == "acks":
        from argmap.evidence.acks import acks_schema

        content = acks_schema()
    else:
        from argmap.config import Config

        content = Config.model_json_schema()
    click.echo(json.dumps(content, ensure_ascii=False, indent=2))


@main.command()
@click.argument("claim", metavar="[CLAIM]", default="")
@click.option("--format", "name", type=click.Choice((*EXPORTS, "html")), default="json",
              show_default=True)  # fmt: skip
@click.option("--steps", type=click.IntRange(0), default=2, show_default=True,
              help="With html: how far from the claim to go.")  # fmt: skip
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write to this file.")  # fmt: skip
@as_of_option
@offline_option
@click.pass_obj
def export(
    folder: str, claim: str, name: str, steps: int, output: Path | None, as_of: date | None,
    offline: bool,
) -> None:  # fmt: skip
    """Print the whole result for other programs, or one claim to send.

    json is what site/api/graph.json holds; docs/exchange.md says what the others keep. html takes a
    CLAIM: one page of it and what is near, with a picture, that needs nothing else.
    """
    from argmap.exchange import FORMATS

    if bool(claim) != (name == "html"):
        raise click.UsageError("--format html goes with a claim, and a claim with --format html")
    report = opened(folder).report(as_of or today(), online=not offline)
    write(letter_of(report, claim, steps) if claim else FORMATS[name](report), output)
    finish(report)


@main.command()
@click.option("--templates", is_flag=True, help="Also install templates for Obsidian's plugin.")
@click.option("--ci", is_flag=True, help="Also write a workflow that runs every day and publishes.")
@click.option("--schedule", "system", is_flag=False, flag_value="usual", metavar="[SYSTEM]",
              help="Also write what has this machine build every day: cron, systemd, launchd or "
              "windows; the usual one here if not given.")  # fmt: skip
@click.pass_obj
def init(folder: str, templates: bool, ci: bool, system: str | None) -> None:
    """Make a vault a project: argmap.toml, claims/ with a worked example, a line for git.

    Changes no note, and nothing that is there already. With --templates: notes for a claim, for
    evidence and for a check go where Obsidian's own Templates plugin looks for them. With --ci: a
    GitHub workflow asks the sources each day, commits the history and publishes what
    `build --public` writes. --schedule does the same on this machine, and says how to switch it on.
    """
    from argmap import scheduling
    from argmap.obsidian.start import start

    if system not in (None, "usual", *scheduling.SYSTEMS):
        raise click.BadParameter(f"{system!r} is none of {', '.join(scheduling.SYSTEMS)}")
    started = start(Path(folder), today(), templates=templates)
    for name in started.written:
        click.echo(f"wrote {name}")
    for name in started.there:
        click.echo(f"left as it is: {name}", err=True)
    settings = opened(str(started.root)).settings
    if ci:
        carry_out(scheduling.workflow(settings))
    if system:
        carry_out(
            scheduling.schedule(settings, scheduling.usual() if system == "usual" else system)
        )


@main.group()
def obsidian() -> None:
    """Bring statuses into the vault, and take them out again."""


@obsidian.command("sync")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@as_of_option
@click.pass_obj
def sync_vault(folder: str, dry_run: bool, as_of: date | None) -> None:
    """Write how claims stand into the vault: properties, colours, canvases, a dashboard.

    Only what changed is written. Uses no network: what the last run of the evidence saw counts.
    """
    from argmap.obsidian.syncing import sync

    synced = sync(opened(folder), as_of or today(), dry_run=dry_run)
    click.echo(synced.diff, nl=False)
    click.echo(synced.summary, err=dry_run)
    sys.exit(PROBLEMS if tell_all(synced.problems) else FINE)


@obsidian.command("unsync")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.pass_obj
def unsync_vault(folder: str, dry_run: bool) -> None:
    """Take everything out of the vault that `sync` wrote into it.

    What nobody else touched becomes what it was, byte for byte.
    """
    from argmap.obsidian.leftover import alone, clear
    from argmap.obsidian.sync import planned_unsync
    from argmap.reading import library_of
    from argmap.tables import many

    settings = opened(folder).settings
    with nullcontext() if dry_run else alone(settings):
        if not dry_run:
            clear(settings)
        plan = planned_unsync(settings, library_of(settings).vault)
        problems = plan.problems if dry_run else plan.write()
    if dry_run:
        click.echo(plan.diff, nl=False)
    to_write = f"{many(len(plan.changes), 'file')} to write"
    click.echo(to_write if dry_run else plan.summary, err=dry_run)
    sys.exit(PROBLEMS if tell_all(problems) else FINE)


@obsidian.command("doctor")
@as_of_option
@json_option
@click.pass_obj
def vault_doctor(folder: str, as_of: date | None, as_json: bool) -> None:
    """Print what `sync` wrote that is missing, overwritten or out of date; then exit with 1."""
    from argmap.obsidian import doctor

    rows = doctor.examined(opened(folder).report(as_of or today(), online=False))
    show(doctor.table(rows), as_json, "all is in place, and up to date")
    sys.exit(GATE if rows else FINE)


def carry_out(plan: Plan) -> None:
    """Write what runs a project every day, and say how to switch it on."""
    written, there = plan.write()
    for path in written:
        click.echo(f"wrote {path}")
    for path in there:
        click.echo(f"left as it is: {path}", err=True)
    click.echo("to switch it on:")
    for line in plan.then:
        click.echo(f"  {line}")


def opened(folder: str) -> Project:
    """Open the project, or say how to make one."""
    from argmap.project import Project, ProjectError

    try:
        return Project.open(folder)
    except ProjectError as error:
        raise click.UsageError(f"{error}; put notes into a folder vault/, or use -C DIR") from None


def keeper_of(
    folder: str, as_of: date | None, offline: bool, *, public: bool, allow_new: bool = False
) -> Keeper:
    """Return what builds the site, and builds it again; it tells what a rebuild came to."""
    from argmap.watching import Keeper

    root = opened(folder).settings.root
    return Keeper(
        root, now, tell_rebuilt, as_of=as_of, online=not offline, public=public, allow_new=allow_new
    )


@contextmanager
def workers(address: str) -> Iterator[Executor | None]:
    """Give what hands work to a Dask cluster; None where no address is given."""
    if not address:
        yield None
        return
    from argmap.cluster import ClusterError, cluster

    try:
        with cluster(address) as executor:
            yield executor
    except ClusterError as error:
        raise click.UsageError(str(error)) from None


def first_build(keeper: Keeper) -> Built:
    """Build the site, and tell what that came to; ask before notes go out for the first time."""
    from argmap.pages import SiteError, UnlistedError

    while True:
        try:
            with progress() as step:
                built = keeper.build(step)
        except SiteError as error:
            raise click.UsageError(str(error)) from None
        except UnlistedError as error:
            keeper.allow_new = allowed(error.paths)
        else:
            tell_built(built)
            return built


def allowed(notes: Sequence[str]) -> bool:
    """Ask whether to publish notes for the first time; where nobody can say so, leave."""
    for path in notes:
        click.echo(f"not published before: {path}", err=True)
    if sys.stdin.isatty() and click.confirm("Publish?", err=True):
        return True
    click.echo("nothing was written; --allow-new publishes them", err=True)
    sys.exit(GATE)


def tell_built(built: Built) -> None:
    """Print what a build came to."""
    tell(built.errors, built.warnings)
    click.echo(built.summary if built.changed else f"{built.summary}; nothing changed")


def tell_rebuilt(came: Built | Exception) -> None:
    """Print what a rebuild came to, or that the site stays as it was, and why."""
    from argmap.pages import SiteError, UnlistedError
    from argmap.project import ProjectError

    if not isinstance(came, Exception):
        tell_built(came)
        return
    if not isinstance(came, (SiteError, UnlistedError, ProjectError, OSError)):
        click.echo("".join(traceback.format_exception(came)), nl=False, err=True)
    click.echo(f"not built, the site stays as it was: {came}", err=True)


def checked_on(folder: str, day: date) -> Checked:
    """Read the project and run its evidence as of a day; nothing is recorded."""
    project = opened(folder)
    return project.read().check(project.world(day))


def today() -> date:
    """Return the day on this machine."""
    return now().date()


def now() -> datetime:
    """Return the moment on this machine: the one place that looks at the clock."""
    return datetime.now().astimezone()


def found(report: Report, names: Sequence[str]) -> tuple[str, ...]:
    """Return the ids that names mean."""
    from argmap.tables import UnknownNameError, find

    try:
        return tuple(find(report, name) for name in names)
    except UnknownNameError as error:
        raise click.UsageError(str(error)) from None


def seen(project: Project, name: str, day: date) -> list[Sight]:
    """Return what the measures that a name means were by a day."""
    from argmap.project import ProjectError

    if not name:
        raise click.UsageError("of what? Give a measure or a check")
    try:
        return project.sights(name, day)
    except ProjectError as error:
        raise click.UsageError(str(error)) from None


def raw_of(sights: Sequence[Sight]) -> bytes:
    """Return the bytes of the one source that sent some."""
    bodies = [sight.body for sight in sights if sight.body is not None]
    if len(bodies) != 1:
        raise click.UsageError(f"there are the bytes of {len(bodies)} answers; name one measure")
    return bodies[0]


def letter_of(report: Report, name: str, steps: int) -> str:
    """Return a claim as one page."""
    from argmap.pages.letter import letter

    (id_,) = found(report, (name,))
    if id_ not in report.claims:
        raise click.UsageError(f"{id_!r} is no claim")
    return letter(report, id_, steps)


def gates_of(words: str) -> tuple[str, ...]:
    """Return the gates that --fail-on names."""
    from argmap.tables import GATES

    gates = tuple(word.strip() for word in words.split(",") if word.strip())
    if wrong := [word for word in gates if word not in GATES]:
        raise click.BadParameter(f"{wrong[0]!r} is none of {', '.join(GATES)}")
    return gates


def write(text: str, output: Path | None) -> None:
    """Print text, or write it to a file."""
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise click.UsageError(f"cannot write {output}: {error.strerror}") from None


def show(table: Table, as_json: bool, empty: str) -> None:
    """Print rows as columns, or as JSON; `empty` says what it means that there are none."""
    from argmap import tables

    if as_json:
        click.echo(json.dumps(table.rows, ensure_ascii=False, indent=2))
    elif table.rows:
        click.echo(tables.text(table))
    else:
        click.echo(empty, err=True)


def say(lines: Iterable[str], data: Any, as_json: bool) -> None:
    """Print lines, or the same as JSON."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))


def finish(report: Report, failed: Iterable[str] = ()) -> None:
    """Tell the problems and the gates that failed; leave with the worse exit code."""
    errors = tell_all(report.problems)
    failed = list(failed)
    for line in failed:
        click.echo(f"failed: {line}", err=True)
    sys.exit(PROBLEMS if errors else GATE if failed else FINE)


def tell_all(problems: Iterable[Problem]) -> bool:
    """Tell problems on stderr; return whether there is an error among them."""
    problems = list(problems)
    errors = [str(problem) for problem in problems if problem.severity == "error"]
    tell(errors, [str(problem) for problem in problems if problem.severity != "error"])
    return bool(errors)


def tell(errors: Iterable[str], warnings: Sequence[str]) -> None:
    """Print problems on stderr: every error, and of many warnings the first of each code."""
    told: list[str] = []
    more: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for line in warnings:
        found = _CODE.search(line)
        code = found[1] if found else "others"
        seen[code] += 1
        if seen[code] > _MOST_OF_A_CODE or len(told) == _MOST_WARNINGS:
            more[code] += 1
        else:
            told.append(line)
    for line in (*errors, *told):
        click.echo(line, err=True)
    if more:
        counts = ", ".join(f"{number} more {code}" for code, number in more.items())
        click.echo(f"and {counts}{_listed(more)}", err=True)


def _listed(codes: Collection[str]) -> str:
    """Say where problems are listed that were not printed; lint asks no source."""
    written = [code for code in codes if code not in _OF_SOURCES]
    if not written:
        return ""
    which = "them all" if len(written) == len(codes) else f"all {', '.join(written)}"
    return f"; `argmap lint` lists {which}"


@contextmanager
def progress() -> Iterator[Step]:
    """Give a function that draws a bar on a terminal, once the work has taken a second."""
    begun = time.monotonic()
    drawn = False

    def step(text: str, done: int, of: int) -> None:
        nonlocal drawn
        if sys.stderr.isatty() and time.monotonic() - begun > 1:
            drawn = True
            bar = ("#" * (done * 20 // of)).ljust(20, "-")
            click.echo(f"\r\033[K[{bar}] {text}", nl=False, err=True)

    yield step
    if drawn:
        click.echo("\r\033[K", nl=False, err=True)


if __name__ == "__main__":
    main()
