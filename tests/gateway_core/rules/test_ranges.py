"""Ranges of time as people name them, seen from a local time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway_core.model.errors import Refusal
from gateway_core.rules.ranges import instant_of, steps_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 14, 2, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "start", "step", "count"),
    [
        ("1h", datetime(2026, 11, 23, 13, 3, tzinfo=UTC), timedelta(minutes=1), 60),
        ("24h", datetime(2026, 11, 22, 14, 15, tzinfo=UTC), timedelta(minutes=15), 96),
        ("7d", datetime(2026, 11, 16, 16, tzinfo=UTC), timedelta(hours=2), 84),
        ("month", datetime(2026, 10, 31, 23, tzinfo=UTC), timedelta(hours=6), 91),
    ],
)
def test_steps_end_with_the_one_that_holds_the_present(name, start, step, count):
    steps = steps_of(name, NOW, BERLIN)
    assert (steps.start, steps.step, steps.count) == (start, step, count)
    last = steps.start + (steps.count - 1) * steps.step
    assert last <= NOW < last + steps.step


def test_an_unknown_range_is_refused_with_the_known_ones():
    with pytest.raises(Refusal, match="1h, 24h, 7d, month") as refused:
        steps_of("2h", NOW, UTC)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("7d", NOW - timedelta(days=7)),
        ("15m", NOW - timedelta(minutes=15)),
        ("2w", NOW - timedelta(days=14)),
        ("now", NOW),
        ("today", datetime(2026, 11, 22, 23, tzinfo=UTC)),
        ("yesterday", datetime(2026, 11, 21, 23, tzinfo=UTC)),
        ("last-month", datetime(2026, 9, 30, 22, tzinfo=UTC)),
        ("last-week", datetime(2026, 11, 15, 23, tzinfo=UTC)),
        ("month", datetime(2026, 10, 31, 23, tzinfo=UTC)),
        ("last-month", datetime(2026, 9, 30, 22, tzinfo=UTC)),
        ("last-week", datetime(2026, 11, 15, 23, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-11-01 09:30", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        ("2026-11-01T09:30:00Z", datetime(2026, 11, 1, 9, 30, tzinfo=UTC)),
        ("2026-11-01T09:30:00+05:30", datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_the_local_zone(text, instant):
    assert instant_of(text, NOW, BERLIN) == instant


def test_yesterday_after_the_clocks_went_back_begins_at_its_own_midnight():
    after = datetime(2026, 10, 26, 12, tzinfo=UTC)
    assert instant_of("yesterday", after, BERLIN) == datetime(2026, 10, 24, 22, tzinfo=UTC)


def test_what_is_no_time_is_refused():
    with pytest.raises(Refusal, match="'soon' is no time"):
        instant_of("soon", NOW, UTC)
    with pytest.raises(Refusal, match="'last-soon' is no time"):
        instant_of("last-soon", NOW, UTC)
