"""The cases of `fuzz_conversation` in which Alice is quantal: exponentials of exact beliefs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from benchmarks.exact_conversation import Exact, Speaker, Talk, parted, softmax
from benchmarks.exact_histories import equilibria, stake
from benchmarks.fuzz_conversation_games import FLOATS, apart, game, strength
from benchmarks.fuzzing import Case, NoYardstickError, differs, first
from bigopt.games.conversation import Conversation

LISTED = 2_000  # profiles of rules over histories that are played in fractions


def speakers(seed: int, made: Conversation) -> tuple[list[Any], list[Speaker]]:
    """Return a profile of rules that Alice hears without letters, as a file has it and as functions."""
    rng = np.random.default_rng([seed, 2])
    given: list[Any] = []
    rules: list[Speaker] = []
    for _ in range(made.k):
        kind = rng.integers(4)
        rows = rng.integers(0, 3, (int(rng.integers(1, made.rounds + 1)), made.sizes[1])).tolist()
        if kind < 3:
            given.append(("straightforward", "silent", "revealing")[kind])
            rules.append((None, lambda b, turn: 0, lambda b, turn: b if turn == 0 else 0)[kind])
        else:
            given.append({"rounds": rows})
            rules.append(partial(lambda rows, b, turn: rows[turn][b] if turn < len(rows) else 0, rows))
    return given, rules


def _played(exact: Exact, rules: Sequence[Speaker], rounds: int) -> Talk:
    talk = Talk(exact, rules, None)
    for turn in range(rounds):
        talk.round(turn)
    return talk


def quantal(seed: int) -> Case:
    """Compare with whole transcripts; in one round the regrets with every partition after every announcement."""
    drawn, words = game(seed, rounds=3)
    given, rules = speakers(seed, drawn)
    made = Conversation(
        drawn.alice, list(drawn.bobs), drawn.rounds, prior_weights=drawn.prior_weights, profile=given, name=drawn.name
    )
    exact = Exact(made)
    sharp = strength(seed, exact)

    def wrong(found: Any) -> str | None:
        here = _played(exact, rules, made.rounds)
        chances = here.quantal(sharp)
        values = [exact.worth(p, chances) for p in range(exact.players)]
        deviating = [_played(exact, [*rules[:j], None, *rules[j + 1 :]], made.rounds) for j in range(made.k)]
        laws = [exact.law(talk.quantal(sharp)) for talk in deviating]
        delta = max(_distance(p, q) for p in laws for q in laws)
        size = exact.range(0)
        faults = [
            differs("alice", found.alice, values[0], size, FLOATS),
            *(differs(f"bob {j}", v, values[j + 1], exact.range(j + 1), FLOATS) for j, v in enumerate(found.bobs)),
            differs("opt", found.opt, exact.first_best()),
            differs("delta", found.delta, delta, 1, FLOATS),
            differs("epsilon_u", found.epsilon_u, max(max(t.errors().values()) for t in deviating), size, FLOATS),
            differs("error", found.error, max(here.errors().values()), size, FLOATS),
            differs("epsilon", found.epsilon, apart(exact), size, FLOATS),
        ]
        for a, row in enumerate(exact.law(chances)):
            faults += [differs(f"law {a}, {y}", found.distribution[a][y], v, 1, FLOATS) for y, v in enumerate(row)]
        faults += [_regret(exact, rules, j, sharp, values[j + 1], found, made.rounds) for j in range(made.k)]
        return first(*faults)

    return Case(made, "quantal", wrong, {"lambda": repr(sharp)}, words=words)


def _distance(one: list[list[Fraction]], two: list[list[Fraction]]) -> Fraction:
    """Return the distance of two distributions in the 1-norm."""
    rows = zip(one, two, strict=True)
    return sum((abs(x - y) for p, q in rows for x, y in zip(p, q, strict=True)), Fraction(0))


def _regret(
    exact: Exact, rules: Sequence[Speaker], bob: int, sharp: float, value: Fraction, found: Any, rounds: int
) -> str | None:
    """Judge a Bob's regret: below its bound, and in one round what the best of all rules gains."""
    low, high, stake = found.regrets[bob], found.regrets_at_most[bob], exact.range(bob + 1)
    if Fraction(low) > Fraction(high) + stake * Fraction(FLOATS):
        return f"regret {bob}: {low} to {high}"
    if rounds > 1:
        return None
    gain = max(Fraction(0), _best_word(exact, rules, bob, sharp) - value)
    return differs(f"regret {bob}", low, gain, stake + abs(value) / 10**3, FLOATS)


