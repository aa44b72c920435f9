"""What a project may say about reading claims, and the names an author may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argmap.source import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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


def odd_aliases(aliases: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the names a config gives: whose name it is, what, and a hint."""
    for names in (TAGS, FIELDS):
        owners: dict[str, str] = {}
        for name in names:
            for other in aliases.get(name, ()):
                called = other.casefold().removeprefix("#").strip()
                owner = called if called in names else owners.setdefault(called, name)
                if not called:
                    yield name, "a name is empty", "leave it out"
                elif owner != name:
                    yield name, f"{other!r} is {owner!r} already", "choose another"
                elif names is TAGS and len(called.split()) > 1:
                    yield name, f"{other!r} is no tag", "a tag holds no blank"
    for name in aliases:
        if name not in (*FIELDS, *TAGS):
            yield name, "there is no such field or tag", nearest(name, [*FIELDS, *TAGS])


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
            if other.strip()
        }
        return {**others, **{name: name for name in names}}
