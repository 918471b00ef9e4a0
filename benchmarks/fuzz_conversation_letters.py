"""The cases of `fuzz_conversation` over letters: rules one by one, and a best-responding Alice."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from benchmarks.exact_conversation import Exact
from benchmarks.exact_letters import decimal_rule, every_rule, respond
from benchmarks.exact_persuasion import optimum
from benchmarks.fuzz_conversation_games import FLOATS, apart, game
from benchmarks.fuzzing import Case, differs, first
from bigopt.games.conversation import Conversation


def _all(exact: Exact, made: Conversation) -> dict[str, Any]:
    """List all profiles: equilibria, and the rules that are best for Alice beside silence."""
    rules = every_rule(range(exact.b), 2, made.rounds)
    n = range(len(rules))
    ends = {}
    best: list[dict[Any, Fraction]] = [{} for _ in range(made.k)]
    for profile in product(n, repeat=made.k):
        chances = respond(exact, [rules[i] for i in profile], 2, made.rounds)
        values = [exact.worth(p, chances) for p in range(exact.players)]
        ends[profile] = values, exact.law(chances)
        for j in range(made.k):
            others = (*profile[:j], *profile[j + 1 :])
            best[j][others] = max(best[j].get(others, values[j + 1]), values[j + 1])
    stable = [
        values[0]
        for profile, (values, _) in ends.items()
        if all(values[j + 1] == best[j][(*profile[:j], *profile[j + 1 :])] for j in range(made.k))
    ]
    silence = next(i for i in n if all(row[b] == {0: 1} for row in rules[i].values() for b in range(exact.b)))
    alone = {i: ends[(i, *([silence] * (made.k - 1)))][0][0] for i in n}
    leaders = [i for i in n if alone[i] == max(alone.values())]
    refuted = [
        i
        for i in leaders
        if any(ends[(i, *p[1:])][1] != ends[(*p[:j], i, *p[j + 1 :])][1] for p in ends for j in range(1, made.k))
    ]
    known: dict[str, Any] = {"count": len(stable), "worst": min(stable, default=None)}
    known |= {"best": max(stable, default=None), "leader": max(alone.values())}
    return known | {"leaders": len(leaders), "leaders_refuted": len(refuted)}


def all_nash(seed: int) -> Case:
    """Compare with every profile of rules, letter by letter."""
    # two rounds of one Bob, one of two Bobs, and one where three features make many rules
    limits = ((2, 2, 3, 2), 1, 2) if seed % 4 == 0 else ((2, 3, 2, 2), 2, 1) if seed % 4 == 3 else ((2, 2, 3, 2), 2, 1)
    made, words = game(seed, *limits)
    exact = Exact(made)

    def wrong(found: Any) -> str | None:
        known = _all(exact, made)
        size, distance = exact.range(0), apart(exact)
        return first(
            *(differs(key, found.fields[key], value) for key, value in known.items()),
            differs("epsilon", found.epsilon, distance, size, FLOATS),
            differs("bound", found.bound, known["leader"] - 2 * distance, size, FLOATS),
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
            differs("epsilon", found.epsilon, apart(exact), exact.range(0), FLOATS),
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
    """Return the bound on any rule, in fractions: lotteries that Alice obeys, no worse for her than without him."""
    others = rules[:bob] + rules[bob + 1 :]
    without = respond(exact, others, 2, 1) if others else respond(exact, [{(0,): [{0: Fraction(1)}] * exact.b}], 1, 1)
    total, actions = Fraction(0), range(exact.actions)
    for x in range(exact.a):
        columns = [(b, a) for b in range(exact.b) for a in actions]
        gain = {(b, a): exact.gains[0][x, b][a] for b, a in columns}
        least = sum(
            (c * g for b in range(exact.b) for c, g in zip(without[x, b], exact.gains[0][x, b], strict=True)),
            Fraction(0),
        )
        rows = [
            [gain[b, a] - gain[b, other] if a == told else Fraction(0) for b, a in columns]
            for told in actions
            for other in actions
            if told != other
        ]
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


def _regret(exact: Exact, rules: list[Any], bob: int, value: Fraction, found: Any) -> str | None:
    """Compare a Bob's regret with every rule, and its bound with the program in fractions."""
    gain = max(Fraction(0), _best_rule(exact, rules, bob) - value)
    most = _obedient(exact, rules, bob) - value
    return first(
        differs(f"regret {bob}", found.regrets[bob], gain, abs(value), 1e-12),
        differs(f"regret {bob} at most", found.regrets_at_most[bob], most, exact.range(bob + 1), 1e-6),
    )


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
            *(_regret(exact, rules, j, values[j + 1], found) for j in range(made.k)),
            differs("opt", found.opt, exact.first_best()),
            differs("same", found.questions["same"], same),
            differs(
                "phrasings",
                found.questions["phrasings"],
                exact.worth(0, respond(exact, rules, 2, 1, lambda turn: unlike)),
            ),
            *(
                differs(f"law {a}, {y}", found.distribution[a][y], v)
                for a, row in enumerate(law)
                for y, v in enumerate(row)
            ),
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
            said = [
                rule[(history[0],)][b].get(history[1], 0)
                for rule, history in zip(rules, draw["transcript"], strict=True)
            ]
            if not exact.weights[x][b][y] or not all(said) or not chances[x, b][draw["action"]]:
                return f"draw {draw}"
        return first(*(differs(f"expected {p}", v, exact.worth(p, chances)) for p, v in enumerate(found.expected)))

    return Case(made, "sample", wrong, {"seed": str(seed), "draws": "5"}, words=words)
