"""A game with some of its numbers changed, over a grid: every point solved and certified, a row each."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from bigopt.compare.cluster import cluster
from bigopt.compare.grid import grid, put, steps
from bigopt.compare.rows import Journal, Row, journal, key_of
from bigopt.concepts.concept import Concept, Game, Request
from bigopt.concepts.solution import plain
from bigopt.display.frames import frame
from bigopt.engine.arguments import check as check_arguments
from bigopt.engine.arguments import own as own_arguments
from bigopt.engine.choose import choose, split_options
from bigopt.engine.solve import solve
from bigopt.errors import BigoptError, UsageError
from bigopt.files.instance import game_of
from bigopt.games import kinds
from bigopt.version import VERSION

Report = Callable[[int, int], None]


class Rows(list[Row]):
    """The rows of a sweep in the order of its grid: the changed numbers by path, then what was found."""

    def to_frame(self) -> Any:
        """Return the rows as a frame, one column a key: of pandas, else of polars or pyarrow.

        Raises
        ------
        UsageError
            None of them is installed.
        """
        keys = list(dict.fromkeys(key for row in self for key in row))
        return frame({key: [row.get(key) for row in self] for key in keys})


def sweep(
    game: Game | str | Path,
    changes: Mapping[str, Sequence[float]],
    concept: str | None = None,
    *,
    jobs: int = 1,
    dask: str | None = None,
    breakpoints: bool = False,
    out: str | Path | None = None,
    solver: str = "auto",
    options: Mapping[str, Any] | None = None,
    time_limit: float | None = None,
    report: Report = lambda done, total: None,
    **arguments: Any,
) -> Rows:
    """Solve a concept at every point of a grid of changes of a game's numbers.

    Parameters
    ----------
    game : a game of any kind, or the path or the stored name of an instance
    changes : mapping
        By JSON path in the instance file, as ``"weights[0]"`` or ``"bobs[1].utility[0][2]"``, the values to take;
        several paths span a grid, the last one runs fastest.
    concept, solver, options, arguments
        As of `bigopt.solve`.
    jobs : int
        How many points at a time, in joblib's processes; -1 for all cores.
    dask : str, optional
        The address of a Dask scheduler, whose workers solve instead (they need bigopt).
    breakpoints : bool
        Add the exact places at which the answer bends between the least and the largest value, of one path only; their
        rows have the fraction in ``breakpoint``, the other rows None.
    out : path, optional
        A folder for ``rows.jsonl``: points that stand there are not solved again.
    time_limit : float, optional
        Seconds a point.
    report : callable
        ``report(done, total)`` at the start and after every point.

    Returns
    -------
    Rows
        A list of dicts: the changed numbers, ``solved``, ``verified``, ``stopped``, ``note``, ``solver``,
        ``objective``, ``bound``, ``max_regret``, ``seconds``, and the solution's fields. A point whose game or answer
        is refused has its reason in ``note``.

    Raises
    ------
    UsageError
        A path that leads to no number, no values, too many points, an argument that the concept does not take, a
        solver that cannot: before anything is solved.

    Examples
    --------
    >>> import bigopt
    >>> rows = bigopt.sweep("big/example-1-opposed", {"weights[1]": [0.25, 0.5, 1.0]})
    >>> [row["receiver"] for row in rows]
    [[2.0], [3.0], [4.0]]
    >>> rows = bigopt.sweep("big/example-1-opposed", {"weights[1]": [0.0, 1.0]}, breakpoints=True)
    >>> [row["breakpoint"] for row in rows if row["breakpoint"]]
    ['1/3', '2/3']
    """
    check_arguments(concept=concept, solver=solver, time_limit=time_limit, options=options)
    if not isinstance(jobs, int) or jobs == 0 or jobs < -1:
        raise UsageError(f"jobs: {jobs!r}, expected at least 1, or -1 for all cores")
    game = game_of(game)
    kind, data = kinds.kind_of(game).name, game.to_instance()
    row = kinds.concept_of(game, concept)
    own, rest = split_options(row, options or {})
    choose(row, game, Request(row.name, solver, own, rest, arguments=own_arguments(row, arguments)))
    points = grid(data, changes)
    exactly = _bends(game, row, changes) if breakpoints else {}
    if exactly:
        (path, values), *_ = changes.items()
        points = grid(data, {path: sorted({*(point[path] for point in points), *exactly})})
    concept = row.name
    asked = {"concept": concept, "solver": solver, "time_limit": time_limit, "options": dict(options or {})} | arguments
    common = {"kind": kind, "data": data, "asked": asked, "version": VERSION}
    tasks = {key_of({"point": point} | common): point for point in points}
    with journal(out) if out is not None else nullcontext(None) as book:
        known: dict[str, Row] = dict(book.rows) if book is not None else {}
        found = {key: known[key]["row"] for key in tasks if "row" in known.get(key, {})}
        report(len(found), len(tasks))
        todo = [key for key in tasks if key not in found]
        with cluster(dask) if dask is not None else nullcontext(None):
            count = -1 if dask is not None else jobs
            _run(game, {key: tasks[key] for key in todo}, asked, count, book, found, lambda n: report(n, len(tasks)))
    if breakpoints:
        (path,) = changes
        return Rows(found[key] | {"breakpoint": exactly.get(found[key][path])} for key in tasks)
    return Rows(found[key] for key in tasks)


def _bends(game: Game, row: Concept, changes: Mapping[str, Sequence[float]]) -> dict[float, str]:
    """Return where the answer bends between the ends of one path's values: the fractions by their floats."""
    find = kinds.kind_of(game).breakpoints
    default = kinds.concept_of(game).name
    if find is None or row.name != default:
        raise UsageError(f"breakpoints: not of {row.name}, expected the default concept of influencers on a box")
    if len(changes) != 1:
        raise UsageError(f"breakpoints: {len(changes)} paths, expected one")
    ((path, values),) = changes.items()
    ends = [float(value) for value in plain(values)]
    return {float(bend): str(bend) for bend in find(game, steps(path), min(ends), max(ends))}


