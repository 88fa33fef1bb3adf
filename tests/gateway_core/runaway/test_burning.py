"""A tag's spending against its own past in a real ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

import pytest

from gateway_core.clock import Clock, instant_text
from gateway_core.model.money import NANO_PER_USD
from gateway_core.rules.watch import Action, BurnRule, GuardRules
from gateway_core.runaway import Runaway
from gateway_core.runaway.burning import judge
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import ending

pytestmark = pytest.mark.anyio

CLOCK = Clock()


async def past(ledger: Ledger, dollars: list[float], project: str = "web") -> None:
    """Earlier hours in which the project spent so much."""
    for number, each in enumerate(dollars, 1):
        at = instant_text(CLOCK.now() - timedelta(hours=number))
        row = ending(
            f"{project}-{number}",
            started_at=at,
            cost_nano=round(each * NANO_PER_USD),
            tags={"project": project},
        )
        ledger.finish(row)
    await ledger.flush()


async def told(queries: Queries, spent: float, rules: GuardRules | None = None) -> list[Mapping[str, Any]]:
    """What is told when project web spends so much now."""
    heard: list[Mapping[str, Any]] = []
    guard = Runaway(CLOCK, UTC, rules or GuardRules(), heard.append)
    watched = guard.check("ci", None, {"project": "web"}, "gpt-5", b"{}")
    guard.saw(watched, cost=round(spent * NANO_PER_USD), error=None)
    await judge(guard, queries, CLOCK)
    await judge(guard, queries, CLOCK)
    return heard


async def test_ten_times_the_usual_is_told_once(ledger: Ledger, queries: Queries) -> None:
    await past(ledger, [0.50, 0.40, 0.60, 0.50, 0.45])
    assert await told(queries, 4.99) == []
    (alert,) = await told(queries, 5.01)
    assert alert["text"] == "project web spent $5.01 in 15 minutes, 10 times its usual $0.50, $20.04/h"


async def test_others_and_long_ago_are_not_its_past(ledger: Ledger, queries: Queries) -> None:
    await past(ledger, [0.01] * 10, project="docs")
    assert await told(queries, 50) == []


async def test_below_the_floor_nothing_is_far(ledger: Ledger, queries: Queries) -> None:
    await past(ledger, [0.001] * 6)
    assert await told(queries, 0.99) == []
    assert len(await told(queries, 1.01)) == 1
    high = GuardRules(burn=BurnRule(floor_nano=5 * NANO_PER_USD))
    assert await told(queries, 1.01, high) == []


async def test_a_stop_is_told_once_and_counts_anew(ledger: Ledger, queries: Queries) -> None:
    await past(ledger, [0.001] * 6)
    (alert,) = await told(queries, 10, GuardRules(burn=BurnRule(action=Action.STOP)))
    assert alert["action"] == "stop" and alert["until"] is not None


async def test_off_asks_nothing(ledger: Ledger, queries: Queries) -> None:
    await past(ledger, [0.001] * 6)
    assert await told(queries, 10, GuardRules(burn=BurnRule(action=Action.OFF))) == []


async def test_quarters_are_those_in_which_something_was_spent(ledger: Ledger, queries: Queries) -> None:
    await past(ledger, [0.5, 0.25])
    since, until = (instant_text(CLOCK.now() - timedelta(hours=hours)) for hours in (5, 0))
    assert sorted(queries.quarters({"project": "web"}, since, until)) == [250_000_000, 500_000_000]
    assert queries.quarters({"project": "docs"}, since, until) == []
    shorter = instant_text(CLOCK.now() - timedelta(minutes=90))
    assert queries.quarters({}, since, shorter) == [250_000_000]
