"""The machine's clock: instants as text, zones, and jumps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway_core.clock import Clock, Jumps, instant_text, zone
from gateway_core.model.errors import ConfigError


class SetClock(Clock):
    """A clock whose wall time can be set."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 11, 23, 12, tzinfo=UTC)
        self.ticks = 100.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks

    def run(self, seconds: float, *, wall: float | None = None) -> None:
        self.ticks += seconds
        self.wall += timedelta(seconds=seconds if wall is None else wall)


def test_a_clock_that_runs_does_not_jump() -> None:
    clock = SetClock()
    jumps = Jumps(clock)
    for _ in range(10):
        clock.run(10, wall=10.4)
        assert jumps.look() == 0.0


@pytest.mark.parametrize("by", [3600.0, -3600.0, 30.0])
def test_a_clock_that_was_set_jumped_once(by: float) -> None:
    clock = SetClock()
    jumps = Jumps(clock)
    clock.run(10, wall=10 + by)
    assert jumps.look() == pytest.approx(by)
    clock.run(10)
    assert jumps.look() == 0.0


def test_instants_sort_as_they_read() -> None:
    assert instant_text(datetime(2026, 1, 2, 3, 4, 5, 6, UTC)) == "2026-01-02T03:04:05.000006Z"


def test_a_zone_that_does_not_exist() -> None:
    with pytest.raises(ConfigError, match="Europe/Berlin"):
        zone("Mars/Base")
