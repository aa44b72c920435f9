"""The site, served and kept up to date: after each build the open pages are told."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from hashlib import blake2b
from ipaddress import ip_address
from time import sleep
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.datastructures import Headers
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from argmap.watching import Keeper

_HEARTBEAT = 15.0  # s
_LOOKS, _BETWEEN = 500, 0.004  # s; how often a page is looked for while a build swaps the site
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".xml": "application/atom+xml",
    ".png": "image/png",
}
_HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    # No other site may read the notes by loading our data scripts, or show us in a frame.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Argmap-Live": "events",
}


def serve(keeper: Keeper, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Do the same, and serve the site; `ready` is given its address. Port 0 means any free one.

    Raises OSError where the port cannot be had, KeyboardInterrupt when it is interrupted.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as bound:
        number = bound.getsockname()[1]
        ready(f"http://{f'[{host}]' if ':' in host else host}:{number}/")
        asyncio.run(_serve(keeper, host, bound))


async def _serve(keeper: Keeper, host: str, bound: socket.socket) -> None:
    bell = Bell()
    server = _server(application(keeper, host, bell), bell)
    watching = asyncio.create_task(keeper.watch(bell.ring))
    watching.add_done_callback(lambda task: _tell_end(keeper, task))
    try:
        await server.serve(sockets=[bound])
    finally:
        watching.cancel()


def _tell_end(keeper: Keeper, watching: asyncio.Task[None]) -> None:
    error = None if watching.cancelled() else watching.exception()
    for each in error.exceptions if isinstance(error, ExceptionGroup) else ():
        keeper.told(each)


def _server(app: Starlette, bell: Bell) -> Any:
    import uvicorn

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: Any) -> None:
            super().handle_exit(sig, frame)
            bell.close()

    return Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
    )


class Bell:
    """What open pages wait for: it rings when the site was built anew."""

    def __init__(self) -> None:
        self.waiting: set[asyncio.Event] = set()
        self.closed = False

    def ring(self) -> None:
        """Tell all who wait."""
        for one in self.waiting:
            one.set()

    def close(self) -> None:
        """Let go of all who wait."""
        self.closed = True
        self.ring()

    async def events(self) -> AsyncIterator[str]:
        """Yield the stream of server-sent events for one page."""
        rung = asyncio.Event()
        self.waiting.add(rung)
        try:
            yield "retry: 1000\n\n"
            while not self.closed:
                try:
                    async with asyncio.timeout(_HEARTBEAT):
                        await rung.wait()
                except TimeoutError:
                    yield ":\n\n"
                    continue
                rung.clear()
                if not self.closed:
                    yield "data: changed\n\n"
        finally:
            self.waiting.discard(rung)


def application(keeper: Keeper, host: str, bell: Bell) -> Starlette:
    """Return the site as an application, to be served on `host`."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.responses import StreamingResponse
    from starlette.routing import Route

    async def events(_: Request) -> Response:
        headers = {**_HEADERS, "Cache-Control": "no-store"}
        return StreamingResponse(bell.events(), headers=headers, media_type="text/event-stream")

    async def page(request: Request) -> Response:
        return await asyncio.to_thread(_answer, keeper.settings.site_folder, request)

    return Starlette(
        routes=[Route("/events", events), Route("/{path:path}", page)],
        middleware=[Middleware(_Guard, host)],
    )


def _answer(site: Path, request: Request) -> Response:
    from starlette.responses import PlainTextResponse, Response

    found = page(site, request.path_params["path"])
    if found is None:
        return PlainTextResponse("There is no such page.\n", 404, _HEADERS)
    path, content = found
    etag = f'"{blake2b(content, digest_size=12).hexdigest()}"'
    headers = {**_HEADERS, "ETag": etag}
    if etag in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    kind = _TYPES.get(path.suffix, "application/octet-stream")
    return Response(content, headers={**headers, "Content-Type": kind})


def page(site: Path, path: str) -> tuple[Path, bytes] | None:
    """Return the site's file at a path of an address, with what is in it; None for none.

    A build swaps the old folder for the new in two steps, between which there is neither: whoever
    asks just then is not told that the page is gone, but waits for it.
    """
    for _ in range(_LOOKS):
        folder = _inode(site)
        with suppress(OSError):
            found = file_in(site, path)
            if found:
                return found, found.read_bytes()
        if folder and folder == _inode(site):
            return None
        sleep(_BETWEEN)
    return None


def _inode(folder: Path) -> int:
    try:
        return folder.stat().st_ino
    except OSError:
        return 0


def file_in(site: Path, path: str) -> Path | None:
    """Return the site's file at a path of an address; None for what is none of its pages."""
    parts = (path or "index.html").split("/")
    if any(not part or part.startswith(".") or set(part) & set("\\:\0") for part in parts):
        return None
    found, home = site.joinpath(*parts).resolve(), site.resolve()
    return found if found.is_relative_to(home) and found.is_file() else None


class _Guard:
    """Answers those only who ask for us by a name of ours, from a page of ours.

    So a page of another site reads nothing here, not even through a name that it made lead here.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self.app, self.host = app, host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.datastructures import Headers
        from starlette.responses import PlainTextResponse

        answer: Callable[[Scope, Receive, Send], Awaitable[None]] = self.app
        if why := self._refused(Headers(scope=scope)):
            answer = PlainTextResponse(f"{why}\n", 403)
        await answer(scope, receive, send)

    def _refused(self, headers: Headers) -> str:
        asked = headers.get("host", "")
        if not answers_to(asked, self.host):
            return "This host is not served here."
        foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if foreign and headers.get("sec-fetch-mode") != "navigate":
            return "Another site may not read this one."
        return ""


def answers_to(asked: str, bound: str) -> bool:
    """Say whether a server that listens on `bound` goes by the name in a Host header.

    One that others can reach goes by any address, and by this machine's name.
    """
    name = asked.rpartition(":")[0] if asked.rpartition(":")[2].isdecimal() else asked
    name = name.strip("[]").lower()
    if name == bound.lower() or name == "localhost":
        return True
    address = _address(name)
    if _loopback(bound):
        return bool(address and address.is_loopback)
    return bool(address) or name in _own_names()


def _loopback(host: str) -> bool:
    address = _address(host)
    return host.lower() == "localhost" or bool(address and address.is_loopback)


def _address(name: str) -> Any:
    try:
        return ip_address(name)
    except ValueError:
        return None


def _own_names() -> Iterator[str]:
    name = socket.gethostname().lower()
    yield name
    yield f"{name}.local"
