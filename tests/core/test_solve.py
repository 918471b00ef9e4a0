"""The engine on a toy kind: what it chooses, whom it believes, how it stops."""

import time
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from bigopt import solvers
from bigopt.cli.display import console, show
from bigopt.concepts import PLAYER
from bigopt.concepts.concept import Answer, Concept, Formulation, Kind, Option, Request
from bigopt.concepts.solution import SOLVED, Certificate, Check
from bigopt.engine.solve import solve
from bigopt.errors import LimitReached, SolverNotFound, UnsupportedProblem, UsageError
from bigopt.games import kinds


@dataclass(frozen=True)
class Square:
    """Find x with x * x = n."""

    n: float
    name: str = "toy"
    kind: ClassVar[str] = "toy"

    def describe(self) -> str:
        return f"square root of {self.n}"


def verify(game: Square, point: Any, request: Request) -> tuple[dict[str, Any], Certificate]:
    x = float(point["x"])
    return {"x": x}, Certificate((Check("residual", abs(x * x - game.n), 1e-9),), max_regret=abs(x * x - game.n))


def exact(game: Square, request: Request) -> Answer:
    if game.n == 13:  # a slow one
        while True:
            request.deadline.check("counting")
            time.sleep(0.01)
    return Answer({"x": game.n**0.5 + float(request.options["wrong"])})


def formulations(game: Square, request: Request) -> list[Formulation]:
    return [Formulation("toy_model", "NLP")]


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Concept("root", "x", verify, exact, formulations, options=(Option("wrong", "0", parse=float),))
    bare = Concept("bare", "no algorithm", verify, formulations=formulations)
    needy = Concept("needy", "needs a player", verify, exact, arguments=(PLAYER,), needs=("player",))
    kind = Kind("toy", Square, "bigopt", (root, bare, needy))
    monkeypatch.setitem(kinds.KINDS, "toy", kind)


def fake(monkeypatch: pytest.MonkeyPatch, x: float, stopped: str = "convergenceCriteriaSatisfied") -> None:
    """Install a solver that says "optimal" at x, whatever was asked."""
    row = SimpleNamespace(name="liar", takes=frozenset({"NLP"}), version=lambda: "1.0", repair="", settings={})
    monkeypatch.setitem(solvers.SOLVERS, "liar", row)
    monkeypatch.setattr(solvers, "find", lambda name, problem_class: row)
    holds = "optimal" if stopped == "convergenceCriteriaSatisfied" else "feasible"
    run = SimpleNamespace(stopped=stopped, holds=holds, objective=x, bound=x, options={}, message="")
    monkeypatch.setattr(solvers, "run", lambda *args, **named: run)
    module = SimpleNamespace(build=lambda game: object(), read=lambda model: {"x": x})
    monkeypatch.setattr("bigopt.algebra.library.model", lambda name: module)


@pytest.mark.usefixtures("toy")
def test_exact_is_verified_and_a_wrong_point_is_not() -> None:
    good = solve(Square(4.0))
    assert (good.solver.name, good.x, good.solved, good.exit_code) == ("exact", 2.0, True, 0)
    bad = solve(Square(4.0), options={"wrong": "0.1"})
    assert (bad.holds, bad.solved, bad.exit_code) == ("optimal", False, 1)
    assert [check.name for check in bad.certificate.failed] == ["residual"]


@pytest.mark.parametrize(
    ("sense", "bound", "failed"),
    [("min", 2.1, ["bound"]), ("min", 1.9, []), ("max", 1.9, ["bound"]), ("max", 2.1, []), ("", 2.1, [])],
)
@pytest.mark.usefixtures("toy")
def test_a_bound_on_the_wrong_side_of_the_objective_is_caught(
    monkeypatch: pytest.MonkeyPatch, sense: str, bound: float, failed: list[str]
) -> None:
    fake(monkeypatch, 2.0)
    run = SimpleNamespace(stopped=SOLVED, holds="optimal", objective=bound, bound=bound, options={}, message="")
    monkeypatch.setattr(solvers, "run", lambda *args, **named: run)
    root = replace(kinds.KINDS["toy"].concepts[0], objective="x", sense=sense)
    monkeypatch.setitem(kinds.KINDS, "toy", replace(kinds.KINDS["toy"], concepts=(root,)))
    found = solve(Square(4.0), solver="liar")
    assert [check.name for check in found.certificate.failed] == failed
    assert found.objective == 2.0  # recomputed, not what the solver says
    assert found.solved == (not failed)


