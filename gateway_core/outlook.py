"""Where spending goes from here: how fast matching calls use money, or tokens, of late."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway_core.clock import instant_text
from gateway_core.model.policy import Match
from gateway_core.rules.projection import Pace, lookback, pace
from gateway_core.store.queries import Queries


def going_pace(queries: Queries, match: Match, window: str, now: datetime, *, money: bool) -> Pace:
    """The pace over the look-back that fits the window; asked in a worker thread."""
    nano, tokens = queries.spent(match, instant_text(now - lookback(window)))
    began = queries.began()
    history = now - datetime.fromisoformat(began) if began else timedelta()
    return pace(nano if money else tokens, window, history)
