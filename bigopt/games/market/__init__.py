"""The market of Bobs: Best-AI selection (Collina et al., Sections 5 and 7)."""

from __future__ import annotations

from bigopt.alice import alignment
from bigopt.concepts import PLAYER, PROFILE, options
from bigopt.concepts.concept import Concept, Kind, Option
from bigopt.games.market import best_response, generate, misalignment, selection
from bigopt.games.market.game import Market
from bigopt.games.market.plot import plot
from bigopt.games.market.verify import schemes as verify

SCHEMES = Option(
    "schemes", "deterministic", ("deterministic", "randomized"), help="one policy a state, or a lottery in each state"
)
OBEDIENCE = Option(
    "obedience",
    False,
    ("false", "true"),
    options.flag,
    "whether Alice must want to follow each recommendation (randomized, actions common to the states)",
)
STEP = Option(
    "step",
    1e-3,
    parse=options.share,
    help="of randomized dynamics: by which part of her range each move must raise Alice",
)


KIND = Kind(
    "market",
    Market,
    "bigopt.games.market",
    (
        Concept(
            "worst",
            "Alice's worst stable equilibrium",
            verify.worst,
            selection.worst,
            options=(SCHEMES, OBEDIENCE),
            objective="alice",
            sense="min",
        ),
        Concept(
            "best",
            "Alice's best stable equilibrium",
            verify.best,
            selection.best,
            options=(SCHEMES, OBEDIENCE),
            objective="alice",
            sense="max",
        ),
        Concept(
            "dynamics",
            "where best-response dynamics end",
            verify.path,
            selection.play,
            options=(SCHEMES, OBEDIENCE, STEP),
            objective="alice",
        ),
        Concept(
            "stable", "all stable symmetric schemes", verify.stable, selection.stable, options=(SCHEMES, OBEDIENCE)
        ),
        alignment.CONCEPT,
        Concept(
            "misalignment",
            "the tight epsilon of Section 7 over stable outcomes",
            misalignment.verify,
            misalignment.solve,
            misalignment.formulations,
            refuses=misalignment.refuses,
            objective="epsilon",
            sense="min",
        ),
        Concept(
            "best-response",
            "one Bob's best scheme against the others'",
            verify.best_response,
            best_response.solve,
            best_response.formulations,
            arguments=(PLAYER, PROFILE),
            needs=("player", "profile"),
            objective="loss",
            sense="min",
            prefers=("exact", "highs", "scip"),
        ),
    ),
    plot,
    families=(generate.random_market, generate.noisy_market),
)
