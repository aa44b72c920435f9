"""The style of a claim that is sent as a file, and the policy that lets in nothing else.

`argmap export --format html` writes such a file, and so does a claim's panel, in the browser.
"""

from __future__ import annotations

import base64
import json
from functools import cache
from hashlib import sha256
from importlib.resources import files


@cache
def dress() -> tuple[str, str]:
    """Return the style, and the policy."""
    style = (files("argmap.pages") / "assets" / "letter.css").read_text("utf-8")
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    return style, f"default-src 'none'; style-src 'sha256-{digest}'"


def take_js() -> bytes:
    """Return the script by which a page writes such a file, with what the file wears."""
    script = (files("argmap.pages") / "assets" / "take.js").read_text("utf-8")
    style, policy = dress()
    worn = json.dumps({"style": style, "policy": policy}, ensure_ascii=False)
    return f"{script}window.argmapLetter = {worn};\n".encode()
