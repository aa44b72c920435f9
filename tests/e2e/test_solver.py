"""The solver that pages run, in a real browser: it equals Python's."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

import argmap
from argmap.evidence.judgement import verdict
from argmap.strengths import settled, solve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from argmap.strengths import Interval

pytestmark = pytest.mark.browser

SOLVER = Path(argmap.__file__).parent / "pages" / "assets" / "solver.js"
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "strengths.json").read_text("utf-8"))
VERDICTS = [(1, 1), (1, 1), (-1, -1), (0, 0), (-1, 1), (0, 1), (0.6, 0.6), (-0.5, 0.25)]
CREDENCES = [None, None, None, 0.0, 0.1, 0.6, 0.9, 1.0]
WEIGHTS = [0.25, 0.5, 1, 1, 1, 2, 3, 0, -1, 1e12]

Case = dict[str, Any]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Give an empty page with the solver on it, loaded as a classic script."""
    page = browser.new_page()
    page.set_default_timeout(120_000)  # ms
    page.add_script_tag(path=SOLVER)
    yield page
    page.close()


def solved(page: Page, cases: list[Case]) -> list[Any]:
    """Return what the browser makes of each case."""
    found: list[Any] = page.evaluate("cases => cases.map(argmapSolver.solve)", cases)
    return found


def of_vector(vector: dict[str, Any]) -> Case:
    nodes = vector["nodes"]
    return {
        "nodes": [{"id": name, **data} for name, data in nodes.items()],
        "edges": [
            dict(zip(("source", "target", "kind", "weight"), edge, strict=True))
            for edge in vector["edges"]
        ],
        "verdicts": {n: data["verdict"] for n, data in nodes.items() if "verdict" in data},
    }


def drawn(seed: int) -> Case:
    """Draw a map: claims, evidence, arguments, relations of every kind, loops as they come."""
    random = Random(seed)  # noqa: S311  cases, not keys
    claims = [f"c{i}" for i in range(random.randint(1, 12))]
    evidence = [f"k{i}" for i in range(random.randint(0, 8))]
    arguments = [f"g{i}" for i in range(random.randint(0, 4))]
    nodes = [{"id": n, "kind": "claim", "credence": random.choice(CREDENCES)} for n in claims]
    nodes += [{"id": name, "kind": "evidence"} for name in evidence]
    nodes += [{"id": name, "kind": "argument"} for name in arguments]

    def relate(sources: list[str], kinds: list[str], targets: list[str], most: int) -> list[Case]:
        ends = [sources, targets]
        return [
            {
                "source": random.choice(sources),
                "kind": random.choice(kinds),
                "target": random.choice(targets),
                "weight": random.choice(WEIGHTS),
            }
            for _ in range(random.randint(0, most) if all(ends) else 0)
        ]

    many = 2 * len(claims)
    edges = relate(claims, ["supports", "supports", "attacks", "contradicts"], claims, many)
    edges += relate(evidence, ["supports", "tests", "attacks"], claims, 10)
    edges += relate(claims, ["undercuts"], [*evidence, *arguments], 4)
    edges += relate(claims, ["premise"], arguments, 6)
    edges += relate(arguments, ["supports", "attacks"], claims, 5)
    edges += relate([*claims, *evidence], ["premise", "undercuts", "contradicts"], claims, 1)
    said = [name for name in evidence if random.random() < 0.9]
    return {
        "nodes": nodes,
        "edges": edges,
        "verdicts": {name: random.choice(VERDICTS) for name in said},
    }


def python(case: Case) -> tuple[dict[str, Interval], dict[str, str]]:
    """Return what Python makes of a case."""
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    for node in case["nodes"]:
        graph.add_node(node["id"], kind=node["kind"], credence=node.get("credence"))
    for edge in case["edges"]:
        graph.add_edge(edge["source"], edge["target"], kind=edge["kind"], weight=edge["weight"])
    fixed = {n: (s, s) if isinstance(s, float) else s for n, s in case.get("fixed", {}).items()}
    solution = solve(settled(graph, fixed), case["verdicts"])
    return solution.strength, dict(solution.status)


