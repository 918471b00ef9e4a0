"""Each check of the equilibrium's certificate fails alone on a point that breaks what it checks, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bigopt import Ball, Box, Influencers, Simplex, solve
from bigopt.concepts.concept import Request
from bigopt.errors import InstanceError
from bigopt.files.instance import read
from bigopt.games.influencers import dual
from bigopt.games.influencers.exact import equilibrium as exact
from bigopt.games.influencers.verify import nash as verify


def failed(game: Influencers, **point: Any) -> list[str]:
    _, certificate = verify.verify(game, point, Request("nash"))
    return [check.name for check in certificate.failed]


OPPOSED = Influencers([0.5, 0.5], [[2.0], [4.0]], Box([0.0], [6.0]))


def test_the_equilibrium_passes_every_check() -> None:
    assert failed(OPPOSED, actions=[[0.0], [6.0]], unique=True, dimension=0) == []


def test_feasibility_fails_outside_the_set() -> None:
    """Clipped, the point is the equilibrium: only its distance from the set is wrong."""
    assert failed(OPPOSED, actions=[[-0.001], [6.0]]) == ["feasibility"]


def test_regret_fails_where_one_player_could_gain() -> None:
    """Player 1's range is 16; a step of s costs it 2 |w| |t - x| s - (w s)^2 = s: 3e-7 of the range here."""
    assert failed(OPPOSED, actions=[[0.0], [6.0 - 3e-7 * 16]]) == ["regret"]


def test_lower_bound_fails_where_many_small_regrets_add_up() -> None:
    n = 100
    game = Influencers(np.full(n, 1 / n), [[2.0], [4.0]] * (n // 2), Box([0.0], [6.0]))
    best = np.array([[0.0], [6.0]] * (n // 2))
    step = 16 * 5e-8 * n / 2  # regret 2 (1/n) step = 5e-8 of the range each
    assert failed(game, actions=best + np.array([[step], [-step]] * (n // 2))) == ["lower bound"]


def test_theorem_4_fails_where_two_players_of_distinct_targets_are_inside() -> None:
    game = Influencers([0.5, 0.5], [[3.0 - 1e-9], [3.0 + 1e-9]], Box([0.0], [6.0]))
    assert failed(game, actions=[[3.0], [3.0]]) == ["theorem 4: interior targets"]
    assert failed(game, actions=[[0.0], [6.0]]) == []


def test_theorem_4_fails_where_the_receiver_is_not_at_the_interior_target() -> None:
    """A player of weight 1e-9 loses next to nothing by standing just inside, and yet the theorem forbids it."""
    game = Influencers([0.5, 1e-9], [[5.0], [2.95]], Box([0.0], [6.0]))
    assert failed(game, actions=[[6.0], [0.0006]]) == ["theorem 4: winner"]


def test_own_stake_fails_where_a_player_of_small_weight_is_at_the_wrong_end() -> None:
    """Its payoff range is mostly the other's: 1e-9 of that is all that its own action can change."""
    game = Influencers([0.5, 1e-9], [[5.0], [2.0]], Box([0.0], [6.0]))
    assert failed(game, actions=[[6.0], [0.0]]) == []
    assert failed(game, actions=[[6.0], [0.01]])[0] == "own stake"


def test_receiver_fails_in_a_coordinate_of_small_units() -> None:
    """Half the range of the second coordinate is nothing beside the first's squares."""
    units = read(Path("instances/big/box/mixed-units.json")).game
    best = solve(units).actions
    moved = best.copy()
    moved[1, 1] += 0.5
    assert failed(units, actions=best) == []
    assert "receiver" in failed(units, actions=moved)


def test_theorem_4_leaves_out_idle_players_and_flat_sets() -> None:
    idle = Influencers([0.5, 0.0, 0.0], [[1.0], [2.0], [3.0]], Box([0.0], [6.0]))
    assert failed(idle, actions=[[2.0], [3.0], [4.0]]) == []
    flat = Influencers([0.5, 0.5], [[0.4, 0.6], [0.6, 0.4]], Simplex(1.0, 2))
    _, certificate = verify.verify(flat, {"actions": solve(flat).actions}, Request("nash"))
    assert "no interior" in {c.name: c.note for c in certificate.checks}["theorem 4: winner"]


def test_corollary_3_fails_where_the_number_of_equilibria_is_wrong() -> None:
    assert failed(OPPOSED, actions=[[0.0], [6.0]], unique=False) == ["corollary 3"]
    assert failed(OPPOSED, actions=[[0.0], [6.0]], dimension=1) == ["corollary 3"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("loss", ["squared", "inner-product"])
def test_ranges_bound_the_losses_of_random_profiles(seed: Any, loss: Any) -> None:
    rng = np.random.default_rng(seed)
    game = Influencers(rng.normal(size=4), rng.normal(size=(4, 2)), Ball([1.0, 0.0], 2.0), loss=loss)
    points = game.action_set.project(3 * rng.normal(size=(4000, 2))).reshape(1000, 4, 2)
    losses = np.array([game.losses(game.receiver(x)) for x in points])
    assert (np.ptp(losses, axis=0) <= game.loss_ranges()).all()


@pytest.mark.parametrize("seed", range(3))
def test_the_gap_is_potential_minus_bound(seed: Any) -> None:
    """The cancellation-free form against the definition of the dual."""
    rng = np.random.default_rng(seed)
    game = Influencers(
        rng.normal(size=5),
        rng.normal(size=(5, 2)),
        Ball([0.0, 1.0], 1.5),
        background_weight=1.0,
        background_point=rng.normal(size=2),
    )
    x, v = game.action_set.project(rng.normal(size=(5, 2))), rng.normal(size=2)
    value = 0.5 * v @ v - game.background @ v + game.action_set.support(game.pulls(v)).sum()
    assert dual.potential_gap(game, x, game.receiver(x), v) == pytest.approx(game.potential(x) + 2 * value)


@pytest.mark.parametrize(
    "actions", [None, [[1.0]], [[1.0], ["a"]], [[1.0], [float("nan")]], [[1.0, 2.0], [1.0, 2.0]], 3]
)
def test_malformed_points_are_named(actions: Any) -> None:
    with pytest.raises(InstanceError, match="actions"):
        verify.verify(OPPOSED, {} if actions is None else {"actions": actions}, Request("nash"))


def test_interior_is_exact_at_the_winner_and_forgiving_elsewhere() -> None:
    """x2 = 2 t2 - 0 stands 2e-6 inside and counts; a solver's 2e-6 short of the end does not."""
    near = Influencers([0.5, 0.5], [[-1.0], [1e-6]], Box([0.0], [6.0]))
    assert solve(near, "nash").interior.tolist() == [1]
    fields, _ = verify.verify(OPPOSED, {"actions": [[2e-6], [6.0]]}, Request("nash"))
    assert fields["interior"].tolist() == []


def test_a_gap_that_stays_open_is_not_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """An algorithm that stops 1e-8 of the range early passes what solvers are held to, and not its own promise."""
    off = dual.Found(np.array([3.0]), np.array([[0.0], [6.0]]), 1e-8 * 16, "stopped early")
    monkeypatch.setattr(exact, "equilibrium", lambda *_: off)
    found = solve(OPPOSED)
    assert [check.name for check in found.certificate.failed] == ["gap"]
    assert not found.certificate.verified
    assert found.exit_code == 4
    assert found.bound == pytest.approx(-15.0 - 1.6e-7, abs=1e-12)
