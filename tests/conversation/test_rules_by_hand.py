"""Rules over letters against loops in fractions: play, deviations and samples."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import bigopt
from bigopt.errors import InstanceError
from bigopt.games.conversation import Conversation, rules
from bigopt.games.conversation.rules import Rule
from tests.conversation import by_hand
from tests.conversation.by_hand import best, checks, drawn, pairs, same, sums, weight
from tests.conversation.loops import judged

# ---- rules over letters

NOISY: dict[str, Any] = {"histories": {"0": [[0.75, 0.25], 1], "1": [0, [0.5, 0.5]]}}
SPEAK: dict[str, Any] = {
    "revealing": ["revealing", "revealing"],
    "silent": ["silent", "silent"],
    "noisy": [NOISY, {"rounds": [[0, 1]]}],
    "asked": [{"histories": {"0": [0, 0], "1": [0, 1]}}, NOISY],
    "one": ["silent", "revealing"],
    "apart": [  # each answers one question only, and not surely
        {"histories": {"0": [[0.75, 0.25], [0.25, 0.75]], "1": [0, 0]}},
        {"histories": {"0": [0, 0], "1": [[0.75, 0.25], [0.25, 0.75]]}},
    ],
}
SEEDS = {"apart": 7}  # else 4


def told(game: Conversation) -> list[Any]:
    """Return the game's rules as one round of letters."""
    found = rules.read(game.profile, game.k, game.sizes[1], 1)
    return [rules.Rule("rounds", rounds=((0, 1),)) if rule.name == "revealing" else rule for rule in found]


@pytest.mark.parametrize("name", SPEAK)
def test_play(name: str) -> None:
    game = drawn(SEEDS.get(name, 4), profile=SPEAK[name])
    profile = told(game)
    fields, certificate = judged(game, "play", {})
    table = by_hand.response(game, profile, 2)
    own = [by_hand.worth(game, player, table) for player in range(3)]
    regrets, most = zip(*(regret(game, profile, bob, own[bob + 1]) for bob in range(2)), strict=True)
    equal = by_hand.worth(game, 0, by_hand.response(game, profile, 2, lambda words: words[0] == words[1]))
    other = by_hand.worth(game, 0, by_hand.response(game, profile, 2, lambda words: words[0] != words[1]))
    same(
        fields,
        {
            "alice": own[0],
            "bobs": own[1:],
            "regrets": [max(Fraction(0), gain) for gain in regrets],
            "regrets_at_most": list(most),
            "opt": best(game, [[pair] for pair in pairs(game)]),
            "questions": {
                "same": float(equal),
                "follow": float(equal),
                "show": float(equal),
                "phrasings": float(other),
            },
            "distribution": by_hand.law(game, table),
        },
    )
    assert checks(certificate) == [
        ("best response", 0.0, 0.0, "players", "recomputed"),
        ("ways to ask", 0.0, 0.0, "utility", "proved"),
    ]
    assert certificate.max_regret == pytest.approx(max(most), abs=1e-7) and certificate.tolerance is None


def test_play_where_the_bob_sees_more_than_alice_can_do() -> None:
    game = drawn(4, (2, 3, 2), actions=2)
    game = Conversation(game.alice, list(game.bobs)[:1], 1, prior_weights=game.prior_weights)
    fields, certificate = judged(game, "play", {}, options={"letters": 3})
    assert certificate.verified and fields["alice"] == fields["opt"] == best(game, [[pair] for pair in pairs(game)])


def regret(game: Conversation, profile: list[Any], bob: int, now: Fraction) -> tuple[Fraction, float]:
    """Return what a Bob's best deterministic rule gains, which may be a loss, and what no deviation exceeds."""
    every = [by_hand.instead(profile, bob, rule) for rule in by_hand.deterministic(game, 2)]
    gains = [by_hand.worth(game, bob + 1, by_hand.response(game, other, 2)) - now for other in every]
    return max(gains), max(0.0, by_hand.bound(game, profile, bob, 2) - float(now))


