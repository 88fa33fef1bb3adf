"""Budgets over the past: what was used at any moment is what the calls before it had used."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.policy import Budget
from gateway_core.rules.replaying.used import Used
from gateway_core.rules.windows import window_bounds
from tests.gateway_core.rules.replaying.past import START, Gateway

WINDOWS = ("hour", "day", "month", "total", "rolling:2h")


@given(
    st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 3_000)), max_size=20),
    st.sampled_from(WINDOWS),
    st.integers(0, 30_000),
)
def test_it_is_the_sum_of_what_had_ended(made: list[tuple[int, int]], window: str, then: int) -> None:
    gateway = Gateway(())
    calls = [gateway.call(seconds=at, lasting=lasting) for at, lasting in sorted(made)]
    budget = Budget("all", limit_nano=10**9, window=window)
    used = Used([budget], UTC, START, lambda *_: 0)
    moment = START + timedelta(seconds=then)
    for call in calls:
        if call.at <= moment:
            used.at(call.at)
            used.began(call, call.cost, call.usage.total)
    used.at(moment)
    start, _ = window_bounds(window, moment, UTC)
    mine = sum(each.cost for each in calls if each.ended <= moment and start <= each.at <= moment)
    assert used.share("all", moment) == pytest.approx(mine / 10**9)
    assert used.share("nobody", moment) is None


def test_it_begins_with_what_the_window_had_seen() -> None:
    budget = Budget("all", limit_nano=1000, window="month")
    used = Used([budget], UTC, START, lambda each, start: 400)
    assert used.share("all", START) == 0.4
