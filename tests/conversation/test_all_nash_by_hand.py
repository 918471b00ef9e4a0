"""All equilibria and Best-AI selection of one round: every field and check by loops, every false claim refused."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.alice import combination
from bigopt.concepts import Deadline
from bigopt.errors import InstanceError
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.verify import letters, listed
from tests.conversation.loops import Letters, epsilon, judged, key, said, tree, with_ties

Fields = dict[str, Any]
FOREVER = Deadline()


@cache
def by_loops(seed: int, a: int, b: int, bobs: int, alphabet: int) -> AllNash:
    """Return what is known of a drawn game."""
    return AllNash(with_ties(seed, a, b, bobs), alphabet)


class AllNash:
    """The equilibria, the leaders and who is against them."""

    def __init__(self, game: Conversation, alphabet: int) -> None:
        """Play every profile."""
        table = Letters(game, alphabet)
        k, n = game.k, range(len(table.rules))
        plans = {at: table.play([table.rules[i] for i in at]) for at in product(n, repeat=k)}
        value = {at: table.values(plan) for at, plan in plans.items()}
        law = {at: table.law(plan) for at, plan in plans.items()}

        def deviations(at: tuple[int, ...], j: int) -> list[tuple[int, ...]]:
            return [(*at[:j], i, *at[j + 1 :]) for i in n]

        stable = [
            at for at in plans if all(value[d][j + 1] <= value[at][j + 1] for j in range(k) for d in deviations(at, j))
        ]
        silent = next(i for i in n if all(len(parts) == 1 for parts in table.rules[i]))
        alone = [value[(i, *[silent] * (k - 1))][0] for i in n]
        leaders = [i for i in n if alone[i] == max(alone)]
        self.against = [
            (leader, at)
            for leader in leaders
            for at in plans
            if len({law[deviations(at, j)[leader]] for j in range(k)}) > 1
        ]
        refuted = {leader for leader, _ in self.against}
        alice = [float(value[at][0]) for at in stable]
        self.rules, self.leaders, self.value = table.rules, leaders, value
        self.stable = {tuple(key(tree(table.rules[i])) for i in at): value[at][0] for at in stable}
        self.agreed = next(at for at in plans if (leaders[0], at) not in self.against)
        known = "refuted" if len(refuted) == len(leaders) else "open"
        best = max(float(v) for v in alone)
        self.fields: Fields = {
            "count": len(stable),
            "worst": min(alice),
            "best": max(alice),
            "leader": best,
            "epsilon": epsilon(game),
            "bound": best - 2 * epsilon(game),
            "slack": min(alice) - best + 2 * epsilon(game),
            "definition_9": "proved" if k == 1 or alphabet >= table.b else known,
            "leaders": len(leaders),
            "leaders_refuted": len(refuted),
        }


LISTS = [(7, 2, 2, 2, 2), (22, 2, 3, 2, 2), (10, 2, 3, 2, 2), (7, 1, 3, 1, 2), (7, 2, 2, 3, 2), (3, 1, 2, 2, 3)]


@cache
def case(seed: int, a: int, b: int, bobs: int, alphabet: int) -> tuple[Conversation, Fields, Fields]:
    """Return a game, the options and the answer as a file holds it."""
    game, options = with_ties(seed, a, b, bobs), {"letters": alphabet}
    return game, options, bigopt.solve(game, "all-nash", options=options).to_dict()["solution"]


@pytest.mark.parametrize("given", LISTS, ids=str)
def test_all_nash(given: Any) -> None:
    game, options, point = case(*given)
    by_hand = by_loops(*given)
    fields, certificate = judged(game, "all-nash", point, options)
    assert set(fields) == {*by_hand.fields, "witness", "profiles"}
    for name, known in by_hand.fields.items():
        assert fields[name] == (known if isinstance(known, str) else pytest.approx(known, abs=1e-9)), name
    assert fields["witness"] == point["witness"] and (point["witness"] is None) == (not by_hand.against)
    shown = [tuple(map(key, profile)) for profile in fields["profiles"]]
    assert len(shown) == len(by_hand.stable) == len(set(shown)) and set(shown) == set(by_hand.stable)
    assert all(by_hand.stable[one] <= by_hand.stable[other] for one, other in pairwise(shown))
    theorem = ("Theorem 1", 0.0, 1e-9, "utility range", "proved", True)
    if fields["definition_9"] != "proved":
        theorem = ("Theorem 1", 0.0, 0.0, "", "skipped", False)
        assert fields["definition_9"] in certificate.checks[3].note
    assert said(certificate) == [
        ("all equilibria", 0.0, 0.0, "fields", "recomputed", True),
        ("listed equilibria", 0.0, 0.0, "profiles", "recomputed", True),
        ("witness", 0.0, 0.0, "", "recomputed", True),
        theorem,
    ]


def test_counts_and_the_ends_of_a_false_list() -> None:
    game, options, point = case(*LISTS[1])
    for name in ("count", "worst", "best", "leaders", "leaders_refuted"):
        checks = judged(game, "all-nash", point | {name: point[name] + 1}, options)[1].checks
        assert [check.value for check in checks] == [1.0, 0.0, 0.0, 0.0], name
    assert judged(game, "all-nash", point | {"definition_9": "open"}, options)[1].checks[0].value == 1.0
    bare = {name: point[name] for name in ("profiles", "witness")}
    assert judged(game, "all-nash", bare, options)[1].verified


def test_profiles_that_are_no_equilibria_or_stand_elsewhere() -> None:
    """Each wrong one counts, each that is missing, each descent of Alice's utility and each that is not in order."""
    game, options, point = case(*LISTS[0])
    by_hand, shown = by_loops(*LISTS[0]), point["profiles"]
    n = range(len(by_hand.rules))
    trees = [[tree(by_hand.rules[i]) for i in at] for at in product(n, repeat=2)]
    false = [one for one in trees if tuple(map(key, one)) not in by_hand.stable]
    amounts = [by_hand.stable[tuple(map(key, one))] for one in shown]
    jump = next(i for i in range(len(shown) - 1) if amounts[i] < amounts[i + 1])
    foreign = [[[[[0], []]], [[[0], []]]]] * 2  # does not tell of feature 1 at all
    swapped = [*shown[:jump], shown[jump + 1], shown[jump], *shown[jump + 2 :]]
    for claim, off in [
        (shown, 0),
        (shown[:-1], 1),
        (shown[:-2], 2),
        ([*shown, false[0]], 2),  # wrong, and one too many
        ([*shown[:-1], false[0]], 1),
        ([*shown[:-2], *false[:2]], 2),
        ([*shown[:-1], foreign], 1),
        ([*shown[:-1], shown[-2]], 1),  # twice
        (swapped, 3),  # a descent, and two amounts that are not those in order
        (shown[1:], 1 + sum(a != b for a, b in zip(amounts[1:], amounts, strict=False))),
        ([], len(shown)),
    ]:
        checks = judged(game, "all-nash", point | {"profiles": claim}, options)[1].checks
        assert checks[1].value == off and checks[1].name == "listed equilibria"
    for claim in ([shown[0][:1]], [[*shown[0], shown[0][0]]], [3], [{}]):
        with pytest.raises(InstanceError, match="profiles: expected 2 rules each"):
            judged(game, "all-nash", point | {"profiles": claim}, options)
    unread: list[Any] = [None, "profiles", {}]
    for broken in unread:
        with pytest.raises(InstanceError, match="profiles: expected a list of profiles"):
            judged(game, "all-nash", point | {"profiles": broken}, options)


