"""The rules of the runaway guard, against counts made in the plain way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.watch import BURN_MINUTES, BurnRule, CallRule, Meter, Streak, burns, usual

TIMES = st.lists(st.floats(0, 3000, allow_nan=False), max_size=60).map(sorted)


@given(TIMES, st.integers(2, 8), st.floats(1, 600))
def test_a_streak_counts_what_lies_within_its_time(times: list[float], calls: int, seconds: float) -> None:
    streak, rule = Streak(), CallRule(calls, seconds)
    for number, now in enumerate(times, 1):
        lately = [each for each in times[:number] if now - each <= seconds]
        assert streak.hit(now, rule) == (len(lately) >= calls)
        assert len(streak.times) <= calls


def test_an_hour_of_a_streak_costs_its_mean_call_at_its_pace() -> None:
    streak, rule = Streak(), CallRule(5, 600)
    for now in (0.0, 10.0, 20.0, 30.0):
        streak.hit(now, rule)
    assert streak.hourly(30.0) == 0
    for cost in (100, 300):
        streak.end(cost)
    assert streak.hourly(30.0) == 200 * 3 / 30 * 3600


@given(st.lists(st.tuples(st.floats(0, 7200, allow_nan=False), st.integers(0, 10**9)), max_size=60))
def test_a_meter_holds_the_last_minutes(spending: list[tuple[float, int]]) -> None:
    spending.sort()
    meter = Meter()
    for number, (now, cost) in enumerate(spending, 1):
        oldest = int(now // 60) - BURN_MINUTES + 1
        expected = sum(cost for at, cost in spending[:number] if int(at // 60) >= oldest)
        assert meter.add(now, cost) == expected
    assert meter.roll(10_000) == 0


def test_the_usual_is_the_median_of_spans_in_which_something_was_spent() -> None:
    assert usual([]) is None and usual([0, 5, 6, 7]) is None
    assert usual([9, 1, 0, 0, 2, 3]) == 3


def test_a_burn_is_far_above_the_usual_and_above_the_floor() -> None:
    rule = BurnRule(times=10, floor_nano=1000)
    assert burns(1001, [100] * 4, rule)
    assert not burns(1000, [100] * 4, rule)
    assert not burns(999, [10] * 4, rule)
    assert not burns(10**12, [1] * 3, rule)
