"""Which targets a call may go to, in order, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway_core.model.call import Plan, Target
from gateway_core.model.decision import Decision
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Pick, Price, Route
from gateway_core.model.tags import format_tags
from gateway_core.model.value import value
from gateway_core.rules.routing.conditions import Condition, conditions_of
from gateway_core.rules.routing.ordering import Measures, ordered
from gateway_core.rules.routing.situation import Situation

Resolve = Callable[[str], Target]
"""A model name as a client asks for it to its target; raises Refusal 404 where none is known."""
_NO_TARGET = "none of its targets is known here"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the asked name alone leads to: one target, those of a group, or those of `auto`."""

    targets: tuple[Target, ...]
    why: str = "asked"
    baseline: Target | None = None
    """What a choice is measured by, where that is not the first target."""


@value
class Choice:
    """What routes choose for a call, before it is put into words."""

    targets: tuple[Target, ...]
    route: Route | None
    how: str = ""
    """How the order of the targets was found, in words."""
    passed: tuple[tuple[Route, Condition | None], ...] = ()
    """Routes that did not match, with the first condition that failed; None: no target of it is known."""
    shadow: tuple[tuple[str, Target], ...] = ()
    """Routes that only watch, with the target that each would have chosen."""


def choose(
    routes: Iterable[Route],
    call: Situation,
    wanted: Wanted,
    resolve: Resolve,
    measures: Measures,
    *,
    off: bool = False,
) -> Choice:
    """The first enabled route whose every condition holds; without one the asked model is kept.

    A target of a route that is not known here is left out, a route with none left is passed over. A route in
    shadow is noted and decides nothing.
    """
    if off:
        return Choice(wanted.targets, None)
    passed: list[tuple[Route, Condition | None]] = []
    shadow: list[tuple[str, Target]] = []
    for route in routes:
        if not route.enabled:
            continue
        failing = _failing(route, call)
        known = {} if failing else targets_of(route, resolve)
        if not known:
            passed.append((route, failing))
            continue
        by = replace(measures, weights=known) if route.pick is Pick.WEIGHTED else measures
        targets, how = ordered(tuple(known), route.pick, by)
        if not route.shadow:
            return Choice(targets, route, how, tuple(passed), tuple(shadow))
        shadow.append((route.name, targets[0]))
    return Choice(wanted.targets, None, "", tuple(passed), tuple(shadow))


def plan(
    routes: Iterable[Route],
    call: Situation,
    wanted: Wanted,
    resolve: Resolve,
    measures: Measures,
    *,
    off: bool = False,
) -> Plan:
    """What `choose` finds, with its reason in words, and the decision that is kept of it."""
    found = choose(routes, call, wanted, resolve, measures, off=off)
    passed = {
        route.name: _NO_TARGET if condition is None else condition.failing(call)
        for route, condition in found.passed
    }
    if found.route is not None:
        name = found.route.name
        escalate = found.route.escalate if found.route.escalate_streams or not call.stream else None
        reason = f"{name}: {describe(found.route)}{found.how}{_unsure(found.route, call)}"
    else:
        name, escalate = None, None
        reason = f"{wanted.why}: {'routing is off for this call' if off else _no_route(passed)}"
    decision = _decision(call, found, name, reason, passed, off)
    return Plan(found.targets, name, reason, escalate, decision)


def _unsure(route: Route, call: Situation) -> str:
    """Where a route asks for a class that the score alone would not have: why it has it."""
    why = call.unsure if "complexity" in route.when else ""
    return f"; {why}" if why else ""


def _no_route(passed: Mapping[str, str]) -> str:
    unknown = [name for name, why in passed.items() if why is _NO_TARGET]
    return "no route matches" + "".join(f" (route {name} has no known target)" for name in unknown)


def _decision(
    call: Situation, found: Choice, route: str | None, reason: str, passed: dict[str, str], off: bool
) -> Decision:
    score = call.score_if_measured
    return Decision(
        shape=call.shape(off=off),
        targets=tuple(map(str, found.targets)),
        route=route,
        reason=reason,
        complexity=None if score is None else str(call.complexity),
        passed_over=passed,
        shadow={name: str(target) for name, target in found.shadow},
        thresholds=None if score is None else (call.thresholds.medium, call.thresholds.hard),
        margin=0.0 if score is None else call.thresholds.margin,
    )


def _failing(route: Route, call: Situation) -> Condition | None:
    """The condition of a route that a call does not meet; None where it meets all."""
    for condition in conditions_of(route.when):
        if not condition.holds(call):
            return condition
    return None


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


def targets_of(route: Route, resolve: Resolve) -> dict[Target, int]:
    """The targets of a route that are known here, with their weights."""
    weights = route.weights or (1,) * len(route.use)
    targets: dict[Target, int] = {}
    for name, weight in zip(route.use, weights, strict=True):
        try:
            targets.setdefault(resolve(name), weight)
        except Refusal:
            continue
    return targets
