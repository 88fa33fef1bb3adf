"""Rows for the store's tests: short to write, different from each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio

from gateway_core.clock import instant_text
from gateway_core.model.rows import Attempt, CacheUse, Certainty, Correction, FinalRow, OpenRow, Outcome
from gateway_core.model.usage import Usage

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(seconds: float = 0) -> str:
    """An instant that many seconds after noon."""
    return instant_text(NOON + timedelta(seconds=seconds))


async def eventually(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Returns once the condition holds; fails where it does not in that time."""
    with anyio.fail_after(seconds):
        while True:
            if condition():
                return
            await anyio.sleep(0.005)


def opening(call_id: str, **changes: Any) -> OpenRow:
    """A call about to be sent at noon, holding 0.05 dollars."""
    values: dict[str, Any] = {
        "id": call_id,
        "started_at": at(),
        "format": "openai",
        "path": "/v1/chat/completions",
        "asked_model": "gpt-5",
        "model": "gpt-5",
        "provider": "openai",
        "token": "default",
        "stream": True,
        "held_nano": 50_000_000,
        "tags": {"project": "web"},
        "price_id": "openai:gpt-5:2025-08-07",
    }
    return OpenRow(**{**values, **changes})


def ending(call_id: str, **changes: Any) -> FinalRow:
    """The end of such a call, one second later, for 0.02 dollars."""
    values: dict[str, Any] = {
        "id": call_id,
        "started_at": at(),
        "finished_at": at(1),
        "outcome": Outcome.OK,
        "format": "openai",
        "path": "/v1/chat/completions",
        "asked_model": "gpt-5",
        "model": "gpt-5",
        "provider": "openai",
        "token": "default",
        "stream": True,
        "usage": Usage(input=100, cached_input=20, output=30, reasoning=10),
        "cost_nano": 20_000_000,
        "cache": CacheUse.MISS,
        "attempts": 1,
        "first_byte_ms": 120.5,
        "duration_ms": 1000.0,
        "overhead_ms": 0.4,
        "tags": {"project": "web"},
        "price_id": "openai:gpt-5:2025-08-07",
    }
    return FinalRow(**{**values, **changes})


def trying(number: int, **changes: Any) -> Attempt:
    """A try of such a call that the provider did not serve, and that cost nothing."""
    values: dict[str, Any] = {
        "number": number,
        "started_at": at(number / 10),
        "finished_at": at(number / 10 + 0.05),
        "provider": "groq",
        "model": "gpt-5",
        "http_status": 503,
        "error": "upstream_503: overloaded",
        "held_nano": 30_000_000,
    }
    return Attempt(**{**values, **changes})


def correcting(call_id: str, **changes: Any) -> Correction:
    """A word an hour later that the call cost 0.03 dollars."""
    values: dict[str, Any] = {
        "call_id": call_id,
        "at": at(3600),
        "who": "ann",
        "why": "the price was wrong",
        "cost_nano": 30_000_000,
        "certainty": Certainty.COMPUTED,
        "price_id": "user:openai/gpt-5",
    }
    return Correction(**{**values, **changes})
