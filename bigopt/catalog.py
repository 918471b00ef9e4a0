"""Models and instances by name or path."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from bigopt.errors import UsageError

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder `models` or `instances`: the checkout's if this is one, else the installed package's."""
    checkout = PACKAGE.parent / name
    return checkout if (PACKAGE.parent / "setup.cfg").is_file() and checkout.is_dir() else PACKAGE / name


def models() -> list[str]:
    """Return the names in the model library."""
    return sorted(path.stem for path in folder("models").glob("[!_]*.py"))


def instances() -> list[str]:
    """Return the names of the stored instances, as "big/example-1-opposed"; recipes keep their suffix .toml."""
    root = folder("instances")
    games = [path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.json")]
    return sorted(games + [path.relative_to(root).as_posix() for path in root.rglob("*.toml")])


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


def instance(name: str) -> Path:
    """Return the path of a stored instance by name, as "big/example-1-opposed"."""
    root = folder("instances")
    path = root / (name if name.endswith(".toml") else f"{name}.json")
    if not path.resolve().is_relative_to(root.resolve()) or not path.is_file():
        raise UsageError(f"{name[:80]!r} is neither a file nor a stored instance: see `bigopt list instances`")
    return path


def instance_path(text: str) -> Path:
    """Return the path that a user means: an existing file, else a stored instance's name."""
    try:
        given = Path(text)
        stored = given.suffix == ".toml" and (folder("instances") / given).is_file()
        if given.exists() or (given.suffix in (".json", ".toml") and not stored):
            return given
    except (OSError, ValueError):
        raise UsageError(f"{text[:80]!r} is not a path: give an instance file") from None
    return instance(text)


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
    except Exception as error:  # a user's own file may raise anything
        line = f"line {error.lineno}: " if isinstance(error, SyntaxError) else ""
        raise UsageError(f"{path}: {line}{type(error).__name__}: {first_line(error)}: mend the model file") from None
    for needed in ("build", "read"):
        if not callable(getattr(module, needed, None)):
            raise UsageError(f"{path}: has no function {needed}: a model file holds build(game, ...) and read(model)")
    return module


def first_line(error: BaseException) -> str:
    """Return an exception's message as one line."""
    return " ".join(str(error).split())[:200]
