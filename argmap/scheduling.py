"""A project -> what runs it every day: a workflow that also publishes, or this machine's own timer.

Nothing is switched on here; what that takes is said.
"""

from __future__ import annotations

import json
import os
import plistlib
import re
import shlex
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit
from xml.sax.saxutils import escape
from zlib import crc32

from argmap import __version__
from argmap.splice import replace_own

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from argmap.config import Settings

SYSTEMS = ("cron", "systemd", "launchd", "windows")
_HOUR, _MINUTE = 7, 17  # not on the hour, when everybody asks
_FOLDER = "schedule"


@dataclass(frozen=True, slots=True)
class Plan:
    """Files to write, by their path, and what a person then does to switch them on."""

    files: Mapping[Path, bytes]
    then: tuple[str, ...]
    anew: bool = True  # what is there already is written anew

    def write(self) -> tuple[list[Path], list[Path]]:
        """Write the files; return those that were written, and those left as they were."""
        there = [path for path in self.files if not self.anew and os.path.lexists(path)]
        written = [path for path in self.files if path not in there]
        for path in written:
            replace_own(path, self.files[path])
        return written, there


# A workflow

_PATH = ".github/workflows/argmap.yml"
_WORKFLOW = """\
# Every day: asks the sources, keeps what they said in the history, publishes the site. In the
# repository's settings, under Pages, the source has to be "GitHub Actions".
name: argmap
on:
  schedule:
    - cron: "17 5 * * *" # UTC
  workflow_dispatch:
  push:
    branches: [main, master]
permissions:
  contents: write # the history
  pages: write
  id-token: write
concurrency:
  group: argmap
jobs:
  argmap:
    runs-on: ubuntu-latest
    environment:
      name: github-pages
      url: ${{{{ steps.publish.outputs.page_url }}}}
    env:
      ARGMAP: {argmap} # what pip installs: a version, a wheel, or git+https://…
{secrets}    defaults:
      run:
        working-directory: {inside}
    steps:
      - uses: actions/checkout@v5
        with:
          ref: ${{{{ github.ref_name }}}} # a run that waited starts from what the one before kept
      - uses: actions/setup-python@v6
        with:
          python-version: "3.13"
      - name: Install argmap
        run: |
          pip install "$ARGMAP" && exit
          echo "::error::pip cannot install $ARGMAP; set ARGMAP in {path} to what it can"
          exit 1
      - name: Run the checks
        id: checks
        continue-on-error: true # what was seen is kept, and published, also where a gate fails
        run: argmap check --fail-on unexpected
      - name: Keep the history
        run: |
          git config user.name argmap
          git config user.email argmap@users.noreply.github.com
          git add -- {history}
          git diff --cached --quiet || git commit -m "What the sources said, $(date -u +%F)"
          git pull --rebase
          git push
      - name: Write the site
        run: argmap build --offline --public
      - uses: actions/configure-pages@v5
      - uses: actions/upload-pages-artifact@v4
        with:
          path: {site}
      - id: publish
        uses: actions/deploy-pages@v4
      - name: Say that a gate failed
        if: steps.checks.outcome == 'failure'
        run: exit 1
"""


def workflow(settings: Settings) -> Plan:
    """Return the workflow that runs a project on GitHub, at the top of its repository."""
    top = _repository(settings.root)
    inside = settings.root.relative_to(top)
    requirement = _requirement()
    secrets = "".join(f"      {name}: ${{{{ secrets.{name} }}}}\n" for name in settings.secrets)
    text = _WORKFLOW.format(
        argmap=_quoted(requirement),
        path=_PATH,
        secrets=secrets,
        inside=_quoted(inside.as_posix()),
        history=shlex.quote(f"{settings.claims}/history"),
        site=_quoted((inside / settings.site).as_posix()),
    )
    then = [
        "commit it; in the repository's settings, under Pages, choose GitHub Actions as the source",
        "only notes with `publish: true` are published; build once here with --public to say so",
    ]
    if requirement.startswith("argmap=="):
        then.append(f"where pip finds no {requirement}, set ARGMAP in it: git+https://…, a wheel")
    if settings.secrets:
        then.append(f"give the repository these secrets: {', '.join(settings.secrets)}")
    return Plan({top / _PATH: text.encode()}, tuple(then), anew=False)


def _requirement() -> str:
    """Return what pip installs to get this argmap: where it came from, else its version."""
    from importlib.metadata import PackageNotFoundError, distribution

    with suppress(PackageNotFoundError, ValueError, AttributeError):
        said = json.loads(distribution("argmap").read_text("direct_url.json") or "{}")
        parts = urlsplit(said.get("url", ""))
        if parts.scheme == "https" and parts.hostname:
            host = parts.netloc.rpartition("@")[2]  # who logged in here is nobody's business
            address = urlunsplit((parts.scheme, host, parts.path, "", ""))
            inside = f"#subdirectory={said['subdirectory']}" if said.get("subdirectory") else ""
            vcs = said.get("vcs_info")
            return f"git+{address}@{vcs['commit_id']}{inside}" if vcs else f"{address}{inside}"
    return f"argmap=={__version__}"


