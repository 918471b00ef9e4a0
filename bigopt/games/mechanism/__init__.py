"""The RLHF game: training rules, payments, audits, and which rules can be priced."""

from bigopt.concepts.concept import Kind
from bigopt.games.mechanism import audit, cycles, payments, train
from bigopt.games.mechanism.game import Group, Mechanism, Rule

KIND = Kind(
    name="mechanism",
    game=Mechanism,
    folder="bigopt.games.mechanism",
    concepts=(train.CONCEPT, payments.CONCEPT, audit.CONCEPT, cycles.CONCEPT),
)

__all__ = ["KIND", "Group", "Mechanism", "Rule"]
