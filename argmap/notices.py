"""A claim's status changed -> the webhook that the config names is told, once."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from argmap.config import place_of
from argmap.source import Problem
from argmap.tables import many

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from argmap.evidence.model import Outcome
    from argmap.evidence.world import World
    from argmap.project import Checked, Project
    from argmap.report import Report
    from argmap.strengths import Status

_SCHEMA = 1
_UNTOLD = "untold.json"  # how claims stood when the webhook was last told, where it missed news


@dataclass(frozen=True, slots=True)
class Change:
    """A claim that came to stand otherwise, and the evidence that turned it, where it is one."""

    claim: str
    text: str
    before: Status
    after: Status
    because: str = ""

    def __str__(self) -> str:
        """Return it as a line for people."""
        because = f" ({self.because})" if self.because else ""
        return f"{self.text}: {self.before} → {self.after}{because}"


@dataclass(frozen=True, slots=True)
class Before:
    """How claims stood, and what checks came to, when the webhook was last told."""

    statuses: Mapping[str, Status] = field(default_factory=dict)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    news: bool = False  # whether the run after it found anything new


def record(checked: Checked, world: World) -> Before:
    """Record a run; return how all stood before it, where the webhook is to be told of news.

    It is told of what sources say today: not of the past, and not where no network may be used.
    """
    project, before = checked.read.project, Before()
    if project.settings.webhook.url and world.asking:
        statuses, outcomes = project.history.standing(world.as_of)
        before = Before(statuses | _untold(project), outcomes)
    return replace(before, news=checked.record())


def tell(checked: Checked, before: Before, report: Report) -> list[Problem]:
    """Tell the webhook which claims stand otherwise than before; return why it was not told."""
    news = list(changes(checked, before, report))
    project = checked.read.project
    file = _file(project)
    if not news:
        file.unlink(missing_ok=True)
        return []
    why = project.post(project.settings.webhook.url, body(report, news))
    if not why:
        file.unlink(missing_ok=True)
        return []
    with suppress(OSError):  # a full disk: this news is lost, and said to be
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({each.claim: each.before for each in news}), "utf-8")
    message = f"the webhook was not told of {many(len(news), 'change')}: {why}"
    place = place_of(project.settings.root, "webhook", "url")
    return [Problem("A414", place, message, "the next run tells it")]


def changes(checked: Checked, before: Before, report: Report) -> Iterator[Change]:
    """Yield the claims that stand otherwise than before, in the order of the report."""
    for id_, item in report.claims.items():
        was, now = before.statuses.get(id_), item.now.status
        if was and was != now:
            yield Change(id_, item.claim.text, was, now, _because(checked, before, id_))


def _because(checked: Checked, before: Before, claim: str) -> str:
    """Return which evidence turned a claim, as it came out before and does now."""
    from argmap.explain import cause_of
    from argmap.judging import verdicts_of

    now, joined = checked.judgement, checked.read.reading.map
    was = verdicts_of(now.graph, joined, before.outcomes)
    cause, _ = cause_of(now.graph, was, now.verdicts, claim) or ("", ())
    if not cause:
        return ""
    return f"{cause}: {before.outcomes.get(cause, 'new')} → {now.results[cause].outcome}"


def body(report: Report, news: list[Change]) -> str:
    """Return what is sent: JSON whose `text` chat programs show, and the same as data."""
    title = report.settings.title or "argmap"
    content = {
        "schema": _SCHEMA,
        "title": title,
        "as_of": str(report.as_of),
        "text": "\n".join(
            [f"{title}: {many(len(news), 'claim')} turned", *(f"• {each}" for each in news)]
        ),
        "changes": [asdict(each) for each in news],
    }
    # A note may well say ${NAME}; here it must not stand for a secret.
    return json.dumps(content, ensure_ascii=False).replace("${", r"$\u007b")


def _file(project: Project) -> Path:
    return project.settings.state_folder / _UNTOLD


def _untold(project: Project) -> dict[str, Status]:
    try:
        found = json.loads(_file(project).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
