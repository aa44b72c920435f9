"""The order of solving: block after block, and in loops round after round.

A block is a run of nodes of one stage, which rest on earlier blocks only: either nodes outside
loops, or loops that go their rounds together. Each loop stops at its own convergence, so the
result is that of taking the loops singly. In a block claims come first, so that slices tell them
from evidence and arguments. Strengths are arrays of two rows, low and high.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from argmap.strengths import NEAR_ONE
from argmap.strengths.links import ARGUMENT, ATTACKS, CLAIM, PREMISE, UNDERCUTS, Links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from argmap.strengths.links import Codes, Flags, Numbers, Reals

ROUNDS: Final = 1_000
STILL: Final = 1e-9  # a loop is done when nothing in it moves by as much
ANYTHING: Final = 1e300  # a sum whose strength is 1
CACHEFUL: Final = 40_000  # relations in loops that go their rounds together
WORTH_KEEPING: Final = 0.7  # loops that are done are put away when the rest is less than this


@dataclass(frozen=True, slots=True, eq=False)
class Strengths:
    """Every node's strength, and in loops what the last round took it to be."""

    ends: Reals
    used: Reals
    loop: Numbers  # each node's loop, -1 outside loops

    def read(self, links: Links) -> Reals:
        """Return the strength that each link's target read at its source."""
        loop = self.loop[links.source]
        inside = (loop >= 0) & (loop == self.loop[links.target])
        return np.where(inside, self.used[:, links.source], self.ends[:, links.source])


def summed(values: Reals, target: Numbers, count: int) -> Reals:
    """Return what falls to each of `count` targets."""
    sums: NDArray[Any] = np.bincount(target, values, minlength=count)
    return sums


def odds(strength: Reals) -> Reals:
    """Return u / (1 - u) for the positive part u of a strength: the E that makes it."""
    positive = np.maximum(strength, 0)
    result: Reals = positive / np.maximum(1 - positive, NEAR_ONE)
    return result


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """In what order to solve: components from low stages to high."""

    component: Numbers  # of each node
    stage: Numbers  # of each component; loops are in other stages than the rest

    def inside(self, links: Links) -> Flags:
        """Say which links stay inside a component: they make it a loop."""
        same: Flags = self.component[links.source] == self.component[links.target]
        return same


def settle(kind: Codes, prior: Reals, links: Links, order: Order, verdicts: Reals) -> Strengths:
    """Return everything's strength, component by component in topological order.

    `prior` is nan for a claim without credence; `verdicts` are two rows, read for evidence.
    """
    inside = order.inside(links)
    loop = np.full(len(kind), -1, dtype=np.intp)
    loop[links.target[inside]] = order.component[links.target[inside]]
    block = order.stage[order.component]
    nodes = np.argsort(block * 3 + kind, kind="stable")
    place = np.empty_like(nodes)
    place[nodes] = np.arange(len(nodes))
    work = _Work(
        kind=kind[nodes],
        loop=loop[nodes],
        base=_base(kind, prior, links, verdicts)[:, nodes],
        outside=_by_target(links.taken(~inside), place),
        inside=_by_target(links.taken(inside), place),
        ends=np.zeros((2, len(kind))),
        used=np.zeros((2, len(kind))),
        lent=np.zeros((2, len(kind))),
    )
    bounds = np.flatnonzero(np.diff(block[nodes], prepend=-1, append=-1)).tolist()
    for first, last in itertools.pairwise(bounds):
        work.solve(first, last)
    return Strengths(work.ends[:, place], work.used[:, place], loop)


def _by_target(links: Links, place: Numbers) -> Links:
    """Return links between nodes' places in working order, sorted by target."""
    moved = Links(place[links.source], place[links.target], links.relation, links.weight)
    return moved.taken(np.argsort(moved.target, kind="stable"))


