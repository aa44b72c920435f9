"""Each form of markup: how it is written, what Obsidian shows of it, and what argmap reads."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from argmap.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argmap.graph import ArgumentMap


class Form(NamedTuple):
    """One form of markup."""

    title: str
    text: str  # of the note `Note`
    shown: str  # by Obsidian


FORMS = (
    Form(
        "A claim in a list",
        "- Small models lead the market #claim ^market\n",
        "A list item with a tag, which is a link to a search for it. `^market` shows while the line"
        " is edited, and nowhere else. With argmap's snippet the tag has a colour of its own.",
    ),
    Form(
        "A claim in a callout",
        "> [!claim] Self-hosting costs more than an API\n> Because the machine idles.\n\n^cost\n",
        "A callout with that title and text. Obsidian knows no type `claim`, so it looks like a"
        " `note`; with the snippet it has a colour and an icon of its own. The id below it is"
        " hidden in reading view.",
    ),
    Form(
        "A note that is a claim",
        '---\nclaim: The survey missed short lets\nattacks: "[[Note#^market]]"\n---\nIt asked the'
        " register.\n\n- Small models lead #claim ^market\n",
        "Properties above the text: `claim` as text, `attacks` as a link that can be clicked."
        " Without the quotes the link would be a list in a list, and no link.",
    ),
    Form(
        "For and against, below a claim",
        "- A town should cap rents #claim ^cap\n    - Families stay near their schools #pro\n"
        "    - Owners sell #con\n",
        "A nested list; each tag is a link.",
    ),
    Form(
        "For and against, in a callout",
        "> [!claim] A town should cap rents\n>\n> > [!pro] Families stay\n>\n> > [!con] Owners sell"
        "\n\n^cap\n",
        "Callouts in a callout; `[!con]-` begins folded.",
    ),
    Form(
        "A relation",
        "- Wages follow rents #claim (supports:: [[#^cap]])\n- A town should cap rents #claim"
        " ^cap\n",
        "The field stands there as written, its link can be clicked and counts among backlinks."
        " With the plugin Dataview the field is set off.",
    ),
    Form(
        "A judgement",
        "- Rents fall when a town builds #claim ^build\n    - Nobody moved #evidence #con"
        " (source:: [[Census]]) (judged:: 2025-09-20) (expires:: 2026-12-01)\n",
        "The fields as written. `[[Census]]` is dimmed as long as there is no such note.",
    ),
    Form(
        "Evidence that is only cited",
        "- Rents fall when a town builds #claim ^build\n    - A panel said so #evidence (source::"
        " https://example.org/panel)\n",
        "The field as written, the address as a link.",
    ),
    Form(
        "A check in a line",
        "- Rents fall when a town builds #claim ^build\n    - A third fewer flats stand empty"
        " #evidence (test:: vacancy < 4 %) ^empty\n",
        "The field as written; a formula is text to Obsidian.",
    ),
    Form(
        "Measures and checks in a fence",
        "- Rents fall when a town builds #claim ^build\n\n```yaml argmap\nmeasures:\n"
        "  vacancy: {value: 4.1 %, source: https://example.org/v, as_of: 2025-06-30}\n"
        "checks:\n  enough-vacancy: {supports: build, assert: vacancy > 3 %}\n```\n",
        "A block of code, coloured as YAML.",
    ),
    Form(
        "An objection to evidence",
        "- Rents fall when a town builds #claim ^build\n    - They fell in Auckland #evidence"
        " (source:: [[Census]]) ^auckland\n        - Incomes fell as well #con\n",
        "A nested list.",
    ),
    Form(
        "Linked premises",
        "- Building lowers rents #claim ^low\n- Towns can build #claim ^can\n- So they should"
        " #claim ^plan\n- What works and can be done should be done #argument (premises::"
        " [[#^low]], [[#^can]]) (supports:: [[#^plan]]) ^step\n",
        "Four list items; the links lead to the blocks.",
    ),
    Form(
        "A plain note",
        "# Speculators\n\nThe memo disputes the claim of [Hale](https://example.org/h) that"
        " speculators set rents.\n\n**Counterarguments:**\n\n1. **Vacancy explains more.** In 40"
        " towns it moved first.\n2. **Speculators lose as often.**\n\n**Conclusion:** count empty"
        " homes.\n",
        "The note as it is: there is nothing of argmap's in it.",
    ),
)


def reads(text: str) -> list[str]:
    """Return what argmap reads in a note called `Note`, a line each."""
    with TemporaryDirectory() as folder:
        vault = Path(folder, "vault")
        vault.mkdir()
        (vault / "Note.md").write_text(text, "utf-8")
        return list(_told(Project.open(folder).read().reading.map))


def _told(found: ArgumentMap) -> Iterator[str]:
    for id_, claim in found.claims.items():
        how = ", inferred" if claim.inferred else ""
        whose = f", of {claim.attributed.text}" if claim.attributed else ""
        yield f"{claim.role} {id_!r}: {claim.text}{whose}{how}"
    for id_, item in found.evidence.items():
        yield f"evidence {id_!r}: {item.kind}{f' `{item.formula}`' if item.formula else ''}"
    for id_, check in found.checks.items():
        if id_ not in found.evidence:
            yield f"check {id_!r}: `{check.formula}`"
    yield from (f"argument {id_!r}" for id_ in found.arguments)
    for source, target, kind in found.graph.edges(keys=True):
        yield f"{_short(source)} {kind} {_short(target)}"


def _short(id_: str) -> str:
    return id_.partition("#")[2] or f"{id_} (the note)"
