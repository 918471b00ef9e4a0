"""The continuous Battling Influencers Game: equilibria, dominant actions, dynamics."""

from bigopt.concepts.concept import Kind
from bigopt.games.influencers import best_response, dominant, dynamics, nash, ne_set, programs, prove, truthful
from bigopt.games.influencers.exact.breakpoints import breakpoints
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.generate import influencers
from bigopt.games.influencers.plot import plot

KIND = Kind(
    name="influencers",
    game=Influencers,
    folder="bigopt.games.influencers",
    concepts=(
        nash.CONCEPT,
        dominant.CONCEPT,
        best_response.CONCEPT,
        dynamics.CONCEPT,
        ne_set.CONCEPT,
        truthful.CONCEPT,
    ),
    plot=plot,
    breakpoints=breakpoints,
    provers=prove.PROVERS,
    sharp=prove.SHARP,
    values=prove.VALUES,
    without_rule=prove.WITHOUT_RULE,
    programs=programs.PROGRAMS,
    families=(influencers,),
)

__all__ = ["KIND", "Influencers"]
