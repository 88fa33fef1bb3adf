"""Ranges of time that people ask for: 1h, 24h, 7d, month, and the since and until of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from gateway_core.model.errors import Refusal
from gateway_core.rules.windows import CALENDAR, window_bounds

RANGES = ("1h", "24h", "7d", "month")
_STEPS = {
    "1h": (timedelta(minutes=1), 60),
    "24h": (timedelta(minutes=15), 96),
    "7d": (timedelta(hours=2), 84),
}
_MONTH_STEP = timedelta(hours=6)
_AGO = re.compile(r"(\d{1,5})([mhdw])\Z")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class Steps:
    """`count` equal steps from `start`; the last one holds the present."""

    start: datetime
    step: timedelta
    count: int


def steps_of(name: str, now: datetime, tz: tzinfo) -> Steps:
    """The steps of a chart over a range. They begin at whole steps of the clock, a month at its local first
    day. Raises Refusal 400 for a range that is not known."""
    if name == "month":
        start, _ = window_bounds("month", now, tz)
        return Steps(start, _MONTH_STEP, (now - start) // _MONTH_STEP + 1)
    if name not in _STEPS:
        raise Refusal(400, "invalid_range", f"range {name!r} is unknown; use {', '.join(RANGES)}")
    step, count = _STEPS[name]
    current = now - (now - datetime(1970, 1, 1, tzinfo=UTC)) % step
    return Steps(current - (count - 1) * step, step, count)


def instant_of(text: str, now: datetime, tz: tzinfo) -> datetime:
    """The instant that a person names: '7d' ago, 'today' (any calendar window: its beginning), 'yesterday',
    'last-month', 'last-week', a local date or time '2026-11-01', '2026-11-01 09:30', or RFC 3339.

    Raises Refusal 400."""
    word = text.strip().lower()
    if found := _AGO.match(word):
        return now - int(found[1]) * _UNITS[found[2]]
    if word == "now":
        return now
    if word in ("today", "yesterday"):
        first, _ = window_bounds("day", now, tz)
        # Noon of the day before, whatever the clocks did in between.
        return first if word == "today" else window_bounds("day", first - timedelta(hours=12), tz)[0]
    if (name := word.removeprefix("last-")) in ("week", "month") and name != word:
        first, _ = window_bounds(name, now, tz)
        return window_bounds(name, first - timedelta(hours=12), tz)[0]
    if word in CALENDAR:
        return window_bounds(word, now, tz)[0]
    try:
        named = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refusal(
            400, "invalid_time", f"{text!r} is no time; write 2026-11-01, 7d, today, month or RFC 3339"
        ) from None
    return (named if named.tzinfo else named.replace(tzinfo=tz)).astimezone(UTC)
