"""The Bobs' conversation rules (Definition 3): by name, by round, or by private history; deterministic or mixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from bigopt.arithmetic.arrays import numbers, whole
from bigopt.arithmetic.decimals import fraction
from bigopt.errors import InstanceError, UsageError

NAMES = ("straightforward", "silent", "revealing")
History = tuple[int, ...]  # letters of one private conversation, Alice's first
Lottery = tuple[Fraction, ...]  # the probability of each letter


@dataclass(frozen=True)
class Rule:
    """One Bob's rule, as it was given.

    Attributes
    ----------
    name : str
        One of `NAMES`, or "rounds" or "histories".
    rounds : tuple of tuples of letters
        [<= R][X_B]: what is said in each round, whatever Alice says; letter 0 afterwards.
    histories : mapping
        From private history to [X_B] lotteries over letters.
    """

    name: str
    rounds: tuple[tuple[int, ...], ...] = ()
    histories: Mapping[History, tuple[Lottery, ...]] | None = None

    def speak(self, x: int, history: History) -> Lottery:
        """Return the lottery over letters of a Bob who sees feature `x` after a history (Alice has just spoken).

        Raises
        ------
        InstanceError
            The rule says nothing for this history.
        UsageError
            The rule is no rule over letters.
        """
        if self.name == "straightforward":
            raise UsageError("profile: a straightforward Bob announces beliefs, expected rules over letters here")
        if self.histories is not None:
            if history not in self.histories:
                raise InstanceError(f"profile: history {show(history)!r} is missing, expected a letter for each x_B")
            return self.histories[history][x]
        return sure(self.word(x, len(history) // 2))

    def word(self, x: int, turn: int) -> int:
        """Return what is said in round `turn` (from 0) by a rule that does not listen."""
        if self.name == "revealing":
            return x if turn == 0 else 0
        return self.rounds[turn][x] if turn < len(self.rounds) else 0

    def mirrored(self) -> Rule:
        """Return the same rule where the features x_B stand in reverse order (a revealing one given by rounds)."""
        rounds = tuple(row[::-1] for row in self.rounds)
        table = None if self.histories is None else {h: row[::-1] for h, row in self.histories.items()}
        return Rule(self.name, rounds, table)

    @property
    def letters(self) -> int:
        """One more than the largest letter of a rule by rounds or histories."""
        said = [letter for row in self.rounds for letter in row]
        if self.histories is not None:
            said += [len(lottery) - 1 for row in self.histories.values() for lottery in row]
        return max(said, default=0) + 1


def read(profile: Any, bobs: int, features: int, rounds: int) -> tuple[Rule, ...]:
    """Read the Bobs' rules of an instance file.

    Raises
    ------
    InstanceError
        Names the first place that is not as expected.
    """
    if not isinstance(profile, (list, tuple)) or len(profile) != bobs:
        found = f"{len(profile)} rules" if isinstance(profile, (list, tuple)) else str(profile)[:40]
        raise InstanceError(f"profile: {found}, expected {bobs} (one a Bob)")
    return tuple(_rule(rule, f"profile[{j}]", features, rounds) for j, rule in enumerate(profile))


def _rule(rule: Any, path: str, features: int, rounds: int) -> Rule:
    if isinstance(rule, Rule):
        return rule
    if isinstance(rule, str):
        if rule not in NAMES:
            raise InstanceError(f"{path}: {rule[:40]!r}, expected one of {', '.join(NAMES)}")
        return Rule(rule)
    if isinstance(rule, Mapping) and set(rule) == {"rounds"}:
        rows = rule["rounds"]
        if not isinstance(rows, (list, tuple)) or len(rows) > rounds:
            raise InstanceError(f"{path}.rounds: expected at most {rounds} lists (one a round)")
        words = [whole(row, f"{path}.rounds[{r}]", [features], ["x_B"]).tolist() for r, row in enumerate(rows)]
        return Rule("rounds", rounds=tuple(tuple(row) for row in words))
    if isinstance(rule, Mapping) and set(rule) == {"histories"} and isinstance(rule["histories"], Mapping):
        return Rule("histories", histories=_histories(rule["histories"], f"{path}.histories", features))
    raise InstanceError(f"{path}: expected a name ({', '.join(NAMES)}) or an object with rounds or histories")


def _histories(data: Mapping[str, Any], path: str, features: int) -> dict[History, tuple[Lottery, ...]]:
    table: dict[History, tuple[Lottery, ...]] = {}
    for key, row in data.items():
        where = f"{path}[{key[:40]!r}]"
        try:
            history = tuple(int(word) for word in key.split(","))
        except ValueError:
            history = ()
        if len(history) % 2 == 0 or min(history, default=-1) < 0:
            raise InstanceError(f"{where}: expected letters as '0' or '0,1,0' (Alice, Bob, Alice)")
        if not isinstance(row, Sequence) or isinstance(row, str) or len(row) != features:
            raise InstanceError(f"{where}: expected {features} letters or lotteries (one an x_B)")
        table[history] = tuple(_lottery(entry, f"{where}[{x}]") for x, entry in enumerate(row))
    return table


def _lottery(entry: Any, path: str) -> Lottery:
    """Read a letter or a list of probabilities."""
    if not isinstance(entry, (list, tuple)):
        letter = int(whole(entry, path, []))
        if letter > LARGEST_LETTER:
            raise InstanceError(f"{path}: {letter}, expected a letter up to {LARGEST_LETTER}")
        return sure(letter)
    chances = [fraction(p) for p in numbers(entry, path, [None], ["letter"]).tolist()]
    total = sum(chances, Fraction(0))
    if any(p < 0 for p in chances) or abs(total - 1) > Fraction(1, 10**9):
        raise InstanceError(f"{path}: sums to {float(total):.12g}, expected probabilities that sum to 1")
    return tuple(p / total for p in chances)


LARGEST_LETTER = 10_000


def sure(letter: int) -> Lottery:
    """Return the lottery that says one letter."""
    return (*(Fraction(0) for _ in range(letter)), Fraction(1))


def show(history: History) -> str:
    """Return a history as it is written in a file."""
    return ",".join(map(str, history))


def missing(rule: Rule, features: int, letters: int, rounds: int) -> History | None:
    """Return the first history that can be reached, whatever Alice says, and for which the rule says nothing."""
    if rule.histories is None:
        return None
    open_: list[tuple[History, tuple[int, ...]]] = [((), tuple(range(features)))]
    for _ in range(rounds):
        following = []
        for (history, alive), mine in product(open_, range(letters)):
            heard = (*history, mine)
            if heard not in rule.histories:
                return heard
            row = rule.histories[heard]
            for letter in range(letters):
                left = tuple(x for x in alive if letter < len(row[x]) and row[x][letter] > 0)
                if left:
                    following.append(((*heard, letter), left))
        open_ = following
    return None
