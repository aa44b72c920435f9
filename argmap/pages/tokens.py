"""Tokens that the pages add to a note's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token


def made(html: str) -> Token:
    """Return HTML as a token within a sentence."""
    from markdown_it.token import Token as Made

    return Made("html_inline", "", 0, content=html)


def block(html: str) -> Token:
    """Return HTML as a block."""
    from markdown_it.token import Token as Made

    return Made("html_block", "", 0, content=html)
