"""``python -m benchmarks.fuzz_conversation [--concept C] [--games N]``: random hostile conversations against fractions.

Seeded games of up to three features a side with pairs of probability 0, ties, twins and dominated actions, weights near
2^53, utilities in units of 1e-9 and 1e9, moved by 1e9, with an action of -1e9 that nobody takes, or decimals that
differ in the last digit. Each concept's answer is compared with `exact_conversation`: whole transcripts, every rule
letter by letter, every rectangle, and for randomized words the hull of a fine grid.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from itertools import product
from typing import Any

import numpy as np

from benchmarks.exact_alignment import epsilon
from benchmarks.exact_conversation import (
    Exact, Speaker, Talk, decimal_rule, every_rule, leader, parted, respond, sides, softmax, substitutes,
)  # fmt: skip
from benchmarks.exact_persuasion import optimum
from benchmarks.fuzzing import Case, NoYardstickError, differs, first, main
from bigopt.games.conversation import Conversation

EXTRAS = ("plain", "ties", "sparse", "twins", "near", "units", "far", "never", "long weights", "decimal prior", "flat")
FLOATS = 1e-9  # of a player's range of utility: answers that go through exponentials or linear programs


@lru_cache(maxsize=2)
def game(seed: int, sizes: tuple[int, int, int, int] = (3, 3, 3, 3), bobs: int = 3, rounds: int = 4) -> tuple[Conversation, str]:
    """Return conversation number `seed`, within sizes [X_A, X_B, A, Y], and what is hostile about it."""
    rng = np.random.default_rng([seed, *sizes, bobs, rounds])
    extra = str(rng.choice(EXTRAS))
    a, b, actions, states = (int(rng.integers(1 + (n > 1 and rng.random() < 0.8), n + 1)) for n in sizes)
    k = int(rng.integers(1, bobs + 1))
    weights: Any = rng.integers(0, 2 if extra == "sparse" else 4, (a, b, states)).astype(object)
    weights[rng.integers(a), rng.integers(b), rng.integers(states)] += 1
    if rng.random() < 0.3:
        weights[rng.integers(a)] = weights[rng.integers(a)]
        weights[rng.integers(a), rng.integers(b), 0] += 1
    grid = 1 if extra in ("ties", "sparse") else int(rng.choice([2, 5, 100]))
    tables: Any = rng.integers(0, grid + 1, (1 + k, actions, states)).astype(float)
    if rng.random() < 0.5:
        tables = tables / grid
    if extra == "twins":
        tables[:, rng.integers(actions)] = tables[:, rng.integers(actions)]
    if extra == "flat":
        tables[rng.integers(1 + k)] = float(rng.integers(-2, 3))
    if extra == "near":
        s, c = rng.integers(actions), rng.integers(actions)
        tables[0, s] = np.nextafter(tables[0, c] / 10, rng.choice([-1.0, 2.0]))
    if extra == "never":
        tables[int(rng.integers(1 + k)) if rng.random() < 0.5 else 0, rng.integers(actions)] = -(10.0 ** rng.integers(3, 10))
    for player in range(1 + k):
        if extra == "units":
            tables[player] *= 10.0 ** rng.integers(-9, 10)
        if extra == "far":
            tables[player] += np.round(10.0 ** rng.integers(3, 10)) * rng.choice([-1, 1])
    tables = np.vectorize(lambda v: float(f"{v:.12g}"))(tables) if extra in ("units", "far") else tables
    if extra == "long weights":
        weights = np.where(weights > 0, 2**50 * weights + rng.integers(-40, 40, weights.shape), 0).astype(object)
    prior: dict[str, Any] = {"prior_weights": weights.tolist()}
    if extra == "decimal prior":
        total = rng.multinomial(1000, np.asarray(weights / weights.sum(), dtype=float).ravel()).reshape(weights.shape)
        prior = {"prior": (total / 1000).tolist()}
    made = Conversation(tables[0], list(tables[1:]), int(rng.integers(1, rounds + 1)), **prior, name=f"fuzz-{seed}")
    return made, extra


def strength(seed: int, exact: Exact) -> float:
    """Return a lambda between nearly blind and nearly sharp in Alice's own range of utility."""
    size = float(exact.range(0)) or 1.0
    value = float(np.random.default_rng([seed, 5]).choice([0.1, 1.0, 5.0, 20.0, 200.0])) / size
    return min(max(value, 1e-6), 1e6)


