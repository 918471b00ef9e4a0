"""Proofs by intervals of Alice's utility: what leaves something out, or came to its time limit, proves nothing."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest

from bigopt.concepts.deadline import Deadline
from bigopt.errors import InstanceError, LimitReached
from bigopt.games.market.exact import enumeration, intervals
from bigopt.games.market.exact.intervals import Span
from bigopt.games.market.game import Market
from bigopt.games.market.verify.census import Census
from bigopt.games.market.verify.intervals import found_in, proof_of, spans_below
from tests.market.test_verdicts import certified, drawn

SEEDS = [110, 181]  # the worst is above what Alice can fall to


@pytest.fixture(autouse=True)
def beyond(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take these markets as too large to look through at once."""
    monkeypatch.setattr(enumeration, "few", lambda _: False)
    monkeypatch.setattr(intervals, "NARROW", 1)


def answer(game: Market, concept: str, brute: Any) -> dict[str, Any]:
    """Return the list of stable schemes, or one that is worst."""
    found = brute.stable(game)
    return {"scheme": min(found, key=lambda f: found[f][0])} if concept == "worst" else {"schemes": list(found)}


@pytest.mark.parametrize("concept", ["worst", "stable"])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_proof_leaves_out_may_be_stable(seed: int, concept: str, brute: Any) -> None:
    game = drawn(seed, brute)
    every, point = brute.all_schemes(game), answer(game, concept, brute)
    fields, certificate = certified(game, concept, point)
    proof = fields["proof"]
    assert certificate.verified
    ends = sorted(span["alice"] for span in proof)
    end = game.totals(point["scheme"])[0] - 1 if concept == "worst" else game.opt
    assert ends[0][0] == game.lowest[0] and ends[-1][1] == end
    assert all(a[1] + 1 == b[0] for a, b in itertools.pairwise(ends))
    part = next(span for span in proof if span["alice"] == ends[-1])
    shorter = [[span for span in proof if span is not out] for out in proof]
    shorter += [[*(span for span in proof if span is not part), part | {"alice": [ends[-1][0], end - 1]}]]
    below = float(every[point["scheme"]][0] - min(u[0] for u in every.values())) if concept == "worst" else 1.0
    for given in [proof, *shorter]:
        fields, certificate = certified(game, concept, point | {"proof": given})
        assert fields["proof"] == given and certificate.verified == (given is proof)
        check = certificate.checks[-1]
        said = (0.0, "recomputed") if given is proof else (below, "searched")
        assert (check.value, check.grade, check.limit) == (*said, 0.0)


@pytest.mark.parametrize("concept", ["worst", "stable"])
def test_a_time_limit_proves_nothing(concept: str, brute: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: Any) -> None:
        raise LimitReached("time")

    game = drawn(181, brute)
    point = answer(game, concept, brute)
    monkeypatch.setattr(Census, "between", late)
    fields, certificate = certified(game, concept, point)
    check = certificate.checks[-1]
    assert not certificate.verified and not certificate.failed and "proof" not in fields
    assert (check.value, check.grade, check.limit) == (0.0, "searched", 0.0)


@pytest.mark.parametrize("seed", [*SEEDS, 45])
def test_a_search_for_a_proof_ends_with_the_interval_of_its_first_find(seed: int, brute: Any) -> None:
    game = drawn(seed, brute)
    census, values = Census(game, False, Deadline()), sorted(game.totals(f)[0] for f in brute.stable(game))
    *before, rest = spans_below(census, None, game.opt, every=False)
    assert before[-1].low <= values[0] <= before[-1].high and rest == Span(before[-1].low, game.opt, ())
    assert not any(span.low <= v <= span.high for span in before[:-1] for v in values)
    assert min(next(found_in(census, [*before, rest], game.opt, every=False))[1][0]) == values[0]
    whole = spans_below(census, None, game.opt, every=True)
    assert max(span.high for span in whole) == game.opt
    assert sum(span.high + 1 - span.low for span in whole) == game.opt + 1 - game.lowest[0]
    assert spans_below(census, before, game.opt, every=True) is before


