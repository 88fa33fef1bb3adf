"""Windows of budgets and reports: stored instants seen through a named time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from gateway_core.model.errors import ConfigError

CALENDAR = ("hour", "day", "week", "month", "total")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST_BILLING_DAY = 28
"""Days of the month that every month has."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROLLING = re.compile(r"rolling:(\d{1,4})([mhd])\Z")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def check_window(window: str) -> None:
    """Raises ConfigError for a text that names no window."""
    if window not in CALENDAR and not rolling_length(window) and _first_day(window) is None:
        raise ConfigError(
            f"window {window!r} is unknown; use hour, day, week, month, total, rolling:6h (m, h or d), "
            f"week:sunday (its first day) or month:15 (its billing day, 1 to {LAST_BILLING_DAY})"
        )


@lru_cache(maxsize=256)
def rolling_length(window: str) -> timedelta | None:
    """The length of a `rolling:6h` window, None for the calendar's windows."""
    found = _ROLLING.match(window)
    return int(found[1]) * _UNITS[found[2]] or None if found else None


def window_bounds(window: str, now: datetime, tz: tzinfo) -> tuple[datetime, datetime | None]:
    """The window that holds `now`: its first instant and the first one after it, in UTC.

    The end is None where none is fixed (total, rolling). Days are the local calendar's: on the days
    when clocks change they have 23 or 25 hours. Weeks start on Monday, months on the first, unless the
    window names another day.
    """
    if length := rolling_length(window):
        return now - length, None
    if window == "total":
        return EPOCH, None
    if window == "hour":
        local = now.astimezone(tz)
        start = now - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return start, start + timedelta(hours=1)
    first = now.astimezone(tz).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    last = first + timedelta(days=1)
    if window.startswith("week"):
        first -= timedelta(days=(first.weekday() - (_first_day(window) or 0)) % 7)
        last = first + timedelta(days=7)
    elif window.startswith("month"):
        day = _first_day(window) or 1
        first = (first - timedelta(days=day - 1)).replace(day=day)
        last = (first.replace(day=1) + timedelta(days=32)).replace(day=day)
    return wall_instant(first, tz), wall_instant(last, tz)


def _first_day(window: str) -> int | None:
    """The weekday (0 is Monday) or the day of the month that a window names; None where it names none."""
    kind, _, day = window.partition(":")
    if kind == "week" and day in WEEKDAYS:
        return WEEKDAYS.index(day)
    if kind == "month" and day.isdecimal() and 1 <= int(day) <= LAST_BILLING_DAY:
        return int(day)
    return None


def wall_instant(local: datetime, tz: tzinfo) -> datetime:
    """The instant of a local wall time; at a repeated hour the first of the two."""
    return local.replace(tzinfo=tz, fold=0).astimezone(UTC)
