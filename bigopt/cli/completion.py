"""What the shell completes: names that are looked up only when somebody presses the tab key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from glob import escape, glob
from pathlib import Path

Complete = Callable[[str], list[str]]


def instances(incomplete: str) -> list[str]:
    """Complete a stored instance by its name or last word, or a file."""
    from bigopt.files.library import instances as stored

    names = stored()
    words = [name.rsplit("/", 1)[-1] for name in names]
    unique = [word for word in words if words.count(word) == 1]
    return _starting(incomplete, [*_files(incomplete), *names, *unique])


def concepts(incomplete: str) -> list[str]:
    """Complete a concept of any kind."""
    from bigopt.games.kinds import KINDS

    return _starting(incomplete, (concept.name for kind in KINDS.values() for concept in kind.concepts))


def kinds(incomplete: str) -> list[str]:
    """Complete a kind of game."""
    from bigopt.games.kinds import KINDS

    return _starting(incomplete, KINDS)


def solvers(incomplete: str) -> list[str]:
    """Complete a solver."""
    from bigopt.solvers import SOLVERS

    return _starting(incomplete, ["auto", *SOLVERS])


def models(incomplete: str) -> list[str]:
    """Complete a model of the library, or a file."""
    from bigopt.algebra import library

    return _starting(incomplete, [*_files(incomplete, ".py"), *library.models()])


def families(incomplete: str) -> list[str]:
    """Complete a seeded family."""
    from bigopt.files.generate import families as all_families

    return _starting(incomplete, all_families())


def figures(incomplete: str) -> list[str]:
    """Complete a figure of the papers."""
    from bigopt.reproduce import FIGURES

    return _starting(incomplete, ["all", *FIGURES])


def listings(incomplete: str) -> list[str]:
    """Complete what can be listed."""
    from bigopt.cli.listing import LISTINGS

    return _starting(incomplete, LISTINGS)


def several(complete: Complete) -> Complete:
    """Complete the last of several names with commas between them."""

    def completed(incomplete: str) -> list[str]:
        before, comma, last = incomplete.rpartition(",")
        return [f"{before}{comma}{name}" for name in complete(last) if name != "auto"]

    return completed


def _starting(incomplete: str, names: Iterable[str]) -> list[str]:
    """Return the names that start so, each once."""
    return [name for name in dict.fromkeys(names) if name.startswith(incomplete)]


def _files(incomplete: str, *endings: str) -> list[str]:
    """Return the files that start so, and folders with a slash."""
    found = [Path(path) for path in sorted(glob(f"{escape(incomplete)}*"))]
    wanted = endings or (".json", ".toml")
    return [f"{path}/" if path.is_dir() else str(path) for path in found if path.is_dir() or path.suffix in wanted]
