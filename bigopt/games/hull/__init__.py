"""Alice and the hull of many models' utilities (Emergent Alignment via Competition, Section 6)."""

from bigopt.concepts import Kind
from bigopt.games.hull import audit, combination, fit
from bigopt.games.hull.game import UtilityTable

KIND = Kind(name="hull", game=UtilityTable, folder="bigopt.games.hull", concepts=(fit.CONCEPT, audit.CONCEPT, combination.CONCEPT))

__all__ = ["KIND", "UtilityTable"]
