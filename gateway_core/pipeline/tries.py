"""A target for a call: each is held for, put on record and asked in turn, until one serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from gateway_core.admission.refusals import REFUSED, gave_way
from gateway_core.formats.openai_chat.older_cap import in_older_word
from gateway_core.model.call import Ask, DialectName, Operation, Plan, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.events import EventKind
from gateway_core.model.money import Nano
from gateway_core.model.policy import AtLimit, Budget
from gateway_core.pipeline.bridging import bridge_to, bridged_headers, bridged_path, goal_of, own_body, serves
from gateway_core.pipeline.exchange import own_limit, target_path
from gateway_core.pipeline.failures import is_fault, no_key, refusal_of, retries_same, try_next
from gateway_core.pipeline.live import LiveCall, opened_view
from gateway_core.pipeline.marking import marked
from gateway_core.pipeline.passage import Passage, Sent
from gateway_core.pipeline.patience import kept_alive
from gateway_core.pipeline.trying import check_rest, heard, may_retry, place_of, sent
from gateway_core.providers.catalog import Provider
from gateway_core.rules.matching import matches
from gateway_core.rules.need import LEAST_UNASKED, Need
from gateway_core.rules.routing import cheaper
from gateway_core.rules.routing.overruling import overruled
from gateway_core.rules.settling import NOTHING, estimate_of
from gateway_core.state.memory import Hold
from gateway_core.upstream import Answer, UpstreamFailure, left_out

TOLD_USES = 1
"""Each use may read the model's whole context window anew, and is held for as such."""

Ending = Answer | Refusal | UpstreamFailure
"""How an attempt ended."""


async def first_answer(call: Passage, ask: Ask, planned: tuple[Target, ...]) -> Answer:
    """The answer of the first target that is admitted and serves; each is held and checked afresh."""
    return _last(call, await first_ending(call, ask, _with_cheaper(call, ask, planned)))


async def first_ending(call: Passage, ask: Ask, targets: tuple[Target, ...]) -> Ending:
    """The same of just these targets; how the last one ended where none serves."""
    waiting = [target for target in targets for _ in range(1 + call.parts.retries)]
    while True:
        target = waiting.pop(0)
        ending = await _ending(call, ask, target, others=any(each != target for each in waiting))
        if isinstance(ending, Answer) and not try_next(ending.status):
            return ending
        if not retries_same(ending):
            waiting = [each for each in waiting if each != target]
        if _in_trouble(ending):
            while waiting and not may_retry(call, waiting[0]):
                waiting.pop(0)
        if not waiting or _is_final(ending):
            return ending
        await leave(call, target, ending)


async def _ending(call: Passage, ask: Ask, target: Target, *, others: bool) -> Ending:
    ending: Ending
    try:
        ending = await _attempt(call, ask, target, others=others)
    except (Refusal, UpstreamFailure) as failure:
        ending = failure
    heard(call, ending)
    return ending


def _in_trouble(ending: Ending) -> bool:
    """The provider has trouble, and another attempt there may add to it."""
    if isinstance(ending, Answer):
        return ending.status >= 500 or ending.status == 429
    return isinstance(ending, UpstreamFailure)


def _last(call: Passage, ending: Ending) -> Answer:
    """What the client gets when nothing is left to try: the provider's own error, or a refusal."""
    if isinstance(ending, Answer):
        return ending
    if not _may_be_billed(ending):
        call.give_back()
    raise refusal_of(ending, call.record.target) from ending


