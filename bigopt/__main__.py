"""`bigopt` and `python -m bigopt`: the version is said at once, all else by the command line."""

import os
import signal
import sys


def main() -> None:
    """Run the command line; `--version` alone needs none of it, nor the half second of its imports."""
    try:
        if sys.argv[1:] == ["--version"] and _said_version():
            return
        from bigopt.cli import app
    except KeyboardInterrupt:  # before there is anybody who could say it in one line
        sys.stderr.write("bigopt: interrupted\n")
        sys.exit(128 + signal.SIGINT)
    app(prog_name="bigopt")


def _said_version() -> bool:
    """Write the version to standard output, if that takes it: else the command line says what is wrong with it."""
    from bigopt.version import VERSION

    text = f"bigopt {VERSION}\n".encode()
    try:
        return os.write(1, text) == len(text)
    except OSError:
        return False


if __name__ == "__main__":
    main()
