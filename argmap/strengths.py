"""Graph + verdicts -> strengths and statuses; no I/O. The arithmetic is docs/semantics.md's."""

from __future__ import annotations

from typing import Literal

Interval = tuple[float, float]
Status = Literal["supported", "refuted", "contested", "unknown"]
