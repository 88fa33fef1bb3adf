"""The one place that asks the machine what time it is."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway_core.model.errors import ConfigError

JUMP_SECONDS = 5.0
"""What adjusting a clock little by little never comes to between two looks."""


class Clock:
    """Wall time for what is written down, monotonic time for durations."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)

    monotonic = staticmethod(time.monotonic)
    """Seconds that never run backwards. Asked so often that no call of ours stands before it."""


class Jumps:
    """Notices when wall time is set: it then no longer runs beside monotonic time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._apart = self._distance()

    def look(self) -> float:
        """Seconds that wall time has jumped since the last look, forwards or (negative) backwards; 0.0 where
        it only drifted."""
        apart = self._distance()
        jumped = apart - self._apart
        self._apart = apart
        return jumped if abs(jumped) >= JUMP_SECONDS else 0.0

    def _distance(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()


def instant_text(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds: 2026-11-23T23:36:43.000120Z. Sorts as it reads."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return f"{at.isoformat(timespec='microseconds')[:26]}Z"


def zone(name: str) -> tzinfo:
    """The time zone of an IANA name or `local`. Raises ConfigError for an unknown name."""
    try:
        return ZoneInfo(_local_name() if name == "local" else name)
    except (ZoneInfoNotFoundError, ValueError):
        if name == "local":
            return datetime.now().astimezone().tzinfo or UTC
        raise ConfigError(
            f"unknown time zone {name!r}; use a name such as 'Europe/Berlin', or 'local'"
        ) from None


def _local_name() -> str:
    """The machine's IANA zone name: TZ, then the target of /etc/localtime, then UTC."""
    if name := os.environ.get("TZ", "").lstrip(":"):
        return name
    parts = Path("/etc/localtime").resolve().parts
    if "zoneinfo" in parts:
        return "/".join(parts[parts.index("zoneinfo") + 1 :])
    return "UTC"
