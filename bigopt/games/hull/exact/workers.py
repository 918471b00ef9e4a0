"""Where the fits run: joblib's own processes, or the workers of a Dask scheduler."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from bigopt.concepts import Deadline
from bigopt.errors import UsageError, first_line

ANSWERS = 10.0  # seconds in which a scheduler must answer


@contextmanager
def workers(dask: str, deadline: Deadline) -> Iterator[None]:
    """Let joblib run on a Dask scheduler's workers within; on its own processes where no address is given.

    Raises
    ------
    UsageError
        Dask is not installed, nothing answers at the address, or the scheduler has no workers.
    """
    if not dask:
        yield
        return
    try:
        import distributed
        import joblib
    except ImportError:
        raise UsageError("option dask: distributed is not installed: pip install 'bigopt[dask]'") from None
    patience = ANSWERS if deadline.remaining is None else min(ANSWERS, deadline.remaining)
    try:
        _knock(dask, patience)
        client = distributed.Client(dask, timeout=patience, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"option dask: {dask}: {first_line(error)[:80]}: expected the address of a scheduler, as tcp://HOST:8786"
        ) from None
    with client:
        if not client.scheduler_info()["workers"]:
            raise UsageError(f"option dask: {dask}: the scheduler has no workers: start some with `dask worker {dask}`")
        with joblib.parallel_config(backend="dask", client=client, pure=False):
            yield


def _knock(address: str, patience: float) -> None:
    """Raise OSError where nothing listens: a client that never connected takes long to close, and says so."""
    from distributed.comm import get_address_host_port, parse_address
    from distributed.comm.registry import backends

    scheme, place = parse_address(address)
    if scheme not in backends:
        raise ValueError(f"unknown scheme {scheme}")
    if scheme in ("tcp", "tls"):
        socket.create_connection(get_address_host_port(f"{scheme}://{place}"), timeout=patience).close()
