"""Profiles over letters: mixed rules in closed form, ways to ask, regrets between a list and an LP, and samples."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from bigopt import catalog
from bigopt.engine.solve import solve
from bigopt.errors import InstanceError, UsageError
from bigopt.files.instance import load
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact import response, trees

Make = Callable[..., Conversation]
GUESS = [[1, 0], [0, 1]]


def test_a_noisy_informer_in_closed_form() -> None:
    """A Bob who tells a fair bit with probability 3/4 makes Alice right with probability 3/4."""
    noisy = {"histories": {h: [[0.75, 0.25], [0.25, 0.75]] for h in ("0", "1")}}
    game = Conversation(GUESS, [GUESS], 1, prior_weights=[[[1, 0], [0, 1]]], profile=[noisy], name="noisy")
    solution = solve(game, "play")
    assert solution.solved and solution.alice == 0.75
    assert np.allclose(solution.distribution, [[0.375, 0.125], [0.125, 0.375]])
    assert solution.regrets == [0.25] and solution.regrets_at_most == pytest.approx([0.25], abs=1e-9)


def test_trees_and_histories_are_the_same_alice(make: Make) -> None:
    for seed in range(6):
        game = make(seed, a=2, b=3, bobs=2, rounds=1, actions=3)
        every, responder = trees.trees(3, 2, 1), trees.Responder(game)
        rng = np.random.default_rng(seed)
        for _ in range(10):
            pair = [every[i] for i in rng.integers(0, len(every), 2)]
            totals = responder.totals(responder.acts(pair))
            found = response.respond(game, [response.rule_of(tree, 3) for tree in pair], 2)
            assert totals == tuple(found.total(game, p) for p in range(3))


def test_listed_deviations_never_exceed_the_bound(make: Make) -> None:
    for seed in range(10):
        game = make(seed, a=2, b=2, bobs=2, rounds=1, actions=3)
        for player in range(2):
            ours = solve(game, "deviation", player=player)
            assert ours.solved, ours.certificate.failed
            assert ours.value <= ours.at_least + 1e-12 and ours.at_least <= ours.at_most + 1e-9
            theirs = solve(game, "deviation", "highs", player=player)
            assert theirs.solved and theirs.at_most == pytest.approx(ours.at_most, abs=1e-6)


def test_ways_to_ask() -> None:
    """Two Bobs each answer one question only: asking all the same finds half of what different questions do."""
    profile = [{"histories": {"0": [0, 0, 1, 1], "1": [0] * 4}}, {"histories": {"0": [0] * 4, "1": [0, 1, 0, 1]}}]
    weights = [np.eye(4, dtype=int).tolist()]
    game = Conversation(np.eye(4), [np.eye(4)] * 2, 1, prior_weights=weights, profile=profile, name="ask")
    solution = solve(game, "play")
    assert solution.solved and solution.alice == 1
    assert solution.questions == {"same": 0.5, "follow": 0.5, "show": 0.5, "phrasings": 1}


def test_a_missing_history_and_too_many_letters_are_named(make: Make) -> None:
    rule = {"histories": {"0": [0, 1], "1": [0, 0], "0,0,0": [0, 0], "0,1,0": [0, 0]}}
    game = Conversation(GUESS, [GUESS], 2, prior_weights=[[[1, 0], [0, 1]]], profile=[rule])
    with pytest.raises(InstanceError, match=r"profile\[0\].histories: history '0,0,1' is missing"):
        solve(game, "play")
    loud = Conversation(GUESS, [GUESS], 1, prior_weights=[[[1, 0], [0, 1]]], profile=[{"rounds": [[0, 5]]}])
    with pytest.raises(UsageError, match="uses 6 letters"):
        solve(loud, "play")
    with pytest.raises(UsageError, match=r"2\^54 histories"):
        solve(make(1, bobs=3, rounds=9, b=2), "play")


def test_samples_have_the_exact_frequencies_and_replay(tmp_path: Path) -> None:
    game = load(catalog.instance("conversation/parity-code"))
    solution = solve(game, "sample", options={"draws": 2000, "seed": 1})
    assert solution.solved and solution.means[0] == pytest.approx(solution.expected[0], abs=0.04)
    again = solve(game, "sample", options={"draws": 2000, "seed": 1})
    assert again.to_dict()["solution"] == solution.to_dict()["solution"]
    from bigopt.games.conversation import sample

    request = sample.CONCEPT.request(options={"draws": 3})
    point = dict(sample.solve(game, request).point or {})
    point["draws"][0]["action"] = (point["draws"][0]["action"] + 1) % 4
    assert not sample.CONCEPT.verify(game, point, request)[1].verified


def test_sampling_given_a_feature_of_probability_zero_names_it() -> None:
    game = Conversation(GUESS, [GUESS], 1, prior_weights=[[[1, 0], [0, 1]], [[0, 0], [0, 0]]], name="never")
    assert solve(game, "sample", options={"given": "x_A 0"}).solved
    with pytest.raises(InstanceError, match="'x_A 1': has probability 0"):
        solve(game, "sample", options={"given": "x_A 1"})


def test_the_induced_law_adds_up_to_the_prior(make: Make) -> None:
    for seed in range(5):
        game = make(seed, a=2, b=2, bobs=2, rounds=1)
        found = response.respond(game, [response.rule_of(tree, 2) for tree in trees.trees(2, 2, 1)[:2]], 2)
        law = found.law(game)
        for y in range(2):
            assert sum(row[y] for row in law) == Fraction(int(game.prior_weights[:, :, y].sum()), game.total)
