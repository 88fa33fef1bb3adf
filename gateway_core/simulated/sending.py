"""Sends answers in their tempo, with the hangs and breaks that a request asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gateway_core.simulated.answer import Tempo
from gateway_core.simulated.faults import moments
from gateway_core.simulated.knobs import Fault, Knobs
from gateway_core.simulated.line import Line
from gateway_core.simulated.packing import Packer, packer_for
from gateway_core.simulated.seen import Arrival
from gateway_core.simulated.wire.base import Event, Headers


@dataclass(frozen=True, slots=True)
class Manner:
    """How one answer goes out. `strikes`: the faults of the knobs happen this time."""

    headers: Headers
    tempo: Tempo
    knobs: Knobs
    strikes: bool


async def send_whole(line: Line, arrival: Arrival, body: bytes, manner: Manner) -> None:
    """An answer with its length; a broken one stops in its middle and the connection closes."""
    if manner.tempo.whole > 0:
        await line.wait(manner.tempo.whole)
    packer = packer_for(manner.knobs.encoding)
    packed = packer.pack(body) + packer.end()
    await line.start(200, [*_headers(manner), (b"content-length", str(len(packed)).encode())])
    _, broken = moments(manner.knobs, manner.strikes)
    if broken is not None:
        # Returning without the rest makes the server close the connection.
        await line.write(packed[: len(packed) // 2])
        return
    await line.finish(packed)
    arrival.finished = True


async def send_stream(
    line: Line, arrival: Arrival, events: Iterable[Event], manner: Manner, error: bytes
) -> None:
    """Events one by one. `error` is the format's own error event, for a break of that kind."""
    tempo, packer = manner.tempo, packer_for(manner.knobs.encoding)
    hang, broken = moments(manner.knobs, manner.strikes)
    if tempo.first > 0:
        await line.wait(tempo.first)
    await line.start(200, _headers(manner))
    for event in events:
        if event.content:
            if broken is not None and arrival.chunks >= broken.chunks:
                await _break(line, broken, packer, error)
                return
            if hang is not None and arrival.chunks == hang.chunks:
                await line.wait(hang.seconds)
            await _pause(line, tempo.gap if arrival.chunks else 0.0)
            arrival.chunks += 1
        await line.write(packer.pack(event.data))
    await line.wait(0)
    await line.finish(packer.end())
    arrival.finished = True


def _headers(manner: Manner) -> Headers:
    encoding = manner.knobs.encoding
    return [*manner.headers, (b"content-encoding", encoding.encode())] if encoding else manner.headers


async def _pause(line: Line, seconds: float) -> None:
    if seconds > 0:
        await line.wait(seconds)
    else:
        await line.breathe()


async def _break(line: Line, broken: Fault, packer: Packer, error: bytes) -> None:
    """Ends the stream too early; where it only returns, the server closes the connection."""
    if broken.kind == "error":
        await line.finish(packer.pack(error) + packer.end())
    elif broken.kind == "clean":
        await line.finish(packer.end())
