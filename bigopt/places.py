"""Where the package, its models and its instances lie: in a checkout, or installed."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder `models` or `instances`: the checkout's if this is one, else the installed package's."""
    checkout = PACKAGE.parent / name
    return checkout if (PACKAGE.parent / "setup.cfg").is_file() and checkout.is_dir() else PACKAGE / name
