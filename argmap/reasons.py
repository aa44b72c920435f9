"""Why a claim stands as it does, and what would turn it: lines for a terminal, data for --json."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from argmap.tables import (
    UnknownNameError,
    find,
    held,
    interval,
    observed,
    outcome_row,
    signed,
    status_row,
)
from argmap.whatif import OUTCOMES, Supposition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from argmap.explain import Branch, Change, Missing, Term
    from argmap.report import ClaimReport, EvidenceReport, Report
    from argmap.strengths import Interval
    from argmap.whatif import Moved, Turning

Row = dict[str, Any]
MOST: Final = 10  # changes of a kind that a terminal shows
_CUTS = {"loop": "loop: see above", "above": "see above", "deep": "…"}
_WIDTH = 16


def why(report: Report, id_: str, depth: int) -> list[str]:
    """Return the lines that say why a claim has its status, or evidence its outcome."""
    if id_ in report.claims:
        return list(_why_claim(report, report.claims[id_], depth))
    if id_ in report.evidence:
        return list(_why_evidence(report, report.evidence[id_], depth))
    return list(_why_argument(report, id_, depth))


def _why_claim(report: Report, item: ClaimReport, depth: int) -> Iterator[str]:
    yield f"{item.claim.text}  [{item.claim.id}]"
    yield f"{item.claim.span}"
    marks = f" ({', '.join(item.marks)})" if item.marks else ""
    yield f"{item.now.status}{marks}, strength {interval(item.now.strength)}"
    if item.then:
        yield f"when written: {item.then.status}, strength {interval(item.then.strength)}"
    if item.claim.inferred:
        yield f"inferred from plain text by the rule {item.claim.inferred}"
    if item.now.reason:
        yield f"unknown because of: {item.now.reason}"
    yield from _basis(item)
    yield ""
    if not item.terms and not item.prior:
        yield "  nothing speaks for it or against it: [-1, 1]"
        return
    branches = _tree(report, item.claim.id, depth)
    yield from _sum(report, item, branches, "")
    yield _line(signed(item.now.strength), "strength = E / (1 + |E|)", "")


def _basis(item: ClaimReport) -> Iterator[str]:
    basis = item.basis
    if basis.one_source:
        yield f"rests on one source: {basis.sources[0]} ({basis.reasons} reasons)"
    if basis.stale:
        yield f"rests on stale evidence: {', '.join(basis.stale)}"


def _tree(report: Report, id_: str, depth: int) -> tuple[Branch, ...]:
    from argmap.explain import tree

    return tree(report.terms_of, id_, depth)


def _line(value: str, text: str, indent: str) -> str:
    return f"  {indent}{value:>{_WIDTH}}  {text}"


def _sum(
    report: Report, item: ClaimReport, branches: Sequence[Branch], indent: str
) -> Iterator[str]:
    """Yield a claim's prior, its terms with what is behind each, and E."""
    if item.prior:
        prior = signed((item.prior, item.prior))
        yield _line(prior, f"prior, from credence {item.claim.credence}", indent)
    for branch in branches:
        yield from _branch(report, branch, indent)
    yield f"  {indent}{'-' * _WIDTH}"
    yield _line(signed(total(item)), "E", indent)


def total(item: ClaimReport) -> Interval:
    """Return E: the sum of a claim's prior and terms."""
    low, high = (item.prior + sum(term.value[end] for term in item.terms) for end in (0, 1))
    return low, high


def _branch(report: Report, branch: Branch, indent: str) -> Iterator[str]:
    """Yield a term, and below it, set in, what makes its source's strength."""
    term = branch.term
    cut = f"  ({_CUTS[branch.cut]})" if branch.cut else ""
    yield _line(signed(term.value), f"{_term(report, term)}{cut}", indent)
    if not branch.branches:
        return
    deeper = f"{indent}   | "
    source = report.claims.get(term.source)
    if source:
        yield from _sum(report, source, branch.branches, deeper)
    else:
        yield from _force(report, term.source, branch.branches, deeper)


def _force(report: Report, id_: str, branches: Sequence[Branch], indent: str) -> Iterator[str]:
    """Yield what makes the force of an argument, or of evidence that is undercut."""
    for branch in branches:
        yield from _branch(report, branch, indent)
    yield f"  {indent}{'-' * _WIDTH}"
    made = "least premise" if id_ in report.arguments else "verdict"
    if any(branch.term.kind == "undercuts" for branch in branches):
        cut = [branch.term.value for branch in branches if branch.term.kind == "undercuts"]
        low, high = (max(0.0, 1 + sum(value[end] for value in cut)) for end in (0, 1))
        yield _line(interval((low, high)), "left = 1 less what is cut", indent)
        made += " x left"
    yield _line(signed(report.strengths[id_]), f"force = {made}", indent)


