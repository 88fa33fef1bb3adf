"""Instants: RFC 3339 text outside, whole microseconds since 1970 in UTC inside."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

Micros = int

SECOND: Micros = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(text: str) -> Micros:
    """Microseconds of an RFC 3339 text. Raises ValueError for other text and for a text without offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"an instant needs its offset, such as 'Z': {text!r}")
    return (at - _EPOCH) // _MICROSECOND


def end_micros(text: str | None) -> Micros | None:
    """Where a range ends; None: nowhere."""
    return None if text is None else micros(text)


def text(at: Micros) -> str:
    """RFC 3339 in UTC with microseconds: 2026-11-23T23:36:43.000120Z."""
    return (_EPOCH + timedelta(microseconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_datetime(at: datetime) -> Micros:
    """Microseconds of a datetime that knows its zone."""
    return (at - _EPOCH) // _MICROSECOND


def now() -> Micros:
    """The machine's wall clock."""
    return time.time_ns() // 1000


def now_text() -> str:
    """The machine's wall clock as RFC 3339 text."""
    return text(now())
