"""Exact values: fractions, right by hand, by brute force and by the file; shown, written and compared as such."""

import itertools
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt import catalog
from bigopt.cli import app
from bigopt.concepts.exact import holds_fraction, parted, shown
from bigopt.engine.check import check_expected
from bigopt.engine.prove import prove
from bigopt.errors import UnsupportedProblem, UsageError
from bigopt.files import instance
from bigopt.files.exact import as_exact, read_exact

RUN = CliRunner()
F = Fraction


@pytest.mark.parametrize(
    ("name", "concept", "field", "value"),
    [
        ("persuasion/courtroom", "signaling", "value", F(5, 3)),
        ("persuasion/kamenica-gentzkow", "signaling", "scheme", [[0, 1], [F(4, 7), F(3, 7)]]),
        ("persuasion/courtroom", "alignment", "epsilon", F(1, 4)),
        ("market/synthetic-1", "worst", "alice", F(173, 300)),
        ("market/movielens", "best", "alice", F(17, 20)),
        ("big/example-2-unique", "nash", "losses", [F(5, 4), F(5, 4)]),
        ("big/hull-example-2", "nash", "receiver", [0, 0]),
        ("conversation/geanakoplos-polemarchakis", "agreement", "utility", F(8, 9)),
        ("conversation/proposition-2", "first-best", "alone", F(9, 14)),
        ("conversation/fully-disclosive", "play", "alice", F(3, 4)),
        ("subsets/example-5-8", "nash", "potential", -12),
    ],
)
def test_values_of_the_papers_and_by_hand(name: str, concept: str, field: str, value: Any) -> None:
    solution = bigopt.solve(bigopt.load(name), concept)
    assert solution.exact[field] == value and holds_fraction(solution.exact[field])
    assert not holds_fraction(dict(solution.fields))  # these stay floats


def test_brute_force_in_fractions_agrees_on_random_markets() -> None:
    rng = np.random.default_rng(3)
    for _ in range(10):
        alice, *bobs = np.round(rng.random((3, 2, 3)), 2).tolist()
        data = {
            "states": ["s", "t"],
            "prior_weights": [2, 1],
            "policies": [["a", "b", "c"]] * 2,
            "alice": alice,
            "bobs": [{"name": str(j), "utility": table} for j, table in enumerate(bobs)],
        }
        game = bigopt.Market.from_instance(data, "random")
        tables = [[[F(str(v)) for v in row] for row in table] for table in (alice, *bobs)]
        worth = {
            f: [sum(F(p, 3) * t[s][a] for s, (p, a) in enumerate(zip((2, 1), f, strict=True))) for t in tables]
            for f in itertools.product(range(3), repeat=2)
        }
        stable = [
            own
            for own in worth.values()
            if not any(o[0] > own[0] and any(o[j] > own[j] for j in (1, 2)) for o in worth.values())
        ]
        assert bigopt.solve(game, "worst").exact["alice"] == min(own[0] for own in stable)
        assert bigopt.solve(game, "best").exact["opt"] == max(own[0] for own in worth.values())


@pytest.mark.parametrize(
    "name", ["persuasion/courtroom", "market/movielens", "big/example-3-diamond", "big/box/mixed-units"]
)
def test_a_game_in_memory_has_the_numbers_of_its_file(name: str) -> None:
    """The same proof from the game as from the file, decimals and priors included."""
    data, own = read_exact(catalog.instance(name)), as_exact(bigopt.load(name))
    assert own["alice" if "alice" in own else "targets"] == data["alice" if "alice" in data else "targets"]
    claims = prove(catalog.instance(name))["claims"]
    for key, value in bigopt.solve(bigopt.load(name)).exact.items():
        if key in claims and isinstance(value, Fraction):
            assert str(value) == claims[key]


def test_only_claims_of_this_very_answer_are_its_exact_values() -> None:
    """Equal targets: many equilibria; actions of another one are not said to be these."""
    solution = bigopt.solve(bigopt.load("big/example-1-equal-targets"), "nash", solver="ipopt")
    assert solution.exact["receiver"] == [2]
    if "actions" in solution.exact:
        assert [[float(v) for v in row] for row in solution.exact["actions"]] == pytest.approx(solution.actions)
    moved = {**solution.fields, "receiver": solution.receiver + 1e-5}
    other = type(solution)(**{**{k: v for k, v in solution.__dict__.items() if k != "exact"}, "fields": moved})
    assert "receiver" not in other.exact


