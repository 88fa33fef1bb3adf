"""What routes in shadow would have made of a call that has ended, priced on what the call used."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway_core.model.call import Ask, Target
from gateway_core.model.forgone import Forgone, Kind
from gateway_core.model.money import Nano
from gateway_core.model.policy import Price
from gateway_core.rules.pricing import PriceOf, cost
from gateway_core.rules.settling import Booking


def by_routes(
    shadow: Mapping[str, str],
    served: Target,
    booking: Booking,
    ask: Ask,
    price: Callable[[Target], Price | None],
    beside: Callable[[Target], PriceOf],
) -> tuple[Forgone, ...]:
    """One for each route that watched, in the order of the routes; none for a call that used nothing.

    shadow: targets by route; price: a target's; beside: what other models cost at a target's provider.
    """
    usage = booking.usage
    if not (usage.total or usage.server_tools):
        return ()
    known = {str(served): booking.cost_nano}

    def would(name: str) -> Nano | None:
        if name in known:
            return known[name]
        provider, _, model = name.partition("/")
        target = Target(provider, model)
        found = price(target)
        if found is None:
            return None
        tier = usage.service_tier or ask.service_tier
        return cost(usage, found, service_tier=tier, region=ask.region, price_of=beside(target))

    return tuple(
        Forgone(Kind.ROUTE, route, target, would(target), place)
        for place, (route, target) in enumerate(shadow.items())
    )