def _base(kind: Codes, prior: Reals, links: Links, verdicts: Reals) -> Reals:
    """Return what each node starts from, before anything comes in.

    A claim's sum starts at its prior; of evidence this is the verdict, of an argument the most its
    premises can come to. What nothing is said about may be anything.
    """
    entered = np.bincount(links.target, minlength=len(kind)) > 0
    argued = np.bincount(links.target[links.relation == PREMISE], minlength=len(kind)) > 0
    base = np.where(kind == CLAIM, np.nan_to_num(prior), verdicts)
    base[:, kind == ARGUMENT] = 1
    base[0, (kind == ARGUMENT) & ~argued] = 0
    unexamined = (kind == CLAIM) & np.isnan(prior) & ~entered
    base[:, unexamined] = [[-ANYTHING], [ANYTHING]]
    return base


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """The nodes in working order, and how far their strengths are known."""

    kind: Codes
    loop: Numbers
    base: Reals
    outside: Links  # by target, as is the next
    inside: Links
    ends: Reals
    used: Reals
    lent: Reals

    def solve(self, first: int, last: int) -> None:
        """Solve the nodes from `first` to `last`, which rest on solved ones and each other."""
        kind = self.kind[first:last]
        block = _Block.of(self.base[:, first:last], int(np.count_nonzero(kind == CLAIM)))
        outside = _between(self.outside, first, last)
        block = block.joined_by(
            _Incoming.of(outside, slice(first, last), len(self.kind)), self.lent
        )
        if self.loop[first] < 0:
            ends = used = block.strengths()
        else:
            start = np.array([np.where(kind == ARGUMENT, 0.0, -1.0), np.ones(len(kind))])
            ends, used = _settled(self.loops(block, first, last), start)
        self.ends[:, first:last], self.used[:, first:last] = ends, used
        self.lent[:, first:last] = _lending(ends, block.claims)

    def loops(self, block: _Block, first: int, last: int) -> _Loops:
        """Return the nodes from `first` to `last` as loops, counted from 0."""
        links = _between(self.inside, first, last)
        own = links.shifted(-first)
        loop = np.unique(self.loop[first:last], return_inverse=True)[1]
        return _Loops(block, own, loop, np.arange(last - first))


def _between(links: Links, first: int, last: int) -> Links:
    """Return the links into the nodes from `first` to `last`."""
    low, high = np.searchsorted(links.target, [first, last]).tolist()
    return links.taken(slice(low, high))


def _lending(ends: Reals, claims: int) -> Reals:
    """Return what nodes lend: a claim only where it is positive, evidence also where negative."""
    lent = ends.copy()
    np.maximum(lent[:, :claims], 0, out=lent[:, :claims])
    return lent


