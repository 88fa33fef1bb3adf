"""Events as they happen: server-sent, resumable, with a ping that keeps the connection known to be alive."""

from __future__ import annotations

from typing import Annotated

import anyio
import anyio.abc
import msgspec
from fastapi import Header
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway_core.bus import Bus
from gateway_core.http.admin.engine import Gateway
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import Refusal
from gateway_core.model.events import Event

PING_SECONDS = 15.0
GATHERED_SECONDS = 0.05
"""What comes within so long of an event is sent together: a busy gateway does not wake for each watcher at
each event, and no person sees the difference."""
LONGEST_ID = 20
"""Digits of an event's number at the most."""
router = subject("events")


class EventStream(Response):
    """A response that lasts as long as its reader, or the gateway."""

    media_type = "text/event-stream"

    def __init__(self, bus: Bus, after: int | None) -> None:
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._bus = bus
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._relay, send, tasks)
            tasks.start_soon(_ping, send)
            tasks.start_soon(_until_gone, receive, tasks)
        await send({"type": "http.response.body", "body": b""})

    async def _relay(self, send: Send, tasks: anyio.abc.TaskGroup) -> None:
        await _write(send, b": watching\n\n")
        async for events in self._bus.watch(self._after):
            await _write(send, b"".join(map(framed, events)))
            await anyio.sleep(GATHERED_SECONDS)
        tasks.cancel_scope.cancel()


@router.get("/events", response_class=StreamingResponse)
async def events(gateway: Gateway, last_event_id: Annotated[str | None, Header()] = None) -> EventStream:
    """What happens from now on, or after `Last-Event-ID`: `event:` is the kind, `data:` its JSON.

    A comment comes each 15 s; the stream ends when the gateway does.
    """
    if last_event_id is not None and not (last_event_id.isdecimal() and len(last_event_id) <= LONGEST_ID):
        raise Refusal(400, "invalid_event_id", f"Last-Event-ID {last_event_id[:40]!r} is no number of ours")
    return EventStream(gateway.bus, int(last_event_id) if last_event_id else None)


def framed(event: Event) -> bytes:
    """One event on the wire."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (
        event.id,
        event.kind.value.encode(),
        msgspec.json.encode(event.data),
    )


async def _ping(send: Send) -> None:
    while True:
        await anyio.sleep(PING_SECONDS)
        await _write(send, b": ping\n\n")


async def _until_gone(receive: Receive, tasks: anyio.abc.TaskGroup) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
    tasks.cancel_scope.cancel()


async def _write(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})
