"""The gateway's event stream: server-sent events, resumed after a broken connection."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import anyio
import httpx
import msgspec

from console.shapes import Event
from console.trouble import ClientError
from console.wire import raise_for

LOST = "connection.lost"
BACK = "connection.back"
SILENCE = 40.0
"""Seconds without a byte after which the connection counts as dead; the gateway pings each 15."""
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 3.0


async def follow(http: httpx.AsyncClient, last_id: int | None) -> AsyncIterator[Event]:
    """Events after `last_id` (None: from now on), over as many connections as it takes."""
    seen = last_id
    lost = False
    pause = FIRST_PAUSE
    while True:
        try:
            async with http.stream("GET", "/events", headers=_headers(seen), timeout=_TIMEOUT) as answer:
                if answer.is_error:
                    await answer.aread()
                    _refuse_unless_passing(answer)
                if lost:
                    lost = False
                    yield Event(seen or 0, BACK, {})
                pause = FIRST_PAUSE
                async for event in read_events(answer.aiter_bytes()):
                    seen = event.id
                    yield event
        except httpx.RequestError:
            pass
        if not lost:
            lost = True
            yield Event(seen or 0, LOST, {})
        await anyio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def read_events(chunks: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    """Events out of a body whose bytes may be split anywhere; comments and events without data left out.
    Raises ClientError for what is none of the gateway's."""
    fields: dict[bytes, bytes] = {}
    async for line in _lines(chunks):
        if line:
            name, _, value = line.partition(b":")
            fields[name] = value.removeprefix(b" ")
            continue
        if b"data" in fields:
            yield _event(fields)
        fields = {}


def _event(fields: Mapping[bytes, bytes]) -> Event:
    try:
        data = msgspec.json.decode(fields[b"data"], type=dict[str, Any])
        return Event(int(fields.get(b"id", b"0")), fields.get(b"event", b"message").decode(), data)
    except (ValueError, msgspec.DecodeError, RecursionError) as error:
        raise ClientError("unexpected", f"the gateway tells events in another shape: {error}", 502) from None


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    rest = b""
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r")


_TIMEOUT = httpx.Timeout(SILENCE, connect=5.0)


def _headers(seen: int | None) -> dict[str, str]:
    return {} if seen is None else {"last-event-id": str(seen)}


def _refuse_unless_passing(answer: httpx.Response) -> None:
    if answer.status_code < 500:
        raise_for(answer)
    raise httpx.TransportError(f"the gateway answered {answer.status_code}")