@dataclass(frozen=True, slots=True, eq=False)
class _Incoming:
    """Links into a block, ready to be summed: indices into what nodes lend, flat."""

    places: Numbers  # of each link, for the low end and for the high; undercuts come last
    weight: Reals
    cuts: int  # where the undercuts begin
    targets: Numbers  # twice: where each link's low end is added, and its high, flat
    premises: Numbers
    premise_rows: Numbers  # the arguments
    premise_starts: Numbers  # where each argument's premises begin

    @staticmethod
    def of(links: Links, block: slice, count: int) -> _Incoming:
        """Prepare links by target, into a block's places, from `count` lenders."""
        premises = links.taken(links.relation == PREMISE)
        cuts = links.taken(links.relation == UNDERCUTS)
        bears = links.taken((links.relation != PREMISE) & (links.relation != UNDERCUTS))
        attacks = bears.relation == ATTACKS
        # The low end of a sum is made by supporters' low ends and attackers' high ones.
        low = np.concatenate([bears.source + count * attacks, cuts.source])
        high = np.concatenate([bears.source + count * ~attacks, cuts.source + count])
        target = np.concatenate([bears.target, cuts.target]) - block.start
        starts = np.flatnonzero(np.diff(premises.target, prepend=-1))
        return _Incoming(
            places=np.array([low, high]),
            weight=np.concatenate([np.where(attacks, -bears.weight, bears.weight), cuts.weight]),
            cuts=len(bears.source),
            targets=np.concatenate([target, target + block.stop - block.start]),
            premises=np.array([premises.source, premises.source + count]),
            premise_rows=premises.target[starts] - block.start,
            premise_starts=starts,
        )

    def sums(self, lent: Reals, size: int) -> Reals:
        """Return what the links add up to at each of a block's places, low and high."""
        brought = lent.take(self.places)
        if self.cuts < len(self.weight):
            brought[:, self.cuts :] = odds(brought[:, self.cuts :])
        brought *= self.weight
        return summed(brought.ravel(), self.targets, 2 * size).reshape(2, size)

    def least(self, lent: Reals) -> Reals:
        """Return the least of each argument's premises, low and high, where it is positive."""
        least = np.minimum.reduceat(lent.take(self.premises), self.premise_starts, axis=1)
        return np.maximum(least, 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Nodes with the sums and minima of what has come in so far."""

    claims: int
    totals: Reals  # a claim's E; what is cut from evidence and arguments
    bounds: Reals  # of evidence, the verdict; of arguments, the least of the premises

    @staticmethod
    def of(base: Reals, claims: int) -> _Block:
        """Return a block that nothing has come into."""
        totals = base.copy()
        totals[:, claims:] = 0
        return _Block(claims, totals, base)

    def joined_by(self, links: _Incoming, lent: Reals) -> _Block:
        """Return the block with what these links bring."""
        totals, bounds = self.totals, self.bounds
        if len(links.targets):
            totals = links.sums(lent, totals.shape[1])
            totals += self.totals
        if len(links.premise_rows):
            rows = links.premise_rows
            bounds = bounds.copy()
            bounds[:, rows] = np.minimum(bounds[:, rows], links.least(lent))
        return _Block(self.claims, totals, bounds)

    def strengths(self) -> Reals:
        """Return the strengths that follow: of claims, and the force of the rest."""
        ends = np.abs(self.totals)
        ends += 1
        np.divide(self.totals, ends, out=ends)
        if self.claims < ends.shape[1]:
            left = np.maximum(0, 1 - self.totals[::-1, self.claims :])
            low, high = self.bounds[:, self.claims :]
            ends[0, self.claims :] = np.minimum(low * left[0], low * left[1])
            ends[1, self.claims :] = np.maximum(high * left[0], high * left[1])
        return ends

    def narrowed(self, keep: Numbers) -> _Block:
        """Return the block with some of its nodes only, claims first."""
        claims = int(np.count_nonzero(keep < self.claims))
        return _Block(claims, self.totals[:, keep], self.bounds[:, keep])


@dataclass(frozen=True, slots=True, eq=False)
class _Loops:
    """Loops that still move: their nodes, and the links among those."""

    block: _Block  # with what comes from outside
    links: Links  # by target; sources and targets are places among these nodes
    loop: Numbers  # of each node
    nodes: Numbers  # their places before any loop was done

    def incoming(self) -> _Incoming:
        """Return the links among the nodes, ready to be summed."""
        count = len(self.nodes)
        return _Incoming.of(self.links, slice(0, count), count)

    def narrowed(self, keep: Numbers) -> _Loops:
        """Return some of the loops: those of the nodes at these places, in this order."""
        place = np.full(len(self.nodes), -1, dtype=np.intp)
        place[keep] = np.arange(len(keep))
        links = self.links.taken(place[self.links.target] >= 0).renumbered(place)
        return _Loops(self.block.narrowed(keep), links, self.loop[keep], self.nodes[keep])

    def batches(self) -> Iterator[_Loops]:
        """Yield the loops a cacheful at a time; nodes keep their order, claims first."""
        into = self.loop[self.links.target]
        of_loop = np.cumsum(np.bincount(into, minlength=int(self.loop.max()) + 1)) // CACHEFUL
        of_node, of_link = of_loop[self.loop], of_loop[into]
        nodes = np.argsort(of_node, kind="stable")
        place = np.empty_like(nodes)
        place[nodes] = np.arange(len(nodes))
        links = self.links.taken(np.argsort(of_link, kind="stable")).renumbered(place)
        link_ends = np.cumsum(np.bincount(of_link)).tolist()
        first = first_link = 0
        for last, last_link in zip(np.cumsum(np.bincount(of_node)), link_ends, strict=True):
            if last > first:
                own = nodes[first:last]
                shifted = links.taken(slice(first_link, last_link)).shifted(-first)
                loop = self.loop[own] - self.loop[own].min()
                yield _Loops(self.block.narrowed(own), shifted, loop, self.nodes[own])
            first, first_link = last, last_link


def _settled(loops: _Loops, now: Reals) -> tuple[Reals, Reals]:
    """Return strengths in loops after and before their last rounds, which start from `now`.

    Loops go some rounds a cacheful at a time; those that still move are packed together anew.
    """
    before = now.copy()
    turn = 0
    while turn < ROUNDS and len(loops.nodes):
        rounds = min(max(50, 3 * turn), ROUNDS - turn)
        moving = np.zeros(now.shape[1], dtype=np.bool_)
        for batch in loops.batches():
            moving[_run(batch, rounds, now, before)] = True
        loops = loops.narrowed(np.flatnonzero(moving[loops.nodes]))
        turn += rounds
    return now, before


def _run(loops: _Loops, rounds: int, now: Reals, before: Reals) -> Numbers:
    """Go rounds, at the end of which `now` and `before` hold the last; return what still moves."""
    this = last = now[:, loops.nodes]
    going = np.ones(int(loops.loop.max()) + 1, dtype=np.bool_)
    incoming = loops.incoming()
    for _ in range(rounds):
        last = this
        this = loops.block.joined_by(incoming, _lending(this, loops.block.claims)).strengths()
        done = going & ~_moving(loops.loop, this - last, going)
        if not done.any():
            continue
        going &= ~done
        over = done[loops.loop]
        now[:, loops.nodes[over]], before[:, loops.nodes[over]] = this[:, over], last[:, over]
        keep = np.flatnonzero(going[loops.loop])
        if len(keep) < WORTH_KEEPING * len(loops.nodes):
            if not len(keep):
                return keep
            loops, this, last = loops.narrowed(keep), this[:, keep], last[:, keep]
            incoming = loops.incoming()
    still = going[loops.loop]
    nodes = loops.nodes[still]
    now[:, nodes], before[:, nodes] = this[:, still], last[:, still]
    return nodes


def _moving(loop: Numbers, step: Reals, going: Flags) -> Flags:
    """Say which loops moved in a step."""
    np.abs(step, out=step)
    moving = np.zeros_like(going)
    moving[loop[np.maximum(step[0], step[1]) >= STILL]] = True
    return moving
