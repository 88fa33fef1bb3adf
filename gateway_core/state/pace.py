"""Counters of one throttle: buckets for tokens, requests and dollars, and a count of running calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from gateway_core.model.policy import Throttle
from gateway_core.model.value import value
from gateway_core.rules.throttles import Bucket, filled, wait_for

MINUTE = 60.0
HOUR = 3600.0
AT_ONCE = 0.05
"""Seconds until to look again when a running call has to end first."""


@value
class Load:
    """What a call puts on a throttle."""

    tokens: int
    nano: int

    def per(self, kind: str) -> int:
        if kind == "tokens":
            return self.tokens
        return 1 if kind == "requests" else self.nano


@dataclass(slots=True)
class Pace:
    """One throttle at work. `now` is monotonic seconds."""

    throttle: Throttle
    running: int = 0
    buckets: dict[str, Bucket] = field(default_factory=dict)

    def limits(self) -> tuple[tuple[str, float, float], ...]:
        """Kind, capacity and period in seconds of each limit that is set."""
        return _limits(
            self.throttle.tokens_per_minute,
            self.throttle.requests_per_minute,
            self.throttle.usd_per_hour_nano,
        )

    def wait(self, load: Load, now: float) -> float:
        """Seconds until a call with that load may start; 0.0 for at once."""
        longest = AT_ONCE if self._full() else 0.0
        for kind, capacity, period in self.limits():
            bucket = self._bucket(kind, capacity, period, now)
            wait = wait_for(bucket, load.per(kind), capacity, period)
            if wait > longest:
                longest = wait
        return longest

    def leaves_half(self, load: Load, now: float) -> bool:
        """Whether a call with that load leaves half of every limit to others."""
        most = self.throttle.concurrent
        if most is not None and (self.running + 1) * 2 > most:
            return False
        return all(
            (self._bucket(kind, capacity, period, now).level - load.per(kind)) * 2 >= capacity
            for kind, capacity, period in self.limits()
        )

    def take(self, load: Load, now: float) -> None:
        """A call starts."""
        self.running += 1
        self._move(load, now, sign=-1)

    def settle(self, taken: Load, used: Load, now: float) -> None:
        """A call has ended: what it took beyond its use comes back, what it used beyond is owed."""
        self.running -= 1
        self._move(Load(taken.tokens - used.tokens, taken.nano - used.nano), now, sign=1, requests=False)

    def used(self, kind: str, now: float) -> int:
        """Units of the capacity that are taken now."""
        for each, capacity, period in self.limits():
            if each == kind:
                return round(capacity - self._bucket(kind, capacity, period, now).level)
        return 0

    def _full(self) -> bool:
        return self.throttle.concurrent is not None and self.running >= self.throttle.concurrent

    def _bucket(self, kind: str, capacity: float, period: float, now: float) -> Bucket:
        bucket = self.buckets.get(kind)
        return Bucket(capacity, now) if bucket is None else filled(bucket, capacity, period, now)

    def _move(self, load: Load, now: float, sign: int, requests: bool = True) -> None:
        for kind, capacity, period in self.limits():
            if kind != "requests" or requests:
                bucket = self._bucket(kind, capacity, period, now)
                level = min(capacity, bucket.level + sign * load.per(kind))
                self.buckets[kind] = Bucket(level, bucket.at)


@lru_cache(maxsize=256)
def _limits(
    tokens: int | None, requests: int | None, nano: int | None
) -> tuple[tuple[str, float, float], ...]:
    known = (("tokens", tokens, MINUTE), ("requests", requests, MINUTE), ("nano", nano, HOUR))
    return tuple((kind, float(capacity), period) for kind, capacity, period in known if capacity)
