"""The classes of solutions say what is in them: every stored instance's answers against the annotations."""

import json
import runpy
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import catalog
from bigopt.concepts.fields import fields_of
from bigopt.concepts.solution import Solution
from bigopt.engine.solve import solve
from bigopt.errors import UsageError
from bigopt.files import instance
from bigopt.games import kinds

DOCS = Path(__file__).parents[2] / "docs"
SMALL = (  # each kind, with whatever makes fields come or go: other sets, a type set, tokens, own observations
    "big/example-2-unique",
    "big/example-4-square",
    "big/hull-example-2",
    "conversation/definition-9",
    "conversation/agreement-lost",
    "conversation/fully-disclosive",
    "hull/table-2",
    "market/synthetic-2",
    "mechanism/three-answers",
    "mechanism/size-pairs",
    "mechanism/tokens",
    "persuasion/second-opinion",
    "persuasion/courtroom",
    "preferences/equal-targets",
    "subsets/example-5-4",
)
ASKED: dict[tuple[str, str], list[dict[str, Any]]] = {  # options and arguments beside the defaults
    ("influencers", "ne-set"): [{"options": {"members": "true"}}],
    ("market", "worst"): [{"options": {"schemes": "randomized"}}],
    ("market", "stable"): [{"options": {"schemes": "randomized"}}],
    ("market", "dynamics"): [{"options": {"schemes": "randomized"}}],
    ("mechanism", "payments"): [
        {"options": {"from": "samples", "samples": "50"}},
        {"options": {"rule": "checkpoints"}},
    ],
    ("persuasion", "joint"): [{"options": {"start": "full"}}],
}
QUICK: dict[str, dict[str, Any]] = {"truthful": {"options": {"reports": "2", "players": "2"}}}  # an equilibrium each
SLOW = {("subsets", "mixed")}  # needs Gambit


def asked() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name in SMALL:
        kind = {"big": "influencers"}.get(name.split("/")[0], name.split("/")[0])
        for concept in kinds.find(kind).concepts:
            for arguments in [{}, *ASKED.get((kind, concept.name), [])]:
                if (kind, concept.name) not in SLOW:
                    yield name, concept.name, arguments


@pytest.mark.parametrize(("name", "concept", "arguments"), list(asked()))
def test_answers_carry_what_is_annotated(name: str, concept: str, arguments: dict[str, Any]) -> None:
    game = instance.load(catalog.instance(name))
    row = next(row for row in kinds.kind_of(game).concepts if row.name == concept)
    given = {**QUICK.get(concept, {}), **arguments, **_others(game, row)}
    if row.refuses(game) is not None:
        return
    if (name, concept) == ("persuasion/courtroom", "joint") and not arguments:
        return  # rivals undercut each other for ever
    try:
        solution = solve(game, concept, **given)
    except UsageError as error:
        assert "at most" in str(error) or "closed form" in str(error)  # too large, or not of this rule
        return
    assert type(solution) is row.result
    assert solution.certificate.checks
    annotated = {field.name: field for field in fields_of(row.result)}
    assert {key for key, field in annotated.items() if field.always} <= set(solution.fields) <= set(annotated)
    hints = typing.get_type_hints(row.result)
    for key in annotated:
        value = getattr(solution, key)
        assert value is solution.fields.get(key), key
        assert fits(value, hints[key]), (key, type(value), hints[key])
    assert set(annotated) <= set(dir(solution))
    assert list(json.loads(solution.to_json())["solution"]) == list(solution.fields)


def _others(game: Any, row: Any) -> dict[str, Any]:
    """Return arguments for concepts that need some: the first player, against everybody's default answer."""
    if not row.needs:
        return {}
    found: dict[str, Any] = {"player": 0} if "player" in {a.name for a in row.arguments} else {}
    if game.kind == "influencers":
        found["profile"] = [game.action_set.project(t[None])[0].tolist() for t in game.targets]
    elif game.kind == "subsets":
        found["profile"] = [list(c) for c in game.first_profile()]
    elif game.kind == "market":
        found["profile"] = [[0] * game.S for _ in range(game.k)]
    elif game.kind == "persuasion":
        found["profile"] = [np.eye(len(game.states)).tolist() for _ in game.names]
    return found


def fits(value: Any, hint: Any) -> bool:
    """Say whether a value is of an annotated type, to the depth of arrays and lists."""
    origin = typing.get_origin(hint)
    if hint is Any:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, each) for each in typing.get_args(hint))
    if hint is type(None):
        return value is None
    if origin is np.ndarray:
        kind = typing.get_args(typing.get_args(hint)[1])[0]
        return isinstance(value, np.ndarray) and np.issubdtype(value.dtype, kind)
    if origin in (list, tuple):
        inner = typing.get_args(hint)[0]
        return isinstance(value, origin) and all(fits(each, inner) for each in value)
    if origin is dict:
        key, inner = typing.get_args(hint)
        return isinstance(value, dict) and all(fits(k, key) and fits(v, inner) for k, v in value.items())
    if hint is float:
        return isinstance(value, float)
    return type(value) is hint


@pytest.mark.parametrize("kind", list(kinds.KINDS))
def test_every_concept_has_its_class(kind: str) -> None:
    """Every row names a class, every annotation is described with a unit or a shape, and no two rows share a class."""
    rows = kinds.find(kind).concepts
    assert len({row.result for row in rows}) == len(rows)
    for row in rows:
        assert row.result is not Solution
        assert all(field.meaning.endswith(".") and field.unit for field in fields_of(row.result)), row.name


def test_the_page_is_up_to_date() -> None:
    """`python docs/fields.py` writes what stands there."""
    page = runpy.run_path(str(DOCS / "fields.py"))["page"]()
    assert (DOCS / "FIELDS.md").read_text(encoding="utf-8") == page


def test_a_class_names_its_concept() -> None:
    from bigopt.games.influencers.nash import NashSolution
    from bigopt.games.market.worst import WorstSolution

    game = bigopt.load(catalog.instance("big/example-1-opposed"))
    assert bigopt.solve(game, NashSolution) == bigopt.solve(game, "nash")
    with pytest.raises(UsageError, match="WorstSolution"):
        bigopt.solve(game, WorstSolution)
    with pytest.raises(UsageError, match="concept"):
        bigopt.solve(game, Path)  # type: ignore[type-var]


def test_a_field_comes_before_the_run() -> None:
    """`holds` of substitutes is the condition; what Pyomo's word says of the run is in `outcome` and in the JSON."""
    game = bigopt.load(catalog.instance("conversation/xor"))
    solution: Any = bigopt.solve(game, "substitutes")
    assert solution.holds is False and solution.outcome.holds == "optimal" == solution.to_dict()["holds"]
    assert "optimal" in repr(solution) and hash(solution) == hash(bigopt.solve(game, "substitutes"))


def test_a_docstring_that_differs_is_an_error() -> None:
    class Odd(Solution):
        """What was found.

        Attributes
        ----------
        one : count
            Of things.
        """

        other: int

    with pytest.raises(ValueError, match="one, other"):
        fields_of(Odd)
