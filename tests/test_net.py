"""Asking sources: who may be asked, within which limits, and what each trouble is called."""

from __future__ import annotations

import gzip
import ipaddress
import logging
import os
import socket
import ssl
import subprocess
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from shutil import which
from typing import TYPE_CHECKING, Any

import brotli
import httpcore2
import pytest
from server import Reply, Server

from argmap.evidence import transport
from argmap.evidence.net import Limits, Web
from argmap.evidence.raw import Raw
from argmap.evidence.request import Answer, Down, Request
from argmap.evidence.rules import Keys, Rules, is_public

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUICK = Limits(seconds=60, connect=60, body=50_000, backoff=0.01, patience=1)
LOCAL = Rules(["127.0.0.1"])


def ask(web: Web, *requests: Request | str) -> list[Answer | Down]:
    """Return what each request came to, in order."""
    asked = [Request(each) if isinstance(each, str) else each for each in requests]
    answers = web.fetch(asked, NOW)
    return [answers[each.key] for each in asked]


def why(server: Server, answer: Any, path: str = "/x", web: Web | None = None) -> str:
    """Return why a server that answers so gave no answer."""
    server.answers[path] = answer
    (found,) = ask(web or Web(LOCAL, limits=QUICK), server.url(path))
    assert isinstance(found, Down)
    return found.message


# What comes back


