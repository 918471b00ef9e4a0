"""Alice and the hull of many models' utilities (Emergent Alignment via Competition, Section 6)."""

from bigopt.concepts import Kind
from bigopt.games.hull import audit, combination, fit, generate, programs, prove
from bigopt.games.hull.game import UtilityTable
from bigopt.games.hull.importing import table
from bigopt.games.hull.plot import plot

KIND = Kind(
    name="hull",
    game=UtilityTable,
    folder="bigopt.games.hull",
    concepts=(fit.CONCEPT, audit.CONCEPT, combination.CONCEPT),
    plot=plot,
    provers=prove.PROVERS,
    programs=programs.PROGRAMS,
    families=(generate.noisy_rephrasings, generate.personas, generate.opinions),
    importer=table,
)

__all__ = ["KIND", "UtilityTable"]
