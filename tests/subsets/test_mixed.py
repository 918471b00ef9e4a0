"""Extreme mixed equilibria of two players: counts known by hand, regrets in fractions, false mixtures refused."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import bigopt
from bigopt import catalog
from bigopt.concepts import Request
from bigopt.errors import InstanceError, UsageError
from bigopt.games.subsets.exact.vertices import _tables, payoffs, undominated
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.generate import binary_powers
from bigopt.games.subsets.mixed import CONCEPT

GAME = binary_powers(items=4, size=1)


def test_example_5_has_four_pure_and_seven_extreme_equilibria() -> None:
    if importlib.util.find_spec("pygambit") is None:  # importing it takes seconds: it is done beside this process
        pytest.skip("pygambit is not installed")
    found = bigopt.solve(bigopt.load(catalog.instance("subsets/example-5-4")), "mixed")
    assert found.solved and (found.pure, found.count) == (4, 7)
    assert found.pure == bigopt.solve(GAME, "all-nash").count
    for each in found.equilibria:
        for side in each["strategies"]:
            assert sum(Fraction(row["probability"]) for row in side) == 1


def test_a_script_without_a_main_guard_gets_its_answer_once(tmp_path: Path) -> None:
    if importlib.util.find_spec("pygambit") is None:
        pytest.skip("pygambit is not installed")
    script = tmp_path / "mine.py"
    script.write_text("import bigopt\nprint(bigopt.solve(bigopt.load('subsets/example-5-4'), 'mixed').count)\n")
    env = os.environ | {"PYTHONPATH": str(Path(bigopt.__file__).parents[1])}
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=env, timeout=300)
    assert (run.stdout, run.returncode) == ("7\n", 0), run.stderr


def failed(strategies: Any) -> list[str]:
    point = {"equilibria": [{"strategies": strategies}]}
    return [check.name for check in CONCEPT.verify(GAME, point, Request("mixed"))[1].failed]


def test_a_false_mixture_fails() -> None:
    """Against a fair coin on the outer items (mean 0) only the inner pair is nearest to the targets."""

    def side(*rows: tuple[int, str]) -> list[dict[str, Any]]:
        return [{"choice": [j], "probability": p} for j, p in rows]

    outer, inner = side((0, "1/2"), (3, "1/2")), side((1, "1/2"), (2, "1/2"))
    assert "regret" in failed([outer, outer])
    assert "feasibility" in failed([side((0, "1/2")), inner])
    assert "feasibility" in failed([side((0, "3/2"), (1, "-1/2")), inner])


def test_how_far_numbers_are_from_a_mixture() -> None:
    def off(*rows: tuple[int, str]) -> float:
        side = [{"choice": [j], "probability": p} for j, p in rows]
        point = {"equilibria": [{"strategies": [side, [{"choice": [1], "probability": "1"}]]}]}
        return CONCEPT.verify(GAME, point, Request("mixed"))[1].checks[0].value

    assert off((0, "1/2"), (0, "1/2")) == off((0, "1"), (1, "0")) == 0
    assert (off((0, "1/4")), off((0, "3/2")), off((0, "2"), (1, "-1"))) == (0.75, 0.5, 1.0)


SIDE = [{"choice": [0], "probability": "1"}]
MALFORMED: list[tuple[Any, str]] = [
    ("x", "equilibria: expected a list of objects"),
    ([1], "equilibria: expected a list of objects"),
    ([{}], r"equilibria\[0\].strategies: expected 2 lists"),
    ([{"strategies": "xy"}], r"equilibria\[0\].strategies: expected 2 lists"),
    ([{"strategies": [SIDE]}], r"equilibria\[0\].strategies: expected 2 lists"),
    ([{"strategies": [SIDE, []]}], r"equilibria\[0\].strategies\[1\]: expected a list of objects"),
    ([{"strategies": [SIDE, "x"]}], r"equilibria\[0\].strategies\[1\]: expected a list of objects"),
    ([{"strategies": [SIDE, [1]]}], r"equilibria\[0\].strategies\[1\]: expected a list of objects"),
    ([{"strategies": [SIDE, [{"choice": [9], "probability": 1}]]}], r"equilibria\[0\].strategies\[1\]\[0\].choice"),
]


@pytest.mark.parametrize(("equilibria", "said"), MALFORMED)
def test_what_is_no_list_of_mixtures_is_refused(equilibria: Any, said: str) -> None:
    with pytest.raises(InstanceError, match=said):
        CONCEPT.verify(GAME, {"equilibria": equilibria}, Request("mixed"))


@pytest.mark.parametrize("text", ["1e1000000000", "1/0", "half", "", None, True, "1" * 5000])
def test_a_probability_that_is_none_is_refused_at_once(text: Any) -> None:
    with pytest.raises(InstanceError, match=r"equilibria\[0\].strategies\[0\]\[0\].probability: .*expected a fraction"):
        failed([[{"choice": [0], "probability": text}], [{"choice": [0], "probability": "1"}]])


def test_dominated_actions_are_left_out() -> None:
    """Against anything within 1, showing 100 is worse than showing 0."""
    game = Subsets([0.5, 0.5], [[0.0], [1.0]], [[0.0], [1.0], [100.0]], [1, 1])
    rows, columns = undominated(_tables(game))
    assert 2 not in rows and 2 not in columns


def test_three_players_are_refused() -> None:
    with pytest.raises(UsageError, match="3 players"):
        bigopt.solve(Subsets([1.0] * 3, [[0.0]] * 3, [[0.0], [1.0]], [1] * 3), "mixed")


def test_losses_far_from_zero_are_told_apart_in_payoffs_between_minus_one_and_zero() -> None:
    """Gambit finds no equilibrium at all where payoffs have ten digits; best replies are what counts."""
    game = Subsets([0.5, 0.5], [[2.0**53 - 1], [2.0**53]], [[2.0**53 - 3], [2.0**53]], [1, 1])
    tables = _tables(game)
    for own, exact, axis in zip(payoffs(*tables), tables, (0, 1), strict=True):
        best = (exact == exact.min(axis=axis, keepdims=True)).tolist()
        assert [[value == 0 for value in row] for row in own] == best
        assert all(-1 <= value <= 0 for row in own for value in row)
