"""Pace: a bucket that refills evenly. Pure; `now` is seconds of a clock that never runs backwards."""

from __future__ import annotations

from gateway_core.model.value import value


@value
class Bucket:
    """`level` units were left at `at`. It may be below zero: a debt that refilling pays off."""

    level: float
    at: float


def filled(bucket: Bucket, capacity: float, period: float, now: float) -> Bucket:
    """The bucket now: `capacity` units come back evenly over `period` seconds, never above capacity."""
    level, at = bucket.level, bucket.at
    if now > at:
        level, at = level + (now - at) * capacity / period, now
    return Bucket(capacity if level > capacity else level, at)


def wait_for(bucket: Bucket, need: float, capacity: float, period: float) -> float:
    """Seconds until `need` units are there, or the bucket is full; 0.0 if so already."""
    missing = min(need, capacity) - bucket.level
    return max(0.0, missing * period / capacity)
