"""`check` refuses every false claim of every conversation concept."""

from pathlib import Path
from typing import Any

import pytest

import bigopt
from bigopt.games.conversation import KIND, Conversation
from tests.claims import MOST, Claims
from tests.conversation.conftest import Make

QUESTION = frozenset({"player", "weights"})
OPTIONS: dict[str, list[dict[str, Any]]] = {"alignment": [{"weights": w} for w in ("convex", "any", "uniform")]}
MORE: dict[str, dict[str, Any]] = {"deviation": {"player": 0}}
SLOW = {"quantal-signal": 1, "quantal": 2}  # changes of a field
ASKED = [(c.name, options) for c in KIND.concepts for options in OPTIONS.get(c.name, [{}])]


@pytest.mark.parametrize(("concept", "options"), ASKED, ids=lambda v: v if isinstance(v, str) else "")
def test_false_claims_are_refused(concept: str, options: dict[str, Any], make: Make, tmp_path: Path) -> None:
    game: Conversation = make(3, a=1 if concept == "quantal-signal" else 2, b=2, bobs=2, rounds=1)
    found = Claims(game, concept, tmp_path, options, **MORE.get(concept, {})).believed(
        QUESTION, most=SLOW.get(concept, MOST)
    )
    assert not [place for place, _ in found if place[:2] not in TRUE]


TRUE = {("witness", "action")}  # of two actions: what surprises about one surprises about the other


def test_the_way_to_an_equilibrium_of_several_rounds_is_followed_again(make: Make, tmp_path: Path) -> None:
    claims = Claims(make(3, a=2, b=2, bobs=2, rounds=2), "quantal-nash", tmp_path)
    found = claims.data["solution"]["equilibria"]
    assert claims.accepted() and {one["start"] for one in found} == {"silent", "revealing"}
    for false in (
        found[1:],
        [found[0] | {"moves": found[0]["moves"] + 1}, found[1]],
        [found[0] | {"start": "revealing"}, found[1] | {"start": "silent"}],
    ):
        assert not claims.accepted(solution=claims.data["solution"] | {"equilibria": false})


def test_what_is_too_small_for_floats_is_a_loss_still() -> None:
    """Each action is better in one state, one by a quarter of the least float in expectation; the Bob knows which."""
    game = Conversation([[5e-324, 0], [0, 5e-324]], [[[0, 0], [0, 0]]], 2, prior_weights=[[[1, 0], [0, 3]]])
    row = {concept.name: concept for concept in KIND.concepts}
    for actions, good in (([[0, 1]], True), ([[0, 0]], False), ([[1, 1]], False)):
        request = row["first-best"].request("elsewhere")
        assert row["first-best"].verify(game, {"actions": actions}, request)[1].verified == good
    request = row["aligned-leader"].request("elsewhere")
    assert not row["aligned-leader"].verify(game, {"talk": []}, request)[1].verified
    found = bigopt.solve(game, "aligned-leader")
    assert found.solved and found.talk
