"""Asking sources over http, safely: public addresses, within limits, politely, many at once.

Whatever goes wrong with a source is said as `Down`, in words that hold no secret; nothing here
raises. This module is heavy, and imported only where something is to be fetched.
"""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx2
import tenacity

from argmap.evidence.raw import Kept, Raw
from argmap.evidence.request import Answer, Down, FailedError, Request, filled
from argmap.evidence.rules import Keys, Rules, SecretError
from argmap.evidence.transport import Backend, Transport, why
from argmap.evidence.unpack import read_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import httpcore2

    from argmap.evidence.transport import Resolve

_AGENT = "argmap (evidence checks)"
_ACCEPT = "application/json, text/html, text/csv, text/plain, */*;q=0.5"
_KEPT_HEADERS = ("content-type", "date", "etag", "last-modified")
_TAKEN = {201, 202, 204}  # by who was sent something
_MOVED = {301, 302, 303, 307, 308}
_PASSING = {408, 425, 429, 500, 502, 503, 504}  # another try may fare better
_LOGGERS = ("httpx2", "httpcore2.connection", "httpcore2.http11", "httpcore2.proxy")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how much, how many."""

    seconds: float = 30  # an answer, from the first byte asked to the last one read
    connect: float = 10  # seconds
    body: int = 25_000_000  # bytes, unpacked
    redirects: int = 5
    tries: int = 3
    backoff: float = 0.5  # seconds before the second try; then twice as long each time
    patience: float = 20  # the longest wait that a source may ask for
    at_once: int = 32
    per_host: int = 16


@dataclass
class _Host:
    """One host in one run: how many ask it at once, and whether it may be asked now."""

    turns: asyncio.Semaphore
    free: float = 0.0  # the loop's time before which it is left alone
    failures: int = 0  # tries one after the other that did not come through
    failed: float = 0.0  # when the last of them did not
    lost: FailedError | None = None


@dataclass(frozen=True)
class Web:
    """The web, asked by the rules and within the limits; `raw` keeps what was answered.

    `resolve` finds the addresses of a name, `connect` goes there; tests bring their own.
    """

    rules: Rules = field(default_factory=Rules)
    raw: Raw | None = None
    limits: Limits = field(default_factory=Limits)
    resolve: Resolve | None = None
    connect: httpcore2.AsyncNetworkBackend | None = None

    @property
    def keys(self) -> Keys:
        """The secrets."""
        return self.rules.keys

    def refuses(self, url: httpx2.URL) -> str:
        """Return why an address may not be asked, as far as its text tells."""
        user = url.userinfo.decode("ascii", "replace")
        return self.rules.refuses(url.scheme, url.host, url.port, user)

    def fetch(self, requests: Iterable[Request], now: datetime) -> dict[str, Answer | Down]:
        """Ask all at once; what each came to by its `key`. Each request is made once."""
        once = {request.key: request for request in requests}
        if not once:
            return {}
        with _quiet():
            found = asyncio.run(_Run(self, now).all(list(once.values())))
        answers = dict(zip(once, found, strict=True))
        if self.raw:
            self._remember(answers, self.raw)
        return _offline(answers)

    def _remember(self, answers: dict[str, Answer | Down], raw: Raw) -> None:
        kept = {
            key: Kept(answer.raw, answer.headers)
            for key, answer in answers.items()
            if isinstance(answer, Answer) and answer.raw
        }
        try:
            raw.remember(kept)
        except OSError:
            return  # the next request is not conditional, and no more


@dataclass(frozen=True, slots=True)
class _Copy:
    """What a source said last, and its bytes."""

    kept: Kept
    body: bytes


class _Run:
    """All requests of one run, on one event loop."""

    def __init__(self, web: Web, now: datetime) -> None:
        self.web, self.now, self.limits = web, now, web.limits
        self.hosts: dict[str, _Host] = {}
        self.turns = asyncio.Semaphore(self.limits.at_once)

    async def all(self, requests: list[Request]) -> list[Answer | Down]:
        secure = any(request.url.startswith("https:") for request in requests)
        web = self.web
        backend = Backend(web.rules, web.resolve, web.connect)
        transport = Transport(backend, self.limits.at_once, secure=secure)
        async with httpx2.AsyncClient(
            transport=transport,
            trust_env=False,
            timeout=httpx2.Timeout(self.limits.seconds, connect=self.limits.connect),
        ) as client:
            self.client = client
            return list(await asyncio.gather(*map(self.one, requests)))

    async def one(self, request: Request) -> Answer | Down:
        fault = self.web.rules.fault(request)
        if fault:
            return Down(fault.message)
        place = urlsplit(request.url).netloc
        host = self.hosts.setdefault(place, _Host(asyncio.Semaphore(self.limits.per_host)))
        try:
            answer = await self.tried(request, host)
        except FailedError as error:
            return Down(self.web.keys.hide(str(error)), error.offline)
        if answer.raw or self.web.raw is None:
            return answer
        try:  # in a thread: meanwhile others are asked
            name = await asyncio.to_thread(self.web.raw.put, answer.body)
        except OSError as error:
            said = error.strerror or "no space"
            return replace(answer, problem=f"the bytes of answers could not be kept: {said}")
        return replace(answer, raw=name)

    async def tried(self, request: Request, host: _Host) -> Answer:
        """Ask until there is an answer, or no hope of one."""
        tries = tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(self.limits.tries),
            wait=self.wait,
            retry=tenacity.retry_if_exception(_may_pass),
            reraise=True,
        )
        async for attempt in tries:
            with attempt:
                return await self.in_turn(request, host)
        raise FailedError("it was not asked")  # not reached: the last attempt raises

    def wait(self, state: tenacity.RetryCallState) -> float:
        """Return how long to wait: as the source says, else twice as long each time."""
        error = state.outcome and state.outcome.exception()
        asked = error.after if isinstance(error, FailedError) else 0
        backoff = self.limits.backoff * 2.0 ** (state.attempt_number - 1)
        return max(asked, backoff * random.uniform(0.8, 1.2))  # noqa: S311  it is no secret

    async def in_turn(self, request: Request, host: _Host) -> Answer:
        loop = asyncio.get_running_loop()
        async with host.turns:
            while (wait := host.free - loop.time()) > 0:  # noqa: ASYNC110  it moves meanwhile
                await asyncio.sleep(wait)
            if host.lost:
                raise host.lost
            begun = loop.time()
            try:
                async with self.turns, asyncio.timeout(self.limits.seconds):
                    answer = await self.asked(request)
            except Exception as error:  # noqa: BLE001  whatever a source does is no crash of ours
                failed = why(error, self.limits.seconds, self.limits.connect)
                self.note(host, failed, begun, loop.time())
                raise failed from None
            host.failures = 0
            return answer

    def note(self, host: _Host, failed: FailedError, begun: float, now: float) -> None:
        """Leave a host alone for a while, or for good where no try at all comes through.

        Tries that failed together count as one.
        """
        host.free = max(host.free, now + failed.after)
        if failed.lost and begun >= host.failed:
            host.failures, host.failed = host.failures + 1, now
            host.free = max(host.free, now + self.limits.backoff * 2 ** (host.failures - 1))
            host.lost = failed if host.failures >= self.limits.tries else None

    async def asked(self, request: Request) -> Answer:
        """Ask, and follow where the source sends us."""
        keys = self.web.keys
        try:
            values = keys.values(request.secrets)
        except SecretError as error:
            raise FailedError(str(error)) from None
        kept = self.kept(request)
        quoted = {name: quote(value, safe="") for name, value in values.items()}
        try:
            url = httpx2.URL(filled(request.url, quoted))
        except httpx2.InvalidURL:
            raise FailedError("its address cannot be read") from None
        asked = self.client.build_request(
            request.method,
            url,
            headers=self.headers(request, values, kept),
            content=_body(request, values) or None,
        )
        if refused := self.web.refuses(asked.url):
            raise FailedError(refused)
        self.may_go(request, asked.url)
        passed = {str(asked.url)}
        for _ in range(self.limits.redirects + 1):
            response = await self.client.send(asked, stream=True)
            try:
                if response.status_code not in _MOVED or "location" not in response.headers:
                    return await self.answer(response, kept)
                asked = self.moved(asked, response, request)
            finally:
                await response.aclose()
            if str(asked.url) in passed:
                raise FailedError("it redirects in a circle")
            passed.add(str(asked.url))
        raise FailedError(f"it redirects more than {self.limits.redirects} times")

    def kept(self, request: Request) -> _Copy | None:
        """Return what the source said last, where it is still kept whole."""
        raw = self.web.raw
        kept = raw.recall(request.key) if raw else None
        body = raw.get(kept.raw) if raw and kept else None
        return _Copy(kept, body) if kept and body is not None else None

    def headers(
        self, request: Request, values: dict[str, str], copy: _Copy | None
    ) -> list[tuple[str, str]]:
        own = [(name, filled(value, values)) for name, value in request.headers]
        named = {name.lower() for name, _ in own}
        ours = {
            "user-agent": _AGENT,
            "accept": _ACCEPT,
            "accept-encoding": "gzip, deflate, br",
        }
        if request.json:
            ours["content-type"] = "application/json"
        told = copy.kept.headers if copy else {}
        if "etag" in told:
            ours["if-none-match"] = told["etag"]
        elif "last-modified" in told:
            ours["if-modified-since"] = told["last-modified"]
        return [*own, *((name, said) for name, said in ours.items() if name not in named)]

    def moved(
        self, asked: httpx2.Request, response: httpx2.Response, request: Request
    ) -> httpx2.Request:
        """Return the request to make instead. Raises FailedError where it may not be made."""
        try:
            url = asked.url.join(response.headers["location"])
        except (httpx2.InvalidURL, ValueError):
            raise FailedError("it redirects to what is no address") from None
        if refused := self.web.refuses(url):
            raise FailedError(f"it redirects elsewhere: {refused}")
        self.may_go(request, url)
        keep = response.status_code in (307, 308) or asked.method == "GET"
        dropped = {"host", *(() if keep else ("content-length", "content-type"))}
        headers = [(name, said) for name, said in asked.headers.items() if name not in dropped]
        return self.client.build_request(
            asked.method if keep else "GET",
            url.copy_with(fragment=None),
            headers=headers,
            content=asked.content if keep and asked.content else None,
        )

    def may_go(self, request: Request, url: httpx2.URL) -> None:
        """Raise FailedError where a secret may not be sent to what is now to be asked."""
        if not all(self.web.keys.may_go(name, url.host) for name in request.secrets):
            raise FailedError(f"it leads to {url.host}, where its secret may not go")

    async def answer(self, response: httpx2.Response, copy: _Copy | None) -> Answer:
        status = response.status_code
        if status == httpx2.codes.NOT_MODIFIED:
            if copy is None:
                raise FailedError("it answers 304 (not modified), and nothing is kept here")
            told = {**copy.kept.headers, **self.told(response)}
            return Answer(copy.body, told, self.now, copy.kept.raw)
        posted = response.request.method == "POST"
        if status != httpx2.codes.OK and not (posted and status in _TAKEN):
            raise self.refused(response)
        body = self.web.keys.hide_bytes(await read_body(response, self.limits.body))
        return Answer(body, self.told(response), self.now)

    def told(self, response: httpx2.Response) -> dict[str, str]:
        headers = response.headers
        hide = self.web.keys.hide
        return {name: hide(headers[name]) for name in _KEPT_HEADERS if name in headers}

    def refused(self, response: httpx2.Response) -> FailedError:
        status = response.status_code
        again = status in _PASSING
        after = _after(response.headers.get("retry-after", ""), self.now) if again else 0.0
        if after > self.limits.patience:
            return FailedError(f"it answers {status} and asks to wait {after:.0f} s")
        words = _STATUS.get(status, "")
        return FailedError(
            f"it answers {status}{words and f' ({words})'}", again=again, after=after
        )


_STATUS = {
    401: "not authorised", 403: "forbidden", 404: "not found", 410: "gone",
    429: "too many requests", 500: "its own error", 502: "bad gateway", 503: "unavailable",
    504: "gateway timed out",
}  # fmt: skip


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, FailedError) and error.again


def _body(request: Request, values: dict[str, str]) -> bytes:
    import json

    if request.json:
        values = {name: json.dumps(value)[1:-1] for name, value in values.items()}
    return filled(request.body, values).encode()


def _after(text: str, now: datetime) -> float:
    """Return the seconds that Retry-After asks for: a number of them, or a moment."""
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _offline(answers: dict[str, Answer | Down]) -> dict[str, Answer | Down]:
    """Leave it at the sources that they did not answer where only some have no network."""
    if all(isinstance(answer, Down) and answer.offline for answer in answers.values()):
        return dict.fromkeys(answers, Down("this machine is offline", offline=True))
    return {
        key: Down(answer.message) if isinstance(answer, Down) else answer
        for key, answer in answers.items()
    }


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries from logging addresses and headers, which may hold secrets."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled
