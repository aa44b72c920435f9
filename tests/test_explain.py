"""Reasons: terms that add up, the evidence that is missing, what turned a claim."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.explain import (
    Branch,
    Term,
    bearing,
    carriers,
    cause_of,
    changes,
    lenders,
    missing,
    path,
    strongest_line,
    terms,
    tree,
    unknown_reason,
    unknown_reasons,
    upstream,
)
from argmap.strengths import solve, solve_cases

if TYPE_CHECKING:
    from argmap.strengths import Interval

VECTORS = json.loads((Path(__file__).parent / "vectors" / "strengths.json").read_text("utf-8"))

PASSED, FAILED, SILENT = (1.0, 1.0), (-1.0, -1.0), (0.0, 0.0)
TEST, REASON = (-1.0, 1.0), (0.0, 1.0)  # while unknown


def debate(*relations: str, **credences: float) -> nx.MultiDiGraph:
    """Return the graph of relations such as `k1 supports c` or `c attacks d 2`.

    Names begin with k for evidence and with g for arguments; the rest are claims.
    """
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    for relation in relations:
        source, kind, target, weight = [*relation.split(), "1"][:4]
        for name in (source, target):
            what = {"k": "evidence", "g": "argument"}.get(name[0], "claim")
            graph.add_node(name, kind=what, credence=credences.get(name))
        graph.add_edge(source, target, kind=kind, weight=float(weight))
    return graph


def reason(graph: nx.MultiDiGraph, claim: str, **verdicts: Interval) -> str:
    """Return why a claim is unknown."""
    return unknown_reason(graph, solve(graph, verdicts), verdicts, claim)


def adds_up(graph: nx.MultiDiGraph, verdicts: dict[str, Interval]) -> None:
    """Assert that every claim's terms and prior make its strength, at both ends."""
    solution = solve(graph, verdicts)
    for claim in solution.status:
        found = terms(graph, solution, claim)
        if not found and graph.nodes[claim].get("credence") is None:
            assert solution.strength[claim] == (-1, 1)
            continue
        for end in (0, 1):
            total = solution.prior[claim] + sum(term.value[end] for term in found)
            assert total / (1 + abs(total)) == pytest.approx(
                solution.strength[claim][end], abs=1e-12, rel=0
            )


@pytest.mark.parametrize("case", VECTORS, ids=[case["name"] for case in VECTORS])
def test_terms_add_up_in_every_case(case: dict[str, Any]) -> None:
    """The terms and the prior add up to E, and E / (1 + |E|) is the strength."""
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    for name, data in case["nodes"].items():
        graph.add_node(name, kind=data["kind"], credence=data.get("credence"))
    for source, target, kind, weight in case["edges"]:
        graph.add_edge(source, target, kind=kind, weight=weight)
    nodes = case["nodes"].items()
    adds_up(graph, {name: data["verdict"] for name, data in nodes if "verdict" in data})


NAMES = ["a", "b", "c", "k1", "k2", "g"]
RELATIONS = [
    f"{source} {kind} {target} {weight}"
    for source in NAMES
    for kind in ("supports", "tests", "attacks", "contradicts", "undercuts", "premise")
    for target in NAMES
    for weight in ("1", "0.5", "3")
]


@settings(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from(RELATIONS), max_size=15), st.sampled_from([PASSED, TEST, REASON]))
def test_terms_add_up_in_any_debate(relations: list[str], verdict: Interval) -> None:
    """Loops, circles, relations without a place: what is printed is what was summed."""
    adds_up(debate(*relations, a=0.7), {"k1": FAILED, "k2": verdict})


def test_a_term_says_what_its_source_brings() -> None:
    """A term holds weight, the source's strength, what is left of it, and the signed summand."""
    graph = debate(
        "k1 supports c 2", "u undercuts k1 0.5", "k2 supports u", "x attacks c", "k2 supports x"
    )
    solution = solve(graph, {"k1": PASSED, "k2": PASSED})
    assert terms(graph, solution, "c") == [
        Term("k1", "supports", 2.0, (0.5, 0.5), (0.5, 0.5), 1.0, (1.0, 1.0)),
        Term("x", "attacks", 1.0, (0.5, 0.5), (1.0, 1.0), 1.0, (-0.5, -0.5)),
    ]


def test_terms_come_largest_first() -> None:
    """The largest effect comes first, whichever way; equals by name."""
    graph = debate("k3 supports c", "k2 attacks c 2", "k1 supports c", "k4 supports c 0.5")
    solution = solve(graph, {"k1": PASSED, "k2": REASON, "k3": FAILED, "k4": PASSED})
    assert [term.source for term in terms(graph, solution, "c")] == ["k2", "k1", "k3", "k4"]


def test_a_contradiction_is_a_term_on_both_sides() -> None:
    """Whichever claim the contradiction was written on, both have its term."""
    graph = debate("a contradicts b", "k1 supports a 3", "k2 supports b")
    solution = solve(graph, {"k1": PASSED, "k2": PASSED})
    kinds = {claim: [(t.source, t.kind) for t in terms(graph, solution, claim)] for claim in "ab"}
    assert kinds == {
        "a": [("k1", "supports"), ("b", "contradicts")],
        "b": [("k2", "supports"), ("a", "contradicts")],
    }


def test_a_term_says_how_a_circle_scaled_it() -> None:
    """Supports from inside a circle are divided by their sum, what comes from outside is not."""
    graph = debate(
        "b supports a 2", "c supports a 2", "a supports b", "a supports c", "k1 supports a"
    )
    found = terms(graph, solve(graph, {"k1": PASSED}), "a")
    assert {term.source: term.scale for term in found} == {"k1": 1.0, "b": 0.25, "c": 0.25}


def test_the_missing_evidence_that_widens_most() -> None:
    """An unknown claim names the evidence which, once in, narrows its strength most."""
    graph = debate("k1 supports c", "k2 supports c 3", "k3 supports c")
    assert reason(graph, "c", k1=TEST, k2=TEST, k3=PASSED) == "k2"
    assert reason(graph, "c", k1=TEST, k2=FAILED, k3=TEST) == ""
    assert reason(graph, "c", k1=TEST, k2=SILENT, k3=TEST) == "k1"


def test_missing_evidence_far_upstream() -> None:
    """It is found behind claims and arguments, and not where an undercutter cut it through."""
    graph = debate("k1 supports a", "a premise g", "b premise g", "k2 supports b", "g supports c")
    assert reason(graph, "c", k1=REASON, k2=PASSED) == "k1"
    graph.add_edges_from([("k3", "u", {"kind": "supports"}), ("u", "k1", {"kind": "undercuts"})])
    graph.add_nodes_from([("k3", {"kind": "evidence"}), ("u", {"kind": "claim"})])
    assert reason(graph, "c", k1=REASON, k2=PASSED, k3=PASSED) == "too_little"


def test_too_little() -> None:
    """Nothing said, a refuted supporter, a thin chain: nothing that is missing would do."""
    chain = debate("k1 supports a", "a supports b", "b supports c", "c supports d", "d supports e")
    assert reason(chain, "e", k1=PASSED) == "too_little"
    assert reason(chain, "e", k1=REASON) == "too_little"
    assert reason(chain, "d", k1=REASON) == "k1"
    assert reason(debate("a supports c"), "a") == "too_little"
    assert reason(debate("a supports c"), "c") == "too_little"
    assert reason(debate("a supports b", "b supports a"), "a") == "too_little"


def test_a_loop_that_stays_open() -> None:
    """With all evidence in, a loop can leave a claim open, in it or behind it."""
    graph = debate(
        "k1 supports a", "k2 supports b", "a attacks b 3", "b attacks a 3", "a supports c 3"
    )
    assert reason(graph, "a", k1=PASSED, k2=PASSED) == "loop"
    assert reason(graph, "c", k1=PASSED, k2=PASSED) == "loop"
    assert reason(graph, "a", k1=PASSED, k2=REASON) == "k2"


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(RELATIONS), min_size=1, max_size=15))
def test_all_reasons_at_once_are_each_claims_own(relations: list[str]) -> None:
    """Every unknown claim has a reason, the same alone and together with the rest."""
    graph = debate(*relations, b=0.8)
    verdicts = {"k1": TEST, "k2": REASON}
    solution = solve(graph, verdicts)
    unknown = {name for name, status in solution.status.items() if status == "unknown"}
    assert unknown_reasons(graph, solution, verdicts) == {
        name: unknown_reason(graph, solution, verdicts, name) for name in unknown
    }
    evidence = {name for name, data in graph.nodes(data=True) if data["kind"] == "evidence"}
    found = set(unknown_reasons(graph, solution, verdicts).values())
    assert found <= {"too_little", "loop", *evidence}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.sampled_from(RELATIONS), min_size=1, max_size=8), max_size=4))
