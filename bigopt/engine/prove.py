"""Proofs in exact rationals that anybody can check without bigopt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bigopt.concepts.concept import Concept, Kind
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.options import bound
from bigopt.concepts.proof import Proof, checker, long_numbers, written
from bigopt.concepts.solution import Solution
from bigopt.engine.choose import split_option
from bigopt.engine.solve import solve
from bigopt.errors import InstanceError, LimitReached, SolverFailed, UnsupportedProblem, VerificationError
from bigopt.files.exact import fingerprint, read_exact
from bigopt.files.instance import load
from bigopt.files.text import read_json, refuse_slow
from bigopt.games import kinds

FORMAT = "bigopt-proof/1"
TABLES = {"provers": "rule", "sharp": "regrets for option epsilon", "programs": "linear program"}


def prove(
    path: str | Path, concept: str | None = None, *, time_limit: float | None = None, **asked: Any
) -> dict[str, Any]:
    """Solve an instance and prove the answer from the file's exact decimals.

    Parameters
    ----------
    path : str or Path
        A JSON instance.
    concept : str, optional
        Default: the natural one of the game.
    time_limit : float, optional
        Wall-clock seconds for reading, solving and proving together.
    **asked
        As for `bigopt.solve`; among the options also `epsilon`: what no regret may exceed (`Kind.sharp`).

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
    deadline = Deadline(time_limit)
    epsilon, options = split_option("epsilon", bound, asked.get("options") or {})
    data, kind, row, solution = solved(
        path, concept, "provers" if epsilon is None else "sharp", deadline, asked | {"options": options}
    )
    with long_numbers():  # as fractions of a proof are
        with deadline.interrupting("proving", grace=deadline.grace):
            proof: Proof = (
                kind.provers[row.name](data, solution)
                if epsilon is None
                else kind.sharp[row.name](data, solution, epsilon)
            )
        return _written(data, kind, row, solution, proof)


def _written(data: dict[str, Any], kind: Kind, row: Concept, solution: Solution, proof: Proof) -> dict[str, Any]:
    """Return a proof as JSON data."""
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


def solved(
    path: str | Path, concept: str | None, table: str, deadline: Deadline, asked: Mapping[str, Any]
) -> tuple[dict[str, Any], Kind, Concept, Solution]:
    """Return an instance's exact data, its kind, a concept that stands in one of the kind's tables, and a solution.

    Parameters
    ----------
    path, concept : as of `prove`
    table : {"provers", "sharp", "programs"}
    deadline : Deadline
    asked : mapping
        As for `bigopt.solve`.
    """
    refuse_slow(Path(path), deadline.remaining)
    with deadline.interrupting("reading the instance"):
        data = read_exact(Path(path))
        game = load(path)
    kind, row = kinds.kind_of(game), kinds.concept_of(game, concept)
    what, known = TABLES[table], getattr(kind, table)
    if row.name not in known:
        able = ", ".join(known) or "none"
        raise UnsupportedProblem(
            f"prove: {row.name} of {kind.name} has no {what}: use `bigopt solve` (with one: {able})"
        )
    why = kind.without_rule[row.name](data) if table != "programs" and row.name in kind.without_rule else None
    if why is not None:
        raise UnsupportedProblem(f"prove: {row.name} {why}: use `bigopt solve`")
    solution = solve(game, row.name, time_limit=deadline.remaining, **asked)
    _refuse_unfinished(solution, table)
    return data, kind, row, solution


def _refuse_unfinished(solution: Solution, table: str) -> None:
    """Refuse what has no answer; one that ran out of steps, not of time, may still prove what its rule claims."""
    stopped = solution.outcome.stopped
    provable = stopped == "iterationLimit" and table == "provers"
    if not solution.fields or (solution.exit_code == LimitReached.exit_code and not provable):
        way = "use another solver or other options" if stopped == "iterationLimit" else "give more time"
        raise SolverFailed(f"prove: no answer ({stopped}): {way}", stopped)


def is_proof(path: Path) -> bool:
    """Say whether a file is a proof."""
    data = read_json(path)
    return isinstance(data, dict) and str(data.get("format")).startswith("bigopt-proof/")  # of any version


def check_proof(instance: Path, proof: Path) -> str:
    """Check a proof as a stranger would, by the checker that the package ships; return the claims that hold.

    Raises
    ------
    VerificationError
        A claim does not follow.
    InstanceError
        The proof is malformed, or for another instance.
    """
    with long_numbers():
        rules = checker()
        try:
            return str(rules.check(rules.load(instance), rules.load(proof)))
        except rules.Refuted as error:
            raise VerificationError(f"{proof}: refuted: {str(error)[:300]}") from None
        except (rules.Bad, RecursionError) as error:
            raise InstanceError(f"{proof}: {str(error)[:300]}") from None


def prove_text(path: str | Path, concept: str | None = None, **asked: Any) -> str:
    """Return `prove`'s proof as JSON text."""
    return text(prove(path, concept, **asked))


def text(proof: dict[str, Any]) -> str:
    """Return a proof as JSON text."""
    return json.dumps(proof, indent=1) + "\n"
