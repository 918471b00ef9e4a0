"""The command line: `bigopt.cli:app` is the application."""

import signal
import sys

try:
    from bigopt.cli.app import app as app
except KeyboardInterrupt:  # before there is anybody who could say it in one line
    sys.stderr.write("bigopt: interrupted\n")
    sys.exit(128 + signal.SIGINT)