def test_debates_are_given_reasons_side_by_side(several: list[list[str]]) -> None:
    """A claim's reason is the same whatever other debates there are beside its own."""
    parts = [debate(*relations, b=0.8) for relations in several]
    whole = nx.MultiDiGraph()
    alone: dict[str, str] = {}
    verdicts: dict[str, Interval] = {}
    for number, part in enumerate(parts):
        graph = nx.relabel_nodes(part, lambda name, number=number: f"{number}{name}")
        own = {f"{number}k1": TEST, f"{number}k2": REASON}
        alone |= unknown_reasons(graph, solve(graph, own), own)
        verdicts |= own
        whole.update(graph)
    assert unknown_reasons(whole, solve(whole, verdicts), verdicts) == alone


def test_a_claim_that_is_known_has_no_reason() -> None:
    """Only the unknown needs one."""
    assert reason(debate("k1 supports c"), "c", k1=PASSED) == ""


def test_the_cause_of_a_turn() -> None:
    """Of two changes the one counts that turned the status; the other moved the strength alone."""
    graph = debate("k1 tests a", "a supports c", "k2 supports c 0.1")
    before, after = {"k1": PASSED, "k2": SILENT}, {"k1": FAILED, "k2": PASSED}
    assert cause_of(graph, before, after, "c") == ("k1", ("k1", "a", "c"))
    assert cause_of(graph, after, before, "c") == ("k1", ("k1", "a", "c"))


def test_a_cause_is_needed_or_enough() -> None:
    """Where two changes turn it together each is needed: the one that moves more is named."""
    graph = debate("k1 supports c 0.15", "k2 supports c 0.2")
    before, after = {"k1": SILENT, "k2": SILENT}, {"k1": PASSED, "k2": PASSED}
    assert cause_of(graph, before, after, "c") == ("k2", ("k2", "c"))
    graph = debate("k1 supports c 1", "k2 supports c 2")
    assert cause_of(graph, before, after, "c") == ("k2", ("k2", "c"))


def test_no_cause() -> None:
    """Nothing turned, nothing changed upstream, or the claim is not there: no cause."""
    graph = debate("k1 supports c", "k2 supports d")
    assert cause_of(graph, {"k1": PASSED}, {"k1": PASSED}, "c") is None
    assert cause_of(graph, {"k1": PASSED, "k2": PASSED}, {"k1": PASSED, "k2": FAILED}, "c") is None
    assert cause_of(debate("k1 supports c 2"), {"k1": PASSED}, {"k1": (0.5, 0.5)}, "c") is None
    assert cause_of(graph, {"k1": PASSED}, {"k1": FAILED}, "gone") is None


def test_evidence_that_was_not_there_before() -> None:
    """Evidence without a verdict was unknown: its coming in can turn a claim."""
    assert cause_of(debate("k1 supports c"), {}, {"k1": PASSED}, "c") == ("k1", ("k1", "c"))


def test_a_path_goes_through_undercuts_and_contradictions() -> None:
    """The shortest way counts, over any relation; a contradiction leads both ways."""
    graph = debate(
        "k1 supports u", "u undercuts k2", "k2 supports a", "c contradicts a", "u attacks z"
    )
    assert path(graph, "k1", "c") == ("k1", "u", "k2", "a", "c")
    turned = cause_of(graph, {"k1": PASSED, "k2": PASSED}, {"k1": SILENT, "k2": PASSED}, "c")
    assert turned == ("k1", ("k1", "u", "k2", "a", "c"))


def test_of_two_paths_the_shorter_then_the_first_by_name() -> None:
    """Paths are stable: same map, same path."""
    graph = debate("k1 supports b", "k1 supports a", "b supports c", "a supports c")
    assert path(graph, "k1", "c") == ("k1", "a", "c")
    graph.add_edge("k1", "c", kind="supports", weight=1.0)
    assert path(graph, "k1", "c") == ("k1", "c")


def test_upstream_is_all_that_bears_on_a_claim() -> None:
    """Each with its distance; what hangs below is not in it."""
    graph = debate(
        "k1 supports a", "a supports b", "b supports c", "c contradicts d", "k2 supports d"
    )
    assert upstream(graph, "b") == {"b": 0, "a": 1, "k1": 2}
    assert upstream(graph, "c") == {"c": 0, "b": 1, "d": 1, "a": 2, "k2": 2, "k1": 3}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(RELATIONS), min_size=1, max_size=15))
