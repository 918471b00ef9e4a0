"""The profiles that a list of equilibria shows, found again among those of the mirrored game."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from bigopt.concepts.solution import Check
from bigopt.errors import InstanceError
from bigopt.games.conversation.exact import equilibria, trees
from bigopt.games.conversation.game import Conversation

EXPECTED = "expected rules as lists of parts and what lies below them"


def tree(data: Any) -> trees.Tree:
    """Read a tree back from lists."""
    try:
        return tuple(tuple((tuple(part), tree(below)) for part, below in answer) for answer in data)
    except (TypeError, ValueError):
        raise InstanceError(f"profiles: {EXPECTED}") from None


def _key(rule: trees.Tree, last: int | None = None) -> Any:
    """Return a rule without the order of its parts, features b as ``last - b`` where `last` is given."""

    def renamed(part: trees.Part) -> frozenset[int]:
        return frozenset(part) if last is None else frozenset(last - b for b in part)

    return tuple(frozenset((renamed(part), _key(below, last)) for part, below in answer) for answer in rule)


def _places(found: equilibria.Table, profiles: Sequence[Any]) -> list[tuple[int, ...] | None]:
    """Return where profiles of the game stand in the mirrored game's table, None where they are none of its own."""
    known = {_key(rule): i for i, rule in enumerate(found.rules)}
    last = max((b for part, _ in found.rules[0][0] for b in part), default=0)
    size = found.outcome.ndim
    places: list[tuple[int, ...] | None] = []
    for profile in profiles:
        if not isinstance(profile, (list, tuple)) or len(profile) != size:
            raise InstanceError(f"profiles: expected {size} rules each (one a Bob)")
        read = [tree(rule) for rule in profile]
        whole = all(_parts_differ(rule) for rule in read)
        at = [known.get(_key(rule, last)) for rule in read] if whole else [None]
        places.append(None if None in at else tuple(i for i in at if i is not None))
    return places


def _parts_differ(rule: trees.Tree) -> bool:
    """Whether no feature stands twice after any of Alice's letters."""
    for answer in rule:
        features = [b for part, _ in answer for b in part]
        if len(set(features)) < len(features) or not all(_parts_differ(below) for _, below in answer):
            return False
    return True


def equilibria_of(found: equilibria.Table, profiles: Sequence[Any]) -> Check:
    """Check that profiles are equilibria, each once, the worst for Alice first, and as many as are shown."""
    stable, alice = equilibria.nash(found), found.of(0)
    places = _places(found, profiles)
    right = [at for at in places if at is not None and stable[at]]
    off = len(places) - len(set(right)) + abs(min(int(stable.sum()), equilibria.SHOWN) - len(places))
    amounts = [alice[at] for at in right]
    off += sum(a > b for a, b in pairwise(amounts))
    off += sum(a != b for a, b in zip(amounts, sorted(alice[stable].tolist()), strict=False))
    return Check("listed equilibria", float(off), 0.0, "profiles", "each among those of the mirrored game")


def witness_of(mirrored: Conversation, found: equilibria.Table, fields: Mapping[str, Any]) -> Check:
    """Check that a witness against Definition 9 is one: a rule best for Alice whose deviations differ."""
    witness, note = fields["witness"], "the deviations' distributions in the mirrored game"
    if witness is None:
        return Check("witness", float(fields["leaders_refuted"] > 0), 0.0, note=note)
    if not isinstance(witness, Mapping) or not {"leader", "profile"} <= set(witness):
        raise InstanceError("witness: expected null, or an object with leader and profile")
    size = found.outcome.ndim
    at = _places(found, [[witness["leader"]] * size, witness["profile"]])
    if at[0] is None or at[1] is None or at[0][0] not in equilibria.leaders(found):
        return Check("witness", 1.0, 0.0, note=note)
    ends = [found.outcome[(*at[1][:j], at[0][0], *at[1][j + 1 :])] for j in range(size)]
    laws = {equilibria.laws(mirrored, found.acts[end]) for end in ends}
    return Check("witness", float(len(laws) == 1), 0.0, note=note)
