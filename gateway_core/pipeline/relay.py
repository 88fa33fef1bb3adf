"""Hands a provider's answer on to the client: whole or as it streams, read on the way, bytes untouched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from gateway_core.bodies import Decoder, decode_body
from gateway_core.formats import DIALECTS
from gateway_core.formats.bridge import Bridge
from gateway_core.formats.dialect import StreamMeter
from gateway_core.formats.served import with_served_tier
from gateway_core.model.call import Ask, Reading
from gateway_core.model.errors import Refusal
from gateway_core.pipeline.exchange import HeaderList, Inbound
from gateway_core.upstream import Answer

ANSWER_LIMIT = 256 * 2**20
"""Bytes of a whole answer at the most."""
KEEP_LIMIT = 4 * 2**20
"""Bytes of an answer that the cache keeps at the most."""

Progress = Callable[[StreamMeter], None]


class Reader(Protocol):
    """Who gets the pieces of a stream."""

    def put(self, data: bytes) -> bool:
        """A piece of a stream, at once; False where `write` has to wait before the next one."""

    async def write(self, data: bytes) -> None:
        """A piece of it."""


class Cover(Protocol):
    """What stands for a stream while it runs."""

    async def room(self, seen: int) -> int | None:
        """Bytes of content that may be handed on now, None without a bound. Raises Refusal: end it here."""

    def lasts(self, seen: int, more: int) -> bool:
        """Whether so many bytes more may be handed on without asking for room."""


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
    client: Reader,
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
    flow = _Flow(answer, meter, client, relayed, progress, cover, withhold)
    try:
        while not await answer.pour(flow.take):
            await flow.catch_up()
    except asyncio.CancelledError:
        if meter.reading.finished:
            # The client left with the end mark: what is kept of the answer is whole all the same.
            relayed.keep(meter.close())
        raise
    finally:
        relayed.reading = with_served_tier(meter.reading, answer.headers)
        relayed.output_bytes = meter.output_bytes
    rest = meter.close()
    relayed.keep(rest)
    relayed.reading = with_served_tier(meter.reading, answer.headers)
    relayed.complete = relayed.reading.finished
    if not relayed.complete:
        if last := flow.waiting + rest:
            await client.write(last)
        raise meter.refusal or Refusal(
            502, "stream_broken", "the provider's stream ended before its end mark; what came is booked"
        )
    return flow.waiting + rest


class _Flow:
    """A stream on its way. Pieces pass in the moment in which they come, outside of any task; what has to
    wait for the client or for money is caught up with in the request's own."""

    def __init__(
        self,
        answer: Answer,
        meter: StreamMeter,
        client: Reader,
        relayed: Relayed,
        progress: Progress,
        cover: Cover | None,
        withhold: bool,
    ) -> None:
        encoding = header_of(answer, b"content-encoding")
        self._decoder = Decoder(encoding.decode("latin-1")) if encoding else None
        self._meter = meter
        self._client = client
        self._relayed = relayed
        self._progress = progress
        self._cover = cover
        self._withhold = withhold
        self._beyond = b""
        """What came and may need more room than there is; nothing of it is read yet."""
        self._read = b""
        """Whole events that need more room than there was."""
        self.waiting = b""
        """The last piece, where it is kept back."""

    def take(self, chunk: bytes, last: bool) -> bool:
        """A piece of the answer; False where `catch_up` has to come before the next one."""
        if self._decoder is not None:
            chunk = self._decoder.feed(chunk)
        if self._cover is not None and not self._cover.lasts(self._meter.output_bytes, len(chunk)):
            self._beyond = chunk
            return False
        piece = self._meter.feed(chunk)
        # An event counts when it is whole: it may be larger than the room that its bytes came in.
        if self._cover is not None and not self._cover.lasts(self._meter.output_bytes, 0):
            self._read = piece
            return False
        return self._hand(piece, last)

    async def catch_up(self) -> None:
        """Hands on what had to wait, and waits until the client takes more."""
        data, self._beyond = self._beyond, b""
        if self._cover is not None:
            await self._catch_up(self._cover, data)
        await self._client.write(b"")

    async def _catch_up(self, cover: Cover, data: bytes) -> None:
        while data or self._read:
            # Cut where what stands for the stream ends: content is never more than its bytes.
            room = await cover.room(self._meter.output_bytes)
            piece, self._read = self._read, b""
            if not piece:
                part, data = (data, b"") if room is None else (data[:room], data[room:])
                piece = self._meter.feed(part)
                await cover.room(self._meter.output_bytes)
            if not self._hand(piece, last=False):
                await self._client.write(b"")

    def _hand(self, piece: bytes, last: bool) -> bool:
        """Hands a piece to the client; False where it has to take some first. The last one goes out with the
        end of the stream."""
        if self._relayed.pieces is not None:
            self._relayed.keep(piece)
        self._progress(self._meter)
        if self._withhold or last:
            piece, self.waiting = self.waiting, piece
        return self._client.put(piece) if piece else True


def passed_headers(answer: Answer, *, decoded: bool) -> HeaderList:
    """The provider's own headers, without those that no longer fit the bytes."""
    gone = {b"content-length", b"content-encoding"} if decoded else {b"content-length"}
    return [(name, value) for name, value in answer.headers if name.lower() not in gone]


def header_of(answer: Answer, name: bytes) -> bytes:
    """The value of an answer's header in lower case; empty where there is none."""
    return next((value.lower() for key, value in answer.headers if key.lower() == name), b"")
