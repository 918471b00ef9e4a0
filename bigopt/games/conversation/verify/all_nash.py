"""Certificate of all equilibria: listed again on a mirrored game, and the worst by another algorithm in fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from bigopt.alice import combination
from bigopt.concepts.concept import Request
from bigopt.concepts.exact import parted
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.conversation.exact import equilibria, response, trees
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import listed

THEOREM = 1e-9  # rounding in leader - 2 epsilon, in ranges of Alice's utility


def definition_9(game: Conversation, found: equilibria.Table, letters: int) -> dict[str, Any]:
    """Say what is known of the identical induced distribution condition.

    "proved" where a Bob can reveal x_B (Proposition 1 with the revealing rule and a fixed tie rule); else "refuted"
    with a profile if every rule that is best for Alice has one, else "open": enumeration cannot prove it.
    """
    leaders = equilibria.leaders(found)
    against = [equilibria.refutation(game, found, leader) for leader in leaders]
    broken = sum(witness is not None for witness in against)
    state = "proved" if letters >= game.sizes[1] or game.k == 1 else "refuted" if broken == len(leaders) else "open"
    witness = next((w for w in against if w is not None), None)
    rules = [found.rules[i] for i in witness["profile"]] if witness else None
    which = leaders[next(i for i, w in enumerate(against) if w is not None)] if witness else None
    shown = {"leader": found.rules[which], "profile": rules} if witness and which is not None else None
    return {"definition_9": state, "leaders": len(leaders), "leaders_refuted": broken, "witness": shown}


def all_nash(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recount the equilibria of the mirrored game, and judge the worst one's deviations in fractions."""
    letters = int(request.options["letters"])
    mirrored = game.mirrored()
    found = equilibria.table(mirrored, letters, game.k, request.deadline)
    stable = equilibria.nash(found)
    alice = found.of(0)[stable]
    leader = found.beside_silence(0).max()
    fit = combination.fit(*game.outcome_utilities(), deadline=request.deadline)
    worst, best = (game.worth(0, pick(alice.tolist())) if alice.size else None for pick in (min, max))
    value = float(game.worth(0, leader))
    bound = value - 2 * fit.epsilon
    stated = definition_9(mirrored, found, letters)
    profiles = point.get("profiles")
    if not isinstance(profiles, (list, tuple)):
        raise InstanceError("profiles: expected a list of profiles of rules")
    fields = {
        "count": int(stable.sum()),
        "worst": worst,
        "best": best,
        "leader": game.worth(0, leader),
        "epsilon": fit.epsilon,
        "bound": bound,
        "slack": None if worst is None else float(worst) - bound,
        "definition_9": stated["definition_9"],
        "leaders": stated["leaders"],
        "leaders_refuted": stated["leaders_refuted"],
        "witness": point.get("witness"),
        "profiles": list(profiles),
    }
    checks = [
        _recount(point, fields),
        listed.equilibria_of(found, profiles),
        listed.witness_of(mirrored, found, fields),
    ]
    checks.append(_worst(game, profiles, letters, worst, request))
    checks += _theorem_1(game, fields)
    return fields, Certificate(tuple(checks))


def _recount(point: Mapping[str, Any], fields: Mapping[str, Any]) -> Check:
    keys = ("count", "worst", "best", "definition_9", "leaders", "leaders_refuted")
    known, _ = parted(fields)
    off = sum(point[key] != known[key] for key in keys if key in point)
    return Check("all equilibria", float(off), 0.0, "fields", "listed again with everybody's features reversed")


def _worst(
    game: Conversation, profiles: Sequence[Any], letters: int, worst: Fraction | None, request: Request
) -> Check:
    """Judge the first profile: Alice's utility, and every deterministic deviation, by fractions over histories."""
    note = "the first profile against every deterministic deviation, in fractions over histories"
    if not profiles:
        return Check("worst equilibrium", 0.0 if worst is None else np.inf, 0.0, note=note)
    profile = [response.rule_of(listed.tree(rule), game.sizes[1]) for rule in profiles[0]]
    here = response.respond(game, profile, letters)
    off = float(here.worth(game, 0) != worst)
    for tree in trees.trees(game.sizes[1], letters, game.rounds):
        request.deadline.check("verifying the worst equilibrium")
        rule = response.rule_of(tree, game.sizes[1])
        for j in range(game.k):
            there = response.respond(game, [*profile[:j], rule, *profile[j + 1 :]], letters)
            off += there.total(game, j + 1) > here.total(game, j + 1)
    return Check("worst equilibrium", off, 0.0, "deviations", note)


def _theorem_1(game: Conversation, fields: Mapping[str, Any]) -> list[Check]:
    if fields["worst"] is None:
        return []
    scale = float(np.ptp(game.alice)) or 1.0
    short = max(0.0, -fields["slack"]) / scale
    if fields["definition_9"] == "proved":
        return [Check("Theorem 1", short, THEOREM, "utility range", "worst >= leader - 2 epsilon", "proved")]
    note = f"Definition 9 is {fields['definition_9']}: the theorem says nothing here"
    return [Check("Theorem 1", 0.0, 0.0, "", note, "skipped", claimed=False)]
