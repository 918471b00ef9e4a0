"""Subset games: influencers who show items of a finite set (BIG paper, Section 5.2)."""

from bigopt.concepts import Kind
from bigopt.games.subsets import all_nash, best_response, dynamics, extremes, generate, mixed, nash, nfg, prove
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.plot import plot

KIND = Kind(
    name="subsets",
    game=Subsets,
    folder="bigopt.games.subsets",
    concepts=(
        nash.CONCEPT,
        all_nash.CONCEPT,
        dynamics.CONCEPT,
        extremes.CONCEPT,
        best_response.CONCEPT,
        mixed.CONCEPT,
    ),
    plot=plot,
    provers=prove.PROVERS,
    slow_proofs=True,
    families=(generate.news_feed, generate.binary_powers),
    nfg=nfg.text,
)

__all__ = ["KIND", "Subsets"]
