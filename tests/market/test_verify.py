"""Certificates: the right point passes, and a perturbed one fails exactly the check that it breaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from typer.testing import CliRunner

import bigopt
from bigopt import catalog
from bigopt.cli.app import app
from bigopt.concepts.concept import Request
from bigopt.games.market.exact import enumeration, outcomes
from bigopt.games.market.game import Market
from bigopt.games.market.generate import enough_bobs, noisy_market, random_market
from bigopt.games.market.verify import best, best_response, dynamics, misalignment, stable, worst

DETERMINISTIC = {"schemes": "deterministic", "obedience": False, "step": 1e-3}
RANDOMIZED = DETERMINISTIC | {"schemes": "randomized"}
OBEDIENT = DETERMINISTIC | {"obedience": True}


@pytest.fixture
def game() -> Market:
    """Four states, worst below best, several stable schemes."""
    return random_market(states=4, policies=3, bobs=2, alice=0.3, common=0.5, seed=13)


def failed(check: Any, game: Market, point: Any, concept: str = "worst", options: Any = DETERMINISTIC) -> list[str]:
    _, certificate = check(game, point, Request(concept, options=options))
    return [row.name for row in certificate.failed]


def test_perturbed_schemes_fail_their_check(game: Market, brute: Any) -> None:
    found = enumeration.stable(game)
    low, top = found.schemes[found.worst], found.schemes[int(found.totals[0].argmax())]
    assert failed(worst.worst, game, {"scheme": low}) == []
    assert failed(worst.worst, game, {"scheme": top}) == ["worst"]
    assert failed(best.best, game, {"scheme": top}) == []
    assert failed(best.best, game, {"scheme": low}) == ["best"]
    floor = game.opt_value - 2 * outcomes.score(game).epsilon
    table = brute.all_schemes(game)
    unstable = [f for f in table if list(f) not in found.schemes.tolist()]
    least = table[tuple(low.tolist())][0]
    near = max((f for f in unstable if table[f][0] < least), key=lambda f: table[f][0])
    assert failed(worst.worst, game, {"scheme": near}) == ["deviation"]
    far = min(unstable, key=lambda f: table[f][0])
    assert table[far][0] < floor
    assert failed(worst.worst, game, {"scheme": far}) == ["deviation"]  # Theorem 6 holds with the regret as its slack


def test_perturbed_lists_fail_their_check(game: Market, brute: Any) -> None:
    schemes = enumeration.stable(game).schemes.tolist()
    assert len(schemes) > 1
    other = next(list(f) for f in brute.all_schemes(game) if list(f) not in schemes)
    for rows, names in ((schemes, []), (schemes[1:], ["missing"]), ([*schemes, other], ["unstable"])):
        assert failed(stable.stable, game, {"schemes": rows}) == names
    assert failed(stable.stable, game, {"schemes": [*schemes, schemes[0]]}) == ["repeated"]


def test_perturbed_trajectories_fail_their_check(game: Market) -> None:
    solution = bigopt.solve(game, "dynamics")
    assert solution.solved
    steps = solution.trajectory
    assert len(steps) > 1
    for trajectory in (steps[::-1], [*steps, steps[0]], steps[:-1]):
        assert failed(dynamics.path, game, {"scheme": solution.scheme, "trajectory": trajectory}) == ["moves"]


def test_perturbed_lotteries_fail_their_check(game: Market) -> None:
    solution = bigopt.solve(game, "worst", options={"schemes": "randomized"})
    assert solution.solved
    rows = [list(row) for row in solution.scheme]
    rows[0] = [p * 1.0005 for p in rows[0]]
    assert failed(worst.worst, game, {"scheme": rows}, options=RANDOMIZED) == ["probabilities"]
    flat = [[1 / 3] * 3] * 4
    assert "deviation" in failed(best.best, game, {"scheme": flat}, "best", RANDOMIZED)
    top = bigopt.solve(game, "best", options={"schemes": "randomized"}).scheme
    assert failed(worst.worst, game, {"scheme": top}, options=RANDOMIZED) == ["worst"]
    assert failed(best.best, game, {"scheme": solution.scheme}, "best", RANDOMIZED) == ["best"]


def prosecutor() -> Market:
    """Return Appendix B's court with the prosecutor alone: states guilty (weight 2) and innocent (1)."""
    return Market(((1.0, 2.0), (2.0, 1.0)), (((0.0, 2.0), (0.0, 1.0)),), prior_weights=[2, 1])


