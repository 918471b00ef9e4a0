"""The certificate of the maximum-likelihood estimate: how near the data prove the maximizer to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.preferences.exact import population as several
from bigopt.games.preferences.exact import score, study
from bigopt.games.preferences.exact.likelihood import Likelihood, Proof
from bigopt.games.preferences.game import Preferences

DISTANCE = 1e-6  # standard errors: how far the proved maximizer may be
SURFACE = 25  # points a side of the log-likelihood's surface, at most
TERMS = 50_000_000  # of the surface: with more comparisons it has fewer points, or is left out
WINDOW = 4.0  # standard errors on each side of the log-likelihood's curves, at least a tenth of the action set


def verify(game: Preferences, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Prove the estimate, and recompute everything that is said about it.

    Parameters
    ----------
    game : Preferences
    point : mapping
        `receiver` [d].
    """
    pairs = game.drawn
    given = numbers(point.get("receiver"), "receiver", [game.dimension], ["coordinate"])
    likelihood = Likelihood(pairs.offsets, pairs.slopes, request.deadline)
    labels = pairs.labels(game.targets)
    statistic = likelihood.statistic(labels)
    proof = likelihood.prove(statistic, given)
    fields: dict[str, Any] = {"receiver": given} | errors(game, likelihood, labels, given, proof)
    fields["log_likelihood"] = likelihood.log_likelihood(given, labels)
    fields["comparisons"] = pairs.count
    fields["ties"] = int((~pairs.slopes.any(axis=1)).sum())
    fit = study.affine_fit(game, int(request.options["profiles"]), request.deadline)
    fields["affine"] = None if fit is None else asdict(fit)
    fields["population"] = population(game, request.deadline)
    fields["reach"] = study.reach(game, likelihood, statistic, given)
    fields["any_labels"] = study.any_labels(game, likelihood, statistic, given)
    fields["curve"] = curve(game, likelihood, labels, given, fields["sd"], int(request.options["points"]))
    fields["surface"] = surface(game, likelihood, labels, given, fields["curve"])
    return fields, Certificate((mle_check(proof),))


def mle_check(proof: Proof, name: str = "distance to the maximizer") -> Check:
    """Check that the one maximizer is proved to be near."""
    note = (
        f"generalized self-concordance: gradient {proof.decrement:.2g} standard errors, "
        f"steepness {proof.steepness:.2g}, so that the one maximizer is as near as that"
    )
    return Check(name, proof.distance, DISTANCE, "standard errors", note, grade="proved")


def errors(game: Preferences, likelihood: Likelihood, labels: Any, point: Floats, proof: Proof) -> dict[str, Any]:
    """Return the sandwich and the Fisher standard errors, shape (d,) each; None where the information is singular."""
    if not np.isfinite(proof.standard_errors).all():
        return {"sd": None, "fisher_sd": None}
    information = likelihood.at(point).information
    covariance = likelihood.sandwich(labels, point, game.drawn.player, information)
    return {"sd": np.sqrt(np.maximum(np.diag(covariance), 0.0)), "fisher_sd": proof.standard_errors}


def population(game: Preferences, deadline: Deadline) -> dict[str, Any] | None:
    """Return the receiver of infinitely many truthful labels.

    In one dimension with the coordinate H over the action set, in several with the quadrature's error and with how the
    receiver moves with each fake point.
    """
    if game.dimension > 1:
        found = several.of(game, deadline)
        return None if found is None else asdict(found)
    coordinate = score.of(game)
    (low,), (high,) = (ends.tolist() for ends in game.action_set.bounds)
    mean = float(coordinate.shares(game.targets[:, 0]).sum())
    grid = np.linspace(low, high, 41) if high > low else np.array([low])
    return {"receiver": np.array([coordinate.invert(mean, low, high)]), "x": grid, "H": coordinate.value(grid)}


def curve(
    game: Preferences, likelihood: Likelihood, labels: Any, point: Floats, sd: Floats | None, count: int
) -> dict[str, Any] | None:
    """Return the log-likelihood along each coordinate through the estimate: offsets [d][points] and values."""
    if count < 2 or sd is None:
        return None
    lower, upper = game.action_set.bounds
    half = np.maximum(WINDOW * sd, 0.1 * (upper - lower))
    offsets = half[:, None] * np.linspace(-1.0, 1.0, count)
    values = [
        [likelihood.log_likelihood(point + step * axis, labels) for step in offsets[k]]
        for k, axis in enumerate(np.eye(game.dimension))
    ]
    return {"offsets": offsets, "log_likelihood": np.array(values)}


def surface(
    game: Preferences, likelihood: Likelihood, labels: Any, point: Floats, curve: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Return the log-likelihood around the estimate in two dimensions, [points][points] over coordinates 0 and 1."""
    if game.dimension != 2 or curve is None:
        return None
    half = curve["offsets"][:, -1]
    count = min(SURFACE, curve["offsets"].shape[1], int((TERMS / game.drawn.count) ** 0.5))
    if count < 5:
        return None
    offsets = half[:, None] * np.linspace(-1.0, 1.0, count)
    values = [[likelihood.log_likelihood(point + [x, y], labels) for y in offsets[1]] for x in offsets[0]]
    return {"offsets": offsets, "log_likelihood": np.array(values)}
