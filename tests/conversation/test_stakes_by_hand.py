"""In which unit regrets and lists of equilibria are compared, with numbers that are put in their places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bigopt.errors import InstanceError
from bigopt.games.conversation.exact.closure import stake
from bigopt.games.conversation.verify import quantal_nash, quantal_talk
from bigopt.games.conversation.verify.histories import Talk
from tests.conversation.loops import judged
from tests.conversation.test_histories_by_hand import answer, drawn


@pytest.mark.parametrize(
    ("gains", "stakes", "worst", "most"),
    [
        ([[2.5, 0.5], [1.0, 1.5]], [[0.5, 0.0], [4.0, 1.0]], 5.0, 3.0),
        ([[0.5, 7.0], [1.0, 1.5]], [[0.5, 0.0], [4.0, 1.0]], 7.0, 7.5),
    ],
)
def test_a_regret_counts_in_shares_of_what_is_at_stake_after_an_announcement(
    gains: Any, stakes: Any, worst: float, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    game = drawn(0)
    point = {"equilibria": answer(game)["equilibria"][:1]}

    class Fixed(Talk):
        """One that says what is asked of it."""

        def stakes(self) -> Any:
            return np.array(stakes)

        def best(self, rules: Any, bob: int) -> Any:
            return self.played(rules)[:, bob + 1] + gains[bob]

    monkeypatch.setattr(quantal_talk, "Talk", Fixed)
    monkeypatch.setattr(quantal_talk, "ended", lambda *_: [])
    _, certificate = judged(game, "quantal-nash", point)
    regret = next(check for check in certificate.checks if check.name == "regret")
    assert regret.value == pytest.approx(worst) and certificate.max_regret == pytest.approx(most)


def test_lists_are_compared_in_what_alice_has_at_stake() -> None:
    game = drawn(0)
    scale = stake(game, list(range(game.sizes[0])), -1, 2.0)
    again = [
        {"count": 2, "worst": 1.0, "best": 3.0, "dynamics": 1.0},
        {"count": 1, "worst": 0.5, "best": 0.5, "dynamics": 0.5},
    ]
    given = [{"count": 1, "worst": 0.25, "best": 0.75}, {"count": 2, "worst": 1.0, "best": 3.5, "dynamics": None}]
    fields, (count, worst, best) = quantal_nash.compared(game, 2.0, given, again, again, "so")
    assert (count.value, count.limit) == (0.0, 0.0) and fields["count"] == 2 and fields["dynamics"] == 1.5
    assert worst.value == pytest.approx(0.25 / scale) and best.value == pytest.approx(0.75 / scale) and scale != 1
    rounding = 2 * np.finfo(float).eps * abs(game.alice).max() / scale
    assert worst.limit == best.limit == pytest.approx(1e-9 + rounding, rel=1e-12)
    for wrong in ("x", {"count": 1}, [1], [{"count": 1, "worst": 0.0}], [given[0], "count worst best"]):
        with pytest.raises(InstanceError, match="games: expected a list"):
            quantal_nash.compared(game, 2.0, wrong, again, again, "so")


@pytest.mark.parametrize("given", ["x", {"start": "silent"}, [1]])
def test_equilibria_that_are_no_list_are_named(given: Any) -> None:
    with pytest.raises(InstanceError, match="equilibria: expected a list"):
        judged(drawn(0), "quantal-nash", {"equilibria": given})