def test_obedience_is_bayesian_persuasion() -> None:
    """A lone prosecutor may always convict: 5/3 for Alice, as in Appendix B; a disobedient scheme is found out."""
    solution = bigopt.solve(prosecutor(), "worst", options={"obedience": "true"})
    assert solution.solved
    assert solution.alice == pytest.approx(5 / 3, abs=1e-8)
    wrong = Market(((1.0, 2.0), (2.0, 1.0)), (((0.0, 2.0), (0.0, 1.0)),), prior_weights=[1, 2])
    always = {"scheme": [[0.0, 1.0], [0.0, 1.0]]}
    assert failed(worst.worst, wrong, always, options=OBEDIENT) == ["obedience", "worst"]


@pytest.mark.parametrize("seed", range(8))
def test_worst_obedient_scheme_against_a_scan(seed: int) -> None:
    """No value of Alice's below the worst has a stable obedient scheme: LPs on a grid of values."""
    game = random_market(states=3, policies=3, bobs=2, alice=0.2, common=0.6, seed=seed)
    solution = bigopt.solve(game, "worst", options={"obedience": "true"})
    assert solution.solved
    alice, bobs = (np.asarray(part).reshape(-1, 9) / 3 for part in game.outcome_utilities())
    u = alice.reshape(3, 3)
    rows = []
    for a in range(3):
        for b in range(3):
            row = np.zeros((3, 3))
            row[:, a] = u[:, b] - u[:, a]
            rows.append(row.ravel())
    equal = np.kron(np.eye(3), np.ones(3))

    def lp(cost: Any, more: Any, right: Any) -> Any:
        return linprog(cost, np.vstack([rows, more]), np.r_[np.zeros(9), right], equal, np.ones(3))

    lowest = float(lp(alice[0], alice, [10.0]).fun)
    for v in np.linspace(lowest, solution.alice - 1e-4, 9):
        if not lowest <= v < solution.alice - 1e-5:
            continue
        best = [-lp(-bob, -alice, [-v]).fun for bob in bobs]
        assert lp(0 * alice[0], np.vstack([-bobs, alice, -alice]), np.r_[1e-9 - np.array(best), v, -v]).status == 2


@pytest.mark.parametrize("solver", ["exact", "highs", "scip"])
def test_best_response_by_three_solvers(game: Market, solver: str, brute: Any) -> None:
    profile = [[0, 0, 0, 0], [1, 2, 0, 1]]
    table = brute.all_schemes(game)
    for player in (0, 1):
        found = bigopt.solve(game, "best-response", solver, player=player, profile=profile)
        assert found.solved
        rival = table[tuple(profile[1 - player])]
        wins = [u[player + 1] for u in table.values() if u[0] > rival[0] or (u[0] == rival[0] and player == 0)]
        assert -found.loss == pytest.approx(float(max([rival[player + 1], *wins])), abs=1e-12)


def test_a_worse_response_has_regret(game: Market) -> None:
    request = Request("best-response", arguments={"player": 1, "profile": [[0, 0, 0, 0], [1, 2, 0, 1]]})
    found = bigopt.solve(game, "best-response", player=1, profile=request.profile)
    worse = next(
        f.tolist()
        for f in enumeration.stable(game).schemes
        if game.totals(f)[0] > game.totals([0, 0, 0, 0])[0] and -game.values(game.totals(f))[2] > found.loss + 1e-9
    )
    certificate = best_response.best_response(game, {"action": worse}, request)[1]
    assert [row.name for row in certificate.failed] == ["regret"]


@pytest.mark.parametrize("solver", ["exact", "highs"])
def test_misalignment_by_two_solvers_and_its_checks(game: Market, solver: str) -> None:
    found = bigopt.solve(game, "misalignment", solver)
    assert found.solved
    assert found.epsilon == pytest.approx(bigopt.solve(game, "worst").misalignment, abs=1e-9)
    bad = {"weights": found.weights + [0.0, 0.5]}
    assert failed(misalignment.misalignment, game, bad, "misalignment") == ["gap"]


def test_beyond_enumeration_a_better_scheme_is_not_the_worst() -> None:
    game = random_market(states=16, policies=5, bobs=3, alice=0.1, common=0.8, seed=0)
    solution = bigopt.solve(game)
    assert solution.solved and solution.misalignment is None and solution.alice < solution.opt - 1e-9
    top = bigopt.solve(game, "best").scheme
    assert failed(worst.worst, game, {"scheme": top}) == ["worst"]


def test_proposition_3_over_seeds() -> None:
    """With Proposition 3's number of Bobs the plain average is epsilon-aligned in at least 1 - delta of the markets."""
    epsilon, delta = 0.15, 0.2
    k = enough_bobs(6, epsilon, delta)
    assert k == int(np.floor(np.log(2 * 6 / delta) / (2 * epsilon**2))) + 1
    far = 0
    for seed in range(60):
        alice, bobs = noisy_market(states=3, policies=2, bobs=k, noise=0.5, seed=seed).outcome_utilities()
        far += float(np.abs(bobs.mean(axis=0) - alice).max()) > epsilon
    assert far <= delta * 60


