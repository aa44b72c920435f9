"""Report -> JSON-LD: each claim as schema.org's Claim, and a ClaimReview where evidence has run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from argmap.claims.model import Source
    from argmap.report import ClaimReport, EvidenceReport, Report

    Node = dict[str, Any]

# From -1, refuted, to 1, supported. An unknown claim has a review, and no figure.
_RATINGS = {"supported": 1, "contested": 0, "refuted": -1}
# The text may be put into a page between script tags, where these would end or open something.
_CODED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def jsonld(report: Report) -> str:
    """Return one graph; addresses are those of the site's pages, from the site's root."""
    content = {"@context": "https://schema.org", "@graph": list(_graph(report))}
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    return text.translate(_CODED) + "\n"


def _graph(report: Report) -> Iterator[Node]:
    ran: dict[str, list[EvidenceReport]] = {}
    for item in report.evidence.values():
        if item.kind == "check" and item.now.outcome in ("pass", "fail"):
            for claim in item.claims:
                ran.setdefault(claim, []).append(item)
    for id_, said in report.claims.items():
        yield _claim(said)
        if id_ in ran:
            yield _review(report, said, ran[id_])


def _claim(said: ClaimReport) -> Node:
    claim = said.claim
    node: Node = {"@type": "Claim", "@id": _page(claim.id), "identifier": claim.id}
    node["text"] = claim.text
    if claim.tags:
        node["keywords"] = list(claim.tags)
    if claim.attributed:  # whose thesis it is: where it was made, by the words of the note
        node["appearance"] = _work(claim.attributed)
    return node


def _review(report: Report, said: ClaimReport, ran: Iterable[EvidenceReport]) -> Node:
    page = _page(said.claim.id)
    ran = list(ran)
    node: Node = {
        "@type": "ClaimReview",
        "@id": f"{page}#review",
        "url": page,
        "datePublished": report.as_of.isoformat(),
        # Whoever keeps the project is not known here; what judged the claim is.
        "author": {"@type": "SoftwareApplication", "name": "argmap"},
        "itemReviewed": {"@id": page},
        "claimReviewed": said.claim.text,
        "reviewRating": _rating(said),
        "reviewBody": "\n".join(f"{item.now.outcome}: {item.now.shown}" for item in ran),
    }
    if works := list(_works(ran)):
        node["citation"] = works
    return node


def _rating(said: ClaimReport) -> Node:
    lo, hi = (f"{round(end, 9) + 0.0:.2f}" for end in said.now.strength)
    rating: Node = {"@type": "Rating", "worstRating": -1, "bestRating": 1}
    if said.now.status in _RATINGS:
        rating["ratingValue"] = _RATINGS[said.now.status]
    rating["alternateName"] = said.now.status
    rating["ratingExplanation"] = f"strength {lo}" if lo == hi else f"strength {lo} … {hi}"
    return rating


def _works(ran: Iterable[EvidenceReport]) -> Iterator[Node]:
    """Yield what the evidence rests on, each once."""
    told = []
    for item in ran:
        works = [_work(source) for source in item.sources]
        works += [_named(seen.source, seen.url) for seen in item.now.observations if seen.source]
        for work in works:
            if work not in told:
                told.append(work)
                yield work


def _work(source: Source) -> Node:
    return _named(source.text or source.url, source.url)


def _named(name: str, url: str) -> Node:
    work: Node = {"@type": "CreativeWork", "name": name}
    if url.startswith(("https://", "http://")):
        work["url"] = url
    return work


def _page(id_: str) -> str:
    from argmap.pages.names import claim_page

    return claim_page(id_)
