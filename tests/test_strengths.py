"""The arithmetic: given cases, a plain reference written from the formulas, and its laws."""

from __future__ import annotations

import importlib.util
import itertools
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from argmap.strengths import prior, settled, solve
from argmap.strengths.components import components, stages

if TYPE_CHECKING:
    from random import Random

    from argmap.strengths import Interval

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("reference", HERE / "reference.py")
assert _spec
assert _spec.loader
_module = sys.modules["reference"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
Reference = _module.Reference

VECTORS = json.loads((HERE / "vectors" / "strengths.json").read_text("utf-8"))

Nodes = dict[str, dict[str, Any]]
Edges = list[tuple[str, str, str, float]]
Debate = tuple[Nodes, Edges]


def debate(nodes: Nodes, edges: Edges) -> tuple[nx.MultiDiGraph, dict[str, Interval]]:
    """Return a graph and its verdicts from nodes and edges written as in the vectors."""
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    for name, data in nodes.items():
        graph.add_node(name, **{key: value for key, value in data.items() if key != "verdict"})
    for source, target, kind, weight in edges:
        graph.add_edge(source, target, kind=kind, weight=weight)
    verdicts = {name: tuple(data["verdict"]) for name, data in nodes.items() if "verdict" in data}
    return graph, verdicts


def near(ends: Interval) -> Any:
    """Return what equals an interval to 1e-9."""
    return pytest.approx(ends, abs=1e-9, rel=0)


def inside(inner: Interval, outer: Interval, by: float = 1e-6) -> bool:
    """Say whether an interval lies inside another; a loop may stop before it has settled."""
    return outer[0] - by <= inner[0] and inner[1] <= outer[1] + by


@pytest.mark.parametrize("case", VECTORS, ids=[case["name"] for case in VECTORS])
def test_vector(case: dict[str, Any]) -> None:
    """Each given case has the given strengths, within 1e-9, and the given statuses."""
    graph, verdicts = debate(case["nodes"], [tuple(edge) for edge in case["edges"]])
    solution = solve(graph, verdicts)
    assert set(solution.strength) == set(case["strengths"])
    for name, ends in case["strengths"].items():
        assert solution.strength[name] == near(tuple(ends))
    assert solution.status == case["status"]


VERDICTS = [(1, 1), (-1, -1), (0, 0), (-1, 1), (0, 1), (0.6, 0.6), (-0.5, 0.25)]


def points(pairs: Edges, draw: st.DrawFn, most: int) -> Edges:
    """Draw some of the relations, the same one more than once perhaps."""
    return draw(st.lists(st.sampled_from(pairs), max_size=most)) if pairs else []


def between(sources: list[str], targets: list[str], kinds: list[str]) -> Edges:
    """Return every relation there can be."""
    weights = [0.25, 0.5, 1.0, 2.0, 3.0]
    return list(itertools.product(sources, targets, kinds, weights))


@st.composite
def debates(draw: st.DrawFn, *, told: bool = True) -> Debate:
    """Draw a debate, loops as they come; without evidence and credences if not `told`."""
    claims = [f"c{i}" for i in range(draw(st.integers(1, 6)))]
    evidence = [f"k{i}" for i in range(draw(st.integers(0, 5)))] if told else []
    arguments = [f"g{i}" for i in range(draw(st.integers(0, 2)))]
    credence = st.sampled_from([None, None, None, 0.1, 0.6, 0.9] if told else [None])
    nodes: Nodes = {name: {"kind": "claim", "credence": draw(credence)} for name in claims}
    for name in evidence:
        nodes[name] = {"kind": "evidence", "verdict": draw(st.sampled_from(VERDICTS))}
    nodes |= {name: {"kind": "argument"} for name in arguments}
    edges = points(between(claims, claims, ["supports", "attacks", "contradicts"]), draw, 10)
    edges += points(between(evidence, claims, ["supports", "attacks"]), draw, 6)
    edges += points(between(claims, [*evidence, *arguments], ["undercuts"]), draw, 3)
    edges += points(between(arguments, claims, ["supports", "attacks"]), draw, 3)
    for name in arguments:
        edges += [(draw(st.sampled_from(claims)), name, "premise", 1.0)]
        edges += points(between(claims, [name], ["premise"]), draw, 2)
    return nodes, edges


laws = settings(deadline=None, max_examples=60)


@settings(deadline=None, max_examples=200)
@given(debates())
def test_agrees_with_the_reference(drawn: Debate) -> None:
    """Arrays and plain formulas agree on any debate, loops included, and on every status."""
    plain = Reference(*drawn)
    solution = solve(*debate(*drawn))
    for name, ends in plain.strength.items():
        assert solution.strength[name] == near(ends)
    assert solution.status == plain.statuses()


@laws
@given(debates(), st.randoms(use_true_random=False))
def test_names_and_order_do_not_matter(drawn: Debate, random: Random) -> None:
    """A debate written in another order, with other names, has the same strengths."""
    nodes, edges = drawn
    names = list(nodes)
    random.shuffle(names)
    other = {name: f"n{number}" for number, name in enumerate(names)}
    moved = [(other[a], other[b], kind, weight) for a, b, kind, weight in edges]
    random.shuffle(moved)
    one = solve(*debate(nodes, edges))
    two = solve(*debate({other[name]: nodes[name] for name in names}, moved))
    for name in nodes:
        assert two.strength[other[name]] == near(one.strength[name])
    assert {other[name]: status for name, status in one.status.items()} == two.status


@laws
@given(debates(), st.data())
def test_resolving_an_unknown_never_widens(drawn: Debate, data: st.DataObject) -> None:
    """When missing evidence comes in, every strength lies inside what it was."""
    nodes, edges = drawn
    graph, verdicts = debate(nodes, edges)
    missing = [name for name, (low, high) in verdicts.items() if low < high]
    assume(missing)
    name = data.draw(st.sampled_from(missing))
    low, high = verdicts[name]
    value = data.draw(st.sampled_from([low, (low + high) / 2, high]))
    before = solve(graph, verdicts)
    after = solve(graph, {**verdicts, name: (value, value)})
    for node in nodes:
        assert inside(after.strength[node], before.strength[node])


@laws
@given(debates(told=False))
def test_nothing_comes_from_nothing(drawn: Debate) -> None:
    """Without evidence or credence no claim is supported, refuted or contested."""
    assert set(solve(*debate(*drawn)).status.values()) == {"unknown"}


@laws
@given(debates(), st.sampled_from(["supports", "attacks"]), st.sampled_from([0.3, 0.5, 0.8]))
def test_one_more_supporter_lowers_neither_bound(drawn: Debate, kind: str, credence: float) -> None:
    """Outside loops one more supporter lowers no bound, one more attacker raises none."""
    nodes, edges = drawn
    before = solve(*debate(nodes, edges))
    claims = [name for name in nodes if nodes[name]["kind"] == "claim" and name not in before.loop]
    said = {b for _, b, _, _ in edges} | {a for a, _, kind, _ in edges if kind == "contradicts"}
    claims = [name for name in claims if name in said or nodes[name]["credence"] is not None]
    new = {"kind": "claim", "credence": credence}
    for claim in claims:
        after = solve(*debate({**nodes, "new": new}, [*edges, ("new", claim, kind, 1.0)]))
        for was, is_ in zip(before.strength[claim], after.strength[claim], strict=True):
            assert is_ >= was - 1e-9 if kind == "supports" else is_ <= was + 1e-9


@laws
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(0.1, 5)), max_size=25),
    st.lists(st.floats(0, 1), min_size=6, max_size=6),
    st.sampled_from([0.01, 0.1, 1.0, 3.0]),
)
def test_a_circle_lifts_only_so_far(
    supports: list[tuple[int, int, float]], shares: list[float], e: float
) -> None:
    """With at most e of support from outside on each, none exceeds (√(e² + 4e) − e)/2."""
    nodes: Nodes = {f"c{i}": {"kind": "claim"} for i in range(6)}
    nodes["k"] = {"kind": "evidence", "verdict": (1, 1)}
    edges = [(f"c{i}", f"c{(i + 1) % 6}", "supports", 1.0) for i in range(6)]
    edges += [(f"c{i}", f"c{j}", "supports", weight) for i, j, weight in supports]
    edges += [("k", f"c{i}", "supports", share * e) for i, share in enumerate(shares)]
    solution = solve(*debate(nodes, edges))
    assert len(solution.circular) == 6
    for name in solution.circular:
        assert solution.strength[name][1] <= (math.sqrt(e * e + 4 * e) - e) / 2 + 1e-6


