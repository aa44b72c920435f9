"""Evidence a person vouches for, and evidence merely cited: outcomes without anything to run."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from argmap.evidence.model import Reason, Result

if TYPE_CHECKING:
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


def verdict(outcome: Outcome, *, is_test: bool) -> tuple[float, float]:
    """Return what an outcome says: pass 1; fail -1 or, of a reason, 0; else a range."""
    if outcome == "pass":
        return (1.0, 1.0)
    if outcome == "fail":
        return (-1.0, -1.0) if is_test else (0.0, 0.0)
    return (-1.0, 1.0) if is_test else (0.0, 1.0)
