"""The version that is installed."""

from __future__ import annotations

from functools import cache


@cache
def version() -> str:
    """Return bigopt's version, "checkout" where it was never installed."""
    from importlib import metadata

    try:
        return metadata.version("bigopt")
    except metadata.PackageNotFoundError:
        return "checkout"
