"""Work that splits: given to an executor, or to a few processes where there is enough of it."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor
    from multiprocessing.context import BaseContext

Job = TypeVar("Job")
Done = TypeVar("Done")

_ENOUGH = 6  # jobs; for fewer, starting processes takes longer than it saves
_MOST = 8  # processes


def split(
    do: Callable[[Job], Done], jobs: Sequence[Job], executor: Executor | None = None
) -> Iterator[Done]:
    """Yield what each job comes to, in their order. `do` is a function of a module."""
    if executor:
        yield from executor.map(do, jobs)
        return
    context = _context() if len(jobs) >= _ENOUGH else None
    done = 0
    if context:
        try:
            with ProcessPoolExecutor(_processes(), mp_context=context) as pool:
                for result in pool.map(do, jobs):
                    yield result
                    done += 1
        except (BrokenProcessPool, OSError):
            pass  # no processes to be had here: the rest is done by this one
    yield from map(do, jobs[done:])


def _processes() -> int:
    return min(
        _MOST,
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
    )


def _context() -> BaseContext | None:
    """Return how processes may be started here; None where that is not safe.

    A forked process must not have threads; a spawned one runs the main script again, and only our
    own is known to bear that.
    """
    if _processes() < 2:  # noqa: PLR2004
        return None
    if sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    ours = spec is not None and spec.name.startswith("argmap.")
    return multiprocessing.get_context("spawn") if ours else None
