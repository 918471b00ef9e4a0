"""Executables: an ipopt on PATH wins over the one in process, and a wheel's executable is found off PATH."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from bigopt import solvers
from bigopt.errors import UnsupportedProblem
from bigopt.solvers import executables
from bigopt.solvers.doctor import knapsack
from bigopt.solvers.row import SOLVED
from tests.solvers.games import linear

# A stand-in that speaks Ipopt's side of the AMPL protocol: it solves the .nl file with CasADi and writes the .sol file.
STAND_IN = """#!{python}
import sys
from pathlib import Path
if sys.argv[1] in ("-v", "--version"):
    print("Ipopt 3.14.99 (stand-in), ASL(20190605)")
    sys.exit()
import casadi
path = next(Path(a) for a in sys.argv[1:] if a.endswith(".nl"))
Path({calls!r}).write_text(" ".join(sys.argv[1:]))
b = casadi.NlpBuilder()
b.import_nl(str(path))
quiet = {{"print_time": False, "ipopt": {{"print_level": 0, "sb": "yes", "tol": 1e-10}}}}
found = casadi.nlpsol("s", "ipopt", b, quiet)(x0=b.x_init, lbx=b.x_lb, ubx=b.x_ub, lbg=b.g_lb, ubg=b.g_ub)
m, n = len(b.g), len(b.x)
numbers = [*found["lam_g"].full().ravel(), *found["x"].full().ravel()]
lines = ["Ipopt 3.14.99: Optimal Solution Found", "", "Options", 3, 1, 1, 0, m, m, n, n, *numbers, "objno 0 0"]
path.with_suffix(".sol").write_text("".join(f"{{line}}\\n" for line in lines))
print("EXIT: Optimal Solution Found.")
"""


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    calls = tmp_path / "calls"
    script = tmp_path / "ipopt"
    script.write_text(STAND_IN.format(python=sys.executable, calls=str(calls)))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return calls


def test_an_ipopt_on_path_is_the_one_that_runs(on_path: Path) -> None:
    assert solvers.SOLVERS["ipopt"].version() == "3.14.99"
    model = linear(-1)
    run = solvers.run("ipopt", model, "LP", options={"max_iter": 77})
    assert (run.stopped, run.holds) == (SOLVED, "optimal") and run.objective == pytest.approx(2.3, abs=1e-6)
    assert [v.value for v in model.x.values()] == pytest.approx([1.6, 1.2], abs=1e-6)
    assert "max_iter=77" in on_path.read_text()


def test_integers_do_not_reach_the_executable(on_path: Path) -> None:
    with pytest.raises(UnsupportedProblem, match="integer"):
        solvers.run("ipopt", knapsack(), "LP")
    assert not on_path.exists()


def test_executables_of_wheels_are_found_beside_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "cbc"
    script.write_text("#!/bin/sh\necho Version: 2.10.99\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("bigopt.solvers.executables.sysconfig.get_path", lambda name: str(tmp_path))
    assert executables.locate("cbc") == str(script)
    assert solvers.SOLVERS["cbc"].version() == "2.10.99"
    assert solvers.SOLVERS["glpk"].version() is None


def test_a_broken_executable_counts_as_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "glpsol"
    script.write_text("not a program")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert solvers.SOLVERS["glpk"].version() is None
