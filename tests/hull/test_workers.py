"""Sweeps on the workers of a Dask scheduler, on more processes, and after an end in their midst."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bigopt
from bigopt.concepts import Deadline
from bigopt.errors import LimitReached, UsageError
from bigopt.games.hull.exact import sweep as sweeping
from bigopt.games.hull.exact.nested import sets_of
from bigopt.games.hull.exact.sweep import How, sweep
from bigopt.games.hull.generate import noisy_rephrasings

distributed = pytest.importorskip("distributed")
GAME = noisy_rephrasings(rows=60, bobs=12, permutations=6)
SETS = sets_of(GAME, 12)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Yield the address of a scheduler with two workers (threads of this process: no ports, no start-up)."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=":0"
    ) as cluster:
        yield cluster.scheduler_address


def same(one: dict[str, Any], two: dict[str, Any]) -> bool:
    return all((one[method] == two[method]).all() for method in one)


def test_dask_workers_find_the_same_numbers(scheduler: str) -> None:
    one = sweep(GAME, SETS, How(jobs=1), Deadline())
    assert same(one, sweep(GAME, SETS, How(dask=scheduler), Deadline()))
    solved = bigopt.solve(GAME, "fit", options={"dask": scheduler})
    assert solved.solved and solved.rows == bigopt.solve(GAME, "fit", options={"jobs": 1}).rows


def test_a_sweep_goes_on_where_it_ended(scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the fits are kept when the clock runs out; the second sweep makes the others, on other workers."""
    made: list[Any] = []
    chain = sweeping._chain

    def counted(*call: Any) -> Any:
        made.append(call)
        return chain(*call)

    class Half(Deadline):
        def check(self, doing: str) -> None:
            if len(list(tmp_path.glob("*/*.npz"))) > 15:
                raise LimitReached("half")

    monkeypatch.setattr(sweeping, "_chain", counted)
    with pytest.raises(LimitReached):
        sweep(GAME, SETS, How(jobs=1, keep=str(tmp_path)), Half())
    assert len(made) == 16
    monkeypatch.setattr(sweeping, "_chain", chain)
    done = sweep(GAME, SETS, How(dask=scheduler, keep=str(tmp_path)), Deadline())
    assert len(list(tmp_path.glob("*/*.npz"))) == 30
    assert same(done, sweep(GAME, SETS, How(jobs=1), Deadline()))


def test_addresses_without_a_scheduler_are_one_line() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]  # bound, and nobody listens
        for address in (f"tcp://127.0.0.1:{port}", "nonsense", "http://127.0.0.1:80"):
            with pytest.raises(UsageError, match=r"option dask: .*expected the address of a scheduler"):
                sweep(GAME, SETS, How(dask=address), Deadline())


def test_a_scheduler_without_workers_is_refused() -> None:
    with (
        distributed.LocalCluster(n_workers=0, processes=False, protocol="tcp", dashboard_address=":0") as cluster,
        pytest.raises(UsageError, match="no workers"),
    ):
        sweep(GAME, SETS, How(dask=cluster.scheduler_address), Deadline())
