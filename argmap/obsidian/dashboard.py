"""The dashboard note, in plain Markdown, and the base over the notes' properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.notes import GENERATED
from argmap.obsidian import canvas
from argmap.obsidian.generated import BLANK, stamped
from argmap.obsidian.links import link, link_to, shown
from argmap.obsidian.snippet import SIGNS
from argmap.pages.names import debate_page
from argmap.pages.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argmap.report import DebateReport, EvidenceReport, Report

_MOST_TURNS = 20
_COLUMNS = ("file.name", "note.argmap", "note.argmap_marks", "note.argmap_since")
_WORDS = {
    "en": {
        "debates": "Debates", "turns": "What turned last", "old": "Stale and expired evidence",
        "map": "map", "site": "site", "none": "Nothing.", "of": "data of", "stale": "stale",
        "expired": "expired", "by": "by", "claims": "Claims", "status": "status",
        "marks": "marks", "since": "since", "as_of": "As of", "all": "All notes",
    },
    "ru": {
        "debates": "Споры", "turns": "Что перешло последним", "old": "Давние и истёкшие данные",
        "map": "карта", "site": "сайт", "none": "Ничего.", "of": "данные от",
        "stale": "давние данные", "expired": "данные истекли", "by": "из-за",
        "claims": "Утверждения", "status": "статус", "marks": "пометки", "since": "с какого дня",
        "as_of": "По состоянию на", "all": "Все заметки",
    },
}  # fmt: skip


def dashboard(report: Report) -> bytes:
    """Return the note: debates, what turned last, evidence whose data are old."""
    words = _WORDS[report.settings.own_language]
    title = shown(report.settings.title) or "argmap"
    lines = ["---", f"{GENERATED}: true", BLANK, "---", f"# {title}", ""]
    for heading, items in (
        (words["debates"], [_debate(report, one) for one in report.debates]),
        (words["turns"], list(_turns(report))),
        (words["old"], list(_old(report))),
    ):
        lines += [f"## {heading}", "", *(items or [words["none"]]), ""]
    return stamped("\n".join(lines))


def _debate(report: Report, debate: DebateReport) -> str:
    words, own = Words(report.settings.own_language), _WORDS[report.settings.own_language]
    main = report.claims[debate.main]
    status = main.now.status
    marks = "".join(f", {words(mark)}" for mark in main.marks)
    parts = [f"{link_to(report, debate.main)}"]
    if canvas.has_canvas(debate):
        parts.append(f"[[{canvas.path_of(debate)}|{own['map']}]]")
    if site := report.settings.obsidian.site:
        parts.append(f"[{own['site']}]({site.rstrip('/')}/{debate_page(debate.id)})")
    return f"- {SIGNS[status]} **{words(status)}**{marks}: " + " · ".join(parts)


def _turns(report: Report) -> Iterator[str]:
    words, own = Words(report.settings.own_language), _WORDS[report.settings.own_language]
    turns = [turn for item in report.claims.values() for turn in reversed(item.turns)]
    turns.sort(key=lambda turn: (-turn.as_of.toordinal(), turn.claim))
    for turn in turns[:_MOST_TURNS]:
        cause = f" ({own['by']} {link_to(report, turn.cause)})" if turn.cause else ""
        how = f"{words(turn.before)} → {SIGNS[turn.after]} {words(turn.after)}"
        yield f"- {turn.as_of}: {link_to(report, turn.claim)}: {how}{cause}"


def _old(report: Report) -> Iterator[str]:
    own = _WORDS[report.settings.own_language]
    for item in sorted(report.evidence.values(), key=lambda item: item.id):
        if kind := _age(item):
            dated = f", {own['of']} {item.now.dated}" if item.now.dated else ""
            note = report.claims.get(item.claims[0]) if item.claims else None
            where = link_to(report, item.id)
            if not item.note and note:  # a sheet's: it stands in no note, its claim does
                where += f" → {link(report, note.claim.note, note.claim.block, note.claim.text)}"
            yield f"- {own[kind]}{dated}: {where}"


def _age(item: EvidenceReport) -> str:
    reason = item.now.reason
    if reason and reason.code == "expired":
        return "expired"
    return "stale" if item.now.stale else ""


def base(report: Report) -> bytes:
    """Return the base: a table of the notes that have a status, and one of each that needs care."""
    words, own = Words(report.settings.own_language), _WORDS[report.settings.own_language]
    lines = [
        f"# Written by argmap. {BLANK}",
        "filters:",
        "  and:",
        "    - 'file.ext == \"md\"'",
        "    - 'file.hasProperty(\"argmap\")'",
        "properties:",
        "  note.argmap:",
        f"    displayName: {own['status']}",
        "  note.argmap_marks:",
        f"    displayName: {own['marks']}",
        "  note.argmap_since:",
        f"    displayName: {own['since']}",
        "views:",
    ]
    views = [(own["all"], "")] + [(words(s), s) for s in ("refuted", "contested", "unknown")]
    for name, status in views:
        lines += ["  - type: table", f"    name: {name}"]
        if status:
            lines += ["    filters:", "      and:", f"        - 'note.argmap == \"{status}\"'"]
        lines += ["    order:"]
        lines += [f"      - {column}" for column in _COLUMNS]
    return stamped("\n".join(lines) + "\n")
