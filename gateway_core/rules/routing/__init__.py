"""Which targets a call may go to, in order, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway_core.model.call import Plan, Target
from gateway_core.model.decision import Decision
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Pick, Price, Route
from gateway_core.model.tags import format_tags
from gateway_core.rules.routing.conditions import conditions_of
from gateway_core.rules.routing.ordering import Measures, ordered
from gateway_core.rules.routing.situation import Situation

Resolve = Callable[[str], Target]
"""A model name as a client asks for it to its target; raises Refusal 404 where none is known."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the asked name alone leads to: one target, those of a group, or those of `auto`."""

    targets: tuple[Target, ...]
    why: str = "asked"
    baseline: Target | None = None
    """What a choice is measured by, where that is not the first target."""


def plan(
    routes: Iterable[Route],
    call: Situation,
    wanted: Wanted,
    resolve: Resolve,
    measures: Measures,
    *,
    off: bool = False,
) -> Plan:
    """The first enabled route whose every condition holds; without one the asked model is kept.

    A target of a route that is not known here is left out; a route with none left is passed over, and the
    reason says so. A route in shadow is noted and decides nothing.
    """
    if off:
        return Plan(wanted.targets, None, f"{wanted.why}: routing is off for this call")
    passed: dict[str, str] = {}
    shadow: dict[str, str] = {}
    for route in routes:
        if not route.enabled or route.name in shadow:
            continue
        if failing := _failing(route, call):
            passed[route.name] = failing
            continue
        known = _known(route, resolve)
        if not known:
            passed[route.name] = "none of its targets is known here"
            continue
        by = replace(measures, weights=known) if route.pick is Pick.WEIGHTED else measures
        targets, how = ordered(tuple(known), route.pick, by)
        if route.shadow:
            shadow[route.name] = str(targets[0])
            continue
        reason = f"{route.name}: {describe(route)}{how}"
        escalate = route.escalate if route.escalate_streams or not call.stream else None
        return _decided(Plan(targets, route.name, reason, escalate), call, passed, shadow)
    unknown = [name for name, why in passed.items() if why.startswith("none of its targets")]
    reason = f"{wanted.why}: no route matches" + "".join(
        f" (route {name} has no known target)" for name in unknown
    )
    return _decided(Plan(wanted.targets, None, reason), call, passed, shadow)


def _decided(plan: Plan, call: Situation, passed: dict[str, str], shadow: dict[str, str]) -> Plan:
    score = call.score_if_measured
    decision = Decision(
        shape=call.shape(),
        targets=tuple(map(str, plan.targets)),
        route=plan.route,
        reason=plan.reason,
        complexity=None if score is None else str(call.complexity),
        passed_over=passed,
        shadow=shadow,
    )
    return Plan(plan.targets, plan.route, plan.reason, plan.escalate, decision)


def _failing(route: Route, call: Situation) -> str:
    """Why a call does not meet a route, in words; empty where it does."""
    for condition in conditions_of(route.when):
        if not condition.holds(call):
            return condition.failing(call)
    return ""


def cheaper(targets: Sequence[Target], price_of: Callable[[Target], Price | None]) -> list[Target]:
    """The targets whose output costs less than the first one's, in their order; unpriced ones are none."""
    first = output_price(price_of(targets[0]))
    prices = [(each, output_price(price_of(each))) for each in targets[1:]]
    return [each for each, price in prices if price is not None and (first is None or price < first)]


def output_price(price: Price | None) -> Decimal | None:
    """Dollars per million tokens of output; None where they are not known."""
    return price.rates.output if price else None


def describe(route: Route) -> str:
    """The conditions of a route in one phrase."""
    return format_tags(route.when) or "every call"


def _known(route: Route, resolve: Resolve) -> dict[Target, int]:
    """The targets of a route that are known here, with their weights."""
    weights = route.weights or (1,) * len(route.use)
    targets: dict[Target, int] = {}
    for name, weight in zip(route.use, weights, strict=True):
        try:
            targets.setdefault(resolve(name), weight)
        except Refusal:
            continue
    return targets
