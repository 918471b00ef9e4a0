"""A small game, and the command line in this process, for the tests of commands."""

from pathlib import Path

from typer.testing import CliRunner

from bigopt.cli.app import app

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = str(ROOT / "instances/big/example-1-opposed.json")
GAME = {
    "format": "bigopt/1",
    "kind": "influencers",
    "loss": "squared",
    "weights": [0.5, 0.5],
    "targets": [[2.0], [4.0]],
    "action_set": {"type": "box", "lower": [0.0], "upper": [6.0]},
}


def run(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr
