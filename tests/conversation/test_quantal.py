"""Quantal play: known games, limits in lambda, all partitions, random signals, the counterexample to Proposition 2."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from bigopt import catalog
from bigopt.engine.solve import solve
from bigopt.errors import UsageError
from bigopt.files.instance import load
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact import closure, quantal, replies
from bigopt.games.conversation.exact.beliefs import compress
from bigopt.games.conversation.exact.talk import start
from bigopt.games.conversation.rules import Rule
from bigopt.games.conversation.verify import bounds

Make = Callable[..., Conversation]
SILENT, STRAIGHT = Rule("silent"), Rule("straightforward")


def partitions(items: list[int]) -> Iterator[list[list[int]]]:
    if not items:
        yield []
        return
    for rest in partitions(items[1:]):
        for i in range(len(rest)):
            yield [*rest[:i], [items[0], *rest[i]], *rest[i + 1 :]]
        yield [[items[0]], *rest]


@pytest.mark.parametrize("rounds", range(2, 7))
def test_more_information_hurts_beside_an_informer(rounds: int) -> None:
    """Proposition 2 with two Bobs: each deviation to straightforward talk is exact alone, and they differ."""
    stored = load(catalog.instance("conversation/proposition-2"))
    game = Conversation(
        stored.alice, list(stored.bobs), rounds, prior_weights=stored.prior_weights, profile=stored.profile
    )
    solution = solve(game, "quantal")
    assert solution.solved, solution.certificate.failed
    assert solution.delta == pytest.approx(0.2562, abs=5e-5)
    informer = Rule("rounds", rounds=((0, 1, 0, 0),))
    beside = replies.played(game, [STRAIGHT, informer], 10.0, None)
    alone = replies.played(game, [SILENT, STRAIGHT], 10.0, None)
    assert alone.utilities[0] == pytest.approx(0.7143, abs=5e-5)
    assert beside.utilities[0] == pytest.approx(0.7094, abs=5e-5)
    assert quantal.errors(game, alone.groups).max() == 0
    assert quantal.errors(game, beside.groups).max() == pytest.approx(1 / 3, abs=1e-15)
    stated = solution.bounds["proposition_2"]
    assert stated["printed"] == 0 < stated["delta"] <= stated["sharp"]


def test_silent_bobs_leave_a_softmax_of_the_prior() -> None:
    game = Conversation([[1, 0], [0, 1]], [[[1, 0], [0, 1]]], 1, prior_weights=[[[3, 1]]], profile=["silent"])
    solution = solve(game, "quantal", options={"lambda": 2})
    p = 1 / (1 + math.exp(-2 * (0.75 - 0.25)))
    assert solution.alice == pytest.approx(p * 0.75 + (1 - p) * 0.25, abs=1e-15)
    assert solution.distribution == pytest.approx(np.array([[0.75 * p, 0.25 * p], [0.75 * (1 - p), 0.25 * (1 - p)]]))


def test_a_strong_alice_is_a_best_responding_one(make: Make) -> None:
    for seed in range(6):
        game = make(seed, actions=3)
        best = solve(game, "agreement").utility
        assert solve(game, "quantal", options={"lambda": 1e6}).alice == pytest.approx(best, abs=1e-4)


def test_the_best_last_word_against_every_partition(make: Make) -> None:
    for seed in range(6):
        game = make(seed, a=2, b=4, rounds=1, bobs=1)
        equal = Conversation(game.alice, list(game.bobs), 1, prior_weights=_same_words(game), name="one history")
        best = -np.inf
        for parts in partitions([0, 1, 2, 3]):
            words = np.zeros((2, 4), dtype=np.int64)
            for i, part in enumerate(parts):
                words[:, part] = i
            groups = compress(start(equal).alice, words)
            best = max(best, quantal.utilities(equal, groups, quantal.choices(equal, groups, 7.0))[1])
        found = replies.best_last_word(equal, [SILENT], 0, 7.0)
        assert found.utilities[1] == pytest.approx(best, abs=1e-13)


def _same_words(game: Conversation) -> list[list[list[int]]]:
    """Return weights under which both x_A announce the same: each x_B's weights, shifted between the rows."""
    row = game.prior_weights[0].tolist()
    return [row, row[::-1]]


@pytest.mark.parametrize("features", [1, 2, 3])
def test_no_signals_beat_the_closure(features: int) -> None:
    rng = np.random.default_rng(features)
    weights = rng.integers(0, 5, (2, features, 3)) + 1
    game = Conversation(rng.random((3, 3)).round(2), [rng.random((3, 3)).round(2)], 1, prior_weights=weights)
    worth = closure.Worth.of(game, [0, 1], 0, 8.0)
    found = closure.closure(worth)
    assert found.signals.sum(axis=0) == pytest.approx(np.ones(features)) and found.value <= found.bound + 1e-12
    assert worth(found.signals).sum() == pytest.approx(found.value)
    assert found.bound - found.value <= 0.1 * np.ptp(game.bobs)
    for _ in range(300):
        split = rng.dirichlet(np.full(3, 0.4), features).T
        assert worth(split[split.sum(axis=1) > 0]).sum() <= found.bound + 1e-12


def test_sharp_constants_of_the_lemmas() -> None:
    """Lemma 1 is attained by one good action against m - 1 equal ones, Lemma 2 by two actions moved apart."""
    from scipy.special import lambertw

    for m, lam in ((2, 3.0), (5, 10.0)):
        w = float(lambertw((m - 1) / math.e).real)
        gap = (1 + w) / lam
        others = (m - 1) * math.exp(-lam * gap)
        assert gap * others / (1 + others) == pytest.approx(w / lam, rel=1e-12)
    lam, eps = 4.0, 0.2
    p, q = (1 / (1 + math.exp(-lam * s * 2 * eps / 2 * 2)) for s in (0.5, -0.5))
    assert 2 * abs(p - q) == pytest.approx(2 * math.tanh(lam * eps / 2), rel=1e-12)


def test_theorem_5_says_nothing_at_any_practical_length() -> None:
    best = max(bounds.theorem_5(1.0, 0.0, 2, lam, 10**12) for lam in np.logspace(-2, 4, 60))
    assert best < 0
    assert max(bounds.theorem_5(1.0, 0.0, 2, lam, 10**18) for lam in np.logspace(-2, 4, 60)) > 0


def test_the_proved_inequalities_hold_on_drawn_games(make: Make) -> None:
    for seed in range(8):
        game = make(seed, bobs=2, rounds=2, b=2 + seed % 2)
        solution = solve(game, "quantal", options={"lambda": 1 + seed})
        assert solution.solved, solution.certificate.failed
        assert all(a <= b + 1e-12 for a, b in zip(solution.regrets, solution.regrets_at_most, strict=True))


def test_rules_over_letters_are_refused() -> None:
    rule = {"histories": {"0": [0], "1": [0]}}
    game = Conversation([[1, 0], [0, 1]], [[[1, 0], [0, 1]]], 1, prior_weights=[[[3, 1]]], profile=[rule])
    with pytest.raises(UsageError, match="Alice announces beliefs"):
        solve(game, "quantal")
