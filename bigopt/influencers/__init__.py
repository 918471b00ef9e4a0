"""The continuous Battling Influencers Game: equilibria, dominant actions, dynamics."""

from bigopt.concepts import Kind
from bigopt.influencers import best_response
from bigopt.influencers.game import Influencers
from bigopt.influencers.nash import NASH

KIND = Kind(name="influencers", game=Influencers, folder="bigopt.influencers", concepts=(NASH, best_response.CONCEPT))

__all__ = ["KIND", "Influencers"]
