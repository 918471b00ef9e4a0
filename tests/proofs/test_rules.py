"""Rules for sets of equilibria, several senders and lotteries, each held against an independent reason."""

import copy
import itertools
import json
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import catalog
from bigopt.engine.prove import prove
from bigopt.errors import UnsupportedProblem
from bigopt.places import folder, load


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    return load(folder("checker") / "check_proof.py")


def proved(checker: ModuleType, path: Path, concept: str, **asked: Any) -> dict[str, Any]:
    """Return a proof that the checker accepts."""
    made: dict[str, Any] = json.loads(json.dumps(prove(path, concept, **asked)))
    assert checker.check(checker.load(path), made)
    return made


def refuted(checker: ModuleType, path: Path, made: dict[str, Any], key: str, value: Any) -> None:
    """Insist that another claim is refuted."""
    mutant = copy.deepcopy(made)
    mutant["claims"][key] = value
    with pytest.raises(checker.Refuted):
        checker.check(checker.load(path), mutant)


def saved(game: Any, tmp_path: Path) -> Path:
    path = tmp_path / "game.json"
    bigopt.save(game, path)
    return path


SETS = {
    "box": bigopt.Box([-2.0, -2.0], [2.0, 2.0]),
    "hull": bigopt.Hull([[-2.0, -2.0], [-2.0, 2.0], [2.0, -2.0], [2.0, 2.0]]),
    "polytope": bigopt.Polytope(np.vstack([np.eye(2), -np.eye(2)]), [2.0] * 4),
}


@pytest.mark.parametrize("space", SETS)
def test_one_square_written_in_three_ways_has_one_set_of_equilibria(
    checker: ModuleType, tmp_path: Path, space: str
) -> None:
    """Example 2: {((2, z), (-2, -z))}, dimension 1; whatever describes the square."""
    game = bigopt.Influencers([1.0, 1.0], [[1.0, 0.0], [-1.0, 0.0]], SETS[space])
    path = saved(game, tmp_path)
    made = proved(checker, path, "ne-set")
    assert made["claims"]["ranges"] == [[["2", "2"], ["-2", "2"]], [["-2", "-2"], ["-2", "2"]]]
    assert (made["claims"]["dimension"], made["claims"]["unique"]) == ("1", False)
    refuted(checker, path, made, "dimension", "0")
    refuted(checker, path, made, "unique", True)
    refuted(checker, path, made, "ranges", [[["2", "2"], ["-1", "2"]], [["-2", "-2"], ["-2", "2"]]])
    assert proved(checker, path, "nash")["claims"]["dimension"] == "1"


def test_dimensions_are_those_of_the_formula_on_boxes(checker: ModuleType, tmp_path: Path) -> None:
    """Players who share a target: tied ones less one where their supply is inside its range, and those of weight 0."""
    rng = np.random.default_rng(5)
    seen = set()
    for _ in range(8):
        n = int(rng.integers(2, 5))
        weights = np.round(rng.choice([0.0, 0.5, 1.0, -1.0], n), 1)
        targets = np.round(rng.choice([-1.0, 0.0, 0.5], (n, 1)), 1)
        game = bigopt.Influencers(weights, targets, bigopt.Box([-1.0], [1.0]))
        path = saved(game, tmp_path)
        made = proved(checker, path, "ne-set")
        hat = float(Fraction(made["claims"]["receiver"][0]))
        tied = [i for i in range(n) if weights[i] and abs(targets[i, 0] - hat) < 1e-12]
        rest = hat - sum(
            weights[i] * np.sign(weights[i] * (targets[i, 0] - hat)) for i in range(n) if weights[i] and i not in tied
        )
        room = sum(abs(weights[i]) for i in tied)
        moving = len(tied) - 1 if tied and abs(rest) < room - 1e-9 else 0
        assert made["claims"]["dimension"] == str(moving + int((weights == 0).sum()))
        seen.add(made["claims"]["dimension"])
    assert len(seen) > 1


def test_full_disclosure_leaves_nobody_a_regret(checker: ModuleType) -> None:
    """Where a rival tells everything another scheme changes nothing; one alone can gain by hiding."""
    path = catalog.instance("persuasion/courtroom")
    told = [[[1.0, 0.0], [0.0, 1.0]]] * 2
    made = proved(checker, path, "joint", profile=told)
    assert (made["claims"]["alice"], made["claims"]["regrets"]) == ("2", ["0", "0"])
    silent = [told[0], [[1.0], [1.0]]]
    alone = proved(checker, path, "joint", profile=silent)
    gain = [Fraction(v["upper"] if isinstance(v, dict) else v) for v in alone["claims"]["regrets"]]
    best = Fraction(prove(path, "signaling", bob="prosecutor")["claims"]["value"])
    assert gain == [best - Fraction(alone["claims"]["bobs"][0]), 0]  # against silence he is a single sender
    refuted(checker, path, alone, "regrets", ["0", "0"])
    refuted(checker, path, alone, "alice", "1")


