"""Proofs that no regret exceeds what was asked for: balls to any number of digits, everything else exactly."""

import json
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt import catalog
from bigopt.cli import app
from bigopt.engine.prove import prove

BALL = catalog.instance("big/ball/players-10-dimension-2")


def proved(checker: ModuleType, path: Path, concept: str, epsilon: str) -> dict[str, Any]:
    """Return the claims of a proof that the checker accepts, its regrets at most epsilon."""
    made = json.loads(json.dumps(prove(path, concept, options={"epsilon": epsilon})))
    assert checker.check(checker.load(path), made)
    claims: dict[str, Any] = made["claims"]
    assert all(end(v, "upper") <= Fraction(epsilon) for v in claims["regrets"])
    return claims


def end(claim: Any, side: str) -> Fraction:
    return Fraction(claim[side] if isinstance(claim, dict) else claim)


@pytest.mark.parametrize(("excess", "epsilon"), [("0", "1e-12"), ("1e-12", "1e-60"), ("1e-3", "1e-200")])
def test_the_receiver_is_as_far_from_a_target_as_the_other_player_is_stronger(
    checker: ModuleType, tmp_path: Path, excess: str, epsilon: str
) -> None:
    """Unit ball, targets 0 and (3, 4), weights 1 and 1 + e: v + v / |v| = (1 + e) (3, 4) / 5, so v = e (3, 4) / 5."""
    path = tmp_path / "game.json"
    game = bigopt.Influencers([1.0, 1 + float(excess)], [[0.0, 0.0], [3.0, 4.0]], bigopt.Ball([0.0, 0.0], 1.0))
    bigopt.save(game, path)
    claims = proved(checker, path, "nash", epsilon)
    for claim, side in zip(claims["receiver"], (3, 4), strict=True):
        true = Fraction(excess) * side / 5
        assert end(claim, "lower") <= true <= end(claim, "upper")
        assert end(claim, "upper") - end(claim, "lower") <= Fraction(1, 10 ** (len(str(1 / Fraction(epsilon))) // 2))


def test_roots_that_are_fractions_leave_no_regret(checker: ModuleType, tmp_path: Path) -> None:
    """Inner products on the ball of radius 5 around (1, 1): towards (3, 4) the best is (4, 5), against it (-2, -3)."""
    path = tmp_path / "game.json"
    ball = bigopt.Ball([1.0, 1.0], 5.0)
    bigopt.save(bigopt.Influencers([1.0, -0.5], [[3.0, 4.0]] * 2, ball, loss="inner-product"), path)
    claims = proved(checker, path, "dominant", "1e-30")
    assert claims["regrets"] == ["0", "0"] and claims["actions"] == [["4", "5"], ["-2", "-3"]]


def test_a_step_of_one_digit_breaks_the_claim(checker: ModuleType) -> None:
    made = json.loads(json.dumps(prove(BALL, options={"epsilon": "1e-100"})))
    read = checker.load(BALL)
    assert checker.check(read, made)
    for i, by in ((0, Fraction(1, 10**45)), (3, -Fraction(1, 10**45))):
        mutant = json.loads(json.dumps(made))
        action = mutant["witness"]["points"][i][0]
        action[-1] = str(Fraction(action[-1]) + by)
        mutant["claims"]["actions"][i][0] = action[-1]
        with pytest.raises(checker.Refuted, match="ball|regrets|losses|receiver|potential"):
            checker.check(read, mutant)
    for digits in ("-3", "x"):
        with pytest.raises((checker.Refuted, checker.Bad)):
            checker.check(read, made | {"witness": made["witness"] | {"digits": digits}})


def test_many_players_on_a_polytope_have_no_regret(checker: ModuleType, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    square = bigopt.Polytope(np.vstack([np.eye(2), -np.eye(2)]), [2.0] * 4)
    path = tmp_path / "game.json"
    bigopt.save(
        bigopt.Influencers(rng.uniform(-0.1, 0.1, 60).round(3), rng.normal(size=(60, 2)).round(3), square), path
    )
    claims = proved(checker, path, "nash", "1e-9")
    assert set(claims["regrets"]) == {"0"}
    box = tmp_path / "box.json"
    game = json.loads(path.read_text())
    box.write_text(json.dumps(game | {"action_set": {"type": "box", "lower": [-2, -2], "upper": [2, 2]}}))
    assert proved(checker, box, "nash", "1e-9")["receiver"] == claims["receiver"]


@pytest.mark.parametrize("epsilon", ["0", "-1", "nan", "inf", "1/0", "x", "1e-1001", "1e-99999999", "", "1" * 5000])
def test_bad_values_are_one_line_and_exit_2(epsilon: str) -> None:
    done = CliRunner().invoke(app, ["prove", str(BALL), "--option", f"epsilon={epsilon}"])
    assert (done.exit_code, done.output.count("\n")) == (2, 1) and "option epsilon=" in done.output


def test_what_has_no_regrets_says_so() -> None:
    done = CliRunner().invoke(app, ["prove", "persuasion/courtroom", "--option", "epsilon=1e-9"])
    assert (done.exit_code, done.output.count("\n")) == (5, 1) and "epsilon" in done.output
