"""A best-responding Alice against any rules over letters, deterministic or mixed, in fractions (Definitions 4 to 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from bigopt.errors import InstanceError, UsageError
from bigopt.games.conversation import rules
from bigopt.games.conversation.exact.trees import Tree
from bigopt.games.conversation.game import Conversation

HISTORIES = 1_000_000  # more final histories are refused

Histories = tuple[rules.History, ...]  # one private conversation a Bob
Words = tuple[int, ...]  # one letter to each Bob
Ask = Callable[[Histories, int], Iterable[Words]]  # what Alice may say next


@dataclass
class Response:
    """Alice's plan and where it leads.

    Attributes
    ----------
    chances : [X_A][X_B] mapping from action to probability
    words : from (x_A, histories) to what she says to each Bob
    acts : from (x_A, final histories) to her action
    """

    chances: list[list[dict[int, Fraction]]]
    words: dict[tuple[int, Histories], Words] = field(default_factory=dict)
    acts: dict[tuple[int, Histories], int] = field(default_factory=dict)

    def total(self, game: Conversation, player: int) -> Fraction:
        """Return a player's utility, 0 is Alice, in units of the game's own gains."""
        gains = game.gains[player]
        value = Fraction(0)
        for x, row in enumerate(self.chances):
            for b, lottery in enumerate(row):
                value += sum((p * int(gains[a, x, b]) for a, p in lottery.items()), Fraction(0))
        return value

    def utility(self, game: Conversation, player: int) -> float:
        """Return a player's expected utility."""
        return float(self.worth(game, player))

    def worth(self, game: Conversation, player: int) -> Fraction:
        """Return a player's expected utility, exactly."""
        return self.total(game, player) * game.units[1][player] / game.total

    def law(self, game: Conversation) -> list[list[Fraction]]:
        """Return the induced distribution over actions and states [A][Y] (Definition 5)."""
        table = [[Fraction(0)] * game.sizes[3] for _ in range(game.sizes[2])]
        for x, row in enumerate(self.chances):
            for b, lottery in enumerate(row):
                for action, p in lottery.items():
                    for y in range(game.sizes[3]):
                        table[action][y] += p * int(game.prior_weights[x, b, y]) / game.total
        return table


def refuse(game: Conversation, letters: int, bobs: int) -> None:
    """Raise before anything is unfolded where there are too many histories, or more letters in use than allowed."""
    exponent = 2 * bobs * game.rounds
    if game.sizes[0] * letters ** min(exponent, 64) > HISTORIES:
        what = f"{game.sizes[0]} x {letters}^{exponent} histories"
        raise UsageError(f"{game.name}: {what}, at most {HISTORIES:,}: use fewer rounds, letters or Bobs")


def check(game: Conversation, profile: Sequence[rules.Rule], letters: int) -> None:
    """Refuse rules that lack a history, or that use letters beyond the alphabet."""
    for j, rule in enumerate(profile):
        if rule.name == "straightforward":
            raise UsageError(f"profile[{j}]: straightforward, expected a rule over letters (or the concept quantal)")
        used = game.sizes[1] if rule.name == "revealing" else rule.letters
        if used > letters:
            raise UsageError(f"profile[{j}]: uses {used} letters, expected at most {letters}: raise --option letters")
        lacking = rules.missing(rule, game.sizes[1], letters, game.rounds)
        if lacking is not None:
            text = f"history {rules.show(lacking)!r} is missing, expected a letter for each x_B"
            raise InstanceError(f"profile[{j}].histories: {text}")


def anything(letters: int, bobs: int) -> Ask:
    """Let Alice say any letter to each Bob, in lexicographic order."""
    every = list(product(range(letters), repeat=bobs))
    return lambda histories, turn: every


def respond(game: Conversation, profile: Sequence[rules.Rule], letters: int, ask: Ask | None = None) -> Response:
    """Return Alice's best response, ties to the first (words, action); `ask` restricts what she may say."""
    refuse(game, letters, len(profile))
    may = ask or anything(letters, len(profile))
    found = Response([[{} for _ in range(game.sizes[1])] for _ in range(game.sizes[0])])
    gains = [[[int(v) for v in row] for row in table] for table in game.gains[0].transpose(1, 0, 2)]
    start = tuple(() for _ in profile)
    for x in range(game.sizes[0]):
        reach = [Fraction(1)] * game.sizes[1]
        _, plan = _talk(_Turn(game, profile, may, gains[x], x, found), start, reach, 0)
        for chance, action in plan:
            for b, p in enumerate(chance):
                if p:
                    lottery = found.chances[x][b]
                    lottery[action] = lottery.get(action, Fraction(0)) + p
    return found