async def _attempt(call: Passage, ask: Ask, target: Target, *, others: bool) -> Answer:
    parts, record, request = call.parts, call.record, call.request
    provider = call.provider(target)
    record.begin_attempt(target, call.price(target))
    key = await _key(call, provider)
    place = place_of(call, provider, key)
    check_rest(call, target, place, others=others)
    call.sent = None
    call.bridge = bridge_to(provider, ask, request, record.arrived)
    shows_all = provider.hides_nothing(target.model)
    bridge = call.bridge
    asked = bridge.ask(hides_nothing=shows_all) if bridge else _tools_limited(call, ask, target, provider)
    record.ask = asked = _with_own_search(asked, provider, target)
    bounded = asked if request.aside is None else _lowerable(asked)
    need = Need.of(bounded, target, record.price, hides_nothing=shows_all)
    call.take(await _admitted(call, asked, target, need))
    hold = call.hold
    assert hold is not None
    call.lowered = hold.sent_cap is not None
    path, headers, body = _sent(call, asked if call.bridge is None else ask, target, provider, hold.sent_cap)
    if hold.bounded and provider.older_cap and asked.dialect is DialectName.OPENAI_CHAT:
        body = in_older_word(body)
    call.sent = Sent(call.bridge.provider if call.bridge else asked.dialect, body, place)
    body = marked(call, asked, target)
    row = await call.put_on_record()
    live = LiveCall(
        row,
        record.identity.tags,
        call.interrupt,
        decision=record.plan.decision if record.plan else None,
        aside=request.aside is not None,
    )
    call.live = parts.live[record.id] = live
    parts.bus.publish(EventKind.CALL_OPENED, partial(opened_view, row, record.identity.tags))
    # It may have waited for room, and the provider may rest since.
    check_rest(call, target, place, others=others)
    record.attempts += 1
    sent(call, target, place)
    record.sent_at = parts.clock.monotonic()
    call.answer = await parts.upstream.send(provider, request.method, path, headers, body, key)
    record.provider_request_id = call.answer.request_id
    return call.answer


async def _admitted(call: Passage, ask: Ask, target: Target, need: Need) -> Hold:
    """Holds what the attempt may cost. Raises Refusal 402 and 429."""
    admission, facts, aside = call.parts.admission, call.facts(target), call.request.aside
    if aside is not None:
        most = need.amount(True)(min(ask.output_cap or need.cap, aside.most_output))
        return admission.admit_aside(facts, need, most=most, gives_way=lambda: call.interrupt(gave_way()))
    admitting = admission.admit(facts, need, max_nano=_left_of_own_limit(call), windows=call.windows)
    return await kept_alive(call, ask, admitting)


def _lowerable(ask: Ask) -> Ask:
    """A cap that its client set may be lowered like one that nobody set, where no client waits for it. One
    below what is then asked for at the least is low enough."""
    few = ask.output_cap is not None and ask.output_cap < LEAST_UNASKED
    return ask if few else replace(ask, output_cap=None)


def _left_of_own_limit(call: Passage) -> Nano | None:
    """What the caller's limit for this one call leaves after its earlier attempts."""
    limit = own_limit(call.request.headers)
    return None if limit is None else max(0, limit - sum(each.cost_nano for each in call.record.earlier))


def _with_own_search(ask: Ask, provider: Provider, target: Target) -> Ask:
    """What a model searches for by itself is billed like a tool that was offered, and bounded by nothing."""
    searches = ask.operation is Operation.GENERATE and provider.searches_unasked(target.model)
    if not searches or "web_search" in ask.server_tools:
        return ask
    return replace(ask, server_tools=(*ask.server_tools, "web_search"), server_uses=None)


def _tools_limited(call: Passage, ask: Ask, target: Target, provider: Provider) -> Ask:
    """A budget that needs a bound limits how often the provider may run its own tools in one answer, where
    the client offers them without a limit, as Codex does with its web search."""
    limitable = ask.dialect is DialectName.OPENAI_RESPONSES and provider.caps_tools
    if not (limitable and ask.server_tools and ask.server_uses is None):
        return ask
    if own_limit(call.request.headers) is None and not call.parts.admission.binds(
        call.facts(target), call.record.price
    ):
        return ask
    return replace(ask, server_uses=TOLD_USES, told_uses=TOLD_USES)


