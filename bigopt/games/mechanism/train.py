"""Training: the policy that the provider's rule makes of the reports (Definition 4.1, Section 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Concept, Formulation, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.errors import SolverFailed
from bigopt.games.mechanism.exact.training import trainer
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.verify.policy import prove
from bigopt.games.mechanism.verify.train import verify

SHOWN = 20  # rows of a table
METHODS = {"social-welfare": "closed form", "nash-welfare": "primal-dual Newton", "maximin": "primal-dual Newton"}


def solve(game: Mechanism, request: Request) -> Answer:
    """Train in closed form, or by a primal-dual interior-point method with a dual bound."""
    rule = trainer(game)
    try:
        with request.deadline.interrupting("training"):
            policy = rule.train(game.rewards, game.sizes)
    except SolverFailed as failed:
        return Answer(None, stopped=failed.stopped, holds="infeasible", options={"message": str(failed)})
    with request.deadline.interrupting("proving the policy"):
        value = rule.objective(policy, game.rewards, game.sizes)
        bound = value + prove(game, policy).gap
    method = METHODS[game.rule.objective] if game.policies.base is None else "primal-dual Newton on the mixture"
    return Answer({"policy": policy}, value, bound, method=method)


def formulations(game: Mechanism, request: Request) -> Sequence[Formulation]:
    """Return the model file of the rule."""
    if game.rule.objective == "social-welfare":
        return (Formulation("training_welfare", game.rule.problem_class),)
    if game.rule.objective == "nash-welfare":
        return (Formulation("training_nash", "NLP"),)
    return (Formulation("training_maximin", game.rule.problem_class),)


def tables(game: Mechanism, fields: Mapping[str, Any]) -> list[Table]:
    """Show the policy beside the initial one, and the groups' values."""
    assert game.outcomes is not None
    order = sorted(range(game.m), key=lambda x: -fields["policy"][x])[:SHOWN]
    rows = [[game.outcomes[x], game.initial[x], game.total[x], fields["policy"][x]] for x in order]
    more = f", the {SHOWN} likeliest of {game.m}" if game.m > SHOWN else ""
    groups = [[g.name, g.size, value] for g, value in zip(game.groups, fields["values"], strict=True)]
    summary = [[key.replace("_", " "), fields[key]] for key in ("welfare", "social_welfare", "divergence", "interior")]
    if fields["least_strength"]:
        summary.append(["interior iff lambda is above", fields["least_strength"]])
    return [
        Table(f"policy{more}", ("outcome", "initial", "summed reward", "trained"), rows),
        Table("groups", ("group", "size", "value"), groups[:SHOWN]),
        Table("", ("", ""), summary),
    ]


class TrainSolution(Solution):
    """The trained policy.

    Attributes
    ----------
    policy : [m], probabilities
        Of each outcome.
    welfare : reward
        The affine welfare: summed reward less lambda times the divergence.
    social_welfare : reward
        The summed reward of all groups.
    value : reward
        The rule's own objective, less the regularizer.
    values : [n], reward
        Each group's expected reward, an agent.
    divergence : nats, or squared probability
        Of the policy from the initial one.
    interior : flag
        Whether every outcome keeps a positive probability.
    least_strength : lambda
        Above it the rule is interior; None where no formula says so.
    conditionals : by prefix, probabilities
        Of the next token, for policies over tokens.
    """

    policy: Floats
    welfare: float
    social_welfare: float
    value: float
    values: Floats
    divergence: float
    interior: bool
    least_strength: float | None
    conditionals: dict[str, Any] | None = None


CONCEPT = Concept(
    name="train",
    title="the trained policy: social welfare, Nash welfare or maximin, less the regularizer",
    verify=verify,
    solve=solve,
    formulations=formulations,
    prefers=("exact", "highs", "ipopt", "clarabel", "pounce"),
    tables=tables,
    objective="value",
    sense="max",
    result=TrainSolution,
)
