"""Where the package, its models and its instances lie, and the loading of a user's own Python files."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

from bigopt.errors import UsageError, first_line

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder `models` or `instances`: the checkout's if this is one, else the installed package's."""
    checkout = PACKAGE.parent / name
    return checkout if (PACKAGE.parent / "setup.cfg").is_file() and checkout.is_dir() else PACKAGE / name


def load(path: Path) -> ModuleType:
    """Import a Python file by path, afresh each time: its author may be editing it.

    Raises
    ------
    UsageError
        It is not a Python file, or fails (or tries to leave) on import.
    """
    name = f"bigopt_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise UsageError(f"{path}: not a Python file, expected a file that ends in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a user's own file may raise anything
        line = f"line {error.lineno}: " if isinstance(error, SyntaxError) else ""
        raise UsageError(f"{path}: {line}{type(error).__name__}: {first_line(error)}: mend the file") from None
    return module


def environment() -> dict[str, str]:
    """Return this process's environment, with the module path on which another finds this very package."""
    path = os.pathsep.join([str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    return os.environ | {"PYTHONPATH": path}