def _sent(
    call: Passage, ask: Ask, target: Target, provider: Provider, output_cap: int | None
) -> tuple[str, Sequence[tuple[bytes, bytes]], bytes]:
    """Path, headers and body for a target: the client's own, or over a bridge. Raises Refusal 400."""
    request, record, bridge = call.request, call.record, call.bridge
    if bridge is None:
        record.dropped = left_out(provider, request.raw_headers)
        call.hide_usage = ask.stream and not ask.usage_asked and provider.stream_usage == "ask"
        body = call.dialect.prepare(
            own_body(request, ask), ask, model=target.model, output_cap=output_cap, ask_usage=call.hide_usage
        )
        return target_path(request, target), request.raw_headers, body
    body = bridge.prepare(request.body, goal_of(provider, target, record.price), output_cap)
    record.translated, record.dropped = str(bridge.provider), bridge.dropped
    return bridged_path(bridge, ask, target), bridged_headers(bridge, request.raw_headers), body


async def leave(call: Passage, target: Target, ending: Ending) -> None:
    """An attempt that the call outlives: what it may have cost stays booked, the rest is given back.

    It is on record before its hold is given back: whatever ends the gateway in between, no other call has
    taken what this one still stands for. Where it cannot be put on record, or the client leaves meanwhile,
    the call ends here, and its last row tells of the attempt: then it is settled all the same, once.
    """
    record, hold = call.record, call.hold
    booking = NOTHING
    if hold is not None and _may_be_billed(ending) and record.ask is not None:
        booking = estimate_of(record.ask, record.price, hold.nano)
    at_fault = is_fault(ending.status) if isinstance(ending, Answer) else isinstance(ending, UpstreamFailure)
    call.end_trial(failed=at_fault)
    try:
        if isinstance(ending, Answer):
            ending.abort()
            record.leave_attempt(ending.status, f"{ending.status} from {target}", booking)
            await call.put_on_record()
        elif record.sent_at is not None:
            record.leave_attempt(None, refusal_of(ending, target).message, booking)
            await call.put_on_record()
    finally:
        if hold is not None:
            call.hold = None
            call.parts.admission.settle(hold, nano=booking.cost_nano, tokens=booking.usage.total)


def _may_be_billed(ending: Ending) -> bool:
    """A provider that took the call and then fell silent may bill it."""
    return isinstance(ending, UpstreamFailure) and ending.sent


def _is_final(ending: Ending) -> bool:
    """A person's no counts for every target."""
    return isinstance(ending, Refusal) and ending.code == REFUSED


def _with_cheaper(call: Passage, ask: Ask, planned: tuple[Target, ...]) -> tuple[Target, ...]:
    """The plan as budgets that downgrade change it: cheaper targets first from the warning mark on, and the
    model that a budget names as the last resort. A path that passes through has one place to go, and so has
    a call of the gateway's own."""
    if ask.operation is Operation.OTHER or call.request.aside is not None:
        return planned
    facts = call.facts(planned[0])
    spares = [
        target
        for budget in call.parts.policy.budgets
        if budget.downgrade_to and matches(budget.match, facts)
        if (target := _spare(call, ask, budget)) is not None
    ]
    targets = tuple(dict.fromkeys((*planned, *spares)))
    near = call.parts.admission.near(facts, AtLimit.DOWNGRADE)
    if not near or len(targets) == 1:
        return targets
    found = cheaper(targets, call.price)
    if not found:
        return targets
    budget, share = near[0].budget.name, near[0].position.share
    in_order = tuple(dict.fromkeys((*found, *targets)))
    plan = call.record.plan or Plan(planned, None, "")
    why = f"budget {budget} at {share:.0%}: {found[0]} instead of {planned[0]}"
    call.record.plan = overruled(plan, in_order, why)
    return in_order


def _spare(call: Passage, ask: Ask, budget: Budget) -> Target | None:
    """The model that a budget names for its limit, where it is known and can take the call."""
    assert budget.downgrade_to is not None
    target = call.parts.catalog.known(budget.downgrade_to, at=call.now())
    return target if target is not None and serves(call.provider(target), ask) else None


async def _key(call: Passage, provider: Provider) -> str | None:
    if provider.auth == "none" or provider.api_key in ("none", "client"):
        return None
    found = await call.parts.vault.key(provider)
    if found is None:
        raise no_key(provider)
    return found.text
