"""A user's Dask scheduler, to which joblib sends its work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from joblib import parallel_config

from bigopt.errors import SolverNotFound, UsageError

PATIENCE = 5.0  # seconds for a scheduler to answer


@contextmanager
def cluster(dask: str) -> Iterator[None]:
    """Let joblib send its work to the user's Dask scheduler."""
    try:
        from dask.distributed import Client
    except ImportError:
        raise SolverNotFound("--dask: Dask is not installed: pip install 'bigopt[dask]'") from None
    try:
        client = Client(dask, timeout=PATIENCE, set_as_default=True)
    except (OSError, ValueError, TimeoutError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UsageError(f"--dask {dask}: {first[:120]}: give the address of a running scheduler") from None
    with client, parallel_config(backend="dask"):
        yield
