"""Why HiGHS stopped, in Pyomo's words: for the solver, and for the methods that call it from arrays."""

from bigopt.concepts.solution import SOLVED

STOPPED = {  # name of a model status -> Pyomo's TerminationCondition name
    "kOptimal": SOLVED,
    "kInfeasible": "provenInfeasible",
    "kUnbounded": "unbounded",
    "kUnboundedOrInfeasible": "infeasibleOrUnbounded",
    "kTimeLimit": "maxTimeLimit",
    "kIterationLimit": "iterationLimit",
    "kInterrupt": "interrupted",
}
