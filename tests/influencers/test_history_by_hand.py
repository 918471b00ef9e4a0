"""Histories of the dynamics against loops: who was asked, what each could gain, and what is no history."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bigopt import Box, Influencers
from bigopt.concepts.solution import Check, plain
from bigopt.errors import BigoptError
from bigopt.games.influencers.verify import history
from tests.influencers.by_hand import SETS, dot, drawn, receiver, reply_on_box, spans, support, values, verified

OPPOSED = Influencers([0.5, 0.5], [[2.0], [4.0]], Box([0.0], [6.0]))
END = [[0.0], [6.0]]
START = [[1.0], [5.5]]
MOVES: dict[str, tuple[list[tuple[int | None, Any]], float]] = {
    # player 0 stops at .4 where 0 is best: the receiver is 2.95 then, the slope .95; its losses go from 0 to 16
    "short": ([(None, START), (0, [[0.4], [5.5]]), (1, [[0.4], [6.0]]), (0, [[0.0], [6.0]])], 0.95 * 0.4 / 16),
    # player 0 was passed over at 1, where the receiver was 3.25 and the slope 1.25
    "passed over": ([(None, START), (1, [[1.0], [6.0]]), (0, [[0.0], [6.0]])], 1.25 / 16),
    # player 1 was passed over between two moves of player 0, at 5.5, the receiver 2.95 and the slope -1.05
    "twice": ([(None, START), (0, [[0.4], [5.5]]), (0, [[0.0], [5.5]]), (1, [[0.0], [6.0]])], 1.05 * 0.5 / 16),
    "right": ([(None, START), (0, [[0.0], [5.5]]), (1, [[0.0], [6.0]])], 0.0),
    # somebody else moves too, by a hundredth
    "two at once": ([(None, START), (0, [[0.0], [5.51]]), (1, [[0.0], [6.0]])], 0.01),
    "leap": ([(None, START), (0, [[0.0], [5.5]])], 0.5),
    "from outside": ([(None, [[-0.25], [5.5]]), (0, [[0.0], [5.5]]), (1, [[0.0], [6.0]])], 0.25),
    "outside on the way": ([(None, START), (0, [[-0.25], [5.5]]), (1, [[-0.25], [6.0]]), (0, [[0.0], [6.0]])], 0.25),
    "outside and back": ([(None, START), (0, [[-0.25], [5.5]]), (0, [[0.0], [5.5]]), (1, END)], 0.25),
    "none": ([(None, END)], 0.0),
    "outside": ([(None, [[1.0], [6.25]]), (0, [[0.0], [6.25]]), (1, [[0.0], [6.0]])], 0.25),
    "still": ([(None, START), (0, START), (1, [[1.0], [6.0]]), (0, [[0.0], [6.0]])], np.inf),
}


def of(certificate: Any) -> Check:
    """Return the check of the history."""
    (told,) = [check for check in certificate.checks if check.name == "history"]
    assert isinstance(told, Check)
    return told


@pytest.mark.parametrize("name", MOVES)
def test_a_history(name: str) -> None:
    rows, wrong = MOVES[name]
    moves: Any = [{"update": k, "mover": mover, "actions": actions} for k, (mover, actions) in enumerate(rows)]
    fields, certificate = verified(OPPOSED, "dynamics", {"actions": END, "trajectory": moves})
    assert values(certificate)["history"] == pytest.approx(wrong, abs=1e-12)
    assert {name: value for name, value in values(certificate).items() if value > 1e-9} == (
        {"history": pytest.approx(wrong)} if wrong else {}
    )
    told = of(certificate)
    assert (told.grade, told.claimed) == ("recomputed", True) and certificate.verified == (not wrong)
    lengths = name in ("two at once", "leap", "still") or "outside" in name
    assert told.limit == pytest.approx(1e-7 * 6 + 1e-12 * 12 if lengths else 1e-7, rel=1e-9)
    assert fields["updates"] == len(rows) - 1
    assert plain(fields["trajectory"]) == [
        {"update": k, "mover": mover, "actions": actions, "receiver": [0.5 * sum(x for (x,) in actions)]}
        for k, (mover, actions) in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("trajectory", "said"),
    [
        ([], "expected a list"),
        ({"update": 0}, "expected a list"),
        ([{"actions": START}, 3], "expected a list"),
        ([{"actions": START}, {"mover": 2, "actions": START}], r"trajectory\[1\].mover"),
        ([{"actions": START}, {"mover": -1, "actions": START}], r"trajectory\[1\].mover"),
        ([{"actions": START, "update": 0.5}], r"trajectory\[0\].update"),
        ([{"actions": START}, {"mover": 0, "actions": [[1.0]]}], r"trajectory\[1\].actions"),
    ],
)
def test_what_is_no_history(trajectory: Any, said: str) -> None:
    with pytest.raises(BigoptError, match=said):
        verified(OPPOSED, "dynamics", {"actions": END, "trajectory": trajectory})


@pytest.mark.parametrize("best", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_who_is_asked(seed: int, best: bool) -> None:
    """The turn goes round; who is passed over is asked before the move, and the mover after it."""
    rng = np.random.default_rng(seed)
    game, corners = drawn(), SETS["box"][1]
    actions = rng.uniform([0.0, -1.0], [6.0, 3.0], size=(4, 2)).round(2)
    moves: list[dict[str, Any]] = [{"update": 0, "mover": None, "actions": actions.tolist()}]
    asked, turn = [], 0
    for mover in rng.integers(0, 4, size=5).tolist():
        while turn != mover:
            asked.append((len(moves) - 1, turn))
            turn = (turn + 1) % 4
        asked.append((len(moves), mover))
        turn = (mover + 1) % 4
        anywhere = rng.uniform([0.0, -1.0], [6.0, 3.0]).round(2)
        reply = reply_on_box(game, actions, mover)
        actions[mover] = reply if best and np.abs(reply - actions[mover]).max() > 1e-6 else anywhere
        moves.append({"update": len(moves), "mover": mover, "actions": actions.tolist()})

    def short(entry: int, i: int) -> float:
        """What is left to gain by convexity, in the player's payoff range."""
        profile, w, t = moves[entry]["actions"], game.weights[i], game.targets[i]
        slope = [2 * w * (r - x) for r, x in zip(receiver(game, profile), t, strict=True)]
        return (support(corners, [-g for g in slope]) + dot(slope, profile[i])) / spans(game, corners)[i]

    point = {"actions": moves[-1]["actions"], "trajectory": moves}
    told = of(verified(game, "dynamics", point)[1])
    assert told.value == pytest.approx(max(short(*pair) for pair in asked), abs=1e-12) and told.limit == 1e-7


