"""Which targets a call may go to, in order, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from gateway_core.model.call import Plan, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Price, Route
from gateway_core.model.tags import format_tags
from gateway_core.rules.matching import Facts, matches

Resolve = Callable[[str], Target]
"""A model name as a client asks for it to its target; raises Refusal 404 where none is known."""


def plan(
    routes: Iterable[Route], facts: Facts, asked: Target, resolve: Resolve, *, off: bool = False
) -> Plan:
    """The first enabled route whose every condition holds; without one the asked model is kept.

    `facts.model` and `facts.provider` are the asked ones. A target of a route that is not known here is
    left out; a route with none left is passed over, and the reason says so.
    """
    if off:
        return Plan((asked,), None, "asked: routing is off for this call")
    broken = ""
    for route in routes:
        if not route.enabled or not matches(route.when, facts):
            continue
        targets = _known(route, resolve)
        if targets:
            return Plan(targets, route.name, f"{route.name}: {describe(route)}{broken}")
        broken += f" (route {route.name} has no known target)"
    return Plan((asked,), None, f"asked: no route matches{broken}")


def cheaper(targets: Sequence[Target], price_of: Callable[[Target], Price | None]) -> list[Target]:
    """The targets whose output costs less than the first one's, in their order; unpriced ones are none."""
    first = _output_price(price_of(targets[0]))
    prices = [(each, _output_price(price_of(each))) for each in targets[1:]]
    return [each for each, price in prices if price is not None and (first is None or price < first)]


def _output_price(price: Price | None) -> Decimal | None:
    return price.rates.output if price else None


def describe(route: Route) -> str:
    """The conditions of a route in one phrase."""
    return format_tags(route.when) or "every call"


def _known(route: Route, resolve: Resolve) -> tuple[Target, ...]:
    targets: list[Target] = []
    for name in route.use:
        try:
            target = resolve(name)
        except Refusal:
            continue
        if target not in targets:
            targets.append(target)
    return tuple(targets)
