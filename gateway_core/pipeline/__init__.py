"""The way of one request, top to bottom."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from gateway_core.clock import instant_text
from gateway_core.formats.counting import count_answer
from gateway_core.model.call import Ask, Operation, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.rows import Outcome
from gateway_core.pipeline.aftermath import ended
from gateway_core.pipeline.alike import question_of, served_alike
from gateway_core.pipeline.bridging import only_estimated
from gateway_core.pipeline.capturing import capturing
from gateway_core.pipeline.escalating import serve_answer
from gateway_core.pipeline.exchange import Client, Inbound
from gateway_core.pipeline.parts import Parts
from gateway_core.pipeline.passage import Passage
from gateway_core.pipeline.planning import plan_call
from gateway_core.pipeline.record import Record
from gateway_core.pipeline.repeats import REPLAYED_HEADER
from gateway_core.pipeline.replaying import answer_again, depart, look_left_out, recipe_of, replayed
from gateway_core.pipeline.restraints import allowed
from gateway_core.pipeline.sampling import sample
from gateway_core.rules.caching import Wish
from gateway_core.rules.estimate import input_estimate
from gateway_core.rules.free_paths import costs_nothing
from gateway_core.rules.identity import identify
from gateway_core.rules.matching import Facts


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
        _capture(call, ask)
        if await _repeated(call):
            return
        targets = await plan_call(call, ask)
        if await _kept(call, ask, targets[0]):
            return
        if await _estimated(call, ask, targets[0]):
            return
        _watch(call, ask)
        targets = allowed(call, targets)
        sample(call, ask, targets)
        await serve_answer(call, ask, targets)
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
        ended(call)


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
    if request.aside is not None:
        # Its body is another call's.
        ask = replace(ask, model=str(request.aside.target), session=None)
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
        own=request.own_tags,
        rules=call.parts.policy.mode_rules,
        names=call.parts.tag_names,
        token=request.token.name,
    )


def _capture(call: Passage, ask: Ask) -> None:
    """Its messages are to be kept, where a rule of its owner says so."""
    if rules := call.parts.policy.capture:
        call.capture = capturing(rules, ask, Facts(call.record.identity.tags, call.record.token))
        if call.capture is not None:
            call.relayed.pieces = []


def _watch(call: Passage, ask: Ask) -> None:
    """The runaway guard's say: no to a call of a kind that it has stopped."""
    if ask.free or call.request.aside is not None:
        # Whoever waits for a batch asks for it again and again; what we ask is no program's doing.
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
    await answer_again(call, found.status, [*headers, REPLAYED_HEADER], found.body, found.chunks)
    return True


async def _kept(call: Passage, ask: Ask, target: Target) -> bool:
    """Answers from our own cache if it may and can."""
    recipe = recipe_of(call, ask, target)
    if recipe is None:
        look_left_out(call, ask, target)
        return False
    if await replayed(call, recipe):
        return True
    if recipe.wish is not Wish.ONLY:
        depart(call, recipe)
    if recipe.wish is not Wish.REFRESH and (question := question_of(call, ask, recipe)) is not None:
        if await served_alike(call, question, recipe, serve):
            return True
        call.question = question
    call.parts.cache.missing(recipe)
    return False
