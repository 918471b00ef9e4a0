"""Every field and every check of the certificates against loops and scipy's programs, on games of whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.errors import BigoptError
from tests.persuasion.by_hand import (
    RULES,
    SIGNAL,
    best_reply,
    binding,
    bound,
    by_maps,
    cautious,
    distance,
    drawn,
    mean,
    messages,
    revealing,
    spread_of,
    values,
    verified,
)


def same(found: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Every field that is known by hand, and no other."""
    assert set(found) == set(known)
    for key, value in known.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            assert len(found[key]) == len(value)
            for here, there in zip(found[key], value, strict=True):
                same(here, there)
        elif isinstance(value, list) and len({np.shape(entry) for entry in value}) > 1:
            for here, there in zip(found[key], value, strict=True):
                assert np.asarray(here) == pytest.approx(np.asarray(there), abs=1e-9), key
        elif isinstance(value, (str, bool, type(None))):
            assert found[key] == value, key
        else:
            assert (found[key] if isinstance(value, dict) else np.asarray(found[key])) == pytest.approx(
                value if isinstance(value, dict) else np.asarray(value), abs=1e-9
            ), key


@pytest.mark.parametrize("asked", [None, 0.5])
@pytest.mark.parametrize("bob", ["bob 0", "bob 1", "aligned"])
@pytest.mark.parametrize("rule", RULES)
def test_signaling(rule: str, bob: str, asked: float | None) -> None:
    game = drawn(RULES[rule])
    utility = game.alice if bob == "aligned" else game.utilities[game.names.index(bob)]
    point = dict(bigopt.solve(game, bob=bob).fields)
    scheme = point["scheme"]
    ones = [[1.0]] * 4
    fields, certificate = verified(game, "signaling", point, bob=bob, options={"margin": asked})
    margin = asked if asked is not None else game.margin or 0.01 * float(np.ptp(game.alice))
    value, robust = best_reply(game, utility, ones, game.margin), best_reply(game, utility, ones, margin)
    same(
        fields | {"price_of_margin": None, "prices": None},
        {
            "bob": bob,
            "scheme": scheme,
            "value": value,
            "alice": mean(game, game.alice, scheme),
            "first_best": sum(p * max(row) for p, row in zip(game.prior, game.alice, strict=True)),
            "bound": value,
            "values": {
                "sender": mean(game, utility, spread_of(game, [scheme], [utility])),
                "first": mean(game, utility, spread_of(game, [scheme], [])),
                "margin": cautious(game, scheme, utility, margin),
            },
            "margin": margin,
            "robust_value": robust,
            "robust_cost": value - robust,
            "binding": binding(game, scheme),
            "prices": None,
            "price_of_margin": None,
            "messages": messages(game, scheme),
        },
    )
    costs = sum(price * sum(game.prior[s] * scheme[s][told] for s in range(4)) for told, _, price in fields["prices"])
    assert fields["price_of_margin"] == pytest.approx(costs, abs=1e-9)
    assert bound(game, utility, fields["prices"]) == pytest.approx(value, abs=1e-9)
    assert values(certificate) == pytest.approx({"simplex": 0.0, "obedience": 0.0, "optimality": 0.0}, abs=1e-9)
    assert certificate.max_regret == pytest.approx(0.0, abs=1e-9) and certificate.tolerance == 1e-6


