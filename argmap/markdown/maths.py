"""``$x$`` and ``$$…$$``: kept as they are; nothing inside is a link or a tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


def plugin(md: MarkdownIt) -> None:
    """Add the plugin; `5 $ and 6 $` stays money."""
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    md.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        double_inline=True,
    )
