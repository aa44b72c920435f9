"""The address of a Dask cluster -> an executor: the same work, done by its workers.

Needs the extra `argmap[dask]`, here and on the workers, and the same argmap on both.
"""

from __future__ import annotations

from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from argmap import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

_PATIENCE = 10.0  # seconds for a cluster to answer


class ClusterError(Exception):
    """There is no cluster that can do the work."""


@contextmanager
def cluster(address: str, patience: float = _PATIENCE) -> Iterator[Executor]:
    """Give what hands work to the cluster at an address, such as tcp://127.0.0.1:8786.

    Raises ClusterError where Dask is not installed, nobody answers in time, the workers cannot do
    the work, or the cluster goes away meanwhile.
    """
    try:
        from distributed import Client, KilledWorker
        from distributed.comm.addressing import get_address_host_port
        from distributed.comm.core import CommClosedError
    except ImportError:
        raise ClusterError("Dask is not installed here: pip install 'argmap[dask]'") from None
    try:
        get_address_host_port(address)  # a client of no address would take its time to go
        client: Any = Client(address, timeout=patience, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ClusterError(f"no Dask cluster answers at {address}: {error}") from None
    try:
        with client:
            _look_at_workers(client, address)
            yield client.get_executor(pure=False)
    except (CancelledError, CommClosedError, KilledWorker) as error:
        raise ClusterError(f"the Dask cluster at {address} went away: {error}") from error


def _look_at_workers(client: Any, address: str) -> None:
    """Raise ClusterError unless there are workers, and all have this argmap."""
    try:
        found = client.run(_version)
    except ImportError:
        raise ClusterError(f"workers of the Dask cluster at {address} lack argmap") from None
    if not found:
        raise ClusterError(f"the Dask cluster at {address} has no workers")
    others = sorted({version for version in found.values() if version != __version__})
    if others:
        said = ", ".join(others)
        raise ClusterError(f"workers at {address} have argmap {said}, here is {__version__}")


def _version() -> str:
    """Return the version of argmap; run on the workers."""
    return __version__