@pytest.mark.parametrize("rule", ["sender", "first"])
@pytest.mark.parametrize("bob", ["bob 0", "bob 1", "aligned"])
def test_signaling_beside_what_alice_sees(rule: str, bob: str) -> None:
    game = drawn(rule, signal=SIGNAL)
    utility = game.alice if bob == "aligned" else game.utilities[game.names.index(bob)]
    point = bigopt.solve(game, bob=bob).fields
    scheme, maps = point["scheme"], point["recommendations"]
    fields, certificate = verified(game, "signaling", point, bob=bob)
    value = best_reply(game, utility, SIGNAL)
    same(
        fields,
        {
            "bob": bob,
            "scheme": scheme,
            "recommendations": maps,
            "value": value,
            "alice": mean(game, game.alice, by_maps(game, scheme, SIGNAL, maps)),
            "first_best": game.first_best,
            "bound": value,
            "values": {
                "sender": mean(game, utility, spread_of(game, [scheme, SIGNAL], [utility])),
                "first": mean(game, utility, spread_of(game, [scheme, SIGNAL], [])),
            },
            "messages": messages(game, scheme),
        },
    )
    assert value == pytest.approx(mean(game, utility, by_maps(game, scheme, SIGNAL, maps)))
    assert values(certificate) == pytest.approx({"simplex": 0.0, "obedience": 0.0, "optimality": 0.0}, abs=1e-9)
    assert certificate.max_regret == pytest.approx(0.0, abs=1e-9) and certificate.tolerance == 1e-6


@pytest.mark.parametrize("seed", range(2))
def test_first_best(seed: int) -> None:
    game = drawn(seed=seed)
    worse = [1 - int(np.argmax(row)) if np.argmax(row) < 2 else 0 for row in game.alice]
    for actions in (game.alice.argmax(axis=1).tolist(), worse):
        fields, certificate = verified(game, "first-best", {"actions": actions})
        spread = np.eye(3)[actions]
        opt = mean(game, game.alice, spread)
        alone = max(mean(game, game.alice, np.eye(3)[[a] * 4]) for a in range(3))
        bobs = [mean(game, utility, spread) for utility in game.utilities]
        same(fields, {"actions": actions, "opt": opt, "alone": alone, "bobs": bobs})
        wrong = sum(p for p, row, a in zip(game.prior, game.alice, actions, strict=True) if row[a] < max(row))
        assert values(certificate) == pytest.approx({"optimality": wrong})
        assert certificate.checks[0].grade == "proved" and certificate.verified == (not wrong)
        assert certificate.max_regret == pytest.approx(game.first_best - opt, abs=1e-12)
    with pytest.raises(BigoptError, match="actions: 3, expected below 3"):
        verified(game, "first-best", {"actions": [0, 0, 3, 0]})


@pytest.mark.parametrize("signal", [None, SIGNAL], ids=["alone", "seeing"])
@pytest.mark.parametrize("rule", ["sender", "first"])
def test_oblivious(rule: str, signal: Any) -> None:
    game = drawn(rule, signal=signal)
    kernel = [[1.0]] * 4 if signal is None else signal
    schemes = bigopt.solve(game, "oblivious").schemes
    fields, certificate = verified(game, "oblivious", {"schemes": schemes})
    order = list(game.utilities) if rule == "sender" else []
    spread = spread_of(game, [*schemes, kernel], order)
    combined = mean(game, game.alice, spread)
    silent = spread_of(game, [kernel], [])
    splits = fields["split"]
    assert (splits is None) == (signal is not None)
    if splits is not None:
        assert len(splits) == 2 and all(combined - 1e-9 <= value <= game.first_best + 1e-9 for value in splits)
    same(
        fields,
        {
            "schemes": list(schemes),
            "expected": [best_reply(game, utility, kernel) for utility in game.utilities],
            "combined": combined,
            "first_best": game.first_best,
            "gap": game.first_best - combined,
            "alone": mean(game, game.alice, silent),
            "bobs": [mean(game, utility, spread) for utility in game.utilities],
            "split": splits,
        },
    )
    assert values(certificate) == pytest.approx({"simplex": 0.0, "obedience": 0.0, "optimality": 0.0}, abs=1e-9)
    assert certificate.max_regret is None and certificate.tolerance == 1e-6


