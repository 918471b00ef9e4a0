"""The rule of finite choices: a short search in place of all choices, held against all choices."""

import itertools
import math
from fractions import Fraction
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import catalog
from bigopt.engine.prove import prove
from bigopt.errors import LimitReached, SolverFailed
from bigopt.files.exact import read_exact
from bigopt.games.subsets.prove import nash


def brute(data: dict[str, Any], profile: tuple[tuple[int, ...], ...]) -> bool:
    """Whether nobody can do better, by going through all his choices."""
    pick = itertools.combinations_with_replacement if data["repeats"] else itertools.combinations
    items, weights = data["items"], data["weights"]

    def loss(i: int, f: tuple[tuple[int, ...], ...]) -> Fraction:
        hat = [sum(w * items[k][c] for w, own in zip(weights, f, strict=True) for k in own) for c in range(2)]
        return sum(((h - t) ** 2 for h, t in zip(hat, data["targets"][i], strict=True)), Fraction(0))

    everything = [list(pick(range(len(items)), int(size))) for size in data["sizes"]]
    return all(
        loss(i, profile) <= loss(i, (*profile[:i], other, *profile[i + 1 :]))
        for i in range(len(weights))
        for other in everything[i]
    )


@pytest.mark.parametrize("repeats", [False, True])
def test_the_search_refutes_exactly_what_all_choices_refute(checker: ModuleType, repeats: bool) -> None:
    """Random profiles of random games, ties among them: accepted if and only if they are equilibria."""
    rng = np.random.default_rng(3)
    seen = {True: 0, False: 0}
    pick = itertools.combinations_with_replacement if repeats else itertools.combinations
    for _ in range(5):
        items = [[Fraction(int(v)) for v in row] for row in rng.integers(-2, 3, (5, 2))]
        data: dict[str, Any] = {
            "kind": "subsets",
            "repeats": repeats,
            "items": items,
            "sizes": [Fraction(2), Fraction(1)],
            "weights": [Fraction(1), Fraction(-1, 2)],
            "targets": [[Fraction(int(v), 2) for v in row] for row in rng.integers(-6, 7, (2, 2))],
        }
        for profile in itertools.product(*(list(pick(range(5), k)) for k in (2, 1))):
            witness = {"choices": [[Fraction(k) for k in choice] for choice in profile]}
            try:
                facts = checker.derived(data, "nash", witness)
            except checker.Refuted:
                facts = None
            assert (facts is not None) == brute(data, profile), (data, profile)
            seen[facts is not None] += 1
        count = sum(brute(data, profile) for profile in itertools.product(*(list(pick(range(5), k)) for k in (2, 1))))
        assert checker.derived(data, "all-nash", {})["count"] == count
    assert min(seen.values()) > 2


def test_games_of_billions_of_choices_are_proved(checker: ModuleType) -> None:
    """A lone player far below his target takes the ten largest of sixty numbers: 75,394,027,566 choices."""
    assert math.comb(60, 10) == 75_394_027_566
    one = [Fraction(1)]
    game = {"kind": "subsets", "items": [[Fraction(k * k)] for k in range(60)], "weights": one, "sizes": [Fraction(10)]}
    game |= {"targets": [[Fraction(10**6)]]}
    best = list(range(50, 60))
    facts = checker.derived(game, "nash", {"choices": [[Fraction(k) for k in best]]})
    assert facts["losses"] == [(10**6 - sum(k * k for k in best)) ** 2] and "potential" not in facts
    for choice in ([49, *range(51, 60)], best[:-1], [*best[:-1], 60], [50, *best[:-1]], [-1, *best[1:]]):
        with pytest.raises(checker.Refuted):
            checker.derived(game, "nash", {"choices": [[Fraction(k) for k in choice]]})
    with pytest.raises(checker.Refuted, match="at most 200000 profiles"):
        checker.derived(game, "all-nash", {})


def test_the_prover_takes_games_of_any_size(checker: ModuleType, tmp_path: Path) -> None:
    """Of 60 choose 7 = 386,206,920 the first seven powers of two alone reach the target."""
    path = tmp_path / "game.json"
    items = [[2.0**k if k < 7 else 1000.0 + k] for k in range(60)]
    bigopt.save(bigopt.Subsets([1.0], [[127.0]], items, [7]), path)
    made = nash(read_exact(path), SimpleNamespace(choices=[range(7)]))
    assert made.claims["losses"] == [0] and made.words == ("nobody can do better alone",)
    with pytest.raises(SolverFailed, match="better"):
        nash(read_exact(path), SimpleNamespace(choices=[range(1, 8)]))


def test_an_equilibrium_is_proved_where_the_least_potential_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solve ends short of a proof of the minimum, with an equilibrium: that much is proved."""

    def never(*words: Any) -> Any:
        raise LimitReached("too many profiles")

    monkeypatch.setattr("bigopt.games.subsets.nash.minimize", never)
    monkeypatch.setattr("bigopt.games.subsets.nash.slack", lambda *words: 1)
    path = catalog.instance("subsets/news-feed-2d-easy")
    solution = bigopt.solve(bigopt.load(path), "nash")
    assert (solution.outcome.stopped, solution.outcome.holds) == ("iterationLimit", "feasible")
    made = prove(path, "nash")
    assert made["words"][0] == "nobody can do better alone"
    assert brute(read_exact(path), tuple(tuple(map(int, choice)) for choice in made["claims"]["choices"]))
