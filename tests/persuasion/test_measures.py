"""How far a false claim is said to be off: every check's value on points that were worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import catalog
from bigopt.alice.combination import Alignment
from bigopt.concepts.solution import Check
from bigopt.errors import BigoptError
from bigopt.games.persuasion.game import Bob, Persuasion
from bigopt.games.persuasion.verify import joint as joint_verify
from bigopt.games.persuasion.verify import one_sender, proof
from tests.persuasion.by_hand import values, verified


def stored(name: str) -> Persuasion:
    game = bigopt.load(catalog.instance(f"persuasion/{name}"))
    assert isinstance(game, Persuasion)
    return game


def off(game: Persuasion, concept: str, point: dict[str, Any], **more: Any) -> tuple[dict[str, float], float | None]:
    """Return the checks' values that are not 0, and the certificate's regret."""
    _, certificate = verified(game, concept, point, **more)
    assert {(check.grade, check.claimed) for check in certificate.checks} == {("proved", True)}
    return {name: value for name, value in values(certificate).items() if value > 1e-9}, certificate.max_regret


BEST = [[0, 1], [4 / 7, 3 / 7]]  # of Kamenica and Gentzkow's prosecutor, where three in ten are guilty: worth .6


@pytest.mark.parametrize(
    ("scheme", "known", "regret"),
    [
        (BEST, {}, 0.0),
        ([[0, 1.01], BEST[1]], {"simplex": 0.01}, 0.0),
        ([[0, 1], [4 / 7, 3 / 7 - 0.05]], {"simplex": 0.05, "optimality": None}, None),
        ([[-0.02, 1.02], BEST[1]], {"simplex": 0.02}, 0.0),
        # always convicted: of 1 at stake .7 is lost and .3 gained, and he gets 1, .4 above the bound; all alike
        ([[0, 1], [0, 1]], {"obedience": 0.4, "optimality": 0.4}, 0.0),
        # the guilty alone: .3, .3 below the bound, at a mean distance of .3 * .7 + .7 * .3
        ([[0, 1], [1, 0]], {"optimality": 0.3 / 0.42}, 0.3),
        # half of both: convictions, half of the probability, are disobeyed by .4 of what is at stake in them
        ([[0.5, 0.5], [0.5, 0.5]], {"obedience": 0.2, "optimality": 0.1 / 0.5}, 0.1),
    ],
)
def test_signaling(scheme: Any, known: dict[str, Any], regret: float | None) -> None:
    found, worst = off(stored("kamenica-gentzkow"), "signaling", {"scheme": scheme})
    assert set(found) == set(known)
    assert {name: found[name] for name, value in known.items() if value is not None} == pytest.approx(
        {name: value for name, value in known.items() if value is not None}
    )
    assert regret is None or worst == pytest.approx(regret, abs=1e-9)


def test_a_margin_counts_in_obedience() -> None:
    """A conviction has to be better by .2: .3 (1 - .2) is lost and .3 (1 + .2) gained, of .6; .5 is the bound."""
    plain = stored("kamenica-gentzkow")
    game = Persuasion(plain.states, plain.actions, plain.alice, plain.bobs, plain.prior, tie_break={"margin": 0.2})
    found, _ = off(game, "signaling", {"scheme": BEST})
    assert found == pytest.approx({"obedience": 0.6 * 0.12 / 0.6, "optimality": 0.1 / 0.48})


def test_robustness_of_large_schemes_is_computed_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    game = stored("kamenica-gentzkow")
    monkeypatch.setattr(one_sender, "SMALL", 3)
    fields, _ = verified(game, "signaling", {"scheme": BEST})
    assert fields["robust_value"] is None and fields["robust_cost"] is None and fields["margin"] == 0.01
    fields, _ = verified(game, "signaling", {"scheme": BEST}, options={"margin": 0.2})
    assert fields["robust_value"] == pytest.approx(0.5) and fields["robust_cost"] == pytest.approx(0.1)
    fields, _ = verified(game, "signaling", {"scheme": BEST}, options={"margin": 2.0})
    assert fields["robust_value"] is None and fields["margin"] == 2.0  # nothing is better by as much
    monkeypatch.setattr(one_sender, "SMALL", 4)
    assert verified(game, "signaling", {"scheme": BEST})[0]["robust_value"] == pytest.approx(0.6 / 1.01)


def test_what_nobody_may_recommend_is_disobeyed() -> None:
    """The twin of an action is no worse and never first: a quarter of the probability tells it."""
    bob = Bob("bob", np.array([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]]))
    game = Persuasion(["s", "t"], ["a", "twin", "c"], [[1, 1, 0], [0, 0, 1]], [bob], tie_break="first")
    found, _ = off(game, "signaling", {"scheme": [[0.5, 0.5, 0], [0, 0, 1]]})
    assert found["obedience"] == pytest.approx(0.25)
    # he gets a quarter, and 0 is the bound: at a mean distance of .25 * .75 + .75 * .25
    assert found["optimality"] == pytest.approx(0.25 / 0.375)


@pytest.mark.parametrize(
    ("scheme", "maps", "known"),
    [
        # operated whatever her test says: after a bad one .1 is gained and .4 lost, .3 of .5; he gets 1, .34 too much
        ([[1], [1]], [[1, 1]], {"obedience": 0.6, "optimality": 0.34}),
        # against her test both times: nobody does so at any belief
        ([[1], [1]], [[0, 1]], {"obedience": 1.0, "optimality": 0.16 / 0.5}),
        # told all: in the second state, half of the probability, her first test's answer is all wrong; he gets .6
        ([[1, 0], [0, 1]], [[1, 1], [1, 0]], {"obedience": 0.5, "optimality": 0.06 / 0.48}),
        ([[0, 1], [1, 0]], [[1, 0], [1, 1]], {"obedience": 0.5, "optimality": 0.06 / 0.48}),
        ([[1, 0], [0, 1]], [[1, 1], [0, 0]], {"optimality": 0.16 / 0.5}),
        ([[0.2, 0.8], [0.8, 0.22]], [[1, 0], [1, 1]], None),
    ],
)
def test_beside_what_alice_sees(scheme: Any, maps: Any, known: dict[str, float] | None) -> None:
    found, regret = off(stored("second-opinion"), "signaling", {"scheme": scheme, "recommendations": maps})
    if known is None:
        assert found["simplex"] == pytest.approx(0.02)
        return
    assert found == pytest.approx(known)
    assert (regret or 0.0) == pytest.approx(0.0 if known.get("obedience") == 0.6 else regret)


def test_ties_that_go_to_the_first_action_are_not_the_sender_s_beside_what_alice_sees() -> None:
    bob = Bob("bob", np.array([[0.0, 1.0]]))
    game = Persuasion(["s"], ["a", "twin"], [[1.0, 1.0]], [bob], tie_break="first", alice_signal=[[1.0]])
    found, _ = off(game, "signaling", {"scheme": [[1]], "recommendations": [[1]]})
    assert found == pytest.approx({"obedience": 1.0, "optimality": 1.0})
    bobs = [Bob("one", [[0.0, 1.0]]), Bob("two", [[3.0, 0.0]])]
    kind = Persuasion(["s"], ["a", "twin"], [[1.0, 1.0]], bobs, alice_signal=[[1.0]])
    assert off(kind, "signaling", {"scheme": [[1]], "recommendations": [[0]]}, bob="two")[0] == {}


@pytest.mark.parametrize(("rule", "expected"), [("sender", [1.0, 2.0]), ("first", [1.0, 0.0])])
def test_each_sender_alone_has_the_ties_beside_what_alice_sees(rule: Any, expected: list[float]) -> None:
    """To her the two actions are one: each gets his own of a sender's ties, and else all get the first."""
    bobs = [Bob("one", [[1.0, 0.0]]), Bob("two", [[0.0, 2.0]])]
    game = Persuasion(["s"], ["a", "twin"], [[1.0, 1.0]], bobs, tie_break=rule, alice_signal=[[1.0]])
    fields, certificate = verified(game, "oblivious", {"schemes": [[[1.0]], [[1.0]]]})
    assert fields["expected"].tolist() == expected and certificate.verified


