"""Evidence that nothing stable and obedient gives Alice less: whatever is spoiled in it proves no more than is true."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from bigopt.concepts.deadline import Deadline
from bigopt.games.market.exact import obedient
from bigopt.games.market.exact.lotteries import Line, Obedient, Vertex
from bigopt.games.market.exact.obedient import Piece
from bigopt.games.market.game import Market
from bigopt.games.market.generate import random_market
from bigopt.games.market.verify.frontiers import _attained, _contradicts, nothing_below, nothing_else

CASES = [(2, 1, 0), (2, 1, 3), (2, 2, 3), (2, 2, 11), (3, 2, 10)]  # policies, Bobs, seed
MORE = Fraction(1, 1000)


def corners(line: Line, sure: bool) -> Iterator[Line]:
    """Yield a line with an end that no scheme reaches, or that is no scheme; or, if not `sure`, that may be one."""
    for end in ("low", "high"):
        corner = getattr(line, end)
        along = {"alice": corner.alice + 1, "bob": corner.bob - Fraction(line.p, line.q)}
        maybe = [{"alice": corner.alice + 1}, along, {"x": (corner.x[0] + 1, corner.x[1] - 1, *corner.x[2:])}]
        none = tuple(Fraction(0) for _ in corner.x)
        never = [{"bob": corner.bob + 1}, {"x": (corner.x[0] + 1, *corner.x[1:])}, {"x": none}]
        for change in never if sure else maybe:
            yield replace(line, **{end: replace(corner, **change)})


def spoiled(piece: Piece) -> Iterator[Piece]:
    """Yield a piece with something changed that no proof may have."""
    for name in ("bobs", "prices"):
        given = getattr(piece, name)
        for i, value in enumerate(given):
            yield replace(piece, **{name: (*given[:i], -value - 1, *given[i + 1 :])})
    nothing = {name: tuple(Fraction(0) for _ in getattr(piece, name)) for name in ("bobs", "prices")}
    yield replace(piece, **nothing, least=Fraction(0), most=Fraction(0), bound=None)
    yield replace(piece, least=-piece.least - 1)
    yield replace(piece, most=-piece.most - 1)
    for i, line in enumerate(piece.lines):
        before, after = piece.lines[:i], piece.lines[i + 1 :]
        for other in (*corners(line, True), replace(line, p=-1), replace(line, q=0), replace(line, q=-line.q)):
            yield replace(piece, lines=(*before, other, *after))


def weakened(piece: Piece, v: Fraction) -> Iterator[Piece]:
    """Yield a piece that may prove something still, or says that it proves more."""
    for name in ("bobs", "prices"):
        given = getattr(piece, name)
        for i, value in enumerate(given):
            for other in (Fraction(0), value * 2, value + 1):
                yield replace(piece, **{name: (*given[:i], other, *given[i + 1 :])})
    for other in (Fraction(0), Fraction(1)):
        yield replace(piece, least=other)
        yield replace(piece, most=other)
    yield replace(piece, high=v + 1, most=Fraction(0))
    yield replace(piece, high=v + 1)
    yield replace(piece, low=piece.low - 1)
    yield replace(piece, bound=None)
    for i, line in enumerate(piece.lines):
        for other in (
            *corners(line, False),
            replace(line, p=0),
            replace(line, p=line.p + 1),
            replace(line, q=line.q + 1),
        ):
            yield replace(piece, lines=(*piece.lines[:i], other, *piece.lines[i + 1 :]))


@pytest.mark.parametrize(("policies", "bobs", "seed"), CASES)
def test_pieces_that_were_spoiled_prove_nothing(policies: int, bobs: int, seed: int) -> None:
    game = random_market(
        states=3, policies=policies, bobs=bobs, alice=0.0, common=0.3, grid=20 if policies == 2 else 10, seed=seed
    )
    polytope = Obedient(game, Deadline())
    _, v, pieces = obedient.worst(game)
    assert nothing_below(polytope, pieces, v) and nothing_below(polytope, pieces[::-1], v)
    assert nothing_below(polytope, pieces, v - MORE) and not nothing_below(polytope, pieces, v + MORE)
    assert nothing_below(polytope, [], Fraction(game.lowest[0]))
    above = replace(pieces[-1], low=v, high=v + 1, bobs=tuple(-1 - weight for weight in pieces[-1].bobs))
    assert game.k == 1 or nothing_below(polytope, [above, *pieces], v)
    needed = [piece for piece in pieces if piece.low < v or game.k == 1]
    for i, piece in enumerate(needed):
        before, after = needed[:i], needed[i + 1 :]
        assert not nothing_below(polytope, [*before, *after], v)
        if piece.bound is not None:
            assert not nothing_below(polytope, [*before, replace(piece, bound=piece.bound - MORE), *after], v)
        for other in spoiled(piece):
            assert not nothing_below(polytope, [*before, other, *after], v), (piece, other)
        for other in (piece, *weakened(piece, v), *spoiled(piece)):
            for raised in (other, replace(other, bound=v + MORE)):
                assert not nothing_below(polytope, [*before, raised, *after], v + MORE), (piece, raised)


@pytest.mark.parametrize(("policies", "bobs", "seed"), CASES[1:4])
def test_ends_of_lines_are_reached_by_both(policies: int, bobs: int, seed: int) -> None:
    """Moved along its line, an end asks more of its scheme for Alice, or for the Bob, than it gives."""
    game = random_market(states=3, policies=policies, bobs=bobs, alice=0.0, common=0.3, grid=20, seed=seed)
    polytope = Obedient(game, Deadline())
    for j, curve in enumerate(polytope.curves):
        for line, end in itertools.product(curve, ("low", "high")):
            assert _attained(polytope, j, line)
            corner = getattr(line, end)
            for more in (MORE, -MORE) if line.p else (MORE,) * (end == "high"):  # flat: nothing asked of her low end
                moved = replace(corner, alice=corner.alice + line.q * more, bob=corner.bob - line.p * more)
                assert not _attained(polytope, j, replace(line, **{end: moved}))


@pytest.mark.parametrize("seed", range(6))
def test_multipliers_contradict_where_their_sum_is_below_zero_at_every_scheme(seed: int) -> None:
    """Any multipliers, by plain loops over the schemes; the first Bob's line is moved until the sum just is, or not."""
    rng = np.random.default_rng(seed)
    table = rng.integers(-5, 5, (3, 2, 2))
    game = Market(table[0], table[1:], policies=(("a", "b"),) * 2)
    polytope = Obedient(game, Deadline())
    p, q, weights, prices = (rng.integers(least, 4, 2).tolist() for least in (0, 1, 1, 0))
    low, high, least, most, hers, his, at = (Fraction(int(v)) for v in rng.integers(-6, 7, 7))
    least, most = abs(least), abs(most)
    for bound, sense in ((None, 1), (at, 1), (at, -1)):  # nothing, or nothing below, or nothing above
        sums = []
        for f in itertools.product((0, 1), (2, 3)):
            u = [sum(int(row[o]) for o in f) for row in polytope.table]
            total = sum(weights[j] * (q[j] * u[j + 1] + p[j] * u[0]) for j in range(2))
            total += least * (u[0] - low) + most * (high - u[0])
            total += sum(price * sum(row[o] for o in f) for price, row in zip(prices, polytope.rows, strict=True))
            sums.append(total - (0 if bound is None else sense * (u[0] - bound)))
        other = weights[1] * (q[1] * his + p[1] * hers)
        zero = (max(sums) - other - weights[0] * p[0] * hers) / (weights[0] * q[0])
        for more in (-MORE, Fraction(0), MORE):
            lines = tuple(
                Line(Vertex(hers, bob, ()), Vertex(hers, bob, ()), p[j], q[j], ())
                for j, bob in enumerate((zero + more, his))
            )
            multipliers = tuple(map(Fraction, weights)), least, most, tuple(map(Fraction, prices))
            piece = Piece(low, high, lines, *multipliers, bound, sense)
            assert _contradicts(polytope, piece) == (more > 0 or (more == 0 and bound is not None))


