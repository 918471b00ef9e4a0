"""Subset games: influencers who show items of a finite set (BIG paper, Section 5.2)."""

from __future__ import annotations

from bigopt.concepts import PLAYER, PROFILE, options
from bigopt.concepts.concept import Answer, Concept, Formulation, Kind, Option, Request
from bigopt.errors import UsageError
from bigopt.games.subsets import all_nash, dynamics, extremes, generate, nash, nfg, plot, verify
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.response import respond

__all__ = ["KIND", "Subsets"]

LARGEST_LINEARIZATION = 300_000  # products of two binaries in one model


def _best_response(game: Subsets, request: Request) -> Answer:
    """Return one player's exact best response."""
    player, choices = verify.player_of(game, request), verify.others_of(game, request)
    gap = request.options.get("gap")
    found = respond(game, player, choices, deadline=request.deadline, gap=gap, progress=request.progress)
    value = found.squared / game.exact.denominator**2
    trial = [list(c) for c in choices]
    trial[player] = list(found.choice)
    point = {"action": list(found.choice), "loss": value, "player": player, "choices": trial}
    used = {"gap": found.gap} if found.gap else {}
    if found.proved:
        return Answer(point, value, found.bound, method=found.method, options=used)
    stopped = "maxTimeLimit" if request.deadline.expired else "iterationLimit"
    return Answer(point, value, found.bound, stopped, "feasible", found.method, used)


def _response_models(game: Subsets, request: Request) -> list[Formulation]:
    """MIQP; |.| in one dimension and the linearization for solvers of MILPs."""
    if request.player is None or request.profile is None:
        return []
    player = verify.player_of(game, request)
    arguments = {"player": player, "choices": verify.others_of(game, request)}
    k = int(game.sizes[player])
    binaries = len(game.items) * (k if game.repeats else 1)
    linear = "absolute" if game.dimension == 1 else "products"
    found = [Formulation("subset_response", "MIQP", arguments | {"form": "quadratic"})]
    if linear == "absolute" or binaries * (binaries - 1) // 2 <= LARGEST_LINEARIZATION:
        value = _squared if linear == "absolute" else float
        found.append(Formulation("subset_response", "MILP", arguments | {"form": linear}, value))
    elif request.solver in ("highs", "cbc", "glpk"):
        raise UsageError(_too_many(binaries))
    return found


def _squared(distance: float) -> float:
    """Return the loss of a distance; no bound on a distance is worth less than 0."""
    return max(distance, 0.0) ** 2


def _potential_models(game: Subsets, request: Request) -> list[Formulation]:
    """MIQP, and its linearization for solvers of MILPs."""
    binaries = sum(len(game.items) * (int(k) if game.repeats else 1) for k in game.sizes)
    found = [Formulation("subset_potential", "MIQP", {"form": "quadratic"})]
    if binaries * (binaries - 1) // 2 <= LARGEST_LINEARIZATION:
        found.append(Formulation("subset_potential", "MILP", {"form": "products"}))
    elif request.solver in ("highs", "cbc", "glpk"):
        raise UsageError(_too_many(binaries))
    return found


def _too_many(binaries: int) -> str:
    products = binaries * (binaries - 1) // 2
    return (
        f"the linearization of {binaries} binaries has {products} products, more than the {LARGEST_LINEARIZATION}"
        " that are built: use --solver exact or scip"
    )


SEED = Option("seed", 0, parse=options.whole, help="seed of the random starts")

KIND = Kind(
    name="subsets",
    game=Subsets,
    folder="bigopt.games.subsets",
    concepts=(
        Concept(
            "nash",
            "the profile of least potential, a pure equilibrium (eq. 23)",
            verify.potential_minimizer,
            nash.solve,
            _potential_models,
            options=(Option("starts", 5, parse=options.count, help="random starts of the dynamics"), SEED),
            objective="potential",
            sense="min",
            prefers=("exact", "scip", "highs"),
        ),
        Concept(
            "all-nash",
            "every pure equilibrium: count and profiles",
            verify.every_equilibrium,
            all_nash.solve,
            options=(
                Option("profiles", "list", ("list", "count"), help="list them, or only count"),
                Option("limit", all_nash.LISTED, parse=options.whole, help="how many profiles are listed at most"),
            ),
            delegates=("highs", "scip"),
            objective="count",
            sense="max",
        ),
        Concept(
            "dynamics",
            "best-response dynamics to a pure equilibrium, with its path",
            verify.path,
            dynamics.solve,
            arguments=(PROFILE,),
            objective="potential",
            sense="min",
            options=(Option("start", "first", ("first", "random"), help="the first items, or a random profile"), SEED),
        ),
        Concept(
            "extremes",
            "best and worst equilibrium by total loss, against the optimum",
            verify.extremes,
            extremes.solve,
            objective="worst_total",
            sense="max",
        ),
        Concept(
            "best-response",
            "one player's best choice, the others held fixed (eq. 22)",
            verify.best_response,
            _best_response,
            _response_models,
            options=(Option("gap", None, parse=options.non_negative, help="absolute gap, in the player's loss"),),
            arguments=(PLAYER, PROFILE),
            needs=("player", "profile"),
            objective="loss",
            sense="min",
            prefers=("exact", "scip", "highs"),
        ),
    ),
    plot=plot.plot,
    families=(generate.news_feed, generate.binary_powers),
    nfg=nfg.text,
)
