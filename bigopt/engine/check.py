"""Judge solutions made elsewhere, and an instance's own expected answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bigopt.arithmetic.arrays import number
from bigopt.concepts.concept import Answer, Concept, Game
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.fields import fields_of
from bigopt.concepts.solution import Certificate, Check, Solution
from bigopt.engine.choose import split_options
from bigopt.engine.comparison import compare, smallest
from bigopt.engine.expected import against
from bigopt.engine.finish import finish
from bigopt.engine.solve import solve
from bigopt.errors import InstanceError, LimitReached, UsageError
from bigopt.files.instance import Instance, read
from bigopt.files.text import read_json, refuse_slow
from bigopt.games import kinds

CLAIM_TOLERANCE = 1e-6  # of a field's own size, for numbers that a solution file claims
EXPECTED_TOLERANCE = 1e-6  # the same for "expected", where the instance names no other
UNITLESS = ("ratio", "share", "probability", "probabilities")  # of fields, in their classes' docstrings
FOUND_BY = "method"  # beside the options in a file: the algorithm that found the point, whatever was asked for
NOT_FIELDS = {"tolerance", "options", "solver", "time_limit"}  # of an expected answer, and the concept's own arguments


def check_solution(
    instance: Instance | Game | str | Path, path: str | Path, time_limit: float | None = None
) -> Solution:
    """Verify a solution file; ``{"concept": ..., "solution": {...}}`` is enough.

    Parameters
    ----------
    instance : a game, an `Instance` that was read, or the path or the stored name of one
    path : str or Path
        The solution file.
    time_limit : float, optional
        Wall-clock seconds.

    Returns
    -------
    Solution
        Its certificate gets one more check, `claims`: every number of the file against the one recomputed from its
        point. A bound that contradicts the objective fails the check `bound`. Where the concept has no objective, an
        objective and a bound that the file claims are left out.

    Raises
    ------
    InstanceError
        The file is malformed, is of another kind of game, or its point has the wrong shape.
    LimitReached
        Nothing was verified within the limit.

    Examples
    --------
    >>> import bigopt
    >>> from pathlib import Path
    >>> text = Path("guess.json").write_text('{"concept": "nash", "solution": {"actions": [[0.0], [5.0]]}}')
    >>> bigopt.check("big/example-1-opposed", "guess.json").certificate.verified
    False
    """
    path, instance = _file(path), _read(instance)
    refuse_slow(path, time_limit)
    deadline = Deadline(time_limit)
    with deadline.interrupting("reading the solution"):
        data = read_json(path)
    if not isinstance(data, dict) or not isinstance(data.get("solution"), dict):
        raise InstanceError(f"{path}: solution: missing, expected an object with the keys concept and solution")
    kind = kinds.kind_of(instance.game).name
    if data.get("kind", kind) != kind:
        raise InstanceError(f"{path}: kind: {str(data['kind'])[:40]!r}, expected {kind!r}, the kind of {instance.name}")
    concept = data.get("concept")
    if concept is not None and not isinstance(concept, str):
        raise InstanceError(f"{path}: concept: {str(concept)[:40]!r}, expected a concept's name")
    row = kinds.concept_of(instance.game, concept)
    made: dict[str, Any] = data["solver"] if isinstance(data.get("solver"), dict) else {}
    given: dict[str, Any] = made["options"] if isinstance(made.get("options"), dict) else {}
    options = _options(row, given, path)
    request = row.request(str(made.get("name", "elsewhere")), options=options, deadline=deadline)
    objective, bound = (_claimed(data, key, path) for key in ("objective", "bound"))
    answer = Answer(data["solution"], bound=bound if row.sense else None)
    try:
        found = finish(row, instance.game, request, answer, data.get("model"), {})
    except InstanceError as error:
        raise InstanceError(f"{path}: solution.{error}") from None
    except LimitReached:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        text = f"{type(error).__name__}: {error}"
        raise InstanceError(f"{path}: solution: does not fit the concept {row.name} ({text[:120]})") from None
    if not found.certificate.judged:  # the file's own fields are all that there is
        raise LimitReached(f"{path}: a limit was reached before anything was verified: raise --time-limit")
    return _with_claims(found, data["solution"], objective)


def _options(row: Concept, given: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return what a file was asked: a question is read as it is where it is asked, whoever wrote the file."""
    known = {option.name for option in row.options} - {FOUND_BY}
    try:
        return split_options(row, {name: given[name] for name in known & given.keys() if given[name] is not None})[0]
    except UsageError as error:
        raise InstanceError(f"{path}: solver.options: {error}") from None


