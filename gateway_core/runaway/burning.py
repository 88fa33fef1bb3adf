"""Compares what tags spend with their own past, off the way of requests."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from gateway_core.clock import Clock, instant_text
from gateway_core.rules.watch import BURN_MINUTES, Action, burns, usual
from gateway_core.runaway import Runaway
from gateway_core.store.queries import Queries

PAST = timedelta(days=7)
SPAN = timedelta(minutes=BURN_MINUTES)


async def judge(runaway: Runaway, queries: Queries, clock: Clock) -> None:
    """Looks once: asks the ledger only about tags that spend above the floor just now."""
    rules = runaway.rules
    if not rules.on or rules.burn.action is Action.OFF:
        return
    for (key, value), meter in tuple(runaway.meters.items()):
        spent = meter.roll(clock.monotonic())
        if spent < rules.burn.floor_nano:
            continue
        now = clock.now()
        since, until = instant_text(now - PAST), instant_text(now - SPAN)
        past = await asyncio.to_thread(queries.quarters, {key: value}, since, until)
        median = usual(past)
        if median is not None and burns(spent, past, rules.burn):
            runaway.burning(key, value, spent, median, SPAN)