def test_what_leads_to_a_claim_is_enough_to_judge_it(relations: list[str]) -> None:
    """Cut down to what bears on it, and solved many at a time, a claim comes out the same."""
    graph = debate(*relations, b=0.8)
    cases = [{"k1": one, "k2": two} for one in (PASSED, TEST) for two in (FAILED, REASON)]
    for claim in [name for name, data in graph.nodes(data=True) if data["kind"] == "claim"]:
        found = solve_cases(graph, cases[0], cases, [claim], upstream(graph, claim))
        for case, [(ends, status)] in zip(cases, found, strict=True):
            whole = solve(graph, case)
            assert status == whole.status[claim]
            assert ends == pytest.approx(whole.strength[claim], abs=1e-9, rel=0)


def test_terms_of_arguments_and_undercut_evidence() -> None:
    """Premises and undercuts make a force: the least premise, or the verdict, by what is left."""
    graph = debate(
        "k1 supports a 4", "k2 supports b", "a premise g", "b premise g", "k3 supports u",
        "u undercuts g 0.5", "u undercuts k2 0.25", "g supports c",
    )  # fmt: skip
    solution = solve(graph, {"k1": PASSED, "k2": PASSED, "k3": PASSED})
    found = bearing(graph, solution, "g")
    assert [(term.kind, term.source) for term in found] == [
        ("premise", "b"), ("premise", "a"), ("undercuts", "u"),
    ]  # fmt: skip
    left = 1 + sum(term.value[0] for term in found if term.kind == "undercuts")
    assert solution.left["g"] == pytest.approx((left, left))
    assert solution.strength["g"] == pytest.approx((found[0].value[0] * left,) * 2)
    (cut,) = bearing(graph, solution, "k2")
    assert (cut.kind, cut.weight, cut.value) == ("undercuts", 0.25, (-0.25, -0.25))
    assert bearing(graph, solution, "k1") == []


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(RELATIONS), max_size=15), st.integers(1, 6))
def test_a_tree_holds_each_nodes_terms_once(relations: list[str], depth: int) -> None:
    """In any debate the tree ends; what it shows of a node are all its terms, and that once."""
    graph = debate(*relations, "a supports c", b=0.7)
    solution = solve(graph, {"k1": PASSED, "k2": TEST})
    of = {
        name: tuple((terms if data["kind"] == "claim" else bearing)(graph, solution, name))
        for name, data in graph.nodes(data=True)
    }
    full: list[str] = ["c"]

    def look(branches: tuple[Branch, ...], expected: tuple[Term, ...], level: int) -> None:
        assert tuple(branch.term for branch in branches) == expected
        assert level <= depth
        for branch in branches:
            if branch.branches:
                full.append(branch.term.source)
                look(branch.branches, of[branch.term.source], level + 1)
            else:
                assert bool(branch.cut) == bool(of[branch.term.source])

    look(tree(of.__getitem__, "c", depth), of["c"], 1)
    assert len(full) == len(set(full))


def test_where_a_tree_is_cut() -> None:
    """A loop back, what stands above already, and what lies too deep are told apart."""
    graph = debate(
        "a supports c",
        "b supports c",
        "k1 supports a",
        "a supports b",
        "c attacks a",
        "k1 supports b",
    )
    solution = solve(graph, {"k1": PASSED})

    def of(name: str) -> list[Term]:
        return terms(graph, solution, name) if name in solution.status else []

    def cuts(branches: tuple[Branch, ...]) -> dict[str, str]:
        return {branch.term.source: branch.cut for branch in branches}

    first, second = tree(of, "c", 9)
    assert (first.term.source, cuts(first.branches)) == ("b", {"k1": "", "a": ""})
    (again,) = (branch for branch in first.branches if branch.term.source == "a")
    assert cuts(again.branches) == {"k1": "", "c": "loop"}
    assert (second.term.source, second.cut, second.branches) == ("a", "above", ())
    assert cuts(tree(of, "c", 1)) == {"a": "deep", "b": "deep"}


