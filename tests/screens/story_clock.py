"""The story's still clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

ZONE = timezone(timedelta(hours=1), "CET")
NOW = datetime(2026, 11, 23, 14, 2, 15, tzinfo=ZONE)
DAY = (14 * 3_600 + 2 * 60 + 15) / 86_400
"""How much of this day has passed."""


def clock() -> datetime:
    return NOW


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