def _best_word(exact: Exact, rules: Sequence[Speaker], bob: int, sharp: float) -> Fraction:
    """Return what a Bob gets from the best deterministic rule of one round: a partition after each announcement."""
    said = Talk(exact, [lambda b, turn: 0], None).words(0)
    total = Fraction(0)
    for word in set(said.values()):
        inside = {x for (x, _), w in said.items() if w == word}
        best: Fraction | None = None
        for parts in parted(range(exact.b), exact.b):
            letters = {b: i for i, part in enumerate(parts) for b in part}
            talk = _played(exact, [*rules[:bob], lambda b, turn, letters=letters: letters[b], *rules[bob + 1 :]], 1)  # type: ignore[misc]
            chances = {p: row for p, row in talk.quantal(sharp).items() if p[0] in inside}
            value = exact.worth(bob + 1, chances)
            best = value if best is None or value > best else best
        total += best or Fraction(0)
    return total


def quantal_nash(seed: int) -> Case:
    """Compare one round with every profile of partitions after each announcement."""
    made, words = game(seed, bobs=2, rounds=1)
    exact = Exact(made)
    sharp = strength(seed, exact)

    def wrong(found: Any) -> str | None:
        said = Talk(exact, [lambda b, turn: 0], None).words(0)
        count, worst, best = 1, Fraction(0), Fraction(0)
        for word in set(said.values()):
            rows = sorted({x for (x, _), w in said.items() if w == word})
            stable = _stable(exact, rows, made.k, sharp)
            count *= len(stable)
            worst, best = worst + min(stable, default=Fraction(0)), best + max(stable, default=Fraction(0))
        right = (worst, best) if count else (None, None)
        size = exact.range(0)
        return first(
            differs("count", found.count, count),
            differs("worst", found.worst, right[0], size, FLOATS),
            differs("best", found.best, right[1], size, FLOATS),
        )

    return Case(made, "quantal-nash", wrong, {"lambda": repr(sharp)}, words=words)


def quantal_talk(seed: int) -> Case:
    """Compare several rounds with every profile of rules over histories."""
    limits = ((2, 2, 3, 2), 2, 2) if seed % 3 else ((3, 2, 3, 3), 1, 3)
    drawn, words = game(seed, *limits)
    rounds = max(2, drawn.rounds)
    made = Conversation(drawn.alice, list(drawn.bobs), rounds, prior_weights=drawn.prior_weights, name=drawn.name)
    exact = Exact(made)
    sharp = strength(seed, exact)

    def wrong(found: Any) -> str | None:
        if found.count is None:
            raise NoYardstickError("not listed")
        count, worst, best = equilibria(exact, made.k, rounds, sharp, LISTED)
        size = exact.range(0)
        return first(
            differs("count", found.count, count),
            differs("worst", found.worst, worst, size, FLOATS),
            differs("best", found.best, best, size, FLOATS),
        )

    return Case(made, "quantal-nash", wrong, {"lambda": repr(sharp)}, words=words)


