"""Find one player's best response in a subset game: the items whose sum brings the receiver nearest to the target.

Source     Wu et al., The Battling Influencers Game, Section 5.2, eq. (22)
Sets       M items, K coordinates
Data       u[j, k] = w_i x_j[k]     what item j adds to the receiver, shape (m, d)
           r[k] = z[k] - t_i[k]     what the others and the background add, minus the target
           size                     how many items the player shows
Variables  shown[j]                 how often item j is shown: in {0, 1}, or in {0..size} with repeats
           gap[k]                   receiver minus target
min        loss:      sum_k gap[k]^2                                        eq. (22)
s.t.       count:     sum_j shown[j] == size
           reach[k]:  gap[k] - sum_j u[j, k] shown[j] == r[k]               for k in K
"""

from collections.abc import Sequence
from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.selection import add_shown, picked
from bigopt.games.subsets.game import Subsets


def build(game: Subsets, player: int = 0, choices: Sequence[Sequence[int]] | None = None) -> pyo.ConcreteModel:
    """State the program of `player`; without `choices` the others show the first items."""
    profile = game.first_profile() if choices is None else choices
    u, r = game.pull(player, profile)

    m = pyo.ConcreteModel("subset_response")
    m.player, m.profile = player, [list(choice) for choice in profile]
    m.K = pyo.RangeSet(0, game.dimension - 1)
    add_shown(m, len(u), int(game.sizes[player]), game.repeats)
    m.gap = pyo.Var(m.K)
    m.loss = pyo.Objective(expr=pyo.quicksum(m.gap[k] ** 2 for k in m.K))

    @m.Constraint(m.K)
    def reach(m: Any, k: int) -> Any:
        return dot([1.0, *(-u[:, k])], [m.gap[k], *m.shown.values()]) == float(r[k])

    return m


def read(m: pyo.ConcreteModel) -> dict[str, Any]:
    """Return the action, and the profile with it."""
    action = picked(m.shown)
    choices = [action if i == m.player else choice for i, choice in enumerate(m.profile)]
    return {"action": action, "player": m.player, "choices": choices}