@dataclass(frozen=True)
class _Turn:
    """What stays the same while one x_A talks."""

    game: Conversation
    profile: Sequence[rules.Rule]
    ask: Ask
    gains: list[list[int]]
    x: int
    found: Response


Plan = list[tuple[list[Fraction], int]]  # (probability of getting here for each x_B, action)


def _talk(at: _Turn, histories: Histories, reach: list[Fraction], turn: int) -> tuple[Fraction, Plan]:
    if turn == at.game.rounds:
        values = [sum((p * g for p, g in zip(reach, row, strict=True)), Fraction(0)) for row in at.gains]
        action = values.index(max(values))
        at.found.acts[at.x, histories] = action
        return values[action], [(reach, action)]
    best: tuple[Fraction, Plan, Words] | None = None
    for words in at.ask(histories, turn):
        value, plan = Fraction(0), list[tuple[list[Fraction], int]]()
        for replies, chance in answers(at.profile, histories, words, reach):
            after = tuple((*h, w, r) for h, w, r in zip(histories, words, replies, strict=True))
            more, acts = _talk(at, after, chance, turn + 1)
            value, plan = value + more, plan + acts
        if best is None or value > best[0]:
            best = (value, plan, words)
    assert best is not None  # the rules of asking always allow something
    at.found.words[at.x, histories] = best[2]
    return best[0], best[1]


def answers(
    profile: Sequence[rules.Rule], histories: Histories, words: Words, reach: Sequence[Fraction]
) -> list[tuple[Words, list[Fraction]]]:
    """Return what the Bobs may answer, with the probability of getting there for each x_B."""
    open_: list[tuple[Words, list[Fraction]]] = [((), list(reach))]
    for rule, history, word in zip(profile, histories, words, strict=True):
        following: dict[Words, list[Fraction]] = {}
        for said, chance in open_:
            for b, p in enumerate(chance):
                if p:
                    for letter, q in enumerate(rule.speak(b, (*history, word))):
                        if q:
                            row = following.setdefault((*said, letter), [Fraction(0)] * len(chance))
                            row[b] += p * q
        open_ = sorted(following.items())
    return open_


def rule_of(tree: Tree, features: int) -> rules.Rule:
    """Return a tree as a rule over histories: a part's letter is its place."""
    table: dict[rules.History, tuple[rules.Lottery, ...]] = {}

    def write(below: Tree, history: rules.History) -> None:
        for word, answer in enumerate(below):
            said = [0] * features
            for letter, (part, after) in enumerate(answer):
                for b in part:
                    said[b] = letter
                write(after, (*history, word, letter))
            table[(*history, word)] = tuple(rules.sure(letter) for letter in said)

    write(tree, ())
    return rules.Rule("histories", histories=table)


def questions(letters: int, bobs: int) -> dict[str, Ask]:
    """Return Alice's four example rules of Section 2.2.2, as what they let her say.

    same
        Ask all the same question, in every round.
    follow
        Ask all the same question, then only one of them; the others hear letter 0.
    show
        Ask all the same question, then show one Bob's last answer to all the others.
    phrasings
        Ask each a different question, in every round (as different as there are letters).
    """
    every = list(product(range(letters), repeat=bobs))
    same = [words for words in every if len(set(words)) == 1]
    single = [words for words in every if sum(word != 0 for word in words) <= 1]
    different = [words for words in every if len(set(words)) == min(letters, bobs)]

    def follow(histories: Histories, turn: int) -> Iterable[Words]:
        if turn == 0:
            return same
        asked = [j for j, h in enumerate(histories) if any(h[2::2])]
        return [w for w in single if not asked or all(w[j] == 0 for j in range(bobs) if j not in asked)]

    def show(histories: Histories, turn: int) -> Iterable[Words]:
        if turn == 0:
            return same
        shown = [tuple(0 if i == j else histories[j][-1] for i in range(bobs)) for j in range(bobs)]
        return list(dict.fromkeys(shown))

    return {
        "same": lambda histories, turn: same,
        "follow": follow,
        "show": show,
        "phrasings": lambda histories, turn: different,
    }
