"""How long fetching takes: 1,000 checks, each of its own address, beside the bare requests.

The server, in a process of its own, answers in 20 ms. Bare httpx2 sends the same requests in the
same run, with as many connections; the floor is what the answers alone take. A second row has all
checks read one address.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from argmap.evidence.net import Limits
from argmap.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12).astimezone()
DELAY = 0.02
RUNS = 3

NOTE = "---\ncreated: 2026-11-23\n---\n- Prices are low #claim ^low\n"
CONFIG = '[evidence]\nallow_hosts = ["127.0.0.1"]\n'


async def serve() -> None:
    """Answer every request, 20 ms after it came, with a small piece of JSON."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (head := await _head(reader)) is not None:
            await asyncio.sleep(DELAY)
            body = json.dumps({"path": head.split(b" ")[1].decode(), "a": 3}).encode()
            start = (
                f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
            )
            writer.write(f"{start}\r\n\r\n".encode() + body)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=256)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


async def _head(reader: asyncio.StreamReader) -> bytes | None:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def project(root: Path, urls: list[str]) -> Project:
    (root / "vault").mkdir(parents=True)
    (root / "claims").mkdir()
    (root / "vault" / "n.md").write_text(NOTE)
    (root / "argmap.toml").write_text(CONFIG)
    measures = [f"  m{n}: {{fetch: {{url: '{url}', json: $.a}}}}" for n, url in enumerate(urls)]
    checks = [f"  c{n}: {{tests: low, assert: m{n} < 5}}" for n in range(len(urls))]
    sheet = "\n".join(["measures:", *measures, "checks:", *checks])
    (root / "claims" / "s.yaml").write_text(sheet + "\n")
    return Project.open(root)


def checked(urls: list[str]) -> float:
    """Return how long the checks take, without reading the sheet."""
    with tempfile.TemporaryDirectory() as folder:
        made = project(Path(folder) / "p", urls)
        read = made.read()
        begun = time.perf_counter()
        results = read.check(made.world(DAY, now=NOON)).results
        seconds = time.perf_counter() - begun
    if not all(result.outcome == "pass" for result in results.values()):
        raise SystemExit("the checks do not pass")
    return seconds


def bare(urls: list[str]) -> float:
    """Return how long the same requests take with httpx2 alone."""

    async def all_of_them() -> None:
        limits = httpx2.Limits(max_connections=Limits().per_host)
        async with httpx2.AsyncClient(limits=limits, timeout=60) as client:
            answers = await asyncio.gather(*(client.get(url) for url in urls))
        if not all(answer.json()["a"] == 3 for answer in answers):  # noqa: PLR2004
            raise SystemExit("the server answers wrongly")

    begun = time.perf_counter()
    asyncio.run(all_of_them())
    return time.perf_counter() - begun


def median(run: Callable[[list[str]], float], urls: list[str]) -> float:
    return statistics.median(run(urls) for _ in range(RUNS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--checks", type=int, default=1_000)
    asked = parser.parse_args()
    if asked.serve:
        asyncio.run(serve())
    with subprocess.Popen(
        [sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            print_table(asked.checks, int(server.stdout.readline() if server.stdout else 0))
        finally:
            server.terminate()


def print_table(count: int, port: int) -> None:
    urls = [f"http://127.0.0.1:{port}/{n}" for n in range(count)]
    alone = median(bare, urls)
    floor = count / Limits().per_host * DELAY
    rows = [
        ("the answers alone", floor, None),
        (f"httpx2, {count:,} requests", alone, None),
        (f"argmap, {count:,} checks", median(checked, urls), 1.5),
        ("argmap, all of one address", median(checked, urls[:1] * count), 1.5),
    ]
    print(f"{'what':<28}{'seconds':>9}{'x httpx2':>10}{'aim':>6}")
    for what, seconds, aim in rows:
        print(f"{what:<28}{seconds:>9.2f}{seconds / alone:>10.2f}{aim or '':>6}")


if __name__ == "__main__":
    main()
