"""The provider's answer to the client: whole, as a stream that is held for as it comes, or as an error."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from gateway_core.formats.dialect import StreamMeter
from gateway_core.model.call import Ask, Operation
from gateway_core.model.errors import Refusal
from gateway_core.model.events import EventKind
from gateway_core.model.money import usd_string
from gateway_core.model.rows import Outcome
from gateway_core.pipeline.bridging import bridged_error
from gateway_core.pipeline.exchange import HeaderList
from gateway_core.pipeline.failures import refusal_of
from gateway_core.pipeline.passage import Passage
from gateway_core.pipeline.passing_on import pass_on
from gateway_core.pipeline.relay import (
    Reader,
    is_stream,
    passed_headers,
    plain_body,
    read_whole,
    relay_stream,
)
from gateway_core.rules.estimate import input_estimate, output_estimate
from gateway_core.rules.pricing import worst_case
from gateway_core.state.memory import Hold
from gateway_core.upstream import Answer, UpstreamFailure

PROGRESS_PAUSE = 0.25
"""Seconds between two progress events of one stream."""
ERROR_LIMIT = 2**20


async def hand_on(call: Passage, ask: Ask, answer: Answer) -> None:
    """The provider's answer to the client, bytes untouched where both speak one format."""
    call.record.http_status = answer.status
    if answer.status >= 400:
        await _error(call, answer)
    elif ask.operation is Operation.OTHER:
        await pass_on(call, ask, answer)
    elif is_stream(answer, ask):
        await _stream(call, ask, answer)
    else:
        await give(call, await take(call, ask, answer))


async def _error(call: Passage, answer: Answer) -> None:
    record = call.record
    record.outcome = Outcome.FAILED
    redact = call.parts.vault.redact
    if call.bridge is not None:
        body = redact(await bridged_error(call.bridge, answer))
    else:
        body = redact(plain_body(answer, await answer.read(ERROR_LIMIT)))
    record.error = f"{answer.status} from {record.target}: {body[:300].decode('utf-8', 'replace')}"
    record.last_byte_at = call.parts.clock.monotonic()
    call.give_back()
    await call.recorded()
    headers = [(name, redact(value)) for name, value in passed_headers(answer, decoded=True)]
    await call.client.answer(answer.status, headers + call.our_headers(), body)


@dataclass(slots=True)
class Taken:
    """An answer that was read to its end, and that the client has not seen. pieces: of a stream."""

    answer: Answer
    pieces: list[bytes]
    stream: bool

    def put(self, data: bytes) -> bool:
        """Takes a piece of a stream in the client's place."""
        self.pieces.append(data)
        return True

    async def write(self, data: bytes) -> None:
        """The same."""
        self.put(data)


async def take(call: Passage, ask: Ask, answer: Answer) -> Taken:
    """Reads an answer whole, of whatever kind. Raises Refusal 402, 502 and 504."""
    taken = Taken(answer, [], is_stream(answer, ask))
    if taken.stream:
        passed = _passed_with_stream(call, answer)
        taken.pieces.append(await _relay(call, ask, answer, taken))
        answer.headers = passed
    else:
        taken.pieces.append(await _read(call, answer))
        call.record.first_byte_at = call.parts.clock.monotonic()
    call.record.last_byte_at = call.parts.clock.monotonic()
    return taken


async def give(call: Passage, taken: Taken) -> None:
    """Puts the call on record, and gives the client what was taken."""
    call.record.outcome = Outcome.OK
    await call.recorded()
    status, headers = taken.answer.status, passed_headers(taken.answer, decoded=False)
    if not taken.stream:
        ours = call.our_headers(cost=call.record.whole_nano)
        await call.client.answer(status, headers + ours, b"".join(taken.pieces))
        return
    await call.client.start(status, headers + call.our_headers())
    for piece in taken.pieces:
        if piece:
            await call.client.write(piece)
    await call.client.finish()


