"""Why this status: the terms of the sum, the missing evidence, what turned it or would turn it."""

from argmap.explain.changing import Change, Changes, changes
from argmap.explain.sums import (
    Branch,
    Term,
    TermKind,
    bearing,
    carriers,
    lenders,
    strongest_line,
    sure,
    terms,
    tree,
)
from argmap.explain.turned import cause_of
from argmap.explain.unknown import Missing, missing, unknown_reason, unknown_reasons
from argmap.explain.ways import path, upstream

__all__ = [
    "Branch",
    "Change",
    "Changes",
    "Missing",
    "Term",
    "TermKind",
    "bearing",
    "carriers",
    "cause_of",
    "changes",
    "lenders",
    "missing",
    "path",
    "strongest_line",
    "sure",
    "terms",
    "tree",
    "unknown_reason",
    "unknown_reasons",
    "upstream",
]
