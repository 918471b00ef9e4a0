"""Certificates against the definitions by brute force: of every point of a tiny market, whether it is an answer."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bigopt.concepts.fields import fields_of
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.market import KIND
from bigopt.games.market.exact import enumeration, intervals
from bigopt.games.market.game import Market
from bigopt.games.market.options import randomized
from bigopt.games.market.verify import misalignment, scheme
from bigopt.games.market.verify.lotteries import ROUNDING

SEEDS = (6, 45, 217, 276, 566)  # of one to three Bobs, some states of weight 0; most with ties
PATHS = (45, 99, 566, 1587)  # up to four moves
MEANINGS = ["stable", "nash"]
CONCEPTS = {concept.name: concept for concept in KIND.concepts}
SPREAD = "the lottery's spread"
SAID: dict[str, set[tuple[str, str]]] = {  # a check's unit and grade
    "deviation": {("utility", "recomputed"), (SPREAD, "proved"), (SPREAD, "recomputed")},
    "theorem 6": {("utility", "proved")},
    "best": {("utility", "proved"), (SPREAD, "recomputed"), (SPREAD, "proved")},
    "worst": {("utility", "recomputed"), ("utility", "searched"), (SPREAD, "recomputed"), (SPREAD, "proved")},
    "unstable": {("schemes", "recomputed")},
    "repeated": {("schemes", "recomputed")},
    "missing": {("schemes", "recomputed"), ("schemes", "searched")},
    "moves": {("steps", "recomputed"), ("trajectories", "recomputed")},
    "replay": {("trajectories", "compared")},
    "regret": {("utility", "recomputed")},
    "probabilities": {("probability", "recomputed")},
    "obedience": {("the row's own size", "recomputed")},
    "witnesses": {(SPREAD, "recomputed")},
    "intervals": {("length", "recomputed")},
    "frontiers": {("Bobs", "recomputed"), ("proofs", "proved")},
}


def certified(
    game: Market, concept: str, point: Mapping[str, Any], arguments: Mapping[str, Any] | None = None, **options: Any
) -> tuple[dict[str, Any], Certificate]:
    """Return what the verifier says of a point."""
    row = CONCEPTS[concept]
    fields, certificate = row.verify(game, point, row.request("elsewhere", options=options, arguments=arguments or {}))
    assert row.result is not None
    named = fields_of(row.result)
    assert {field.name for field in named if field.always} <= set(fields) <= {field.name for field in named}
    for check in certificate.checks:
        assert (check.unit, check.grade) in SAID[check.name], check
        assert check.limit in (0.0, certificate.tolerance) and isinstance(check.note, str)
    assert certificate.tolerance == (ROUNDING if randomized(row.request(options=options)) else 0.0)
    return fields, certificate


def accepted(game: Market, concept: str, point: Mapping[str, Any], **more: Any) -> bool:
    """Say whether a point is certified, and not refused as it cannot be read."""
    try:
        return certified(game, concept, point, **more)[1].verified
    except InstanceError:
        return False


def drawn(seed: int, brute: Any, policies: int = 3) -> Market:
    """Return a random market in which every player has a unit of its own."""
    game = brute.random_game(seed, states=3, policies=policies)
    bobs = tuple(tuple((j + 2) * row for row in bob) for j, bob in enumerate(game.bobs))
    return Market(game.alice, bobs, prior_weights=game.prior_weights)


def answers(game: Market, meaning: str, brute: Any) -> dict[tuple[int, ...], Any]:
    """Return the stable schemes, or the Nash equilibria, with everybody's utilities."""
    table = brute.all_schemes(game)
    return {f: table[f] for f in (brute.nash(game) if meaning == "nash" else brute.stable(game))}


def regret(game: Market, f: tuple[int, ...], meaning: str, table: Mapping[tuple[int, ...], Any]) -> float:
    """Return the largest gain of a Bob by a scheme that Alice prefers, or that the first Bob offers her as well."""
    u, most = table[f], 0
    for v, j in itertools.product(table.values(), range(game.k)):
        if game.k == 1 or v[0] > u[0] or (v[0] == u[0] and j == 0 and meaning == "nash"):
            most = max(most, v[j + 1] - u[j + 1])
    return float(most)


