"""Private signals, oblivious and joint senders: enumeration, brute force, closed forms, Theorems 1 and 7."""

import json
from pathlib import Path

import numpy as np
import pytest

import bigopt
from bigopt import catalog
from bigopt.errors import InstanceError
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.reply import best_reply
from bigopt.games.persuasion.exact.scheme import best_scheme
from bigopt.games.persuasion.game import Bob, Persuasion
from bigopt.games.persuasion.generate import aligned_senders, random_persuasion
from bigopt.games.persuasion.response import reply_to


def courtroom() -> Persuasion:
    game: Persuasion = bigopt.load(catalog.instance("persuasion/courtroom"))
    return game


@pytest.mark.parametrize("seed", range(5))
def test_generated_columns_equal_enumerated_maps(seed: int) -> None:
    game = random_persuasion(states=4, actions=3, signals=2, seed=seed)
    ours, all_maps = bigopt.solve(game), bigopt.solve(game, solver="highs")
    assert all_maps.model == "private_signaling" and ours.solved and all_maps.solved
    assert ours.value == pytest.approx(all_maps.value, abs=1e-7)
    assert all_maps.alice <= game.first_best + 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_columns_and_rows_agree_where_alice_sees_nothing(seed: int) -> None:
    game = random_persuasion(states=5, actions=4, seed=seed)
    kernel = signals.alone(game)
    reply = best_reply(game, game.utilities[0], kernel, None)
    scheme = best_scheme(game, game.utilities[0], 0.0).scheme
    assert reply.value == pytest.approx(float((game.prior[:, None] * scheme * game.utilities[0]).sum()), abs=1e-8)
    assert reply.bound == pytest.approx(reply.value, abs=1e-8) and reply.scheme.shape[1] <= 5


def test_an_empty_signal_changes_nothing_and_a_perfect_one_everything() -> None:
    game = random_persuasion(states=4, actions=3, seed=7)
    args = (game.states, game.actions, game.alice, game.bobs, game.prior)
    blind = Persuasion(*args, alice_signal=np.full((4, 2), 0.5))
    assert bigopt.solve(blind).value == pytest.approx(bigopt.solve(game).value, abs=1e-8)
    knowing = bigopt.solve(Persuasion(*args, alice_signal=np.eye(4)))
    assert knowing.alice == pytest.approx(game.first_best)


def test_theorem_7() -> None:
    solution = bigopt.solve(courtroom(), "oblivious")
    assert solution.solved
    assert solution.combined == pytest.approx(5 / 3) and solution.first_best == pytest.approx(2)
    # the prosecutor may split "convict" into sure guilt (1/3) and an even chance (2/3): Alice then gets 11/6
    assert solution.split == pytest.approx([11 / 6, 5 / 3])


@pytest.mark.parametrize("seed", range(4))
def test_combined_signals_against_brute_force(seed: int) -> None:
    game = random_persuasion(states=4, actions=3, bobs=3, seed=seed)
    solution = bigopt.solve(game, "oblivious")
    total = 0.0
    for told in np.ndindex(3, 3, 3):
        chance = game.prior.copy()
        for scheme, a in zip(solution.schemes, told, strict=True):
            chance = chance * scheme[:, a]
        total += max(chance @ game.alice)
    assert solution.combined == pytest.approx(total, abs=1e-9)


def test_messages_of_one_meaning_are_one() -> None:
    kernel = np.array([[0.2, 0.4, 0.4], [0.1, 0.2, 0.7]])
    np.testing.assert_allclose(np.sort(signals.combine([kernel]), axis=1), [[0.4, 0.6], [0.3, 0.7]])


@pytest.mark.parametrize("seed", range(4))
def test_a_reply_beats_random_schemes_and_is_what_it_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = random_persuasion(states=3, actions=3, bobs=2, seed=seed)
    profile = [rng.dirichlet(np.ones(3), size=3) for _ in range(2)]
    reply, kernel = reply_to(game, profile, 0)
    got = signals.outcome(game, reply.scheme, kernel, [game.utilities[0]]).bobs[0]
    assert got == pytest.approx(reply.value, abs=1e-8) and reply.bound >= reply.value - 1e-9
    for _ in range(200):
        scheme = rng.dirichlet(np.full(4, 0.4), size=3)
        assert signals.outcome(game, scheme, kernel, [game.utilities[0]]).bobs[0] <= reply.bound + 1e-9


@pytest.mark.parametrize("name", ["courtroom", "zero-sum-senders"])
def test_full_disclosure_by_two_is_an_equilibrium(name: str) -> None:
    game = bigopt.load(catalog.instance(f"persuasion/{name}"))
    solution = bigopt.solve(game, "joint", options={"start": "full"})
    assert solution.solved and solution.full_disclosure == [0, 1]
    assert solution.regrets == pytest.approx([0, 0], abs=1e-9) and solution.alice == pytest.approx(game.first_best)


