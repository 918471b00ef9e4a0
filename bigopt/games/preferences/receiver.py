"""The concept `receiver`: the maximum-likelihood estimate of truthful (or of known) labels, and what it is like."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Concept, Formulation, Option, Request, Table
from bigopt.concepts.options import whole
from bigopt.concepts.solution import Solution
from bigopt.errors import SolverFailed
from bigopt.games.preferences.exact import separation
from bigopt.games.preferences.exact.likelihood import Likelihood
from bigopt.games.preferences.game import Preferences
from bigopt.games.preferences.verify import receiver as verify

# A sum of N terms needs no scaling up, and its dense Hessian, written out, is most of what Ipopt's algebra would do
SUITS: dict[str, dict[str, Any]] = {
    "ipopt": {"obj_scaling_factor": 1.0, "hessian_approximation": "limited-memory"},
    "pounce": {"obj_scaling_factor": 1.0},
}
SHOWN = 20  # labellers in the table


def solve(game: Preferences, request: Request) -> Answer:
    """Maximize the likelihood by Newton's method; labels that separate are said, with the direction."""
    with request.deadline.interrupting("drawing the pairs"):
        pairs = game.drawn
    likelihood = Likelihood(pairs.offsets, pairs.slopes, request.deadline)
    labels = pairs.labels(game.targets)
    start = game.weights @ game.targets
    point: Any = None
    with contextlib.suppress(SolverFailed):
        point = likelihood.fit(labels, start)
    if point is None or not np.isfinite(likelihood.prove(likelihood.statistic(labels), point).distance):
        along = separation.direction(pairs.slopes, labels, request.deadline)
        if along is not None:
            return unbounded(along)
    if point is None:
        return Answer(None, stopped="error", holds="noSolution", options={"message": "Newton's method did not end"})
    value = likelihood.log_likelihood(point, labels)
    return Answer({"receiver": point}, value, method="Newton's method")


def unbounded(along: Any) -> Answer:
    """Return the answer where the likelihood has no maximizer."""
    shown = ", ".join(f"{value:.3g}" for value in np.asarray(along)[:8])
    message = f"the labels are separable: along ({shown}) no label ever speaks against going on: add comparisons"
    return Answer(None, stopped="unbounded", holds="noSolution", options={"message": message})


def formulations(game: Preferences, request: Request) -> Sequence[Formulation]:
    """Return the model file."""
    return (Formulation("preference_mle", "NLP", suits=SUITS),)


def tables(game: Preferences, fields: Mapping[str, Any]) -> list[Table]:
    """Show the estimate, the affine fit beside the weights, and what each labeller can do."""
    rows = [
        ["receiver", fields["receiver"]],
        ["standard error (sandwich)", fields["sd"]],
        ["standard error (Fisher)", fields["fisher_sd"]],
        ["log-likelihood", fields["log_likelihood"]],
        ["comparisons", fields["comparisons"]],
    ]
    if fields["population"] is not None:
        rows.append(["receiver of infinitely many labels", fields["population"]["receiver"]])
        if fields["population"].get("error") is not None:
            rows.append(["its quadrature's error", fields["population"]["error"]])
    affine, reach, anything = fields["affine"], fields["reach"], fields["any_labels"]
    if affine is not None:
        rows.append(["affine in the fake points: R squared", affine["r_squared"]])
        rows.append(["affine: intercept", affine["intercept"]])
    moved = (fields["population"] or {}).get("slopes")
    shown = []
    for i in range(min(game.players, SHOWN)):
        slope = None if affine is None else affine["coefficients"][i]
        local = None if moved is None else float(np.trace(moved[i])) / game.dimension
        parts = [None if ends is None else ends[i] for ends in (reach, anything)]
        shown.append([i, game.weights[i], game.targets[i], slope, local, *parts])
    heads = ("player", "share", "target", "affine coefficient", "of the population", "can bring it to", "by any labels")
    title = "labellers" if game.players <= SHOWN else f"the first {SHOWN} of {game.players} labellers"
    return [Table("", ("", ""), rows), Table(title, heads, shown)]


OPTIONS = (
    Option("profiles", 40, parse=whole, help="profiles of fake points over which the affine fit is taken"),
    Option("points", 41, parse=whole, help="points of the log-likelihood's curve along each coordinate"),
)


class ReceiverSolution(Solution):
    """The maximum-likelihood receiver of truthful labels.

    Attributes
    ----------
    receiver : [d], unit of the targets
        Where it is.
    sd : [d], unit of the targets
        Its standard deviation by the sandwich; None where it has none.
    fisher_sd : [d], unit of the targets
        The same by Fisher's information; None as there.
    log_likelihood : nats
        Of the labels there.
    comparisons : count
        Of labels.
    ties : count
        Of pairs of equal responses, which say nothing.
    affine : fit
        How affine it is: `coefficients`, `intercept`, `r_squared`, `profiles`, `comparisons`; None where not measured.
    population : unit of the targets
        The `receiver` of infinitely many labels; in one dimension with the coordinate `H` on a grid `x`, in several
        with the quadrature's `error` and the derivatives by each fake point (`slopes`); None for known pairs there.
    reach : [n][d][2], unit of the targets
        Where each labeler can move the receiver by a fake point, in one dimension.
    any_labels : [n][d][2], unit of the targets
        The same by any labels.
    curve : nats
        The `log_likelihood` at `offsets` from the receiver along each axis.
    surface : nats
        In two dimensions, the `log_likelihood` at pairs of `offsets` from the receiver; None else.
    """

    receiver: Floats
    sd: Floats | None
    fisher_sd: Floats | None
    log_likelihood: float
    comparisons: int
    ties: int
    affine: dict[str, Any] | None
    population: dict[str, Any] | None
    reach: Floats | None
    any_labels: Floats | None
    curve: dict[str, Any]
    surface: dict[str, Any] | None


CONCEPT = Concept(
    "receiver",
    "the maximum-likelihood receiver of truthful labels: where it is, how sure, how affine",
    verify.verify,
    solve,
    formulations,
    options=OPTIONS,
    prefers=("exact", "ipopt"),
    tables=tables,
    objective="log_likelihood",
    sense="max",
    result=ReceiverSolution,
)
