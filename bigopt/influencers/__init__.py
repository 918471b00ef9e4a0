"""The continuous Battling Influencers Game: equilibria, dominant actions, dynamics."""

from bigopt.concepts import Kind
from bigopt.influencers import best_response, dominant, dynamics, ne_set, truthful
from bigopt.influencers.game import Influencers
from bigopt.influencers.generate import influencers
from bigopt.influencers.nash import NASH
from bigopt.influencers.plot import plot

KIND = Kind(
    name="influencers",
    game=Influencers,
    folder="bigopt.influencers",
    concepts=(NASH, dominant.CONCEPT, best_response.CONCEPT, dynamics.CONCEPT, ne_set.CONCEPT, truthful.CONCEPT),
    plot=plot,
    families=(influencers,),
)

__all__ = ["KIND", "Influencers"]
