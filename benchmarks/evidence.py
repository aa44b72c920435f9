"""How long evidence takes: fetching, computing, and a long history.

- 1,000 checks, each of its own address, beside the bare requests. The server, in a process of its
  own, answers in 20 ms. Bare httpx2 sends the same requests in the same run, with as many
  connections; the floor is what the answers alone take. A second row has all checks read one
  address.
- 100,000 evaluations of a formula, beside simpleeval, where it is installed (it is none of our
  dependencies), and pint's own, both of which read the text anew each time; the last row is
  Python's own, compiled. Ours are intervals with units, checked once.
- A history of 1,000,000 observations: reading it into the index, once; then a run of ten checks
  appended, and `argmap history`, beside the same on an empty history. In seconds of a processor,
  the start of Python included.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from argmap.evidence.formula import check_units, evaluate, parse
from argmap.evidence.net import Limits
from argmap.evidence.quantity import units_of
from argmap.history import History
from argmap.project import Project
from argmap.records import named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


# Formulas

FORMULA = "price * tokens / 1000000 + fee < budget and share >= 0.25"
VALUES = {"price": 0.4, "tokens": 128.0, "fee": 0.1, "budget": 3.0, "share": 0.3}
SOME = 2_000  # of what reads its text anew each time


def each(work: Callable[[], object], count: int) -> float:
    """Return how many microseconds of a processor one of so many takes."""
    begun = time.process_time()
    for _ in range(count):
        work()
    return (time.process_time() - begun) / count * 1e6


def formulas(count: int) -> None:
    units = units_of()
    expr = parse(FORMULA, units)
    check_units(expr, dict.fromkeys(VALUES, units.unit("")))
    points = {name: (value, value) for name, value in VALUES.items()}
    wide = points | {"tokens": (100.0, 150.0), "price": (0.3, 0.5)}
    rows = [
        ("argmap, single values", each(lambda: evaluate(expr, points, DAY), count)),
        ("argmap, intervals", each(lambda: evaluate(expr, wide, DAY), count)),
        ("argmap, read anew", each(lambda: parse(FORMULA, units), SOME)),
        ("pint, read anew", pint_reads()),
    ]
    try:
        from simpleeval import EvalWithCompoundTypes, SimpleEval
    except ImportError:
        footer = "simpleeval is not installed: pip install simpleeval"
    else:
        footer = ""
        peer = SimpleEval(names=VALUES)
        read = EvalWithCompoundTypes.parse(FORMULA)
        rows += [
            ("simpleeval, parsed before", each(lambda: peer.eval(FORMULA, read), count)),
            ("simpleeval, read anew", each(lambda: peer.eval(FORMULA), SOME)),
        ]
    code = compile(FORMULA, "formula", "eval")
    rows.append(("Python, compiled", each(lambda: eval(code, {}, VALUES), count)))  # noqa: S307
    print(f"\n{f'{count:,} evaluations':<28}{'µs each':>9}{'all, s':>9}")
    for what, took in rows:
        print(f"{what:<28}{took:>9.2f}{took * count / 1e6:>9.2f}")
    if footer:
        print(footer)


def pint_reads() -> float:
    """Return what pint takes for the first half, which is all it knows of formulas."""
    import pint

    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    text = FORMULA.split(" < ", maxsplit=1)[0]
    return each(lambda: registry.parse_expression(text, **VALUES), SOME)


# A long history

CHECKS, DAYS = 10, 1_000


def lines_of(day: date, number: int, measures: int) -> Iterator[dict[str, object]]:
    """Yield the records of one run: measures, ten checks of them, a claim that turns each month."""
    for n in range(measures):
        value = 1.0 + (number * 7 + n * 13) % 100 / 10
        yield {"record": "observation", "measure": f"m{n}", "kind": "table", "lo": value,
               "hi": value, "unit": "USD", "dated": str(day), "source": "data.csv", "url": "",
               "reason": "", "definition": "0123456789ab"}  # fmt: skip
    for n in range(CHECKS):
        value = 1.0 + (number * 7 + n * 13) % 100 / 10
        yield {"record": "outcome", "check": f"c{n}", "outcome": "pass" if value < 5 else "fail",  # noqa: PLR2004
               "reason": "", "lo": value, "hi": value, "unit": "USD", "dated": str(day),
               "stale": False, "shown": f"m{n} ({value} USD) < 5 USD",
               "definition": "0123456789ab", "reads": [f"m{n}"]}  # fmt: skip
    status = ("supported", "refuted")[number // 30 % 2]
    yield {"record": "status", "claim": "n#low", "status": status, "lo": 0.5, "hi": 0.5}


def with_history(root: Path, observations: int) -> None:
    """Make a project of ten checks of a data file, with a past of so many observations."""
    (root / "vault").mkdir(parents=True)
    (root / "claims" / "history").mkdir(parents=True)
    (root / "vault" / "n.md").write_text(NOTE)
    (root / "argmap.toml").write_text("")
    (root / "claims" / "data.csv").write_text("date,a\n2024-01-01,3\n")
    sql = "SELECT a AS value, date FROM t"
    measures = [
        f'  m{n}: {{table: {{file: data.csv, sql: "{sql}"}}, unit: USD}}' for n in range(CHECKS)
    ]
    checks = [f"  c{n}: {{tests: low, assert: m{n} < 5 USD}}" for n in range(CHECKS)]
    sheet = ["measures:", *measures, "checks:", *checks, ""]
    (root / "claims" / "s.yaml").write_text("\n".join(sheet))
    first = DAY - timedelta(days=DAYS)
    for number in range(DAYS if observations else 0):
        day = first + timedelta(days=number)
        found = [named(line) for line in lines_of(day, number, observations // DAYS)]
        run = {"record": "run", "as_of": str(day), "found": [line["id"] for line in found]}
        with (root / "claims" / "history" / f"{str(day)[:7]}.ndjson").open("a") as file:
            file.writelines(json.dumps(line) + "\n" for line in [*found, named(run)])


def command(root: Path, *words: str) -> float:
    """Return how long a command takes, in seconds of a processor."""
    before = os.times()
    code = "from argmap.cli import main; main()"
    subprocess.run(
        [sys.executable, "-c", code, "-C", str(root), *words], check=True, capture_output=True
    )
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def histories(observations: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        roots = [Path(folder) / "empty", Path(folder) / "long"]
        for root, many in zip(roots, (0, observations), strict=True):
            with_history(root, many)
        begun = time.process_time()
        History(roots[1] / "claims" / "history", roots[1] / ".argmap", roots[1]).runs(DAY)
        indexed = time.process_time() - begun
        rows = [
            ("ten checks, run and recorded", *map(recorded, roots)),
            ("argmap check", *(best(root, "check") for root in roots)),
            ("argmap history low", *(best(root, "history", "low") for root in roots)),
            ("argmap --help", *(best(root, "--help") for root in roots)),
        ]
    print(f"\n{'s of a processor':<28}{'empty':>9}{f'{observations:,}':>12}")
    for what, short, long in rows:
        print(f"{what:<28}{short:>9.3f}{long:>12.3f}")
    print(f"reading it into the index, once: {indexed:.0f} s")


def best(root: Path, *words: str) -> float:
    return min(command(root, *words) for _ in range(RUNS))


def recorded(root: Path) -> float:
    """Return the least that a run of the checks, and its record, takes on one of several days."""
    project = Project.open(root)
    times = []
    read = project.read()
    for day in range(RUNS + 1):
        world = project.world(DAY + timedelta(days=day))
        begun = time.process_time()
        read.check(world).record()
        times.append(time.process_time() - begun)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--checks", type=int, default=1_000)
    parser.add_argument("--formulas", type=int, default=100_000)
    parser.add_argument("--observations", type=int, default=1_000_000)
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
    formulas(asked.formulas)
    histories(asked.observations)


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
