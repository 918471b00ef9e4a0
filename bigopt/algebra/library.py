"""The model library: model files by name, or a user's own by path."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from bigopt.errors import UsageError, first_line
from bigopt.places import folder


def models() -> list[str]:
    """Return the names in the model library."""
    return sorted(path.stem for path in folder("models").glob("[!_]*.py"))


def model(name: str) -> ModuleType:
    """Load a model file: by name from the model library, or a user's own by its path (it ends in .py).

    Raises
    ------
    UsageError
        No such model, or the file has no ``build`` and ``read``, or fails on import.
    """
    if name.endswith(".py"):
        return _load(Path(name).resolve())
    if name not in models():
        raise UsageError(f"{name[:80]!r} is not a model, expected a .py file or one of {', '.join(models())}")
    return _load(folder("models") / f"{name}.py")


def _load(path: Path) -> ModuleType:
    """Import a model file by path, afresh each time: its author may be editing it."""
    if not path.is_file():
        raise UsageError(f"{path}: no such model file: see `bigopt list models`")
    name = f"bigopt_model_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path}: not a Python file, expected a model with build and read")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a user's own file may raise anything, or try to leave
        line = f"line {error.lineno}: " if isinstance(error, SyntaxError) else ""
        raise UsageError(f"{path}: {line}{type(error).__name__}: {first_line(error)}: mend the model file") from None
    for needed in ("build", "read"):
        if not callable(getattr(module, needed, None)):
            raise UsageError(f"{path}: has no function {needed}: a model file holds build(game, ...) and read(model)")
    return module
