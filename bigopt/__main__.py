"""`python -m bigopt`."""

from bigopt.cli import app

app(prog_name="bigopt")
