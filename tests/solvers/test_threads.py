"""Eight threads, one game: every solver answers in all of them, and standard output is there afterwards."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest

import bigopt
from bigopt.games.influencers.generate import influencers

THREADS = 8


@pytest.mark.parametrize("solver", ["exact", "highs", "scip", "ipopt"])
def test_one_polytope_game_in_many_threads(solver: str, capfd: pytest.CaptureFixture[str]) -> None:
    game = influencers(players=12, dimension=4, action_set="polytope", seed=1)
    wanted = bigopt.solve(game).receiver
    found: list[object] = []

    def run() -> None:
        try:
            found.append(bigopt.solve(game, solver=solver).receiver)
        except BaseException as error:
            found.append(error)

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == THREADS
    for receiver in found:
        assert isinstance(receiver, np.ndarray), receiver
        assert receiver == pytest.approx(wanted, abs=1e-4)
    capfd.readouterr()
    print("python")
    os.write(1, b"descriptor\n")
    assert capfd.readouterr().out.splitlines() in (["python", "descriptor"], ["descriptor", "python"])


def test_many_threads_in_one_set() -> None:
    shared = influencers(players=2, dimension=6, action_set="polytope", seed=1).action_set
    alone = influencers(players=2, dimension=6, action_set="polytope", seed=1).action_set
    directions = [np.random.default_rng(seed).normal(size=(100, 6)) for seed in range(THREADS)]
    found: dict[int, np.ndarray] = {}

    def run(i: int) -> None:
        found[i] = shared.argmax(directions[i])

    threads = [threading.Thread(target=run, args=(i,)) for i in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for i, rows in enumerate(directions):
        best = np.einsum("nd,nd->n", rows, alone.argmax(rows))
        assert np.einsum("nd,nd->n", rows, found[i]) == pytest.approx(best, abs=1e-9)
