"""Reports by hour, day and month follow the local calendar, also when the clocks change."""

from __future__ import annotations

import pytest

from gateway_core.model.errors import ConfigError
from gateway_core.model.money import nano_from_usd
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import ending

pytestmark = pytest.mark.anyio


async def by(ledger: Ledger, queries: Queries, unit: str, zone: str, *started: str) -> dict[str, int]:
    """Cost by local time of calls that started then; each costs one nano-dollar."""
    for number, instant in enumerate(started):
        ledger.finish(ending(f"{number}", started_at=instant, finished_at=instant, cost_nano=1))
    await ledger.flush()
    found = queries.report("2020-01-01T00:00:00Z", None, [unit], timezone=zone)
    assert nano_from_usd(found["total"]["cost_usd"]) == len(started)
    return {row["keys"][unit]: nano_from_usd(row["cost_usd"]) for row in found["rows"]}


async def test_a_day_begins_at_local_midnight(ledger: Ledger, queries: Queries) -> None:
    found = await by(
        ledger,
        queries,
        "day",
        "America/New_York",
        "2026-11-24T04:59:59.999999Z",
        "2026-11-24T05:00:00Z",
        "2026-11-25T04:59:59Z",
    )
    assert found == {"2026-11-23": 1, "2026-11-24": 2}


async def test_days_of_half_hour_zones(ledger: Ledger, queries: Queries) -> None:
    found = await by(ledger, queries, "day", "Asia/Kolkata", "2026-11-23T18:29:59Z", "2026-11-23T18:30:00Z")
    assert found == {"2026-11-23": 1, "2026-11-24": 1}


async def test_the_repeated_hour_is_two_hours(ledger: Ledger, queries: Queries) -> None:
    found = await by(ledger, queries, "hour", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")
    assert found == {"2026-10-25T02:00+02:00": 1, "2026-10-25T02:00+01:00": 1}


async def test_the_day_of_25_hours_is_one_day(ledger: Ledger, queries: Queries) -> None:
    found = await by(
        ledger,
        queries,
        "day",
        "Europe/Berlin",
        "2026-10-24T21:59:59Z",
        "2026-10-24T22:00:00Z",
        "2026-10-25T22:59:59Z",
        "2026-10-25T23:00:00Z",
    )
    assert found == {"2026-10-24": 1, "2026-10-25": 2, "2026-10-26": 1}


async def test_months(ledger: Ledger, queries: Queries) -> None:
    found = await by(ledger, queries, "month", "Asia/Tokyo", "2026-10-31T14:59:59Z", "2026-10-31T15:00:00Z")
    assert found == {"2026-10": 1, "2026-11": 1}


async def test_time_and_tags_together_keep_the_order_that_was_asked_for(
    ledger: Ledger, queries: Queries
) -> None:
    for number, (day, project) in enumerate([(1, "a"), (1, "b"), (2, "a"), (2, "a")]):
        started = f"2026-11-0{day}T12:00:00Z"
        ledger.finish(ending(f"{number}", started_at=started, tags={"project": project}, cost_nano=1))
    await ledger.flush()
    report = queries.report("2026-11-01T00:00:00Z", "2026-11-03T00:00:00Z", ["project", "day", "model"])
    assert [tuple(row["keys"].items()) for row in report["rows"]] == [
        (("project", "a"), ("day", "2026-11-01"), ("model", "gpt-5")),
        (("project", "b"), ("day", "2026-11-01"), ("model", "gpt-5")),
        (("project", "a"), ("day", "2026-11-02"), ("model", "gpt-5")),
    ]
    assert [row["calls"] for row in report["rows"]] == [1, 1, 2]


def test_an_empty_ledger_has_no_days(ledger: Ledger, queries: Queries) -> None:
    assert queries.report("2020-01-01T00:00:00Z", None, ["day"])["rows"] == []


async def test_an_unknown_zone_is_named(ledger: Ledger, queries: Queries) -> None:
    with pytest.raises(ConfigError, match="Mars"):
        await by(ledger, queries, "day", "Mars/Olympus", "2026-11-23T12:00:00Z")
