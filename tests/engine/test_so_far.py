"""What is known when a time limit comes: each answer so far against the game's own, which is found without a limit.

The clock is a counter: the limit comes at the n-th time that it is looked at, whatever the machine does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import bigopt
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Solution
from bigopt.engine import solve as engine
from bigopt.errors import LimitReached
from bigopt.files.generate import generate
from bigopt.games import kinds


class Looks(Deadline):
    """A limit that comes at the n-th look."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.left = looks

    @property
    def expired(self) -> bool:
        self.left -= 1
        return self.left < 0

    def check(self, doing: str) -> None:
        if self.expired:
            raise LimitReached(f"limit reached while {doing}")


def limited(game: Any, concept: str, looks: int, **options: Any) -> Solution:
    row = kinds.concept_of(game, concept)
    request = row.request("exact", options=options, deadline=Looks(looks))
    return engine._solve_concept(row, game, request, "default", {})


def so_far(game: Any, concept: str, **options: Any) -> Iterator[Solution]:
    """Yield the answers that a limit leaves, which comes later and later; none is ever taken for a solution."""
    looks, found = 0, None
    while found is None or found.exit_code == 4:
        found = limited(game, concept, looks, **options)
        looks = 4 * looks + 1
        if found.exit_code != 4:
            return
        assert not found.certificate.verified and not found.solved
        if found.fields:
            assert [c.name for c in found.certificate.unproved + found.certificate.failed].count("limit") == 1
            yield found
        else:
            assert "there was no answer yet" in str(found.solver.options["message"])


@pytest.mark.parametrize("action_set", ["hull", "simplex", "polytope", "ball"])
def test_profiles_of_influencers_have_the_potential_and_the_bound_that_they_say(action_set: str) -> None:
    game = generate("influencers", players=40, dimension=3, action_set=action_set)
    least = bigopt.solve(game).potential
    found = list(so_far(game, "nash"))
    assert found
    for one in found:
        assert one.objective == pytest.approx(game.potential(one.actions), abs=1e-9)
        assert one.bound is not None and one.objective is not None
        assert one.bound - 1e-9 <= least <= one.objective + 1e-9
        assert game.action_set.contains(one.actions).max() <= 1e-9


def test_profiles_about_another_origin_are_in_the_games_own_place() -> None:
    points = [[1e6, 0.0], [1e6 + 1, 0.0], [1e6, 1.0], [1e6 + 1, 2.0]]
    targets = [[1e6 + i / 7, i / 5] for i in range(1, 9)]
    game = bigopt.Influencers([1 / 8] * 8, targets, bigopt.Hull(points), loss="squared")
    found = list(so_far(game, "nash"))
    assert found and all(game.action_set.contains(one.actions).max() <= 1e-6 for one in found)


def test_potentials_of_subsets_are_between_bound_and_start() -> None:
    game = generate("news-feed", players=3, items=10, size=3)
    least = bigopt.solve(game, "nash").potential
    for one in so_far(game, "nash"):
        assert one.bound is not None and one.bound - 1e-9 <= least <= game.potential(one.choices) + 1e-9


def test_equilibria_that_were_listed_are_equilibria_and_not_said_to_be_all() -> None:
    game = generate("binary-powers", items=8, size=2)
    every = [tuple(map(tuple, profile)) for profile in bigopt.solve(game, "all-nash").profiles]
    for one in so_far(game, "all-nash"):
        assert {tuple(map(tuple, p)) for p in one.profiles} <= set(every)
        assert one.complete is (len(one.profiles) == len(every))  # all, and nobody has looked at them yet
    whole = bigopt.solve(game, "extremes")
    for one in so_far(game, "extremes"):
        assert one.objective is not None and one.objective <= whole.worst_total + 1e-9


def test_silence_is_below_the_best_scheme_and_its_bound_above() -> None:
    for rule in ("sender", "first"):
        table = [[3, 1, 2], [0, 2, 1]]
        game = bigopt.Persuasion(
            ["s", "t"], ["a", "b", "c"], table, [bigopt.Bob("B", [[0, 2, 1], [0, 1, 3]])], tie_break=rule
        )
        best = bigopt.solve(game, "signaling").value
        row = kinds.concept_of(game, "signaling")
        request = row.request("exact")
        row.run(game, request)
        silent = request.kept.get()
        assert silent is not None and silent.objective is not None and silent.bound is not None
        assert silent.objective <= best + 1e-9 and best <= silent.bound + 1e-9
        claimed = row.verify(game, silent.point or {}, request)[1]
        assert [c.name for c in claimed.failed] in ([], ["optimality"])  # obeyed, whatever it is worth


def test_senders_who_were_not_reached_are_silent() -> None:
    game = generate("random-persuasion", states=4, actions=3, bobs=3)
    for one in so_far(game, "oblivious"):
        reached = int(str(one.solver.options.get("so far", 3)).split()[0])
        assert [len(scheme[0]) == 1 for scheme in one.schemes] == [j >= reached for j in range(3)]
    for one in so_far(game, "joint", start="silent"):
        assert len(one.schemes) == 3


def test_a_shorter_conversation_is_worth_no_more() -> None:
    game = generate("random-conversation", alice_features=4, bob_features=4, rounds=3, seed=2)
    whole = bigopt.solve(game, "aligned-leader")
    found = list(so_far(game, "aligned-leader"))
    assert found
    for one in found:
        assert one.objective is not None and one.bound is not None
        assert whole.alone - 1e-9 <= one.objective <= whole.value + 1e-9 and whole.value <= one.bound + 1e-9


def test_fewer_orders_are_the_fit_of_fewer_permutations() -> None:
    options = {"jobs": 1}
    game = generate("noisy-rephrasings", rows=60, bobs=12, permutations=4)
    fewer = {k: generate("noisy-rephrasings", rows=60, bobs=12, permutations=k) for k in (1, 2, 3)}
    found = list(so_far(game, "fit", **options))
    assert found
    for one in found:
        if "so far" not in one.solver.options:  # all were fitted, and nobody has looked at them yet
            continue
        orders = int(str(one.solver.options["so far"]).split()[0])
        expected = bigopt.solve(fewer[orders], "fit", options=options)
        assert [row["mse"] for row in one.rows] == pytest.approx([row["mse"] for row in expected.rows], rel=1e-9)


def test_moves_are_the_first_of_all_moves() -> None:
    market = generate("random-market", states=4, policies=3, bobs=3, seed=3)
    whole = [[move["bob"], list(move["scheme"])] for move in bigopt.solve(market, "dynamics").trajectory]
    for one in so_far(generate("random-market", states=4, policies=3, bobs=3, seed=3), "dynamics"):
        assert [[move["bob"], list(move["scheme"])] for move in one.trajectory] == whole[: len(one.trajectory)]
    labels = generate("preferences", players=3, samples=50)
    path = bigopt.solve(labels, "dynamics").trajectory
    for one in so_far(labels, "dynamics"):
        assert [entry["mover"] for entry in one.trajectory] == [e["mover"] for e in path[: len(one.trajectory)]]


def test_groups_that_were_not_searched_tell_the_truth() -> None:
    game = generate("random-mechanism", outcomes=2, groups=2, objective="nash-welfare")
    for one in so_far(game, "audit", budget=6):
        assert len(one.gains) == 2 and min(one.gains) >= 0
