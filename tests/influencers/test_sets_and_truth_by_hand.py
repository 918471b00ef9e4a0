"""Equilibrium sets and truthful reports: fields and checks against loops."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import Ball, Box, Influencers
from bigopt.errors import BigoptError
from bigopt.games.influencers.exact.members.on_face import OnFace
from bigopt.games.influencers.verify import ne_set as ne_set_verify
from tests.influencers.by_hand import (
    SETS,
    changed,
    drawn,
    proved,
    spans,
    support,
    values,
    verified,
)

PROFILE = [[1.0, 0.5], [5.0, 2.0], [3.0, -0.5], [2.0, 0.0]]
FLAT = Box([0.0, 1.0], [6.0, 1.0])
MANY = Influencers([0.5, 0.25, 0.5, 0.0], [[5.5, 1.0]] * 3 + [[1.0, 1.0]], FLAT)  # receivers are 0 to 7.5
RANGES = [[[2.0, 6.0], [1.0, 1.0]], [[0.0, 6.0], [1.0, 1.0]], [[2.0, 6.0], [1.0, 1.0]], [[0.0, 6.0], [1.0, 1.0]]]
LEAST = [[44 / 9, 1.0], [22 / 9, 1.0], [44 / 9, 1.0], [0.0, 1.0]]  # in proportion to the weights


@pytest.mark.parametrize("singly", [True, False])
def test_equilibrium_set(singly: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The receiver is 5.5 in all: half of the first and third and a quarter of the second, each from 0 to 6."""
    monkeypatch.setattr(ne_set_verify, "SINGLY", 60 if singly else 0)

    def off(**claim: Any) -> dict[str, float]:
        fields, certificate = verified(MANY, "ne-set", {"ranges": RANGES, "canonical": LEAST, **claim})
        assert (fields["dimension"], fields["unique"], fields["receiver"].tolist()) == (
            3,
            False,
            [pytest.approx(5.5), 1.25],
        )
        assert certificate.max_regret == pytest.approx(0.0, abs=1e-12) and certificate.tolerance == 1e-7
        found = {name: value for name, value in values(certificate).items() if value > 1e-9}
        assert certificate.verified == (not found)
        return found

    assert off() == {} and off(dimension=3, unique=False) == {}
    assert off(dimension=1) == {"corollary 3": 2.0} and off(unique=True) == {"corollary 3": 1.0}
    for player, coordinate, end, by in product(range(4), range(2), range(2), (0.012, -0.012)):
        moved = np.array(RANGES)
        moved[player, coordinate, end] += by
        assert off(ranges=moved) == pytest.approx(
            {"ranges": 0.002}
        )  # the second coordinate has no width: the set's size
    # of 6 a + 5 c the least is 6 * 2 + 5 * 6, at b = 6; here it is 61
    assert off(canonical=[[6.0, 1.0], [0.0, 1.0], [5.0, 1.0], [0.0, 1.0]]) == pytest.approx({"least norm": 19 / 36})
    # an idle player has its norm too: 3 * 3 and not 3 * 0
    assert off(canonical=[*LEAST[:3], [3.0, 1.0]]) == pytest.approx({"least norm": 9 / 36})
    one, two = [[6.0, 1.0], [0.0, 1.0], [5.0, 1.0], [0.0, 1.0]], [[2.0, 1.0], [6.0, 1.0], [6.0, 1.0], [0.0, 1.0]]
    none = [[5.0, 1.0], [0.0, 1.0], [5.0, 1.0], [0.0, 1.0]]
    assert off(members=[one, two]) == {}
    assert off(members=[one, two, one]) == off(members=[one]) == {"members differ": 1.0}
    for members in ([one, none, two], [none, one], [one, none]):
        found = off(members=members)
        alone = {
            name: value for name, value in values(verified(MANY, "nash", {"actions": none})[1]).items() if value > 1e-9
        }
        assert found == {f"{name} of members": value for name, value in list(alone.items())[: len(found)]} and found


def test_an_equilibrium_set_needs_both() -> None:
    for missing in ("ranges", "canonical"):
        with pytest.raises(BigoptError, match=f"{missing}: missing"):
            verified(
                MANY,
                "ne-set",
                {key: value for key, value in (("ranges", RANGES), ("canonical", LEAST)) if key != missing},
            )


def test_an_equilibrium_that_is_alone_has_one_member() -> None:
    game = Influencers([0.5, 0.5], [[2.0], [4.0]], Box([0.0], [6.0]))
    claim = {"ranges": [[[0.0, 0.0]], [[6.0, 6.0]]], "canonical": [[0.0], [6.0]], "members": [[[0.0], [6.0]]] * 2}
    fields, certificate = verified(game, "ne-set", claim)
    assert certificate.verified and fields["unique"] is True and fields["dimension"] == 0
    assert proved(certificate) == {"lower bound", "lower bound of members"}
    assert {key: np.asarray(fields[key]).tolist() for key in claim} == claim and fields["receiver"].tolist() == [3.0]
    names = [check.name for check in certificate.checks]
    assert names[-6:] == [f"{name} of members" for name in names[:5]] + ["members differ"]


