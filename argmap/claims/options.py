"""What a project may say about reading claims, and the names an author may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TAGS = ("claim", "pro", "con", "evidence", "argument")  # of list items; of callouts, their types
RELATIONS = ("supports", "attacks", "contradicts", "undercuts")
FIELDS = (
    *RELATIONS,
    "premises",
    "check",
    "test",
    "source",
    "judged",
    "expires",
    "weight",
    "credence",
    "from",
    "until",
    "expect",
    "role",
)


@dataclass(frozen=True, slots=True)
class ClaimOptions:
    """How to read claims: other names for fields and tags, more words, and whether to infer.

    `aliases` maps a name of TAGS or FIELDS to what else it may be called; `words` has the keys
    "against", "for" and "conclusion".
    """

    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    infer: bool = True

    def names(self) -> dict[str, str]:
        """Map every name that may stand in a note, lower case, to ours."""
        named = {name: name for name in (*TAGS, *FIELDS)}
        for name, others in self.aliases.items():
            named |= {other.casefold().removeprefix("#"): name for other in others}
        return named
