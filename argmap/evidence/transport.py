"""httpx2's way to a host, with our own way to connect: only to addresses that were checked."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import os
import socket
import ssl
from typing import TYPE_CHECKING, Any

import httpcore2
import httpx2

from argmap.evidence.request import FailedError
from argmap.evidence.rules import is_public
from argmap.evidence.unpack import DAMAGED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator

    from argmap.evidence.rules import Rules

    Resolve = Callable[[str, int], Awaitable[list[str]]]

_NO_NETWORK = {"ENETUNREACH", "ENETDOWN"}


async def _resolved(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Backend(httpcore2.AsyncNetworkBackend):
    """Connects to the very addresses it has checked, so that a name cannot change in between."""

    def __init__(
        self,
        rules: Rules,
        resolve: Resolve | None = None,
        connect: httpcore2.AsyncNetworkBackend | None = None,
    ) -> None:
        self.rules = rules
        self.resolve = resolve or _resolved
        self.inner = connect or httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the backend's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to a host. Raises FailedError where any of its addresses is not public."""
        addresses = await self.resolve(host, port)
        if not self.rules.allows(host, port):
            for address in addresses:
                if not is_public(ipaddress.ip_address(address)):
                    raise FailedError(f"{host} lies at {address}, which is not a public address")
        for address in addresses[:-1]:
            try:
                return await self.inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        if not addresses:
            raise FailedError(f"no host {host!r}", lost=True)
        return await self.inner.connect_tcp(
            addresses[-1], port, timeout, local_address, socket_options
        )


class Transport(httpx2.AsyncBaseTransport):
    """httpx2's transport over our own way to connect; no proxy, which would connect for us."""

    def __init__(self, backend: Backend, connections: int, *, secure: bool) -> None:
        self.pool = httpcore2.AsyncConnectionPool(
            ssl_context=httpx2.create_ssl_context() if secure else None,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=5,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Ask, as httpx2's own transport does."""
        url = request.url
        answered = await self.pool.handle_async_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            answered.status,
            headers=answered.headers,
            stream=_Stream(answered.stream),
            extensions=answered.extensions,
        )

    async def aclose(self) -> None:
        """Let all connections go."""
        await self.pool.aclose()


class _Stream(httpx2.AsyncByteStream):
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self.inner:
            yield chunk

    async def aclose(self) -> None:
        await self.inner.aclose()


# What went wrong


def why(error: Exception, seconds: float, to_connect: float) -> FailedError:
    """Say in words of our own what went wrong: an error's own text might hold a secret."""
    causes = list(_causes(error))
    for kind, said in _SAID:
        for cause in causes:
            if isinstance(cause, kind):
                return said(cause)
    if any(isinstance(cause, httpcore2.ConnectTimeout) for cause in causes):
        return FailedError(f"no answer within {to_connect:g} s", again=True, lost=True)
    if any(isinstance(cause, TimeoutError | httpcore2.TimeoutException) for cause in causes):
        return FailedError(f"no answer within {seconds:g} s")
    unconnected = (cause for cause in causes if isinstance(cause, OSError) and cause.errno)
    for cause in unconnected:
        return _unconnected(cause)
    if any(isinstance(cause, httpcore2.ConnectError) for cause in causes):
        return FailedError("it cannot be connected to", again=True, lost=True)
    return FailedError(f"it cannot be asked ({type(error).__name__})")


def _unnamed(error: Any) -> FailedError:
    offline = error.errno == socket.EAI_AGAIN or not _routed()
    return FailedError("its name is not found", again=offline, lost=True, offline=offline)


_SAID: tuple[tuple[Any, Callable[[Any], FailedError]], ...] = (
    (FailedError, lambda error: error),
    (
        ssl.SSLCertVerificationError,
        lambda error: FailedError(
            f"its certificate is not valid: {error.verify_message}", lost=True
        ),
    ),
    (ssl.SSLError, lambda _: FailedError("it does not speak TLS as it should", lost=True)),
    (socket.gaierror, _unnamed),
    (
        (httpcore2.RemoteProtocolError, httpcore2.ReadError, httpcore2.WriteError),
        lambda _: FailedError("its answer breaks off, or is no http", again=True),
    ),
    (DAMAGED, lambda _: FailedError("its answer is packed wrongly")),
)


def _unconnected(error: OSError) -> FailedError:
    code = error.errno or 0
    offline = errno.errorcode.get(code) in _NO_NETWORK
    words = os.strerror(code).lower()
    return FailedError(
        f"it cannot be connected to: {words}", again=True, lost=True, offline=offline
    )


def _routed() -> bool:
    """Say whether this machine has a way out at all; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address nobody has
        except OSError:
            return False
    return True


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and all that led to it, and what a group of errors holds."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        cause = waiting.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [*getattr(cause, "exceptions", ()), cause.__cause__, cause.__context__]
