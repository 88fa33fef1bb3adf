"""Switches that a person threw in a hurry: only the cheapest target, or nothing that costs."""

from __future__ import annotations

from gateway_core.model.call import Ask, Operation, Plan, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Panic, Restraint
from gateway_core.model.tags import format_tags
from gateway_core.pipeline.bridging import serves
from gateway_core.pipeline.passage import Passage
from gateway_core.rules.complexity import Complexity
from gateway_core.rules.matching import Facts, matches
from gateway_core.rules.routing.ordering import by_price, usual_price
from gateway_core.rules.routing.overruling import overruled

KEYRING_SECONDS = 1.0
"""How long a keyring that was not asked before may take."""
PANIC = "panic"
"""The code of a refusal by a thrown switch."""


async def cheapest(call: Passage, ask: Ask, plan: Plan) -> Plan:
    """The plan under a switch that allows the cheapest target only: of those planned and the small models
    that can be called, the cheapest that may serve the call comes first."""
    if _thrown(call, plan.targets[0], Restraint.CHEAP) is None or ask.operation is not Operation.GENERATE:
        return plan
    small = await callable_ones(call, call.parts.catalog.auto(str(Complexity.SIMPLE)))
    able = [each for each in (*plan.targets, *small) if serves(call.provider(each), ask)]
    targets = tuple(by_price(tuple(dict.fromkeys(able)), call.price))
    if not targets or usual_price(call.price(targets[0])) is None:
        return plan
    return overruled(plan, targets, "cheapest only")


async def callable_ones(call: Passage, targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """The targets whose providers need no key, or whose key is known."""
    providers = {each.provider: call.provider(each) for each in targets}
    found = await call.parts.vault.callable_ones(providers.values(), within=KEYRING_SECONDS)
    return tuple(each for each in targets if each.provider in found)


def allowed(call: Passage, targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """The targets that a switch which stops spending lets pass: those that cost nothing. Raises Refusal 402
    where there is none."""
    panic = _thrown(call, targets[0], Restraint.STOP)
    if panic is None:
        return targets
    free = tuple(each for each in targets if usual_price(call.price(each)) == 0)
    if free:
        plan = call.record.plan
        if plan is not None and free != targets:
            call.record.plan = overruled(plan, free, "only what costs nothing")
        return free
    whom = format_tags(panic.match) or "everything"
    raise Refusal(
        402,
        PANIC,
        f"spending is stopped for {whom} since {panic.since or 'a moment ago'}; "
        "lift it with: llmconsole panic lift",
        headers={"x-should-retry": "false"},
    )


def _thrown(call: Passage, target: Target, restraint: Restraint) -> Panic | None:
    panics = call.parts.policy.panics
    if not panics:
        return None
    facts: Facts = call.facts(target)
    return next((each for each in panics if each.restraint is restraint and matches(each.match, facts)), None)
