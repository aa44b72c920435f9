"""Report -> the site: static pages that open from a file and ask nothing of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.pages.listed import UnlistedError
from argmap.pages.publish import SiteError

if TYPE_CHECKING:
    from pathlib import Path

    from argmap.report import Report

__all__ = ["SiteError", "UnlistedError", "write_site"]


def write_site(report: Report, out: Path) -> list[str]:
    """Write the report's pages to the folder `out`, which then holds nothing else.

    Returns the paths in the site that changed, sorted; empty when all of it was there already.
    Raises `SiteError` if `out` holds something that argmap did not write.
    """
    from argmap.pages.publish import publish
    from argmap.pages.render import render

    return publish(render(report), out, public=report.public)
