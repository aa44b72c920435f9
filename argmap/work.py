"""Work there is much of: split among an executor's or a few own processes, and not interrupted."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager, suppress
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
    done = 0
    if len(jobs) >= _ENOUGH:
        for result in _in_processes(do, jobs):
            yield result
            done += 1
    yield from map(do, jobs[done:])


def _in_processes(do: Callable[[Job], Done], jobs: Sequence[Job]) -> Iterator[Done]:
    """Yield as many results as processes could be had for: all, or fewer."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = _context()
    if context is None:
        return
    with (
        suppress(BrokenProcessPool, OSError),
        ProcessPoolExecutor(_processes(), mp_context=context) as pool,
    ):
        yield from pool.map(do, jobs)


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
    import multiprocessing
    import threading

    if _processes() < 2:  # noqa: PLR2004
        return None
    if sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    ours = spec is not None and spec.name.startswith("argmap.")
    return multiprocessing.get_context("spawn") if ours else None


@contextmanager
def no_collector() -> Iterator[None]:
    """Let nothing look for circles meanwhile: for what makes few, and many things that live on."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
