"""Calls by when they were: of the last while, or between two times of any day. Pure but for `machine`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

from console.present import instant
from console.shapes import Call

Now = Callable[[], datetime]
Test = Callable[[Call], bool]
_LENGTH = re.compile(r"(\d{1,5})(s|m|h|d)\Z")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SPAN = re.compile(r"(\d{1,2}:\d\d)\.\.(\d{1,2}:\d\d)\Z")


def machine() -> datetime:
    """The present moment in the zone of this machine."""
    return datetime.now().astimezone()


def within(text: str, now: Now) -> Test | None:
    """'15m': calls that were under way in the last 15 minutes; None where the text means nothing."""
    found = _LENGTH.match(text)
    if found is None:
        return None
    length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    return lambda call: call.finished_at is None or instant(call.finished_at) >= now() - length


def by_clock(text: str, now: Now) -> Test | None:
    """'14:00..14:30': calls that ended then (those under way: began), on any day, both minutes included; from
    a late time to an early one it goes over midnight."""
    found = _SPAN.match(text)
    begin, end = (_minute(found[1]), _minute(found[2])) if found else (None, None)
    if begin is None or end is None:
        return None
    zone = now().tzinfo

    def test(call: Call) -> bool:
        at = instant(call.finished_at or call.started_at).astimezone(zone)
        minute = time(at.hour, at.minute)
        return begin <= minute <= end if begin <= end else minute >= begin or minute <= end

    return test


def _minute(text: str) -> time | None:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None