@pytest.mark.parametrize("maps", [[[0, 0]], [[1, 1]], [[1, 0]], [[0, 1]]])
def test_a_best_response_is_judged_by_what_it_says_that_alice_does(maps: list[list[int]]) -> None:
    """Alice learns the state from the other: anything but the right action in both is disobeyed, half or all of it."""
    bobs = [Bob("one", [[0.0, 1.0], [0.0, 1.0]]), Bob("two", [[0.0, 1.0], [0.0, 1.0]])]
    game = Persuasion(["s", "t"], ["a", "b"], [[1.0, 0.0], [0.0, 1.0]], bobs, prior_weights=[1, 1])
    profile: list[Any] = [[[1.0], [1.0]], np.eye(2)]
    point = {"scheme": [[1.0], [1.0]], "recommendations": maps}
    fields, certificate = verified(game, "best-response", point, bob="one", profile=profile)
    right = fields["messages"].argmax(axis=0).tolist()
    assert np.asarray(fields["recommendations"]).tolist() == maps
    assert certificate.verified == (maps == [right]) and fields["value"] == sum(maps[0]) / 2
    assert values(certificate)["obedience"] == (0.0 if maps == [right] else 1.0)


@pytest.mark.parametrize("swap", [False, True])
def test_oblivious(swap: bool) -> None:
    """One of the two is off, whoever it is."""
    court = stored("courtroom")
    bobs = court.bobs[::-1] if swap else court.bobs
    game = Persuasion(court.states, court.actions, court.alice, bobs, prior_weights=[2, 1], tie_break="first")
    good = dict(zip(court.names, bigopt.solve(court, "oblivious").schemes, strict=True))

    def with_his(scheme: Any) -> dict[str, float]:
        return off(game, "oblivious", {"schemes": [{**good, "defence": scheme}[name] for name in game.names]})[0]

    assert with_his(good["defence"]) == {}
    assert with_his(good["defence"] * 1.25) == pytest.approx({"simplex": 0.25})
    # the innocent alone: he gets 2/3 and not 1, at a mean distance of 2/3 * 2/3 + 1/3 * 4/3
    assert with_his([[0, 1], [1, 0]]) == pytest.approx({"optimality": (1 / 3) / (8 / 9)})
    # always acquitted: of 2/3 + 1/3 at stake 1/3 is lost; he gets 4/3, a third too much, at 2/3 * 1/3 + 1/3 * 2/3
    assert with_his([[1, 0], [1, 0]]) == pytest.approx({"obedience": 1 / 3, "optimality": (1 / 3) / (4 / 9)})
    for wrong, said in (([[1], [1]], "1 signals, expected 2"), ([[1, 0]], "1 rows, expected 2")):
        with pytest.raises(BigoptError, match=said):
            with_his(wrong)
    with pytest.raises(BigoptError, match="schemes: 1 tables, expected 2"):
        verified(game, "oblivious", {"schemes": [good["defence"]]})


