"""Buckets: what was taken comes back evenly, and never more than the capacity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.throttles import Bucket, filled, wait_for


def test_it_refills_evenly() -> None:
    assert filled(Bucket(0.0, 100.0), 60.0, 60.0, 130.0) == Bucket(30.0, 130.0)
    assert filled(Bucket(0.0, 100.0), 60.0, 60.0, 1000.0).level == 60.0


def test_a_clock_that_stands_still_gives_nothing() -> None:
    assert filled(Bucket(5.0, 100.0), 60.0, 60.0, 90.0) == Bucket(5.0, 100.0)


def test_a_debt_is_waited_for() -> None:
    assert wait_for(Bucket(-30.0, 0.0), 10.0, 60.0, 60.0) == pytest.approx(40.0)


def test_more_than_the_capacity_waits_for_a_full_bucket() -> None:
    assert wait_for(Bucket(60.0, 0.0), 10_000.0, 60.0, 60.0) == 0.0


@given(st.floats(-1e6, 1e6), st.floats(1, 1e6), st.floats(1, 1e6), st.floats(0.1, 3600))
def test_after_the_wait_it_is_there(level: float, need: float, capacity: float, period: float) -> None:
    bucket = Bucket(min(level, capacity), 0.0)
    wait = wait_for(bucket, need, capacity, period)
    later = filled(bucket, capacity, period, wait)
    assert wait_for(later, need, capacity, period) == pytest.approx(0.0, abs=1e-6 * period + 1e-6)
