"""Members of the equilibrium set by the solver that was named, from the model file `ne_face`."""

from __future__ import annotations

import numpy as np

from bigopt import catalog, solvers
from bigopt.concepts import Request
from bigopt.errors import UnsupportedProblem
from bigopt.influencers.equilibria import Equilibria
from bigopt.influencers.members.base import Members
from bigopt.numbers import Floats

DELEGATES = ("highs", "scip", "ipopt", "cbc", "glpk")  # solvers for the linear programs of `ne_face`


class BySolver(Members):
    """Any polyhedron, each linear program solved by the solver that was named, from the model file `ne_face`."""

    method = "the solver's linear programs on the optimal face"

    def __init__(self, request: Request, known: Equilibria, own: Members) -> None:
        """Build the model for the players who have a choice, as `own` knows them."""
        super().__init__(request, known, own.movers, own.actions)
        self.module = catalog.model("ne_face")
        game = self.game
        fixed = np.setdiff1d(np.arange(game.players), self.movers)
        supply = known.receiver - game.background - game.weights[fixed] @ self.actions[fixed]
        self.model = self.module.build(game, known.receiver, self.movers, supply) if len(self.movers) else None

    def minimize(self, cost: Floats) -> Floats:
        """Solve the model for one cost."""
        self.module.aim(self.model, cost)
        run = solvers.run(
            self.request.solver,
            self.model,
            "LP",
            time_limit=self.request.deadline.remaining,
            options=self.request.solver_options,
            tee=self.request.tee,
        )
        self.request.deadline.check("finding the ranges")
        if run.holds != "optimal":
            raise UnsupportedProblem(f"{self.request.solver}: stops with {run.stopped} on ne_face: use --solver exact")
        return np.asarray(self.module.read(self.model)["actions"])
