"""`python -m bigopt`."""

from bigopt.cli.app import app

app(prog_name="bigopt")