def test_how_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert history.room(OPPOSED) == 250_000 and history.room(drawn()) == 62_500
    for recorded, kept in ((12, 6), (13, 6), (3, 2), (0, 2)):
        monkeypatch.setattr(history, "RECORDED", recorded)
        assert history.room(OPPOSED) == kept


WAY = [(None, START), (0, [[0.0], [5.5]]), (1, [[0.0], [5.75]]), (0, [[0.25], [5.75]])]  # 1 stops a quarter short
LAST = {"update": 9, "mover": None, "actions": END}


def told_of(rows: Any, last: dict[str, Any] | None, **more: Any) -> tuple[Any, Check]:
    """Return the fields and the check of a history whose other moves were left out, with room for four profiles."""
    moves = [{"update": k, "mover": mover, "actions": actions} for k, (mover, actions) in enumerate(rows)]
    point = {"actions": END, "trajectory": moves if last is None else [*moves, last]} | more
    fields, certificate = verified(OPPOSED, "dynamics", point)
    return fields, of(certificate)


@pytest.fixture
def four(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be room for four profiles."""
    monkeypatch.setattr(history, "RECORDED", 8)


def test_nobody_is_asked_after_the_last_move_that_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever would have gained by moving then may have moved next."""
    monkeypatch.setattr(history, "RECORDED", 6)  # room for three profiles
    assert told_of(WAY[:2], LAST)[1].value == 0.0
    monkeypatch.setattr(history, "RECORDED", 8)
    assert told_of([(None, [[3.0], [3.5]]), (0, [[0.5], [3.5]]), (1, [[0.5], [6.0]])], LAST)[1].value == 0.0


@pytest.mark.usefixtures("four")
def test_moves_that_were_left_out() -> None:
    fields, told = told_of(WAY[:3], LAST)
    # 1 at 5.75: the receiver is 2.875, the slope 1.125 of 4 - 2.875; its losses go from 0 to 16
    assert told.value == pytest.approx(1.125 * 0.25 / 16) and (told.limit, told.claimed) == (1e-7, False)
    assert fields["updates"] == 9 and [entry["mover"] for entry in fields["trajectory"]] == [None, 0, 1, None]
    right = [*WAY[:2], (1, END)]
    assert told_of(right, LAST)[1].value == 0.0 and told_of(right, LAST | {"update": 3})[1].value == 0.0
    assert told_of(right, LAST | {"actions": [[0.5], [6.0]]})[1].value == 0.5  # not where the claim ends
    off = [(None, START), (0, [[0.0], [5.25]]), (1, [[0.0], [6.0]])]
    assert told_of(off, LAST)[1].value == 0.25
    assert told_of([(None, START), (0, START), (1, END)], LAST)[1].value == np.inf


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("rows", "last", "more"),
    [
        (WAY[:3], LAST, {"updates": 8}),  # not what the history says
        (WAY[:3], LAST | {"update": 2}, {}),  # before the moves that are shown
        (WAY[:2], LAST, {}),  # there was room for one more
        (WAY, LAST, {}),  # there was no room for so many
        ([(0, START), (1, END)], None, {}),  # a move without a start
        ([(1, START), (0, END)], None, {}),
        ([(None, START), (None, [[0.0], [5.5]]), (1, END)], None, {}),  # a move of nobody
        ([(None, START), (0, [[0.0], [5.5]]), (None, END), (1, END)], None, {}),
        ([(None, START), (0, [[0.0], [5.5]]), (None, END)], LAST, {}),
        ([(None, START), (0, [[0.0], [5.5]]), (1, END)], None, {"updates": 3}),
        ([(None, START), (0, [[0.0], [5.5]]), (1, END)], None, {"updates": 1}),
    ],
)
def test_moves_that_are_miscounted(rows: Any, last: Any, more: Any) -> None:
    _, told = told_of(rows, last, **more)
    assert (told.value, told.limit, told.grade) == (1.0, 0.0, "recomputed") and told.note


@pytest.mark.parametrize("numbers", [[1, 2, 3], [0, 2, 2], [0, 1, 3], [0, 0, 2]])
def test_numbers_of_moves(numbers: list[int]) -> None:
    rows = zip(numbers, [None, 0, 1], [START, [[0.0], [5.5]], END], strict=True)
    moves = [{"update": k, "mover": mover, "actions": actions} for k, mover, actions in rows]
    told = of(verified(OPPOSED, "dynamics", {"actions": END, "trajectory": moves})[1])
    assert (told.value, told.limit) == (1.0, 0.0)
    for move in moves:
        del move["update"]  # then they are counted
    assert of(verified(OPPOSED, "dynamics", {"actions": END, "trajectory": moves})[1]).value == 0.0
