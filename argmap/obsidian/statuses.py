"""Report -> what each note's properties ought to say: how its own main claim stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argmap.report import ClaimReport, Report


def main_claims(report: Report) -> dict[str, ClaimReport]:
    """Return each note's own main claim, by the note's path.

    That is the claim the note itself is, else its conclusion, else its first; a claim that the
    note only quotes from an opponent is never its own.
    """
    by_note: dict[str, list[ClaimReport]] = {}
    for item in report.claims.values():
        if not item.claim.attributed:
            by_note.setdefault(item.claim.note, []).append(item)
    return {path: _main(path, items) for path, items in sorted(by_note.items())}


def _main(path: str, items: Iterable[ClaimReport]) -> ClaimReport:
    def rank(item: ClaimReport) -> tuple[bool, bool, object]:
        claim = item.claim
        return claim.id != path.removesuffix(".md"), claim.role != "conclusion", claim.span

    return min(items, key=rank)


def wanted(main: Mapping[str, ClaimReport]) -> dict[str, dict[str, Any]]:
    """Return the properties each note ought to have, by its path; `main` is `main_claims`."""
    return {path: properties(item) for path, item in main.items()}


def properties(item: ClaimReport) -> dict[str, Any]:
    """Return a claim's status, its marks, and when it last turned, else when it was first run."""
    found: dict[str, Any] = {"argmap": item.now.status}
    if item.marks:
        found["argmap_marks"] = list(item.marks)
    if since := since_of(item):
        found["argmap_since"] = since
    return found


def since_of(item: ClaimReport) -> str:
    """Return the day since which a claim stands as it does, empty where nothing was recorded."""
    if item.turns:
        return item.turns[-1].as_of.isoformat()
    return item.history[0].as_of.isoformat() if item.history else ""