@pytest.fixture(params=[True, False], ids=["by enumeration", "by a proof"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Take these markets as few enough to look through at once, or as beyond it."""
    monkeypatch.setattr(enumeration, "few", lambda _: request.param)
    monkeypatch.setattr(intervals, "NARROW", 1)
    if not request.param:  # their stable schemes are too many for a score
        monkeypatch.setattr(misalignment, "table", None)
    return bool(request.param)


@pytest.mark.parametrize("meaning", MEANINGS)
@pytest.mark.parametrize("seed", SEEDS)
def test_of_all_schemes_the_worst_and_the_best_are_certified_alone(
    seed: int, meaning: str, few: bool, brute: Any
) -> None:
    game = drawn(seed, brute)
    found = answers(game, meaning, brute)
    ends = {"worst": min(u[0] for u in found.values()), "best": max(u[0] for u in found.values())}
    proof = [] if few else certified(game, "stable", {"schemes": []}, equilibrium=meaning)[0]["proof"]
    epsilon = brute.misalignment(game, list(brute.stable(game)))
    table = brute.all_schemes(game)
    opt = max(u[0] for u in table.values())
    for f, u in table.items():
        for concept, end in ends.items():
            fields, certificate = certified(game, concept, {"scheme": list(f), "proof": proof}, equilibrium=meaning)
            assert certificate.verified == (f in found and u[0] == end), (f, certificate.failed)
            assert (fields["alice"], *fields["bobs"]) == u and fields["scheme"].tolist() == list(f)
            value = {check.name: check.value for check in certificate.checks}
            assert (value["deviation"] == 0) == (f in found)
            assert value["deviation"] == certificate.max_regret == regret(game, f, meaning, table)
            assert fields.get("proof") == (None if few or concept == "best" else proof)
            if concept == "worst" and f in found:
                assert certificate.checks[-1].note.startswith("nothing stable below") == (u[0] == end)
            if concept == "best" or f in found:
                assert value[concept] == float(end - u[0] if concept == "best" else u[0] - end)
            assert (fields["opt"], fields["selected"]) == (opt, 0)
            if few:
                assert fields["misalignment"] == pytest.approx(epsilon, abs=1e-9)
                assert fields["bound"] == pytest.approx(float(opt) - 2 * epsilon, abs=1e-9)
            else:
                assert fields["misalignment"] is None and fields["bound"] is None


@pytest.mark.parametrize("meaning", MEANINGS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_list_is_certified_if_it_is_what_the_definition_lists(seed: int, meaning: str, few: bool, brute: Any) -> None:
    game = drawn(seed, brute)
    found, every = answers(game, meaning, brute), brute.all_schemes(game)
    nash = brute.nash(game)
    good = sorted(map(list, found))
    fields, certificate = certified(game, "stable", {"schemes": good}, equilibrium=meaning)
    assert certificate.verified and (fields["count"], fields["count_nash"]) == (len(good), len(nash & set(found)))
    assert fields["alice"] == [found[tuple(f)][0] for f in good] and fields["opt"] == max(u[0] for u in every.values())
    wrong = [good[:i] + good[i + 1 :] for i in range(len(good))]
    wrong += [[*good, list(f)] for f in every if f not in found] + [[*good, good[0]]]
    for schemes in wrong:
        point = {"schemes": schemes} if few else {"schemes": schemes, "proof": fields["proof"]}
        assert not accepted(game, "stable", point, equilibrium=meaning)


@pytest.mark.parametrize("seed", PATHS)
def test_a_path_is_certified_if_it_is_the_one_that_is_played(
    seed: int, brute: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sure = Check("theorem 6", 0.0, 0.0, "utility", grade="proved")  # of the end alone, and what takes the time
    monkeypatch.setattr(scheme, "theorem", lambda *_: ({"misalignment": None, "bound": None}, sure))
    game = drawn(seed, brute)
    moves = [(j, list(f)) for j, f in brute.dynamics(game)]
    schemes = [list(f) for f in brute.all_schemes(game)]

    def verdict(steps: list[tuple[int, list[int]]], end: list[int]) -> bool:
        given = [{"bob": j, "scheme": f} for j, f in steps]
        return accepted(game, "dynamics", {"scheme": end, "trajectory": given})

    assert verdict(moves, moves[-1][1])
    fields, certificate = certified(game, "dynamics", {"scheme": moves[-1][1]})
    assert certificate.verified and [(m["bob"], m["scheme"].tolist()) for m in fields["trajectory"]] == moves
    assert (fields["selected"], fields["moves"]) == (moves[-1][0], len(moves) - 1)
    assert [m["alice"] for m in fields["trajectory"]] == [float(brute.values(game, tuple(f))[0]) for _, f in moves]
    for path in changed(moves, schemes, game.k):
        assert not verdict(path, path[-1][1] if path else moves[-1][1])
    for f in schemes:
        assert verdict(moves, f) == (f == moves[-1][1])


@pytest.mark.parametrize("seed", [4, 24, 438])
def test_turns_go_round_three_bobs(seed: int, brute: Any) -> None:
    """A Bob who gains nothing is passed over, the one after the last mover is asked first, ties are no gain."""
    game = drawn(seed, brute, policies=4)
    moves = [(j, list(f)) for j, f in brute.dynamics(game)]
    assert game.k == 3 and len(moves) > 1
    for i, j in itertools.product(range(len(moves)), range(4)):
        path = [*moves[:i], (j % 3, moves[i][1]), *moves[i + 1 :]] if j < 3 else [*moves[:i], *moves[i + 1 :]]
        given = [{"bob": bob, "scheme": f} for bob, f in path]
        fields, certificate = certified(game, "dynamics", {"scheme": moves[-1][1], "trajectory": given})
        assert (next(check.value for check in certificate.checks if check.name == "moves") == 0) == (path == moves)
        assert fields["selected"] == path[-1][0]
    fields, certificate = certified(game, "dynamics", {"scheme": moves[-1][1], "trajectory": []})
    assert not certificate.verified and (fields["selected"], fields["moves"]) == (0, 0)


def test_of_starts_that_please_alice_alike_the_first_bobs_is_taken() -> None:
    game = Market([[0, 1, 1]], [[[0, 2, 0]], [[0, 0, 2]]])
    for bob, own in ((0, [1]), (1, [2])):
        point = {"scheme": own, "trajectory": [{"bob": bob, "scheme": own}]}
        assert accepted(game, "dynamics", point) == (bob == 0)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("x", "trajectory: expected a list"),
        ([1], r"trajectory\[0\]: expected an object with bob and scheme"),
        ([{"bob": 0}], r"trajectory\[0\]: expected an object with bob and scheme"),
        ([{"scheme": [0]}], r"trajectory\[0\]: expected an object with bob and scheme"),
        ([{"bob": 2, "scheme": [0]}], r"trajectory\[0\].bob: 2, expected an index from 0 to 1"),
        ([{"bob": 0, "scheme": [0]}, {"bob": 0, "scheme": [3]}], r"trajectory\[1\].scheme\[0\]: 3, expected a policy"),
        ([{"bob": 0, "scheme": [0, 0]}], r"trajectory\[0\].scheme"),
    ],
)
def test_what_is_no_path_is_refused(path: Any, said: str) -> None:
    game = Market([[0, 1, 1]], [[[0, 2, 0]], [[0, 0, 2]]])
    with pytest.raises(InstanceError, match=said):
        certified(game, "dynamics", {"scheme": [0], "trajectory": path})


def test_schemes_that_are_none_are_named() -> None:
    game, none = Market([[0, 1, 1]], [[[0, 2, 0]], [[0, 0, 2]]]), r"\[0\]: 3, expected a policy"
    for concept, point, where in (
        ("worst", {"scheme": [3]}, "^scheme"),
        ("stable", {"schemes": [[0], [3]]}, r"^schemes\[1\]"),
        ("best-response", {"action": [3], "player": 0, "profile": [[0], [0]]}, "^action"),
    ):
        with pytest.raises(InstanceError, match=where + none):
            certified(game, concept, point)
    steps = [{"bob": 0, "scheme": [[0, 1, 0]]}, {"bob": 1, "scheme": [[0, 1, 2]]}]
    with pytest.raises(InstanceError, match=r"^trajectory\[1\].scheme\[0\]\[2\]: 2, expected a probability"):
        certified(game, "dynamics", {"scheme": [[0, 1, 0]], "trajectory": steps}, schemes="randomized", step=0.5)


def test_a_path_ends_at_the_answer_and_not_at_one_that_is_worth_as_much() -> None:
    game = Market([[1, 1]], [[[2, 2]], [[1, 1]]])
    for end in ([0], [1]):
        point = {"scheme": end, "trajectory": [{"bob": 0, "scheme": [0]}]}
        assert accepted(game, "dynamics", point) == (end == [0])


def changed(
    moves: list[tuple[int, list[int]]], schemes: list[list[int]], k: int
) -> Iterator[list[tuple[int, list[int]]]]:
    """Yield paths that differ in one move: another scheme, another Bob, one left out, one twice, one more."""
    for i, (bob, own) in enumerate(moves):
        before, after = moves[:i], moves[i + 1 :]
        yield from ([*before, (bob, f), *after] for f in schemes if f != own)
        yield from ([*before, (j, own), *after] for j in range(k) if j != bob)
        yield [*before, *after]
        yield [*before, (bob, own), (bob, own), *after]
    yield from ([*moves, (j, f)] for j in range(k) for f in schemes)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_all_responses_the_best_are_certified_alone(seed: int, brute: Any) -> None:
    game = drawn(seed, brute, policies=2)
    schemes = list(brute.all_schemes(game))
    profiles = list(itertools.product(schemes, repeat=game.k))[:: 1 + len(schemes) ** game.k // 5]
    for profile, player in itertools.product(profiles, range(game.k)):
        most = brute.best_response(game, player, list(profile))
        for action in schemes:
            asked = {"player": player, "profile": [list(f) for f in profile]}
            fields, certificate = certified(game, "best-response", {"action": list(action)}, arguments=asked)
            offers = [brute.values(game, action if j == player else f) for j, f in enumerate(profile)]
            chosen, u = brute.picked(offers)
            assert certificate.verified == (u[player + 1] == most)
            assert certificate.max_regret == float(most - u[player + 1])
            assert (fields["selected"], fields["alice"], fields["loss"]) == (chosen, u[0], -u[player + 1])
            assert accepted(game, "best-response", asked | {"action": list(action)}) == (u[player + 1] == most)
