"""The maximum-likelihood receiver beside other optimizers, its proof, and labels that have no maximizer."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_array

import bigopt
from bigopt.concepts import Deadline
from bigopt.games.preferences.exact.likelihood import Likelihood
from bigopt.games.preferences.exact.separation import direction
from tests.preferences.games import paper, random_space


def likelihood(game: bigopt.Preferences) -> tuple[Likelihood, np.ndarray, np.ndarray]:
    pairs = game.drawn
    made = Likelihood(pairs.offsets, pairs.slopes)
    labels = pairs.labels(game.targets)
    return made, labels, made.statistic(labels)


@pytest.mark.parametrize("seed", range(3))
def test_newton_finds_what_bfgs_finds_on_rewards_themselves(seed: int) -> None:
    """The objective is written out from eqs. (25) to (27), signs and all, without a and b."""
    game = random_space(seed, dimension=3)
    rng = np.random.default_rng(game.seed)
    assert game.responses is not None
    y, y_prime = (game.responses.draw(rng, int(game.samples.sum())) for _ in range(2))
    made, labels, _ = likelihood(game)
    z = 2.0 * labels - 1.0

    def loss(x: np.ndarray) -> float:
        rewards = -((y - x) ** 2).sum(axis=1) + ((y_prime - x) ** 2).sum(axis=1)
        return float(np.log1p(np.exp(-z * rewards)).sum())

    other = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-8})
    found = made.fit(labels, np.zeros(3))
    assert np.abs(found - other.x).max() < 1e-6
    assert made.log_likelihood(found, labels) == pytest.approx(-loss(found), rel=1e-12)


@pytest.mark.parametrize("solver", ["ipopt"])
def test_the_model_file_agrees_to_1e8(solver: str) -> None:
    game = random_space(4, dimension=3)
    ours, theirs = bigopt.solve(game, "receiver"), bigopt.solve(game, "receiver", solver)
    assert ours.solved and theirs.solved
    assert np.abs(ours.receiver - theirs.receiver).max() < 1e-8
    assert theirs.objective == pytest.approx(ours.objective, rel=1e-10)


def test_the_proved_distance_holds_and_is_not_idle() -> None:
    game = random_space(2)
    made, labels, statistic = likelihood(game)
    best = made.fit(labels, np.zeros(2))
    information = made.at(best).information
    for move in ([1e-3, 0.0], [-1e-2, 5e-3], [0.01, 0.02]):
        proof = made.prove(statistic, best + move)
        there = made.at(best + move).information
        distance = float(np.sqrt(np.array(move) @ there @ move))
        assert distance <= proof.distance <= 3.0 * distance
    assert made.prove(statistic, best).distance < 1e-7
    assert np.linalg.eigvalsh(information)[0] > 0


def test_a_perturbed_estimate_fails_its_check() -> None:
    game = paper(samples=500)
    row = bigopt.solve(game, "receiver")
    moved = {"receiver": [float(row.receiver[0]) + 1e-5]}
    from bigopt.concepts import Request
    from bigopt.games.preferences.receiver import CONCEPT

    _, certificate = CONCEPT.verify(game, moved, Request("receiver", options={"profiles": 0, "points": 0}))
    assert [check.name for check in certificate.failed] == ["distance to the maximizer"]


def test_separable_labels_are_said() -> None:
    game = bigopt.Preferences(
        [[-0.5], [0.5]], bigopt.Box([-1], [1]), [1, 1], {"distribution": "uniform", "low": 2, "high": 9}
    )
    solution = bigopt.solve(game, "receiver")
    assert (solution.stopped, solution.exit_code) == ("unbounded", 3)
    assert "separable" in solution.solver.options["message"]


@pytest.mark.parametrize("seed", range(20))
def test_separation_is_decided_as_enumeration_does(seed: int) -> None:
    """In the plane a separating direction exists iff one orthogonal to some b does, up to a small turn."""
    rng = np.random.default_rng(seed)
    b = rng.normal(size=(int(rng.integers(3, 9)), 2))
    labels = rng.random(len(b)) < 0.5 if seed % 2 else b @ rng.normal(size=2) > 0
    signed = b * (2.0 * labels - 1.0)[:, None]
    normals = np.vstack([signed @ [[0, 1], [-1, 0]], signed @ [[0, -1], [1, 0]]])
    exists = bool(((normals @ signed.T) >= -1e-12).all(axis=1).any())
    found = direction(b, labels, Deadline())
    assert (found is not None) == exists
    if found is not None:
        assert (signed @ found >= -1e-9).all()


def test_standard_errors_cover_the_spread_over_seeds() -> None:
    found, told = [], []
    for seed in range(40):
        game = paper(seed, samples=1000)
        made, labels, _ = likelihood(game)
        x = made.fit(labels, np.zeros(1))
        found.append(x[0])
        told.append(np.sqrt(made.sandwich(labels, x, game.drawn.player, made.at(x).information))[0, 0])
    assert 0.7 < np.std(found) / np.mean(told) < 1.3
    assert made.prove(made.statistic(labels), x).standard_errors[0] < 0.7 * np.mean(told)  # Fisher's is too small


def test_known_labels_come_back() -> None:
    game = random_space(1)
    rng = np.random.default_rng(0)
    n = 300
    y, y_prime = rng.normal(size=(n, 2)), rng.normal(size=(n, 2))
    label, player = (rng.random(n) < 0.4).astype(int), np.sort(rng.integers(0, 3, n))
    known = {"player": player, "y": y, "y_prime": y_prime, "label": label}
    game = bigopt.Preferences(game.targets, game.action_set, comparisons=known)
    assert (game.drawn.labels(game.targets) == label).all()
    assert bigopt.solve(game, "receiver").solved


def test_rated_items_are_the_same_likelihood_with_sparse_slopes() -> None:
    """Bradley-Terry scores: two entries a comparison; of two items the score is the logit of the wins."""
    rng = np.random.default_rng(0)
    first = rng.integers(0, 6, 300)
    second = (first + rng.integers(1, 6, 300)) % 6
    slopes = np.eye(6)[first] - np.eye(6)[second]
    wins = rng.random(300) < 0.6
    dense = Likelihood(np.zeros(300), slopes[:, 1:])
    thin = Likelihood(np.zeros(300), csr_array(slopes[:, 1:]))
    found = thin.fit(wins, np.zeros(5))
    assert found == pytest.approx(dense.fit(wins, np.zeros(5)), abs=1e-12)
    ours, theirs = (made.prove(made.statistic(wins), found) for made in (thin, dense))
    assert ours.distance < 1e-9 and ours.steepness == pytest.approx(theirs.steepness)
    pair = Likelihood(np.zeros(4), csr_array(np.ones((4, 1))))
    assert pair.fit(np.array([1, 1, 1, 0]), np.zeros(1)) == pytest.approx(np.log([3.0]))
