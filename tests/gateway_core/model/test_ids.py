"""Request ids sort by time and never repeat by themselves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.ids import request_id

TIMES = st.integers(0, 2**48 - 1)
CHANCE = st.integers(0, 2**80 - 1)


@given(TIMES, CHANCE, TIMES, CHANCE)
def test_order_is_that_of_time_then_chance(a: int, x: int, b: int, y: int) -> None:
    one, other = request_id(a, x), request_id(b, y)
    assert len(one) == 26
    assert (one < other) == ((a, x) < (b, y))
    assert (one == other) == ((a, x) == (b, y))