def agree(found: Any, expected: tuple[dict[str, Interval], dict[str, str]]) -> None:
    strength, status = expected
    assert found["status"] == status
    assert found["strength"].keys() == strength.keys()
    for name, ends in strength.items():
        assert found["strength"][name] == pytest.approx(list(ends), abs=1e-9, rel=0), name


def test_the_given_cases(page: Page) -> None:
    """All 65 given cases come out as given, within 1e-9."""
    assert len(VECTORS) == 65
    for vector, found in zip(VECTORS, solved(page, list(map(of_vector, VECTORS))), strict=True):
        agree(found, (vector["strengths"], vector["status"]))


def test_five_hundred_random_maps(page: Page) -> None:
    """Loops, arguments, undercuts and contradictions come out as Python has them."""
    cases = [drawn(seed) for seed in range(500)]
    expected = list(map(python, cases))
    contested = sum(list(statuses.values()).count("contested") for _, statuses in expected)
    assert contested > 100
    for found, wanted in zip(solved(page, cases), expected, strict=True):
        agree(found, wanted)


def test_claims_whose_strength_is_fixed(page: Page) -> None:
    """A fixed strength holds whatever bears on the claim, and moves the rest as in Python."""
    cases = []
    for seed in range(500, 600):
        case, random = drawn(seed), Random(seed)  # noqa: S311  cases, not keys
        claims = [node["id"] for node in case["nodes"] if node["kind"] == "claim"]
        chosen = random.sample(claims, min(2, len(claims)))
        case["fixed"] = {name: random.choice([0.8, -0.5, 0.0, [-1, 1]]) for name in chosen}
        cases.append(case)
    for case, found in zip(cases, solved(page, cases), strict=True):
        agree(found, python(case))
        for name, strength in case["fixed"].items():
            ends = strength if isinstance(strength, list) else [strength, strength]
            assert found["strength"][name] == pytest.approx(ends)


def test_large_maps(page: Page) -> None:
    """A chain and a ring of thousands of claims need no recursion."""
    names = [f"c{i}" for i in range(5000)]
    nodes = [*({"id": name, "kind": "claim"} for name in names), {"id": "k", "kind": "evidence"}]
    pairs = [("k", "c0"), *pairwise(names)]
    edges = [{"source": a, "kind": "supports", "target": b, "weight": 1} for a, b in pairs]
    chain = {"nodes": nodes, "edges": edges, "verdicts": {"k": [1, 1]}}
    back = {"source": names[-1], "kind": "supports", "target": "c0", "weight": 1}
    ring = {**chain, "edges": [*edges, back]}
    first, second = solved(page, [chain, ring])
    assert first["strength"]["c4999"] == pytest.approx([1 / 5001, 1 / 5001])
    agree(second, python(ring))


def test_names_that_mean_something_to_a_browser(page: Page) -> None:
    """An id is only a name, whatever it is."""
    nodes = [{"id": name, "kind": "claim"} for name in ("__proto__", "constructor", "toString")]
    edges = [{"source": "k", "kind": "supports", "target": n["id"]} for n in nodes]
    case = {"nodes": [*nodes, {"id": "k", "kind": "evidence"}], "edges": edges, "verdicts": {}}
    found = page.evaluate(
        "c => { const s = argmapSolver.solve({...c, verdicts: {k: [1, 1]}});"
        " return Object.entries(s.strength).map(([name, ends]) => [name, ends[0]]); }",
        case,
    )
    assert found == [["__proto__", 0.5], ["constructor", 0.5], ["toString", 0.5], ["k", 1]]


def test_verdicts_are_pythons(page: Page) -> None:
    """What an outcome says of a test and of a reason is the same on pages and in Python."""
    cases = [(o, t) for o in ("pass", "fail", "unknown", "error") for t in (True, False)]
    found = page.evaluate("cases => cases.map(([o, t]) => argmapSolver.verdict(o, t))", cases)
    assert found == [list(verdict(outcome, is_test=is_test)) for outcome, is_test in cases]
