"""Proofs: the checker accepts what is true of every small stored instance, and no changed claim that is false."""

import copy
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import bigopt
from benchmarks.proof_mutations import run
from bigopt import catalog
from bigopt.cli import app
from bigopt.engine.prove import prove
from bigopt.files import instance
from bigopt.files.exact import fingerprint, read_exact
from bigopt.games import kinds
from bigopt.places import folder

CHECKER = folder("checker") / "check_proof.py"
SLOW = ("subsets/example-5-12", "subsets/news-feed", "market/random/states-6")  # gone through in more than a second


def cases() -> list[tuple[str, str]]:
    """A third of the rules on small stored instances; `bigopt check --all` proves all of them."""
    found = []
    for name in catalog.instances():
        if name.endswith(".toml") or name.startswith(SLOW):
            continue
        game = instance.load(catalog.instance(name))
        kind = kinds.kind_of(game)
        rows = [row for row in kind.concepts if row.name in kind.provers and row.refuses(game) is None]
        found += [(name, row.name) for row in rows if has_rule(game, row.name)]
    return found[::3]


def has_rule(game: Any, concept: str) -> bool:
    """Whether the rule covers such a game, as docs/PROOFS.md says."""
    if concept == "truthful":
        return isinstance(game.action_set, bigopt.Box) and game.loss == "squared"
    if isinstance(game, bigopt.Mechanism):
        return game.rule.objective == "social-welfare" and game.policies.base is None
    if concept == "ne-set":
        return not isinstance(game.action_set, bigopt.Ball)
    return concept != "joint"  # proved below: its dynamics take their time


@pytest.mark.parametrize(("name", "concept"), cases())
def test_small_instances_are_proved(checker: ModuleType, name: str, concept: str) -> None:
    path = catalog.instance(name)
    made = json.loads(json.dumps(prove(path, concept)))
    assert checker.check(checker.load(path), made)
    claimed = instance.read(path).expected.get(concept)
    for key, value in (claimed if isinstance(claimed, dict) else {}).items():
        unique = (concept, key) != ("signaling", "alice")  # several schemes may be best for the sender
        if unique and key in made["claims"] and isinstance(value, (int, float)) and not isinstance(value, bool):
            claim = made["claims"][key]
            low, up = (claim["lower"], claim["upper"]) if isinstance(claim, dict) else (claim, claim)
            assert Fraction(low) - Fraction(1, 10**6) <= Fraction(value) <= Fraction(up) + Fraction(1, 10**6)


@pytest.mark.parametrize(
    ("name", "concept", "field", "value"),
    [
        ("persuasion/courtroom", "signaling", "value", "5/3"),
        ("persuasion/courtroom", "first-best", "opt", "2"),
        ("persuasion/kamenica-gentzkow", "signaling", "value", "3/5"),
        ("big/example-1-opposed", "nash", "receiver", ["3"]),
        ("market/synthetic-1", "worst", "alice", "173/300"),
        ("subsets/example-5-4", "all-nash", "count", "4"),
    ],
)
def test_known_values_are_proved_with_no_width(name: str, concept: str, field: str, value: Any) -> None:
    """The papers' own numbers: 5/3, 2, 0.6, the receiver 3, 0.576667, four equilibria."""
    assert prove(catalog.instance(name), concept)["claims"][field] == value


