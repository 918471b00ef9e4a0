"""Proofs in exact rationals that anybody can check without bigopt."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from bigopt.arithmetic.branching import Search, TooLarge
from bigopt.arithmetic.program import gap
from bigopt.arithmetic.program import solved as exact_optimum
from bigopt.concepts.concept import Concept, Kind
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.proof import Proof, written
from bigopt.concepts.solution import Solution
from bigopt.engine.solve import solve
from bigopt.errors import InstanceError, SolverFailed, UnsupportedProblem, VerificationError
from bigopt.files import vipr as certificate
from bigopt.files.exact import fingerprint, read_exact
from bigopt.files.instance import load
from bigopt.files.text import read_json
from bigopt.games import kinds
from bigopt.places import folder
from bigopt.places import load as load_file

FORMAT = "bigopt-proof/1"
DENSE = 100_000  # rows times columns of a program that is solved in fractions where a proof leaves an interval


def prove(path: str | Path, concept: str | None = None, **asked: Any) -> dict[str, Any]:
    """Solve an instance and prove the answer from the file's exact decimals.

    Parameters
    ----------
    path : str or Path
        A JSON instance.
    concept : str, optional
        Default: the natural one of the game.
    **asked
        As for `bigopt.solve`.

    Returns
    -------
    dict
        JSON data of the format bigopt-proof/1; numbers are texts "p/q".

    Raises
    ------
    UnsupportedProblem
        The concept has no rule.
    SolverFailed
        There is no answer to prove.
    """
    data, kind, row, solution = _solved(path, concept, "provers", asked)
    proof: Proof = kind.provers[row.name](data, solution)
    return {
        "format": FORMAT,
        "instance": solution.instance,
        "instance_sha256": fingerprint(data),
        "kind": kind.name,
        "concept": row.name,
        "words": list(proof.words),
        "claims": written(proof.claims),
        "witness": written(proof.witness),
    }


def vipr(path: str | Path, concept: str | None = None, **asked: Any) -> str:
    """Solve an instance and return a VIPR 1.1 certificate of its linear or integer program, in exact rationals.

    Parameters and errors as for `prove`; also `UnsupportedProblem` where the concept has no such program, or its
    tree of branch and bound would be too large.
    """
    data, kind, row, solution = _solved(path, concept, "programs", asked)
    proof = None
    if row.name in kind.provers:
        with suppress(UnsupportedProblem):  # a concept without a rule may have a program all the same
            proof = kind.provers[row.name](data, solution)
    program, evidence = kind.programs[row.name](data, proof, solution)
    remarks = (f"{solution.instance}: {row.name} of {kind.name}", f"instance sha256 {fingerprint(data)}")
    if program.whole:
        search = Search(program, Deadline(asked.get("time_limit")).check)
        try:
            tree = search.tree()
        except TooLarge as error:
            raise UnsupportedProblem(f"prove: to vipr: {error} of branch and bound: leave --to out") from None
        if search.best is None:
            raise SolverFailed("prove: to vipr: the program has no point: check the profile", "infeasible")
        return certificate.of_tree(program, search.best, tree, remarks)
    few = len(program.rows) * len(program.variables) <= DENSE
    found = evidence if evidence is not None and not (few and gap(program, evidence)) else None
    found = found or exact_optimum(program, program.rows)
    if found is None:
        raise SolverFailed("prove: to vipr: the program has no optimum: check the instance", "unbounded")
    return certificate.text(program, found, remarks)


def _solved(
    path: str | Path, concept: str | None, table: str, asked: dict[str, Any]
) -> tuple[dict[str, Any], Kind, Concept, Solution]:
    """Return exact data, the kind, the concept, which must stand in a table of the kind, and a solution."""
    data = read_exact(Path(path))
    game = load(path)
    kind, row = kinds.kind_of(game), kinds.concept_of(game, concept)
    what, known = {"provers": "rule", "programs": "linear program"}[table], getattr(kind, table)
    if row.name not in known:
        able = ", ".join(known) or "none"
        raise UnsupportedProblem(
            f"prove: {row.name} of {kind.name} has no {what}: use `bigopt solve` (with one: {able})"
        )
    solution = solve(game, row.name, **asked)
    if not solution.fields:
        stopped = solution.outcome.stopped
        raise SolverFailed(f"prove: no answer ({stopped}): give more time", stopped)
    return data, kind, row, solution


def is_proof(path: Path) -> bool:
    """Say whether a file is a proof."""
    data = read_json(path)
    return isinstance(data, dict) and data.get("format") == FORMAT


def check_proof(instance: Path, proof: Path) -> str:
    """Check a proof as a stranger would, by the checker that the package ships; return the claims that hold.

    Raises
    ------
    VerificationError
        A claim does not follow.
    InstanceError
        The proof is malformed, or for another instance.
    """
    checker: Any = load_file(folder("checker") / "check_proof.py")
    try:
        return str(checker.check(checker.load(instance), checker.load(proof)))
    except checker.Refuted as error:
        raise VerificationError(f"{proof}: refuted: {str(error)[:300]}") from None
    except (checker.Bad, RecursionError) as error:
        raise InstanceError(f"{proof}: {str(error)[:300]}") from None


def prove_text(path: str | Path, concept: str | None = None, **asked: Any) -> str:
    """Return `prove`'s proof as JSON text."""
    return text(prove(path, concept, **asked))


def text(proof: dict[str, Any]) -> str:
    """Return a proof as JSON text."""
    return json.dumps(proof, indent=1) + "\n"
