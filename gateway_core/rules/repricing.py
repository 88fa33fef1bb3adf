"""What a past call would be booked at by a price that was missing then, or has been corrected since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from gateway_core.model.money import Nano
from gateway_core.model.policy import Price
from gateway_core.model.rows import Certainty, Outcome
from gateway_core.model.usage import Usage
from gateway_core.rules.pricing import PriceOf, cost


@dataclass(frozen=True, slots=True)
class Booked:
    """A call's own row as it was written."""

    usage: Usage
    cost_nano: Nano
    certainty: Certainty
    price_id: str | None
    outcome: Outcome
    doubtful: bool
    """The provider's own figures were not taken: the usage is a guess."""


@dataclass(frozen=True, slots=True)
class Repriced:
    cost_nano: Nano
    certainty: Certainty
    price_id: str


class Stays(StrEnum):
    """Why a call keeps what it is booked at."""

    STATED = "stated"
    """The provider stated the cost itself, or nothing was used."""
    UNPRICED = "unpriced"
    """There still is no price for all that was used."""
    UNEXPLAINED = "unexplained"
    """Its cost does not follow from its usage: it is booked at its hold, say."""


def repriced(
    booked: Booked,
    before: Price | None,
    after: Price | None,
    *,
    price_before: PriceOf | None = None,
    price_after: PriceOf | None = None,
) -> Repriced | Stays:
    """The call at the price `after`; `before` is what was in force when it ran, as far as that is known.

    The service tier and the region that were asked for stand on no row. They are those by which the old
    price explains the old cost; a cost that none explain is left alone. price_before, price_after: as in
    `pricing.cost`.
    """
    usage = booked.usage
    if booked.certainty is Certainty.REPORTED or not (usage.total or usage.server_tools):
        return Stays.STATED
    if after is None:
        return Stays.UNPRICED
    if booked.certainty is Certainty.UNPRICED:
        nano = cost(usage, after, price_of=price_after)
        sure = booked.outcome is Outcome.OK and not booked.doubtful
        certainty = Certainty.COMPUTED if sure else Certainty.ESTIMATED
    else:
        asked = _explained(booked, before, price_before) or _explained(booked, after, price_after)
        known = before is not None and before.id == booked.price_id
        if asked is None and (known or booked.certainty is not Certainty.COMPUTED):
            return Stays.UNEXPLAINED
        tier, region = asked or (None, None)
        nano = cost(usage, after, service_tier=tier, region=region, price_of=price_after)
        certainty = booked.certainty
    if nano is None:
        return Stays.UNPRICED
    return Repriced(nano, certainty, after.id)


Asked = tuple[str | None, str | None]
"""The service tier and the region that a call asked for."""


def _explained(booked: Booked, price: Price | None, price_of: PriceOf | None) -> Asked | None:
    """What was asked for, if the price then gives what was booked; None where it gives that for nothing."""
    if price is None:
        return None
    for tier, region in _possible(price):
        nano = cost(booked.usage, price, service_tier=tier, region=region, price_of=price_of)
        if nano == booked.cost_nano:
            return tier, region
    return None


def _possible(price: Price) -> Iterator[Asked]:
    """The plain call first; a factor may be a tier's or a region's."""
    tiers: list[str | None] = [None, *price.multipliers, *price.services]
    regions: list[str | None] = [None, *price.multipliers]
    yield from product(tiers, regions)