def first_best(seed: int) -> Case:
    """Compare with the best action of every pair."""
    made, words = game(seed)
    exact = Exact(made)

    def wrong(found: Any) -> str | None:
        for (x, b), mass in exact.mass.items():
            action, gains = found.actions[x][b], exact.gains[0][x, b]
            if (action is None) != (mass == 0) or (action is not None and gains[action] != max(gains)):
                return f"action {action} at {x}, {b}"
        return first(differs("opt", found.opt, exact.first_best()), differs("alone", found.alone, exact.alone()))

    return Case(made, "first-best", wrong, words=words)


def aligned_leader(seed: int) -> Case:
    """Compare with every deterministic talk."""
    made, words = game(seed, rounds=2)
    exact, letters = Exact(made), 2 + seed % 2
    return Case(
        made, "aligned-leader", lambda found: differs("value", found.value, leader(exact, letters, made.rounds)),
        {"letters": str(letters)}, words=words,
    )  # fmt: skip


def agreement(seed: int) -> Case:
    """Compare with whole transcripts."""
    made, words = game(seed)
    exact = Exact(made)
    rng = np.random.default_rng([seed, 1])
    size = exact.range(0) or Fraction(1)
    step = None if rng.random() < 0.5 else Fraction(int(rng.integers(1, 5)), 10) * 10 ** round(math.log10(size))
    if step is not None and not Fraction(1, 10**6) <= step <= 10**6:
        step = None
    both = bool(rng.integers(2))
    options = {"messages": "exact" if step is None else str(step), "order": "simultaneous" if both else "sequential"}

    def wrong(found: Any) -> str | None:
        known = Talk(exact, [None], step, both).agreement(made.rounds)
        rounds = known.pop("rounds")
        if {int(r) for r in found.fields["rounds"]} != set(rounds):
            return f"rounds {found.fields['rounds']}, right {rounds}"
        return first(
            *(differs(f"round {r}", found.fields["rounds"][r], share) for r, share in rounds.items()),
            *(differs(key, found.fields[key], value) for key, value in known.items()),
        )

    return Case(made, "agreement", wrong, options, words=words)


def information(seed: int) -> Case:
    """Compare the substitutes condition with every rectangle by variances, and judge the witness."""
    made, words = game(seed)
    exact = Exact(made)

    def wrong(found: Any) -> str | None:
        if found.fields["holds"] != substitutes(exact):
            return f"holds {found.fields['holds']}"
        printed = all(
            exact.expected(0, [(x, b)]) == exact.expected(0, [p for p in exact.pairs if p[0] == x]) for x, b in exact.pairs
        )
        if found.holds_as_printed != printed:
            return f"as printed {found.holds_as_printed}"
        if found.witness is not None:
            left, right = sides(exact, found.witness["action"], found.witness["A"], found.witness["B"])
            return None if left > right else "the witness is none"
        return None

    return Case(made, "substitutes", wrong, words=words)


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
        flat = [[v for row in law for v in row] for law in laws]
        delta = max((sum(abs(x - y) for x, y in zip(p, q, strict=True)) for p in flat for q in flat), default=Fraction(0))
        size = exact.range(0)
        tables = [[u for row in table for u in row] for table in exact.utilities]
        faults = [
            differs("alice", found.alice, values[0], size, FLOATS),
            *(differs(f"bob {j}", v, values[j + 1], exact.range(j + 1), FLOATS) for j, v in enumerate(found.bobs)),
            differs("opt", found.opt, exact.first_best()),
            differs("delta", found.delta, delta, 1, FLOATS),
            differs("epsilon_u", found.epsilon_u, max(max(t.errors().values()) for t in deviating), size, FLOATS),
            differs("error", found.error, max(here.errors().values()), size, FLOATS),
            differs("epsilon", found.epsilon, epsilon(tables[0], tables[1:]), size, FLOATS),
        ]
        for a, row in enumerate(exact.law(chances)):
            faults += [differs(f"law {a}, {y}", found.distribution[a][y], v, 1, FLOATS) for y, v in enumerate(row)]
        for j in range(made.k):
            low, high, stake = found.regrets[j], found.regrets_at_most[j], exact.range(j + 1)
            if Fraction(low) > Fraction(high) + stake * Fraction(FLOATS):
                faults.append(f"regret {j}: {low} to {high}")
            if made.rounds == 1:
                gain = max(Fraction(0), _best_word(exact, rules, j, sharp) - values[j + 1])
                faults.append(differs(f"regret {j}", low, gain, stake + abs(values[j + 1]) / 10**3, FLOATS))
        return first(*faults)

    return Case(made, "quantal", wrong, {"lambda": repr(sharp)}, words=words)


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


