"""Straightforward conversations against a simulation that keeps whole transcripts, and against what is true of them."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from bigopt import catalog
from bigopt.arithmetic.decimals import fractions
from bigopt.engine.solve import solve
from bigopt.files.instance import load
from bigopt.games.conversation import Conversation

Make = Callable[..., Conversation]

Vector = tuple[Fraction, ...]


class Simulation:
    """Everybody keeps the public transcript of each pair and conditions on it by enumeration of all pairs."""

    def __init__(self, game: Conversation, step: Fraction | None, simultaneous: bool) -> None:
        self.game, self.step, self.simultaneous = game, step, simultaneous
        self.u = fractions(game.alice)
        self.pairs = [(a, b) for a, b in np.argwhere(game.possible).tolist()]
        self.said: dict[tuple[int, int], tuple[Vector, ...]] = {pair: () for pair in self.pairs}

    def belief(self, pair: tuple[int, int], who: int) -> Vector:
        """Return the expected utilities of Alice (0), the Bob (1) or somebody who sees all (2)."""
        alike = [q for q in self.pairs if self.said[q] == self.said[pair] and (who == 2 or q[who] == pair[who])]
        if who == 2:
            alike = [pair]
        w = sum((self.game.prior_weights[q] for q in alike), np.zeros(self.u.shape[1], dtype=object))
        return tuple(Fraction(0) + sum(x * y for x, y in zip(w, row, strict=True)) / sum(w) for row in self.u)

    def announce(self, pair: tuple[int, int], who: int) -> Vector:
        """Return what is said: the belief, or its nearest multiples of the step, halves up."""
        belief = self.belief(pair, who)
        if self.step is None:
            return belief
        return tuple(Fraction((v / self.step + Fraction(1, 2)).__floor__()) for v in belief)

    def round(self) -> None:
        """Let both speak once."""
        if self.simultaneous:
            new = {q: (self.announce(q, 0), self.announce(q, 1)) for q in self.pairs}
            self.said = {q: (*self.said[q], *new[q]) for q in self.pairs}
            return
        for who in (0, 1):
            words = {q: self.announce(q, who) for q in self.pairs}
            self.said = {q: (*self.said[q], words[q]) for q in self.pairs}

    def groups(self) -> set[frozenset[tuple[int, int]]]:
        """Return what Alice and the Bob can tell apart."""
        return {
            frozenset(q for q in self.pairs if self.said[q] == self.said[p] and q[who] == p[who])
            for p in self.pairs
            for who in (0, 1)
        }

    def run(self) -> dict[str, float | None]:
        """Play to the fixed point or R, and measure."""
        first: dict[tuple[int, int], int] = {}
        agreed: set[tuple[int, int]] = set()
        lost: set[tuple[int, int]] = set()
        weight = {q: Fraction(int(self.game.mass[q]), self.game.total) for q in self.pairs}
        for turn in range(self.game.rounds + 1):
            before = self.groups()
            for q in self.pairs:
                gap = max(abs(x - y) for x, y in zip(self.belief(q, 0), self.belief(q, 1), strict=True))
                if gap <= (self.step or 0):
                    first.setdefault(q, turn)
                    agreed.add(q)
                elif q in agreed:
                    agreed.remove(q)
                    lost.add(q)
            if turn == self.game.rounds:
                break
            self.round()
            if self.groups() == before:
                break
        errors = {
            q: max(abs(x - y) for x, y in zip(self.belief(q, 0), self.belief(q, 2), strict=True)) for q in self.pairs
        }
        return {
            "lost_later": float(sum(weight[q] for q in lost)),
            "mean_error": float(sum(weight[q] * errors[q] for q in self.pairs)),
            "max_error": float(max(errors.values())),
            "utility": float(sum(weight[q] * max(self.belief(q, 0)) for q in self.pairs)),
            "never": float(sum(weight[q] for q in self.pairs if q not in first)),
            "max_round": max(first.values(), default=None) if len(first) == len(self.pairs) else None,
        }


@pytest.mark.parametrize("order", ["sequential", "simultaneous"])
@pytest.mark.parametrize("messages", ["exact", "1/4", "1/10"])
def test_against_whole_transcripts(make: Make, order: str, messages: str) -> None:
    for seed in range(12):
        game = make(seed, rounds=1 + seed % 4, actions=2 + seed % 2)
        solution = solve(game, "agreement", options={"messages": messages, "order": order})
        assert solution.solved, solution.certificate.failed
        step = None if messages == "exact" else Fraction(messages)
        wanted = Simulation(game, step, order == "simultaneous").run()
        for key, value in wanted.items():
            assert solution.fields[key] == (value if value is None else pytest.approx(value, abs=1e-12)), (seed, key)


def test_the_unit_and_the_origin_of_utility_change_nothing(make: Make) -> None:
    for seed in range(8):
        game = make(seed)
        moved = Conversation(game.alice * 128 + 4096, list(game.bobs), game.rounds, prior_weights=game.prior_weights)
        plain, other = (solve(g, "agreement") for g in (game, moved))
        assert plain.rounds == other.rounds and plain.lost_later == other.lost_later
        assert other.mean_error == pytest.approx(128 * plain.mean_error, rel=1e-12, abs=1e-12)


def test_names_of_features_change_nothing(make: Make) -> None:
    rng = np.random.default_rng(0)
    for seed in range(8):
        game = make(seed, a=4, b=3)
        weights = game.prior_weights[rng.permutation(4)][:, rng.permutation(3)]
        renamed = Conversation(game.alice, list(game.bobs), game.rounds, prior_weights=weights)
        plain, other = (solve(g, "agreement", options={"messages": "1/8"}) for g in (game, renamed))
        assert plain.rounds == other.rounds and plain.mean_error == pytest.approx(other.mean_error, abs=1e-15)


def test_long_decimals_are_played_with_whole_numbers(make: Make) -> None:
    rng = np.random.default_rng(3)
    prior = rng.random((6, 5, 2))
    game = Conversation([[1, 0], [0, 1]], [[[1, 0], [0, 1]]], 9, prior=prior / prior.sum(), name="decimals")
    assert game.mass.dtype == object
    solution = solve(game, "agreement")
    assert solution.solved and solution.max_round == 1 and solution.max_error == 0


def test_a_generic_prior_is_told_in_one_round_and_its_size_is_no_matter() -> None:
    rng = np.random.default_rng(1)
    weights = rng.integers(1, 1000, (60, 60, 5))
    game = Conversation(rng.integers(0, 101, (5, 5)) / 100, [np.eye(5)], 50, prior_weights=weights, name="generic")
    solution = solve(game, "agreement")
    assert solution.solved and solution.rounds == {1: 1.0} and solution.max_error == 0


def test_agreement_between_rounds_bounds_no_error() -> None:
    game = load(catalog.instance("conversation/independent-signals"))
    assert solve(game, "substitutes").fields["holds"]
    assert game.belief("high") == game.belief(x_B="high") == [Fraction(1, 4), Fraction(3, 4)]
    assert game.belief("high", "high") == [Fraction(1, 10), Fraction(9, 10)]
