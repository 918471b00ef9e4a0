"""``python -m benchmarks.fuzz_conversation [--concept C] [--games N]``: random hostile conversations against fractions.

Seeded games of up to three features a side with pairs of probability 0, ties, twins and dominated actions, weights near
2^53, utilities in units of 1e-9 and 1e9, moved by 1e9, with an action of -1e9 that nobody takes, or decimals that
differ in the last digit. Each concept's answer is compared with `exact_conversation`: whole transcripts, every rule
letter by letter, every rectangle, and for randomized words the hull of a fine grid.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from benchmarks.exact_conversation import Exact, Talk, leader, sides, substitutes
from benchmarks.fuzz_conversation_games import FLOATS, apart, game
from benchmarks.fuzz_conversation_letters import all_nash, deviation, play, sample, selection
from benchmarks.fuzz_conversation_quantal import quantal, quantal_nash, quantal_signal, quantal_talk
from benchmarks.fuzzing import Case, differs, first, main


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
    step = None if rng.random() < 0.5 else Fraction(str(0.1 * int(rng.integers(1, 5)) * 10 ** round(math.log10(size))))
    if step is not None and not Fraction(1, 10**6) <= step <= 10**6:
        step = None  # numbers as floats print them: some have 17 digits, and what they round is beyond 64 bits
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
            exact.expected(0, [(x, b)]) == exact.expected(0, [p for p in exact.pairs if p[0] == x])
            for x, b in exact.pairs
        )
        if found.holds_as_printed != printed:
            return f"as printed {found.holds_as_printed}"
        if found.witness is not None:
            left, right = sides(exact, found.witness["action"], found.witness["A"], found.witness["B"])
            return None if left > right else "the witness is none"
        return None

    return Case(made, "substitutes", wrong, words=words)


def alignment(seed: int) -> Case:
    """Compare Definition 1 with fractions, and judge the combination."""
    made, words = game(seed)
    exact = Exact(made)

    def wrong(found: Any) -> str | None:
        moved = max(exact.range(player) for player in range(made.k + 1))  # by weights, whose last digits floats lose
        return differs("epsilon", found.epsilon, apart(exact), exact.range(0) + moved / 2**20, FLOATS)

    return Case(made, "alignment", wrong, words=words)


CASES: dict[str, Callable[[int], Case]] = {
    "first-best": first_best, "aligned-leader": aligned_leader, "agreement": agreement, "substitutes": information,
    "quantal": quantal, "quantal-signal": quantal_signal, "quantal-nash": quantal_nash, "all-nash": all_nash,
    "quantal-nash, several rounds": quantal_talk,
    "selection": selection, "play": play, "deviation": deviation, "sample": sample, "alignment": alignment,
}  # fmt: skip

if __name__ == "__main__":
    raise SystemExit(main("fuzz_conversation", CASES, __doc__.split(".")[0]))