def _stable(exact: Exact, rows: list[int], k: int, sharp: float) -> list[Fraction]:
    """Return Alice's amounts in the equilibria of partitions on some of her features."""
    every = list(parted(range(exact.b), exact.b))
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
                        total[p] += sum((c * g for q in pairs for c, g in zip(chances, exact.gains[p][q], strict=True)), Fraction(0))
            cells[cell] = [t / exact.total for t in total]
        return cells[cell]

    values = {}
    for profile in chosen:
        common = {frozenset.intersection(*(frozenset(p) for p in parts)) for parts in product(*(every[i] for i in profile))}
        values[profile] = [sum(column, Fraction(0)) for column in zip(*(amounts(c) for c in common if c), strict=True)]
    stable = []
    share = Fraction(sum(exact.mass[x, b] for x in rows for b in range(exact.b)), exact.total)
    for profile, value in values.items():
        gain = max(
            (values[(*profile[:j], i, *profile[j + 1 :])][j + 1] - value[j + 1]) / (exact.range(j + 1) * share or 1)
            for j in range(k) for i in range(len(every))
        )  # fmt: skip
        if 1e-14 < gain < 1e-10:
            raise NoYardstickError("a gain that floats cannot tell from a tie")
        if gain <= 1e-14:
            stable.append(value[0])
    return stable


def quantal_signal(seed: int) -> Case:
    """Judge the signals by the formula, and the bound by the hull of a fine grid (two features) or drawn words."""
    made, words = game(seed, rounds=1)
    exact = Exact(made)
    sharp = strength(seed, exact)
    said = Talk(exact, [lambda b, turn: 0], None).words(0)
    row = min(x for x, _ in exact.pairs)
    rows = sorted({x for (x, _), w in said.items() if w == next(w for (y, _), w in said.items() if y == row)})

    def value(likelihoods: Sequence[float]) -> Fraction:
        total = Fraction(0)
        for x in rows:
            told = [(b, Fraction(c)) for b, c in enumerate(likelihoods) if c and exact.mass[x, b]]
            mass = sum((c * exact.mass[x, b] for b, c in told), Fraction(0))
            if mass:
                mu = [sum((c * exact.gains[0][x, b][a] for b, c in told), Fraction(0)) / mass for a in range(exact.actions)]
                for a, chance in enumerate(softmax(mu, sharp)):
                    total += chance * sum((c * exact.gains[1][x, b][a] for b, c in told), Fraction(0))
        return total / exact.total

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
            "a word above the bound" if best > Fraction(found.at_most) + stake * Fraction(FLOATS) + abs(best) / 10**12 else None,
        )

    return Case(made, "quantal-signal", wrong, {"lambda": repr(sharp)}, words=words)


def _hull(points: list[tuple[Fraction, Fraction]]) -> Fraction:
    """Return twice the height at 1/2 of the upper hull of points (t, f)."""
    half = Fraction(1, 2)
    left, right = [p for p in points if p[0] <= half], [p for p in points if p[0] > half]
    return max(2 * (f + (g - f) * (half - t) / (s - t)) for t, f in left for s, g in right)


def _alignment(exact: Exact) -> Fraction:
    tables = [[u for row in table for u in row] for table in exact.utilities]
    return epsilon(tables[0], tables[1:])


def all_nash(seed: int) -> Case:
    """Compare with every profile of rules, letter by letter."""
    narrow = seed % 4 == 0
    made, words = game(seed, (2, 2, 3, 2) if narrow else (2, 3, 3, 2), 1 if narrow else 2, 2 if narrow else 1)
    exact = Exact(made)

    def wrong(found: Any) -> str | None:
        rules = every_rule(range(exact.b), 2, made.rounds)
        n = range(len(rules))
        ends = {}
        for profile in product(n, repeat=made.k):
            chances = respond(exact, [rules[i] for i in profile], 2, made.rounds)
            ends[profile] = [exact.worth(p, chances) for p in range(exact.players)], exact.law(chances)
        best = [{} for _ in range(made.k)]  # type: list[dict[Any, Fraction]]
        for profile, (values, _) in ends.items():
            for j in range(made.k):
                others = (*profile[:j], *profile[j + 1 :])
                best[j][others] = max(best[j].get(others, values[j + 1]), values[j + 1])
        stable = [
            values[0] for profile, (values, _) in ends.items()
            if all(values[j + 1] == best[j][(*profile[:j], *profile[j + 1 :])] for j in range(made.k))
        ]  # fmt: skip
        silence = next(i for i in n if all(row[b] == {0: 1} for row in rules[i].values() for b in range(exact.b)))
        alone = {i: ends[(i, *([silence] * (made.k - 1)))][0][0] for i in n}
        leaders = [i for i in n if alone[i] == max(alone.values())]
        refuted = [
            i for i in leaders
            if any(ends[(i, *p[1:])][1] != ends[(*p[:j], i, *p[j + 1 :])][1] for p in ends for j in range(1, made.k))
        ]  # fmt: skip
        size, apart = exact.range(0), _alignment(exact)
        return first(
            differs("count", found.count, len(stable)),
            differs("worst", found.worst, min(stable, default=None)),
            differs("best", found.best, max(stable, default=None)),
            differs("leader", found.leader, max(alone.values())),
            differs("leaders", found.leaders, len(leaders)),
            differs("leaders_refuted", found.leaders_refuted, len(refuted)),
            differs("epsilon", found.epsilon, apart, size, FLOATS),
            differs("bound", found.bound, max(alone.values()) - 2 * apart, size, FLOATS),
        )

    return Case(made, "all-nash", wrong, words=words)


