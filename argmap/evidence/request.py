"""What is asked of a source, and what it answered: the types that fetching shares."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from argmap.evidence.pick import Page

    # Whoever asks sources, all at once: what each request came to, by its `key`.
    Asker = Callable[[Iterable["Request"], datetime], dict[str, "Answer | Down"]]

_SECRET = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Request:
    """What is asked, as an author wrote it: a secret stands in it as ``${NAME}``."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""  # not empty: sent by POST
    json: bool = False  # the body is JSON

    @cached_property
    def key(self) -> str:
        """12 hex digits that tell one request from another."""
        said = repr((self.url, sorted(self.headers), self.body, self.json))
        return sha256(said.encode()).hexdigest()[:12]

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets in it, each once."""
        parts = [self.url, self.body, *(value for _, value in self.headers)]
        return tuple(dict.fromkeys(name for part in parts for name in _SECRET.findall(part)))

    @property
    def host(self) -> str:
        """Whom it is asked of."""
        return urlsplit(self.url).hostname or ""

    @property
    def method(self) -> str:
        """GET, or POST where something is sent along."""
        return "POST" if self.body else "GET"


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with each ``${NAME}`` replaced by its value."""
    return _SECRET.sub(lambda found: values.get(found[1], found[0]), text)


@dataclass(frozen=True)
class Answer:
    """What a source said; its body is decompressed and holds no secret."""

    body: bytes
    headers: Mapping[str, str]  # by name, in small letters
    seen: datetime
    raw: str = ""  # the name its bytes are kept by, empty where they are not
    problem: str = ""  # why they are not

    @cached_property
    def page(self) -> Page:
        """The same, to pick values from; read once for all that read it."""
        from argmap.evidence.pick import Page

        return Page(self.body, self.headers)


@dataclass(frozen=True, slots=True)
class Down:
    """Why a source gave no answer; `message` holds no secret."""

    message: str
    offline: bool = field(default=False)  # it is this machine that has no network


class FailedError(Exception):
    """A request that came to nothing; the text holds no secret, once it is hidden."""

    def __init__(
        self,
        message: str,
        *,
        again: bool = False,
        after: float = 0,
        lost: bool = False,
        offline: bool = False,
    ) -> None:
        super().__init__(message)
        self.again = again  # another try may fare better
        self.after = after  # seconds that the source asks to wait first
        self.lost = lost  # there was no answer at all, so others at this host need not be tried
        self.offline = offline  # nor any network
