"""Utilities and places in other units, and far from 0: every solver's answer is the same game's."""

from __future__ import annotations

import numpy as np
import pytest

import bigopt
from bigopt import solvers

LP = [name for name in ("highs", "scip", "ipopt", "pounce", "clarabel", "piqp", "cbc", "glpk")]
ALICE = np.array([[8.0, 6, 5], [2, 3, 0], [0, 0, 1], [8, 6, 9]])
BOB = np.array([[5.0, 6, 9], [7, 6, 5], [5, 9, 2], [8, 6, 4]])


def installed(solver: str) -> None:
    if solvers.SOLVERS[solver].version() is None:
        pytest.skip(f"{solver} is not installed")


@pytest.mark.parametrize("solver", LP)
@pytest.mark.parametrize("his", [(1e-9, 0.0), (1e9, 0.0), (1.0, 1e6)])
@pytest.mark.parametrize("hers", [(1e-9, 0.0), (1e9, 1e3)])
def test_a_sender_in_other_units(hers: tuple[float, float], his: tuple[float, float], solver: str) -> None:
    installed(solver)
    states, actions = list("abcd"), list("xyz")
    plain = bigopt.Persuasion(states, actions, ALICE, [bigopt.Bob("B", BOB)])
    best = bigopt.solve(plain, "signaling").value
    unit, place = his
    scaled = bigopt.Persuasion(states, actions, (ALICE + hers[1]) * hers[0], [bigopt.Bob("B", (BOB + place) * unit)])
    found = bigopt.solve(scaled, "signaling", solver)
    assert found.solved, found.certificate.failed
    assert found.value / unit - place == pytest.approx(best, abs=1e-5)


@pytest.mark.parametrize("solver", LP)
@pytest.mark.parametrize("lengths", [[1e-9, 1.0, 1e9], [1e-6, 1e3, 1.0]])
@pytest.mark.parametrize("place", [0.0, 1e3])
def test_dominant_actions_and_replies_on_a_box_of_mixed_units(solver: str, lengths: list[float], place: float) -> None:
    installed(solver)
    unit = np.array(lengths)
    low, high = np.array([0.0, -1.0, 2.0]) + place, np.array([1.0, 1.0, 5.0]) + place
    wants = np.array([[1.0, -1.0, 1.0], [-1.0, -2.0, 3.0], [2.0, 1.0, -1.0]])  # by sign, the end that a player wants
    game = bigopt.Influencers(
        [0.3, -0.2, 1e-6], wants / unit, bigopt.Box(low * unit, high * unit), loss="inner-product"
    )
    found = bigopt.solve(game, "dominant", solver)
    assert found.solved, found.certificate.failed
    ends = np.where(np.sign(game.weights)[:, None] * wants > 0, high, low) * unit
    assert np.abs((found.actions - ends) / unit).max() < 1e-4
    reply = bigopt.solve(game, "best-response", solver, player=1, profile=ends)
    assert reply.solved and np.abs((reply.action - ends[1]) / unit).max() < 1e-4


@pytest.mark.parametrize("solver", ["highs", "scip", "ipopt", "pounce", "clarabel", "piqp"])
@pytest.mark.parametrize("lengths", [[1.0, 1.0, 1.0], [1e-6, 1e3, 1.0], [1e-9, 1.0, 1e9]])
def test_squared_replies_on_a_box_of_mixed_units(solver: str, lengths: list[float]) -> None:
    installed(solver)
    unit = np.array(lengths)
    low, high = np.array([1000.0, 999.0, 1002.0]), np.array([1001.0, 1001.0, 1005.0])
    middle = np.tile((low + high) / 2 * unit, (2, 1))
    aim = np.array([1000.25, 2000.0, 1003.0])  # of the first player with weight 1/2: coordinate by coordinate
    targets = np.array([0.5 * aim + 0.5 * middle[1] / unit, aim]) * unit
    game = bigopt.Influencers([0.5, 0.5], targets, bigopt.Box(low * unit, high * unit), loss="squared")
    reply = bigopt.solve(game, "best-response", solver, player=0, profile=middle)
    exact = bigopt.solve(game, "best-response", player=0, profile=middle)
    assert reply.solved, reply.certificate.failed
    assert np.abs((reply.action - exact.action) / unit).max() < 1e-3
