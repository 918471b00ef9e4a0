"""Best responses and dominant actions: fields and checks against loops."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import Ball, Box, Hull, Influencers
from bigopt.concepts.concept import Request
from bigopt.games.influencers.verify import best_response as best_response_verify
from bigopt.games.influencers.verify import dominant as dominant_verify
from bigopt.games.influencers.verify.nash import noises
from tests.influencers.by_hand import (
    SETS,
    box_around,
    changed,
    dot,
    drawn,
    gain,
    losses,
    proved,
    receiver,
    reply_on_box,
    spans,
    support,
    values,
    verified,
)

PROFILE = [[1.0, 0.5], [5.0, 2.0], [3.0, -0.5], [2.0, 0.0]]


@pytest.mark.parametrize("loss", ["squared", "inner-product"])
@pytest.mark.parametrize("player", range(4))
def test_best_response(player: int, loss: str) -> None:
    game, corners = drawn(loss=loss), SETS["box"][1]
    w, t, span = game.weights[player], game.targets[player], spans(game, corners)[player]
    best = support(corners, w * t)
    right = reply_on_box(game, PROFILE, player) if loss == "squared" else next(c for c in corners if w * t @ c == best)
    for action in (right, [4.0, 2.5], [2.0, 0.25]):
        fields, certificate = verified(game, "best-response", {"action": action}, player=player, profile=PROFILE)
        after = changed(PROFILE, player, action)
        place, got = receiver(game, after), gain(game, PROFILE, player, action)
        assert fields["player"] == player and fields["action"].tolist() == action
        assert fields["loss"] == pytest.approx(losses(game, after)[player]) and fields["gain"] == pytest.approx(got)
        assert fields["receiver"] == pytest.approx(place) and fields["profile"].tolist() == PROFILE
        assert fields["arbitrary"] is (player == 3)
        slope = [2 * w * (p - x) for p, x in zip(place, t, strict=True)] if loss == "squared" else list(-w * t)
        regret = support(corners, [-g for g in slope]) + sum(g * x for g, x in zip(slope, action, strict=True))
        known = {"feasibility": 0.0, "regret": regret / span, "improvement": max(-got, 0.0) / span}
        assert values(certificate) == pytest.approx(known, abs=1e-12)
        assert certificate.max_regret == pytest.approx(regret, abs=1e-12) and certificate.tolerance == 1e-7
        assert certificate.verified == (player == 3 or action == right) and proved(certificate) == {"regret"}


def test_a_claim_brings_its_player_and_profile() -> None:
    point = {"action": [4.0, 2.5], "player": 1, "profile": PROFILE}
    fields, _ = verified(drawn(), "best-response", point)
    assert fields["player"] == 1 and fields["profile"].tolist() == PROFILE
    assert verified(drawn(), "best-response", point, player=2)[0]["player"] == 2
    other = verified(drawn(), "best-response", point, profile=PROFILE[::-1])[0]
    assert other["player"] == 1 and other["profile"].tolist() == PROFILE[::-1]


def test_what_rounding_may_add() -> None:
    """64 ulps of weight x place x reach: the receivers' and the target's place, the set's width and place."""
    game = drawn()
    players, found = [2, 0, 1], []
    for i in players:
        around, t = box_around(game, SETS["box"][1]), np.abs(game.targets[i])
        places = [max(abs(low), abs(high)) + x for (low, high), x in zip(around, t, strict=True)]
        reach = [(high - low) + max(abs(low), abs(high)) for low, high in zip(*game.action_set.bounds, strict=True)]
        found.append(64 * 2.0**-52 * abs(game.weights[i]) * dot(places, reach))
    assert noises(game, players) == pytest.approx(found, rel=1e-12, abs=0.0)
    near = Influencers([0.5], [[-4.0]], Box([0.0], [8.0]), background_weight=0.5, background_point=[-8.0])
    far = Influencers(
        [0.5], [[1e5 - 4.0]], Box([1e5], [1e5 + 8.0]), background_weight=0.5, background_point=[1e5 - 8.0]
    )
    for game, place in ((near, 0.0), (far, 1e5)):
        request = Request("best-response", arguments={"player": 0, "profile": [[place]]})
        said = values(best_response_verify.verify(game, {"action": [place + 1.0]}, request)[1])
        less = float(noises(game, [0])[0])
        # the receiver is 1/2 above the target, and could be at it: a slope of 1/2 over 1; losses are 0 to 16
        assert (less > 1e-5) == (place > 0) and said["regret"] == pytest.approx((0.5 - less) / 16, abs=1e-11)
        assert said["improvement"] == pytest.approx((0.25 - less) / 16, abs=1e-11)


