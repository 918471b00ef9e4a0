"""Options that commands share: K=V."""

from __future__ import annotations

from bigopt.errors import UsageError


def parse_options(pairs: list[str]) -> dict[str, str]:
    """Parse K=V."""
    options = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"option {pair[:40]!r}, expected K=V as --option time_limit=10")
        if name in options:
            raise UsageError(f"option {name!r} is given twice, expected once")
        options[name] = value
    return options
