"""The RLHF game: training rules, payments, audits, and which rules can be priced."""

from bigopt.concepts.concept import Kind
from bigopt.games.mechanism import audit, cycles, false_names, noise, payments, prove, revenue, train
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.generate import random_mechanism, size_pairs, token_mechanism
from bigopt.games.mechanism.groups import Group
from bigopt.games.mechanism.plot import plot
from bigopt.games.mechanism.rule import Rule

KIND = Kind(
    name="mechanism",
    game=Mechanism,
    folder="bigopt.games.mechanism",
    concepts=(
        train.CONCEPT,
        payments.CONCEPT,
        audit.CONCEPT,
        cycles.CONCEPT,
        revenue.CONCEPT,
        false_names.CONCEPT,
        noise.CONCEPT,
    ),
    plot=plot,
    provers=prove.PROVERS,
    without_rule=dict.fromkeys(prove.PROVERS, prove.without_rule),
    families=(random_mechanism, token_mechanism, size_pairs),
)

__all__ = ["KIND", "Group", "Mechanism", "Rule"]
