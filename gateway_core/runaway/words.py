"""The guard in words: who it speaks of, and what a refused client is told."""

from __future__ import annotations

import math

from gateway_core.model.errors import Refusal
from gateway_core.model.money import NANO_PER_USD, Nano
from gateway_core.runaway.stops import Stop


def whom(who: tuple[str, str]) -> str:
    """Token and, by its beginning, the session."""
    token, session = who
    return f"token {token}, session {session[:12]}" if session else f"token {token}"


def in_words(nano: Nano) -> str:
    """Dollars for people: cents, and more digits of what is less."""
    usd = nano / NANO_PER_USD
    return f"{usd:,.2f}" if usd >= 0.1 or not nano else f"{usd:.2g}"


def refusal(stop: Stop, now: float) -> Refusal:
    """What a client is told whose call falls under a stop."""
    price = f", ${in_words(stop.hourly)} an hour" if stop.hourly else ""
    minutes = max(1, math.ceil((stop.ends - now) / 60))
    return Refusal(
        402,
        "runaway_stopped",
        f"runaway guard: {stop.what}{price}; such calls are refused until {stop.until_words} "
        f"({minutes} min). Lift it with: llmconsole guard lift",
        headers={"x-should-retry": "false"},
    )