@pytest.mark.parametrize(("name", "bob"), [("noisy", 0), ("asked", 1), ("revealing", 0), ("apart", 0)])
def test_deviation(name: str, bob: int) -> None:
    game = drawn(SEEDS.get(name, 4), profile=SPEAK[name])
    profile = told(game)
    now = by_hand.worth(game, bob + 1, by_hand.response(game, profile, 2))
    least, most = regret(game, profile, bob, now)
    top = by_hand.bound(game, profile, bob, 2)
    found = np.asarray(bigopt.solve(game, "deviation", player=bob).fields["lottery"])
    for lottery in (found, 0.5 * found, np.ones((3, 2, 3)), np.eye(3)[[[0, 2], [1, 1], [2, 0]]]):
        fields, certificate = judged(game, "deviation", {"lottery": lottery.tolist(), "player": bob})
        spread = lottery / lottery.sum(axis=2, keepdims=True)
        value = lotteried(game, bob + 1, spread)
        replied = by_hand.response(game, by_hand.instead(profile, bob, of_tree(fields.pop("rule"))), 2)
        assert by_hand.worth(game, bob + 1, replied) == now + least  # the best rule is one that gains as much
        same(
            fields,
            {
                "player": bob,
                "value": now,
                "at_least": now + least,
                "at_most": fields["at_most"],
                "regret_at_least": max(Fraction(0), least),
                "regret_at_most": fields["regret_at_most"],
                "lottery": spread.tolist(),
            },
        )
        assert fields["regret_at_most"] == pytest.approx(most, abs=1e-7)
        assert fields["at_most"] == pytest.approx(top, abs=1e-7)
        stake = sum(kept_range(game, bob + 1, a) for a in range(game.sizes[0]))
        known = [
            ("obedience", lacking(game, profile, bob, spread), 1e-7, "Alice's stake", "recomputed"),
            ("gap", abs(top - value) / stake, 1e-6, "Bob's stake", "proved"),
            ("from below", 0.0, 1e-6, "Bob's stake", "proved"),
        ]
        assert [row[:1] + row[2:] for row in checks(certificate)] == [row[:1] + row[2:] for row in known]
        assert [row[1] for row in checks(certificate)] == pytest.approx([row[1] for row in known], abs=1e-7)
        assert certificate.max_regret == pytest.approx(most, abs=1e-7) and certificate.tolerance is None
        assert certificate.verified == np.allclose(spread, found, atol=1e-5)


def test_advice_that_alice_would_not_follow() -> None:
    """The other Bob is silent: all ways to advise one action for each x_B, whatever x_A."""
    game = drawn(7, profile=SPEAK["one"])
    for advised in product(range(3), repeat=2):
        lottery = np.eye(3)[[advised] * 3]
        certificate = judged(game, "deviation", {"lottery": lottery.tolist(), "player": 1})[1]
        assert checks(certificate)[0][1] == pytest.approx(lacking(game, told(game), 1, lottery), abs=1e-12)


def of_tree(tree: Any) -> Any:
    """Return a tree of one round as a rule over histories."""
    said = [{b: letter for letter, (part, _) in enumerate(answer) for b in part} for answer in tree]
    table = {(word,): tuple(by_hand.sure(row[b]) for b in range(2)) for word, row in enumerate(said)}
    return Rule("histories", histories=table)


def lotteried(game: Conversation, player: int, lottery: Any) -> float:
    """Return a player's expected utility of a lottery over actions [X_A, X_B, A]."""
    value = sum(lottery[pair] @ np.array(sums(game, player, [pair]), dtype=float) for pair in pairs(game))
    return float(value) / weight(game, pairs(game))


@cache
def never(game: Conversation, a: int) -> list[int]:
    """Return the actions that Alice never takes: those that are best at no belief about x_B, a program each."""
    rows = [sums(game, 0, [(a, b)]) for b in range(game.sizes[1]) if weight(game, [(a, b)])]
    return [c for c in range(game.sizes[2]) if rows and not best_somewhere(np.array(rows, dtype=float), c)]


def best_somewhere(table: Any, action: int) -> bool:
    """Whether an action is a best one for some weights of the rows [possible x_B, A]."""
    others, one = (table - table[:, [action]]).T, np.ones((1, len(table)))
    return bool(linprog(np.zeros(len(table)), others, np.full(len(others), 1e-9), one, [1.0]).status == 0)


def kept_range(game: Conversation, player: int, a: int) -> float:
    """Return what a player has at stake, at one x_A, in the actions that Alice may take there."""
    rows = [sums(game, player, [(a, b)]) for b in range(game.sizes[1])]
    kept = [[value for c, value in enumerate(row) if c not in never(game, a)] for row in rows]
    return float(sum(max(row) - min(row) for row in kept)) / weight(game, pairs(game))


