"""bigopt's own algorithms, which stand in the wings."""

from __future__ import annotations

from bigopt.solvers.row import Solver
from bigopt.version import VERSION

SOLVER = Solver(
    name="exact",
    title="bigopt's own algorithms",
    takes=frozenset({"structure"}),
    repair="pip install --upgrade bigopt",
    version=lambda: VERSION,
)