def test_nobody_changes_anything_without_weight() -> None:
    for loss in ("squared", "inner-product"):
        game = Influencers([0.0, 0.0], [[1.0], [2.0]], Box([0.0], [6.0]), loss=loss)
        fields, certificate = verified(game, "best-response", {"action": [3.0]}, player=1, profile=[[1.0], [2.0]])
        assert values(certificate) == {"feasibility": 0.0, "regret": 0.0, "improvement": 0.0} and fields["arbitrary"]
    outside, certificate = verified(game, "best-response", {"action": [6.6]}, player=1, profile=[[1.0], [2.0]])
    assert values(certificate)["feasibility"] == pytest.approx(0.1) and outside["action"].tolist() == [6.0]


NORMAL = {"box": [0.0, 1.0], "polytope": [1.0, 1.0], "hull": [1.0, -6.0], "simplex": [1.0, 1.0]}  # of an edge each


def tied(kind: str) -> Influencers:
    """Return a game of six players: two of a best corner, two of an edge or the whole set, one idle, one against."""
    weights = [0.5, -0.25, 2.0, -0.125, 0.0, 0.5]
    edge = np.array(NORMAL[kind])
    targets = [[2.0, 1.5], [1.0, -2.0], edge, -edge, [3.0, 3.0], 2 * edge]
    background: Any = {"background_weight": 0.5, "background_point": [1.0, -0.5]}
    return Influencers(weights, targets, SETS[kind][0](), loss="inner-product", **background)


@pytest.mark.parametrize("share", [0.0, 0.002, 1.0])
@pytest.mark.parametrize("kind", SETS)
def test_dominant(kind: str, share: float) -> None:
    """Everybody stands a share of the way from a best corner to a worst one."""
    game, corners = tied(kind), [[float(x) for x in c] for c in SETS[kind][1]]
    pulls = [(w * t).tolist() for w, t in zip(game.weights, game.targets, strict=True)]
    faces = [[c for c in corners if dot(p, c) == support(corners, p)] for p in pulls]
    sizes = [len(face) for face in faces]
    assert sizes == [1, 1, 2, 2, len(corners), 2]
    ends = np.array([receiver(game, profile) for profile in product(*faces)])
    worth = -ends @ game.targets.T
    worst = [min(zip([dot(p, c) for c in corners], corners, strict=True))[1] for p in pulls]
    actions = [((1 - share) * np.array(f[0]) + share * np.array(w)).tolist() for f, w in zip(faces, worst, strict=True)]
    fields, certificate = verified(game, "dominant", {"actions": actions})
    assert fields["receiver"] == pytest.approx(receiver(game, actions))
    assert fields["losses"] == pytest.approx(losses(game, actions))
    assert fields["unique"].tolist() == fields["strictly_dominant"].tolist() == [size == 1 for size in sizes]
    assert fields["face_dimension"].tolist() == [0, 0, 1, 1, 1 if kind == "simplex" else 2, 1]
    assert fields["receiver_range"] == pytest.approx(np.stack([ends.min(axis=0), ends.max(axis=0)], axis=1))
    assert fields["loss_ranges"] == pytest.approx(np.stack([worth.min(axis=0), worth.max(axis=0)], axis=1))
    regrets = [support(corners, p) - dot(p, x) for p, x in zip(pulls, actions, strict=True)]
    scaled = max(r / span for r, span in zip(regrets, spans(game, corners), strict=True))
    assert values(certificate)["feasibility"] == 0.0
    assert values(certificate)["dominance"] == pytest.approx(scaled, abs=1e-12)
    off = np.abs(np.array(actions[:2]) - np.array([face[0] for face in faces[:2]])) / np.ptp(corners, axis=0)
    assert values(certificate)["own face"] >= off.max() - 1e-9  # those of an edge are as far from it, or nearer
    assert (values(certificate)["own face"] > 1e-9) == (share > 0)
    assert certificate.max_regret == pytest.approx(max(regrets), abs=1e-12) and certificate.tolerance == 1e-7
    assert certificate.verified == (share == 0.0) and proved(certificate) == {"dominance"}


