"""Sends answers in their tempo, with the hangs and breaks that a request asked for."""

from __future__ import annotations

from collections.abc import Iterable

from gateway_core.simulated.answer import Tempo
from gateway_core.simulated.knobs import Fault
from gateway_core.simulated.line import Line
from gateway_core.simulated.seen import Arrival
from gateway_core.simulated.wire.base import Event, Headers


async def send_whole(
    line: Line, arrival: Arrival, body: bytes, headers: Headers, seconds: float, broken: Fault | None
) -> None:
    """An answer with its length; a broken one stops in its middle and the connection closes."""
    if seconds > 0:
        await line.wait(seconds)
    length = (b"content-length", str(len(body)).encode())
    await line.start(200, [(b"content-type", b"application/json"), length, *headers])
    if broken is not None:
        # Returning without the rest makes the server close the connection.
        await line.write(body[: len(body) // 2])
        return
    await line.finish(body)
    arrival.finished = True


async def send_stream(
    line: Line,
    arrival: Arrival,
    events: Iterable[Event],
    headers: Headers,
    tempo: Tempo,
    hang: Fault | None,
    broken: Fault | None,
    error: bytes,
) -> None:
    """Events one by one. `error` is the format's own error event, for a break of that kind."""
    if tempo.first > 0:
        await line.wait(tempo.first)
    await line.start(200, headers)
    for event in events:
        if event.content:
            if broken is not None and arrival.chunks >= broken.chunks:
                await _break(line, broken, error)
                return
            if hang is not None and arrival.chunks == hang.chunks:
                await line.wait(hang.seconds)
            await _pause(line, tempo.gap if arrival.chunks else 0.0)
            arrival.chunks += 1
        await line.write(event.data)
    await line.wait(0)
    await line.finish()
    arrival.finished = True


async def _pause(line: Line, seconds: float) -> None:
    if seconds > 0:
        await line.wait(seconds)
    else:
        await line.breathe()


async def _break(line: Line, broken: Fault, error: bytes) -> None:
    if broken.kind == "error":
        await line.finish(error)
    elif broken.kind == "clean":
        await line.finish()