def test_the_check_of_several_senders_is_proved_as_well_as_the_least_proved() -> None:
    checks = [Check("optimality", 0.2, 1.0, grade="recomputed"), Check("optimality", 0.5, 1.0, grade="proved")]
    for order in (checks, checks[::-1]):
        found = one_sender._farthest(order)
        assert (found.value, found.grade, found.limit) == (0.5, "recomputed", 1.0)


def test_joint() -> None:
    game = stored("courtroom")
    silent: list[Any] = [[[1], [1]], [[0.5, 0.5], [1, 0]]]
    # the prosecutor has everybody convicted (5/3 and not 2/3), at a mean distance of 2/3 * 1/3 + 1/3 * 2/3
    found, regret = off(game, "joint", {"schemes": silent})
    assert found == pytest.approx({"regret": 1 / (4 / 9)}) and regret == pytest.approx(1.0)
    assert off(game, "joint", {"schemes": silent}, profile=silent)[0] == {}
    assert off(game, "joint", {"schemes": [np.eye(2) * 1.1, np.eye(2)]})[0] == pytest.approx({"simplex": 0.1})
    assert off(game, "joint", {"schemes": [np.eye(2), np.eye(2) * 1.1]})[0] == pytest.approx({"simplex": 0.1})


def test_the_history_of_joint() -> None:
    game, tell = stored("courtroom"), np.eye(2)
    move = {"bob": "defence", "gain": 0.5, "signals": 2}

    def said(updates: Any) -> tuple[Any, Any]:
        fields, certificate = verified(game, "joint", {"schemes": [tell, tell], "updates": updates})
        return fields["updates"], next(check for check in certificate.checks if check.name == "history")

    moves, check = said([move | {"signals": 7, "more": 1}, move | {"bob": "prosecutor", "gain": 0.0}, move])
    assert moves == [move | {"signals": 7}, move | {"bob": "prosecutor", "gain": 0.0}, move]
    assert (check.value, check.limit, check.grade, check.claimed) == (0.0, 0.0, "skipped", False)
    assert said([])[0] == [] and said([])[1].value == 0.0 and said(({**move},))[0] == [move]
    for signals, apart in ((5, 3.0), (1, 1.0)):
        _, check = said([move | {"bob": "prosecutor"}, move | {"signals": signals}])
        assert (check.value, check.limit, check.grade, check.claimed) == (apart, 0.0, "recomputed", True)
    for wrong, named in (
        ([move, move | {"bob": "alice"}], r"updates\[1\].bob"),
        ([move | {"signals": 0}], None),
        ([move | {"signals": -1}], r"updates\[0\].signals"),
        ([move, move | {"gain": -0.1}], r"updates\[1\].gain"),
        ([move, 3], "updates: expected a list"),
        ("moves", "updates: expected a list"),
    ):
        if named is None:
            assert said(wrong)[1].value == 2.0
            continue
        with pytest.raises(BigoptError, match=named):
            said(wrong)
    assert "updates" not in verified(game, "joint", {"schemes": [tell, tell]})[0]


