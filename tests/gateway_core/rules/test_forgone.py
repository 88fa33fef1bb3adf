"""Routes in shadow are priced on what the call used; what cannot be priced is nobody's guess."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gateway_core.model.call import Ask, DialectName, Operation, Target
from gateway_core.model.forgone import Kind
from gateway_core.model.policy import Price, Rates
from gateway_core.model.rows import Certainty
from gateway_core.model.usage import ZERO, Usage
from gateway_core.rules.forgone import by_routes
from gateway_core.rules.settling import Booking

SERVED = Target("openai", "gpt-5")
USED = Usage(input=1_000, output=100)


def price(input: str, output: str, **more: Any) -> Price:
    rates = Rates(input=Decimal(input), output=Decimal(output))
    return Price(id=f"{input}/{output}", rates=rates, **more)


PRICES = {
    Target("openai", "nano"): price("0.1", "0.4", multipliers={"priority": Decimal(2)}),
    Target("anthropic", "opus"): price("15", "75"),
}


def found(shadow: dict[str, str], usage: Usage = USED, **ask: Any) -> list[tuple[str, int | None, int]]:
    asked = Ask(operation=Operation.GENERATE, dialect=DialectName.OPENAI_CHAT, model="gpt-5", **ask)
    booking = Booking(usage, 2_250_000, Certainty.COMPUTED)
    told = by_routes(shadow, SERVED, booking, asked, PRICES.get, lambda _: lambda _: None)
    assert all(each.kind is Kind.ROUTE for each in told)
    return [(each.name, each.would_nano, each.place) for each in told]


def test_each_is_priced_on_what_the_call_used() -> None:
    shadow = {"down": "openai/nano", "up": "anthropic/opus", "lost": "groq/llama/big"}
    assert found(shadow) == [("down", 140_000, 0), ("up", 22_500_000, 1), ("lost", None, 2)]


def test_the_target_that_served_costs_what_is_booked() -> None:
    assert found({"same": "openai/gpt-5"}) == [("same", 2_250_000, 0)]


def test_the_tier_that_was_asked_for_counts_where_the_target_has_it() -> None:
    shadow = {"down": "openai/nano", "up": "anthropic/opus"}
    assert found(shadow, service_tier="priority") == [("down", 280_000, 0), ("up", 22_500_000, 1)]


def test_a_call_that_used_nothing_would_have_saved_nothing() -> None:
    assert found({"down": "openai/nano"}, ZERO) == []
