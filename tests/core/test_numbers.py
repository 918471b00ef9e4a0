"""Nested lists to arrays: the message names the first wrong place."""

from fractions import Fraction

import numpy as np
import pytest

from bigopt.arithmetic.arrays import numbers, whole
from bigopt.arithmetic.decimals import fractions, integers
from bigopt.errors import InstanceError


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([[1, 2], [1, 2, 3]], r"u\[1\]: 3 numbers, expected 2 \(one an action\)"),
        ([[1, 2]], r"u: 1 rows, expected 2 \(one a state\)"),
        ([[1, "x"], [1, 2]], r"u\[0\]\[1\]: 'x', expected a number"),
        ([[1, True], [1, 2]], r"u\[0\]\[1\]: 'True', expected a number"),
        ([[1, None], [1, 2]], r"u\[0\]\[1\]: 'None', expected a number"),
        ([[1, float("inf")], [1, 2]], r"u\[0\]\[1\]: inf, expected"),
        ([[1, 1e200], [1, 2]], r"u\[0\]\[1\]: 1e\+200, expected a finite number"),
        ([1, 2], r"u\[0\]: '1', expected a list"),
        ([[1, "2"], [1, 2]], r"u\[0\]\[1\]: '2', expected a number"),
        ("abc", "u: 'abc', expected a list"),
        ({"a": 1}, "expected a list"),
    ],
)
def test_the_first_wrong_place_is_named(value: object, said: str) -> None:
    with pytest.raises(InstanceError, match=said):
        numbers(value, "u", (2, 2), ("state", "action"))


def test_ragged_rows_with_a_free_length() -> None:
    with pytest.raises(InstanceError, match=r"t\[1\]: 1 numbers, expected 2"):
        numbers([[1, 2], [3]], "t", (None, None))


def test_arrays_are_copies_that_cannot_be_changed() -> None:
    given = np.ones((2, 2))
    array = numbers(given, "u", (2, 2))
    given[0, 0] = 5
    assert array[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 2


def test_whole_numbers() -> None:
    assert whole([1, 2.0], "k", (2,)).tolist() == [1, 2]
    with pytest.raises(InstanceError, match=r"k\[1\]: 1.5, expected a whole number of at least 1"):
        whole([1, 1.5], "k", (2,), low=1)


def test_decimals_are_taken_as_written() -> None:
    assert fractions([0.1, 0.2]).sum() == Fraction(3, 10)  # 0.1 + 0.2 != 0.3 in binary
    scaled, q = integers([[0.25, 1.5], [0.1, 3]])
    assert q == 20
    assert scaled.tolist() == [[5, 30], [2, 60]]
