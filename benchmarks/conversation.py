"""Conversations: our exact algorithms beside the textbook's, on the same games, with the same answers.

Agreement against a simulation that keeps every pair's transcript and conditions with fractions; substitutes against the
definition's mean squared errors on every rectangle; the aligned leader against recursion over set partitions.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import chain, combinations
from typing import Any

import numpy as np

from benchmarks.timing import Row, limited, row
from bigopt.engine.solve import solve
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact import variances
from bigopt.games.conversation.exact.trees import partitions

LIMIT = 60.0  # seconds for each contender
TALKS = ((12, 2, "exact"), (30, 3, "1/20"), (60, 5, "1/20"), (200, 5, "exact"), (200, 5, "1/20"))
SQUARES = (4, 6, 8)
LEADERS = ((4, 2), (6, 2), (8, 2), (10, 2))


def run(smoke: bool) -> list[Row]:
    """Return rows: agreement, substitutes and aligned leaders of growing size."""
    rows: list[Row] = []
    for size, actions, messages in TALKS[:1] if smoke else TALKS:
        game = drawn(size, size, actions)
        contenders: dict[str, Any] = {
            "exact": lambda game=game, m=messages: ours(game, "agreement", "utility", messages=m)
        }
        if size <= 30:
            contenders["transcripts, fractions"] = lambda game=game, m=messages: transcripts(game, m)
        rows += compare(f"agreement {size}x{size}x{actions}, messages {messages}", contenders, smoke)
    for size in SQUARES[:1] if smoke else SQUARES:
        game = signals(size)
        contenders = {"exact": lambda game=game: float(ours(game, "substitutes", "holds"))}
        contenders["definition, fractions"] = lambda game=game: definition(game)
        rows += compare(f"substitutes {size}x{size}", contenders, smoke)
    for size, letters in LEADERS[:1] if smoke else LEADERS:
        game = drawn(size, size, 5)
        contenders = {"exact": lambda game=game, n=letters: ours(game, "aligned-leader", "value", letters=n, rounds=2)}
        if size <= 6:
            contenders["recursion"] = lambda game=game, n=letters: recursion(game, n, 2)
        rows += compare(f"aligned leader {size}x{size}, {letters} letters, 2 rounds", contenders, smoke)
    return rows


def compare(case: str, contenders: dict[str, Any], smoke: bool) -> list[Row]:
    """Run the contenders; answers must agree."""
    outcomes = {name: limited(work, seconds=10.0 if smoke else LIMIT) for name, work in contenders.items()}
    values = [out.value for out in outcomes.values() if out.done]
    if values and max(values) - min(values) > 1e-12:
        raise AssertionError(f"{case}: the contenders disagree: {values}")
    return [row(case, name, out, outcomes["exact"]) for name, out in outcomes.items()]


def drawn(a: int, b: int, actions: int) -> Conversation:
    """Return a game with whole weights below 100 and utilities in hundredths."""
    rng = np.random.default_rng(a)
    alice = rng.integers(0, 101, (actions, actions)) / 100
    weights = rng.integers(0, 100, (a, b, actions))
    return Conversation(alice, [alice], 50, prior_weights=weights, name=f"drawn-{a}x{b}")


def signals(size: int) -> Conversation:
    """Return two signals of accuracy 3/4, each told apart needlessly: substitutes with very many ties."""
    weights = np.kron([[9, 3], [3, 1]], np.ones((size // 2, size // 2), dtype=int))
    states = np.stack([weights, weights[::-1, ::-1]], axis=2)
    return Conversation(np.eye(2), [np.eye(2)], 1, prior_weights=states, name=f"signals-{size}")


def ours(game: Conversation, concept: str, field: str, **options: Any) -> float:
    """Return a field of a verified solution."""
    solution = solve(game, concept, options=options)
    if not solution.solved:
        raise RuntimeError(f"{game.name}: {concept} not verified")
    return float(solution.fields[field])


def transcripts(game: Conversation, messages: str) -> float:
    """Return Alice's utility at the fixed point, every pair with its own transcript."""
    step = None if messages == "exact" else Fraction(messages)
    pairs = [(int(a), int(b)) for a, b in np.argwhere(game.possible)]
    said: dict[tuple[int, int], int] = dict.fromkeys(pairs, 0)

    def beliefs(who: int) -> dict[tuple[int, int], tuple[Fraction, ...]]:
        groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for q in pairs:
            groups.setdefault((said[q], q[who]), []).append(q)
        found = {}
        for group in groups.values():
            weight = sum(int(game.mass[q]) for q in group)
            sums = [sum(int(g[q]) for q in group) for g in game.gains[0]]
            vector = tuple(Fraction(s, weight) * game.units[1][0] for s in sums)
            found.update(dict.fromkeys(group, vector))
        return found

    for _ in range(game.rounds):
        before = [len({(said[q], q[who]) for q in pairs}) for who in (0, 1)]
        for who in (0, 1):
            own = beliefs(who)
            words = {
                q: v if step is None else tuple((x / step + Fraction(1, 2)).__floor__() for x in v)
                for q, v in own.items()
            }
            ids: dict[Any, int] = {}
            said = {q: ids.setdefault((said[q], words[q]), len(ids)) for q in pairs}
        if [len({(said[q], q[who]) for q in pairs}) for who in (0, 1)] == before:
            break
    final = beliefs(0)
    return float(sum(max(final[q]) * int(game.mass[q]) for q in pairs) / game.total)


def _rounded(vector: tuple[Fraction, ...], step: Fraction) -> tuple[Fraction, ...]:
    return tuple(Fraction((x / step + Fraction(1, 2)).__floor__()) for x in vector)


def definition(game: Conversation) -> float:
    """Return 1 if the corrected Definition 14 holds on every rectangle, by its mean squared errors."""
    rows, columns = (
        [list(s) for s in chain.from_iterable(combinations(range(n), r) for r in range(1, n + 1))]
        for n in game.sizes[:2]
    )
    for action in range(game.sizes[2]):
        for A in rows:
            for B in columns:
                left, right = variances.definition(game, action, A, B)
                if left > right:
                    return 0.0
    return 1.0


def recursion(game: Conversation, letters: int, rounds: int) -> float:
    """Return the aligned leader's value by recursion over set partitions, remembered by rectangle."""

    @lru_cache(None)
    def value(A: tuple[int, ...], B: tuple[int, ...], turns: int) -> int:
        if turns == 0:
            return sum(int(game.gains[0][:, a][:, list(B)].sum(axis=1).max()) for a in A)
        if turns % 2:
            return max(sum(value(A, tuple(sorted(p)), turns - 1) for p in parts) for parts in partitions(B, letters))
        return max(sum(value(tuple(sorted(p)), B, turns - 1) for p in parts) for parts in partitions(A, letters))

    return float(game.worth(0, value(tuple(range(game.sizes[0])), tuple(range(game.sizes[1])), 2 * rounds)))
