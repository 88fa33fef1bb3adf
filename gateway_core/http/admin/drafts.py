"""Routes that are not in force: what a draft makes of the policy, and what is known for trying it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from gateway_core.http.admin.bodies import DraftBody
from gateway_core.http.admin.edits import named, without_named
from gateway_core.http.admin.engine import Engine
from gateway_core.http.admin.routes import read_routes, with_route
from gateway_core.model.call import Ask, DialectName, Operation, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.past import PastCall
from gateway_core.model.policy import Policy, Price, Unbounded
from gateway_core.pipeline.bridging import serves
from gateway_core.rules.budgets import is_hard
from gateway_core.rules.complexity import Complexity
from gateway_core.rules.matching import Facts, matches
from gateway_core.rules.replaying.world import Known
from gateway_core.rules.routing import Wanted
from gateway_core.rules.routing.auto import auto
from gateway_core.rules.routing.ordering import PriceOf
from gateway_core.rules.routing.situation import Situation
from gateway_core.settings.policy import read_policy
from gateway_core.settings.routes import read_routing, routing_fields
from gateway_core.settings.table import Table

KEYRING_SECONDS = 2.0
AUTO = "auto"


def drafted(current: Policy, body: DraftBody) -> Policy:
    """The policy in force with the draft's routes and thresholds. Raises ConfigError, Refusal 400 and 404."""
    policy = current
    if body.toml is not None:
        table = Table.parse(body.toml, "draft")
        whole = read_policy(table)
        table.done()
        policy = replace(policy, routes=whole.routes, routing=whole.routing)
    if body.routes is not None:
        policy = replace(policy, routes=read_routes(body.routes))
    for name in body.remove:
        policy = replace(policy, routes=without_named(policy.routes, name, "route"))
    for name, route in (body.put or {}).items():
        policy = with_route(policy, name, route)
    for name, route in (body.change or {}).items():
        policy = with_route(policy, name, route, named(policy.routes, name, "route"))
    if body.routing is not None:
        fields = {**routing_fields(policy.routing), **body.routing}
        policy = replace(policy, routing=read_routing(Table(fields, "routing")))
    return policy


async def can_call(engine: Engine, policies: Iterable[Policy]) -> frozenset[str]:
    """The providers, of those that routes and `auto` may lead to, that can be called now."""
    now = engine.clock.now()
    targets = {target for each in Complexity for target in engine.catalog.auto(str(each))}
    for name in {name for policy in policies for route in policy.routes for name in route.use}:
        if (target := engine.catalog.known(name, at=now)) is not None:
            targets.add(target)
    providers = {each.provider: engine.catalog.provider(each.provider) for each in targets}
    found = await engine.vault.callable_ones(providers.values(), within=KEYRING_SECONDS)
    # Where others lead to, their clients have called: nothing is said against those.
    return frozenset(providers) - found


class Knowing:
    """Names, prices and abilities as the gateway has them now. keyless: providers that cannot be called."""

    def __init__(self, engine: Engine, policy: Policy, keyless: frozenset[str]) -> None:
        self._engine, self._policy, self._keyless = engine, policy, keyless
        self._now = engine.clock.now()
        self._served: dict[tuple[Target, str, str], str | None] = {}
        """Why a target cannot take calls of a kind, '' where it can; None where its budgets have a say."""
        self._led: dict[tuple[str, str, str], Wanted | None] = {}
        catalog = engine.catalog
        self._of_class = {each: catalog.auto(str(each)) for each in Complexity}
        every = {target for some in self._of_class.values() for target in some}
        self._callable = {each for each in every if each.provider not in keyless}

    def known(self) -> Known:
        """The same, as the replay asks for it."""
        return Known(self.resolve, self._wanted_then, self.price, self._able, self._engine.timezone)

    def resolve(self, name: str) -> Target:
        return self._engine.catalog.resolve(name, at=self._now)

    def price(self, target: Target, at: datetime) -> Price | None:
        return self._engine.prices.find(target.provider, target.model, at)

    def wanted(self, situation: Situation, price: PriceOf) -> Wanted | None:
        """What a group or `auto` leads to; None for any other name. Raises Refusal 404."""
        members = self._engine.catalog.group(situation.asked)
        if members is not None:
            dialect = DialectName(situation.format)
            found = (self._engine.catalog.resolve(each, at=self._now, dialect=dialect) for each in members)
            return Wanted(tuple(dict.fromkeys(found)), f"group {situation.asked}")
        if situation.asked == AUTO and situation.operation == Operation.GENERATE:
            complexity = situation.complexity
            if complexity is None:
                return None
            return auto(self._of_class, self._callable, complexity, situation.told_score, price)
        return None

    def _wanted_then(self, call: PastCall, situation: Situation, price: PriceOf) -> Wanted | None:
        if call.decision is None or situation.asked == AUTO:
            return self._led_to(situation, price)
        # Any other name leads to the same every time.
        key = situation.asked, situation.format, call.decision.shape.target
        if key not in self._led:
            provider, _, model = call.decision.shape.target.partition("/")
            group = self._engine.catalog.group(situation.asked) is not None
            self._led[key] = self._led_to(situation, price) if group else Wanted((Target(provider, model),))
        return self._led[key]

    def _led_to(self, situation: Situation, price: PriceOf) -> Wanted | None:
        try:
            return self.wanted(situation, price)
        except Refusal:
            return None

    def _able(self, target: Target, call: PastCall) -> str:
        """Why a target cannot take a call; '' where it can."""
        operation = call.decision.shape.operation if call.decision else str(Operation.GENERATE)
        key = (target, call.format, operation)
        if key not in self._served:
            self._served[key] = self._why_not(*key)
        why = self._served[key]
        return self._unbounded(target, call) if why is None else why

    def _why_not(self, target: Target, format: str, operation: str) -> str | None:
        """The same of all calls of a kind; None where it depends on the budgets over each."""
        if target.provider in self._keyless:
            return f"no key for {target.provider}"
        if not self._serves(target, format, operation):
            return f"{target} does not take {operation} calls in {format}"
        return None if self.price(target, self._now) is None else ""

    def _unbounded(self, target: Target, call: PastCall) -> str:
        """Which hard limit refuses a call to a target without a price; '' where none does."""
        facts = Facts(call.tags, call.token, target.model, target.provider)
        for budget in self._policy.budgets:
            hard = budget.unbounded is Unbounded.REFUSE and is_hard(budget, None)
            if hard and matches(budget.match, facts):
                return f"{target} has no price, and budget {budget.name} is a hard limit"
        return ""

    def _serves(self, target: Target, format: str, operation: str) -> bool:
        try:
            provider = self._engine.catalog.serving(target)
        except KeyError:
            return False
        return serves(provider, Ask(DialectName(format), Operation(operation), target.model))
