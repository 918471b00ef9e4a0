"""The aligned leader against all deterministic protocols, listed by recursion over set partitions."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from bigopt.engine.solve import solve
from bigopt.errors import UsageError
from bigopt.games.conversation import Conversation

Part = tuple[int, ...]
GUESS = [[1, 0], [0, 1]]


def partitions(items: Part, most: int) -> Iterator[list[Part]]:
    """Yield the partitions of a set into at most so many parts."""
    if not items:
        yield []
    elif most:
        for rest in partitions(items[1:], most):
            for i in range(len(rest)):
                yield [*rest[:i], (items[0], *rest[i]), *rest[i + 1 :]]
            if len(rest) < most:
                yield [(items[0],), *rest]


def best(game: Conversation, letters: int, rounds: int) -> int:
    """Return the largest value of any deterministic protocol, in units of Alice's gains."""

    @lru_cache(None)
    def value(A: Part, B: Part, turns: int) -> int:
        if turns == 0:
            return sum(int(game.gains[0][:, a][:, list(B)].sum(axis=1).max()) for a in A)
        if turns % 2:
            return max(sum(value(A, part, turns - 1) for part in parts) for parts in partitions(B, letters))
        return max(sum(value(part, B, turns - 1) for part in parts) for parts in partitions(A, letters))

    return value(tuple(range(game.sizes[0])), tuple(range(game.sizes[1])), 2 * rounds)


@pytest.mark.parametrize("seed", range(12))
def test_against_every_protocol(seed: int) -> None:
    rng = np.random.default_rng(seed)
    letters, rounds = 2 + seed % 2, 1 + seed % 3 // 2
    weights = rng.integers(0, 4, (4, 3 + seed % 2, 3))
    game = Conversation(rng.integers(0, 101, (3, 3)) / 100, [np.eye(3)], rounds, prior_weights=weights, name="drawn")
    solution = solve(game, "aligned-leader", options={"letters": letters})
    assert solution.solved, solution.certificate.failed
    assert solution.value == float(game.worth(0, best(game, letters, rounds)))


def test_enough_letters_and_enough_rounds_reach_the_first_best() -> None:
    rng = np.random.default_rng(2)
    game = Conversation(
        rng.random((4, 3)).round(2), [np.eye(4, 3)], 1, prior_weights=rng.integers(0, 9, (3, 6, 3)), name="rich"
    )
    values = [solve(game, "aligned-leader", options={"letters": m}).value for m in (2, 3, 6)]
    assert values == sorted(values) and values[-1] == solve(game).opt
    assert solve(game, "aligned-leader", options={"rounds": 3}).value == values[-1]


def test_one_letter_and_too_many_rectangles_are_refused() -> None:
    game = Conversation(GUESS, [GUESS], 1, prior_weights=[[[1, 0], [0, 1]], [[0, 1], [1, 0]]], name="xor")
    with pytest.raises(UsageError, match="at least 2 letters"):
        solve(game, "aligned-leader", options={"letters": 1})
    wide = Conversation(GUESS, [GUESS], 1, prior_weights=np.ones((30, 30, 2), dtype=int), name="wide")
    with pytest.raises(UsageError, match=r"2\^60 rectangles"):
        solve(wide, "aligned-leader")


def test_a_talk_that_gives_less_fails() -> None:
    from bigopt.concepts.concept import Request
    from bigopt.games.conversation.verify.leader import aligned_leader

    game = Conversation(GUESS, [GUESS], 1, prior_weights=[[[1, 0], [0, 1]], [[0, 1], [1, 0]]], name="xor")
    fields, certificate = aligned_leader(game, {"talk": []}, Request("aligned-leader", options={"letters": 2}))
    assert fields["value"] == 0.5 and [check.name for check in certificate.failed] == ["gap"]


