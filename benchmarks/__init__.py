"""Every speed that bigopt claims, measured beside a named peer in one run: ``python -m benchmarks``."""

import sys
from types import TracebackType

UNTOLD = sys.excepthook


def told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say in one line that Ctrl-C ended a program."""
    if issubclass(kind, KeyboardInterrupt):
        print("interrupted: what was printed stands: start again where it stopped (a fuzzer: --first)", file=sys.stderr)
    else:
        UNTOLD(kind, error, trace)


if sys.argv[0] == "-m":  # python -m benchmarks...
    sys.excepthook = told