def _file(path: str | Path) -> Path:
    if not isinstance(path, (str, Path)):
        raise UsageError(f"{' '.join(repr(path).split())[:40]}, expected the path of a solution file")
    return Path(path)


def _read(instance: Instance | Game | str | Path) -> Instance:
    """Return what was read already, or a game as an instance without a file."""
    if isinstance(instance, (str, Path)):
        return read(instance)
    if isinstance(instance, Instance):
        return instance
    kinds.kind_of(instance)  # or what it is not
    return Instance(game=instance, name=instance.name)


def check_expected(instance: Instance, time_limit: float | None = None) -> list[tuple[str, Solution, Check]]:
    """Solve every concept that the instance's "expected" names; return (concept, solution, the worst field's check)."""
    results = []
    for concept, entries in instance.expected.items():
        for entry in entries if isinstance(entries, list) else [entries]:
            row = kinds.concept_of(instance.game, concept)
            _check_entry(row, entry)
            own = {argument.name for argument in row.arguments}
            arguments = {key: entry[key] for key in own | {"options"} if key in entry}
            limit = time_limit if time_limit is not None else entry.get("time_limit")
            solution = solve(instance.game, concept, entry.get("solver", "auto"), time_limit=limit, **arguments)
            tolerance = float(entry.get("tolerance", EXPECTED_TOLERANCE))
            known = {key: value for key, value in entry.items() if key not in NOT_FIELDS | own}
            results.append((concept, solution, against(solution, known, tolerance)))
    return results


def _check_entry(row: Concept, entry: Mapping[str, Any]) -> None:
    """Refuse an expected answer that names no field, or whose arguments are of the wrong type."""
    wanted: dict[str, Any] = {
        "tolerance": (int, float),
        "solver": str,
        "options": dict,
        "time_limit": (int, float),
    }
    for key, types in wanted.items():
        if key in entry and (not isinstance(entry[key], types) or isinstance(entry[key], bool)):
            raise InstanceError(f"expected.{row.name}.{key}: {str(entry[key])[:40]!r}, expected {_words(types)}")
    for argument in row.arguments:
        if argument.name in entry and not argument.accepts(entry[argument.name]):
            text = f"{str(entry[argument.name])[:40]!r}, expected {argument.expected}"
            raise InstanceError(f"expected.{row.name}.{argument.name}: {text}")
    if not set(entry) - NOT_FIELDS - {argument.name for argument in row.arguments}:
        raise InstanceError(f"expected.{row.name}: names no field, expected one of the solution's fields")


def _words(types: Any) -> str:
    return {str: "a text", dict: "an object"}.get(types, "a number")


def _with_claims(solution: Solution, claimed: Mapping[str, Any], objective: float | None) -> Solution:
    """Add the check of the file's own numbers to a certificate."""
    shared = {key: value for key, value in claimed.items() if key in solution.fields and value is not None}
    found = dict(solution.fields)
    if objective is not None and solution.outcome.objective is not None:
        found["objective"], shared["objective"] = solution.outcome.objective, objective
    check = compare("claims", found, shared, CLAIM_TOLERANCE, smallest(found), _unitless(type(solution)))
    old = solution.certificate
    certificate = Certificate((*old.checks, check), old.max_regret, old.tolerance)
    return type(solution)(**{**solution.__dict__, "certificate": certificate})


def _unitless(cls: type[Solution]) -> frozenset[str]:
    """Return the fields that no unit of utility or place changes."""
    return frozenset(f.name for f in fields_of(cls) if f.unit.split(", ")[-1] in UNITLESS)


def _claimed(data: Mapping[str, Any], key: str, path: Path) -> float | None:
    """Return a number of a solution file, None where it claims none."""
    return number(data[key], f"{path}: {key}") if data.get(key) is not None else None
