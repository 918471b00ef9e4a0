"""Lists of all profiles of rules, and of all ways to tell features apart, against loops in fractions."""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

import numpy as np
import pytest

from bigopt.concepts.deadline import Deadline
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.rules import Rule
from bigopt.games.conversation.verify import histories, letters
from tests.conversation import by_hand
from tests.conversation.by_hand import drawn, pairs, weight


def listed(game: Conversation, bobs: int) -> tuple[letters.Listed, list[tuple[int, ...]], dict[Any, list[Any]]]:
    """Return the list of profiles, its places, and by place everybody's amounts and the distribution, by loops."""
    found = letters.listed(game, 2, bobs, Deadline(None))
    every_rule = letters.rules(game.sizes[1], 2, 1)
    assert [found.places[letters.key(rule)] for rule in every_rule] == list(range(len(every_rule)))
    every: dict[Any, list[Any]] = {}
    for place in product(range(len(every_rule)), repeat=bobs):
        table = by_hand.response(game, [as_letters(every_rule[i], game.sizes[1]) for i in place], 2)
        law = [[p * weight(game, pairs(game)) for p in row] for row in by_hand.law(game, table)]
        every[place] = [*(by_hand.worth(game, p, table) for p in range(1 + game.k)), law]
    return found, list(every), every


def as_letters(rule: letters.Rule, features: int) -> Any:
    """Return partitions after Alice's words as letters."""

    def letter(parts: frozenset[int], b: int) -> int:
        return next(i for i, part in enumerate(sorted(parts)) if part >> b & 1)

    table = {
        said: tuple(by_hand.sure(letter(parts, b)) for b in range(features)) for said, parts in rule.items() if said
    }
    return Rule("histories", histories=table)


@pytest.mark.parametrize(
    ("seed", "shape", "bobs", "actions"),
    [(4, (2, 2, 2), 2, 3), (7, (2, 2, 2), 2, 5), (5, (3, 2, 2), 1, 4), (6, (2, 3, 1), 1, 2)],
)
def test_all_profiles(seed: int, shape: tuple[int, int, int], bobs: int, actions: int) -> None:
    game = drawn(seed, shape, actions)
    game = Conversation(game.alice, list(game.bobs)[:bobs], 1, prior_weights=game.prior_weights)
    found, places, known = listed(game, bobs)
    size = len(found.places)
    for place, player in product(places, range(1 + bobs)):
        assert game.worth(player, found.totals[player][place]) == known[place][player]
    assert all(
        (found.law[one] == found.law[two]) == (known[one][-1] == known[two][-1]) for one, two in product(places, places)
    )

    def better(place: tuple[int, ...], bob: int) -> bool:
        others = [(*place[:bob], i, *place[bob + 1 :]) for i in range(size)]
        return any(known[other][bob + 1] > known[place][bob + 1] for other in others)

    stable = found.stable()
    assert all(stable[place] == (not any(better(place, bob) for bob in range(bobs))) for place in places)
    beside = [known[(i, *([0] * (bobs - 1)))][0] for i in range(size)]
    assert [game.worth(0, value) for value in found.beside_silence()] == beside
    assert found.leaders() == [i for i, value in enumerate(beside) if value == max(beside)]
    for leader in range(size):
        ends = [[known[(*p[:bob], leader, *p[bob + 1 :])][-1] for bob in range(bobs)] for p in places]
        assert found.refuted(leader) == any(end != row[0] for row in ends for end in row)


def test_amounts_beyond_any_float_are_listed_in_whole_numbers() -> None:
    """What Alice gains by x_B is a part of 2^62, the Bob's amounts are beyond 2^63 and below 0."""
    row = [[2**60 + 1, 2**60], [2**60, 2**60 + 1]]
    game = Conversation([[1, -1], [-1, 1]], [[[2, 2], [-1, -1]]], 1, prior_weights=np.array([row], dtype=object))
    found, places, known = listed(game, 1)
    for place in places:
        assert [game.worth(p, found.totals[p][place]) for p in range(2)] == known[place][:2]
    assert found.stable().sum() == sum(known[p][1] == max(value[1] for value in known.values()) for p in places)
    assert len({value[0] for value in known.values()}) == 2


def test_a_bob_tells_his_features_apart_in_any_way() -> None:
    """Beside silence, in one round: the best of all ways to label four features, whatever their order."""
    game = drawn(5, (1, 4, 2), 3)
    strength, silent = 2.0, histories.Rule((0, 0, 0, 0), {})
    for order in permutations(range(4)):
        moved = Conversation(game.alice, list(game.bobs), 1, prior_weights=game.prior_weights[:, list(order)])
        talk = histories.Talk(moved, strength, Deadline(None))
        every = []
        for labels in product(range(4), repeat=4):
            cells = {sum(1 << b for b in range(4) if labels[b] == label) for label in labels}
            every.append(sum(talk.worth((0, cell))[1] for cell in cells))
        assert talk.best([silent, silent], 0) == pytest.approx(max(every), rel=1e-12)


def test_partitions_are_all_of_a_set() -> None:
    """Bell numbers, and every partition once."""
    for size, bell in enumerate((1, 1, 2, 5, 15)):
        every = [frozenset(parts) for parts in histories._partitions((1 << size) - 1)]
        assert len(set(every)) == len(every) == bell
        assert all(sum(parts) == (1 << size) - 1 and 0 not in parts for parts in every)
    assert sorted(map(sorted, histories._partitions(0b1010))) == [[2, 8], [10]]
