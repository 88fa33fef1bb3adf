"""The nights in which clocks change: a day has 23, 24½ or 25 hours, and a budget's window is that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults.test_clock_jumps import COST, Story, policy
from tests.support.gateway import Gateways
from tests.support.wall_clock import WallClock


@dataclass(frozen=True)
class Night:
    """A local day that is longer or shorter; its first instant and the one after its last, in UTC."""

    zone: str
    start: datetime
    hours: float

    @property
    def end(self) -> datetime:
        return self.start + timedelta(hours=self.hours)


def _utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


NIGHTS = (
    Night("Europe/Berlin", _utc(2026, 3, 28, 23), 23),
    Night("Europe/Berlin", _utc(2026, 10, 24, 22), 25),
    Night("America/New_York", _utc(2026, 3, 8, 5), 23),
    Night("America/New_York", _utc(2026, 11, 1, 4), 25),
    # Half an hour only.
    Night("Australia/Lord_Howe", _utc(2026, 4, 4, 13), 24.5),
    Night("Australia/Lord_Howe", _utc(2026, 10, 3, 13, 30), 23.5),
    # At midnight itself: the day begins at one o'clock.
    Night("Africa/Cairo", _utc(2026, 4, 23, 22), 23),
)
MOMENT = timedelta(microseconds=1)


ZONES = tuple(dict.fromkeys(night.zone for night in NIGHTS))


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_is_as_long_as_it_is(gateways: Gateways, tmp_path: Path, zone: str) -> None:
    nights = [night for night in NIGHTS if night.zone == zone]
    story = NightStory(gateways, tmp_path, nights[0])
    for night in nights:
        assert story.at(night.start - MOMENT) == {200}, "the evening before"
        assert story.at(night.start) == {200}, "the day begins"
        assert story.window() == (night.start, night.end)
        assert story.at(night.start + timedelta(hours=4)) == {402}
        assert story.at(night.end - MOMENT) == {402}, "its last moment"
        assert story.at(night.end) == {200}, "the next one"
        assert story.window()[0] == night.end
        assert story.spent() == {COST}


class NightStory(Story):
    """The same in a time zone of its own."""

    def __init__(self, gateways: Gateways, folder: Path, night: Night) -> None:
        self.gateways = gateways
        self.windows = ("day",)
        self.clock = WallClock(folder, night.start - MOMENT)
        self.gateway = gateways.start(policy("day"), timezone=night.zone, environment=self.clock.environment)

    def window(self) -> tuple[datetime, datetime]:
        (budget,) = self.budgets()
        return datetime.fromisoformat(budget["window_start"]), datetime.fromisoformat(budget["resets_at"])