PROFILES: dict[str, list[Any]] = {
    "full": [np.eye(4), np.eye(4)],
    "one tells": [np.eye(4), np.ones((4, 1))],
    "silent": [np.ones((4, 1)), np.ones((4, 1))],
    "never": [[[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], np.ones((4, 1))],  # the last state is not to be told
    "halves": [[[1, 0], [1, 0], [0.5, 0.5], [0, 1]], [[0.25, 0.75], [1, 0], [0, 1], [1, 0]]],
}


@pytest.mark.parametrize(("name", "rule"), [*((name, "sender") for name in PROFILES), ("halves", "first")])
def test_joint(name: str, rule: str) -> None:
    game, schemes = drawn(rule), [np.asarray(scheme, dtype=float) for scheme in PROFILES[name]]
    fields, certificate = verified(game, "joint", {"schemes": schemes})
    spread = spread_of(game, schemes, list(game.utilities) if rule == "sender" else [])
    alice, bobs = mean(game, game.alice, spread), [mean(game, u, spread) for u in game.utilities]
    best = [best_reply(game, u, schemes[1 - j]) for j, u in enumerate(game.utilities)]
    regrets = [max(0.0, top - now) for top, now in zip(best, bobs, strict=True)]
    near, far = distance(game, True)[0], distance(game, False)[0]
    same(
        fields,
        {
            "schemes": schemes,
            "alice": alice,
            "bobs": bobs,
            "regrets": regrets,
            "equilibrium": max(regrets) <= 1e-6,
            "full_disclosure": [j for j, scheme in enumerate(schemes) if revealing(game, scheme)],
            "first_best": game.first_best,
            "aligned": game.first_best,
            "epsilon": near,
            "bound": game.first_best - 2 * near,
            "epsilon_any_sum": far,
            "bound_any_sum": game.first_best - 2 * far,
        },
    )
    assert list(values(certificate)) == ["simplex", "regret", "theorem 1", "theorem 1, weights of any sum"]
    assert {c.name: c.grade for c in certificate.checks} == dict.fromkeys(values(certificate), "proved")
    assert (values(certificate)["regret"] <= 1e-6) == fields["equilibrium"] == certificate.verified
    assert certificate.max_regret == pytest.approx(max(regrets), abs=1e-9) and certificate.tolerance == 1e-6


@pytest.mark.parametrize(
    ("asked", "told"),
    [({"bob": "bob 1"}, True), ({"player": 1}, False), ({"bob": "bob 0"}, True), ({}, False)],
    ids=str,
)
def test_best_response(asked: dict[str, Any], told: bool) -> None:
    game, profile = drawn(), [np.asarray(scheme, dtype=float) for scheme in PROFILES["halves"]]
    j = 1 if asked.get("bob") == "bob 1" or asked.get("player") == 1 else 0
    utility, others = game.utilities[j], profile[1 - j]
    found = bigopt.solve(game, "best-response", profile=profile, **asked).fields
    scheme, maps = found["scheme"], found["recommendations"]
    point = {"scheme": scheme, "recommendations": maps} if told else {"scheme": scheme}
    fields, certificate = verified(game, "best-response", point, profile=profile, **asked)
    value = best_reply(game, utility, others)
    current = mean(game, utility, spread_of(game, profile, list(game.utilities)))
    maps = maps if told else fields["recommendations"]  # a message that cannot be sent may be answered by any action
    spread = by_maps(game, scheme, fields["messages"], maps)
    assert mean(game, utility, spread) == pytest.approx(value)
    same(
        fields,
        {
            "bob": f"bob {j}",
            "scheme": scheme,
            "recommendations": maps,
            "messages": others[:, np.lexsort(others[::-1])],
            "value": value,
            "current": current,
            "regret": max(0.0, value - current),
            "alice": mean(game, game.alice, spread),
            "bound": value,
            "profile": profile,
        },
    )
    assert certificate.verified and certificate.tolerance == 1e-6
    assert certificate.max_regret == pytest.approx(0.0, abs=1e-9)
