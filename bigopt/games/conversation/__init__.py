"""Conversations between Alice and the Bobs (Collina et al., Sections 2 to 4, and 5 in general)."""

from bigopt.alice import alignment
from bigopt.concepts.concept import Kind
from bigopt.games.conversation import (
    agreement,
    aligned_leader,
    all_nash,
    deviation,
    first_best,
    play,
    prove,
    quantal,
    quantal_nash,
    quantal_signal,
    sample,
    selection,
    substitutes,
)
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.generate import noisy_signals, random_conversation
from bigopt.games.conversation.plot import plot

KIND = Kind(
    name="conversation",
    game=Conversation,
    folder="bigopt.games.conversation",
    concepts=(
        first_best.CONCEPT,
        aligned_leader.CONCEPT,
        agreement.CONCEPT,
        substitutes.CONCEPT,
        quantal.CONCEPT,
        quantal_signal.CONCEPT,
        quantal_nash.CONCEPT,
        all_nash.CONCEPT,
        selection.CONCEPT,
        play.CONCEPT,
        deviation.CONCEPT,
        sample.CONCEPT,
        alignment.CONCEPT,
    ),
    plot=plot,
    provers=prove.PROVERS,
    families=(random_conversation, noisy_signals),
)

__all__ = ["KIND", "Conversation"]
