"""Where a call may go: what its asked name leads to, what routes make of it, where its conversation is."""

from __future__ import annotations

import hashlib
from functools import partial

from gateway_core.model.call import Ask, Operation, Plan, Prompt, Target
from gateway_core.model.errors import Refusal
from gateway_core.pipeline.bridging import serves
from gateway_core.pipeline.exchange import Aside
from gateway_core.pipeline.failures import other_format
from gateway_core.pipeline.passage import ROUTE_HEADER, Passage
from gateway_core.pipeline.restraints import callable_ones, cheapest
from gateway_core.rules.complexity import Complexity, Score, Thresholds, measure
from gateway_core.rules.estimate import input_estimate
from gateway_core.rules.learning import scored
from gateway_core.rules.routing import Wanted, plan
from gateway_core.rules.routing.auto import auto
from gateway_core.rules.routing.ordering import Measures, draw_of
from gateway_core.rules.routing.overruling import overruled
from gateway_core.rules.routing.situation import Situation
from gateway_core.rules.routing.staying import pinned, pins

AUTO = "auto"


async def plan_call(call: Passage, ask: Ask) -> tuple[Target, ...]:
    """The targets of a call in the order in which they are tried. Raises Refusal 400 and 404."""
    if ask.operation is Operation.OTHER:
        return _passing(call, ask)
    if call.request.aside is not None:
        return _aside(call, call.request.aside)
    record, situation = call.record, _situation(call, ask)
    wanted = await _wanted(call, ask, situation)
    if len(wanted.targets) > 1 and ask.operation is Operation.GENERATE:
        situation.conversation = situation.conversation or _conversation(call, ask)
    record.asked = record.target = wanted.baseline or wanted.targets[0]
    record.asked_price = record.price = call.price(record.asked)
    situation.facts = call.facts(wanted.targets[0])
    call.situation = situation
    found = _pinned(call, situation, _routed(call, situation, wanted))
    record.plan = found = await cheapest(call, ask, found)
    able = tuple(each for each in found.targets if serves(call.provider(each), ask))
    if not able:
        raise other_format(found.targets[0], call.provider(found.targets[0]), ask.dialect)
    if len(able) < len(found.targets):
        record.plan = overruled(found, able, f"without those that cannot take a call in {ask.dialect}")
    return able


def _passing(call: Passage, ask: Ask) -> tuple[Target, ...]:
    """A path that passes through goes to the provider whose path it is, whatever model it names."""
    record = call.record
    target = Target(call.request.prefix or "", ask.model)
    record.asked = record.target = target
    record.plan = Plan((target,), None, f"path of {target.provider}")
    return record.plan.targets


def _aside(call: Passage, aside: Aside) -> tuple[Target, ...]:
    """A call of the gateway's own goes where it is meant to go, and nowhere else."""
    record = call.record
    record.asked = record.target = aside.target
    record.asked_price = record.price = call.price(aside.target)
    record.plan = Plan((aside.target,), None, aside.reason)
    return record.plan.targets


async def _wanted(call: Passage, ask: Ask, situation: Situation) -> Wanted:
    """What the asked name leads to: one target, those of a group, or those of `auto`. Raises Refusal 404."""
    catalog, now, request = call.parts.catalog, call.record.arrived, call.request
    members = catalog.group(ask.model)
    if members is not None:
        targets = dict.fromkeys(catalog.resolve(name, at=now, dialect=request.dialect) for name in members)
        return Wanted(tuple(targets), f"group {ask.model}")
    if ask.model == AUTO and ask.operation is Operation.GENERATE:
        return await _auto(call, situation)
    return Wanted(
        (catalog.resolve(ask.model, at=now, path_provider=request.prefix, dialect=request.dialect),)
    )


async def _auto(call: Passage, situation: Situation) -> Wanted:
    """What `auto` means for the class of the request. Raises Refusal 404 where there is no model."""
    complexity = situation.complexity
    assert complexity is not None
    of_class = {each: call.parts.catalog.auto(str(each)) for each in Complexity}
    known = await callable_ones(call, tuple(target for some in of_class.values() for target in some))
    wanted = auto(of_class, known, complexity, situation.told_score, call.price)
    if wanted is None:
        raise Refusal(
            404,
            "model_not_found",
            "auto finds no model: store a key with `llmconsole keys set openai` (or anthropic, gemini), or "
            "list models under [auto] in config.toml",
        )
    return wanted


def _situation(call: Passage, ask: Ask) -> Situation:
    """The call as the routes see it."""
    parts = call.parts
    routing = parts.policy.routing
    situation = Situation(
        facts=call.facts(Target("", "")),
        asked=ask.model,
        format=str(ask.dialect),
        operation=str(ask.operation),
        local=call.record.arrived.astimezone(parts.timezone),
        stream=ask.stream,
        tools=ask.has_tools,
        images=ask.has_images,
        context=input_estimate(ask),
        messages=ask.messages,
        used=call.used_of_budget,
        thresholds=Thresholds(routing.medium, routing.hard, routing.margin),
        judge="rule",
        measure=partial(_measure, call, ask),
    )
    if ask.operation is Operation.GENERATE and parts.policy.routes:
        situation.conversation = _conversation(call, ask)
    return situation


def _conversation(call: Passage, ask: Ask) -> str:
    """Tells a client's conversations apart: by its own word, else by how they began."""
    session = call.record.identity.session
    if not session:
        opening = call.prompt(ask).opening
        session = "~" + hashlib.sha256(opening.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{call.record.token}/{ask.model}/{session}"


def _measure(call: Passage, ask: Ask, situation: Situation) -> Score | None:
    """How complex the last request is, by what was learned where that surely beats the rule."""
    if ask.operation is not Operation.GENERATE:
        return None
    prompt: Prompt = call.prompt(ask)
    score = measure(
        prompt.last,
        messages=ask.messages,
        context_bytes=ask.input_bytes,
        tools=prompt.tools,
        images=ask.media_items - ask.files,
    )
    lesson = call.parts.lessons.of_prompts()
    if lesson is None:
        return score
    situation.judge = "learned"
    return scored(lesson, prompt.last, score)


def _routed(call: Passage, situation: Situation, wanted: Wanted) -> Plan:
    parts, now = call.parts, call.record.arrived
    if parts.policy.routing.always_score:
        # Asked for here, so that it is kept with the decision.
        _ = situation.score
    return plan(
        parts.policy.routes,
        situation,
        wanted,
        lambda name: parts.catalog.resolve(name, at=now),
        Measures(
            price=call.price,
            latency_ms=parts.vitals.latency_ms,
            running=parts.vitals.running,
            draw=draw_of(situation.conversation or call.record.id),
        ),
        off=call.request.headers.get(ROUTE_HEADER, "").lower() == "off",
    )


# Conversations


def _pinned(call: Passage, situation: Situation, found: Plan) -> Plan:
    """The plan, at the target where the conversation is."""
    parts, conversation = call.parts, situation.conversation
    routing = parts.policy.routing
    if conversation is None or not pins(found, parts.policy.routes):
        return found
    call.conversation = conversation
    now = parts.clock.monotonic()
    pin = parts.pins.find(conversation, now, routing.pin_seconds)
    complexity = situation.complexity if situation.score_if_measured else None
    pin = pin.at(now) if pin is not None else None
    staying, call.complexity = pinned(found, pin, complexity, call.price, routing.most_loss_nano)
    return staying