def test_margins_cost_the_sender(checker: ModuleType, tmp_path: Path) -> None:
    """Prior .3: guilt must outweigh innocence by the margin m: 3 >= x + m (3 + x), x the innocent share of 7."""
    data = json.loads(catalog.instance("persuasion/kamenica-gentzkow").read_text())
    for margin in (Fraction(0), Fraction(1, 10), Fraction(1, 4)):
        path = tmp_path / "game.json"
        path.write_text(json.dumps(data | {"tie_break": {"margin": float(margin)}}))
        made = proved(checker, path, "signaling")
        x = (3 - 3 * margin) / (1 + margin)
        assert Fraction(made["claims"]["value"]) == (3 + x) / 10
        refuted(checker, path, made, "value", str((3 + x) / 10 + Fraction(1, 10**9)))


@pytest.mark.parametrize("worth", [-1e9, 5.0, 1e9])
def test_an_action_that_alice_never_takes_changes_no_exact_value(
    checker: ModuleType, tmp_path: Path, worth: float
) -> None:
    """The judge's 3/5 and 7/10 stay, whatever the prosecutor gets for what costs her 1e9."""
    data = json.loads(catalog.instance("persuasion/kamenica-gentzkow").read_text())
    bobs = [{"name": "prosecutor", "utility": [[0, 1, worth], [0, 1, worth]]}]
    game = {"actions": ["acquit", "convict", "never"], "alice": [[0, 1, -1e9], [1, 0, -1e9]], "bobs": bobs}
    path = tmp_path / "game.json"
    path.write_text(json.dumps(data | game))
    claims = proved(checker, path, "signaling")["claims"]
    assert (claims["value"], claims["alice"]) == ("3/5", "7/10")
    solution = bigopt.solve(bigopt.load(path), "signaling")
    assert (solution.exact["value"], solution.exact["alice"]) == (Fraction(3, 5), Fraction(7, 10))


@pytest.mark.parametrize("name", ["12", "4.50", "3/2"])
def test_names_that_look_like_numbers_are_names(checker: ModuleType, tmp_path: Path, name: str) -> None:
    data = json.loads(catalog.instance("persuasion/kamenica-gentzkow").read_text())
    path = tmp_path / "game.json"
    bobs = [data["bobs"][0] | {"name": name}, {"name": "1.5", "utility": data["alice"]}]
    path.write_text(json.dumps(data | {"bobs": bobs}))
    made = proved(checker, path, "signaling", bob=name)
    assert (made["claims"]["bob"], made["claims"]["value"]) == (name, "3/5")
    refuted(checker, path, made, "bob", "1.5")


def stable_lotteries(tables: Any, steps: int) -> float:
    """Return Alice's least utility over a grid of lotteries (two states, two policies) that the grid leaves stable."""
    shares = [np.array(p) / steps for p in itertools.product(range(steps + 1), repeat=2)]
    values = np.array([[sum(t[s] @ [1 - f[s], f[s]] for s in range(2)) / 2 for t in tables] for f in shares])
    better = values[None, :, 0] > values[:, None, 0] + 1e-12
    blocked = (better[:, :, None] & (values[None, :, 1:] > values[:, None, 1:] + 1e-12)).any(axis=(1, 2))
    return float(values[~blocked, 0].min())


def test_the_worst_lottery_is_that_of_a_grid(checker: ModuleType, tmp_path: Path) -> None:
    """Two states, two policies: all lotteries in steps of 1/24 tried against one another."""
    rng = np.random.default_rng(2)
    below = 0
    for _ in range(5):
        tables = rng.integers(0, 5, (3, 2, 2))
        bobs = [{"name": f"b{j}", "utility": t.tolist()} for j, t in enumerate(tables[1:])]
        data = {"format": "bigopt/1", "kind": "market", "name": "two", "states": ["s", "t"], "bobs": bobs}
        path = tmp_path / "game.json"
        path.write_text(json.dumps(data | {"alice": tables[0].tolist(), "policies": [["a", "b"]] * 2}))
        made = proved(checker, path, "worst", options={"schemes": "randomized"})
        worst = Fraction(made["claims"]["alice"])
        assert abs(float(worst) - stable_lotteries(tables, 24)) <= 2 * 4 / 24  # two steps of the largest utility
        below += worst < Fraction(made["claims"]["opt"])
        refuted(checker, path, made, "alice", str(worst - Fraction(1, 10**6)))
        refuted(checker, path, made, "randomized", False)
        if made["witness"]["spans"]:
            short = copy.deepcopy(made)
            short["witness"]["spans"] = short["witness"]["spans"][1:]
            with pytest.raises(checker.Refuted):
                checker.check(checker.load(path), short)
    assert below


