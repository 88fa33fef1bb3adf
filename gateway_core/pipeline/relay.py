"""Hands a provider's answer on to the client: whole or as it streams, read on the way, bytes untouched."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Protocol

from gateway_core.bodies import Decoder, decode_body
from gateway_core.formats import DIALECTS
from gateway_core.formats.bridge import Bridge
from gateway_core.formats.dialect import StreamMeter
from gateway_core.formats.served import with_served_tier
from gateway_core.model.call import Ask, Reading
from gateway_core.model.errors import Refusal
from gateway_core.pipeline.exchange import Client, HeaderList, Inbound
from gateway_core.upstream import Answer

ANSWER_LIMIT = 256 * 2**20
"""Bytes of a whole answer at the most."""
KEEP_LIMIT = 4 * 2**20
"""Bytes of an answer that the cache keeps at the most."""

Progress = Callable[[StreamMeter], None]


class Cover(Protocol):
    """What stands for a stream while it runs."""

    async def room(self, seen: int) -> int | None:
        """Bytes of content that may be handed on now, None without a bound. Raises Refusal: end it here."""


@dataclass(slots=True)
class Relayed:
    """What passed. `reading` and `output_bytes` are right at every moment, also when the client has left."""

    reading: Reading = field(default_factory=lambda: Reading(finished=False))
    output_bytes: int = 0
    complete: bool = False
    """The answer reached its proper end."""
    pieces: list[bytes] | None = None
    """What the client got, piece by piece, where the cache wants it."""
    kept: int = 0
    clock: Callable[[], float] | None = None
    """Where it matters when the pieces came."""
    came: list[float] = field(default_factory=list)
    """Monotonic seconds of each piece that is kept."""

    def keep(self, piece: bytes) -> None:
        if self.pieces is not None and piece:
            self.kept += len(piece)
            self.pieces.append(piece)
            if self.clock is not None:
                self.came.append(self.clock())
            if self.kept > KEEP_LIMIT:
                self.pieces = None


def is_stream(answer: Answer, ask: Ask) -> bool:
    """Whether the answer comes piece by piece."""
    kind = header_of(answer, b"content-type")
    return kind.startswith(b"text/event-stream") or (ask.stream and ask.dialect == "gemini")


def plain_body(answer: Answer, body: bytes) -> bytes:
    """The bytes of a body without the compression that its headers tell. Raises Refusal 502."""
    encoding = header_of(answer, b"content-encoding")
    return decode_body(body, encoding.decode("latin-1"), ANSWER_LIMIT, status=502) if encoding else body


async def read_whole(answer: Answer, request: Inbound, relayed: Relayed, bridge: Bridge | None) -> bytes:
    """The body of a whole answer as it came, or as it came over a bridge, read into `relayed`.

    Raises Refusal 502 for an answer that no bridge can carry.
    """
    body = await answer.read(ANSWER_LIMIT)
    plain = plain_body(answer, body)
    dialect = request.dialect if bridge is None else bridge.provider
    reading = DIALECTS[dialect].read_answer(request.operation, plain)
    relayed.reading = with_served_tier(reading, answer.headers)
    relayed.output_bytes = len(plain)
    relayed.complete = True
    if bridge is not None:
        body = bridge.answer(plain, relayed.reading.usage)
        answer.headers = bridge.headers(answer.headers, stream=False)
    relayed.keep(body)
    return body


async def relay_stream(
    answer: Answer,
    meter: StreamMeter,
    client: Client,
    relayed: Relayed,
    *,
    withhold: bool,
    progress: Progress,
    cover: Cover | None = None,
) -> bytes:
    """Relays a stream as it comes and returns what is left to write once the call is on record.

    withhold: keep the last piece back; cover: no byte is handed on beyond its room. Raises Refusal 502 where
    the stream ends without its end mark, and what `cover` raises.
    """
    encoding = header_of(answer, b"content-encoding")
    decoder = Decoder(encoding.decode("latin-1")) if encoding else None
    waiting = b""
    try:
        chunks = _covered(answer, decoder, meter, cover) if decoder or cover else answer.chunks()
        async for chunk in chunks:
            piece = meter.feed(chunk)
            if cover is not None:
                # An event counts when it is whole: it may be larger than the room that its bytes came in.
                await cover.room(meter.output_bytes)
            relayed.keep(piece)
            progress(meter)
            if withhold:
                piece, waiting = waiting, piece
            if piece:
                await client.write(piece)
    finally:
        relayed.reading = with_served_tier(meter.reading, answer.headers)
        relayed.output_bytes = meter.output_bytes
    rest = meter.close()
    relayed.keep(rest)
    relayed.reading = with_served_tier(meter.reading, answer.headers)
    relayed.complete = relayed.reading.finished
    if not relayed.complete:
        if last := waiting + rest:
            await client.write(last)
        raise meter.refusal or Refusal(
            502, "stream_broken", "the provider's stream ended before its end mark; what came is booked"
        )
    return waiting + rest


async def _covered(
    answer: Answer, decoder: Decoder | None, meter: StreamMeter, cover: Cover | None
) -> AsyncIterator[bytes]:
    """The chunks of an answer, cut where what stands for them ends: content is never more than its bytes."""
    async for chunk in answer.chunks():
        data = decoder.feed(chunk) if decoder else chunk
        while cover is not None and (room := await cover.room(meter.output_bytes)) is not None:
            if len(data) <= room:
                break
            yield data[:room]
            data = data[room:]
        yield data


def passed_headers(answer: Answer, *, decoded: bool) -> HeaderList:
    """The provider's own headers, without those that no longer fit the bytes."""
    gone = {b"content-length", b"content-encoding"} if decoded else {b"content-length"}
    return [(name, value) for name, value in answer.headers if name.lower() not in gone]


def header_of(answer: Answer, name: bytes) -> bytes:
    """The value of an answer's header in lower case; empty where there is none."""
    return next((value.lower() for key, value in answer.headers if key.lower() == name), b"")