@laws
@given(debates(), st.integers(1, 5), st.integers(1, 5))
def test_bounds_never_widen_from_round_to_round(drawn: Debate, rounds: int, more: int) -> None:
    """Stopped after any round, the bounds hold: later rounds only narrow them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("argmap.strengths.rounds.ROUNDS", rounds)
        early = solve(*debate(*drawn)).strength
        patch.setattr("argmap.strengths.rounds.ROUNDS", rounds + more)
        late = solve(*debate(*drawn)).strength
    for name, ends in late.items():
        assert inside(ends, early[name], by=1e-9)


@laws
@given(debates(), st.randoms(use_true_random=False))
def test_every_point_solution_lies_inside(drawn: Debate, random: Random) -> None:
    """Strengths that solve the equations as single numbers lie inside the intervals."""
    nodes, edges = drawn
    wide = solve(*debate(nodes, edges)).strength
    for data in nodes.values():
        if data["kind"] == "evidence":
            value = random.uniform(*data["verdict"])
            data["verdict"] = (value, value)
    plain = Reference(nodes, edges)
    for name, (low, high) in wide.items():
        value = random.uniform(low, high)
        plain.strength[name] = (value, value)
    far = 1.0
    for _ in range(300):
        step = {name: plain.step(name) for name in nodes}
        # An unexamined claim may be anything: it stays where it is.
        solved = {name: ends[0] for name, ends in step.items() if ends[0] == ends[1]}
        far = max((abs(plain.strength[name][0] - new) for name, new in solved.items()), default=0)
        for name, new in solved.items():
            halfway = (new + plain.strength[name][0]) / 2
            plain.strength[name] = (halfway, halfway)
    assume(far < 1e-10)
    for name, ends in plain.strength.items():
        assert inside(ends, wide[name])


def test_loops_that_go_together_go_alone() -> None:
    """Loops of one level stop each at its own convergence, however many are solved at once."""
    cases = [case for case in VECTORS if "circle" in case["name"] or "loop" in case["name"]]
    nodes, edges = {}, []
    for number, case in enumerate(cases):
        nodes |= {f"{number}{name}": data for name, data in case["nodes"].items()}
        edges += [(f"{number}{a}", f"{number}{b}", kind, w) for a, b, kind, w in case["edges"]]
    together = solve(*debate(nodes, edges))
    for number, case in enumerate(cases):
        alone = solve(*debate(case["nodes"], [tuple(edge) for edge in case["edges"]]))
        for name in case["nodes"]:
            assert together.strength[f"{number}{name}"] == alone.strength[name]


def test_loops_are_solved_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many loops go their rounds together changes nothing."""
    nodes = {f"c{i}": {"kind": "claim"} for i in range(60)}
    nodes["k"] = {"kind": "evidence", "verdict": (0, 1)}
    edges = [(f"c{i}", f"c{i - i % 3 + (i + 1) % 3}", "attacks", 1 + i / 40) for i in range(60)]
    edges += [("k", f"c{i}", "supports", 1 + i / 60) for i in range(60)]
    edges += [(f"c{i}", f"c{i + 3}", "supports", 1.0) for i in range(30)]
    whole = solve(*debate(nodes, edges))
    monkeypatch.setattr("argmap.strengths.rounds.CACHEFUL", 5)
    assert solve(*debate(nodes, edges)).strength == whole.strength


