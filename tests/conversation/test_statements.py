"""What certificates say of Section 4's theorems and of agreement, beside numbers that were worked out by hand."""

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from bigopt.alice.combination import Alignment
from bigopt.games import kinds
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.verify import bounds
from bigopt.games.conversation.verify.agreement import Record
from bigopt.games.conversation.verify.rectangles import Rectangle

# the Bobs' utilities range over 3 and 1, Alice's over 1; a pair tells the state, of weights 1 and 3
BOBS = [[[3, 0], [0, 1]], [[10, 11], [11, 10]]]
GAME = Conversation([[1, 0.5], [0, 1]], BOBS, 5, prior_weights=[[[1, 0], [0, 3]]])
FIT = Alignment(0.1, np.array([0.25, 0.75]), 0.0, 0.1, "", 0, (Fraction(0), (), Fraction(0)))
MEASURED = bounds.Measured(
    strength=2.0,
    alice=0.8,
    deviations=(0.7, 0.8),
    single=0.9,
    delta=0.04,
    errors=(np.array([[0.1, 0.3]]), np.array([[0.2, 0.05]])),
    own_errors=np.array([[0.4, 0.2]]),
    gap=0.07,
    regrets=(0.2, 0.04),
)


def test_every_statement_of_one_profile() -> None:
    found = bounds.statements(GAME, MEASURED, FIT)
    omega = 0.27846454276107  # x e^x = 1 / e
    assert found["lemma_1"] == pytest.approx({"gap": 0.07, "printed": math.log(2) / 2, "sharp": omega / 2})
    assert found["lemma_2"] == pytest.approx({"printed": math.expm1(1.2), "sharp": 2 * math.tanh(0.3)})
    wanted = {"delta": 0.04, "printed": math.expm1(1.6), "sharp": 2 * math.tanh(0.6)}  # the smaller largest error: 0.2
    assert found["proposition_2"] == pytest.approx(wanted)
    assert found["corollary_1"] == pytest.approx({"e": 0.3, "rho": 0.0, "delta_at_most": 2 * math.tanh(0.6)})
    assert found["corollary_2"] is None
    assert found["theorem_2"] == pytest.approx(0.8 - 0.2 - 0.08 - 0.06)
    assert found["theorem_2_single"] == pytest.approx(0.9 - 0.2 - 0.08 - 1.5 * 0.04 * 3)
    assert found["theorem_2_printed"] == pytest.approx(0.9 - 0.2 - 0.04)
    assert found["estimate"] == pytest.approx(1 - 0.25 - math.log(2) / 2)
    assert found["theorem_5"] == pytest.approx(bounds.theorem_5(1.0, 0.1, 2, 2.0, 5))
    assert found["corollary_3"] is None


def test_a_long_conversation_with_a_weak_alice_is_bounded_by_corollary_3() -> None:
    long = Conversation(GAME.alice, list(GAME.bobs), 10**6, prior_weights=GAME.prior_weights)
    found = bounds.statements(long, replace(MEASURED, strength=0.001), FIT)
    wanted = bounds.corollary_3(1.0, 0.1, 2, 0.001, 10**6)
    assert wanted is not None and found["corollary_3"] == pytest.approx(wanted)
    assert found["theorem_5"] == pytest.approx(bounds.theorem_5(1.0, 0.1, 2, 0.001, 10**6))


def test_statements_of_a_weak_alice_and_of_one_action() -> None:
    weak = bounds.statements(GAME, replace(MEASURED, strength=0.5), FIT)
    assert weak["corollary_2"] == pytest.approx(4 * math.e * 0.15)
    edge = replace(MEASURED, strength=1.0, errors=(np.array([[0.25, 0.0]]),) * 2)
    assert bounds.statements(GAME, edge, FIT)["corollary_2"] == pytest.approx(math.e)
    lone = Conversation([[1, 2]], [[[3, 0]]], 1, prior_weights=[[[1, 0], [0, 3]]])
    found = bounds.statements(lone, replace(MEASURED, regrets=(0.2,)), replace(FIT, weights=np.array([1.0])))
    assert found["lemma_1"]["sharp"] == found["lemma_1"]["printed"] == 0.0
    assert found["theorem_2_single"] == pytest.approx(0.9 - 0.2 - 0.2 - 0.5 * 0.04 * 3)
    four = Conversation(np.eye(4), [np.eye(4)], 1, prior_weights=np.ones((1, 4, 4), dtype=int))
    wide = replace(MEASURED, own_errors=np.zeros((1, 4)), errors=(np.zeros((1, 4)),), regrets=(0.2,))
    sharp = bounds.statements(four, wide, replace(FIT, weights=np.array([1.0])))["lemma_1"]["sharp"] * 2.0
    assert sharp * math.exp(sharp) == pytest.approx(3 / math.e)
    strong = bounds.statements(GAME, replace(MEASURED, strength=1e4), FIT)
    assert strong["lemma_2"]["printed"] == strong["proposition_2"]["printed"] == math.inf


