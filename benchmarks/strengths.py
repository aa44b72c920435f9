"""How long strengths take: a million relations from arrays, beside the formulas written plainly.

Random debates of 1,000 relations, each mostly one loop: claims that support, attack and contradict
each other, arguments, undercutters, and evidence of which a third is unknown.

Then beside the package formal-argumentation, where it is installed (it is none of our dependencies:
0.3.0 states no licence), on what both can do: sums over supports and attacks of weight 1 between
claims of base score 0, with a 1-max influence. Its influence is the 2-max of quadratic energy; that
one function is exchanged, the rest of its machine is as it comes.
"""

from __future__ import annotations

import importlib.util
import resource
import sys
import time
import tracemalloc
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
PASS = 0.7  # how much of the evidence passes, beside the peer
POINT = 1e-6  # an interval no wider is a point
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


def without_circles(claims: int) -> tuple[dict[str, Any], list[tuple[str, str, str, float]]]:
    """Return a debate with loops, but no circle of supports, whose evidence is all in."""
    random = np.random.default_rng(2)
    evidence = claims // 2
    nodes: dict[str, Any] = {f"c{i}": {"kind": "claim"} for i in range(claims)}
    nodes |= {
        f"k{i}": {"kind": "evidence", "verdict": (float(random.random() < PASS),) * 2}
        for i in range(evidence)
    }
    pairs: dict[tuple[str, str], str] = {}
    for one, other in random.integers(0, claims, (claims, 2)).tolist():
        if one != other:
            pairs[f"c{min(one, other)}", f"c{max(one, other)}"] = "supports"
    for one, other in random.integers(0, claims, (claims // 2, 2)).tolist():
        pairs.setdefault((f"c{one}", f"c{other}"), "attacks")
    for number, claim in enumerate(random.integers(0, claims, evidence).tolist()):
        pairs[f"k{number}", f"c{claim}"] = "supports" if number % 4 else "attacks"
    return nodes, [(a, b, kind, 1.0) for (a, b), kind in pairs.items()]


def peer() -> tuple[Any, Any] | None:
    """Return the package's module, and what makes its graphs; None where it is not installed."""
    try:
        from argumentation.gradual import gradual
    except ImportError:
        return None

    def graph(nodes: dict[str, Any], edges: list[tuple[str, str, str, float]]) -> Any:
        return gradual.WeightedBipolarGraph(
            arguments=frozenset(nodes),
            initial_weights={name: data.get("verdict", (0.0,))[0] for name, data in nodes.items()},
            attacks=frozenset((a, b) for a, b, kind, _ in edges if kind == "attacks"),
            supports=frozenset((a, b) for a, b, kind, _ in edges if kind == "supports"),
        )

    gradual.quadratic_impact = lambda value: max(value, 0.0) / (1 + max(value, 0.0))
    return gradual, graph


def beside_peer() -> None:
    """Print how long each takes on the same debate, and how far apart they come out."""
    found = peer()
    if found is None:
        print("formal-argumentation is not installed: nothing to set beside")
        return
    gradual, graph = found
    nodes, edges = without_circles(4_000)
    ours, verdicts = (
        graph_of(nodes, edges),
        {name: data["verdict"] for name, data in nodes.items() if "verdict" in data},
    )
    theirs = graph(nodes, edges)
    answer = gradual.quadratic_energy_strengths_discrete(theirs).strengths
    strength = solve(ours, verdicts).strength
    closed = [name for name in nodes if strength[name][1] - strength[name][0] < POINT]
    apart = max(abs(max(0.0, strength[name][0]) - answer[name]) for name in closed)
    rows = [
        ("argmap, a networkx graph", timed(lambda: solve(ours, verdicts))),
        ("formal-argumentation", timed(
            lambda: gradual.quadratic_energy_strengths_discrete(theirs), runs=1)),
    ]  # fmt: skip
    print(f"\n{'the same semantics':<26}{'relations':>11}{'seconds':>9}")
    for what, seconds in rows:
        print(f"{what:<26}{len(edges):>11,}{seconds:>9.3f}")
    print(f"{len(closed):,} of {len(nodes):,} strengths are points; apart there: {apart:.1e}")


def peak_of(work: Callable[[], Any]) -> float:
    """Return the most memory that something takes while it runs, in MB."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


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
    print(f"largest loop: {loops.max()} nodes; apart from the reference: {apart:.1e}")
    memory = peak_of(lambda: solve_arrays(million[0], *million[1]))
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory for the million: {memory:,.0f} MB, of the whole run {whole:,.0f} MB at most")
    beside_peer()


if __name__ == "__main__":
    main()
