"""The webhook: told of each change of a claim's status, once, and of nothing else."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from argmap import cli
from argmap.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from server import Server

SECRET = "s3cret-of-the-channel"  # noqa: S105


@pytest.fixture
def root(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with a check of a fetched price, and a webhook with a secret in it."""
    (tmp_path / "vault").mkdir()
    (tmp_path / "claims").mkdir()
    (tmp_path / "vault" / "n.md").write_text(
        "---\ncreated: 2026-01-01\n---\n- Prices ${HOOK} are “low” #claim ^low\n", "utf-8"
    )
    (tmp_path / "claims" / "s.yaml").write_text(
        f"measures:\n  m: {{fetch: {{url: '{server.url('/m')}', json: $.a}}}}\n"
        "checks:\n  cheap: {tests: low, assert: m < 5, every: 0d}\n"
    )
    (tmp_path / "argmap.toml").write_text(
        f'title = "Rents"\n[evidence]\nallow_hosts = ["127.0.0.1"]\n'
        f'[webhook]\nurl = "{server.url("/hook")}/${{HOOK}}"\n'
        '[secrets.HOOK]\nhosts = ["127.0.0.1"]\n'
    )
    monkeypatch.setenv("HOOK", SECRET)
    server.answers[f"/hook/{SECRET}"] = "ok"
    return tmp_path


def run(root: Path, server: Server, price: Any, *words: str) -> str:
    """Check at a price; return what was said on stderr."""
    server.answers["/m"] = {"a": price}
    result = CliRunner().invoke(main, ["-C", str(root), *(words or ("check",))])
    assert result.exit_code == 0, result.output
    return result.stderr


def told(server: Server) -> list[Any]:
    return [json.loads(each.body) for each in server.asked if each.path.startswith("/hook")]


def test_a_change_of_status_is_told_once(
    root: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What turned, what turned it, in words and as data; a second run says nothing."""
    moment = datetime.now().astimezone()
    monkeypatch.setattr(cli, "now", lambda: moment)  # no midnight passes
    for price in (3, 3, 9, 9):
        run(root, server, price)
    (said,) = told(server)
    assert said == {
        "schema": 1,
        "title": "Rents",
        "as_of": str(moment.date()),
        "text": "Rents: 1 claim turned\n"
        "• Prices ${HOOK} are “low”: supported → refuted (cheap: pass → fail)",
        "changes": [
            {"claim": "n#low", "text": "Prices ${HOOK} are “low”", "before": "supported",
             "after": "refuted", "because": "cheap: pass → fail"},
        ],
    }  # fmt: skip
    run(root, server, 3, "build")
    assert [each["changes"][0]["after"] for each in told(server)] == ["refuted", "supported"]


def test_what_was_not_told_is_told_by_the_next_run(root: Path, server: Server) -> None:
    """A webhook that answers badly is warned of; nothing is lost, and no secret shown."""
    run(root, server, 3)
    server.answers.pop(f"/hook/{SECRET}")
    said = run(root, server, 9)
    assert "A414 the webhook was not told of 1 change: 127.0.0.1: it answers 404" in said
    assert SECRET not in said
    assert "A414" in run(root, server, 9)
    server.answers[f"/hook/{SECRET}"] = "ok"
    assert "A414" not in run(root, server, 9)
    assert [each["changes"][0]["after"] for each in told(server)] == ["refuted"] * 3
    run(root, server, 9)
    assert len(told(server)) == 3
    for path in root.rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes(), path


def test_only_what_is_asked_today_is_told(root: Path, server: Server) -> None:
    """Neither the past nor a run without a network is news."""
    run(root, server, 3)
    run(root, server, 9, "check", "--offline")
    run(root, server, 9, "check", "--as-of", str(date(2026, 1, 1)))
    assert told(server) == []


def test_a_note_does_not_get_at_secrets(root: Path, server: Server) -> None:
    """`${NAME}` in a claim's text is text, also where the webhook may be sent that secret."""
    run(root, server, 3)
    run(root, server, 9)
    bodies = [each.body for each in server.asked if each.path.startswith("/hook")]
    assert bodies
    assert all(SECRET.encode() not in body for body in bodies)
