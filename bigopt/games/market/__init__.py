"""The market of Bobs: Best-AI selection (Collina et al., Sections 5 and 7)."""

from bigopt.alice import alignment
from bigopt.concepts.concept import Kind
from bigopt.games.market import (
    best,
    best_response,
    dynamics,
    generate,
    importing,
    misalignment,
    movielens,
    programs,
    prove,
    stable,
    worst,
)
from bigopt.games.market.game import Market
from bigopt.games.market.plot import plot

KIND = Kind(
    name="market",
    game=Market,
    folder="bigopt.games.market",
    concepts=(
        worst.CONCEPT,
        best.CONCEPT,
        dynamics.CONCEPT,
        stable.CONCEPT,
        alignment.CONCEPT,
        misalignment.CONCEPT,
        best_response.CONCEPT,
    ),
    plot=plot,
    provers=prove.PROVERS,
    programs=programs.PROGRAMS,
    families=(generate.random_market, generate.noisy_market),
    importer=importing.table,
    constructions={"movielens": movielens.movielens},
)

__all__ = ["KIND", "Market"]
