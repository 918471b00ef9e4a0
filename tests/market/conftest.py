"""The definitions by brute force, shared with the fuzzer."""

from __future__ import annotations

from types import ModuleType

import pytest

from benchmarks import exact_markets


@pytest.fixture(scope="session")
def brute() -> ModuleType:
    """Return markets by brute force, in fractions."""
    return exact_markets