def _term(report: Report, term: Term) -> str:
    factors = [f"weight {term.weight:g}"] if term.weight != 1 else []
    if term.left != (1.0, 1.0):
        factors.append(f"left by undercutters {interval(term.left)}")
    if term.scale != 1:
        factors.append(f"shared in its circle x {term.scale:.2f}")
    said = f" ({', '.join(factors)})" if factors else ""
    return f"{term.kind}{said}: {_called(report, term.source)}"


def _called(report: Report, id_: str) -> str:
    if id_ in report.evidence:
        item = report.evidence[id_]
        stale = " (stale)" if item.now.stale else ""
        kept = "".join(f", {why}" for why in held(item.now))
        return f"{item.now.outcome}{stale}, {item.now.shown}{kept}  [{id_}]"
    if id_ in report.claims:
        claim = report.claims[id_]
        return f"{claim.now.status} {interval(claim.now.strength)}, {claim.claim.text}  [{id_}]"
    return f"argument {interval(report.strengths[id_])}, {report.arguments[id_].text}  [{id_}]"


def _why_argument(report: Report, id_: str, depth: int) -> Iterator[str]:
    yield f"{report.arguments[id_].text}  [{id_}]"
    yield f"{report.arguments[id_].span}"
    yield f"force {interval(report.strengths[id_])}"
    yield ""
    yield from _force(report, id_, _tree(report, id_, depth), "")


def _why_evidence(report: Report, item: EvidenceReport, depth: int) -> Iterator[str]:
    now = item.now
    yield f"{item.text}  [{item.id}]"
    yield f"{item.span}"
    yield f"{now.outcome}{' (stale)' if now.stale else ''}: {now.shown}"
    if now.reason:
        yield f"because: {now.reason.detail or now.reason.code}"
    limit = now.right.value if now.right else None
    one = limit is None or limit.lo == limit.hi
    if now.reach and one:
        yield f"from the threshold: between {now.reach[0]:+.1%} and {now.reach[1]:+.1%}"
    elif now.reach:
        yield "from the threshold: on either side, for it is an interval too"
    elif now.distance is not None:
        where = "the threshold" if one else "the nearer end of the threshold"
        yield f"from {where}: {now.distance:+.1%}"
    if now.hangs:
        yield f"hangs most on: {now.hangs}"
    yield from held(now)
    if item.then:
        yield f"when written: {item.then.outcome}: {item.then.shown}"
    for observation in now.observations:
        yield f"  {observed(observation)}"
    for source in item.sources:
        yield f"  source: {source.text}{f' <{source.url}>' if source.url else ''}"
    if branches := _tree(report, item.id, depth):
        yield ""
        yield from _force(report, item.id, branches, "")


def why_data(report: Report, id_: str, depth: int) -> Row:
    """Return the same as data: terms hold the terms of their sources in turn."""
    branches = [_branch_data(report, branch) for branch in _tree(report, id_, depth)]
    if id_ in report.claims:
        item = report.claims[id_]
        row = {**status_row(item), "prior": item.prior, "total": total(item)}
        return {**row, "terms": branches}
    if id_ in report.evidence:
        evidence = report.evidence[id_]
        seen = [observed(observation) for observation in evidence.now.observations]
        return {**outcome_row(evidence), "observations": seen, "terms": branches}
    row = {"id": id_, "text": report.arguments[id_].text, "force": report.strengths[id_]}
    return {**row, "terms": branches}


def _branch_data(report: Report, branch: Branch) -> Row:
    term, claim = branch.term, report.claims.get(branch.term.source)
    row: Row = {
        "source": term.source,
        "kind": term.kind,
        "weight": term.weight,
        "strength": term.strength,
        "left": term.left,
        "scale": term.scale,
        "value": term.value,
    }
    if claim:
        row |= {"status": claim.now.status, "prior": claim.prior, "total": total(claim)}
    if term.source in report.evidence:
        now = report.evidence[term.source].now
        row |= {"outcome": now.outcome, "shown": now.shown, "stale": now.stale}
    deeper = [_branch_data(report, one) for one in branch.branches]
    return {**row, "cut": branch.cut or None, "terms": deeper}


# What would turn it


def turning_lines(report: Report, id_: str, found: Turning) -> list[str]:
    """Return the lines of `why --changes`."""
    item = report.claims[id_]
    lines = [f"{item.claim.text}  [{id_}]", f"{item.now.status} {interval(item.now.strength)}"]
    if found.missing:
        lines += ["", "missing evidence, what narrows it most first:"]
        lines += _most([_missing(one) for one in found.missing])
    if found.changes.single:
        lines += ["", "turned by one:"]
        lines += _most([_change(report, one) for one in found.changes.single])
    if found.changes.pairs:
        lines += ["", "turned by two together:"]
        lines += _most([_change(report, one) for one in found.changes.pairs])
    if not (found.changes.single or found.changes.pairs):
        lines += ["", "no one piece of evidence would turn it, and no two together"]
    if found.changes.untried:
        lines += ["", f"{found.changes.untried} pieces of evidence farther away were not tried"]
    return lines


def _most(lines: list[str]) -> list[str]:
    more = [f"  and {len(lines) - MOST} more; --json lists them all"]
    return lines[:MOST] + (more if len(lines) > MOST else [])


def _missing(one: Missing) -> str:
    low, high = (f"{status} {interval(strength)}" for strength, status in (one.low, one.high))
    return f"  {one.evidence}: narrows it by {one.narrows:.2f}; fail -> {low}, pass -> {high}"


def _change(report: Report, change: Change) -> str:
    moves = ", ".join(
        f"{id_}: {report.evidence[id_].now.outcome} -> {outcome}"
        for id_, outcome in change.outcomes
    )
    return f"  {moves}: {change.status} {interval(change.strength)}"


def turning_data(report: Report, id_: str, found: Turning) -> Row:
    """Return the same as data."""
    return {
        **status_row(report.claims[id_]),
        "single": [_change_data(report, change) for change in found.changes.single],
        "pairs": [_change_data(report, change) for change in found.changes.pairs],
        "untried": found.changes.untried,
        "missing": [
            {
                "evidence": one.evidence,
                "narrows": one.narrows,
                "fail": {"status": one.low[1], "strength": one.low[0]},
                "pass": {"status": one.high[1], "strength": one.high[0]},
            }
            for one in found.missing
        ],
    }


def _change_data(report: Report, change: Change) -> Row:
    moves = [
        {"evidence": id_, "before": report.evidence[id_].now.outcome, "after": outcome}
        for id_, outcome in change.outcomes
    ]
    return {"changes": moves, "status": change.status, "strength": change.strength}


# What if


def supposition(report: Report, words: Sequence[str]) -> Supposition:
    """Read ``ID=fail ID=0.8 …``: outcomes of evidence, strengths of claims.

    Raises UnknownNameError for what cannot be meant, with what could.
    """
    outcomes, strengths = {}, {}
    for word in words:
        name, equals, value = word.rpartition("=")
        if not equals or not name:
            raise UnknownNameError(f"{word!r} supposes nothing; write ID=fail or ID=0.8")
        id_ = find(report, name)
        if id_ in outcomes or id_ in strengths:
            raise UnknownNameError(f"{id_!r} is supposed twice")
        if id_ in report.evidence:
            outcomes[id_] = _one_of(OUTCOMES, value, f"{id_!r} is evidence")
        elif id_ in report.claims:
            strengths[id_] = _strength(value, id_)
        else:
            raise UnknownNameError(f"{id_!r} is an argument; suppose something of its premises")
    return Supposition(outcomes, strengths)


def _one_of(allowed: Sequence[Any], value: str, what: str) -> Any:
    if value in allowed:
        return value
    near = get_close_matches(value, allowed, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise UnknownNameError(f"{what}: {value!r} is none of {', '.join(allowed)}{hint}")


def _strength(value: str, id_: str) -> Interval:
    if value == "unknown":
        return -1.0, 1.0
    try:
        number = float(value)
    except ValueError:
        number = 2.0
    if not -1 <= number <= 1:
        raise UnknownNameError(
            f"{id_!r} is a claim: {value!r} is no strength from -1 to 1, nor `unknown`"
        )
    return number, number


def whatif_lines(report: Report, found: Sequence[Moved]) -> list[str]:
    """Return what would turn, before and after; of what only moves, how many."""
    turned = [one for one in found if one.turned]
    lines = [
        f"{one.before.status} {interval(one.before.strength)} ->"
        f" {one.after.status} {interval(one.after.strength)}:"
        f" {report.claims[one.claim].claim.text}  [{one.claim}]"
        for one in turned
    ]
    rest = len(found) - len(turned)
    if not turned:
        lines.append("nothing would turn")
    if rest:
        lines.append(f"{rest} {'other claims move' if rest > 1 else 'other claim moves'}, unturned")
    return lines


def whatif_data(supposed: Supposition, found: Sequence[Moved]) -> Row:
    """Return the same as data, with all that moves."""
    return {
        "supposed": {**supposed.outcomes, **supposed.strengths},
        "moved": [
            {
                "claim": one.claim,
                "turned": one.turned,
                "before": {"status": one.before.status, "strength": one.before.strength},
                "after": {"status": one.after.status, "strength": one.after.strength},
            }
            for one in found
        ],
    }
