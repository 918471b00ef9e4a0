"""Every field and every check of the certificates against loops in fractions, on games of whole numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from bigopt.errors import InstanceError
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact.talk import talk
from tests.conversation import by_hand
from tests.conversation.by_hand import best, checks, drawn, pairs, same, sums, weight
from tests.conversation.loops import judged

HALF = Fraction(1, 2)

# ---- straightforward talk

TALKS: list[tuple[int, tuple[int, int, int], Fraction | None]] = [
    (0, (3, 2, 2), None),
    (0, (3, 2, 2), Fraction(3, 2)),
    (0, (3, 4, 2), HALF),
    (2, (3, 2, 2), Fraction(1)),
    (2, (2, 4, 3), HALF / 2),
    (2, (3, 4, 2), Fraction(1)),
    (3, (3, 4, 2), HALF / 2),
    (14, (3, 4, 2), Fraction(3, 20)),
]


@pytest.mark.parametrize("rounds", [1, 2, 4])
@pytest.mark.parametrize("order", ["sequential", "simultaneous"])
@pytest.mark.parametrize(("seed", "shape", "step"), TALKS, ids=str)
def test_agreement(seed: int, shape: tuple[int, int, int], step: Fraction | None, order: str, rounds: int) -> None:
    agree(drawn(seed, shape, rounds=rounds), step, order)


def agree(game: Conversation, step: Fraction | None, order: str) -> None:
    """Hold the certificate of a straightforward talk to what loops find, and to the labels of another algorithm."""
    options = {"messages": "exact" if step is None else str(step), "order": order}
    states = list(talk(game, grid=step, simultaneous=order == "simultaneous"))
    point = {"played": len(states) - 1, "_alice": states[-1].alice, "_bobs": states[-1].bobs}
    fields, certificate = judged(game, "agreement", point, options=options)
    known, rest = by_hand.agreement(game, step, order == "simultaneous")
    same(fields, known)
    expected = [("martingale", 0.0, 0.0, "utility", "proved"), ("value of information", 0.0, 0.0, "utility", "proved")]
    expected += [("agreement", 0.0, 0.0, "probability", "proved")] if rest else []
    assert checks(certificate) == [*expected, ("rounds and partitions", 0.0, 0.0, "cells", "recomputed")]
    assert checks(judged(game, "agreement", {}, options=options)[1]) == expected
    false = point | {"played": len(states) + 1}
    assert checks(judged(game, "agreement", false, options=options)[1])[-1][1] == 2.0
    row, column = np.argwhere(game.possible)[-1]
    for key, labels in (("_alice", states[-1].alice), ("_bobs", states[-1].bobs)):
        apart, one = labels.copy(), np.zeros_like(labels)
        apart[row, column] = labels.max() + 1
        for other in (apart, one):
            off = differing(game, labels, other)
            assert checks(judged(game, "agreement", point | {key: other}, options=options)[1])[-1][1] == off
            assert checks(judged(game, "agreement", false | {key: other}, options=options)[1])[-1][1] == off + 2


def differing(game: Conversation, true: Any, other: Any) -> int:
    """Return how many parts two partitions of the possible pairs lack of their common refinement."""
    inside = [pair for pair in pairs(game) if game.possible[pair]]
    both = len({(true[pair], other[pair]) for pair in inside})
    return 2 * both - len({true[pair] for pair in inside}) - len({other[pair] for pair in inside})


def test_agreement_where_alice_has_nothing_at_stake_and_where_nothing_is_said() -> None:
    plain = drawn(3)
    for alice in (np.full((3, 2), 0.25), np.eye(3)[:, :2] / 8):
        game = Conversation(alice, list(plain.bobs), 3, prior_weights=plain.prior_weights)
        agree(game, Fraction(3, 4), "sequential")
        agree(game, None, "simultaneous")


def test_beliefs_that_differ_by_less_than_any_float_are_told_apart() -> None:
    """Alice's features tell the state with odds that differ by a part of 2^60; a grid of a half does not show it."""
    small, large, odd = 2**60 - 1, 2**60 + 1, 2**61 - 1  # the last is a prime
    first = [[[small, large], [0, 2]], [[large, small], [1, 1]], [[small, large], [2, 1]]]
    second = [[[odd, small], [0, 0]], [[odd, small + 1], [0, 0]], [[odd, small + 3], [0, 0]]]  # by the weight alone
    third = [[[2, 1]], [[2, 0]]]  # 2/3 and 1: the gains are the same
    tables = [[1, 0], [0, 1], [0.5, 0.5]], [[1, 0], [0, 0]], [[1, 0], [0, 0]]
    for alice, weights in zip(tables, (first, second, third), strict=True):
        bob = np.arange(len(alice) * 2).reshape(-1, 2)
        game = Conversation(alice, [bob], 2, prior_weights=np.array(weights, dtype=object))
        for step, order in product((None, HALF), ("sequential", "simultaneous")):
            agree(game, step, order)


