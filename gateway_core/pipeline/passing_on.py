"""An answer on a path that passes through: handed on as it comes, and looked at for the usage it carries."""

from __future__ import annotations

from gateway_core.bodies import Decoder
from gateway_core.formats import DIALECTS
from gateway_core.formats.dialect import StreamMeter
from gateway_core.model.call import Ask, Reading
from gateway_core.model.errors import Refusal
from gateway_core.model.rows import Outcome
from gateway_core.pipeline.failures import refusal_of
from gateway_core.pipeline.passage import Passage
from gateway_core.pipeline.relay import header_of, passed_headers
from gateway_core.upstream import Answer, UpstreamFailure

WHOLE_LIMIT = 2**20
"""Bytes up to which an answer of known length is read whole, so that its cost can stand in its head."""

LOOK_LIMIT = 32 * 2**20
"""Bytes of JSON that are kept to be read: the usage of pictures stands behind the pictures."""

_BODYLESS = (204, 304)


async def pass_on(call: Passage, ask: Ask, answer: Answer) -> None:
    """The answer, byte for byte. A body that breaks off breaks off for the client too."""
    record = call.record
    look = Look(ask, answer)
    size = header_of(answer, b"content-length")
    try:
        if answer.status not in _BODYLESS and size.isdigit() and int(size) <= WHOLE_LIMIT:
            await _whole(call, answer, look)
        else:
            await _pieces(call, answer, look)
    except UpstreamFailure as failure:
        raise refusal_of(failure, record.target) from failure
    finally:
        if not call.relayed.complete:
            call.relayed.reading = look.reading


async def _whole(call: Passage, answer: Answer, look: Look) -> None:
    body = await answer.read(WHOLE_LIMIT)
    look.feed(body)
    call.record.first_byte_at = call.parts.clock.monotonic()
    await _end(call, look)
    headers = passed_headers(answer, decoded=False)
    headers += call.our_headers(cost=call.record.booking.cost_nano)
    await call.client.answer(answer.status, headers, body)


async def _pieces(call: Passage, answer: Answer, look: Look) -> None:
    headers = passed_headers(answer, decoded=False) + call.our_headers()
    await call.client.start(answer.status, headers)
    async for piece in answer.chunks():
        if call.record.first_byte_at is None:
            call.record.first_byte_at = call.parts.clock.monotonic()
        look.feed(piece)
        await call.client.write(piece)
    await _end(call, look)
    await call.client.finish()


async def _end(call: Passage, look: Look) -> None:
    """The answer has come whole: books it and writes its row."""
    call.relayed.reading, call.relayed.complete = look.reading, True
    call.record.last_byte_at = call.parts.clock.monotonic()
    call.record.outcome = Outcome.OK
    await call.recorded()


class Look:
    """Reads along where an answer may carry usage: JSON within a limit, and events."""

    def __init__(self, ask: Ask, answer: Answer) -> None:
        kind = header_of(answer, b"content-type")
        encoding = header_of(answer, b"content-encoding").decode("latin-1")
        self._ask = ask
        self._decoder = Decoder(encoding) if encoding else None
        self._meter: StreamMeter | None = None
        self._json: bytearray | None = None
        if kind.startswith(b"text/event-stream"):
            self._meter = DIALECTS[ask.dialect].meter(ask, hide_usage=False)
        elif b"json" in kind:
            self._json = bytearray()

    def feed(self, data: bytes) -> None:
        """A piece of the body, as it came."""
        if self._meter is None and self._json is None:
            return
        try:
            plain = self._decoder.feed(data) if self._decoder else data
        except Refusal:
            # It cannot be read from here; whether the client can is not our business.
            self._meter = self._json = None
            return
        if self._meter is not None:
            self._meter.feed(plain)
        elif self._json is not None:
            self._json += plain
            if len(self._json) > LOOK_LIMIT:
                self._json = None

    @property
    def reading(self) -> Reading:
        """What the answer has said about itself up to now."""
        if self._meter is not None:
            return self._meter.reading
        if self._json:
            return DIALECTS[self._ask.dialect].read_answer(self._ask.operation, bytes(self._json))
        return Reading()