def selection(seed: int) -> Case:
    """Compare with the outcomes of every rule of one Bob."""
    made, words = game(seed, (3, 3, 3, 3), 3, 1)
    exact = Exact(made)

    def wrong(found: Any) -> str | None:
        outcomes = set()
        for rule in every_rule(range(exact.b), 2, made.rounds):
            chances = respond(exact, [rule], 2, made.rounds)
            outcomes.add(tuple(exact.worth(p, chances) for p in range(exact.players)))
        stable = [
            f for f in outcomes
            if not any(g[0] > f[0] and any(g[j] > f[j] for j in range(1, len(f))) for g in outcomes)
        ]  # fmt: skip
        nash = [f for f in stable if not any(g[0] >= f[0] and g[1] > f[1] for g in outcomes)]
        if made.k == 1:
            stable = nash = [f for f in outcomes if f[1] == max(g[1] for g in outcomes)]
        top = max(f[0] for f in outcomes)
        return first(
            differs("count", found.count, len(stable)),
            differs("count_nash", found.count_nash, len(nash)),
            differs("worst", found.worst, min(f[0] for f in stable)),
            differs("best", found.best, max(f[0] for f in stable)),
            differs("worst_nash", found.worst_nash, min((f[0] for f in nash), default=None)),
            differs("leader", found.leader, top),
            differs("epsilon", found.epsilon, _alignment(exact), exact.range(0), FLOATS),
        )

    return Case(made, "selection", wrong, words=words)


def with_letters(seed: int) -> tuple[Conversation, str, list[Any]]:
    """Return a game with a profile of one round over two letters, mixed in tenths, and the rules."""
    drawn, words = game(seed, (2, 3, 3, 2), 2, 1)
    rng = np.random.default_rng([seed, 4])

    def entry() -> Any:
        share = int(rng.integers(1, 10))
        return int(rng.integers(2)) if rng.random() < 0.6 else [share / 10, (10 - share) / 10]

    given = [{"histories": {w: [entry() for _ in range(drawn.sizes[1])] for w in "01"}} for _ in range(drawn.k)]
    made = Conversation(
        drawn.alice, list(drawn.bobs), 1, prior_weights=drawn.prior_weights, profile=given, name=drawn.name
    )
    return made, words, [decimal_rule(rule["histories"]) for rule in given]


def _best_rule(exact: Exact, rules: list[Any], bob: int) -> Fraction:
    """Return what a Bob gets from the best deterministic rule."""
    return max(
        exact.worth(bob + 1, respond(exact, [*rules[:bob], rule, *rules[bob + 1 :]], 2, 1))
        for rule in every_rule(range(exact.b), 2, 1)
    )


def _obedient(exact: Exact, rules: list[Any], bob: int) -> Fraction:
    """Return the bound on any rule: lotteries that Alice obeys, and no worse for her than without the Bob, by fractions."""
    others = rules[:bob] + rules[bob + 1 :]
    without = respond(exact, others, 2, 1) if others else respond(exact, [{(0,): [{0: Fraction(1)}] * exact.b}], 1, 1)
    total, actions = Fraction(0), range(exact.actions)
    for x in range(exact.a):
        columns = [(b, a) for b in range(exact.b) for a in actions]
        gain = {(b, a): exact.gains[0][x, b][a] for b, a in columns}
        least = sum((c * g for b in range(exact.b) for c, g in zip(without[x, b], exact.gains[0][x, b], strict=True)), Fraction(0))
        rows = [[gain[b, a] - gain[b, other] if a == told else Fraction(0) for b, a in columns] for told in actions for other in actions if told != other]
        sides_ = [Fraction(0)] * len(rows)
        rows.append([gain[c] - least / exact.b for c in columns])  # the lotteries of all b have sum |X_B|
        sides_.append(Fraction(0))
        table = [[-v for v in row] + [Fraction(int(i == j)) for j in range(len(rows))] for i, row in enumerate(rows)]
        for b in range(exact.b):
            table.append([Fraction(int(c[0] == b)) for c in columns] + [Fraction(0)] * len(rows))
            sides_.append(Fraction(1))
        cost = [exact.gains[bob + 1][x, b][a] for b, a in columns] + [Fraction(0)] * len(rows)
        found = optimum(cost, table, sides_)
        assert found is not None  # ignoring the Bob is obeyed
        total += found
    return total / exact.total


