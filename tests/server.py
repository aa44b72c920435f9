"""A server on loopback that answers as a test says, well or badly."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Reply:
    """What to answer; without a length stated, the body's own."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A request as it came in; names of headers in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


class Server:
    """Answers each path as `answers` says: with a Reply, text, data as JSON, or by a function.

    A function takes what was asked and returns any of these; or it takes the connection over: it
    is given the handler and returns None.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[Asked] = []
        self.at_once = self.most_at_once = 0
        self.closing = threading.Event()
        self._kept: socket.socket | None = None
        self._lock = threading.Lock()
        self._server = _Http(("127.0.0.1", 0), _handler(self))
        if context:
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._scheme = "https" if context else "http"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return the paths asked for, in order."""
        return [asked.path for asked in self.asked]

    def close(self) -> None:
        """Stop, and let go of all who still wait."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
        if self._kept:
            self._kept.close()

    def refuse(self) -> None:
        """Stop, and keep the port so that nobody else answers there: connections are refused."""
        address = self._server.server_address[:2]
        self.close()
        self._kept = socket.socket()
        self._kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._kept.bind(address)

    def enter(self, asked: Asked) -> None:
        """Note a request."""
        with self._lock:
            self.asked.append(asked)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)

    def leave(self) -> None:
        """Note that a request is answered."""
        with self._lock:
            self.at_once -= 1


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that hangs up is what many tests are about."""


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length))
            server.enter(asked)
            try:
                answer, taken = self._answer(asked)
            finally:
                server.leave()  # before the client can know, and ask for more
            if taken:
                self.close_connection = True
            else:
                self._send(answer)

        do_POST = do_GET  # noqa: N815

        def _answer(self, asked: Asked) -> tuple[Any, bool]:
            answer = server.answers.get(asked.path, server.answers.get(urlsplit(asked.path).path))
            if not callable(answer):
                return answer, False
            said = answer(asked) if _takes_asked(answer) else answer(self)
            return said, said is None

        def _send(self, answer: Any) -> None:
            reply = _reply(answer)
            self.send_response(reply.status)
            headers = {"Content-Length": str(len(reply.body)), **reply.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *args: Any) -> None:
            """Keep quiet."""

    return Handler


def _takes_asked(answer: Callable[..., Any]) -> bool:
    return answer.__code__.co_varnames[:1] == ("asked",)


def _reply(answer: Any) -> Reply:
    if answer is None:
        return Reply(b"nothing here", 404)
    if isinstance(answer, Reply):
        return answer
    if isinstance(answer, bytes | str):
        return Reply(answer.encode() if isinstance(answer, str) else answer)
    return Reply(json.dumps(answer).encode(), headers={"Content-Type": "application/json"})
