"""Each check fails for the point that breaks it, and for no other reason."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import catalog
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate
from bigopt.games.persuasion import KIND
from bigopt.games.persuasion.game import Bob, Persuasion
from bigopt.games.persuasion.generate import random_persuasion

VERIFY = {concept.name: concept.verify for concept in KIND.concepts}


def failed(game: Persuasion, concept: str, point: Mapping[str, Any], **more: Any) -> list[str]:
    _, certificate = VERIFY[concept](game, point, Request(concept, arguments=more))
    assert isinstance(certificate, Certificate)
    return [check.name for check in certificate.failed]


def test_signaling_checks() -> None:
    game = bigopt.load(catalog.instance("persuasion/kamenica-gentzkow"))
    best = bigopt.solve(game)
    point = {"scheme": best.scheme, "prices": best.prices}
    assert failed(game, "signaling", point) == []
    assert failed(game, "signaling", point | {"scheme": best.scheme * 1.01}) == ["simplex"]
    assert failed(game, "signaling", point | {"scheme": [[0, 1], [0, 1]]}) == ["obedience", "optimality"]
    assert failed(game, "signaling", point | {"scheme": [[0, 1], [1, 0]]}) == ["optimality"]
    assert failed(game, "signaling", {"scheme": best.scheme}) == []  # the verifier finds prices itself
    assert failed(game, "signaling", point | {"prices": [[1, 0, 50.0]]}) == []  # useless prices do not count
    assert failed(game, "signaling", point | {"prices": [[1, 0, -50.0]]}) == []  # nor do negative ones


def test_a_file_names_its_sender() -> None:
    game = bigopt.load(catalog.instance("persuasion/courtroom"))
    for bob in ("defence", "aligned"):
        assert failed(game, "signaling", bigopt.solve(game, bob=bob).fields) == []
    assert failed(game, "signaling", {**bigopt.solve(game, bob="defence").fields, "bob": "prosecutor"}) == [
        "optimality"
    ]


def test_barred_actions_fail_obedience() -> None:
    twins, bob = np.ones((1, 2)), Bob("bob", np.array([[0.0, 1.0]]))
    game = Persuasion(["s"], ["a", "twin"], twins, [bob], tie_break="first")
    assert failed(game, "signaling", {"scheme": [[0, 1]]}) == ["obedience", "optimality"]


def test_private_checks() -> None:
    game = bigopt.load(catalog.instance("persuasion/second-opinion"))
    best = bigopt.solve(game)
    point = {"scheme": best.scheme, "recommendations": best.recommendations}
    assert failed(game, "signaling", point) == []
    assert failed(game, "signaling", point | {"scheme": best.scheme * 1.01}) == ["simplex"]
    disobeyed = {"scheme": [[1], [1]], "recommendations": [[1, 1]]}
    assert failed(game, "signaling", disobeyed) == ["obedience", "optimality"]
    assert failed(game, "signaling", {"scheme": [[1, 0], [0, 1]], "recommendations": [[1, 1], [0, 0]]}) == [
        "optimality"
    ]


def test_oblivious_checks() -> None:
    game = bigopt.load(catalog.instance("persuasion/courtroom"))
    good = np.array(bigopt.solve(game, "oblivious").schemes)
    assert failed(game, "oblivious", {"schemes": good}) == []
    assert failed(game, "oblivious", {"schemes": [good[0] * 1.1, good[1]]}) == ["simplex"]
    assert failed(game, "oblivious", {"schemes": [good[0], [[0, 1], [1, 0]]]}) == ["optimality"]
    disobeyed = {"schemes": [good[0], [[1, 0], [1, 0]]]}
    assert failed(game, "oblivious", disobeyed) == ["obedience", "optimality"]


def test_joint_and_best_response_checks() -> None:
    game = bigopt.load(catalog.instance("persuasion/courtroom"))
    full = np.eye(2)
    assert failed(game, "joint", {"schemes": [full, full]}) == []
    assert failed(game, "joint", {"schemes": [full * 1.1, full]}) == ["simplex"]
    assert failed(game, "joint", {"schemes": [[[1], [1]], [[0.5, 0.5], [1, 0]]]}) == ["regret"]
    profile = [[[1], [1]], [[0.5, 0.5], [1, 0]]]
    assert failed(game, "best-response", {"scheme": [[1], [1]]}, profile=profile, bob="prosecutor") == []
    assert failed(game, "best-response", {"scheme": full}, profile=profile, bob="prosecutor") == ["optimality"]
    assert failed(game, "best-response", {"scheme": [[2], [2]]}, profile=profile, bob="prosecutor") == ["simplex"]


def test_first_best_check() -> None:
    game = random_persuasion(states=4, actions=3)
    best = game.alice.argmax(axis=1)
    assert failed(game, "first-best", {"actions": best}) == []
    assert failed(game, "first-best", {"actions": (best + 1) % 3}) == ["optimality"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"prior": [0.5, 0.6]}, "prior: sums to 1.1, expected 1"),
        ({"prior": [1.5, -0.5]}, r"prior\[1\]: -0.5, expected a probability"),
        ({"prior_weights": [0, 0]}, "prior_weights: sum 0"),
        ({"alice": [[1, 2]]}, r"alice: 1 rows, expected 2 \(one a state\)"),
        ({"alice": [[1, 2, 3], [1, 2, 3]]}, r"alice\[0\]: 3 numbers, expected 2 \(one an action\)"),
        ({"bobs": []}, "bobs: expected a list"),
        ({"bobs": [{"name": "alice", "utility": [[1, 2], [1, 2]]}]}, r"bobs\[0\].name: 'alice'"),
        ({"tie_break": "coin"}, "tie_break: 'coin', expected sender, first"),
        ({"tie_break": {"margin": -1}}, "tie_break.margin: -1"),
        ({"alice_signal": [[0.5, 0.4], [0, 1]]}, r"alice_signal\[0\]: sums to 0.9"),
        ({"states": ["s", "s"]}, r"states\[1\]: 's' stands twice"),
    ],
)
def test_bad_games_are_named(change: dict[str, Any], text: str) -> None:
    good = {
        "states": ["s", "t"],
        "actions": ["a", "b"],
        "alice": [[1, 0], [0, 1]],
        "bobs": [{"name": "bob", "utility": [[1, 0], [1, 0]]}],
    }
    with pytest.raises(bigopt.InstanceError, match=text):
        Persuasion.from_instance(good | change, "bad")


def test_round_trip_and_pictures(tmp_path: Any) -> None:
    game = random_persuasion(states=3, actions=3, bobs=2, signals=2, seed=1)
    again = bigopt.load(bigopt.save(game, tmp_path / "game.json"))
    np.testing.assert_array_equal(again.alice_signal, game.alice_signal)
    assert again.names == game.names
    for states in (2, 3, 4):
        made = tmp_path / f"{states}.png"
        bigopt.solve(random_persuasion(states=states, actions=4, seed=2)).plot(made)
        assert made.stat().st_size > 5000
    bigopt.solve(game).plot(tmp_path / "private.png")
    assert (tmp_path / "private.png").exists()
    bigopt.solve(game, "oblivious").plot(tmp_path / "oblivious.png")
    assert (tmp_path / "oblivious.png").exists()
