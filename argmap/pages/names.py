"""Ids of claims and paths of notes -> file names that every file system and address takes."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

LONGEST = 40
_ODD = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=2**16)  # of one thing it is asked for on several pages
def slug(text: str) -> str:
    """Return lower-case ASCII words and a short hash of the whole text, such as `slm-market-3f9a`.

    The hash keeps apart what the words do not: other alphabets, letter case, long endings.
    """
    words = _ODD.sub("-", text.lower()).strip("-")[-LONGEST:].strip("-")
    mark = blake2b(text.encode(), digest_size=5).hexdigest()
    return f"{words}-{mark}" if words else mark


def claim_page(claim: str) -> str:
    """Return the path in the site of a claim's page."""
    return f"claim/{slug(claim)}.html"


def check_page(check: str) -> str:
    """Return the path in the site of a check's page."""
    return f"check/{slug(check)}.html"


def badge_page(claim: str) -> str:
    """Return the path in the site of a claim's badge."""
    return f"badge/{slug(claim)}.svg"


def note_page(path: str) -> str:
    """Return the path in the site of a note's page."""
    return f"note/{slug(path.removesuffix('.md'))}.html"


def debate_page(debate: str) -> str:
    """Return the path in the site of a debate's page."""
    return f"debate/{_file(debate)}.html"


def state_page(debate: str) -> str:
    """Return the path in the site of a debate's data script."""
    return f"data/{_file(debate)}.js"


def panels_page(debate: str, number: int) -> str:
    """Return the path in the site of a script with panels of a large debate."""
    return f"data/panels/{_file(debate)}-{number}.js"


def above(tag: str) -> list[str]:
    """Return a tag and those it stands below: `a/b` is also an `a`."""
    parts = tag.split("/")
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]


def up(path: str) -> str:
    """Return what leads from a page back to the site's root: "" or "../"."""
    return "../" * path.count("/")


def _file(name: str) -> str:
    safe = re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", name)
    reserved = re.fullmatch(r"con|prn|aux|nul|(?:com|lpt)\d", name)
    return name if safe and not reserved else slug(name)