@pytest.mark.usefixtures("toy")
def test_a_lying_solver_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, 2.5)
    lied = solve(Square(4.0), solver="liar")
    assert (lied.holds, lied.exit_code, lied.model) == ("optimal", 1, "toy_model")
    fake(monkeypatch, 2.0)
    assert solve(Square(4.0), solver="liar").exit_code == 0


@pytest.mark.usefixtures("toy")
def test_a_time_limit_is_never_success(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, 2.0, stopped="maxTimeLimit")
    stopped = solve(Square(4.0), solver="liar")
    assert stopped.certificate.judged and [c.name for c in stopped.certificate.unproved] == ["limit"]
    assert (stopped.solved, stopped.exit_code) == (False, 4)
    nothing = solve(Square(13.0), time_limit=0.05)
    assert (nothing.stopped, nothing.holds, nothing.exit_code) == ("maxTimeLimit", "noSolution", 4)
    assert nothing.to_dict()["solution"] == {}


@pytest.mark.usefixtures("toy")
def test_a_limit_that_passes_during_verification(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(game: Square, point: Any, request: Request) -> Any:
        raise LimitReached("time")

    def tables(game: Square, fields: Any) -> Any:
        return [fields["only after verification"]]

    concept = Concept("root", "x", slow, lambda game, request: Answer({"x": 2.0}), tables=tables)
    monkeypatch.setitem(kinds.KINDS, "toy", Kind("toy", Square, "bigopt", (concept,)))
    solution = solve(Square(4.0))
    assert (solution.exit_code, solution.x, solution.certificate.verified) == (4, 2.0, False)
    show(solution, console())  # the point is shown as it is: tables need all fields


@pytest.mark.usefixtures("toy")
def test_refusals_come_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(name: str) -> Any:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr("bigopt.algebra.library.model", never)
    with pytest.raises(UnsupportedProblem, match="no algorithm of our own"):
        solve(Square(4.0), "bare", "exact")
    with pytest.raises(UnsupportedProblem, match="cannot take root"):
        solve(Square(4.0), "root", "highs")
    with pytest.raises(UsageError, match="not a solver"):
        solve(Square(4.0), solver="nosuch")
    with pytest.raises(UsageError, match="not a concept"):
        solve(Square(4.0), "nosuch")
    with pytest.raises(UsageError, match="--player I"):
        solve(Square(4.0), "needy")
    with pytest.raises(UsageError, match="its own: wrong"):
        solve(Square(4.0), solver="exact", options={"nosuch": 1})
    with pytest.raises(UsageError, match="a solver's needs --solver NAME"):
        solve(Square(4.0), options={"nosuch": 1})
    with pytest.raises(UsageError, match="option wrong=x"):
        solve(Square(4.0), options={"wrong": "x"})
    with pytest.raises(UsageError, match="time limit"):
        solve(Square(4.0), time_limit=-1)


@pytest.mark.usefixtures("toy")
def test_no_silent_fallback(monkeypatch: pytest.MonkeyPatch) -> None:
    row = SimpleNamespace(name="absent", takes=frozenset({"NLP"}), version=lambda: None, repair="pip install x")

    def find(name: str, problem_class: str) -> Any:
        raise SolverNotFound(f"solver {name}: not installed: pip install x")

    monkeypatch.setitem(solvers.SOLVERS, "absent", row)
    monkeypatch.setattr(solvers, "find", find)
    with pytest.raises(SolverNotFound, match="pip install x"):
        solve(Square(4.0), solver="absent")