ARROWS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40)


@laws
@given(ARROWS, st.sampled_from([0, 2_000]), st.integers(1, 3))
def test_components_are_those_of_networkx(
    arrows: list[tuple[int, int]], worth: int, passes: int
) -> None:
    """Components come in an order that never goes down, whether found by passes or by the search.

    Stages rise from component to component, and a stage holds loops or none.
    """
    source, target = (
        np.array(ends, dtype=np.intp) for ends in zip(*arrows or [(0, 0)], strict=True)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("argmap.strengths.components.WORTH_PASSES", worth)
        patch.setattr("argmap.strengths.components.PASSES", passes)
        number = components(12, source, target)
    graph = nx.DiGraph(zip(source.tolist(), target.tolist(), strict=True))
    graph.add_nodes_from(range(12))
    found = {frozenset(np.flatnonzero(number == one).tolist()) for one in set(number.tolist())}
    assert found == set(map(frozenset, nx.strongly_connected_components(graph)))
    assert (number[source] <= number[target]).all()
    stage = stages(number, source, target)
    across = number[source] != number[target]
    assert (stage[number[source]] < stage[number[target]])[across].all()
    loops = set(number[source[~across]].tolist())
    of_loops = {stage[one] for one in loops}
    assert of_loops.isdisjoint(stage[one] for one in set(number.tolist()) - loops)


def test_a_long_chain_and_a_long_ring() -> None:
    """A chain or ring of thousands of claims is solved; the ring is one circle."""
    nodes: Nodes = {f"c{i}": {"kind": "claim"} for i in range(3000)}
    nodes["k"] = {"kind": "evidence", "verdict": (1, 1)}
    edges = [("k", "c0", "supports", 1.0)]
    edges += [(f"c{i}", f"c{i + 1}", "supports", 1.0) for i in range(2999)]
    chain = solve(*debate(nodes, edges))
    assert chain.strength["c2999"] == near((1 / 3001, 1 / 3001))
    assert not chain.circular
    ring = solve(*debate(nodes, [*edges, ("c2999", "c0", "supports", 1.0)]))
    assert len(ring.circular) == 3000
    assert len(set(ring.loop.values())) == 1


def test_a_self_support_is_a_circle() -> None:
    """A claim that supports itself is circular, one that attacks itself is not."""
    nodes: Nodes = {"a": {"kind": "claim"}, "b": {"kind": "claim"}}
    edges = [("a", "a", "supports", 4.0), ("b", "b", "attacks", 1.0)]
    solution = solve(*debate(nodes, edges))
    assert solution.circular == {"a"}
    assert solution.scale == {"a": 0.25}
    assert set(solution.loop) == {"a", "b"}


def test_nothing_at_all() -> None:
    """An empty graph has an empty solution."""
    solution = solve(*debate({}, []))
    assert (solution.strength, solution.status) == ({}, {})


@pytest.mark.parametrize(
    ("weight", "counts"), [(0.0, 0.0), (-3.0, 0.0), (math.nan, 0.0), (math.inf, 1.0), (1e300, 1.0)]
)
def test_a_weight_that_makes_no_sense_harms_nothing_else(weight: float, counts: float) -> None:
    """A weight that is negative or no number counts as 0, a huge one as very much."""
    nodes: Nodes = {"c": {"kind": "claim"}, "d": {"kind": "claim"}, "u": {"kind": "claim"}}
    nodes["k"] = {"kind": "evidence", "verdict": (1, 1)}
    edges = [("k", "c", "supports", weight), ("k", "d", "supports", 1.0)]
    solution = solve(*debate(nodes, edges))
    assert solution.strength["c"] == pytest.approx((counts, counts), abs=1e-8)
    assert solution.strength["d"] == (0.5, 0.5)


@pytest.mark.parametrize(("credence", "sure"), [(0.0, -1.0), (1.0, 1.0)])
def test_a_credence_of_0_or_1_is_just_short_of_it(credence: float, sure: float) -> None:
    """Certainty stays finite: the claim is as good as sure, its sum can still be printed."""
    solution = solve(*debate({"c": {"kind": "claim", "credence": credence}}, []))
    assert solution.strength["c"] == pytest.approx((sure, sure), abs=1e-8)
    assert math.isfinite(solution.prior["c"])
    assert solution.prior["c"] == prior(credence)


def test_a_relation_without_a_place_counts_as_not_there() -> None:
    """A claim that is undercut, or evidence that is supported, is as if it were not."""
    nodes: Nodes = {name: {"kind": "claim"} for name in "abc"}
    nodes["k"] = {"kind": "evidence", "verdict": (1, 1)}
    edges = [("k", "a", "supports", 1.0), ("a", "b", "undercuts", 1.0), ("a", "k", "supports", 1.0)]
    edges += [("k", "c", "contradicts", 1.0), ("a", "c", "premise", 1.0)]
    solution = solve(*debate(nodes, edges))
    assert solution.strength == {"a": (0.5, 0.5), "b": (-1, 1), "c": (-1, 1), "k": (1, 1)}
    assert not solution.loop


def test_what_is_not_said_is_not_known() -> None:
    """Evidence without a verdict may go either way; nobody knows what follows from no premises."""
    nodes: Nodes = {"c": {"kind": "claim"}, "k": {"kind": "evidence"}, "g": {"kind": "argument"}}
    solution = solve(*debate(nodes, [("g", "c", "supports", 1.0)]))
    assert solution.strength == {"c": (0, 0.5), "k": (-1, 1), "g": (0, 1)}


def test_tests_act_as_supports() -> None:
    """A relation of kind tests is a support: what a failed test does is in its verdict."""
    nodes: Nodes = {"c": {"kind": "claim"}, "k": {"kind": "evidence", "verdict": (-1, -1)}}
    solution = solve(*debate(nodes, [("k", "c", "tests", 2.0)]))
    assert solution.strength["c"] == near((-2 / 3, -2 / 3))
    assert (solution.speaks_for["c"], solution.speaks_against["c"]) == ((0, 0), (2, 2))


def test_left_is_told_of_what_is_undercut() -> None:
    """The solution holds what undercutters leave, for what they undercut only."""
    case = next(case for case in VECTORS if case["name"] == "undercut by a weak claim")
    solution = solve(*debate(case["nodes"], [tuple(edge) for edge in case["edges"]]))
    assert solution.left == {"k": near((0.5, 0.5))}


@settings(deadline=None, max_examples=60)
@given(debates(), st.sampled_from([(-1.0, 1.0), (0.6, 0.6), (-0.25, -0.25)]), st.data())
def test_a_settled_claim_stays_and_bears_on_the_rest(
    drawn: Debate, strength: Interval, data: st.DataObject
) -> None:
    """A settled claim has its strength whatever bears on it; so do others when it had it anyway."""
    nodes, edges = drawn
    graph, verdicts = debate(nodes, edges)
    claim = data.draw(st.sampled_from([n for n in nodes if nodes[n]["kind"] == "claim"]))
    found = solve(settled(graph, {claim: strength}), verdicts)
    assert found.strength[claim] == pytest.approx(strength, abs=1e-8)
    before = solve(graph, verdicts)
    low, high = before.strength[claim]
    if claim not in before.loop and low == high and abs(low) < 0.9:
        same = solve(settled(graph, {claim: (low, high)}), verdicts)
        for name in nodes:
            assert inside(same.strength[name], before.strength[name], by=1e-8)


def test_what_a_settled_claim_contradicts_it_attacks() -> None:
    """The other side of its contradiction cannot move it any more."""
    nodes: Nodes = {"a": {"kind": "claim"}, "b": {"kind": "claim"}}
    nodes["k"] = {"kind": "evidence", "verdict": (1, 1)}
    for edge in (("a", "b", "contradicts", 1.0), ("b", "a", "contradicts", 1.0)):
        graph, verdicts = debate(nodes, [edge, ("k", "b", "supports", 3.0)])
        found = solve(settled(graph, {"a": (0.5, 0.5)}), verdicts)
        assert found.strength == {"a": (0.5, 0.5), "b": near((2.5 / 3.5, 2.5 / 3.5)), "k": (1, 1)}
