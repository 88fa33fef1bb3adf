"""A period as a whole: all its parts agree with each other, with the rows, and with the export."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_core.clock import instant_text
from gateway_core.model.errors import Refusal
from gateway_core.model.money import nano_from_usd
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import at, ending
from tests.gateway_core.store.queries.random_rows import (
    INSTANTS,
    MATCHES,
    Written,
    ledger_of,
    ledgers,
    within,
)

ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"])


def nanos(rows: list[dict[str, Any]]) -> int:
    return sum(nano_from_usd(row["cost_usd"]) for row in rows)


def calls(rows: list[dict[str, Any]]) -> int:
    return sum(row["calls"] for row in rows)


@settings(max_examples=60)
@given(ledgers(), INSTANTS, INSTANTS, MATCHES, ZONES)
def test_every_part_adds_up_to_the_rows(
    written: Written, one: datetime, other: datetime, match: dict[str, str], zone: str
) -> None:
    since, until = instant_text(min(one, other)), instant_text(max(one, other))
    mine = within(written.booked, since, until, match)
    cost, count = sum(row.cost_nano for row in mine), sum(bool(row.id) for row in mine)
    with ledger_of(written) as queries:
        found = queries.overview(since, until, ["project", "model"], match, zone)
        lines = [msgspec.json.encode(row) + b"\n" for row in queries.export(since, until, match)]
    parts = [found["over_time"], found["hours"], found["rows"], *(group["rows"] for group in found["groups"])]
    assert [nanos(part) for part in parts] == [cost] * 5
    assert [calls(part) for part in parts] == [count] * 5
    assert nano_from_usd(found["total"]["cost_usd"]) == cost
    saved = nano_from_usd(found["savings"]["own_cache_usd"]) + nano_from_usd(found["savings"]["routing_usd"])
    assert saved == sum(row.saved_nano for row in mine)
    digest = hashlib.sha256(b"".join(lines)).hexdigest()
    assert found["ledger"] == {"rows": len(lines), "under_way": 0, "sha256": digest}
    if {"outcome", "cache"}.isdisjoint(match):
        hours: Counter[tuple[int, int]] = Counter()
        for row in mine:
            local = datetime.fromisoformat(row.started_at).astimezone(ZoneInfo(zone))
            hours[local.isoweekday(), local.hour] += row.cost_nano
        told = {(each["weekday"], each["hour"]): nano_from_usd(each["cost_usd"]) for each in found["hours"]}
        assert {cell: nano for cell, nano in told.items() if nano} == {k: v for k, v in hours.items() if v}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("since", "step"),
    [(at(-86_400 * 2), "hour"), (at(-86_400 * 90), "day"), (at(-86_400 * 700), "month")],
)
async def test_a_longer_range_goes_in_longer_steps(
    ledger: Ledger, queries: Queries, since: str, step: str
) -> None:
    ledger.finish(ending("old", started_at=since))
    await ledger.flush()
    found = queries.overview(since, at(), ["model"])
    assert found["step"] == step
    assert len(found["over_time"]) == 1


@pytest.mark.anyio
async def test_names_are_told_in_the_order_of_their_first_call(ledger: Ledger, queries: Queries) -> None:
    for number, user in enumerate(("zoe", "ann", "zoe", "bo")):
        ledger.finish(ending(str(number), tags={"user": user}))
        await ledger.flush()
    assert queries.first_seen(["user", "team"])["user"] == ["zoe", "ann", "bo"]
    assert queries.first_seen(["user", "team"])["team"] == []


def test_an_unknown_grouping_is_refused(queries: Queries) -> None:
    with pytest.raises(Refusal, match="cannot group by 'colour'"):
        queries.overview(at(), at(), ["colour"])
