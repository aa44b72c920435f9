"""argmap: continuous integration for arguments.

    from argmap import Project

    report = Project.open("my-notes").report(as_of=date.today())
    for claim in report.claims.values():
        print(claim.now.status, claim.claim.text)

What stands in `__all__` is the public surface; the rest may change.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argmap.project import Project, ProjectError
    from argmap.report import Report
    from argmap.source import Problem, Span

__version__ = "0.1.0"
__all__ = ["Problem", "Project", "ProjectError", "Report", "Span", "__version__"]

_HOME = {
    "Problem": "source", "Project": "project", "ProjectError": "project", "Report": "report",
    "Span": "source",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: start-up counts."""
    if name in _HOME:
        return getattr(import_module(f"argmap.{_HOME[name]}"), name)
    raise AttributeError(name)