def numbers(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all numbers in claims."""
    if isinstance(data, dict):
        return [found for key, item in data.items() for found in numbers(item, (*path, key))]
    if isinstance(data, list):
        return [found for k, item in enumerate(data) for found in numbers(item, (*path, k))]
    try:
        Fraction(data)
    except (TypeError, ValueError):
        return []
    return [path]


def changed(proof: dict[str, Any], path: tuple[Any, ...], by: Fraction) -> dict[str, Any]:
    """Return a proof with one number moved."""
    mutant = copy.deepcopy(proof)
    place = mutant
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = str(Fraction(place[path[-1]]) + by)
    return mutant


MUTATED = [
    ("big/example-2-infinite", "truthful"),
    ("persuasion/courtroom", "oblivious"),
    ("market/synthetic-1", "misalignment"),
    ("subsets/example-5-4", "extremes"),
    ("mechanism/three-answers", "payments"),
    ("mechanism/l2-corner", "train"),
    ("hull/table-2", "audit"),
    ("hull/table-2", "combination"),
    ("conversation/proposition-2", "first-best"),
    ("conversation/parity-code", "aligned-leader"),
    ("big/example-2-infinite", "ne-set"),
    ("persuasion/second-opinion", "signaling"),
    ("persuasion/second-opinion", "joint"),
    ("conversation/proposition-2", "alignment"),
    ("big/example-1-opposed", "nash"),
    ("big/box/players-10-dimension-2", "nash"),
    ("big/simplex/players-10-dimension-3", "nash"),
    ("big/polytope/players-10-dimension-2", "nash"),
    ("big/hull-example-2", "nash"),
    ("big/example-3-diamond", "dominant"),
    ("persuasion/courtroom", "signaling"),
    ("persuasion/random/states-5-actions-4", "signaling"),
    ("persuasion/courtroom", "alignment"),
    ("market/synthetic-2", "worst"),
    ("market/synthetic-1", "stable"),
    ("market/synthetic-1", "alignment"),
    ("subsets/example-5-4", "nash"),
    ("subsets/example-5-4", "all-nash"),
]


@pytest.mark.parametrize(("name", "concept"), MUTATED)
def test_no_exact_claim_survives_a_change(checker: ModuleType, name: str, concept: str) -> None:
    """A claim that is a number of width 0 is false as soon as it is moved, by however little."""
    path = catalog.instance(name)
    made = json.loads(json.dumps(prove(path, concept)))
    read = checker.load(path)
    rng = np.random.default_rng(0)
    exact = [p for p in numbers(made["claims"]) if p[-1] not in ("lower", "upper")]
    for way in [exact[k] for k in rng.permutation(len(exact))[:12]]:
        for by in (Fraction(1, 10**30), -Fraction(1, 1000), Fraction(1)):
            with pytest.raises((checker.Refuted, checker.Bad)):
                checker.check(read, changed(made, ("claims", *way), by))


@pytest.mark.parametrize("name", ["big/ball-middle-target", "big/ball/players-10-dimension-2"])
def test_intervals_may_grow_and_not_shrink(checker: ModuleType, name: str) -> None:
    path = catalog.instance(name)
    made = json.loads(json.dumps(prove(path)))
    read = checker.load(path)
    way = ("claims", "receiver", 0, "upper")
    assert checker.check(read, changed(made, way, Fraction(1)))
    with pytest.raises(checker.Refuted):
        checker.check(read, changed(made, way, -Fraction(1, 1000)))


@pytest.mark.parametrize(("name", "concept"), MUTATED)
def test_a_changed_witness_never_proves_a_false_claim(checker: ModuleType, name: str, concept: str) -> None:
    """Whatever stands in the witness, the claims that pass are the true ones: here they are moved together."""
    path = catalog.instance(name)
    made = json.loads(json.dumps(prove(path, concept)))
    read = checker.load(path)
    rng = np.random.default_rng(1)
    ways = numbers(made["witness"], ("witness",))
    targets = [
        p for p in numbers(made["claims"], ("claims",)) if p[1] in ("value", "potential", "alice", "count", "epsilon")
    ]
    for _ in range(30):
        mutant = made
        for way in [ways[k] for k in rng.integers(0, len(ways), 2)] if ways else []:
            mutant = changed(mutant, way, Fraction(int(rng.integers(-5, 6)), 7))
        for way in targets[:2]:
            by = Fraction(1, 100) if made["concept"] not in ("signaling", "best") else Fraction(1, 10)
            false = changed(mutant, way, by if way[-1] != "upper" else -10 * by)
            with pytest.raises((checker.Refuted, checker.Bad)):
                checker.check(read, false)


def test_changed_proofs_of_all_rules_prove_nothing_false() -> None:
    """A few of the changes that `python -m benchmarks.proof_mutations` makes by the thousand."""
    said = run(count=220, seed=3)
    assert all(not counts["FALSE"] for _, _, counts in said), said
    assert sum(counts["refuted"] for _, _, counts in said) > 110  # the changes bite


def test_the_checker_needs_only_the_standard_library(tmp_path: Path) -> None:
    """Run alone, isolated from every installed package, from another folder."""
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(prove(catalog.instance("persuasion/courtroom"))))
    words = [sys.executable, "-I", "-S", str(CHECKER), str(catalog.instance("persuasion/courtroom")), str(path)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, timeout=300)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("proved: ")
    assert len(CHECKER.read_text().splitlines()) <= 300
    path.write_text(json.dumps(changed(json.loads(path.read_text()), ("claims", "value"), Fraction(1, 10**9))))
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, timeout=300)
    assert done.returncode == 1 and done.stdout.startswith("refuted: value") and done.stdout.count("\n") == 1


def test_a_proof_is_for_one_instance_and_remarks_do_not_count(checker: ModuleType, tmp_path: Path) -> None:
    path = catalog.instance("big/example-1-opposed")
    made, data = json.loads(json.dumps(prove(path))), json.loads(path.read_text())
    other = tmp_path / "game.json"
    other.write_text(json.dumps(data | {"notes": "another remark"}))
    assert checker.check(checker.load(other), made)
    other.write_text(json.dumps(data | {"weights": [0.5, 0.25]}))
    with pytest.raises(checker.Bad, match="another instance"):
        checker.check(checker.load(other), made)


def test_both_readers_have_one_canonical_form(checker: ModuleType) -> None:
    for name in ("persuasion/courtroom", "market/movielens", "big/example-4-square"):
        made = prove(catalog.instance(name))
        assert made["instance_sha256"] == fingerprint(read_exact(catalog.instance(name)))
        assert checker.check(checker.load(catalog.instance(name)), made)


def test_the_command_line_proves_and_checks(tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    done = CliRunner().invoke(app, ["prove", "persuasion/courtroom", "--bob", "defence", "-o", str(path)])
    assert done.exit_code == 0, done.output
    assert json.loads(path.read_text())["claims"]["value"] == "1"
    good = CliRunner().invoke(app, ["check", "persuasion/courtroom", str(path)])
    assert (good.exit_code, good.output[:8]) == (0, "proved: ")
    path.write_text(json.dumps(changed(json.loads(path.read_text()), ("claims", "value"), Fraction(1))))
    bad = CliRunner().invoke(app, ["check", "persuasion/courtroom", str(path)])
    assert bad.exit_code == 1 and "refuted" in bad.output
    assert CliRunner().invoke(app, ["prove", "subsets/example-5-4", "--concept", "dynamics"]).exit_code == 5


def test_random_games_are_proved(checker: ModuleType, tmp_path: Path) -> None:
    """Decimals, negative and zero weights, a background, all polyhedral sets: every regret is exactly 0."""
    rng = np.random.default_rng(7)
    for k in range(24):
        n, d = int(rng.integers(1, 5)), int(rng.integers(1, 4))
        sets = [
            bigopt.Box(-np.ones(d), np.ones(d)),
            bigopt.Simplex(2.0, d + 1),
            bigopt.Hull(np.round(rng.normal(size=(d + 3, d)), 2)),
            bigopt.Polytope(np.vstack([np.eye(d), -np.eye(d), np.ones((1, d))]), [1.0] * (2 * d) + [0.5]),
        ]
        space = sets[k % 4]
        size = space.dimension
        game = bigopt.Influencers(
            np.round(rng.normal(size=n), 1),
            np.round(rng.normal(size=(n, size)), 1),
            space,
            background_weight=0.5,
            background_point=np.round(rng.normal(size=size), 1),
        )
        path = tmp_path / f"game-{k}.json"
        bigopt.save(game, path)
        made = json.loads(json.dumps(prove(path)))
        assert set(made["claims"]["regrets"]) == {"0"}, made
        assert checker.check(checker.load(path), made)
