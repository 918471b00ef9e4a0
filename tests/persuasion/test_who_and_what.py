"""What a claim brings with it: prices, its sender, profiles and answers beside many messages."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.errors import BigoptError
from bigopt.games.persuasion.game import Bob, Persuasion
from tests.persuasion.by_hand import SIGNAL, drawn, verified


def test_prices_that_prove_nothing_do_not_change_what_a_margin_costs(tmp_path: Path) -> None:
    """A price of an action against itself, or of one that is never taken, leaves the bound as it is."""
    twin = Bob("bob", np.array([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]]))
    hers = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
    game = Persuasion(["s", "t"], ["a", "b", "twin"], hers, [twin], prior_weights=[3, 7], tie_break="first")
    claim = json.loads(bigopt.solve(game).to_json())
    told = claim["solution"]
    assert told["price_of_margin"] == pytest.approx(0.6)

    def believed(prices: Any, cost: float) -> bool:
        (tmp_path / "claim.json").write_text(
            json.dumps(claim | {"solution": told | {"prices": prices, "price_of_margin": cost}})
        )
        return bigopt.check(game, tmp_path / "claim.json").certificate.verified

    assert believed(told["prices"], told["price_of_margin"])
    for action, chance in ((0, 0.4), (1, 0.6), (2, 0.0)):
        assert not believed(sorted([*told["prices"], [action, action, 50.0]]), 0.6 + 50 * chance)
    assert not believed([*told["prices"], [2, 1, 50.0]], 0.6)
    # slack prices that prove less are replaced by better ones, and those that prove enough are kept
    for more, kept in ((1e-9, True), (1e-6, False), (1.0, False)):
        point = {"scheme": told["scheme"], "prices": [[1, 0, 1 + more]]}
        fields, certificate = verified(game, "signaling", point)
        assert certificate.verified and (fields["prices"] == [[1, 0, 1 + more]]) == kept
    for wrong, said in (
        ([[1, 0]], "prices"),
        ([[3, 0, 1.0]], "prices: action 3, expected below 3"),
        ([[0.5, 0, 1.0]], "prices"),
        (np.ones((2, 3)), "prices"),
    ):
        with pytest.raises(BigoptError, match=said):
            verified(game, "signaling", {"scheme": told["scheme"], "prices": wrong})


def test_a_claim_names_its_sender() -> None:
    game = drawn()
    profile: list[Any] = [np.eye(4), np.ones((4, 1))]
    scheme = {"scheme": np.eye(4)}
    for point, more, name in (
        ({"bob": "bob 1"}, {}, "bob 1"),
        ({"bob": "bob 1"}, {"bob": "bob 0"}, "bob 0"),
        ({"bob": "bob 1"}, {"player": 0}, "bob 0"),
        ({"bob": "nobody"}, {"player": 1}, "bob 1"),
        ({"bob": "nobody"}, {}, "bob 0"),
        ({}, {}, "bob 0"),
    ):
        assert verified(game, "best-response", scheme | point, profile=profile, **more)[0]["bob"] == name
    told = verified(game, "best-response", scheme | {"profile": profile[::-1]})[0]
    assert [table.shape for table in told["profile"]] == [(4, 1), (4, 4)]
    with pytest.raises(BigoptError, match="bob: '3', expected a name"):
        verified(game, "signaling", {"scheme": np.eye(4)[:, :3], "bob": 3})
    for maps, said in (
        (np.full((4, 1), 3), "action 3, expected below 3"),
        ([[0]] * 3, "3 rows"),
        ([[0, 0]] * 4, "2 num"),
    ):
        with pytest.raises(BigoptError, match=f"recommendations.*{said}"):
            verified(game, "best-response", scheme | {"recommendations": maps}, profile=profile)
    seeing = drawn(signal=SIGNAL)
    for maps, said in (([[0, 0]] * 3, "3 rows"), ([[0]] * 4, "1 num"), ([[0, 0, 0]] * 4, "3 num")):
        with pytest.raises(BigoptError, match=f"recommendations.*{said}"):
            verified(seeing, "signaling", scheme | {"recommendations": maps})
    for wrong in ([[1]] * 4, np.eye(4)):
        with pytest.raises(BigoptError, match="scheme.*expected 3"):
            verified(game, "signaling", {"scheme": wrong})
    alike = Persuasion(["s"], ["a", "b"], [[1, 1]], [Bob("one", [[0, 1]]), Bob("two", [[3, 0]])])
    told = verified(alike, "best-response", {"scheme": [[1]]}, profile=[[[1]], [[1]]], bob="two")[0]
    assert told["current"] == 0.0 and told["regret"] == 0.0  # ties go to the first of them


@pytest.mark.parametrize("told", [True, False], ids=["maps", "no maps"])
def test_a_reply_beside_many_messages(told: bool) -> None:
    """Of two states the closure is drawn through the beliefs at which Alice is indifferent after some message."""
    rng = np.random.default_rng(1)
    hers, *his = rng.integers(0, 7, (3, 2, 3)).astype(float)
    game = Persuasion(["s", "t"], list("abc"), hers, [Bob(f"bob {j}", table) for j, table in enumerate(his)])
    kernel = rng.dirichlet(np.ones(21), size=2)
    profile = [np.ones((2, 1)), kernel]
    points = {0.0, 1.0, 0.5}
    for m, (a, b) in ((m, pair) for m in range(21) for pair in combinations(range(3), 2)):
        left, right = kernel[0, m] * (hers[0, a] - hers[0, b]), kernel[1, m] * (hers[1, a] - hers[1, b])
        if left * right < 0:
            points.add(right / (right - left))

    def worth(mu: float) -> float:
        total = 0.0
        for m in range(21):
            column = np.array([mu, 1 - mu]) * kernel[:, m]
            gets = column @ hers
            total += max(float(column @ his[0][:, a]) for a in range(3) if gets[a] >= gets.max() - 1e-9)
        return total

    ordered = sorted((mu, worth(mu)) for mu in points)
    best = max(
        (w1 if x1 == x2 else w1 + (w2 - w1) * (0.5 - x1) / (x2 - x1))
        for (x1, w1) in ordered
        for (x2, w2) in ordered
        if x1 <= 0.5 <= x2
    )
    found = bigopt.solve(game, "best-response", profile=profile)
    point: dict[str, Any] = {"scheme": found.scheme} | ({"recommendations": found.recommendations} if told else {})
    fields, certificate = verified(game, "best-response", point, profile=profile)
    assert fields["value"] == pytest.approx(best, abs=1e-7) and certificate.verified
    assert {c.name: c.grade for c in certificate.checks}["optimality"] == "recomputed"
    assert certificate.max_regret == pytest.approx(0.0, abs=1e-7)
