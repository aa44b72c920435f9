"""Deck -> the search index: a script that the pages load when a reader begins to search.

Words are cut to their stems here, by Snowball's rules for Russian and English; the page only
compares beginnings. `terms` are words of titles and texts, `body` those of what stands below.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from argmap.pages.addresses import href
from argmap.pages.cards import icon_of
from argmap.pages.data import to_script
from argmap.pages.markup import less_ours
from argmap.pages.names import above, debate_page, note_page, slug
from argmap.pages.notes import searchable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from argmap.pages.cards import Deck
    from argmap.report import DebateReport, Report

    Found = tuple[str, str]  # its kind, and its id, path or name
    Places = dict[str, list[int]]  # the documents that hold a stem, in order
    Texts = tuple[Iterable[str], Iterable[str]]

_NAME = "argmapIndex"  # the page's function that takes the index
_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LONGEST = 40
SHORTEST = 2


class Known(NamedTuple):
    """An index as it was: the number of each document in it, and which of them hold a stem."""

    docs: Mapping[Found, int]
    terms: Places
    body: Places


def index_js(deck: Deck, known: Known | None = None) -> str:
    """Return the index as a script; `known` are the documents whose stems are as they were."""
    return to_script(_NAME, _Index(deck, known or Known({}, {}, {})).whole())


def read(script: bytes) -> Known:
    """Return what an index says, nothing for an empty script."""
    if not script:
        return Known({}, {}, {})
    index = json.loads(script.strip().removeprefix(f"{_NAME}(".encode()).removesuffix(b");"))
    docs = {_found(doc): number for number, doc in enumerate(index["docs"])}
    return Known(docs, index["terms"], index["body"])


@cache
def stem(word: str) -> str:
    """Return the stem of a word, by the rules of its alphabet's language."""
    rules = _stemmer("russian" if _CYRILLIC.search(word) else "english")
    found: str = rules.stemWord(word)
    return found


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(language)


def stems(text: str) -> Iterator[str]:
    """Yield the stems of a text's words."""
    plain = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    for word in _WORD.findall(plain):
        if SHORTEST <= len(word) <= _LONGEST or word.isdecimal():
            yield stem(word[:_LONGEST])


class _Index:
    """Documents in order, and which of them hold a stem."""

    def __init__(self, deck: Deck, known: Known) -> None:
        self.deck = deck
        self.known = known
        self.now_at: dict[int, int] = {}  # the number of each document that was known
        self.docs: list[dict[str, Any]] = []
        self.terms: Places = {}  # of the documents that were not known
        self.body: Places = {}
        self.tags: dict[str, tuple[str, ...]] = {}  # of each note

    @property
    def report(self) -> Report:
        return self.deck.report

    def whole(self) -> dict[str, Any]:
        for debate in self.report.debates:
            self._debate(debate)
        for key in sorted(self.report.claims.keys() - self.report.unpublished.keys()):
            self._claim(key)
        for key in sorted(self.report.evidence):
            self._evidence(key)
        for path in sorted(self.deck.noted):
            self._note(path)
        for tag in self._tags():
            self._tag(tag)
        return {
            "docs": self.docs,
            "tags": self._tags(),
            "notes": {
                path: self.report.vault.notes[path].title
                for path in sorted({doc["n"] for doc in self.docs if doc.get("n")})
                if path in self.report.vault.notes
            },
            "terms": self._places(self.known.terms, self.terms),
            "body": self._places(self.known.body, self.body),
        }

    def _debate(self, debate: DebateReport) -> None:
        self._add(
            {"k": "debate", "t": debate.title, "h": debate_page(debate.id),
             "s": self.report.claims[debate.main].now.status, "d": debate.id},
            lambda: ([debate.title], [self.deck.title(debate.main)]),
        )  # fmt: skip

    def _tag(self, tag: str) -> None:
        doc = {"k": "tag", "t": f"#{tag}", "h": f"tags.html#{slug(tag)}"}
        self._add(doc, lambda: ([tag], []))

    def _claim(self, key: str) -> None:
        item = self.report.claims[key]
        self._add(
            {"k": "claim", "t": item.claim.text, "h": href(self.deck, key), "i": key,
             "s": item.now.status, "n": item.claim.note, "d": item.debate,
             "g": self.tags_of(item.claim.note, item.claim.tags), "m": list(item.marks)},
            lambda: (
                [item.claim.text, key.rpartition("#")[2]],
                [item.claim.detail, self.deck.cards[key].role],  # type: ignore[union-attr]
            ),
        )  # fmt: skip

    def _evidence(self, key: str) -> None:
        item = self.report.evidence[key]
        claim = item.claims[0] if item.claims else ""
        debate = self.report.claims[claim].debate if claim in self.report.claims else ""
        marks = (["stale"] if item.now.stale else []) + (["inferred"] if item.inferred else [])
        sources = (
            *(source.text or source.url for source in item.sources),
            *(seen.source for seen in item.now.observations),
        )
        self._add(
            {"k": "evidence", "t": item.text, "h": href(self.deck, key), "i": key,
             "s": icon_of(item), "n": item.note, "d": debate,
             "g": self.tags_of(item.note, ()), "m": marks},
            lambda: ([item.text, key.rpartition("#")[2]], [item.remark, *sources]),
        )  # fmt: skip

    def _note(self, path: str) -> None:
        note = self.report.vault.notes[path]
        self._add(
            {"k": "note", "t": note.title, "h": note_page(path), "n": path,
             "g": self.tags_of(path, ())},
            lambda: ([note.title, *note.aliases], [searchable(note)]),
        )  # fmt: skip

    def _add(self, doc: dict[str, Any], texts: Callable[[], Texts]) -> None:
        number = len(self.docs)
        self.docs.append({key: value for key, value in doc.items() if value or key == "h"})
        known = self.known.docs.get(_found(doc))
        if known is not None:
            self.now_at[known] = number
            return
        main, below = _stems_of(*texts())
        for word in main:
            self.terms.setdefault(word, []).append(number)
        for word in below:
            self.body.setdefault(word, []).append(number)

    def _places(self, known: Places, new: Places) -> Places:
        """Return where each stem is, in what was known and in what was not."""
        now_at = self.now_at
        places = {word: [now_at[at] for at in was if at in now_at] for word, was in known.items()}
        for word, numbers in new.items():
            places[word] = sorted([*places.get(word, ()), *numbers])
        return {word: numbers for word, numbers in sorted(places.items()) if numbers}

    def tags_of(self, note: str, own: tuple[str, ...]) -> list[str]:
        """Return the tags of a claim and of its note."""
        if note not in self.tags:
            held = self.report.vault.notes.get(note)
            self.tags[note] = less_ours(self.deck, held.tags) if held else ()
        return sorted({*own, *self.tags[note]})

    def _tags(self) -> list[str]:
        """Return all tags, those above them in the hierarchy included."""
        return sorted(
            {part for doc in self.docs for tag in doc.get("g", ()) for part in above(tag)}
        )


def _found(doc: Mapping[str, Any]) -> Found:
    return doc["k"], doc.get("i") or doc.get("n") or doc.get("d") or doc["t"]


def _stems_of(title: Iterable[str], body: Iterable[str]) -> tuple[set[str], set[str]]:
    main = {word for text in title for word in stems(text)}
    return main, {word for text in body for word in stems(text)} - main
