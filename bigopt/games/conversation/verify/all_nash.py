"""Certificate of all equilibria: every profile listed a second time, rules as partitions after Alice's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.alice import combination
from bigopt.concepts.concept import Request
from bigopt.concepts.exact import parted
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.conversation.exact import equilibria
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import letters, listed

THEOREM = 1e-9  # rounding in leader - 2 epsilon, in ranges of Alice's utility


def all_nash(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recount the equilibria, and find those that are shown among them."""
    profiles, witness = point.get("profiles"), point.get("witness")
    if not isinstance(profiles, (list, tuple)):
        raise InstanceError("profiles: expected a list of profiles of rules")
    alphabet = int(request.options["letters"])
    equilibria.refuse(game, alphabet, game.k)
    found = letters.listed(game, alphabet, game.k, request.deadline)
    alice = found.totals[0][found.stable()].tolist()
    worst, best = (game.worth(0, pick(alice)) if alice else None for pick in (min, max))
    fit = combination.fit(*game.outcome_utilities(), deadline=request.deadline)
    leader = game.worth(0, found.beside_silence().max())
    bound = float(leader) - 2 * fit.epsilon
    fields = {
        "count": len(alice),
        "worst": worst,
        "best": best,
        "leader": leader,
        "epsilon": fit.epsilon,
        "bound": bound,
        "slack": None if worst is None else float(worst) - bound,
        **_definition_9(game, found, alphabet),
        "witness": witness,
        "profiles": list(profiles),
    }
    features = game.sizes[1]
    checks = [
        _recount(point, fields),
        listed.equilibria_of(found, features, profiles),
        listed.witness_of(found, features, fields["leaders_refuted"], witness),
        *_theorem_1(game, fields),
    ]
    return fields, Certificate(tuple(checks))


def _definition_9(game: Conversation, found: letters.Listed, alphabet: int) -> dict[str, Any]:
    """Say what is known of the identical induced distribution condition, with how many rules are against it."""
    leaders = found.leaders()
    refuted = sum(map(found.refuted, leaders))
    known = "refuted" if refuted == len(leaders) else "open"
    state = "proved" if alphabet >= game.sizes[1] or game.k == 1 else known
    return {"definition_9": state, "leaders": len(leaders), "leaders_refuted": refuted}


def _recount(point: Mapping[str, Any], fields: Mapping[str, Any]) -> Check:
    keys = ("count", "worst", "best", "definition_9", "leaders", "leaders_refuted")
    known, _ = parted(fields)
    off = sum(point[key] != known[key] for key in keys if key in point)
    return Check(
        "all equilibria", float(off), 0.0, "fields", "rules as partitions after each sequence of Alice's words"
    )


def _theorem_1(game: Conversation, fields: Mapping[str, Any]) -> list[Check]:
    if fields["worst"] is None:
        return []
    scale = float(np.ptp(game.alice)) or 1.0
    short = max(0.0, -fields["slack"]) / scale
    if fields["definition_9"] == "proved":
        return [Check("Theorem 1", short, THEOREM, "utility range", "worst >= leader - 2 epsilon", "proved")]
    note = f"Definition 9 is {fields['definition_9']}: the theorem says nothing here"
    return [Check("Theorem 1", 0.0, 0.0, "", note, "skipped", claimed=False)]
