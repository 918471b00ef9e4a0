"""Every pure equilibrium by a solver of MILPs: inequalities added lazily, and no-good cuts.

The program is the potential's linearization (models/subset_potential_products.py, both sides of every product). A
profile x is an equilibrium iff, for every player i and every action a of theirs,

    loss_i(x) <= loss_i(a, x_-i),    linear in the binaries and their products.

There are too many such rows to write down. So: solve; ask each player for an exact best response; where one gains,
add its row, else the profile is an equilibrium, counted and cut off. Infeasibility at the end proves the list complete.
This is the zero-regrets idea of Dragotti and Scatamacchia for integer programming games.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pyomo.environ as pyo

from bigopt.algebra import delegated, library
from bigopt.concepts.concept import Answer, Request
from bigopt.errors import UsageError
from bigopt.games.subsets.exact.combos import written
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.response import payoff_range, respond

LARGEST = 20_000  # products of two binaries
ROOM = 1e-7  # of the player's payoff range: what a row leaves to the solver's feasibility tolerance; ties are kept


def solve(game: Subsets, request: Request, limit: int) -> Answer:
    """Enumerate the equilibria in ascending order of the potential; `limit` is how many are listed."""
    binaries = sum(len(game.items) * (int(k) if game.repeats else 1) for k in game.sizes)
    products = binaries * (binaries - 1) // 2
    if products > LARGEST:
        raise UsageError(
            f"{written(game.profiles)} profiles and {products} products of binaries, more than the"
            f" {LARGEST} that are built: use --solver exact, or lower sizes"
        )
    module = library.model("subset_potential_products")
    model = module.build(game, both_sides=True)
    model.equilibrium = pyo.ConstraintList()
    model.no_good = pyo.ConstraintList()
    found: list[Profile] = []
    complete = False
    for profile in _candidates(game, model, module, request):
        complete = profile is None
        if profile is not None:
            found.append(profile)
            request.progress(f"{len(found)} equilibria", None)
    point: dict[str, Any] = {"count": len(found), "complete": complete}
    point["profiles"] = sorted([list(choice) for choice in profile] for profile in found)[:limit]
    method = "equilibrium inequalities and no-good cuts"
    if not complete:
        return Answer(point, float(len(found)), None, "maxTimeLimit", "feasible", method)
    return Answer(point, float(len(found)), float(len(found)), method=method)


def _candidates(game: Subsets, model: Any, module: ModuleType, request: Request) -> Iterator[Profile | None]:
    """Yield each equilibrium, and None once the program is infeasible."""
    rows: set[tuple[int, tuple[int, ...]]] = set()
    while not request.deadline.expired:
        run = delegated.run(request, model, "MILP")
        if run.stopped == "provenInfeasible" or run.holds == "infeasible":
            yield None
            return
        if run.objective is None:
            return
        profile = game.profile(module.read(model)["choices"])
        gaining = [pair for i in range(game.players) if (pair := _better(game, i, profile)) is not None]
        for i, action in set(gaining) - rows:
            model.equilibrium.add(_row(game, model, i, action))
        if not set(gaining) - rows:  # nobody gains, or only by what the solver's tolerance lets pass
            _cut_off(model, profile)
        rows.update(gaining)
        if not gaining:
            yield profile


def _better(game: Subsets, player: int, profile: Profile) -> tuple[int, tuple[int, ...]] | None:
    """Return the player and a best response where it gains, exactly."""
    found = respond(game, player, profile, incumbent=profile[player])
    return (player, found.choice) if found.squared < game.exact.losses(profile)[player] else None


def _row(game: Subsets, model: Any, player: int, action: tuple[int, ...]) -> Any:
    r"""Return loss_i(x) - loss_i(a, x_-i) <= room, expanded.

    With s the player's own weighted sum, A that of action a, and z what the others and the background add, it is
    |s|^2 + 2 s.(z - t) - |A|^2 - 2 A.(z - t): squares and products of binaries on the left, and a linear rest.
    """
    own = game.weights[player] * game.items
    other = own[list(action)].sum(axis=0)
    rest = game.background - game.targets[player]
    fixed = float(other @ other + 2 * other @ rest)
    expression = 0.0
    for a, (i, j, _) in model.copy_of.items():
        vector = game.weights[i] * game.items[j]
        if i == player:
            expression += float(vector @ vector + 2 * vector @ rest) * model.y[a]
        else:
            expression -= float(2 * other @ vector) * model.y[a]
    for a, b in model.both:
        first, second = model.copy_of[a], model.copy_of[b]
        if player in (first[0], second[0]):
            weight = game.weights[first[0]] * game.weights[second[0]]
            expression += float(2 * weight * game.items[first[1]] @ game.items[second[1]]) * model.both[a, b]
    return expression <= fixed + ROOM * payoff_range(game, player)


def _cut_off(model: Any, profile: Profile) -> None:
    """Exclude one profile: at least one binary changes."""
    chosen = {(i, j, c) for i, choice in enumerate(profile) for j in choice for c in range(choice.count(j))}
    ones = [a for a, name in model.copy_of.items() if name in chosen]
    zeros = [a for a, name in model.copy_of.items() if name not in chosen]
    model.no_good.add(pyo.quicksum(model.y[a] for a in ones) - pyo.quicksum(model.y[a] for a in zeros) <= len(ones) - 1)
