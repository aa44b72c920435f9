"""Evidence a person vouches for, and evidence merely cited: outcomes without anything to run."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from argmap.evidence.model import Reason, Result
from argmap.source import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from argmap.claims.model import Evidence
    from argmap.evidence.model import Outcome


def judgement(evidence: Evidence, day: date) -> Result:
    """Say what a judged or cited item counts as on a day: passed from `judged` until `expires`."""
    reason = _reason(evidence, day)
    said = (evidence.text, str(evidence.judged), evidence.judged_by, str(evidence.expires))
    return Result(
        check=evidence.id,
        outcome="unknown" if reason else "pass",
        shown=evidence.text,
        reason=reason,
        dated=evidence.judged,
        definition=sha256("\n".join(said).encode()).hexdigest()[:12],
    )


def _reason(evidence: Evidence, day: date) -> Reason | None:
    if evidence.kind == "cited":
        return Reason("unjudged", "cited; nobody vouches for it yet")
    if evidence.judged and evidence.judged > day:
        return Reason("too_early", f"judged later, on {evidence.judged}")
    if evidence.expires and evidence.expires < day:
        return Reason("expired", f"the judgement expired on {evidence.expires}")
    return None


def expired_judgements(items: Iterable[Evidence], day: date) -> list[Problem]:
    """Warn of judgements that have expired: someone should look again (A219)."""
    return [
        Problem("A219", item.span, f"the judgement expired on {item.expires}", "judge it anew")
        for item in items
        if item.kind == "judgement" and item.window.holds(day)
        and item.expires and item.expires < day
    ]  # fmt: skip


def verdict(outcome: Outcome, *, is_test: bool) -> tuple[float, float]:
    """Return what an outcome says: pass 1; fail -1 or, of a reason, 0; else a range."""
    if outcome == "pass":
        return (1.0, 1.0)
    if outcome == "fail":
        return (-1.0, -1.0) if is_test else (0.0, 0.0)
    return (-1.0, 1.0) if is_test else (0.0, 1.0)