def test_a_rare_event_of_large_errors() -> None:
    """Leaving out the pair of weight 1 of 4 costs 2 rho = 1/2; among all errors 2 is the most that can be said."""
    found = replace(MEASURED, errors=(np.array([[5.0, 0.01]]), np.array([[4.0, 0.005]])))
    wanted = {"e": 0.01, "rho": 0.25, "delta_at_most": 2 * math.tanh(0.02) + 0.5}
    assert bounds.statements(GAME, found, FIT)["corollary_1"] == pytest.approx(wanted)
    hopeless = replace(MEASURED, errors=(np.array([[50.0, 50.0]]),))
    assert bounds.statements(GAME, hopeless, FIT)["corollary_1"] == {"e": math.inf, "rho": 1.0, "delta_at_most": 2.0}
    impossible = Conversation(
        GAME.alice, list(GAME.bobs), 5, prior_weights=[[[1, 0], [0, 3], [0, 0]]], name="a feature that cannot be"
    )
    far = replace(MEASURED, errors=(np.array([[0.1, 0.3, 0.0]]),), own_errors=np.zeros((1, 3)))
    assert bounds.statements(impossible, far, FIT)["corollary_1"]["e"] == 0.3


@pytest.mark.parametrize(("rounds", "strength"), [(10**16, 0.3), (10**20, 3.0), (10**6, 0.001), (3 * 10**10, 1.0)])
def test_the_best_failure_probability(rounds: int, strength: float) -> None:
    """The largest bound over 200 probabilities from 1e-8 to 10^-0.01, in equal ratios; a continuous one is near."""
    grid = [10 ** (-8 + 7.99 * k / 199) for k in range(200)]
    less = 2 * 0.1 + math.log(2) / strength

    def fifth(d: float) -> float:
        zeta = 10 * (6 / (rounds * d)) ** (1 / 6)
        return float(1.0 - less - 2 * zeta - 3 * d - math.expm1(4 * strength * zeta))

    def third(d: float) -> float:
        root = (6 / (rounds * d)) ** (1 / 6)
        allowed = 10 * strength * root <= 0.25
        return float(1.0 - less - (20 + 40 * math.e * strength) * root - 3 * d) if allowed else -math.inf

    assert bounds.theorem_5(1.0, 0.1, 2, strength, rounds) == pytest.approx(max(map(fifth, grid)), rel=1e-9)
    assert bounds.corollary_3(1.0, 0.1, 2, strength, rounds) == pytest.approx(max(map(third, grid)), rel=1e-9)
    best = minimize_scalar(lambda log: -fifth(math.exp(log)), bounds=(-18.4, -0.03), method="bounded")
    assert max(map(fifth, grid)) == pytest.approx(-best.fun, rel=1e-2)
    assert bounds.corollary_3(1.0, 0.1, 2, 100.0, 1000) is None


def test_what_a_conversation_is_held_to_by_hand() -> None:
    """With steps of 5 nobody says anything of beliefs from 0 to 2.

    Alice's is 1/2 in the first row, where 2 (weight 1) and 0 (weight 3) would be right, and right in the second.
    """
    game = Conversation([[2, 0]], [[[1, 0]]], 4, prior_weights=[[[1, 0], [0, 3]], [[2, 0], [0, 0]]])
    row = kinds.concept_of(game, "agreement")
    fields, certificate = row.verify(game, {}, row.request(options={"messages": "5"}))
    assert certificate.verified
    assert fields["theorem_3"] == pytest.approx(3 * 1 / ((5 / 2) ** 2 * 0.05)) and fields["theorem_4"] == 7.5
    assert fields["max_error"] == 1.5 and fields["mean_error"] == pytest.approx((1 * 1.5 + 3 * 0.5) / 6)
    assert fields["rms_error"] == pytest.approx(math.sqrt((1 * 1.5**2 + 3 * 0.5**2) / 6))
    exact = row.verify(game, {}, row.request(options={"messages": "exact"}))[0]
    assert exact["theorem_3"] is None and exact["theorem_4"] == 0.0 and exact["rms_error"] == 0.0


@pytest.mark.parametrize("seed", range(3))
def test_beliefs_are_near_in_fractions(seed: int) -> None:
    """Of weights of twelve digits: a distance of exactly zeta is near, one that is larger by 1e-40 is not."""
    weights = np.random.default_rng(seed).integers(1, 10**12, (2, 3, 2)).astype(object)
    game = Conversation([[2, 0], [0, 1]], [[[1, 0], [0, 1]]], 1, prior_weights=weights)
    whole = Rectangle(np.arange(2), np.arange(3))

    def belief(cells: Any) -> list[Fraction]:
        good, bad = cells.reshape(-1, 2).sum(axis=0).tolist()
        return [Fraction(2 * good, good + bad), Fraction(bad, good + bad)]

    apart = [
        [max(abs(p - q) for p, q in zip(belief(weights[a]), belief(weights[:, b]), strict=True)) for b in range(3)]
        for a in range(2)
    ]
    for zeta in sorted({distance for row in apart for distance in row}):
        for less in (Fraction(0), Fraction(1, 10**40)):
            near = Record(game, zeta - less).near(whole)
            assert near.tolist() == [[distance <= zeta - less for distance in row] for row in apart]
