"""The arithmetic on numpy arrays: a million relations in seconds.

Relations first become links: what the formulas read, with circles scaled. The nodes are then
taken in blocks, each resting on earlier ones only (`rounds`), and the sums for and against each
claim, kept for statuses and reasons, are made from the result.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from argmap.strengths import MARGIN, SLACK, WEAKER
from argmap.strengths.components import components, stages
from argmap.strengths.links import (
    ARGUMENT,
    ATTACKS,
    CLAIM,
    CONTRADICTS,
    EVIDENCE,
    PREMISE,
    SUPPORTS,
    UNDERCUTS,
    Links,
)
from argmap.strengths.rounds import Order, Strengths, odds, settle, summed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from argmap.strengths import Status
    from argmap.strengths.links import Codes, Flags, Numbers, Reals

STATUSES: Final[tuple[Status, ...]] = ("supported", "refuted", "contested", "unknown")
SUPPORTED, REFUTED, CONTESTED, UNKNOWN = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """A graph as arrays: a row a node, and a row a relation between nodes' numbers."""

    kind: Codes
    prior: Reals  # of claims; nan where no credence is stated
    source: Numbers
    target: Numbers
    relation: Codes
    weight: Reals  # finite, not negative

    @staticmethod
    def of(
        *,
        kind: ArrayLike,
        prior: ArrayLike,
        source: ArrayLike,
        target: ArrayLike,
        relation: ArrayLike,
        weight: ArrayLike,
    ) -> Arrays:
        """Return arrays of whatever holds the numbers."""
        return Arrays(
            kind=np.asarray(kind, dtype=np.int8),
            prior=np.asarray(prior, dtype=np.float64),
            source=np.asarray(source, dtype=np.intp),
            target=np.asarray(target, dtype=np.intp),
            relation=np.asarray(relation, dtype=np.int8),
            weight=np.asarray(weight, dtype=np.float64),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Wiring:
    """What of a graph does not change with the verdicts."""

    arrays: Arrays
    links: Links  # circles scaled
    component: Numbers  # of each node, numbered in topological order
    stage: Numbers  # of each component: when it is solved
    circle: Numbers  # of each node, -1 outside circles
    scale: Reals  # what supports from inside a claim's circle are multiplied by

    def repeated(self, times: int) -> Wiring:
        """Return the wiring of a graph that holds this one several times, unconnected."""
        copy = np.repeat(np.arange(times), len(self.component))
        return Wiring(
            arrays=_repeated(self.arrays, len(self.component), times),
            links=_repeated(self.links, len(self.component), times),
            component=np.tile(self.component, times) * times + copy,
            stage=np.repeat(self.stage, times),
            circle=np.tile(self.circle, times),
            scale=np.tile(self.scale, times),
        )


Rows = TypeVar("Rows", Arrays, Links)


def _repeated(rows: Rows, count: int, times: int) -> Rows:
    """Return rows several times over, each time between `count` further nodes."""
    shift = np.repeat(np.arange(times) * count, len(rows.source))
    tiled = {field.name: np.tile(getattr(rows, field.name), times) for field in fields(rows)}
    tiled["source"] += shift
    tiled["target"] += shift
    return type(rows)(**tiled)


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """What `solve_arrays` finds, a row a node; named as in `Solution`."""

    strengths: Strengths
    left: Reals  # low and high; 1 where nothing undercuts
    speaks_for: Reals  # low and high, of claims; so is the next
    speaks_against: Reals
    status: Codes  # places in STATUSES; of claims only
    clashes: Numbers  # a row two claims that contradict each other and were both supported
    undercut: Flags
    wiring: Wiring


def solve_arrays(arrays: Arrays, verdict_low: ArrayLike, verdict_high: ArrayLike) -> Solved:
    """Return strengths and statuses; verdicts have a row a node, read where it is evidence."""
    return solve_wired(wire(arrays), np.array([verdict_low, verdict_high], dtype=np.float64))


def wire(arrays: Arrays) -> Wiring:
    """Return a graph's links, its components in order, and its circles."""
    links = _links(arrays)
    component = components(len(arrays.kind), links.source, links.target)
    stage = stages(component, links.source, links.target)
    return _scaled(arrays, links, component, stage)


def solve_wired(wiring: Wiring, verdicts: Reals) -> Solved:
    """Return strengths and statuses for two rows of verdicts, low and high."""
    arrays, links = wiring.arrays, wiring.links
    order = Order(wiring.component, wiring.stage)
    strengths = settle(arrays.kind, arrays.prior, links, order, verdicts)
    speaks_for, speaks_against = _sides(arrays, links, strengths)
    status = _statuses(strengths.ends, speaks_for, speaks_against)
    clashes = _set_pairs(arrays, status)
    cuts = links.taken(links.relation == UNDERCUTS)
    return Solved(
        strengths=strengths,
        left=_left(cuts, strengths, len(arrays.kind)),
        speaks_for=speaks_for,
        speaks_against=speaks_against,
        status=status,
        clashes=clashes,
        undercut=np.bincount(cuts.target, minlength=len(arrays.kind)) > 0,
        wiring=wiring,
    )


def _links(arrays: Arrays) -> Links:
    """Return the relations that the formulas have a place for; a contradiction is two attacks."""
    wanted = np.array([CLAIM, CLAIM, CLAIM, EVIDENCE, ARGUMENT], dtype=np.int8)[arrays.relation]
    kind = arrays.kind[arrays.target]
    fits = (kind == wanted) | ((arrays.relation == UNDERCUTS) & (kind == ARGUMENT))
    both = arrays.relation == CONTRADICTS
    fits &= ~both | (arrays.kind[arrays.source] == CLAIM)
    back = fits & both
    read_as = np.where(both, ATTACKS, arrays.relation).astype(np.int8)
    return Links(
        source=np.concatenate([arrays.source[fits], arrays.target[back]]),
        target=np.concatenate([arrays.target[fits], arrays.source[back]]),
        relation=np.concatenate([read_as[fits], read_as[back]]),
        weight=np.concatenate([arrays.weight[fits], arrays.weight[back]]),
    )


def _scaled(arrays: Arrays, links: Links, component: Numbers, stage: Numbers) -> Wiring:
    """Find the circles, and divide the supports inside each where they weigh more than 1."""
    count = len(arrays.kind)
    lifts = (links.relation == SUPPORTS) | (links.relation == PREMISE)
    lifts &= component[links.source] == component[links.target]
    number = components(count, links.source[lifts], links.target[lifts])
    inside = lifts & (number[links.source] == number[links.target])
    circle = np.full(count, -1, dtype=np.intp)
    circle[links.target[inside]] = number[links.target[inside]]
    supports = inside & (links.relation == SUPPORTS)
    total = np.bincount(links.target[supports], links.weight[supports], minlength=count)
    scale = 1 / np.maximum(total, 1)
    weight = np.where(supports, links.weight * scale[links.target], links.weight)
    scaled = Links(links.source, links.target, links.relation, weight)
    return Wiring(arrays, scaled, component, stage, circle, scale)


def _sides(arrays: Arrays, links: Links, strengths: Strengths) -> tuple[Reals, Reals]:
    """Return what speaks for and what speaks against each claim: two pairs of rows."""
    bears = links.taken((links.relation != UNDERCUTS) & (links.relation != PREMISE))
    low, high = strengths.read(bears)
    # Evidence that failed speaks for the other side; a refuted claim speaks for none.
    turns = np.where(arrays.kind[bears.source] == EVIDENCE, bears.weight, 0)
    straight = bears.weight * np.maximum([low, high], 0)
    turned = turns * np.maximum([-high, -low], 0)
    supports = bears.relation == SUPPORTS
    count = len(arrays.kind)
    speaks_for = [summed(row, bears.target, count) for row in np.where(supports, straight, turned)]
    against = [summed(row, bears.target, count) for row in np.where(supports, turned, straight)]
    return np.array(speaks_for), np.array(against)


def _left(cuts: Links, strengths: Strengths, count: int) -> Reals:
    """Return what undercutters leave of each node: a low row and a high row."""
    low, high = strengths.read(cuts)
    cut = [summed(cuts.weight * odds(end), cuts.target, count) for end in (high, low)]
    return np.maximum(0, 1 - np.array(cut))


def _statuses(ends: Reals, speaks_for: Reals, speaks_against: Reals) -> Codes:
    """Return each claim's status by itself, before contradictions are looked at."""
    weaker = np.minimum(speaks_for[0], speaks_against[0])
    stronger = np.maximum(speaks_for[1], speaks_against[1])
    contested = (weaker > SLACK) & (weaker >= WEAKER * stronger - SLACK)
    status: Codes = np.select(
        [contested, ends[0] >= MARGIN - SLACK, ends[1] <= SLACK - MARGIN],
        [CONTESTED, SUPPORTED, REFUTED],
        UNKNOWN,
    ).astype(np.int8)
    return status


def _set_pairs(arrays: Arrays, status: Codes) -> Numbers:
    """Set the status of claims that contradict each other and are both supported: contested.

    Returns those pairs, a row each.
    """
    both = arrays.relation == CONTRADICTS
    one, other = arrays.source[both], arrays.target[both]
    clash = (status[one] == SUPPORTED) & (status[other] == SUPPORTED)
    clash &= (arrays.kind[one] == CLAIM) & (arrays.kind[other] == CLAIM)
    status[np.concatenate([one[clash], other[clash]])] = CONTESTED
    pairs: Numbers = np.array([one[clash], other[clash]]).T
    return pairs
