"""Writes the parts of docs/ that the code knows best: `make docs`; a test says when it is due."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import BaseModel

from argmap.cli import main
from argmap.config import Config
from argmap.source import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parent
HEADER = "<!-- Written by `make docs`; edit the code instead. -->\n\n"


def commands() -> str:
    """Return the command reference: the help of each verb."""
    context = click.Context(
        main,
        info_name="argmap",
        max_content_width=88,
        terminal_width=88,
        # click keeps the help option it made first: it has to be the one the command makes
        help_option_names=main.context_settings["help_option_names"],
    )
    parts = [f"{HEADER}# The command\n\n```\n{main.get_help(context)}\n```\n"]
    parts += [f"\n## {name}\n\n```\n{text}\n```\n" for name, text in _verbs(main, context)]
    return "".join(parts)


def _verbs(group: click.Group, context: click.Context) -> Iterator[tuple[str, str]]:
    """Yield each verb's full name and help, those of a group below it."""
    for name in group.list_commands(context):
        verb = group.commands[name]
        inner = click.Context(verb, info_name=name, parent=context, terminal_width=88)
        yield inner.command_path, verb.get_help(inner)
        if isinstance(verb, click.Group):
            yield from _verbs(verb, inner)


def problems() -> str:
    """Return the table of problem codes."""
    lines = [
        f"{HEADER}# Problems\n",
        "Every problem names its place and a code:",
        "`vault/a.md:4:1: A201 nothing is called 'marke' (did you mean 'market'?)`.",
        "It stops nothing: everything else still builds. Errors make the exit code 3, warnings do",
        "not.\n",
        "| code | severity | what is wrong | example |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {code} | {row.severity} | {row.title} | {row.example} |"
        for code, row in sorted(CODES.items())
    ]
    return "\n".join(lines) + "\n"


def config() -> str:
    """Return the table of the config's keys."""
    lines = [
        f"{HEADER}# argmap.toml\n",
        "Found by walking up from where you stand; `[tool.argmap]` in pyproject.toml serves as",
        "well. Every key may be left out. With no config, `vault/`, `claims/` and `site/` beside",
        "each other are the project. `argmap schema config` prints a JSON Schema.\n",
        "| key | default | what it says |",
        "|---|---|---|",
        *_keys(Config, ""),
    ]
    return "\n".join(lines) + "\n"


def _keys(table: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in table.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _keys(field.annotation, f"{key}.")
        else:
            default = json.dumps(field.default) if field.default is not None else ""
            yield f"| `{key}` | {default and f'`{default}`'} | {field.description} |"


def markup() -> str:
    """Return each form of markup as it is written, shown and read."""
    forms = runpy.run_path(str(DOCS / "forms.py"))
    parts = [
        f"{HEADER}# Markup, as Obsidian shows it and argmap reads it\n",
        "[Writing claims](writing.md) explains the forms; here each stands once, as the text of a",
        "note `Note`. What argmap reads was written down by argmap itself when this page was made.",
        "What Obsidian shows is told from Obsidian's own help (Basic formatting syntax, Callouts,",
        "Properties, Internal links); nobody has opened these notes in Obsidian for this page.\n",
    ]
    for title, text, shown in forms["FORMS"]:
        fence = "````" if "```" in text else "```"
        read = "\n".join(forms["reads"](text))
        parts += [
            f"## {title}\n",
            f"{fence}markdown\n{text}{fence}\n",
            f"**Obsidian shows:** {shown}\n",
            f"**argmap reads:**\n\n```text\n{read}\n```\n",
        ]
    return "\n".join(parts)


PAGES = {"commands.md": commands, "problems.md": problems, "config.md": config, "markup.md": markup}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), "utf-8")
        sys.stdout.write(f"docs/{name}\n")
