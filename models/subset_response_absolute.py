"""Find one player's best response in a subset game of one dimension, by the distance from the target.

Source     Wu et al., The Battling Influencers Game, Section 5.2, eq. (22)
Sets       M items
Data       u[j] = w_i x_j       what item j adds to the receiver, shape (m,)
           r = z - t_i          what the others and the background add, minus the target
           size                 how many items the player shows
Variables  shown[j]             how often item j is shown: in {0, 1}, or in {0..size} with repeats
           distance >= 0        |receiver - target|, the square root of the loss
min        away:   distance                                          eq. (22), its root
s.t.       count:  sum_j shown[j] == size
           above:  distance - sum_j u[j] shown[j] >= r
           below:  distance + sum_j u[j] shown[j] >= -r
"""

from collections.abc import Sequence
from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.selection import add_shown, picked
from bigopt.errors import UsageError
from bigopt.games.subsets.game import Subsets


def build(game: Subsets, player: int = 0, choices: Sequence[Sequence[int]] | None = None) -> pyo.ConcreteModel:
    """State the program of `player`; without `choices` the others show the first items."""
    if game.dimension != 1:
        raise UsageError(f"subset_response_absolute: {game.dimension} coordinates, expected one: use subset_response")
    profile = game.first_profile() if choices is None else choices
    u, r = (part[..., 0] for part in game.pull(player, profile))

    m = pyo.ConcreteModel("subset_response_absolute")
    m.player, m.profile = player, [list(choice) for choice in profile]
    add_shown(m, len(u), int(game.sizes[player]), game.repeats)
    m.distance = pyo.Var(domain=pyo.NonNegativeReals)
    m.away = pyo.Objective(expr=1.0 * m.distance)
    m.above = pyo.Constraint(expr=dot([1.0, *-u], [m.distance, *m.shown.values()]) >= float(r))
    m.below = pyo.Constraint(expr=dot([1.0, *u], [m.distance, *m.shown.values()]) >= -float(r))
    return m


def read(m: pyo.ConcreteModel) -> dict[str, Any]:
    """Return the action, and the profile with it."""
    action = picked(m.shown)
    choices = [action if i == m.player else choice for i, choice in enumerate(m.profile)]
    return {"action": action, "player": m.player, "choices": choices}
