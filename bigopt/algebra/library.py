"""The model library: model files by name, or a user's own by path."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from bigopt.errors import UsageError, close_to
from bigopt.places import folder, load


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
        raise UsageError(f"{name[:80]!r} is not a model{close_to(name, ['a .py file', *models()])}")
    return _load(folder("models") / f"{name}.py")


def _load(path: Path) -> ModuleType:
    """Import a model file by path."""
    if not path.is_file():
        raise UsageError(f"{path}: no such model file: see `bigopt list models`")
    module = load(path)
    for needed in ("build", "read"):
        if not callable(getattr(module, needed, None)):
            raise UsageError(f"{path}: has no function {needed}: a model file holds build(game, ...) and read(model)")
    return module
