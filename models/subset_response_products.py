"""Find one player's best response in a subset game by a linear program in binaries and their products.

Source     Wu et al., The Battling Influencers Game, Section 5.2, eq. (22), its square expanded
Sets       M items, C copies (j, c) of item j: one, or c = 0..size-1 with repeats
Data       u[j] = w_i x_j       what item j adds to the receiver, shape (d,)
           r = z - t_i          what the others and the background add, minus the target, shape (d,)
           size                 how many items the player shows
Variables  shown[j]             how often item j is shown: in {0, 1}, or in {0..size} with repeats
           y[a]                 copy a is shown, a in C, in {0, 1}
           both[a, b]           y[a] y[b], a < b
min        loss:        |r|^2 + sum_a (|u_a|^2 + 2 r.u_a) y[a] + 2 sum_{a<b} u_a.u_b both[a, b]
s.t.       count:       sum_j shown[j] == size
           copied[j]:   shown[j] - sum_{copies a of j} y[a] == 0                for j in M
           ordered[a]:  y[a] - y[a-1] <= 0                                      later copies of one item
           first, second, least, rows                                           (bigopt.algebra.products: both = y y)
"""

from collections.abc import Sequence
from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.products import add_copies, add_square, copies
from bigopt.algebra.selection import add_shown, picked
from bigopt.games.subsets.game import Subsets


def build(game: Subsets, player: int = 0, choices: Sequence[Sequence[int]] | None = None) -> pyo.ConcreteModel:
    """State the program of `player`; without `choices` the others show the first items."""
    profile = game.first_profile() if choices is None else choices
    u, r = game.pull(player, profile)
    size = int(game.sizes[player])
    names = copies(len(u), size, game.repeats)

    m = pyo.ConcreteModel("subset_response_products")
    m.player, m.profile = player, [list(choice) for choice in profile]
    add_shown(m, len(u), size, game.repeats)
    add_copies(m, [(j,) for j, _ in names])
    m.loss = pyo.Objective(expr=add_square(m, u[[j for j, _ in names]], r, [(range(len(names)), size)]))
    return m


def read(m: pyo.ConcreteModel) -> dict[str, Any]:
    """Return the action, and the profile with it."""
    action = picked(m.shown)
    choices = [action if i == m.player else choice for i, choice in enumerate(m.profile)]
    return {"action": action, "player": m.player, "choices": choices}
