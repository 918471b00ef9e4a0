"""What a wing hands to the engine, and what comes back: for authors of wings."""

from bigopt.concepts.arguments import BOB, PLAYER, PROFILE
from bigopt.concepts.concept import (
    Answer,
    Argument,
    Concept,
    Formulation,
    Game,
    Kind,
    Option,
    Request,
    Table,
    always,
    silent,
)
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED, Certificate, Check, Solution

__all__ = [
    "BOB",
    "PLAYER",
    "PROFILE",
    "SOLVED",
    "Answer",
    "Argument",
    "Certificate",
    "Check",
    "Concept",
    "Deadline",
    "Formulation",
    "Game",
    "Kind",
    "Option",
    "Request",
    "Solution",
    "Table",
    "always",
    "silent",
]