def test_as_many_are_shown_as_are_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    game, options, point = case(*LISTS[0])
    monkeypatch.setattr(listed, "SHOWN", 7)
    for many, off in ((7, 0), (8, 1), (6, 1)):
        claim = point | {"profiles": point["profiles"][:many]}
        assert judged(game, "all-nash", claim, options)[1].checks[1].value == off


@pytest.mark.parametrize("given", LISTS[:3], ids=str)
def test_witnesses_against_definition_9(given: Any) -> None:
    """A rule that is best for Alice, and a profile in which the Bobs' deviations to it differ; no other is one."""
    game, options, point = case(*given)
    by_hand = by_loops(*given)
    trees = [tree(rule) for rule in by_hand.rules]
    found = letters.listed(game, 2, 2, FOREVER)

    def off(leader: Any, profile: Any) -> float:
        check = listed.witness_of(found, game.sizes[1], 0, {"leader": leader, "profile": profile})
        assert (check.name, check.limit, check.unit, check.grade) == ("witness", 0.0, "", "recomputed")
        return check.value

    for leader, at in [*by_hand.against[:2], *by_hand.against[-2:]]:
        assert off(trees[leader], [trees[i] for i in at]) == 0.0
    assert off(trees[by_hand.leaders[0]], [trees[i] for i in by_hand.agreed]) == 1.0
    one = letters.listed(game, 2, 1, FOREVER)  # of one Bob alone nothing can differ
    claim = {"leader": trees[by_hand.leaders[0]], "profile": [trees[0]]}
    assert listed.witness_of(one, game.sizes[1], 0, claim).value == 1.0
    if by_hand.against:
        leader, at = by_hand.against[0]
        profile = [trees[i] for i in at]
        worse = [i for i in range(len(trees)) if i not in by_hand.leaders]
        assert [off(trees[i], profile) for i in worse[:2]] == [1.0] * len(worse[:2])
        partial = [[[[0], []]], [[[0], []]]]
        assert off(partial, profile) == 1.0 and off(trees[leader], [profile[0], partial]) == 1.0
    unread: list[Any] = [3, "witness", {"leader": trees[0]}, {"profile": trees}, [], {"a": 1, "b": 2}]
    for broken in unread:
        with pytest.raises(InstanceError, match="witness: expected null, or an object with leader and profile"):
            listed.witness_of(found, game.sizes[1], 0, broken)
    checks = judged(game, "all-nash", point | {"witness": None}, options)[1].checks
    assert checks[2].value == float(bool(by_hand.against)) and checks[2].limit == 0.0


