"""What a program that has run away looks like: the same call, the same error, too dear, too many at once.

Times are seconds that never run backwards; nothing here knows where they come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from gateway_core.model.money import Nano

HOUR = 3600.0
MINUTE = 60.0
BURN_MINUTES = 15
"""A burn rate is what was spent in so many minutes: the shortest span that the ledger keeps sums of."""
LEAST_PAST = 4
"""Spans in which something was spent, below which a past says nothing."""


class Action(StrEnum):
    OFF = "off"
    ALERT = "alert"
    STOP = "stop"
    """Alert, and refuse further calls of the kind for a while."""


@dataclass(frozen=True, slots=True)
class CallRule:
    """So many calls within so many seconds."""

    calls: int
    seconds: float = 0.0
    action: Action = Action.ALERT


@dataclass(frozen=True, slots=True)
class BurnRule:
    """So many times the usual, and above a floor."""

    times: int = 10
    floor_nano: Nano = 1_000_000_000
    action: Action = Action.ALERT


@dataclass(frozen=True, slots=True)
class GuardRules:
    """[guard] of the configuration."""

    on: bool = True
    stop_seconds: float = 600.0
    """How long calls are refused where the action is `stop`."""
    repeat: CallRule = CallRule(25, 10 * MINUTE)
    """The same body from the same token and session."""
    errors: CallRule = CallRule(20, 5 * MINUTE)
    """The same error for the same token and session."""
    fan_out: CallRule = CallRule(100)
    """Running at once for the same token and session."""
    burn: BurnRule = BurnRule()
    """Of one project, or one user."""


@dataclass(slots=True)
class Streak:
    """Calls that are alike: the times of the latest, and what those that ended did cost."""

    times: list[float] = field(default_factory=list)
    ended: int = 0
    cost: Nano = 0

    def hit(self, now: float, rule: CallRule) -> bool:
        """Counts a call; whether there are now as many within its time as the rule allows at the most."""
        times = self.times
        while times and now - times[0] > rule.seconds:
            del times[0]
        times.append(now)
        if len(times) > rule.calls:
            del times[0]
        return len(times) >= rule.calls

    def end(self, cost: Nano) -> None:
        """One of the calls has ended."""
        self.ended += 1
        self.cost += cost

    def hourly(self, now: float) -> Nano:
        """What an hour of this costs: the mean call at the pace of the latest."""
        span = now - self.times[0] if self.times else 0.0
        if not self.ended or len(self.times) < 2 or span <= 0:
            return 0
        return round(self.cost / self.ended * (len(self.times) - 1) / span * HOUR)


@dataclass(slots=True)
class Meter:
    """What was spent in the last BURN_MINUTES minutes, by the minute."""

    minutes: list[Nano] = field(default_factory=lambda: [0] * BURN_MINUTES)
    newest: int = 0
    total: Nano = 0

    def add(self, now: float, cost: Nano) -> Nano:
        """Adds a cost; what was spent in all."""
        if now // MINUTE > self.newest:
            self.roll(now)
        self.minutes[self.newest % BURN_MINUTES] += cost
        self.total += cost
        return self.total

    def roll(self, now: float) -> Nano:
        """Lets go of minutes that are over; what was spent in the others."""
        minute = int(now // MINUTE)
        gone = min(minute - self.newest, BURN_MINUTES)
        for passed in range(gone):
            at = (minute - passed) % BURN_MINUTES
            self.total -= self.minutes[at]
            self.minutes[at] = 0
        self.newest = max(minute, self.newest)
        return self.total


def usual(past: Sequence[Nano]) -> Nano | None:
    """The median of what was spent in earlier spans in which something was; None where there is too little
    of it to say."""
    active = sorted(amount for amount in past if amount > 0)
    return active[len(active) // 2] if len(active) >= LEAST_PAST else None


def burns(spent: Nano, past: Sequence[Nano], rule: BurnRule) -> bool:
    """Whether so much in one span is far above what is usual."""
    median = usual(past)
    return median is not None and spent >= rule.floor_nano and spent > rule.times * median
