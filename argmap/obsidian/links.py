"""Links back into the notes, as Obsidian takes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argmap.vault.uri import open_uri

if TYPE_CHECKING:
    from argmap.report import Report

_UNLINKED = re.compile(r"[#^|\[\]\\]|%%")  # what a wikilink's target cannot hold
_SPOILS = str.maketrans({"[": "(", "]": ")", "|": "∣", "\n": " ", "\r": " "})


def shown(text: str) -> str:
    """Return a text that can stand in a link: on one line, without what would end it."""
    return " ".join(text.translate(_SPOILS).split())


def link(report: Report, path: str, block: str, text: str) -> str:
    """Return a link to a note, or to a block in it; its text is `text`."""
    note = path[:-3] if path.lower().endswith(".md") else path
    subpath = f"^{block}" if block else ""
    if _UNLINKED.search(note):
        vault = report.settings.vault_folder.resolve().name
        return f"[{shown(text)}]({open_uri(vault, path, subpath)})"
    return f"[[{note}{'#' if subpath else ''}{subpath}|{shown(text) or note}]]"


def link_to(report: Report, id_: str, text: str = "") -> str:
    """Return a link to where a claim, evidence or argument stands; where no note is, its text."""
    if id_ in report.claims:
        claim = report.claims[id_].claim
        return link(report, claim.note, claim.block, text or claim.text)
    item = report.evidence.get(id_) or report.arguments.get(id_)
    if item is None or not item.note:
        return shown(text or (item.text if item else id_))
    return link(report, item.note, item.block, text or item.text)
