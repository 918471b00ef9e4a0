"""Proofs of equilibria and dominant actions: rational actions, and what shows that nobody can do better."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from bigopt.arithmetic.completion import Exact
from bigopt.concepts.proof import Proof, between, proved
from bigopt.errors import SolverFailed, UnsupportedProblem
from bigopt.games.influencers import prove_set
from bigopt.games.influencers.prove_points import DIGITS, Data, best_actions, equilibrium_actions
from bigopt.games.influencers.prove_prices import price_of

MOVES = 100  # coordinates of all players: with more, the system of all equilibria is too large for fractions
NASH = ("actions", "regrets", "receiver", "potential", "losses", "dimension", "unique")
MORE = 10  # digits beyond those of epsilon
SET = ("receiver", "ranges", "dimension", "unique")


def nash(data: Mapping[str, Any], solution: Any, epsilon: Fraction | None = None) -> Proof:
    """Claim an equilibrium with its receiver, potential and losses; where the point is exact all regrets are 0.

    Parameters
    ----------
    data, solution : as of every prover
    epsilon : Fraction, optional
        What no regret may exceed, in the unit of losses: the claim is then 0 <= regret <= epsilon.

    Raises
    ------
    SolverFailed
        A regret cannot be proved to be so small.
    """

    def made(digits: int | None) -> Proof:
        witness = _with_set(data, _equilibrium_witness(data, solution, digits))
        words = ("no player can lower his loss by more than his regret", "the receiver is that of every equilibrium")
        return proved("influencers", "nash", data, witness, words, NASH)

    return made(None) if epsilon is None else _within(epsilon, made)


def _within(epsilon: Fraction, made: Callable[[int], Proof]) -> Proof:
    """Return a proof with so many digits that all regrets are at most epsilon, which is what it claims."""
    digits = MORE + len(str(ceil(1 / epsilon)))
    for more in (0, MORE, MORE**2):  # where the unit is large
        proof = made(digits + more)
        most = max(Fraction(getattr(v, "upper", v)) for v in proof.claims["regrets"])
        if most <= epsilon:
            claims = [between(Fraction(0), epsilon if v else v) for v in proof.claims["regrets"]]
            return replace(proof, claims={**proof.claims, "regrets": claims})
    raise SolverFailed(f"prove: regrets are proved up to {float(most):.3g} only: ask for a larger epsilon", "error")


def values(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim an equilibrium alone, without the dimension and the ranges, which take linear programs."""
    witness = _equilibrium_witness(data, solution)
    return proved("influencers", "nash", data, witness, (), ("actions", "receiver", "potential", "losses"))


def ne_set(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the dimension of the set of equilibria, and the range of every coordinate.

    Raises
    ------
    UnsupportedProblem
        The set is too large for linear programs in fractions.
    """
    witness = _with_set(data, _equilibrium_witness(data, solution), ranges=True)
    if "members" not in witness:
        raise UnsupportedProblem("prove: ne-set: the linear programs in fractions are too large: use `bigopt solve`")
    words = ("all equilibria: the dimension of their set, and the least and the largest value of every coordinate",)
    return proved("influencers", "ne-set", data, witness, words, SET)


def _with_set(data: Mapping[str, Any], witness: dict[str, Any], ranges: bool = False) -> dict[str, Any]:
    """Add what proves claims of the whole set, where the equilibrium is exact and the set is small."""
    if data["action_set"]["type"] == "ball" or len(data["weights"]) * len(data["targets"][0]) > MOVES:
        return witness
    facts = proved("influencers", "nash", data, witness, ()).claims
    return witness if any(facts["regrets"]) else witness | prove_set.witness(data, witness, facts["receiver"], ranges)


def truthful(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim that on a box nobody gains by asking for another target where all get the equilibrium."""
    words = ("the receiver is that of every equilibrium", "no misreport of a target gains anything")
    fields = ("receiver", "losses", "gains", "actions")
    return proved("influencers", "truthful", data, _equilibrium_witness(data, solution), words, fields)


def dominant(data: Mapping[str, Any], solution: Any, epsilon: Fraction | None = None) -> Proof:
    """Claim that actions are weakly dominant: each maximizes a linear function over the set.

    Parameters and errors as of `nash`.
    """
    game = Data.of(data)
    down = [[w * t for t in row] for w, row in zip(game.weights, game.targets, strict=True)]

    def made(digits: int | None) -> Proof:
        actions, shares = best_actions(game, down, np.asarray(solution.actions, dtype=float), digits or DIGITS)
        words = ("no action of a player does better by more than his regret, whatever the others do",)
        return proved("influencers", "dominant", data, _witness(game, actions, shares, down, digits), words)

    return made(None) if epsilon is None else _within(epsilon, made)


def _equilibrium_witness(data: Mapping[str, Any], solution: Any, digits: int | None = None) -> dict[str, Any]:
    """Return actions, and for every player what shows that his is best against the others'."""
    game = Data.of(data)
    near = solution.fields["canonical" if "canonical" in solution.fields else "actions"]
    actions, shares = equilibrium_actions(game, np.asarray(near, dtype=float), digits)
    hat = game.receiver(actions)
    down = [
        [2 * w * (t - v) for t, v in zip(row, hat, strict=True)]
        for w, row in zip(game.weights, game.targets, strict=True)
    ]
    return _witness(game, actions, shares, down, digits)


def _witness(
    game: Data, actions: list[Exact], shares: list[Any], down: list[Exact], digits: int | None
) -> dict[str, Any]:
    """Return actions, prices for everybody's linear function, and on balls the digits of square roots."""
    roots = {"digits": (digits or DIGITS) + MORE} if game.space["type"] == "ball" else {}
    return {"points": _points(actions, shares), "prices": [price_of(game.space, g) for g in down]} | roots


def _points(actions: list[Exact], shares: list[Any]) -> list[list[list[Any]]]:
    """Return everybody's variables [index, value]: the shares of a hull's points, else the coordinates."""
    plain = ([[c, v] for c, v in enumerate(x) if v] for x in actions)
    return [x if own is None else [list(pair) for pair in own if pair[1]] for x, own in zip(plain, shares, strict=True)]


SHARP = {"nash": nash, "dominant": dominant}
PROVERS = {"nash": nash, "ne-set": ne_set, "dominant": dominant, "truthful": truthful}


def _off_boxes(data: Mapping[str, Any]) -> str | None:
    """Say why truthful reports have no rule."""
    known = data["action_set"]["type"] == "box" and data.get("loss", "squared") == "squared"
    return None if known else "has a rule on boxes under squared loss only"


def _on_balls(data: Mapping[str, Any]) -> str | None:
    """Say why a set of equilibria has no rule."""
    return "has no rule on balls, whose ends are roots" if data["action_set"]["type"] == "ball" else None


VALUES = {"nash": values, "ne-set": values}
WITHOUT_RULE = {"truthful": _off_boxes, "ne-set": _on_balls}
