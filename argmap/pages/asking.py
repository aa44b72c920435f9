"""What a page asks while it is made, and whether it would still be told the same.

A page is a function of what it is told. So it is made by a witness: something that looks like the
deck, hands every question on to it, and remembers which were asked. A page whose questions all
have the answers of last time need not be made again. Nobody lists what a kind of page depends on,
and so nobody can forget a part of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from argmap.notes import Note
from argmap.report import ClaimReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.pages.cards import Deck

_Whole = TypeVar("_Whole", bound=Collection[str])
Question = tuple[str, ...]  # an attribute, dotted, from the deck; then what it is asked about
_OPEN = ("report", "report.vault", "names", "shelf")  # what is looked into, not asked as a whole
_NOTES = "report.vault.notes"
_CARDS = ("report.claims", "report.evidence")
# What is asked about a claim or a piece of evidence is asked as its card, so that there are few.
_ON_CARDS = (*_CARDS, "report.unpublished", "report.arguments", "report.terms_of", "title")
_OF_CARDS = ("cards", "incoming", "outgoing")
# What a note answers with what stands in it, and with whither a link leads: which part names it.
_OF_NOTES = {
    _NOTES: 1, "noted": 1, "report.vault.find": 1, "report.vault.outlinks": 1,
    "report.vault.resolve": 2, "shelf.anchor": 1, "shelf.sentence": 1, "shelf.sentences": 1,
    "shelf.subpath": 1,
}  # fmt: skip
_SETTLED = ("words", "report.settings")  # the same for all pages of a site


def witness(deck: Deck) -> tuple[Deck, dict[Question, None]]:
    """Return what can be used as the deck, and the questions that it was asked, in order."""
    asked = _Asked(deck)
    return cast("Deck", _Witness(deck, "", asked)), asked.questions


class _Asked:
    """The questions of one page."""

    def __init__(self, deck: Deck) -> None:
        self.deck = deck
        self.questions: dict[Question, None] = {}

    def __call__(self, at: str, *about: str) -> None:
        """Keep a question, but for one that is answered with all of its kind."""
        if about and at in _ON_CARDS and about[0] in self.deck.cards:
            at = "cards"
        if not about or (self._all_of(at, about[0]),) not in self.questions:
            self.questions[at, *about] = None

    def _all_of(self, at: str, name: str) -> str:
        """Return what to ask to be told of all that such a question is about."""
        if at in _OF_CARDS:
            return _CARDS[name not in self.deck.report.claims]
        return at if at == _NOTES else ""


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
        """Take the deck."""
        self.deck = deck
        self.known: dict[Question, str] = {}
        self.bases: dict[str, str] = {}

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

    def subject(self, question: Question) -> str:
        """Return what a question is about, where all answers about that follow from one basis."""
        at = question[0]
        if at in _OF_CARDS and len(question) > 1:
            return f"card {question[1]}"
        place = _OF_NOTES.get(at, 0)
        return f"note {question[place]}" if 0 < place < len(question) else ""

    def basis(self, subject: str) -> str:
        """Return what all answers about a subject follow from; empty where that cannot be said.

        It is quicker to come by than the answers, and may differ where they do not.
        """
        if subject.startswith("note "):  # not kept: it may be found to have changed
            return self._of_note(subject.removeprefix("note "))
        if subject and subject not in self.bases:
            self.bases[subject] = self._of_card(subject.removeprefix("card "))
        return self.bases.get(subject, "")

    def _of_card(self, id_: str) -> str:
        deck = self.deck
        if id_ not in deck.cards:
            return ""
        text = _told((deck.cards.made_of(id_), deck.incoming.get(id_)))
        return _hash(text) if text else ""

    def _of_note(self, path: str) -> str:
        note = self.deck.report.vault.notes.get(path)
        return (
            f"{note.digest} {path in self.deck.noted} {self._files}" if note and note.digest else ""
        )

    @cached_property
    def _files(self) -> str:
        """What there is for a link to lead to."""
        vault = self.deck.report.vault
        return _hash(repr((list(vault.notes), vault.files)))

    def _said(self, question: Question) -> str:
        at, *about = question
        whole = attrgetter(at)(self.deck)
        if not about:
            return self._whole(at, whole)
        if at == "cards":
            return _told(whole.made_of(about[0])) if about[0] in whole else "nothing"
        if isinstance(whole, Mapping):
            return self._plain(whole[about[0]]) if about[0] in whole else "nothing"
        if isinstance(whole, AbstractSet):
            return str(about[0] in whole)
        return self._plain(whole(*about))

    def _whole(self, at: str, whole: Any) -> str:
        if not isinstance(whole, Mapping):
            return self._plain(whole)
        if at in _CARDS:
            every = [self.basis(f"card {key}") for key in whole]
        elif at == _NOTES:
            every = [note.digest for note in whole.values()]
        else:
            every = [self.to((at, key)) for key in whole]
        return "" if "" in every else f"{list(whole)} {every}"

    def _plain(self, value: Any) -> str:
        """Return a text that is the same for the same value alone; empty where there is none."""
        if isinstance(value, Note):
            return f"note {value.path!r} {value.digest}" if value.digest else ""
        if isinstance(value, ClaimReport) and self.deck.report.claims.get(value.claim.id) is value:
            return self.basis(f"card {value.claim.id}")
        if isinstance(value, (tuple, list)) and any(isinstance(item, _APART) for item in value):
            every = [self._plain(item) for item in value]
            return "" if "" in every else repr(every)
        if isinstance(value, AbstractSet):
            return repr(sorted(map(repr, value)))
        return _told(value)


def _told(value: Any) -> str:
    text = repr(value)
    return "" if _OBJECT in text else text


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


_APART = (Note, tuple, ClaimReport)
_OBJECT = " object at 0x"
