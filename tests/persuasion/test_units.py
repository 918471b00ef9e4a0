"""No unit and no origin of a utility changes a sender's strict scheme, his concave closure, or who moves in `joint`."""

from __future__ import annotations

import numpy as np
import pytest

from bigopt import solve
from bigopt.concepts.deadline import Deadline
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.concavification import concave_closure
from bigopt.games.persuasion.exact.strict import strict_scheme
from bigopt.games.persuasion.game import Bob, Persuasion
from bigopt.games.persuasion.response import reply_to

Scale = tuple[int, int]  # the exponent of the unit, the origin in units
SCALES: list[tuple[Scale, Scale]] = [
    ((-9, 0), (0, 0)),
    ((9, 0), (0, 0)),
    ((0, 0), (-9, 0)),
    ((0, 0), (9, 0)),
    ((0, 10**6), (0, 0)),
    ((0, 0), (0, -(10**6))),
    ((-9, 10**6), (9, 10**6)),
]


def scaled(table: np.ndarray, scale: Scale) -> np.ndarray:
    """Return whole numbers in another unit, each the float that its decimal is read as."""
    exponent, origin = scale
    return np.array([[float(f"{int(k) + origin}e{exponent}") for k in row] for row in table])


def drawn(seed: int, alice: Scale = (0, 0), bobs: Scale = (0, 0), n: int = 3) -> Persuasion:
    rng = np.random.default_rng(seed)
    hers, *his = rng.integers(0, 7, (3, n, n))
    weights = [int(w) for w in rng.integers(1, 5, n)]
    return Persuasion(
        list("xyz")[:n], list("abc")[:n], scaled(hers, alice),
        [Bob(f"bob {j}", scaled(table, bobs)) for j, table in enumerate(his)],
        prior_weights=weights, tie_break="sender",
    )  # fmt: skip


def in_units(value: float, scale: Scale) -> float:
    return value / 10.0 ** scale[0] - scale[1]


@pytest.mark.parametrize(("alice", "bobs"), SCALES)
@pytest.mark.parametrize("seed", range(2))
def test_the_concave_closure(seed: int, alice: Scale, bobs: Scale) -> None:
    plain, game = drawn(seed), drawn(seed, alice, bobs)
    for there, here in zip(plain.bobs, game.bobs, strict=True):
        value = concave_closure(plain, there.utility).value
        assert in_units(concave_closure(game, here.utility).value, bobs) == pytest.approx(value, abs=1e-8)


@pytest.mark.parametrize(("alice", "bobs"), SCALES)
@pytest.mark.parametrize("seed", range(2))
def test_a_strict_scheme(seed: int, alice: Scale, bobs: Scale) -> None:
    """What it is worth to both, played under a tie rule that is not the sender's."""

    def worth(game: Persuasion) -> tuple[float, float]:
        silent = [np.ones((3, 1)), np.ones((3, 1))]
        reply, kernel = reply_to(game, silent, 0, Deadline())
        scheme = strict_scheme(game, game.utilities[0], kernel, reply, 0.05)
        assert np.allclose(scheme.sum(axis=1), 1.0)
        found = signals.outcome(game, scheme, kernel, signals.tie_order(game))
        return float(found.alice), float(found.bobs[0])

    here, there = worth(drawn(seed, alice, bobs)), worth(drawn(seed))
    assert in_units(here[0], alice) == pytest.approx(there[0], abs=1e-8)
    assert in_units(here[1], bobs) == pytest.approx(there[1], abs=1e-8)


@pytest.mark.parametrize(("alice", "bobs"), SCALES)
def test_who_moves_in_joint(alice: Scale, bobs: Scale) -> None:
    """Two senders who outbid each other step by step, until what is left is worth nobody's while."""
    found, plain = (
        solve(game, "joint", options={"start": "silent"}) for game in (drawn(4, alice, bobs, 2), drawn(4, n=2))
    )
    assert len(plain.updates) > 5 and plain.equilibrium and plain.solved and found.solved
    assert [move["bob"] for move in found.updates] == [move["bob"] for move in plain.updates]
    assert [in_units(value, bobs) for value in found.bobs] == pytest.approx(list(plain.bobs), abs=1e-7)