def play(seed: int) -> Case:
    """Compare with a best response that goes through all words, and the regrets with every rule."""
    made, words, rules = with_letters(seed)
    exact = Exact(made)

    def wrong(found: Any) -> str | None:
        chances = respond(exact, rules, 2, 1)
        values = [exact.worth(p, chances) for p in range(exact.players)]
        law = exact.law(chances)
        same = exact.worth(0, respond(exact, rules, 2, 1, lambda turn: [(w,) * made.k for w in range(2)]))
        unlike = [w for w in product(range(2), repeat=made.k) if len(set(w)) == min(2, made.k)]
        return first(
            differs("alice", found.alice, values[0]),
            *(differs(f"bob {j}", v, values[j + 1]) for j, v in enumerate(found.bobs)),
            *(
                differs(f"regret {j}", v, _best_rule(exact, rules, j) - values[j + 1], abs(values[j + 1]), 1e-12)
                for j, v in enumerate(found.regrets)
            ),
            *(
                differs(f"regret {j} at most", v, _obedient(exact, rules, j) - values[j + 1], exact.range(j + 1), 1e-6)
                for j, v in enumerate(found.regrets_at_most)
            ),
            differs("opt", found.opt, exact.first_best()),
            differs("same", found.questions["same"], same),
            differs("phrasings", found.questions["phrasings"], exact.worth(0, respond(exact, rules, 2, 1, lambda turn: unlike))),
            *(differs(f"law {a}, {y}", found.distribution[a][y], v) for a, row in enumerate(law) for y, v in enumerate(row)),
        )

    return Case(made, "play", wrong, words=words)


def deviation(seed: int) -> Case:
    """Compare with every deterministic rule from below, and the program in fractions from above."""
    made, words, rules = with_letters(seed)
    exact, bob = Exact(made), seed % made.k

    def wrong(found: Any) -> str | None:
        stake = exact.range(bob + 1)
        return first(
            differs("value", found.value, exact.worth(bob + 1, respond(exact, rules, 2, 1))),
            differs("at_least", found.at_least, _best_rule(exact, rules, bob)),
            differs("at_most", found.at_most, _obedient(exact, rules, bob), stake, 2e-6),
        )

    return Case(made, "deviation", wrong, arguments={"player": bob}, words=words)


def sample(seed: int) -> Case:
    """Judge every conversation: possible, its words Alice's best, its action hers; and the expected utilities."""
    made, words, rules = with_letters(seed)
    exact = Exact(made)

    def wrong(found: Any) -> str | None:
        chances = respond(exact, rules, 2, 1)
        for draw in found.draws:
            x, b, y = draw["x_A"], draw["x_B"], draw["state"]
            said = [rule[(history[0],)][b].get(history[1], 0) for rule, history in zip(rules, draw["transcript"], strict=True)]
            if not exact.weights[x][b][y] or not all(said) or not chances[x, b][draw["action"]]:
                return f"draw {draw}"
        return first(*(differs(f"expected {p}", v, exact.worth(p, chances)) for p, v in enumerate(found.expected)))

    return Case(made, "sample", wrong, {"seed": str(seed), "draws": "5"}, words=words)


def alignment(seed: int) -> Case:
    """Compare Definition 1 with fractions, and judge the combination."""
    made, words = game(seed)
    exact = Exact(made)

    def wrong(found: Any) -> str | None:
        return differs("epsilon", found.epsilon, _alignment(exact), exact.range(0), FLOATS)

    return Case(made, "alignment", wrong, words=words)


CASES: dict[str, Callable[[int], Case]] = {
    "first-best": first_best, "aligned-leader": aligned_leader, "agreement": agreement, "substitutes": information,
    "quantal": quantal, "quantal-signal": quantal_signal, "quantal-nash": quantal_nash, "all-nash": all_nash,
    "selection": selection, "play": play, "deviation": deviation, "sample": sample, "alignment": alignment,
}  # fmt: skip

if __name__ == "__main__":
    raise SystemExit(main("fuzz_conversation", CASES, __doc__.split(".")[0]))
