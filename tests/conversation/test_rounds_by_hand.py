"""Quantal play of several rounds by plain loops over histories of announcements, with beliefs rounded and exact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bigopt.games.conversation import Conversation
from tests.conversation.loops import judged
from tests.conversation.quantal_loops import Quantal, drawn

Cells = list[tuple[int, list[int]]]  # x_A, and the x_B that fit what Alice has heard


class Rounds(Quantal):
    """The conversation round by round: cells that have announced the same so far."""

    def announced(self, cells: Cells) -> list[Cells]:
        """Part cells by what Alice announces in them."""
        found: dict[Any, Cells] = {}
        for x, own in cells:
            if self.weight([x], own):
                found.setdefault(self.told([x], own), []).append((x, own))
        return list(found.values())

    def word(self, rule: Any, turn: int, cells: Cells, b: int) -> Any:
        """Return what a Bob who sees b says after a history that leaves these cells."""
        if rule == "straightforward":
            rows = [x for x, own in cells if b in own and self.weight([x], [b])]
            return self.told(rows, [b]) if rows else None
        if isinstance(rule, list):
            return rule[turn][b] if turn < len(rule) else 0
        return b if rule == "revealing" and turn == 0 else 0

    def after(self, profile: list[Any], rounds: int) -> Cells:
        """Return the cells in which Alice acts."""
        histories = self.announced([(x, self.all) for x in range(self.x)])
        for turn in range(rounds):
            following = []
            for cells in histories:
                told: Cells = []
                for x, own in cells:
                    parts: dict[Any, list[int]] = {}
                    for b in own:
                        parts.setdefault(tuple(self.word(r, turn, cells, b) for r in profile), []).append(b)
                    told += [(x, part) for part in parts.values()]
                following += self.announced(told) if turn < rounds - 1 else [told]
            histories = following
        return [cell for cells in histories for cell in cells if self.weight([cell[0]], cell[1])]

    def end(self, profile: list[Any], rounds: int) -> tuple[list[float], Any, float]:
        """Return everybody's utility, the distribution of (action, state) and the largest error."""
        values, law, error = [0.0] * (1 + self.k), np.zeros((self.a, self.y)), 0.0
        for x, own in self.after(profile, rounds):
            values = [v + more for v, more in zip(values, self.amounts(x, [own]), strict=True)]
            mu, chances = self.belief([x], own), self.chances(x, own)
            for b in own:
                law += np.outer(chances, [float(p) for p in self.share[x][b]])
                if self.weight([x], [b]):
                    error = max(error, *(abs(float(u - v)) for u, v in zip(mu, self.belief([x], [b]), strict=True)))
        return values, law, error


ROWS = [[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 2, 0]]
PROFILES: list[list[Any]] = [
    ["straightforward", "silent"],
    [ROWS, "straightforward"],
    ["revealing", ROWS],
    [ROWS, ROWS[1:]],
]


@pytest.mark.parametrize("step", [None, 0.5])
@pytest.mark.parametrize("profile", PROFILES, ids=["straight", "beside rows", "revealing", "rows"])
def test_quantal_play_of_three_rounds(profile: list[Any], step: float | None) -> None:
    """Three rows that announce the same first, and two that are drawn: later rounds matter."""
    one = drawn(1, a=2, b=4)
    row = one.prior_weights[0]
    weights = np.concatenate([[row, row[::-1], row[[1, 0, 3, 2]]], one.prior_weights[1:]])
    words = [{"rounds": rule} if isinstance(rule, list) else rule for rule in profile]
    game = Conversation(one.alice, one.bobs, 3, prior_weights=weights, profile=words, name="rounds")
    by_hand = Rounds(game, 1.5, step)
    values, law, error = by_hand.end(profile, 3)
    fields, _ = judged(game, "quantal", {}, {"lambda": 1.5, "messages": "exact" if step is None else str(step)})
    assert [fields["alice"], *fields["bobs"]] == pytest.approx(values, abs=1e-9)
    assert fields["distribution"] == pytest.approx(law, abs=1e-9)
    assert fields["error"] == pytest.approx(error, abs=1e-9)
    assert len(by_hand.after(profile, 3)) > len(by_hand.after(profile, 1)) or profile[0] != ROWS


def test_quantal_play_of_straightforward_talk_that_goes_on() -> None:
    """A second round tells more than the first."""
    weights = [
        [[1, 0], [1, 1], [1, 0], [0, 1]],
        [[1, 0], [1, 1], [1, 0], [0, 1]],
        [[0, 1], [1, 1], [0, 1], [1, 0]],
        [[1, 1], [1, 1], [0, 0], [0, 1]],
    ]
    one, talk, cells = drawn(2), ["straightforward"] * 2, []
    for rounds in (1, 2):
        game = Conversation(one.alice, one.bobs, rounds, prior_weights=weights, name="talk")
        by_hand = Rounds(game, 1.5)
        values, law, error = by_hand.end(talk, rounds)
        fields, _ = judged(game, "quantal", {}, {"lambda": 1.5})
        assert [fields["alice"], *fields["bobs"]] == pytest.approx(values, abs=1e-9)
        assert fields["distribution"] == pytest.approx(law, abs=1e-9)
        assert fields["error"] == pytest.approx(error, abs=1e-9)
        cells.append(len(by_hand.after(talk, rounds)))
    assert cells == [11, 13]
