"""Models of a solve: built from a model file, or a user's own Pyomo model; what is not ours is guarded."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from bigopt.algebra import library
from bigopt.concepts.concept import Concept, Formulation, Game, Request
from bigopt.concepts.process_wide import uncollected
from bigopt.errors import BigoptError, LimitReached, UsageError, first_line

if TYPE_CHECKING:
    import pyomo.environ as pyo


def formulation_for(row: Concept, game: Game, request: Request, model: Any) -> Formulation:
    """Return the formulation of a model that the user names (or hands over): its class is known once it is built.

    Raises
    ------
    UsageError
        It is neither a model's name, a model file nor a Pyomo model.
    """
    formulations = tuple(row.formulations(game, request)) if row.formulations else ()
    if not isinstance(model, (str, Path)):
        name = _built_from(model, formulations)
        return Formulation(name, "")
    known = {f.model: f for f in formulations}
    preferred = known.get(str(model)) or next(iter(formulations), Formulation(str(model), ""))
    found = known[str(model)].problem_class if str(model) in known else ""
    return Formulation(str(model), found, preferred.arguments)


def _built_from(model: Any, formulations: tuple[Formulation, ...]) -> str:
    """Return the library's model that reads the point of a Pyomo model: its name says so, else the concept's own."""
    import pyomo.environ as pyo

    if not isinstance(model, pyo.ConcreteModel):
        text = " ".join(repr(model).split())[:40]
        raise UsageError(f"model: {text}, expected a model's name, a model file or a Pyomo ConcreteModel")
    if model.name in library.models():
        return str(model.name)
    if not formulations:
        raise UsageError("model: this concept has no model file that could read its point: give a model file")
    return formulations[0].model


def build(module: ModuleType, name: str, game: Game, arguments: Mapping[str, Any]) -> pyo.ConcreteModel:
    """Build a model file for a game; `name` names it in errors.

    Raises
    ------
    UsageError
        The file is for another kind of game (by the annotation of its first argument), or fails.
    """
    refuse_other_kind(module, name, game)
    with uncollected():  # a model only grows while it is built: collections would find nothing, in most of the time
        model = guard(lambda: module.build(game, **arguments), name)
    if model is None:
        raise UsageError(f"model {name}: build returned None, expected a pyo.ConcreteModel: mend the model file")
    return model


def build_theirs(module: ModuleType, name: str, game: Game, arguments: Mapping[str, Any]) -> pyo.ConcreteModel:
    """Build a user's own model file, with those of the arguments that its `build` takes."""
    import pyomo.environ as pyo

    accepted = inspect.signature(module.build).parameters
    model = build(module, name, game, {key: value for key, value in arguments.items() if key in accepted})
    if not isinstance(model, pyo.ConcreteModel):
        what = type(model).__name__
        raise UsageError(f"model {name}: build returned {what}, expected a pyo.ConcreteModel: mend the model file")
    return model


def refuse_other_kind(module: ModuleType, name: str, game: Game) -> None:
    """Refuse a model file whose `build` is annotated for another kind of game.

    Raises
    ------
    UsageError
    """
    first = next(iter(inspect.signature(module.build).parameters.values()), None)
    wanted = first.annotation if first is not None else inspect.Parameter.empty
    if isinstance(wanted, str):
        wanted = getattr(module, wanted, wanted)
    if isinstance(wanted, type) and hasattr(wanted, "kind") and not isinstance(game, wanted):
        raise UsageError(f"model {name}: for {wanted.__name__}, expected a model for {type(game).__name__}")


def guard(call: Callable[[], Any], name: str) -> Any:
    """Run code of a model file; a user's own may raise anything, or try to leave."""
    try:
        return call()
    except BigoptError:
        raise
    except MemoryError:
        raise LimitReached(f"model {name}: out of memory: use --solver exact or a smaller instance") from None
    except (Exception, SystemExit) as error:
        text = f"{type(error).__name__}: {first_line(error)}"
        raise UsageError(f"model {name}: {text}: mend the model file, or give one that fits the game") from error