def test_of_schemes_that_agree_in_every_utility_none_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    game = Market([[1, 1], [1, 1]], [[[1, 1], [1, 1]], [[1, 1], [1, 1]]])
    schemes = list(itertools.product((0, 1), repeat=2))
    monkeypatch.setattr("bigopt.games.market.verify.census.BLOCK", 20)
    for few in (True, False):
        monkeypatch.setattr(enumeration, "few", lambda _, few=few: few)
        for listed in [schemes, *itertools.combinations(schemes, 3)]:
            point = {"schemes": listed} | ({"proof": []} if few else {})  # none is asked for
            fields, certificate = certified(game, "stable", point)
            assert certificate.checks[-1].value == 4 - len(listed)
            assert ("proof" in fields) != few and certificate.verified == (len(listed) == 4)


PROOFS: list[tuple[Any, Any]] = [
    (None, None),
    ([], []),
    ([{"alice": [0, 3], "rows": [[1, 0, 2], [0, 1, 0]]}], [Span(0, 3, ((1, 0, 2), (0, 1, 0)))]),
    ([{"alice": (0, 3), "rows": []}, Span(4, 4, ())], [Span(0, 3, ()), Span(4, 4, ())]),
]


@pytest.mark.parametrize(("given", "spans"), PROOFS)
def test_proofs_are_read(given: Any, spans: Any) -> None:
    assert proof_of(Market([[1, 2]], [[[0, 1]], [[1, 0]]]), given) == spans


@pytest.mark.parametrize("given", ["banana", 3, {"alice": [0, 1], "rows": []}])
def test_what_is_no_list_is_no_proof(given: Any) -> None:
    with pytest.raises(InstanceError, match="^proof: .* expected a list of intervals"):
        proof_of(Market([[1, 2]], [[[0, 1]], [[1, 0]]]), given)


ENDS: list[Any] = [None, 7, [0], [0, 1, 2], [0, 1.0], [0, True], ["0", "1"], {0: 0, 1: 1}, "01"]
ROWS: list[Any] = [None, "", {}, [7], [[1, 2]], [[1, 2, 3, 4]], [[1, 2, 0.5]], [[1, 2, 3], [1, 2, None]]]


@pytest.mark.parametrize(
    "item",
    [1, None, [], {}, *[{"alice": ends, "rows": []} for ends in ENDS], *[{"alice": [0, 1], "rows": r} for r in ROWS]],
)
def test_what_is_no_interval_is_refused(item: Any) -> None:
    with pytest.raises(InstanceError, match=r'^proof\[1\]: expected "alice": \[low, high\] and "rows" of 3 whole'):
        proof_of(Market([[1, 2]], [[[0, 1]], [[1, 0]]]), [{"alice": [0, 3], "rows": []}, item])


@pytest.mark.parametrize("units", [(1, 100, 7), (30, 0.01, 7)])
@pytest.mark.parametrize("options", [{}, {"schemes": "randomized"}], ids=["schemes", "lotteries"])
def test_theorem_6_is_met_exactly_where_all_want_the_same(options: dict[str, str], units: tuple[float, ...]) -> None:
    """Every Bob's regret is what Alice misses, in his own unit, so that the weights give exactly OPT less hers."""
    table = [[0, 1, 3], [5, 0, 1]]
    alice, *bobs = ([[v * unit for v in row] for row in table] for unit in units)
    game = Market(alice, bobs, prior_weights=[1, 2])
    for f in itertools.product(range(3), range(3)):
        rows = [[float(a == own) for a in range(3)] for own in f]
        for concept in ("worst", "best"):
            _, certificate = certified(game, concept, {"scheme": rows if options else f}, **options)
            short = Fraction(13, 3) - Fraction(table[0][f[0]] + 2 * table[1][f[1]], 3)
            check = next(check for check in certificate.checks if check.name == "theorem 6")
            assert (check.value, check.grade, check.limit) == (0.0, "proved", 0.0)
            assert certificate.verified == (short == 0)
            if not options:
                assert certificate.checks[0].value == certificate.max_regret == float(max(units[1:]) * short)
