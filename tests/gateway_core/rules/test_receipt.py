"""A receipt adds up to what was booked, or claims nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.money import NANO_PER_USD
from gateway_core.model.policy import Price, Rates, Tier
from gateway_core.model.usage import Usage
from gateway_core.rules.pricing import cost
from gateway_core.rules.receipt import items

RATES = Rates(
    input=Decimal("1.25"), output=Decimal("10"), cached_input=Decimal("0.125"), cache_write=Decimal("1.5625")
)
PRICE = Price(
    id="a",
    rates=RATES,
    tiers=(Tier(above=200_000, rates=Rates(input=Decimal("2.5"), output=Decimal("15"))),),
    multipliers={"batch": Decimal("0.5"), "priority": Decimal(2)},
)
COUNTS = st.integers(0, 300_000)


@given(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, st.sampled_from([None, "batch", "priority"]))
def test_it_adds_up(fresh: int, cached: int, write: int, long: int, output: int, tier: str | None) -> None:
    usage = Usage(input=fresh, cached_input=cached, cache_write=write, cache_write_1h=long, output=output)
    booked = cost(usage, PRICE, service_tier=tier)
    assert booked is not None
    found = items(usage, PRICE, booked)
    assert bool(found) == (usage.total > 0)
    assert 0 <= booked - sum(item.usd for item in found) * NANO_PER_USD < 1
    assert sum(item.tokens for item in found) == usage.total


def test_a_class_costs_what_the_size_tier_says() -> None:
    usage = Usage(input=250_000, cached_input=1_000, output=100)
    booked = cost(usage, PRICE)
    assert booked is not None
    assert [(item.name, item.usd_per_million) for item in items(usage, PRICE, booked)] == [
        ("input", Decimal("2.5")),
        ("cached_input", Decimal("0.125")),
        ("output", Decimal(15)),
    ]


@pytest.mark.parametrize("more", [-1, 1, 1_000_000])
def test_what_does_not_add_up_claims_nothing(more: int) -> None:
    usage = Usage(input=1_000, output=100)
    booked = cost(usage, PRICE)
    assert booked is not None
    assert items(usage, PRICE, booked + more) == ()
