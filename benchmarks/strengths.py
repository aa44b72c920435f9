"""How long strengths take: a million relations from arrays, beside the formulas written plainly.

Random debates of 1,000 relations, each mostly one loop: claims that support, attack and contradict
each other, arguments, undercutters, and evidence of which a third is unknown.
"""

from __future__ import annotations

import importlib.util
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from argmap.strengths import solve
from argmap.strengths.arrays import Arrays, solve_arrays
from argmap.strengths.links import KINDS, RELATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

CLAIMS, EVIDENCE, ARGUMENTS = 300, 250, 25
NODES = CLAIMS + EVIDENCE + ARGUMENTS
RUNS = 3
KIND_NAMES = {code: name for name, code in KINDS.items()}
RELATION_NAMES = {code: name for name, code in RELATIONS.items() if name != "tests"}

Debates = tuple[Arrays, Any]


def debates(count: int) -> Debates:
    """Return so many debates of 1,000 relations as arrays, and two rows of verdicts."""
    random = np.random.default_rng(1)
    claims, evidence = np.arange(CLAIMS), np.arange(CLAIMS, CLAIMS + EVIDENCE)
    arguments = np.arange(CLAIMS + EVIDENCE, NODES)
    undercut = np.concatenate([evidence, arguments])
    rows: list[list[Any]] = []

    def relate(
        number: int, sources: Any, targets: Any, shares: dict[str, float], *, each: str = ""
    ) -> None:
        """Add relations to every debate; `each` of its sources, or targets, has as many."""
        size = (count, number)
        kinds = [RELATIONS[kind] for kind in shares]
        ends = {"source": random.choice(sources, size), "target": random.choice(targets, size)}
        if each:
            ends[each] = np.resize(sources if each == "source" else targets, size)
        drawn = random.choice(kinds, size, p=list(shares.values()))
        rows.append([ends["source"] + shift, ends["target"] + shift, drawn])

    shift = NODES * np.arange(count)[:, None]
    relate(625, claims, claims, {"supports": 0.6, "attacks": 0.36, "contradicts": 0.04})
    relate(EVIDENCE, evidence, claims, {"supports": 0.8, "attacks": 0.2}, each="source")
    relate(50, claims, undercut, {"undercuts": 1})
    relate(2 * ARGUMENTS, claims, arguments, {"premise": 1}, each="target")
    relate(ARGUMENTS, arguments, claims, {"supports": 0.7, "attacks": 0.3}, each="source")
    source, target, relation = (
        np.concatenate(row, axis=1).ravel() for row in zip(*rows, strict=True)
    )
    kind = np.repeat([KINDS["claim"], KINDS["evidence"], KINDS["argument"]],
                     [CLAIMS, EVIDENCE, ARGUMENTS])  # fmt: skip
    arrays = Arrays.of(
        kind=np.tile(kind, count),
        prior=np.full(NODES * count, np.nan),
        source=source,
        target=target,
        relation=relation,
        weight=random.choice([0.5, 1.0, 1.0, 2.0], len(source)),
    )
    verdicts = np.array([(1, 1), (-1, -1), (0, 0), (1, 1), (-1, 1), (0, 1)], dtype=float)
    return arrays, verdicts[random.integers(0, len(verdicts), NODES * count)].T


def named(drawn: Debates) -> tuple[dict[str, Any], list[tuple[str, str, str, float]]]:
    """Return debates as the reference takes them: nodes by name, and relations."""
    arrays, verdicts = drawn
    ends = verdicts.T.tolist()
    nodes = {
        str(number): {"kind": KIND_NAMES[code], "verdict": tuple(ends[number])}
        for number, code in enumerate(arrays.kind.tolist())
    }
    columns = (arrays.source, arrays.target, arrays.relation, arrays.weight)
    edges = [
        (str(source), str(target), RELATION_NAMES[code], weight)
        for source, target, code, weight in zip(*(c.tolist() for c in columns), strict=True)
    ]
    return nodes, edges


def graph_of(nodes: dict[str, Any], edges: list[tuple[str, str, str, float]]) -> Any:
    graph = nx.MultiDiGraph()
    for name, data in nodes.items():
        graph.add_node(name, kind=data["kind"])
    for source, target, kind, weight in edges:
        graph.add_edge(source, target, kind=kind, weight=weight)
    return graph


def reference() -> Any:
    path = Path(__file__).parent.parent / "tests" / "reference.py"
    spec = importlib.util.spec_from_file_location("reference", path)
    module = sys.modules["reference"] = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module.Reference


def timed(work: Callable[[], Any], runs: int = RUNS) -> float:
    """Return the best of several times, in seconds."""
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> None:
    million, small = debates(1_000), debates(10)
    nodes, edges = named(small)
    verdicts = {name: data["verdict"] for name, data in nodes.items()}
    plain = reference()
    answer = plain(nodes, edges)
    graph = graph_of(nodes, edges)
    found = solve(graph, verdicts)
    apart = max(
        abs(one - other)
        for name in nodes
        for one, other in zip(found.strength[name], answer.strength[name], strict=True)
    )
    rows = [
        ("arrays", 1_000_000, timed(lambda: solve_arrays(million[0], *million[1])), "2.0"),
        ("arrays", 10_000, timed(lambda: solve_arrays(small[0], *small[1])), ""),
        ("a networkx graph", 10_000, timed(lambda: solve(graph, verdicts)), ""),
        ("plain reference", 10_000, timed(lambda: plain(nodes, edges), runs=1), ""),
    ]
    floor = rows[-1][2] / rows[-1][1]
    print(f"{'from':<20}{'relations':>11}{'seconds':>9}{'µs each':>9}{'x faster':>10}{'budget':>8}")
    for what, size, seconds, budget in rows:
        each = seconds / size
        faster = floor / each
        print(f"{what:<20}{size:>11,}{seconds:>9.3f}{each * 1e6:>9.2f}{faster:>10.1f}{budget:>8}")
    loops = np.unique(list(found.loop.values()), return_counts=True)[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"largest loop: {loops.max()} nodes; apart from the reference: {apart:.1e}; "
          f"peak memory: {peak:,.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
