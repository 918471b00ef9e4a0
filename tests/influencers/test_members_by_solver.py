"""All equilibria by linear programs of the solver that was named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import solvers
from bigopt.engine.choose import able
from bigopt.errors import UnsupportedProblem
from bigopt.games.kinds import concept_of

INSTALLED = [row.name for row in solvers.capable("LP") if row.version() is not None]
SETS: dict[str, Any] = {
    "box": lambda s: bigopt.Box(np.zeros(2), 6.0 * s * np.ones(2)),
    "simplex": lambda s: bigopt.Simplex(6.0 * s, 2),
    "polytope": lambda s: bigopt.Polytope([[-1, 0], [0, -1], [1, 1]], [0, 0, 6 * s]),
    "hull": lambda s: bigopt.Hull(s * np.array([[0.0, 0.0], [6.0, 0.0], [0.0, 6.0]])),
}


def game(kind: str, scale: float) -> bigopt.Influencers:
    """Two players of weight 1/2 who both want (2, 4) times the scale: every pair with that middle is an equilibrium."""
    targets = scale * np.array([[2.0, 4.0], [2.0, 4.0]])
    return bigopt.Influencers(weights=[0.5, 0.5], targets=targets, action_set=SETS[kind](scale), loss="squared")


@pytest.mark.parametrize(("kind", "scale"), [*((kind, 1.0) for kind in SETS), ("hull", 1e-6), ("polytope", 1e6)])
@pytest.mark.parametrize("name", INSTALLED)
def test_the_ranges_scale_with_the_lengths(name: str, kind: str, scale: float) -> None:
    # x_1 = (4, 8) - x_0 is feasible too: on the box 0 <= x_00 <= 4 and 2 <= x_01 <= 6; on the others, whose sums are
    # at most 6, both players stand on the edge of sum 6, so that x_01 = 6 - x_00
    found = bigopt.solve(game(kind, scale), "ne-set", name)
    assert found.exit_code == 0, found.certificate.failed
    assert found.ranges / scale == pytest.approx(np.array([[[0.0, 4.0], [2.0, 6.0]]] * 2), abs=1e-6)
    assert found.canonical / scale == pytest.approx(np.array([[2.0, 4.0]] * 2), abs=1e-3)


def test_every_solver_of_linear_programs_is_offered() -> None:
    row = concept_of(game("box", 1.0), "ne-set")
    assert {s.name for s in solvers.capable("LP")} | {"exact"} == set(able(row, game("box", 1.0), ()))


@pytest.mark.parametrize("name", [row.name for row in solvers.SOLVERS.values() if row.name != "exact"])
def test_on_a_ball_the_way_out_is_exact(name: str) -> None:
    ball = bigopt.Influencers(
        weights=[0.5, 0.5], targets=[[0.0, 0.0]] * 2, action_set=bigopt.Ball([0.0, 0.0], 1.0), loss="squared"
    )
    if solvers.SOLVERS[name].version() is None:
        pytest.skip("not installed")
    with pytest.raises(UnsupportedProblem, match="use --solver exact"):
        bigopt.solve(ball, "ne-set", name)


@pytest.mark.parametrize(("stopped", "code"), [("unknown", 1), ("provenInfeasible", 1), ("iterationLimit", 4)])
def test_a_solver_that_ran_is_not_called_unsupported(monkeypatch: Any, stopped: str, code: int) -> None:
    monkeypatch.setattr(solvers, "run", lambda *a, **k: solvers.Run(stopped))
    found = bigopt.solve(game("hull", 1.0), "ne-set", "highs")
    assert found.exit_code == code
    assert found.solver.options["message"] == f"highs: stops with {stopped} on ne_face: use --solver exact"
