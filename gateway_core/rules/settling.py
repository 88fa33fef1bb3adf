"""What to book for a call that has ended, however it ended: believed usage, or an estimate that says so."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway_core.model.call import Ask, Operation, Reading
from gateway_core.model.money import Nano
from gateway_core.model.policy import Price
from gateway_core.model.rows import Certainty
from gateway_core.model.usage import ZERO, Usage
from gateway_core.rules.estimate import input_estimate, output_estimate
from gateway_core.rules.pricing import PriceOf, cost, uncached_cost

ABSURD = 10
"""Usage that costs this many times the most that the call could have cost is not believed."""


@dataclass(frozen=True, slots=True)
class Booking:
    """What goes into the row. `doubt` says why the provider's own figures were not taken, if so."""

    usage: Usage
    cost_nano: Nano
    certainty: Certainty
    cached_saving_nano: Nano = 0
    doubt: str | None = None


NOTHING = Booking(ZERO, 0, Certainty.COMPUTED)


def book(
    ask: Ask,
    reading: Reading,
    price: Price | None,
    *,
    held: Nano,
    output_bytes: int,
    complete: bool,
    price_of: PriceOf | None = None,
) -> Booking:
    """The booking of a call that reached a provider and was answered, in whole or in part.

    held: the most that it could cost, in nano-dollars; output_bytes: generated content that was seen;
    complete: the answer reached its end; price_of: what other models cost that ran a part of it. A stated
    zero is a count; what is missing or impossible is estimated from what was sent and seen, never 0 and
    never above what was held.
    """
    usage = reading.usage
    if ask.operation is Operation.COUNT:
        return NOTHING
    if reading.impossible or usage is None:
        return _estimated(ask, _guess(ask, output_bytes), price, held, reading.impossible)
    if not (complete or reading.finished or reading.usage_final):
        seen = output_estimate(output_bytes)
        partial = replace(usage, output=max(usage.output, seen)) if seen > usage.output else usage
        return _estimated(ask, partial, price, held, None)
    return _computed(ask, usage, price, held, price_of)


def _computed(ask: Ask, usage: Usage, price: Price | None, held: Nano, price_of: PriceOf | None) -> Booking:
    if price is None:
        return Booking(usage, 0, Certainty.UNPRICED)
    tier = usage.service_tier or ask.service_tier
    nano = cost(usage, price, service_tier=tier, price_of=price_of)
    if nano is None:
        return Booking(usage, 0, Certainty.UNPRICED)
    if held and nano > held * ABSURD and not ask.by_reference:
        return Booking(usage, held, Certainty.ESTIMATED, doubt="usage beyond reason for this call")
    full = uncached_cost(usage, price, service_tier=tier, price_of=price_of)
    return Booking(usage, nano, Certainty.COMPUTED, max(0, (full or nano) - nano))


def _guess(ask: Ask, output_bytes: int) -> Usage:
    return Usage(input=max(1, input_estimate(ask)), output=output_estimate(output_bytes))


def _estimated(ask: Ask, usage: Usage, price: Price | None, held: Nano, doubt: str | None) -> Booking:
    tier = usage.service_tier or ask.service_tier
    nano = cost(usage, price, service_tier=tier) if price else None
    if nano is None:
        return Booking(usage, 0, Certainty.UNPRICED, doubt=doubt)
    return Booking(usage, min(nano, held) if held else nano, Certainty.ESTIMATED, doubt=doubt)