def test_an_answer_is_its_body_and_what_its_headers_say_of_it(server: Server) -> None:
    """The body, the headers that matter, and the moment of the run."""
    server.answers["/x"] = Reply(b"7", headers={"ETag": '"a"', "X-Other": "1"})
    (answer,) = ask(Web(LOCAL, limits=QUICK), server.url("/x"))
    assert isinstance(answer, Answer)
    assert (answer.body, answer.seen) == (b"7", NOW)
    assert answer.headers["etag"] == '"a"'
    assert "x-other" not in answer.headers


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("br", brotli.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body, wbits=-15)),
        ("gzip", lambda body: gzip.compress(body[:3]) + gzip.compress(body[3:])),
        ("identity", bytes),
    ],
)
def test_a_packed_body_is_unpacked(
    server: Server, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    """Gzip of one member or two, brotli, deflate with a header and without."""
    server.answers["/x"] = Reply(pack(b"seventy-seven"), headers={"Content-Encoding": coding})
    (answer,) = ask(Web(LOCAL, limits=QUICK), server.url("/x"))
    assert isinstance(answer, Answer)
    assert answer.body == b"seventy-seven"


def test_what_is_sent_along(server: Server) -> None:
    """Headers as stated, JSON by POST with its type, text as it is; who asks says its name."""
    server.answers["/x"] = "7"
    ask(
        Web(LOCAL, limits=QUICK),
        Request(server.url("/x?a=1"), (("X-Own", "yes"),), '{"q": 1}', json=True),
        Request(server.url("/x"), (("User-Agent", "mine"),)),
    )
    posted, got = sorted(server.asked, key=lambda asked: asked.method, reverse=True)
    assert (posted.method, posted.path, posted.body) == ("POST", "/x?a=1", b'{"q": 1}')
    assert (posted.headers["x-own"], posted.headers["content-type"]) == ("yes", "application/json")
    assert "argmap" in posted.headers["user-agent"]
    assert (got.method, got.headers["user-agent"]) == ("GET", "mine")


def test_the_same_is_asked_once(server: Server) -> None:
    """Requests that are the same are one request."""
    server.answers["/x"] = "7"
    ask(Web(LOCAL, limits=QUICK), *[server.url("/x")] * 5)
    assert server.paths() == ["/x"]


def test_many_are_asked_at_once_but_no_more_than_may(server: Server) -> None:
    """At most so many at once, and so many of one host."""
    four = threading.Barrier(4)

    def together(asked: Any) -> str:  # noqa: ARG001
        four.wait(60)
        return "7"

    for n in range(24):
        server.answers[f"/{n}"] = together
    limits = Limits(at_once=6, per_host=4)
    answers = ask(Web(LOCAL, limits=limits), *[server.url(f"/{n}") for n in range(24)])
    assert all(isinstance(answer, Answer) for answer in answers)
    assert server.most_at_once == 4


# What goes wrong


def test_what_a_source_answers_is_named(server: Server) -> None:
    """A status that is no success is said, with its meaning."""
    assert why(server, Reply(status=404)) == "it answers 404 (not found)"
    assert why(server, Reply(status=418)) == "it answers 418"
    assert why(server, Reply(status=204)) == "it answers 204"


def test_a_refused_connection_is_said() -> None:
    """Nobody listens at that port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # but it does not listen
        port = taken.getsockname()[1]
        (found,) = ask(Web(LOCAL, limits=QUICK), f"http://127.0.0.1:{port}/")
    assert found == Down("it cannot be connected to: connection refused")


def test_a_slow_source_is_left(server: Server) -> None:
    """No answer within the time, whether nothing comes or a little at a time."""

    def silent(handler: Any) -> None:
        server.closing.wait(60)
        assert handler

    def drips(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
        while not server.closing.wait(0.05):
            handler.wfile.write(b"x")

    web = Web(LOCAL, limits=Limits(seconds=0.3))
    begun = time.monotonic()
    assert why(server, silent, web=web) == "no answer within 0.3 s"
    assert why(server, drips, web=web) == "no answer within 0.3 s"
    assert time.monotonic() - begun < 40


def test_an_endless_body_is_left(server: Server) -> None:
    """A body is read up to the limit, however it comes."""

    def endless(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not server.closing.is_set():
            handler.wfile.write(b"2710\r\n" + b"x" * 10_000 + b"\r\n")

    web = Web(LOCAL, limits=Limits(body=2_000_000))
    assert why(server, endless, web=web) == "its answer is larger than 2 MB"


def test_a_small_body_that_unpacks_to_a_huge_one_is_left(server: Server) -> None:
    """The limit is on what it unpacks to."""
    web = Web(LOCAL, limits=Limits(body=2_000_000))
    for coding, packed in (
        ("gzip", gzip.compress(bytes(50_000_000), 9)),
        ("br", brotli.compress(bytes(50_000_000), quality=5)),
    ):
        reply = Reply(packed, headers={"Content-Encoding": coding})
        assert why(server, reply, web=web) == "its answer is larger than 2 MB"


def test_endless_headers_are_left(server: Server) -> None:
    """Headers have a limit too."""

    def endless(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not server.closing.is_set():
            handler.wfile.write(b"X: " + b"x" * 1000 + b"\r\n")

    assert why(server, endless) == "its answer breaks off, or is no http"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"half", headers={"Content-Length": "100"}),
        Reply(gzip.compress(b"x" * 999)[:-9], headers={"Content-Encoding": "gzip"}),
        Reply(brotli.compress(os.urandom(99))[:-9], headers={"Content-Encoding": "br"}),
    ],
)
def test_a_body_that_breaks_off_is_no_answer(server: Server, reply: Reply) -> None:
    """Shorter than it says, or cut off within its packing."""

    def cut(handler: Any) -> None:
        handler._send(reply)

    assert why(server, cut).startswith("its answer breaks off")


def test_a_damaged_or_strange_packing_is_no_answer(server: Server) -> None:
    """What is not packed as it says, and what was not asked for."""
    for coding in ("gzip", "br"):
        reply = Reply(b"\xff" * 20, headers={"Content-Encoding": coding})
        assert why(server, reply) == "its answer is packed wrongly"
    reply = Reply(b"x", headers={"Content-Encoding": "zstd"})
    assert why(server, reply) == "its answer is packed in a way that was not asked for"


def test_what_is_no_http_is_no_answer(server: Server) -> None:
    """A source that speaks something else."""
    assert why(server, lambda handler: handler.wfile.write(b"220 mail ready\r\n") and None) == (
        "its answer breaks off, or is no http"
    )


def test_a_server_error_is_asked_again(server: Server) -> None:
    """What may pass is tried three times, and an answer on the way is an answer."""
    replies = [Reply(status=500), Reply(status=503), Reply(b"7")]
    server.answers["/x"] = lambda asked: replies.pop(0)  # noqa: ARG005
    (answer,) = ask(Web(LOCAL, limits=QUICK), server.url("/x"))
    assert isinstance(answer, Answer)
    assert why(server, Reply(status=502)) == "it answers 502 (bad gateway)"
    assert len(server.asked) == 6


def test_a_refusal_is_not_asked_again(server: Server) -> None:
    """What another try will not mend is tried once."""
    why(server, Reply(status=403))
    assert len(server.asked) == 1


def test_a_source_that_asks_to_wait_is_waited_for(server: Server) -> None:
    """Retry-After as seconds: the next request comes no sooner, and others wait as well."""
    times: list[float] = []

    def busy(asked: Any) -> Reply:  # noqa: ARG001
        times.append(time.monotonic())
        if len(times) == 1:
            return Reply(status=429, headers={"Retry-After": "1"})
        return Reply(b"7")

    server.answers["/x"] = busy
    (answer,) = ask(Web(LOCAL, limits=QUICK), server.url("/x"))
    assert isinstance(answer, Answer)
    assert times[1] - times[0] >= 1


@pytest.mark.parametrize("after", ["3600", format_datetime(NOW + timedelta(hours=1), usegmt=True)])
def test_a_source_that_asks_to_wait_long_is_left(server: Server, after: str) -> None:
    """Retry-After as seconds or a moment: longer than our patience is an outage at once."""
    reply = Reply(status=429, headers={"Retry-After": after})
    assert why(server, reply) == "it answers 429 and asks to wait 3600 s"
    assert len(server.asked) == 1


def test_a_host_that_is_lost_is_not_tried_for_each_of_its_pages() -> None:
    """Nobody listens: 50 pages of it take hardly longer than one."""
    connects: list[str] = []

    class Counting(httpcore2.AsyncNetworkBackend):
        async def connect_tcp(self, host: str, *_: Any, **__: Any) -> Any:
            connects.append(host)
            raise httpcore2.ConnectError

    web = Web(LOCAL, limits=Limits(backoff=0.01, per_host=2), connect=Counting())
    ask(web, *[f"http://127.0.0.1:9/{n}" for n in range(50)])
    assert 3 <= len(connects) <= 6


def test_one_source_that_fails_leaves_the_others(server: Server) -> None:
    """Each request comes to what it comes to."""
    server.answers |= {"/good": "7", "/bad": Reply(status=404)}
    good, bad = ask(Web(LOCAL, limits=QUICK), server.url("/good"), server.url("/bad"))
    assert isinstance(good, Answer)
    assert isinstance(bad, Down)


# Redirects


def test_a_redirect_is_followed(server: Server) -> None:
    """To another page of the same host, with the same headers."""
    server.answers |= {"/x": Reply(status=302, headers={"Location": "/y"}), "/y": "7"}
    (answer,) = ask(Web(LOCAL, limits=QUICK), Request(server.url("/x"), (("X-Own", "1"),)))
    assert isinstance(answer, Answer)
    assert server.asked[1].headers["x-own"] == "1"


@pytest.mark.parametrize(("status", "method"), [(303, "GET"), (302, "GET"), (307, "POST")])
def test_what_was_posted_is_posted_again_where_the_source_says_so(
    server: Server, status: int, method: str
) -> None:
    """307 repeats the body; after 302 and 303 the page is just read."""
    server.answers |= {"/x": Reply(status=status, headers={"Location": "/y"}), "/y": "7"}
    (answer,) = ask(Web(LOCAL, limits=QUICK), Request(server.url("/x"), body="q=1"))
    assert isinstance(answer, Answer)
    assert server.asked[1].method == method
    assert server.asked[1].body == (b"q=1" if method == "POST" else b"")


def test_redirects_come_to_an_end(server: Server) -> None:
    """A circle is seen at once, and a long chain is left."""
    assert why(server, Reply(status=301, headers={"Location": "/x"})) == "it redirects in a circle"
    for n in range(9):
        server.answers[f"/{n}"] = Reply(status=301, headers={"Location": f"/{n + 1}"})
    found = ask(Web(LOCAL, limits=QUICK), server.url("/0"))
    assert found == [Down("it redirects more than 5 times")]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("https://10.0.0.1/", "10.0.0.1 is not a public address"),
        ("https://[::1]/", "::1 is not a public address"),
        ("https://169.254.169.254/latest/meta-data", "169.254.169.254 is not a public address"),
        ("https://localhost/", "localhost is not a public address"),
        ("http://example.org/", "example.org is asked over https only"),
        ("file:///etc/passwd", "an address begins with https:// and a host"),
        ("https://me:word@example.org/", "an address holds no password"),
    ],
)
def test_a_redirect_is_held_to_the_same_rules(server: Server, place: str, said: str) -> None:
    """Each hop is checked as the first address was."""
    reply = Reply(status=302, headers={"Location": place})
    assert why(server, reply).startswith(f"it redirects elsewhere: {said}")


def test_a_redirect_to_a_name_that_lies_inside_is_not_followed(server: Server) -> None:
    """What a name resolves to counts, on a redirect as on the first request."""

    async def inside(host: str, port: int) -> list[str]:  # noqa: ARG001
        return ["127.0.0.1" if host == "127.0.0.1" else "10.0.0.7"]

    reply = Reply(status=302, headers={"Location": "https://nice.example/"})
    web = Web(LOCAL, limits=QUICK, resolve=inside)
    assert why(server, reply, web=web) == (
        "nice.example lies at 10.0.0.7, which is not a public address"
    )


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "240.0.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::", "::127.0.0.1",
    ],
)  # fmt: skip
def test_no_private_address_is_public(address: str) -> None:
    """Loopback, private, link-local, shared, reserved, multicast, and what wraps one of them."""
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_a_public_address_is_public(address: str) -> None:
    """What belongs to the internet at large, wrapped or not."""
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "[::1]", "0"]
)
def test_a_private_address_in_another_spelling_is_not_asked(server: Server, host: str) -> None:
    """Decimal, hexadecimal, octal, short and mapped forms come to the same address."""
    (found,) = ask(Web(limits=QUICK), f"https://{host}:{server.port}/")
    assert isinstance(found, Down)
    assert server.asked == []
    assert "not a public address" in found.message or found.message.startswith("its ")


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:10.0.0.1"], ["fd00::1"]]
)
def test_a_name_with_any_private_address_is_not_connected_to(addresses: list[str]) -> None:
    """Every address that a name resolves to is checked before any is used."""
    connected: list[str] = []
    web = Web(limits=QUICK, resolve=_resolver(addresses), connect=_counting(connected))
    (found,) = ask(web, "https://nice.example/")
    assert isinstance(found, Down)
    assert "not a public address" in found.message
    assert connected == []


def test_the_address_that_was_checked_is_the_one_that_is_used() -> None:
    """A name that changes between the check and the connection gains nothing."""
    answers = [["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]]

    async def rebinding(host: str, port: int) -> list[str]:  # noqa: ARG001
        return answers.pop(0)

    connected: list[str] = []
    web = Web(limits=Limits(tries=1), resolve=rebinding, connect=_counting(connected))
    ask(web, "https://nice.example/")
    assert connected == ["93.184.216.34"]


def test_another_address_of_a_name_is_tried() -> None:
    """Where the first does not answer, the next one may."""
    connected: list[str] = []
    web = Web(
        limits=Limits(tries=1),
        resolve=_resolver(["2606:4700::1111", "1.1.1.1"]),
        connect=_counting(connected),
    )
    ask(web, "https://nice.example/")
    assert connected == ["2606:4700::1111", "1.1.1.1"]


def _resolver(addresses: list[str]) -> Any:
    async def resolve(host: str, port: int) -> list[str]:  # noqa: ARG001
        return addresses

    return resolve


def _counting(connected: list[str]) -> httpcore2.AsyncNetworkBackend:
    class Counting(httpcore2.AsyncNetworkBackend):
        async def connect_tcp(self, host: str, *_: Any, **__: Any) -> Any:
            connected.append(host)
            raise httpcore2.ConnectError

    return Counting()


def test_the_config_exempts_a_host_or_one_port_of_it(server: Server) -> None:
    """Without it, loopback is not asked, and nothing is over http."""
    server.answers["/x"] = "7"
    url = server.url("/x")
    assert isinstance(ask(Web(Rules([f"127.0.0.1:{server.port}"])), url)[0], Answer)
    assert isinstance(ask(Web(Rules(["127.0.0.1:1"])), url)[0], Down)
    assert isinstance(ask(Web(), url)[0], Down)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("http://example.org/", "A321", "example.org is asked over https only"),
        ("https://192.168.0.1/", "A321", "192.168.0.1 is not a public address"),
        ("https://printer.local/", "A321", "printer.local is not a public address"),
        ("https://me:word@example.org/", "A321", "an address holds no password; it is a header's"),
        ("https://example.org:99999/", "A321", "the address cannot be read"),
        ("https://example.org/?k=${MINE}", "A322", "MINE may not be sent to example.org"),
        ("https://example.org/?k=${NOBODY}", "A322", "no secret 'NOBODY'"),
    ],
)
def test_what_may_never_be_asked_is_told_without_asking(url: str, code: str, said: str) -> None:
    """The author or the config is to change."""
    fault = Rules(keys=Keys({"MINE": ("other.example",)})).fault(Request(url))
    assert fault
    assert fault.code == code
    assert fault.message.startswith(said)


# Certificates


@pytest.fixture
def secure(tmp_path: Path) -> Iterable[Server]:
    """Return a server whose certificate nobody vouches for."""
    if not which("openssl"):
        pytest.skip("needs openssl")
    key = ["-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem"]
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    command = [which("openssl") or "", "req", "-x509", *key, *name]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server = Server(context)
    yield server
    server.close()


def test_a_certificate_that_fails_is_an_outage(secure: Server) -> None:
    """Allowing a host does not make its certificate good."""
    (found,) = ask(Web(LOCAL, limits=QUICK), secure.url("/x"))
    assert isinstance(found, Down)
    assert found.message.startswith("its certificate is not valid: self")
    assert secure.asked == []


def test_what_speaks_no_tls_is_an_outage(server: Server) -> None:
    """A port that serves http is asked over https."""
    (found,) = ask(Web(LOCAL, limits=QUICK), server.url("/x").replace("http:", "https:"))
    assert isinstance(found, Down)
    assert "TLS" in found.message or "breaks off" in found.message


# This machine


def test_a_machine_without_a_network_says_so_of_itself() -> None:
    """Where no name resolves and nothing answered, no source is to blame."""

    async def nothing(host: str, port: int) -> list[str]:  # noqa: ARG001
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    urls = ["https://one.example/", "https://two.example/"]
    found = ask(Web(limits=QUICK, resolve=nothing), *urls)
    assert found == [Down("this machine is offline", offline=True)] * 2


def test_where_any_source_answers_the_machine_is_not_offline(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it is the source whose name is not found."""
    monkeypatch.setattr(transport, "_routed", lambda: True)

    async def some(host: str, port: int) -> list[str]:  # noqa: ARG001
        if host == "127.0.0.1":
            return [host]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    server.answers["/x"] = "7"
    web = Web(LOCAL, limits=QUICK, resolve=some)
    good, bad = ask(web, server.url("/x"), "https://nowhere.example/")
    assert isinstance(good, Answer)
    assert bad == Down("its name is not found")


# Conditional requests


def test_what_did_not_change_is_not_sent_again(server: Server, tmp_path: Path) -> None:
    """The second request is conditional; 304 gives what is kept, under its name."""

    def page(asked: Any) -> Reply:
        if asked.headers.get("if-none-match") == '"v1"':
            return Reply(status=304, headers={"ETag": '"v1"'})
        return Reply(b"seven", headers={"ETag": '"v1"', "Content-Type": "text/plain"})

    server.answers["/x"] = page
    first, second = (
        ask(Web(LOCAL, Raw(tmp_path / "raw"), QUICK), server.url("/x"))[0] for _ in range(2)
    )
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert (second.body, second.raw) == (b"seven", first.raw)
    assert second.headers["content-type"] == "text/plain"
    assert [asked.headers.get("if-none-match") for asked in server.asked] == [None, '"v1"']


def test_without_a_tag_the_date_of_change_is_asked_by(server: Server, tmp_path: Path) -> None:
    """If-Modified-Since holds what Last-Modified said."""
    day = "Sun, 22 Nov 2026 10:00:00 GMT"
    server.answers["/x"] = Reply(b"7", headers={"Last-Modified": day})
    for _ in range(2):
        ask(Web(LOCAL, Raw(tmp_path / "raw"), QUICK), server.url("/x"))
    assert server.asked[1].headers["if-modified-since"] == day


def test_not_modified_without_a_stored_copy_is_no_answer(server: Server, tmp_path: Path) -> None:
    """Also where the copy was deleted or damaged: then it is not asked conditionally."""
    assert why(server, Reply(status=304)) == (
        "it answers 304 (not modified), and nothing is kept here"
    )
    server.answers["/y"] = Reply(b"7", headers={"ETag": '"v1"'})
    raw = Raw(tmp_path / "raw")
    (answer,) = ask(Web(LOCAL, raw, QUICK), server.url("/y"))
    assert isinstance(answer, Answer)
    raw.path(answer.raw).write_bytes(b"damaged")
    ask(Web(LOCAL, Raw(tmp_path / "raw"), QUICK), server.url("/y"))
    assert "if-none-match" not in server.asked[-1].headers


def test_a_full_disk_does_not_lose_the_answer(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer counts; that its bytes are not kept is said."""

    def full(self: Path, data: bytes) -> int:  # noqa: ARG001
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    server.answers["/x"] = "7"
    (answer,) = ask(Web(LOCAL, Raw(tmp_path / "raw"), QUICK), server.url("/x"))
    assert isinstance(answer, Answer)
    assert (answer.body, answer.raw) == (b"7", "")
    assert answer.problem == "the bytes of answers could not be kept: No space left on device"


# Secrets

VALUE = "sk-or-v1/0123456789+abc="
KEYS = Keys({"KEY": ("127.0.0.1",), "UNSET": ("127.0.0.1",)}, {"KEY": f"{VALUE}\n"})
SECRET = Web(Rules(["127.0.0.1"], KEYS), limits=QUICK)


def test_a_secret_is_sent_where_it_may_go(server: Server) -> None:
    """In a header, a query and a body, as each of them is written."""
    server.answers["/x"] = "7"
    ask(
        SECRET,
        Request(server.url("/x?k=${KEY}"), (("Authorization", "Bearer ${KEY}"),)),
        Request(server.url("/x"), body='{"k": "${KEY}"}', json=True),
    )
    got, posted = sorted(server.asked, key=lambda asked: asked.method)
    assert got.headers["authorization"] == f"Bearer {VALUE}"
    assert got.path == "/x?k=sk-or-v1%2F0123456789%2Babc%3D"
    assert posted.body == b'{"k": "' + VALUE.encode() + b'"}'


def test_a_secret_that_is_not_set_is_an_outage(server: Server) -> None:
    """A missing key is no refutation; its name is said, and nothing is asked."""
    (found,) = ask(SECRET, Request(server.url("/x"), (("K", "${UNSET}"),)))
    assert found == Down("UNSET is not set")
    assert server.asked == []


def test_a_secret_too_short_to_hide_is_not_sent(server: Server) -> None:
    """It could not be cut out of what comes back without cutting other things."""
    keys = Keys({"KEY": ("127.0.0.1",)}, {"KEY": "abc"})
    web = Web(Rules(["127.0.0.1"], keys), limits=QUICK)
    (found,) = ask(web, Request(server.url("/x"), (("K", "${KEY}"),)))
    assert found == Down("what KEY is set to cannot be a secret")


def test_a_secret_does_not_follow_a_redirect_to_another_host(server: Server) -> None:
    """Not even to one that may be asked."""
    place = server.url("/y", "localhost")
    server.answers |= {"/x": Reply(status=302, headers={"Location": place}), "/y": "7"}
    web = Web(Rules(["127.0.0.1", "localhost"], KEYS), limits=QUICK)
    (found,) = ask(web, Request(server.url("/x"), (("K", "${KEY}"),)))
    assert found == Down("it leads to localhost, where its secret may not go")
    assert server.paths() == ["/x"]


def test_a_secret_that_a_source_sends_back_is_hidden(server: Server, tmp_path: Path) -> None:
    """In the body as text, quoted, in base64, in UTF-16; in headers; in the bytes that are kept."""
    spelt = [VALUE, "sk-or-v1%2F0123456789%2Babc%3D", "c2stb3ItdjEvMDEyMzQ1Njc4OSthYmM9"]
    body = " ".join(spelt).encode() + VALUE.encode("utf-16-le")
    server.answers["/x"] = Reply(gzip.compress(body), headers={
        "Content-Encoding": "gzip", "ETag": f'"{VALUE}"'})  # fmt: skip
    web = Web(Rules(["127.0.0.1"], KEYS), Raw(tmp_path), QUICK)
    (answer,) = ask(web, Request(server.url("/x"), (("K", "${KEY}"),)))
    assert isinstance(answer, Answer)
    assert answer.body == b"${KEY} ${KEY} ${KEY}" + "${KEY}".encode("utf-16-le")
    assert answer.headers["etag"] == '"${KEY}"'
    assert Raw(tmp_path).get(answer.raw) == answer.body


def test_no_trouble_tells_a_secret(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong with a request that holds one, no message, file or log does."""
    caplog.set_level(logging.DEBUG)
    headers = {"Location": f"https://{VALUE[:5]}.example/{VALUE}"}
    server.answers |= {
        "/404": Reply(status=404), "/moved": Reply(status=302, headers=headers),
        "/echo": lambda asked: Reply(asked.path.encode(), headers={"Content-Encoding": "gzip"}),
        "/coding": Reply(b"", headers={"Content-Encoding": VALUE}), "/good": VALUE,
    }  # fmt: skip
    urls = [server.url(f"{path}?k=${{KEY}}") for path in server.answers]
    urls.append("http://127.0.0.1:1/?k=${KEY}")
    web = Web(Rules(["127.0.0.1"], KEYS), Raw(tmp_path), QUICK)
    found = ask(web, *[Request(url, (("Authorization", "Bearer ${KEY}"),)) for url in urls])
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    told = repr(found) + caplog.text + repr(kept) + repr(web)
    for each in (VALUE, "0123456789", "sk-or-v1%2F0123456789%2Babc%3D"):
        assert each not in told
    assert sum(isinstance(each, Down) for each in found) == len(urls) - 1
