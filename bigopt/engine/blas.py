"""How many threads the matrix products may use.

Products here are small. With a thread a core, each product waits for all of them, and as soon as another process is
busy for the one that does not run: measured 5 to 33 times slower (hull of 100,000 players in 16 dimensions, one of two
cores taken: 53 s against 1.6 s). On an idle machine one thread is as fast.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from bigopt.concepts.process_wide import ProcessWide

THREADS = 1


@lru_cache(maxsize=1)
def _controller(modules: int) -> Any:
    """Find the libraries of the process, which takes 10 ms: again only where another module was imported."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _limited() -> AbstractContextManager[object]:
    limits: AbstractContextManager[object] = _controller(len(sys.modules)).limit(limits=THREADS, user_api="blas")
    return limits


one_thread = ProcessWide(_limited)
