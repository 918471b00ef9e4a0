"""Signaling programs, end to end with certificate, beside HiGHS used directly.

Contenders: `bigopt` through `bigopt.solve`; `lazy rows on highspy`, the shortest loop that adds violated obedience
rows to a persistent model (the yardstick: bigopt is to stay within 1.5 times it); `HiGHS IPM, full program`, all A^2
rows at once (bigopt is to stay within 1.5 times the better of the two).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import highspy
import numpy as np

import bigopt
from benchmarks.timing import Row, limited, paired
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.generate import opposed_persuasion, random_persuasion

LIMIT = 60.0  # seconds a contender
SIZES = ((50, 20, 9), (200, 50, 5), (500, 100, 3))


def run(smoke: bool) -> list[Row]:
    """Time random and nearly opposed senders of growing size, and the largest alone with its memory."""
    sizes = ((20, 8, 1),) if smoke else SIZES
    rows: list[Row] = []
    for states, actions, repeats in sizes:
        game = random_persuasion(states=states, actions=actions)
        contenders = {"lazy rows on highspy": _call(lazy, game), "bigopt": _call(end_to_end, game)}
        rows += paired(f"normal utilities, {states} x {actions}", contenders, repeats=repeats, warm=True)
        if states <= 200:
            rows += paired(
                f"normal utilities, {states} x {actions}, full program",
                {"bigopt": _call(end_to_end, game), "HiGHS IPM, full program": _call(full, game)},
                repeats=min(repeats, 3),
            )
    states, actions = (20, 8) if smoke else (200, 50)
    rows += _opposed(opposed_persuasion(states=states, actions=actions), 1 if smoke else 3)
    return rows if smoke else rows + _largest()


def _opposed(game: Persuasion, repeats: int) -> list[Row]:
    contenders: dict[str, Callable[[], Any]] = {
        "HiGHS IPM, full program": _call(full, game),
        "bigopt": _call(end_to_end, game),
    }
    contenders["lazy rows on highspy"] = lambda: limited(_call(lazy, game), seconds=LIMIT)
    return paired(f"nearly opposed utilities, {len(game.states)} x {len(game.actions)}", contenders, repeats=repeats)


def _largest() -> list[Row]:
    game = random_persuasion(states=1000, actions=200)
    work = {"bigopt": lambda: limited(_call(end_to_end, game), seconds=120.0, memory_mb=4096.0)}
    return paired("normal utilities, 1000 x 200, at most 120 s and 4 GB", work, repeats=1)


def _call(function: Callable[[Persuasion], float], game: Persuasion) -> Callable[[], float]:
    return lambda: function(game)


def end_to_end(game: Persuasion) -> float:
    """Solve and verify through the library's one entry."""
    solution = bigopt.solve(game)
    if not solution.solved:
        raise RuntimeError(f"{solution.stopped}: {solution.certificate.failed}")
    return float(solution.value)


def lazy(game: Persuasion) -> float:
    """Solve by lazy rows with nothing but highspy: all violated rows a round."""
    states, actions = game.alice.shape
    highs = _simplex_rows(game)
    written = np.eye(actions, dtype=bool)
    while True:
        highs.run()
        joint = game.prior[:, None] * np.array(highs.getSolution().col_value).reshape(states, actions)
        table = joint.T @ game.alice
        violated = (table - np.diag(table)[:, None] > 1e-9) & ~written
        if not violated.any():
            return float(highs.getInfo().objective_function_value)
        _obedience(highs, game, violated)
        written |= violated


def full(game: Persuasion) -> float:
    """Solve the program with all its rows by HiGHS's interior point method (with crossover)."""
    highs = _simplex_rows(game)
    _obedience(highs, game, ~np.eye(len(game.actions), dtype=bool))
    highs.setOptionValue("solver", "ipm")
    highs.run()
    return float(highs.getInfo().objective_function_value)


def _simplex_rows(game: Persuasion) -> Any:
    states, actions = game.alice.shape
    count, index = states * actions, np.arange(states * actions, dtype=np.int32)
    highs = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("time_limit", LIMIT)):
        highs.setOptionValue(name, value)
    highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    empty = np.empty(0, dtype=np.int32)
    cost = (game.prior[:, None] * game.utilities[0]).ravel()
    highs.addCols(
        count, cost, np.zeros(count), np.full(count, np.inf), 0, np.zeros(count, np.int32), empty, np.empty(0)
    )
    one, starts = np.ones(states), index[::actions].copy()
    highs.addRows(states, one, one, count, starts, index, np.ones(count))
    return highs


def _obedience(highs: Any, game: Persuasion, flags: Any) -> None:
    states, actions = game.alice.shape
    told, instead = np.nonzero(flags)
    values = (game.prior[:, None] * (game.alice[:, told] - game.alice[:, instead])).T.ravel()
    index = (np.arange(states) * actions + told[:, None]).astype(np.int32).ravel()
    starts = np.arange(0, values.size, states, dtype=np.int32)
    lower, upper = np.zeros(told.size), np.full(told.size, np.inf)
    highs.addRows(told.size, lower, upper, values.size, starts, index, values)
