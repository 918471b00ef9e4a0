"""What threads change together comes back as it was."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

import bigopt
from bigopt.catalog import instance
from bigopt.concepts.process_wide import uncollected
from bigopt.engine.blas import one_thread
from bigopt.errors import UsageError
from bigopt.places import environment
from bigopt.solvers.silence import silenced, unlogged


def interleaved(hold: object) -> None:
    """Let a thread enter first and leave last but one: A in, B in, A out, B out."""
    inside, leave = threading.Event(), threading.Event()

    def first() -> None:
        with hold():  # type: ignore[operator]
            inside.set()
            leave.wait(30)

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(30)
    with hold():  # type: ignore[operator]
        leave.set()
        thread.join(30)


def test_standard_output_survives_two_threads(capfd: pytest.CaptureFixture[str]) -> None:
    interleaved(silenced)
    os.write(1, b"heard\n")
    with silenced(), silenced():
        os.write(1, b"not heard\n")
    assert capfd.readouterr().out == "heard\n"


def test_pyomos_logger_keeps_its_level() -> None:
    level = logging.getLogger("pyomo").level
    interleaved(unlogged)
    assert logging.getLogger("pyomo").level == level


def test_the_threads_of_matrix_products_come_back() -> None:
    np.ones((2, 2)) @ np.ones((2, 2))
    before = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    with one_thread():
        assert {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"} == {1}
    interleaved(one_thread)
    assert [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"] == before


def test_silence_without_standard_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with silenced():
        pass


def test_silence_leaves_no_descriptor_open() -> None:
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("the system does not list descriptors")
    before = len(list(folder.iterdir()))
    with silenced():
        pass
    assert len(list(folder.iterdir())) == before


def test_exact_values_and_proofs_leave_the_limit_of_digits(tmp_path: Path) -> None:
    """The checker takes longer numbers than Python does; it must not do so for the whole session."""
    script = (
        "import sys, json, pathlib, bigopt\n"
        "from bigopt.engine.prove import check_proof, prove_text\n"
        "before = sys.get_int_max_str_digits()\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "assert str(bigopt.solve(bigopt.load(path)).exact['value']) == '5/3'\n"
        "proof = pathlib.Path(sys.argv[2])\n"
        "proof.write_text(prove_text(path))\n"
        "check_proof(path, proof)\n"
        "assert sys.get_int_max_str_digits() == before\n"
    )
    words = [sys.executable, "-c", script, str(instance("persuasion/courtroom")), str(tmp_path / "proof.json")]
    done = subprocess.run(words, capture_output=True, text=True, env=environment(), timeout=300)
    assert done.returncode == 0, done.stderr


def test_garbage_is_collected_again_after_models_that_are_built_or_fail(tmp_path: Path) -> None:
    held = []
    model = tmp_path / "held.py"
    model.write_text("def build(game, do):\n    do()\n\n\ndef read(model):\n    return {}\n")

    def fail() -> None:
        held.append(gc.isenabled())
        raise ValueError

    with pytest.raises(UsageError, match="ValueError"):
        bigopt.build(model, bigopt.load(instance("big/example-1-opposed")), do=fail)
    assert held == [False] and gc.isenabled()
    interleaved(uncollected)
    assert gc.isenabled()
