"""What is wrong with a set is said in one line: where, the value, and what was expected."""

from __future__ import annotations

from typing import Any

import pytest

from bigopt.action_sets import read
from bigopt.errors import InstanceError


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            {"type": "box", "lower": [0, 3], "upper": [1, 2]},
            r"set\.lower\[1\]: 3, expected at most upper\[1\] = 2",
        ),
        ({"type": "box", "lower": [0], "upper": [1, 2]}, r"action_set\.lower: 1 numbers, expected 2"),
        ({"type": "box", "lower": [0, 0]}, r"action_set\.upper: missing"),
        ({"type": "box", "lower": [0, 0], "upper": [1, 1], "radius": 1}, r"action_set\.radius: unknown key"),
        ({"type": "ball", "center": [0, 0], "radius": -1}, r"action_set\.radius: -1"),
        ({"type": "ball", "center": [0, 0], "radius": "big"}, r"action_set\.radius: 'big'"),
        ({"type": "simplex", "scale": -2}, r"action_set\.scale: -2"),
        (
            {"type": "simplex", "scale": 1e-200},
            r"action_set\.scale: 1e-200 wide, expected 0, or 1e-150 to 1e\+150",
        ),
        ({"type": "ball", "center": [0, 0], "radius": 5e-324}, r"action_set\.radius: 4.94066e-324 wide"),
        ({"type": "box", "lower": [0, 0], "upper": [1, 1e-160]}, r"action_set\.upper: 1e-160 wide in coordinate 1"),
        ({"type": "hull", "points": [[0, 2], [1e-300, 3]]}, r"action_set\.points: 1e-300 wide in coordinate 0"),
        ({"type": "polytope", "A": [[1, 0], [-1, 0], [0, 1], [0, -1]], "b": [0, -1, 1, 1]}, r"action_set\.A: no point"),
        ({"type": "polytope", "A": [[1, 0], [-1, 0], [0, 1]], "b": [1, 1, 1]}, r"coordinate 1 is unbounded below"),
        ({"type": "polytope", "A": [[0, 0], [1, 1]], "b": [-1, 1]}, r"action_set\.A\[0\]: no point"),
        ({"type": "polytope", "A": [[1, 1]], "b": [1], "A_eq": [[1, 0], [1, 0]], "b_eq": [0, 1]}, r"contradict"),
        ({"type": "polytope", "A": [[1, 1]], "b": [1], "A_eq": [[1, 0]]}, r"action_set\.A_eq: expected together"),
        ({"type": "polytope", "A": [[1, 1]], "b": [1, 2]}, r"action_set\.b: 2 numbers, expected 1"),
        (
            {"type": "polytope", "A": [[1e-160, 0], [-1, 0], [0, 1], [0, -1]], "b": [1, 1, 1, 1]},
            r"action_set\.A: 1e\+160 wide in coordinate 0",
        ),
        ({"type": "hull", "points": []}, r"action_set\.points: empty"),
        ({"type": "hull", "points": [[1, 2], [1, float("nan")]]}, r"action_set\.points\[1\]\[1\]"),
        ({"type": "cone"}, r"action_set\.type: 'cone', expected one of box, ball, simplex, polytope, hull"),
        ({}, r"action_set\.type"),
        ([1, 2], r"action_set: '\[1, 2\]', expected an object"),
    ],
)
def test_errors_name_the_path_the_value_and_the_expectation(data: Any, message: Any) -> None:
    with pytest.raises(InstanceError, match=message) as caught:
        read(data, "action_set", 2)
    assert "\n" not in str(caught.value)
