"""The elements of an HTML page that a CSS selector fits, found within a time limit.

A selector over a deep or long page can take the square of it, or worse, and what looks for it
cannot be interrupted: so anything but a small page is looked at by a process of its own, which
runs this file, and can be ended.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import NamedTuple

_SECONDS = 10.0
_SMALL = 2_000  # elements
_SHALLOW = 30  # one in another


class Element(NamedTuple):
    """An element: its text, and its attributes."""

    text: str
    attributes: dict[str, str | None]


def select(html: str, selector: str, depth: int) -> list[Element]:
    """Return the first two elements that fit, on a page so deep. Raises TimeoutError."""
    small = html.count("<") <= _SMALL and depth <= _SHALLOW
    if small or not sys.executable:
        return selected(html, selector)
    # -P: what lies beside this file, or in the working folder, is not imported.
    command = [sys.executable, "-P", __file__]
    try:
        done = subprocess.run(  # noqa: S603  argmap itself
            command,
            input=json.dumps([html, selector]).encode(),
            stdout=subprocess.PIPE,
            check=True,
            timeout=_SECONDS,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise TimeoutError from None
    return [Element(*each) for each in json.loads(done.stdout)]


def selected(html: str, selector: str) -> list[Element]:
    """Return the first two elements that fit, however long it takes."""
    from selectolax.lexbor import LexborHTMLParser

    found = LexborHTMLParser(html).css(selector)[:2]
    return [Element(each.text(separator=" ", strip=True), each.attributes) for each in found]


if __name__ == "__main__":
    json.dump(selected(*json.load(sys.stdin)), sys.stdout)
