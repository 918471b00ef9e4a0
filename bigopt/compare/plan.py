"""What a comparison runs: instances x concepts x solvers x settings x repeats, as tasks of plain JSON data."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bigopt import solvers
from bigopt.compare.rows import key_of
from bigopt.concepts.concept import Game
from bigopt.concepts.solution import plain
from bigopt.engine.choose import refusal
from bigopt.engine.classify import concept_class
from bigopt.engine.exact import count
from bigopt.errors import UsageError, close_to
from bigopt.files import instance
from bigopt.files import library as stored
from bigopt.files import recipe as recipes
from bigopt.files.instance import FORMAT, Instance
from bigopt.games import kinds
from bigopt.places import folder
from bigopt.solvers import version_of

Task = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What to compare.

    Attributes
    ----------
    instances : sequence of str
        Files, folders (everything below), or names of stored instances.
    solvers, settings, concepts : sequence of str
        Names; no concept means each instance's natural one.
    options : mapping
        Options of the concept or the solver, for every run.
    repeat : int
        How often each run is repeated.
    time_limit, memory_mb : float
        Seconds and megabytes for each run.
    """

    instances: Sequence[str]
    solvers: Sequence[str]
    settings: Sequence[str] = ("default",)
    concepts: Sequence[str] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    repeat: int = 1
    time_limit: float = 60.0
    memory_mb: float = 8000.0


def tasks(plan: Plan, travel: bool = False) -> list[Task]:
    """Return every run of a plan, the repeats outermost, so that a busy hour does not hit one solver alone.

    Parameters
    ----------
    plan : Plan
    travel : bool
        Whether the instances' data go with the tasks (to other machines) instead of their paths.

    Raises
    ------
    InstanceError, UsageError
        A bad instance or an unknown name, before anything is run.
    """
    _check(plan)
    files = paths(plan.instances)
    found: list[Task] = []
    for name, path in files.items():
        read = instance.read(path)
        facts = _facts(name, path, read, travel)
        for concept in plan.concepts or [kinds.concept_of(read.game).name]:
            size = facts | {"class": concept_class(read.game, concept)}
            for solver in plan.solvers:
                pair = size | {"refusal": refusal_of(read.game, concept, solver)}
                found += [_task(plan, pair, concept, solver, settings) for settings in plan.settings]
    return [_repeated(task, number) for number in range(plan.repeat) for task in found]


def paths(arguments: Sequence[str]) -> dict[str, Path]:
    """Return the instance files that arguments mean, by their path below the arguments' common folder."""
    roots, files = [], []
    for text in arguments:
        path = stored.folder_path(text)
        if path is not None:
            inside = sorted(p for p in path.rglob("*") if p.suffix in (".json", ".toml") and p.is_file())
            if not inside:
                raise UsageError(f"{path}: no instance (*.json or *.toml) below this folder: give another")
            roots.append(path.resolve())
            files += [p.resolve() for p in inside]
            continue
        path = stored.instance_path(text).resolve()
        roots.append(path.parent)
        files.append(path)
    common = Path(os.path.commonpath(roots))
    return {path.relative_to(common).as_posix(): path for path in dict.fromkeys(files)}


def refusal_of(game: Game, concept: str, solver: str) -> str:
    """Return why a pair is not run, "" where it is."""
    try:
        return refusal(game, concept, solver)
    except UsageError as error:  # a concept of another kind, or one that does not apply to this game
        return str(error)


def _check(plan: Plan) -> None:
    """Refuse names that exist nowhere, and numbers that make no sense."""
    if not plan.instances or not plan.solvers:
        raise UsageError("compare: give at least one INSTANCE and --solvers A,B")
    known: list[tuple[str, Sequence[str], Sequence[str]]] = [
        ("solver", plan.solvers, list(solvers.SOLVERS)),
        ("concept", plan.concepts, sorted({c.name for kind in kinds.KINDS.values() for c in kind.concepts})),
        ("set of settings", plan.settings, sorted({s for row in solvers.SOLVERS.values() for s in row.settings})),
    ]
    for what, names, allowed in known:
        for name in names:
            if name not in allowed and not (what == "set of settings" and name == "default"):
                raise UsageError(f"{name[:40]!r} is not a {what}{close_to(name, allowed)}")
    for what, value in (("repeat", plan.repeat), ("time limit", plan.time_limit), ("memory", plan.memory_mb)):
        if not value > 0:
            raise UsageError(f"{what} of {value:g}, expected more than 0")


def _facts(name: str, path: Path, read: Instance, travel: bool) -> Task:
    """Return what a task says about its instance."""
    game = read.game
    numbers = count(game.to_instance())
    source: dict[str, Any] = {"path": str(path)}
    if travel:
        source = {"name": name, "data": {"format": FORMAT, "kind": game.kind, "name": read.name}}
        source["data"] |= plain(game.to_instance())
    family = Path(name).parent.as_posix() if "/" in name else path.parent.name
    return {
        "instance": name,
        "file": _short(path),
        "kind": game.kind,
        "family": family,
        "status": read.status,
        "numbers": numbers,
        "content": recipes.fingerprint(path),
        "source": source,
    }


def _short(path: Path) -> str:
    """Return what `bigopt solve` takes for this file: a stored instance's name, else the path from here."""
    root = folder("instances").resolve()
    if path.is_relative_to(root):
        below = path.relative_to(root)
        return (below if path.suffix == ".toml" else below.with_suffix("")).as_posix()
    return os.path.relpath(path)


def _task(plan: Plan, facts: Task, concept: str, solver: str, settings: str) -> Task:
    return facts | {
        "concept": concept,
        "solver": solver,
        "version": version_of(solver),
        "settings": settings,
        "options": dict(plan.options),
        "time_limit": plan.time_limit,
        "memory_mb": plan.memory_mb,
    }


def _repeated(task: Task, number: int) -> Task:
    """Number a task and give it the key of its run."""
    names = ("content", "instance", "concept", "solver", "version", "options", "settings")
    parts = {name: task[name] for name in names}
    return {"key": key_of(parts | {"repeat": number})} | task | {"repeat": number}