def test_how_far_an_action_is_from_its_face() -> None:
    """In the width of the coordinate; less the coarsest ulp of any, in that coordinate's width."""
    box = Box([1e6, 0.0, 5.0], [1e6 + 0.5, 4.0, 5.0])
    game = Influencers([1.0, 0.0], [[2.0, 1.0, 3.0], [1.0, 1.0, 1.0]], box, loss="inner-product")
    best = [1e6 + 0.5, 4.0, 5.0]

    def said(action: Any) -> float:
        return values(verified(game, "dominant", {"actions": [action, [1e6, 1.0, 5.0]]})[1])["own face"]

    ulp = 2.0**-33 / 0.5  # of 1e6, in half a unit
    assert said(best) == 0.0
    assert said([1e6 + 0.5, 3.0, 5.0]) == pytest.approx(0.25 - ulp, abs=1e-13)
    assert said([1e6 + 0.25, 4.0, 5.0]) == pytest.approx(0.5 - ulp, abs=1e-13)
    for box, coarse in ((Box([1e6, 0.0], [1e6 + 1e3, 4.0]), 2.0**-33 / 1e3), (Box([1e6, 0.0], [1e6, 4.0]), 2.0**-33)):
        made = Influencers([1.0], [[2.0, 1.0]], box, loss="inner-product")
        off = values(verified(made, "dominant", {"actions": [[box.upper[0], 3.0]]})[1])["own face"]
        assert off == pytest.approx(0.25 - coarse, abs=1e-14)
    alone = Influencers([1.0, 0.5], [[1.0], [-1.0]], Box([0.0], [1.0]), loss="inner-product")
    found, certificate = verified(alone, "dominant", {"actions": [[1.0], [0.0]]})
    assert found["strictly_dominant"].tolist() == [True, True] and certificate.verified


def test_dominant_by_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    game = tied("hull")
    actions = bigopt.solve(game).actions
    whole = verified(game, "dominant", {"actions": actions})[0]["loss_ranges"]
    for cells in (0, 6, 12, 18):  # one player at a time, or two, or three
        monkeypatch.setattr(dominant_verify, "CELLS", cells)
        assert verified(game, "dominant", {"actions": actions})[0]["loss_ranges"].tolist() == whole.tolist()


def test_a_ball_and_a_point_have_faces_too() -> None:
    ball = Influencers([0.5, 0.0], [[3.0, 4.0], [1.0, 0.0]], Ball([1.0, 2.0], 5.0), loss="inner-product")
    fields, certificate = verified(ball, "dominant", {"actions": [[4.0, 6.0], [1.0, 2.0]]})
    assert certificate.verified and fields["unique"].tolist() == [True, False]
    assert fields["receiver_range"].tolist() == [[2.0, 2.0], [3.0, 3.0]] and fields["face_dimension"].tolist() == [0, 2]
    point = Influencers([0.5], [[3.0, 4.0]], Hull([[1.0, 2.0]]), loss="inner-product")
    assert verified(point, "dominant", {"actions": [[1.0, 2.0]]})[1].verified
