"""Where spending lands: the pace of late carried on to the window's end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway_core.rules.projection import Pace, breaks_at, lands, lookback, pace

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
END = datetime(2026, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def test_a_month_goes_on_as_the_last_day_did():
    going = pace(24_000, "month", history=30 * DAY)
    assert going == Pace(24_000, DAY)
    assert lands(100_000, going, NOW, END) == 100_000 + 24_000 * 15 // 2
    assert lands(100_000, going, NOW, None) is None


def test_a_limit_breaks_when_the_pace_has_eaten_what_is_left():
    going = Pace(24_000, DAY)
    assert breaks_at(112_000, 100_000, going, NOW, END) == NOW + DAY / 2
    assert breaks_at(112_000, 100_000, going, NOW, NOW + DAY / 2) is None
    assert breaks_at(112_000, 100_000, going, NOW, None) == NOW + DAY / 2
    assert breaks_at(100_000, 100_000, going, NOW, END) == NOW
    assert breaks_at(112_000, 100_000, Pace(0, DAY), NOW, END) is None


def test_a_pace_that_would_take_centuries_never_breaks():
    assert breaks_at(10**18, 0, Pace(1, DAY), NOW, None) is None


@pytest.mark.parametrize(
    ("window", "length"),
    [
        ("month", DAY),
        ("week", DAY),
        ("total", DAY),
        ("day", 3 * HOUR),
        ("hour", HOUR / 4),
        ("rolling:6h", 6 * HOUR),
    ],
)
def test_each_window_looks_back_as_suits_it(window, length):
    assert lookback(window) == length


@pytest.mark.parametrize(
    ("window", "history", "over"),
    [
        ("month", 6 * HOUR, 6 * HOUR),
        ("month", timedelta(minutes=2), HOUR),
        ("month", timedelta(0), HOUR),
        ("hour", timedelta(minutes=2), HOUR / 4),
        ("month", 400 * DAY, DAY),
    ],
)
def test_a_young_ledger_is_measured_over_its_own_age_but_an_hour_at_least(window, history, over):
    assert pace(7, window, history).over == over


def test_nothing_lands_before_now():
    assert lands(5, Pace(10, HOUR), NOW, NOW - HOUR) == 5
