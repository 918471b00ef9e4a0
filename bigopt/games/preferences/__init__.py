"""Strategic preference labelling: a maximum-likelihood receiver, and the game that its labellers play."""

from bigopt.concepts.concept import Kind
from bigopt.games.preferences import dynamics, equilibrium, receiver, truthful
from bigopt.games.preferences.game import Preferences
from bigopt.games.preferences.generate import preferences
from bigopt.games.preferences.importing import table
from bigopt.games.preferences.plot import plot

KIND = Kind(
    name="preferences",
    game=Preferences,
    folder="bigopt.games.preferences",
    concepts=(equilibrium.CONCEPT, dynamics.CONCEPT, receiver.CONCEPT, truthful.CONCEPT),
    plot=plot,
    families=(preferences,),
    importer=table,
)

__all__ = ["KIND", "Preferences"]
