"""Windows: local calendars over UTC instants, also on the nights when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.errors import ConfigError
from gateway_core.rules.windows import CALENDAR, check_window, window_bounds

BERLIN, NEW_YORK, LORD_HOWE = (
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),
)
INSTANTS = st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2035-01-01")).map(
    lambda at: at.replace(tzinfo=UTC)
)
ZONES = st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, ZoneInfo("Asia/Kolkata"), UTC])


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (BERLIN, datetime.fromisoformat("2026-03-29T12:00"), 23.0),
        (BERLIN, datetime.fromisoformat("2026-10-25T12:00"), 25.0),
        (NEW_YORK, datetime.fromisoformat("2026-03-08T12:00"), 23.0),
        (NEW_YORK, datetime.fromisoformat("2026-11-01T12:00"), 25.0),
        (LORD_HOWE, datetime.fromisoformat("2026-04-05T12:00"), 24.5),
        (BERLIN, datetime.fromisoformat("2026-11-23T12:00"), 24.0),
    ],
)
def test_days_when_clocks_change(zone: ZoneInfo, day: datetime, hours: float) -> None:
    start, end = window_bounds("day", day.replace(tzinfo=zone).astimezone(UTC), zone)
    assert end is not None
    assert (end - start) == timedelta(hours=hours)
    assert start.astimezone(zone).hour == 0


@given(INSTANTS, ZONES, st.sampled_from(["hour", "day", "week", "month"]))
def test_windows_hold_their_instant_and_touch(now: datetime, zone: ZoneInfo, window: str) -> None:
    start, end = window_bounds(window, now, zone)
    assert end is not None
    assert start <= now < end
    assert window_bounds(window, end, zone)[0] == end
    assert window_bounds(window, start, zone) == (start, end)


def test_weeks_start_on_monday() -> None:
    start, end = window_bounds("week", datetime(2026, 11, 25, tzinfo=UTC), UTC)
    assert (start, end) == (datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC))


def test_rolling_and_total_have_no_end() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert window_bounds("rolling:6h", now, BERLIN) == (now - timedelta(hours=6), None)
    assert window_bounds("total", now, BERLIN)[1] is None


@pytest.mark.parametrize("window", [*CALENDAR, "rolling:30m", "rolling:6h", "rolling:7d"])
def test_known_windows(window: str) -> None:
    check_window(window)


@pytest.mark.parametrize("window", ["", "year", "rolling:", "rolling:0h", "rolling:6w", "Day"])
def test_unknown_windows_are_named(window: str) -> None:
    with pytest.raises(ConfigError, match=r"use hour, day, week"):
        check_window(window)