def test_the_random_utility_model_is_unbiased() -> None:
    alice, bobs = noisy_market(bobs=4000, noise=0.4, seed=5).outcome_utilities()
    assert bobs.min() >= 0 and bobs.max() <= 1
    assert np.abs(bobs.mean(axis=0) - alice).max() < 5 * 0.4 / np.sqrt(3 * 4000)


@pytest.mark.parametrize("name", ["synthetic-1", "synthetic-2", "movielens"])
def test_the_papers_tables_are_complete(name: str) -> None:
    game = bigopt.load(catalog.instance(f"market/{name}"))
    assert (game.S, game.k, game.sizes.tolist()) == {
        "synthetic-1": (3, 5, [3] * 3),
        "synthetic-2": (3, 5, [4] * 3),
        "movielens": (6, 6, [3] * 6),
    }[name]
    if name == "movielens":
        assert game.policies[5][2] == "True Lies"
        assert [float(bob[5][2]) for bob in game.bobs] == [0.85, 0.83, 0.77, 0.83, 0.80, 0.81]
        twice = {movie: game.alice[s][a] for s in range(6) for a, movie in enumerate(game.policies[s])}
        assert all(game.alice[s][a] == twice[m] for s in range(6) for a, m in enumerate(game.policies[s]))


MALFORMED: list[tuple[dict[str, Any], str]] = [
    ({"alice": [[1, 2]]}, "alice: 1 rows, expected 2"),
    ({"alice": [[1, 2], [1, "x"]]}, "alice[1][1]"),
    ({"prior": [0.5, 0.6]}, "prior"),
    ({"prior_weights": [0, 0]}, "prior_weights"),
    ({"prior_weights": [1, 1.5]}, "prior_weights[1]"),
    ({"prior": [0.5, 0.5], "prior_weights": [1, 1]}, "prior"),
    ({"bobs": []}, "bobs"),
    ({"bobs": [{"name": "B", "utility": [[1, 2], [3]]}]}, "bobs[0].utility[1]"),
    ({"policies": [["a", "b"], ["a"]]}, "policies[1]"),
    ({"extra": 1}, "unknown key"),
]


@pytest.mark.parametrize(("change", "where"), MALFORMED)
def test_malformed_instances_are_one_line(tmp_path: Path, change: dict[str, Any], where: str) -> None:
    data = {
        "format": "bigopt/1",
        "kind": "market",
        "states": ["s", "t"],
        "policies": [["a", "b"], ["a", "b"]],
        "alice": [[1, 0], [0, 1]],
        "bobs": [{"name": "B", "utility": [[0, 1], [1, 0]]}],
    }
    path = tmp_path / "m.json"
    path.write_text(json.dumps(data | change))
    result = CliRunner().invoke(app, ["solve", str(path)])
    assert result.exit_code == 2
    assert where in result.stderr and result.stderr.count("\n") == 1


def test_instances_survive_the_round_trip(tmp_path: Path) -> None:
    game = random_market(states=3, policies=2, bobs=2, seed=1)
    again = bigopt.load(bigopt.save(game, tmp_path / "again.json"))
    assert again.units[0].tolist() == game.units[0].tolist()
    assert again.units[1] == game.units[1]


@pytest.mark.parametrize("seed", range(6))
def test_the_worst_by_a_milp_with_lazy_cuts(seed: int) -> None:
    """A solver's answer agrees with ours, one Bob and Definition 17 included."""
    game = random_market(states=4, policies=3, bobs=1 + seed % 3, alice=0.0, common=0.5, seed=seed, grid=5)
    for equilibrium in ("stable", "nash"):
        options = {"equilibrium": equilibrium}
        ours, theirs = (bigopt.solve(game, "worst", solver, options=options) for solver in ("exact", "highs"))
        assert theirs.solved and theirs.alice == ours.alice


@pytest.mark.parametrize("solver", ["exact", "highs"])
def test_a_limit_leaves_an_answer_and_a_bound(solver: str) -> None:
    game = random_market(states=60, policies=8, bobs=6, common=0.9, alice=0.0, seed=1)
    solution = bigopt.solve(game, "worst", solver, time_limit=0.05)
    assert solution.stopped == "maxTimeLimit" and not solution.solved
    if solution.bound is not None and solution.objective is not None:
        assert solution.bound <= solution.objective <= game.opt_value + 1e-12