@pytest.mark.parametrize(
    ("alice", "epsilon", "regrets", "short"),
    [
        (1.0, 0.25, [0.2, 0.4], 0.2 / 1.0),  # 2 - .5 - .3 is promised
        (1.9, 0.0, [0.0, 0.0], 0.1 / (1 / 3)),  # what Alice gains by the state, 1/3, is more than she misses
        (1.5, 0.25, [0.0, 0.0], 0.0),
        (3.0, 0.0, [0.0, 0.0], 0.0),
        (-6.0, 1.0, [0.0, 8.0], 2.0 / 8.0),
    ],
)
def test_a_profile_that_broke_theorem_1_would_be_seen(
    alice: float, epsilon: float, regrets: list[float], short: float
) -> None:
    """None does, which is the theorem: the numbers are made up."""
    fit = Alignment(epsilon, np.array([0.5, 0.5]), 0.0, epsilon, "", 0, (Fraction(0), (), Fraction(0)))
    none = Alignment(0.0, np.array([0.0, 0.0]), 0.0, 0.0, "", 0, (Fraction(0), (), Fraction(0)))
    one, two = joint_verify._theorem_1(stored("courtroom"), alice, [fit, none], regrets)
    assert one.value == pytest.approx(short) and one.limit == 1e-6
    assert two.value == pytest.approx(max(0.0, 2.0 - alice) / max(1 / 3, 2.0 - alice))


