"""What to book for a call that has ended, however it ended: believed usage, or an estimate that says so."""

from __future__ import annotations

from dataclasses import replace

from gateway_core.model.call import Ask, Operation, Reading
from gateway_core.model.money import Nano
from gateway_core.model.policy import Price
from gateway_core.model.rows import Certainty
from gateway_core.model.usage import ZERO, Usage
from gateway_core.model.value import value
from gateway_core.rules.estimate import input_estimate, output_estimate
from gateway_core.rules.need import Need
from gateway_core.rules.pricing import PriceOf, cost, uncached_cost

ABSURD = 10
"""Usage that costs this many times the most that the call could have cost is not believed."""
UNREASONABLE = "usage beyond reason for this call"


@value
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
    need: Need,
    *,
    held: Nano,
    output_bytes: int,
    price_of: PriceOf | None = None,
) -> Booking:
    """The booking of a call that reached a provider and was answered, in whole or in part.

    held: what stands for it, in nano-dollars; need: what it could have used without a cap of ours;
    output_bytes: generated content that was seen; price_of: what other models cost that ran a part of it. A
    stated zero is a count; what is missing or impossible, or was stated on the way only, is estimated from
    what was sent and seen, never 0 and never above what was held. What is reported beyond that is booked as
    reported, unless it is beyond reason. Where the provider states dollars, they are the cost.
    """
    if ask.operation is Operation.OTHER:
        return _passed(ask, reading, price)
    usage, reported = reading.usage, reading.cost_nano
    if usage is None and reported is not None:
        usage = _guess(ask, output_bytes)
    if ask.operation is Operation.COUNT:
        return NOTHING
    if usage is None and ask.later:
        return Booking(_guess(ask, 0), held, Certainty.ESTIMATED, doubt="the answer comes by another call")
    if reading.impossible or usage is None:
        return _estimated(ask, _guess(ask, output_bytes), price, held, reading.impossible)
    if not reading.usage_final:
        seen = output_estimate(output_bytes)
        partial = replace(usage, output=max(usage.output, seen)) if seen > usage.output else usage
        if not ask.by_reference and _beyond_reason(_computed(ask, partial, price, price_of), need):
            return _estimated(ask, _guess(ask, output_bytes), price, held, UNREASONABLE)
        return _estimated(ask, partial, price, held, None)
    computed = _computed(ask, usage, price, price_of)
    booking = computed
    if reported is not None:
        booking = replace(computed, cost_nano=reported, certainty=Certainty.REPORTED)
    if not ask.by_reference and _beyond_reason(booking, need):
        certainty = Certainty.ESTIMATED if computed.certainty is Certainty.COMPUTED else computed.certainty
        return Booking(_guess(ask, output_bytes), held, certainty, doubt=UNREASONABLE)
    return booking


def estimate_of(ask: Ask, price: Price | None, held: Nano) -> Booking:
    """The booking of a call that a provider took and never answered: it may be billed."""
    if ask.operation is Operation.OTHER:
        return _passed(ask, Reading(), price)
    return _estimated(ask, _guess(ask, 0), price, held, None)


def _passed(ask: Ask, reading: Reading, price: Price | None) -> Booking:
    """The booking of a call on a path that passes through: by the usage that its answer carries, if it does.

    What an answer that was only fetched says about itself has been booked by the call that made it.
    """
    if ask.free:
        return NOTHING
    usage = reading.usage or ZERO
    booking = _computed(ask, usage, price if reading.usage else None, None)
    if reading.cost_nano is not None:
        return replace(booking, cost_nano=reading.cost_nano, certainty=Certainty.REPORTED)
    return replace(booking, doubt=reading.impossible)


def _beyond_reason(booking: Booking, need: Need) -> bool:
    """Whether a call cannot have cost so much; where it costs nothing, whether it cannot have used it."""
    if most := need.most(True):
        return booking.cost_nano > most * ABSURD
    return booking.usage.total > need.most(False) * ABSURD


def _computed(ask: Ask, usage: Usage, price: Price | None, price_of: PriceOf | None) -> Booking:
    if price is None:
        return Booking(usage, 0, Certainty.UNPRICED)
    tier = usage.service_tier or ask.service_tier
    nano = cost(usage, price, service_tier=tier, region=ask.region, price_of=price_of)
    if nano is None:
        return Booking(usage, 0, Certainty.UNPRICED)
    if usage.input == usage.total_input:
        return Booking(usage, nano, Certainty.COMPUTED)
    full = uncached_cost(usage, price, service_tier=tier, region=ask.region, price_of=price_of)
    return Booking(usage, nano, Certainty.COMPUTED, max(0, (full or nano) - nano))


def _guess(ask: Ask, output_bytes: int) -> Usage:
    return Usage(input=max(1, input_estimate(ask)), output=output_estimate(output_bytes))


def _estimated(ask: Ask, usage: Usage, price: Price | None, held: Nano, doubt: str | None) -> Booking:
    tier = usage.service_tier or ask.service_tier
    nano = cost(usage, price, service_tier=tier, region=ask.region) if price else None
    if nano is None:
        return Booking(usage, 0, Certainty.UNPRICED, doubt=doubt)
    return Booking(usage, min(nano, held) if held else nano, Certainty.ESTIMATED, doubt=doubt)
