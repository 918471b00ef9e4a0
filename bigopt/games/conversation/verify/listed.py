"""The profiles that a list of equilibria shows, found again among those that were listed a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from bigopt.concepts.solution import Check
from bigopt.errors import InstanceError
from bigopt.games.conversation.exact.equilibria import SHOWN
from bigopt.games.conversation.exact.trees import Tree
from bigopt.games.conversation.verify.letters import Listed, Rule, Said, key

EXPECTED = "expected rules as lists of parts and what lies below them"


def tree(data: Any) -> Tree:
    """Read a tree back from lists."""
    try:
        return tuple(tuple((_features(part), tree(below)) for part, below in answer) for answer in data)
    except (TypeError, ValueError):
        raise InstanceError(f"profiles: {EXPECTED}") from None


def _features(part: Any) -> tuple[int, ...]:
    if not all(type(b) is int for b in part):
        raise TypeError
    return tuple(part)


def chain(rule: Tree, features: int) -> Rule | None:
    """Return a tree as partitions after Alice's words, None where what lies below a part does not partition it."""
    found: dict[Said, set[int]] = {(): {(1 << features) - 1}}
    open_: list[tuple[Said, tuple[int, ...], Tree]] = [((), tuple(range(features)), rule)]
    for said, inside, below in open_:
        for word, answer in enumerate(below):
            if sorted(b for part, _ in answer for b in part) != sorted(inside):
                return None
            found.setdefault((*said, word), set()).update(sum(1 << b for b in part) for part, _ in answer)
            open_ += [((*said, word), part, further) for part, further in answer]
    return {said: frozenset(parts) for said, parts in found.items()}


def _places(found: Listed, features: int, profiles: Sequence[Any]) -> list[tuple[int, ...] | None]:
    """Return where profiles stand in the list, None where they are none of its own."""
    size = found.law.ndim
    places: list[tuple[int, ...] | None] = []
    for profile in profiles:
        if not isinstance(profile, (list, tuple)) or len(profile) != size:
            raise InstanceError(f"profiles: expected {size} rules each (one a Bob)")
        read = [chain(tree(rule), features) for rule in profile]
        at = [found.places.get(key(rule)) for rule in read if rule is not None]
        known = tuple(place for place in at if place is not None)
        places.append(known if len(known) == size else None)
    return places


def equilibria_of(found: Listed, features: int, profiles: Sequence[Any]) -> Check:
    """Check that profiles are equilibria, each once, the worst for Alice first, and as many as are shown."""
    stable, alice = found.stable(), found.totals[0]
    places = _places(found, features, profiles)
    right = [at for at in places if at is not None and stable[at]]
    off = len(places) - len(set(right)) + abs(min(int(stable.sum()), SHOWN) - len(places))
    amounts = [alice[at] for at in right]
    off += sum(a > b for a, b in pairwise(amounts))
    off += sum(a != b for a, b in zip(amounts, sorted(alice[stable].tolist()), strict=False))
    return Check("listed equilibria", float(off), 0.0, "profiles", "each among those that were listed again")


def witness_of(found: Listed, features: int, refuted: int, witness: Any) -> Check:
    """Check that a witness against Definition 9 is one: a rule best for Alice whose deviations differ."""
    note = "the deviations' distributions, listed again"
    if witness is None:
        return Check("witness", float(refuted > 0), 0.0, note=note)
    if not isinstance(witness, Mapping) or not {"leader", "profile"} <= set(witness):
        raise InstanceError("witness: expected null, or an object with leader and profile")
    size = found.law.ndim
    leader, profile = _places(found, features, [[witness["leader"]] * size, witness["profile"]])
    if leader is None or profile is None or leader[0] not in found.leaders():
        return Check("witness", 1.0, 0.0, note=note)
    laws = {int(found.law[(*profile[:j], leader[0], *profile[j + 1 :])]) for j in range(size)}
    return Check("witness", float(len(laws) == 1), 0.0, note=note)
