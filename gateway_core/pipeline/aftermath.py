"""What others keep of a call that has ended: its conversation's place, its answer, what it teaches."""

from __future__ import annotations

from gateway_core.coach import Ended
from gateway_core.model.call import Ask, Operation
from gateway_core.model.policy import CaptureRule, Opinion
from gateway_core.model.rows import Certainty, Outcome
from gateway_core.pipeline.answers import Recipe, ends_early, made_answer
from gateway_core.pipeline.capturing import capture
from gateway_core.pipeline.likenesses import Answered
from gateway_core.pipeline.opinions import First
from gateway_core.pipeline.outcomes import Asked
from gateway_core.pipeline.passage import ROUTE_HEADER, Passage
from gateway_core.rules.prompt_cache.habits import LEAST, life, warm_tokens
from gateway_core.rules.routing.staying import Pin


def ended(call: Passage) -> None:
    """The end of every request, once; nothing awaits. A call of the gateway's own leaves its row and nothing
    else: it is no part of a person's conversation."""
    call.close()
    # Both know the call: each would hold the other until the collector comes, and the prompt with them.
    call.situation = call.live = None
    if call.request.aside is not None:
        return
    _pin(call)
    _show_coach(call)
    if call.key is not None:
        call.parts.repeats.end(call.key, call.record, call.answer, call.relayed)
    if call.recipe is not None:
        _keep(call, call.recipe)
    if call.left_out is not None:
        _note(call, call.left_out)
    if call.parts.policy.routing.learn:
        _remember(call)
    if call.sampled is not None:
        _hand_in(call, *call.sampled)
    if call.capture is not None:
        _capture(call, call.capture)


def _remember(call: Passage) -> None:
    """What was answered by a provider is kept to learn from, where its owner allows that."""
    record, ask = call.record, call.record.ask
    if ask is None or ask.operation is not Operation.GENERATE or record.outcome is not Outcome.OK:
        return
    asked = Asked(
        call_id=record.id,
        token=record.token,
        asked=ask.model,
        target=str(record.target),
        of_own_will=call.request.headers.get(ROUTE_HEADER, "").lower() == "off",
    )
    call.parts.outcomes.note(asked, call.prompt(ask), call.parts.clock.monotonic())


def _show_coach(call: Passage) -> None:
    """The coach sees what a provider answered and counted itself."""
    record, sent = call.record, call.sent
    if sent is None or record.ask is None or record.target is None or record.outcome is not Outcome.OK:
        return
    booking = record.booking
    if booking.usage.total_input < LEAST or booking.certainty is Certainty.ESTIMATED:
        return
    if record.ask.operation is not Operation.GENERATE:
        return
    call.parts.coach.saw(
        Ended(
            call_id=record.id,
            at=call.parts.clock.now().timestamp(),
            target=record.target,
            place=sent.place[1],
            dialect=sent.dialect,
            body=sent.body,
            token=record.token,
            session=record.identity.session,
            usage=booking.usage,
            price=record.price,
            service_tier=booking.usage.service_tier or record.ask.service_tier,
            region=booking.usage.region or record.ask.region,
            marks=len(record.marked),
        )
    )


def _keep(call: Passage, recipe: Recipe) -> None:
    """Whoever waits for the same answer gets it, and it is kept, if it is a good one."""
    record, cache, answer = call.record, call.parts.cache, None
    if record.outcome is Outcome.OK and call.shares:
        answer = made_answer(record, call.answer, call.relayed)
    if answer is not None and record.ask is not None and call.lowered and ends_early(record.ask, answer):
        # Nobody asked for so little: once there is room again, the whole answer is to be had.
        answer = None
    if call.flight is not None:
        cache.flights.end(call.flight, answer)
    if answer is None or record.ask is None:
        return
    key = cache.keep(recipe, record, call.request, answer, call.prompt(record.ask).last)
    if key == recipe.key and call.question is not None:
        call.parts.alike.hand_in(Answered(call.question, record.id, recipe.key, record.ask, answer))


def _note(call: Passage, recipe: Recipe) -> None:
    """Its answer would have been kept, as far as that is seen without reading it: one that fills the client's
    cap has most likely been cut."""
    record, now = call.record, call.parts.clock.monotonic()
    cap = record.ask.output_cap if record.ask is not None else None
    cut = cap is not None and record.booking.usage.output >= cap
    whole = record.outcome is Outcome.OK and call.relayed.complete and not record.booking.doubt and not cut
    if whole and not call.lowered and not call.repeats and record.target == recipe.target:
        call.parts.cache.unkept.note(recipe.key, now + recipe.ttl_seconds)


def _pin(call: Passage) -> None:
    """A conversation that was served stays where that was."""
    record = call.record
    if call.conversation is None or record.outcome is not Outcome.OK or record.target is None:
        return
    now, usage = call.parts.clock.monotonic(), record.booking.usage
    warm, kept = 0, 0.0
    if call.sent is not None:
        warm = warm_tokens(call.sent.dialect, record.target.model, usage)
        kept = life(call.sent.dialect, usage)
    pin = Pin(record.target, call.complexity, warm, now + kept)
    call.parts.pins.keep(call.conversation, pin, now)


def _hand_in(call: Passage, opinion: Opinion, ask: Ask) -> None:
    """An answer that is to be asked for again of the other model. ask: as the client put it."""
    record = call.record
    answer = made_answer(record, call.answer, call.relayed) if record.outcome is Outcome.OK else None
    if answer is None or record.earlier or record.target is None:
        return
    call.parts.opinions.hand_in(
        First(
            opinion=opinion,
            call_id=record.id,
            request=call.request,
            ask=ask,
            target=record.target,
            answer=answer,
            prompt=call.prompt(ask).last,
            tags=record.identity.written,
        )
    )


def _capture(call: Passage, rule: CaptureRule) -> None:
    """Its messages are kept, because a rule says so."""
    redact = call.parts.vault.redact
    capture(call.parts.messages, rule, call.record, call.request, call.answer, call.relayed, redact)
