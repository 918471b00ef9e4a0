"""Revenue, false names and noise: other formulations, hand-made cases, checks that fail."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from bigopt import catalog, load, solve
from bigopt.concepts.concept import Request
from bigopt.games.mechanism import Group, Mechanism
from bigopt.games.mechanism.exact.least_utility import least_utility, utility
from bigopt.games.mechanism.exact.splitting import paid_by, splits_of
from bigopt.games.mechanism.response import Seat
from bigopt.games.mechanism.verify import false_names, revenue

spec = importlib.util.spec_from_file_location("mechanism_games", Path(__file__).with_name("games.py"))
assert spec is not None and spec.loader is not None
games = importlib.util.module_from_spec(spec)
spec.loader.exec_module(games)


@pytest.mark.parametrize("regularizer", ["kl", "l2"])
@pytest.mark.parametrize("seed", range(3))
def test_no_reward_has_less_than_the_water_filling(regularizer: str, seed: int) -> None:
    game = games.game(4, 2, seed, regularizer=regularizer, strength=0.4)
    seat, (least, reward) = Seat(game, 0), least_utility(game, 0)
    assert utility(seat, reward) == pytest.approx(least, abs=1e-14)
    tried = np.random.default_rng(seed).dirichlet(np.full(4, 0.5), 300)
    assert min(utility(seat, r) for r in tried) >= least - 1e-12
    equal = [{"type": "eq", "fun": lambda r: r.sum() - 1}]
    found = minimize(lambda r: utility(seat, r), np.full(4, 0.25), bounds=[(0, 1)] * 4, constraints=equal, tol=1e-12)
    assert found.fun == pytest.approx(least, abs=1e-7)


@pytest.mark.parametrize(("regularizer", "solver"), [("kl", "ipopt"), ("l2", "highs")])
@pytest.mark.parametrize("normalization", ["sum", "max"])
def test_the_concave_program_agrees(regularizer: str, solver: str, normalization: str) -> None:
    game = games.game(4, 2, 3, regularizer=regularizer, normalization=normalization, strength=0.3)
    ours, theirs = solve(game, "revenue"), solve(game, "revenue", solver)
    assert ours.solved, ours.certificate.failed
    assert theirs.solved, theirs.certificate.failed
    np.testing.assert_allclose(ours.payments, theirs.payments, atol=1e-6)


def test_max_normalized_rewards_by_brute_force() -> None:
    """The least is at a unit vector: any other reward has more, since the utility grows with every entry."""
    game = games.game(3, 2, 1, normalization="max", strength=0.5)
    seat = Seat(game, 0)
    best = min(utility(seat, np.eye(3)[x]) for x in range(3))
    assert least_utility(game, 0)[0] == pytest.approx(best, abs=1e-14)


def test_revenue_on_types_is_a_shortest_path_and_at_least_the_continuous_one() -> None:
    rng = np.random.default_rng(4)
    kinds = [Group(f"t{t}", 1, r) for t, r in enumerate(rng.dirichlet(np.ones(3), 4))]
    game = games.game(3, 2, 4, types=kinds)
    found = solve(game, "revenue")
    assert found.solved, found.certificate.failed
    assert (np.asarray(found.gap) >= -1e-12).all()
    less = {
        "payments": found.payments,
        "least_utility": found.least_utility,
        "type_payments": found.type_payments - 1e-3,
    }
    _, certificate = revenue.verify(game, less, Request("revenue"))
    assert "types: largest" in [check.name for check in certificate.failed]


def test_too_much_and_too_little_revenue_fail() -> None:
    game = games.game()
    found = solve(game, "revenue")
    for shift, name in ((1e-3, "rationality of every report"), (-1e-3, "largest")):
        point = {"payments": found.payments + shift, "least_utility": found.least_utility + shift}
        _, certificate = revenue.verify(game, point, Request("revenue"))
        assert [check.name for check in certificate.failed] == [name]


def test_splitting_saves_and_the_linear_program_agrees() -> None:
    game = load(catalog.instance("mechanism/splitting"))
    ours, theirs = solve(game, "false-names"), solve(game, "false-names", "highs")
    assert ours.solved and theirs.solved
    np.testing.assert_allclose(ours.payments, theirs.payments, atol=1e-7)
    assert ours.saved == pytest.approx(ours.paid[0] - ours.paid[-1]) and ours.cost > 0


def test_names_of_one_agent_are_the_cheapest_split() -> None:
    game = games.game(4, 2, 2, strength=0.5, max_size=6)
    totals = {s: float(paid_by(game, 0, s).sum()) for s in [(6,), *splits_of(6)]}
    assert len(totals) == 11  # partitions of six
    assert min(totals, key=totals.__getitem__) == (1,) * 6
    assert max(totals, key=totals.__getitem__) == (6,)


def test_a_name_pays_what_a_game_with_that_name_says() -> None:
    base = games.game(4, 2, 2, strength=0.5)
    first, *rest = base.groups
    names = [Group("x", 2, first.reward), Group("y", 3, first.reward), *rest]
    game = Mechanism(base.initial, names, "sum", base.rule, base.outcomes)
    np.testing.assert_allclose(paid_by(base, 0, (2, 3)), solve(game, "payments").payments[:2], rtol=1e-10)


def test_payments_that_reward_splitting_fail() -> None:
    game = load(catalog.instance("mechanism/splitting"))
    table = np.array(solve(game, "false-names").table)
    table[8, 0] += 1e-3
    _, certificate = false_names.verify(game, {"table": table}, Request("false-names"))
    assert "splitting" in [check.name for check in certificate.failed] or "truthful sizes" in [
        check.name for check in certificate.failed
    ]


@pytest.mark.parametrize("regularizer", ["kl", "l2"])
@pytest.mark.parametrize("normalization", ["sum", "max"])
def test_noise_stays_below_the_bounds(regularizer: str, normalization: str) -> None:
    game = games.game(5, 3, 6, regularizer=regularizer, normalization=normalization, strength=1.0)
    found = solve(game, "noise", options={"draws": 200, "error": 0.1})
    assert found.solved, found.certificate.failed
    assert 0 < found.loss <= found.sharper_loss_bound <= found.loss_bound


def test_the_shift_bound_is_attained() -> None:
    """Two equally likely outcomes pulled apart by delta each: 1 / (1 + e^(-2 delta / lambda)) - 1/2 = tanh / 2 ...

    from a policy at one side of even odds to the other the shift is tanh(delta / 2 lambda).
    """
    delta, strength = 0.2, 0.7
    rule: Any = {"objective": "social-welfare", "regularizer": "kl", "strength": strength}
    ends = []
    for sign in (-1.0, 1.0):
        reward = [0.5 + sign * delta / 2, 0.5 - sign * delta / 2]
        ends.append(solve(Mechanism([0.5, 0.5], [Group("g", 1, reward)], "sum", rule, ["a", "b"])).policy)
    assert abs(ends[1] - ends[0]).max() == pytest.approx(np.tanh(delta / (2 * strength)))
