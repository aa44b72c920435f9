"""Writes the parts of docs/ that the code knows best: `make docs`; a test says when it is due."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from argmap.cli import main
from argmap.source import CODES

DOCS = Path(__file__).parent
HEADER = "<!-- Written by `make docs`; edit the code instead. -->\n\n"


def commands() -> str:
    """Return the command reference: the help of each verb."""
    context = click.Context(main, info_name="argmap", max_content_width=88, terminal_width=88)
    parts = [f"{HEADER}# The command\n\n```\n{main.get_help(context)}\n```\n"]
    for name in main.list_commands(context):
        verb = main.commands[name]
        inner = click.Context(verb, info_name=name, parent=context, terminal_width=88)
        parts.append(f"\n## argmap {name}\n\n```\n{verb.get_help(inner)}\n```\n")
    return "".join(parts)


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


PAGES = {"commands.md": commands, "problems.md": problems}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), "utf-8")
        sys.stdout.write(f"docs/{name}\n")