def test_a_talk_says_nothing_that_is_never_heard() -> None:
    """Steps at rectangles that no talk reaches, or a second one at the same, are no part of it."""
    from bigopt.concepts.concept import Request
    from bigopt.errors import InstanceError
    from bigopt.games.conversation.verify.leader import aligned_leader

    game = Conversation(GUESS, [GUESS], 2, prior_weights=[[[1, 0], [0, 1]], [[0, 1], [1, 0]]], name="xor")
    request = Request("aligned-leader", options={"letters": 2})
    talk = [dict(step) for step in solve(game, "aligned-leader").talk]
    fields, certificate = aligned_leader(game, {"talk": talk}, request)
    assert certificate.verified and fields["value"] == 1.0
    first = {"turn": 1, "who": "Alice", "A": [0, 1], "B": [0, 1], "says": [[0], [1]]}
    for more in (dict(talk[0]), first | {"A": [0]}, first | {"B": [1, 0]}):
        with pytest.raises(InstanceError, match="expected one entry"):
            aligned_leader(game, {"talk": [*talk, more]}, request)
    said = {"turn": 2, "who": "Bob", "A": [0, 1], "B": [0, 1], "says": [[0], [1]]}
    for wrong, says in (
        ({"says": [[0]]}, "parts of"),
        ({"says": [[0], [0, 1]]}, "parts of"),
        ({"turn": 1}, "Alice at odd"),
        ({"turn": 0}, "Alice at odd"),
        ({"turn": 6}, "Alice at odd"),
        ({"turn": "2"}, "Alice at odd"),
        ({"who": "Alice"}, "Alice at odd"),
    ):
        with pytest.raises(InstanceError, match=says):
            aligned_leader(game, {"talk": [said | wrong]}, request)
    assert aligned_leader(game, {"talk": [said]}, request)[0]["value"] == 1.0
    with pytest.raises(InstanceError, match="at most 2 parts"):
        three = Conversation(GUESS, [GUESS], 1, prior_weights=np.ones((1, 3, 2), dtype=int))
        aligned_leader(three, {"talk": [said | {"A": [0], "B": [0, 1, 2], "says": [[0], [1], [2]]}]}, request)
    for broken in ({"talk": None}, {"talk": [1]}, {"talk": [{"turn": 1}]}):
        with pytest.raises(InstanceError, match="expected"):
            aligned_leader(game, broken, request)


def test_first_best_actions_by_hand() -> None:
    """Cells of weights 1, 2, 3 and one that cannot be; what is short of the best is said in utility."""
    from bigopt.errors import InstanceError
    from bigopt.games import kinds

    weights = [[[1, 0], [0, 2]], [[3, 0], [0, 0]]]
    game = Conversation([[2, 0], [0, 1], [1, 1]], [7 * np.eye(3, 2)], 1, prior_weights=weights)
    row = kinds.concept_of(game, "first-best")

    def judged(actions: object) -> tuple[dict[str, Any], float]:
        fields, certificate = row.verify(game, {"actions": actions}, row.request())
        (check,) = certificate.checks
        assert check.passed is (check.value == 0.0) is certificate.verified and check.grade == "proved"
        return fields, check.value

    fields, short = judged([[0, 1], [0, None]])
    assert short == 0.0 and fields["opt"] == Fraction(2 + 2 + 6, 6)
    assert fields["alone"] == Fraction(3 + 6, 6)  # the first row: 2 of a, 2 of b, 3 of c
    fields, short = judged([[2, 1], [1, 0]])
    assert short == pytest.approx(7 / 6) and fields["opt"] == Fraction(3, 6)
    assert judged([[2, 1], [0, None]])[1] == pytest.approx(1 / 6)
    assert fields["actions"] == [[2, 1], [1, None]] and judged([[0, 2], [0, None]])[1] == 0.0
    for wrong, says in (
        (None, "actions: expected 2 rows"),
        ([[0, 1]], "actions: expected 2 rows"),
        ([[0, 1], 0], r"actions\[1\]: expected 2 actions"),
        ([[0], [0, None]], r"actions\[0\]: expected 2 actions"),
        ([[0, 3], [0, None]], r"actions\[0\]\[1\]: 3"),
        ([[0, -1], [0, None]], r"actions\[0\]\[1\]: -1"),
        ([[0, True], [0, None]], r"actions\[0\]\[1\]: True"),
        ([[0, 1], [None, None]], r"actions\[1\]\[0\]: None"),
        ([[0, 1.0], [0, None]], r"actions\[0\]\[1\]: 1.0"),
    ):
        with pytest.raises(InstanceError, match=says):
            judged(wrong)


def test_what_a_leader_is_worth_in_alices_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is short of the best by 1/4 of a unit of 3; no talk gives more than the first best."""
    from bigopt.games import kinds
    from bigopt.games.conversation.verify import leader

    weights = [[[3, 0], [0, 1]], [[1, 0], [0, 3]]]
    game = Conversation([[3, 0], [0, 3]], [[[7, 0], [0, 14]]], 1, prior_weights=weights)
    row = kinds.concept_of(game, "aligned-leader")
    fields, certificate = row.verify(game, {"talk": []}, row.request())
    gap, best = certificate.checks
    assert fields["value"] == fields["alone"] == Fraction(9, 4) and fields["opt"] == 3
    assert gap.value == 0.75 and not gap.passed and best.value == 0.0 and best.grade == "proved"
    monkeypatch.setattr(leader, "_forward", lambda *_: 9)  # of 8 weights
    gap, best = row.verify(game, {"talk": []}, row.request())[1].checks
    assert gap.value == best.value == 3 / 8 and not gap.passed and not best.passed
