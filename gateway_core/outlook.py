"""Where spending goes from here: how fast matching calls use money, or tokens, of late."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from gateway_core.clock import instant_text
from gateway_core.model.policy import Match
from gateway_core.rules.projection import Pace, lookback, pace
from gateway_core.store.queries import Queries


async def going_pace(queries: Queries, match: Match, window: str, now: datetime, *, money: bool) -> Pace:
    """The pace over the look-back that fits the window."""
    since = instant_text(now - lookback(window))
    nano, tokens = await asyncio.to_thread(queries.spent, match, since)
    began = await asyncio.to_thread(queries.began)
    history = now - datetime.fromisoformat(began) if began else timedelta()
    return pace(nano if money else tokens, window, history)