def test_one_rule_that_is_refuted_is_enough() -> None:
    game, options, _ = case(*LISTS[0])
    found = letters.listed(game, 2, 2, FOREVER)
    assert [listed.witness_of(found, 2, n, None).value for n in (0, 1, 2)] == [0.0, 1.0, 1.0]


def test_theorem_1_is_measured_in_alices_range(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an error that is too small to be true the theorem fails, by its share of her range."""
    game, options, point = case(*LISTS[0])
    flat = Conversation(np.full((3, 3), 2.5), list(game.bobs), 1, prior_weights=game.prior_weights)
    for one, claim, span in ((game, point, np.ptp(game.alice)), (flat, None, 1.0)):
        answer = claim or bigopt.solve(one, "all-nash").to_dict()["solution"]
        with monkeypatch.context() as patched:
            fit = combination.fit(*one.outcome_utilities())
            patched.setattr(combination, "fit", lambda *_, fit=fit, **__: replace(fit, epsilon=-5.0))
            fields, certificate = judged(one, "all-nash", answer, options)
        assert fields["bound"] == pytest.approx(fields["leader"] + 10)
        assert certificate.checks[3].value == pytest.approx((fields["bound"] - fields["worst"]) / span)
        assert [check.name for check in certificate.failed] == ["Theorem 1"]


def test_nothing_is_said_where_there_is_no_equilibrium(monkeypatch: pytest.MonkeyPatch) -> None:
    game, options, point = case(*LISTS[0])
    monkeypatch.setattr(letters.Listed, "stable", lambda own: np.zeros(own.law.shape, dtype=bool))
    claim = point | {"count": 0, "worst": None, "best": None, "profiles": []}
    fields, certificate = judged(game, "all-nash", claim, options)
    assert (fields["count"], fields["worst"], fields["best"], fields["slack"]) == (0, None, None, None)
    assert [check.name for check in certificate.checks] == ["all equilibria", "listed equilibria", "witness"]
    assert certificate.verified
