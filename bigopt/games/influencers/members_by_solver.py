"""Members of the equilibrium set by the solver that was named, from the model file `ne_face`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bigopt.algebra import delegated, library
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.errors import SolverFailed, UnsupportedProblem
from bigopt.games.influencers.exact import members
from bigopt.games.influencers.exact.equilibria import Equilibria
from bigopt.games.influencers.exact.members.base import Members
from bigopt.games.influencers.game import Influencers

LENGTHS = {"box": ("lower", "upper"), "simplex": ("scale",), "polytope": ("b", "b_eq"), "hull": ("points",)}
# solvers for the linear programs of `ne_face`
DELEGATES = ("LP",)  # every solver of linear programs


def of(game: Influencers, request: Request, known: Equilibria) -> Members:
    """Return the members of a game's equilibrium set, minimized over by the solver that was named."""
    if not game.action_set.polyhedral:
        reason = f"cannot take ne-set of {game.name} (a {game.action_set.type} has no linear face)"
        raise UnsupportedProblem(f"solver {request.solver}: {reason}: use --solver exact")
    return BySolver(request, known, members.of(game, request, known))


class BySolver(Members):
    """Any polyhedron, each linear program solved by the solver that was named, from the model file `ne_face`.

    Lengths are measured in a unit of the action set's own size, since solvers' tolerances are absolute.
    """

    method = "the solver's linear programs on the optimal face"

    def __init__(self, request: Request, known: Equilibria, own: Members) -> None:
        """Build the model for the players who have a choice, as `own` knows them."""
        super().__init__(request, known, own.movers, own.actions)
        self.unit = _unit(known.game)
        self.game, self.actions = in_units(known.game, self.unit), self.actions / self.unit
        self.module = library.model("ne_face")
        receiver = known.receiver / self.unit
        fixed = np.setdiff1d(np.arange(self.game.players), self.movers)
        supply = receiver - self.game.background - self.game.weights[fixed] @ self.actions[fixed]
        self.model = self.module.build(self.game, receiver, self.movers, supply) if len(self.movers) else None

    def ranges(self) -> Floats:
        """Return the ranges in the game's own unit."""
        return self.unit * super().ranges()

    def extremes(self) -> Floats:
        """Return the extreme members in the game's own unit."""
        return self.unit * super().extremes()

    def least(self) -> Floats:
        """Return the member of least norm in the game's own unit."""
        return self.unit * super().least()

    def minimize(self, cost: Floats) -> Floats:
        """Solve the model for one cost."""
        self.module.aim(self.model, cost)
        run = delegated.run(self.request, self.model, "LP")
        self.request.deadline.check("finding the ranges")
        if run.holds != "optimal":
            raise SolverFailed(
                f"{self.request.solver}: stops with {run.stopped} on ne_face: use --solver exact", run.stopped
            )
        return np.asarray(self.module.read(self.model)["actions"])


def _unit(game: Influencers) -> float:
    """Return the power of two nearest to the largest coordinate of an action."""
    largest = float(np.abs(game.action_set.bounds).max())
    return float(2.0 ** np.round(np.log2(largest))) if largest > 0 else 1.0


def in_units(game: Influencers, unit: float) -> Influencers:
    """Return a game on a polyhedron with all coordinates divided by `unit`."""
    chosen = game.action_set
    lengths = {key: getattr(chosen, key) / unit for key in LENGTHS[chosen.type] if getattr(chosen, key) is not None}
    point = game.background_point
    return replace(
        game,
        targets=game.targets / unit,
        action_set=replace(chosen, **lengths),  # type: ignore[type-var]
        background_point=None if point is None else point / unit,
    )
