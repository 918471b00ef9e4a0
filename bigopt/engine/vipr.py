"""Answers as VIPR 1.1 certificates of their linear or integer programs, in exact rationals."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from bigopt.arithmetic.branching import Search, TooLarge
from bigopt.arithmetic.program import Evidence, Program, gap
from bigopt.arithmetic.program import solved as optimum
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.proof import long_numbers
from bigopt.engine.prove import solved
from bigopt.errors import SolverFailed, UnsupportedProblem
from bigopt.files import vipr as certificate
from bigopt.files.exact import fingerprint

DENSE = 100_000  # rows times columns of a program that is solved in fractions where a proof leaves an interval


def vipr(path: str | Path, concept: str | None = None, *, time_limit: float | None = None, **asked: Any) -> str:
    """Solve an instance and return a VIPR 1.1 certificate of its linear or integer program, in exact rationals.

    Parameters and errors as for `bigopt.engine.prove.prove`; also `UnsupportedProblem` where the concept has no such
    program, or its tree of branch and bound would be too large.
    """
    deadline = Deadline(time_limit)
    data, kind, row, solution = solved(path, concept, "programs", deadline, asked)
    remarks = (f"{solution.instance}: {row.name} of {kind.name}", f"instance sha256 {fingerprint(data)}")
    with long_numbers(), deadline.interrupting("proving", grace=deadline.grace):
        proof = None
        if row.name in kind.provers:
            with suppress(UnsupportedProblem):  # a concept without a rule may have a program all the same
                proof = kind.provers[row.name](data, solution)
        program, evidence = kind.programs[row.name](data, proof, solution)
        return _tree(program, remarks) if program.whole else _line(program, evidence, remarks)


def _line(program: Program, evidence: Evidence | None, remarks: tuple[str, ...]) -> str:
    """Return the certificate of a linear program: of the evidence, or solved in fractions where that is not enough."""
    few = len(program.rows) * len(program.variables) <= DENSE
    found = evidence if evidence is not None and not (few and gap(program, evidence)) else None
    found = found or optimum(program, program.rows)
    if found is None:
        raise SolverFailed("prove: to vipr: the program has no optimum: check the instance", "unbounded")
    return certificate.text(program, found, remarks)


def _tree(program: Program, remarks: tuple[str, ...]) -> str:
    """Return the certificate of an integer program."""
    search = Search(program)
    try:
        tree = search.tree()
    except TooLarge as error:
        raise UnsupportedProblem(f"prove: to vipr: {error} of branch and bound: leave --to out") from None
    if search.best is None:
        raise SolverFailed("prove: to vipr: the program has no point: check the profile", "infeasible")
    return certificate.of_tree(program, search.best, tree, remarks)
