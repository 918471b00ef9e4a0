"""All equilibria in deterministic rules: every profile against a best-responding Alice, in integers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.concepts.deadline import Deadline
from bigopt.errors import UsageError
from bigopt.games.conversation.exact import trees
from bigopt.games.conversation.game import Conversation

PROFILES = 70_000  # more are refused
STEPS = 20_000_000  # histories of all profiles together
SHOWN = 200  # equilibria that are written out; all are counted

Totals = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Table:
    """Every profile of rules: its outcome [n]^k (an index into `acts`), and outcomes with everybody's totals.

    Attributes
    ----------
    rules : list of trees
    outcome : array [n] * k
    acts : list of actions [X_A][X_B]
    totals : array [outcomes, 1 + k]
    """

    rules: list[trees.Tree]
    outcome: npt.NDArray[np.int64]
    acts: list[trees.Acts]
    totals: Totals

    def of(self, player: int) -> Totals:
        """Return a player's total in each profile (0 is Alice)."""
        return np.asarray(self.totals[self.outcome, player])

    def beside_silence(self, player: int) -> Totals:
        """Return a player's total for each rule of the first Bob, the others silent [n]."""
        return self.of(player).reshape(len(self.rules), -1)[:, 0]


def refuse(game: Conversation, letters: int, bobs: int) -> None:
    """Raise before anything is listed where there are too many profiles or histories."""
    number, rounds = 1, 0
    while rounds < game.rounds and number**bobs <= PROFILES:  # their number has itself exponentially many digits
        rounds += 1
        number = trees.count(game.sizes[1], letters, rounds)
    if number**bobs > PROFILES:
        of = "" if rounds == game.rounds else f" in {rounds} of {game.rounds} rounds"
        what = f"{_short(number)} rules a Bob up to the names of letters{of}, {_short(number**bobs)} profiles"
        raise UsageError(f"{game.name}: {what}, at most {PROFILES:,}: use fewer features, letters, rounds or Bobs")
    histories = number**bobs * game.sizes[0] * int(letters ** (bobs * game.rounds))
    if histories > STEPS:
        raise UsageError(f"{game.name}: {_short(histories)} histories, at most {STEPS:,}: use fewer letters or rounds")


def _short(number: int) -> str:
    return f"{number:,}" if number < 10**15 else f"about 10^{len(str(number)) - 1}"


def table(game: Conversation, letters: int, bobs: int, deadline: Deadline | None = None) -> Table:
    """Let Alice respond to every profile of `bobs` rules."""
    refuse(game, letters, bobs)
    rules, responder = trees.trees(game.sizes[1], letters, game.rounds), trees.Responder(game)
    known: dict[trees.Acts, int] = {}
    outcome = np.zeros((len(rules),) * bobs, dtype=np.int64)
    for count, profile in enumerate(product(range(len(rules)), repeat=bobs)):
        if deadline is not None and count % 64 == 0:
            deadline.check("listing all profiles of rules")
        acts = responder.acts([rules[i] for i in profile])
        outcome[profile] = known.setdefault(acts, len(known))
    totals = np.array([responder.totals(acts) for acts in known], dtype=object)
    return Table(rules, outcome, list(known), totals)


def nash(found: Table) -> npt.NDArray[np.bool_]:
    """Return which profiles no Bob can leave for a better one, [n] * k."""
    stable = np.ones(found.outcome.shape, dtype=bool)
    for bob in range(found.outcome.ndim):
        own = found.of(bob + 1)
        stable &= (own == own.max(axis=bob, keepdims=True)).astype(bool)
    return stable


def laws(game: Conversation, acts: trees.Acts) -> tuple[tuple[int, ...], ...]:
    """Return the induced distribution over actions and states [A][Y], in whole weights (Definition 5)."""
    law = np.zeros((game.sizes[2], game.sizes[3]), dtype=object)
    for x, row in enumerate(acts):
        for b, action in enumerate(row):
            law[action] += game.prior_weights[x, b]
    return tuple(tuple(row) for row in law.tolist())


def leaders(found: Table) -> list[int]:
    """Return the rules that are best for Alice beside silent Bobs: the candidates for C* of Definition 8."""
    alone = found.beside_silence(0)
    return [int(i) for i in np.flatnonzero(alone == alone.max())]


def refutation(game: Conversation, found: Table, leader: int) -> dict[str, Any] | None:
    """Return a profile and two Bobs whose deviations to a rule induce different distributions (Definition 9)."""
    law = [laws(game, acts) for acts in found.acts]
    for profile in product(range(len(found.rules)), repeat=found.outcome.ndim):
        ends = [law[found.outcome[(*profile[:j], leader, *profile[j + 1 :])]] for j in range(len(profile))]
        for j in range(1, len(ends)):
            if ends[j] != ends[0]:
                return {"profile": list(profile), "bobs": [0, j]}
    return None


def definition_9(game: Conversation, found: Table, letters: int) -> dict[str, Any]:
    """Say what is known of the identical induced distribution condition.

    "proved" where a Bob can reveal x_B (Proposition 1 with the revealing rule and a fixed tie rule); else "refuted"
    with a profile if every rule that is best for Alice has one, else "open": enumeration cannot prove it.
    """
    best = leaders(found)
    against = [refutation(game, found, leader) for leader in best]
    broken = sum(witness is not None for witness in against)
    state = "proved" if letters >= game.sizes[1] or game.k == 1 else "refuted" if broken == len(best) else "open"
    witness = next((w for w in against if w is not None), None)
    rules = [found.rules[i] for i in witness["profile"]] if witness else None
    which = best[next(i for i, w in enumerate(against) if w is not None)] if witness else None
    shown = {"leader": found.rules[which], "profile": rules} if witness and which is not None else None
    return {"definition_9": state, "leaders": len(best), "leaders_refuted": broken, "witness": shown}
