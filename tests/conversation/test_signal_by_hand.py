"""A Bob's word to a quantal Alice by plain loops: every field and check, and bounds that are none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact import closure
from tests.conversation.loops import judged, said
from tests.conversation.quantal_loops import Fields, Quantal, drawn, split


@pytest.mark.parametrize("features", [1, 2, 3, 4])
def test_quantal_signal(features: int) -> None:
    """The second Bob after what the second row announces; columns that do not add up are told, and mended."""
    game = drawn(1, b=features)
    rng = np.random.default_rng(features)
    signals = np.vstack([rng.dirichlet(np.ones(2), features).T, np.zeros(features)])
    rows = next(group for group in Quantal(game, 1.5).groups if 1 in group)
    assert len(rows) < 3
    span = Quantal(game, 1.5).stake(2, rows)

    def worth(every: Any) -> float:
        return sum(split(game, rows, 1, 1.5, row) for row in every)

    for factor in (1.0, 0.9, 1.2) if features == 4 else (1.0,):
        options = {"lambda": 1.5, "heard": "x_A 1"}
        point = {"signals": factor * signals}
        fields, certificate = judged(game, "quantal-signal", point, options, bob=game.bob_names[1])
        assert set(fields) == {"value", "at_most", "silent", "revealing", "signals"}
        assert fields["signals"] == pytest.approx(signals)
        assert fields["value"] == pytest.approx(worth(signals))
        assert fields["silent"] == pytest.approx(worth(np.ones((1, features))))
        assert fields["revealing"] == pytest.approx(worth(np.eye(features)))
        gap = (fields["at_most"] - worth(signals)) / span
        limit = {1: 1e-9, 2: 1e-3, 3: 0.05, 4: 0.05}[features]
        assert said(certificate) == [
            ("signals", pytest.approx(abs(factor - 1), abs=1e-12), 1e-6, "probability", "recomputed", True),
            ("below the bound", pytest.approx(-gap, abs=1e-12), 1e-9, "Bob's stake", "recomputed", True),
            ("gap", pytest.approx(gap, abs=1e-12), limit, "Bob's stake", "proved", True),
        ]
        assert ("prices" in certificate.checks[2].note) is (features < 4)
    assert fields["at_most"] >= max(fields["value"], fields["silent"], fields["revealing"]) - 1e-12
    if features == 4:
        assert fields["at_most"] == pytest.approx(Quantal(game, 1.5).most(1, rows), abs=1e-12)


def test_a_bob_with_nothing_at_stake() -> None:
    game = drawn(3, a=2, b=2)
    flat = Conversation(game.alice, [np.full((3, 2), 7.0)], 1, prior_weights=game.prior_weights)
    fields, certificate = judged(flat, "quantal-signal", {"signals": [[0.5, 0.25], [0.5, 0.75]]}, {"lambda": 1.5})
    rows = float(flat.prior[0].sum())
    assert fields["value"] == pytest.approx(7 * rows) and certificate.verified


LEVELS: list[Fields] = [{}, {"anyway": 1e6}, {"anyway": -1e9}, {"anyway": 1e12}, {"never": -1e8}, {"never": 1e8}]


def beside(anyway: float = 0.0, never: float = 0.0, bobs: int = 1) -> Conversation:
    """Return Bobs who like what Alice does knowing nothing, and get something anyway, or if she did what she does not.

    She takes the fourth action with a probability below e^-70.
    """
    alice = [[1, 0, 0], [0, 1, 0], [0.6, 0.6, 0], [-8, -8, -8]]
    bob = [[0, 0, anyway], [0, 0, anyway], [1, 1, anyway], [never, never, anyway]]
    return Conversation(alice, [bob] * bobs, 1, prior_weights=[[[6, 3, 1], [3, 6, 1]]])


@pytest.mark.parametrize("level", LEVELS)
def test_what_a_bob_does_not_decide_hides_nothing(level: Fields) -> None:
    """He gets what silence gives, 0.1873 more than telling: by the softmax at beliefs 6:3:1 and 9:9:2, as fractions."""
    heard, silent = np.array([0.6, 0.3, 0.54]), np.array([0.45, 0.45, 0.54])
    tell, be_silent = (0.9 * math.exp(10 * mu[2]) / np.exp(10 * mu).sum() for mu in (heard, silent))
    game = beside(**level)
    fields, certificate = judged(game, "quantal-signal", {"signals": [[1, 0], [0, 1]]}, {"lambda": 10.0})
    assert [check.name for check in certificate.failed] == ["gap"]
    assert certificate.checks[2].value >= (be_silent - tell) / 0.9 > 0.2
    fields, certificate = judged(game, "quantal-signal", {"signals": [[1, 1]]}, {"lambda": 10.0})
    assert certificate.verified
    rest, rounding = 0.1 * level.get("anyway", 0.0), 1e-15 * abs(level.get("anyway", 0.0))
    assert fields["value"] - rest == pytest.approx(be_silent, abs=1e-9 + rounding)
    assert fields["at_most"] - rest <= be_silent + 1e-4 + rounding


@pytest.mark.parametrize("level", LEVELS)
def test_equilibria_are_as_many_whatever_bobs_get_anyway(level: Fields) -> None:
    """Silence is best alone, and nobody moves anything beside one who tells: two of four, not the two half-told."""
    found = bigopt.solve(beside(bobs=2, **level), "quantal-nash", options={"lambda": 10.0})
    assert found.solved and found.count == 2
    false = [one | {"count": 4} for one in found.to_dict()["solution"]["games"]]
    assert not judged(beside(bobs=2, **level), "quantal-nash", {"games": false}, {"lambda": 10.0})[1].verified


def test_a_bound_below_the_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    game = drawn(3, a=1, b=2)
    told: Fields = {"signals": np.eye(2)}
    value = sum(split(game, [0], 0, 1.5, row) for row in np.eye(2))
    bound = value - 1e-4 - float(game.informed()[1])
    monkeypatch.setattr(closure, "closure", lambda *_: closure.Closure(np.eye(2), 0.0, bound))
    assert [c.name for c in judged(game, "quantal-signal", told, {"lambda": 1.5})[1].failed] == ["below the bound"]