@pytest.mark.parametrize(("policies", "bobs", "seed"), CASES[1:4])
def test_stretches_that_were_spoiled_do_not_say_which_values_there_are(policies: int, bobs: int, seed: int) -> None:
    game = random_market(states=3, policies=policies, bobs=bobs, alice=0.0, common=0.3, grid=10, seed=seed)
    polytope = Obedient(game, Deadline())
    parts = obedient.stretches(polytope)
    assert nothing_else(polytope, parts) and any(part.ends for part in parts)
    for i, part in enumerate(parts):
        before, after = parts[:i], parts[i + 1 :]
        assert nothing_else(polytope, [*before, *after]) == (bobs > 1 and part.low == part.high)
        others = [replace(part, low=part.low - MORE), replace(part, high=part.high + MORE)]
        for name in ("below", "above"):
            others += [replace(part, **{name: other}) for other in spoiled(getattr(part, name))]
            bound, sense = getattr(part, name).bound, getattr(part, name).sense
            if bound is not None:
                moved = [replace(getattr(part, name), bound=bound + way * MORE) for way in (1, -1)]
                others += [replace(part, **{name: other}) for other in (*moved, replace(moved[0], sense=-sense))]
        if part.ends and part.values:
            (low, high), shifted = part.ends, (part.ends[0][0] + 1, *part.ends[0][1:])
            others += [replace(part, ends=ends) for ends in (None, (shifted, high), (low, shifted))]
            others += [replace(part, ends=(high, low))] if low != high and part.values[0] < part.values[1] else []
            others += [replace(part, below=part.above, above=part.below)]
        for other in others:
            assert not nothing_else(polytope, [*before, other, *after]), (part, other)
