"""Values: equal by their fields, usable as keys, made anew by `replace`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

import pytest

from gateway_core.model.value import value


@value
class Point:
    x: int
    marks: Mapping[str, int] = field(default_factory=dict)


@value
class Named:
    name: str
    marks: Mapping[str, int] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.name)


def test_they_are_equal_by_their_fields() -> None:
    assert Point(1) == Point(1) != Point(2)
    assert replace(Point(1), x=2) == Point(2)


def test_they_are_keys_where_all_of_them_can_be_hashed() -> None:
    assert {Named("a"): 1}[Named("a")] == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(Point(1))


def test_they_hold_nothing_but_their_fields() -> None:
    assert not hasattr(Point(1), "__dict__")
