"""The application: which commands there are, and where they stand; a command is imported when it is called."""

from __future__ import annotations

from typing import Annotated

import typer

from bigopt.cli.edge import say
from bigopt.cli.group import Commands, Place
from bigopt.version import VERSION

COMMANDS = {
    "solve": Place("solve", "Solve instances and verify the answers."),
    "check": Place("check", "Verify a solution made elsewhere, or the instance's own expected answers."),
    "prove": Place("prove", "Write a proof in exact rationals, which `checker/check_proof.py` checks without bigopt."),
    "export": Place("formats", "Write a model (lp, mps, nl) or a finite game (nfg) for other programs."),
    "plot": Place("pictures", "Draw an instance (solved first) or a solution."),
    "reproduce": Place("pictures", "Redraw a figure of the papers, with its data beside it."),
    "list": Place("inventory", "List what there is."),
    "doctor": Place("inventory", "Solve a tiny problem of each class with each solver; say what works."),
    "schema": Place("formats", "Print the JSON Schema of a kind's instance file."),
    "generate": Place("making", "Make a game of a seeded family."),
    "import": Place("making", "Make an instance of a table."),
    "compare": Place("compare", "Run instances x concepts x solvers x settings, each in its own process."),
    "report": Place("report", "Write report.html, report.md and figures/ from the rows of a comparison."),
    "sweep": Place("sweep", "Solve a game over a grid of its numbers."),
}


class Application(Commands):
    """The group of these commands."""

    places = COMMANDS


app = typer.Typer(
    cls=Application,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        say(f"bigopt {VERSION}")
        raise typer.Exit()


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Equilibria of AI-alignment games: stated as Pyomo models, solved with open solvers, proved."""
