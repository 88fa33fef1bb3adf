"""The way of one request, top to bottom."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from gateway_core.clock import instant_text
from gateway_core.formats.counting import count_answer
from gateway_core.model.call import Ask, Operation, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.rows import CacheUse, Outcome
from gateway_core.pipeline.bridging import only_estimated
from gateway_core.pipeline.escalating import serve_answer
from gateway_core.pipeline.exchange import Client, HeaderList, Inbound
from gateway_core.pipeline.passage import Parts, Passage
from gateway_core.pipeline.planning import plan_call
from gateway_core.pipeline.record import Record
from gateway_core.pipeline.repeats import REPLAYED_HEADER
from gateway_core.pipeline.restraints import allowed
from gateway_core.rules.estimate import input_estimate
from gateway_core.rules.free_paths import costs_nothing
from gateway_core.rules.identity import identify


async def serve(parts: Parts, request: Inbound, client: Client) -> None:
    """Serves one request and leaves exactly one row, however it ends.

    Nothing in the `finally` awaits: a client that leaves cancels this frame wherever it stands, and
    hold, provider and row still end together.
    """
    call = Passage(parts, request, client, _begin(parts, request))
    record = call.record
    try:
        ask = _read(call)
        _identify(call, ask)
        if await _repeated(call):
            return
        targets = await plan_call(call, ask)
        if await _replayed(call, ask, targets[0]):
            return
        if await _estimated(call, ask, targets[0]):
            return
        _watch(call, ask)
        await serve_answer(call, ask, allowed(call, targets))
    except Refusal as refusal:
        record.refuse(refusal)
        call.close()
        await client.refuse(refusal)
    except asyncio.CancelledError:
        if (why := call.was_interrupted()) is None:
            record.leave(whole=call.relayed.reading.finished)
            raise
        record.interrupt(why)
        call.close()
        await client.refuse(why)
    finally:
        call.end()


def _begin(parts: Parts, request: Inbound) -> Record:
    now = parts.clock.now()
    return Record(
        id=request.id,
        clock=parts.clock,
        started_at=instant_text(now),
        arrived=now,
        began=request.began,
        format=str(request.dialect),
        path=f"{request.method} {request.path}" if request.operation is Operation.OTHER else request.path,
        token=request.token.name,
    )


# 2 format, 3 identity; 4 plan is `planning`


def _read(call: Passage) -> Ask:
    request = call.request
    ask = call.dialect.read(
        request.operation, request.body, path_model=request.path_model, path_stream=request.path_stream
    )
    if ask.operation is Operation.OTHER:
        ask = replace(ask, free=costs_nothing(request.method, request.path))
    call.record.ask = ask
    return ask


def _identify(call: Passage, ask: Ask) -> None:
    request = call.request
    call.record.identity = identify(
        headers=request.headers,
        path_tags=request.path_tags,
        pinned=request.token.tags,
        ask=ask,
        mode=call.parts.mode,
        peer=request.peer_tags,
        rules=call.parts.policy.mode_rules,
        names=call.parts.tag_names,
        token=request.token.name,
    )


def _watch(call: Passage, ask: Ask) -> None:
    """The runaway guard's say: no to a call of a kind that it has stopped."""
    if ask.free:
        # Whoever waits for a batch asks for it again and again.
        return
    record, body = call.record, call.request.body
    call.watched = call.parts.runaway.check(
        record.token, record.identity.session, record.identity.tags, ask.model, body
    )


# 5 answers that are there already


async def _estimated(call: Passage, ask: Ask, target: Target) -> bool:
    """Answers a count of tokens that the provider of the model does not make."""
    if not only_estimated(call.provider(target), ask):
        return False
    record = call.record
    record.target, record.outcome, record.http_status = target, Outcome.OK, 200
    record.error = "counted here: an estimate"
    body = count_answer(ask.dialect, input_estimate(ask))
    headers = [(b"content-type", b"application/json"), *call.our_headers(cost=0)]
    await call.client.answer(200, headers, body)
    return True


async def _repeated(call: Passage) -> bool:
    """Answers a call that comes with the idempotency key of an earlier one."""
    if call.request.operation is Operation.OTHER:
        return False
    key, found = await call.parts.repeats.begin(call.request)
    if found is None:
        if key is not None:
            call.key, call.relayed.pieces = key, []
        return False
    record = call.record
    record.outcome, record.http_status = Outcome.CACHE_HIT, found.status
    record.error = f"idempotency-key of call {found.call_id}: its answer again"
    headers = [(name.encode(), value.encode("latin-1")) for name, value in found.headers]
    await _answer_again(call, found.status, [*headers, REPLAYED_HEADER], found.body, found.chunks)
    return True


async def _replayed(call: Passage, ask: Ask, target: Target) -> bool:
    """Answers from the exact cache if it may and can."""
    if ask.operation is Operation.OTHER:
        return False
    parts, record = call.parts, call.record
    call.recipe = parts.cache.recipe(ask, target, call.request, call.facts(target), parts.policy.exact_cache)
    if call.recipe is None:
        return False
    call.relayed.pieces = []
    record.cache = CacheUse.MISS
    found = await parts.cache.find(call.recipe)
    if found is None:
        return False
    record.target = target
    record.cache, record.outcome = CacheUse.HIT, Outcome.CACHE_HIT
    record.cached_cost, record.http_status = found.cost_nano, found.status
    record.price = None
    headers = [(name.encode(), value.encode("latin-1")) for name, value in found.headers]
    await _answer_again(call, found.status, headers, found.body, found.chunks)
    return True


async def _answer_again(
    call: Passage, status: int, headers: HeaderList, body: bytes, chunks: Sequence[int]
) -> None:
    """A kept answer, in the pieces of its stream. chunks: their lengths; none for a whole body."""
    call.record.first_byte_at = call.parts.clock.monotonic()
    if not chunks:
        await call.client.answer(status, headers + call.our_headers(cost=0), body)
        return
    await call.client.start(status, headers + call.our_headers())
    at = 0
    for length in chunks:
        await call.client.write(body[at : at + length])
        at += length
    await call.client.finish()