@pytest.mark.parametrize("rule", ["sender", "first"])
def test_disclosure_is_an_equilibrium_where_alice_is_indifferent_too(rule: str) -> None:
    bobs = [Bob("left", np.array([[1.0, 0.0], [0.0, 2.0]])), Bob("right", np.array([[0.0, 1.0], [3.0, 0.0]]))]
    game = Persuasion(["s", "t"], ["a", "b"], np.ones((2, 2)), bobs, tie_break=rule)
    solution = bigopt.solve(game, "joint", options={"start": "full"})
    assert solution.equilibrium and solution.regrets == pytest.approx([0, 0], abs=1e-9)


def test_rivals_undercut_each_other_to_disclosure() -> None:
    solution = bigopt.solve(courtroom(), "joint")
    assert solution.solved and len(solution.updates) > 2
    assert solution.alice == pytest.approx(2, abs=1e-5)
    assert solution.epsilon == pytest.approx(0.25) and solution.epsilon_any_sum == pytest.approx(0, abs=1e-9)


def test_moves_that_do_not_lead_to_the_schemes_are_refused(tmp_path: Path) -> None:
    solution = bigopt.solve(courtroom(), "joint")
    (history,) = [check for check in solution.certificate.checks if check.name == "history"]
    assert history.grade == "skipped"  # the gains on the way cannot be seen in the schemes
    last = solution.updates[-1]
    for wrong, said in (({"signals": 7}, "history"), ({"gain": -1.0}, "gain"), ({"bob": "nobody"}, "bob")):
        claim = json.loads(solution.to_json())
        claim["solution"]["updates"] = [*solution.updates[:-1], last | wrong]
        (tmp_path / "claim.json").write_text(json.dumps(claim))
        if said == "history":
            assert "history" in [c.name for c in bigopt.check(courtroom(), tmp_path / "claim.json").certificate.failed]
        else:
            with pytest.raises(InstanceError, match=f"updates.*{said}"):
                bigopt.check(courtroom(), tmp_path / "claim.json")


@pytest.mark.parametrize("seed", range(5))
def test_theorem_1_in_equilibria_found(seed: int) -> None:
    game = aligned_senders(states=3, actions=3, bobs=2, error=0.05 * (seed % 2), seed=seed)
    for start in ("oblivious", "full", "silent"):
        solution = bigopt.solve(game, "joint", options={"start": start, "rounds": 20})
        if solution.fields.get("equilibrium"):
            assert solution.alice >= game.first_best - 2 * solution.epsilon - 1e-6
    assert solution.epsilon <= 0.05 + 1e-9


def test_a_given_profile_is_measured_not_judged() -> None:
    profile = [[[1], [1]], [[0.5, 0.5], [1, 0]]]
    solution = bigopt.solve(courtroom(), "joint", profile=profile)
    assert solution.certificate.verified and not solution.equilibrium
    # beside the defence's scheme the prosecutor can have everybody convicted (ties his way), and has 2/3 now
    assert solution.regrets == pytest.approx([1, 0])
    response = bigopt.solve(courtroom(), "best-response", bob="prosecutor", profile=profile)
    assert response.regret == pytest.approx(1) and response.value == pytest.approx(5 / 3)


@pytest.mark.parametrize(
    ("profile", "text"),
    [
        ([[[1], [1]]], "1 schemes, expected a list of 2"),
        ([[[1], [1]], [[0.5], [1]]], "profile[1]: off by 0.5"),
        ([[[1], [1]], [[1]]], "profile[1]: 1 rows, expected 2"),
        ("x", "expected a list of 2"),
    ],
)
def test_bad_profiles_are_named(profile: object, text: str) -> None:
    with pytest.raises(bigopt.BigoptError, match=text.replace("[", r"\[")):
        bigopt.solve(courtroom(), "joint", profile=profile)


@pytest.mark.parametrize("solver", ["highs", "scip"])
def test_other_solvers_reply_and_play_obliviously(solver: str) -> None:
    profile = [[[1], [1]], [[0.5, 0.5], [1, 0]]]
    reply = bigopt.solve(courtroom(), "best-response", solver, bob="prosecutor", profile=profile)
    assert reply.solved and reply.model == "private_signaling" and reply.value == pytest.approx(5 / 3)
    alone = bigopt.solve(courtroom(), "oblivious", solver)
    assert alone.solved and alone.expected == pytest.approx([5 / 3, 1]) and alone.combined == pytest.approx(5 / 3)
