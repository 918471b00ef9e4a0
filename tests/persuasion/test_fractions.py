"""Answers against fractions: games from reports of wrong answers, a smoke run of the fuzzer, and moved claims."""

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import bigopt
from benchmarks.fuzz_persuasion import CASES
from benchmarks.fuzzing import verdict
from bigopt import catalog
from bigopt.concepts.concept import Request
from bigopt.files.generate import generate
from bigopt.games.persuasion import KIND
from bigopt.games.persuasion import winning as module
from bigopt.games.persuasion.game import Bob, Persuasion

VERIFY = {concept.name: concept.verify for concept in KIND.concepts}


def judge_game(never: float = 0.0, extra: int = 0, unit: float = 1.0, origin: float = 0.0, rule: Any = "sender") -> Any:
    """Kamenica and Gentzkow's judge, with actions worth `never` to her and nothing to the prosecutor."""
    alice = np.column_stack([np.array([[0.0, 1.0], [1.0, 0.0]]), np.full((2, extra), never)])
    bob = np.column_stack([np.array([[0.0, 1.0], [0.0, 1.0]]), np.zeros((2, extra))])
    actions = ["acquit", "convict", *(f"never {i}" for i in range(extra))]
    made = Bob("prosecutor", bob * unit + origin)
    return Persuasion(["guilty", "innocent"], actions, alice, [made], np.array([0.3, 0.7]), tie_break=rule)


@pytest.mark.parametrize("rule", ["sender", "first"])
@pytest.mark.parametrize(("never", "extra"), [(-1e9, 10), (-5e6, 1), (-1e9, 1)])
@pytest.mark.parametrize(("unit", "origin"), [(1.0, 0.0), (1e-9, 0.0), (1.0, 1e9)])
def test_what_nobody_takes_hides_nothing(never: float, extra: int, unit: float, origin: float, rule: str) -> None:
    solution = bigopt.solve(judge_game(never, extra, unit, origin, rule))
    assert solution.certificate.verified
    assert (solution.value - origin) / unit == pytest.approx(0.6, abs=1e-6)
    assert (solution.values["sender"] - origin) / unit == pytest.approx(0.6, abs=1e-6)


def test_a_disobeyed_claim_is_refused_however_large_the_table() -> None:
    game = judge_game(-5e6, 1)
    _, certificate = VERIFY["signaling"](game, {"scheme": [[0, 1, 0], [0, 1, 0]]}, Request("signaling"))
    assert [check.name for check in certificate.failed] == ["obedience", "optimality"]


def test_a_hedge_is_never_first() -> None:
    alice = np.array([[1, 0, 0.5], [0, 1, 0.5]])
    bob = Bob("broker", np.array([[0.0, 0, 1], [0, 0, 1]]))
    game = Persuasion(["L", "R"], ["left", "right", "hedge"], alice, [bob], tie_break="first")
    for concept, more in (("signaling", {}), ("best-response", {"profile": [[[1], [1]]]}), ("joint", {})):
        solution = bigopt.solve(game, concept, **more)
        value = solution.bobs[0] if concept == "joint" else solution.value
        assert solution.certificate.verified and value == pytest.approx(0.0, abs=1e-12)


def test_a_difference_in_the_last_digit_is_a_difference() -> None:
    bob = Bob("b", np.array([[0.0, 1.0]]))
    made = Persuasion(["s"], ["a", "b"], np.array([[0.30000000000000004, 0.3]]), [bob])
    assert bigopt.solve(made).value == 0.0
    tie = Persuasion(["s"], ["a", "b"], np.array([[0.3, 0.3]]), [bob])
    assert bigopt.solve(tie).value == 1.0


@pytest.mark.parametrize("name", CASES)
def test_random_hostile_games_agree_with_fractions(name: str) -> None:
    said = {seed: verdict(CASES[name](seed)) for seed in range(15)}
    assert {seed: words for seed, words in said.items() if words != "agree"} == {}


