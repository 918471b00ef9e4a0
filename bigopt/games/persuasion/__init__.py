"""Bayesian persuasion: one receiver, Alice, and senders who know the state, the Bobs."""

from bigopt.alice import alignment
from bigopt.concepts.concept import Kind
from bigopt.games.persuasion import best_response, first_best, importing, joint, oblivious, programs, prove, signaling
from bigopt.games.persuasion.game import Bob, Persuasion
from bigopt.games.persuasion.generate import aligned_senders, opposed_persuasion, random_persuasion
from bigopt.games.persuasion.plot import plot

KIND = Kind(
    name="persuasion",
    game=Persuasion,
    folder="bigopt.games.persuasion",
    concepts=(
        signaling.CONCEPT,
        first_best.CONCEPT,
        oblivious.CONCEPT,
        joint.CONCEPT,
        best_response.CONCEPT,
        alignment.CONCEPT,
    ),
    plot=plot,
    provers=prove.PROVERS,
    programs=programs.PROGRAMS,
    families=(random_persuasion, opposed_persuasion, aligned_senders),
    importer=importing.table,
)

__all__ = ["KIND", "Bob", "Persuasion"]
