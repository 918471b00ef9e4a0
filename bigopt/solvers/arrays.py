"""The frame of every adapter that works on arrays: compile the model, call the solver, load the point."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pyomo.environ as pyo

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.solvers.limited import within
from bigopt.solvers.program import Program, compile_program
from bigopt.solvers.row import SOLVED, Adapter, Options, Run, cannot_take

LARGE = 5_000  # columns and rows: from here on a factorization, which looks at no clock, may take seconds


@dataclass(frozen=True)
class Outcome:
    """What a solver said about a `Program`, all for the minimization.

    `duals` are d objective / d side of the rows, `reduced` the same of the variables' bounds; None where the solver
    has none. `bound` is from below; `objective` is the value at the point, None where the solver does not say it.
    """

    stopped: str
    holds: str
    point: Floats | None = None
    duals: Floats | None = None
    reduced: Floats | None = None
    bound: float | None = None
    options: Options = field(default_factory=dict)
    message: str = ""
    objective: float | None = None


def through_arrays(
    name: str, takes: frozenset[str], solve: Callable[[Program, Options, float | None, bool], Outcome]
) -> Adapter:
    """Return the adapter that compiles a model to a `Program`, calls `solve` and loads the outcome."""

    def run(model: Any, options: Options, time_limit: float | None, tee: bool) -> Run:
        start = time.perf_counter()
        program = compile_program(model)
        if program.problem_class not in takes:
            raise cannot_take(name, program.problem_class, "a solver of that class (`bigopt list solvers`)")
        if program.contradiction:
            return Run("provenInfeasible", message=program.contradiction)
        if not program.variables:
            fill_unused(model)
            return Run(SOLVED, "optimal", program.sense * program.offset, program.sense * program.offset)
        left = None if time_limit is None else max(0.01, time_limit - (time.perf_counter() - start))
        outcome = solve(program, options, left, tee)
        objective = load(model, program, outcome)
        bound = None if outcome.bound is None else program.sense * outcome.bound
        seconds = time.perf_counter() - start
        return Run(outcome.stopped, outcome.holds, objective, bound, outcome.options, seconds, outcome.message)

    return run


def stopped_outside(program: Program, options: Options, deadline: Deadline, work: Callable[[], Outcome]) -> Outcome:
    """Return what a solver says that keeps its limit between iterations: of large programs soon after it at the latest.

    A large one is solved in a copy of this process, which is stopped where an iteration, or what comes before the
    first, goes on beyond the limit.
    """
    left = deadline.remaining if len(program.cost) + len(program.row_lower) > LARGE else None
    found = within(None if left is None else left + deadline.grace / 2, work)
    return found if found is not None else Outcome("maxTimeLimit", "noSolution", options=options)


def load(model: Any, program: Program, outcome: Outcome) -> float | None:
    """Load point, duals and reduced costs into `model`; return the objective at the point.

    Integers are rounded: a solver returns 0.9999999. Duals follow Pyomo: d objective / d side, in the model's sense.
    """
    if outcome.point is None:
        return None
    point = outcome.point.copy()
    point[program.integer] = point[program.integer].round()
    for variable, number in zip(program.variables, point.tolist(), strict=True):
        variable.set_value(number, skip_validation=True)
    fill_unused(model)
    load_suffix(model, "dual", program.constraints, outcome.duals, program.sense)
    load_suffix(model, "rc", program.variables, outcome.reduced, program.sense)
    return program.sense * program.objective(point)


def load_suffix(model: Any, name: str, components: list[Any], values: Floats | None, sense: int) -> None:
    """Fill the model's suffix `name` if it declares one and the solver has the values."""
    suffix = model.component(name)
    if values is None or not isinstance(suffix, pyo.Suffix) or not suffix.import_enabled():
        return
    suffix.clear()
    suffix.update(zip(components, (sense * values).tolist(), strict=True))


def fill_unused(model: Any) -> None:
    """Give variables that stand in no expression their bound nearest to 0, so that every value can be read."""
    for variable in model.component_data_objects(pyo.Var, active=True):
        if variable.value is None:
            low, up = variable.bounds
            nearest = low if low is not None and low > 0 else up if up is not None and up < 0 else 0.0
            variable.set_value(nearest, skip_validation=True)


def refuse_integers(name: str, variables: Iterable[Any]) -> None:
    """Refuse integer variables, which interior-point solvers silently relax."""
    for variable in variables:
        if not variable.fixed and not variable.is_continuous():
            raise cannot_take(name, f"integer ({variable.name})", "scip, highs")