def test_what_is_not_verified_has_no_exact_values() -> None:
    solution = bigopt.solve(bigopt.load("persuasion/courtroom"))
    failed = type(solution.certificate)()
    other = type(solution)(
        **{**{k: v for k, v in solution.__dict__.items() if k != "exact"}, "certificate": failed, "fractions": {}}
    )
    assert other.exact == {}


def test_the_command_line_shows_and_writes_them() -> None:
    text = RUN.invoke(app, ["solve", "persuasion/courtroom"]).output
    assert "exactly" in text and "5/3" in text
    row = json.loads(RUN.invoke(app, ["solve", "market/synthetic-1", "--concept", "worst", "--json"]).output)
    assert row["exact"]["alice"] == "173/300" and row["solution"]["alice"] == pytest.approx(173 / 300, abs=1e-15)
    row = json.loads(RUN.invoke(app, ["solve", "market/synthetic-1", "--json", "--option", "exact=false"]).output)
    assert "exact" not in row


def test_asking_where_there_are_none_is_an_error() -> None:
    done = RUN.invoke(app, ["solve", "hull/table-1", "--option", "exact=true"])
    assert done.exit_code == 5
    with pytest.raises(UnsupportedProblem, match="has no exact values"):
        bigopt.solve(bigopt.load("hull/table-1"), options={"exact": True})
    with pytest.raises(UsageError, match="option exact=maybe"):
        bigopt.solve(bigopt.load("hull/table-1"), options={"exact": "maybe"})


def test_large_games_say_them_when_asked() -> None:
    rng = np.random.default_rng(0)
    game = bigopt.Influencers(
        rng.integers(1, 9, 300).astype(float),
        np.round(rng.normal(size=(300, 2)), 2),
        bigopt.Box([-1.0, -1.0], [1.0, 1.0]),
    )
    assert "exact" not in bigopt.solve(game).to_dict()
    assert len(bigopt.solve(game, options={"exact": True}).to_dict()["exact"]["receiver"]) == 2
    assert len(bigopt.solve(game).exact["receiver"]) == 2  # the attribute always finds them


def test_containers_keep_their_shapes() -> None:
    half = F(1, 2)
    fields, exact = parted({"a": half, "b": np.array([half, F(3)]), "c": {"x": [half]}, "d": 1.5, "e": (1, half)})
    assert fields["a"] == 0.5 and fields["b"].dtype == float and fields["c"] == {"x": [0.5]} and fields["e"] == (1, 0.5)
    assert exact == {"a": half, "b": [half, 3], "c": {"x": [half]}, "e": [1, half]}
    assert (shown([half, 3]), shown(F(1, 10**7)), shown([half] * 61), shown({"x": half})) == ("(1/2, 3)", "", "", "")


def written(expected: Any) -> bool:
    """Whether a fraction stands in an expected answer."""
    return "/" in json.dumps({k: v for k, v in expected.items() if k not in ("options", "start")})


def test_fractions_of_shipped_instances_are_compared_exactly() -> None:
    """Every "p/q" in a small shipped instance is known exactly, and none is off by a digit."""
    seen = 0
    for name in catalog.instances():
        if name.endswith(".toml") or name.startswith("subsets/news-feed"):
            continue
        read = instance.read(catalog.instance(name))
        if not any(written(e) for es in read.expected.values() for e in (es if isinstance(es, list) else [es])):
            continue
        for concept, _, check in check_expected(read):
            assert check.passed and "in floats" not in check.note, (name, concept, check.note)
            seen += check.note.startswith("exactly: ")
    assert seen >= 30


def test_an_expected_fraction_that_is_off_by_a_trillionth_fails(tmp_path: Path) -> None:
    data = json.loads(catalog.instance("persuasion/courtroom").read_text())
    path = tmp_path / "game.json"
    for value, good in (("5/3", True), ("5000000000001/3000000000000", False), (1.666666667, True), ("5/2", False)):
        path.write_text(json.dumps(data | {"expected": {"signaling": {"value": value}}}))
        done = RUN.invoke(app, ["check", str(path)])
        assert (done.exit_code == 0) is good, done.output
    assert check_expected(instance.read(path))[0][2].value > 0
