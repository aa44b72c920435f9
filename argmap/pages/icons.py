"""The icons: once as paths in a 24 by 24 box, drawn by the canvas and by the page's SVG alike.

Shapes differ as well as colours, so that a status can be read without seeing colour. Claims have
round, eight-cornered, diamond and dashed icons, checks square ones, judgements a ring.
"""

from __future__ import annotations

from dataclasses import dataclass

COLOURS = {  # of the statuses, where a page's style sheet does not reach
    "supported": "#0b7a75",
    "refuted": "#c0352b",
    "contested": "#946000",
    "unknown": "#68727f",
}
_CIRCLE = "M12 2a10 10 0 1 1 0 20a10 10 0 1 1 0-20z"
_RING = "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z"
_SQUARE = "M6 3h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z"
_OCTAGON = "M8 2h8l6 6v8l-6 6H8l-6-6V8z"
_DIAMOND = "M12 .8L23.2 12L12 23.2L.8 12z"
_TRIANGLE = "M12 3.2L22 20.4H2z"
_CHECK = "M7.4 12.4l3.2 3.2l6.2-6.8"
_CROSS = "M8.4 8.4l7.2 7.2M15.6 8.4l-7.2 7.2"
_OPPOSED = "M6.8 10h10.4M6.8 14h10.4M14.6 6.6l-5.2 10.8"
_QUESTION = "M9.4 9.6a2.7 2.7 0 1 1 4.2 2.3c-1 .7-1.6 1.2-1.6 2.3M12 17.2v.2"
_WARN = "M12 9.4v5M12 17.2v.2"


@dataclass(frozen=True, slots=True)
class Icon:
    """A shape, filled or outlined (perhaps dashed), and the sign in it."""

    shape: str
    sign: str
    filled: bool = True
    dashed: bool = False


ICONS: dict[str, Icon] = {
    "supported": Icon(_CIRCLE, _CHECK),
    "refuted": Icon(_OCTAGON, _CROSS),
    "contested": Icon(_DIAMOND, _OPPOSED),
    "unknown": Icon(_RING, _QUESTION, filled=False, dashed=True),
    "pass": Icon(_SQUARE, _CHECK),
    "fail": Icon(_SQUARE, _CROSS),
    "o-unknown": Icon(_SQUARE, _QUESTION, filled=False, dashed=True),
    "error": Icon(_TRIANGLE, _WARN, filled=False),
    "judgement": Icon(_RING, _CHECK, filled=False),
    "cited": Icon(_RING, _QUESTION, filled=False, dashed=True),
}