KINDS = {"k1": ("pass", "fail"), "k2": ("pass", "fail", "unknown"), "k3": ("fail", "unknown")}
MEANS = {"pass": PASSED, "fail": FAILED, "unknown": TEST}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(RELATIONS), max_size=12))
def test_changes_are_all_that_turn_and_no_more(relations: list[str]) -> None:
    """Every single outcome that turns the claim is there, then every pair of which neither does."""
    graph = debate(*relations, "k1 supports c", "k2 attacks c", "k3 tests a", "a supports c")
    verdicts = {"k1": FAILED, "k2": SILENT, "k3": PASSED}
    otherwise = {name: {word: MEANS[word] for word in words} for name, words in KINDS.items()}
    found = changes(graph, verdicts, otherwise, "c")
    single, pairs = found.single, found.pairs
    now = solve(graph, verdicts).status["c"]

    def turned(*outcomes: tuple[str, str]) -> bool:
        moved = {name: MEANS[word] for name, word in outcomes}
        return solve(graph, {**verdicts, **moved}).status["c"] != now

    every = [(name, word) for name, words in KINDS.items() for word in words]
    alone = [outcome for outcome in every if turned(outcome)]
    assert {change.outcomes for change in single} == {(outcome,) for outcome in alone}
    assert not found.untried
    rest = [o for o in every if o not in alone and o[1] != "unknown"]
    both = {
        (one, other)
        for one, other in combinations(sorted(rest), 2)
        if one[0] != other[0] and turned(one, other)
    }
    assert {change.outcomes for change in pairs} == both
    assert all(change.status != now for change in (*single, *pairs))


def test_many_pairs_are_tried_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many pairs, those of the evidence that moves a claim most are tried."""
    graph = debate(*(f"k{i} supports c" for i in range(1, 9)), "k9 attacks c 2.5")
    verdicts = {f"k{i}": PASSED for i in range(1, 10)}
    otherwise = {f"k{i}": {"fail": SILENT} for i in range(1, 9)}
    every = changes(graph, verdicts, otherwise, "c")
    assert (len(every.single), len(every.pairs), every.untried) == (0, 28, 0)
    monkeypatch.setattr("argmap.explain.changing.MOST", 80)
    some = changes(graph, verdicts, otherwise, "c")
    assert (len(some.pairs), some.untried) == (6, 0)
    assert set(some.pairs) < set(every.pairs)


def test_what_is_far_away_is_left_out_where_there_is_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The nearest evidence is tried first; how much was not is told."""
    graph = debate("k1 supports a", "a supports c", "k3 supports c", "k2 supports a")
    verdicts = {"k1": PASSED, "k2": PASSED, "k3": PASSED}
    otherwise = {name: {"fail": FAILED} for name in verdicts}
    monkeypatch.setattr("argmap.explain.changing.MOST", 5)
    found = changes(graph, verdicts, otherwise, "c")
    assert [change.outcomes for change in found.single] == [(("k3", "fail"),)]
    assert found.untried == 2


def test_missing_evidence_is_ranked_by_how_much_it_narrows() -> None:
    """Each comes with what would follow either way; what changes nothing is left out."""
    graph = debate("k1 supports c", "k2 supports c 3", "k3 supports d", "k4 supports c 0")
    verdicts = {"k1": TEST, "k2": TEST, "k3": TEST, "k4": TEST}
    found = missing(graph, solve(graph, verdicts), verdicts, "c")
    assert [one.evidence for one in found] == ["k2", "k1"]
    assert found[0].low == (pytest.approx((-0.8, -2 / 3)), "refuted")
    assert found[0].high == (pytest.approx((2 / 3, 0.8)), "supported")


def test_what_a_claim_rests_on_and_its_strongest_line() -> None:
    """All that surely carries, and the way from what surely speaks most; loops end."""
    graph = debate(
        "k1 supports a 2", "k2 supports a", "a supports c", "k3 supports c 0.5", "k4 attacks a 0.1",
        "k5 supports c", "c supports b", "b supports a",
    )  # fmt: skip
    verdicts = {"k1": PASSED, "k2": SILENT, "k3": PASSED, "k4": PASSED, "k5": REASON}
    solution = solve(graph, verdicts)

    def of(name: str) -> list[Term]:
        return terms(graph, solution, name) if name in solution.status else []

    carrying = {name: lenders(of(name)) for name in graph}
    assert set(carriers(carrying, of("c"))) == {"a", "b", "c", "k1", "k3"}
    assert strongest_line(of, "c") == ("k1", "a", "c")
    assert strongest_line(of, "k1") == ("k1",)
