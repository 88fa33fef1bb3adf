"""Where spending lands if it goes on as it did: the pace of late, carried on to the end of the window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway_core.rules.windows import rolling_length

SETTLING = timedelta(hours=1)
"""A pace is taken over at least so long: the first minutes of a ledger foretell nothing."""
_LOOKBACKS = {"hour": timedelta(minutes=15), "day": timedelta(hours=3)}
_USUAL_LOOKBACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """An amount (nano-dollars or tokens) over a length of time."""

    amount: int
    over: timedelta

    def after(self, length: timedelta) -> int:
        """What comes together in that time, rounded to the nearest whole."""
        if not self.over:
            return 0
        return round(self.amount * (length / self.over))

    def time_for(self, amount: int) -> timedelta | None:
        """How long it takes until that amount has come together; None where it never does."""
        if self.amount <= 0 or not self.over:
            return None
        ratio = amount / self.amount
        # Beyond a century no one plans, and a timedelta has an end.
        return self.over * ratio if ratio * (self.over / timedelta(days=1)) < 36_500 else None


def lookback(window: str) -> timedelta:
    """How far back to look for the pace of a window."""
    return _LOOKBACKS.get(window, rolling_length(window) or _USUAL_LOOKBACK)


def pace(amount: int, window: str, history: timedelta) -> Pace:
    """The pace of what was used within the look-back. history: how long there has been anything to count;
    a ledger younger than the look-back is not thinned out over time in which it did not exist."""
    longest = lookback(window)
    return Pace(amount, min(longest, max(history, min(SETTLING, longest))))


def lands(spent: int, going: Pace, now: datetime, end: datetime | None) -> int | None:
    """What will have been used when the window ends; None for a window without an end."""
    return None if end is None else spent + going.after(max(end - now, timedelta()))


def breaks_at(limit: int, spent: int, going: Pace, now: datetime, end: datetime | None) -> datetime | None:
    """When the limit will be reached; None where the window ends before, or the pace never gets there.
    A limit that is reached already breaks now."""
    if spent >= limit:
        return now
    needed = going.time_for(limit - spent)
    if needed is None or (end is not None and now + needed >= end):
        return None
    return now + needed
