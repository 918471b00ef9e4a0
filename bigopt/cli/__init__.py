"""The command line: `bigopt.cli:app` is the application."""

from bigopt.cli.app import app as app