def _run(
    game: Game,
    todo: Mapping[str, Row],
    asked: Row,
    jobs: int,
    book: Journal | None,
    found: dict[str, Row],
    report: Callable[[int], None],
) -> None:
    """Solve the points that are missing, and keep every row before the next is waited for."""
    made = (delayed(_point)(game, key, point, asked) for key, point in todo.items())
    count = min(jobs, len(todo)) if jobs > 0 else jobs
    for key, text in Parallel(n_jobs=count or 1, return_as="generator_unordered")(made) if todo else ():
        row = json.loads(text)
        if book is not None:
            book.append({"key": key, "row": row})
        found[key] = row
        report(len(found))


def _point(game: Game, key: str, point: Row, asked: Row) -> tuple[str, str]:
    """Solve one point; return its key and its row as JSON."""
    data = copy.deepcopy(game.to_instance())
    for path, value in point.items():
        put(data, path, value)
    arguments = dict(asked)
    try:
        changed = kinds.find(game.kind).game.from_instance(data, game.name)
        solution = solve(changed, **arguments)
    except BigoptError as error:
        row = point | {"solved": False, "verified": False, "note": str(error)}
        return key, json.dumps(plain(row))
    row = point | {
        "solved": solution.solved,
        "verified": solution.certificate.verified,
        "stopped": solution.outcome.stopped,
        "note": "",
        "solver": solution.solver.name,
        "objective": solution.outcome.objective,
        "bound": solution.outcome.bound,
        "max_regret": solution.certificate.max_regret,
        "seconds": sum(solution.seconds.values()),
    }
    fields = {f"solution.{k}" if k in row else k: v for k, v in solution.fields.items()}
    return key, json.dumps(plain(row | fields), default=str)


def column(rows: Sequence[Row], field: str) -> list[float | None]:
    """Return a field of every row as numbers, ``receiver[0]`` for an entry; None where a row was not solved.

    Raises
    ------
    UsageError
        No solved row has the field, or it is no number.
    """
    first, *rest = steps(field)
    solved = [row for row in rows if row.get("solved")]
    known = [key for key in (solved or [{}])[0]]
    if field not in known and not any(first in row for row in solved):
        raise UsageError(f"--field {field[:40]!r}: no solved row has it, expected one of {', '.join(known)}")
    return [_entry(row, field, first, rest) if row.get("solved") else None for row in rows]


def _entry(row: Row, field: str, first: str | int, rest: Sequence[str | int]) -> float | None:
    if field in row:
        value = row[field]
    else:
        value = row.get(str(first))
        for step in rest:
            try:
                value = value[step]  # type: ignore[index]
            except (IndexError, KeyError, TypeError):
                raise UsageError(f"--field {field}: a solved row has no {step!r} there") from None
    if isinstance(value, (list, dict, str)):
        hint = f"{field}[0]" if isinstance(value, list) else field
        raise UsageError(f"--field {field}: {str(value)[:40]}, expected a number: give one entry, as {hint}")
    return None if value is None else float(value)
