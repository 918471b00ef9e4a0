"""One sender: lazy rows against the full program, the model file, concavification, closed forms and invariances."""

import numpy as np
import pytest
from scipy.optimize import linprog

import bigopt
from bigopt import catalog
from bigopt.arithmetic.arrays import Floats
from bigopt.games.persuasion.exact.concavification import concave_closure
from bigopt.games.persuasion.exact.scheme import best_scheme
from bigopt.games.persuasion.game import Bob, Persuasion
from bigopt.games.persuasion.generate import opposed_persuasion, random_persuasion
from bigopt.games.persuasion.verify import proof


def direct(game: Persuasion, utility: Floats) -> float:
    """The full program, written anew with loops and given to scipy."""
    S, A = utility.shape
    cost = -(game.prior[:, None] * utility).ravel()
    rows = []
    for a in range(A):
        for b in range(A):
            row = np.zeros((S, A))
            row[:, a] = game.prior * (game.alice[:, b] - game.alice[:, a] + (game.margin if a != b else 0.0))
            rows.append(row.ravel())
    simplex = np.kron(np.eye(S), np.ones((1, A)))
    found = linprog(cost, A_ub=np.array(rows), b_ub=np.zeros(A * A), A_eq=simplex, b_eq=np.ones(S))
    assert found.status == 0
    return -float(found.fun)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("method", ["lazy", "full", "interior-point", "auto"])
def test_every_method_reaches_the_full_optimum(seed: int, method: str) -> None:
    make = opposed_persuasion if seed % 2 else random_persuasion
    game = make(states=12, actions=8, seed=seed)
    solution = bigopt.solve(game, options={"method": method})
    assert solution.solved
    assert solution.value == pytest.approx(direct(game, game.utilities[0]), abs=1e-8)


def test_stubborn_violations_go_to_the_interior_point_and_agree() -> None:
    game = opposed_persuasion(states=60, actions=40, seed=1)
    auto = best_scheme(game, game.utilities[0], 0.0)
    patient = best_scheme(game, game.utilities[0], 0.0, method="lazy")
    assert auto.method == "interior-point" and patient.method == "lazy"
    value = [float((game.prior[:, None] * found.scheme * game.utilities[0]).sum()) for found in (auto, patient)]
    assert value[0] == pytest.approx(value[1], abs=1e-7)


@pytest.mark.parametrize("rule", ["sender", "first"])
def test_sifted_columns_reach_the_full_optimum(rule: str) -> None:
    drawn = random_persuasion(states=130, actions=12, seed=3)
    alice = np.column_stack([drawn.alice, drawn.alice[:, 0]])  # a twin of the first action, barred under `first`
    bob = Bob("bob", np.column_stack([drawn.utilities[0], drawn.utilities[0][:, 0] + 1]))
    game = Persuasion(drawn.states, [*drawn.actions, "twin"], alice, [bob], tie_break=rule)
    found = best_scheme(game, bob.utility, 0.0)
    assert found.method == "lazy" and found.rows < 12 * 13
    value = float((game.prior[:, None] * found.scheme * bob.utility).sum())
    full = best_scheme(game, bob.utility, 0.0, method="full")
    assert value == pytest.approx(float((game.prior[:, None] * full.scheme * bob.utility).sum()), abs=1e-8)
    assert bigopt.solve(game).solved


@pytest.mark.parametrize("solver", ["highs", "scip", "ipopt"])
def test_the_model_file_agrees(solver: str) -> None:
    game = random_persuasion(states=6, actions=4, seed=3)
    ours, theirs = bigopt.solve(game), bigopt.solve(game, solver=solver)
    assert theirs.solver.name == solver and theirs.model == "signaling" and theirs.solved
    assert theirs.value == pytest.approx(ours.value, abs=1e-6)


def test_the_model_names_its_rows_by_actions() -> None:
    model = bigopt.build("signaling", random_persuasion(states=3, actions=4), bob="aligned")
    assert len(model.obedience) == 12 and (0, 1) in model.obedience and (1, 1) not in model.obedience
    assert len(model.simplex) == 3


@pytest.mark.parametrize("states", [2, 3])
@pytest.mark.parametrize("seed", range(8))
def test_concavification_equals_the_program(states: int, seed: int) -> None:
    game = random_persuasion(states=states, actions=5, seed=seed)
    closure = concave_closure(game, game.utilities[0])
    assert closure.value == pytest.approx(direct(game, game.utilities[0]), abs=1e-9)
    assert np.abs(closure.weights @ closure.posteriors - game.prior).max() < 1e-9
    by_hull = bigopt.solve(game, options={"method": "concavification"})
    assert by_hull.solved and by_hull.value == pytest.approx(closure.value, abs=1e-9)