def lacking(game: Conversation, profile: list[Any], bob: int, lottery: Any) -> float:
    """Return what Alice would gain by disobeying or ignoring, in what she has at stake at that feature."""
    total, worst = weight(game, pairs(game)), 0.0
    alone = by_hand.response(game, [rule for j, rule in enumerate(profile) if j != bob], 2)
    for a in range(game.sizes[0]):
        row = [sums(game, 0, [(a, b)]) for b in range(game.sizes[1])]
        stake = kept_range(game, 0, a) or 1.0
        seen = [b for b in range(game.sizes[1]) if weight(game, [(a, b)])]
        worst = max(worst, sum(float(lottery[a, b, c]) for b in seen for c in never(game, a)))
        for advice, done in product(range(game.sizes[2]), repeat=2):
            gain = sum(
                float(lottery[a, b, advice]) * float(row[b][done] - row[b][advice]) for b in range(game.sizes[1])
            )
            worst = max(worst, gain / total / stake)
        without = sum(float(p) * float(row[b][c]) for b in range(game.sizes[1]) for c, p in alone[a][b].items())
        obeyed = sum(float(lottery[a, b] @ np.array(values, dtype=float)) for b, values in enumerate(row))
        worst = max(worst, (without - obeyed) / total / stake)
    return worst


@pytest.mark.parametrize("never_taken", [10.0, 1e6, 1e12])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("hers", [-1.0, 0.4])
def test_what_alice_never_does_is_no_measure_of_what_a_bob_can_gain(never_taken: float, sign: int, hers: float) -> None:
    """Silence gives the Bob 1, telling less: a lottery of less than 1 bounds nothing, whatever the third action is.

    It is worse for Alice than each other one is, or than a lottery over both.
    """
    bob = [[1, 1], [0, 0], [sign * never_taken] * 2]
    game = Conversation([[1, 0], [0, 1], [hers, hers]], [bob], 1, prior_weights=[[[2, 0], [0, 1]]])
    found = bigopt.solve(game, "deviation", player=0)
    assert found.solved and found.at_least == 1.0 and found.at_most == pytest.approx(1.0, abs=1e-9)
    for lottery in ([[[1, 0, 0], [0, 1, 0]]], [[[0.999, 0.001, 0], [1, 0, 0]]]):
        certificate = judged(game, "deviation", {"lottery": lottery, "player": 0})[1]
        assert "gap" in [check.name for check in certificate.failed]


# ---- sampled conversations


@pytest.mark.parametrize("given", [None, "x_A 2"])
def test_sample(given: str | None) -> None:
    game = drawn(4, profile=SPEAK["asked"])
    options: dict[str, Any] = {"draws": 6} if given is None else {"draws": 6, "given": given}
    draws = bigopt.solve(game, "sample", options=options).fields["draws"]
    table = by_hand.response(game, told(game), 2)
    rows = [0, 1, 2] if given is None else [2]
    for wrong, point in enumerate((draws, [draws[0] | {"action": (draws[0]["action"] + 1) % 3}, *draws[1:]])):
        fields, certificate = judged(game, "sample", {"draws": point}, options=options)
        utilities = [game.alice, *game.bobs]
        same(
            fields,
            {
                "draws": fields["draws"],
                "means": [sum(float(u[d["action"], d["state"]]) for d in point) / 6 for u in utilities],
                "expected": [by_hand.worth(game, player, table, rows) for player in range(3)],
            },
        )
        assert fields["draws"] == point
        assert checks(certificate) == [("replay", float(wrong), 0.0, "conversations", "recomputed")]


def test_sampled_conversations_with_another_feature_than_the_given_one() -> None:
    game = drawn(4, profile=SPEAK["asked"])
    draws = bigopt.solve(game, "sample", options={"given": "x_A 2"}).fields["draws"]
    assert judged(game, "sample", {"draws": draws})[1].verified
    assert checks(judged(game, "sample", {"draws": draws}, options={"given": "x_A 1"})[1])[0][1] == 10.0
    wrong: list[Any] = [[], None, {}, {"0": draws[0]}]
    for nothing in wrong:
        with pytest.raises(InstanceError, match="draws: expected a list"):
            judged(game, "sample", {"draws": nothing})
    for key, size, value in (("x_A", 3, 3), ("x_B", 2, 2), ("state", 2, 2), ("action", 3, 3)):
        with pytest.raises(InstanceError, match=rf"^draws\[1\].{key}: {value}, expected an index up to {size - 1}$"):
            judged(game, "sample", {"draws": [draws[0], draws[1] | {key: value}]})
