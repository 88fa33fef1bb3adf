"""The receipt of a call: what each class of its tokens cost, where that adds up to what was booked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gateway_core.model.money import NANO_PER_USD, Nano
from gateway_core.model.policy import Price
from gateway_core.model.usage import Usage
from gateway_core.rules.pricing import rates_at

CLASSES = ("input", "cached_input", "cache_write", "cache_write_1h", "output")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """Tokens of one class (one of CLASSES): dollars per million of them, and dollars for these."""

    name: str
    tokens: int
    usd_per_million: Decimal
    usd: Decimal


def items(usage: Usage, price: Price, booked: Nano) -> tuple[Item, ...]:
    """The classes that were used. Nothing where no service tier of the price adds up to what was booked: it
    was priced otherwise (fees, media, several steps), and a receipt must not claim what it cannot know."""
    for found in _ways(usage, price):
        total = sum((item.usd for item in found), Decimal(0)) * NANO_PER_USD
        # Booked sums are rounded up, once.
        if 0 <= booked - total < 1:
            return found
    return ()


def _ways(usage: Usage, price: Price) -> Iterator[tuple[Item, ...]]:
    """The items at the standard price, then at each of its service tiers."""
    yield _priced(usage, price, Decimal(1))
    for factor in price.multipliers.values():
        yield _priced(usage, price, factor)
    for whole in price.services.values():
        yield _priced(usage, whole, Decimal(1))


def _priced(usage: Usage, price: Price, factor: Decimal) -> tuple[Item, ...]:
    rates = rates_at(price, usage.total_input)
    found = []
    for name in CLASSES:
        if (count := getattr(usage, name)) and name in rates:
            rate = rates[name] * factor
            found.append(Item(name, count, rate, rate * count / _MILLION))
    return tuple(found)
