"""Every field and check of the equilibrium's certificates against loops, on games whose numbers are short."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import Ball, Box, Influencers
from bigopt.errors import LimitReached
from bigopt.games.influencers.exact.equilibria import Equilibria
from bigopt.games.influencers.response import best_responses
from bigopt.games.influencers.verify import dynamics as dynamics_verify
from bigopt.games.influencers.verify.nash import scaled
from tests.influencers.by_hand import (
    SETS,
    box_around,
    changed,
    drawn,
    dual,
    gain,
    losses,
    median_receiver,
    potential,
    proved,
    receiver,
    reply_on_box,
    spans,
    stakes,
    support,
    values,
    verified,
)

PROFILE = [[1.0, 0.5], [5.0, 2.0], [3.0, -0.5], [2.0, 0.0]]  # nobody's best
EDGES = [[6.0, 0.5], [0.0, 3.0], [3.0, -1.0], [6.0, 3.0]]


@pytest.mark.parametrize("actions", [PROFILE, EDGES], ids=["inside", "edges"])
def test_nash_on_a_box(actions: Any) -> None:
    game, corners = drawn(), SETS["box"][1]
    fields, certificate = verified(game, "nash", {"actions": actions})
    place, right, around = receiver(game, actions), median_receiver(game), box_around(game, corners)
    assert fields["actions"].tolist() == actions
    assert fields["receiver"] == pytest.approx(place) and fields["losses"] == pytest.approx(losses(game, actions))
    assert fields["potential"] == pytest.approx(potential(game, actions))
    inside = [i for i, (x, y) in enumerate(actions) if 0 < x < 6 and -1 < y < 3]
    assert fields["interior"].tolist() == inside
    regrets = [gain(game, actions, i, reply_on_box(game, actions, i)) for i in range(4)]
    gaps = [potential(game, actions) + 2 * dual(game, corners, v) for v in (place, right)]
    widest = max(spans(game, corners))
    movers = [i for i in inside if game.weights[i] != 0]
    away = [float(np.linalg.norm(game.targets[i] - np.array(place))) for i in movers]
    reach = [high - low for low, high in around]
    assert values(certificate) == pytest.approx(
        {
            "feasibility": 0.0,
            "regret": max(r / span for r, span in zip(regrets, spans(game, corners), strict=True)),
            "own stake": max(r / stake if r else 0.0 for r, stake in zip(regrets, stakes(game, corners), strict=True)),
            "lower bound": min(gaps) / widest,
            "receiver": max(abs(a - b) / w for a, b, w in zip(place, right, reach, strict=True)),
            "theorem 4: interior targets": len(movers),
            "theorem 4: winner": max(away, default=0.0) / widest**0.5,
            "corollary 3": 0.0,
        },
        abs=1e-9,
    )
    assert certificate.max_regret == pytest.approx(max(regrets)) and certificate.tolerance == 1e-7
    assert proved(certificate) == {"lower bound"}


@pytest.mark.parametrize("kind", ["polytope", "hull", "simplex"])
def test_nash_between_vertices(kind: str) -> None:
    game, corners = drawn(kind), SETS[kind][1]
    found = bigopt.solve(game).fields
    middle = [np.mean(corners, axis=0).tolist()] * 4
    for actions in (middle, [corners[0]] * 4, np.asarray(found["actions"]).tolist()):
        fields, certificate = verified(game, "nash", {"actions": actions})
        said, place = values(certificate), receiver(game, actions)
        assert fields["receiver"] == pytest.approx(place)
        gaps = [potential(game, actions) + 2 * dual(game, corners, v) for v in (place, list(found["receiver"]))]
        widest = max(spans(game, corners))
        assert said["lower bound"] == pytest.approx(max(min(gaps), 0.0) / widest, abs=1e-9)
        reach = [high - low for low, high in box_around(game, corners)]
        off = max(abs(a - b) / w for a, b, w in zip(place, found["receiver"], reach, strict=True))
        assert said["receiver"] == pytest.approx(off, abs=1e-6)
        ends = [(np.array(a), np.array(b)) for a, b in product(corners, corners)]
        steps = [a * share + b * (1 - share) for a, b in ends for share in np.linspace(0, 1, 11)]
        seen = [max(gain(game, actions, i, step.tolist()) for step in steps) for i in range(4)]
        assert certificate.max_regret is not None and certificate.max_regret >= max(seen) - 1e-9
        skipped = [(c.value, c.limit, c.claimed) for c in certificate.checks if c.grade == "skipped"]
        assert skipped == ([(0.0, 0.0, False)] * 2 if kind == "simplex" else [])
        assert certificate.verified == (actions is not middle and actions != [corners[0]] * 4)


def test_nash_on_a_ball() -> None:
    """The one player goes as far as it can: 2 of the 5 to its target, on a straight line."""
    game = Influencers([1.0], [[3.0, 4.0]], Ball([0.0, 0.0], 2.0))
    for action, off in (([1.2, 1.6], 0.0), ([1.2, 1.2], 0.4)):
        fields, certificate = verified(game, "nash", {"actions": [action]})
        said = values(certificate)
        assert fields["receiver"].tolist() == action and proved(certificate) == {"lower bound", "receiver"}
        assert said["receiver"] == pytest.approx(off / 4, abs=1e-6)  # of the receivers' width; radii are roots of gaps
        # the losses' range: of 3 from -2 to 2 it is 25 - 1, of 4 it is 36 - 4
        slope, far = [2 * (a - t) for a, t in zip(action, (3.0, 4.0), strict=True)], (25 - 1) + (36 - 4)
        gap = 2.0 * float(np.linalg.norm(slope)) + float(np.dot(slope, action))
        assert certificate.max_regret == pytest.approx(losses(game, [action])[0] - 9.0, abs=1e-9)
        assert said["lower bound"] <= gap / far + 1e-12


def test_feasibility_is_measured_in_the_widest_side_and_what_is_outside_is_clipped() -> None:
    game = drawn()
    fields, certificate = verified(game, "nash", {"actions": changed(PROFILE, 1, [6.3, -1.9])})
    assert values(certificate)["feasibility"] == pytest.approx(0.9 / 6)
    assert fields["actions"].tolist() == changed(PROFILE, 1, [6.0, -1.0])
    point = Influencers([0.5], [[4.0, 1.0]], Box([1.0, 2.0], [1.0, 2.0]))
    assert values(verified(point, "nash", {"actions": [[1.0, 2.5]]})[1])["feasibility"] == pytest.approx(0.5 / 4)
    assert values(verified(point, "nash", {"actions": [[1.0, 2.0]]})[1])["feasibility"] == 0.0


@pytest.mark.parametrize(
    ("claim", "wrong"),
    [
        ({}, 0.0),
        ({"dimension": 0}, 0.0),
        ({"dimension": 2}, 2.0),
        ({"unique": False}, 1.0),
        ({"unique": True}, 0.0),
        ({"dimension": 3, "unique": False}, 3.0),
    ],
)
def test_the_number_of_equilibria(claim: dict[str, Any], wrong: float) -> None:
    game = Influencers([0.5, 0.5], [[2.0], [4.0]], Box([0.0], [6.0]))
    fields, certificate = verified(game, "nash", {"actions": [[0.0], [6.0]], **claim})
    assert fields["dimension"] == 0 and fields["unique"] is True
    assert values(certificate)["corollary 3"] == wrong and certificate.verified == (not wrong)
    many = Influencers([0.5, 0.25, 0.5], [[3.0], [3.0], [3.0]], Box([0.0], [6.0]))  # the three balance each other
    fields, certificate = verified(many, "nash", {"actions": [[2.0], [4.0], [2.0]], **claim})
    assert fields["dimension"] == 2 and fields["unique"] is False
    right = {(): 0.0, (2,): 0.0, (0,): 2.0, (3,): 1.0}[tuple(claim[key] for key in claim if key == "dimension")]
    assert values(certificate)["corollary 3"] == max(right, float(claim.get("unique", False)))


def test_small_regrets_and_places_just_inside() -> None:
    """An idle player is inside however near to the end; one that moves the receiver has to be away from it."""
    game = Influencers([0.5, 0.5, 0.0], [[2.0], [4.0], [1.0]], Box([0.0], [6.0]))
    for step in (1e-2, 1e-4, 1e-6):
        actions = [[step], [6.0 - step], [step]]
        fields, certificate = verified(game, "nash", {"actions": actions})
        regret = max(gain(game, actions, i, reply_on_box(game, actions, i)) for i in range(3))
        assert values(certificate)["regret"] == pytest.approx(regret / 16, abs=1e-12)
        assert fields["interior"].tolist() == ([0, 1, 2] if step > 6e-5 else [2])
    alone = Influencers([1.0, 1.0], [[-2.0], [9.0]], Box([0.0], [6.0]))
    assert verified(alone, "nash", {"actions": [[1e-6], [6.0]]})[0]["interior"].tolist() == []
    assert verified(game, "nash", {"actions": [[0.0], [6.0], [1e-15]]})[0]["interior"].tolist() == []


def test_the_largest_share() -> None:
    """Something of nothing is infinite, and nothing of nothing is nothing."""
    assert scaled([0.125, 0.25], [0.5, 0.125]) == 2.0 and scaled(0.25, 0.125) == 2.0
    assert scaled([0.0, 1.0], [0.0, 4.0]) == 0.25 and scaled(0.0, 0.0) == 0.0
    assert scaled([0.25, 1.0], [0.0, 4.0]) == np.inf == scaled(0.25, 0.0)


def test_theorem_4_counts_targets_of_players_inside() -> None:
    game = Influencers([0.5, 0.5, 0.5], [[3.0], [3.0], [3.5]], Box([0.0], [6.0]))
    said = values(verified(game, "nash", {"actions": [[1.0], [2.0], [6.0]]})[1])  # the receiver is 4.5
    assert said["theorem 4: interior targets"] == 1.0  # equal targets count once
    assert said["theorem 4: winner"] == pytest.approx(1.5 / 36**0.5)  # of 3, the receiver is 0 to 9
    certificate = verified(game, "nash", {"actions": [[1.0], [2.0], [5.0]]})[1]
    assert values(certificate)["theorem 4: interior targets"] == 2.0
    assert "theorem 4: interior targets" in {check.name for check in certificate.failed}
    said = values(verified(game, "nash", {"actions": [[0.0], [6.0], [0.0]]})[1])
    assert said["theorem 4: interior targets"] == 0.0 and said["theorem 4: winner"] == 0.0


def test_quiet_is_the_longest_move_that_anybody_wants() -> None:
    game = drawn()
    fields, certificate = verified(game, "dynamics", {"actions": PROFILE})
    wanted = [np.abs(np.subtract(reply_on_box(game, PROFILE, i), PROFILE[i])).max() for i in range(4)]
    said = {check.name: check for check in certificate.checks}
    rounding = 1e-12 * (6 + 6)  # of the width and the place
    assert said["quiet"].value == pytest.approx(max(wanted))
    assert said["quiet"].limit == pytest.approx(6e-10 + rounding, rel=1e-9)
    assert said["replies"].value == pytest.approx(0.0, abs=1e-12) and said["replies"].limit == 1e-4
    assert proved(certificate) == {"lower bound", "replies"}
    told = said["history"]
    assert (told.value, told.limit, told.grade, told.claimed) == (0.0, 1e-7, "skipped", False)
    known = verified(game, "nash", {"actions": PROFILE})[1]
    assert (certificate.max_regret, certificate.tolerance) == (known.max_regret, 1e-7)
    assert fields["updates"] is None and fields["trajectory"] == []
    small, large = (
        {c.name: c.limit for c in verified(game, "dynamics", {"actions": PROFILE}, {"tolerance": t})[1].checks}
        for t in (1e-8, 0.5)
    )
    assert small["quiet"] == pytest.approx(6e-8 + rounding, rel=1e-9)
    assert large["quiet"] == pytest.approx(6e-6 + rounding, rel=1e-9)


def test_a_reply_that_is_none_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's own best responses are proved too: here player 1's is off by half a unit in a coordinate."""
    game, corners = drawn(), SETS["box"][1]

    def off(*given: Any) -> Any:
        best = best_responses(*given).copy()
        best[1, 0] = np.clip(best[1, 0] - 0.5, 0.0, 5.5)
        return best

    monkeypatch.setattr(dynamics_verify, "best_responses", off)
    said = values(verified(game, "dynamics", {"actions": EDGES})[1])
    moved = changed(EDGES, 1, off(game, np.array(EDGES))[1].tolist())
    slope = [2 * -0.25 * (r - t) for r, t in zip(receiver(game, moved), game.targets[1], strict=True)]
    left = support(corners, [-g for g in slope]) + sum(g * x for g, x in zip(slope, moved[1], strict=True))
    assert left > 0.01 and said["replies"] == pytest.approx(left / stakes(game, corners)[1], abs=1e-9)


def test_a_dimension_that_no_limit_decides_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    def limited(_: Any) -> int:
        raise LimitReached("too many faces: use fewer")

    monkeypatch.setattr(Equilibria, "dimension", property(limited))
    game = Influencers([0.5, 0.5], [[2.0], [4.0]], Box([0.0], [6.0]))
    fields, certificate = verified(game, "nash", {"actions": [[0.0], [6.0]]})
    assert fields["dimension"] is None and fields["unique"] is None and certificate.verified
    told = certificate.checks[-1]
    assert (told.name, told.grade, told.claimed, told.note) == (
        "corollary 3", "skipped", False, "too many faces: use fewer",
    )  # fmt: skip
    assert (told.value, told.limit, told.claimed) == (0.0, 0.0, False)