def test_near_equilibria_hold_theorem_1_with_its_slack() -> None:
    game = bigopt.load(catalog.instance("persuasion/courtroom"))
    for profile in ([[[1], [1]], [[0.5, 0.5], [1, 0]]], [np.eye(2), [[1], [1]]], [[[1], [1]], [[1], [1]]]):
        solution = bigopt.solve(game, "joint", profile=profile)
        names = [check.name for check in solution.certificate.checks if check.passed]
        assert {"theorem 1", "theorem 1, weights of any sum"} <= set(names)


@pytest.mark.parametrize("concept", ["signaling", "first-best", "oblivious"])
def test_moved_points_are_refused(concept: str) -> None:
    game = bigopt.load(catalog.instance("persuasion/courtroom"))
    fields = bigopt.solve(game, concept).to_dict()["solution"]
    key = {"signaling": "scheme", "first-best": "actions", "oblivious": "schemes"}[concept]
    _, good = VERIFY[concept](game, fields, Request(concept))
    assert good.verified
    moved = copy.deepcopy(fields)
    if concept == "first-best":
        moved[key][0] = 1 - moved[key][0]
    else:
        table = moved[key] if concept == "signaling" else moved[key][1]
        for row in table:
            row[0], row[1] = (row[0] - 1e-3, row[1] + 1e-3) if row[0] > 0.5 else (row[0] + 1e-3, row[1] - 1e-3)
    _, certificate = VERIFY[concept](game, moved, Request(concept))
    assert not certificate.verified


def test_floats_flag_no_action_that_fractions_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    for seed in range(40):
        states, actions = (int(n) for n in rng.integers(1, 6, size=2))
        made = generate("random-persuasion", states=states, actions=actions, seed=seed)
        alice = np.round(3 * rng.random((states, actions)), int(rng.integers(0, 3)))
        for rule in ("sender", "first", {"margin": 0.1}):
            quick, slow = (replace(made, alice=alice, tie_break=rule) for _ in range(2))
            with monkeypatch.context() as patched:
                patched.setattr(module, "_clearly_wins", lambda lead: False)
                exact = slow.inducible
            assert (quick.inducible == exact).all()
    assert generate("random-persuasion", states=300, actions=250).inducible.sum() > 200  # minutes, were each a program


@pytest.mark.parametrize("solver", ["exact", "highs"])
def test_a_message_that_cannot_be_sent_binds_nothing(solver: str) -> None:
    """Told the state, Alice is indifferent in the first one, where she never sees her second signal; there he has .2.

    Nearby she is not indifferent, whatever she would do after that signal: .5 x .2 + .5 x .3 is reached at the point.
    """
    made = Persuasion(
        ["s", "t"], ["a", "b"], np.array([[0.2, 0.2], [0.1, 0.0]]), [Bob("b", np.array([[-0.2, 0.2], [0.3, 0.1]]))],
        alice_signal=np.array([[0.6, 0.0, 0.4], [0.5, 0.2, 0.3]]),
    )  # fmt: skip
    found = bigopt.solve(made, "signaling", solver)
    assert found.solved and found.value == pytest.approx(0.25, abs=1e-9)


@pytest.mark.parametrize("concept", ["signaling", "oblivious"])
def test_the_least_float_beside_ordinary_ones_is_no_size_to_refuse(concept: str) -> None:
    """In the first state Alice prefers `keep` by 5e-324: the sender, who wants `move` there alone, cannot have it.

    He may pool: the second state likes `move` by .2, so that both obey `move` together. His best is 4.
    """
    alice = [[0.0, -5e-324, -0.3], [0.2, 0.4, 0.4]]
    bob = Bob("b", [[0.0, 4.0, 0.0], [0.0, 4.0, 4.0]])
    game = Persuasion(["one", "two"], ["keep", "move", "third"], alice, [bob], prior_weights=[4, 1])
    found = bigopt.solve(game, concept)
    assert found.solved and float(np.ravel(found.fields.get("expected", found.fields.get("value")))[0]) == 4.0