def test_nash_equilibria_of_markets_are_claimed_as_such(checker: ModuleType) -> None:
    path = catalog.instance("market/synthetic-1")
    made = proved(checker, path, "stable", options={"equilibrium": "nash"})
    assert made["claims"]["nash"] is True
    refuted(checker, path, made, "nash", False)
    silent = made | {"claims": {key: value for key, value in made["claims"].items() if key != "nash"}}
    with pytest.raises(checker.Refuted, match="what was asked"):  # the rest alone would read as a claim of all schemes
        checker.check(checker.load(path), silent)
    solution = bigopt.solve(bigopt.load(path), "stable")
    assert made["claims"]["count"] == str(solution.count_nash)


@pytest.mark.parametrize("options", [{"schemes": "randomized"}, {"obedience": "true"}])
def test_what_was_asked_of_lotteries_is_claimed(checker: ModuleType, options: dict[str, str]) -> None:
    """1/2 is the worst of all stable lotteries, 3 of those that she obeys: neither is claimed of anything else."""
    path = catalog.instance("market/lotteries")
    made = proved(checker, path, "worst", options=options)
    assert made["claims"]["alice"] == ("3" if "obedience" in options else "1/2")
    for key in ("randomized", "obedience", "nash"):
        refuted(checker, path, made, key, not made["claims"][key])
        silent = made | {"claims": {other: value for other, value in made["claims"].items() if other != key}}
        with pytest.raises(checker.Refuted, match="what was asked"):
            checker.check(checker.load(path), silent)
    for other in (False, True):  # nor do the multipliers of one prove the other
        foreign = copy.deepcopy(made)
        foreign["witness"]["obedience"] = foreign["claims"]["obedience"] = other
        if other != ("obedience" in options):
            with pytest.raises(checker.Refuted):
                checker.check(checker.load(path), foreign)


@pytest.mark.parametrize(
    ("name", "concept", "options"),
    [
        ("big/ball-middle-target", "ne-set", {}),
        ("conversation/parity-code", "aligned-leader", {"rounds": "3"}),
    ],
)
def test_what_has_no_rule_says_so(name: str, concept: str, options: dict[str, str]) -> None:
    with pytest.raises(UnsupportedProblem, match="prove: "):
        prove(catalog.instance(name), concept, options=options)


def test_a_utility_as_small_as_floats_get_is_proved(checker: ModuleType, tmp_path: Path) -> None:
    """A constant Bob misses Alice by half of what she can have."""
    bobs = [bigopt.Bob("constant", [[4.0, 4.0]]), bigopt.Bob("other", [[-1.0, 0.0]])]
    game = bigopt.Persuasion(["s"], ["a", "b"], [[5e-324, 0.0]], bobs, prior=[1.0])
    made = proved(checker, saved(game, tmp_path), "alignment")
    assert 0 <= Fraction(made["claims"]["epsilon"]["upper"]) <= Fraction("1e-60")  # intervals are rounded outwards


def best_talk(data: dict[str, Any], letters: int) -> Fraction:
    """Return what Alice gets from the best rules of one round: hers, a Bob's answer to each of her letters."""
    P, u = data["prior_weights"], data["alice"]
    mass = sum(sum(map(sum, line)) for line in P)
    best = Fraction(0)
    for hers in itertools.product(range(letters), repeat=len(P)):
        value = Fraction(0)
        for letter in set(hers):
            told = [a for a, said in enumerate(hers) if said == letter]
            value += max(
                sum(
                    max(
                        sum(p * row[s] for b, said in enumerate(his) if said == heard for s, p in enumerate(P[a][b]))
                        for row in u
                    )
                    for heard in set(his)
                    for a in told
                )
                for his in itertools.product(range(letters), repeat=len(P[0]))
            )
        best = max(best, value / Fraction(mass))
    return best


@pytest.mark.parametrize("letters", [2, 3])
def test_talk_with_an_aligned_leader_is_worth_what_its_best_rules_give(
    checker: ModuleType, tmp_path: Path, letters: int
) -> None:
    """One round, all rules of both speakers gone through."""
    rng = np.random.default_rng(letters)
    for _ in range(3):
        data: dict[str, Any] = {"format": "bigopt/1", "kind": "conversation", "name": "talk", "rounds": 1}
        data |= {"prior_weights": rng.integers(0, 5, (2, 4, 3)).tolist(), "alice": rng.integers(-3, 4, (3, 3)).tolist()}
        data |= {"bobs": [{"name": "b", "utility": data["alice"]}], "alice_features": ["0", "1"]}
        data |= {"bob_features": list("0123"), "states": list("xyz"), "actions": list("abc")}
        path = tmp_path / "game.json"
        path.write_text(json.dumps(data))
        made = proved(checker, path, "aligned-leader", options={"letters": str(letters)})
        best = best_talk(data, letters)
        assert Fraction(made["claims"]["value"]) == best and made["claims"]["letters"] == str(letters)
        refuted(checker, path, made, "value", str(best + Fraction(1, 10**9)))
        refuted(checker, path, made, "letters", str(letters + 1))
        silent = made | {"claims": {key: value for key, value in made["claims"].items() if key != "letters"}}
        with pytest.raises(checker.Refuted, match="what was asked"):
            checker.check(checker.load(path), silent)