@pytest.mark.parametrize("kind", ["hull", "polytope", "simplex"])
def test_equilibrium_sets_between_vertices(kind: str) -> None:
    game = Influencers([0.5, 0.25, 0.5], [np.mean(SETS[kind][1], axis=0) * 1.25] * 3, SETS[kind][0]())
    found = bigopt.solve(game, "ne-set")
    point = {"ranges": found.ranges, "canonical": found.canonical}
    assert found.dimension > 0 and verified(game, "ne-set", point)[1].verified
    widths = np.ptp(SETS[kind][1], axis=0)
    for k, by in product(range(2), (0.01, -0.01)):
        moved = found.ranges.copy()
        moved[1, k, 0] += by * widths[k]
        assert values(verified(game, "ne-set", point | {"ranges": moved})[1])["ranges"] == pytest.approx(0.01, rel=1e-4)


def test_ranges_that_are_not_sharp_are_only_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    game = Influencers([0.5, 0.25, 0.5], [[3.0, 1.5]] * 3, SETS["hull"][0]())
    found = bigopt.solve(game, "ne-set")
    point = {"ranges": found.ranges, "canonical": found.canonical}
    for sharp, grade in ((True, "recomputed"), (False, "compared")):
        monkeypatch.setattr(OnFace, "sharp", sharp)
        certificate = verified(game, "ne-set", point)[1]
        assert {c.name: c.grade for c in certificate.checks}["ranges"] == grade and certificate.verified == sharp


def test_truthful_where_it_is_a_theorem() -> None:
    """Player 0 can have the receiver from 3 to 4 and wants 2; player 1 has 2 to 3 and wants 4."""
    game = Influencers([0.5, 0.5], [[2.0], [4.0]], Box([0.0], [6.0]))
    fields, certificate = verified(game, "truthful", {"actions": [[0.0], [5.0]]})  # the receiver is 2.5
    assert list(fields) == ["receiver", "gains", "proved", "losses", "actions"] and fields["proved"] is True
    assert fields["gains"].tolist() == [0.0, 1.25] and fields["losses"].tolist() == [0.25, 2.25]
    told = certificate.checks[-1]
    assert (told.name, told.value, told.limit, told.grade) == ("truthfulness", 1.25 / 16, 1e-9, "proved")
    known = verified(game, "nash", {"actions": [[0.0], [5.0]]})[1]
    assert certificate.checks[:-1] == known.checks and certificate.max_regret == known.max_regret
    assert certificate.tolerance == 1e-7 and fields["actions"].tolist() == [[0.0], [5.0]]
    linear, corners = drawn(loss="inner-product"), SETS["box"][1]
    pulls = [w * t for w, t in zip(linear.weights, linear.targets, strict=True)]
    best = [max((float(p @ c), [float(x) for x in c]) for c in corners)[1] for p in pulls]
    for actions in (PROFILE, best):
        fields, certificate = verified(linear, "truthful", {"actions": actions})
        gains = [support(corners, p) - float(p @ x) for p, x in zip(pulls, actions, strict=True)]
        assert fields["gains"] == pytest.approx(gains) and fields["proved"] is True
        worst = max(g / span for g, span in zip(gains, spans(linear, corners), strict=True))
        assert certificate.checks[-1].value == pytest.approx(worst) and certificate.checks[-1].limit == 1e-7
        assert certificate.checks[:-1] == verified(linear, "dominant", {"actions": actions})[1].checks


def test_truthful_where_misreports_are_searched() -> None:
    game = Influencers([0.5, 0.5, 0.5], [[2.0, 0.5], [0.0, 2.5], [3.0, 3.0]], Ball([0.0, 0.0], 2.0))
    reports = [[2.0, 0.5], [0.5, 1.5], [5.0, 4.0]]  # the second and the third gain
    point = {"actions": bigopt.solve(game).actions, "misreports": reports}
    place = bigopt.solve(game).receiver
    gains = []
    for i in range(3):
        there = bigopt.solve(replace(game, targets=np.array(changed(game.targets, i, reports[i])))).receiver
        t = game.targets[i]
        gains.append(max(0.0, float(((t - place) ** 2).sum() - ((t - there) ** 2).sum())))
    fields, certificate = verified(game, "truthful", point)
    assert list(fields) == ["receiver", "gains", "proved", "losses", "actions", "misreports", "searched"]
    assert max(gains) > 0.01 and fields["gains"] == pytest.approx(gains, abs=1e-9) and fields["proved"] is False
    assert np.asarray(fields["misreports"]).tolist() == reports and certificate.verified
    told = certificate.checks[-1]
    assert (told.name, told.limit, told.grade, told.claimed) == ("misreports", 1.0, "searched", False)
    box = [[-2.0, -2.0], [2.0, 2.0]]
    worst = max(g / span for g, span in zip(gains, spans(game, box), strict=True))
    assert told.value == pytest.approx(worst, abs=1e-9)
    assert told.note.startswith("2 of 3 players gain")
    for claimed, counted in ((None, 3), (0, 0), (1, 1), (3, 3), (9, 3), (-4, 0)):
        more = {} if claimed is None else {"searched": claimed}
        assert verified(game, "truthful", point | more)[0]["searched"] == counted
        alone = verified(game, "truthful", {"actions": point["actions"]} | more)[0]
        assert alone["searched"] == 0 and alone["misreports"].tolist() == game.targets.tolist()
        assert alone["gains"].tolist() == pytest.approx([0.0] * 3, abs=1e-9)
