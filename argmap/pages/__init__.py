"""Report -> the site: static pages that open from a file and ask nothing of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.pages.listed import UnlistedError
from argmap.pages.publish import SiteError

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from pathlib import Path

    from argmap.pages.kept import Asked
    from argmap.pages.publish import File
    from argmap.report import Report

__all__ = ["SiteError", "UnlistedError", "write_site"]


def write_site(
    report: Report,
    out: Path,
    state: Path | None = None,
    executor: Executor | None = None,
    vault: Path | None = None,
) -> list[str]:
    """Write the report's pages to the folder `out`, which then holds nothing else.

    In the folder `state` it is remembered what each page was made of: those that would be the same
    are not made again. `executor` makes the others; without one, processes do where there are many.
    `vault` is where images are, for a public report, which does not say.

    Returns the paths in the site that changed, sorted; empty when all of it was there already.
    Raises `SiteError` if `out` holds something that argmap did not write.
    """
    from argmap.cache import Cache
    from argmap.pages.asking import Answers
    from argmap.pages.before import Before
    from argmap.pages.cards import deal
    from argmap.pages.images import Images
    from argmap.pages.kept import Kept
    from argmap.pages.parts import file_of
    from argmap.pages.publish import looked, present, publish
    from argmap.pages.render import IMAGE, Site, assets, images_of, made

    folder = vault or (None if report.public else report.settings.vault_folder)
    images = Images(folder, Cache(state / "images.json") if state else None)
    site = Site(deal(report, images))
    answers = Answers(site.deck)
    kept = Kept(state / "pages.json" if state else None, site.key)
    plan = list(site.plan())
    there = present(out) if kept.pages else {}
    if kept.pages:
        site.before = Before(out, kept, answers, there)
    good = site.before.good if site.before else set()
    paths = {job: site.paths(job).keys() for job in plan}
    whole = good & {path for job in plan for path in paths[job]}
    stays = {path for path in good if file_of(path) in whole}
    files: dict[str, File] = {**assets(report), **dict.fromkeys(whole)}
    asked: dict[str, Asked] = {}
    for page in made(site, [job for job in plan if not paths[job] <= good], executor):
        files[page.path] = page.data
        asked |= {page.path: page.asked, **page.parts}
        stays.update(page.stay)
    shown = {image for page in asked.values() for image in images_of(page)}
    files |= site.copies(shown | kept.asked(IMAGE, stays - asked.keys()))
    spare = state / "spare" if state else None
    files = dict(sorted(files.items()))
    changed = publish(files, out, public=report.public, there=there, spare=spare)
    kept.save(asked, stays, answers, looked(out, there, changed))
    images.remember()
    return changed
