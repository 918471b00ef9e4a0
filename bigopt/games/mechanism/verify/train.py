"""The certificate of a trained policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.mechanism.exact.regularizers import least_interior_strength
from bigopt.games.mechanism.exact.training import trainer
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.policies import Tokens
from bigopt.games.mechanism.response import affine_welfare, is_social
from bigopt.games.mechanism.verify.grades import beside, recomputed
from bigopt.games.mechanism.verify.policy import prove, read_policy

PRODUCT = 1e-9  # probability: conditionals multiplied against the policy
OUTSIDE = 1e-9  # probability that counts as 0


def verify(game: Mechanism, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute every field of a `train` solution from its policy and prove that no policy is better."""
    policy, inside = read_policy(game, point)
    request.deadline.check("verifying the policy")
    proof = prove(game, policy)
    rule = trainer(game)
    welfare, social = affine_welfare(game, policy)
    fields: dict[str, Any] = {
        "policy": policy,
        "welfare": welfare,
        "social_welfare": social,
        "value": rule.objective(policy, game.rewards, game.sizes),
        "values": game.rewards @ policy,
        "divergence": float(rule.regularizer.divergence(policy)),
        "interior": _interior(game),
        "least_strength": _least_strength(game),
    }
    checks: list[Check] = [inside, *proof.checks(), *_interiors(game, policy)]
    if isinstance(game.policies, Tokens):
        table = game.policies.conditionals(policy)
        off = float(np.abs(game.policies.product(table) - policy).sum())
        checks.append(recomputed("chain rule", off, PRODUCT, "probability", "conditionals multiplied along sequences"))
        fields["conditionals"] = table
    return fields, Certificate(tuple(checks))


def _least_strength(game: Mechanism) -> float | None:
    """Return the lambda above which the rule is interior: 0 for KL, None where no formula says so."""
    if game.policies.base is not None:
        return None
    if game.rule.regularizer == "kl":
        return 0.0
    return least_interior_strength(game.initial, game.total) if is_social(game) else None


def _interior(game: Mechanism) -> bool:
    """Say whether every outcome keeps a positive probability (Assumption 3.2 (3)), by the game alone.

    A solution's own policy may show a little of what has nothing. KL's slope at 0 is infinite: a mixture has all that
    one of its base policies has.
    """
    least, base = _least_strength(game), game.policies.base
    if least is not None:
        return game.strength > least
    if game.rule.regularizer == "kl" and base is not None:
        return bool(base.any(axis=0).all())
    return bool((trainer(game).train(game.rewards, game.sizes) > OUTSIDE).all())


def _interiors(game: Mechanism, policy: Floats) -> tuple[Check, ...]:
    """Check the policy's zeros against the least lambda, where the rule is L2."""
    least = _least_strength(game)
    if not least:
        return ()
    shown = float(policy.min())
    wrong = (
        shown <= 0.0 if game.strength > least * (1 + 1e-9) else shown > OUTSIDE and game.strength < least * (1 - 1e-3)
    )
    note = f"every outcome is reached iff lambda > {least:.9g}"
    return (beside("assumption 3.2 (3)", float(wrong), 0.0, "", note, "recomputed"),)
