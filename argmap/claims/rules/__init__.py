"""The rules that find claims in plain text, one function a rule, over the words of words.py.

Each yields what it finds; `inferred.py` decides what of it counts and how it hangs together.
Better nothing than nonsense: a rule wants words that argue, and a form that lists or labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from argmap.claims.rules.conclusions import conclusion, therefore
from argmap.claims.rules.labels import labelled, nested
from argmap.claims.rules.lists import headings, lead_in, leads_nowhere
from argmap.claims.rules.opinions import belief, disputed_thesis, reported, stated
from argmap.claims.rules.reasons import asserted, because, ordinals, reasons, why
from argmap.claims.rules.tables import table
from argmap.claims.words import BECAUSE_CUES, BELIEF_CUES, REASON_CUES, has_any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from argmap.claims.found import Found, Rule
    from argmap.claims.words import Words
    from argmap.notes import Note

__all__ = ["RULES", "leads_nowhere"]


@dataclass(frozen=True, slots=True)
class Named:
    """A rule with its name."""

    name: Rule
    find: Callable[[Note, Words], Iterator[Found]]
    cues: tuple[str, ...] = ()  # of which one must stand in the Markdown of a block, if any is here
    alone: bool = True  # whether what it finds may count where no other rule found anything

    def may_find(self, text: str, *, others: bool) -> bool:
        """Say whether it is to be asked about the Markdown of a note's blocks, which is folded."""
        return (others or self.alone) and (not self.cues or has_any(text, self.cues))


RULES: tuple[Named, ...] = (
    Named("disputed-thesis", disputed_thesis),
    Named("lead-in", lead_in),
    Named("headings", headings),
    Named("table", table),
    Named("label", labelled),
    Named("nested", nested),
    Named("because", because, BECAUSE_CUES),
    Named("why", why),
    Named("ordinals", ordinals),
    Named("reasons", reasons, REASON_CUES),
    Named("stated", stated),
    Named("belief", belief, BELIEF_CUES),
    Named("reported", reported),
    Named("conclusion", conclusion),
    Named("therefore", therefore),
    Named("asserted", asserted, alone=False),
)
