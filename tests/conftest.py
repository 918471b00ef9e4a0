"""Random tests draw the same cases on every machine and every day; no test sees another's limit of digits."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("same-cases", derandomize=True, deadline=None)
settings.load_profile("same-cases")


@pytest.fixture(autouse=True)
def digits(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give every test Python's own limit of digits, but those of the checker, which sets its own when it is loaded."""
    kept = sys.get_int_max_str_digits()
    if "proofs" not in request.path.parts:
        sys.set_int_max_str_digits(sys.int_info.default_max_str_digits)
    yield
    sys.set_int_max_str_digits(kept)
