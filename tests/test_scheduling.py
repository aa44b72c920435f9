"""What runs a project every day: the files that `argmap init` writes for it."""

from __future__ import annotations

import json
import plistlib
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from argmap import Project, scheduling, yaml
from argmap.cli import main

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
title = "Rents"
[secrets.OPENROUTER_API_KEY]
hosts = ["openrouter.ai"]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project in a folder whose name is not made for shells."""
    root = tmp_path / 'My 100% "notes" $HOME'
    (root / "vault").mkdir(parents=True)
    (root / "vault" / "n.md").write_text("- Low #claim ^low\n", "utf-8")
    (root / "argmap.toml").write_text(CONFIG, "utf-8")
    return root


def init(root: Path, *words: str) -> str:
    result = CliRunner().invoke(main, ["-C", str(root), "init", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def written(root: Path, ending: str) -> Path:
    (path,) = (root / ".argmap" / "schedule").glob(f"*{ending}")
    return path


def test_a_workflow_runs_keeps_and_publishes(root: Path) -> None:
    """Every day: checks, the history committed, the public site; secrets by their name only."""
    (root.parent / ".git").mkdir()
    said = init(root, "--ci")
    path = root.parent / ".github" / "workflows" / "argmap.yml"
    assert f"wrote {path}" in said
    assert "OPENROUTER_API_KEY" in said
    flow = yaml.load(path.read_text("utf-8")).value
    job = flow["jobs"]["argmap"]
    assert flow["on"]["schedule"] == [{"cron": "17 5 * * *"}]
    assert job["env"]["OPENROUTER_API_KEY"] == "${{ secrets.OPENROUTER_API_KEY }}"
    assert job["defaults"]["run"]["working-directory"] == root.name
    runs = [step["run"] for step in job["steps"] if "run" in step]
    assert runs[1] == "argmap check --fail-on unexpected"
    assert "git add -- claims/history\n" in runs[2]
    assert runs[3] == "argmap build --offline --public"
    (upload,) = (step for step in job["steps"] if "upload" in step.get("uses", ""))
    assert upload["with"]["path"] == f"{root.name}/site"
    path.write_text("mine", "utf-8")
    init(root, "--ci")
    assert path.read_text("utf-8") == "mine"


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_the_workflow_keeps_the_history(root: Path) -> None:
    """Its own lines, run: what is new is committed and pushed, and nothing where nothing is."""
    init(root, "--ci")
    flow = yaml.load((root / ".github" / "workflows" / "argmap.yml").read_text("utf-8")).value
    keep = next(s["run"] for s in flow["jobs"]["argmap"]["steps"] if "git push" in s.get("run", ""))

    def sh(command: str) -> str:
        run = ["bash", "-e", "-c", command]
        return subprocess.run(run, cwd=root, capture_output=True, text=True, check=True).stdout

    sh("git init -q -b main . && git init -q --bare -b main ../far.git")
    sh("git config user.name me && git config user.email me@example.org")
    sh("git remote add origin ../far.git && git add -A && git commit -qm first")
    sh("git push -qu origin main")
    for _ in range(2):
        CliRunner().invoke(main, ["-C", str(root), "check", "--as-of", "2026-02-01"])
        sh(keep)
    log = sh("git -C ../far.git log --format=%an:%s --name-only").split("\n")
    assert [line for line in log if line.startswith("argmap:")] == log[:1]
    assert "claims/history/2026-02.ndjson" in log[2]


def test_cron_runs_the_very_command(root: Path) -> None:
    """The line, as cron gives it to a shell, builds this project."""
    said = init(root, "--schedule", "cron")
    path = written(root, ".cron")
    assert "crontab -" in said
    line = path.read_text("utf-8").splitlines()[1]
    assert line.startswith("17 7 * * * ")
    command = line.split(" ", 5)[5].replace(r"\%", "%")  # as cron does
    result = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert (root / "site" / "index.html").is_file()


def test_systemd_gets_a_service_and_a_timer(root: Path) -> None:
    """Where systemd is there, it finds nothing wrong with them."""
    said = init(root, "--schedule", "systemd")
    service, timer = written(root, ".service"), written(root, ".timer")
    assert f"systemctl --user enable --now {timer.name}" in said.replace("\\\n", "")
    assert "Persistent=true" in timer.read_text("utf-8")
    (line,) = (x for x in service.read_text("utf-8").splitlines() if x.startswith("ExecStart="))
    assert r'My 100%% \"notes\" $$HOME" "build"' in line
    if shutil.which("systemd-analyze"):
        command = ["systemd-analyze", "verify", "--user", str(service), str(timer)]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        assert service.name not in found.stderr


def test_launchd_and_windows_get_theirs(root: Path) -> None:
    """A property list and a task, with the command word by word."""
    command = [sys.executable, "-m", "argmap", "-C", str(root), "build"]
    assert "launchctl bootstrap" in init(root, "--schedule", "launchd")
    listed = plistlib.loads(written(root, ".plist").read_bytes())
    assert listed["ProgramArguments"] == command
    assert listed["StartCalendarInterval"] == {"Hour": 7, "Minute": 17}
    assert "schtasks /Create" in init(root, "--schedule", "windows")
    task = ET.fromstring(written(root, ".xml").read_bytes().decode("utf-16"))  # noqa: S314
    named = {each.tag.rpartition("}")[2]: each.text for each in task.iter()}
    assert named["Command"] == sys.executable
    assert named["Arguments"] == subprocess.list2cmdline(command[1:])


def test_the_usual_system_is_taken_where_none_is_named(root: Path) -> None:
    """And one that does not exist is refused."""
    assert "to switch it on:" in init(root, "--schedule")
    result = CliRunner().invoke(main, ["-C", str(root), "init", "--schedule", "anacron"])
    assert result.exit_code == 2
    assert "none of cron, systemd, launchd, windows" in result.stderr


@pytest.mark.parametrize(
    ("said", "installs"),
    [
        ({"url": "https://ann:pw@example.org/a.git", "vcs_info": {"commit_id": "abc"}},
         "git+https://example.org/a.git@abc"),
        ({"url": "https://example.org/argmap-1.whl", "archive_info": {}},
         "https://example.org/argmap-1.whl"),
        ({"url": "file:///home/ann/argmap", "dir_info": {"editable": True}}, "argmap=="),
        (None, "argmap=="),
    ],
)  # fmt: skip
def test_the_workflow_installs_the_argmap_that_wrote_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, said: Any, installs: str
) -> None:
    """From where that was installed from, without a password, else by version, and says so."""

    class Installed:
        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            return json.dumps(said) if said else None

    monkeypatch.setattr("importlib.metadata.distribution", lambda _: Installed())
    plan = scheduling.workflow(Project.open(root).settings)
    (text,) = plan.files.values()
    job = yaml.load(text.decode()).value["jobs"]["argmap"]
    assert job["env"]["ARGMAP"].startswith(installs)
    assert any("set ARGMAP" in line for line in plan.then) == installs.endswith("==")
    assert any("set ARGMAP in .github" in step.get("run", "") for step in job["steps"])
