"""What a solution file says that was asked is read as if it were asked again: parsed, or refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bigopt
from bigopt.concepts.concept import Concept, Option
from bigopt.concepts.solution import plain
from bigopt.engine.choose import split_options
from bigopt.errors import InstanceError, UsageError
from bigopt.games import kinds

TRIED = ("true", "7", "2", "0.25", "1/4", "any", "1/3,2/3", "0", "x")  # each parser takes some of them


def options() -> Iterator[tuple[Concept, Option]]:
    for kind in kinds.KINDS:
        for concept in kinds.find(kind).concepts:
            for option in concept.options:
                yield concept, option


@pytest.mark.parametrize(("concept", "option"), list(options()), ids=lambda v: v.name)
def test_an_option_comes_back_from_a_file_as_it_was_asked(concept: Concept, option: Option) -> None:
    taken = 0
    for text in option.choices or TRIED:
        try:
            asked = split_options(concept, {option.name: text})[0]
        except UsageError:
            continue
        stored = json.loads(json.dumps(plain(asked)))[option.name]
        again = split_options(concept, {option.name: stored})[0][option.name]
        assert plain(again) == plain(asked[option.name])
        taken += 1
    assert taken


def check(folder: Path, name: str, concept: str, solution: Any, **asked: Any) -> bigopt.Solution:
    """Check a claim that says what was asked."""
    data = {"concept": concept, "solution": solution, "solver": {"name": "somebody", "options": asked}}
    (folder / "claim.json").write_text(json.dumps(data))
    return bigopt.check(name, folder / "claim.json")


def test_the_word_false_is_not_true(tmp_path: Path) -> None:
    """With obedience a claim is of other schemes, so that a non-empty text must not switch it on."""
    found = bigopt.solve("market/synthetic-1", "worst", options={"schemes": "randomized"})
    asked = {"schemes": "randomized", "obedience": "false"}
    checked = check(tmp_path, "market/synthetic-1", "worst", found.to_dict()["solution"], **asked)
    assert checked.solver.options["obedience"] is False


@pytest.mark.parametrize("asked", [{"schemes": "both"}, {"step": 0}, {"step": "x"}, {"step": [1]}, {"obedience": 3}])
def test_what_no_concept_is_asked_is_refused(tmp_path: Path, asked: dict[str, Any]) -> None:
    """A step of 0 would have a path that is played again for ever."""
    with pytest.raises(InstanceError, match=rf"solver\.options: option {next(iter(asked))}"):
        check(tmp_path, "market/synthetic-1", "dynamics", {"scheme": [0, 0, 0]}, **asked)


def test_a_path_from_a_given_profile_says_so(tmp_path: Path) -> None:
    """Its file has no profile beside it: the path begins where the profile was."""
    game = bigopt.load("subsets/example-5-4")
    found = bigopt.solve(game, "dynamics", profile=[[2], [2]]).to_dict()["solution"]
    assert check(tmp_path, "subsets/example-5-4", "dynamics", found, start="profile").certificate.verified
    assert not check(tmp_path, "subsets/example-5-4", "dynamics", found).certificate.verified
    with pytest.raises(UsageError, match="no profile was given"):
        bigopt.solve(game, "dynamics", options={"start": "profile"})