def _stable(exact: Exact, rows: list[int], k: int, sharp: float) -> list[Fraction]:
    """Return Alice's amounts in the equilibria of partitions on some of her features."""
    heard = [b for b in range(exact.b) if any(exact.mass[x, b] for x in rows)]  # what is told of others is nothing
    every = list(parted(heard, exact.b))
    chosen = list(product(range(len(every)), repeat=k))
    cells: dict[frozenset[int], list[Fraction]] = {}

    def amounts(cell: frozenset[int]) -> list[Fraction]:
        if cell not in cells:
            total = [Fraction(0)] * exact.players
            for x in rows:
                pairs = [(x, b) for b in cell if exact.mass[x, b]]
                if pairs:
                    chances = softmax(exact.expected(0, pairs), sharp)
                    for p in range(exact.players):
                        total[p] += sum(
                            (c * g for q in pairs for c, g in zip(chances, exact.gains[p][q], strict=True)), Fraction(0)
                        )
            cells[cell] = [t / exact.total for t in total]
        return cells[cell]

    values = {}
    for profile in chosen:
        common = {
            frozenset.intersection(*(frozenset(p) for p in parts)) for parts in product(*(every[i] for i in profile))
        }
        values[profile] = [sum(column, Fraction(0)) for column in zip(*(amounts(c) for c in common if c), strict=True)]
    stable = []
    stakes = [stake(exact, rows, j + 1, sharp) for j in range(k)]
    for profile, value in values.items():
        gain = max(
            (values[(*profile[:j], i, *profile[j + 1 :])][j + 1] - value[j + 1]) / (stakes[j] or 1)
            for j in range(k) for i in range(len(every))
        )  # fmt: skip
        if 1e-14 < gain < 1e-10:
            raise NoYardstickError("a gain that floats cannot tell from a tie")
        if gain <= 1e-14:
            stable.append(value[0])
    return stable


def quantal_signal(seed: int) -> Case:
    """Judge the signals by the formula, and the bound by the hull of a fine grid (two features) or drawn words."""
    made, words = game(seed, (3, 3 if seed % 4 == 3 else 2, 3, 3), rounds=1)
    exact = Exact(made)
    sharp = strength(seed, exact)
    said = Talk(exact, [lambda b, turn: 0], None).words(0)
    row = min(x for x, _ in exact.pairs)
    rows = sorted({x for (x, _), w in said.items() if w == next(w for (y, _), w in said.items() if y == row)})

    value = partial(_worth, exact, rows, sharp)

    def wrong(found: Any) -> str | None:
        share = Fraction(sum(exact.mass[x, b] for x in rows for b in range(exact.b)), exact.total)
        stake = exact.range(1) * share
        reached = sum((value(row) for row in np.asarray(found.signals).tolist()), Fraction(0))
        told = sum((value([float(i == b) for i in range(exact.b)]) for b in range(exact.b)), Fraction(0))
        rng = np.random.default_rng([seed, 3])
        drawn = [rng.dirichlet(np.full(2 + int(rng.integers(2)), 0.5), exact.b).T.tolist() for _ in range(6)]
        best = max((sum((value(row) for row in signals), Fraction(0)) for signals in drawn), default=reached)
        if exact.b == 2:
            points = [(float(t), float(1 - t)) for t in np.linspace(0, 1, 41)]
            best = max(best, _hull([(Fraction(t), value((t, s))) for t, s in points]))
        best = max(best, told, value([1.0] * exact.b))
        return first(
            differs("value", found.value, reached, stake, FLOATS),
            differs("silent", found.silent, value([1.0] * exact.b), stake, FLOATS),
            differs("revealing", found.revealing, told, stake, FLOATS),
            "a word above the bound"
            if best > Fraction(found.at_most) + stake * Fraction(FLOATS) + abs(best) / 10**12
            else None,
        )

    return Case(made, "quantal-signal", wrong, {"lambda": repr(sharp)}, words=words)


def _worth(exact: Exact, rows: list[int], sharp: float, likelihoods: Sequence[float]) -> Fraction:
    """Return what a signal of these likelihoods is worth to the first Bob on some of Alice's features."""
    total = Fraction(0)
    for x in rows:
        told = [(b, Fraction(c)) for b, c in enumerate(likelihoods) if c and exact.mass[x, b]]
        mass = sum((c * exact.mass[x, b] for b, c in told), Fraction(0))
        if mass:
            mu = [sum((c * exact.gains[0][x, b][a] for b, c in told), Fraction(0)) / mass for a in range(exact.actions)]
            for a, chance in enumerate(softmax(mu, sharp)):
                total += chance * sum((c * exact.gains[1][x, b][a] for b, c in told), Fraction(0))
    return total / exact.total


def _hull(points: list[tuple[Fraction, Fraction]]) -> Fraction:
    """Return twice the height at 1/2 of the upper hull of points (t, f)."""
    half = Fraction(1, 2)
    left, right = [p for p in points if p[0] <= half], [p for p in points if p[0] > half]
    return max(2 * (f + (g - f) * (half - t) / (s - t)) for t, f in left for s, g in right)