@pytest.mark.parametrize("signal", [None, [[1.0], [1.0]]], ids=["alone", "seeing"])
@pytest.mark.parametrize("level", [0.0, -10.0, 1e6, -1e9])
def test_what_a_state_gets_him_anyway_hides_nothing(level: float, signal: Any) -> None:
    """Told nothing Alice never does what he likes in the second state, a third of the time; it costs him a third."""
    bob = Bob("bob", [[level, level], [0.0, 1.0]])
    game = Persuasion(list("st"), list("ab"), [[1, 0], [0, 1]], [bob], prior_weights=[2, 1], alice_signal=signal)
    tell, silent = np.eye(2).tolist(), [[1, 0], [1, 0]]
    seen = {} if signal is None else {"recommendations": [[0], [1]]}
    assert off(game, "signaling", {"scheme": tell} | seen)[0] == {}
    stake = min(abs(level) * 4 / 9, 2 / 3) or 1.0  # silent: he gets the level, or 0; always 0 if they are the same
    assert off(game, "signaling", {"scheme": silent} | seen)[0] == pytest.approx({"optimality": (1 / 3) / stake})
    certificate = verified(game, "joint", {"schemes": [[[1], [1]]]})[1]
    assert [check.name for check in certificate.failed] == ["regret"]
    assert verified(game, "joint", {"schemes": [tell]})[1].verified


def test_at_stake_is_at_most_twice_the_mean_range_within_a_state() -> None:
    """Of actions that Alice may take, in states that may happen: 2 (1/4 of 2 + 3/4 of 4)."""
    table = np.array([[100.0, 102.0, 1e9], [0.0, 4.0, -1e9], [1e9, 0.0, 0.0]])
    hers = [[1.0, 0.0, -1.0], [0.0, 1.0, -1.0], [0.0, 0.0, -1.0]]
    game = Persuasion(list("xyz"), list("abc"), hers, [Bob("bob", table)], prior_weights=[1, 3, 0])
    scheme = np.array([[1.0, 0, 0], [1.0, 0, 0], [1.0, 0, 0]])
    mean = proof.value(game, scheme, game.utilities[0])
    assert proof.number(mean) == 25.0 and proof.stake(game, scheme, game.utilities[0], mean) == 7.0
    near = Persuasion(list("xyz"), list("abc"), hers, [Bob("bob", table - [[96], [0], [0]])], prior_weights=[1, 3, 0])
    mean = proof.value(near, scheme, near.utilities[0])  # 4 and 0: 1 in the mean, 3 and 1 away
    assert proof.stake(near, scheme, near.utilities[0], mean) == 1.5


def test_the_stake_of_a_scheme_that_always_gets_the_same() -> None:
    table = np.array([[5.0, 5.0, 9.0], [5.0, 7.0, 5.0], [5.0, 5.5, 0.0]])
    hers = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])

    def game(utility: Any, alice: Any = hers, weights: Any = (1, 1, 0)) -> tuple[Persuasion, Any]:
        made = Persuasion(list("xyz"), list("abc"), alice, [Bob("bob", utility)], prior_weights=list(weights))
        return made, made.utilities[0]

    def at_stake(scheme: Any, *more: Any) -> float:
        made, utility = game(*more)
        shares = np.array(scheme, dtype=float)
        return proof.stake(made, shares, utility, proof.value(made, shares, utility))

    same = [[1, 0, 0]] * 3
    assert at_stake(same, table) == 2.0  # another action in the second state; the third never comes
    assert at_stake(same, table / 16) == 0.125
    assert at_stake(same, np.full((3, 3), 5.0)) == 1.0
    left = [[1, 0, 0], [1 - 1e-9, 1e-9, 0], [1, 0, 0]]  # what a solver leaves counts as nothing
    assert at_stake(left, table) == 2.0
    assert at_stake([[1, 0, 0], [1 - 1e-6, 1e-6, 0], [1, 0, 0]], table) == pytest.approx(2e-6, rel=1e-5)
    never = [[1.0, 0.0, 1.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]  # nobody takes the second action
    assert at_stake(same, table, never) == 4.0
    assert at_stake([[2, 0, 0], [0, 3, 0], [1, 0, 0]], table) == 1.0  # rows of any sum: 5 and 7
    made, utility = game(table)
    assert proof.number(proof.value(made, np.array([[2.0, 0, 0], [1, 3, 0], [1, 0, 0]]), utility)) == 5.75
