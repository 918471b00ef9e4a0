"""Alignment, misalignment and a Bob's best deviation as programs in fractions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from bigopt.alice import program as shared
from bigopt.alice.prove import outcomes as all_outcomes
from bigopt.arithmetic.program import Evidence, Program, Row
from bigopt.concepts.proof import Proof
from bigopt.games.market.exact import outcomes
from bigopt.games.market.game import Market
from bigopt.games.market.response import threshold

Stated = tuple[Program, Evidence | None]
ONE, ZERO = Fraction(1), Fraction(0)


def alignment(data: Mapping[str, Any], proof: Proof | None, solution: Any) -> Stated:
    """State Definition 1 over all outcomes."""
    found = all_outcomes(data)
    return shared.alignment(found), None if proof is None else shared.evidence(found, proof)


def misalignment(data: Mapping[str, Any], proof: Proof | None, solution: Any) -> Stated:
    """State Section 7's program: below Alice's utility plus epsilon on stable outcomes, above it less on her best."""
    found, k = all_outcomes(data), len(data["bobs"])
    upper, lower = outcomes.sides(solution.game)
    names = [*(f"w_{j}" for j in range(k)), "offset", "epsilon"]
    rows = [Row(f"{name}_0", {j: ONE}, "G", ZERO) for j, name in enumerate(names) if name != "offset"]
    for name, chosen, sense, sign in (("above", upper, "L", -1), ("below", lower, "G", 1)):
        for o in chosen.tolist():
            alice, bobs = found[o]
            rows.append(Row(f"{name}_{o}", {**dict(enumerate(bobs)), k: ONE, k + 1: Fraction(sign)}, sense, alice))
    return Program(names, {k + 1: ONE}, False, rows, k + 1), None


def best_response(data: Mapping[str, Any], proof: Proof | None, solution: Any) -> Stated:
    """State `models/deviation.py` in the integers of the game: a Bob's best scheme that wins Alice, or the rival's."""
    game: Market = solution.game
    player, cells = int(solution.player), [(s, a) for s, size in enumerate(game.sizes) for a in range(int(size))]
    rival, least = threshold(game, player, [np.asarray(f) for f in solution.profile])
    alice, own = (game.units[0][who].tolist() for who in (0, player + 1))
    unit, n = Fraction(game.units[1][player + 1]), len(cells)
    names = [*(f"x_{s}_{a}" for s, a in cells), "selected", "one"]  # the last is 1: programs have no constants
    rows = [Row(f"{name}_0", {i: ONE}, "G", ONE if name == "one" else ZERO) for i, name in enumerate(names)]
    rows += [Row(f"{name}_1", {i: ONE}, "L", ONE) for i, name in enumerate(names)]
    bounds = len(rows)
    for s in range(game.S):
        rows.append(Row(f"choice_{s}", {i: ONE for i, (t, _) in enumerate(cells) if t == s} | {n: -ONE}, "E", ZERO))
    wins = {i: Fraction(u) for i, u in enumerate(alice) if u}
    if rival < 0:
        rows.append(Row("alone", {n: ONE}, "E", ONE))
        stay = ZERO
    else:
        rows.append(Row("wins", wins | {n: Fraction(-int(least))}, "G", ZERO))
        stay = game.totals(solution.profile[rival])[player + 1] * unit
    objective = {i: u * unit for i, u in enumerate(own)} | {n: -stay, n + 1: stay}
    return Program(names, objective, True, rows, bounds, range(n + 1)), None


PROGRAMS = {"alignment": alignment, "misalignment": misalignment, "best-response": best_response}