async def _stream(call: Passage, ask: Ask, answer: Answer) -> None:
    record = call.record
    passed = _passed_with_stream(call, answer)
    await call.client.start(answer.status, passed + call.our_headers())
    rest = await _relay(call, ask, answer, call.client)
    answer.headers = passed
    record.last_byte_at = call.parts.clock.monotonic()
    record.outcome = Outcome.OK
    await call.recorded()
    await call.client.finish(rest)


def _passed_with_stream(call: Passage, answer: Answer) -> HeaderList:
    decoded = call.hide_usage or any(name.lower() == b"content-encoding" for name, _ in answer.headers)
    passed = passed_headers(answer, decoded=decoded)
    return call.bridge.headers(passed, stream=True) if call.bridge is not None else passed


async def _read(call: Passage, answer: Answer) -> bytes:
    try:
        return await read_whole(answer, call.request, call.relayed, call.bridge)
    except UpstreamFailure as failure:
        raise refusal_of(failure, call.record.target) from failure


async def _relay(call: Passage, ask: Ask, answer: Answer, reader: Reader) -> bytes:
    """Relays a stream; what is left to write once the call is on record."""
    try:
        return await relay_stream(
            answer,
            call.bridge.meter() if call.bridge else call.dialect.meter(ask, hide_usage=call.hide_usage),
            reader,
            call.relayed,
            withhold=call.parts.strict,
            progress=partial(_progress, call, ask),
            cover=Cover(call, call.hold) if call.hold and call.hold.room(0) is not None else None,
        )
    except UpstreamFailure as failure:
        raise refusal_of(failure, call.record.target) from failure


class Cover:
    """The hold of a running stream: nothing is handed on that it does not cover."""

    def __init__(self, call: Passage, hold: Hold) -> None:
        self._call = call
        self._hold = hold

    def lasts(self, seen: int, more: int) -> bool:
        """Whether so many bytes of content more may be handed on without asking for room."""
        hold = self._hold
        if hold.is_due(seen):
            return False
        room = hold.room(seen)
        return room is None or more <= room

    async def room(self, seen: int) -> int | None:
        """Bytes of content that may be handed on now, None without a bound; holds the next slice first.

        seen: bytes of content that the stream has brought. Raises Refusal 402: the stream ends here.
        """
        call, hold = self._call, self._hold
        if hold.is_due(seen):
            assert call.record.target is not None
            try:
                await call.parts.admission.extend(hold, call.facts(call.record.target), seen)
            except Refusal:
                call.record.cut = True
                raise
            call.record.holds(hold)
            await self._record()
        return hold.room(seen)

    async def _record(self) -> None:
        """Puts the grown hold on record. Where the ledger cannot be written the stream goes on all the same:
        it was let in, and what it holds counts."""
        try:
            row = await self._call.put_on_record()
        except Refusal:
            return
        if self._call.live is not None:
            self._call.live.row = row


def _progress(call: Passage, ask: Ask, meter: StreamMeter) -> None:
    """Notes the first byte, and tells watchers now and then how far the stream is."""
    now, record, live = call.parts.clock.monotonic(), call.record, call.live
    if record.first_byte_at is None:
        record.first_byte_at = now
    if live is None or now - live.told_at < PROGRESS_PAUSE:
        return
    live.told_at = now
    live.first_byte_ms = round((record.first_byte_at - record.began) * 1000, 3)
    live.output_tokens = output_estimate(meter.output_bytes)
    if record.price is not None:
        live.cost_nano = worst_case(
            record.price, input_tokens=input_estimate(ask), output_tokens=live.output_tokens
        )
    call.parts.bus.publish(
        EventKind.CALL_PROGRESS,
        {
            "id": record.id,
            "output_tokens": live.output_tokens,
            "cost_usd": usd_string(live.cost_nano),
            "first_byte_ms": live.first_byte_ms,
        },
    )
