"""Bayesian persuasion: one receiver, Alice, and senders who know the state, the Bobs."""

from __future__ import annotations

from bigopt.alice import alignment
from bigopt.concepts import BOB, PLAYER, PROFILE, options
from bigopt.concepts.concept import Concept, Kind, Option
from bigopt.games.persuasion import best_response, first_best, joint, oblivious, programs, prove, signaling
from bigopt.games.persuasion.game import Bob, Persuasion
from bigopt.games.persuasion.generate import aligned_senders, opposed_persuasion, random_persuasion
from bigopt.games.persuasion.plot import plot
from bigopt.games.persuasion.tables import joint_tables, oblivious_tables, signaling_tables
from bigopt.games.persuasion.verify import joint as verify_joint
from bigopt.games.persuasion.verify import one_sender as verify

__all__ = ["KIND", "Bob", "Persuasion"]


KIND = Kind(
    "persuasion",
    Persuasion,
    "bigopt.games.persuasion",
    (
        Concept(
            "signaling",
            "the best scheme of one sender (--bob NAME, or aligned)",
            verify.signaling,
            signaling.solve,
            signaling.formulations,
            arguments=(BOB,),
            options=(
                Option("method", "auto", signaling.SIGNALING_METHODS, help="how the obedience rows are handled"),
                Option("margin", None, parse=options.non_negative, help="of the robust value, in Alice's utility"),
            ),
            tables=signaling_tables,
            objective="value",
            sense="max",
            result=signaling.SignalingSolution,
        ),
        Concept(
            "first-best",
            "what Alice would get if she knew the state",
            verify.first_best,
            first_best.solve,
            objective="opt",
            sense="max",
            result=first_best.FirstBestSolution,
        ),
        Concept(
            "oblivious",
            "every sender plays his single-sender optimum, Alice combines the signals",
            verify.oblivious,
            oblivious.solve,
            delegates=("LP",),
            tables=oblivious_tables,
            result=oblivious.ObliviousSolution,
        ),
        Concept(
            "joint",
            "several senders at once: best-response dynamics, or the regret of --profile FILE",
            verify_joint.joint,
            joint.solve,
            arguments=(PROFILE,),
            options=(
                Option("start", "oblivious", joint.STARTS, help="where the dynamics start"),
                Option("rounds", 100, parse=options.count, help="sweeps of the dynamics"),
            ),
            tables=joint_tables,
            result=joint.JointSolution,
        ),
        Concept(
            "best-response",
            "one sender's best scheme against the others' (--bob NAME --profile FILE)",
            verify_joint.best_response,
            best_response.solve,
            best_response.formulations,
            arguments=(PLAYER, PROFILE, BOB),
            needs=("profile",),
            objective="value",
            sense="max",
            result=best_response.BestResponseSolution,
        ),
        alignment.CONCEPT,
    ),
    plot,
    provers=prove.PROVERS,
    programs=programs.PROGRAMS,
    families=(random_persuasion, opposed_persuasion, aligned_senders),
)