def _repository(root: Path) -> Path:
    """Return the top of the repository a project stands in, else the project itself."""
    return next((at for at in (root, *root.parents) if (at / ".git").exists()), root)


def _quoted(text: str) -> str:
    """Return a text as YAML takes it, quoted where that is needed."""
    return text if re.fullmatch(r"[\w./-]+", text) else "'" + text.replace("'", "''") + "'"


# This machine


def schedule(settings: Settings, system: str) -> Plan:
    """Return what has this machine build a project every day, by one of SYSTEMS."""
    slug = re.sub(r"[^a-z0-9]+", "-", settings.root.name.lower()).strip("-")
    name = f"argmap-{slug or 'project'}-{crc32(str(settings.root).encode()) & 0xFFFF:04x}"
    command = [sys.executable, "-m", "argmap", "-C", str(settings.root), "build"]
    plan = _PLANS[system](settings.state_folder / _FOLDER, name, command)
    if not settings.secrets:
        return plan
    needs = f"what runs then has to know {', '.join(settings.secrets)}: {_KNOWS[system]}"
    return replace(plan, then=(*plan.then, needs))


def usual() -> str:
    """Return the system that this kind of machine has."""
    return {"darwin": "launchd", "win32": "windows", "linux": "systemd"}.get(sys.platform, "cron")


def _cron(folder: Path, name: str, command: list[str]) -> Plan:
    path = folder / f"{name}.cron"
    # In a crontab a percent sign ends the line, unless a backslash stands before it.
    line = shlex.join(command).replace("%", r"\%")
    text = f"# argmap: {_in_a_line(command[-2])}\n{_MINUTE} {_HOUR} * * * {line}\n"
    return Plan(
        {path: text.encode()},
        (f"(crontab -l 2>/dev/null; cat {shlex.quote(str(path))}) | crontab -",),
    )


def _systemd(folder: Path, name: str, command: list[str]) -> Plan:
    service, timer = folder / f"{name}.service", folder / f"{name}.timer"
    described = _in_a_line(command[-2]).replace("%", "%%")
    does = f"""\
[Unit]
Description=argmap: {described}

[Service]
Type=oneshot
EnvironmentFile=-%h/.config/argmap.env
ExecStart={" ".join(map(_for_systemd, command))}
"""
    when = f"""\
[Unit]
Description=argmap, daily: {described}

[Timer]
OnCalendar=*-*-* {_HOUR:02}:{_MINUTE:02}:00
Persistent=true

[Install]
WantedBy=timers.target
"""
    both = f"{shlex.quote(str(service))} {shlex.quote(str(timer))}"
    return Plan(
        {service: does.encode(), timer: when.encode()},
        (
            f"mkdir -p ~/.config/systemd/user && cp {both} ~/.config/systemd/user/",
            f"systemctl --user daemon-reload && systemctl --user enable --now {name}.timer",
        ),
    )


def _for_systemd(word: str) -> str:
    """Return a word of a command as systemd reads it: quoted, with its own signs doubled."""
    said = word.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return '"' + said.replace("%", "%%").replace("$", "$$") + '"'


def _launchd(folder: Path, name: str, command: list[str]) -> Plan:
    path = folder / f"{name}.plist"
    content = {
        "Label": name,
        "ProgramArguments": command,
        "StartCalendarInterval": {"Hour": _HOUR, "Minute": _MINUTE},
        "StandardOutPath": str(folder / "log.txt"),
        "StandardErrorPath": str(folder / "log.txt"),
    }
    home = f"~/Library/LaunchAgents/{name}.plist"
    return Plan(
        {path: plistlib.dumps(content)},
        (
            f"cp {shlex.quote(str(path))} ~/Library/LaunchAgents/",
            f"launchctl bootstrap gui/$(id -u) {home}",
        ),
    )


def _windows(folder: Path, name: str, command: list[str]) -> Plan:
    path = folder / f"{name}.xml"
    program, *rest = command
    text = f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T{_HOUR:02}:{_MINUTE:02}:00</StartBoundary>
      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <StartWhenAvailable>true</StartWhenAvailable>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
  </Settings>
  <Actions>
    <Exec>
      <Command>{escape(program)}</Command>
      <Arguments>{escape(subprocess.list2cmdline(rest))}</Arguments>
    </Exec>
  </Actions>
</Task>
"""
    command_line = subprocess.list2cmdline(["schtasks", "/Create", "/TN", name, "/XML", str(path)])
    return Plan({path: text.replace("\n", "\r\n").encode("utf-16")}, (command_line,))


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


_PLANS: dict[str, Callable[[Path, str, list[str]], Plan]] = {
    "cron": _cron, "systemd": _systemd, "launchd": _launchd, "windows": _windows,
}  # fmt: skip
_KNOWS = {
    "cron": "put NAME=value lines above it in the crontab",
    "systemd": "put NAME=value lines into ~/.config/argmap.env",
    "launchd": "launchctl setenv NAME value",
    "windows": "set them as environment variables of your account",
}
