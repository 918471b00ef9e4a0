"""The pure Nash equilibrium under squared loss: the minimum of the potential (Proposition 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.concept import Concept, Formulation, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.influencers.centred import solving, verifying
from bigopt.games.influencers.exact import equilibrium as exact
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.units import Units
from bigopt.games.influencers.verify.nash import verify

SHOWN = 20  # rows of a table


def formulations(game: Influencers, request: Request) -> Sequence[Formulation]:
    """Return the model files: the lifted potential, whose constraints are linear but on a ball."""
    return (Formulation("big_potential", game.action_set.problem_class("QP"), value=Units(game).potential),)


def refuses(game: Influencers) -> str | None:
    """Say why a game has no such equilibrium."""
    if game.loss == "squared":
        return None
    return "is for squared loss: use --concept dominant, which inner-product loss allows"


def tables(game: Influencers, fields: Mapping[str, Any]) -> list[Table]:
    """Show who plays what, and what comes of it."""
    inside = set(np.asarray(fields["interior"]).tolist())
    rows: list[list[Any]] = []
    for i in range(min(game.players, SHOWN)):
        action = fields["actions"][i]
        role = "interior" if i in inside else "on the boundary"
        if np.allclose(action, game.targets[i], rtol=0.0, atol=1e-9):
            role += ", truthful"
        elif game.weights[i] != 0:
            role += ", misreports" if i in inside else ", exaggerates"
        rows.append([i, game.weights[i], game.targets[i], action, fields["losses"][i], role])
    title = "equilibrium" if game.players <= SHOWN else f"equilibrium, the first {SHOWN} of {game.players} players"
    many = "a unique equilibrium" if fields["unique"] else f"infinitely many, of dimension {fields['dimension']}"
    if fields["dimension"] is None:
        many = "one or infinitely many: not decided"
    summary = [
        ["receiver", fields["receiver"]],
        ["potential", fields["potential"]],
        ["interior players", len(inside)],
        ["equilibria", many],
    ]
    return [Table(title, ("player", "weight", "target", "action", "loss", "role"), rows), Table("", ("", ""), summary)]


class NashSolution(Solution):
    """A pure Nash equilibrium under squared loss.

    Attributes
    ----------
    actions : [n][d], unit of the targets
        What each player plays.
    receiver : [d], unit of the targets
        Where the receiver ends: the background and the weighted actions, the same at every equilibrium.
    losses : [n], unit of the targets squared
        Each player's loss.
    potential : unit of the targets squared
        The potential of the actions, which an equilibrium minimizes.
    unique : flag
        Whether there is no other equilibrium; None where that was not decided.
    dimension : count
        The affine dimension of the set of equilibria; None where it was not decided.
    interior : [players], indices
        The players whose actions are inside the action set.
    """

    actions: Floats
    receiver: Floats
    losses: Floats
    potential: float
    unique: bool | None
    dimension: int | None
    interior: Ints


CONCEPT = Concept(
    name="nash",
    title="a pure Nash equilibrium: the minimum of the potential",
    verify=verifying(verify),
    solve=solving(exact.solve),
    formulations=formulations,
    refuses=refuses,
    tables=tables,
    objective="potential",
    sense="min",
    result=NashSolution,
)