def test_kamenica_gentzkow_in_closed_form() -> None:
    solution = bigopt.solve(bigopt.load(catalog.instance("persuasion/kamenica-gentzkow")))
    assert solution.value == pytest.approx(0.6) and solution.alice == pytest.approx(0.7)
    np.testing.assert_allclose(solution.scheme, [[0, 1], [4 / 7, 3 / 7]], atol=1e-9)
    assert solution.binding.tolist() == [[1, 0]]
    assert solution.values == pytest.approx({"sender": 0.6, "first": 0.0, "margin": 0.0}, abs=1e-9)
    # with margin d a conviction needs P(guilty) >= (1 + d) / 2, hence has probability 0.6 / (1 + d)
    assert solution.robust_value == pytest.approx(0.6 / 1.01)
    assert solution.price_of_margin == pytest.approx(0.6)  # minus the derivative of 0.6 / (1 + d) at 0


def test_margin_is_a_tie_rule() -> None:
    plain = bigopt.load(catalog.instance("persuasion/kamenica-gentzkow"))
    game = Persuasion(plain.states, plain.actions, plain.alice, plain.bobs, plain.prior, tie_break={"margin": 0.2})
    solution = bigopt.solve(game)
    assert solution.solved and solution.value == pytest.approx(0.5)
    assert solution.values["first"] == pytest.approx(0.5) and solution.robust_value == pytest.approx(0.5)


def test_a_margin_that_nothing_meets_is_infeasible() -> None:
    game = Persuasion(
        ["s"], ["a", "b"], np.ones((1, 2)), [Bob("bob", np.array([[0.0, 1.0]]))], tie_break={"margin": 0.1}
    )
    solution = bigopt.solve(game)
    assert solution.stopped == "provenInfeasible" and solution.exit_code == 3


def test_first_bars_what_is_never_strictly_better() -> None:
    twins = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    bob = Bob("bob", np.array([[0.0, 5.0, 0.0], [0.0, 5.0, 0.0]]))
    kind = Persuasion(["s", "t"], ["a", "twin", "c"], twins, [bob])
    strict = Persuasion(["s", "t"], ["a", "twin", "c"], twins, kind.bobs, tie_break="first")
    assert bigopt.solve(kind).value == pytest.approx(5.0)
    assert bigopt.solve(strict).value == pytest.approx(0.0)
    assert bigopt.solve(strict, solver="highs").value == pytest.approx(0.0, abs=1e-8)


def test_an_aligned_sender_reveals_everything() -> None:
    game = random_persuasion(states=7, actions=4, seed=2)
    solution = bigopt.solve(game, bob="aligned")
    assert solution.value == pytest.approx(float(game.prior @ game.alice.max(axis=1)))
    assert bigopt.solve(game, "first-best").opt == pytest.approx(solution.value)


def test_relabelling_scaling_and_shifting_change_nothing() -> None:
    game = random_persuasion(states=8, actions=5, seed=4)
    value = bigopt.solve(game).value
    rng = np.random.default_rng(0)
    s, a = rng.permutation(8), rng.permutation(5)
    moved = Persuasion(
        game.states, game.actions, 3 * game.alice[s][:, a] + 7, [Bob("bob", 2 * game.utilities[0][s][:, a] - 1)]
    )
    assert bigopt.solve(moved).value == pytest.approx(2 * value - 1, abs=1e-7)


def test_states_without_probability_do_not_matter() -> None:
    game = random_persuasion(states=4, actions=3, seed=5)
    alice, bob = np.vstack([game.alice, [[9, 0, 0]]]), np.vstack([game.utilities[0], [[99, 0, 0]]])
    wider = Persuasion(
        [*game.states, "never"], game.actions, alice, [Bob("bob", bob)], prior_weights=np.array([1, 1, 1, 1, 0])
    )
    assert bigopt.solve(wider).value == pytest.approx(bigopt.solve(game).value, abs=1e-8)


def test_any_prices_bound_the_value() -> None:
    game = random_persuasion(states=9, actions=6, seed=6)
    value = direct(game, game.utilities[0])
    rng = np.random.default_rng(1)
    bounds = [proof.number(proof.bound(game, game.utilities[0], rng.exponential(0.2, (6, 6)))) for _ in range(50)]
    assert min(bounds) >= value - 1e-9
    prices = best_scheme(game, game.utilities[0], 0.0).prices
    assert proof.number(proof.bound(game, game.utilities[0], prices)) == pytest.approx(value, abs=1e-8)


def test_a_time_limit_is_no_success() -> None:
    solution = bigopt.solve(random_persuasion(states=300, actions=60), time_limit=0.02)
    assert solution.stopped == "maxTimeLimit" and solution.exit_code == 4
