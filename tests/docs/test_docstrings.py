"""Every parameter of the public surface is described, in numpy's style, where it is or in what it implements."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import bigopt
from bigopt.games.hull.game import UtilityTable

FIELDS = ("Parameters", "Attributes", "Arguments of the methods")  # the last in a class's own docstring
VALUE = ("Return", "Whether", "Make", "Read")  # how the summary of a method without a section Returns begins


def sections(text: str) -> list[tuple[str, list[str]]]:
    """Return the sections of docstrings, each with its lines; "" is what stands before the first."""
    lines = text.splitlines()
    found: list[tuple[str, list[str]]] = [("", [])]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if re.fullmatch("-{3,}", following) and len(following) == len(line):
            found.append((line, []))
        else:
            found[-1][1].append(line)
    return found


def described(text: str) -> set[str]:
    """Return the names that a docstring's parameters and attributes have."""
    heads = [line for name, lines in sections(text) if name in FIELDS for line in lines if line and line[0] not in " -"]
    return {name.strip().lstrip("*") for head in heads for name in head.split(":")[0].split(",")}


def contract(cls: type, name: str) -> str:
    """Return what a method's docstring says, and those of the classes that it belongs to."""
    bases = [base for base in cls.__mro__ if base.__module__.startswith("bigopt")]
    return "\n\n".join(inspect.getdoc(each) or "" for each in (getattr(cls, name), *bases))


def public() -> Iterator[tuple[str, Callable[..., Any], str, str]]:
    """Yield name, callable, its docstring (a method's where it is declared), and all that is said of its parameters."""
    named = {name: getattr(bigopt, name) for name in bigopt.__all__ if name != "__version__"}
    for name, value in (named | {"UtilityTable": UtilityTable}).items():
        own = inspect.getdoc(value) or ""
        if not (inspect.isclass(value) and issubclass(value, Exception)):
            yield name, value, own, own
        for key in dir(value) if inspect.isclass(value) else ():
            method = getattr(value, key)
            ours = str(getattr(method, "__module__", "")).startswith("bigopt")
            if not key.startswith("_") and ours and callable(method) and not inspect.isclass(method):
                first = next(base for base in reversed(value.__mro__) if key in vars(base))
                yield f"{name}.{key}", method, inspect.getdoc(getattr(first, key)) or "", contract(value, key)


SURFACE = list(public())


@pytest.mark.parametrize(("name", "value", "own", "said"), SURFACE, ids=[row[0] for row in SURFACE])
def test_what_it_takes_and_gives_is_described(name: str, value: Callable[..., Any], own: str, said: str) -> None:
    taken = {key for key in inspect.signature(value).parameters if key not in ("self", "cls")}
    assert taken <= described(said), f"{name}: describe {', '.join(sorted(taken - described(said)))}"
    gives = inspect.signature(value).return_annotation not in (None, "None", inspect.Signature.empty)
    if gives and not inspect.isclass(value):
        summary = own.startswith(VALUE) and "." in name
        assert summary or "Returns" in dict(sections(own)), f"{name}: describe what it returns"


def test_errors_name_their_class() -> None:
    """The section Raises of a docstring names classes that there are."""
    for name, _, own, _ in SURFACE:
        for line in dict(sections(own)).get("Raises", []):
            if line and line[0] not in " -":
                assert all(hasattr(bigopt, error.strip()) for error in line.split(",")), f"{name}: {line}"


def test_a_missing_parameter_is_found() -> None:
    text = "Add.\n\nParameters\n----------\na, b : int\n    Numbers.\n**more\n    Others.\n\nReturns\n-------\nint"
    assert described(text) == {"a", "b", "more"} and set(dict(sections(text))) == {"", "Parameters", "Returns"}
