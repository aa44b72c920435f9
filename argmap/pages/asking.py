"""What a page asks while it is made, and whether it would still be told the same.

A page is a function of what it is told. So it is made by a witness: something that looks like the
deck, hands every question on to it, and remembers which were asked. A page whose questions all
have the answers of last time need not be made again. Nobody lists what a kind of page depends on,
and so nobody can forget a part of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from argmap.notes import Note

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.pages.cards import Deck

_Whole = TypeVar("_Whole", bound=Collection[str])
Question = tuple[str, ...]  # an attribute, dotted, from the deck; then what it is asked about
_OPEN = ("report", "report.vault", "names", "shelf")  # what is looked into, not asked as a whole
_NOTES = "report.vault.notes"
_IN_A_NOTE = ("shelf.sentence", "shelf.sentences")  # parsed from the text of the note
_ON_CARDS = ("report.claims", "report.evidence", "title")  # a card holds them
_TERMS = "report.terms_of"  # a claim's card holds those too
_SETTLED = ("words", "report.settings")  # the same for all pages of a site


def witness(deck: Deck) -> tuple[Deck, dict[Question, None]]:
    """Return what can be used as the deck, and the questions that it was asked, in order."""
    asked = _Asked(deck)
    return cast("Deck", _Witness(deck, "", asked)), asked.questions


class _Asked:
    """The questions of one page."""

    def __init__(self, deck: Deck) -> None:
        self.cards = deck.cards
        self.questions: dict[Question, None] = {}

    def __call__(self, at: str, *about: str) -> None:
        """Keep a question; what a card holds is asked as the card, so that there are few."""
        card = self.cards.get(about[0]) if about else None
        if card and (at in _ON_CARDS or (at == _TERMS and card.kind == "claim")):
            at = "cards"
        self.questions[at, *about] = None


class _Witness:
    """Stands for the deck, or for something in it."""

    def __init__(self, whole: Any, at: str, asked: _Asked) -> None:
        self._whole, self._at, self._asked = whole, at, asked

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._whole, name)
        at = f"{self._at}.{name}" if self._at else name
        if at in _SETTLED:
            return found
        if at in _OPEN:
            made: Any = _Witness(found, at, self._asked)
        elif isinstance(found, Mapping):
            made = _Table(found, at, self._asked)
        elif isinstance(found, AbstractSet):
            made = _Members(found, at, self._asked)
        elif callable(found):
            made = self._call(found, at)
        else:
            self._asked(at)
            made = found
        self.__dict__[name] = made  # a plain value cannot change while a page is made
        return made

    def _call(self, function: Callable[..., Any], at: str) -> Callable[..., Any]:
        def call(*about: str) -> Any:
            self._asked(at, *about)
            return function(*about)

        return call

    def __getitem__(self, key: str) -> Any:
        return self.cards[key]

    def __contains__(self, key: str) -> bool:
        return key in self.cards


class _Names(Generic[_Whole]):
    """Stands for what holds names: which are there is asked for."""

    def __init__(self, whole: _Whole, at: str, asked: _Asked) -> None:
        self._whole, self._at, self._asked = whole, at, asked

    def __contains__(self, key: object) -> bool:
        self._asked(self._at, cast("str", key))
        return key in self._whole

    def __iter__(self) -> Iterator[str]:
        self._asked(self._at)
        return iter(self._whole)

    def __len__(self) -> int:
        self._asked(self._at)
        return len(self._whole)


class _Table(_Names[Mapping[str, Any]], Mapping[str, Any]):
    """Stands for a mapping by names."""

    def __getitem__(self, key: str) -> Any:
        self._asked(self._at, key)
        return self._whole[key]

    def keys(self) -> Any:
        """Return all keys."""
        self._asked(self._at)
        return self._whole.keys()

    def values(self) -> Any:
        """Return all values."""
        self._asked(self._at)
        return self._whole.values()

    def items(self) -> Any:
        """Return all pairs."""
        self._asked(self._at)
        return self._whole.items()


class _Members(_Names[AbstractSet[str]], AbstractSet[str]):
    """Stands for a set of names."""

    @classmethod
    def _from_iterable(cls, found: Any) -> Any:
        return frozenset(found)


class Answers:
    """What the deck answers, each answer as a hash; empty for what has none that can be kept."""

    def __init__(self, deck: Deck) -> None:
        self.deck = deck
        self.known: dict[Question, str] = {}

    def to(self, question: Question) -> str:
        """Return the answer to a question."""
        if question[0] == _NOTES and len(question) > 1:
            note = self.deck.report.vault.notes.get(question[1])
            return note.digest if note else "nothing"  # not kept: it may be found to have changed
        found = self.known.get(question)
        if found is None:
            text = self._said(question)
            found = _hash(text) if text else ""
            if question[0] != _NOTES:
                self.known[question] = found
        return found

    def basis(self, question: Question) -> str:
        """Return what an answer that takes long follows from; empty for others."""
        if question[0] not in _IN_A_NOTE:
            return ""
        vault, path = self.deck.report.vault, question[1]
        note = vault.notes.get(path)
        if not note or not note.digest or question[0] == "shelf.sentence":
            return note.digest if note else ""
        leads = [n for n, (_, to) in enumerate(vault.outlinks(path)) if to == question[2]]
        return f"{note.digest} {leads}"

    def _said(self, question: Question) -> str:
        at, *about = question
        whole = attrgetter(at)(self.deck)
        if not about:
            if not isinstance(whole, Mapping):
                return _plain(whole)
            every = [self.to((at, key)) for key in whole]
            return "" if "" in every else f"{list(whole)} {every}"
        if isinstance(whole, Mapping):
            return _plain(whole[about[0]]) if about[0] in whole else "nothing"
        if isinstance(whole, AbstractSet):
            return str(about[0] in whole)
        return _plain(whole(*about))


def _plain(value: Any) -> str:
    """Return a text that is the same for the same value alone; empty where there is none."""
    if isinstance(value, Note):
        return f"note {value.path!r} {value.digest}" if value.digest else ""
    if isinstance(value, (tuple, list)) and any(isinstance(item, (Note, tuple)) for item in value):
        every = [_plain(item) for item in value]
        return "" if "" in every else repr(every)
    if isinstance(value, AbstractSet):
        return repr(sorted(map(repr, value)))
    text = repr(value)
    return "" if " object at 0x" in text else text


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()