def test_a_talk_that_tells_what_both_know() -> None:
    """Two blocks of pairs: whoever speaks says in which one they are, and nobody learns."""
    for block in ([[1]], [[1, 1], [1, 1]]):
        weights = np.kron(np.eye(2, dtype=int), block)
        states = np.stack([weights, weights * np.arange(1, len(weights) + 1)[:, None] // len(weights)], axis=2)
        game = Conversation([[1, 0], [0, 1]], [[[1, 0], [0, 1]]], 3, prior_weights=states)
        for order in ("sequential", "simultaneous"):
            agree(game, None, order)


# ---- the first best, and one aligned leader


def test_first_best() -> None:
    game = drawn(4)
    values = {pair: sums(game, 0, [pair]) for pair in pairs(game)}
    right = [[values[a, b].index(max(values[a, b])) for b in range(2)] for a in range(3)]
    opt, alone = best(game, [[pair] for pair in pairs(game)]), best(game, [[(a, 0), (a, 1)] for a in range(3)])
    for actions in (right, [[0, 1], [2, 0], [1, 2]]):
        shown = [[c if game.possible[a, b] else None for b, c in enumerate(row)] for a, row in enumerate(actions)]
        fields, certificate = judged(game, "first-best", {"actions": actions})
        assert fields.pop("actions") == shown
        value = sum(values[a, b][actions[a][b]] for a, b in pairs(game)) / weight(game, pairs(game))
        same(fields, {"opt": value, "alone": alone})
        assert checks(certificate) == [("best actions", float(opt - value), 0.0, "utility", "proved")]
        assert certificate.verified == (value == opt)


def test_an_action_that_there_is_not_is_refused_beside_an_impossible_pair() -> None:
    game = Conversation(np.eye(2), [np.eye(2)], 1, prior_weights=[[[0, 0], [1, 0]], [[0, 0], [0, 1]]])
    assert judged(game, "first-best", {"actions": [[None, 0], [5, 1]]})[1].verified
    for actions, place in (([[None, -1], [0, 1]], r"\[0\]\[1\]: -1"), ([[None, 0], [0, 2]], r"\[1\]\[1\]: 2")):
        with pytest.raises(InstanceError, match=rf"actions{place}, expected an action from 0 to 1"):
            judged(game, "first-best", {"actions": actions})


def step(turn: int, who: str, A: list[int], B: list[int], says: list[list[int]]) -> dict[str, Any]:
    """Return one announcement."""
    return {"turn": turn, "who": who, "A": A, "B": B, "says": says}


def test_aligned_leader() -> None:
    """What three talks of three letters and two rounds are worth, by the rectangles that they lead to."""
    game = drawn(4, (3, 4, 2))
    opt, alone = best(game, [[p] for p in pairs(game)]), best(game, [[(a, b) for b in range(4)] for a in range(3)])
    first = step(1, "Alice", [0, 1, 2], [0, 1, 2, 3], [[0, 2], [1]])
    late = step(2, "Bob", [1], [0, 1, 2, 3], [[0, 3], [1, 2]])
    after = step(4, "Bob", [0, 2], [0, 1, 2, 3], [[0, 1], [2, 3]])
    three = step(2, "Bob", [0, 2], [0, 1, 2, 3], [[3], [0, 1], [2]])
    for told_ in ([], [first], [first, late], [late, first], [first, after, late], [first, three]):
        fields, certificate = judged(game, "aligned-leader", {"talk": told_}, options={"letters": 3, "rounds": 2})
        value = heard(game, sorted(told_, key=lambda one: one["turn"]))
        assert fields.pop("talk") == told_
        same(fields, {"value": value, "opt": opt, "alone": alone})
        assert checks(certificate) == [
            ("gap", float(opt - value), 0.0, "utility", "recomputed"),
            ("first best", 0.0, 0.0, "utility", "proved"),
        ]
    for twice in ([first, first], [first, step(2, "Bob", [1, 2], [0, 1, 2, 3], [[0, 3], [1, 2]])]):
        with pytest.raises(InstanceError, match="expected one entry for each turn and rectangle"):
            judged(game, "aligned-leader", {"talk": twice}, options={"letters": 3})
    for says in (
        [[0], [1], [2], [3]],
        [[0, 1], [2, 3], []],
        [[False], [True], [2, 3]],
        [[0.5, 1], [2, 3]],
        [[0, 1], [2]],
    ):
        with pytest.raises(InstanceError, match="^talk: turn 2: "):
            judged(game, "aligned-leader", {"talk": [first, late | {"says": says}]}, options={"letters": 3})


def heard(game: Conversation, talk_: list[Any]) -> Fraction:
    """Return Alice's expected utility where both know the rectangle that the talk leads to, and she her feature."""
    groups = [((0, 1, 2), (0, 1, 2, 3))]
    for one in talk_:
        at = (tuple(one["A"]), tuple(one["B"]))
        parts = [tuple(part) for part in one["says"]]
        groups.remove(at)
        groups += [(part, at[1]) if one["who"] == "Alice" else (at[0], part) for part in parts]
    return best(game, [[(a, b) for b in B] for A, B in groups for a in A])


# ---- substitutes

GUESS = [[1, 0], [0, 1]]
XOR = [[[1, 0], [0, 1]], [[0, 1], [1, 0]]]
INDEPENDENT = [[[9, 1], [3, 3]], [[3, 3], [1, 9]]]


def test_substitutes() -> None:
    """Only one of four actions is worth something, the last or the first, and what it is worth nobody knows alone."""
    last = Conversation([[0, 0], [0, 0], [0, 0], [1, 0]], [np.zeros((4, 2))], 1, prior_weights=XOR)
    claim: dict[str, Any] = {"holds": False, "witness": {"action": 3, "A": [0, 1], "B": [0, 1]}}
    fields, certificate = judged(last, "substitutes", claim)
    assert fields == claim | {"holds_as_printed": False, "left": 0.25, "right": 0.0}
    assert checks(certificate) == [("witness", 0.0, 0.0, "", "proved")]
    first = Conversation(last.alice[::-1], list(last.bobs), 1, prior_weights=XOR)
    for (holds, broken), game in product(((True, 1.0), (None, 0.0)), (first, last)):
        fields, certificate = judged(game, "substitutes", {"holds": holds, "witness": None})
        assert fields == {"holds": holds, "holds_as_printed": False, "witness": None}
        unit, grade = ("actions", "recomputed") if holds else ("", "searched")
        assert checks(certificate) == [("substitutes", broken, 0.0, unit, grade)] and not certificate.verified
    game = Conversation(GUESS, [[[0, 0], [0, 0]]], 1, prior_weights=INDEPENDENT)
    assert checks(judged(game, "substitutes", claim | {"witness": claim["witness"] | {"action": 0}})[1])[0][1] == 1.0
    fields, certificate = judged(game, "substitutes", {"holds": True, "witness": None})
    assert certificate.verified and fields == {"holds": True, "holds_as_printed": False, "witness": None}


@pytest.mark.parametrize("holds", [0, 0.0, 1, "false", False])
def test_a_flag_that_is_no_flag_is_refused(holds: Any) -> None:
    """0 equals False in Python, and is no witness' lack."""
    game = Conversation(GUESS, [GUESS], 1, prior_weights=INDEPENDENT)
    with pytest.raises(InstanceError, match="holds: expected true or null without a witness"):
        judged(game, "substitutes", {"holds": holds, "witness": None})


def test_witnesses_that_are_none() -> None:
    game = Conversation([[1, 0, 2]] * 2, [[[0, 0, 0]] * 2], 1, prior_weights=np.ones((3, 4, 3), dtype=int))
    true = {"action": 1, "A": [0, 2], "B": [0, 3]}
    fields, certificate = judged(game, "substitutes", {"holds": False, "witness": true})
    assert fields["witness"] == true and fields["left"] == fields["right"] == 0.0
    assert checks(certificate) == [("witness", 1.0, 0.0, "", "proved")]  # as much on both sides violates nothing
    never = Conversation(GUESS, [GUESS], 1, prior_weights=[[[1, 0], [0, 0]], [[0, 0], [0, 1]]])
    with pytest.raises(InstanceError, match="witness: a rectangle of probability 0"):
        judged(never, "substitutes", {"holds": False, "witness": {"action": 0, "A": [0], "B": [1]}})
    for false, place in (
        ({"action": 1, "A": [0, 1]}, "expected an object"),
        ({"action": 1, "A": [0, 1], "C": [0, 1]}, "expected an object"),
        (true | {"action": 2}, r"action: \[2\], expected different indices from 0 to 1"),
        (true | {"A": [0, 3]}, r"A: \[0, 3\], expected different indices from 0 to 2"),
        (true | {"B": [0, 4]}, r"B: \[0, 4\], expected different indices from 0 to 3"),
        (true | {"B": [3, 3]}, r"B: \[3, 3\], expected different"),
    ):
        with pytest.raises(InstanceError, match=rf"^witness(: |\.){place}"):
            judged(game, "substitutes", {"holds": False, "witness": false})


def test_a_wide_game_is_not_said_to_hold() -> None:
    weights = np.kron([[9, 3], [3, 1]], np.ones((6, 5), dtype=int))
    game = Conversation(GUESS, [GUESS], 1, prior_weights=np.stack([weights, weights[::-1, ::-1]], axis=2))
    fields, certificate = judged(game, "substitutes", {"holds": True, "witness": None})
    assert fields["holds"] is None and not certificate.verified
    assert checks(certificate) == [("substitutes", 0.0, 0.0, "", "searched")]


def test_as_printed_in_whole_numbers() -> None:
    """x_B adds a part of 2^120 to what x_A tells, or nothing."""
    for more, holds in ((0, True), (1, False)):
        row = [[2**60, 2**60], [2**60 + more, 2**60]]
        game = Conversation(GUESS, [np.eye(2)[::-1]], 1, prior_weights=np.array([row, row], dtype=object))
        assert judged(game, "substitutes", {"holds": None, "witness": None})[0]["holds_as_printed"] == holds
    game = Conversation(np.zeros((2, 2)), [GUESS], 1, prior_weights=XOR)
    assert judged(game, "substitutes", {"holds": None, "witness": None})[0]["holds_as_printed"]
