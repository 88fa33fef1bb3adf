"""Events as the gateway writes them, as many as are wanted: calls that open and are settled."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from decimal import Decimal

import anyio
import msgspec

from console.shapes import Call

COST = Decimal("0.0125")
"""Dollars of each call."""
_AT_ONCE = 0.02
"""Seconds between two pieces of the stream."""
_MODELS = ("claude-opus-4-5", "claude-sonnet-4-5", "gpt-5.1", "gpt-5-mini", "gemini-3-pro")


def written(number: int) -> bytes:
    """The event of that number: even ones open a call, odd ones settle it."""
    call, is_settled = divmod(number, 2)
    kind = "call.settled" if is_settled else "call.opened"
    facts = msgspec.json.encode(_facts(call, settled=bool(is_settled)))
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number + 1, kind.encode(), facts)


def settled(call: int) -> Call:
    """The same call as an answer holds it."""
    return msgspec.convert(_facts(call, settled=True), Call)


def _facts(call: int, *, settled: bool) -> dict[str, object]:
    facts: dict[str, object] = {
        "id": f"c{call:012}",
        "started_at": "2026-11-24T14:00:00.000000Z",
        "status": "settled" if settled else "open",
        "format": "openai",
        "path": "/v1/chat/completions",
        "asked_model": _MODELS[call % len(_MODELS)],
        "model": _MODELS[call % len(_MODELS)],
        "provider": "openai",
        "token": "default",
        "stream": True,
        "route_reason": "asked model kept",
        "held_usd": "0.31",
        "tags": {"user": ("ana", "bo", "cyd")[call % 3], "project": "web", "mode": "building"},
    }
    if settled:
        facts |= {
            "finished_at": f"2026-11-24T14:{call // 60 % 60:02}:{call % 60:02}.{call % 1_000_000:06}Z",
            "outcome": "ok",
            "input_tokens": 1_200 + call % 700,
            "output_tokens": 300 + call % 90,
            "cost_usd": str(COST),
            "first_byte_ms": 412.5,
            "duration_ms": 1_833.0,
            "attempts": 1,
            "http_status": 200,
        }
    return facts


def pieces(count: int, size: int) -> Iterator[bytes]:
    """So many events, in pieces of `size` of them."""
    for first in range(0, count, size):
        yield b"".join(written(number) for number in range(first, min(first + size, count)))


async def paced(count: int, rate: float) -> AsyncIterator[bytes]:
    """So many events at so many a second."""
    begun = anyio.current_time()
    told = 0
    for piece in pieces(count, max(1, round(rate * _AT_ONCE))):
        yield piece
        told += max(1, round(rate * _AT_ONCE))
        await anyio.sleep_until(begun + told / rate)
