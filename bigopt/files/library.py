"""The stored instances: by name, or by the path that a user gives."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from bigopt.errors import UsageError
from bigopt.places import folder


def instances() -> list[str]:
    """Return the names of the stored instances, as "big/example-1-opposed"; recipes keep their suffix .toml."""
    root = folder("instances")
    games = [path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.json")]
    return sorted(games + [path.relative_to(root).as_posix() for path in root.rglob("*.toml")])


def instance(name: str) -> Path:
    """Return the path of a stored instance by name, as "big/example-1-opposed"."""
    root = folder("instances")
    name = _whole_name(name)
    path = _stored(root, name)
    if not path.resolve().is_relative_to(root.resolve()) or not path.is_file():
        raise UsageError(
            f"{name[:80]!r} is neither a file nor a stored instance{_meant(name)}: see `bigopt list instances`"
        )
    return path


def _stored(root: Path, name: str) -> Path:
    """Return where a stored instance of a name is; a recipe may be named without its ending."""
    game = root / f"{name}.json"
    recipe = root / (name if name.endswith(".toml") else f"{name}.toml")
    return game if game.is_file() or not recipe.is_file() else recipe


def _whole_name(name: str) -> str:
    """Return the stored name that ends in a name of one word.

    Raises
    ------
    UsageError
        Several do.
    """
    if "/" in name:
        return name
    ends = [stored for stored in instances() if stored.rsplit("/", 1)[-1] in (name, f"{name}.toml")]
    if len(ends) > 1:
        raise UsageError(f"{name[:80]!r} ends the names of {len(ends)} stored instances: give {' or '.join(ends)}")
    return ends[0] if ends else name


def _meant(name: str) -> str:
    """Say which stored instance was perhaps meant."""
    whole = {stored.removesuffix(".toml"): stored for stored in instances()}
    known = {stored.rsplit("/", 1)[-1]: whole[stored] for stored in whole} | whole
    close = get_close_matches(name.removesuffix(".toml"), known, 1)
    return f", did you mean {known[close[0]]}?" if close else ""


def folder_path(text: str) -> Path | None:
    """Return the folder of instances that a user means: one here, else a stored one by name; None where it is none."""
    for given in (Path(text), folder("instances") / text):
        try:
            if given.is_dir():
                return given
            if given.exists():
                return None
        except (OSError, ValueError):  # a name that no file can have
            return None
    return None


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
