"""Everything that a screen may draw, of one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from console.shapes import Budget, CacheUse, Call, Panic, Question, Spend, Status, Summary

RANGES: Mapping[str, str] = {
    "1h": "last 60 min",
    "24h": "last 24 h",
    "7d": "last 7 days",
    "month": "this month",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that panels may draw, of one moment. None: not known yet."""

    now: datetime
    """With the zone in which days begin and times are shown."""
    range: str = "1h"
    by: str = "model"
    status: Status | None = None
    summary: Summary | None = None
    spend: Spend | None = None
    calls: tuple[Call, ...] = ()
    """Ended calls, the newest end first."""
    in_flight: tuple[Call, ...] = ()
    """Calls under way, the newest first; tokens and cost grow as they are told."""
    budgets: tuple[Budget, ...] | None = None
    cache: CacheUse | None = None
    gone_since: datetime | None = None
    """When the gateway stopped answering; None while it does."""
    problem: str | None = None
    """A sentence when the gateway refuses to answer."""
    frozen_at: datetime | None = None
    """The moment that is shown where it is not the present."""
    waiting: int = 0
    """Calls that ended since the view was frozen."""
    alerts: tuple[str, ...] = ()
    """What was raised since the person last said that it is seen: 'web at 80%', the latest first."""
    panics: tuple[Panic, ...] = ()
    """Switches that were thrown in a hurry and hold calls back."""
    questions: tuple[Question, ...] = ()
    """Calls that wait for a person's word, the oldest first."""

    @property
    def at(self) -> datetime:
        """The moment that is shown."""
        return self.frozen_at or self.now
