"""What a project may say about reading claims, and the names an author may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argmap.config import Settings

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

    @classmethod
    def of(cls, settings: Settings, *, infer: bool = True) -> ClaimOptions:
        """Return what a project's config says."""
        words = settings.infer.words
        own = {"against": words.against, "for": words.for_, "conclusion": words.conclusion}
        return cls(settings.markup.aliases, own, infer=infer)

    def tags(self) -> dict[str, str]:
        """Map every tag and callout type that is ours, lower case, to our name for it."""
        return self._named(TAGS)

    def fields(self) -> dict[str, str]:
        """Map every field that is ours, lower case, to our name for it.

        Tags have their own names: `#против` and `(против:: …)` may be a con and an attack.
        """
        return self._named(FIELDS)

    def _named(self, names: Sequence[str]) -> dict[str, str]:
        others = {
            other.casefold().removeprefix("#"): name
            for name in names
            for other in self.aliases.get(name, ())
        }
        return {**others, **{name: name for name in names}}
