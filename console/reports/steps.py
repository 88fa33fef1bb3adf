"""The steps of time of an overview, also those in which nothing was spent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from console import present
from console.shapes.overviews import Overview


@dataclass(frozen=True, slots=True)
class Step:
    """One column of a chart. `key`: as the rows name it; `short`: as an axis does; `day`: of an hour."""

    key: str
    short: str
    name: str
    day: str = ""


def zone_of(name: str) -> tzinfo | None:
    """The gateway's time zone; None, this machine's, where it has no name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def steps_of(overview: Overview) -> list[Step]:
    """From the first step with calls, or the period's beginning where that is later, to the last."""
    keys = [row.keys[overview.step] for row in overview.over_time]
    if not keys:
        return []
    if overview.step == "hour":
        # As instants: the hour that comes twice a year is two.
        first = min(map(datetime.fromisoformat, keys))
        last = max(map(datetime.fromisoformat, keys))
        return list(_hours(first, last, zone_of(overview.timezone)))
    return list(_days(min(keys), max(keys)) if overview.step == "day" else _months(min(keys), max(keys)))


def _hours(first: datetime, last: datetime, zone: tzinfo | None) -> Iterator[Step]:
    at = first.astimezone(UTC)
    while at <= last:
        local = at.astimezone(zone)
        hour, day = f"{local:%H:%M}", present.day(local)
        yield Step(local.isoformat(timespec="minutes"), hour, f"{day} {hour}", day)
        at += timedelta(hours=1)


def _days(first: str, last: str) -> Iterator[Step]:
    at = datetime.fromisoformat(first)
    while at.date().isoformat() <= last:
        yield Step(at.date().isoformat(), present.day(at), f"{at:%a} {present.day(at)}")
        at += timedelta(days=1)


def _months(first: str, last: str) -> Iterator[Step]:
    at = datetime.fromisoformat(f"{first}-01")
    while f"{at:%Y-%m}" <= last:
        yield Step(f"{at:%Y-%m}", f"{at:%b %y}", f"{at:%b %Y}")
        at = (at + timedelta(days=32)).replace(day=1)
