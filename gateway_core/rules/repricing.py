"""What a past call would be booked at by a price that was missing then, or has been corrected since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

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

    The service tier that was asked for stands on no row. It is the one by which the old price explains the
    old cost; a cost that no tier explains is left alone. price_before, price_after: as in `pricing.cost`.
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
        tier = _explained(booked, before, price_before) or _explained(booked, after, price_after)
        known = before is not None and before.id == booked.price_id
        if tier is None and (known or booked.certainty is not Certainty.COMPUTED):
            return Stays.UNEXPLAINED
        nano = cost(usage, after, service_tier=tier.name if tier else None, price_of=price_after)
        certainty = booked.certainty
    if nano is None:
        return Stays.UNPRICED
    return Repriced(nano, certainty, after.id)


@dataclass(frozen=True, slots=True)
class _Tier:
    name: str | None


def _explained(booked: Booked, price: Price | None, price_of: PriceOf | None) -> _Tier | None:
    """The service tier at which a price gives what was booked; None where no tier does."""
    if price is None:
        return None
    for name in _tiers(price):
        if cost(booked.usage, price, service_tier=name, price_of=price_of) == booked.cost_nano:
            return _Tier(name)
    return None


def _tiers(price: Price) -> Iterator[str | None]:
    yield None
    yield from price.multipliers
    yield from price.services
