"""What a wing hands to the engine, and what comes back: for authors of wings."""

from bigopt.concepts.concept import (
    Answer,
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
    "SOLVED",
    "Answer",
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
