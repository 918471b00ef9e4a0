"""Best-AI selection of one round: every field and check by loops over outcomes, every false claim refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bigopt.alice import combination
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact import equilibria
from tests.conversation.loops import Letters, epsilon, judged, said, with_ties

Fields = dict[str, Any]


def selected(game: Conversation, alphabet: int) -> Fields:
    """Judge every outcome of a single rule by Definitions 16 and 17: all Bobs play it, and one offers another."""
    table = Letters(game, alphabet)
    every = sorted({table.values(table.play([rule])) for rule in table.rules})
    bobs = range(1, game.k + 1)

    def better(f: Any, g: Any, j: int, ties: bool) -> bool:
        chosen = g[0] > f[0] or (ties and j == 1 and g[0] == f[0]) or game.k == 1
        return chosen and bool(g[j] > f[j])

    exact = [f for f in every if not any(better(f, g, j, True) for g in every for j in bobs)]
    kept = exact if game.k == 1 else [f for f in every if not any(better(f, g, j, False) for g in every for j in bobs)]
    leader, error = float(every[-1][0]), epsilon(game)
    worst = float(kept[0][0])
    return {
        "count": len(kept),
        "count_nash": len(exact),
        "worst": worst,
        "best": float(kept[-1][0]),
        "worst_nash": float(exact[0][0]),
        "leader": leader,
        "outcomes": [{"alice": float(f[0]), "bobs": [float(v) for v in f[1:]]} for f in kept],
        "epsilon": error,
        "bound": leader - 2 * error,
        "slack": worst - leader + 2 * error,
    }


SELECTED = [(22, 2), (30, 2), (5, 2), (46, 2), (22, 1), (4, 1), (11, 3), (8, 3)]


@pytest.mark.parametrize(("seed", "bobs"), SELECTED)
def test_selection(seed: int, bobs: int) -> None:
    game = with_ties(seed, bobs=bobs)
    known = selected(game, 2)
    fields, certificate = judged(game, "selection", {}, {"letters": 2})
    assert set(fields) == set(known)
    for name, value in known.items():
        if name == "outcomes":
            assert [set(one) for one in fields[name]] == [{"alice", "bobs"}] * len(value)
            for here, there in zip(fields[name], value, strict=True):
                assert [here["alice"], *here["bobs"]] == pytest.approx([there["alice"], *there["bobs"]])
        else:
            assert fields[name] == pytest.approx(value, abs=1e-9), name
    assert said(certificate) == [
        ("outcomes", 0.0, 0.0, "fields", "recomputed", True),
        ("Theorem 6", 0.0, 1e-9, "utility range", "proved", True),
    ]
    for name in ("count", "count_nash", "worst", "best", "leader"):
        wrong = {name: known[name] + 1}
        assert judged(game, "selection", wrong, {"letters": 2})[1].checks[0].value == 1.0
        assert judged(game, "selection", {name: fields[name]}, {"letters": 2})[1].verified


def test_selection_tells_ties_apart() -> None:
    """The drawn games have outcomes that are stable and no equilibria: the first Bob offers Alice what is as good."""
    found = [selected(with_ties(seed, bobs=bobs), 2) for seed, bobs in SELECTED]
    assert any(one["count"] > one["count_nash"] for one in found) and any(one["count_nash"] > 1 for one in found)


def test_selection_tells_long_numbers_apart() -> None:
    """Totals of the Bobs between 2^63 and 2^64, which floats would round: a gain of 10^-16 is one."""
    weights = [[[18006, 7], [1, 7]], [[4, 5], [6, 3]]]
    a, b, c = 0.777777777777771, 0.777777777777772, 0.777777777777773
    game = Conversation([[0.8, 0], [0.2, 0.3]], [[[b, b], [a, a]], [[a, a], [a, c]]], 1, prior_weights=weights)
    totals = equilibria.table(game, 2, 1).totals
    assert 2**63 < totals.max() < 2**64 and len(np.unique(totals[:, 0])) > 1
    known, fields = selected(game, 2), judged(game, "selection", {}, {"letters": 2})[0]
    assert fields["count"] == known["count"] == 1 and fields["outcomes"] == known["outcomes"]


def test_theorem_6_is_measured_in_alices_range(monkeypatch: pytest.MonkeyPatch) -> None:
    game = with_ties(22)
    flat = Conversation(np.full((3, 3), 2.5), list(game.bobs), 1, prior_weights=game.prior_weights)
    for one, span in ((game, np.ptp(game.alice)), (flat, 1.0)):
        fit = combination.fit(*one.outcome_utilities())
        with monkeypatch.context() as patched:
            patched.setattr(combination, "fit", lambda *_, fit=fit, **__: replace(fit, epsilon=-5.0))
            fields, certificate = judged(one, "selection", {}, {"letters": 2})
        assert certificate.checks[1].value == pytest.approx((fields["leader"] + 10 - fields["worst"]) / span)
        assert [check.name for check in certificate.failed] == ["Theorem 6"]


def test_selection_refuses_by_the_rules_of_one_bob(monkeypatch: pytest.MonkeyPatch) -> None:
    game = with_ties(5)
    monkeypatch.setattr(equilibria, "PROFILES", 16)  # four partitions after each of two letters
    assert judged(game, "selection", {}, {"letters": 2})[1].verified
