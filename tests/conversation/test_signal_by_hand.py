"""A Bob's word to a quantal Alice by plain loops: every field and check, and bounds that are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact import closure
from tests.conversation.loops import Table, judged, said
from tests.conversation.quantal_loops import Fields, Quantal, drawn, split


@pytest.mark.parametrize("features", [1, 2, 3, 4])
def test_quantal_signal(features: int) -> None:
    """The second Bob after what the second row announces; columns that do not add up are told, and mended."""
    game = drawn(1, b=features)
    rng = np.random.default_rng(features)
    signals = np.vstack([rng.dirichlet(np.ones(2), features).T, np.zeros(features)])
    rows = next(group for group in Quantal(game, 1.5).groups if 1 in group)
    assert len(rows) < 3
    span = Table(game).span(2) * float(game.prior[rows].sum())

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
            ("below the bound", pytest.approx(-gap, abs=1e-12), 1e-9, "utility range", "recomputed", True),
            ("gap", pytest.approx(gap, abs=1e-12), limit, "utility range", "proved", True),
        ]
        assert ("prices" in certificate.checks[2].note) is (features < 4)
    assert fields["at_most"] >= max(fields["value"], fields["silent"], fields["revealing"]) - 1e-12
    if features == 4:
        each = [max(game.bobs[1] @ game.prior[x, b]) for x in rows for b in range(4)]
        assert fields["at_most"] == pytest.approx(sum(each), abs=1e-12)


def test_a_bob_with_nothing_at_stake() -> None:
    game = drawn(3, a=2, b=2)
    flat = Conversation(game.alice, [np.full((3, 2), 7.0)], 1, prior_weights=game.prior_weights)
    fields, certificate = judged(flat, "quantal-signal", {"signals": [[0.5, 0.25], [0.5, 0.75]]}, {"lambda": 1.5})
    rows = float(flat.prior[0].sum())
    assert fields["value"] == pytest.approx(7 * rows) and certificate.verified


def test_a_bound_below_the_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    game = drawn(3, a=1, b=2)
    told: Fields = {"signals": np.eye(2)}
    value = sum(split(game, [0], 0, 1.5, row) for row in np.eye(2))
    bound = value - 1e-4 - float(game.bobs[0].min())
    monkeypatch.setattr(closure, "closure", lambda *_: closure.Closure(np.eye(2), 0.0, bound))
    assert [c.name for c in judged(game, "quantal-signal", told, {"lambda": 1.5})[1].failed] == ["below the bound"]
