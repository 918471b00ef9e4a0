"""Certificate of Best-AI selection: outcomes by a second list of rules, Theorem 6 evaluated."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.alice import combination
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.conversation.exact import equilibria
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import letters

THEOREM = 1e-9  # rounding in leader - 2 epsilon, in ranges of Alice's utility


def selection(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """List what a single rule can lead to once more, and judge it; Theorem 6 needs nothing but alignment."""
    alphabet = int(request.options["letters"])
    equilibria.refuse(game, alphabet, 1)
    totals = letters.listed(game, alphabet, 1, request.deadline).totals
    found = np.array(sorted(set(zip(*totals.tolist(), strict=True))), dtype=object)  # [outcomes, 1 + k]
    exact, kept = _nobody_gains(found, ties=True), _nobody_gains(found, ties=False)
    alice = [float(game.worth(0, own)) for own in found[:, 0]]
    stable, nash = ([own for own, good in zip(alice, which, strict=True) if good] for which in (kept, exact))
    fit = combination.fit(*game.outcome_utilities(), deadline=request.deadline)
    bound = max(alice) - 2 * fit.epsilon
    fields: dict[str, Any] = {
        "count": len(stable),
        "count_nash": len(nash),
        "worst": min(stable),
        "best": max(stable),
        "worst_nash": min(nash),
        "leader": max(alice),
        "outcomes": [
            {"alice": own, "bobs": [float(game.worth(j + 1, v)) for j, v in enumerate(row[1:])]}
            for own, row in zip(stable, found[kept], strict=True)
        ],
        "epsilon": fit.epsilon,
        "bound": bound,
        "slack": min(stable) - bound,
    }
    off = sum(point[key] != fields[key] for key in ("count", "count_nash", "worst", "best", "leader") if key in point)
    short = max(0.0, -fields["slack"]) / (float(np.ptp(game.alice)) or 1.0)
    checks = (
        Check("outcomes", float(off), 0.0, "fields", "rules as partitions after each sequence of Alice's words"),
        Check("Theorem 6", short, THEOREM, "utility range", "worst >= leader - 2 epsilon", "proved"),
    )
    return fields, Certificate(checks)


def _nobody_gains(found: letters.Exact, ties: bool) -> npt.NDArray[np.bool_]:
    """Return in which outcomes [outcomes, 1 + k], ascending, no Bob has another that Alice would select [outcomes].

    She selects what is better for her; with `ties` what is as good too if the first Bob offers it, and a single Bob's
    rule always. The most that a Bob has among her best outcomes is a running maximum in their order.
    """
    alice, size = found[:, 0].tolist(), len(found)
    good = np.ones(size, dtype=bool)
    for bob, own in enumerate(found.T[1:]):
        most = np.maximum.accumulate(own[::-1])
        below = bisect_left if ties and bob == 0 else bisect_right
        offered = [size] * size if found.shape[1] == 2 else [size - below(alice, value) for value in alice]
        good &= [not count or most[count - 1] <= value for count, value in zip(offered, own, strict=True)]
    return good
