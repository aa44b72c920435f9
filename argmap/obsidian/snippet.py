"""The CSS snippet: claims recognisable in Obsidian, and links and files coloured by status."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argmap.obsidian.generated import BLANK, stamped
from argmap.obsidian.properties import STATUSES
from argmap.pages.icons import COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argmap.config import Settings
    from argmap.report import ClaimReport

SIGNS = {"supported": "✓", "refuted": "✗", "contested": "⇄", "unknown": "?"}
_KINDS = {  # a callout's type and a tag's name: its colour, and an icon of Obsidian's
    "claim": ("#3b5b92", "lucide-message-square"),
    "pro": (COLOURS["supported"], "lucide-plus"),
    "con": (COLOURS["refuted"], "lucide-minus"),
    "evidence": (COLOURS["unknown"], "lucide-flask-conical"),
    "argument": ("#3b5b92", "lucide-git-merge"),
}
_ODD = re.compile(r'["\\\x00-\x1f\x7f]')


def snippet(settings: Settings, main: Mapping[str, ClaimReport]) -> bytes:
    """Return the snippet for the notes as they stand; `main` is `statuses.main_claims`."""
    lines = [
        f"/* Written by argmap, anew with each sync. {BLANK} */",
        *_kinds(settings),
        *_statuses(),
        *_notes(main),
    ]
    return stamped("\n".join(lines) + "\n")


def _kinds(settings: Settings) -> Iterable[str]:
    """Yield how each kind of mark looks, under the author's own names too."""
    for kind, (colour, icon) in _KINDS.items():
        names = sorted({kind, *settings.markup.aliases.get(kind, ())})
        callouts = ",\n".join(f'.callout[data-callout="{_text(name.lower())}"]' for name in names)
        rgb = ", ".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
        yield f"{callouts} {{ --callout-color: {rgb}; --callout-icon: {icon}; }}"
        for name in names:
            # reading view, then live preview, where the tag's # is a span of its own
            tag = f'a.tag[href="#{_text(name)}"]'
            yield f"{tag},\n.cm-hashtag.cm-tag-{_class(name)} {{ color: {colour}; }}"


def _statuses() -> Iterable[str]:
    """Yield a variable for each status, and how our property looks."""
    for status in STATUSES:
        yield f"body {{ --argmap-{status}: {COLOURS[status]}; }}"
    yield '.metadata-property[data-property-key^="argmap"] { opacity: 0.85; }'
    yield '.metadata-property[data-property-key="argmap"] .metadata-property-value {'
    yield "  font-weight: var(--font-semibold); }"


def _notes(main: Mapping[str, ClaimReport]) -> Iterable[str]:
    """Yield, for each status, the sign before the notes that have it: in lists and in links."""
    by_status: dict[str, list[str]] = {}
    for path, item in main.items():
        by_status.setdefault(item.now.status, []).append(path)
    for status in STATUSES:
        selectors = [one for path in by_status.get(status, ()) for one in _selectors(path)]
        if selectors:
            sign = f'content: "{SIGNS[status]} "; color: var(--argmap-{status});'
            yield ",\n".join(selectors) + f" {{ {sign} }}"


def _selectors(path: str) -> Iterable[str]:
    name = path[:-3].rpartition("/")[2]
    yield f'.nav-file-title[data-path="{_text(path)}"] .nav-file-title-content::before'
    for target in dict.fromkeys((name, path[:-3])):
        yield f'.internal-link[data-href="{_text(target)}"]::before'


def _text(text: str) -> str:
    """Return a text as it stands between quotes in CSS; it cannot end them, nor a comment."""
    return _ODD.sub(lambda found: f"\\{ord(found[0]):x} ", text)


def _class(name: str) -> str:
    """Return a tag as Obsidian makes a class of it, escaped."""
    return re.sub(r"[^\w-]", lambda found: f"\\{ord(found[0]):x} ", name.replace("/", ""))
