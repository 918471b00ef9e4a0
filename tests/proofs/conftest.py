"""The checker, loaded as a file."""

from types import ModuleType

import pytest

from bigopt.places import folder, load


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    return load(folder("checker") / "check_proof.py")
