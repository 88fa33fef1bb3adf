"""Spend over time, and what caches and routes saved."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.calls import DecisionAnswer, RoutingAnswer
from gateway_core.http.admin.answers.overview import CacheAnswer, SpendAnswer
from gateway_core.http.admin.engine import Gateway, read
from gateway_core.http.admin.queries import Range, steps
from gateway_core.http.admin.subject import subject

router = subject("spend")


@router.get("/spend")
async def spend(
    gateway: Gateway,
    range: Range = "24h",
    by: Literal["model", "project", "user", "mode", "provider"] = "model",
) -> SpendAnswer:
    """Cost in equal steps of time, by group; the parts add up to the total."""
    wanted = steps(gateway, range)
    found = await read(
        gateway.queries.spend_series,
        instant_text(wanted.start),
        int(wanted.step.total_seconds()),
        wanted.count,
        by,
    )
    return SpendAnswer.model_validate(found)


@router.get("/cache")
async def cache(gateway: Gateway, range: Range = "24h") -> CacheAnswer:
    """Hits of the exact cache, the share that providers read from theirs, and what both saved."""
    found = await read(gateway.queries.cache_summary, instant_text(steps(gateway, range).start))
    # Of nothing asked, nothing was found.
    found["exact"]["rate"] = found["exact"]["rate"] or 0.0
    found["provider"]["share"] = found["provider"]["share"] or 0.0
    return CacheAnswer.model_validate(found)


@router.get("/routing")
async def routing(gateway: Gateway, limit: Annotated[int, Query(ge=1, le=1000)] = 50) -> RoutingAnswer:
    """The latest decisions about where a call went, and why."""
    found = await read(gateway.queries.routing, limit)
    return RoutingAnswer(decisions=[DecisionAnswer.model_validate(each) for each in found])
